/** What most families divide by. */
import { mean, sum } from '../mathematics/algebra';
import type { Node } from '../mathematics/graph';
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
/** One number for each row. */
export const rowSums: FamilyReduction = {
  id: 'rowSums',
  title: 'one value per row, the sum within it',
  reduce: (terms) => sum(terms, inner(terms)),
};
export const rowMeans: FamilyReduction = {
  id: 'rowMeans',
  title: 'one value per row, the mean within it',
  reduce: (terms) => mean(terms, inner(terms)),
};

const inner = ({ shape }: Node): readonly number[] => shape.slice(1).map((_, i) => i + 1);
