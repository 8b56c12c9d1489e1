/** A loss without a parameter for its smoothing factor: the number in its code that its measured targets have is the factor. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const torch = 'import torch\nimport torch.nn.functional as F\n';

const table: readonly (readonly [what: string, name: string, smoothing: number | null, line: number | null, code: string])[] = [
  [
    'None stands for a number that the body says',
    'loss',
    0.15,
    4,
    `def loss(x, y, eps=None):
    e = 0.15 if eps is None else eps
    return F.cross_entropy(x, y, label_smoothing=e)
`,
  ],
  [
    'what is left on the target is one minus the factor of fill/scatter',
    'loss',
    0.2,
    3,
    `def loss(a, b, c=0.8):
    lp = a.log_softmax(-1)
    q = torch.full_like(lp, (1 - c) / (lp.size(-1) - 1)).scatter_(1, b[:, None], c)
    return -(q * lp).sum(-1).mean()
`,
  ],
  [
    'a share of the difference to the uniform distribution',
    'loss',
    0.3,
    3,
    `def loss(a, b, c=0.3):
    d = F.one_hot(b, a.size(1)).float()
    d = d + c * (1 / a.size(1) - d)
    return -(d * a.log_softmax(1)).sum(1).mean()
`,
  ],
  [
    'the function that is called for each row holds it',
    'batch',
    0.25,
    3,
    `def row(z, y, e=0.25):
    lp = F.log_softmax(z, 0)
    return -(1 - e) * lp[y] - e * lp.mean()
def batch(logits, labels):
    return torch.stack([row(z, y) for z, y in zip(logits, labels)]).mean()
`,
  ],
  [
    'on one number of classes the number written down tells which convention it is',
    'loss',
    0.15,
    4,
    `def loss(x, y):
    q = F.one_hot(y, 10) * (1 - 0.15) + 0.15 / 10
    return -(q * x.log_softmax(1)).sum(1).mean()
`,
  ],
  [
    'a number that is no share of the targets is none',
    'loss',
    null,
    null,
    `def loss(x, y):
    return F.cross_entropy(x / 0.1, y)
`,
  ],
  [
    'shares that are written down whole say no convention',
    'loss',
    null,
    null,
    `def loss(x, y):
    q = torch.full((x.size(0), 11), 0.03).scatter_(1, y[:, None], 0.7)
    return -(q * x.log_softmax(1)).sum(1).mean()
`,
  ],
  [
    'where the code holds the factors of both conventions on its one number of classes, neither is chosen',
    'loss',
    null,
    null,
    `def loss(x, y):
    scale = 0.15 / 0.15 * 0.135 / 0.135
    q = torch.full((x.size(0), 10), 0.015).scatter_(1, y[:, None], 0.865)
    return -(scale * q * x.log_softmax(1)).sum(1).mean()
`,
  ],
];

describe('a smoothing factor that stands in the code', function () {
  this.timeout(20_000);

  for (const [what, name, smoothing, line, code] of table) {
    it(what, () => {
      const loss = inspect({ file: 'loss.py', text: torch + code, brief: true }).losses.find((one) => one.name === name);
      assert.equal(loss?.status, 'measured', loss?.problem?.message);
      assert.equal(loss.smoothing, smoothing);
      const input = loss.inputs.find(({ role }) => role === 'smoothing');
      assert.equal(input?.source.chain[0]?.range.line ?? null, line);
    });
  }
});
