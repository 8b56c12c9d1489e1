/** The losses of torch.nn.functional besides cross entropy. */
import { type Reduction, reductionOf } from './crossEntropy';
import { scalarTypeName } from './dtype';
import {
  abs,
  add,
  clamp,
  div,
  exp,
  log,
  logSigmoid,
  maximum,
  mul,
  neg,
  relu,
  softplus,
  sqrt,
  square,
  sub,
  where,
  xlogy,
} from './elementwise';
import { runtimeError, valueError } from './errors';
import { gt, le, lt } from './comparison';
import { zipOperands } from './loops';
import { floatScalar, intScalar } from './promotion';
import { derive, needsGrad, readValues } from './record';
import { sumTo } from './broadcasting';
import { mean, norm, sum } from './reductions';
import { noGrad } from './run';
import { broadcastShapes, sameShape, shapeText } from './shapes';
import type { Tensor } from './tensor';
import { gather, oneHot } from './scatter';
import { expand, squeeze, unsqueeze } from './views';

export const reduceLoss = (losses: Tensor, reduction: Reduction): Tensor =>
  reduction === 'none' ? losses : reduction === 'sum' ? sum(losses) : mean(losses);

/** Gives a composed result the name of torch's fused node. */
function named(tensor: Tensor, name: string): Tensor {
  if (tensor.requiresGrad) tensor.cell.gradFn = `${name}Backward0`;
  return tensor;
}

export interface KlDivOptions {
  readonly reduction?: string;
  readonly logTarget?: boolean;
}

/**
 * q (log q − x), element by element, where x holds log-probabilities; with `logTarget`, e^t (t − x). Where q is 0 the first term is 0.
 * 'mean' divides by all elements, 'batchmean' by the first size.
 */
export function klDiv(input: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  const name = options.reduction ?? 'mean';
  const reduction = name === 'batchmean' ? 'sum' : reductionOf(name);
  const losses = options.logTarget === true ? mul(exp(target), sub(target, input)) : divergences(input, target);
  if (name === 'batchmean') {
    if (input.shape.length === 0) return sum(losses);
    return div(sum(losses), intScalar(input.shape[0]!));
  }
  return reduceLoss(losses, reduction);
}

function divergences(input: Tensor, target: Tensor): Tensor {
  if (needsGrad(target)) return sub(xlogy(target, target), mul(target, input));
  const shape = broadcastShapes(target.shape, input.shape);
  // Both products rounded as torch rounds them, so that equal distributions differ by exactly nothing.
  const round = input.dtype === 'float64' ? (x: number) => x : Math.fround;
  const { values } = zipOperands(target, input, (q, x) => (q === 0 ? 0 : round(q * round(Math.log(q)))) - round(q * x), input.dtype);
  return derive(values, shape, input.dtype, {
    name: 'Sub',
    inputs: [input],
    kernel: 'KlDiv',
    operands: [input, target],
    saved: [target],
    gradient: (dy) => sumTo(neg(mul(dy, target)), input.shape),
  });
}

export interface BinaryLossOptions {
  readonly weight?: Tensor | null;
  readonly reduction?: string;
}

/** −w (t log p + (1 − t) log(1 − p)), with the logarithms clamped at −100. */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: BinaryLossOptions = {}): Tensor {
  const reduction = reductionOf(options.reduction ?? 'mean');
  if (!sameShape(input.shape, target.shape)) {
    throw valueError(
      `Using a target size (torch.Size(${shapeText(target.shape)})) that is different to the input size (torch.Size(${shapeText(input.shape)})) is ` +
        'deprecated. Please ensure they have the same size.',
    );
  }
  if (target.dtype !== input.dtype) {
    throw runtimeError(`Found dtype ${scalarTypeName(target.dtype)} but expected ${scalarTypeName(input.dtype)}`);
  }
  if (readValues(input).some((p) => !(p >= 0 && p <= 1))) throw runtimeError('all elements of input should be between 0 and 1');
  const clampedLog = (x: number): number => Math.max(Math.log(x), -100);
  const { values, shape } = zipOperands(
    input,
    target,
    (p, t) => -(t * clampedLog(p) + (1 - t) * Math.max(Math.log1p(-p), -100)),
    input.dtype,
  );
  const losses = derive(values, shape, input.dtype, {
    name: 'BinaryCrossEntropy',
    inputs: [input, target],
    saved: [input, target],
    gradient: (dy, i) => {
      if (i === 1) return mul(dy, sub(clampLog(sub(intScalar(1), input)), clampLog(input)));
      const spreadOf = clamp(mul(input, sub(intScalar(1), input)), floatScalar(1e-12), null);
      return mul(dy, div(sub(input, target), spreadOf));
    },
  });
  return named(reduceLoss(weighted(losses, options.weight), reduction), 'BinaryCrossEntropy');
}

const clampLog = (x: Tensor): Tensor => clamp(log(x), floatScalar(-100), null);

const weighted = (losses: Tensor, weight: Tensor | null | undefined): Tensor =>
  weight === null || weight === undefined ? losses : mul(losses, weight);

