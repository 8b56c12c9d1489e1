import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection, InspectRequest } from '../../../src/inspection';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n';

function inspected(code: string, request: Partial<InspectRequest> = {}): readonly Inspection[] {
  return inspect({ file: 'losses.py', text: head + code, ...request }).losses;
}

function only(code: string, request: Partial<InspectRequest> = {}): Inspection {
  const losses = inspected(code, request);
  assert.equal(losses.length, 1, losses.map(({ name }) => name).join());
  return losses[0]!;
}

/** Code, and what it is: the family, the formulation, how it is reduced, its numbers. */
const recognised: readonly (readonly [string, string, string, string, Readonly<Record<string, number>>])[] = [
  [
    'def hard(scores, y, g=1.5):\n    lp = F.log_softmax(scores, 1).gather(1, y[:, None]).squeeze(1)\n    return (-(1 - lp.exp()) ** g * lp).sum()',
    'focal',
    'softmax',
    'sum',
    { gamma: 1.5 },
  ],
  [
    'def detect(z, t, a=0.3, g=2.0):\n    p = torch.sigmoid(z)\n    ce = F.binary_cross_entropy_with_logits(z, t, reduction="none")\n    pt = p * t + (1 - p) * (1 - t)\n    return ((a * t + (1 - a) * (1 - t)) * (1 - pt) ** g * ce).mean()',
    'focal',
    'sigmoid-alpha',
    'mean',
    { gamma: 2, alpha: 0.3 },
  ],
  ['def gap(p, t):\n    return ((p - t) ** 2).sum(1).mean()', 'regression', 'mse', 'rowSumMean', {}],
  [
    'def tails(p, t, q=0.8):\n    e = t - p\n    return torch.maximum(q * e, (q - 1) * e).mean()',
    'regression',
    'quantile',
    'mean',
    { tau: 0.8 },
  ],
  [
    'class Cover(nn.Module):\n    def __init__(self, s=0.5):\n        super().__init__()\n        self.s = s\n    def forward(self, p, g):\n        p, g = p.reshape(len(p), -1), g.reshape(len(g), -1)\n        tp = (p * g).sum(1)\n        return (1 - (tp + self.s) / (p.sum(1) + g.sum(1) - tp + self.s)).mean()',
    'overlap',
    'jaccard',
    'mean',
    { smooth: 0.5 },
  ],
  [
    'def match(s, t, T=3.0):\n    return F.kl_div(F.log_softmax(s / T, 1), F.softmax(t / T, 1), reduction="batchmean") * T * T',
    'distillation',
    'kl',
    'batchmean',
    { temperature: 3 },
  ],
  [
    'def pairs(a, b, tau=0.2):\n    z = F.normalize(a, dim=1) @ F.normalize(b, dim=1).t() / tau\n    y = torch.arange(len(a))\n    return (F.cross_entropy(z, y) + F.cross_entropy(z.t(), y)) / 2',
    'contrastive',
    'symmetric',
    'mean',
    { temperature: 0.2 },
  ],
  [
    'triple = nn.TripletMarginLoss(margin=0.7)\n\ndef near(a, p, n):\n    return triple(a, p, n)',
    'metric',
    'triplet',
    'mean',
    { margin: 0.7 },
  ],
  ['def prior(mu, lv):\n    return 0.5 * (mu ** 2 + lv.exp() - 1 - lv).sum()', 'variational', 'gaussian-kl', 'sum', {}],
  [
    'def prefer(c, r, rc, rr, beta=0.3):\n    return (1 - beta * ((c - r) - (rc - rr))).clamp(min=0).mean()',
    'preference',
    'hinge',
    'mean',
    { beta: 0.3 },
  ],
  [
    'def act(lp, old, adv, eps=0.1):\n    r = (lp - old).exp()\n    return -torch.min(r * adv, r.clamp(1 - eps, 1 + eps) * adv).mean()',
    'policyGradient',
    'clipped-unmasked',
    'mean',
    { clip: 0.1 },
  ],
  [
    'def angular(cos, y, s=20.0, m=0.4):\n    hot = F.one_hot(y, cos.size(1)).float()\n    return F.cross_entropy(s * (cos - m * hot), y)',
    'marginSoftmax',
    'cosface',
    'mean',
    { scale: 20, margin: 0.4 },
  ],
  ['def fool(d_fake):\n    return F.softplus(-d_fake).mean()', 'adversarial', 'generator-bce', 'mean', {}],
];

