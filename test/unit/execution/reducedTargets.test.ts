/** What is made with smoothed targets and returns a number: a loss that is measured, or none at all; never an error. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';
const smoothed = '    n = z.size(1)\n    q = F.one_hot(t, n) * (1 - e) + e / n\n';

const measured: readonly (readonly [string, string])[] = [
  ['squared differences, averaged', '    return ((torch.softmax(z, dim=1) - q) ** 2).sum(dim=1).mean()\n'],
  ['squared differences, by the library', '    return F.mse_loss(torch.softmax(z, dim=1), q)\n'],
  ['squared differences, one for each row', '    return ((torch.softmax(z, dim=1) - q) ** 2).sum(dim=1)\n'],
  ['KL divergence the other way round', '    p = z.softmax(1)\n    return (p * (p.log() - q.log())).sum(1).mean()\n'],
  ['generalised cross entropy', '    p = (F.softmax(z, 1) * q).sum(1)\n    return ((1 - p ** 0.7) / 0.7).mean()\n'],
  [
    'bi-tempered',
    `    p = F.softmax(z, dim=-1)
    log_t = lambda u: (u ** 0.2 - 1) / 0.2
    return (q * (log_t(q) - log_t(p)) - (q ** 1.2 - p ** 1.2) / 1.2).sum(-1).mean()
`,
  ],
];

const noLoss: readonly (readonly [string, string])[] = [
  ['an accuracy', '    return (q * F.one_hot(z.argmax(1), n)).sum()\n'],
  ['the entropy of the targets', '    return (q * q).sum(1)\n'],
];

describe('numbers made with smoothed targets', () => {
  for (const [what, end] of measured)
    it(`is a loss, and no plain label smoothing: ${what}`, () => {
      const { losses } = inspect({ file: 'loss.py', text: `${head}def loss_fn(z, t, e=0.1):\n${smoothed}${end}`, brief: true });
      const [loss, ...others] = losses;
      assert.deepEqual(others, []);
      assert.equal(loss?.status, 'measured', loss?.problem?.message);
      assert.match(loss.measured?.verdict ?? '', /^Not a plain label smoothing/);
      assert.equal(loss.measured?.formulation, null);
      assert.ok(!loss.notes.some((note) => note.includes('makes targets')), loss.notes.join('\n'));
    });
  for (const [what, end] of noLoss)
    it(`is left alone: ${what}`, () => {
      const { losses } = inspect({ file: 'loss.py', text: `${head}def rated(z, t, e=0.1):\n${smoothed}${end}`, brief: true });
      assert.deepEqual(losses, []);
    });

  it('targets stay targets', () => {
    const [maker] = inspect({ file: 'loss.py', text: `${head}def make(z, t, e=0.1):\n${smoothed}    return q\n`, brief: true }).losses;
    assert.match(maker?.measured?.verdict ?? '', /^Makes smoothed targets: uniform mixture with ε = 0\.1/);
  });
});
