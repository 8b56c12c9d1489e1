/** Losses that are not affine in the log-softmax of each row, recognised by fitting what else they may be affine in. */
import { greatest, least } from './extremes';
import { largest, mean, sum, total, type Matrix, type Probe } from './blackBox';
import { firstRows, fitAffine, gradientResiduals } from './fit';
import { solve } from './linear';
import { penalised, type Penalised } from './penalties';
import { chainError, shortestDecimal } from './precision';
import { shiftedLogits, type ShiftedLogits } from './shiftedLogits';
import { logSoftmax, softmax } from './softmax';

export type OtherFamily =
  /** One binary cross entropy per class, with smoothed 0/1 targets. */
  | { readonly kind: 'binary'; readonly on: number; readonly off: number; readonly scale: number }
  /** −Σ q_k log σ(z_k): the half of a binary cross entropy that pulls up. Nothing pulls down. */
  | { readonly kind: 'sigmoidAlone'; readonly on: number; readonly off: number }
  /** −Σ q_k z_k: linear in what it is given. It expects log-probabilities. */
  | { readonly kind: 'linear' }
  /** −Σ q_k p_k: linear in the probabilities. */
  | { readonly kind: 'linearInProbabilities' }
  /** A binary cross entropy of σ(σ(z)). */
  | { readonly kind: 'sigmoidTwice' }
  /** A function of the batch's mean cross entropy: every row's gradient has the same factor, which changes with the batch. */
  | { readonly kind: 'functionOfMean'; readonly factors: readonly [number, number] }
  /** Affine in the log-softmax of the softmax. */
  | { readonly kind: 'softmaxTwice' }
  /** Softmax over the rows of the batch instead of the classes. */
  | { readonly kind: 'softmaxOverRows' }
  /** (1−p_y)^γ (−log p_y) */
  | { readonly kind: 'focal'; readonly gamma: number }
  /** −log(p_y + c), up to a constant: what smoothing the prediction, (1−ε)p + ε/K, comes to with c = ε/(K(1−ε)). */
  | { readonly kind: 'smoothedPrediction'; readonly added: number; readonly smoothing: number }
  /** Σ_k q_k (1−p_k)^γ (−log p_k), with smoothed targets. */
  | { readonly kind: 'smoothedFocal'; readonly gamma: number }
  | Penalised
  | ShiftedLogits
  /** Affine in the log-softmax of z/T. */
  | { readonly kind: 'temperature'; readonly temperature: number };

/** The first family that explains gradients and values of the probes, which must share their targets; null when none does. `sample`: those of its targets. */
export function otherFamily(probes: readonly Probe[], sample: readonly Probe[], smoothing: number | null): OtherFamily | null {
  if (probes.length < 3 || probes.every(({ run }) => run.gradient.every((row) => largest(row) === 0))) return null;
  return (
    linear(probes) ??
    binary(probes) ??
    sigmoidAlone(probes) ??
    sigmoidTwice(probes) ??
    functionOfMean(probes, smoothing) ??
    ofTargetProbability(probes) ??
    overRows(probes) ??
    temperature(probes) ??
    throughMap(probes) ??
    penalised(probes, sample) ??
    smoothedFocal(probes) ??
    shiftedLogits(probes)
  );
}

function linear(probes: readonly Probe[]): OtherFamily | null {
  const first = probes[0]!.run.gradient;
  const size = greatest(first.map(largest));
  const constant = probes.every((probe) =>
    probe.run.gradient.every((row, i) => row.every((g, k) => Math.abs(g - first[i]![k]!) <= 2 * chainError * size)),
  );
  return size > 0 && constant ? { kind: 'linear' } : null;
}

/** g_ik = w(σ(z_ik) − y_ik), with one weight for all. */
function binary(probes: readonly Probe[]): OtherFamily | null {
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  const targets = probes[0]!.targets;
  const entries = probes[0]!.logits.flatMap((row, i) =>
    row.map((_, k) => {
      const s = probes.map((probe) => sigmoid(probe.logits[i]![k]!));
      const g = probes.map((probe) => probe.run.gradient[i]![k]!);
      const [meanS, meanG] = [mean(s), mean(g)];
      const weight = sum(s.map((value, m) => (value - meanS) * (g[m]! - meanG))) / sum(s.map((value) => (value - meanS) ** 2));
      const shift = weight * meanS - meanG;
      const spread = greatest(s) - least(s);
      return {
        weight,
        y: shift / weight,
        residual: largest(s.map((value, m) => g[m]! - (weight * value - shift))),
        spread,
        on: k === targets[i],
      };
    }),
  );
  const moving = entries.filter((entry) => entry.spread > 0.05);
  const scale = mean(moving.map((entry) => entry.weight));
  const size = greatest(probes.flatMap((probe) => probe.run.gradient.map(largest)));
  if (!(scale > 0) || entries.some((entry) => !(entry.residual <= 4 * chainError * size))) return null;
  const slack = (entry: { readonly spread: number }): number => (16 * chainError) / Math.max(entry.spread, 0.05);
  if (moving.some((entry) => Math.abs(entry.weight - scale) > scale * slack(entry))) return null;
  const valueOf = (on: boolean): number | null => {
    const values = moving.filter((entry) => entry.on === on);
    if (values.length === 0) return null;
    const value = mean(values.map((entry) => entry.y));
    return values.every((entry) => Math.abs(entry.y - value) <= 2 * slack(entry)) ? shortestDecimal(value, 2 * chainError) : null;
  };
  const [on, off] = [valueOf(true), valueOf(false)];
  return on === null || off === null ? null : { kind: 'binary', on, off, scale };
}

