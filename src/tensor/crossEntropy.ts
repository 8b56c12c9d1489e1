/** cross_entropy and nll_loss. Losses over labels are one pass over the logits; losses over probabilities are composed. */
import { isFloatDtype, scalarTypeName, type Values } from './dtype';
import { add, div, mul, neg, sub } from './elementwise';
import { indexError, runtimeError, valueError } from './errors';
import { floatScalar } from './promotion';
import { derive, needsGrad, readValues } from './record';
import { scaled } from './broadcasting';
import { sum } from './reductions';
import { allocate, isGradEnabled } from './run';
import { elementCount, type Lanes, sameShape, type Shape, shapeText } from './shapes';
import { exponentiate, logSoftmax, softmax, totalInSingle } from './softmax';
import { fromValues, isFloating, type Tensor } from './tensor';
import { expand, reshape, unsqueeze } from './views';

export type Reduction = 'none' | 'mean' | 'sum';

export interface ClassLossOptions {
  /** One weight for each class. */
  readonly weight?: Tensor | null;
  /** Labels of this value take no part; the default is torch's −100. */
  readonly ignoreIndex?: number;
  readonly reduction?: string;
}

export interface CrossEntropyOptions extends ClassLossOptions {
  readonly labelSmoothing?: number;
}

export function reductionOf(name: string): Reduction {
  if (name === 'none' || name === 'mean' || name === 'sum') return name;
  // As the mean was called before torch 1.0, and still may be.
  if (name === 'elementwise_mean') return 'mean';
  throw valueError(`${name} is not a valid value for reduction`);
}

/** Where the classes stand: dimension 1, or 0 for a sample without a batch. */
const classDim = (shape: Shape): number => (shape.length === 1 ? 0 : 1);

interface ClassLanes extends Lanes {
  /** The shape of one value for each sample. */
  readonly sampleShape: Shape;
}

function classLanes(shape: Shape): ClassLanes {
  const d = classDim(shape);
  const sampleShape = shape.toSpliced(d, 1);
  return {
    outer: d === 0 ? 1 : shape[0]!,
    size: shape[d]!,
    inner: elementCount(shape.slice(d + 1)),
    sampleShape,
  };
}

/** What torch checks of labels, in its order and with its words. */
function checkLabels(input: Tensor, target: Tensor, weight: Tensor | null): void {
  const { shape } = input;
  if (shape.length === 0) throw valueError('Expected input to have at least one dimension, but got a tensor without any');
  const classes = shape[classDim(shape)]!;
  if (shape.length >= 2 && target.shape.length > 0 && shape[0] !== target.shape[0]) {
    throw valueError(`Expected input batch_size (${shape[0]!}) to match target batch_size (${target.shape[0]!}).`);
  }
  if (shape.length === 1 && target.shape.length > 0 && elementCount(target.shape) !== 1) {
    throw valueError(`For 1D input, 1D target must have size 1, but got target size: ${elementCount(target.shape)}`);
  }
  if (shape.length <= 2 && target.shape.length > 1) throw runtimeError('0D or 1D target tensor expected, multi-target not supported');
  if (shape.length === 2 && target.shape.length === 0) {
    throw valueError(`Expected input batch_size (${shape[0]!}) to match target batch_size (1).`);
  }
  if (shape.length > 2) {
    const expected = shape.toSpliced(1, 1);
    if (!sameShape(target.shape, expected))
      throw runtimeError(`Expected target size ${shapeText(expected)}, got ${shapeText(target.shape)}`);
  }
  if (target.dtype !== 'int64' && target.dtype !== 'uint8') {
    throw runtimeError(`expected target dtype to be Long or Byte, but got ${scalarTypeName(target.dtype)}`);
  }
  if (weight !== null && (weight.shape.length > 1 || elementCount(weight.shape) !== classes)) {
    throw runtimeError(
      `weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of shape: ${shapeText(weight.shape)}`,
    );
  }
  if (weight !== null && weight.dtype !== input.dtype) {
    throw runtimeError(`expected scalar type ${scalarTypeName(input.dtype)} but found ${scalarTypeName(weight.dtype)}`);
  }
}

