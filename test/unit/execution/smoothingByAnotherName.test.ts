/** A parameter whose name leaves open what it is counts as the smoothing factor where the measured targets show it. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';

const table: readonly (readonly [what: string, smoothing: number | null, code: string])[] = [
  [
    'alpha that mixes the targets with a uniform distribution smooths',
    0.2,
    `def mixed(x, y, alpha=0.2):
    lp = x.log_softmax(1)
    return (1 - alpha) * F.nll_loss(lp, y) - alpha * lp.mean()
`,
  ],
  [
    'alpha that smooths with a slip is the factor all the same',
    0.2,
    `def slipped(x, y, alpha=0.2):
    q = torch.full_like(x, alpha / x.size(1)).scatter_(1, y[:, None], 1 - alpha)
    return -(q * x.log_softmax(1)).sum(1).mean()
`,
  ],
  [
    'alpha of a focal loss is a weight of the positive class',
    null,
    `class Focal(nn.Module):
    def __init__(self, alpha=0.25, gamma=2):
        super().__init__()
        self.alpha, self.gamma = alpha, gamma
    def forward(self, logits, label):
        p = torch.sigmoid(logits)
        y = torch.zeros_like(logits).scatter_(1, label.unsqueeze(1), 1)
        pt = torch.where(y == 1, p, 1 - p)
        alpha = self.alpha * y + (1 - self.alpha) * (1 - y)
        return (-alpha * (1 - pt) ** self.gamma * torch.log(pt + 1e-12)).sum(1).mean()
`,
  ],
  [
    'alpha of a distillation is the share of a teacher',
    null,
    `def distilled(student, labels, teacher_scores, T=3.0, alpha=0.6):
    soft = F.kl_div(F.log_softmax(student / T, dim=1), F.softmax(teacher_scores / T, dim=1), reduction='batchmean') * T * T
    return alpha * soft + (1.0 - alpha) * F.cross_entropy(student, labels)
`,
  ],
  [
    'eps says what it is',
    0.3,
    `def named(x, y, eps=0.3):
    return F.cross_entropy(x, y, label_smoothing=eps)
`,
  ],
];

describe('a smoothing factor by another name', () => {
  for (const [what, smoothing, code] of table) {
    it(what, () => {
      const [loss] = inspect({ file: 'loss.py', text: torch + code, brief: true }).losses;
      assert.equal(loss?.status, 'measured', loss?.problem?.message);
      assert.equal(loss.smoothing, smoothing);
      assert.ok(smoothing !== null || !loss.findings.some(({ rule }) => /^smoothing-/.test(rule)));
    });
  }
});