describe('losses of other families', () => {
  for (const [code, family, formulation, reduction, numbers] of recognised)
    it(`${family}: ${formulation}`, () => {
      const loss = only(code);
      assert.equal(loss.family, family, loss.verdict ?? '');
      assert.equal(loss.recognised?.formulation, formulation);
      assert.equal(loss.recognised.reduction?.id, reduction);
      assert.equal(loss.recognised.scale, 1);
      assert.deepEqual(Object.fromEntries(loss.parameters.map(({ name, value }) => [name, value])), numbers);
      assert.equal(loss.comparisons.find((one) => one.formulation === formulation)?.relation?.kind, 'equal');
      assert.equal(loss.smoothing, null);
      assert.equal(loss.measured, null);
    });

  /** Close to a formulation, and none: what it is called would be false. */
  const none: readonly (readonly [string, string])[] = [
    ['another exponent', 'def f(p, t):\n    return ((p - t).abs() ** 1.5).mean()'],
    ['a penalty beside it', 'def f(p, t):\n    return ((p - t) ** 2).mean() + 0.01 * (p ** 2).mean()'],
    [
      'a weight that depends on the row',
      'def f(p, t):\n    w = torch.arange(1, len(p) + 1).float()[:, None]\n    return (w * (p - t) ** 2).mean()',
    ],
    ['a gradient that is cut off', 'def f(p, t):\n    return ((p.detach() - t.detach()) ** 2).mean() + 0 * p.sum()'],
    ['a mean of a root', 'def f(p, t):\n    return ((p - t) ** 2).mean() ** 0.7'],
    ['no loss: the cosine of rows', 'def f(a, b):\n    return F.cosine_similarity(a, b).mean()'],
    ['no loss: an accuracy', 'def f(z, y):\n    return (z.argmax(1) == y).float().mean()'],
    ['no loss: the distance of each row', 'def f(a, b):\n    return ((a - b) ** 2).sum(1).sqrt()'],
    ['no loss: what grows as predictions get better', 'def cover(p, g):\n    return (2 * (p * g).sum() + 1) / (p.sum() + g.sum() + 1)'],
    ['no loss: a metric', 'def mse_metric(a, b):\n    return ((a - b) ** 2).mean()'],
    ['no loss: a sum', 'def f(a, b):\n    return (a + b).sum()'],
  ];
  for (const [name, code] of none)
    it(`is not told of ${name}`, () => {
      assert.deepEqual(
        inspected(code).map(({ verdict }) => verdict),
        [],
      );
    });

  it('is told of a number for each row where it is called a loss', () => {
    const code = (name: string) => `def ${name}(a, b):\n    return ((a - b) ** 2).mean(1)`;
    assert.deepEqual(
      inspected(code('row_loss')).map(({ verdict }) => verdict),
      ['Mean squared error; one value per row, the mean within it.'],
    );
    assert.deepEqual(inspected(code('rows')), []);
  });

  it('says a factor, and that it is one of every batch', () => {
    const loss = only('def f(p, t):\n    return 3 * (p - t).abs().mean()');
    assert.equal(loss.verdict, '3 times mean absolute error (L1); mean.');
    assert.deepEqual(loss.comparisons.find((one) => one.formulation === 'mae')?.relation, { kind: 'scaled', factor: 3 });
  });

  it('reports a known mistake, and not the right formulation', () => {
    const wrong = 'def f(z, y, g=2):\n    ce = F.cross_entropy(z, y)\n    return (1 - torch.exp(-ce)) ** g * ce';
    assert.deepEqual(
      only(wrong).findings.map(({ rule }) => rule),
      ['known-mistake'],
    );
    const right = 'def f(z, y, g=2):\n    ce = F.cross_entropy(z, y, reduction="none")\n    return ((1 - torch.exp(-ce)) ** g * ce).mean()';
    assert.deepEqual(only(right).findings, []);
  });

  it('is silent where a comment says so', () => {
    const wrong =
      'def f(z, y, g=2):  # loss-inspector: ignore[known-mistake, rows-depend]\n    ce = F.cross_entropy(z, y)\n    return (1 - torch.exp(-ce)) ** g * ce';
    assert.deepEqual(only(wrong).findings, []);
  });

  it('runs on the tensors that it is given, and sees those that are broadcast', () => {
    const code = 'def f(p, t):\n    return ((p - t) ** 2).mean()';
    const one = only(code, { tensors: { p: [1, 2], t: [0, 4] } });
    assert.equal(one.value, 2.5);
    assert.deepEqual(one.gradients['p']?.values, [1, -2]);
    assert.deepEqual(one.findings, []);
    const crossed = only(code, { tensors: { p: [[1], [2]], t: [0, 4] } });
    assert.equal(crossed.value, 4.5);
    assert.deepEqual(
      crossed.findings.map(({ rule }) => rule),
      ['shapes-broadcast'],
    );
  });

  it('says which tensor a sample lacks', () => {
    const { problem } = only('def f(p, t):\n    return ((p - t) ** 2).mean()', { tensors: { p: [1, 2] } });
    assert.deepEqual([problem?.type, problem?.message], ['input', 'the sample gives no tensor for t: it takes p, t']);
  });

  it('says of a number that nothing says that it is assumed', () => {
    const loss = only(
      'def f(p, t, delta):\n    e = (p - t).abs()\n    return torch.where(e < delta, 0.5 * e ** 2, delta * (e - 0.5 * delta)).mean()',
    );
    assert.match(loss.verdict ?? '', /^With delta = 0\.5 assumed/);
    assert.equal(loss.parameters[0]?.assumed, true);
  });

  it('takes a number from the program that calls it', () => {
    const loss = only(
      'def f(p, t, delta):\n    e = (p - t).abs()\n    return torch.where(e < delta, 0.5 * e ** 2, delta * (e - 0.5 * delta)).mean()\n\n' +
        'model = nn.Linear(3, 2)\nfor x, y in loader:\n    f(model(x), y, 1.7).backward()\n',
    );
    assert.deepEqual(
      loss.parameters.map(({ value, assumed }) => [value, assumed]),
      [[1.7, undefined]],
    );
  });

  it('notes a teacher that a gradient flows into', () => {
    const code = (teacher: string) =>
      `def f(s, t):\n    return F.kl_div(F.log_softmax(s, 1), F.softmax(${teacher}, 1), reduction="batchmean")`;
    assert.ok(only(code('t')).notes.some((note) => note.includes('A gradient also passes into t')));
    assert.deepEqual(only(code('t.detach()')).notes, []);
  });

  for (const [title, code] of [
    ['a mean', 'def brief(v):\n    return v.mean()'],
    ['a sum of one thing', 'def total(v):\n    return v.sum()'],
    ['a mix of two things', 'def mix(a, b, share):\n    return share * a + (1 - share) * b'],
    ['a scaled and moved tensor', 'def moved(v):\n    return 0.3 - 0.7 * v'],
    ['a product', 'def product(a, b):\n    return (a * b).mean()'],
  ] as const)
    it(`takes ${title} for no loss`, () => {
      assert.deepEqual(
        inspected(code).map(({ verdict }) => verdict),
        [],
      );
    });

  it('still knows the losses that only add up, as they are meant', () => {
    assert.match(only('def fool(f):\n    return -f.mean()').verdict!, /^Generator, −f/u);
    assert.match(only('def act(logp, adv):\n    return -(logp * adv).mean()').verdict!, /REINFORCE/u);
  });

  it('says that a score rises where the loss falls', () => {
    const code = (sign: string) =>
      `def cover(p, g):\n    p, g = p.reshape(len(p), -1), g.reshape(len(g), -1)\n    return ${sign}((2 * (p * g).sum(1) + 1) / (p.sum(1) + g.sum(1) + 1)).mean()`;
    // A score is no loss unless it is asked for.
    assert.deepEqual(inspected(code('')), []);
    assert.match(
      only(code(''), { only: 'cover' }).verdict!,
      /^-1 times .*; with a constant 1 added\. It rises where that loss falls: a score/u,
    );
    assert.doesNotMatch(only(code('1 - ')).verdict!, /rises/u);
  });

  it('leaves losses of label smoothing what they are', () => {
    const loss = only('def f(z, y, eps=0.2):\n    lp = F.log_softmax(z, 1)\n    return (1 - eps) * F.nll_loss(lp, y) - eps * lp.mean()');
    assert.equal(loss.family, 'labelSmoothing');
    assert.equal(loss.verdict, loss.measured?.verdict);
    assert.deepEqual(
      loss.parameters.map(({ symbol, value }) => [symbol, value]),
      [
        ['ε', 0.2],
        ['K', 5],
      ],
    );
  });
});