function checkLabel(label: number, classes: number): void {
  if (label < 0 || label >= classes) throw indexError(`Target ${label} is out of bounds.`);
}

export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const reduction = reductionOf(options.reduction ?? 'mean');
  // torch ignores a negative smoothing without a word.
  const smoothing = Math.max(options.labelSmoothing ?? 0, 0);
  if (smoothing > 1) throw runtimeError(`label_smoothing must be between 0.0 and 1.0. Got: ${smoothing}`);
  if (sameShape(input.shape, target.shape)) return probabilityCrossEntropy(input, target, options, reduction, smoothing);
  const weight = options.weight ?? null;
  if (!isFloatDtype(input.dtype)) logSoftmax(input, classDim(input.shape)); // raises torch's error for the type
  checkLabels(input, target, weight);
  return labelCrossEntropy(input, target, weight, options.ignoreIndex ?? -100, reduction, smoothing);
}

/**
 * Per sample with label t and class weights w:
 *   (1 − ε) w_t (−log p_t) + ε/K Σ_c w_c (−log p_c)
 * and the mean divides by Σ w_t over the samples that are not ignored (torch's `cross_entropy_loss`).
 */
function labelCrossEntropy(
  input: Tensor,
  target: Tensor,
  weight: Tensor | null,
  ignoreIndex: number,
  reduction: Reduction,
  smoothing: number,
): Tensor {
  const lanes = classLanes(input.shape);
  const { size: classes, inner, sampleShape } = lanes;
  const from = readValues(input);
  const labels = readValues(target);
  const weights = weight === null ? null : readValues(weight);
  const samples = lanes.outer * inner;
  const exps = needsGrad(input) ? allocate(input.dtype, from.length) : null;
  const totals = new Float64Array(samples);
  const losses = new Float64Array(samples);
  // In float32, torch rounds after each step of log_softmax; small losses show it.
  const single = input.dtype === 'float32';
  const uniform = smoothing / classes;
  let weightSum = classes;
  if (weights !== null) {
    weightSum = 0;
    for (const w of weights) weightSum += w;
  }
  let denominator = 0;
  for (let s = 0; s < samples; s++) {
    const label = labels[s]!;
    if (label === ignoreIndex) continue;
    checkLabel(label, classes);
    denominator += weights === null ? 1 : weights[label]!;
  }
  exponentiate(from, lanes, exps, (s, start, max, total) => {
    totals[s] = total;
    const label = labels[s]!;
    if (label === ignoreIndex) return;
    const logTotal = single ? Math.fround(Math.log(totalInSingle(from, lanes, start, max, total))) : Math.log(total);
    const logPartition = max + logTotal;
    const w = weights === null ? 1 : weights[label]!;
    // As torch rounds it: x − max − log Σ, so that equal logits lose nothing to a large maximum.
    const own = from[start + label * inner]! - max;
    const surprise = single ? -Math.fround(Math.fround(own) - logTotal) : logTotal - own;
    let loss = (1 - smoothing) * w * surprise;
    if (smoothing > 0) {
      let spreadSum = 0;
      if (weights === null) for (let c = 0, i = start; c < classes; c++, i += inner) spreadSum += logPartition - from[i]!;
      else for (let c = 0, i = start; c < classes; c++, i += inner) spreadSum += weights[c]! * (logPartition - from[i]!);
      loss += uniform * spreadSum;
    }
    losses[s] = loss;
  });

  const shape = reduction === 'none' ? sampleShape : [];
  const values = allocate(input.dtype, reduction === 'none' ? samples : 1);
  if (reduction === 'none') values.set(losses);
  else {
    // torch adds the losses of a small batch one after the other in float32.
    const few = single && samples <= 16;
    let sumOfLosses = 0;
    for (const loss of losses) sumOfLosses = few ? Math.fround(sumOfLosses + Math.fround(loss)) : sumOfLosses + loss;
    values[0] = reduction === 'sum' ? sumOfLosses : sumOfLosses / denominator;
  }
  const share = reduction === 'mean' ? 1 / denominator : 1;
  const name = smoothing > 0 ? 'Add' : input.shape.length <= 2 ? 'NllLoss' : 'NllLoss2D';
  return derive(values, shape, input.dtype, {
    name,
    inputs: [input],
    kernel: 'CrossEntropy',
    operands: weight === null ? [input, target] : [input, target, weight],
    attributes: { dim: classDim(input.shape), ignoreIndex, reduction, smoothing },
    saved: weight === null ? [input, target] : [input, target, weight],
    gradient: (dy) => {
      // ∂/∂z_c = (a_t p_c − b_c), with a_t = (1−ε) w_t + ε/K Σ w and b_c = ε/K w_c, plus (1−ε) w_t on the label.
      if (isGradEnabled()) return secondOrderGradient(dy);
      return fusedGradient(dy);
    },
  });

  function fusedGradient(dy: Tensor): Tensor {
    const flows = readValues(dy);
    const gradient = allocate(input.dtype, from.length);
    for (let s = 0; s < samples; s++) {
      const label = labels[s]!;
      if (label === ignoreIndex) continue;
      const flow = flows[reduction === 'none' ? s : 0]! * share;
      const w = weights === null ? 1 : weights[label]!;
      const factor = (flow * ((1 - smoothing) * w + uniform * weightSum)) / totals[s]!;
      const start = Math.floor(s / inner) * classes * inner + (s % inner);
      const off = flow * uniform;
      if (weights === null) for (let c = 0, i = start; c < classes; c++, i += inner) gradient[i] = factor * exps![i]! - off;
      else for (let c = 0, i = start; c < classes; c++, i += inner) gradient[i] = factor * exps![i]! - off * weights[c]!;
      const at = start + label * inner;
      gradient[at]! -= flow * (1 - smoothing) * w;
    }
    return fromValues(gradient, input.shape, input.dtype);
  }

  function secondOrderGradient(dy: Tensor): Tensor {
    const slopes = allocate(input.dtype, from.length);
    const offsets = allocate(input.dtype, from.length);
    for (let s = 0; s < samples; s++) {
      const label = labels[s]!;
      if (label === ignoreIndex) continue;
      const w = weights === null ? 1 : weights[label]!;
      const start = Math.floor(s / inner) * classes * inner + (s % inner);
      for (let c = 0, i = start; c < classes; c++, i += inner) {
        slopes[i] = share * ((1 - smoothing) * w + uniform * weightSum);
        offsets[i] = share * (uniform * (weights === null ? 1 : weights[c]!) + (c === label ? (1 - smoothing) * w : 0));
      }
    }
    const d = classDim(input.shape);
    const constant = (numbers: Values): Tensor => fromValues(numbers, input.shape, input.dtype);
    const flow = reduction === 'none' ? expand(unsqueeze(dy, d), input.shape) : expand(reshape(dy, []), input.shape);
    return mul(flow, sub(mul(constant(slopes), softmax(input, d)), constant(offsets)));
  }
}

