/** How one loss relates to another, decided by running both on the same probes. */
import { greatest } from './extremes';
import type { Relation } from '../inspection';
import { largest, mean, rowValues, total, type Matrix } from './blackBox';
import { agreement, chainError, shortestDecimal } from './precision';

/** A loss as a comparison sees it: one number and its gradient. */
export interface Outcome {
  readonly value: number;
  readonly gradient: Matrix;
}

/** The same logits and targets run through both losses. */
export interface Pair {
  readonly logits: Matrix;
  readonly targets: readonly number[];
  readonly mine: Outcome;
  readonly theirs: Outcome;
}

/** An unreduced loss is compared by the mean of its rows. */
export function outcomeOf(run: { readonly value: number | readonly number[]; readonly gradient: Matrix }): Outcome {
  if (typeof run.value === 'number') return { value: run.value, gradient: run.gradient };
  const rows = run.gradient.length;
  const values = rowValues({ value: run.value, gradient: run.gradient });
  return { value: values === null ? total(run) / rows : mean(values), gradient: run.gradient.map((row) => row.map((g) => g / rows)) };
}

/** theirs = factor · mine + offset for every logits of one batch of targets. */
export interface BatchRelation {
  readonly targets: readonly number[];
  readonly classes: number;
  readonly factor: number;
  readonly factorError: number;
  readonly offset: number;
  readonly offsetError: number;
}

/**
 * The factor and offset that turn mine into theirs on every probe of one batch of targets, or null when there are none. Two probes are
 * needed to know the offset to be one; the offset is NaN where the values do not follow the gradients.
 */
export function relateBatch(pairs: readonly Pair[]): BatchRelation | null {
  if (!pairs.every(({ mine, theirs }) => Number.isFinite(mine.value) && Number.isFinite(theirs.value))) return null;
  // Vocabularies have a hundred thousand classes, and every formulation is tried: plain loops.
  let [mineSize, theirSize, product, square] = [0, 0, 0, 0];
  forEachEntry(pairs, (mine, theirs) => {
    mineSize = Math.max(mineSize, Math.abs(mine));
    theirSize = Math.max(theirSize, Math.abs(theirs));
    product += mine * theirs;
    square += mine * mine;
  });
  // A number that is not one makes both of it.
  if (!Number.isFinite(mineSize) || !Number.isFinite(theirSize)) return null;
  if (mineSize === 0 || theirSize === 0) return mineSize === theirSize ? constantBatch(pairs) : null;
  const factor = product / square;
  const tolerance = chainError * (theirSize + Math.abs(factor) * mineSize);
  let furthest = 0;
  forEachEntry(pairs, (mine, theirs) => {
    furthest = Math.max(furthest, Math.abs(factor * mine - theirs));
  });
  if (furthest > tolerance) return null;
  const factorError = tolerance / mineSize;
  const snapped = shortestDecimal(factor, factorError) === 1 ? 1 : factor;
  return { ...offsetOf(pairs, snapped), factor: snapped, factorError };
}

/** The entries of both gradients, beside each other. */
function forEachEntry(pairs: readonly Pick<Pair, 'mine' | 'theirs'>[], look: (mine: number, theirs: number) => void): void {
  for (const { mine, theirs } of pairs)
    for (let i = 0; i < mine.gradient.length; i++) {
      const [left, right] = [mine.gradient[i]!, theirs.gradient[i] ?? []];
      for (let k = 0; k < left.length; k++) look(left[k]!, right[k] ?? NaN);
    }
}

/** Whether the factor and offset found on other logits of the same targets hold on these. */
export function keepsTo({ factor, factorError, offset, offsetError }: BatchRelation, pair: Pair): boolean {
  const { mine, theirs } = pair;
  // A factor or offset that was measured brings its own error; one that is exact, as in an equality, does not.
  const measuredError = (factor === 1 ? 0 : factorError * Math.abs(mine.value)) + (offset === 0 ? 0 : offsetError);
  const error = valueError(theirs.value, factor * mine.value) + measuredError;
  if (!(Math.abs(theirs.value - factor * mine.value - offset) <= error)) return false;
  let [mineSize, theirSize, furthest] = [0, 0, 0];
  forEachEntry([pair], (left, right) => {
    mineSize = Math.max(mineSize, Math.abs(left));
    theirSize = Math.max(theirSize, Math.abs(right));
    furthest = Math.max(furthest, Math.abs(factor * left - right));
  });
  return furthest <= chainError * (theirSize + Math.abs(factor) * mineSize) + factorError * mineSize;
}

/** What rounding explains between two values, and never more than what passes for equal. */
function valueError(theirs: number, mine: number): number {
  return Math.min(2 * chainError * (Math.abs(theirs) + Math.abs(mine)), agreement(theirs));
}

function constantBatch(pairs: readonly Pair[]): BatchRelation {
  return { ...offsetOf(pairs, 1), factor: 1, factorError: 0 };
}

function offsetOf(pairs: readonly Pair[], factor: number): Omit<BatchRelation, 'factor' | 'factorError'> {
  const rests = pairs.map((pair) => pair.theirs.value - factor * pair.mine.value);
  const offsetError = greatest(pairs.map((pair) => valueError(pair.theirs.value, factor * pair.mine.value)));
  const offset = mean(rests);
  const steady = largest(rests.map((rest) => rest - offset)) <= offsetError;
  const { targets, logits } = pairs[0]!;
  const shown = Math.abs(offset) <= offsetError ? 0 : offset;
  return { targets, classes: logits[0]?.length ?? 0, offset: steady ? shown : NaN, offsetError };
}

/** The same relation, from theirs to mine. */
export function turnedBatch(batch: BatchRelation): BatchRelation {
  const { factor, factorError, offset, offsetError } = batch;
  const size = Math.abs(factor);
  return {
    ...batch,
    factor: 1 / factor,
    factorError: factorError / factor ** 2,
    offset: offset === 0 ? 0 : -offset / factor,
    offsetError: offsetError / size,
  };
}

/** The relation on the first batch, the sample's; the rest must at least have one of its kind. Null when the values do not follow. */
export function relationOf(batches: readonly BatchRelation[], smoothing: number | null): Relation | null {
  if (batches.some((batch) => Number.isNaN(batch.offset))) return null;
  const { factor, factorError, offset, offsetError } = batches[0]!;
  const scaled = batches.some((batch) => batch.factor !== 1);
  const shifted = batches.some((batch) => batch.offset !== 0);
  const cleanFactor = shortestDecimal(factor, factorError);
  const cleanOffset = shortestDecimal(offset, offsetError);
  const other = smoothing === null ? {} : { smoothing };
  if (scaled && shifted) return { kind: 'scaledOffset', factor: cleanFactor, offset: cleanOffset, ...other };
  if (shifted) return { kind: 'sameGradientOffset', offset: cleanOffset, ...other };
  if (scaled)
    return smoothing === null ? { kind: 'scaled', factor: cleanFactor } : { kind: 'scaledWithSmoothing', factor: cleanFactor, smoothing };
  return smoothing === null ? { kind: 'equal' } : { kind: 'equalWithSmoothing', smoothing };
}
