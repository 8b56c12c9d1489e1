/** Operations on each element, and on pairs of elements with broadcasting. */
import { to } from './creation';
import { type Dtype, isFloatDtype, isIntegerDtype, isIntegralDtype, type Values } from './dtype';
import { notImplemented, runtimeError } from './errors';
import { type Binary, zipOperands } from './loops';
import { floatScalar, intScalar, type Operand, resultType, type Scalar } from './promotion';
import { scaled, sumTo } from './broadcasting';
import { derive, needsGrad, readValues } from './record';
import { allocate } from './run';
import { fromValues, isTensor, type Tensor } from './tensor';
import type { Operation } from './recording';
import { special } from './special';
import { reshape } from './views';

type OperandGradient = (dy: Tensor, side: 'a' | 'b', output: Tensor) => Tensor;

interface BinaryOptions {
  readonly name: string;
  readonly overload?: number;
  /** Type of the result, from the type of the operands. */
  readonly dtype?: (dtype: Dtype) => Dtype;
  /** Whose values the gradient with respect to each operand reads. */
  readonly saves?: { readonly a: readonly ('a' | 'b' | 'output')[]; readonly b: readonly ('a' | 'b' | 'output')[] };
  readonly attributes?: Operation['attributes'];
  readonly gradient: OperandGradient;
}

function binary(a: Operand, b: Operand, f: Binary, options: BinaryOptions): Tensor {
  const computed = resultType(a, b);
  const dtype = options.dtype?.(computed) ?? computed;
  const { values, shape } = zipOperands(a, b, f, dtype, isFloatDtype(dtype) ? dtype : computed);
  const tensors = [a, b].filter(isTensor);
  const operands = [a, b];
  if (!needsGrad(...tensors)) {
    return derive(values, shape, dtype, {
      name: options.name,
      inputs: [],
      operands,
      attributes: options.attributes ?? {},
      gradient: (dy) => dy,
    });
  }
  const reads = (['a', 'b'] as const).flatMap((side) => {
    const operand = side === 'a' ? a : b;
    return isTensor(operand) && operand.requiresGrad ? (options.saves?.[side] ?? []) : [];
  });
  return derive(values, shape, dtype, {
    name: options.name,
    overload: options.overload ?? 0,
    inputs: tensors,
    operands,
    attributes: options.attributes ?? {},
    saved: [reads.includes('a') ? a : null, reads.includes('b') ? b : null].filter(isTensor),
    savesOutput: reads.includes('output'),
    gradient: (dy, i, output) => {
      const input = tensors[i]!;
      return sumTo(options.gradient(dy, input === a && (i === 0 || a !== b) ? 'a' : 'b', output), input.shape);
    },
  });
}

const isBool = (operand: Operand): boolean => (isTensor(operand) ? operand.dtype === 'bool' : operand.kind === 'bool');

export function add(a: Operand, b: Operand, alpha: Scalar = intScalar(1)): Tensor {
  if (alpha.value !== 1) return add(a, isTensor(b) ? mul(b, alpha) : { kind: b.kind, value: b.value * alpha.value });
  const f: Binary = resultType(a, b) === 'bool' ? (x, y) => (x !== 0 || y !== 0 ? 1 : 0) : 'add';
  return binary(a, b, f, { name: 'Add', gradient: (dy) => dy });
}

export function sub(a: Operand, b: Operand, alpha: Scalar = intScalar(1)): Tensor {
  if (isBool(a) && isBool(b) && isTensor(a) && isTensor(b)) {
    throw runtimeError(
      'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.',
    );
  }
  if ((isTensor(a) && isBool(a)) || (isTensor(b) && isBool(b))) {
    throw runtimeError(
      'Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.',
    );
  }
  if (alpha.value !== 1) return sub(a, isTensor(b) ? mul(b, alpha) : { kind: b.kind, value: b.value * alpha.value });
  return binary(a, b, 'sub', {
    name: isTensor(a) ? 'Sub' : 'Rsub',
    overload: isTensor(a) ? 0 : 1,
    gradient: (dy, side) => (side === 'a' ? dy : neg(dy)),
  });
}

export function mul(a: Operand, b: Operand): Tensor {
  return binary(a, b, 'mul', {
    name: 'Mul',
    saves: { a: ['b'], b: ['a'] },
    gradient: (dy, side) => mul(dy, side === 'a' ? b : a),
  });
}

