import { castNumber, type Dtype, isFloatDtype, isIntegralDtype, scalarTypeName, type Values } from './dtype';
import { to } from './creation';
import { runtimeError } from './errors';
import { derive, readValues } from './record';
import { allocate } from './run';
import { elementCount, lanesOf, sameShape, type Shape, wrapDims } from './shapes';
import { isFloating, type Tensor } from './tensor';
import { expand, reshape } from './views';

/** Which dimensions a reduction takes away; null and none at all mean every one. */
export function reducedDims(shape: Shape, dims: readonly number[] | null): number[] {
  if (dims === null || dims.length === 0) return shape.map((_, d) => d);
  return wrapDims(dims, shape.length).filter((d) => d < shape.length);
}

export const shapeWithout = (shape: Shape, dims: readonly number[], keepdim: boolean): number[] =>
  keepdim ? shape.map((size, d) => (dims.includes(d) ? 1 : size)) : shape.filter((_, d) => !dims.includes(d));

/** Sums over some dimensions, accumulating in double. */
export function sumValues(values: Values, shape: Shape, dims: readonly number[], out: Float64Array): void {
  const count = values.length;
  if (count === 0) return;
  const first = dims[0] ?? 0;
  const consecutive = dims.every((d, i) => d === first + i);
  if (dims.length === 0) {
    out.set(values);
  } else if (consecutive) {
    let outer = 1;
    let size = 1;
    for (let d = 0; d < first; d++) outer *= shape[d]!;
    for (const d of dims) size *= shape[d]!;
    const inner = count / (outer * size);
    if (inner === 1) {
      for (let o = 0, i = 0; o < outer; o++) {
        let sum = 0;
        for (const end = i + size; i < end; i++) sum += values[i]!;
        out[o] = sum;
      }
    } else {
      for (let o = 0, i = 0; o < outer; o++) {
        const start = o * inner;
        for (let k = 0; k < size; k++) for (let j = start; j < start + inner; j++, i++) out[j]! += values[i]!;
      }
    }
  } else {
    // One dimension at a time from the last, so that each step is the consecutive case.
    const last = dims[dims.length - 1]!;
    const partial = new Float64Array(count / shape[last]!);
    sumValues(values, shape, [last], partial);
    sumValues(partial, shape.toSpliced(last, 1), dims.slice(0, -1), out);
  }
}

export function sum(input: Tensor, dims: readonly number[] | null = null, keepdim = false, dtype?: Dtype): Tensor {
  const outType = dtype ?? (isIntegralDtype(input.dtype) ? 'int64' : input.dtype);
  const source = isFloating(input) && dtype !== undefined ? to(input, dtype) : input;
  const reduced = reducedDims(source.shape, dims);
  const shape = shapeWithout(source.shape, reduced, keepdim);
  const sums = new Float64Array(elementCount(shape));
  sumValues(readValues(source), source.shape, reduced, sums);
  const values = allocate(outType, sums.length);
  values.set(sums);
  return derive(values, shape, outType, {
    name: 'Sum',
    inputs: [source],
    gradient: (dy) => spread(dy, source.shape, reduced),
  });
}

/** A reduction's gradient (or result) repeated along the dimensions it took away. */
export function spread(dy: Tensor, shape: Shape, dims: readonly number[]): Tensor {
  return expand(reshape(dy, shapeWithout(shape, dims, true)), shape);
}

/** Sums a gradient back to the shape of an operand that was broadcast. */
export function sumTo(dy: Tensor, shape: Shape): Tensor {
  if (sameShape(dy.shape, shape)) return dy;
  const lead = dy.shape.length - shape.length;
  const dims = dy.shape.map((_, d) => d).filter((d) => d < lead || (shape[d - lead] === 1 && dy.shape[d] !== 1));
  return reshape(dims.length === 0 ? dy : sum(dy, dims, true), shape);
}

export function mean(input: Tensor, dims: readonly number[] | null = null, keepdim = false, dtype?: Dtype): Tensor {
  const outType = dtype ?? input.dtype;
  if (!isFloatDtype(outType)) {
    throw runtimeError(
      'mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ' + scalarTypeName(outType),
    );
  }
  const source = to(input, outType);
  const reduced = reducedDims(source.shape, dims);
  const shape = shapeWithout(source.shape, reduced, keepdim);
  const sums = new Float64Array(elementCount(shape));
  sumValues(readValues(source), source.shape, reduced, sums);
  const count = reduced.reduce((product, d) => product * source.shape[d]!, 1);
  const values = allocate(outType, sums.length);
  for (let i = 0; i < sums.length; i++) values[i] = sums[i]! / count;
  return derive(values, shape, outType, {
    name: 'Mean',
    inputs: [source],
    gradient: (dy) => spread(scaled(dy, 1 / count), source.shape, reduced),
  });
}

/** dy · factor, for gradients. */
export function scaled(dy: Tensor, factor: number): Tensor {
  const from = readValues(dy);
  const values = allocate(dy.dtype, from.length);
  for (let i = 0; i < values.length; i++) values[i] = from[i]! * factor;
  return derive(values, dy.shape, dy.dtype, { name: 'Mul', inputs: [dy], gradient: (ddy) => scaled(ddy, factor) });
}

/** Number of elements that are not zero. */
export function countNonzero(input: Tensor, dims: readonly number[] | null = null): Tensor {
  const reduced = reducedDims(input.shape, dims);
  const shape = shapeWithout(input.shape, reduced, false);
  const sums = new Float64Array(elementCount(shape));
  const nonzero = Uint8Array.from(readValues(input), (value) => (value !== 0 ? 1 : 0));
  sumValues(nonzero, input.shape, reduced, sums);
  const values = allocate('int64', sums.length);
  values.set(sums);
  return derive(values, shape, 'int64', { name: 'CountNonzero', inputs: [], gradient: (dy) => dy });
}

/** Running sums along a dimension. */
export function cumsum(input: Tensor, dim: number, dtype?: Dtype): Tensor {
  const outType = dtype ?? (isIntegralDtype(input.dtype) ? 'int64' : input.dtype);
  const source = isFloating(input) && dtype !== undefined ? to(input, dtype) : input;
  return running(source, dim, outType, false);
}

function running(source: Tensor, dim: number, dtype: Dtype, backwards: boolean): Tensor {
  const [d = 0] = wrapDims([dim], source.shape.length);
  const from = readValues(source);
  const values = allocate(dtype, from.length);
  const { outer, size, inner } = lanesOf(source.shape, d);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const start = o * size * inner + j;
      let total = 0;
      for (let k = 0; k < size; k++) {
        const at = start + (backwards ? size - 1 - k : k) * inner;
        total += from[at]!;
        values[at] = castNumber(total, dtype);
      }
    }
  }
  return derive(values, source.shape, dtype, {
    name: 'Cumsum',
    inputs: [source],
    gradient: (dy) => running(dy, d, dy.dtype, !backwards),
  });
}
