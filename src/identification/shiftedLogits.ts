/** A cross entropy of logits that were moved first: a margin on the target's, a constant on each class's, all times a factor. */
import { greatest } from './extremes';
import { largest, sum, type Matrix, type Probe } from './blackBox';
import { firstRows, fitAffine, gradientResiduals } from './fit';
import { solve } from './linear';
import { shortestDecimal } from './precision';

/** The softmax is of factor · (z_k + added_k − margin [k = y]). */
export interface ShiftedLogits {
  readonly kind: 'shiftedLogits';
  readonly factor: number;
  readonly margin: number;
  /** Per class, up to a constant: their mean is zero. */
  readonly added: readonly number[];
}

const mostClasses = 12;

/** Found by least squares on the gradient; null unless the moved logits explain gradients and values to rounding. */
export function shiftedLogits(probes: readonly Probe[]): ShiftedLogits | null {
  const classes = probes[0]!.logits[0]!.length;
  if (classes > mostClasses || classes < 3) return null;
  // A few rows find the parameters; all of them confirm.
  const few = probes.map((probe) => firstRows(probe, 4));
  const parameters = leastSquares(
    (candidate) => {
      const moved = few.map((probe) => movedProbe(probe, candidate));
      return gradientResiduals(
        moved.map(({ logits }) => logits),
        moved.map(({ run }) => run.gradient),
      );
    },
    new Array<number>(classes + 1).fill(0),
  );
  if (!parameters.every(Number.isFinite)) return null;
  const fit = fitAffine(probes.map((probe) => movedProbe(probe, parameters)));
  // The parameters are found to the rounding of the gradients they come from.
  const fits = fit.normalised && fit.residual <= 4 * fit.tolerance && fit.valueResidual <= 4 * fit.offsetError;
  if (!fits || !(greatest(fit.slopes.map(Math.abs)) > 64 * fit.tolerance)) return null;
  const error = 1e-4;
  const added = [0, ...parameters.slice(2)];
  const middle = sum(added) / classes;
  return {
    kind: 'shiftedLogits',
    factor: shortestDecimal(Math.exp(parameters[0]!), error * Math.exp(parameters[0]!)),
    margin: shortestDecimal(parameters[1]!, error),
    added: largest(added) <= error ? added.map(() => 0) : added.map((value) => shortestDecimal(value - middle, error)),
  };
}

/** The probe as the softmax sees it, and the gradient with respect to that. */
function movedProbe(probe: Probe, [logFactor, margin, ...added]: readonly number[]): Probe {
  const factor = Math.exp(logFactor!);
  return {
    ...probe,
    logits: probe.logits.map((row, i) =>
      row.map((z, k) => factor * (z + (k === 0 ? 0 : added[k - 1]!) - (k === probe.targets[i] ? margin! : 0))),
    ),
    run: { ...probe.run, gradient: probe.run.gradient.map((row) => row.map((g) => g / factor)) },
  };
}

/** Levenberg and Marquardt's method, with differences for derivatives. */
function leastSquares(residuals: (parameters: readonly number[]) => readonly number[], start: readonly number[]): readonly number[] {
  const step = 1e-5;
  const squares = (values: readonly number[]): number => sum(values.map((value) => value * value));
  let parameters = start;
  let current = residuals(parameters);
  let damping = 1e-3;
  const initial = squares(current);
  for (let iteration = 0; iteration < 40 && damping < 1e6; iteration++) {
    const slopes: Matrix = parameters.map((_, a) => {
      const moved = residuals(parameters.map((value, b) => (a === b ? value + step : value)));
      return moved.map((value, m) => (value - current[m]!) / step);
    });
    const normal = slopes.map((left, a) =>
      slopes.map((right, b) => sum(left.map((value, m) => value * right[m]!)) * (a === b ? 1 + damping : 1) + (a === b ? 1e-14 : 0)),
    );
    const change = solve(
      normal,
      slopes.map((left) => -sum(left.map((value, m) => value * current[m]!))),
    );
    const candidate = parameters.map((value, a) => value + change[a]!);
    const there = candidate.every(Number.isFinite) && Math.abs(candidate[0]!) < 8 ? residuals(candidate) : null;
    if (there !== null && squares(there) < squares(current)) {
      const gained = squares(current) - squares(there);
      [parameters, current, damping] = [candidate, there, damping / 10];
      // Near a solution each step gains nearly all there is to gain; where steps gain little, there is none.
      if (gained <= 1e-2 * squares(there) || (iteration > 12 && squares(there) > 1e-2 * initial)) break;
    } else damping *= 10;
  }
  return parameters;
}
