/** Scripts that compute a loss at their own level: found by what they do, run anew with other tensors, never with half of their statements. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection } from '../../../src/inspection';

const only = (text: string): Inspection => {
  const { losses } = inspect({ file: 'script.py', text, brief: true });
  assert.deepEqual(
    losses.map(({ name }) => name),
    ['script'],
  );
  return losses[0]!;
};

const numpy = `import numpy as np
draw = np.random.default_rng(3)
scores = draw.normal(size=(6, 4))
answer = np.array([2, 0, 3, 1, 1, 2])
share = 0.2
e = np.exp(scores)
p = e / e.sum(1, keepdims=True)
`;

describe('scripts', () => {
  it('numpy, targets written at the labels of as many rows as there are', () => {
    const loss = only(`${numpy}q = np.full_like(p, share / 3)
q[np.arange(6), answer] = 1 - share
total = -(q * np.log(p)).sum(1).mean()
`);
    assert.match(loss.measured!.verdict, /^Fill\/scatter with ε = 0\.2: target 0\.8, every other class 0\.06667; mean over the rows/);
  });

  it('numpy, the mixture of an identity’s rows', () => {
    const loss = only(`${numpy}q = np.eye(4)[answer] * (1 - share) + share / 4
print(-np.sum(q * np.log(p)))
`);
    assert.match(loss.measured!.verdict, /^Uniform mixture with ε = 0\.2: .*summed over the rows/);
  });
});