const floating = (dtype: Dtype): Dtype => (isFloatDtype(dtype) ? dtype : 'float32');

/** True division, or rounded as `rounding_mode` says. */
export function div(a: Operand, b: Operand, roundingMode: 'trunc' | 'floor' | null = null): Tensor {
  // As torch: a number over a tensor is the tensor's reciprocal times the number.
  if (!isTensor(a) && isTensor(b) && roundingMode === null && isFloatDtype(b.dtype)) return mul(reciprocal(b), a);
  if (roundingMode === 'floor') return floorDivide(a, b);
  if (roundingMode === 'trunc') {
    if (isIntegralDtype(resultType(a, b))) refuseZeroDivisor(a, b);
    return binary(a, b, (x, y) => Math.trunc(x / y), {
      name: 'Div',
      overload: 1,
      attributes: { rounding: 'trunc' },
      gradient: (dy) => mul(dy, intScalar(0)),
    });
  }
  return binary(a, b, 'div', {
    name: 'Div',
    dtype: floating,
    saves: { a: ['b'], b: ['a', 'b'] },
    gradient: (dy, side) => (side === 'a' ? div(dy, b) : neg(div(mul(dy, div(a, b)), b))),
  });
}

function refuseZeroDivisor(a: Operand, b: Operand): void {
  if (!isIntegralDtype(resultType(a, b))) return;
  if (isTensor(b) ? readValues(b).includes(0) : b.value === 0) throw runtimeError('ZeroDivisionError');
}

/** Rounds the quotient down, as Python's `//`. */
export function floorDivide(a: Operand, b: Operand): Tensor {
  refuseZeroDivisor(a, b);
  return binary(a, b, (x, y) => (y === 0 ? x / y : (x - moduloOf(x, y)) / y), {
    name: 'FloorDivide',
    gradient: (dy) => mul(dy, intScalar(0)),
  });
}

