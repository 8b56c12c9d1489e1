import { castInto, castNumber, type Dtype, isFloatDtype, type Values } from './dtype';
import { runtimeError } from './errors';
import { type Scalar, scalarDtype } from './promotion';
import { copyOf, derive, readValues } from './record';
import { allocate, currentRun } from './run';
import { elementCount, type Shape, shapeText } from './shapes';
import { fromValues, isFloating, type Tensor } from './tensor';

/** A tensor of these numbers in row-major order, cast to `dtype`. The numbers are copied. */
export function fromNumbers(numbers: ArrayLike<number>, shape: Shape, dtype: Dtype): Tensor {
  const values = allocate(dtype, elementCount(shape));
  if (numbers.length !== values.length) throw runtimeError(`shape '${shapeText(shape)}' is invalid for input of size ${numbers.length}`);
  if (dtype === 'float32' || dtype === 'float64') values.set(numbers);
  else for (let i = 0; i < values.length; i++) values[i] = castNumber(numbers[i]!, dtype);
  return fromValues(values, shape, dtype);
}

/** The same numbers given row by row. Of long rows a plain loop: an array's own `flat` takes many times as long. */
export function fromRows(rows: readonly (readonly number[])[], shape: Shape, dtype: Dtype): Tensor {
  const width = rows[0]?.length ?? 0;
  const numbers = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    for (let k = 0; k < width; k++) numbers[i * width + k] = row[k]!;
  });
  return fromNumbers(numbers, shape, dtype);
}

export const fromScalar = (scalar: Scalar, dtype: Dtype = scalarDtype(scalar)): Tensor => fromNumbers([scalar.value], [], dtype);

function checkSizes(shape: Shape): void {
  const negative = shape.find((size) => size < 0);
  if (negative !== undefined) throw runtimeError(`Trying to create tensor with negative dimension ${negative}: ${shapeText(shape)}`);
}

export function full(shape: Shape, fill: Scalar, dtype: Dtype = scalarDtype(fill)): Tensor {
  checkSizes(shape);
  const values = allocate(dtype, elementCount(shape));
  const value = castNumber(fill.value, dtype);
  if (value !== 0) values.fill(value);
  return fromValues(values, shape, dtype);
}

export const zeros = (shape: Shape, dtype: Dtype = 'float32'): Tensor => full(shape, { kind: 'int', value: 0 }, dtype);
export const ones = (shape: Shape, dtype: Dtype = 'float32'): Tensor => full(shape, { kind: 'int', value: 1 }, dtype);
export const zerosLike = (input: Tensor, dtype: Dtype = input.dtype): Tensor => zeros(input.shape, dtype);
export const onesLike = (input: Tensor, dtype: Dtype = input.dtype): Tensor => ones(input.shape, dtype);
export const fullLike = (input: Tensor, fill: Scalar, dtype: Dtype = input.dtype): Tensor => full(input.shape, fill, dtype);

/** Memory whose content torch leaves open: NaN in strict runs, so that reading it shows, else zeros. */
export function empty(shape: Shape, dtype: Dtype = 'float32'): Tensor {
  const unset = currentRun().strict && isFloatDtype(dtype) ? NaN : 0;
  const memory = full(shape, { kind: 'float', value: unset }, dtype);
  memory.cell.unset = true;
  return memory;
}
export const emptyLike = (input: Tensor, dtype: Dtype = input.dtype): Tensor => empty(input.shape, dtype);

/** start, start + step, … before end; the type is int64 when all three are integers. */
export function arange(start: Scalar, end: Scalar, step: Scalar, dtype?: Dtype): Tensor {
  const kind = dtype ?? ([start, end, step].some((scalar) => scalar.kind === 'float') ? 'float32' : 'int64');
  if (step.value === 0) throw runtimeError('step must be nonzero');
  if ((end.value - start.value) * step.value < 0) {
    throw runtimeError('upper bound and lower bound inconsistent with step sign');
  }
  if (!Number.isFinite(start.value) || !Number.isFinite(end.value)) {
    throw runtimeError(`unsupported range: ${start.value} -> ${end.value}`);
  }
  const count = Math.ceil((end.value - start.value) / step.value);
  const values = allocate(kind, count);
  for (let i = 0; i < count; i++) values[i] = castNumber(start.value + i * step.value, kind);
  return fromValues(values, [count], kind);
}

export function linspace(start: number, end: number, steps: number, dtype: Dtype = 'float32'): Tensor {
  if (steps < 0) throw runtimeError('number of steps must be non-negative');
  const values = allocate(dtype, steps);
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  // From both ends, as torch does, so that the last value is exact.
  for (let i = 0; i < steps; i++) values[i] = castNumber(i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step, dtype);
  return fromValues(values, [steps], dtype);
}

export function logspace(start: number, end: number, steps: number, base = 10, dtype: Dtype = 'float32'): Tensor {
  const exponents = readValues(linspace(start, end, steps, 'float64'));
  return fromNumbers(
    Array.from(exponents, (exponent) => base ** exponent),
    [steps],
    dtype,
  );
}

export function eye(rows: number, columns: number = rows, dtype: Dtype = 'float32'): Tensor {
  checkSizes([rows, columns]);
  const values = allocate(dtype, rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return fromValues(values, [rows, columns], dtype);
}

/** A copy with memory of its own; gradients pass through it. */
export const clone = (input: Tensor): Tensor => copyOf(input, 'Clone');

/** The tensor itself when it has this type already, else a converted copy; between floating types gradients pass. */
export function to(input: Tensor, dtype: Dtype, copy = false): Tensor {
  if (input.dtype === dtype) return copy ? copyOf(input, 'ToCopy') : input;
  const from = readValues(input);
  const values = allocate(dtype, from.length);
  castInto(values, dtype, from);
  return derive(values, input.shape, dtype, { name: 'ToCopy', inputs: [input], gradient: (dy) => to(dy, input.dtype) });
}

/** The values as they are now, as an array of their own. */
export const valuesOf = (input: Tensor): Values => readValues(input).slice();

export const toArray = (input: Tensor): number[] => Array.from(readValues(input));

/** The one value of a tensor of one element: what `.item()` gives. */
export function item(input: Tensor): Scalar {
  const values = readValues(input);
  if (values.length !== 1) throw runtimeError(`a Tensor with ${values.length} elements cannot be converted to Scalar`);
  currentRun().recorder?.item(input, values[0]!);
  return { kind: isFloating(input) ? 'float' : input.dtype === 'bool' ? 'bool' : 'int', value: values[0]! };
}

/** What `bool(tensor)` and `if tensor:` take. */
export function truth(input: Tensor): boolean {
  const values = readValues(input);
  if (values.length === 0) throw runtimeError('Boolean value of Tensor with no values is ambiguous');
  if (values.length > 1) throw runtimeError('Boolean value of Tensor with more than one value is ambiguous');
  currentRun().recorder?.truth(input);
  return values[0] !== 0;
}
