import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backward, requiresGradInPlace } from '../../../src/tensor/autograd';
import { fromNumbers, to, toArray, zeros } from '../../../src/tensor/creation';
import { crossEntropy, type CrossEntropyOptions, nllLoss } from '../../../src/tensor/crossEntropy';
import { add, div, mul, neg } from '../../../src/tensor/elementwise';
import { binaryCrossEntropy, klDiv } from '../../../src/tensor/losses';
import { floatScalar, intScalar } from '../../../src/tensor/promotion';
import { sum } from '../../../src/tensor/reductions';
import { withTensors } from '../../../src/tensor/run';
import { gather, oneHot, scatter } from '../../../src/tensor/scatter';
import { logSoftmax, softmax } from '../../../src/tensor/softmax';
import type { Tensor } from '../../../src/tensor/tensor';
import { expand, permute, reshape, unsqueeze } from '../../../src/tensor/views';

interface Problem {
  readonly logits: readonly number[];
  readonly labels: readonly number[];
  readonly weights: readonly number[] | null;
  readonly ignored: number;
  readonly smoothing: number;
  readonly reduction: 'none' | 'mean' | 'sum';
}

/** torch's definition, composed of small operations on [N, C]. */
function composed(logits: Tensor, { labels, weights, ignored, smoothing, reduction }: Problem): Tensor {
  const [, classes] = logits.shape as [number, number];
  const kept = labels.map((label) => (label === ignored ? 0 : 1));
  const present = fromNumbers(kept, [labels.length], 'float64');
  const safe = fromNumbers(
    labels.map((label) => (label === ignored ? 0 : label)),
    [labels.length],
    'int64',
  );
  const weight = fromNumbers(weights ?? new Array<number>(classes).fill(1), [classes], 'float64');
  const ofLabel = mul(gather(weight, 0, safe), present);
  const logProbabilities = logSoftmax(logits, 1);
  const own = mul(neg(reshape(gather(logProbabilities, 1, unsqueeze(safe, 1)), [labels.length])), ofLabel);
  const everyone = mul(neg(sum(mul(logProbabilities, weight), [1])), present);
  const losses = add(mul(own, floatScalar(1 - smoothing)), mul(everyone, floatScalar(smoothing / classes)));
  return reduction === 'none' ? losses : reduction === 'sum' ? sum(losses) : div(sum(losses), sum(ofLabel));
}

function fused(logits: Tensor, { labels, weights, ignored, smoothing, reduction }: Problem): Tensor {
  return crossEntropy(logits, fromNumbers(labels, [labels.length], 'int64'), {
    weight: weights === null ? null : fromNumbers(weights, [weights.length], 'float64'),
    ignoreIndex: ignored,
    labelSmoothing: smoothing,
    reduction,
  });
}

function answer(loss: (logits: Tensor, problem: Problem) => Tensor, problem: Problem): number[] {
  return withTensors(() => {
    const logits = requiresGradInPlace(fromNumbers(problem.logits, [4, 3], 'float64'));
    const output = loss(logits, problem);
    backward(sum(mul(output, fromNumbers([1.5, -0.5, 2, 0.25].slice(0, output.shape[0] ?? 1), output.shape, 'float64'))));
    return [...toArray(output), ...toArray(logits.grad!)];
  });
}

const problems: fc.Arbitrary<Problem> = fc.record({
  logits: fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 12, maxLength: 12 }),
  labels: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }),
  weights: fc.option(fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 })),
  ignored: fc.constantFrom(-100, 0, 2),
  smoothing: fc.constantFrom(0, 0.1, 0.5, 1),
  reduction: fc.constantFrom('none' as const, 'mean' as const, 'sum' as const),
});