function moduloOf(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

/** The remainder with the sign of the divisor: Python's `%`. */
export function remainder(a: Operand, b: Operand): Tensor {
  refuseZeroDivisor(a, b);
  return binary(a, b, moduloOf, {
    name: 'Remainder',
    saves: { a: [], b: ['a', 'b'] },
    gradient: (dy, side) => (side === 'a' ? dy : neg(mul(dy, to(floorDivide(a, b), dy.dtype)))),
  });
}

/** The remainder with the sign of the dividend: C's fmod. */
export function fmod(a: Operand, b: Operand): Tensor {
  refuseZeroDivisor(a, b);
  return binary(a, b, (x, y) => x % y, {
    name: 'Fmod',
    saves: { a: [], b: ['a', 'b'] },
    gradient: (dy, side) => (side === 'a' ? dy : neg(mul(dy, to(div(a, b, 'trunc'), dy.dtype)))),
  });
}

export function pow(base: Operand, exponent: Operand): Tensor {
  if (!isTensor(exponent) && exponent.kind === 'int' && exponent.value < 0 && isTensor(base) && isIntegerDtype(base.dtype)) {
    throw runtimeError('Integers to negative integer powers are not allowed.');
  }
  const f: Binary = isTensor(exponent)
    ? (x, y) => powOf(x, y)
    : exponent.value === 2
      ? (x) => x * x
      : exponent.value === 0.5
        ? (x) => Math.sqrt(x)
        : powOf;
  return binary(base, exponent, f, {
    name: 'Pow',
    overload: isTensor(exponent) ? (isTensor(base) ? 1 : 2) : 0,
    saves: { a: ['a', 'b'], b: ['a', 'b', 'output'] },
    gradient: (dy, side, output) => {
      if (side === 'a') {
        if (!isTensor(exponent)) {
          if (exponent.value === 0) return mul(dy, intScalar(0));
          const lowered = pow(base, floatScalar(exponent.value - 1));
          return mul(dy, mul(lowered, floatScalar(exponent.value)));
        }
        const lowered = mul(exponent, pow(base, sub(exponent, intScalar(1))));
        return mul(dy, where(zeroMask(exponent), floatScalar(0), lowered));
      }
      // d/de bᵉ = bᵉ log b, which is 0 where b is 0 and e ≥ 0.
      const slope = mul(output, isTensor(base) ? log(base) : floatScalar(Math.log(base.value)));
      const flat = isTensor(base) ? zeroMask(base) : null;
      return mul(dy, flat === null ? slope : where(flat, floatScalar(0), slope));
    },
  });
}

/** C's pow: 1 to any power is 1, also NaN and ∞, where JavaScript has NaN. */
const powOf = (x: number, y: number): number => (x === 1 || y === 0 ? 1 : x === -1 && !Number.isFinite(y) && !Number.isNaN(y) ? 1 : x ** y);

function zeroMask(input: Tensor): Tensor {
  const from = readValues(input);
  const values = allocate('bool', from.length);
  for (let i = 0; i < values.length; i++) values[i] = from[i] === 0 ? 1 : 0;
  return fromValues(values, input.shape, 'bool');
}

/** 1 where the first wins, ½ for ties: how torch shares the gradient of maximum and minimum. */
function shareOf(a: Operand, b: Operand, wins: (x: number, y: number) => boolean, dtype: Dtype): Tensor {
  const { values, shape } = zipOperands(a, b, (x, y) => (x === y ? 0.5 : wins(x, y) || Number.isNaN(x) ? 1 : 0), dtype, resultType(a, b));
  return fromValues(values, shape, dtype);
}

export function maximum(a: Operand, b: Operand): Tensor {
  return binary(a, b, Math.max, {
    name: 'Maximum',
    saves: { a: ['a', 'b'], b: ['a', 'b'] },
    gradient: (dy, side) => mul(dy, side === 'a' ? shareOf(a, b, (x, y) => x > y, dy.dtype) : shareOf(b, a, (x, y) => x > y, dy.dtype)),
  });
}

export function minimum(a: Operand, b: Operand): Tensor {
  return binary(a, b, Math.min, {
    name: 'Minimum',
    saves: { a: ['a', 'b'], b: ['a', 'b'] },
    gradient: (dy, side) => mul(dy, side === 'a' ? shareOf(a, b, (x, y) => x < y, dy.dtype) : shareOf(b, a, (x, y) => x < y, dy.dtype)),
  });
}

/** x log y, and 0 where x is 0 (unless y is NaN). */
export function xlogy(a: Operand, b: Operand): Tensor {
  return binary(a, b, (x, y) => (Number.isNaN(y) ? NaN : x === 0 ? 0 : x * Math.log(y)), {
    name: 'Xlogy',
    dtype: floating,
    saves: { a: ['a', 'b'], b: ['a', 'b'] },
    gradient: (dy, side) => {
      if (side === 'b') return mul(dy, div(a, b));
      const slope = isTensor(b) ? log(b) : floatScalar(Math.log(b.value));
      const product = mul(dy, slope);
      return isTensor(a) ? where(zeroMask(a), floatScalar(0), product) : product;
    },
  });
}

export function atan2(a: Operand, b: Operand): Tensor {
  return binary(a, b, Math.atan2, {
    name: 'Atan2',
    dtype: floating,
    saves: { a: ['a', 'b'], b: ['a', 'b'] },
    gradient: (dy, side) => {
      const squared = add(mul(a, a), mul(b, b));
      return side === 'a' ? mul(dy, div(b, squared)) : neg(mul(dy, div(a, squared)));
    },
  });
}

/** log(eᵃ + eᵇ) without overflow. */
export function logaddexp(a: Operand, b: Operand): Tensor {
  return binary(a, b, (x, y) => (x === y ? x + Math.LN2 : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)))), {
    name: 'Logaddexp',
    saves: { a: ['a', 'output'], b: ['b', 'output'] },
    gradient: (dy, side, output) => mul(dy, exp(sub(side === 'a' ? a : b, output))),
  });
}

export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition.dtype !== 'bool' && condition.dtype !== 'uint8') {
    throw runtimeError(`where expected condition to be a boolean tensor, but got a tensor with dtype ${condition.dtype}`);
  }
  const dtype = resultType(a, b);
  // Two passes of the broadcasting loop: the choice of a or NaN-free zero, then b's where the condition is false.
  const chosen = zipOperands(condition, isTensor(a) ? a : { ...a }, (c, x) => (c !== 0 ? x : 0), dtype, dtype);
  const other = zipOperands(condition, b, (c, y) => (c !== 0 ? 0 : y), dtype, dtype);
  const { values, shape } = zipOperands(
    fromValues(chosen.values, chosen.shape, dtype),
    fromValues(other.values, other.shape, dtype),
    'add',
    dtype,
  );
  const tensors = [a, b].filter(isTensor);
  return derive(values, shape, dtype, {
    name: 'Where',
    inputs: tensors,
    operands: [condition, a, b],
    saved: [condition],
    gradient: (dy, i) => {
      const zero = floatScalar(0);
      return sumTo(tensors[i] === a && (i === 0 || a !== b) ? where(condition, dy, zero) : where(condition, zero, dy), tensors[i]!.shape);
    },
  });
}