export interface BinaryLogitsOptions extends BinaryLossOptions {
  readonly posWeight?: Tensor | null;
}

/** (1 − t) x + (1 + (w₊ − 1) t) log(1 + e^−x): cross entropy of sigmoid(x) without overflow. */
export function binaryCrossEntropyWithLogits(input: Tensor, target: Tensor, options: BinaryLogitsOptions = {}): Tensor {
  const reduction = reductionOf(options.reduction ?? 'mean');
  if (!sameShape(input.shape, target.shape)) {
    throw valueError(
      `Target size (torch.Size(${shapeText(target.shape)})) must be the same as input size (torch.Size(${shapeText(input.shape)}))`,
    );
  }
  const one = intScalar(1);
  const penalty = neg(logSigmoid(input));
  const posWeight = options.posWeight ?? null;
  const positive = posWeight === null ? penalty : mul(add(mul(sub(posWeight, one), target), one), penalty);
  const losses = add(mul(sub(one, target), input), positive);
  return named(reduceLoss(weighted(losses, options.weight), reduction), 'BinaryCrossEntropyWithLogits');
}

export const mseLoss = (input: Tensor, target: Tensor, reduction = 'mean'): Tensor =>
  named(reduceLoss(square(sub(input, target)), reductionOf(reduction)), 'MseLoss');

export const l1Loss = (input: Tensor, target: Tensor, reduction = 'mean'): Tensor =>
  reduceLoss(abs(sub(input, target)), reductionOf(reduction));

/** ½ d²/β below β, |d| − ½ β above. */
export function smoothL1Loss(input: Tensor, target: Tensor, reduction = 'mean', beta = 1): Tensor {
  if (beta < 0) throw runtimeError('smooth_l1_loss does not support negative values for beta.');
  if (beta === 0) return l1Loss(input, target, reduction);
  const distance = abs(sub(input, target));
  const near = div(mul(square(distance), floatScalar(0.5)), floatScalar(beta));
  const losses = where(lt(distance, floatScalar(beta)), near, sub(distance, floatScalar(0.5 * beta)));
  return named(reduceLoss(losses, reductionOf(reduction)), 'SmoothL1Loss');
}

/** ½ d² below δ, δ (|d| − ½ δ) above. */
export function huberLoss(input: Tensor, target: Tensor, reduction = 'mean', delta = 1): Tensor {
  if (delta <= 0) throw runtimeError('huber_loss does not support non-positive values for delta.');
  const distance = abs(sub(input, target));
  const far = mul(sub(distance, floatScalar(0.5 * delta)), floatScalar(delta));
  const losses = where(le(distance, floatScalar(delta)), mul(square(distance), floatScalar(0.5)), far);
  return named(reduceLoss(losses, reductionOf(reduction)), 'HuberLoss');
}

/** max(0, −y (x₁ − x₂) + margin). */
export const marginRankingLoss = (a: Tensor, b: Tensor, target: Tensor, margin = 0, reduction = 'mean'): Tensor =>
  reduceLoss(clamp(add(mul(neg(target), sub(a, b)), floatScalar(margin)), intScalar(0), null), reductionOf(reduction));

/** log(1 + e^(−y x)). */
export const softMarginLoss = (input: Tensor, target: Tensor, reduction = 'mean'): Tensor =>
  named(reduceLoss(softplusExact(mul(neg(target), input)), reductionOf(reduction)), 'SoftMarginLoss');

const softplusExact = (x: Tensor): Tensor => softplus(x, 1, Infinity);

/** x where y is 1, max(0, margin − x) where y is −1. */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, margin = 1, reduction = 'mean'): Tensor {
  const zero = intScalar(0);
  const far = clamp(sub(floatScalar(margin), input), zero, null);
  const positive = where(isOne(target, 1), input, floatScalar(0));
  const negative = where(isOne(target, -1), far, floatScalar(0));
  return reduceLoss(add(positive, negative), reductionOf(reduction));
}

const isOne = (target: Tensor, value: number): Tensor => noGrad(() => le(abs(sub(target, intScalar(value))), intScalar(0)));

/** ‖a − b + ε‖ over the last dimension. */
export const pairwiseDistance = (a: Tensor, b: Tensor, p = 2, eps = 1e-6, keepdim = false): Tensor =>
  norm(add(sub(a, b), floatScalar(eps)), p, [-1], keepdim);

export interface TripletOptions {
  readonly margin?: number;
  readonly p?: number;
  readonly eps?: number;
  readonly swap?: boolean;
  readonly reduction?: string;
}

/** max(0, d(anchor, positive) − d(anchor, negative) + margin). */
export function tripletMarginLoss(anchor: Tensor, positive: Tensor, negative: Tensor, options: TripletOptions = {}): Tensor {
  const { margin = 1, p = 2, eps = 1e-6, swap = false, reduction = 'mean' } = options;
  const near = pairwiseDistance(anchor, positive, p, eps);
  const far = pairwiseDistance(anchor, negative, p, eps);
  const nearest = swap ? neg(maximum(neg(far), neg(pairwiseDistance(positive, negative, p, eps)))) : far;
  return reduceLoss(clamp(add(sub(near, nearest), floatScalar(margin)), intScalar(0), null), reductionOf(reduction));
}

