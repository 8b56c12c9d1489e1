/** The structure of a measured target distribution: q_ik for rows i of known targets, up to a common factor. */
import { greatest, least } from './extremes';
import { largest, mean, sum, type Matrix } from './blackBox';
import { shortestDecimal } from './precision';

export interface MeasuredTargets {
  readonly targets: readonly number[];
  readonly q: Matrix;
  /** How far q_ik may be off. */
  readonly errors: Matrix;
}

/** What every kind has: which rows take no part, and which column is never a target of the others. */
interface Common {
  /** Rows whose target distribution is all zero. */
  readonly zeroRows: readonly boolean[];
  /** The class that gets no mass in any row of another target, where others do. */
  readonly zeroColumn: number | null;
}

export type TargetShape = Common &
  (
    | { readonly kind: 'plain'; readonly on: number; readonly off: number; readonly onError: number; readonly offError: number }
    /** q_ik · w_k or q_ik · w_y(i): a plain one times class weights. on and off are those of a class of weight 1. */
    | {
        readonly kind: 'weighted';
        readonly by: 'class' | 'target';
        readonly on: number;
        readonly off: number;
        readonly onError: number;
        readonly offError: number;
      }
    /** λ·q(y_i) + (1−λ)·q(y_{N−1−i}) */
    | {
        readonly kind: 'mixup';
        readonly lambda: number;
        readonly on: number;
        readonly off: number;
        readonly onError: number;
        readonly offError: number;
      }
    /** q_k ∝ exp(−(k−y)²/2σ²) */
    | { readonly kind: 'normal'; readonly sigma: number; readonly mass: number }
    /** The mass differs between rows with the same number on the target's share: rows are weighted, by what is not known. */
    | { readonly kind: 'general'; readonly onRange: readonly [number, number]; readonly offRange: readonly [number, number] }
    | { readonly kind: 'zero' }
  );

export function targetShape(measured: MeasuredTargets, classWeights: readonly number[] | null): TargetShape {
  const { q, errors, targets } = measured;
  const zeroRows = q.map((row, i) => row.every((value, k) => Math.abs(value) <= errors[i]![k]!));
  const zeroColumn = findZeroColumn(measured, zeroRows);
  const common = { zeroRows, zeroColumn };
  const active = targets.map((_, i) => i).filter((i) => !zeroRows[i]! && targets[i]! >= 0 && targets[i]! < q[i]!.length);
  if (active.length === 0) return { ...common, kind: 'zero' };

  const plain = onAndOff(measured, active, zeroColumn, () => 1);
  if (plain !== null) return { ...common, kind: 'plain', ...plain };
  if (classWeights !== null) {
    // A column that its weight makes zero is a class like the others.
    const column = zeroColumn !== null && classWeights[zeroColumn] === 0 ? null : zeroColumn;
    const byClass = onAndOff(measured, active, column, (_, k) => classWeights[k] ?? NaN);
    if (byClass !== null) return { ...common, zeroColumn: column, kind: 'weighted', by: 'class', ...byClass };
    const byTarget = onAndOff(measured, active, zeroColumn, (i) => classWeights[targets[i]!] ?? NaN);
    if (byTarget !== null) return { ...common, kind: 'weighted', by: 'target', ...byTarget };
  }
  const mixed = mixup(measured, active);
  if (mixed !== null) return { ...common, kind: 'mixup', ...mixed };
  const normal = normalDistribution(measured, active);
  if (normal !== null) return { ...common, kind: 'normal', ...normal };
  const known = (i: number, k: number): number => (Math.abs(q[i]![k]!) <= errors[i]![k]! ? 0 : q[i]![k]!);
  const ons = active.map((i) => known(i, targets[i]!));
  const offs = active.flatMap((i) => q[i]!.map((_, k) => known(i, k)).filter((_, k) => k !== targets[i] && k !== zeroColumn));
  return { ...common, kind: 'general', onRange: range(ons), offRange: range(offs) };
}

type WithOnAndOff = Extract<TargetShape, { readonly on: number }>;

function hasOnAndOff(shape: TargetShape): shape is WithOnAndOff {
  return shape.kind === 'plain' || shape.kind === 'weighted' || shape.kind === 'mixup';
}

/** The targets of two batches in one: they are no fixed ones. */
export function rangeOfBoth(left: TargetShape, right: TargetShape): TargetShape {
  const both = [left, right].filter(hasOnAndOff);
  const { zeroRows, zeroColumn } = left;
  const known = (value: number, error: number): number => (Math.abs(value) <= error ? 0 : value);
  return {
    zeroRows,
    zeroColumn,
    kind: 'general',
    onRange: range(both.map(({ on }) => on)),
    offRange: range(both.map(({ off, offError }) => known(off, offError))),
  };
}

function range(values: readonly number[]): readonly [number, number] {
  return values.length === 0 ? [NaN, NaN] : [least(values), greatest(values)];
}

/** A column that is zero in every row of another target, while those rows give mass to all other non-targets. */
function findZeroColumn({ q, errors, targets }: MeasuredTargets, zeroRows: readonly boolean[]): number | null {
  const classes = q[0]!.length;
  if (classes < 3) return null;
  const active = targets.map((_, i) => i).filter((i) => !zeroRows[i]!);
  const zerosOf = new Map(
    active.map((i) => [i, q[i]!.flatMap((value, k) => (k !== targets[i] && Math.abs(value) <= errors[i]![k]! ? [k] : []))]),
  );
  const isCandidate = (column: number): boolean => {
    const rows = active.filter((i) => targets[i] !== column);
    return rows.length > 0 && rows.every((i) => zerosOf.get(i)!.length === 1 && zerosOf.get(i)![0] === column);
  };
  const candidates = [...new Set([...zerosOf.values()].flat())].filter(isCandidate);
  return candidates.length === 1 ? candidates[0]! : null;
}

