/** The torch built-in for a loss: its code, run by itself, gives the loss's numbers; where there is none, what would be lost. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { InspectRequest, Inspection, Translation } from '../../../src/inspection';
import { withTorchRunner } from '../../../src/translation/torchRunner';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n';
const of = (...body: readonly string[]): string =>
  `${head}def smoothed(x, y, eps=0.1):\n    K = x.size(1)\n    logp = F.log_softmax(x, 1)\n${body.map((line) => `    ${line}\n`).join('')}`;
const fill = 'q = torch.full_like(x, eps / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - eps)';
const uniform = 'q = F.one_hot(y, K) * (1 - eps) + eps / K';

interface Row {
  readonly what: string;
  readonly code: string;
  readonly file?: string;
  readonly name?: string;
  readonly request?: Partial<InspectRequest>;
  /** Pieces of the code. */
  readonly has: readonly string[];
  readonly says?: RegExp;
}

const rows: readonly Row[] = [
  {
    what: 'uniform mixture',
    code: of(uniform, 'return -(q * logp).sum(1).mean()'),
    has: ['criterion = nn.CrossEntropyLoss(label_smoothing=0.1)\n'],
  },
  {
    what: 'fill/scatter',
    code: of(fill, 'return -(q * logp).sum(1).mean()'),
    has: [
      'num_classes = logits.size(1)  # the number of classes',
      'nn.CrossEntropyLoss(label_smoothing=0.1 * num_classes / (num_classes - 1))',
    ],
    says: /^Value and gradient agree with yours on \d+ runs of \S+ to \S+ rows at K = 5, and at K = 8\. How many classes there are was not seen, so its ε is a formula/u,
  },
  {
    what: 'fill/scatter, asked for at K = 7',
    code: of(fill, 'return -(q * logp).sum(1).mean()'),
    request: { classes: 7 },
    has: ['label_smoothing=0.1 * K / (K - 1), here at K = 7', 'nn.CrossEntropyLoss(label_smoothing=0.1166666666666667)'],
    says: /label_smoothing=0\.1 \* K \/ \(K - 1\), which was tried at K = 10 too/u,
  },
  {
    what: 'fill/scatter of a program that has 9 classes',
    code: `${of(fill, 'return -(q * logp).sum(1).mean()')}head = nn.Linear(3, 9)\nloss = smoothed(head(torch.randn(4, 3)), torch.tensor([0, 8, 3, 1]))\n`,
    name: 'smoothed',
    has: ['here at K = 9', 'nn.CrossEntropyLoss(label_smoothing=0.1125)'],
  },
  {
    what: 'KL divergence of a uniform mixture',
    code: of(uniform, "return F.kl_div(logp, q, reduction='batchmean')"),
    has: [
      'num_classes = logits.size(1)  # the number of classes',
      'q = torch.full_like(logits, 0.1 / num_classes).scatter(1, targets.unsqueeze(1), 0.9 + 0.1 / num_classes)',
    ],
  },
  { what: 'hard labels', code: of('return F.nll_loss(logp, y)'), has: ['nn.CrossEntropyLoss()'] },
  { what: 'summed', code: of(uniform, 'return -(q * logp).sum()'), has: ["nn.CrossEntropyLoss(reduction='sum', label_smoothing=0.1)"] },
  { what: 'not reduced', code: of(uniform, 'return -(q * logp).sum(1)'), has: ["reduction='none'"] },
  {
    what: 'mean over all elements',
    code: of(uniform, 'return -(q * logp).mean()'),
    has: ['loss = criterion(logits, targets) / logits.size(1)'],
  },
  { what: 'a factor', code: of(uniform, 'return -3 * (q * logp).sum(1).mean()'), has: ['loss = 3.0 * criterion(logits, targets)'] },
  { what: 'a constant', code: of(uniform, 'return -(q * logp).sum(1).mean() - 0.25'), has: ['criterion(logits, targets) - 0.25'] },
  {
    what: 'KL divergence',
    code: of(fill, "return F.kl_div(logp, q, reduction='batchmean')"),
    has: [
      "nn.KLDivLoss(reduction='batchmean')",
      'q = torch.full_like(logits, 0.1 / (num_classes - 1)).scatter(1, targets.unsqueeze(1), 0.9)',
    ],
    says: /nn\.CrossEntropyLoss\(label_smoothing=0\.1 \* num_classes \/ \(num_classes - 1\)\) has the same gradient .* higher by H\(q\) per row/u,
  },
  {
    what: 'KL divergence at K = 5, asked for',
    code: of(fill, "return F.kl_div(logp, q, reduction='batchmean')"),
    request: { classes: 5 },
    has: ["nn.KLDivLoss(reduction='batchmean')", 'q = torch.full_like(logits, 0.025).scatter(1, targets.unsqueeze(1), 0.9)'],
    says: /nn\.CrossEntropyLoss\(label_smoothing=0\.125\) has the same gradient .* higher by H\(q\) = 0\.4637/u,
  },
  { what: 'KL divergence over N·K', code: of(fill, 'return F.kl_div(logp, q)'), has: ['nn.KLDivLoss()'] },
  {
    what: 'Annotated Transformer',
    code: `${head}class Smoothing(nn.Module):
    def __init__(self, size, padding_idx=0, smoothing=0.1):
        super().__init__()
        self.criterion = nn.KLDivLoss(reduction='sum')
        self.padding_idx = padding_idx
        self.smoothing = smoothing
        self.size = size

    def forward(self, x, target):
        q = torch.full_like(x, self.smoothing / (self.size - 2)).scatter_(1, target.unsqueeze(1), 1 - self.smoothing)
        q[:, self.padding_idx] = 0
        q[target == self.padding_idx] = 0
        return self.criterion(x, q)
`,
    name: 'Smoothing',
    has: ['q[:, 0] = 0\nq[targets == 0] = 0\n', "nn.KLDivLoss(reduction='sum')"],
    says: /takes the logits themselves, where yours takes their log_softmax/u,
  },
  {
    what: 'an ignored target',
    code: of('left = y != 2', uniform, 'return -(q * logp).sum(1)[left].mean()'),
    has: ['nn.CrossEntropyLoss(ignore_index=2, label_smoothing=0.1)'],
    request: {
      sample: {
        logits: [
          [1, 2, 0, 0.5, -1],
          [0, 1, -1, 2, 0],
          [2, 0, 1, 0, 0],
          [0, 0.5, 1, 1, -2],
        ],
        targets: [1, 2, 0, 3],
      },
    },
  },
  {
    what: 'class weights',
    code: `${head}W = torch.tensor([0.5, 1.0, 2.0, 1.5, 3.0])\n\n\ndef smoothed(x, y, eps=0.1):\n    logp = F.log_softmax(x, 1) * W\n    nll = -logp.gather(1, y.unsqueeze(1)).squeeze(1)\n    return ((1 - eps) * nll - eps * logp.mean(1)).sum() / W[y].sum()\n`,
    has: ['weight = torch.tensor([0.3125, 0.625, 1.25, 0.9375, 1.875])', 'nn.CrossEntropyLoss(weight=weight, label_smoothing=0.1)'],
  },
  {
    what: 'rows weighted by their target',
    code: `${head}W = torch.tensor([0.5, 1.0, 2.0, 1.5, 3.0])\n\n\ndef smoothed(x, y, eps=0.1):\n    logp = F.log_softmax(x, 1)\n    nll = -logp.gather(1, y.unsqueeze(1)).squeeze(1)\n    return (W[y] * ((1 - eps) * nll - eps * logp.mean(1))).sum() / W[y].sum()\n`,
    has: ["reduction='none'", 'loss = (weight[targets] * criterion(logits, targets)).sum() / weight[targets].sum()'],
  },
  {
    what: 'mixed with the reversed batch',
    code: of(uniform, 'q = 0.7 * q + 0.3 * q.flip(0)', 'return -(q * logp).sum(1).mean()'),
    has: ['lam = 0.7\n', '(1 - lam) * criterion(logits, targets.flip(0))'],
  },
  {
    what: 'binary',
    code: of('q = F.one_hot(y, K) * (1 - eps) + eps / 2', 'return F.binary_cross_entropy_with_logits(x, q)'),
    has: ['scatter(1, targets.unsqueeze(1), 0.95)', 'nn.BCEWithLogitsLoss()'],
  },
  {
    what: 'TypeScript',
    file: 'loss.ts',
    code: `import * as tf from '@tensorflow/tfjs';
export function smoothed(labels: tf.Tensor2D, logits: tf.Tensor2D) {
  return tf.losses.softmaxCrossEntropy(labels, logits, undefined, 0.1);
}
`,
    has: ['nn.CrossEntropyLoss(label_smoothing=0.1)'],
  },
  {
    what: 'JAX',
    code: `import jax\nimport jax.numpy as jnp\n\n\ndef smoothed(x, y, eps=0.1):\n    K = x.shape[-1]\n    q = jax.nn.one_hot(y, K) * (1 - eps) + eps / K\n    return -(q * jax.nn.log_softmax(x)).sum(-1).mean()\n`,
    has: ['nn.CrossEntropyLoss(label_smoothing=0.1)'],
  },
];