// One operand

interface UnaryOptions {
  readonly name: string;
  readonly overload?: number;
  readonly saves?: 'input' | 'output';
  /** Keeps integers as they are; without it the result is floating. */
  readonly keepsIntegers?: boolean;
  readonly attributes?: Operation['attributes'];
  readonly gradient: (dy: Tensor, input: Tensor, output: Tensor) => Tensor;
}

function unary(input: Tensor, f: (x: number) => number, options: UnaryOptions): Tensor {
  const dtype = options.keepsIntegers === true ? input.dtype : floating(input.dtype);
  const from = readValues(input);
  const values = allocate(dtype, from.length);
  for (let i = 0; i < values.length; i++) values[i] = f(from[i]!);
  if (isIntegerDtype(dtype)) for (let i = 0; i < values.length; i++) values[i]! += 0;
  return derive(values, input.shape, dtype, {
    name: options.name,
    overload: options.overload ?? 0,
    inputs: [input],
    attributes: options.attributes ?? {},
    saved: options.saves === 'input' ? [input] : [],
    savesOutput: options.saves === 'output',
    gradient: (dy, _, output) => options.gradient(dy, input, output),
  });
}

export function neg(input: Tensor): Tensor {
  if (input.dtype === 'bool') {
    throw runtimeError(
      'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.',
    );
  }
  const from = readValues(input);
  const values = allocate(input.dtype, from.length);
  negateInto(values, from);
  if (isIntegerDtype(input.dtype)) for (let i = 0; i < values.length; i++) values[i]! += 0;
  return derive(values, input.shape, input.dtype, { name: 'Neg', inputs: [input], gradient: (dy) => neg(dy) });
}

function negateInto(out: Values, from: Values): void {
  if (out instanceof Float32Array && from instanceof Float32Array) for (let i = 0; i < out.length; i++) out[i] = -from[i]!;
  else for (let i = 0; i < out.length; i++) out[i] = -from[i]!;
}

/** The tensor itself: `+x`. */
export const positive = (input: Tensor): Tensor => input;

const one = intScalar(1);

export const exp = (input: Tensor): Tensor => unary(input, Math.exp, { name: 'Exp', saves: 'output', gradient: (dy, _, y) => mul(dy, y) });
export const expm1 = (input: Tensor): Tensor =>
  unary(input, Math.expm1, { name: 'Expm1', saves: 'output', gradient: (dy, _, y) => mul(dy, add(y, one)) });
export const exp2 = (input: Tensor): Tensor =>
  unary(input, (x) => 2 ** x, { name: 'Exp2', saves: 'output', gradient: (dy, _, y) => mul(dy, mul(y, floatScalar(Math.LN2))) });
export const log = (input: Tensor): Tensor => unary(input, Math.log, { name: 'Log', saves: 'input', gradient: (dy, x) => div(dy, x) });
export const log2 = (input: Tensor): Tensor =>
  unary(input, Math.log2, { name: 'Log2', saves: 'input', gradient: (dy, x) => div(dy, mul(x, floatScalar(Math.LN2))) });
export const log10 = (input: Tensor): Tensor =>
  unary(input, Math.log10, { name: 'Log10', saves: 'input', gradient: (dy, x) => div(dy, mul(x, floatScalar(Math.LN10))) });
export const log1p = (input: Tensor): Tensor =>
  unary(input, Math.log1p, { name: 'Log1P', saves: 'input', gradient: (dy, x) => div(dy, add(x, one)) });
export const sqrt = (input: Tensor): Tensor =>
  unary(input, Math.sqrt, { name: 'Sqrt', saves: 'output', gradient: (dy, _, y) => div(dy, mul(y, intScalar(2))) });
export const rsqrt = (input: Tensor): Tensor =>
  unary(input, (x) => 1 / Math.sqrt(x), {
    name: 'Rsqrt',
    saves: 'output',
    gradient: (dy, _, y) => mul(dy, mul(pow(y, intScalar(3)), floatScalar(-0.5))),
  });
