/** Reading and writing at computed positions along a dimension: gather, scatter, index_select and their kin. */
import { clone, full, to, zeros } from './creation';
import { castNumber, isFloatDtype, scalarTypeName, type Values } from './dtype';
import { mul } from './elementwise';
import { indexError, runtimeError } from './errors';
import type { Scalar } from './promotion';
import { derive, readValues } from './record';
import { noted } from './recording';
import { sumTo } from './broadcasting';
import { allocate, currentRun } from './run';
import { broadcastShapes, elementCount, lanesOf, sameShape, type Shape, shapeText, wrapDim } from './shapes';
import { fromValues, isTensor, type Tensor } from './tensor';
import { expand, flatten, reshape, slice } from './views';

function checkIndex(name: string, input: Tensor, index: Tensor, other: string): void {
  if (index.dtype !== 'int64' && index.dtype !== 'int32') throw runtimeError(`${name}(): Expected dtype int32/int64 for index`);
  if (Math.max(index.shape.length, 1) !== Math.max(input.shape.length, 1) && elementCount(index.shape) > 0) {
    throw runtimeError(`Index tensor must have the same number of dimensions as ${other} tensor`);
  }
}

const outOfBounds = (index: number, d: number, size: number): string =>
  `index ${index} is out of bounds for dimension ${d} with size ${size}`;

/** Sizes with at least one dimension: a tensor without dimensions has one of size 1. */
const atLeast1d = (shape: Shape): Shape => (shape.length === 0 ? [1] : shape);

/** Calls with the position in `data` (of the shape) that each element of the index points at, in the index's order. */
function eachTarget(shape: Shape, d: number, indexShape: Shape, index: Values, visit: (position: number, i: number) => void): void {
  const size = shape[d]!;
  const count = index.length;
  if (count === 0) return;
  const rank = shape.length;
  const { inner } = lanesOf(shape, d);
  if (rank === 2 && d === 1) {
    // Rows of a matrix: nearly every loss.
    const columns = indexShape[1]!;
    for (let row = 0, i = 0; i < count; row++) {
      for (let c = 0; c < columns; c++, i++) {
        const at = index[i]!;
        if (at < 0 || at >= size) throw runtimeError(outOfBounds(at, d, size));
        visit(row * size + at, i);
      }
    }
    return;
  }
  const steps = new Array<number>(rank);
  let step = 1;
  for (let k = rank - 1; k >= 0; k--) {
    steps[k] = step;
    step *= shape[k]!;
  }
  const counter = new Array<number>(rank).fill(0);
  let base = 0;
  for (let i = 0; i < count; i++) {
    const at = index[i]!;
    if (at < 0 || at >= size) throw runtimeError(outOfBounds(at, d, size));
    visit(base + at * inner, i);
    for (let k = rank - 1; k >= 0; k--) {
      if (k !== d) base += steps[k]!;
      if (++counter[k]! < indexShape[k]!) break;
      if (k !== d) base -= steps[k]! * indexShape[k]!;
      counter[k] = 0;
    }
  }
}

export function gather(input: Tensor, dim: number, index: Tensor): Tensor {
  const d = wrapDim(dim, input.shape.length);
  checkIndex('gather', input, index, 'input');
  const shape = atLeast1d(input.shape);
  const indexShape = atLeast1d(index.shape);
  if (elementCount(index.shape) > 0 && indexShape.some((size, k) => k !== d && size > shape[k]!)) {
    throw runtimeError(
      `Size does not match at dimension ${indexShape.findIndex((size, k) => k !== d && size > shape[k]!)} expected index ` +
        `${shapeText(index.shape)} to be no larger than self ${shapeText(input.shape)} apart from dimension ${d}`,
    );
  }
  const from = readValues(input);
  const positions = readValues(index);
  const values = allocate(input.dtype, positions.length);
  eachTarget(shape, d, indexShape, positions, (position, i) => {
    values[i] = from[position]!;
  });
  return derive(values, index.shape, input.dtype, {
    name: 'Gather',
    inputs: [input],
    operands: [input, index],
    attributes: { dim: d },
    saved: [index],
    gradient: (dy) => scatterAdd(zeros(input.shape, dy.dtype), d, index, dy),
  });
}

