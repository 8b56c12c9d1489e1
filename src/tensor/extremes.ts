/** Maxima, minima and orderings. NaN counts as the largest, and wins. */
import { type Dtype, isFloatDtype, type Values } from './dtype';
import { indexError, runtimeError } from './errors';
import { mul } from './elementwise';
import { counted, hold, work } from './meter';
import { derive, readValues } from './record';
import { noted } from './recording';
import { reducedDims, shapeWithout, spread } from './broadcasting';
import { allocate } from './run';
import { elementCount, type Lanes, lanesOf, type Shape, wrapDim } from './shapes';
import { fromValues, type Tensor } from './tensor';
import { gather, scatterAdd } from './scatter';
import { contiguous, flatten, permute, reshape } from './views';
import { zeros } from './creation';

export interface ValuesAndIndices {
  readonly values: Tensor;
  readonly indices: Tensor;
}

type Better = (candidate: number, best: number) => boolean;
const larger: Better = (x, best) => x > best || (x !== x && best === best);
const smaller: Better = (x, best) => x < best || (x !== x && best === best);

const laneOf = (shape: Shape, d: number): Lanes => (shape.length === 0 ? { outer: 1, size: 1, inner: 1 } : lanesOf(shape, d));

/** Position of the first best element of every lane. */
function bestOf(from: Values, { outer, size, inner }: Lanes, better: Better): Values {
  const indices = allocate('int64', outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const start = o * size * inner + j;
      let best = from[start]!;
      let at = 0;
      for (let k = 1; k < size; k++) {
        const value = from[start + k * inner]!;
        if (better(value, best)) {
          best = value;
          at = k;
        }
      }
      indices[o * inner + j] = at;
    }
  }
  return indices;
}

function bestAlong(input: Tensor, dim: number, keepdim: boolean, better: Better, name: string): ValuesAndIndices {
  const d = wrapDim(dim, input.shape.length);
  const lanes = laneOf(input.shape, d);
  const reduced = input.shape.length === 0 ? [] : [d];
  const shape = shapeWithout(input.shape, reduced, keepdim);
  if (lanes.size === 0 && elementCount(shape) > 0) {
    throw indexError(`${name}(): Expected reduction dim ${d} to have non-zero size.`);
  }
  const from = readValues(input);
  const found = bestOf(from, lanes, better);
  const values = allocate(input.dtype, found.length);
  for (let o = 0; o < lanes.outer; o++) {
    for (let j = 0; j < lanes.inner; j++) {
      values[o * lanes.inner + j] = from[(o * lanes.size + found[o * lanes.inner + j]!) * lanes.inner + j]!;
    }
  }
  const attributes = { dims: reduced, keepdim };
  const indices = noted(fromValues(found, shape, 'int64'), name === 'max' ? 'Argmax' : 'Argmin', [input], attributes);
  return {
    values: derive(values, shape, input.dtype, {
      name: name === 'max' ? 'Max' : 'Min',
      inputs: [input],
      attributes,
      gradient: (dy) => scatterBack(dy, indices, input.shape, d),
    }),
    indices,
  };
}

/** A gradient put where its elements were taken from along a dimension. */
function scatterBack(dy: Tensor, indices: Tensor, shape: Shape, d: number): Tensor {
  if (shape.length === 0) return reshape(dy, []);
  const kept = shape.with(d, elementCount(indices.shape) === 0 ? 0 : indices.shape.length === shape.length ? indices.shape[d]! : 1);
  return scatterAdd(zeros(shape, dy.dtype), d, reshape(indices, kept), reshape(dy, kept));
}

export const maxAlong = (input: Tensor, dim: number, keepdim = false): ValuesAndIndices => bestAlong(input, dim, keepdim, larger, 'max');
export const minAlong = (input: Tensor, dim: number, keepdim = false): ValuesAndIndices => bestAlong(input, dim, keepdim, smaller, 'min');

