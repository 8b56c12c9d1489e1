/** What float32 arithmetic lets us conclude. Every threshold of the identification comes from here. */
import type { Num } from '../inspection';

/** Half a unit in the last place of a float32 significand: the largest relative error of one rounded operation. */
export const unitRoundoff = 2 ** -24;

/**
 * Relative error of a loss and its gradient against the magnitude of the terms they are made of: the tensor kernels stay within 6 ULP of
 * the exact log-softmax, and the twenty-odd singly rounded operations around it add half a ULP each. 16 ULP = 32 unit roundoffs, 1.9e-6.
 */
export const chainError = 32 * unitRoundoff;

/** Types of fewer digits than float32: bits of their significand. */
const coarseTypes = { bfloat16: 8, float16: 11 } as const;

export type CoarseType = keyof typeof coarseTypes;

/** The coarsest type that holds all these values exactly, where it is coarser than float32 and they are too many for a coincidence. */
export function coarseType(values: readonly number[]): CoarseType | null {
  const telling = values.filter((value) => Number.isFinite(value) && !Number.isInteger(value));
  if (telling.length < 5) return null;
  const holds = (bits: number): boolean =>
    telling.every((value) => Number.isInteger((value / 2 ** Math.floor(Math.log2(Math.abs(value)))) * 2 ** (bits - 1)));
  return (Object.keys(coarseTypes) as CoarseType[]).find((type) => holds(coarseTypes[type])) ?? null;
}

/** The relative size of one rounding to the type. */
export function coarseRoundoff(type: CoarseType): number {
  return 2 ** -coarseTypes[type];
}

/** How far two values may be apart and still pass for equal: torch's own tolerance for float32. */
export function agreement(value: number): number {
  return 1e-5 + 1.3e-6 * Math.abs(value);
}

/** As torch.testing.assert_close compares an actual number with the expected one; NaN agrees with NaN, an infinity with itself. */
export function agrees(actual: number, expected: number): boolean {
  return Object.is(actual, expected) || Math.abs(actual - expected) <= agreement(expected);
}

export function toNum(value: number): Num {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return value;
}

/** The decimal with the fewest digits that is within `error` of `value`: a measured 0.90000003 ± 1e-7 is 0.9. */
export function shortestDecimal(value: number, error: number): number {
  if (!Number.isFinite(value)) return value;
  if (Math.abs(value) <= error) return 0;
  for (let digits = 1; digits < 17; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.abs(candidate - value) <= error) return candidate;
  }
  return value;
}

/** Number of float32 values from one number to the other, after rounding both to float32; infinite when only one is a number. */
export function ulpDistance(left: number, right: number): number {
  const [a, b] = [orderedBits(left), orderedBits(right)];
  return a === null || b === null ? (Object.is(left, right) ? 0 : Infinity) : Math.abs(a - b);
}

function orderedBits(value: number): number | null {
  if (Number.isNaN(value)) return null;
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  const bits = view.getInt32(0);
  return bits < 0 ? -(bits & 0x7fffffff) : bits;
}