/** A binary loss of what a sigmoid made of the logits. */
function sigmoidTwice(probes: readonly Probe[]): OtherFamily | null {
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  const inner = probes.map((probe): Probe => {
    const logits = probe.logits.map((row) => row.map(sigmoid));
    return {
      ...probe,
      logits,
      run: { ...probe.run, gradient: probe.run.gradient.map((row, i) => row.map((g, k) => g / (logits[i]![k]! * (1 - logits[i]![k]!)))) },
    };
  });
  return binary(inner) === null ? null : { kind: 'sigmoidTwice' };
}

/**
 * g_ik = c (p_ik − q_ik) with one c for all rows of a probe and another for another probe, q hard labels or smoothed as the code's ε says. A scalar
 * loss only: the rows of an unreduced one have no mean.
 */
function functionOfMean(probes: readonly Probe[], smoothing: number | null): OtherFamily | null {
  if (probes[0]!.targets.length < 2 || probes.some(({ run }) => typeof run.value !== 'number')) return null;
  const classes = probes[0]!.logits[0]!.length;
  const offs = smoothing === null || smoothing === 0 ? [0] : [0, smoothing / classes, smoothing / (classes - 1)];
  for (const off of offs) {
    const factors = probes.map((probe) => commonFactor(probe, off));
    const [low, high] = [Math.min(...factors), Math.max(...factors)];
    if (high - low > 1e-3 * Math.abs(high)) return { kind: 'functionOfMean', factors: [low, high] };
  }
  return null;
}

/** N·c; NaN where the rows have no factor in common. */
function commonFactor({ logits, targets, run }: Probe, off: number): number {
  const pairs = logits.flatMap((row, i) => {
    const on = 1 - (row.length - 1) * off;
    return softmax(row).map((p, k) => ({ model: p - (k === targets[i] ? on : off), g: run.gradient[i]![k]! }));
  });
  const factor = sum(pairs.map(({ model, g }) => model * g)) / sum(pairs.map(({ model }) => model * model));
  const fits = largest(pairs.map(({ model, g }) => g - factor * model)) <= 4 * chainError * largest(pairs.map(({ g }) => g));
  return fits ? factor * targets.length : NaN;
}

/** g_ik = q_ik (σ(z_ik) − 1), with one q on the targets and one elsewhere, whatever the loss is divided by. */
function sigmoidAlone(probes: readonly Probe[]): OtherFamily | null {
  const { targets, logits } = probes[0]!;
  const size = greatest(probes.flatMap((probe) => probe.run.gradient.map(largest)));
  const entries = logits.flatMap((row, i) =>
    row.map((_, k) => {
      const pull = probes.map((probe) => 1 / (1 + Math.exp(probe.logits[i]![k]!)));
      const g = probes.map((probe) => probe.run.gradient[i]![k]!);
      const q = -sum(g.map((value, m) => value * pull[m]!)) / sum(pull.map((value) => value * value));
      return { q, residual: largest(g.map((value, m) => value + q * pull[m]!)), on: k === targets[i] };
    }),
  );
  if (!(size > 0) || entries.some(({ residual }) => !(residual <= 4 * chainError * size))) return null;
  const [ons, offs] = [true, false].map((on) => entries.filter((entry) => entry.on === on).map(({ q }) => q));
  const [on, off] = [mean(ons!), mean(offs!)];
  const slack = 16 * chainError * Math.abs(on);
  const isEven = (values: readonly number[], middle: number): boolean => values.every((q) => Math.abs(q - middle) <= slack);
  if (!(on > 0) || !isEven(ons!, on) || !isEven(offs!, off)) return null;
  const total = on + (logits[0]!.length - 1) * off;
  return { kind: 'sigmoidAlone', on: shortestDecimal(on / total, 2 * chainError), off: shortestDecimal(off / total, 2 * chainError) };
}

