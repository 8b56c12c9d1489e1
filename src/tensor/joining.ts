/** Putting tensors together, repeating and reordering their elements. */
import { clone, to } from './creation';
import type { Values } from './dtype';
import { runtimeError, valueError } from './errors';
import { resultType } from './promotion';
import { derive, readValues } from './record';
import { accountFor, allocate } from './run';
import { elementCount, lanesOf, sameShape, type Shape, shapeText, wrapDim, wrapDims } from './shapes';
import { fromValues, type Tensor } from './tensor';
import { indexSelect } from './scatter';
import { expand, flatten, narrow, permute, reshape, unsqueeze } from './views';

/** A legacy empty vector joins with anything. */
const isLegacyEmpty = (tensor: Tensor): boolean => tensor.shape.length === 1 && tensor.shape[0] === 0;

export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  if (tensors.length === 0) throw valueError('torch.cat(): expected a non-empty list of Tensors');
  const zeroDim = tensors.findIndex((tensor) => tensor.shape.length === 0);
  if (zeroDim >= 0) throw runtimeError(`zero-dimensional tensor (at position ${zeroDim}) cannot be concatenated`);
  const dtype = resultType(...tensors);
  const parts = tensors.filter((tensor) => !isLegacyEmpty(tensor)).map((tensor) => to(tensor, dtype));
  const [first] = parts;
  if (first === undefined) return to(tensors[0]!, dtype, true);
  const d = wrapDim(dim, first.shape.length);
  parts.forEach((part, i) => {
    if (part.shape.length !== first.shape.length) {
      throw runtimeError(`Tensors must have same number of dimensions: got ${first.shape.length} and ${part.shape.length}`);
    }
    const wrong = part.shape.findIndex((size, k) => k !== d && size !== first.shape[k]);
    if (wrong >= 0) {
      throw runtimeError(
        `Sizes of tensors must match except in dimension ${d}. Expected size ${first.shape[wrong]!} but got size ${part.shape[wrong]!} for ` +
          `tensor number ${i} in the list.`,
      );
    }
  });
  const total = parts.reduce((count, part) => count + part.shape[d]!, 0);
  const shape = first.shape.with(d, total);
  const { outer, inner } = lanesOf(shape, d);
  const values = allocate(dtype, elementCount(shape));
  let start = 0;
  const starts = parts.map((part) => {
    const width = part.shape[d]! * inner;
    const from = readValues(part);
    for (let o = 0; o < outer; o++) values.set(from.subarray(o * width, (o + 1) * width), o * total * inner + start * inner);
    const at = start;
    start += part.shape[d]!;
    return at;
  });
  return derive(values, shape, dtype, {
    name: 'Cat',
    inputs: parts,
    attributes: { dim: d },
    gradient: (dy, i) => narrow(dy, d, starts[i]!, parts[i]!.shape[d]!),
  });
}

export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  if (tensors.length === 0) throw runtimeError('stack expects a non-empty TensorList');
  const [first] = tensors;
  tensors.forEach((tensor, i) => {
    if (!sameShape(tensor.shape, first!.shape)) {
      throw runtimeError(
        `stack expects each tensor to be equal size, but got ${shapeText(first!.shape)} at entry 0 and ${shapeText(tensor.shape)} at entry ${i}`,
      );
    }
  });
  const d = wrapDim(dim, first!.shape.length + 1);
  const result = cat(
    tensors.map((tensor) => unsqueeze(tensor, d)),
    d,
  );
  if (result.requiresGrad) result.cell.gradFn = 'StackBackward0';
  return result;
}

const atLeast = (rank: number, tensor: Tensor): Tensor =>
  tensor.shape.length >= rank ? tensor : reshape(tensor, [...new Array<number>(rank - tensor.shape.length).fill(1), ...tensor.shape]);

export const atLeast1d = (tensor: Tensor): Tensor => atLeast(1, tensor);
export const atLeast2d = (tensor: Tensor): Tensor => atLeast(2, tensor);
export const atLeast3d = (tensor: Tensor): Tensor =>
  tensor.shape.length === 2 ? unsqueeze(tensor, 2) : tensor.shape.length < 2 ? reshape(tensor, [1, tensor.shape[0] ?? 1, 1]) : tensor;

export function hstack(tensors: readonly Tensor[]): Tensor {
  const parts = tensors.map(atLeast1d);
  return cat(parts, parts[0]?.shape.length === 1 ? 0 : 1);
}
export const vstack = (tensors: readonly Tensor[]): Tensor => cat(tensors.map(atLeast2d), 0);
export const dstack = (tensors: readonly Tensor[]): Tensor => cat(tensors.map(atLeast3d), 2);
export const columnStack = (tensors: readonly Tensor[]): Tensor =>
  hstack(tensors.map((tensor) => (tensor.shape.length <= 1 ? reshape(tensor, [elementCount(tensor.shape), 1]) : tensor)));

