/** Class weights that a loss holds in itself, read off how its rows and columns differ in size. */
import { mean, sum } from './blackBox';
import type { AffineFit } from './fit';
import { isZeroRow } from './reduction';

/**
 * Weights of the classes up to a common factor, chosen so that they average to one; null when every row is alike, when weights do not explain how
 * they differ, or when some class is never a target of the batch. A weight may multiply a whole row (that of its target) or each column.
 */
export function inferClassWeights(fit: AffineFit): readonly number[] | null {
  const rowOf = Array.from({ length: fit.classes }, (_, k) => fit.targets.indexOf(k));
  if (fit.classes < 2 || rowOf.some((row) => row < 0 || isZeroRow(fit, row))) return null;
  const byTarget = rowOf.map((row) => sum(fit.weights[row]!));
  const byClass = rowOf.map((_, k) => {
    const others = rowOf.flatMap((row, target) => (target === k ? [] : [fit.weights[row]![k]!]));
    return mean(others);
  });
  for (const candidate of [byTarget, byClass]) {
    if (candidate.some((weight) => !(weight > 0))) continue;
    const weights = candidate.map((weight) => weight / mean(candidate));
    const isEven = weights.every((weight) => Math.abs(weight - 1) < 1e-4);
    if (!isEven && (explains(fit, rowOf, (target) => weights[target]!) || explains(fit, rowOf, (_, k) => weights[k]!))) return weights;
  }
  return null;
}

/** Whether the entries divided by their weights are one value on the targets and one elsewhere. */
function explains(fit: AffineFit, rowOf: readonly number[], weight: (target: number, column: number) => number): boolean {
  const entries = rowOf.flatMap((row, target) =>
    fit.weights[row]!.map((value, k) => {
      const w = weight(target, k);
      return { value: value / w, error: fit.errors[row]![k]! / w, on: k === target };
    }),
  );
  return [true, false].every((on) => {
    const same = entries.filter((entry) => entry.on === on);
    const middle = mean(same.map(({ value }) => value));
    // The weights come from the same entries, so their errors enter twice.
    return same.every(({ value, error }) => Math.abs(value - middle) <= 4 * error);
  });
}
