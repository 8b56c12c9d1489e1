import assert from 'node:assert/strict';
import type { Sample } from '../../../src/inspection';
import { complaints, exported, run } from './tfjsInNode';
import { translatable } from './tfjsLosses';
import { translated } from './tfjsTranslated';

const rtol = 1.3e-6;
const atol = 1e-5;

function assertClose(actual: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, `${what}: count`);
  actual.forEach((x, i) => {
    const y = expected[i]!;
    assert.ok(Math.abs(x - y) <= atol + rtol * Math.abs(y), `${what}[${i}]: ${x}, not ${y}`);
  });
}

/** Samples that the translation was neither made from nor checked on. */
const fresh: readonly Sample[] = [
  {
    logits: [
      [0.3, -1.2, 2.2, 0.8, -0.1],
      [1.9, 0.4, -0.6, 1.1, 0.7],
      [-2.1, 0.2, 0.9, -0.3, 1.6],
    ],
    targets: [2, 0, 4],
  },
  {
    logits: Array.from({ length: 8 }, (_, i) => Array.from({ length: 5 }, (__, k) => Math.sin(3.7 * i + 1.9 * k * k) * 2)),
    targets: [1, 0, 3, 3, 0, 4, 2, 1],
  },
];

describe('a loss as tfjs TypeScript', function () {
  // The first to run loads tfjs.
  this.timeout(20_000);

  const files = new Map<string, string>();

  for (const { title, code } of translatable) {
    it(`${title}: is given, and tfjs computes the same from it`, () => {
      const { translation, feed, runs } = translated(code, 'loss.py', {}, fresh);
      assert.ok(translation.code !== null, translation.note);
      assert.match(translation.note, /agree with yours on [3-5] samples/);
      files.set(`${title.replace(/\W+/g, '-')}.ts`, translation.code);
      const loss = exported(translation.code);
      assert.equal(runs.length, fresh.length);
      for (const { sample, run: own } of runs) {
        const { value, gradient } = run(loss, sample, feed);
        assertClose(value, typeof own.value === 'number' ? [own.value] : own.value, 'value');
        assertClose(gradient, own.gradient.flat(), 'gradient');
      }
    });
  }

  it('compiles under strict TypeScript against the types of tfjs', function () {
    this.timeout(60_000);
    assert.equal(files.size, translatable.length);
    assert.deepEqual(complaints(files), []);
    const wrong = "import * as tf from '@tensorflow/tfjs';\nexport const x: tf.Tensor = tf.oneHot('a', 3).sums();\n";
    assert.equal(complaints(new Map([['wrong.ts', wrong]])).length, 1);
  });
});

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n';