/** Copies of the whole tensor along each dimension. */
export function repeat(input: Tensor, counts: Shape): Tensor {
  const lead = counts.length - input.shape.length;
  if (lead < 0) {
    throw runtimeError('Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor');
  }
  const negative = counts.find((count) => count < 0);
  if (negative !== undefined) throw runtimeError(`Trying to create tensor with negative dimension ${negative}: ${shapeText(counts)}`);
  const padded = [...new Array<number>(lead).fill(1), ...input.shape];
  // Between every pair of dimensions one for the copies: [c₀, s₀, c₁, s₁, …], then both become one.
  const spaced = reshape(
    input,
    padded.flatMap((size) => [1, size]),
  );
  const expanded = expand(
    spaced,
    padded.flatMap((size, d) => [counts[d]!, size]),
  );
  const result = reshape(
    clone(expanded),
    padded.map((size, d) => size * counts[d]!),
  );
  if (result.requiresGrad) result.viewName = 'RepeatBackward0';
  return result;
}

/** As `repeat`, with missing counts taken as 1. */
export const tile = (input: Tensor, counts: Shape): Tensor =>
  repeat(input, [...new Array<number>(Math.max(input.shape.length - counts.length, 0)).fill(1), ...counts]);

/** Each element several times in a row, along a dimension or of the flattened tensor. */
export function repeatInterleave(input: Tensor, repeats: number | Tensor, dim: number | null = null): Tensor {
  const source = dim === null ? flatten(input) : input;
  const d = wrapDim(dim ?? 0, source.shape.length);
  const size = source.shape[d]!;
  const counts = typeof repeats === 'number' ? [repeats] : [...readValues(repeats)];
  if (counts.length !== 1 && counts.length !== size) throw runtimeError('repeats must have the same size as input along dim');
  if (counts.some((count) => count < 0)) throw runtimeError('repeats can not be negative');
  accountFor('int64', counts.length === 1 ? counts[0]! * size : counts.reduce((total, count) => total + count, 0));
  const positions: number[] = [];
  for (let i = 0; i < size; i++) for (let c = 0; c < (counts[i] ?? counts[0]!); c++) positions.push(i);
  return indexSelect(source, d, fromValues(Float64Array.from(positions), [positions.length], 'int64'));
}

/** The elements of each lane at a permutation of its positions; the gradient takes the permutation back. */
function reorder(
  input: Tensor,
  dims: readonly number[],
  name: string,
  source: (position: number, size: number, k: number) => number,
  undo: (dy: Tensor) => Tensor,
  shifts: readonly number[] = [],
): Tensor {
  let values: Values = readValues(input).slice();
  dims.forEach((d, k) => {
    const { outer, size, inner } = lanesOf(input.shape, d);
    const out = allocate(input.dtype, values.length);
    for (let o = 0; o < outer; o++) {
      for (let p = 0; p < size; p++) {
        const from = (o * size + source(p, size, k)) * inner;
        out.set(values.subarray(from, from + inner), (o * size + p) * inner);
      }
    }
    values = out;
  });
  return derive(values, input.shape, input.dtype, { name, inputs: [input], attributes: { dims, shifts }, gradient: undo });
}

export function flip(input: Tensor, dims: readonly number[]): Tensor {
  const wrapped = wrapDims(dims, input.shape.length).filter((d) => d < input.shape.length);
  return reorder(
    input,
    wrapped,
    'Flip',
    (p, size) => size - 1 - p,
    (dy) => flip(dy, wrapped),
  );
}
export const fliplr = (input: Tensor): Tensor => {
  if (input.shape.length < 2) throw runtimeError('Input must be >= 2-d.');
  return flip(input, [1]);
};
export const flipud = (input: Tensor): Tensor => {
  if (input.shape.length < 1) throw runtimeError('Input must be >= 1-d.');
  return flip(input, [0]);
};

/** Shifts elements along dimensions, those that fall off come back at the start; without dimensions, of the flattened tensor. */
export function roll(input: Tensor, shifts: readonly number[], dims: readonly number[] = []): Tensor {
  if (dims.length === 0) {
    if (shifts.length !== 1) throw runtimeError(`shifts and dimensions must align. shifts: ${shifts.length}, dims:0`);
    return reshape(roll(flatten(input), shifts, [0]), input.shape);
  }
  if (shifts.length !== dims.length) throw runtimeError(`shifts and dimensions must align. shifts: ${shifts.length}, dims:${dims.length}`);
  const wrapped = dims.map((dim) => wrapDim(dim, input.shape.length));
  return reorder(
    input,
    wrapped,
    'Roll',
    (p, size, k) => (((p - shifts[k]!) % size) + size) % size,
    (dy) =>
      roll(
        dy,
        shifts.map((shift) => -shift),
        wrapped,
      ),
    shifts,
  );
}

/** Rotates by quarter turns in the plane of two dimensions. */
export function rot90(input: Tensor, turns = 1, dims: readonly [number, number] = [0, 1]): Tensor {
  const [a, b] = dims;
  const order = input.shape.map((_, d) => d);
  const x = wrapDim(a, order.length);
  const y = wrapDim(b, order.length);
  const swapped = order.map((d) => (d === x ? y : d === y ? x : d));
  switch (((turns % 4) + 4) % 4) {
    case 1:
      return permute(flip(input, [y]), swapped);
    case 2:
      return flip(input, [x, y]);
    case 3:
      return flip(permute(input, swapped), [y]);
    default:
      return clone(input);
  }
}

