import { greatest } from './extremes';
import type { Matrix } from './blackBox';
import { sum } from './blackBox';

export function logSoftmax(row: readonly number[]): readonly number[] {
  const top = greatest(row);
  const logSum = top + Math.log(sum(row.map((z) => Math.exp(z - top))));
  return row.map((z) => z - logSum);
}

export function softmax(row: readonly number[]): readonly number[] {
  return logSoftmax(row).map(Math.exp);
}

/** n = −log p_y of every row: the negative log-likelihood of its target. */
export function negativeLogLikelihoods(logits: Matrix, targets: readonly number[]): readonly number[] {
  return logits.map((row, i) => -(logSoftmax(row)[targets[i]!] ?? NaN));
}

/** u = mean_k(−log p_k) of every row: the cross entropy with the uniform distribution. */
export function uniformCrossEntropies(logits: Matrix): readonly number[] {
  return logits.map((row) => -sum(logSoftmax(row)) / row.length);
}

/** −Σ q log q */
export function entropyOf(q: readonly number[]): number {
  return sum(q.map((value) => (value > 0 ? -value * Math.log(value) : 0)));
}

/** H(q) of an unnormalised q of mass Q: the smallest value −Σ q log p can take over distributions p, which is at p = q/Q. */
export function crossEntropyFloor(q: readonly number[]): number {
  const mass = sum(q);
  return sum(q.map((value) => (value > 0 ? -value * Math.log(value / mass) : 0)));
}