/** Over some dimensions; ties share the gradient evenly. */
function extreme(input: Tensor, dims: readonly number[] | null, keepdim: boolean, better: Better, name: string): Tensor {
  const reduced = reducedDims(input.shape, dims);
  const shape = shapeWithout(input.shape, reduced, keepdim);
  const rest = input.shape.map((_, d) => d).filter((d) => !reduced.includes(d));
  const ordered = contiguous(permute(input, [...rest, ...reduced]));
  const size = elementCount(reduced.map((d) => input.shape[d]!));
  const lanes = { outer: elementCount(shape), size, inner: 1 };
  const from = readValues(ordered);
  const found = bestOf(from, lanes, better);
  const values = allocate(input.dtype, found.length);
  for (let o = 0; o < found.length; o++) values[o] = from[o * size + found[o]!]!;
  return derive(values, shape, input.dtype, {
    name,
    overload: name === 'Max' || name === 'Min' ? 1 : 0,
    inputs: [input],
    attributes: { dims: reduced, keepdim },
    saved: [input],
    savesOutput: true,
    gradient: (dy, _, output) => mul(spread(dy, input.shape, reduced), tieShares(input, output, reduced)),
  });
}

/** 1/n at each of the n elements that equal their extreme. */
function tieShares(input: Tensor, output: Tensor, reduced: readonly number[]): Tensor {
  const from = readValues(input);
  const extremes = readValues(spread(reshape(output, shapeWithout(input.shape, reduced, true)), input.shape, reduced));
  const shares = allocate(input.dtype, from.length);
  const same = (i: number): boolean => from[i] === extremes[i] || (from[i] !== from[i] && extremes[i] !== extremes[i]);
  for (let i = 0; i < shares.length; i++) shares[i] = same(i) ? 1 : 0;
  const counts = new Map<number, number>();
  const groups = groupNumbers(input.shape, reduced);
  for (let i = 0; i < shares.length; i++) if (shares[i] !== 0) counts.set(groups[i]!, (counts.get(groups[i]!) ?? 0) + 1);
  for (let i = 0; i < shares.length; i++) if (shares[i] !== 0) shares[i] = 1 / counts.get(groups[i]!)!;
  return fromValues(shares, input.shape, input.dtype);
}

/** For each element, which of the reduction's results it belongs to. */
function groupNumbers(shape: Shape, reduced: readonly number[]): Values {
  const kept = shapeWithout(shape, reduced, true);
  const numbers = Float64Array.from({ length: elementCount(kept) }, (_, i) => i);
  return readValues(spread(fromValues(numbers, kept, 'int64'), shape, reduced));
}

function requireElements(input: Tensor, name: string): void {
  if (elementCount(input.shape) === 0) {
    throw runtimeError(
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
    );
  }
}

export function max(input: Tensor): Tensor {
  requireElements(input, 'max');
  return extreme(input, null, false, larger, 'Max');
}
export function min(input: Tensor): Tensor {
  requireElements(input, 'min');
  return extreme(input, null, false, smaller, 'Min');
}

function requireNonEmptyDims(input: Tensor, dims: readonly number[] | null, name: string): void {
  const empty = reducedDims(input.shape, dims).find((d) => input.shape[d] === 0);
  if (empty === undefined) return;
  if (dims === null || dims.length === 0) requireElements(input, name);
  throw indexError(`${name}(): Expected reduction dim ${empty} to have non-zero size.`);
}

export function amax(input: Tensor, dims: readonly number[] | null = null, keepdim = false): Tensor {
  requireNonEmptyDims(input, dims, 'amax');
  return extreme(input, dims, keepdim, larger, 'Amax');
}
export function amin(input: Tensor, dims: readonly number[] | null = null, keepdim = false): Tensor {
  requireNonEmptyDims(input, dims, 'amin');
  return extreme(input, dims, keepdim, smaller, 'Amin');
}

const kernelOf = (name: string): string => (name === 'argmax' ? 'Argmax' : 'Argmin');

function argBest(input: Tensor, dim: number | null, keepdim: boolean, better: Better, name: string): Tensor {
  if (dim === null) {
    if (elementCount(input.shape) === 0) throw indexError(`${name}(): Expected reduction dim to be specified for input.numel() == 0.`);
    const found = bestOf(readValues(input), { outer: 1, size: elementCount(input.shape), inner: 1 }, better);
    const all = { dims: input.shape.map((_, d) => d), keepdim };
    return noted(fromValues(found, keepdim ? input.shape.map(() => 1) : [], 'int64'), kernelOf(name), [input], all);
  }
  const d = wrapDim(dim, input.shape.length);
  const lanes = laneOf(input.shape, d);
  if (lanes.size === 0) throw indexError(`${name}(): Expected reduction dim ${d} to have non-zero size.`);
  const dims = input.shape.length === 0 ? [] : [d];
  const indices = fromValues(bestOf(readValues(input), lanes, better), shapeWithout(input.shape, dims, keepdim), 'int64');
  return noted(indices, kernelOf(name), [input], { dims, keepdim });
}

