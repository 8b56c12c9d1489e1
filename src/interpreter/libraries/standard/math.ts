/** math, random and numbers. */
import { work } from '../../../tensor/meter';
import type { Context } from '../../context';
import type { ModuleSource } from '../../library';
import { native, nativeClass } from '../../library';
import type { Arguments } from '../../signature';
import { OBJECT } from '../../types';
import { toFloat } from '../../builtins/numberTypes';
import type { NativeFunction, Value } from '../../value';
import { bigintOf, bool, findInClass, float, int, list, tuple } from '../../value';

const real = (context: Context, args: Arguments, name: string): number => {
  const value = args.value(name);
  if (value.kind === 'str') return context.raise('TypeError', `must be real number, not str`);
  return toFloat(context, value);
};

/** NaN out of numbers that are not NaN is a domain error; infinity out of finite ones is too large. */
function checked(context: Context, result: number, ...inputs: readonly number[]): Value {
  if (Number.isNaN(result) && !inputs.some(Number.isNaN)) return context.raise('ValueError', 'math domain error');
  if (!Number.isFinite(result) && !Number.isNaN(result) && inputs.every(Number.isFinite))
    return context.raise('OverflowError', 'math range error');
  return float(result);
}

const unary = (name: string, compute: (x: number) => number): NativeFunction =>
  native(name, 'x, /', (context, args) => {
    const x = real(context, args, 'x');
    return checked(context, compute(x), x);
  });

const logarithm = (name: string, compute: (x: number) => number, natural: number): NativeFunction =>
  native(name, 'x, base=None, /', (context, args) => {
    const value = args.value('x');
    const big = bigintOf(value);
    if (big !== null && big <= 0n) return context.raise('ValueError', 'math domain error');
    const x = big !== null && big > 2n ** 1000n ? null : real(context, args, 'x');
    if (x !== null && x <= 0) return context.raise('ValueError', 'math domain error');
    let result: number;
    if (x === null) {
      // Too large for a float: log(m·2^k) = log m + k·log 2.
      const bits = BigInt(big!.toString(2).length - 60);
      result = compute(Number(big! >> bits)) + Number(bits) * (Math.LN2 / natural);
    } else result = compute(x);
    if (args.optional('base') === null) return float(result);
    const base = real(context, args, 'base');
    if (base <= 0) return context.raise('ValueError', 'math domain error');
    if (base === 1) return context.raise('ZeroDivisionError', 'float division by zero');
    return float(result / Math.log(base));
  });

/** floor, ceil, trunc: ints stay, objects may say themselves. */
const rounding = (name: string, dunder: string, compute: (x: number) => number): NativeFunction =>
  native(name, 'x, /', (context, args) => {
    const value = args.value('x');
    const whole = bigintOf(value);
    if (whole !== null) return int(whole);
    const own = value.kind === 'float' ? null : findInClass(context.typeOf(value), dunder);
    if (own !== null) return context.call(own, [value]);
    const x = real(context, args, 'x');
    if (Number.isNaN(x)) return context.raise('ValueError', 'cannot convert float NaN to integer');
    if (!Number.isFinite(x)) return context.raise('OverflowError', 'cannot convert float infinity to integer');
    return int(BigInt(compute(x)));
  });

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));

/** erf by its series near zero and a continued fraction for erfc far from it (Abramowitz & Stegun 7.1.6, 7.1.14). */
function erf(x: number): number {
  const z = Math.abs(x);
  return x < 0 ? -erf(z) : z < 2.5 ? erfSeries(z) : 1 - erfcFraction(z);
}
function erfc(x: number): number {
  return x < 2.5 ? 1 - erf(x) : erfcFraction(x);
}
function erfSeries(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 1; n < 200 && Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * z * z) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
}
function erfcFraction(z: number): number {
  let fraction = z;
  for (let n = 120; n > 0; n--) fraction = z + n / 2 / fraction;
  return Math.exp(-z * z) / (Math.sqrt(Math.PI) * fraction);
}

