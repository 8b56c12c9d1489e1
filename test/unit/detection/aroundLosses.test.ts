/** What stands around a loss and does not keep it from being found: constants in pairs, tables of numbers, packed sequences. */
import assert from 'node:assert/strict';
import { findLosses } from '../../../src/detection/losses';
import { parsePython } from '../../../src/language/python';

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';

const found: readonly (readonly [what: string, code: string, losses: readonly string[]])[] = [
  [
    'constants assigned in one statement',
    `WIDTH, (RATE, SHARE) = 7, (0.01, 0.3)
def spread(scores, answer):
    q = torch.full((len(answer), WIDTH), SHARE / (WIDTH - 1))
    q[torch.arange(len(answer)), answer] = 1 - SHARE
    return -(q * scores.log_softmax(-1)).sum(-1).mean()
`,
    ['spread'],
  ],
  [
    'targets from a table that a function of numbers makes',
    `def rows(n):
    from math import comb
    made = []
    for j in range(n):
        made.append([comb(n - 1, k) * 0.5 ** (n - 1) for k in range(n)])
    return torch.tensor(made)
class Graded(nn.Module):
    def __init__(self, n=6, part=0.7, label_smoothing=0.05):
        super().__init__()
        self.n, self.part = n, part
        self.table = rows(n)
        self.ce = nn.CrossEntropyLoss(label_smoothing=label_smoothing)
    def forward(self, scores, grade):
        q = (1 - self.part) * F.one_hot(grade, self.n) + self.part * self.table[grade]
        return self.ce(scores, q)
`,
    ['Graded'],
  ],
  [
    'packed sequences',
    `from torch.nn.utils.rnn import pack_padded_sequence as pack
class Packed(nn.Module):
    def __init__(self, share=0.2):
        super().__init__()
        self.share = share
    def forward(self, scores, words, long):
        flat = pack_padded_sequence(scores, long.cpu(), batch_first=True).data
        words = pack_padded_sequence(words, long.cpu(), batch_first=True).data
        logp = F.log_softmax(flat, dim=1)
        picked = logp.gather(1, words[:, None]).squeeze(1)
        return -((1 - self.share) * picked + self.share * logp.mean(1)).mean()
`,
    ['Packed'],
  ],
];

describe('what stands around a loss', () => {
  for (const [what, code, losses] of found)
    it(what, () => {
      assert.deepEqual(
        findLosses(parsePython(torch + code)).map(({ name }) => name),
        losses,
      );
    });
});