describe('a translation to tfjs', function () {
  // The first to run loads tfjs.
  this.timeout(20_000);

  it('says a fill/scatter loss in the words of tfjs', () => {
    const { translation } = translated(translatable[0]!.code);
    assert.equal(
      translation.code,
      `// LabelSmoothingLoss: made from the operations that its code executed, for K = 5, ε = 0.1.
import * as tf from '@tensorflow/tfjs';

export function labelSmoothingLoss(
  logits: tf.Tensor2D,
  targets: tf.Tensor1D,
): tf.Tensor {
  const labels = targets.toInt();
  const targetDistribution = tf.oneHot(labels, 5, 0.9, 0.025, 'float32');
  const pred = logits.logSoftmax();
  return targetDistribution.mul(pred).neg().sum(-1).mean();
}
`,
    );
  });

  it('leaves out rows of −100 where torch does', () => {
    const { translation, runs, feed } = translated(
      `${torch}def loss(logits, target, smoothing=0.1):
    return F.cross_entropy(logits, target, label_smoothing=smoothing)
`,
      'loss.py',
      {},
      [{ ...fresh[0]!, targets: [2, -100, 4] }],
    );
    const { value, gradient } = run(exported(translation.code!), runs[0]!.sample, feed);
    assertClose(value, [runs[0]!.run.value as number], 'value');
    assertClose(gradient, runs[0]!.run.gradient.flat(), 'gradient');
    assert.ok(gradient.slice(5, 10).every((slope) => slope === 0));
  });

  it('bakes no number of rows in', () => {
    const { translation } = translated(`${torch}def loss(logits, target, smoothing=0.1):
    logp = F.log_softmax(logits, dim=-1)
    n, k = logits.size()
    q = torch.full((n, k), smoothing / (k - 1))
    for_rows = torch.arange(n)
    q[for_rows, target] = 1 - smoothing
    return -(q * logp).sum() / n
`);
    assert.match(translation.code!, /const \[rows\] = logits\.shape;/);
    assert.match(translation.code!, /\.div\(rows\)/);
  });

  it('follows numbers that the code takes out of its tensors', () => {
    const { translation } = translated(`${torch}def loss(logits, target, smoothing=0.1, ignore_index=0):
    logp = F.log_softmax(logits, dim=-1)
    keep = target != ignore_index
    count = keep.sum().item()
    nll = F.nll_loss(logp, target, reduction='none')
    rows = (1 - smoothing) * nll - smoothing * logp.mean(-1)
    return rows.masked_fill(~keep, 0.0).sum() / count
`);
    assert.ok(translation.code !== null, translation.note);
    assert.match(translation.code, /keep\.sum\(\)/);
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    [
      'an operation that tfjs has no gradient for, with its line',
      `def loss(logits, target, smoothing=0.1):
    logp = F.log_softmax(logits, dim=-1)
    best = logp.topk(2, dim=-1).values
    nll = F.nll_loss(logp, target)
    return (1 - smoothing) * nll - smoothing * best.mean()
`,
      /the operation Topk \(line 7\)/,
    ],
    [
      'a gradient of its own',
      `class Smooth(torch.autograd.Function):
    @staticmethod
    def forward(ctx, logits, target, smoothing):
        logp = F.log_softmax(logits, dim=-1)
        ctx.save_for_backward(logp, target)
        ctx.smoothing = smoothing
        return logp.gather(1, target.unsqueeze(1)).sum() * (smoothing - 1) - smoothing * logp.mean(-1).sum()

    @staticmethod
    def backward(ctx, grad):
        logp, target = ctx.saved_tensors
        q = F.one_hot(target, logp.size(-1)).float() * (1 - ctx.smoothing) + ctx.smoothing / logp.size(-1)
        return grad * (logp.exp() - q), None, None

def loss(logits, target, smoothing=0.1):
    hard = F.nll_loss(F.log_softmax(logits, dim=-1), target, reduction='sum')
    return Smooth.apply(logits, target, smoothing) + 0 * hard
`,
      /cannot be said in tfjs: the operation Smooth/,
    ],
    [
      'a loop over the rows',
      `def loss(logits, target, smoothing=0.1):
    logp = F.log_softmax(logits, dim=-1)
    q = torch.full_like(logp, smoothing / (logp.size(1) - 1))
    for i, label in enumerate(target):
        q[i, label] = 1 - smoothing
    return -(q * logp).sum(dim=-1).mean()
`,
      /depends on the data|number of rows/,
    ],
    [
      'a number that was computed from the data outside of tensors',
      `def loss(logits, target, smoothing=0.1):
    logp = F.log_softmax(logits, dim=-1)
    share = sum(1 for t in target.tolist() if t > 1)
    return F.nll_loss(logp, target) * (1 - smoothing) - smoothing * logp.mean() * share
`,
      /a number that depends on the data/,
    ],
    [
      'a random part',
      `def loss(logits, target, smoothing=0.1):
    logp = F.log_softmax(F.dropout(logits, 0.5), dim=-1)
    return F.cross_entropy(logp, target, label_smoothing=smoothing)
`,
      /depends on the data|so it is not offered/,
    ],
  ];
  for (const [title, code, reason] of refused) {
    it(`is refused, with the reason: ${title}`, () => {
      const { translation } = translated(torch + code);
      assert.equal(translation.code, null);
      assert.match(translation.note, reason);
    });
  }

  it('says where the data decided what was executed', () => {
    const { translation } = translated(
      `${torch}def loss(logits, target, smoothing=0.1, pad=0):
    logp = F.log_softmax(logits, dim=-1)
    nll = F.nll_loss(logp, target, reduction='none')
    rows = (1 - smoothing) * nll - smoothing * logp.mean(-1)
    if (target == pad).any():
        rows = rows * (target != pad)
    return rows.sum()
`,
      'loss.py',
      { paddingIndex: 0 },
    );
    assert.ok(translation.code !== null, translation.note);
    assert.match(translation.note, /What line 9 decided by the data is decided as on these samples/);
  });

  it('of a loss in tfjs is that loss', () => {
    const { translation } = translated(
      `import * as tf from '@tensorflow/tfjs';
export function loss(logits: tf.Tensor2D, targets: tf.Tensor1D, smoothing = 0.1): tf.Tensor {
  const q = tf.oneHot(targets, 5, 1 - smoothing, smoothing / 4, 'float32');
  return q.mul(logits.logSoftmax()).sum(-1).neg().mean();
}
`,
      'loss.ts',
    );
    assert.deepEqual(translation, { code: null, note: 'It is tfjs code already.' });
  });
});
