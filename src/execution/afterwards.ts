/** What the program makes of a loss's value once it has it, as far as that can be a slip. */
import type { LossSite } from '../detection/sites';
import { sizesOf } from '../interpreter/exploring/facts';
import { isHanding, isScalar } from '../interpreter/exploring/workings';
import type { Working } from '../interpreter/exploring/workings';
import type { Place } from '../interpreter/provenance';
import type { Value } from '../interpreter/value';
import { numberOf } from '../interpreter/value';
import type { ProgramRun } from '../program/programRun';
import type { LossUse } from './siteUse';

export interface Afterwards {
  /**
   * `exponential`: exp of it is taken. `masked`: it is one number, multiplied by a tensor, and averaged by that tensor's own sum (`share`: of the
   * whole, by the tensor's size). `dividedAgain`: it is divided by the number of rows.
   */
  readonly kind: 'exponential' | 'masked' | 'maskedShare' | 'dividedAgain';
  readonly place: Place;
  /** The use whose value it is; null inside of the loss itself. */
  readonly use: LossUse | null;
}

type Run = Pick<ProgramRun, 'ends' | 'madeBy'>;

export function afterwardsOf(run: Run, site: LossSite, uses: readonly LossUse[]): readonly Afterwards[] {
  const found: Afterwards[] = [];
  for (const end of run.ends) {
    if (!end.sure) continue;
    const kind = slipOf(run, end);
    if (kind === null) continue;
    const { of } = kind;
    const use = uses.find(({ result }) => result !== null && comesFrom(run, of, result, kind.through)) ?? null;
    const isWithin = use === null && isInside(site, end.place) && isMadeBesides(run, kind);
    const known = found.some(({ place }) => place.file === end.place.file && place.range.start === end.place.range.start);
    if ((use !== null || isWithin) && !known) found.push({ kind: kind.kind, place: end.place, use });
  }
  return found;
}

interface Slip {
  readonly kind: Afterwards['kind'];
  /** The number that is to be the loss's. */
  readonly of: Value;
  readonly through: ReadonlySet<string>;
}

/** Means of several batches are still what they are means of; a loss times something, or less something, is another quantity. */
const throughMeans: ReadonlySet<string> = new Set(['mean', 'sum', '+', '/']);
/** What changes the size of a loss, and leaves it one number. */
const throughFactors: ReadonlySet<string> = new Set(['/', '*', '+', 'mean', 'sum']);
const throughNothing: ReadonlySet<string> = new Set(['mean', 'sum']);

function slipOf(run: Run, { name, operands }: Working): Slip | null {
  const [first, second] = operands;
  if (first === undefined) return null;
  if (name === 'exp') return { kind: 'exponential', of: first, through: throughMeans };
  if (name === 'mean') {
    const product = operands.length === 1 ? masking(run, first) : null;
    // What may be a number as well only scales.
    return product === null || !hasAxes(product.mask) ? null : { kind: 'maskedShare', of: product.scalar, through: throughFactors };
  }
  if (name !== '/' || second === undefined) return null;
  const masked = masking(run, summed(run, first));
  if (masked !== null && summed(run, bare(run, second)) === masked.mask)
    return { kind: 'masked', of: masked.scalar, through: throughFactors };
  return !isScalar(first) || lengthOf(run, second) === null ? null : { kind: 'dividedAgain', of: first, through: throughNothing };
}

/** What a full sum is of. */
function summed(run: Run, value: Value | null): Value | null {
  const working = value === null ? null : run.madeBy(value);
  return working?.name === 'sum' && working.operands.length === 1 ? working.operands[0]! : null;
}

/** A number times a tensor that is no number. */
function masking(run: Run, value: Value | null): { readonly scalar: Value; readonly mask: Value } | null {
  const working = value === null ? null : run.madeBy(value);
  if (working?.name !== '*' || working.operands.length !== 2) return null;
  const [left, right] = working.operands as readonly [Value, Value];
  if (isScalar(left) && isPerhapsTensor(right)) return { scalar: left, mask: right };
  if (isScalar(right) && isPerhapsTensor(left)) return { scalar: right, mask: left };
  return null;
}

const isPerhapsTensor = (value: Value): boolean => !isScalar(value) && (value.kind === 'unknown' || value.kind === 'tensor');

const hasAxes = (value: Value): boolean => (sizesOf(value)?.length ?? 0) > 0;

/** A divisor without what keeps it from being 0: `m.sum().clamp(min=1)`, `m.sum() + 1e-8`. */
function bare(run: Run, value: Value): Value {
  const working = run.madeBy(value);
  if (working === null) return value;
  const { name, operands } = working;
  const [first, second] = operands;
  const isGuarded = ['clamp', 'clamp_min', 'clip', 'max', 'maximum', 'fmax'].includes(name) || isHanding(name);
  if (isGuarded && first !== undefined && numberOf(first) === null) return bare(run, first);
  if (name === '+' && first !== undefined && second !== undefined && Math.abs(numberOf(second) ?? 1) < 1e-3) return bare(run, first);
  return value;
}

/** The tensor whose number of rows it is. */
function lengthOf(run: Run, value: Value): Value | null {
  const of = value.kind === 'unknown' ? (value.facts?.lengthOf ?? null) : null;
  const working = run.madeBy(value);
  return (
    of ?? (working !== null && isHanding(working.name) && working.operands[0] !== undefined ? lengthOf(run, working.operands[0]) : null)
  );
}

/** Whether a number is another one, or was made of it in ways that leave it what it is. */
function comesFrom(run: Run, value: Value, source: Value, through: ReadonlySet<string>, depth = 0): boolean {
  if (isPartOf(value, source)) return true;
  if (depth > 12) return false;
  const working = run.madeBy(value);
  if (working === null || !(through.has(working.name) || isHanding(working.name))) return false;
  // Only the first of a quotient is a loss.
  const operands = working.name === '/' ? working.operands.slice(0, 1) : working.operands;
  return operands.some((operand) => comesFrom(run, operand, source, through, depth + 1));
}

/** A loss may give its value with others: the first of them, or one of several. */
function isPartOf(value: Value, source: Value): boolean {
  if (value === source) return true;
  if (source.kind === 'tuple') return source.items[0] === value;
  return source.kind === 'unknown' && source.facts?.alternatives?.includes(value) === true;
}

function isInside({ program, range }: LossSite, { file, range: own }: Place): boolean {
  return (program.file ?? null) === file && range.start <= own.start && own.end <= range.end;
}

/** Inside of a loss: whether the number is the mean of another loss, as far as it must be one. */
function isMadeBesides(run: Run, { kind, of, through }: Slip): boolean {
  switch (kind) {
    case 'exponential':
      return false;
    case 'masked':
      // Averaged by its own sum, a mask leaves whatever number it is multiplied onto.
      return true;
    case 'maskedShare':
    case 'dividedAgain':
      return isMeanOfLoss(run, of, through);
  }
}

function isMeanOfLoss(run: Run, value: Value, through: ReadonlySet<string>, depth = 0): boolean {
  if (value.kind === 'unknown' && value.facts?.isMean === true) return true;
  const working = run.madeBy(value);
  if (working === null || depth > 8 || !(through.has(working.name) || isHanding(working.name))) return false;
  return working.operands.some((operand) => isMeanOfLoss(run, operand, through, depth + 1));
}