/** Lanczos, g = 7, n = 9. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.abs(Math.PI / Math.sin(Math.PI * x))) - logGamma(1 - x);
  const y = x - 1;
  const t = y + 7.5;
  const series = lanczos.reduce((sum, c, i) => (i === 0 ? c : sum + c / (y + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(series);
}
function gamma(x: number): number {
  if (Number.isInteger(x) && x > 0 && x < 171) {
    let product = 1;
    for (let i = 2; i < x; i++) product *= i;
    return product;
  }
  if (x <= 0 && Number.isInteger(x)) return NaN;
  const magnitude = Math.exp(logGamma(x));
  return x < 0 && Math.floor(x) % 2 !== 0 ? -magnitude : magnitude;
}

const functions: readonly NativeFunction[] = [
  unary('exp', Math.exp),
  unary('expm1', Math.expm1),
  unary('sqrt', Math.sqrt),
  unary('cbrt', Math.cbrt),
  unary('sin', Math.sin),
  unary('cos', Math.cos),
  unary('tan', Math.tan),
  unary('asin', Math.asin),
  unary('acos', Math.acos),
  unary('atan', Math.atan),
  unary('sinh', Math.sinh),
  unary('cosh', Math.cosh),
  unary('tanh', Math.tanh),
  unary('asinh', Math.asinh),
  unary('acosh', Math.acosh),
  unary('atanh', Math.atanh),
  unary('erf', erf),
  unary('erfc', erfc),
  unary('gamma', gamma),
  unary('lgamma', logGamma),
  unary('fabs', Math.abs),
  unary('exp2', (x) => 2 ** x),
  unary('degrees', (x) => (x * 180) / Math.PI),
  unary('radians', (x) => (x * Math.PI) / 180),
  logarithm('log', Math.log, 1),
  logarithm('log2', Math.log2, Math.LN2),
  logarithm('log10', Math.log10, Math.LN10),
  native('log1p', 'x, /', (context, args) => {
    const x = real(context, args, 'x');
    return x <= -1 ? context.raise('ValueError', 'math domain error') : float(Math.log1p(x));
  }),
  rounding('floor', '__floor__', Math.floor),
  rounding('ceil', '__ceil__', Math.ceil),
  rounding('trunc', '__trunc__', Math.trunc),
  native('pow', 'x, y, /', (context, args) => {
    const x = real(context, args, 'x');
    const y = real(context, args, 'y');
    if (x === 1 || y === 0) return float(1);
    if (x === 0 && y < 0) return context.raise('ValueError', 'math domain error');
    return checked(context, x ** y, x, y);
  }),
  native('atan2', 'y, x, /', (context, args) => float(Math.atan2(real(context, args, 'y'), real(context, args, 'x')))),
  native('copysign', 'x, y, /', (context, args) => {
    const y = real(context, args, 'y');
    return float(Math.abs(real(context, args, 'x')) * (y < 0 || Object.is(y, -0) ? -1 : 1));
  }),
  native('fmod', 'x, y, /', (context, args) => {
    const x = real(context, args, 'x');
    const y = real(context, args, 'y');
    return checked(context, x % y, x, y);
  }),
  native('hypot', '*coordinates', (context, args) => float(Math.hypot(...args.rest.map((value) => toFloat(context, value))))),
  native('dist', 'p, q, /', (context, args) => {
    const q = args.items('q');
    return float(Math.hypot(...args.items('p').map((value, i) => toFloat(context, value) - toFloat(context, q[i]!))));
  }),
  native('isnan', 'x, /', (context, args) => bool(Number.isNaN(real(context, args, 'x')))),
  native('isinf', 'x, /', (context, args) => bool(Math.abs(real(context, args, 'x')) === Infinity)),
  native('isfinite', 'x, /', (context, args) => bool(Number.isFinite(real(context, args, 'x')))),
  native('isclose', 'a, b, *, rel_tol=1e-09, abs_tol=0.0', (context, args) => {
    const a = real(context, args, 'a');
    const b = real(context, args, 'b');
    if (a === b) return bool(true);
    if (!Number.isFinite(a) || !Number.isFinite(b)) return bool(false);
    return bool(Math.abs(a - b) <= Math.max(args.float('rel_tol') * Math.max(Math.abs(a), Math.abs(b)), args.float('abs_tol')));
  }),
  native('fsum', 'iterable, /', (context, args) =>
    float(
      exactSum(
        context,
        args.items('iterable').map((value) => toFloat(context, value)),
      ),
    ),
  ),
  native('prod', 'iterable, /, *, start=1', (context, args) =>
    args.items('iterable').reduce((product, value) => context.binary('*', product, value), args.value('start')),
  ),
  native('factorial', 'n, /', (context, args) => {
    const n = args.bigint('n');
    if (n < 0n) return context.raise('ValueError', 'factorial() not defined for negative values');
    if (n > 5000n) return context.budgetExceeded(`the factorial of ${n}`);
    let product = 1n;
    for (let i = 2n; i <= n; i++) product *= i;
    return int(product);
  }),
  native('comb', 'n, k, /', (context, args) => int(choose(context, args.bigint('n'), args.bigint('k'), true))),
  native('perm', 'n, k=None, /', (context, args) =>
    int(choose(context, args.bigint('n'), args.optional('k') === null ? args.bigint('n') : args.bigint('k'), false)),
  ),
  native('gcd', '*integers', (context, args) => int(args.rest.reduce((a, b) => gcd(a, bigintOf(b) ?? notInt(context, b)), 0n))),
  native('lcm', '*integers', (context, args) =>
    int(
      args.rest.reduce((a, value) => {
        const b = bigintOf(value) ?? notInt(context, value);
        const product = a * b;
        return product === 0n ? 0n : (product < 0n ? -product : product) / gcd(a, b);
      }, 1n),
    ),
  ),
  native('isqrt', 'n, /', (context, args) => {
    const n = args.bigint('n');
    if (n < 0n) return context.raise('ValueError', 'isqrt() argument must be nonnegative');
    let x = BigInt(Math.floor(Math.sqrt(Number(n))));
    while (x * x > n) x--;
    while ((x + 1n) * (x + 1n) <= n) x++;
    return int(x);
  }),
  native('modf', 'x, /', (context, args) => {
    const x = real(context, args, 'x');
    const whole = Math.trunc(x);
    return tuple([float(Number.isFinite(x) ? x - whole : x * 0), float(whole)]);
  }),
  native('frexp', 'x, /', (context, args) => {
    const x = real(context, args, 'x');
    if (x === 0 || !Number.isFinite(x)) return tuple([float(x), int(0)]);
    let exponent = Math.floor(Math.log2(Math.abs(x))) + 1;
    let mantissa = x / 2 ** exponent;
    if (Math.abs(mantissa) >= 1) {
      mantissa /= 2;
      exponent++;
    }
    return tuple([float(mantissa), int(exponent)]);
  }),
  native('ldexp', 'x, i, /', (context, args) => float(real(context, args, 'x') * 2 ** args.int('i'))),
];

const notInt = (context: Context, value: Value): never =>
  context.raise('TypeError', `'${context.typeOf(value).name}' object cannot be interpreted as an integer`);

function choose(context: Context, n: bigint, k: bigint, unordered: boolean): bigint {
  if (n < 0n || k < 0n) return context.raise('ValueError', 'n must be a non-negative integer');
  if (k > n) return 0n;
  if (k > 5000n) return context.budgetExceeded('so large a combination');
  let result = 1n;
  for (let i = 0n; i < k; i++) result = unordered ? (result * (n - i)) / (i + 1n) : result * (n - i);
  return result;
}

/** Neumaier's partial sums, kept exactly (Shewchuk). */
function exactSum(context: Context, values: readonly number[]): number {
  let partials: number[] = [];
  let special = 0;
  let hasSpecial = false;
  for (const value of values) {
    work(partials.length + 1);
    let x = value;
    const next: number[] = [];
    for (let y of partials) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low !== 0) next.push(low);
      x = high;
    }
    if (Number.isFinite(x)) partials = [...next, x];
    else if (Number.isFinite(value)) context.raise('OverflowError', 'intermediate overflow in fsum');
    else {
      // Infinities and NaN stand apart; the sum so far says no more than they do.
      hasSpecial = true;
      special += value;
      partials = [];
    }
  }
  if (!hasSpecial) return partials.reduceRight((sum, part) => sum + part, 0);
  if (Number.isNaN(special) && !values.some(Number.isNaN)) context.raise('ValueError', '-inf + inf in fsum');
  return special;
}

