/** How the rows are put together, read off how a row's share changes with the batch. */
import { mean, sum } from './blackBox';
import type { AffineFit } from './fit';

/** What the sum over rows is divided by: 1, N, the number of rows that take part, or the sum of their targets' class weights. */
export type Divisor = 'one' | 'rows' | 'active' | 'weights';

export const divisors: readonly Divisor[] = ['one', 'rows', 'active', 'weights'];

export function isZeroRow(fit: AffineFit, row: number): boolean {
  return fit.weights[row]!.every((value, k) => Math.abs(value) <= fit.errors[row]![k]!);
}

/** Mean of Σ_k a_ik over the rows that take part; 1 where none does. */
export function meanMass(fit: AffineFit): number {
  const active = fit.weights.filter((_, row) => !isZeroRow(fit, row)).map(sum);
  return active.length === 0 ? 1 : mean(active);
}

export function divisorValue(divisor: Divisor, fit: AffineFit, classWeights: readonly number[] | null): number {
  const active = fit.targets.filter((_, row) => !isZeroRow(fit, row));
  switch (divisor) {
    case 'one':
      return 1;
    case 'rows':
      return fit.targets.length;
    case 'active':
      return active.length;
    case 'weights':
      return sum(active.map((target) => classWeights?.[target] ?? NaN));
  }
}

/**
 * The divisors that explain how Σ_k a_ik of a row changes from one batch to another for the same target; the simplest first. All fits must
 * be at the same number of classes. Empty when none does, all when there is nothing to compare.
 */
export function explainingDivisors(fits: readonly AffineFit[], classWeights: readonly number[] | null): readonly Divisor[] {
  const base = fits[0]!;
  return divisors.filter((divisor) =>
    fits.slice(1).every((other) => {
      const ratio = divisorValue(divisor, other, classWeights) / divisorValue(divisor, base, classWeights);
      return base.targets.every((target, i) =>
        other.targets.every((otherTarget, j) => {
          if (otherTarget !== target || isZeroRow(base, i) || isZeroRow(other, j)) return true;
          const left = sum(base.weights[i]!);
          const right = sum(other.weights[j]!) * ratio;
          return Math.abs(left - right) <= sum(base.errors[i]!) + sum(other.errors[j]!) * ratio;
        }),
      );
    }),
  );
}