export const argmax = (input: Tensor, dim: number | null = null, keepdim = false): Tensor => argBest(input, dim, keepdim, larger, 'argmax');
export const argmin = (input: Tensor, dim: number | null = null, keepdim = false): Tensor =>
  argBest(input, dim, keepdim, smaller, 'argmin');

const ascending = (x: number, y: number): number => (x !== x ? (y !== y ? 0 : 1) : y !== y ? -1 : x - y);

/** Orders each lane (stably) and keeps the first `count` positions. */
function orderAlong(input: Tensor, d: number, descending: boolean, count: number, name: string): ValuesAndIndices {
  const { outer, size, inner } = laneOf(input.shape, d);
  const from = readValues(input);
  const shape = input.shape.length === 0 ? [] : input.shape.with(d, count);
  const values = allocate(input.dtype, outer * count * inner);
  const found = allocate('int64', values.length);
  const compare = descending ? (x: number, y: number) => -ascending(x, y) : ascending;
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const start = o * size * inner + j;
      const order = Array.from({ length: size }, (_, k) => k).sort(
        counted((p, q) => compare(from[start + p * inner]!, from[start + q * inner]!)),
      );
      for (let k = 0; k < count; k++) {
        const at = (o * count + k) * inner + j;
        values[at] = from[start + order[k]! * inner]!;
        found[at] = order[k]!;
      }
    }
  }
  const attributes = { dim: d, descending, count };
  const indices = noted(fromValues(found, shape, 'int64'), 'Argsort', [input], attributes);
  return {
    values: derive(values, shape, input.dtype, {
      name,
      inputs: [input],
      attributes,
      gradient: (dy) => scatterBack(dy, indices, input.shape, d),
    }),
    indices,
  };
}

export function sort(input: Tensor, dim = -1, descending = false): ValuesAndIndices {
  const d = wrapDim(dim, input.shape.length);
  return orderAlong(input, d, descending, laneOf(input.shape, d).size, 'Sort');
}

export const argsort = (input: Tensor, dim = -1, descending = false): Tensor => sort(input, dim, descending).indices;

export function topk(input: Tensor, k: number, dim = -1, largest = true): ValuesAndIndices {
  const d = wrapDim(dim, input.shape.length);
  if (k < 0 || k > laneOf(input.shape, d).size) throw runtimeError('selected index k out of range');
  return orderAlong(input, d, largest, k, 'Topk');
}

/** The k-th smallest, counted from 1. */
export function kthvalue(input: Tensor, k: number, dim = -1, keepdim = false): ValuesAndIndices {
  const d = wrapDim(dim, input.shape.length);
  const { size } = laneOf(input.shape, d);
  if (k < 1 || k > size) throw runtimeError('kthvalue(): selected number k out of range for dimension ' + String(d));
  return pickOrdered(input, d, keepdim, 'Kthvalue', () => k - 1);
}

/** The lower of the two middle values; NaN if the lane holds one. */
export function medianAlong(input: Tensor, dim: number, keepdim = false): ValuesAndIndices {
  const d = wrapDim(dim, input.shape.length);
  return pickOrdered(input, d, keepdim, 'Median', (lane) => {
    const nan = lane.findIndex((x) => x !== x);
    return nan >= 0 ? lane.length - lane.filter((x) => x !== x).length : (lane.length - 1) >> 1;
  });
}

export function median(input: Tensor): Tensor {
  if (elementCount(input.shape) === 0) {
    return fromValues(Float32Array.of(NaN), [], isFloatDtype(input.dtype) ? input.dtype : 'float32');
  }
  return reshape(medianAlong(flatten(input), 0).values, []);
}

/** One element of each ordered lane. */
function pickOrdered(
  input: Tensor,
  d: number,
  keepdim: boolean,
  name: string,
  which: (lane: readonly number[]) => number,
): ValuesAndIndices {
  const { outer, size, inner } = laneOf(input.shape, d);
  const from = readValues(input);
  const kept = input.shape.length === 0 ? [] : input.shape.with(d, 1);
  const found = allocate('int64', outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const lane = Array.from({ length: size }, (_, k) => from[(o * size + k) * inner + j]!);
      const order = lane.map((_, k) => k).sort(counted((p, q) => ascending(lane[p]!, lane[q]!)));
      found[o * inner + j] = order[which(lane)]!;
    }
  }
  const keptIndices = fromValues(found, kept, 'int64');
  const values = input.shape.length === 0 ? input : gather(input, d, keptIndices);
  const shape = keepdim ? kept : shapeWithout(input.shape, input.shape.length === 0 ? [] : [d], false);
  const result = reshape(values, shape);
  if (result.requiresGrad) result.viewName = `${name}Backward0`;
  return { values: result, indices: reshape(keptIndices, shape) };
}