export type ScatterReduce = 'add' | 'multiply';

/** `input` with `src` written at the index along a dimension; of duplicates the last one stays. */
export function scatter(input: Tensor, dim: number, index: Tensor, src: Tensor | Scalar, reduce: ScatterReduce | null = null): Tensor {
  if (reduce === 'add') return scatterAdd(input, dim, index, isTensor(src) ? src : full(index.shape, src, input.dtype));
  const d = wrapDim(dim, input.shape.length);
  checkIndex('scatter', input, index, 'self');
  checkScatterShapes('scatter', input, d, index, isTensor(src) ? src : null);
  const shape = atLeast1d(input.shape);
  const indexShape = atLeast1d(index.shape);
  const positions = readValues(index);
  const values = readValues(input).slice();
  const write = (position: number, value: number): void => {
    values[position] = reduce === 'multiply' ? values[position]! * value : value;
  };
  if (isTensor(src)) {
    const source = readValues(cropTo(src, index.shape));
    eachTarget(shape, d, indexShape, positions, (position, i) => {
      write(position, source[i]!);
    });
  } else {
    const value = castNumber(src.value, input.dtype);
    eachTarget(shape, d, indexShape, positions, (position) => {
      write(position, value);
    });
  }
  if (reduce === 'multiply' && (input.requiresGrad || (isTensor(src) && src.requiresGrad)) && currentRun().gradEnabled) {
    throw runtimeError('scatter with reduce="multiply" is not differentiable');
  }
  return derive(values, input.shape, input.dtype, {
    name: 'Scatter',
    overload: isTensor(src) ? 0 : 1,
    inputs: isTensor(src) ? [input, src] : [input],
    operands: [input, index, src],
    attributes: { dim: d, reduce },
    saved: [index],
    gradient: (dy, i) => {
      if (i === 0) return scatter(dy, d, index, { kind: 'int', value: 0 });
      if (isTensor(src) && !sameShape(src.shape, index.shape)) {
        throw runtimeError(
          `Function ScatterBackward0 returned an invalid gradient at index 1 - got ${shapeText(index.shape)} but expected shape compatible with ` +
            shapeText(src.shape),
        );
      }
      return gather(dy, d, index);
    },
  });
}

function checkScatterShapes(name: string, input: Tensor, d: number, index: Tensor, src: Tensor | null): void {
  if (src !== null && src.dtype !== input.dtype) throw runtimeError(`${name}(): Expected self.dtype to be equal to src.dtype`);
  if (elementCount(index.shape) === 0) return;
  const shape = atLeast1d(input.shape);
  const indexShape = atLeast1d(index.shape);
  if (src !== null && Math.max(src.shape.length, 1) !== shape.length) {
    throw runtimeError('Index tensor must have the same number of dimensions as src tensor');
  }
  const tooLarge = indexShape.some((size, k) => (k !== d && size > shape[k]!) || (src !== null && size > atLeast1d(src.shape)[k]!));
  if (tooLarge) {
    throw runtimeError(
      `Expected index ${shapeText(index.shape)} to be no larger than self ${shapeText(input.shape)} apart from dimension ${d}` +
        (src === null ? '' : ` and to be no larger size than src ${shapeText(src.shape)}`),
    );
  }
}

/** The leading part of a source that an index of smaller sizes uses. */
function cropTo(src: Tensor, shape: Shape): Tensor {
  let cropped = src;
  shape.forEach((size, d) => {
    if (cropped.shape[d] !== size) cropped = slice(cropped, d, 0, size);
  });
  return cropped;
}

/** `input` with `src` added at the index; duplicates add up. */
export function scatterAdd(input: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  const d = wrapDim(dim, input.shape.length);
  checkIndex('scatter', input, index, 'self');
  checkScatterShapes('scatter', input, d, index, src);
  const values = readValues(input).slice();
  const source = readValues(cropTo(src, index.shape));
  eachTarget(atLeast1d(input.shape), d, atLeast1d(index.shape), readValues(index), (position, i) => {
    values[position]! += source[i]!;
  });
  return derive(values, input.shape, input.dtype, {
    name: 'ScatterAdd',
    inputs: [input, src],
    operands: [input, index, src],
    attributes: { dim: d },
    saved: [index],
    gradient: (dy, i) => (i === 0 ? dy : gather(dy, d, index)),
  });
}

