/** `x[…]`: Python's indexing of tensors, reading and writing. */
import { full, to } from './creation';
import { indexError, runtimeError, valueError } from './errors';
import { copyInto } from './inplace';
import type { Scalar } from './promotion';
import { derive, readValues } from './record';
import { sumTo } from './broadcasting';
import { allocate } from './run';
import { broadcastShapes, elementCount, type Shape, shapeText } from './shapes';
import { fromValues, isTensor, Tensor } from './tensor';
import { nonzero } from './scatter';
import { add } from './elementwise';
import { alias, contiguous, expand, permute, reshape, select, slice, unsqueeze } from './views';

/** One part of what stands between the brackets. A list of indices is a tensor index; a bool alone is a mask without dimensions. */
export type IndexPart =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'slice'; readonly start: number | null; readonly stop: number | null; readonly step: number | null }
  | { readonly kind: 'none' }
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'tensor'; readonly tensor: Tensor };

interface Advanced {
  /** The view that the ints, slices and new dimensions make; advanced dimensions are still whole. */
  readonly view: Tensor;
  /** Index tensors by dimension of the view. */
  readonly indices: ReadonlyMap<number, Tensor>;
  /** Whether every index tensor stood next to the other: else the result's index dimensions come first. */
  readonly adjacent: boolean;
}

const isMask = (tensor: Tensor): boolean => tensor.dtype === 'bool' || tensor.dtype === 'uint8';

function dimsTaken(part: IndexPart): number {
  switch (part.kind) {
    case 'none':
    case 'ellipsis':
    case 'bool':
      return 0;
    case 'tensor':
      return isMask(part.tensor) ? part.tensor.shape.length : 1;
    default:
      return 1;
  }
}

/** Follows the parts from left to right; what only moves in memory is done at once. */
function resolve(input: Tensor, parts: readonly IndexPart[]): Advanced {
  if (parts.filter((part) => part.kind === 'ellipsis').length > 1) {
    throw indexError("an index can only have a single ellipsis ('...')");
  }
  const taken = parts.reduce((count, part) => count + dimsTaken(part), 0);
  if (taken > input.shape.length) {
    if (input.shape.length === 0 && parts.length === 1 && parts[0]!.kind === 'int') {
      throw indexError(
        'invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number',
      );
    }
    throw indexError(`too many indices for tensor of dimension ${input.shape.length}`);
  }
  let view = alias(input);
  const indices = new Map<number, Tensor>();
  const places: number[] = [];
  let d = 0;
  const advance = (tensor: Tensor): void => {
    indices.set(d, tensor);
    places.push(d);
    d++;
  };
  for (const part of parts) {
    switch (part.kind) {
      case 'none':
        view = unsqueeze(view, d);
        d++;
        break;
      case 'ellipsis':
        d += input.shape.length - taken;
        break;
      case 'slice':
        if ((part.step ?? 1) <= 0) throw valueError('step must be greater than zero');
        view = slice(view, d, part.start, part.stop, part.step ?? 1);
        d++;
        break;
      case 'int': {
        const size = view.shape[d]!;
        if (part.value < -size || part.value >= size) {
          throw indexError(`index ${part.value} is out of bounds for dimension ${d} with size ${size}`);
        }
        view = select(view, d, part.value);
        break;
      }
      case 'bool':
        // One more dimension of size 1, kept or dropped by an index of one or no zeros.
        view = unsqueeze(view, d);
        advance(fromValues(new Float64Array(part.value ? 1 : 0), [part.value ? 1 : 0], 'int64'));
        break;
      case 'tensor': {
        const { tensor } = part;
        if (!isMask(tensor)) {
          if (tensor.dtype !== 'int64' && tensor.dtype !== 'int32') {
            throw indexError('tensors used as indices must be long, int, byte or bool tensors');
          }
          if (tensor.shape.length === 0 && !hasOther(parts, part)) {
            const at = readValues(tensor)[0]!;
            const size = view.shape[d]!;
            if (at < -size || at >= size) throw indexError(`index ${at} is out of bounds for dimension ${d} with size ${size}`);
            view = select(view, d, at);
          } else advance(tensor);
          break;
        }
        if (tensor.shape.length === 0) {
          const hit = readValues(tensor)[0] !== 0;
          view = unsqueeze(view, d);
          advance(fromValues(new Float64Array(hit ? 1 : 0), [hit ? 1 : 0], 'int64'));
          break;
        }
        tensor.shape.forEach((size, k) => {
          if (size !== view.shape[d + k]) {
            throw indexError(
              `The shape of the mask ${shapeText(tensor.shape)} at index ${k} does not match the shape of the indexed tensor ` +
                `${shapeText(view.shape)} at index ${d + k}`,
            );
          }
        });
        const hits = nonzero(tensor);
        for (let k = 0; k < tensor.shape.length; k++) advance(contiguous(select(hits, 1, k)));
        break;
      }
    }
  }
  const first = places[0] ?? 0;
  return { view, indices, adjacent: places.every((place, i) => place === first + i) };
}

