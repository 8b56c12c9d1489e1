/** Target distributions as tensors. */
import { arange } from '../tensor/creation';
import { eq, ne } from '../tensor/comparison';
import { div, exp, mul, neg, square, sub, where } from '../tensor/elementwise';
import { floatScalar, intScalar } from '../tensor/promotion';
import { sum } from '../tensor/reductions';
import type { Tensor } from '../tensor/tensor';
import { to } from '../tensor/creation';
import { unsqueeze } from '../tensor/views';

/** 0, 1, … K−1 as a row. */
function classNumbers(classes: number): Tensor {
  return unsqueeze(arange(intScalar(0), intScalar(classes), intScalar(1), 'int64'), 0);
}

/** `onValue` on each row's target and `offValue` elsewhere. A target that is no class has the off value everywhere. */
export function onAndOff(targets: Tensor, like: Tensor, classes: number, onValue: number, offValue: number): Tensor {
  const hit = eq(unsqueeze(targets, 1), classNumbers(classes));
  return to(where(hit, floatScalar(onValue), floatScalar(offValue)), like.dtype);
}

/** 1 for rows that count, 0 for rows of the ignored target: [N]. */
export function countedRows(targets: Tensor, like: Tensor, ignored: number): Tensor {
  return to(ne(targets, intScalar(ignored)), like.dtype);
}

/** Rows that do not count become zero. */
export function withoutRows(distribution: Tensor, targets: Tensor, ignored: number): Tensor {
  return mul(distribution, unsqueeze(countedRows(targets, distribution, ignored), 1));
}

/** One class gets nothing in any row. */
export function withoutColumn(distribution: Tensor, classes: number, column: number): Tensor {
  return mul(distribution, to(ne(classNumbers(classes), intScalar(column)), distribution.dtype));
}

/** q_k ∝ exp(−(k−y)²/2σ²), each row summing to one. */
export function normalAround(targets: Tensor, like: Tensor, classes: number, sigma: number): Tensor {
  const distance = to(sub(classNumbers(classes), unsqueeze(targets, 1)), like.dtype);
  const shape = exp(neg(div(square(distance), floatScalar(2 * sigma * sigma))));
  return div(shape, sum(shape, [1], true));
}
