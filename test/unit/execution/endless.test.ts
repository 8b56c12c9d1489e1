import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const python = `import torch.nn.functional as F

def loss(x, target, smoothing=0.1):
    k = x.size(-1)
    q = F.one_hot(target, k) * (1 - smoothing) + smoothing / k
    y = x
    while True:
        y = y + 1
    return -(q * F.log_softmax(y, -1)).sum(-1).mean()
`;

const typescript = `import * as tf from '@tensorflow/tfjs';
export const loss = (labels: tf.Tensor2D, logits: tf.Tensor2D, smoothing = 0.1) => {
  const q = labels.mul(1 - smoothing).add(smoothing / labels.shape[1]);
  let y: tf.Tensor = logits;
  while (true) y = y.add(1);
  return q.mul(tf.logSoftmax(y)).sum(-1).neg().mean();
};
`;

describe('a loss that makes tensors without end', () => {
  for (const [file, text, line] of [
    ['loss.py', python, 8],
    ['loss.ts', typescript, 5],
  ] as const) {
    it(`ends by its count of steps, before time and memory are gone: ${file}`, function () {
      this.timeout(20_000);
      const [found] = inspect({ file, text }).losses;
      assert.equal(found?.problem?.type, 'budget');
      assert.match(found.problem.message, /steps/);
      assert.equal(found.problem.range?.line, line);
    });
  }
});