export const reciprocal = (input: Tensor): Tensor =>
  unary(input, (x) => 1 / x, { name: 'Reciprocal', saves: 'output', gradient: (dy, _, y) => neg(mul(dy, mul(y, y))) });
export const square = (input: Tensor): Tensor => pow(input, intScalar(2));
export const sin = (input: Tensor): Tensor => unary(input, Math.sin, { name: 'Sin', saves: 'input', gradient: (dy, x) => mul(dy, cos(x)) });
export const cos = (input: Tensor): Tensor =>
  unary(input, Math.cos, { name: 'Cos', saves: 'input', gradient: (dy, x) => neg(mul(dy, sin(x))) });
export const tan = (input: Tensor): Tensor =>
  unary(input, Math.tan, { name: 'Tan', saves: 'output', gradient: (dy, _, y) => mul(dy, add(mul(y, y), one)) });
export const asin = (input: Tensor): Tensor =>
  unary(input, Math.asin, { name: 'Asin', saves: 'input', gradient: (dy, x) => mul(dy, rsqrt(sub(one, mul(x, x)))) });
export const acos = (input: Tensor): Tensor =>
  unary(input, Math.acos, { name: 'Acos', saves: 'input', gradient: (dy, x) => neg(mul(dy, rsqrt(sub(one, mul(x, x))))) });
export const atan = (input: Tensor): Tensor =>
  unary(input, Math.atan, { name: 'Atan', saves: 'input', gradient: (dy, x) => div(dy, add(mul(x, x), one)) });
export const sinh = (input: Tensor): Tensor =>
  unary(input, Math.sinh, { name: 'Sinh', saves: 'input', gradient: (dy, x) => mul(dy, cosh(x)) });
export const cosh = (input: Tensor): Tensor =>
  unary(input, Math.cosh, { name: 'Cosh', saves: 'input', gradient: (dy, x) => mul(dy, sinh(x)) });
export const tanh = (input: Tensor): Tensor =>
  unary(input, Math.tanh, { name: 'Tanh', saves: 'output', gradient: (dy, _, y) => mul(dy, sub(one, mul(y, y))) });
export const asinh = (input: Tensor): Tensor =>
  unary(input, Math.asinh, { name: 'Asinh', saves: 'input', gradient: (dy, x) => mul(dy, rsqrt(add(mul(x, x), one))) });
export const acosh = (input: Tensor): Tensor =>
  unary(input, Math.acosh, { name: 'Acosh', saves: 'input', gradient: (dy, x) => mul(dy, rsqrt(sub(mul(x, x), one))) });
export const atanh = (input: Tensor): Tensor =>
  unary(input, Math.atanh, { name: 'Atanh', saves: 'input', gradient: (dy, x) => div(dy, sub(one, mul(x, x))) });
export const sigmoid = (input: Tensor): Tensor =>
  unary(input, special.sigmoid, { name: 'Sigmoid', saves: 'output', gradient: (dy, _, y) => mul(dy, mul(y, sub(one, y))) });
export const erf = (input: Tensor): Tensor =>
  unary(input, special.erf, {
    name: 'Erf',
    saves: 'input',
    gradient: (dy, x) => mul(dy, mul(exp(neg(mul(x, x))), floatScalar(2 / Math.sqrt(Math.PI)))),
  });
export const erfc = (input: Tensor): Tensor =>
  unary(input, special.erfc, {
    name: 'Erfc',
    saves: 'input',
    gradient: (dy, x) => mul(dy, mul(exp(neg(mul(x, x))), floatScalar(-2 / Math.sqrt(Math.PI)))),
  });
export const lgamma = (input: Tensor): Tensor =>
  unary(input, special.lgamma, { name: 'Lgamma', saves: 'input', gradient: (dy, x) => mul(dy, digamma(x)) });
export const digamma = (input: Tensor): Tensor =>
  unary(input, special.digamma, {
    name: 'Digamma',
    saves: 'input',
    gradient: () => {
      throw notImplemented('the derivative of digamma (polygamma) is not supported');
    },
  });