interface OnAndOff {
  readonly on: number;
  readonly off: number;
  readonly onError: number;
  readonly offError: number;
}

/** One value on the target and one elsewhere, once each entry is divided by its weight; null when they differ by more than their errors. */
function onAndOff(
  { q, errors, targets }: MeasuredTargets,
  rows: readonly number[],
  zeroColumn: number | null,
  weight: (row: number, column: number) => number,
): OnAndOff | null {
  const entries = rows
    .flatMap((i) =>
      q[i]!.map((value, k) => {
        const w = weight(i, k);
        return {
          value: value / w,
          error: errors[i]![k]! / Math.abs(w),
          weight: w,
          on: k === targets[i],
          skipped: k === zeroColumn && k !== targets[i],
        };
      }),
    )
    .filter((entry) => !entry.skipped);
  // A class of weight zero says nothing about on and off, but its entries must be zero.
  if (entries.some((entry) => !Number.isFinite(entry.weight))) return null;
  const weighty = entries.filter((entry) => entry.weight !== 0);
  const on = agreed(weighty.filter((entry) => entry.on));
  const off = agreed(weighty.filter((entry) => !entry.on));
  if (on === null || off === null || on.count === 0) return null;
  return { on: on.value, onError: on.error, off: off.value, offError: off.error };
}

interface Agreed {
  readonly value: number;
  readonly error: number;
  readonly count: number;
}

/** The common value of several measurements, weighted by their precision; null when they do not agree within their errors. */
function agreed(entries: readonly { readonly value: number; readonly error: number }[]): Agreed | null {
  if (entries.length === 0) return { value: 0, error: 0, count: 0 };
  const precision = entries.map((entry) => 1 / Math.max(entry.error, Number.MIN_VALUE) ** 2);
  const total = sum(precision);
  const value = Number.isFinite(total)
    ? sum(entries.map((entry, m) => (entry.value * precision[m]!) / total))
    : mean(entries.map((e) => e.value));
  const error = least(entries.map((entry) => entry.error));
  return entries.every((entry) => Math.abs(entry.value - value) <= entry.error + error) ? { value, error, count: entries.length } : null;
}

/** Two raised columns per row, the row's target and that of the row mirrored in the batch, sharing the raise as λ to 1−λ. */
function mixup({ q, errors, targets }: MeasuredTargets, rows: readonly number[]): (OnAndOff & { readonly lambda: number }) | null {
  if (rows.length !== targets.length) return null;
  const mirrored = (i: number): number => targets[targets.length - 1 - i]!;
  const offs = agreed(
    rows.flatMap((i) =>
      q[i]!.map((value, k) => ({ value, error: errors[i]![k]!, k })).filter(({ k }) => k !== targets[i] && k !== mirrored(i)),
    ),
  );
  if (offs?.count === 0 || offs === null) return null;
  const raise = (i: number, k: number): { readonly value: number; readonly error: number } => ({
    value: q[i]![k]! - offs.value,
    error: errors[i]![k]! + offs.error,
  });
  const split = rows.filter((i) => mirrored(i) !== targets[i]);
  if (split.length === 0) return null;
  const own = agreed(split.map((i) => raise(i, targets[i]!)));
  const other = agreed(split.map((i) => raise(i, mirrored(i))));
  if (own === null || other === null) return null;
  const whole = own.value + other.value;
  const wholeError = own.error + other.error;
  const same = rows.filter((i) => mirrored(i) === targets[i]).map((i) => raise(i, targets[i]!));
  if (whole === 0 || same.some((entry) => Math.abs(entry.value - whole) > entry.error + wholeError)) return null;
  const lambda = shortestDecimal(own.value / whole, (own.error + wholeError) / Math.abs(whole));
  return { lambda, on: offs.value + whole, off: offs.value, onError: wholeError + offs.error, offError: offs.error };
}

/** log q is −(k−y)²/2σ² + constant in every row; σ from the largest entries, then every entry must follow. */
function normalDistribution(
  { q, errors, targets }: MeasuredTargets,
  rows: readonly number[],
): { readonly sigma: number; readonly mass: number } | null {
  const classes = q[0]!.length;
  if (classes < 3) return null;
  const estimates = rows.flatMap((i) => {
    const y = targets[i]!;
    return [y - 1, y + 1]
      .filter((k) => k >= 0 && k < classes && q[i]![k]! > 0 && q[i]![y]! > q[i]![k]!)
      .map((k) => Math.sqrt(1 / (2 * Math.log(q[i]![y]! / q[i]![k]!))));
  });
  if (estimates.length === 0) return null;
  const sigma = mean(estimates);
  const masses = rows.map((i) => sum(q[i]!));
  const follows = rows.every((i, m) => {
    const shape = q[i]!.map((_, k) => Math.exp(-((k - targets[i]!) ** 2) / (2 * sigma * sigma)));
    const norm = sum(shape);
    // σ comes from two entries, so its own error enters too: a few times the row's largest error.
    const slack = 8 * largest(errors[i]!);
    return q[i]!.every((value, k) => Math.abs(value - (masses[m]! * shape[k]!) / norm) <= slack);
  });
  const mass = mean(masses);
  const even = masses.every((value, m) => Math.abs(value - mass) <= 2 * sum(errors[rows[m]!]!));
  return follows && even ? { sigma, mass } : null;
}