/** −Σ_c w_c q_c log p_c with q smoothed first; the mean divides by the number of positions, never by weights. */
function probabilityCrossEntropy(
  input: Tensor,
  target: Tensor,
  options: CrossEntropyOptions,
  reduction: Reduction,
  smoothing: number,
): Tensor {
  if (!isFloating(target)) {
    throw runtimeError(`Expected floating point type for target with class probabilities, got ${scalarTypeName(target.dtype)}`);
  }
  if ((options.ignoreIndex ?? -100) >= 0) throw runtimeError('ignore_index is not supported for floating point target');
  const d = classDim(input.shape);
  const classes = input.shape[d]!;
  const weight = options.weight ?? null;
  if (weight !== null && (weight.shape.length !== 1 || weight.shape[0] !== classes)) {
    throw runtimeError(
      `cross_entropy: weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of shape: ${shapeText(weight.shape)}`,
    );
  }
  const logProbabilities = logSoftmax(input, d);
  const smoothed = smoothing > 0 ? add(mul(target, floatScalar(1 - smoothing)), floatScalar(smoothing / classes)) : target;
  let products = mul(logProbabilities, smoothed);
  if (weight !== null) {
    products = mul(
      products,
      reshape(
        weight,
        input.shape.map((size, k) => (k === d ? size : 1)),
      ),
    );
  }
  if (reduction === 'none') return neg(sum(products, [d]));
  if (reduction === 'sum') return neg(sum(products));
  const mean = div(neg(sum(products)), floatScalar(elementCount(input.shape) / classes));
  // torch divides by a C++ number here, whose node is another than Python's division has.
  if (mean.requiresGrad) mean.cell.gradFn = 'DivBackward1';
  return mean;
}

