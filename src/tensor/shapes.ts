import { indexError, runtimeError } from './errors';

export type Shape = readonly number[];

export function elementCount(shape: Shape): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

/** Row-major strides, counted in elements; torch gives sizes 0 the stride of size 1. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = step;
    step *= Math.max(shape[d]!, 1);
  }
  return strides;
}

export function isContiguous(shape: Shape, strides: Shape): boolean {
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    const size = shape[d]!;
    if (size === 0) return true;
    if (size !== 1 && strides[d] !== step) return false;
    step *= size;
  }
  return true;
}

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, d) => size === b[d]);

/** As messages show it: `[2, 3]`. */
export const shapeText = (shape: Shape): string => `[${shape.join(', ')}]`;

/** A dimension counted from 0; a negative one counts from the end. A tensor without dimensions has 0 and −1. */
export function wrapDim(dim: number, rank: number): number {
  const range = Math.max(rank, 1);
  if (dim < -range || dim >= range) {
    throw indexError(`Dimension out of range (expected to be in range of [${-range}, ${range - 1}], but got ${dim})`);
  }
  return dim < 0 ? dim + range : dim;
}

export function wrapDims(dims: readonly number[], rank: number): number[] {
  const wrapped = dims.map((dim) => wrapDim(dim, rank));
  const repeated = wrapped.find((dim, i) => wrapped.indexOf(dim) !== i);
  if (repeated !== undefined) throw runtimeError(`dim ${repeated} appears multiple times in the list of dims`);
  return wrapped;
}

export function broadcastShapes(a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let d = 0; d < rank; d++) {
    const sizeA = a[a.length - rank + d] ?? 1;
    const sizeB = b[b.length - rank + d] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw runtimeError(`The size of tensor a (${sizeA}) must match the size of tensor b (${sizeB}) at non-singleton dimension ${d}`);
    }
    out[d] = sizeA === 1 ? sizeB : sizeA;
  }
  return out;
}

/** Strides that read a tensor of one shape as if it had the larger shape: 0 where it is repeated. */
export function broadcastStrides(shape: Shape, strides: Shape, to: Shape): number[] {
  const lead = to.length - shape.length;
  return to.map((size, d) => (d < lead || (shape[d - lead] === 1 && size !== 1) ? 0 : strides[d - lead]!));
}

/** The sizes around one dimension: rows before it, its own length, and the step between its elements. */
export interface Lanes {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

export function lanesOf(shape: Shape, dim: number): Lanes {
  let outer = 1;
  let inner = 1;
  for (let d = 0; d < dim; d++) outer *= shape[d]!;
  for (let d = dim + 1; d < shape.length; d++) inner *= shape[d]!;
  return { outer, size: shape[dim] ?? 1, inner };
}

/** Calls with the storage position of every element of a strided view, in row-major order. */
export function forEachPosition(shape: Shape, strides: Shape, offset: number, visit: (position: number, index: number) => void): void {
  const rank = shape.length;
  const count = elementCount(shape);
  if (count === 0) return;
  if (rank === 0) {
    visit(offset, 0);
    return;
  }
  const inner = shape[rank - 1]!;
  const step = strides[rank - 1]!;
  const counter = new Array<number>(rank).fill(0);
  let base = offset;
  for (let index = 0; index < count;) {
    let position = base;
    for (let i = 0; i < inner; i++, position += step) visit(position, index++);
    for (let d = rank - 2; d >= 0; d--) {
      base += strides[d]!;
      if (++counter[d]! < shape[d]!) break;
      base -= strides[d]! * shape[d]!;
      counter[d] = 0;
    }
  }
}