/** Grids of coordinates: one tensor for each input, all of the product shape. */
export function meshgrid(tensors: readonly Tensor[], indexing: 'ij' | 'xy' = 'ij'): Tensor[] {
  const swap = indexing === 'xy' && tensors.length >= 2;
  const ordered = swap ? [tensors[1]!, tensors[0]!, ...tensors.slice(2)] : tensors;
  const shape = ordered.map((tensor) => elementCount(tensor.shape));
  const grids = ordered.map((tensor, d) => {
    const line = reshape(
      tensor,
      shape.map((size, k) => (k === d ? size : 1)),
    );
    return expand(line, shape);
  });
  if (!swap) return grids;
  return [grids[1]!, grids[0]!, ...grids.slice(2)];
}

/** Broadcasts tensors against each other, as views. */
export function broadcastTensors(tensors: readonly Tensor[], shape: Shape): Tensor[] {
  return tensors.map((tensor) => expand(tensor, shape));
}

/** Pads the last dimensions with a value; the amounts are given from the last dimension backwards, before and after each. */
export function pad(input: Tensor, amounts: readonly number[], value = 0): Tensor {
  if (amounts.length % 2 !== 0) throw runtimeError('Padding length must be divisible by 2');
  if (amounts.length / 2 > input.shape.length)
    throw runtimeError('Padding length should be less than or equal to two times the input dimension');
  let result = input;
  for (let k = 0; k < amounts.length / 2; k++) {
    const d = input.shape.length - 1 - k;
    const before = amounts[2 * k]!;
    const after = amounts[2 * k + 1]!;
    const size = result.shape[d]!;
    if (before < 0 || after < 0) {
      const start = Math.max(-before, 0);
      result = narrow(result, d, start, size - start - Math.max(-after, 0));
    }
    const block = (count: number): Tensor => {
      const shape = result.shape.with(d, count);
      const values = allocate(result.dtype, elementCount(shape));
      values.fill(value);
      return fromValues(values, shape, result.dtype);
    };
    const parts = [...(before > 0 ? [block(before)] : []), result, ...(after > 0 ? [block(after)] : [])];
    if (parts.length > 1) result = cat(parts, d);
  }
  return result === input ? clone(input) : result;
}

/** A matrix with the vector on a diagonal, or the diagonal of a matrix as a copy. */
export function diag(input: Tensor, offset = 0): Tensor {
  if (input.shape.length === 2) {
    const [rows, columns] = input.shape as [number, number];
    const length = Math.max(Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)), 0);
    const positions = Float64Array.from({ length }, (_, i) => (i + Math.max(-offset, 0)) * columns + i + Math.max(offset, 0));
    return indexSelect(flatten(input), 0, fromValues(positions, [length], 'int64'));
  }
  if (input.shape.length !== 1) throw runtimeError(`diag(): Supports 1D or 2D tensors. Got ${input.shape.length}D`);
  return diagEmbed(input, offset);
}

/** The last dimension on the diagonals of new matrices. */
export function diagEmbed(input: Tensor, offset = 0): Tensor {
  const n = input.shape.at(-1)!;
  const size = n + Math.abs(offset);
  const rows = elementCount(input.shape) / Math.max(n, 1);
  const from = readValues(input);
  const values = allocate(input.dtype, rows * size * size);
  const at = (r: number, i: number): number => r * size * size + (i + Math.max(-offset, 0)) * size + i + Math.max(offset, 0);
  for (let r = 0; r < rows; r++) for (let i = 0; i < n; i++) values[at(r, i)] = from[r * n + i]!;
  return derive(values, [...input.shape.slice(0, -1), size, size], input.dtype, {
    name: 'DiagEmbed',
    inputs: [input],
    gradient: (dy) => {
      const flat = reshape(dy, [rows * size * size]);
      const positions = Float64Array.from({ length: rows * n }, (_, k) => at(Math.floor(k / n), k % n));
      return reshape(indexSelect(flat, 0, fromValues(positions, [rows * n], 'int64')), input.shape);
    },
  });
}

/** The part of the last two dimensions on and below (lower), or on and above, a diagonal; zero elsewhere. */
export function triangle(input: Tensor, lower: boolean, diagonal = 0): Tensor {
  if (input.shape.length < 2) throw runtimeError('tril/triu: input tensor must have at least 2 dimensions');
  const [rows, columns] = input.shape.slice(-2) as [number, number];
  const from = readValues(input);
  const values = allocate(input.dtype, from.length);
  for (let i = 0; i < values.length; i++) {
    const distance = (i % columns) - (Math.floor(i / columns) % rows);
    if (lower ? distance <= diagonal : distance >= diagonal) values[i] = from[i]!;
  }
  return derive(values, input.shape, input.dtype, {
    name: lower ? 'Tril' : 'Triu',
    inputs: [input],
    attributes: { diagonal },
    gradient: (dy) => triangle(dy, lower, diagonal),
  });
}
