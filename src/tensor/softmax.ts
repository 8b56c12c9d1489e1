/** softmax and its logarithm along a dimension; sums in double, one pass over each lane. */
import { to } from './creation';
import { type Dtype, isFloatDtype, scalarTypeName, type Values } from './dtype';
import { add, exp, log, mul, nanToNum, sub } from './elementwise';
import { notImplemented } from './errors';
import { amax } from './extremes';
import { derive, needsGrad, readValues } from './record';
import { sum } from './reductions';
import { reducedDims, shapeWithout, spread } from './broadcasting';
import { allocate, isGradEnabled, noGrad } from './run';
import { type Lanes, lanesOf, wrapDim } from './shapes';
import type { Tensor } from './tensor';
import { reshape } from './views';

function floatingInput(input: Tensor, dtype: Dtype | undefined, name: string): Tensor {
  const source = dtype === undefined ? input : to(input, dtype);
  if (!isFloatDtype(source.dtype))
    throw notImplemented(`"${name}_lastdim_kernel_impl" not implemented for '${scalarTypeName(source.dtype)}'`);
  return source;
}

const lanesAlong = (shape: readonly number[], dim: number): Lanes =>
  shape.length === 0 ? { outer: 1, size: 1, inner: 1 } : lanesOf(shape, dim);

/**
 * For each lane: writes e^(x − max) to `exps` and gives the lane's maximum and the sum of the exponentials.
 * A lane that is all −∞ or holds +∞ or NaN gives NaN, as in torch.
 */
export function exponentiate(
  from: Values,
  { outer, size, inner }: Lanes,
  exps: Values | null,
  each: (lane: number, start: number, max: number, total: number) => void,
): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const start = o * size * inner + j;
      const max = inner === 1 ? rowMax(from, start, size) : laneMax(from, start, size, inner);
      const total = inner === 1 ? rowExponentials(from, exps, start, size, max) : laneExponentials(from, exps, start, size, inner, max);
      each(o * inner + j, start, max, total);
    }
  }
}

// Rows that lie together have loops of their own: a stride in the loop costs twice the time.

/** Up to this many classes torch adds the exponentials one after the other in float32; beyond it, in an order that depends on the processor. */
const sequentialSize = 16;

/** A lane's sum of exponentials as float32 torch has it: small log-probabilities show its rounding in their printed digits. */
export function totalInSingle(from: Values, { size, inner }: Lanes, start: number, max: number, total: number): number {
  if (size > sequentialSize) return Math.fround(total);
  let sum = 0;
  for (let i = start; i < start + size * inner; i += inner) sum = Math.fround(sum + Math.fround(Math.exp(from[i]! - max)));
  return sum;
}

function rowMax(from: Values, start: number, size: number): number {
  let max = -Infinity;
  for (let i = start; i < start + size; i++) {
    const x = from[i]!;
    if (x > max) max = x;
  }
  return max;
}

function rowExponentials(from: Values, exps: Values | null, start: number, size: number, max: number): number {
  let total = 0;
  if (exps === null) {
    for (let i = start; i < start + size; i++) total += Math.exp(from[i]! - max);
    return total;
  }
  for (let i = start; i < start + size; i++) {
    const e = Math.exp(from[i]! - max);
    exps[i] = e;
    total += e;
  }
  return total;
}

function laneMax(from: Values, start: number, size: number, inner: number): number {
  let max = -Infinity;
  for (let i = start; i < start + size * inner; i += inner) if (from[i]! > max) max = from[i]!;
  return max;
}

function laneExponentials(from: Values, exps: Values | null, start: number, size: number, inner: number, max: number): number {
  let total = 0;
  for (let i = start; i < start + size * inner; i += inner) {
    const e = Math.exp(from[i]! - max);
    if (exps !== null) exps[i] = e;
    total += e;
  }
  return total;
}

export function logSoftmax(input: Tensor, dim: number, dtype?: Dtype): Tensor {
  const source = floatingInput(input, dtype, 'log_softmax');
  const d = wrapDim(dim, source.shape.length);
  const lanes = lanesAlong(source.shape, d);
  const from = readValues(source);
  const values = allocate(source.dtype, from.length);
  // The exponentials are kept for the gradient: computing them is most of the work.
  const exps = needsGrad(source) ? allocate(source.dtype, from.length) : null;
  const totals = new Float64Array(lanes.outer * lanes.inner);
  const span = lanes.size * lanes.inner;
  exponentiate(from, lanes, exps, (lane, start, max, total) => {
    totals[lane] = total;
    if (source.dtype !== 'float32') {
      const shift = Math.log(total);
      for (let i = start; i < start + span; i += lanes.inner) values[i] = from[i]! - max - shift;
      return;
    }
    // torch rounds after each of these steps, and a small log-probability shows it in its printed digits.
    const shift = Math.fround(Math.log(totalInSingle(from, lanes, start, max, total)));
    for (let i = start; i < start + span; i += lanes.inner) values[i] = Math.fround(from[i]! - max) - shift;
  });
  return derive(values, source.shape, source.dtype, {
    name: 'LogSoftmax',
    inputs: [source],
    attributes: { dim: d },
    savesOutput: true,
    gradient: (dy, _, output) => {
      if (isGradEnabled()) return sub(dy, mul(exp(output), sum(dy, [d], true)));
      return logSoftmaxGradient(dy, exps!, totals, lanes);
    },
  });
}

