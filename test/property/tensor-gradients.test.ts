import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backward, grad, requiresGradInPlace } from '../../src/tensor/autograd';
import { sumTo } from '../../src/tensor/broadcasting';
import { clone, fromNumbers, toArray, zeros } from '../../src/tensor/creation';
import { crossEntropy, nllLoss } from '../../src/tensor/crossEntropy';
import * as e from '../../src/tensor/elementwise';
import * as x from '../../src/tensor/extremes';
import { getIndex, setIndex } from '../../src/tensor/indexing';
import { copyInto, inPlace } from '../../src/tensor/inplace';
import * as j from '../../src/tensor/joining';
import * as l from '../../src/tensor/losses';
import * as m from '../../src/tensor/matmul';
import { floatScalar, intScalar } from '../../src/tensor/promotion';
import * as r from '../../src/tensor/reductions';
import { withTensors } from '../../src/tensor/run';
import * as s from '../../src/tensor/scatter';
import { logSoftmax, logsumexp, softmax } from '../../src/tensor/softmax';
import type { Tensor } from '../../src/tensor/tensor';
import * as v from '../../src/tensor/views';

/** A function of a [3, 4] matrix; `domain` maps any number to where it is smooth. */
interface Case {
  readonly name: string;
  readonly f: (input: Tensor) => Tensor;
  readonly domain?: (number: number) => number;
  /** Kinks: elements this close to one another or to zero are moved apart. */
  readonly apart?: true;
  /** Its gradient cannot be differentiated again. */
  readonly once?: true;
}

const positive = (number: number): number => Math.abs(number) + 0.2;
const unit = (number: number): number => 0.1 + 0.8 / (1 + Math.exp(-number));
const aboveOne = (number: number): number => Math.abs(number) + 1.2;
const constant = (shape: readonly number[], start = 0.3): Tensor =>
  fromNumbers(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(start + i * 1.7) + 1.6),
    shape,
    'float64',
  );
const labels = (...numbers: number[]): Tensor => fromNumbers(numbers, [numbers.length], 'int64');
const table = (rows: readonly (readonly number[])[]): Tensor => fromNumbers(rows.flat(), [rows.length, rows[0]!.length], 'int64');
const mask = (): Tensor => fromNumbers([1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 0], [3, 4], 'bool');
const half = floatScalar(0.5);