/** Losses of p_y alone, L = Σ f(p_y): ∂L/∂z_k = h(p_y) p_k away from the target, and h tells which. */
function ofTargetProbability(probes: readonly Probe[]): OtherFamily | null {
  const points = probes.flatMap((probe) =>
    probe.logits.flatMap((row, i) => {
      const p = softmax(row);
      const y = probe.targets[i]!;
      if (y < 0 || y >= row.length) return [];
      const others = row.map((_, k) => k).filter((k) => k !== y);
      const ratios = others.map((k) => probe.run.gradient[i]![k]! / p[k]!);
      const slope = mean(ratios);
      return [
        {
          p: p[y]!,
          slope,
          uneven: largest(ratios.map((ratio) => ratio - slope)),
          // Classes that share a softmax get a gradient that sums to zero; that of a sigmoid of the target alone does not.
          unbalanced: Math.abs(probe.run.gradient[i]![y]! + slope * (1 - p[y]!)),
          least: least(others.map((k) => p[k]!)),
        },
      ];
    }),
  );
  const size = greatest(points.map((point) => Math.abs(point.slope)));
  if (points.length < 3 || points.some((point) => !(point.uneven <= (4 * chainError * size) / point.least))) return null;
  if (points.some((point) => !(point.unbalanced <= (4 * chainError * size) / point.least))) return null;
  const fitted = (shape: (p: number, parameter: number) => number, low: number, high: number): number | null => {
    const residual = (parameter: number): number => {
      const f = points.map((point) => shape(point.p, parameter));
      const scale = sum(points.map((point, m) => point.slope * f[m]!)) / sum(f.map((value) => value * value));
      return largest(points.map((point, m) => point.slope - scale * f[m]!));
    };
    const best = minimise(residual, low, high);
    // The parameter is found numerically, to about the square root of the arithmetic's error.
    return residual(best) <= 64 * chainError * size ? best : null;
  };
  // (1−p)^γ (−log p), whose derivative by log p is −((1−p)^γ − γ(1−p)^(γ−1) p log p).
  const gamma = fitted((p, g) => (1 - p) ** g - g * (1 - p) ** (g - 1) * p * Math.log(p), 0, 8);
  if (gamma !== null && gamma > 0.01) return { kind: 'focal', gamma: shortestDecimal(gamma, 1e-4) };
  const logarithm = fitted((p, c) => p / (p + Math.exp(c)), Math.log(1e-4), Math.log(1));
  if (logarithm === null) return null;
  const added = Math.exp(logarithm);
  const classes = probes[0]!.logits[0]!.length;
  const smoothing = (added * classes) / (1 + added * classes);
  return {
    kind: 'smoothedPrediction',
    added: shortestDecimal(added, 1e-4 * added),
    smoothing: shortestDecimal(smoothing, 1e-4 * smoothing),
  };
}

function overRows(probes: readonly Probe[]): OtherFamily | null {
  const turned = probes.map((probe): Probe => {
    const turn = (matrix: Matrix): Matrix => matrix[0]!.map((_, k) => matrix.map((row) => row[k]!));
    return {
      logits: turn(probe.logits),
      targets: probe.logits[0]!.map((_, k) => k),
      run: { value: total(probe.run), gradient: turn(probe.run.gradient) },
    };
  });
  if (turned[0]!.logits[0]!.length < 2) return null;
  const fit = fitAffine(turned);
  return fit.gradientFits && fit.valueFits ? { kind: 'softmaxOverRows' } : null;
}

/** z/T: the gradient's factor 1/T is part of the measured scale. */
function temperature(probes: readonly Probe[]): OtherFamily | null {
  const scaled = (probe: Probe, inverse: number): Probe => ({
    ...probe,
    logits: probe.logits.map((row) => row.map((z) => z * inverse)),
    run: { ...probe.run, gradient: probe.run.gradient.map((row) => row.map((g) => g / inverse)) },
  });
  // A few rows find the temperature, or one with many classes; all of them confirm.
  const few = probes.map((probe) => firstRows(probe, probe.logits[0]!.length > 1000 ? 1 : 3));
  const residual = (exponent: number): number => {
    const at = few.map((probe) => scaled(probe, Math.exp(exponent)));
    return largest(
      gradientResiduals(
        at.map(({ logits }) => logits),
        at.map(({ run }) => run.gradient),
      ),
    );
  };
  const exponent = minimise(residual, Math.log(1 / 64), Math.log(64));
  const best = fitAffine(probes.map((probe) => scaled(probe, Math.exp(exponent))));
  // As for γ: the minimum is found to the search's precision.
  const fits = best.normalised && best.residual <= 16 * best.tolerance && best.valueResidual <= 16 * best.offsetError;
  return fits && Math.abs(exponent) > 1e-3
    ? { kind: 'temperature', temperature: shortestDecimal(Math.exp(-exponent), 1e-4 * Math.exp(-exponent)) }
    : null;
}

