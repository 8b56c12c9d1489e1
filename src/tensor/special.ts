/** Functions of one number that JavaScript's Math lacks, in double precision. */

function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Half to even; −0.5 rounds to −0, as in C. */
function roundHalfEven(x: number): number {
  if (!Number.isFinite(x)) return x;
  const floor = Math.floor(x);
  const rest = x - floor;
  const rounded = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  return rounded === 0 && x < 0 ? -0 : rounded;
}

/**
 * The complementary error function for x ≥ 0 by its continued fraction (Abramowitz & Stegun 7.1.14), evaluated from the tail.
 * Used above 2, where 60 terms reach double precision.
 */
function erfcFraction(x: number): number {
  let fraction = 0;
  for (let k = 60; k >= 1; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

/** The Taylor-like series e^(−x²)·Σ 2ⁿx²ⁿ⁺¹/(1·3·…·(2n+1)) (A&S 7.1.6): all terms positive, so nothing cancels. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x === 0) return x;
  if (Math.abs(x) <= 2) return erfSeries(x);
  return x > 0 ? 1 - erfcFraction(x) : erfcFraction(-x) - 1;
}

function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 2) return erfcFraction(x);
  return x < -2 ? 2 - erfcFraction(-x) : 1 - erf(x);
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** log|Γ(x)| by Lanczos's approximation (g = 7, nine terms). */
function lgamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x);
  if (x === 1 || x === 2) return 0;
  const shifted = x - 1;
  const t = shifted + 7.5;
  let sum = lanczos[0]!;
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i]! / (shifted + i);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The derivative of log Γ: recurrence up to 10, then the asymptotic series (A&S 6.3.18). */
function digamma(x: number): number {
  if (x === 0) return Object.is(x, -0) ? Infinity : -Infinity;
  if (x < 0) return Number.isInteger(x) ? NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * x);
  let result = 0;
  let y = x;
  for (; y < 10; y++) result -= 1 / y;
  const z = 1 / (y * y);
  return result + Math.log(y) - 0.5 / y - z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z / 132))));
}

export const special = { sigmoid, softplus, roundHalfEven, erf, erfc, lgamma, digamma } as const;
