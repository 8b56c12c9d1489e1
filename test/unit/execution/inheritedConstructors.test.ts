/** A loss that extends torch's own without a constructor is made as the file's calls make it. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const torch = 'import torch\nimport torch.nn as nn\n';

interface Row {
  readonly what: string;
  readonly code: string;
  readonly smoothing: number | null;
  readonly verdict: RegExp;
}

const table: readonly Row[] = [
  {
    what: 'its smoothing is that of the call',
    code: `
class Wrapped(nn.CrossEntropyLoss):
    def forward(self, scores, labels):
        return super().forward(scores, labels)
crit = Wrapped(label_smoothing=0.35)
`,
    smoothing: 0.35,
    verdict: /^Uniform mixture with ε = 0\.35: .*mean over the rows/,
  },
  {
    what: 'by way of a constant, through a function that makes it',
    code: `
SHARE = 0.15
class Weighted(nn.CrossEntropyLoss):
    def forward(self, scores, labels, weights):
        self.reduction = 'none'
        return (super().forward(scores, labels) * weights).sum() / weights.sum()
def build():
    return Weighted(label_smoothing=SHARE)
`,
    smoothing: 0.15,
    verdict: /^Uniform mixture with ε = 0\.15/,
  },
  {
    what: 'without a body of its own',
    code: `
class Named(nn.CrossEntropyLoss):
    pass
crit = Named(reduction='sum', label_smoothing=0.2)
`,
    smoothing: 0.2,
    verdict: /^Uniform mixture with ε = 0\.2: .*summed over the rows/,
  },
  {
    what: 'its other settings too',
    code: `
class Padded(nn.CrossEntropyLoss):
    def forward(self, scores, labels):
        return super().forward(scores, labels)
crit = Padded(ignore_index=2)
`,
    smoothing: null,
    verdict: /^Cross entropy with hard labels: .*class 2 is padding/,
  },
  {
    what: 'what no call smooths does not',
    code: `
class Bare(nn.CrossEntropyLoss):
    def forward(self, scores, labels):
        return super().forward(scores, labels)
crit = Bare()
`,
    smoothing: null,
    verdict: /^Cross entropy with hard labels: target 1/,
  },
];

describe('a loss that extends torch’s own without a constructor', () => {
  for (const { what, code, smoothing, verdict } of table) {
    it(what, () => {
      const { losses } = inspect({ file: 'loss.py', text: torch + code });
      const loss = losses.find(({ kind }) => kind === 'class')!;
      assert.equal(loss.status, 'measured', loss.problem?.message);
      assert.equal(loss.smoothing, smoothing);
      assert.match(loss.measured!.verdict, verdict);
      // torch's own loss takes the place of one that is told nothing.
      const offered = loss.rewrites.filter(({ kind }) => kind === 'offered').length;
      assert.equal(offered, code.includes('Bare()') ? 1 : 0);
    });
  }
});