export interface UniqueResult {
  readonly values: Tensor;
  readonly inverse: Tensor;
  readonly counts: Tensor;
}

/** In ascending order, NaN last; the host sorts numbers by themselves faster than anything that compares. */
function distinctOf(from: Values): Values {
  hold(2 * from.byteLength);
  work(10 * from.length);
  const sorted = from.slice().sort();
  let count = 0;
  for (const value of sorted) if (count === 0 || ascending(value, sorted[count - 1]!) !== 0) sorted[count++] = value === 0 ? 0 : value;
  return sorted.subarray(0, count);
}

function positionIn(sorted: Values, value: number): number {
  let low = 0;
  for (let high = sorted.length - 1; low < high;) {
    const middle = (low + high) >> 1;
    if (ascending(sorted[middle]!, value) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The distinct values in order, where each element went, and how often each occurs. */
export function unique(input: Tensor): UniqueResult {
  const from = readValues(input);
  const distinct = distinctOf(from);
  const values = allocate(input.dtype, distinct.length);
  values.set(distinct);
  const inverse = allocate('int64', from.length);
  const counts = allocate('int64', distinct.length);
  from.forEach((value, i) => {
    work(20);
    const at = positionIn(distinct, value);
    inverse[i] = at;
    counts[at]! += 1;
  });
  return {
    values: fromValues(values, [distinct.length], input.dtype),
    inverse: fromValues(inverse, input.shape, 'int64'),
    counts: fromValues(counts, [distinct.length], 'int64'),
  };
}

/** As `unique`, for runs of equal neighbours. */
export function uniqueConsecutive(input: Tensor): UniqueResult {
  const from = readValues(input);
  const starts: number[] = [];
  const inverse = allocate('int64', from.length);
  from.forEach((value, i) => {
    if (i === 0 || value !== from[i - 1]) starts.push(i);
    inverse[i] = starts.length - 1;
  });
  const values = allocate(input.dtype, starts.length);
  const counts = allocate('int64', starts.length);
  starts.forEach((start, i) => {
    values[i] = from[start]!;
    counts[i] = (starts[i + 1] ?? from.length) - start;
  });
  return {
    values: fromValues(values, [starts.length], input.dtype),
    inverse: fromValues(inverse, input.shape, 'int64'),
    counts: fromValues(counts, [starts.length], 'int64'),
  };
}

/** How often each value 0, 1, 2, … occurs in a tensor of non-negative integers; with weights, their sums. */
export function bincount(input: Tensor, weights: Tensor | null = null, minlength = 0): Tensor {
  const from = readValues(input);
  if (from.some((value) => value < 0) || input.shape.length > 1 || isFloatDtype(input.dtype)) {
    throw runtimeError('bincount only supports 1-d non-negative integral inputs.');
  }
  let length = minlength;
  for (const value of from) length = Math.max(length, value + 1);
  const dtype: Dtype = weights === null ? 'int64' : weights.dtype === 'float32' ? 'float32' : 'float64';
  const values = allocate(dtype, length);
  const amounts = weights === null ? null : readValues(weights);
  from.forEach((value, i) => (values[value]! += amounts === null ? 1 : amounts[i]!));
  return fromValues(values, [length], dtype);
}

/** Where each value would be inserted to keep the last dimension of `sorted` in order. */
export function searchsorted(sorted: Tensor, input: Tensor, right = false): Tensor {
  const bounds = readValues(sorted);
  const lane = sorted.shape.at(-1) ?? 1;
  const from = readValues(input);
  const perRow = sorted.shape.length <= 1 ? from.length : (input.shape.at(-1) ?? 1);
  const values = allocate('int64', from.length);
  for (let i = 0; i < values.length; i++) {
    const start = Math.floor(i / Math.max(perRow, 1)) * lane;
    let low = 0;
    let high = lane;
    while (low < high) {
      const middle = (low + high) >> 1;
      const bound = bounds[start + middle]!;
      if (right ? bound <= from[i]! : bound < from[i]!) low = middle + 1;
      else high = middle;
    }
    values[i] = low;
  }
  return fromValues(values, input.shape, 'int64');
}
