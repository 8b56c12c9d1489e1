/** What fails because of a value that was made up for a parameter is not told as an exception of the person's code. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n';
const problemOf = (code: string): string => {
  const { losses } = inspect({ file: 'made.py', text: head + code });
  const [only] = losses;
  assert.equal(losses.length, 1, losses.map(({ name }) => name).join());
  return only!.problem === null ? '' : `${only!.problem.type}: ${only!.problem.message}`;
};

describe('values made up for parameters', () => {
  it('a branch that a configuration nobody passed decides', () => {
    const code = [
      'def pick(options, z, y):',
      "    if options.kind == 'plain':",
      '        value = F.cross_entropy(z, y)',
      "    elif options.kind == 'soft':",
      '        value = F.cross_entropy(z, y, label_smoothing=options.amount)',
      '    return value',
    ].join('\n');
    assert.match(problemOf(code), /^unsupported: Could not be run: options is required .*\(UnboundLocalError: /u);
  });

  it('a number where the code needs a tensor', () => {
    const code = [
      'class Margin(nn.Module):',
      '    def __init__(self, width, count, smoothing=0.1):',
      '        super().__init__()',
      '        self.weight = nn.Parameter(torch.ones(count, width))',
      '        self.count, self.smoothing = count, smoothing',
      '    def forward(self, vectors, label):',
      '        cosine = F.linear(F.normalize(vectors), F.normalize(self.weight))',
      '        q = torch.zeros_like(cosine).scatter_(1, label[:, None], 1)',
      '        q = (1 - self.smoothing) * q + self.smoothing / self.count',
      '        return -(q * F.log_softmax(cosine, dim=1)).sum(1).mean()',
    ].join('\n');
    assert.doesNotMatch(problemOf(code), /^exception: .*not int/u);
  });

  it('a name that no branch binds, where all is known, is the code’s own', () => {
    const code = [
      "def mean_or_sum(z, y, reduction='average'):",
      "    if reduction == 'mean':",
      '        value = F.cross_entropy(z, y, label_smoothing=0.2)',
      "    elif reduction == 'sum':",
      "        value = F.cross_entropy(z, y, label_smoothing=0.2, reduction='sum')",
      '    return value',
    ].join('\n');
    assert.match(problemOf(code), /^exception: UnboundLocalError: /u);
  });
});
