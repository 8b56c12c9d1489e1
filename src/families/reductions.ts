/** What most families divide by. */
import { mean, sum } from '../mathematics/algebra';
import type { FamilyReduction } from './family';

export const meanOfAll: FamilyReduction = { id: 'mean', title: 'mean', reduce: (terms) => mean(terms) };
export const sumOfAll: FamilyReduction = { id: 'sum', title: 'sum', reduce: (terms) => sum(terms) };
/** Summed within each row, then the mean over the rows. */
export const meanOfRowSums: FamilyReduction = {
  id: 'rowSumMean',
  title: 'sum within each row, mean over the rows',
  reduce: (terms) =>
    mean(
      terms.shape.length < 2
        ? terms
        : sum(
            terms,
            terms.shape.slice(1).map((_, i) => i + 1),
          ),
    ),
};
/** Nothing left to reduce: the formulation gives one number by itself. */
export const asItIs: FamilyReduction = { id: 'mean', title: 'as it is', reduce: (terms) => terms };
