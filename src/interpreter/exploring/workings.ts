/** How the numbers of a program came about: what the program makes of a loss's value after the loss. */
import type { Place } from '../provenance';
import type { Value } from '../value';
import { sizesOf } from './facts';

/** One operation, with what it was handed. */
export interface Working {
  /** Its plain name, or its operator: `exp`, `sum`, `/`. */
  readonly name: string;
  readonly operands: readonly Value[];
  readonly result: Value;
  readonly place: Place;
  /** It was done, but for who calls the function that is run for its own sake. */
  readonly sure: boolean;
}

export interface Workings {
  /** Writes an operation down, if it is one that is asked for later. */
  note(name: string, operands: readonly Value[], result: Value, standing: () => Pick<Working, 'place' | 'sure'>): void;
  /** A copy of a number goes on as the number. */
  copied(from: Value, to: Value): void;
  readonly madeBy: (value: Value) => Working | null;
  /** Exponentials, quotients and means, in the order of the run. */
  readonly ends: readonly Working[];
}

const operators: ReadonlySet<string> = new Set(['+', '-', '*', '/']);
const plainNames: ReadonlyMap<string, string> = new Map([
  ['add', '+'],
  ['add_', '+'],
  ['sub', '-'],
  ['mul', '*'],
  ['multiply', '*'],
  ['div', '/'],
  ['truediv', '/'],
  ['true_divide', '/'],
  ['divide', '/'],
  ['reduce_mean', 'mean'],
  ['reduce_sum', 'sum'],
]);
/** What hands its operand on as the number that it is. */
const handing: ReadonlySet<string> = new Set(
  'item detach cpu float double to numpy tolist view reshape flatten clone squeeze unsqueeze bool long int type astype contiguous'.split(
    ' ',
  ),
);
const others: ReadonlySet<string> = new Set(['exp', 'sum', 'mean', 'clamp', 'clamp_min', 'clip', 'max', 'maximum', 'fmax', 'size', 'len']);
const ending: ReadonlySet<string> = new Set(['exp', '/', 'mean']);

/** More are not kept. */
const mostKept = 20_000;

export const isHanding = (name: string): boolean => handing.has(name);

export function createWorkings(): Workings {
  const made = new WeakMap<Value, Working>();
  const ends: Working[] = [];
  let kept = 0;
  // Numbers that came from no tensor and nothing unknown are of no interest.
  const concerns = (value: Value): boolean =>
    value.kind === 'unknown' || (value.kind === 'tensor' ? isScalar(value) || made.has(value) : value.kind === 'float' && made.has(value));
  return {
    note(written, operands, result, standing) {
      if (!operands.some(concerns)) return;
      const name = operators.has(written) ? written : (plainNames.get(written) ?? written);
      if (!operators.has(name) && !handing.has(name) && !others.has(name)) return;
      if (kept >= mostKept || operands.includes(result) || made.has(result)) return;
      kept++;
      const working = { name, operands, result, ...standing() };
      made.set(result, working);
      if (ending.has(name)) ends.push(working);
    },
    copied(from, to) {
      const working = made.get(from);
      if (working !== undefined && from !== to) made.set(to, working);
    },
    madeBy: (value) => made.get(value) ?? null,
    ends,
  };
}

export const isScalar = (value: Value): boolean => sizesOf(value)?.length === 0;
