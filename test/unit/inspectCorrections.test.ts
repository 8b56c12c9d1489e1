/** What the person says of a run is what the loss is run with; the right values are torch's. */
import assert from 'node:assert/strict';
import { inspect } from '../../src/inspect';
import type { Corrections, Inspection, InspectRequest, LossCorrections, Sample } from '../../src/inspection';

const sample: Sample = {
  logits: [
    [1.5, -0.5, 0.25],
    [0, 2, -1],
    [-1.25, 0.5, 0.75],
    [0.3, 0.1, -0.7],
  ],
  targets: [0, 2, 1, 1],
};

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n';
const blend = `${head}class Blend(nn.Module):
    def __init__(self, kappa, how='mean'):
        super().__init__()
        self.kappa, self.how = kappa, how
    def forward(self, scores, gold, kept):
        logp = F.log_softmax(scores, -1)
        nll = -logp.gather(-1, gold.unsqueeze(-1)).squeeze(-1)
        loss = ((1 - self.kappa) * nll - self.kappa * logp.mean(-1))[kept]
        return loss.mean() if self.how == 'mean' else loss.sum()
`;
const focal = `${head}def focal(scores, gold, focus=2.0):
    logp = F.log_softmax(scores, -1).gather(1, gold[:, None]).squeeze(1)
    return ((1 - logp.exp()) ** focus * -logp).mean()
`;
const entropy = `${head}def entropy(p, gold):
    return F.nll_loss(torch.log(p), gold)
`;
const images = `${head}def pixels(maps, gold):
    return F.nll_loss(F.log_softmax(maps, 1), gold)
`;
const library = `${head}def build(w, left_out):
    return nn.CrossEntropyLoss(weight=w, ignore_index=left_out, label_smoothing=0.2)
`;

const inspected = (text: string, corrections: readonly LossCorrections[], more: Partial<InspectRequest> = {}): Inspection => {
  const { losses, problems } = inspect({ file: 'a.py', text, sample, corrections, ...more });
  assert.deepEqual(problems, []);
  return losses[0]!;
};

interface Case {
  readonly what: string;
  readonly text: string;
  readonly told: Corrections;
  readonly value: number;
  readonly verdict: RegExp;
  /** Inputs that are the person's: name, what it is, value or shape. */
  readonly chosen: readonly (readonly [string, string, unknown])[];
}

const cases: readonly Case[] = [
  {
    what: 'a value, a word and a mask',
    text: blend,
    told: {
      parameters: [
        { name: 'kappa', value: '0.2' },
        { name: 'how', value: 'sum' },
        { name: 'kept', as: 'mask' },
      ],
    },
    value: 5.493416786193848,
    verdict: /^With kappa = 0\.2, how = sum, kept as a mask, as you chose\. Uniform mixture with ε = 0\.2/,
    chosen: [
      ['kappa', 'smoothing', 0.2],
      ['how', 'value', 'sum'],
      ['kept', 'mask', [4]],
    ],
  },
  {
    what: 'another value than the default',
    text: focal,
    told: { parameters: [{ name: 'focus', value: '0.5' }] },
    value: 1.1909490823745728,
    verdict: /^With focus = 0\.5, as you chose\./,
    chosen: [['focus', 'value', 0.5]],
  },
  {
    what: 'a value at which it is another loss',
    text: focal,
    told: { parameters: [{ name: 'focus', value: '0' }] },
    value: 1.3508542776107788,
    verdict: /^With focus = 0, as you chose\. Cross entropy/,
    chosen: [['focus', 'value', 0]],
  },
  {
    what: 'probabilities',
    text: entropy,
    told: { parameters: [{ name: 'p', as: 'probabilities' }] },
    value: 1.3508542776107788,
    verdict: /^With p as probabilities, as you chose\. Cross entropy/,
    chosen: [['logits', 'probabilities', [4, 3]]],
  },
  {
    what: 'axes',
    text: images,
    told: { layout: 'images' },
    value: 1.3508542776107788,
    verdict: /^With rows as \[N, K, 1, 1\], as you chose\. Cross entropy/,
    chosen: [['logits', 'logits', [4, 3, 1, 1]]],
  },
  {
    what: 'class weights of a library’s loss that could not be followed',
    text: library,
    told: { parameters: [{ name: 'weight', as: 'weight', value: '[1, 2, 3]' }] },
    value: 1.665560245513916,
    verdict: /^With weight = \[1, 2, 3\] as class weights, as you chose\. Uniform mixture with ε = 0\.2/,
    chosen: [['weight', 'weight', [3]]],
  },
  {
    what: 'distributions for a library’s loss',
    text: library,
    told: {
      parameters: [
        { name: 'weight', as: 'weight', value: '[1, 2, 3]' },
        { name: 'targets', as: 'oneHot' },
      ],
    },
    value: 3.331120729446411,
    verdict: /, targets as distributions \(one-hot or soft\), as you chose\./,
    chosen: [
      ['targets', 'oneHot', [4, 3]],
      ['weight', 'weight', [3]],
    ],
  },
  {
    what: 'an ignored class',
    text: library,
    told: { parameters: [{ name: 'ignore_index', value: '1' }] },
    value: 1.7358990907669067,
    verdict: /class 1 is padding/,
    chosen: [['ignore_index', 'value', 1]],
  },
  {
    what: 'predictions and targets the other way round',
    text: `${head}def named_badly(targets, logits):\n    return F.cross_entropy(logits, targets)\n`.replace(
      'F.cross_entropy(logits, targets)',
      'F.cross_entropy(targets, logits)',
    ),
    told: {
      parameters: [
        { name: 'targets', as: 'logits' },
        { name: 'logits', as: 'indices' },
      ],
    },
    value: 1.3508542776107788,
    verdict: /Cross entropy/,
    chosen: [
      ['logits', 'logits', [4, 3]],
      ['targets', 'indices', [4]],
    ],
  },
];