function vectorIndex(name: string, index: Tensor): Values {
  if (index.shape.length > 1) throw indexError(`${name}(): Index is supposed to be a vector`);
  if (index.dtype !== 'int64' && index.dtype !== 'int32') throw runtimeError(`${name}(): Expected dtype int32 or int64 for index`);
  return readValues(index);
}

/** Calls with the start of each slice that a vector of positions names, for every outer block. */
function eachSlice(shape: Shape, d: number, index: Values, visit: (from: number, to: number, inner: number) => void): void {
  const { outer, size, inner } = lanesOf(shape, d);
  index.forEach((at) => {
    if (at < 0 || at >= size) throw indexError(`index out of range in self: ${outOfBounds(at, d, size)}`);
  });
  for (let o = 0; o < outer; o++)
    index.forEach((at, i) => {
      visit((o * size + at) * inner, (o * index.length + i) * inner, inner);
    });
}

export function indexSelect(input: Tensor, dim: number, index: Tensor): Tensor {
  const d = wrapDim(dim, input.shape.length);
  const positions = vectorIndex('index_select', index);
  const shape = atLeast1d(input.shape);
  const outShape = input.shape.length === 0 ? [] : input.shape.with(d, positions.length);
  const from = readValues(input);
  const values = allocate(input.dtype, elementCount(shape.with(d, positions.length)));
  eachSlice(shape, d, positions, (source, target, inner) => {
    for (let j = 0; j < inner; j++) values[target + j] = from[source + j]!;
  });
  return derive(values, outShape, input.dtype, {
    name: 'IndexSelect',
    inputs: [input],
    operands: [input, index],
    attributes: { dim: d },
    saved: [index],
    gradient: (dy) => indexAdd(zeros(input.shape, dy.dtype), d, index, dy),
  });
}

export function indexAdd(input: Tensor, dim: number, index: Tensor, source: Tensor, alpha = 1): Tensor {
  const d = wrapDim(dim, input.shape.length);
  const positions = vectorIndex('index_add', index);
  checkIndexedSource('index_add', input, d, positions.length, source);
  const values = readValues(input).slice();
  const from = readValues(source);
  eachSlice(atLeast1d(input.shape), d, positions, (target, start, inner) => {
    for (let j = 0; j < inner; j++) values[target + j]! += alpha * from[start + j]!;
  });
  return derive(values, input.shape, input.dtype, {
    name: 'IndexAdd',
    inputs: [input, source],
    operands: [input, index, source],
    attributes: { dim: d, alpha },
    saved: [index],
    gradient: (dy, i) => (i === 0 ? dy : mul(indexSelect(dy, d, index), { kind: 'float', value: alpha })),
  });
}

export function indexCopy(input: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = wrapDim(dim, input.shape.length);
  const positions = vectorIndex('index_copy', index);
  checkIndexedSource('index_copy', input, d, positions.length, source);
  const values = readValues(input).slice();
  const from = readValues(source);
  eachSlice(atLeast1d(input.shape), d, positions, (target, start, inner) => {
    for (let j = 0; j < inner; j++) values[target + j] = from[start + j]!;
  });
  return derive(values, input.shape, input.dtype, {
    name: 'IndexCopy',
    inputs: [input, source],
    operands: [input, index, source],
    attributes: { dim: d },
    saved: [index],
    gradient: (dy, i) => (i === 0 ? indexFill(dy, d, index, { kind: 'int', value: 0 }) : indexSelect(dy, d, index)),
  });
}

