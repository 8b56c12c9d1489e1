/** Sums, means and their kin over dimensions; accumulated in double. */
import { reducedDims, scaled, shapeWithout, spread, sumValues } from './broadcasting';
import { to } from './creation';
import { castNumber, type Dtype, isFloatDtype, isIntegralDtype, scalarTypeName, type Values } from './dtype';
import { abs, div, mul, pow, sub, where } from './elementwise';
import { notImplemented, runtimeError } from './errors';
import { amax, amin } from './extremes';
import { le, ne } from './comparison';
import { floatScalar, intScalar } from './promotion';
import { derive, readValues } from './record';
import { allocate, isGradEnabled, noGrad } from './run';
import { elementCount, type Lanes, lanesOf, type Shape, wrapDim, wrapDims } from './shapes';
import { fromValues, isFloating, type Tensor } from './tensor';
import { flatten, reshape } from './views';

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
    overload: dims === null ? 0 : 1,
    inputs: [source],
    attributes: { dims: reduced, keepdim },
    gradient: (dy) => spread(dy, source.shape, reduced),
  });
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
    overload: dims === null ? 0 : 1,
    inputs: [source],
    attributes: { dims: reduced, keepdim },
    gradient: (dy) => spread(scaled(dy, 1 / count), source.shape, reduced),
  });
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
  return derive(values, shape, 'int64', {
    name: 'CountNonzero',
    inputs: [],
    operands: [input],
    attributes: { dims: reduced, keepdim: false },
    gradient: (dy) => dy,
  });
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
    attributes: { dim: d, backwards },
    gradient: (dy) => running(dy, d, dy.dtype, !backwards),
  });
}

const lanesAlong = (shape: Shape, d: number): Lanes => (shape.length === 0 ? { outer: 1, size: 1, inner: 1 } : lanesOf(shape, d));

const accumulatedType = (input: Tensor, dtype: Dtype | undefined): Dtype => dtype ?? (isIntegralDtype(input.dtype) ? 'int64' : input.dtype);

/** The product of all elements, or of each lane. */
export function prod(input: Tensor, dim: number | null = null, keepdim = false, dtype?: Dtype): Tensor {
  if (dim === null) {
    const all = prod(flatten(input), 0, false, dtype);
    if (all.requiresGrad) all.cell.gradFn = 'ProdBackward0';
    return keepdim
      ? reshape(
          all,
          input.shape.map(() => 1),
        )
      : all;
  }
  const outType = accumulatedType(input, dtype);
  const source = isFloating(input) ? to(input, outType) : input;
  const d = wrapDim(dim, source.shape.length);
  const lanes = lanesAlong(source.shape, d);
  const { outer, size, inner } = lanes;
  const from = readValues(source);
  const values = allocate(outType, outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      let product = 1;
      for (let k = 0; k < size; k++) product *= from[(o * size + k) * inner + j]!;
      values[o * inner + j] = product;
    }
  }
  const reduced = source.shape.length === 0 ? [] : [d];
  return derive(values, shapeWithout(source.shape, reduced, keepdim), outType, {
    name: 'Prod',
    overload: 1,
    inputs: [source],
    attributes: { dims: reduced, keepdim },
    saved: [source],
    savesOutput: true,
    gradient: (dy, _, output) => {
      const flow = spread(dy, source.shape, reduced);
      // Differentiated again, the product of the others is output / x, which needs every factor to be non-zero.
      if (isGradEnabled()) return mul(flow, div(spread(output, source.shape, reduced), source));
      return mul(flow, productsOfOthers(source, lanes));
    },
  });
}

/** For each element the product of the rest of its lane, without dividing: factors may be zero. */
function productsOfOthers(input: Tensor, { outer, size, inner }: Lanes): Tensor {
  const from = readValues(input);
  const values = allocate(input.dtype, from.length);
  const before = new Float64Array(size);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const at = (k: number): number => (o * size + k) * inner + j;
      let product = 1;
      for (let k = 0; k < size; k++) {
        before[k] = product;
        product *= from[at(k)]!;
      }
      product = 1;
      for (let k = size - 1; k >= 0; k--) {
        values[at(k)] = before[k]! * product;
        product *= from[at(k)]!;
      }
    }
  }
  return fromValues(values, input.shape, input.dtype);
}

