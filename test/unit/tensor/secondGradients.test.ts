import assert from 'node:assert/strict';
import { grad, requiresGradInPlace } from '../../../src/tensor/autograd';
import { fromNumbers, toArray } from '../../../src/tensor/creation';
import { gelu, mul, sigmoid, silu, softplus } from '../../../src/tensor/elementwise';
import { cumprod, sum } from '../../../src/tensor/reductions';
import { withTensors } from '../../../src/tensor/run';
import type { Tensor } from '../../../src/tensor/tensor';

function second(f: (x: Tensor) => Tensor): number[] {
  const x = requiresGradInPlace(fromNumbers([0.5, -1], [2], 'float32'));
  const [first] = grad([sum(f(x))], [x], [], { createGraph: true });
  const [again] = grad([sum(first!)], [x], []);
  return toArray(again!);
}

describe('second gradients', () => {
  it('are computed where they are known', () => {
    withTensors(() => {
      const s = (x: number) => 1 / (1 + Math.exp(-x));
      const expected = [0.5, -1].map((x) => s(x) * (1 - s(x)) * (1 - 2 * s(x)));
      second(sigmoid).forEach((value, i) => {
        assert.ok(Math.abs(value - expected[i]!) < 1e-6);
      });
    });
  });

  // Left out without a word, the answer would be wrong.
  for (const [name, f] of [
    ['silu', silu],
    ['gelu', gelu],
    ['softplus', softplus],
    ['cumprod', (x: Tensor) => cumprod(mul(x, x), 0)],
  ] as const) {
    it(`are refused where they are not: ${name}`, () => {
      assert.throws(() => withTensors(() => second((x) => f(x))), /second derivative of .* is not supported/);
    });
  }
});