function checkIndexedSource(name: string, input: Tensor, d: number, count: number, source: Tensor): void {
  if (source.dtype !== input.dtype) {
    throw runtimeError(
      `${name}_(): self (${scalarTypeName(input.dtype)}) and source (${scalarTypeName(source.dtype)}) must have the same scalar type`,
    );
  }
  const expected = atLeast1d(input.shape).with(d, count);
  if (!sameShape(atLeast1d(source.shape), expected)) {
    throw runtimeError(
      `${name}_(): Number of indices (${count}) should be equal to source.size(dim): (${source.shape[d] ?? 1}), and the other sizes should match; ` +
        `expected ${shapeText(expected)}, got ${shapeText(source.shape)}`,
    );
  }
}

export function indexFill(input: Tensor, dim: number, index: Tensor, value: Scalar | Tensor): Tensor {
  const d = wrapDim(dim, input.shape.length);
  if (index.shape.length > 1) throw runtimeError('Index has to be a vector/scalar');
  if (index.dtype !== 'int64') throw indexError('index_fill_(): Expected dtype int64 for index.');
  if (isTensor(value) && value.shape.length > 0) {
    throw runtimeError(`index_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.shape.length} dimension(s).`);
  }
  const size = atLeast1d(input.shape)[d]!;
  const positions = readValues(index).map((at) => {
    if (at < -size || at >= size) throw indexError(outOfBounds(at, d, size));
    return at < 0 ? at + size : at;
  });
  const values = readValues(input).slice();
  const fill = castNumber(isTensor(value) ? readValues(value)[0]! : value.value, input.dtype);
  eachSlice(atLeast1d(input.shape), d, positions, (start, _, inner) => {
    values.fill(fill, start, start + inner);
  });
  return derive(values, input.shape, input.dtype, {
    name: 'IndexFill',
    overload: isTensor(value) ? 1 : 0,
    inputs: isTensor(value) ? [input, value] : [input],
    operands: [input, index, value],
    attributes: { dim: d },
    saved: [index],
    gradient: (dy, i) =>
      i === 0
        ? indexFill(dy, d, index, { kind: 'int', value: 0 })
        : sumTo(indexSelect(dy, d, fromValues(positions, index.shape, 'int64')), []),
  });
}

/** The elements at positions counted in the flattened tensor; negative ones count from the end. */
export function take(input: Tensor, index: Tensor): Tensor {
  const flat = flatten(input);
  const size = flat.shape[0]!;
  const positions = readValues(index).map((at) => {
    if (at < -size || at >= size) throw indexError(`out of range: tried to access index ${at} on a tensor of ${size} elements.`);
    return at < 0 ? at + size : at;
  });
  return reshape(gather(flat, 0, fromValues(positions, [positions.length], 'int64')), index.shape);
}

/** gather with broadcasting of the other dimensions. */
export function takeAlongDim(input: Tensor, index: Tensor, dim: number | null): Tensor {
  if (dim === null) return gather(flatten(input), 0, flatten(index));
  const d = wrapDim(dim, input.shape.length);
  if (input.shape.length !== index.shape.length) {
    throw runtimeError(
      `torch.take_along_dim(): input and indices should have the same number of dimensions, but got ${input.shape.length} dimensions for input, ` +
        `and ${index.shape.length} dimensions for indices`,
    );
  }
  const common = broadcastShapes(input.shape.with(d, 1), index.shape.with(d, 1));
  return gather(expand(input, common.with(d, input.shape[d]!)), d, expand(index, common.with(d, index.shape[d]!)));
}

/** One row of `classes` zeros with a one for each label; int64. −1 classes: as many as the largest label needs. */
export function oneHot(input: Tensor, classes = -1): Tensor {
  if (input.dtype !== 'int64') throw runtimeError('one_hot is only applicable to index tensor of type LongTensor.');
  const labels = readValues(input);
  if (labels.length === 0 && classes <= 0) throw runtimeError('Can not infer total number of classes from empty tensor.');
  let largest = -1;
  for (const label of labels) {
    if (label < 0) throw runtimeError('Class values must be non-negative.');
    if (label > largest) largest = label;
  }
  if (classes !== -1 && classes < 1) throw runtimeError('num_classes should be positive');
  const size = classes === -1 ? largest + 1 : classes;
  if (largest >= size) throw runtimeError('Class values must be smaller than num_classes.');
  const values = allocate('int64', labels.length * size);
  for (let i = 0; i < labels.length; i++) values[i * size + labels[i]!] = 1;
  return noted(fromValues(values, [...input.shape, size], 'int64'), 'OneHot', [input], { classes: size });
}

