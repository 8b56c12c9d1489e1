/** Numbers as Python source says them. */

/** Sixteen digits: without the last, which float64 arithmetic makes up. */
export function floatText(value: number): string {
  return exactFloatText(Number.isFinite(value) ? Number(value.toPrecision(16)) : value);
}

/** The shortest text that reads back as this very number. */
export function exactFloatText(value: number): string {
  if (Number.isNaN(value)) return "float('nan')";
  if (!Number.isFinite(value)) return value > 0 ? "float('inf')" : "float('-inf')";
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

/** The shortest decimal that is this number once it is rounded to float32. */
export function float32Text(value: number): string {
  if (!Number.isFinite(value)) return exactFloatText(value);
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return exactFloatText(short);
  }
  return exactFloatText(value);
}
