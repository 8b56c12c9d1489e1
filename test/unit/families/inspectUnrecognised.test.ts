/** Losses that no family explains: run when they are asked for, and told by what can be measured of any loss. Right values: torch 2.13. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { InspectRequest, Inspection, Invariance, Unrecognised } from '../../../src/inspection';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n';

const asked = (code: string, only: string, more: Partial<InspectRequest> = {}): Inspection => {
  const { losses, problems } = inspect({ file: 'a.py', text: head + code, only, ...more });
  assert.equal(losses.length, 1, problems.map(({ message }) => message).join());
  return losses[0]!;
};

const holding = ({ invariances }: Unrecognised): readonly string[] =>
  invariances.filter(({ holds }) => holds).map(({ kind, inputs }: Invariance) => `${kind} ${inputs.join()}`);

const rank = `def rank_gap(scores, relevance):
    p, q = F.softmax(scores, -1), F.softmax(relevance, -1)
    return ((p - q).abs() ** 1.5).sum(-1)`;

describe('an unrecognised loss', function () {
  this.timeout(60_000);

  const scalings: readonly (readonly [string, string, 'same' | 'doubled' | 'neither', boolean])[] = [
    ['mean', `${rank}.mean()`, 'same', true],
    ['sum', `${rank}.sum()`, 'doubled', true],
    ['largest two', `${rank}.topk(2).values.sum()`, 'neither', false],
    ['square of the mean', `${rank}.mean() ** 2`, 'same', false],
  ];
  for (const [name, code, kind, independent] of scalings)
    it(`scales as a ${name}`, () => {
      const { unrecognised, family, status, perSample } = asked(code, 'rank_gap');
      assert.deepEqual([status, family], ['measured', null]);
      assert.deepEqual([unrecognised?.batchTwice?.kind, unrecognised?.rows?.independent], [kind, independent]);
      assert.equal(perSample !== null, independent);
    });

  it('tells which changes leave it as it is', () => {
    const { unrecognised } = asked(`${rank}.mean()`, 'rank_gap');
    assert.deepEqual(holding(unrecognised!), [
      'addToRows scores',
      'addToRows relevance',
      'permuteRows scores,relevance',
      'swapInputs scores,relevance',
    ]);
  });

  it('runs on the tensors of the person, as torch does', () => {
    const { value, gradients, verdict } = asked(`${rank}.mean()`, 'rank_gap', {
      tensors: {
        scores: [
          [0.5, -1.25, 2],
          [1.5, 0.25, -0.75],
        ],
        relevance: [
          [1, 0, 0.5],
          [-0.5, 2, 0.125],
        ],
      },
    });
    assert.ok(Math.abs(Number(value) - 0.7973697185516357) <= 1e-5, String(value));
    const torch = [
      -0.13427852094173431, -0.019192853942513466, 0.15347138047218323, 0.21764777600765228, -0.1822347640991211, -0.03541301190853119,
    ];
    gradients['scores']!.values.forEach((g, i) => {
      assert.ok(Math.abs(Number(g) - torch[i]!) <= 1e-5, `${String(g)}, torch: ${String(torch[i])}`);
    });
    assert.match(verdict ?? '', /^Not recognised: /);
  });

  it('says which tensor a sample lacks', () => {
    const { problem } = asked(`${rank}.mean()`, 'rank_gap', { tensors: { scores: [[1, 2]] } });
    assert.equal(problem?.message, 'the sample gives no tensor for relevance: it takes scores, relevance');
  });

  it('tells what no gradient reaches', () => {
    const { unrecognised, verdict } = asked('def hits(logits, target):\n    return (logits.argmax(-1) == target).float().mean()', 'hits');
    assert.deepEqual(
      unrecognised?.inputs.map(({ name, effect }) => [name, effect]),
      [
        ['logits', 'noGradient'],
        ['target', 'whole'],
      ],
    );
    assert.equal(verdict, 'Not recognised: on the tensors that it was run on no gradient reaches any of them.');
  });

  it('measures nothing of what draws random numbers', () => {
    const { unrecognised, verdict } = asked('def noisy(a, b):\n    return ((a - b) * torch.rand_like(a)).abs().mean()', 'noisy');
    assert.deepEqual([unrecognised?.deterministic, unrecognised?.invariances, unrecognised?.nearest], [false, [], []]);
    assert.match(verdict ?? '', /two runs on the same tensors give different numbers/);
  });

  it('is run as a method of its class', () => {
    const code = `class Trainer:
    def __init__(self, factor=2.0):
        self.factor = factor

    def gap(self, a, b):
        return self.factor * torch.log1p((a - b).abs() ** 1.3).mean()`;
    const { status, unrecognised } = asked(code, 'Trainer.gap');
    assert.equal(status, 'measured');
    assert.deepEqual(holding(unrecognised!).includes('swapInputs a,b'), true);
  });

  it('takes the shapes that the code needs', () => {
    const chain = `def chain(emissions, tags, transitions):
    score, alpha = emissions[0, tags[0]], emissions[0]
    for t in range(1, emissions.shape[0]):
        score = score + transitions[tags[t - 1], tags[t]] + emissions[t, tags[t]]
        alpha = torch.logsumexp(alpha[:, None] + transitions, dim=0) + emissions[t]
    return torch.logsumexp(alpha, dim=0) - score`;
    const { inputs, gradients } = asked(chain, 'chain');
    assert.deepEqual(
      inputs.map(({ name, shape }) => [name, shape]),
      [
        ['emissions', [4, 5]],
        ['tags', [4]],
        ['transitions', [5, 5]],
      ],
    );
    assert.deepEqual(Object.keys(gradients), ['emissions', 'transitions']);
  });

  const hardest = `def hardest(logits, target):
    ce = F.cross_entropy(logits, target, reduction="none")
    return ce.topk(2).values.mean()`;

  it('is no label smoothing that fails', () => {
    const { losses } = inspect({ file: 'a.py', text: head + hardest });
    assert.deepEqual([losses[0]?.measured, losses[0]?.family], [null, null]);
    assert.equal(losses[0]?.unrecognised?.inputs[0]?.zeros, 10);
    assert.doesNotMatch(JSON.stringify([losses[0], losses[0].translations]), /label smoothing/);
  });

  it('is told as a smoothing that departs where it holds a smoothing factor', () => {
    const { losses } = inspect({ file: 'a.py', text: head + hardest.replace('reduction=', 'label_smoothing=0.2, reduction=') });
    assert.match(losses[0]?.measured?.verdict ?? '', /^Not a plain label smoothing/);
    assert.equal(losses[0]?.unrecognised, undefined);
  });

  it('is not spoken of unasked', () => {
    assert.deepEqual(inspect({ file: 'a.py', text: `${head}${rank}.mean()` }).losses, []);
    assert.deepEqual(
      inspect({ file: 'a.py', text: `${head}${rank}.mean()`, speakOf: 'all' }).losses.map(({ name }) => name),
      ['rank_gap'],
    );
  });
});