const none: readonly (readonly [string, string, RegExp])[] = [
  [
    'targets that do not sum to one',
    of('q = torch.full_like(x, eps / K).scatter_(1, y.unsqueeze(1), 1 - eps)', 'return -(q * logp).sum(1).mean()'),
    /^No built-in smooths to targets that sum to 0\.98\. The nearest, nn\.CrossEntropyLoss\(label_smoothing=0\.102\), is higher by 0\.032.* At K = 5 alone it is 0\.98 times/u,
  ],
  [
    'focal',
    of(uniform, 'return -(q * (1 - logp.exp()) ** 2 * logp).sum(1).mean()'),
    /^No built-in of torch computes it\. .*The nearest, /u,
  ],
  [
    'a clipped probability: equal on ordinary logits alone',
    of(fill, 'return -(q * torch.log(F.softmax(x, 1).clamp(min=1e-7))).sum(1).mean()'),
    /^On ordinary logits nn\.CrossEntropyLoss\(label_smoothing=0\.1 \* num_classes \/ \(num_classes - 1\)\) computes the same; where they reach ±20, yours gives 8\.663 and it gives 20\.55,/u,
  ],
  ['noise', of('return F.nll_loss(F.log_softmax(F.dropout(x, 0.5), 1), y)'), /Two runs give different numbers/u],
];