/** Largest residual of Σ_k a_k ∂f_k/∂z over the first rows, each with the a_k that fit it best, relative to the largest gradient. */
function residualThrough(probes: readonly Probe[], jacobian: (row: readonly number[]) => Matrix, count = Infinity): number {
  const classes = probes[0]!.logits[0]!.length;
  const size = greatest(probes.flatMap((probe) => probe.run.gradient.map(largest)));
  const residuals = probes[0]!.targets.slice(0, count).map((_, i) => {
    const equations = probes.flatMap((probe) => {
      const J = jacobian(probe.logits[i]!);
      return probe.run.gradient[i]!.map((g, j) => ({ left: J.map((feature) => feature[j]!), right: g }));
    });
    return leastSquaresResidual(equations, classes);
  });
  return greatest(residuals) / size;
}

/** Least squares for L = Σ a_k f_k(z), row by row, where f are the log-softmax of the softmax, or the probabilities themselves. */
function throughMap(probes: readonly Probe[]): OtherFamily | null {
  if (probes[0]!.logits[0]!.length > 16) return null;
  const explains = (jacobian: (row: readonly number[]) => Matrix): boolean => residualThrough(probes, jacobian) <= 16 * chainError;
  if (explains((row) => probabilityFeatures(softmax(row)))) return { kind: 'linearInProbabilities' };
  if (explains(twiceFeatures)) return { kind: 'softmaxTwice' };
  return null;
}

/** With two classes there are as many unknowns as equations, and with many the search takes long. */
function smoothedFocal(probes: readonly Probe[]): OtherFamily | null {
  const classes = probes[0]!.logits[0]!.length;
  if (classes < 3 || classes > 8) return null;
  const residual = (gamma: number, rows = 2): number => residualThrough(probes, (row) => focalFeatures(softmax(row), gamma), rows);
  const gamma = minimise((candidate) => residual(candidate), 0, 8, 24);
  // As above, the parameter is found to the search's precision.
  return residual(gamma, Infinity) <= 64 * chainError && gamma > 0.01
    ? { kind: 'smoothedFocal', gamma: shortestDecimal(gamma, 1e-4) }
    : null;
}

/** ∂((1−p_k)^γ (−log p_k))/∂z_j */
function focalFeatures(p: readonly number[], gamma: number): Matrix {
  return p.map((pk, k) => {
    const byProbability = gamma * (1 - pk) ** (gamma - 1) * Math.log(pk) - (1 - pk) ** gamma / pk;
    return p.map((pj, j) => byProbability * pk * ((k === j ? 1 : 0) - pj));
  });
}

/** ∂(−p_k)/∂z_j */
function probabilityFeatures(p: readonly number[]): Matrix {
  return p.map((pk, k) => p.map((pj, j) => -pk * ((k === j ? 1 : 0) - pj)));
}

/** ∂(−log softmax(softmax(z))_k)/∂z_j */
function twiceFeatures(row: readonly number[]): Matrix {
  const p = softmax(row);
  const outer = logSoftmax(p).map(Math.exp);
  const inner = probabilityFeatures(p);
  return p.map((_, k) => p.map((_, j) => sum(p.map((_, m) => (outer[m]! - (m === k ? 1 : 0)) * -inner[m]![j]!))));
}

interface Equation {
  readonly left: readonly number[];
  readonly right: number;
}

/** Largest residual of the least-squares solution, by normal equations with a trace of regularisation for directions that do not matter. */
function leastSquaresResidual(equations: readonly Equation[], unknowns: number): number {
  const normal = Array.from({ length: unknowns }, (_, a) =>
    Array.from({ length: unknowns }, (_, b) => sum(equations.map((e) => e.left[a]! * e.left[b]!))),
  );
  const right = normal.map((_, a) => sum(equations.map((e) => e.left[a]! * e.right)));
  const ridge = (1e-11 * sum(normal.map((row, a) => row[a]!))) / unknowns;
  const solution = solve(
    normal.map((row, a) => row.map((value, b) => (a === b ? value + ridge : value))),
    right,
  );
  return largest(equations.map((e) => sum(e.left.map((value, a) => value * solution[a]!)) - e.right));
}

/** A grid to find the valley, then golden section. */
function minimise(f: (x: number) => number, low: number, high: number, steps = 64): number {
  const grid = Array.from({ length: steps + 1 }, (_, m) => low + ((high - low) * m) / steps);
  const values = grid.map(f);
  const best = values.indexOf(least(values));
  let [a, b] = [grid[Math.max(0, best - 1)]!, grid[Math.min(steps, best + 1)]!];
  const ratio = (Math.sqrt(5) - 1) / 2;
  for (let step = 0; step < 60; step++) {
    const [x, y] = [b - ratio * (b - a), a + ratio * (b - a)];
    if (f(x) <= f(y)) b = y;
    else a = x;
  }
  return (a + b) / 2;
}