/** dy − softmax · Σ dy. */
function logSoftmaxGradient(dy: Tensor, exps: Values, totals: Float64Array, { outer, size, inner }: Lanes): Tensor {
  const from = readValues(dy);
  const values = allocate(dy.dtype, from.length);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const start = o * size * inner + j;
      const end = start + size * inner;
      let flow = 0;
      for (let i = start; i < end; i += inner) flow += from[i]!;
      const factor = flow / totals[o * inner + j]!;
      for (let i = start; i < end; i += inner) values[i] = from[i]! - exps[i]! * factor;
    }
  }
  return derive(values, dy.shape, dy.dtype, { name: 'LogSoftmaxBackward', inputs: [], gradient: (ddy) => ddy });
}

export function softmax(input: Tensor, dim: number, dtype?: Dtype): Tensor {
  const source = floatingInput(input, dtype, 'softmax');
  const d = wrapDim(dim, source.shape.length);
  const lanes = lanesAlong(source.shape, d);
  const from = readValues(source);
  // In doubles until divided, so that the result is rounded once.
  const exps = new Float64Array(from.length);
  const values = allocate(source.dtype, from.length);
  const span = lanes.size * lanes.inner;
  exponentiate(from, lanes, exps, (_, start, __, total) => {
    for (let i = start; i < start + span; i += lanes.inner) values[i] = exps[i]! / total;
  });
  return derive(values, source.shape, source.dtype, {
    name: 'Softmax',
    inputs: [source],
    attributes: { dim: d },
    savesOutput: true,
    gradient: (dy, _, output) => {
      if (isGradEnabled()) return mul(output, sub(dy, sum(mul(dy, output), [d], true)));
      return softmaxGradient(dy, readValues(output), lanes);
    },
  });
}

/** softmax · (dy − Σ dy·softmax). */
function softmaxGradient(dy: Tensor, probabilities: Values, { outer, size, inner }: Lanes): Tensor {
  const from = readValues(dy);
  const values = allocate(dy.dtype, from.length);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const start = o * size * inner + j;
      const end = start + size * inner;
      let flow = 0;
      for (let i = start; i < end; i += inner) flow += from[i]! * probabilities[i]!;
      for (let i = start; i < end; i += inner) values[i] = probabilities[i]! * (from[i]! - flow);
    }
  }
  return derive(values, dy.shape, dy.dtype, { name: 'SoftmaxBackward', inputs: [], gradient: (ddy) => ddy });
}

/** softmax(−x). */
export const softmin = (input: Tensor, dim: number, dtype?: Dtype): Tensor => softmax(mul(input, { kind: 'int', value: -1 }), dim, dtype);

/** The dimension torch's functional softmax takes when none is given (it warns): 0 for 0-, 1- and 3-d input, else 1. */
export const implicitSoftmaxDim = (rank: number): number => (rank === 0 || rank === 1 || rank === 3 ? 0 : 1);

/** log Σ eˣ over some dimensions, without overflow. */
export function logsumexp(input: Tensor, dims: readonly number[], keepdim = false): Tensor {
  const source = isFloatDtype(input.dtype) ? input : to(input, 'float32');
  const reduced = reducedDims(source.shape, dims);
  const output = noGrad(() => {
    const max = nanToNum(amax(source, reduced, true), NaN, 0, 0);
    // A maximum of +∞ must stay: ∞ − 0 is ∞ in the exponential as well.
    return add(log(sum(exp(sub(source, max)), reduced, true)), max);
  });
  const shape = shapeWithout(source.shape, reduced, keepdim);
  return derive(readValues(output).slice(), shape, source.dtype, {
    name: 'Logsumexp',
    inputs: [source],
    attributes: { dims: reduced, keepdim },
    saved: [source],
    savesOutput: true,
    gradient: (dy, _, result) => {
      const kept = shapeWithout(source.shape, reduced, true);
      return mul(spread(dy, source.shape, reduced), exp(sub(source, reshape(result, kept))));
    },
  });
}