function requireMask(mask: Tensor): void {
  if (mask.dtype !== 'bool') {
    throw runtimeError(
      `masked_fill_ only supports boolean masks, but got mask with dtype ${isFloatDtype(mask.dtype) ? 'float' : mask.dtype === 'int64' ? 'long int' : mask.dtype}`,
    );
  }
}

export function maskedFill(input: Tensor, mask: Tensor, value: Scalar | Tensor): Tensor {
  requireMask(mask);
  if (isTensor(value) && value.shape.length > 0) {
    throw runtimeError(`masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.shape.length} dimension(s).`);
  }
  const shape = broadcastShapes(input.shape, mask.shape);
  const from = readValues(expand(input, shape));
  const chosen = readValues(expand(mask, shape));
  const fill = castNumber(isTensor(value) ? readValues(value)[0]! : value.value, input.dtype);
  const values = allocate(input.dtype, from.length);
  for (let i = 0; i < values.length; i++) values[i] = chosen[i] !== 0 ? fill : from[i]!;
  return derive(values, shape, input.dtype, {
    name: 'MaskedFill',
    overload: isTensor(value) ? 1 : 0,
    inputs: isTensor(value) ? [input, value] : [input],
    operands: [input, mask, value],
    saved: [mask],
    gradient: (dy, i) =>
      i === 0 ? sumTo(maskedFill(dy, mask, { kind: 'int', value: 0 }), input.shape) : sumTo(mul(dy, to(mask, dy.dtype)), []),
  });
}

/** The elements where the mask is true, in one dimension. */
export function maskedSelect(input: Tensor, mask: Tensor): Tensor {
  if (mask.dtype !== 'bool') throw runtimeError('masked_select: expected BoolTensor for mask');
  const shape = broadcastShapes(input.shape, mask.shape);
  const chosen = readValues(expand(mask, shape));
  const positions: number[] = [];
  chosen.forEach((hit, i) => {
    if (hit !== 0) positions.push(i);
  });
  const index = noted(fromValues(Float64Array.from(positions), [positions.length], 'int64'), 'FlatNonzero', [expand(mask, shape)]);
  const result = gather(flatten(expand(input, shape)), 0, index);
  if (result.requiresGrad) result.cell.gradFn = 'MaskedSelectBackward0';
  return result;
}

/** The source's elements, in order, written where the mask is true. */
export function maskedScatter(input: Tensor, mask: Tensor, source: Tensor): Tensor {
  if (mask.dtype !== 'bool') throw runtimeError('masked_scatter_ only supports boolean masks, but got mask with dtype ' + mask.dtype);
  const shape = broadcastShapes(input.shape, mask.shape);
  const chosen = readValues(expand(mask, shape));
  const positions: number[] = [];
  chosen.forEach((hit, i) => {
    if (hit !== 0) positions.push(i);
  });
  if (positions.length > elementCount(source.shape)) {
    throw runtimeError('Number of elements of source < number of ones in mask');
  }
  const index = noted(fromValues(Float64Array.from(positions), [positions.length], 'int64'), 'FlatNonzero', [expand(mask, shape)]);
  const picked = slice(flatten(source), 0, 0, positions.length);
  return reshape(scatter(flatten(clone(expand(input, shape))), 0, index, picked), shape);
}

/** The positions of what is not zero: one row each, one column for each dimension. */
export function nonzero(input: Tensor): Tensor {
  const from = readValues(input);
  const rank = input.shape.length;
  const hits: number[] = [];
  from.forEach((value, i) => {
    if (value !== 0) hits.push(i);
  });
  const values = allocate('int64', hits.length * rank);
  hits.forEach((hit, row) => {
    let rest = hit;
    for (let d = rank - 1; d >= 0; d--) {
      values[row * rank + d] = rest % input.shape[d]!;
      rest = Math.floor(rest / input.shape[d]!);
    }
  });
  return noted(fromValues(values, [hits.length, rank], 'int64'), 'Nonzero', [input]);
}