/** Is there another advanced index? A lone index without dimensions selects, and makes a view. */
const hasOther = (parts: readonly IndexPart[], own: IndexPart): boolean =>
  parts.some(
    (part) => part !== own && (part.kind === 'bool' || (part.kind === 'tensor' && (isMask(part.tensor) || part.tensor.shape.length > 0))),
  );

interface Places {
  /** The view with its indexed dimensions first, and those dimensions' sizes. */
  readonly ordered: Tensor;
  /** Positions in the flattened indexed dimensions. */
  readonly positions: Float64Array;
  readonly indexShape: Shape;
  readonly restShape: Shape;
  /** Where the index dimensions stand in the result. */
  readonly resultAt: number;
}

function locate({ view, indices, adjacent }: Advanced): Places {
  const dims = [...indices.keys()];
  const tensors = [...indices.values()];
  let indexShape: Shape = tensors[0]!.shape;
  for (const tensor of tensors.slice(1)) {
    try {
      indexShape = broadcastShapes(indexShape, tensor.shape);
    } catch {
      throw indexError(
        `shape mismatch: indexing tensors could not be broadcast together with shapes ${tensors.map((each) => shapeText(each.shape)).join(', ')}`,
      );
    }
  }
  const positions = new Float64Array(elementCount(indexShape));
  let step = 1;
  for (let k = dims.length - 1; k >= 0; k--) {
    const d = dims[k]!;
    const size = view.shape[d]!;
    const values = readValues(expand(tensors[k]!, indexShape));
    for (let i = 0; i < positions.length; i++) {
      const at = values[i]!;
      if (at < -size || at >= size) throw indexError(`index ${at} is out of bounds for dimension ${d} with size ${size}`);
      positions[i]! += (at < 0 ? at + size : at) * step;
    }
    step *= size;
  }
  const rest = view.shape.map((_, d) => d).filter((d) => !indices.has(d));
  return {
    ordered: permute(view, [...dims, ...rest]),
    positions,
    indexShape,
    restShape: rest.map((d) => view.shape[d]!),
    resultAt: adjacent ? dims[0]! : 0,
  };
}

/** From [index…, rest…] to the order torch gives: the index dimensions where the first indexed dimension stood. */
function placeIndexDims(tensor: Tensor, indexRank: number, at: number): Tensor {
  if (at === 0) return tensor;
  const order = tensor.shape.map((_, d) => d);
  return permute(tensor, [...order.slice(indexRank, indexRank + at), ...order.slice(0, indexRank), ...order.slice(indexRank + at)]);
}

/** The inverse: index dimensions first. */
function indexDimsFirst(tensor: Tensor, indexRank: number, at: number): Tensor {
  if (at === 0) return tensor;
  const order = tensor.shape.map((_, d) => d);
  return permute(tensor, [...order.slice(at, at + indexRank), ...order.slice(0, at), ...order.slice(at + indexRank)]);
}

export function getIndex(input: Tensor, parts: readonly IndexPart[]): Tensor {
  const advanced = resolve(input, parts);
  if (advanced.indices.size === 0) return advanced.view;
  const { ordered, positions, indexShape, restShape, resultAt } = locate(advanced);
  const picked = pickRows(ordered, positions, elementCount(restShape), [...indexShape, ...restShape], [...advanced.indices.values()]);
  if (resultAt === 0) return picked;
  const placed = placeIndexDims(picked, indexShape.length, resultAt);
  // torch's result is laid out like this too: a permuted view of what was picked.
  return new Tensor(placed.cell, placed.shape, placed.strides, placed.offset, placed.requiresGrad ? 'IndexBackward0' : null);
}

/** Rows of the flattened input at positions; a gradient adds up where a row was picked twice. */
function pickRows(input: Tensor, positions: Float64Array, width: number, shape: Shape, indices: readonly Tensor[] = []): Tensor {
  const from = readValues(input);
  const values = allocate(input.dtype, positions.length * width);
  for (let r = 0; r < positions.length; r++) {
    const start = positions[r]! * width;
    if (width === 1) values[r] = from[start]!;
    else values.set(from.subarray(start, start + width), r * width);
  }
  return derive(values, shape, input.dtype, {
    name: 'Index',
    inputs: [input],
    operands: [input, ...indices],
    gradient: (dy) => addRows(input.shape, positions, width, dy),
  });
}