describe('what the person says of a run', function () {
  this.timeout(60_000);
  for (const { what, text, told, value, verdict, chosen } of cases)
    it(what, () => {
      const loss = inspected(text, [told]);
      assert.equal(loss.status, 'measured', loss.problem?.message);
      assert.ok(Math.abs(Number(loss.value) - value) <= 1e-5 + 1.3e-6 * value, `${String(loss.value)}, torch: ${value}`);
      assert.match(loss.verdict ?? '', verdict);
      for (const one of chosen) {
        const input = loss.inputs.find(({ name }) => name === one[0]);
        assert.deepEqual([input?.name, input?.as, input?.shape ?? input?.value, input?.source.kind], [...one, 'person']);
      }
      assert.deepEqual(loss.corrected, told);
    });

  it('a number of classes is that of the sample that is made', () => {
    const { losses } = inspect({ file: 'a.py', text: images, corrections: [{ classes: 7 }] });
    assert.deepEqual(losses[0]?.inputs.find(({ role }) => role === 'classes')?.source.kind, 'person');
    assert.equal(losses[0].sample?.logits[0]?.length, 7);
  });

  it('another parameter is the smoothing factor', () => {
    const two = `${head}def two(scores, gold, alpha=0.3, smoothing=0.1):\n    logp = F.log_softmax(scores, 1)\n    return ((1 - alpha) * -logp.gather(1, gold[:, None]).squeeze(1) - alpha * logp.mean(1)).mean() * (1 + 0 * smoothing)\n`;
    const { smoothing, inputs } = inspected(two, [{ parameters: [{ name: 'alpha', as: 'smoothing' }] }]);
    assert.equal(smoothing, 0.3);
    assert.deepEqual(
      inputs.filter(({ role }) => role === 'smoothing').map(({ name }) => name),
      ['alpha'],
    );
  });

  it('is said of one loss and not of another', () => {
    const both = `${focal}\ndef other(scores, gold, focus=2.0):\n    logp = F.log_softmax(scores, -1).gather(1, gold[:, None]).squeeze(1)\n    return ((1 - logp.exp()) ** focus * -logp).mean()\n`;
    const { losses } = inspect({
      file: 'a.py',
      text: both,
      sample,
      corrections: [{ loss: 'other', parameters: [{ name: 'focus', value: '0.5' }] }],
    });
    assert.deepEqual(
      losses.map(({ name, corrected }) => [name, corrected !== undefined]),
      [
        ['focal', false],
        ['other', true],
      ],
    );
  });

  it('of a parameter that is gone is not used, and it says so', () => {
    const loss = inspected(focal, [{ loss: 'focal', parameters: [{ name: 'sharpness', value: '3' }] }]);
    assert.deepEqual([loss.dropped, loss.corrected], [['sharpness'], undefined]);
    assert.ok(loss.notes.some((note) => note.startsWith('sharpness is no parameter of it any more')));
    assert.doesNotMatch(loss.verdict ?? '', /chose/);
    assert.equal(loss.status, 'measured');
  });

  it('of a parameter that no loss has is a mistake', () => {
    const { problems } = inspect({ file: 'a.py', text: focal, corrections: [{ parameters: [{ name: 'sharpness', value: '3' }] }] });
    assert.match(problems[0]?.message ?? '', /no loss here has a parameter "sharpness"; there is scores, gold, focus/);
  });

  it('is named where the loss does not run with it', () => {
    const { status, problem, inputs } = inspected(focal, [{ parameters: [{ name: 'focus', value: 'steep' }] }]);
    assert.notEqual(status, 'measured');
    assert.match(problem?.message ?? '', /focus = steep, as you chose/);
    // What can be said otherwise is there all the same.
    assert.ok(inputs.some(({ name, choices }) => name === 'focus' && choices !== undefined));
  });

  for (const [what, corrections, message] of [
    ['a value that is none', { parameters: [{ name: 'focus', value: '2 *' }] }, /is no value/],
    ['a factor of 1', { parameters: [{ name: 'focus', as: 'smoothing', value: '1' }] }, /less than 1/],
    [
      'a factor of more than 1, by its name',
      {
        parameters: [
          { name: 'focus', value: '2' },
          { name: 'eps', value: '1.5' },
        ],
      },
      /less than 1/,
    ],
    ['no factor, by its name', { parameters: [{ name: 'eps', value: 'None' }] }, /less than 1/],
    ['no classes', { classes: 0 }, /whole number from 1/],
  ] as const)
    it(`${what} is refused`, () => {
      const text = `${focal}\ndef mixed(x, y, eps=0.1):\n    return F.cross_entropy(x, y, label_smoothing=eps)\n`;
      const { problems, losses } = inspect({ file: 'a.py', text, corrections: [corrections] });
      assert.match(problems[0]?.message ?? '', message);
      assert.deepEqual(losses, []);
    });
});
