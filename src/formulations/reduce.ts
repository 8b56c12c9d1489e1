import { div, mul, neg, xlogy, sub } from '../tensor/elementwise';
import { floatScalar } from '../tensor/promotion';
import { sum } from '../tensor/reductions';
import { logSoftmax } from '../tensor/softmax';
import type { Tensor } from '../tensor/tensor';
import type { Formulation } from './formulation';

/** −Σ_k q_k w_k log p_k of every row: [N]. */
export function softCrossEntropy(logits: Tensor, q: Tensor, classWeights?: Tensor): Tensor {
  const logP = logSoftmax(logits, 1);
  return neg(sum(mul(q, classWeights === undefined ? logP : mul(logP, classWeights)), [1], false));
}

/** Σ_k q_k (log q_k − log p_k) of every row, 0·log 0 being 0: [N]. */
export function divergenceFrom(logits: Tensor, q: Tensor): Tensor {
  return sum(sub(xlogy(q, q), mul(q, logSoftmax(logits, 1))), [1], false);
}

/** The sum over rows divided as `divides` says; `active` is the number of rows that count, `weights` the sum of their targets' weights. */
export function reduced(
  perSample: Tensor,
  divides: Formulation['divides'],
  counts: { readonly classes: number; readonly active?: Tensor; readonly weights?: Tensor },
): Tensor {
  const total = sum(perSample, null, false);
  const rows = perSample.shape[0]!;
  switch (divides) {
    case 'one':
      return total;
    case 'rows':
      return div(total, floatScalar(rows));
    case 'elements':
      return div(total, floatScalar(rows * counts.classes));
    case 'active':
      return div(total, counts.active ?? floatScalar(rows));
    case 'weights':
      return div(total, counts.weights ?? counts.active ?? floatScalar(rows));
  }
}