/** a·b / max(‖a‖‖b‖, ε) along a dimension. */
export function cosineSimilarity(a: Tensor, b: Tensor, dim = 1, eps = 1e-8): Tensor {
  const shape = broadcastShapes(a.shape, b.shape);
  const x = expand(a, shape);
  const y = expand(b, shape);
  const lengths = (t: Tensor): Tensor => clamp(norm(t, 2, [dim]), floatScalar(eps), null);
  return div(sum(mul(x, y), [dim]), mul(lengths(x), lengths(y)));
}

/** 1 − cos where y is 1, max(0, cos − margin) where y is −1. */
export function cosineEmbeddingLoss(a: Tensor, b: Tensor, target: Tensor, margin = 0, reduction = 'mean'): Tensor {
  const dim = a.shape.length - 1;
  const epsilon = floatScalar(1e-12);
  // torch's own form: ε is added to the squared lengths.
  const product = sum(mul(a, b), [dim]);
  const lengths = sqrt(mul(add(sum(square(a), [dim]), epsilon), add(sum(square(b), [dim]), epsilon)));
  const cos = div(product, lengths);
  const positive = where(isOne(target, 1), sub(intScalar(1), cos), floatScalar(0));
  const negative = where(isOne(target, -1), clamp(sub(cos, floatScalar(margin)), intScalar(0), null), floatScalar(0));
  return reduceLoss(add(positive, negative), reductionOf(reduction));
}

export interface PoissonOptions {
  readonly logInput?: boolean;
  readonly full?: boolean;
  readonly eps?: number;
  readonly reduction?: string;
}

/** e^x − t x (or x − t log(x + ε)), with Stirling's term when `full`. */
export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonOptions = {}): Tensor {
  const { logInput = true, full = false, eps = 1e-8, reduction = 'mean' } = options;
  let losses = logInput ? sub(exp(input), mul(target, input)) : sub(input, mul(target, log(add(input, floatScalar(eps)))));
  if (full) {
    const stirling = add(sub(mul(target, log(target)), target), mul(log(mul(target, floatScalar(2 * Math.PI))), floatScalar(0.5)));
    losses = add(losses, where(gt(target, intScalar(1)), stirling, floatScalar(0)));
  }
  return reduceLoss(losses, reductionOf(reduction));
}

/** ½ (log max(σ², ε) + (x − t)²/max(σ², ε)), plus ½ log 2π when `full`. */
export function gaussianNllLoss(input: Tensor, target: Tensor, variance: Tensor, full = false, eps = 1e-6, reduction = 'mean'): Tensor {
  if (readValues(variance).some((v) => v < 0)) throw valueError('var has negative entry/entries');
  const safe = add(
    variance,
    noGrad(() => sub(clamp(variance, floatScalar(eps), null), variance)),
  );
  let losses = mul(add(log(safe), div(square(sub(input, target)), safe)), floatScalar(0.5));
  if (full) losses = add(losses, floatScalar(0.5 * Math.log(2 * Math.PI)));
  return reduceLoss(losses, reductionOf(reduction));
}

/** The mean over classes of −w (t log σ(x) + (1 − t) log σ(−x)). */
export function multilabelSoftMarginLoss(input: Tensor, target: Tensor, options: BinaryLossOptions = {}): Tensor {
  const one = intScalar(1);
  const losses = neg(add(mul(target, logSigmoid(input)), mul(sub(one, target), logSigmoid(neg(input)))));
  return reduceLoss(mean(weighted(losses, options.weight), [-1]), reductionOf(options.reduction ?? 'mean'));
}

/** Σ_{c≠t} max(0, margin − x_t + x_c)ᵖ / K. */
export function multiMarginLoss(
  input: Tensor,
  target: Tensor,
  p = 1,
  margin = 1,
  weight: Tensor | null = null,
  reduction = 'mean',
): Tensor {
  const rows = input.shape.length === 1 ? unsqueeze(input, 0) : input;
  const labels = target.shape.length === 0 ? unsqueeze(target, 0) : target;
  const classes = rows.shape[1]!;
  const own = gather(rows, 1, unsqueeze(labels, 1));
  let terms = relu(add(sub(rows, own), floatScalar(margin)));
  if (p === 2) terms = square(terms);
  if (weight !== null) terms = mul(terms, gather(expand(unsqueeze(weight, 0), rows.shape), 1, unsqueeze(labels, 1)));
  const others = noGrad(() => sub(intScalar(1), oneHot(labels, classes)));
  const losses = div(sum(mul(terms, others), [1]), intScalar(classes));
  return reduceLoss(input.shape.length === 1 ? squeeze(losses) : losses, reductionOf(reduction));
}

/** x / max(‖x‖, ε) along a dimension. */
export const normalize = (input: Tensor, p = 2, dim = 1, eps = 1e-12): Tensor =>
  div(input, clamp(norm(input, p, [dim], true), floatScalar(eps), null));
