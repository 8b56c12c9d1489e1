/** Whether two runs gave the same numbers: torch's own tolerance for float32. */
import type { LossRun } from '../identification/blackBox';

export const relativeTolerance = 1.3e-6;
export const absoluteTolerance = 1e-5;

/** As torch.testing.assert_close compares an actual number with the expected one; NaN agrees with NaN, an infinity with itself. */
export function agrees(actual: number, expected: number): boolean {
  return Object.is(actual, expected) || Math.abs(actual - expected) <= absoluteTolerance + relativeTolerance * Math.abs(expected);
}

export function sameValues(left: LossRun, right: LossRun): boolean {
  if (typeof left.value === 'number' || typeof right.value === 'number')
    return typeof left.value === 'number' && typeof right.value === 'number' && agrees(left.value, right.value);
  const expected = right.value;
  return left.value.length === expected.length && left.value.every((value, i) => agrees(value, expected[i]!));
}

export function sameGradients(left: LossRun, right: LossRun): boolean {
  return left.gradient.length === right.gradient.length && left.gradient.every((row, i) => rowsAgree(row, right.gradient[i]!));
}

function rowsAgree(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, k) => agrees(value, right[k]!));
}

export function sameRun(left: LossRun, right: LossRun): boolean {
  return sameValues(left, right) && sameGradients(left, right);
}
