import { indexError, runtimeError, valueError } from './errors';
import { copyOf } from './record';
import { accountForViews, currentRun } from './run';
import { contiguousStrides, elementCount, isContiguous, sameShape, type Shape, shapeText, wrapDim, wrapDims } from './shapes';
import { type Cell, isTensorContiguous, newCell, numel, Tensor } from './tensor';

/** The same memory, off the tape. */
function detachedCell(cell: Cell, version = cell.version): Cell {
  const detached = newCell(cell.values, cell.dtype);
  detached.version = version;
  detached.wasRandom = cell.wasRandom;
  detached.unset = cell.unset;
  return detached;
}

function viewOf(input: Tensor, shape: Shape, strides: Shape, offset: number, name: string, overload = 0): Tensor {
  const cell = input.requiresGrad && !currentRun().gradEnabled ? detachedCell(input.cell) : input.cell;
  return new Tensor(cell, shape, strides, offset, `${name}Backward${overload}`);
}

/** Shares the memory and cuts the gradient; writes to either show in both. */
export const detach = (input: Tensor): Tensor => new Tensor(detachedCell(input.cell), input.shape, input.strides, input.offset);

/** As `detach`, but its writes go unnoticed by the gradients that saved the tensor: torch's `.data`. */
export const dataOf = (input: Tensor): Tensor =>
  new Tensor(detachedCell(input.cell, { count: 0, memory: input.cell.version.memory }), input.shape, input.strides, input.offset);

/** `x.data = other`: the tensor takes over the other's memory. */
export function setData(input: Tensor, other: Tensor): void {
  input.cell.values = other.cell.values;
  input.cell.version = other.cell.version;
  input.cell.base = null;
  if (input.cell.leaf !== null) input.cell.leafBase = null;
  input.shape = other.shape;
  input.strides = other.strides;
  input.offset = other.offset;
  input.dense = null;
}

export const alias = (input: Tensor): Tensor => viewOf(input, input.shape, input.strides, input.offset, 'Alias');

export function asStrided(input: Tensor, shape: Shape, strides: Shape, offset = input.offset): Tensor {
  const last = elementCount(shape) === 0 ? -1 : shape.reduce((position, size, d) => position + (size - 1) * strides[d]!, offset);
  if (offset < 0 || last >= input.cell.values.length) {
    throw runtimeError(
      `setStorage: sizes ${shapeText(shape)}, strides ${shapeText(strides)}, storage offset ${offset} are out of bounds for storage of size ` +
        String(input.cell.values.length),
    );
  }
  return viewOf(input, shape, strides, offset, 'AsStrided');
}

/** Replaces the one −1 of a shape by what is left of the elements. */
function inferShape(shape: Shape, count: number): number[] {
  const unknown = shape.indexOf(-1);
  const invalid = (): Error => runtimeError(`shape '${shapeText(shape)}' is invalid for input of size ${count}`);
  if (unknown < 0) {
    if (elementCount(shape) !== count || shape.some((size) => size < 0)) throw invalid();
    return [...shape];
  }
  if (shape.includes(-1, unknown + 1)) throw runtimeError('only one dimension can be inferred');
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  if (shape.some((size) => size < -1)) throw runtimeError(`invalid shape dimension ${shape.find((size) => size < -1)!}`);
  if (known === 0) {
    if (count !== 0) throw invalid();
    throw runtimeError(
      `cannot reshape tensor of 0 elements into shape ${shapeText(shape)} because the unspecified dimension size -1 can be any value and is ambiguous`,
    );
  }
  if (count % known !== 0) throw invalid();
  return shape.map((size) => (size === -1 ? count / known : size));
}

/** Strides that show the same memory in another shape, or null if only a copy can. */
function stridesForShape(input: Tensor, shape: Shape): number[] | null {
  if (isTensorContiguous(input)) return contiguousStrides(shape);
  if (numel(input) === 0) return contiguousStrides(shape);
  const strides = new Array<number>(shape.length);
  let to = shape.length - 1;
  // Runs of the input's dimensions that lie evenly in memory are regrouped, one run at a time from the end.
  let chunkStride = input.strides.at(-1) ?? 1;
  let inputCount = 1;
  let outputCount = 1;
  for (let from = input.shape.length - 1; from >= 0; from--) {
    inputCount *= input.shape[from]!;
    const next = from - 1;
    const runEnds = from === 0 || (input.shape[next] !== 1 && input.strides[next] !== inputCount * chunkStride);
    if (!runEnds) continue;
    while (to >= 0 && (outputCount < inputCount || shape[to] === 1)) {
      strides[to] = outputCount * chunkStride;
      outputCount *= shape[to]!;
      to--;
    }
    if (outputCount !== inputCount) return null;
    if (from > 0) {
      chunkStride = input.strides[next]!;
      inputCount = 1;
      outputCount = 1;
    }
  }
  return to === -1 ? strides : null;
}

