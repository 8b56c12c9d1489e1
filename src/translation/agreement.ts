/** Whether two runs gave the same numbers: torch's own tolerance for float32. */
import type { LossRun } from '../identification/blackBox';
import { agrees } from '../identification/precision';

export function sameValues(left: LossRun, right: LossRun): boolean {
  if (typeof left.value === 'number' || typeof right.value === 'number')
    return typeof left.value === 'number' && typeof right.value === 'number' && agrees(left.value, right.value);
  const expected = right.value;
  return left.value.length === expected.length && left.value.every((value, i) => agrees(value, expected[i]!));
}

function sameGradients(left: LossRun, right: LossRun): boolean {
  return left.gradient.length === right.gradient.length && left.gradient.every((row, i) => rowsAgree(row, right.gradient[i]!));
}

function rowsAgree(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, k) => agrees(value, right[k]!));
}

export function sameRun(left: LossRun, right: LossRun): boolean {
  return sameValues(left, right) && sameGradients(left, right);
}
