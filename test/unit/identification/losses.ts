/** Losses written out in plain float64 arithmetic, as black boxes to identify. Independent of the tensor code on purpose. */
import type { BlackBox, LossRun, Matrix } from '../../../src/identification/blackBox';

export type Targets = (targets: readonly number[], classes: number) => Matrix;
export type Reduce = 'none' | 'mean' | 'sum' | 'elementMean' | 'activeMean';

export function logSoftmaxOf(row: readonly number[]): readonly number[] {
  const top = Math.max(...row);
  const logSum = top + Math.log(row.reduce((s, z) => s + Math.exp(z - top), 0));
  return row.map((z) => z - logSum);
}

export const onOff =
  (on: (classes: number) => number, off: (classes: number) => number): Targets =>
  (targets, classes) =>
    targets.map((y) => Array.from({ length: classes }, (_, k) => (k === y ? on(classes) : off(classes))));

export const fillScatter = (smoothing: number): Targets =>
  onOff(
    () => 1 - smoothing,
    (K) => smoothing / (K - 1),
  );
export const uniformMixture = (smoothing: number): Targets =>
  onOff(
    (K) => 1 - smoothing + smoothing / K,
    (K) => smoothing / K,
  );
export const hardLabels: Targets = onOff(
  () => 1,
  () => 0,
);

export const annotatedTransformer =
  (smoothing: number, padding: number): Targets =>
  (targets, classes) =>
    targets.map((y) =>
      Array.from({ length: classes }, (_, k) => (y === padding || k === padding ? 0 : k === y ? 1 - smoothing : smoothing / (classes - 2))),
    );

/** Zeroes the rows of one target. */
export const ignoring =
  (q: Targets, ignored: number): Targets =>
  (targets, classes) =>
    q(targets, classes).map((row, i) => (targets[i] === ignored ? row.map(() => 0) : row));

interface Options {
  readonly reduce: Reduce;
  /** Subtract H(q), as KL divergence does. */
  readonly divergence?: boolean;
  readonly factor?: number;
  readonly constant?: number;
  readonly classWeights?: readonly number[];
}

/** Σ q(−log p) with the given targets and reduction. */
export function crossEntropy(q: Targets, { reduce, divergence = false, factor = 1, constant = 0, classWeights }: Options): BlackBox {
  return (logits, targets) => {
    const classes = logits[0]!.length;
    const distribution = q(targets, classes).map((row) => row.map((value, k) => value * (classWeights?.[k] ?? 1)));
    const active = distribution.filter((row) => row.some((value) => value !== 0)).length;
    const share = { none: 1, sum: 1, mean: logits.length, elementMean: logits.length * classes, activeMean: active }[reduce];
    const rows = logits.map((row, i) => {
      const logP = logSoftmaxOf(row);
      return distribution[i]!.reduce(
        (s, value, k) => s + (value === 0 ? 0 : value * ((divergence ? Math.log(value) : 0) - logP[k]!)),
        constant,
      );
    });
    const gradient = logits.map((row, i) => {
      const mass = distribution[i]!.reduce((s, value) => s + value, 0);
      return logSoftmaxOf(row).map((logP, k) => (factor * (mass * Math.exp(logP) - distribution[i]![k]!)) / share);
    });
    const value = reduce === 'none' ? rows.map((row) => row * factor) : (factor * rows.reduce((s, row) => s + row, 0)) / share;
    return { value, gradient };
  };
}

/** The gradient by central differences, for losses whose derivative is tedious. */
export function differentiated(value: (logits: Matrix, targets: readonly number[]) => number | readonly number[]): BlackBox {
  const total = (logits: Matrix, targets: readonly number[]): number => [value(logits, targets)].flat().reduce((s, v) => s + v, 0);
  const h = 1e-3;
  return (logits, targets): LossRun => ({
    value: value(logits, targets),
    gradient: logits.map((row, i) =>
      row.map((_, k) => {
        const moved = (by: number): number =>
          total(
            logits.map((r, a) => r.map((z, b) => (a === i && b === k ? z + by : z))),
            targets,
          );
        // Fourth order: the error is far below float32's.
        return (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
      }),
    ),
  });
}

/** What float32 kernels would give: values and gradients rounded, with an error of a few units in the last place that depends on the input. */
export function inFloat32(loss: BlackBox, ulps = 4): BlackBox {
  return (logits, targets) => {
    const run = loss(logits, targets);
    let state = Math.abs(logits.flat().reduce((s, z, m) => s + z * (m + 1), 0)) + 0.5;
    const noisy = (x: number): number => {
      state = (state * 16807.31 + 0.618) % 1000;
      return Math.fround(x * (1 + (state / 500 - 1) * ulps * 2 ** -24));
    };
    return {
      value: typeof run.value === 'number' ? noisy(run.value) : run.value.map(noisy),
      gradient: run.gradient.map((row) => row.map(noisy)),
      ...(run.perSample === undefined ? {} : { perSample: run.perSample.map(noisy) }),
    };
  };
}
