/** Python's arithmetic of bool, int, float and complex. */
import type { Context } from './context';
import type { Value } from './value';
import { bigintOf, bool, float, int, numberOf } from './value';

export const isNumber = (value: Value): boolean =>
  value.kind === 'int' || value.kind === 'float' || value.kind === 'bool' || value.kind === 'complex';

/** Bits of the largest int that is computed: enough for any loss, small enough to stay fast. */
const largestBits = 200_000;

function checked(context: Context, value: bigint): Value {
  if (isSmall(value)) return int(value);
  return int(
    value < 0n ? (bitLength(-value) > largestBits ? tooLarge(context) : value) : bitLength(value) > largestBits ? tooLarge(context) : value,
  );
}

const isSmall = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

const tooLarge = (context: Context): never => context.budgetExceeded(`an integer of more than ${largestBits} bits`);

export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const hex = value.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(parseInt(hex[0]!, 16)));
}

/** null when the operands are not both numbers, or the operator is not one of numbers. */
export function numericBinary(context: Context, operator: string, left: Value, right: Value): Value | null {
  if (left.kind === 'complex' || right.kind === 'complex') return complexBinary(context, operator, left, right);
  if (left.kind === 'float' || right.kind === 'float') {
    const a = numberOf(left);
    const b = numberOf(right);
    if (a === null || b === null) return null;
    return floatBinary(context, operator, checkedNumber(context, left, a), checkedNumber(context, right, b));
  }
  const a = bigintOf(left);
  const b = bigintOf(right);
  if (a === null || b === null) return null;
  if (left.kind === 'bool' && right.kind === 'bool' && (operator === '&' || operator === '|' || operator === '^'))
    return bool(operator === '&' ? left.value && right.value : operator === '|' ? left.value || right.value : left.value !== right.value);
  return intBinary(context, operator, a, b);
}

function checkedNumber(context: Context, value: Value, number: number): number {
  return value.kind === 'int' && !Number.isFinite(number) ? context.raise('OverflowError', 'int too large to convert to float') : number;
}

function intBinary(context: Context, operator: string, a: bigint, b: bigint): Value | null {
  switch (operator) {
    case '+':
      return checked(context, a + b);
    case '-':
      return checked(context, a - b);
    case '*':
      if (isSmall(a) && isSmall(b)) return int(a * b);
      if (bitLength(a < 0n ? -a : a) + bitLength(b < 0n ? -b : b) > largestBits) return tooLarge(context);
      return int(a * b);
    case '/':
      return float(trueDivide(context, a, b));
    case '//':
      if (b === 0n) return context.raise('ZeroDivisionError', 'integer division or modulo by zero');
      return int(floorDivide(a, b));
    case '%':
      if (b === 0n) return context.raise('ZeroDivisionError', 'integer modulo by zero');
      return int(a - floorDivide(a, b) * b);
    case '**':
      return intPower(context, a, b);
    case '<<':
      if (b < 0n) return context.raise('ValueError', 'negative shift count');
      if (a !== 0n && b > BigInt(largestBits)) return tooLarge(context);
      return checked(context, a << b);
    case '>>':
      if (b < 0n) return context.raise('ValueError', 'negative shift count');
      return int(b > BigInt(2 * largestBits) ? (a < 0n ? -1n : 0n) : a >> b);
    case '&':
      return int(a & b);
    case '|':
      return int(a | b);
    case '^':
      return int(a ^ b);
    default:
      return null;
  }
}

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Correctly rounded also where an operand is not a float. */
function trueDivide(context: Context, a: bigint, b: bigint): number {
  if (b === 0n) return context.raise('ZeroDivisionError', 'division by zero');
  const x = Number(a);
  const y = Number(b);
  if (Number.isSafeInteger(x) && Number.isSafeInteger(y)) return x / y;
  const negative = a < 0n !== b < 0n;
  const numerator = a < 0n ? -a : a;
  const denominator = b < 0n ? -b : b;
  // 66 bits of quotient and a sticky bit round right once.
  const shift = 66 - (bitLength(numerator) - bitLength(denominator));
  const scaled = shift >= 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift);
  const sticky = scaled % divisor === 0n ? 0n : 1n;
  const quotient = Number(((scaled / divisor) << 1n) | sticky);
  const result = quotient * 2 ** Math.max(-shift - 1, -1000) * 2 ** (-shift - 1 - Math.max(-shift - 1, -1000));
  if (!Number.isFinite(result)) return context.raise('OverflowError', 'integer division result too large for a float');
  return negative ? -result : result;
}

function intPower(context: Context, a: bigint, b: bigint): Value {
  if (b < 0n) {
    if (a === 0n) return context.raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
    return floatBinary(context, '**', Number(a), Number(b))!;
  }
  const magnitude = a < 0n ? -a : a;
  if (magnitude > 1n && BigInt(bitLength(magnitude)) * b > BigInt(largestBits)) return tooLarge(context);
  if (magnitude <= 1n) return int(magnitude === 0n ? (b === 0n ? 1n : 0n) : a < 0n && (b & 1n) === 1n ? -1n : 1n);
  return int(a ** b);
}