/** −w_t · input_t for each sample; the input holds log-probabilities. The mean divides by Σ w_t. */
export function nllLoss(input: Tensor, target: Tensor, options: ClassLossOptions = {}): Tensor {
  const reduction = reductionOf(options.reduction ?? 'mean');
  const weight = options.weight ?? null;
  const ignoreIndex = options.ignoreIndex ?? -100;
  checkLabels(input, target, weight);
  if (!isFloatDtype(input.dtype)) throw runtimeError(`"nll_loss_out_frame" not implemented for '${scalarTypeName(input.dtype)}'`);
  const { outer, size: classes, inner, sampleShape } = classLanes(input.shape);
  const from = readValues(input);
  const labels = readValues(target);
  const weights = weight === null ? null : readValues(weight);
  const samples = outer * inner;
  const losses = new Float64Array(samples);
  /** For each sample where its label's log-probability stands; −1 for ignored ones. */
  const positions = new Float64Array(samples).fill(-1);
  let denominator = 0;
  let total = 0;
  for (let s = 0; s < samples; s++) {
    const label = labels[s]!;
    if (label === ignoreIndex) continue;
    checkLabel(label, classes);
    const w = weights === null ? 1 : weights[label]!;
    const at = (Math.floor(s / inner) * classes + label) * inner + (s % inner);
    positions[s] = at;
    losses[s] = -w * from[at]!;
    denominator += w;
    total += losses[s]!;
  }
  const values = allocate(input.dtype, reduction === 'none' ? samples : 1);
  if (reduction === 'none') values.set(losses);
  else values[0] = reduction === 'sum' ? total : total / denominator;
  const share = reduction === 'mean' ? 1 / denominator : 1;
  return derive(values, reduction === 'none' ? sampleShape : [], input.dtype, {
    name: input.shape.length <= 2 ? 'NllLoss' : 'NllLoss2D',
    inputs: [input],
    kernel: 'NllLoss',
    operands: weight === null ? [input, target] : [input, target, weight],
    attributes: { dim: classDim(input.shape), ignoreIndex, reduction },
    saved: weight === null ? [input, target] : [input, target, weight],
    gradient: (dy) => spreadToLabels(dy),
  });

  /** Linear in dy, so its own gradient reads the same positions back. */
  function spreadToLabels(dy: Tensor): Tensor {
    const flows = readValues(dy);
    const gradient = allocate(dy.dtype, from.length);
    for (let s = 0; s < samples; s++) {
      const at = positions[s]!;
      if (at >= 0) gradient[at]! -= flows[reduction === 'none' ? s : 0]! * share * (weights === null ? 1 : weights[labels[s]!]!);
    }
    return derive(gradient, input.shape, dy.dtype, {
      name: 'NllLossBackward',
      inputs: [dy],
      gradient: (ddy) => nllLossAt(ddy),
    });
  }

  function nllLossAt(ddy: Tensor): Tensor {
    const per = reduction === 'none' ? nllLoss(ddy, target, options) : nllLoss(ddy, target, { ...options, reduction: 'sum' });
    return share === 1 ? per : scaled(per, share);
  }
}
