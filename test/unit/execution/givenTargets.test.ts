/** What a loss makes of targets that its caller hands it as distributions: one-hot ones are called hard labels only where labels are what it takes. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const head = 'import torch\nimport torch.nn.functional as F\n\n';

const rows: readonly (readonly [name: string, body: string, verdict: RegExp])[] = [
  [
    'soft targets of a cross entropy written out',
    'def loss(scores, soft):\n    return -(soft * F.log_softmax(scores, 1)).sum(1).mean()\n',
    /^Cross entropy with the targets as they are given, here one-hot: .*; mean over the rows\.$/u,
  ],
  [
    'the same, summed',
    'def loss(scores, soft):\n    return -(soft * F.log_softmax(scores, 1)).sum()\n',
    /^Cross entropy with the targets as they are given, here one-hot: .*; summed over the rows\.$/u,
  ],
  [
    'a KL divergence, which one-hot targets make a cross entropy',
    "def loss(scores, teacher):\n    return F.kl_div(F.log_softmax(scores, 1), teacher, reduction='batchmean')\n",
    /^KL divergence from the targets as they are given, here one-hot: /u,
  ],
  [
    'distributions that are made labels again',
    'def loss(scores, soft):\n    hot = (soft == soft.max(1, keepdim=True).values).float()\n    return -(hot * F.log_softmax(scores, 1)).sum(1).mean()\n',
    /^Cross entropy while the targets it is given are one-hot, and something else where they are not: /u,
  ],
  ['labels', 'def loss(scores, labels):\n    return F.nll_loss(F.log_softmax(scores, 1), labels)\n', /^Cross entropy with hard labels: /u],
  [
    'distributions that are smoothed',
    'def loss(scores, soft, smoothing=0.2):\n    q = soft * (1 - smoothing) + smoothing / scores.size(1)\n    return -(q * F.log_softmax(scores, 1)).sum(1).mean()\n',
    /^Uniform mixture with ε = 0\.2: /u,
  ],
];

describe('distributions as targets', function () {
  this.timeout(30_000);
  for (const [name, body, verdict] of rows) {
    it(name, () => {
      const [loss] = inspect({ file: 'loss.py', text: head + body, brief: true }).losses;
      assert.match(loss?.measured?.verdict ?? JSON.stringify(loss?.problem), verdict);
    });
  }
});