describe('cross_entropy', () => {
  it('of labels is its definition, for every option', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        fc.pre(problem.labels.some((label) => label !== problem.ignored));
        const expected = answer(composed, problem);
        answer(fused, problem).forEach((number, i) => {
          assert.ok(
            Math.abs(number - expected[i]!) <= 1e-9 * (1 + Math.abs(expected[i]!)),
            `${i}: ${number}, by definition ${expected[i]!}`,
          );
        });
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  const value = (logits: readonly (readonly number[])[], labels: readonly number[], options: CrossEntropyOptions = {}): number[] =>
    withTensors(() =>
      toArray(
        crossEntropy(
          fromNumbers(logits.flat(), [logits.length, logits[0]?.length ?? 3], 'float32'),
          fromNumbers(labels, [labels.length], 'int64'),
          options,
        ),
      ),
    );

  it('of images takes the classes from dimension 1', () => {
    withTensors(() => {
      const rows = fromNumbers([1, 2, 3, 4, 2, 1, 0, 1, 0, 3, 1, 2], [4, 3], 'float32');
      const labels = fromNumbers([0, 2, 1, 1], [4], 'int64');
      const image = reshape(permute(rows, [1, 0]), [1, 3, 2, 2]);
      assert.deepEqual(
        toArray(crossEntropy(image, reshape(labels, [1, 2, 2]), { labelSmoothing: 0.2 })),
        toArray(crossEntropy(rows, labels, { labelSmoothing: 0.2 })),
      );
    });
  });

  it('is NaN when every label is ignored and the mean is asked for, with no gradient', () => {
    withTensors(() => {
      const logits = requiresGradInPlace(fromNumbers([1, 2, 3, 4], [2, 2], 'float32'));
      const loss = crossEntropy(logits, fromNumbers([1, 1], [2], 'int64'), { ignoreIndex: 1 });
      backward(loss);
      assert.deepEqual([toArray(loss), toArray(logits.grad!)], [[NaN], [0, 0, 0, 0]]);
    });
    assert.deepEqual(value([], []), [NaN]);
    assert.deepEqual(value([[1, 2]], [1], { ignoreIndex: 1, reduction: 'sum' }), [0]);
  });

  it('of a −∞ logit is finite without smoothing and infinite with it', () => {
    assert.ok(Number.isFinite(value([[0, -Infinity, 1]], [0])[0]));
    assert.deepEqual(value([[0, -Infinity, 1]], [0], { labelSmoothing: 0.1 }), [Infinity]);
  });

  it('does not overflow', () => {
    assert.deepEqual(
      value(
        [
          [1000, 0],
          [0, -1000],
        ],
        [1, 0],
        { reduction: 'none' },
      ),
      [1000, -0],
    );
  });

  it('takes a negative smoothing as none', () => {
    assert.deepEqual(value([[1, 2, 4]], [0], { labelSmoothing: -0.1 }), value([[1, 2, 4]], [0]));
  });

  it('of probabilities divides by the positions, smooths the target, and is not the weighted mean of labels', () => {
    withTensors(() => {
      const logits = fromNumbers([1, 2, 3, 4, 2, 1], [2, 3], 'float32');
      const labels = fromNumbers([1, 0], [2], 'int64');
      const weight = fromNumbers([0.2, 1, 3], [3], 'float32');
      const [asLabels] = toArray(crossEntropy(logits, labels, { weight, labelSmoothing: 0.1 }));
      const [asProbabilities] = toArray(crossEntropy(logits, to(oneHot(labels, 3), 'float32'), { weight, labelSmoothing: 0.1 }));
      // The two conventions as torch has them: 1.4930 divides by Σ w[y], 0.8958 by N.
      assert.ok(Math.abs(asLabels! - 1.493) < 1e-4 && Math.abs(asProbabilities! - 0.8958) < 1e-4, `${asLabels} ${asProbabilities}`);
    });
  });

  const vector = (...numbers: number[]): Tensor => fromNumbers(numbers, [numbers.length], 'int64');
  const refused: readonly (readonly [string, () => unknown, string, RegExp])[] = [
    ['a label too large', () => crossEntropy(zeros([2, 3]), vector(0, 3)), 'IndexError', /^Target 3 is out of bounds\.$/],
    ['a negative label', () => crossEntropy(zeros([2, 3]), vector(0, -1)), 'IndexError', /^Target -1 is out of bounds\.$/],
    [
      'batches of two sizes',
      () => crossEntropy(zeros([2, 3]), vector(0, 1, 2)),
      'ValueError',
      /batch_size \(2\) to match target batch_size \(3\)/,
    ],
    [
      'an unknown reduction',
      () => crossEntropy(zeros([2, 3]), vector(0, 1), { reduction: 'batchmean' }),
      'ValueError',
      /batchmean is not a valid/,
    ],
    [
      'smoothing above 1',
      () => crossEntropy(zeros([2, 3]), vector(0, 1), { labelSmoothing: 1.1 }),
      'RuntimeError',
      /between 0\.0 and 1\.0/,
    ],
    ['int32 labels', () => crossEntropy(zeros([2, 3]), to(vector(0, 1), 'int32')), 'RuntimeError', /Long or Byte, but got Int/],
    ['integer one-hots', () => crossEntropy(zeros([2, 3]), oneHot(vector(0, 1), 3)), 'RuntimeError', /Expected floating point type/],
    ['too few weights', () => crossEntropy(zeros([2, 3]), vector(0, 1), { weight: zeros([2]) }), 'RuntimeError', /for all 3 classes/],
    ['integer logits', () => crossEntropy(zeros([2, 3], 'int64'), vector(0, 1)), 'NotImplementedError', /not implemented for 'Long'/],
    [
      'classes last',
      () => nllLoss(zeros([2, 3, 4]), zeros([2, 3], 'int64')),
      'RuntimeError',
      /Expected target size \[2, 4\], got \[2, 3\]/,
    ],
    [
      'probabilities outside [0, 1]',
      () => binaryCrossEntropy(fromNumbers([1.5], [1], 'float32'), zeros([1])),
      'RuntimeError',
      /between 0 and 1/,
    ],
    [
      'a scatter past the end',
      () => scatter(zeros([2, 3]), 1, unsqueeze(vector(3, 0), 1), intScalar(1)),
      'RuntimeError',
      /index 3 is out of bounds for dimension 1 with size 3/,
    ],
    ['a scatter of −100', () => scatter(zeros([1, 3]), 1, unsqueeze(vector(-100), 1), intScalar(1)), 'RuntimeError', /index -100/],
    ['a one-hot of −1', () => oneHot(vector(-1), 3), 'RuntimeError', /must be non-negative/],
  ];
  for (const [what, compute, type, message] of refused) {
    it(`refuses ${what}: ${type}`, () => {
      withTensors(() => {
        assert.throws(compute, { name: 'TensorError', type, message });
      });
    });
  }
});

describe('kl_div', () => {
  const numbers = (compute: () => Tensor): number[] => withTensors(() => toArray(compute()));
  const q = (): Tensor => fromNumbers([0.25, 0.75, 0.5, 0.5], [2, 2], 'float32');
  const logP = (): Tensor => logSoftmax(fromNumbers([1, 2, 0, 3], [2, 2], 'float32'), 1);

  it("'mean' divides by all elements, 'batchmean' by the first size", () => {
    const [total] = numbers(() => klDiv(logP(), q(), { reduction: 'sum' }));
    assert.ok(Math.abs(numbers(() => klDiv(logP(), q()))[0]! - total! / 4) < 1e-6);
    assert.ok(Math.abs(numbers(() => klDiv(logP(), q(), { reduction: 'batchmean' }))[0]! - total! / 2) < 1e-6);
  });
  it('is 0 between equal distributions, to rounding', () => {
    assert.deepEqual(
      numbers(() => klDiv(logP(), softmax(fromNumbers([1, 2, 0, 3], [2, 2], 'float32'), 1), { reduction: 'sum' })).map(
        (x) => Math.abs(x) < 2e-7,
      ),
      [true],
    );
  });
  it('is 0 where the target is 0, NaN where it is negative, and takes a target that broadcasts', () => {
    assert.deepEqual(
      numbers(() => klDiv(fromNumbers([-1, -1], [2], 'float32'), fromNumbers([0, -0.5], [2], 'float32'), { reduction: 'none' })),
      [0, NaN],
    );
    const row = (): Tensor => fromNumbers([0.25, 0.75], [2], 'float32');
    assert.deepEqual(
      numbers(() => klDiv(logP(), row(), { reduction: 'sum' })),
      numbers(() => klDiv(logP(), expand(row(), [2, 2]), { reduction: 'sum' })),
    );
  });
});
