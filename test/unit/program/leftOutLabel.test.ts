/** A label that is left out, handed to a function that has no default for it: what the program passes is what it is run with. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const code = (skip: string): string => `import torch
import torch.nn as nn


class Spread(torch.autograd.Function):
    @staticmethod
    def forward(ctx, scores, gold, eps, skip):
        k = scores.size(1)
        gold = gold.clone()
        void = gold.eq(skip)
        gold[void] = 0
        q = torch.full_like(scores, eps / k).scatter_(1, gold.unsqueeze(1), 1.0 - eps + eps / k)
        q[void] = 0
        ctx.kept = scores, q
        return torch.log_softmax(scores, dim=1).neg().mul(q).sum(dim=1)

    @staticmethod
    def backward(ctx, upstream):
        scores, q = ctx.kept
        return (torch.softmax(scores, dim=1) * q.sum(1, keepdim=True) - q) * upstream.unsqueeze(1), None, None, None


class Criterion(nn.Module):
    def __init__(self, eps, skip):
        super().__init__()
        self.eps, self.skip = eps, skip

    def forward(self, scores, gold):
        return Spread.apply(scores, gold, self.eps, self.skip).sum() / (gold != self.skip).sum()


if __name__ == '__main__':
    criterion = Criterion(0.2, ${skip})
    net = nn.Linear(6, 11)
    gold = torch.randint(0, 11, (8,))
    criterion(net(torch.randn(8, 6)), gold).backward()
`;

describe('a label that is left out, required and passed by the program', () => {
  for (const skip of ['200', '-1'])
    it(`is ${skip}, not tensors made up for it`, () => {
      const { losses } = inspect({ file: 'spread.py', text: code(skip) });
      const loss = losses.find(({ name }) => name === 'Spread')!;
      assert.match(loss.verdict!, /^Uniform mixture with ε = 0\.2: target 0\.8182, every other class 0\.01818; one value per row\.$/u);
      assert.equal(loss.inputs.find(({ name }) => name === 'skip')?.value, Number(skip));
      assert.deepEqual(
        loss.notes.filter((note) => note.includes('skip')),
        [],
      );
      assert.deepEqual(
        loss.findings.filter(({ severity }) => severity !== 'hint').map(({ rule }) => rule),
        [],
      );
    });
});