const cases: readonly Case[] = [
  { name: 'add, broadcast', f: (a) => e.add(a, constant([4])) },
  { name: 'sub from a number', f: (a) => e.sub(floatScalar(2), a) },
  { name: 'mul by itself and a column', f: (a) => e.mul(e.mul(a, a), constant([3, 1])) },
  { name: 'div', f: (a) => e.div(constant([3, 4]), a), domain: positive },
  { name: 'div by a function of itself', f: (a) => e.div(a, e.add(e.mul(a, a), intScalar(1))) },
  { name: 'pow, number', f: (a) => e.pow(a, intScalar(3)) },
  { name: 'pow, tensor', f: (a) => e.pow(a, e.mul(a, half)), domain: positive },
  { name: 'pow of a number', f: (a) => e.pow(floatScalar(1.7), a) },
  { name: 'remainder', f: (a) => e.remainder(a, floatScalar(1000)), domain: positive },
  { name: 'xlogy', f: (a) => e.xlogy(a, a), domain: positive },
  { name: 'atan2', f: (a) => e.atan2(a, constant([3, 4])) },
  { name: 'logaddexp', f: (a) => e.logaddexp(a, constant([3, 4])) },
  { name: 'maximum and minimum', f: (a) => e.add(e.maximum(a, constant([4])), e.minimum(a, floatScalar(0.1))), apart: true },
  { name: 'where', f: (a) => e.where(mask(), e.mul(a, a), e.exp(a)) },
  { name: 'lerp', f: (a) => e.lerp(a, e.mul(a, a), half) },
  { name: 'addcmul, addcdiv', f: (a) => e.addcdiv(e.addcmul(a, a, a), a, constant([3, 4])) },
  { name: 'neg', f: e.neg },
  { name: 'exp', f: e.exp },
  { name: 'expm1', f: e.expm1 },
  { name: 'exp2', f: e.exp2 },
  { name: 'log', f: e.log, domain: positive },
  { name: 'log2', f: e.log2, domain: positive },
  { name: 'log10', f: e.log10, domain: positive },
  { name: 'log1p', f: e.log1p, domain: positive },
  { name: 'sqrt', f: e.sqrt, domain: positive },
  { name: 'rsqrt', f: e.rsqrt, domain: positive },
  { name: 'reciprocal', f: e.reciprocal, domain: positive },
  { name: 'square', f: e.square },
  { name: 'sin', f: e.sin },
  { name: 'cos', f: e.cos },
  { name: 'tan', f: (a) => e.tan(e.mul(a, floatScalar(0.2))) },
  { name: 'asin', f: e.asin, domain: unit },
  { name: 'acos', f: e.acos, domain: unit },
  { name: 'atan', f: e.atan },
  { name: 'sinh', f: e.sinh },
  { name: 'cosh', f: e.cosh },
  { name: 'tanh', f: e.tanh },
  { name: 'asinh', f: e.asinh },
  { name: 'acosh', f: e.acosh, domain: aboveOne },
  { name: 'atanh', f: e.atanh, domain: (number) => unit(number) - 0.05 },
  { name: 'sigmoid', f: e.sigmoid },
  { name: 'erf', f: e.erf },
  { name: 'erfc', f: e.erfc },
  { name: 'lgamma', f: e.lgamma, domain: positive, once: true },
  { name: 'logit', f: (a) => e.logit(a), domain: unit },
  { name: 'abs', f: e.abs, apart: true },
  { name: 'clamp', f: (a) => e.clamp(a, floatScalar(-0.35), floatScalar(0.8)), apart: true },
  { name: 'relu', f: e.relu, apart: true },
  { name: 'leaky relu', f: (a) => e.leakyRelu(a), apart: true, once: true },
  { name: 'elu', f: (a) => e.elu(a), apart: true, once: true },
  { name: 'celu', f: (a) => e.celu(a, 1.5), apart: true, once: true },
  { name: 'selu', f: e.selu, apart: true, once: true },
  { name: 'softplus', f: (a) => e.softplus(a, 2), once: true },
  { name: 'log sigmoid', f: e.logSigmoid, once: true },
  { name: 'silu', f: e.silu, once: true },
  { name: 'mish', f: e.mish, once: true },
  { name: 'gelu', f: (a) => e.gelu(a), once: true },
  { name: 'gelu, tanh', f: (a) => e.gelu(a, 'tanh'), once: true },
  { name: 'softsign', f: e.softsign, apart: true },
  { name: 'tanhshrink', f: e.tanhshrink },

  { name: 'sum over the first and last', f: (a) => r.sum(v.reshape(a, [2, 3, 2]), [0, 2]) },
  { name: 'sum, keepdim', f: (a) => e.div(a, r.sum(a, [1], true)), domain: positive },
  { name: 'mean', f: (a) => e.mul(r.mean(a, [0]), r.mean(a)) },
  { name: 'prod', f: (a) => e.add(r.prod(a, 1), r.prod(a)) },
  { name: 'cumsum', f: (a) => e.mul(r.cumsum(a, 0), r.cumsum(a, 1)) },
  { name: 'cumprod', f: (a) => r.cumprod(a, 1), once: true },
  { name: 'variance', f: (a) => r.variance(a, [1]) },
  { name: 'standard deviation', f: (a) => r.standardDeviation(a, [0], 0), apart: true },
  { name: 'norm 2', f: (a) => r.norm(a, 2, [1]), apart: true },
  { name: 'norm 1', f: (a) => r.norm(a, 1), apart: true },
  { name: 'norm 3', f: (a) => r.norm(a, 3, [0]), apart: true },
  { name: 'nansum', f: (a) => r.nansum(a, [1]) },

  { name: 'softmax', f: (a) => e.mul(softmax(a, 1), constant([3, 4])) },
  { name: 'softmax over the first', f: (a) => e.mul(softmax(a, 0), constant([3, 4])) },
  { name: 'log softmax', f: (a) => e.mul(logSoftmax(a, -1), constant([3, 4])) },
  { name: 'log softmax over the middle', f: (a) => e.mul(logSoftmax(v.reshape(a, [2, 3, 2]), 1), constant([2, 3, 2])) },
  { name: 'logsumexp', f: (a) => logsumexp(a, [1]) },
  { name: 'logsumexp over all', f: (a) => logsumexp(a, [0, 1]) },

  { name: 'max and min', f: (a) => e.add(x.max(a), x.min(a)), apart: true },
  { name: 'max along', f: (a) => e.mul(x.maxAlong(a, 1).values, constant([3])), apart: true },
  { name: 'amax', f: (a) => x.amax(a, [0]), apart: true },
  { name: 'sort', f: (a) => e.mul(x.sort(a, 1, true).values, constant([3, 4])), apart: true },
  { name: 'topk', f: (a) => e.mul(x.topk(a, 2, 0).values, constant([2, 4])), apart: true },
  { name: 'median', f: (a) => e.add(x.median(a), x.medianAlong(a, 0).values), apart: true },

  {
    name: 'gather',
    f: (a) =>
      s.gather(
        a,
        1,
        table([
          [0, 0],
          [3, 1],
          [2, 2],
        ]),
      ),
  },
  { name: 'gather over the first', f: (a) => s.gather(a, 0, table([[2, 1, 0, 0]])) },
  { name: 'scatter', f: (a) => s.scatter(a, 1, table([[1], [3], [0]]), e.mul(v.slice(a, 1, 0, 1), intScalar(3))) },
  {
    name: 'scatter add',
    f: (a) =>
      s.scatterAdd(
        a,
        1,
        table([
          [1, 1],
          [3, 0],
          [0, 2],
        ]),
        e.exp(v.slice(a, 1, 0, 2)),
      ),
  },
  { name: 'index select', f: (a) => s.indexSelect(a, 1, labels(3, 0, 3)) },
  { name: 'index add', f: (a) => s.indexAdd(a, 0, labels(2, 2), v.slice(a, 0, 0, 2), 2) },
  { name: 'index copy', f: (a) => s.indexCopy(a, 0, labels(2), e.exp(v.slice(a, 0, 0, 1))) },
  { name: 'index fill', f: (a) => s.indexFill(a, 1, labels(2), r.sum(a)) },
  { name: 'masked fill', f: (a) => s.maskedFill(a, mask(), floatScalar(2)) },
  { name: 'masked select', f: (a) => s.maskedSelect(e.mul(a, a), mask()) },
  { name: 'masked scatter', f: (a) => s.maskedScatter(a, mask(), e.exp(v.reshape(a, [12]))) },
  { name: 'take', f: (a) => s.take(a, labels(0, 5, -1, 5)) },

  { name: 'cat and stack', f: (a) => j.cat([a, j.stack([r.sum(a, [0]), x.amax(a, [0])], 0)], 0), apart: true },
  { name: 'repeat', f: (a) => e.mul(j.repeat(a, [2, 1, 2]), constant([2, 3, 8])) },
  { name: 'repeat interleave', f: (a) => e.mul(j.repeatInterleave(a, 2, 1), constant([3, 8])) },
  { name: 'flip and roll', f: (a) => e.mul(j.roll(j.flip(a, [1]), [1], [0]), constant([3, 4])) },
  { name: 'pad', f: (a) => e.mul(j.pad(a, [1, 2, -1, 1], 3), constant([3, 7])) },
  { name: 'diag', f: (a) => j.diag(a, 1) },
  { name: 'diag embed', f: (a) => e.mul(j.diagEmbed(a), constant([3, 4, 4])) },
  { name: 'tril', f: (a) => j.triangle(a, true) },

  { name: 'mm', f: (a) => m.mm(a, v.transpose(a, 0, 1)) },
  { name: 'mv and dot', f: (a) => e.mul(m.mv(a, r.sum(a, [0])), m.dot(v.select(a, 0, 0), v.select(a, 0, 1))) },
  { name: 'batched matmul', f: (a) => m.matmul(v.reshape(a, [3, 2, 2]), constant([2, 2])) },
  { name: 'einsum', f: (a) => m.einsum('ij,kj->ik', [a, e.exp(a)]) },
  { name: 'einsum with an ellipsis', f: (a) => m.einsum('...i,ij->...j', [v.reshape(a, [3, 2, 2]), constant([2, 3])]) },
  { name: 'einsum with a diagonal', f: (a) => m.einsum('ii,ij->j', [v.slice(a, 1, 0, 3), a]) },

  { name: 'view chains', f: (a) => e.mul(v.transpose(v.unsqueeze(v.slice(a, 1, 1, 4, 2), 0), 0, 2), constant([2, 3, 1])) },
  { name: 'expand', f: (a) => e.mul(v.expand(r.sum(a, [0], true), [5, 4]), constant([5, 4])) },
  { name: 'diagonal and unfold', f: (a) => e.mul(r.sum(v.diagonal(a)), v.unfold(a, 1, 2, 1)) },
  { name: 'reshape of a transpose', f: (a) => e.mul(v.reshape(v.t(a), [2, 6]), constant([2, 6])) },
  {
    name: 'indexing by tensors and slices',
    f: (a) =>
      e.mul(
        getIndex(a, [
          { kind: 'slice', start: 1, stop: null, step: null },
          { kind: 'tensor', tensor: labels(3, 0, 3) },
        ]),
        constant([2, 3]),
      ),
  },
  { name: 'indexing by a mask', f: (a) => getIndex(e.mul(a, a), [{ kind: 'tensor', tensor: mask() }]) },
  {
    name: 'assignment to an index',
    f: (a) => {
      const y = clone(a);
      setIndex(
        y,
        [
          { kind: 'tensor', tensor: labels(0, 2) },
          { kind: 'tensor', tensor: labels(1, 1) },
        ],
        e.exp(v.select(v.slice(a, 0, 0, 2), 1, 0)),
      );
      return e.mul(y, y);
    },
  },
  {
    name: 'writes into a fresh tensor',
    f: (a) => {
      const y = zeros([3, 4], 'float64');
      copyInto(v.select(y, 0, 1), v.select(a, 0, 2));
      inPlace(v.select(y, 1, 0), (column) => e.add(column, e.mul(v.select(a, 1, 1), intScalar(2))));
      inPlace(y, (whole) => e.mul(whole, a));
      return y;
    },
  },

  { name: 'cross entropy', f: (a) => crossEntropy(a, labels(1, 3, 0)) },
  { name: 'cross entropy, smoothed, weighted', f: (a) => crossEntropy(a, labels(1, 3, 0), { labelSmoothing: 0.2, weight: constant([4]) }) },
  {
    name: 'cross entropy, none, ignored',
    f: (a) => e.mul(crossEntropy(a, labels(1, 3, 0), { labelSmoothing: 0.1, ignoreIndex: 3, reduction: 'none' }), constant([3])),
  },
  {
    name: 'cross entropy of images',
    f: (a) => crossEntropy(v.reshape(a, [1, 3, 2, 2]), fromNumbers([0, 2, 1, 1], [1, 2, 2], 'int64'), { labelSmoothing: 0.1 }),
  },
  {
    name: 'cross entropy with probabilities',
    f: (a) => crossEntropy(a, softmax(e.mul(a, half), 1), { labelSmoothing: 0.1, weight: constant([4]), reduction: 'sum' }),
  },
  { name: 'nll loss', f: (a) => nllLoss(a, labels(1, 3, 0), { weight: constant([4]) }) },
  { name: 'kl div', f: (a) => l.klDiv(logSoftmax(a, 1), softmax(constant([3, 4]), 1), { reduction: 'batchmean' }) },
  { name: 'kl div of the target', f: (a) => l.klDiv(constant([3, 4]), softmax(a, 1), { reduction: 'sum' }) },
  { name: 'kl div, log target', f: (a) => l.klDiv(logSoftmax(a, 1), logSoftmax(e.mul(a, half), 1), { logTarget: true }) },
  { name: 'bce', f: (a) => l.binaryCrossEntropy(a, softmax(constant([3, 4]), 1), { weight: constant([4]) }), domain: unit },
  {
    name: 'bce with logits',
    f: (a) => l.binaryCrossEntropyWithLogits(a, softmax(constant([3, 4]), 1), { posWeight: constant([4]) }),
    once: true,
  },
  { name: 'mse', f: (a) => l.mseLoss(a, constant([3, 4])) },
  { name: 'smooth l1', f: (a) => l.smoothL1Loss(a, constant([3, 4]), 'sum', 0.7), apart: true },
  { name: 'huber', f: (a) => l.huberLoss(a, constant([3, 4]), 'sum', 0.7), apart: true },
  { name: 'soft margin', f: (a) => l.softMarginLoss(a, constant([3, 4])), once: true },
  { name: 'triplet', f: (a) => l.tripletMarginLoss(a, constant([3, 4]), constant([3, 4], 2), { margin: 5 }) },
  { name: 'cosine similarity', f: (a) => l.cosineSimilarity(a, constant([3, 4])), apart: true },
  { name: 'cosine embedding', f: (a) => l.cosineEmbeddingLoss(a, constant([3, 4]), labels(1, -1, 1)), apart: true },
  { name: 'poisson nll', f: (a) => l.poissonNllLoss(a, constant([3, 4])) },
  { name: 'gaussian nll', f: (a) => l.gaussianNllLoss(a, constant([3, 4]), constant([3, 4], 1)) },
  { name: 'multi-label soft margin', f: (a) => l.multilabelSoftMarginLoss(a, constant([3, 4])), once: true },
  { name: 'multi margin', f: (a) => l.multiMarginLoss(a, labels(0, 3, 1)), apart: true },
  { name: 'normalize', f: (a) => e.mul(l.normalize(a), constant([3, 4])), apart: true },
];