/** Running products along a dimension. */
export function cumprod(input: Tensor, dim: number, dtype?: Dtype): Tensor {
  const outType = accumulatedType(input, dtype);
  const source = isFloating(input) ? to(input, outType) : input;
  const d = wrapDim(dim, source.shape.length);
  const lanes = lanesAlong(source.shape, d);
  const { outer, size, inner } = lanes;
  const from = readValues(source);
  const values = allocate(outType, from.length);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      let product = 1;
      for (let k = 0; k < size; k++) {
        const at = (o * size + k) * inner + j;
        product *= from[at]!;
        values[at] = product;
      }
    }
  }
  return derive(values, source.shape, outType, {
    name: 'Cumprod',
    inputs: [source],
    saved: [source],
    gradient: (dy) => cumprodGradient(dy, source, lanes),
  });
}

/**
 * ∂/∂x_k Σ_m dy_m Π_{i≤m} x_i = (Π_{i<k} x_i) · s_k with s_k = dy_k + x_{k+1} s_{k+1}: the products before and what follows, without dividing, so
 * that factors may be zero.
 */
function cumprodGradient(dy: Tensor, source: Tensor, { outer, size, inner }: Lanes): Tensor {
  const from = readValues(source);
  const flow = readValues(dy);
  const values = allocate(dy.dtype, flow.length);
  const before = new Float64Array(size);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const at = (k: number): number => (o * size + k) * inner + j;
      let product = 1;
      for (let k = 0; k < size; k++) {
        before[k] = product;
        product *= from[at(k)]!;
      }
      let following = 0;
      for (let k = size - 1; k >= 0; k--) {
        following = flow[at(k)]! + (k + 1 < size ? from[at(k + 1)]! * following : 0);
        values[at(k)] = before[k]! * following;
      }
    }
  }
  return derive(values, dy.shape, dy.dtype, {
    name: 'CumprodBackward',
    inputs: [dy, source],
    gradient: () => {
      throw notImplemented('the second derivative of cumprod is not supported');
    },
  });
}

/** Σ (x − mean)² / (N − correction); 1 is the unbiased estimate. */
export function variance(input: Tensor, dims: readonly number[] | null = null, correction = 1, keepdim = false): Tensor {
  return spreadOf(input, dims, correction, keepdim, false);
}

/** The square root of the variance; its gradient is 0 where it is 0. */
export function standardDeviation(input: Tensor, dims: readonly number[] | null = null, correction = 1, keepdim = false): Tensor {
  return spreadOf(input, dims, correction, keepdim, true);
}

function spreadOf(input: Tensor, dims: readonly number[] | null, correction: number, keepdim: boolean, root: boolean): Tensor {
  if (!isFloatDtype(input.dtype)) {
    throw runtimeError(`std and var only support floating point and complex dtypes`);
  }
  const reduced = reducedDims(input.shape, dims);
  const count = reduced.reduce((product, d) => product * input.shape[d]!, 1);
  const divisor = Math.max(count - correction, 0);
  const kept = shapeWithout(input.shape, reduced, true);
  const from = readValues(input);
  const sums = new Float64Array(elementCount(kept));
  sumValues(from, input.shape, reduced, sums);
  const means = spreadNumbers(
    sums.map((total) => total / count),
    kept,
    input.shape,
    reduced,
  );
  const squares = Float64Array.from(from, (x, i) => (x - means[i]!) ** 2);
  const totals = new Float64Array(sums.length);
  sumValues(squares, input.shape, reduced, totals);
  const values = allocate(input.dtype, totals.length);
  for (let i = 0; i < values.length; i++) values[i] = root ? Math.sqrt(totals[i]! / divisor) : totals[i]! / divisor;
  return derive(values, shapeWithout(input.shape, reduced, keepdim), input.dtype, {
    name: root ? 'Std' : 'Var',
    inputs: [input],
    attributes: { dims: reduced, keepdim, divisor },
    saved: [input],
    savesOutput: root,
    gradient: (dy, _, output) => {
      const flow = root ? where(le(output, intScalar(0)), floatScalar(0), div(dy, mul(output, intScalar(2)))) : dy;
      const centred = sub(input, mean(input, reduced, true));
      return mul(spread(flow, input.shape, reduced), mul(centred, floatScalar(2 / divisor)));
    },
  });
}

