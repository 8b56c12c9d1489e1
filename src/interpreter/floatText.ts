/** Floats as CPython writes them: shortest repr, and exactly rounded (half to even) fixed and exponent notation. */

/** repr(float): the shortest digits that read back the same; an exponent below 1e-4 and from 1e16 on. */
export function floatRepr(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0';
  const { sign, digits, exponent } = shortest(x);
  if (exponent < -4 || exponent >= 16) return sign + exponentForm(digits, exponent);
  return sign + pointForm(digits, exponent, 1);
}

interface Decimal {
  readonly sign: string;
  /** Significant digits, without trailing zeros when shortest. */
  readonly digits: string;
  /** Of the first digit: 1.5 has 0, 0.01 has −2. */
  readonly exponent: number;
}

function shortest(x: number): Decimal {
  const [mantissa = '', exponent = '0'] = Math.abs(x).toExponential().split('e');
  return { sign: x < 0 ? '-' : '', digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function exponentForm(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits[0]!}.${digits.slice(1)}` : digits;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent).toString().padStart(2, '0')}`;
}

function pointForm(digits: string, exponent: number, leastDecimals: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const rest = digits.slice(exponent + 1).padEnd(leastDecimals, '0');
  return rest === '' ? whole : `${whole}.${rest}`;
}

/** |x| as a fraction of bigints. */
function fraction(x: number): { numerator: bigint; denominator: bigint } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const stored = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? stored : stored | 0x10000000000000n;
  const exponent = (biased === 0 ? 1 : biased) - 1075;
  return exponent >= 0
    ? { numerator: mantissa << BigInt(exponent), denominator: 1n }
    : { numerator: mantissa, denominator: 1n << BigInt(-exponent) };
}

function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  return twice > denominator || (twice === denominator && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

const signOf = (x: number): string => (x < 0 || Object.is(x, -0) ? '-' : '');

/** '%.nf' of a finite number, with its sign. A negative n rounds before the point. */
export function fixed(x: number, decimals: number): string {
  const { numerator, denominator } = fraction(x);
  if (decimals < 0) {
    const unit = 10n ** BigInt(-decimals);
    return signOf(x) + (roundHalfEven(numerator, denominator * unit) * unit).toString();
  }
  const text = roundHalfEven(numerator * 10n ** BigInt(decimals), denominator)
    .toString()
    .padStart(decimals + 1, '0');
  const point = text.length - decimals;
  return signOf(x) + (decimals === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`);
}

/** The first `count` significant digits, exactly rounded. */
function significant(x: number, count: number): Decimal {
  if (x === 0) return { sign: signOf(x), digits: '0'.repeat(count), exponent: 0 };
  const { numerator, denominator } = fraction(x);
  let { exponent } = shortest(x);
  for (;;) {
    const shift = count - 1 - exponent;
    const rounded =
      shift >= 0
        ? roundHalfEven(numerator * 10n ** BigInt(shift), denominator)
        : roundHalfEven(numerator, denominator * 10n ** BigInt(-shift));
    const digits = rounded.toString();
    if (digits.length === count) return { sign: signOf(x), digits, exponent };
    exponent += digits.length - count;
  }
}

/** '%.ne' */
export function exponential(x: number, decimals: number): string {
  const { sign, digits, exponent } = significant(x, decimals + 1);
  return sign + exponentForm(digits, exponent);
}

/** '%.ng'; `keepZeros` is the '#' flag. */
export function general(x: number, precision: number, keepZeros = false): string {
  const count = Math.max(1, precision);
  const { sign, digits, exponent } = significant(x, count);
  const kept = keepZeros ? digits : digits.replace(/0+$/, '') || '0';
  return sign + (exponent < -4 || exponent >= count ? exponentForm(kept, exponent) : pointForm(kept, exponent, 0));
}

/** round(x, n) for a float. */
export function roundTo(x: number, decimals: number): number {
  if (!Number.isFinite(x) || decimals > 323) return x;
  return decimals < -400 ? 0 * x : Number(fixed(x, decimals));
}