/** log(p / (1 − p)), with p clamped to [eps, 1 − eps] when eps is given. */
export function logit(input: Tensor, eps: number | null = null): Tensor {
  const p = eps === null ? input : clamp(input, floatScalar(eps), floatScalar(1 - eps));
  return unary(p, (x) => Math.log(x / (1 - x)), {
    name: 'Logit',
    saves: 'input',
    gradient: (dy, x) => div(dy, mul(x, sub(one, x))),
  });
}

const flat = (dy: Tensor): Tensor => scaled(dy, 0);

export function abs(input: Tensor): Tensor {
  return unary(input, Math.abs, { name: 'Abs', saves: 'input', keepsIntegers: true, gradient: (dy, x) => mul(dy, sign(x)) });
}
export const sign = (input: Tensor): Tensor => unary(input, (x) => Math.sign(x) + 0, { name: 'Sign', keepsIntegers: true, gradient: flat });
export const floor = (input: Tensor): Tensor => unary(input, Math.floor, { name: 'Floor', keepsIntegers: true, gradient: flat });
export const ceil = (input: Tensor): Tensor => unary(input, Math.ceil, { name: 'Ceil', keepsIntegers: true, gradient: flat });
export const trunc = (input: Tensor): Tensor => unary(input, Math.trunc, { name: 'Trunc', keepsIntegers: true, gradient: flat });
export const frac = (input: Tensor): Tensor => unary(input, (x) => x - Math.trunc(x), { name: 'Frac', gradient: (dy) => dy });
/** Half to even, to a number of decimals. */
export function round(input: Tensor, decimals = 0): Tensor {
  const scale = 10 ** decimals;
  return unary(input, (x) => special.roundHalfEven(x * scale) / scale, {
    name: 'Round',
    keepsIntegers: true,
    attributes: { decimals },
    gradient: flat,
  });
}
export const deg2rad = (input: Tensor): Tensor => mul(input, floatScalar(Math.PI / 180));
export const rad2deg = (input: Tensor): Tensor => mul(input, floatScalar(180 / Math.PI));

/** Replaces NaN and infinities by numbers; by default 0 and the largest and smallest of the type. */
export function nanToNum(input: Tensor, nan = 0, posinf: number | null = null, neginf: number | null = null): Tensor {
  const largest = input.dtype === 'float64' ? Number.MAX_VALUE : input.dtype === 'float16' ? 65504 : 3.4028234663852886e38;
  const replace = (x: number): number =>
    Number.isNaN(x) ? nan : x === Infinity ? (posinf ?? largest) : x === -Infinity ? (neginf ?? -largest) : x;
  return unary(input, replace, {
    name: 'NanToNum',
    saves: 'input',
    attributes: { nan, posinf: posinf ?? largest, neginf: neginf ?? -largest },
    keepsIntegers: true,
    gradient: (dy, x) => maskGradient(dy, x, Number.isFinite),
  });
}

/** dy where the condition on x holds, else 0. */
function maskGradient(dy: Tensor, x: Tensor, keeps: (x: number) => boolean): Tensor {
  const from = readValues(x);
  const mask = allocate(dy.dtype, from.length);
  for (let i = 0; i < mask.length; i++) mask[i] = keeps(from[i]!) ? 1 : 0;
  return mul(dy, fromValues(mask, x.shape, dy.dtype));
}

/** Limits to [min, max]; either may be missing, and either may be a tensor. The gradient is 1 also at the boundary. */
export function clamp(input: Tensor, min: Operand | null, max: Operand | null): Tensor {
  if (min === null && max === null) throw runtimeError("torch.clamp: At least one of 'min' or 'max' must not be None");
  if ((min !== null && isTensor(min)) || (max !== null && isTensor(max))) {
    const raised = min === null ? input : clampSide(input, min, Math.max, (x, m) => x >= m);
    return max === null ? raised : clampSide(raised, max, Math.min, (x, m) => x <= m);
  }
  const low = min === null ? -Infinity : min.value;
  const high = max === null ? Infinity : max.value;
  const widened = widen(input, [min, max]);
  return unary(widened, (x) => Math.min(Math.max(x, low), high), {
    name: 'Clamp',
    overload: 1,
    saves: 'input',
    attributes: { low, high },
    keepsIntegers: true,
    gradient: (dy, x) => maskGradient(dy, x, (v) => v >= low && v <= high),
  });
}

const widen = (input: Tensor, bounds: readonly (Scalar | null)[]): Tensor =>
  to(input, resultType(input, ...bounds.filter((bound) => bound !== null)));

