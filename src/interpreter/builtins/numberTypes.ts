/** Construction and methods of int, float, bool and complex. */
import type { Context } from '../context';
import { classMethod, method, native, property } from '../library';
import { bitLength } from '../numbers';
import { BOOL, FLOAT, INT } from '../types';
import type { Value } from '../value';
import { FALSE, bigintOf, bool, bytes, findInClass, float, int, numberOf, str, tuple } from '../value';
import { hashNumber } from '../hashing';

type Members = readonly (readonly [string, Value])[];

/** int('0x1f', 16), int(' 1_000 ') */
export function parseInteger(context: Context, text: string, base: number): bigint {
  const fail = (): never => context.raise('ValueError', `invalid literal for int() with base ${base}: ${context.repr(str(text))}`);
  if (base !== 0 && (base < 2 || base > 36)) return context.raise('ValueError', 'int() base must be >= 2 and <= 36, or 0');
  const match = /^\s*([+-]?)(0[xX]|0[oO]|0[bB])?_?((?:[0-9a-zA-Z]_?)*[0-9a-zA-Z])\s*$/.exec(text);
  if (match === null) return fail();
  const [, sign, prefix = '', digits = ''] = match;
  const named = { x: 16, o: 8, b: 2 }[prefix.slice(1).toLowerCase()] ?? null;
  let body = digits;
  let radix = base;
  if (base === 0) radix = named ?? 10;
  else if (named !== null && named !== base) body = prefix + digits;
  let value = 0n;
  context.charge(body.length, 1);
  for (const c of body.replaceAll('_', '')) {
    const digit = parseInt(c, 36);
    if (Number.isNaN(digit) || digit >= radix) return fail();
    value = value * BigInt(radix) + BigInt(digit);
  }
  return sign === '-' ? -value : value;
}

export function parseFloatText(context: Context, text: string): number {
  const trimmed = text.trim().toLowerCase();
  const named = /^([+-]?)(inf|infinity|nan)$/.exec(trimmed);
  if (named !== null) return named[2] === 'nan' ? NaN : named[1] === '-' ? -Infinity : Infinity;
  if (!/^[+-]?(\d(_?\d)*\.?(\d(_?\d)*)?|\.\d(_?\d)*)(e[+-]?\d(_?\d)*)?$/.test(trimmed))
    return context.raise('ValueError', `could not convert string to float: ${context.repr(str(text))}`);
  return Number(trimmed.replaceAll('_', ''));
}

function truncated(context: Context, value: number): bigint {
  if (Number.isNaN(value)) return context.raise('ValueError', 'cannot convert float NaN to integer');
  if (!Number.isFinite(value)) return context.raise('OverflowError', 'cannot convert float infinity to integer');
  return BigInt(Math.trunc(value));
}

function toInt(context: Context, value: Value): bigint {
  if (value.kind === 'float') return truncated(context, value.value);
  const exact = bigintOf(value);
  if (exact !== null) return exact;
  if (value.kind === 'str') return parseInteger(context, value.value, 10);
  const cls = context.typeOf(value);
  for (const name of ['__int__', '__index__', '__trunc__']) {
    const found = findInClass(cls, name);
    if (found !== null) {
      const result = bigintOf(context.call(found, [value]));
      return result ?? context.raise('TypeError', `${name} returned non-int`);
    }
  }
  if (value.kind === 'unknown') return context.unsupported(value.what);
  return context.raise('TypeError', `int() argument must be a string, a bytes-like object or a real number, not '${cls.name}'`);
}

export function toFloat(context: Context, value: Value): number {
  const plain = numberOf(value);
  if (plain !== null)
    return value.kind === 'int' && !Number.isFinite(plain) ? context.raise('OverflowError', 'int too large to convert to float') : plain;
  if (value.kind === 'str') return parseFloatText(context, value.value);
  const cls = context.typeOf(value);
  for (const name of ['__float__', '__index__']) {
    const found = findInClass(cls, name);
    if (found !== null) {
      const result = numberOf(context.call(found, [value]));
      return result ?? context.raise('TypeError', `${cls.name}.${name} returned non-float`);
    }
  }
  if (value.kind === 'unknown') return context.unsupported(value.what);
  return context.raise('TypeError', `float() argument must be a string or a real number, not '${cls.name}'`);
}

const arithmetic = ['+', '-', '*', '/', '//', '%', '**'] as const;
const dunders = ['add', 'sub', 'mul', 'truediv', 'floordiv', 'mod', 'pow'] as const;

/** `int.__add__` and friends, for classes made from numbers that call them through super(). */
const operatorMembers = (type: string): Members =>
  arithmetic.flatMap((operator, i) =>
    [false, true].map((reflected) => {
      const name = `__${reflected ? 'r' : ''}${dunders[i]!}__`;
      return [
        name,
        method(`${type}.${name}`, 'self, other, /', (context, args) => {
          const plain = (value: Value): Value => (value.kind === 'int' || value.kind === 'float' ? { ...value, class: null } : value);
          const self = plain(args.value('self'));
          const other = plain(args.value('other'));
          if (numberOf(other) === null) return { kind: 'notImplemented' };
          return reflected ? context.binary(operator, other, self) : context.binary(operator, self, other);
        }),
      ] as const;
    }),
  );

