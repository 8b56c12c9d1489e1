import assert from 'node:assert/strict';
import { requiresGradInPlace } from '../../../src/tensor/autograd';
import { arange, fromNumbers, zeros } from '../../../src/tensor/creation';
import type { Dtype } from '../../../src/tensor/dtype';
import { mul } from '../../../src/tensor/elementwise';
import { tensorText } from '../../../src/tensor/print';
import { floatScalar, intScalar } from '../../../src/tensor/promotion';
import { withTensors } from '../../../src/tensor/run';

const text = (numbers: readonly number[], shape: readonly number[], dtype: Dtype = 'float32'): string =>
  withTensors(() => tensorText(fromNumbers(numbers, shape, dtype)));

describe('printing tensors as torch does', () => {
  const table: readonly (readonly [string, readonly number[], readonly number[], Dtype])[] = [
    ['tensor(0.5000)', [0.5], [], 'float32'],
    ['tensor([1., 2.])', [1, 2], [2], 'float32'],
    ['tensor([ 1.0000, -2.5000])', [1, -2.5], [2], 'float32'],
    ['tensor([nan, 1., inf])', [NaN, 1, Infinity], [3], 'float32'],
    ['tensor([   nan, 1.5000])', [NaN, 1.5], [2], 'float32'],
    ['tensor([1.0000e-05, 1.0000e+00])', [1e-5, 1], [2], 'float32'],
    ['tensor([1.0000e+09, 1.0000e+00])', [1e9, 1], [2], 'float32'],
    ['tensor([0.0312, 0.0938])', [0.03125, 0.09375], [2], 'float32'],
    ['tensor([ 1, -2, 10])', [1, -2, 10], [3], 'int64'],
    ['tensor([ True, False])', [1, 0], [2], 'bool'],
    ['tensor([])', [], [0], 'float32'],
    ['tensor([], dtype=torch.int64)', [], [0], 'int64'],
    ['tensor([], size=(0, 3))', [], [0, 3], 'float32'],
    ['tensor([0.1000], dtype=torch.float64)', [0.1], [1], 'float64'],
    ['tensor([1, 2], dtype=torch.int32)', [1, 2], [2], 'int32'],
    ['tensor([[1., 2.],\n        [3., 4.]])', [1, 2, 3, 4], [2, 2], 'float32'],
    ['tensor([[[0.]],\n\n        [[1.]]])', [0, 1], [2, 1, 1], 'float32'],
    ['tensor([-0., 0.])', [-0, 0], [2], 'float32'],
  ];
  for (const [expected, numbers, shape, dtype] of table) {
    it(expected.replaceAll('\n', '⏎'), () => {
      assert.equal(text(numbers, shape, dtype), expected);
    });
  }

  it('breaks long vectors into lines and summarises above a thousand elements', () => {
    withTensors(() => {
      assert.equal(
        tensorText(arange(floatScalar(0), floatScalar(20), intScalar(1))),
        'tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.,\n        14., 15., 16., 17., 18., 19.])',
      );
      assert.equal(tensorText(arange(intScalar(0), intScalar(1001), intScalar(1))), 'tensor([   0,    1,    2,  ...,  998,  999, 1000])');
      assert.equal(
        tensorText(zeros([300, 4])),
        `tensor([${['[0., 0., 0., 0.]', '[0., 0., 0., 0.]', '[0., 0., 0., 0.]', '...', '[0., 0., 0., 0.]', '[0., 0., 0., 0.]', '[0., 0., 0., 0.]'].join(',\n        ')}])`,
      );
    });
  });

  it('names the gradient, on a line of its own where it does not fit', () => {
    withTensors(() => {
      const x = requiresGradInPlace(fromNumbers([1, 2], [2], 'float32'));
      assert.equal(tensorText(x), 'tensor([1., 2.], requires_grad=True)');
      assert.equal(tensorText(mul(x, intScalar(2))), 'tensor([2., 4.], grad_fn=<MulBackward0>)');
      const long = requiresGradInPlace(fromNumbers([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [7], 'float32'));
      assert.equal(tensorText(long), 'tensor([0.1000, 0.2000, 0.3000, 0.4000, 0.5000, 0.6000, 0.7000],\n       requires_grad=True)');
    });
  });
});