function clampSide(input: Tensor, bound: Operand, f: (x: number, m: number) => number, inside: (x: number, m: number) => boolean): Tensor {
  return binary(input, bound, f, {
    name: 'Clamp',
    attributes: { side: f === Math.max ? 'min' : 'max' },
    saves: { a: ['a', 'b'], b: ['a', 'b'] },
    gradient: (dy, side) => {
      const { values, shape } = zipOperands(input, bound, (x, m) => (inside(x, m) === (side === 'a') ? 1 : 0), dy.dtype, input.dtype);
      return mul(dy, fromValues(values, shape, dy.dtype));
    },
  });
}

// Activations

export function relu(input: Tensor): Tensor {
  return unary(input, (x) => (x > 0 ? x : Number.isNaN(x) ? x : 0), {
    name: 'Relu',
    saves: 'output',
    keepsIntegers: true,
    gradient: (dy, _, y) => maskGradient(dy, y, (v) => v > 0),
  });
}

/** A function with its slope: for activations whose gradient is a closed form of the input. */
function activation(
  input: Tensor,
  name: string,
  f: (x: number) => number,
  slope: (x: number) => number,
  attributes: Operation['attributes'] = {},
): Tensor {
  if (!isFloatDtype(input.dtype)) throw runtimeError(`"${name.toLowerCase()}_cpu" not implemented for '${input.dtype}'`);
  return unary(input, f, { name, saves: 'input', attributes, gradient: (dy, x) => mul(dy, slopes(x, name, slope, dy.dtype)) });
}

/** The slopes are on the tape, so that a second gradient through them is refused instead of being left out. */
function slopes(input: Tensor, name: string, slope: (x: number) => number, dtype: Dtype): Tensor {
  const from = readValues(input);
  const values = allocate(dtype, from.length);
  for (let i = 0; i < values.length; i++) values[i] = slope(from[i]!);
  return derive(values, input.shape, dtype, {
    name: `${name}Backward`,
    inputs: [input],
    gradient: () => {
      throw notImplemented(`the second derivative of ${name} is not supported`);
    },
  });
}

export const leakyRelu = (input: Tensor, negativeSlope = 0.01): Tensor =>
  activation(
    input,
    'LeakyRelu',
    (x) => (x > 0 ? x : x * negativeSlope),
    (x) => (x > 0 ? 1 : negativeSlope),
    { negativeSlope },
  );
export const elu = (input: Tensor, alpha = 1): Tensor =>
  activation(
    input,
    'Elu',
    (x) => (x > 0 ? x : alpha * Math.expm1(x)),
    (x) => (x > 0 ? 1 : alpha * Math.exp(x)),
    { alpha },
  );
export const celu = (input: Tensor, alpha = 1): Tensor =>
  activation(
    input,
    'Celu',
    (x) => (x > 0 ? x : alpha * Math.expm1(x / alpha)),
    (x) => (x > 0 ? 1 : Math.exp(x / alpha)),
  );
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;
export const selu = (input: Tensor): Tensor =>
  activation(
    input,
    'Selu',
    (x) => seluScale * (x > 0 ? x : seluAlpha * Math.expm1(x)),
    (x) => seluScale * (x > 0 ? 1 : seluAlpha * Math.exp(x)),
  );
export const softplus = (input: Tensor, beta = 1, threshold = 20): Tensor =>
  activation(
    input,
    'Softplus',
    (x) => (x * beta > threshold ? x : Math.log1p(Math.exp(x * beta)) / beta),
    (x) => (x * beta > threshold ? 1 : special.sigmoid(x * beta)),
    { beta },
  );
export const logSigmoid = (input: Tensor): Tensor =>
  activation(
    input,
    'LogSigmoid',
    (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))),
    (x) => special.sigmoid(-x),
  );
export const silu = (input: Tensor): Tensor =>
  activation(
    input,
    'Silu',
    (x) => x * special.sigmoid(x),
    (x) => special.sigmoid(x) * (1 + x * (1 - special.sigmoid(x))),
  );
export const mish = (input: Tensor): Tensor =>
  activation(
    input,
    'Mish',
    (x) => x * Math.tanh(special.softplus(x)),
    (x) => {
      const tanhSoftplus = Math.tanh(special.softplus(x));
      return tanhSoftplus + x * (1 - tanhSoftplus * tanhSoftplus) * special.sigmoid(x);
    },
  );
