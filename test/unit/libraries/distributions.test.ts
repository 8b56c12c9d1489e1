/** torch.distributions: what is not there is said to be unsupported, and never raised as if the program had made a mistake. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const problemOf = (expression: string): string => {
  const text = [
    'import torch',
    'import torch.nn.functional as F',
    'from torch import distributions as D',
    '',
    'def loss(logits, target):',
    `    extra = ${expression}`,
    '    return F.cross_entropy(logits, target, label_smoothing=0.15) + 0 * extra',
    '',
  ].join('\n');
  const [only] = inspect({ file: 'mixed.py', text }).losses;
  return only?.problem === null || only === undefined ? '' : `${only.problem.type}: ${only.problem.message}`;
};

describe('torch.distributions', () => {
  for (const [expression, problem] of [
    ['D.Beta(0.6, 0.6).sample()', /^unsupported: Unsupported: torch\.distributions\.Beta\.sample/u],
    ['D.Beta(0.6, 0.6).entropy()', /^unsupported: Unsupported: torch\.distributions\.Beta\.entropy/u],
    ['D.Normal(0.0, 1.0).icdf(torch.tensor(0.3))', /^unsupported: Unsupported: torch\.distributions\.Normal\.icdf/u],
    [
      'D.kl_divergence(D.Beta(0.6, 0.6), D.Normal(0.0, 1.0))',
      /^unsupported: Unsupported: torch\.distributions\.kl_divergence of Beta and Normal/u,
    ],
    ['D.Uniform(0.0, 1.0).rsample()', /^$/u],
    ['D.Normal(0.0, 1.0).rsample()', /^$/u],
    ['D.kl_divergence(D.Normal(0.2, 1.0), D.Normal(0.0, 1.0))', /^$/u],
  ] as const)
    it(expression, () => {
      assert.match(problemOf(expression), problem);
    });
});