export function view(input: Tensor, shape: Shape): Tensor {
  const sizes = inferShape(shape, numel(input));
  const strides = stridesForShape(input, sizes);
  if (strides === null) {
    throw runtimeError(
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). " +
        'Use .reshape(...) instead.',
    );
  }
  return viewOf(input, sizes, strides, input.offset, 'View');
}

/** A view where that is possible, else a copy in the new shape. */
export function reshape(input: Tensor, shape: Shape): Tensor {
  const sizes = inferShape(shape, numel(input));
  const strides = stridesForShape(input, sizes);
  if (strides !== null) return viewOf(input, sizes, strides, input.offset, 'View');
  return viewOf(copyOf(input, 'Clone'), sizes, contiguousStrides(sizes), 0, 'UnsafeView');
}

/** The tensor itself if it lies in row-major order, else a copy that does. */
export const contiguous = (input: Tensor): Tensor => (isTensorContiguous(input) ? input : copyOf(input, 'Clone'));

export function permute(input: Tensor, dims: readonly number[]): Tensor {
  if (dims.length !== input.shape.length) {
    throw runtimeError(
      `permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. ` +
        `input.dim() = ${input.shape.length} is not equal to len(dims) = ${dims.length}`,
    );
  }
  const order = wrapDims(dims, input.shape.length);
  return viewOf(
    input,
    order.map((d) => input.shape[d]!),
    order.map((d) => input.strides[d]!),
    input.offset,
    'Permute',
  );
}

export function transpose(input: Tensor, dim0: number, dim1: number): Tensor {
  const a = wrapDim(dim0, input.shape.length);
  const b = wrapDim(dim1, input.shape.length);
  const order = input.shape.map((_, d) => (d === a ? b : d === b ? a : d));
  return viewOf(
    input,
    order.map((d) => input.shape[d]!),
    order.map((d) => input.strides[d]!),
    input.offset,
    'Transpose',
  );
}

export function t(input: Tensor): Tensor {
  if (input.shape.length > 2) throw runtimeError(`t() expects a tensor with <= 2 dimensions, but self is ${input.shape.length}D`);
  const result = input.shape.length < 2 ? alias(input) : transpose(input, 0, 1);
  result.viewName = 'TBackward0';
  return result;
}

/** All dimensions in reverse: `x.T`. */
export const reverseDims = (input: Tensor): Tensor =>
  permute(
    input,
    input.shape.map((_, d) => input.shape.length - 1 - d),
  );

export function movedim(input: Tensor, source: readonly number[], destination: readonly number[]): Tensor {
  const rank = input.shape.length;
  if (source.length !== destination.length) {
    throw runtimeError(
      `movedim: Invalid source or destination dims: source (${shapeText(source)} dims) should contain the same number of dims as destination ` +
        `(${shapeText(destination)} dims)`,
    );
  }
  const from = wrapDims(source, rank);
  const to = wrapDims(destination, rank);
  const rest = input.shape.map((_, d) => d).filter((d) => !from.includes(d));
  const order = input.shape.map((_, d) => {
    const moved = to.indexOf(d);
    return moved >= 0 ? from[moved]! : rest.shift()!;
  });
  return permute(input, order);
}

/** Without dimensions of size 1: all of them, or those named. */
export function squeeze(input: Tensor, dims: readonly number[] | null = null): Tensor {
  const named = dims === null ? null : wrapDims(dims, input.shape.length);
  const keep = input.shape.map((size, d) => size !== 1 || (named !== null && !named.includes(d)));
  return viewOf(
    input,
    input.shape.filter((_, d) => keep[d]),
    input.strides.filter((_, d) => keep[d]),
    input.offset,
    'Squeeze',
    named === null ? 0 : named.length === 1 ? 1 : 2,
  );
}

export function unsqueeze(input: Tensor, dim: number): Tensor {
  const at = wrapDim(dim, input.shape.length + 1);
  const stride = at < input.shape.length ? input.shape[at]! * input.strides[at]! : 1;
  return viewOf(input, input.shape.toSpliced(at, 0, 1), input.strides.toSpliced(at, 0, stride), input.offset, 'Unsqueeze');
}

