import assert from 'node:assert/strict';
import { backward, customFunction, grad, registerHook, requiresGradInPlace, retainGrad } from '../../../src/tensor/autograd';
import { clone, fromNumbers, toArray, zeros } from '../../../src/tensor/creation';
import { add, div, exp, log, mul, pow, sub } from '../../../src/tensor/elementwise';
import { liveTensors } from '../../../src/tensor/engine';
import { copyInto, inPlace } from '../../../src/tensor/inplace';
import { floatScalar, intScalar } from '../../../src/tensor/promotion';
import { cumprod, mean, sum } from '../../../src/tensor/reductions';
import { noGrad, withTensors } from '../../../src/tensor/run';
import type { Tensor } from '../../../src/tensor/tensor';
import { dataOf, detach, expand, select, slice, transpose, view } from '../../../src/tensor/views';

const leaf = (numbers: readonly number[], shape: readonly number[] = [numbers.length]): Tensor =>
  requiresGradInPlace(fromNumbers(numbers, shape, 'float32'));
const gradOf = (x: Tensor): number[] => toArray(x.grad!);
const raises = (body: () => unknown, message: RegExp): void => {
  assert.throws(body, { name: 'TensorError', message });
};
/** Runs with tensors, and checks that none is left. */
const run = (body: () => void) => () => {
  const before = liveTensors();
  withTensors(body);
  assert.equal(liveTensors(), before);
};

describe('gradients', () => {
  it(
    'accumulate over uses and over backward passes',
    run(() => {
      const x = leaf([1, 2, 3]);
      backward(sum(add(mul(x, x), mul(x, floatScalar(3)))));
      assert.deepEqual(gradOf(x), [5, 7, 9]);
      backward(sum(x));
      assert.deepEqual(gradOf(x), [6, 8, 10]);
    }),
  );
  it(
    'tell the two operands of one tensor apart',
    run(() => {
      const x = leaf([2, 3]);
      backward(sum(sub(x, x)));
      assert.deepEqual(gradOf(x), [0, 0]);
      const y = leaf([2, 4]);
      backward(sum(div(pow(y, intScalar(3)), y)));
      assert.deepEqual(gradOf(y), [4, 8]);
    }),
  );
  it(
    'pass through views, transposes and expansions',
    run(() => {
      const x = leaf([1, 2, 3, 4, 5, 6], [2, 3]);
      const column = select(transpose(x, 0, 1), 0, 2);
      backward(sum(mul(column, column)));
      assert.deepEqual(gradOf(x), [0, 0, 6, 0, 0, 12]);
      const row = leaf([1, 2]);
      backward(sum(mul(expand(row, [3, 2]), fromNumbers([1, 2, 3, 4, 5, 6], [3, 2], 'float32'))));
      assert.deepEqual(gradOf(row), [9, 12]);
    }),
  );
  it(
    'pass through in-place writes to views',
    run(() => {
      const x = leaf([1, 2, 3]);
      const y = zeros([2, 3]);
      copyInto(select(y, 0, 1), mul(x, x));
      copyInto(slice(select(y, 0, 1), 0, 0, 1), fromNumbers([9], [], 'float32'));
      assert.deepEqual(toArray(y), [0, 0, 0, 9, 4, 9]);
      assert.equal(y.requiresGrad, true);
      assert.equal(y.gradFn, 'CopySlices');
      backward(sum(y));
      assert.deepEqual(gradOf(x), [0, 4, 6]);
    }),
  );
  it(
    'of a tensor changed in place flow through the operation',
    run(() => {
      const x = leaf([1, 2]);
      const y = exp(mul(x, intScalar(0)));
      const z = mul(x, floatScalar(2));
      inPlace(z, (a) => mul(a, a));
      assert.deepEqual(toArray(z), [4, 16]);
      backward(sum(mul(z, y)));
      // d/dx 4x²·e^{0·x} = 8x
      assert.deepEqual(gradOf(x), [8, 16]);
    }),
  );
  it(
    'of a transpose see what was written through .data',
    run(() => {
      const x = leaf([1, 2, 3, 4], [2, 2]);
      const turned = transpose(x, 0, 1);
      assert.deepEqual(toArray(mul(turned, turned)), [1, 9, 4, 16]);
      copyInto(dataOf(x), fromNumbers([5, 6, 7, 8], [2, 2], 'float32'));
      backward(sum(mul(turned, turned)));
      assert.deepEqual(gradOf(x), [10, 12, 14, 16]);
    }),
  );
  it(
    'of running products know zeros',
    run(() => {
      const x = leaf([2, 0, 3, 0, 5]);
      backward(sum(cumprod(x, 0)));
      // 1, 0, 0, 0, 0 by their factors: ∂/∂x₀ = 1; ∂/∂x₁ = x₀ + x₀x₂; nothing behind.
      assert.deepEqual(gradOf(x), [1, 8, 0, 0, 0]);
    }),
  );
  it(
    'are differentiable again',
    run(() => {
      const x = leaf([2, 3]);
      const [g] = grad([sum(mul(mul(x, x), x))], [x], [], { createGraph: true });
      assert.deepEqual(toArray(g!), [12, 27]);
      backward(sum(g!));
      assert.deepEqual(gradOf(x), [12, 18]);
    }),
  );
  it(
    'are doubles for doubles, also where a tensor is used twice',
    run(() => {
      const x = requiresGradInPlace(fromNumbers([0.1], [1], 'float64'));
      backward(sum(add(mul(x, x), mul(x, floatScalar(0.3)))));
      assert.equal(x.grad!.dtype, 'float64');
      assert.deepEqual(gradOf(x), [0.1 + 0.1 + 0.3]);
    }),
  );
});

