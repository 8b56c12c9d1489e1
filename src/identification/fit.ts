/**
 * The model nearly every label-smoothing loss follows: for fixed targets, L = Σ_ik a_ik (−log p_ik) + c, where a_ik = scale · q_ik.
 * Its gradient is ∂L/∂z_ik = A_i p_ik − a_ik with A_i = Σ_k a_ik, so two different logits for the same targets determine every a_ik.
 */
import { greatest } from './extremes';
import { largest, mean, rowValues, sum, total, type Matrix, type Probe } from './blackBox';
import { chainError, unitRoundoff } from './precision';
import { logSoftmax, softmax } from './softmax';

export interface AffineFit {
  readonly targets: readonly number[];
  readonly classes: number;
  /** a_ik */
  readonly weights: Matrix;
  /** How far a_ik may be off. */
  readonly errors: Matrix;
  /** A_i, from the slope of the gradient in p. */
  readonly slopes: readonly number[];
  /** c, for the batch as a whole. */
  readonly offset: number;
  readonly offsetError: number;
  /** Per row, for a loss that is not reduced. */
  readonly rowOffsets: readonly number[] | null;
  /** Largest deviation of the gradient from the model, and what rounding explains. */
  readonly residual: number;
  readonly tolerance: number;
  readonly worst: { readonly row: number; readonly column: number };
  /** Whether every row's gradient sums to zero: the loss sees only differences of logits, as any loss that normalises them does. */
  readonly normalised: boolean;
  readonly gradientFits: boolean;
  /** Whether the values follow the same model: value − Σ a(−log p) the same for every logits. */
  readonly valueFits: boolean;
  readonly valueResidual: number;
}

/** Least squares over all probes, which must share their targets. Needs at least two. */
export function fitAffine(probes: readonly Probe[]): AffineFit {
  const first = probes[0]!;
  const classes = first.logits[0]!.length;
  const logP = probes.map((probe) => probe.logits.map(logSoftmax));
  const p = logP.map((rows) => rows.map((row) => row.map(Math.exp)));
  const rows = first.targets.map((_, row) =>
    fitRow(
      p.map((probe) => probe[row]!),
      probes.map((probe) => probe.run.gradient[row]!),
    ),
  );

  const scale = greatest(rows.map((row) => row.magnitude));
  const residuals = rows.map((row) => row.residual);
  const worstRow = residuals.indexOf(greatest(residuals));
  const residual = residuals[worstRow]!;
  const tolerance = 4 * chainError * scale;
  const sums = probes.flatMap((probe) => probe.run.gradient.map((row) => Math.abs(sum(row))));
  const normalised = greatest(sums) <= tolerance * classes ** 0.5;

  // The error of a coefficient: what the residual shows, at least a few roundings of the terms it comes from, at most the chain's bound.
  const noise = Math.min(chainError, 4 * unitRoundoff + (scale > 0 ? (2 * residual) / scale : 0));
  const errors = rows.map((row) => row.weights.map((a, k) => 4 * noise * (Math.abs(a) + Math.abs(row.slope) * row.largestP[k]!)));

  const weights = rows.map((row) => row.weights);
  const crossEntropy = (probe: number): readonly number[] =>
    weights.map((a, row) => -sum(a.map((value, k) => value * logP[probe]![row]![k]!)));
  const rests = probes.map((probe, m) => total(probe.run) - sum(crossEntropy(m)));
  const offset = mean(rests);
  const valueMagnitude = greatest(probes.map((probe, m) => Math.abs(total(probe.run)) + sum(crossEntropy(m).map(Math.abs))));
  const offsetError = 8 * chainError * valueMagnitude;
  const valueResidual = largest(rests.map((rest) => rest - offset));
  const perRow = probes.map((probe, m) => rowValues(probe.run)?.map((value, row) => value - crossEntropy(m)[row]!));
  const rowOffsets = perRow.every((values) => values !== undefined)
    ? first.targets.map((_, row) => mean(perRow.map((v) => v[row]!)))
    : null;

  return {
    targets: first.targets,
    classes,
    weights,
    errors,
    slopes: rows.map((row) => row.slope),
    offset,
    offsetError,
    rowOffsets,
    residual,
    tolerance,
    worst: { row: worstRow, column: rows[worstRow]!.worstColumn },
    normalised,
    gradientFits: normalised && residual <= tolerance,
    valueFits: valueResidual <= offsetError,
    valueResidual,
  };
}

/** What the model leaves of the probes' gradients, one entry after the other: a linear function of them. */
export function gradientResiduals(logits: readonly Matrix[], gradients: readonly Matrix[]): readonly number[] {
  return logits[0]!.flatMap((_, i) => {
    const p = logits.map((rows) => softmax(rows[i]!));
    const g = gradients.map((rows) => rows[i]!);
    const { slope, weights } = line(p, g);
    return g.flatMap((row, m) => row.map((value, k) => value - (slope * p[m]![k]! - weights[k]!)));
  });
}

/** A probe without its last rows, for its gradient alone. */
export function firstRows({ logits, targets, run }: Probe, count: number): Probe {
  return {
    logits: logits.slice(0, count),
    targets: targets.slice(0, count),
    run: { value: NaN, gradient: run.gradient.slice(0, count) },
  };
}

interface RowFit {
  readonly slope: number;
  readonly weights: readonly number[];
  readonly residual: number;
  readonly worstColumn: number;
  readonly magnitude: number;
  /** Of each class over the probes. */
  readonly largestP: readonly number[];
}

/** g_k = A p_k − a_k over several probes of one row: the slope in p is A, the intercept −a_k. */
function fitRow(p: Matrix, g: Matrix): RowFit {
  const { slope, weights } = line(p, g);
  const deviations = weights.map((a, k) => largest(p.map((row, m) => g[m]![k]! - (slope * row[k]! - a))));
  const residual = greatest(deviations);
  return {
    slope,
    weights,
    residual,
    worstColumn: deviations.indexOf(residual),
    magnitude: Math.max(greatest(g.map(largest)), Math.abs(slope), largest(weights)),
    largestP: weights.map((_, k) => greatest(p.map((row) => row[k]!))),
  };
}

/** Least squares for one slope and an intercept for each class. Searches call it thousands of times: plain loops. */
function line(p: Matrix, g: Matrix): Pick<RowFit, 'slope' | 'weights'> {
  const classes = p[0]!.length;
  const count = p.length;
  let [covariance, variance] = [0, 0];
  const [meanP, meanG] = [new Array<number>(classes).fill(0), new Array<number>(classes).fill(0)];
  for (let k = 0; k < classes; k++) {
    for (let m = 0; m < count; m++) {
      meanP[k]! += p[m]![k]! / count;
      meanG[k]! += g[m]![k]! / count;
    }
    for (let m = 0; m < count; m++) {
      const centred = p[m]![k]! - meanP[k]!;
      covariance += centred * (g[m]![k]! - meanG[k]!);
      variance += centred * centred;
    }
  }
  const slope = variance > 0 ? covariance / variance : 0;
  return { slope, weights: meanP.map((value, k) => slope * value - meanG[k]!) };
}
