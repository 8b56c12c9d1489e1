import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const lossWith = (line: string): string => `import torch
import torch.nn.functional as F

def loss(x, target, smoothing=0.1):
    k = x.size(-1)
    q = torch.full_like(x, smoothing / (k - 1))
    ${line}
    return -(q * F.log_softmax(x, -1)).sum(-1).mean()
`;

const assumed = ' (run with logits [4, 5] and 4 labels, which are assumed)';

/** A failing line, and the message its author sees: what other inputs may not raise is said to be of ours. */
const table: readonly (readonly [line: string, message: string])[] = [
  [
    'q.scatter_(1, target.unsqueeze(1) + 5, 1 - smoothing)',
    'RuntimeError: scatter_: index 6 is out of bounds for dimension 1 with size 5' + assumed,
  ],
  ['q.gather(1, target.unsqueeze(1) - 100)', 'RuntimeError: gather: index -99 is out of bounds for dimension 1 with size 5' + assumed],
  ["raise ValueError('mine')", 'ValueError: mine' + assumed],
  ['torch.no_such_operation(q)', "AttributeError: module 'torch' has no attribute 'no_such_operation'"],
  ['q = q * missing', "NameError: name 'missing' is not defined"],
];

describe('errors name what the person wrote', () => {
  for (const [line, message] of table) {
    it(line, () => {
      const text = lossWith(line);
      const [found] = inspect({ file: 'loss.py', text }).losses;
      assert.equal(found?.status, 'error');
      assert.equal(found.problem?.message, message);
      assert.equal(found.problem.range?.line, 7);
    });
  }

  it('and on the person’s own sample they are the code’s', () => {
    const text = lossWith("raise ValueError('mine')");
    const sample = { logits: [[1, 2, 3]], targets: [0] };
    const [found] = inspect({ file: 'loss.py', text, sample }).losses;
    assert.equal(found?.problem?.message, 'ValueError: mine');
  });

  it('a name of a module that is not here is said to be that, where a tensor operation wants it', () => {
    const text = lossWith('q = q * target.ne(IGNORED).unsqueeze(1)').replace(
      'import torch\n',
      'import torch\nfrom settings import IGNORED\n',
    );
    const [found] = inspect({ file: 'loss.py', text }).losses;
    assert.equal(found?.status, 'unsupported');
    assert.equal(found.problem?.message, 'Unsupported: settings.IGNORED');
  });

  it('and their own handlers see torch’s words', () => {
    const text = `import torch\ntry:\n    torch.zeros(2).gather(0, torch.tensor([5]))\nexcept RuntimeError as e:\n    print(e)\n${lossWith('q.scatter_(1, target.unsqueeze(1), 1 - smoothing)')}\nprint(loss(torch.zeros(2, 3), torch.tensor([0, 1])))\n`;
    const printed = inspect({ file: 'loss.py', text }).losses.flatMap((l) => l.printed.map((p) => p.text));
    assert.ok(
      printed.some((p) => p.trim() === 'index 5 is out of bounds for dimension 0 with size 2'),
      printed.join('|'),
    );
  });
});

it('a library that is not known is said to be that, not handed torch’s tensors', () => {
  const text = `import othernet
from othernet import nd

def softened(scores, labels, smoothing=0.1):
    q = labels.one_hot_encoded(10) * (1 - smoothing) + smoothing / 10
    return -(q * scores.log_softmax(1)).sum(1).mean()
`;
  const [found] = inspect({ file: 'loss.py', text }).losses;
  assert.equal(found?.problem?.message, 'Unsupported: othernet');
});

describe('a constructor that fails', () => {
  const refusing = `import torch.nn as nn
import torch.nn.functional as F

class Strict(nn.Module):
    def __init__(self, label_smoothing=0.1, folder=''):
        super().__init__()
        assert folder != ''
        self.label_smoothing = label_smoothing

    def forward(self, logits, labels):
        return F.cross_entropy(logits, labels, label_smoothing=self.label_smoothing)
`;
  const problemOf = (text: string): string | undefined =>
    inspect({ file: 'loss.py', text }).losses.find(({ name }) => name === 'Strict')?.problem?.message;

  it('with its defaults only says that nothing makes it otherwise', () => {
    assert.equal(problemOf(refusing), 'AssertionError:  (made with its own defaults: nothing here makes it otherwise)');
  });

  it('as the file makes it is the file’s', () => {
    assert.equal(problemOf(`${refusing}\ncriterion = Strict(folder='')\n`), 'AssertionError: ');
  });
});