function addRows(shape: Shape, positions: Float64Array, width: number, rows: Tensor): Tensor {
  const from = readValues(rows);
  const values = allocate(rows.dtype, elementCount(shape));
  for (let r = 0; r < positions.length; r++) {
    const start = positions[r]! * width;
    for (let j = 0; j < width; j++) values[start + j]! += from[r * width + j]!;
  }
  return derive(values, shape, rows.dtype, {
    name: 'IndexPut',
    inputs: [rows],
    gradient: (dy) => pickRows(dy, positions, width, rows.shape),
  });
}

const asTensor = (value: Tensor | Scalar, like: Tensor): Tensor => (isTensor(value) ? value : full([], value, like.dtype));

/** `x[…] = value`: the value is cast to the tensor's type and broadcast to the place. */
export function setIndex(input: Tensor, parts: readonly IndexPart[], value: Tensor | Scalar): void {
  const advanced = resolve(input, parts);
  const source = to(asTensor(value, input), input.dtype);
  if (advanced.indices.size === 0) {
    copyInto(advanced.view, source);
    return;
  }
  putRows(advanced, source, false);
}

/** `index_put_`: as assignment, or adding where `accumulate` is true, also for repeated places. */
export function indexPut(input: Tensor, indices: readonly Tensor[], value: Tensor, accumulate = false): Tensor {
  if (value.dtype !== input.dtype) {
    throw runtimeError(
      `Index put requires the source and destination dtypes match, got ${input.dtype} for the destination and ${value.dtype} for the source.`,
    );
  }
  putRows(
    resolve(
      input,
      indices.map((tensor) => ({ kind: 'tensor', tensor })),
    ),
    value,
    accumulate,
  );
  return input;
}

function putRows(advanced: Advanced, source: Tensor, accumulate: boolean): void {
  const { view } = advanced;
  // A lone index without dimensions was resolved to a view: the place itself is written.
  if (advanced.indices.size === 0) {
    copyInto(view, accumulate ? add(view, source) : source);
    return;
  }
  const { ordered, positions, indexShape, restShape, resultAt } = locate(advanced);
  const rowsShape = [...indexShape, ...restShape];
  const resultShape = placeIndexDims(
    fromValues(new Uint8Array(elementCount(rowsShape)), rowsShape, 'bool'),
    indexShape.length,
    resultAt,
  ).shape;
  const trimmed = dropLeadingOnes(source, resultShape.length);
  if (!broadcastable(trimmed.shape, resultShape)) {
    throw runtimeError(
      `shape mismatch: value tensor of shape ${shapeText(source.shape)} cannot be broadcast to indexing result of shape ${shapeText(resultShape)}`,
    );
  }
  const rows = indexDimsFirst(expand(trimmed, resultShape), indexShape.length, resultAt);
  copyInto(ordered, writtenRows(ordered, positions, elementCount(restShape), rows, accumulate, [...advanced.indices.values()]));
}

const broadcastable = (from: Shape, to: Shape): boolean =>
  from.length <= to.length && from.every((size, k) => size === 1 || size === to[to.length - from.length + k]);

function dropLeadingOnes(source: Tensor, rank: number): Tensor {
  if (source.shape.length <= rank) return source;
  const lead = source.shape.length - rank;
  return source.shape.slice(0, lead).every((size) => size === 1) ? reshape(source, source.shape.slice(lead)) : source;
}

/** The input with rows replaced (of repeated ones the last stays) or added. */
function writtenRows(
  input: Tensor,
  positions: Float64Array,
  width: number,
  rows: Tensor,
  accumulate: boolean,
  indices: readonly Tensor[],
): Tensor {
  const values = readValues(input).slice();
  const from = readValues(rows);
  const last = new Map<number, number>();
  for (let r = 0; r < positions.length; r++) {
    const start = positions[r]! * width;
    last.set(positions[r]!, r);
    for (let j = 0; j < width; j++) values[start + j] = accumulate ? values[start + j]! + from[r * width + j]! : from[r * width + j]!;
  }
  return derive(values, input.shape, input.dtype, {
    name: 'IndexPut',
    inputs: [input, rows],
    operands: [input, rows, ...indices],
    attributes: { accumulate },
    gradient: (dy, i) => {
      if (i === 1) return sumTo(pickRows(dy, positions, width, rows.shape), rows.shape);
      return accumulate ? dy : clearRows(dy, positions, width);
    },
  });
}

function clearRows(dy: Tensor, positions: Float64Array, width: number): Tensor {
  const values = readValues(dy).slice();
  positions.forEach((position) => values.fill(0, position * width, (position + 1) * width));
  return derive(values, dy.shape, dy.dtype, { name: 'IndexPut', inputs: [dy], gradient: (ddy) => clearRows(ddy, positions, width) });
}

/** A tensor of indices from a Python list, for `x[[0, 2]]`. */
export const indexOf = (positions: readonly number[]): IndexPart => ({
  kind: 'tensor',
  tensor: fromValues(Float64Array.from(positions), [positions.length], 'int64'),
});