describe('what torch refuses', () => {
  it(
    'writing to a leaf, or to a view of one',
    run(() => {
      const x = leaf([1, 2]);
      raises(() => inPlace(x, (a) => add(a, intScalar(1))), /^a leaf Variable that requires grad/);
      raises(() => copyInto(select(x, 0, 0), fromNumbers([0], [], 'float32')), /^a view of a leaf/);
      noGrad(() => inPlace(x, (a) => add(a, intScalar(1))));
      assert.deepEqual(toArray(x), [2, 3]);
      backward(sum(mul(x, x)));
      assert.deepEqual(gradOf(x), [4, 6]);
    }),
  );
  it(
    'writing to what a gradient has saved, but not through .data',
    run(() => {
      const x = leaf([1, 2]);
      const y = exp(x);
      inPlace(y, (a) => add(a, intScalar(1)));
      raises(() => {
        backward(sum(y));
      }, /modified by an inplace operation/);
      const w = leaf([1, 2]);
      const q = fromNumbers([3, 4], [2], 'float32');
      const product = sum(mul(w, q));
      copyInto(dataOf(q), zeros([2]));
      backward(product);
      assert.deepEqual(gradOf(w), [0, 0]);
      const detached = sum(mul(w, q));
      copyInto(detach(q), zeros([2]));
      raises(() => {
        backward(detached);
      }, /modified by an inplace operation/);
    }),
  );
  it(
    'going back twice, unless the graph is kept',
    run(() => {
      const x = leaf([1, 2]);
      const y = sum(mul(x, x));
      backward(y, null, { retainGraph: true });
      backward(y);
      assert.deepEqual(gradOf(x), [4, 8]);
      raises(() => {
        backward(y);
      }, /backward through the graph a second time/);
    }),
  );
  it(
    'a gradient of what has none',
    run(() => {
      const x = leaf([1, 2]);
      raises(() => {
        backward(mul(x, x));
      }, /only for scalar outputs/);
      raises(() => {
        backward(sum(noGrad(() => mul(x, x))));
      }, /does not require grad/);
      raises(() => grad([sum(mul(x, x))], [leaf([1])]), /not have been used/);
    }),
  );
  it(
    'writing to an expanded tensor',
    run(() => {
      const e = expand(zeros([1, 2]), [3, 2]);
      raises(() => inPlace(e, (a) => add(a, intScalar(1))), /more than one element/);
      assert.deepEqual(toArray(clone(e)), [0, 0, 0, 0, 0, 0]);
    }),
  );
});

describe('shared memory', () => {
  it(
    'shows writes in every view, in detach and in data; not in clones',
    run(() => {
      const a = zeros([2, 2]);
      const copy = clone(a);
      copyInto(select(view(a, [4]), 0, 3), fromNumbers([5], [], 'float32'));
      copyInto(select(detach(a), 0, 0), fromNumbers([1, 2], [2], 'float32'));
      assert.deepEqual(toArray(a), [1, 2, 0, 5]);
      assert.deepEqual(toArray(transpose(a, 0, 1)), [1, 0, 2, 5]);
      assert.deepEqual(toArray(copy), [0, 0, 0, 0]);
    }),
  );
  it(
    'a detached write changes the values and not the gradient',
    run(() => {
      const x = leaf([1, 2]);
      const y = mul(x, floatScalar(3));
      copyInto(detach(y), fromNumbers([10, 20], [2], 'float32'));
      assert.deepEqual(toArray(y), [10, 20]);
      backward(mean(y));
      assert.deepEqual(gradOf(x), [1.5, 1.5]);
    }),
  );
});

describe('extensions of autograd', () => {
  it(
    "a function's own backward is used, once",
    run(() => {
      const x = leaf([1, 2]);
      let calls = 0;
      const [y] = customFunction('Tripled', [x], [noGrad(() => mul(x, intScalar(2)))], ([g]) => {
        calls++;
        return [mul(g!, floatScalar(3))];
      });
      assert.equal(y!.gradFn, 'TripledBackward');
      backward(sum(y!));
      assert.deepEqual(gradOf(x), [3, 3]);
      assert.equal(calls, 1);
    }),
  );
  it(
    'hooks see and replace the gradient',
    run(() => {
      const x = leaf([1, 2]);
      let seen: number[] = [];
      registerHook(x, (g) => {
        seen = toArray(g);
        return mul(g, intScalar(10));
      });
      backward(sum(log(x)));
      assert.deepEqual(seen, [1, 0.5]);
      assert.deepEqual(gradOf(x), [10, 5]);
    }),
  );
  it(
    'a hooked tensor retains the gradient its hook left',
    run(() => {
      const x = leaf([1, 2]);
      const y = mul(x, floatScalar(2));
      registerHook(y, (g) => mul(g, intScalar(10)));
      retainGrad(y);
      backward(sum(mul(y, y)));
      assert.deepEqual(toArray(y.grad!), [40, 80]);
      assert.deepEqual(gradOf(x), [80, 160]);
    }),
  );
  it(
    'gradients accumulate in place, in memory of their own',
    run(() => {
      const x = leaf([1, 2]);
      const y = leaf([3, 4]);
      backward(sum(add(x, y)));
      const first = x.grad!;
      backward(sum(mul(x, intScalar(2))));
      assert.equal(x.grad, first);
      assert.deepEqual(gradOf(x), [3, 3]);
      assert.deepEqual(gradOf(y), [1, 1]);
    }),
  );
  it('leave no tensor behind when the body throws', () => {
    const before = liveTensors();
    assert.throws(() => {
      withTensors(() => {
        backward(mul(leaf([1, 2]), intScalar(2)));
      });
    });
    assert.equal(liveTensors(), before);
  });
});