export const mathModule: ModuleSource = {
  members: () => ({
    ...Object.fromEntries(functions.map((fn) => [fn.name, { ...fn, qualifiedName: `math.${fn.name}` }])),
    pi: float(Math.PI),
    e: float(Math.E),
    tau: float(2 * Math.PI),
    inf: float(Infinity),
    nan: float(NaN),
  }),
  isRealName: (name) => ['cbrt', 'nextafter', 'ulp', 'remainder', 'sumprod', 'fma'].includes(name),
};

// ----------------------------------------------------------------------------------------------------------- random

const note = (context: Context): void => {
  context.note("random numbers come from a generator of this program's own, not from the real library's stream");
};

const drawing = (name: string, text: string | readonly string[], draw: (context: Context, args: Arguments) => Value): NativeFunction =>
  native(`random.${name}`, text, (context, args) => {
    note(context);
    return draw(context, args);
  });

function shuffled(context: Context, items: readonly Value[]): Value[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = context.random.below(i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

const randomFunctions: readonly NativeFunction[] = [
  drawing('random', '', (context) => float(context.random.next())),
  drawing('uniform', 'a, b', (context, args) => {
    const a = args.float('a');
    return float(a + (args.float('b') - a) * context.random.next());
  }),
  drawing('randint', 'a, b', (context, args) => int(args.int('a') + context.random.below(args.int('b') - args.int('a') + 1))),
  drawing('randrange', ['stop', 'start, stop, step=1'], (context, args) => {
    const start = args.overload === 0 ? 0 : args.int('start');
    const step = args.overload === 0 ? 1 : args.int('step');
    return int(start + step * context.random.below(Math.max(1, Math.ceil((args.int('stop') - start) / step))));
  }),
  drawing('gauss', 'mu=0.0, sigma=1.0', (context, args) => float(args.float('mu') + args.float('sigma') * context.random.normal())),
  drawing('normalvariate', 'mu=0.0, sigma=1.0', (context, args) => float(args.float('mu') + args.float('sigma') * context.random.normal())),
  drawing('choice', 'seq', (context, args) => {
    const items = args.items('seq');
    return items[context.random.below(items.length)] ?? context.raise('IndexError', 'Cannot choose from an empty sequence');
  }),
  drawing('shuffle', 'x', (context, args) => {
    const target = args.value('x');
    if (target.kind !== 'list')
      return context.raise('TypeError', `'${context.typeOf(target).name}' object does not support item assignment`);
    target.items.splice(0, target.items.length, ...shuffled(context, target.items));
    return { kind: 'none' };
  }),
  drawing('sample', 'population, k', (context, args) => {
    const items = args.items('population');
    if (args.int('k') > items.length) return context.raise('ValueError', 'Sample larger than population or is negative');
    return list(shuffled(context, items).slice(0, args.int('k')));
  }),
  drawing('choices', 'population, weights=None, *, k=1', (context, args) => {
    const items = args.items('population');
    const weights = args.optional('weights') === null ? items.map(() => 1) : args.items('weights').map((w) => toFloat(context, w));
    const total = weights.reduce((a, b) => a + b, 0);
    return list(
      Array.from({ length: args.int('k') }, () => {
        let at = context.random.next() * total;
        return items.find((_, i) => (at -= weights[i]!) < 0) ?? items.at(-1)!;
      }),
    );
  }),
  native('random.seed', 'a=None', (context, args) => {
    const seed = bigintOf(args.value('a'));
    context.random.seed(seed ?? 0n);
    return { kind: 'none' };
  }),
];

export const randomModule: ModuleSource = {
  members: () => Object.fromEntries(randomFunctions.map((fn) => [fn.name, fn])),
};

// ---------------------------------------------------------------------------------------------------------- numbers

/** A class whose isinstance is a question about the value. */
export const abstractClass = (name: string, holds: (context: Context, value: Value) => boolean): Value =>
  nativeClass(
    name,
    [OBJECT],
    [['__instancecheck__', native('__instancecheck__', 'value', (context, args) => bool(holds(context, args.value('value'))))]],
    { sealed: true },
  );

export const numbersModule: ModuleSource = {
  members: () => ({
    Number: abstractClass('numbers.Number', (_, v) => ['int', 'bool', 'float', 'complex'].includes(v.kind)),
    Complex: abstractClass('numbers.Complex', (_, v) => ['int', 'bool', 'float', 'complex'].includes(v.kind)),
    Real: abstractClass('numbers.Real', (_, v) => ['int', 'bool', 'float'].includes(v.kind)),
    Rational: abstractClass('numbers.Rational', (_, v) => ['int', 'bool'].includes(v.kind)),
    Integral: abstractClass('numbers.Integral', (_, v) => ['int', 'bool'].includes(v.kind)),
  }),
};