export function powerModulo(context: Context, base: bigint, exponent: bigint, modulus: bigint): Value {
  if (modulus === 0n) return context.raise('ValueError', 'pow() 3rd argument cannot be 0');
  if (exponent < 0n) return context.unsupported('pow() with a negative exponent and a modulus');
  let result = 1n;
  let factor = base - floorDivide(base, modulus) * modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
    context.tick();
  }
  return int(result - floorDivide(result, modulus) * modulus);
}

function floatBinary(context: Context, operator: string, a: number, b: number): Value | null {
  switch (operator) {
    case '+':
      return float(a + b);
    case '-':
      return float(a - b);
    case '*':
      return float(a * b);
    case '/':
      if (b === 0) return context.raise('ZeroDivisionError', 'float division by zero');
      return float(a / b);
    case '//':
      if (b === 0) return context.raise('ZeroDivisionError', 'float floor division by zero');
      return float(floatDivmod(a, b)[0]);
    case '%':
      if (b === 0) return context.raise('ZeroDivisionError', 'float modulo');
      return float(floatDivmod(a, b)[1]);
    case '**':
      return floatPower(context, a, b);
    default:
      return null;
  }
}

export function floatDivmod(a: number, b: number): readonly [number, number] {
  let modulo = a % b;
  if (modulo !== 0) {
    if (b < 0 !== modulo < 0) modulo += b;
  } else modulo = b < 0 ? -0 : 0;
  const division = (a - modulo) / b;
  let floor = Math.floor(division);
  if (division - floor > 0.5) floor += 1;
  if (division === 0) floor = a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  return [floor, modulo];
}

function floatPower(context: Context, a: number, b: number): Value {
  if (a === 0 && b < 0) return context.raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
  // C's pow gives 1 where JavaScript's gives NaN.
  if (a === 1 || b === 0) return float(1);
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return float(1);
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) return complexPower(context, [a, 0], [b, 0]);
  const result = a ** b;
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
    return context.raise('OverflowError', "(34, 'Numerical result out of range')");
  return float(result);
}

type Complex = readonly [number, number];

function complexOf(value: Value): Complex | null {
  if (value.kind === 'complex') return [value.real, value.imaginary];
  const real = numberOf(value);
  return real === null ? null : [real, 0];
}

const complex = (real: number, imaginary: number): Value => ({ kind: 'complex', real, imaginary });

function complexBinary(context: Context, operator: string, left: Value, right: Value): Value | null {
  const a = complexOf(left);
  const b = complexOf(right);
  if (a === null || b === null) return null;
  switch (operator) {
    case '+':
      return complex(a[0] + b[0], a[1] + b[1]);
    case '-':
      return complex(a[0] - b[0], a[1] - b[1]);
    case '*':
      return complex(a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]);
    case '/': {
      const norm = b[0] * b[0] + b[1] * b[1];
      if (norm === 0) return context.raise('ZeroDivisionError', 'complex division by zero');
      return complex((a[0] * b[0] + a[1] * b[1]) / norm, (a[1] * b[0] - a[0] * b[1]) / norm);
    }
    case '**':
      return complexPower(context, a, b);
    default:
      return null;
  }
}

function complexPower(context: Context, a: Complex, b: Complex): Value {
  if (b[0] === 0 && b[1] === 0) return complex(1, 0);
  if (a[0] === 0 && a[1] === 0) {
    if (b[0] < 0 || b[1] !== 0) return context.raise('ZeroDivisionError', '0.0 to a negative or complex power');
    return complex(0, 0);
  }
  const magnitude = Math.hypot(...a);
  const angle = Math.atan2(a[1], a[0]);
  let length = magnitude ** b[0];
  let phase = angle * b[0];
  if (b[1] !== 0) {
    length /= Math.exp(angle * b[1]);
    phase += b[1] * Math.log(magnitude);
  }
  return complex(length * Math.cos(phase), length * Math.sin(phase));
}

export function numericUnary(context: Context, operator: '-' | '+' | '~', value: Value): Value | null {
  if (value.kind === 'float') return operator === '~' ? null : float(operator === '-' ? -value.value : value.value);
  if (value.kind === 'complex')
    return operator === '~' ? null : operator === '-' ? { ...value, real: -value.real, imaginary: -value.imaginary } : value;
  const whole = bigintOf(value);
  if (whole === null) return null;
  return operator === '-' ? int(-whole) : operator === '+' ? int(whole) : checked(context, ~whole);
}

/** −1, 0, 1; null when the two are not ordered numbers (a NaN gives NaN). */
export function compareNumbers(left: Value, right: Value): number | null {
  const a = exact(left);
  const b = exact(right);
  if (a === null || b === null) return null;
  // bigint and number compare exactly in JavaScript too.
  return a < b ? -1 : a > b ? 1 : a >= b ? 0 : NaN;
}

function exact(value: Value): number | bigint | null {
  return value.kind === 'float' ? value.value : bigintOf(value);
}
