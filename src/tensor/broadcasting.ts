/** What reductions and broadcasting share: which elements belong together, and the sums back to a smaller shape. */
import type { Values } from './dtype';
import { derive, readValues } from './record';
import { allocate } from './run';
import { elementCount, sameShape, type Shape, wrapDims } from './shapes';
import type { Tensor } from './tensor';
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

/** A reduction's gradient (or result) repeated along the dimensions it took away. */
export function spread(dy: Tensor, shape: Shape, dims: readonly number[]): Tensor {
  return expand(reshape(dy, shapeWithout(shape, dims, true)), shape);
}

/** dy · factor, for gradients. */
export function scaled(dy: Tensor, factor: number): Tensor {
  const from = readValues(dy);
  const values = allocate(dy.dtype, from.length);
  for (let i = 0; i < values.length; i++) values[i] = from[i]! * factor;
  return derive(values, dy.shape, dy.dtype, { name: 'Mul', inputs: [dy], gradient: (ddy) => scaled(ddy, factor) });
}

/** Sums a gradient back to the shape of an operand that was broadcast. */
export function sumTo(dy: Tensor, shape: Shape): Tensor {
  if (sameShape(dy.shape, shape)) return dy;
  const lead = dy.shape.length - shape.length;
  const dims = [...dy.shape.keys()].filter((d) => d < lead || (shape[d - lead] === 1 && dy.shape[d] !== 1));
  const sums = new Float64Array(elementCount(shape));
  sumValues(readValues(dy), dy.shape, dims, sums);
  const values = allocate(dy.dtype, sums.length);
  values.set(sums);
  return derive(values, shape, dy.dtype, { name: 'Sum', inputs: [dy], gradient: (ddy) => expand(ddy, dy.shape) });
}
