/** Comparisons and logic: results are bool and cut the gradient. */
import { type Dtype, isFloatDtype, isIntegralDtype, type Values } from './dtype';
import { runtimeError, typeError } from './errors';
import { type Binary, zipOperands } from './loops';
import { type Operand, resultType } from './promotion';
import { readValues } from './record';
import { noted } from './recording';
import { reducedDims, shapeWithout, sumValues } from './broadcasting';
import { allocate } from './run';
import { elementCount, sameShape } from './shapes';
import { fromValues, type Tensor } from './tensor';

function compare(kernel: string, a: Operand, b: Operand, f: (x: number, y: number) => boolean): Tensor {
  const { values, shape } = zipOperands(a, b, (x, y) => (f(x, y) ? 1 : 0), 'bool', resultType(a, b));
  return noted(fromValues(values, shape, 'bool'), kernel, [a, b]);
}

export const eq = (a: Operand, b: Operand): Tensor => compare('Eq', a, b, (x, y) => x === y);
export const ne = (a: Operand, b: Operand): Tensor => compare('Ne', a, b, (x, y) => x !== y);
export const lt = (a: Operand, b: Operand): Tensor => compare('Lt', a, b, (x, y) => x < y);
export const le = (a: Operand, b: Operand): Tensor => compare('Le', a, b, (x, y) => x <= y);
export const gt = (a: Operand, b: Operand): Tensor => compare('Gt', a, b, (x, y) => x > y);
export const ge = (a: Operand, b: Operand): Tensor => compare('Ge', a, b, (x, y) => x >= y);
export const logicalAnd = (a: Operand, b: Operand): Tensor => compare('LogicalAnd', a, b, (x, y) => x !== 0 && y !== 0);
export const logicalOr = (a: Operand, b: Operand): Tensor => compare('LogicalOr', a, b, (x, y) => x !== 0 || y !== 0);
export const logicalXor = (a: Operand, b: Operand): Tensor => compare('LogicalXor', a, b, (x, y) => (x !== 0) !== (y !== 0));

function test(kernel: string, input: Tensor, f: (x: number) => boolean): Tensor {
  const from = readValues(input);
  const values = allocate('bool', from.length);
  for (let i = 0; i < values.length; i++) values[i] = f(from[i]!) ? 1 : 0;
  return noted(fromValues(values, input.shape, 'bool'), kernel, [input]);
}

export const logicalNot = (input: Tensor): Tensor => test('LogicalNot', input, (x) => x === 0);
export const isnan = (input: Tensor): Tensor => test('Isnan', input, Number.isNaN);
export const isinf = (input: Tensor): Tensor => test('Isinf', input, (x) => x === Infinity || x === -Infinity);
export const isfinite = (input: Tensor): Tensor => test('Isfinite', input, Number.isFinite);
export const isposinf = (input: Tensor): Tensor => test('Isposinf', input, (x) => x === Infinity);
export const isneginf = (input: Tensor): Tensor => test('Isneginf', input, (x) => x === -Infinity);
export const signbit = (input: Tensor): Tensor => test('Signbit', input, (x) => x < 0 || Object.is(x, -0));

function bitwise(a: Operand, b: Operand, sign: string, f: Binary): Tensor {
  const dtype = resultType(a, b);
  if (isFloatDtype(dtype)) throw runtimeError(`"bitwise_${sign}_cpu" not implemented for '${dtype === 'float64' ? 'Double' : 'Float'}'`);
  const { values, shape } = zipOperands(a, b, f, dtype);
  return noted(fromValues(values, shape, dtype), `Bitwise_${sign}`, [a, b]);
}

export const bitwiseAnd = (a: Operand, b: Operand): Tensor => bitwise(a, b, 'and', (x, y) => Number(BigInt(x) & BigInt(y)));
export const bitwiseOr = (a: Operand, b: Operand): Tensor => bitwise(a, b, 'or', (x, y) => Number(BigInt(x) | BigInt(y)));
export const bitwiseXor = (a: Operand, b: Operand): Tensor => bitwise(a, b, 'xor', (x, y) => Number(BigInt(x) ^ BigInt(y)));
export const bitwiseLeftShift = (a: Operand, b: Operand): Tensor => bitwise(a, b, 'left_shift', (x, y) => x * 2 ** y);
export const bitwiseRightShift = (a: Operand, b: Operand): Tensor => bitwise(a, b, 'right_shift', (x, y) => Math.floor(x / 2 ** y));

/** `~x`: not for bool, the complement for integers. */
export function bitwiseNot(input: Tensor): Tensor {
  if (isFloatDtype(input.dtype)) throw typeError('~ (operator.invert) is only implemented on integer and Boolean-type tensors');
  if (input.dtype === 'bool') return logicalNot(input);
  const from = readValues(input);
  const values = allocate(input.dtype, from.length);
  for (let i = 0; i < values.length; i++) values[i] = -from[i]! - 1;
  return noted(fromValues(values, input.shape, input.dtype), 'BitwiseNot', [input]);
}

function quantify(input: Tensor, dims: readonly number[] | null, keepdim: boolean, wanted: boolean): Tensor {
  const reduced = reducedDims(input.shape, dims);
  const shape = shapeWithout(input.shape, reduced, keepdim);
  const hits: Values = Uint8Array.from(readValues(input), (x) => ((x !== 0) === wanted ? 1 : 0));
  const counts = new Float64Array(elementCount(shape));
  sumValues(hits, input.shape, reduced, counts);
  const dtype: Dtype = input.dtype === 'uint8' ? 'uint8' : 'bool';
  const values = allocate(dtype, counts.length);
  for (let i = 0; i < values.length; i++) values[i] = counts[i]! > 0 === wanted ? 1 : 0;
  return noted(fromValues(values, shape, dtype), wanted ? 'Any' : 'All', [input], { dims: reduced, keepdim });
}

export const any = (input: Tensor, dims: readonly number[] | null = null, keepdim = false): Tensor => quantify(input, dims, keepdim, true);
export const all = (input: Tensor, dims: readonly number[] | null = null, keepdim = false): Tensor => quantify(input, dims, keepdim, false);

/** The same shape and values: `torch.equal`. */
export function equal(a: Tensor, b: Tensor): boolean {
  if (!sameShape(a.shape, b.shape)) return false;
  const x = readValues(a);
  const y = readValues(b);
  return x.every((value, i) => value === y[i]);
}

export interface Tolerance {
  readonly rtol?: number;
  readonly atol?: number;
  readonly equalNan?: boolean;
}

/** |a − b| ≤ atol + rtol·|b|, element by element. */
export function isclose(a: Tensor, b: Tensor, { rtol = 1e-5, atol = 1e-8, equalNan = false }: Tolerance = {}): Tensor {
  if (a.dtype !== b.dtype) throw runtimeError(`${typeName(a.dtype)} did not match ${typeName(b.dtype)}`);
  return compare(
    'IsClose',
    a,
    b,
    (x, y) =>
      x === y || (equalNan && Number.isNaN(x) && Number.isNaN(y)) || (Number.isFinite(y) && Math.abs(x - y) <= atol + rtol * Math.abs(y)),
  );
}

const typeName = (dtype: Dtype): string =>
  isIntegralDtype(dtype) ? (dtype === 'int64' ? 'Long' : dtype) : dtype === 'float64' ? 'Double' : 'Float';

export const allclose = (a: Tensor, b: Tensor, tolerance: Tolerance = {}): boolean =>
  readValues(isclose(a, b, tolerance)).every((x) => x !== 0);
