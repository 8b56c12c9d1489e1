/** A loss seen from outside: what goes in, what comes out. How it is written plays no part in identifying it. */

export type Matrix = readonly (readonly number[])[];

export interface LossRun {
  /** A scalar; one number per row; or one per row and class, row-major (an unreduced KLDiv). */
  readonly value: number | readonly number[];
  /** d(sum of value)/d logits, N×K, with respect to the logits handed in even where the loss is fed their log-softmax or softmax. */
  readonly gradient: Matrix;
  /** The per-row losses a scalar value was reduced from, where the run made them: a tensor of shape [N] whose mean or sum is the value. */
  readonly perSample?: readonly number[];
}

/** Runs the loss on N×K logits and N targets. May throw, e.g. when it only takes one number of classes. */
export type BlackBox = (logits: Matrix, targets: readonly number[]) => LossRun;

export interface Probe {
  readonly logits: Matrix;
  readonly targets: readonly number[];
  readonly run: LossRun;
}

/** The sum of a run's values: what its gradient is the gradient of. */
export function total(run: LossRun): number {
  return typeof run.value === 'number' ? run.value : sum(run.value);
}

/** The value of every row, for a loss that is not reduced; null for a scalar one, and where rows were left out of it: whose value is whose is not known. */
export function rowValues(run: LossRun): readonly number[] | null {
  if (typeof run.value === 'number') return null;
  const rows = run.gradient.length;
  if (run.value.length === rows) return run.value;
  const columns = run.value.length / rows;
  if (!Number.isInteger(columns) || columns === 0) return null;
  const values = run.value;
  return run.gradient.map((_, row) => sum(values.slice(row * columns, (row + 1) * columns)));
}

/** The per-row values of a run whose result is reduced or not, where they are known. */
export function perSampleValues(run: LossRun): readonly number[] | null {
  return rowValues(run) ?? run.perSample ?? null;
}

export function isFiniteRun(run: LossRun): boolean {
  return Number.isFinite(total(run)) && run.gradient.every((row) => row.every(Number.isFinite));
}

export function sum(values: readonly number[]): number {
  return values.reduce((left, right) => left + right, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function largest(values: readonly number[]): number {
  return values.reduce((left, right) => Math.max(left, Math.abs(right)), 0);
}