const identityMembers = (type: string): Members =>
  [
    method(`${type}.__int__`, 'self', (context, args) => int(toInt(context, args.value('self')))),
    method(`${type}.__float__`, 'self', (context, args) => float(toFloat(context, args.value('self')))),
    method(`${type}.__bool__`, 'self', (_, args) => bool(numberOf(args.value('self')) !== 0)),
    method(`${type}.__hash__`, 'self', (context, args) => int(numberHash(context, args.value('self')))),
    method(`${type}.conjugate`, 'self', (_, args) => args.value('self')),
    method(`${type}.__abs__`, 'self', (context, args) => {
      const value = args.value('self');
      return value.kind === 'float' ? float(Math.abs(value.value)) : int(absolute(toInt(context, value)));
    }),
    method(`${type}.__neg__`, 'self', (context, args) => {
      const value = args.value('self');
      return value.kind === 'float' ? float(-value.value) : int(-toInt(context, value));
    }),
  ].map((fn) => [fn.name, fn] as const);

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

export function numberHash(context: Context, value: Value): bigint {
  if (value.kind === 'float' && !Number.isInteger(value.value)) return hashNumber(`n${value.value}`);
  const exact = value.kind === 'float' ? BigInt(value.value) : toInt(context, value);
  const modulus = (1n << 61n) - 1n;
  const hash = exact % modulus;
  return hash === -1n ? -2n : hash;
}

export const intMembers: Members = [
  ...operatorMembers('int'),
  ...identityMembers('int'),
  [
    '__new__',
    method('int.__new__', 'cls, x=..., /, base=...', (context, args) => {
      const cls = args.value('cls');
      let value = 0n;
      if (args.given('base')) {
        const text = args.value('x');
        value =
          text.kind === 'str'
            ? parseInteger(context, text.value, args.int('base'))
            : context.raise('TypeError', "int() can't convert non-string with explicit base");
      } else if (args.given('x')) value = toInt(context, args.value('x'));
      if (cls.kind !== 'class' || cls === INT || cls === BOOL) return int(value);
      return { kind: 'int', value, class: cls, attributes: new Map<string, Value>() };
    }),
  ],
  ['__index__', method('int.__index__', 'self', (context, args) => int(toInt(context, args.value('self'))))],
  ['bit_length', method('int.bit_length', 'self', (context, args) => int(bitLength(absolute(toInt(context, args.value('self'))))))],
  [
    'bit_count',
    method('int.bit_count', 'self', (context, args) =>
      int(
        absolute(toInt(context, args.value('self')))
          .toString(2)
          .replaceAll('0', '').length,
      ),
    ),
  ],
  ['is_integer', method('int.is_integer', 'self', () => bool(true))],
  ['real', property('real', (context, self) => int(toInt(context, self)))],
  ['imag', property('imag', () => int(0))],
  ['numerator', property('numerator', (context, self) => int(toInt(context, self)))],
  ['denominator', property('denominator', () => int(1))],
  [
    'to_bytes',
    method('int.to_bytes', "self, length=1, byteorder='big', *, signed=False", (context, args) => {
      let value = toInt(context, args.value('self'));
      const length = args.int('length');
      context.charge(length);
      const out = new Uint8Array(length);
      for (let i = length - 1; i >= 0; i--) {
        out[i] = Number(value & 255n);
        value >>= 8n;
      }
      return bytes(args.string('byteorder') === 'little' ? out.reverse() : out);
    }),
  ],
];

export const boolMembers: Members = [
  [
    '__new__',
    native('bool.__new__', 'cls, x=..., /', (context, args) => (args.given('x') ? bool(context.truthy(args.value('x'))) : FALSE)),
  ],
];

export const floatMembers: Members = [
  ...operatorMembers('float'),
  ...identityMembers('float'),
  [
    '__new__',
    method('float.__new__', 'cls, x=0.0, /', (context, args) => {
      const cls = args.value('cls');
      const value = toFloat(context, args.value('x'));
      return cls.kind !== 'class' || cls === FLOAT
        ? float(value)
        : { kind: 'float', value, class: cls, attributes: new Map<string, Value>() };
    }),
  ],
  ['is_integer', method('float.is_integer', 'self', (context, args) => bool(Number.isInteger(toFloat(context, args.value('self')))))],
  [
    'as_integer_ratio',
    method('float.as_integer_ratio', 'self', (context, args) => {
      let numerator = toFloat(context, args.value('self'));
      if (!Number.isFinite(numerator)) return context.raise('OverflowError', 'cannot convert Infinity to integer ratio');
      let denominator = 1n;
      while (!Number.isInteger(numerator)) {
        numerator *= 2;
        denominator *= 2n;
      }
      return tuple([int(BigInt(numerator)), int(denominator)]);
    }),
  ],
  ['hex', method('float.hex', 'self', (context) => context.unsupported('float.hex'))],
  ['fromhex', classMethod(method('float.fromhex', 'cls, text, /', (context) => context.unsupported('float.fromhex')))],
  ['real', property('real', (context, self) => float(toFloat(context, self)))],
  ['imag', property('imag', () => float(0))],
];

export const complexMembers: Members = [
  [
    '__new__',
    method('complex.__new__', 'cls, real=0, imag=0', (context, args) => {
      const real = args.value('real');
      if (real.kind === 'complex') return real;
      return { kind: 'complex', real: toFloat(context, real), imaginary: toFloat(context, args.value('imag')) };
    }),
  ],
  [
    'conjugate',
    method('complex.conjugate', 'self', (_, args) => {
      const value = args.value('self');
      return value.kind === 'complex' ? { ...value, imaginary: -value.imaginary } : value;
    }),
  ],
];