const gaussianDensity = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
const gaussianMass = (x: number): number => 0.5 * special.erfc(-x / Math.SQRT2);
export function gelu(input: Tensor, approximate: 'none' | 'tanh' = 'none'): Tensor {
  if (approximate === 'none') {
    return activation(
      input,
      'Gelu',
      (x) => x * gaussianMass(x),
      (x) => gaussianMass(x) + x * gaussianDensity(x),
    );
  }
  const c = Math.sqrt(2 / Math.PI);
  const inner = (x: number): number => c * (x + 0.044715 * x ** 3);
  return activation(
    input,
    'Gelu',
    (x) => 0.5 * x * (1 + Math.tanh(inner(x))),
    (x) => {
      const bent = Math.tanh(inner(x));
      return 0.5 * (1 + bent) + 0.5 * x * (1 - bent * bent) * c * (1 + 3 * 0.044715 * x * x);
    },
  );
}
export const hardtanh = (input: Tensor, min = -1, max = 1): Tensor =>
  activation(
    input,
    'Hardtanh',
    (x) => Math.min(Math.max(x, min), max),
    (x) => (x > min && x < max ? 1 : 0),
  );
export const relu6 = (input: Tensor): Tensor => hardtanh(input, 0, 6);
export const hardsigmoid = (input: Tensor): Tensor =>
  activation(
    input,
    'Hardsigmoid',
    (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1),
    (x) => (x > -3 && x < 3 ? 1 / 6 : 0),
  );
export const hardswish = (input: Tensor): Tensor =>
  activation(
    input,
    'Hardswish',
    (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
    (x) => (x < -3 ? 0 : x <= 3 ? x / 3 + 0.5 : 1),
  );
export const softsign = (input: Tensor): Tensor => div(input, add(abs(input), one));
export const tanhshrink = (input: Tensor): Tensor => sub(input, tanh(input));
export const softshrink = (input: Tensor, lambda = 0.5): Tensor =>
  activation(
    input,
    'Softshrink',
    (x) => (x > lambda ? x - lambda : x < -lambda ? x + lambda : 0),
    (x) => (Math.abs(x) > lambda ? 1 : 0),
  );
export const hardshrink = (input: Tensor, lambda = 0.5): Tensor =>
  activation(
    input,
    'Hardshrink',
    (x) => (Math.abs(x) > lambda ? x : 0),
    (x) => (Math.abs(x) > lambda ? 1 : 0),
  );
export const threshold = (input: Tensor, limit: number, value: number): Tensor =>
  activation(
    input,
    'Threshold',
    (x) => (x > limit ? x : value),
    (x) => (x > limit ? 1 : 0),
  );
export function prelu(input: Tensor, weight: Tensor): Tensor {
  const channels = weight.shape.length === 1 && weight.shape[0] !== 1 ? input.shape.map((_, d) => (d === 1 ? weight.shape[0]! : 1)) : [];
  const slope = channels.length === 0 ? weight : reshape(weight, channels);
  return add(relu(input), mul(slope, minimum(input, intScalar(0))));
}

// Combinations

/** start + weight · (end − start). */
export const lerp = (start: Tensor, end: Tensor, weight: Operand): Tensor => add(start, mul(sub(end, start), weight));
export const addcmul = (input: Tensor, a: Tensor, b: Tensor, value: Scalar = one): Tensor => add(input, mul(mul(a, b), value));
export const addcdiv = (input: Tensor, a: Tensor, b: Tensor, value: Scalar = one): Tensor => add(input, mul(div(a, b), value));
export const copysign = (a: Operand, b: Operand): Tensor =>
  binary(a, b, (x, y) => (Object.is(y, -0) || y < 0 ? -Math.abs(x) : Math.abs(x)), {
    name: 'Copysign',
    dtype: floating,
    saves: { a: ['a', 'b'], b: [] },
    gradient: (dy, side) => {
      if (side === 'b') return flat(dy);
      const { values, shape } = zipOperands(a, b, (x, y) => (x === 0 ? 0 : x < 0 === y < 0 ? 1 : -1), dy.dtype);
      return mul(dy, fromValues(values, shape, dy.dtype));
    },
  });
export const hypot = (a: Tensor, b: Tensor): Tensor => sqrt(add(mul(a, a), mul(b, b)));
