/** Two traces of one loss, with different numbers of rows, as one expression: a number that differs is made of the number of rows, or is none. */
import type { Lowered } from './tfjsLowering';
import { type Argument, isTerm, NotSaid, type Term, type TfDtype } from './tfjsTerms';
import type { Values } from '../tensor/dtype';
import type { Range } from '../language/program';

/** A number as it is written: a literal, or an expression of `rows`. */
export interface Written {
  readonly text: string;
  readonly ofRows: boolean;
  /** What it was in the first trace. */
  readonly value: number;
}

export type GeneralArgument = General | Written | string | boolean | readonly Written[];

/** A term that holds for any number of rows. */
export interface General {
  readonly op: string;
  readonly args: readonly GeneralArgument[];
  readonly dtype: TfDtype;
  readonly range: Range | null;
  /** Shape and values in the first trace, by which the code's own names for it are found. */
  readonly shape: readonly number[];
  readonly values: Values | null;
}

export const isGeneral = (argument: GeneralArgument): argument is General => typeof argument === 'object' && 'op' in argument;
export const isWritten = (argument: GeneralArgument): argument is Written => typeof argument === 'object' && 'text' in argument;

/** Constants of more numbers than these make no readable file. */
const mostNumbers = 400;

/** What float32 rounds a number by, at most. */
const halfStep = 2 ** -24;

/** The shortest decimal that float32 does not tell from this number, more or less its last bit. */
export function decimal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const exact = String(value);
  if (exact.length <= 8) return exact;
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.abs(short - value) <= halfStep * Math.abs(value)) return String(short);
  }
  return exact;
}

const close = (a: number, b: number): boolean => Math.abs(a - b) <= 2e-7 * Math.max(Math.abs(a), Math.abs(b));

interface Counts {
  readonly first: number;
  readonly second: number;
}

/** a and b are what a number was with the first and the second count of rows; null where rows do not explain it. */
export function writtenNumber(a: number, b: number, rows: Counts): Written | null {
  if (Object.is(a, b)) return { text: decimal(a), ofRows: false, value: a };
  const made = (text: string): Written => ({ text, ofRows: true, value: a });
  const factor = a / rows.first;
  if (factor !== 0 && close(factor, b / rows.second))
    return made(factor === 1 ? 'rows' : factor === -1 ? '-rows' : `rows * ${decimal(factor)}`);
  const share = a * rows.first;
  if (share !== 0 && close(share, b * rows.second))
    return made(`${decimal(close(share, Math.round(share)) ? Math.round(share) : share)} / rows`);
  const each = (b - a) / (rows.second - rows.first);
  const more = a - each * rows.first;
  if (Number.isInteger(each) && Number.isInteger(more) && each > 0 && Math.abs(more) < rows.first) {
    const multiple = each === 1 ? 'rows' : `rows * ${each}`;
    return made(more > 0 ? `${multiple} + ${more}` : `${multiple} - ${-more}`);
  }
  return close(a, b) ? { text: decimal(a), ofRows: false, value: a } : null;
}