/** Repeats dimensions of size 1 without copying; −1 keeps a size. */
export function expand(input: Tensor, shape: Shape): Tensor {
  const lead = shape.length - input.shape.length;
  if (lead < 0) {
    throw runtimeError(
      `expand(torch.FloatTensor{${shapeText(input.shape)}}, size=${shapeText(shape)}): the number of sizes provided (${shape.length}) must be ` +
        `greater or equal to the number of dimensions in the tensor (${input.shape.length})`,
    );
  }
  const sizes = shape.map((size, d) => {
    if (size !== -1) return size;
    if (d < lead) throw runtimeError(`The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${d}`);
    return input.shape[d - lead]!;
  });
  const strides = sizes.map((size, d) => {
    if (d < lead) return 0;
    const own = input.shape[d - lead]!;
    if (own === size) return input.strides[d - lead]!;
    if (own !== 1) {
      throw runtimeError(
        `The expanded size of the tensor (${size}) must match the existing size (${own}) at non-singleton dimension ${d}.  ` +
          `Target sizes: ${shapeText(sizes)}.  Tensor sizes: ${shapeText(input.shape)}`,
      );
    }
    return 0;
  });
  return viewOf(input, sizes, strides, input.offset, 'Expand');
}

export function select(input: Tensor, dim: number, index: number): Tensor {
  if (input.shape.length === 0) throw indexError('select() cannot be applied to a 0-dim tensor.');
  const d = wrapDim(dim, input.shape.length);
  const size = input.shape[d]!;
  if (index < -size || index >= size) {
    throw indexError(`select(): index ${index} out of range for tensor of size ${shapeText(input.shape)} at dimension ${d}`);
  }
  const at = index < 0 ? index + size : index;
  return viewOf(input, input.shape.toSpliced(d, 1), input.strides.toSpliced(d, 1), input.offset + at * input.strides[d]!, 'Select');
}

/** Python's slice of one dimension; bounds are clipped as Python clips them. */
export function slice(input: Tensor, dim: number, start: number | null, end: number | null, step = 1): Tensor {
  const d = wrapDim(dim, input.shape.length);
  if (input.shape.length === 0) throw indexError('slice() cannot be applied to a 0-dim tensor.');
  if (step <= 0) throw valueError('step must be greater than zero');
  const size = input.shape[d]!;
  const clip = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size);
  const from = clip(start ?? 0);
  const to = Math.max(clip(end ?? size), from);
  const count = Math.ceil((to - from) / step);
  return viewOf(
    input,
    input.shape.with(d, count),
    input.strides.with(d, input.strides[d]! * step),
    input.offset + from * input.strides[d]!,
    'Slice',
  );
}

export function narrow(input: Tensor, dim: number, start: number, length: number): Tensor {
  const d = wrapDim(dim, input.shape.length);
  const size = input.shape[d]!;
  if (length < 0) throw runtimeError('narrow(): length must be non-negative.');
  if (start < -size || start > size) {
    throw indexError(`Dimension out of range (expected to be in range of [${-size}, ${size}], but got ${start})`);
  }
  const from = start < 0 ? start + size : start;
  if (from + length > size) throw runtimeError(`start (${from}) + length (${length}) exceeds dimension size (${size}).`);
  return slice(input, d, from, from + length);
}

export function flatten(input: Tensor, startDim = 0, endDim = -1): Tensor {
  const rank = input.shape.length;
  const from = wrapDim(startDim, rank);
  const to = wrapDim(endDim, rank);
  if (from > to) throw runtimeError('flatten() has invalid args: start_dim cannot come after end_dim');
  if (rank === 0) return reshape(input, [1]);
  if (from === to) return input;
  return reshape(input, [...input.shape.slice(0, from), elementCount(input.shape.slice(from, to + 1)), ...input.shape.slice(to + 1)]);
}

export function unflatten(input: Tensor, dim: number, sizes: Shape): Tensor {
  const d = wrapDim(dim, input.shape.length);
  return view(input, input.shape.toSpliced(d, 1, ...inferShape(sizes, input.shape[d]!)));
}

export function diagonal(input: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  const a = wrapDim(dim1, input.shape.length);
  const b = wrapDim(dim2, input.shape.length);
  if (a === b) throw runtimeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  const rows = input.shape[a]! + Math.min(offset, 0);
  const columns = input.shape[b]! - Math.max(offset, 0);
  const length = Math.max(Math.min(rows, columns), 0);
  const shift = length === 0 ? 0 : offset >= 0 ? offset * input.strides[b]! : -offset * input.strides[a]!;
  const rest = input.shape.map((_, d) => d).filter((d) => d !== a && d !== b);
  return viewOf(
    input,
    [...rest.map((d) => input.shape[d]!), length],
    [...rest.map((d) => input.strides[d]!), input.strides[a]! + input.strides[b]!],
    input.offset + shift,
    'Diagonal',
  );
}

