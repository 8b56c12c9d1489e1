import assert from 'node:assert/strict';
import { backward, requiresGradInPlace } from '../../../src/tensor/autograd';
import { empty, full, ones, toArray, zeros } from '../../../src/tensor/creation';
import { exp, mul } from '../../../src/tensor/elementwise';
import { liveTensors } from '../../../src/tensor/engine';
import { floatScalar } from '../../../src/tensor/promotion';
import { bernoulli, manualSeed, multinomial, rand, randint, randn, randperm } from '../../../src/tensor/random';
import { sum } from '../../../src/tensor/reductions';
import { accountFor, isGradEnabled, noGrad, runNotes, withTensors } from '../../../src/tensor/run';
import { sort } from '../../../src/tensor/extremes';

describe('a run', () => {
  it('leaves no tensor, after a value as after an error, also when nested', () => {
    const before = liveTensors();
    const value = withTensors(() => {
      const x = requiresGradInPlace(ones([2, 2]));
      const inner = withTensors(() => toArray(exp(zeros([3]))));
      backward(sum(mul(exp(x), x)), null, { createGraph: true });
      return [...inner, ...toArray(x.grad!)];
    });
    assert.deepEqual(value.slice(0, 3), [1, 1, 1]);
    assert.equal(liveTensors(), before);
    assert.throws(() => withTensors(() => exp(zeros([-1]))), { name: 'TensorError' });
    assert.equal(liveTensors(), before);
  });

  it('stops before it makes more elements than it may', () => {
    assert.throws(() => withTensors(() => zeros([1000, 1000, 1000, 1000]), { limits: { elements: 1e6 } }), { name: 'ElementBudgetError' });
    assert.throws(
      () =>
        withTensors(
          () => {
            let x = ones([1000]);
            for (;;) x = exp(x);
          },
          { limits: { elements: 1e5 } },
        ),
      { name: 'ElementBudgetError', limit: 1e5 },
    );
  });

  it('is the only place for tensors', () => {
    assert.throws(() => {
      accountFor('float32', 1);
    }, /withTensors/);
  });

  it('forgets the gradient mode when the body of noGrad throws', () => {
    withTensors(() => {
      assert.throws(() =>
        noGrad(() => {
          throw new Error('inside');
        }),
      );
      assert.equal(isGradEnabled(), true);
    });
  });

  it('fills empty memory with NaN when strict, and zeros otherwise and for integers', () => {
    assert.deepEqual(
      withTensors(() => toArray(empty([2])), { strict: true }),
      [NaN, NaN],
    );
    assert.deepEqual(
      withTensors(() => toArray(empty([2], 'int64')), { strict: true }),
      [0, 0],
    );
    assert.deepEqual(
      withTensors(() => toArray(empty([2]))),
      [0, 0],
    );
  });
});

describe('random numbers', () => {
  const sample = (seed?: number) =>
    withTensors(
      () => {
        const drawn = randn([4]);
        return { numbers: toArray(drawn), marked: drawn.wasRandom, notes: runNotes() };
      },
      seed === undefined ? {} : { seed },
    );

  it('repeat with the seed, differ with another, and are marked', () => {
    assert.deepEqual(sample(1).numbers, sample(1).numbers);
    assert.notDeepEqual(sample(1).numbers, sample(2).numbers);
    assert.equal(sample().marked, true);
    assert.match(sample().notes.join(), /not from torch/);
    withTensors(() => {
      manualSeed(3);
      const first = toArray(rand([3]));
      manualSeed(3);
      assert.deepEqual(toArray(rand([3])), first);
    });
  });

  it('have the distribution they should', () => {
    withTensors(() => {
      const gaussian = toArray(randn([4000]));
      const mean = gaussian.reduce((a, b) => a + b, 0) / 4000;
      const variance = gaussian.reduce((a, b) => a + (b - mean) ** 2, 0) / 4000;
      assert.ok(Math.abs(mean) < 0.06 && Math.abs(variance - 1) < 0.1, `mean ${mean}, variance ${variance}`);
      const uniform = toArray(rand([4000]));
      assert.ok(uniform.every((x) => x >= 0 && x < 1));
      assert.ok(Math.abs(uniform.reduce((a, b) => a + b, 0) / 4000 - 0.5) < 0.03);
      assert.deepEqual([...new Set(toArray(randint(2, 5, [400])))].sort(), [2, 3, 4]);
      assert.deepEqual(toArray(sort(randperm(6)).values), [0, 1, 2, 3, 4, 5]);
      assert.ok(Math.abs(toArray(bernoulli(full([2000], floatScalar(0.3)))).reduce((a, b) => a + b, 0) / 2000 - 0.3) < 0.05);
      assert.deepEqual(toArray(sort(multinomial(ones([4]), 4)).values), [0, 1, 2, 3]);
    });
  });
});
