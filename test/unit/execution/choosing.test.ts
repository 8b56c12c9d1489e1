/** Which smoothing factor a loss is run with, and what its reader is told of it; which targets a built-in is given. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection } from '../../../src/inspection';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';
const all = (code: string): readonly Inspection[] => inspect({ file: 'loss.py', text: head + code, brief: true }).losses;
const body = `
    n = z.size(1)
    q = F.one_hot(t, n) * (1 - smoothing) + smoothing / n
    return -(q * F.log_softmax(z, dim=1)).sum(1).mean()
`;

describe('the smoothing factor of a run', () => {
  for (const value of ['1.2', '-0.1', '10', '1.0'])
    it(`a default of ${value} is outside [0, 1): it runs as it is, and that is said`, () => {
      const [loss] = all(`def smooth(z, t, smoothing=${value}):${body}`);
      assert.equal(loss?.smoothing, Number(value));
      assert.deepEqual(
        loss.findings
          .filter(({ rule }) => rule === 'smoothing-range')
          .map(({ range }) => (head + `def smooth(z, t, smoothing=${value}):${body}`).slice(range.start, range.end)),
        [value],
      );
    });

  it('a default in [0, 1) is used, and nothing is said', () => {
    const [loss] = all(`def smooth(z, t, smoothing=0.25):${body}`);
    assert.equal(loss?.smoothing, 0.25);
    assert.ok(!loss.notes.some((note) => note.includes('run with')));
    assert.ok(!loss.findings.some(({ rule }) => rule === 'smoothing-range'));
  });

  it('what torch refuses is refused here, and said to be outside', () => {
    const [loss] = all('criterion = nn.CrossEntropyLoss(label_smoothing=1.3)\n');
    assert.equal(loss?.status, 'error');
    assert.match(loss.problem?.message ?? '', /label_smoothing must be between 0\.0 and 1\.0\. Got: 1\.3/);
    assert.ok(loss.findings.some(({ rule }) => rule === 'smoothing-range'));
  });

  it('an attribute that nobody can change runs as it is', () => {
    const [loss] = all(`class Fixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.smoothing = 1.5
    def forward(self, z, t):
        lp = F.log_softmax(z, 1)
        nll = -lp.gather(1, t[:, None]).squeeze(1)
        return ((1 - self.smoothing) * nll - self.smoothing * lp.mean(1)).mean()
`);
    assert.equal(loss?.smoothing, 1.5);
    assert.ok(loss.findings.some(({ rule }) => rule === 'smoothing-range'));
  });

  it('no large number is a smoothing factor by its place alone', () => {
    const [loss] = all(`def mixed(z, t, alpha=2.0):
    return (1 - alpha) * F.cross_entropy(z, t) + alpha * z.pow(2).sum(1).mean()
`);
    assert.ok(loss);
    assert.ok(!loss.findings.some(({ rule }) => rule === 'smoothing-range'));
  });
});

const pseudo = /pseudo-labels/;
const calls: readonly (readonly [string, boolean, string])[] = [
  ['argmax of the logits, in the call', true, 'def f(z):\n    return F.cross_entropy(z, z.argmax(1), label_smoothing=0.1)\n'],
  [
    'labels and confidence in one line',
    true,
    'def f(z):\n    sure, own = z.softmax(1).max(1)\n    return F.cross_entropy(z, own, label_smoothing=0.1)\n',
  ],
  [
    'by way of two names, as keywords',
    true,
    'def f(z):\n    hard = torch.argmax(F.softmax(z, -1), -1)\n    t = hard.detach()\n    return F.cross_entropy(input=z, target=t, label_smoothing=0.1)\n',
  ],
  [
    'an accuracy beside it',
    false,
    'def f(model, x, t):\n    z = model(x)\n    t = t.to(z.device)\n    right = (z.argmax(1) == t).float().mean()\n    return F.cross_entropy(z, t, label_smoothing=0.1)\n',
  ],
  [
    'one-hot labels made into numbers',
    false,
    'def f(model, x, hot):\n    z = model(x)\n    return F.cross_entropy(z, hot.argmax(1), label_smoothing=0.1)\n',
  ],
  [
    'labels as long as the batch',
    false,
    'def f(model, x):\n    z = model(x)\n    t = torch.arange(z.size(0))\n    return F.cross_entropy(z, t, label_smoothing=0.1)\n',
  ],
];

describe('targets made from the logits', () => {
  for (const [what, expected, code] of calls)
    it(`${expected ? 'noted' : 'not noted'}: ${what}`, () => {
      const loss = all(code).at(-1);
      assert.equal(loss?.status, 'measured', loss?.problem?.message);
      assert.equal(
        loss.notes.some((note) => pseudo.test(note)),
        expected,
        loss.notes.join('\n'),
      );
    });
});

it('an error that comes of what nobody gave says what is missing', () => {
  const [loss] = all(`class Similar(nn.Module):
    def __init__(self, similarity):
        super().__init__()
        self.similarity = similarity
    def forward(self, z, t):
        return -(F.softmax(self.similarity[t], dim=1) * F.log_softmax(z, dim=1)).sum(1).mean()
`);
  assert.match(
    loss?.problem?.message ?? '',
    /^Could not be run: similarity is required and the file does not say what it is: taken as 1 \(TypeError: 'int' object.*\)$/,
  );
});