function spreadNumbers(numbers: Float64Array, kept: Shape, shape: Shape, reduced: readonly number[]): Values {
  return noGrad(() => readValues(spread(fromValues(numbers, kept, 'float64'), shape, reduced)));
}

const withoutNan = (input: Tensor): Tensor => where(ne(input, input), floatScalar(0), input);

/** The sum of what is not NaN. */
export const nansum = (input: Tensor, dims: readonly number[] | null = null, keepdim = false): Tensor =>
  isFloating(input) ? sum(withoutNan(input), dims, keepdim) : sum(input, dims, keepdim);

/** The mean of what is not NaN. */
export function nanmean(input: Tensor, dims: readonly number[] | null = null, keepdim = false): Tensor {
  const present = noGrad(() => sum(to(where(ne(input, input), intScalar(0), intScalar(1)), input.dtype), dims, keepdim));
  return div(nansum(input, dims, keepdim), present);
}

/** (Σ|x|ᵖ)^(1/p) over some dimensions, accumulated in double; ±∞ are the extremes, 0 counts. The gradient at 0 is 0. */
export function norm(input: Tensor, p = 2, dims: readonly number[] | null = null, keepdim = false): Tensor {
  if (!isFloatDtype(input.dtype)) {
    throw runtimeError(`linalg.vector_norm: Expected a floating point or complex tensor as input. Got ${scalarTypeName(input.dtype)}`);
  }
  if (p === Infinity) return amax(abs(input), dims, keepdim);
  if (p === -Infinity) return amin(abs(input), dims, keepdim);
  const reduced = reducedDims(input.shape, dims);
  const from = readValues(input);
  const powers = new Float64Array(from.length);
  for (let i = 0; i < powers.length; i++) {
    const size = Math.abs(from[i]!);
    powers[i] = p === 2 ? size * size : p === 1 ? size : p === 0 ? (size === 0 ? 0 : 1) : size ** p;
  }
  const shape = shapeWithout(input.shape, reduced, keepdim);
  const sums = new Float64Array(elementCount(shape));
  sumValues(powers, input.shape, reduced, sums);
  const values = allocate(input.dtype, sums.length);
  for (let i = 0; i < values.length; i++) values[i] = p === 2 ? Math.sqrt(sums[i]!) : p === 0 || p === 1 ? sums[i]! : sums[i]! ** (1 / p);
  return derive(values, shape, input.dtype, {
    name: 'LinalgVectorNorm',
    inputs: [input],
    attributes: { dims: reduced, keepdim, p },
    saved: [input],
    savesOutput: true,
    gradient: (dy, _, output) => {
      const flow = spread(dy, input.shape, reduced);
      if (p === 0) return scaled(flow, 0);
      // ∂‖x‖/∂x = x |x|^(p−2) ‖x‖^(1−p)
      const length = spread(output, input.shape, reduced);
      const direction = p === 2 ? input : mul(input, pow(abs(input), floatScalar(p - 2)));
      const slope = p === 2 ? div(direction, length) : mul(direction, pow(length, floatScalar(1 - p)));
      const flat = le(p === 2 ? length : abs(input), intScalar(0));
      return mul(flow, where(flat, floatScalar(0), slope));
    },
  });
}