function inspected({
  code,
  file = 'loss.py',
  name = 'smoothed',
  request = {},
}: Pick<Row, 'code' | 'file' | 'name' | 'request'>): Inspection {
  const { losses, problems } = inspect({ file, text: code, ...request });
  const found = losses.find((one) => one.name === name);
  assert.ok(found, JSON.stringify(problems));
  assert.equal(found.status, 'measured', found.problem?.message);
  return found;
}

const builtinOf = (loss: Inspection): Translation => loss.translations!.builtin;

describe('the torch built-in that computes the same', function () {
  this.timeout(20_000);

  for (const row of rows)
    it(row.what, () => {
      const loss = inspected(row);
      const { code, note } = builtinOf(loss);
      assert.ok(code !== null, note);
      for (const piece of row.has) assert.ok(code.includes(piece), code);
      if (row.says) assert.match(note, row.says);
      const { logits, targets } = loss.sample!;
      const run = withTorchRunner((runner) => runner.run(code, logits, targets));
      const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-5 + 1.3e-6 * Math.abs(b);
      const expected = loss.value === null ? loss.perSample!.map(Number) : [Number(loss.value)];
      assert.deepEqual(
        [run.value].flat().map((value, i) => close(value, expected[i]!)),
        expected.map(() => true),
      );
      const gradient = loss.gradient!.values.map(Number);
      assert.ok(run.gradient.flat().every((g, i) => close(g, gradient[i]!)));
    });

  for (const [what, code, says] of none)
    it(`has none for ${what}`, () => {
      const builtin = builtinOf(inspected({ code }));
      assert.equal(builtin.code, null);
      assert.match(builtin.note, says);
    });

  it('says what it does with rows that stop the loss', () => {
    assert.match(
      builtinOf(inspected({ code: of(fill, 'return -(q * logp).sum(1).mean()') })).note,
      /Rows of the target -100, which stop yours, it ignores/u,
    );
  });

  it('is not looked for in a brief inspection', () => {
    assert.equal(inspected({ code: rows[0]!.code, request: { brief: true } }).translations, null);
  });
});