function partOf(part: Tensor, name: string): Tensor {
  part.viewName = `${name}Backward0`;
  return part;
}

/** Views of `size` elements each along a dimension; the last may be shorter. A list gives each one's size. */
export function split(input: Tensor, sizes: number | readonly number[], dim = 0): Tensor[] {
  const d = wrapDim(dim, input.shape.length);
  const total = input.shape[d]!;
  if (typeof sizes === 'number') {
    if (sizes < 0) throw runtimeError(`split expects split_size be non-negative, but got split_size=${sizes}`);
    if (sizes === 0 && total !== 0)
      throw runtimeError(`split_size can only be 0 if dimension size is 0, but got dimension size of ${total}`);
    const count = sizes === 0 ? 1 : Math.max(Math.ceil(total / sizes), 1);
    accountForViews(count);
    return Array.from({ length: count }, (_, i) => partOf(slice(input, d, i * sizes, Math.min((i + 1) * sizes, total)), 'Split'));
  }
  if (sizes.reduce((sum, size) => sum + size, 0) !== total) {
    throw runtimeError(
      `split_with_sizes expects split_sizes to sum exactly to ${total} (input tensor's size at dimension ${d}), but got split_sizes=` +
        shapeText(sizes),
    );
  }
  let start = 0;
  return sizes.map((size) => {
    const part = partOf(slice(input, d, start, start + size), 'SplitWithSizes');
    start += size;
    return part;
  });
}

export function chunk(input: Tensor, chunks: number, dim = 0): Tensor[] {
  if (chunks <= 0) throw runtimeError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`);
  const d = wrapDim(dim, input.shape.length);
  return split(input, Math.max(Math.ceil(input.shape[d]! / chunks), 1), d);
}

/** Splits into parts whose sizes differ by at most one, or at the given positions. */
export function tensorSplit(input: Tensor, sections: number | readonly number[], dim = 0): Tensor[] {
  const d = wrapDim(dim, input.shape.length);
  const total = input.shape[d]!;
  if (typeof sections !== 'number') {
    return [...sections, total].map((end, i) => slice(input, d, i === 0 ? 0 : sections[i - 1]!, end));
  }
  if (sections <= 0) throw runtimeError(`number of sections must be larger than 0, got ${sections}`);
  const base = Math.floor(total / sections);
  const longer = total % sections;
  return split(
    input,
    Array.from({ length: sections }, (_, i) => base + (i < longer ? 1 : 0)),
    d,
  );
}

/** The rows along a dimension, as views: also what iterating over a tensor gives. */
export function unbind(input: Tensor, dim = 0): Tensor[] {
  const d = wrapDim(dim, input.shape.length);
  if (input.shape.length === 0) throw runtimeError('unbind() cannot be applied to a 0-dim tensor');
  // Views have no elements of their own, but an expanded tensor has any number of rows.
  accountForViews(input.shape[d]!);
  return Array.from({ length: input.shape[d]! }, (_, i) => partOf(select(input, d, i), 'Unbind'));
}

/** Windows of a dimension, as views with one more dimension at the end. */
export function unfold(input: Tensor, dim: number, size: number, step: number): Tensor {
  const d = wrapDim(dim, input.shape.length);
  const total = input.shape[d] ?? 1;
  if (size > total) throw runtimeError(`maximum size for tensor at dimension ${d} is ${total} but size is ${size}`);
  return viewOf(
    input,
    [...input.shape.with(d, Math.floor((total - size) / step) + 1), size],
    [...input.strides.with(d, input.strides[d]! * step), input.strides[d]!],
    input.offset,
    'Unfold',
  );
}

export const expandAs = (input: Tensor, other: Tensor): Tensor => expand(input, other.shape);
export const viewAs = (input: Tensor, other: Tensor): Tensor => view(input, other.shape);
export const isSameView = (a: Tensor, b: Tensor): boolean =>
  a.cell.values === b.cell.values && a.offset === b.offset && sameShape(a.shape, b.shape) && sameShape(a.strides, b.strides);
export const isContiguousTensor = (input: Tensor): boolean => isContiguous(input.shape, input.strides);
