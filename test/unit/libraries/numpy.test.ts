/** numpy's values and texts, as the real numpy printed them. */
import assert from 'node:assert/strict';
import suite from '../../fixtures/golden/numpy-expressions.json';
import { evaluate } from './evaluate';

const preamble = 'import numpy as np, math, torch';

describe('numpy against the real one', () => {
  for (const [code = '', expected = ''] of suite.cases) {
    it(code, () => {
      assert.equal(evaluate(code, preamble).text, expected);
    });
  }
});

describe('numpy beside torch', () => {
  const table: readonly (readonly [string, string])[] = [
    ['a = torch.zeros(2)\nn = a.numpy()\nn[0] = 3\na', 'tensor([3., 0.])'],
    ['n = np.zeros(2)\nt = torch.from_numpy(n)\nt += 1\nn', 'array([1., 1.])'],
    ['torch.tensor([1., 2.]) + np.array([1., 2.])', 'tensor([2., 4.], dtype=torch.float64)'],
    ['np.float64(0.5) * torch.tensor([1., 2.])', 'tensor([0.5000, 1.0000])'],
    ['torch.tensor(np.float32(0.5)).dtype', 'torch.float32'],
    ['torch.tensor([np.float64(0.5)]).dtype', 'torch.float64'],
    ['torch.from_numpy(np.array([1, 2])).dtype', 'torch.int64'],
    ['np.array(torch.tensor([1., 2.]))', 'array([1., 2.], dtype=float32)'],
    ['torch.tensor([1.], requires_grad=True).numpy()', '!RuntimeError'],
    ['torch.tensor([1.]).numpy().foo', '!AttributeError'],
  ];
  for (const [code, expected] of table) {
    it(code.replaceAll('\n', '; '), () => {
      assert.equal(evaluate(code, preamble).text, expected);
    });
  }
});