/** Every kink is further away than the step of the numerical gradient. */
function spreadApart(numbers: readonly number[]): number[] {
  const order = numbers.map((_, i) => i).sort((a, b) => numbers[a]! - numbers[b]!);
  const result = [...numbers];
  order.forEach((at, place) => {
    result[at] = (place - 5.4) * 0.31;
  });
  return result;
}

/** A scalar that weighs every element differently, so that no error cancels. */
const weigh = (output: Tensor): Tensor => sumTo(e.mul(output, constant(output.shape, 0.9)), []);

const valueAt = (f: Case['f'], numbers: readonly number[]): number =>
  withTensors(() => toArray(weigh(f(fromNumbers(numbers, [3, 4], 'float64'))))[0]!);

function gradientAt(f: Case['f'], numbers: readonly number[]): number[] {
  return withTensors(() => {
    const input = requiresGradInPlace(fromNumbers(numbers, [3, 4], 'float64'));
    backward(weigh(f(input)));
    return toArray(input.grad!);
  });
}

/** By central differences of two steps (Richardson): the error is of the fourth order. */
function numericalGradient(value: (numbers: readonly number[]) => number, numbers: readonly number[]): number[] {
  const slope = (i: number, h: number): number =>
    (value(numbers.with(i, numbers[i]! + h)) - value(numbers.with(i, numbers[i]! - h))) / (2 * h);
  return numbers.map((_, i) => (4 * slope(i, 1e-4) - slope(i, 2e-4)) / 3);
}

function assertClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  actual.forEach((number, i) => {
    const allowed = tolerance * (1 + Math.abs(expected[i]!));
    assert.ok(Math.abs(number - expected[i]!) <= allowed, `element ${i}: ${number}, numerically ${expected[i]!}`);
  });
}

const matrices = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 12, maxLength: 12 });

describe('gradients agree with numerical ones', () => {
  for (const { name, f, domain = (number: number) => number, apart } of cases) {
    it(name, () => {
      fc.assert(
        fc.property(matrices, (raw) => {
          const numbers = (apart === true ? spreadApart(raw) : raw).map(domain);
          assertClose(
            gradientAt(f, numbers),
            numericalGradient((at) => valueAt(f, at), numbers),
            2e-6,
          );
        }),
        { numRuns: 2, seed: 20 },
      );
    });
  }
});

describe('gradients of gradients agree with numerical ones', () => {
  const weighted = (f: Case['f'], input: Tensor): Tensor => weigh(grad([weigh(f(input))], [input], [], { createGraph: true })[0]!);
  for (const { name, f, domain = (number: number) => number, apart } of cases.filter((each) => each.once !== true)) {
    it(name, () => {
      const numbers = (
        apart === true
          ? spreadApart(Array.from({ length: 12 }, (_, i) => Math.sin(i * 2.3)))
          : Array.from({ length: 12 }, (_, i) => 1.3 * Math.sin(i * 2.3 + 0.4))
      ).map(domain);
      const ours = withTensors(() => {
        const input = requiresGradInPlace(fromNumbers(numbers, [3, 4], 'float64'));
        const once = weighted(f, input);
        if (!once.requiresGrad) return numbers.map(() => 0);
        backward(once);
        return input.grad === null ? numbers.map(() => 0) : toArray(input.grad);
      });
      const first = (at: readonly number[]): number =>
        withTensors(() => toArray(weighted(f, requiresGradInPlace(fromNumbers(at, [3, 4], 'float64'))))[0]!);
      assertClose(ours, numericalGradient(first, numbers), 1e-5);
    });
  }
});