/** What two lowered traces have in common. Throws NotSaid at the first thing that is not the same. */
export function generalise(first: Lowered, second: Lowered, rows: Counts): General {
  const known = new Map<Term, Map<Term, General>>();
  const made = new Map<string, General>();
  const ids = new Map<General, number>();

  const general = (a: Term, b: Term): General => {
    let ofFirst = known.get(a);
    if (ofFirst === undefined) known.set(a, (ofFirst = new Map<Term, General>()));
    let found = ofFirst.get(b);
    if (found === undefined) ofFirst.set(b, (found = shared(a, b)));
    return found;
  };

  const shared = (a: Term, b: Term): General => {
    if (a.op !== b.op || a.args.length !== b.args.length || a.dtype !== b.dtype)
      throw new NotSaid('what is executed depends on the data or on the number of rows', a.range ?? b.range);
    const args = a.args.map((arg, i) => argument(arg, b.args[i]!, a));
    if (a.op === 'fill' && isGeneral(args[1]!)) return args[1];
    const key = `${a.op} ${a.dtype} ${args.map(textOf).join(' ')}`;
    const same = made.get(key);
    if (same !== undefined) return same;
    const { op, dtype, range, shape, values } = a;
    const result: General = { op, args, dtype, range, shape, values };
    made.set(key, result);
    ids.set(result, ids.size);
    return result;
  };

  const textOf = (arg: GeneralArgument): string => {
    if (isGeneral(arg)) return `#${ids.get(arg)!}`;
    if (isWritten(arg)) return arg.text;
    return typeof arg === 'object' ? `[${arg.map(({ text }) => text).join()}]` : String(arg);
  };

  const argument = (a: Argument, b: Argument, within: Term): GeneralArgument => {
    if (typeof a === 'number' && typeof b === 'number') return numberOf(a, b, within);
    if (typeof a === 'object' && typeof b === 'object') {
      if (isTerm(a) && isTerm(b)) return general(a, b);
      if (!isTerm(a) && !isTerm(b)) return numbersOf(a, b, within);
    }
    if (a === b && (typeof a === 'string' || typeof a === 'boolean')) return a;
    throw new NotSaid('what is executed depends on the data or on the number of rows', within.range);
  };

  const numberOf = (a: number, b: number, within: Term): GeneralArgument => {
    const written = writtenNumber(a, b, rows);
    if (written !== null) return written;
    for (const [i, { value: ofFirst, term }] of first.taken.entries()) {
      const other = second.taken[i];
      if (other === undefined || other.value === ofFirst) continue;
      const made = fromTaken(a, b, ofFirst, other.value);
      if (made !== null) return made(general(term(), other.term()));
    }
    throw new NotSaid('a number that depends on the data', within.range);
  };

  /** How a number came from one that the program took out of a tensor: the same, a multiple, a share, or what it leaves of the rows. */
  const fromTaken = (a: number, b: number, ofFirst: number, ofSecond: number): ((taken: General) => General) | null => {
    const scalar = (op: string, args: readonly GeneralArgument[]): General => {
      return { op, args, dtype: 'float32', range: null, shape: [], values: null };
    };
    const same = (x: number): Written => ({ text: decimal(x), ofRows: false, value: x });
    if (a === ofFirst && b === ofSecond) return (taken) => taken;
    const factor = a / ofFirst;
    if (Number.isFinite(factor) && factor !== 0 && close(factor, b / ofSecond)) return (taken) => scalar('mul', [taken, same(factor)]);
    const share = a * ofFirst;
    if (share !== 0 && close(share, b * ofSecond)) return (taken) => scalar('div', [same(share), taken]);
    const whole = writtenNumber(a + ofFirst, b + ofSecond, rows);
    return whole?.ofRows === true ? (taken) => scalar('sub', [whole, taken]) : null;
  };

  const numbersOf = (a: readonly number[], b: readonly number[], within: Term): readonly Written[] => {
    if (a.length > mostNumbers && within.op === 'literal')
      throw new NotSaid(`a constant of ${a.length} numbers would have to be written out`, within.range);
    if (a.length !== b.length) throw new NotSaid('a constant whose size depends on the data or on the number of rows', within.range);
    const isShape = within.op !== 'literal';
    // One size that rows do not explain is left for tfjs to find.
    let unknown = 0;
    return a.map((value, i) => {
      const written = writtenNumber(value, b[i]!, rows);
      if (written !== null && !(within.op === 'literal' && written.ofRows)) return written;
      if (isShape && within.op === 'reshape' && unknown++ === 0) return { text: '-1', ofRows: false, value };
      throw new NotSaid(
        isShape ? 'a size that depends on the data' : 'a tensor that depends on the data and on nothing that was followed',
        within.range,
      );
    });
  };

  return general(first.result, second.result);
}
