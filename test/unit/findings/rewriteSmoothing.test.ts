/** ε said in the other convention: the number, what it becomes once measured again, and when it is not offered. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { InspectRequest, Inspection, Rewrite, TextEdit } from '../../../src/inspection';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n';
const scatter = (defaults: string): string =>
  `${head}class Scatter(nn.Module):
    def __init__(self, ${defaults}):
        super().__init__()
        self.classes = classes
        self.smoothing = smoothing

    def forward(self, x, y):
        logp = F.log_softmax(x, dim=-1)
        q = torch.full_like(logp, self.smoothing / (self.classes - 1)).scatter_(1, y.unsqueeze(1), 1 - self.smoothing)
        return -(q * logp).sum(-1).mean()
`;
const mixture = (parameters: string, before = '', after = ''): string =>
  `${head}${before}def mixture(${parameters}):\n    logp = F.log_softmax(x, dim=-1)\n    return (1 - smoothing) * F.nll_loss(logp, y) - smoothing * logp.mean()\n${after}`;
const sample = 'x = torch.tensor([[1.0, 2.0, 0.5], [0.2, 0.1, 3.0]])\ny = torch.tensor([1, 0])\n';

interface Row {
  readonly what: string;
  readonly file?: string;
  readonly code: string;
  readonly name: string;
  /** Old text, new text, title: one for each constant. */
  readonly to: readonly (readonly [string, string, string])[];
  /** ε in the other convention afterwards. */
  readonly effective: 'fillScatter' | 'uniformMixture';
  readonly request?: Partial<InspectRequest>;
}

const rows: readonly Row[] = [
  {
    what: 'fill/scatter, K from the constructor’s default',
    code: scatter('classes=10, smoothing=0.1'),
    name: 'Scatter',
    to: [['0.1', '0.09', 'ε 0.1 → 0.09: what torch and timm call 0.1 at K = 10']],
    effective: 'uniformMixture',
  },
  {
    what: 'fill/scatter, K and a second ε where the loss is made',
    code: `${scatter('classes, smoothing=0.1')}\n\ncriterion = Scatter(3, smoothing=0.2)\n`,
    name: 'Scatter',
    to: [
      ['0.1', '0.06666666666666667', 'ε 0.1 → 0.06667: what torch and timm call 0.1 at K = 3'],
      ['0.2', '0.1333333333333333', 'ε 0.2 → 0.1333: what torch and timm call 0.2 at K = 3'],
    ],
    effective: 'uniformMixture',
  },
  {
    what: 'more classes than a sample shows',
    code: scatter('classes=1000, smoothing=0.1'),
    name: 'Scatter',
    to: [['0.1', '0.0999', 'ε 0.1 → 0.0999: what torch and timm call 0.1 at K = 1000']],
    effective: 'uniformMixture',
  },
  {
    what: 'uniform mixture, K from the file’s sample',
    code: mixture('x, y, smoothing=0.1', '', `\n\n${sample}print(mixture(x, y))\n`),
    name: 'mixture',
    to: [['0.1', '0.15', 'ε 0.1 → 0.15: what fill/scatter calls 0.1 at K = 3']],
    effective: 'fillScatter',
  },
  {
    what: 'torch’s own loss',
    code: `${head}${sample}print(F.cross_entropy(x, y, label_smoothing=0.1))\n`,
    name: 'cross_entropy',
    to: [['0.1', '0.15', 'ε 0.1 → 0.15: what fill/scatter calls 0.1 at K = 3']],
    effective: 'fillScatter',
  },
  {
    what: 'TypeScript',
    file: 'loss.ts',
    code: `import * as tf from '@tensorflow/tfjs';

export function scattered(logits: tf.Tensor2D, labels: tf.Tensor1D, smoothing = 0.1): tf.Scalar {
  const K = logits.shape[1];
  const hot = tf.oneHot(labels, K).toFloat();
  const q = hot.mul(1 - smoothing).add(tf.sub(1, hot).mul(smoothing / (K - 1)));
  return q.mul(tf.logSoftmax(logits)).sum(-1).mean().neg() as tf.Scalar;
}

const logits = tf.tensor2d([[1.0, 2.0, 0.5], [0.2, 0.1, 3.0]]);
const labels = tf.tensor1d([1, 0], 'int32');
scattered(logits, labels).print();
`,
    name: 'scattered',
    to: [['0.1', '0.06666666666666667', 'ε 0.1 → 0.06667: what torch and timm call 0.1 at K = 3']],
    effective: 'uniformMixture',
  },
];

const conversionsOf = ({ rewrites }: Inspection): readonly Rewrite[] =>
  rewrites.filter(({ title }) => /ε/u.test(title) && !title.startsWith('Replace'));

function find(text: string, name: string, request: Partial<InspectRequest> = {}): Inspection {
  const { losses, problems } = inspect({ file: 'losses.py', text, ...request });
  const found = losses.find((one) => one.name === name);
  assert.ok(found, JSON.stringify(problems));
  assert.equal(found.status, 'measured', found.problem?.message);
  return found;
}

function applied(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.range.start - a.range.start)
    .reduce((edited, { range, newText }) => edited.slice(0, range.start) + newText + edited.slice(range.end), text);
}

describe('ε in the other convention', function () {
  this.timeout(20_000);

  for (const { what, file, code, name, to, effective } of rows)
    it(what, () => {
      const request = file === undefined ? {} : { file };
      const conversions = conversionsOf(find(code, name, request));
      assert.deepEqual(
        conversions.map((one) => (one.kind === 'offered' ? one.title : one.reason)),
        to.map(([, , title]) => title),
      );
      for (const [index, conversion] of conversions.entries()) {
        assert.equal(conversion.kind, 'offered');
        const [old, now] = to[index]!;
        const [edit, ...more] = conversion.edits;
        assert.equal(more.length, 0);
        assert.equal(code.slice(edit!.range.start, edit!.range.end), old);
        assert.equal(edit!.newText, now);
        assert.equal(conversion.keepsNumbers, false);
        const K = Number(/K = (\d+)/u.exec(conversion.title)![1]);
        const after = find(applied(code, conversion.edits), name, { ...request, classes: K, smoothing: Number(now), brief: true });
        assert.ok(Math.abs(Number(after.measured!.effectiveSmoothing[effective]) - Number(old)) < 1e-6);
      }
    });

  const refused: readonly (readonly [string, string, string, RegExp])[] = [
    ['K is not in the file', mixture('x, y, smoothing=0.1'), 'mixture', /^K is not known here/u],
    [
      'the file says two numbers of classes',
      `${scatter('classes, smoothing=0.1')}\n\n${sample}criterion = Scatter(4)\nprint(F.cross_entropy(x, y, label_smoothing=0.1))\n`,
      'Scatter',
      /made for 4 classes, the file’s sample has 3/u,
    ],
    ['more classes than can be measured', scatter('classes=32000, smoothing=0.1'), 'Scatter', /K = 32000 is too large/u],
    [
      'ε would be more than 1',
      `${head}${sample}print(F.cross_entropy(x, y, label_smoothing=0.8))\n`,
      'cross_entropy',
      /At K = 3 it would be 1\.2/u,
    ],
  ];
  for (const [what, code, name, says] of refused)
    it(`is refused: ${what}`, () => {
      const [conversion, ...more] = conversionsOf(find(code, name));
      assert.equal(more.length, 0);
      assert.equal(conversion?.kind, 'refused');
      assert.match(conversion.reason, says);
    });

  const silent: readonly (readonly [string, string, string])[] = [
    ['smoothing of 0', scatter('classes=10, smoothing=0.0'), 'Scatter'],
    ['hard labels', `${head}def plain(x, y):\n    return -F.log_softmax(x, -1).gather(1, y.unsqueeze(1)).mean()\n`, 'plain'],
    [
      'targets that do not sum to one',
      `${head}def wrong(x, y, smoothing=0.1):\n    q = torch.full_like(x, smoothing / x.size(1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)\n    return -(q * F.log_softmax(x, 1)).sum(1).mean()\n`,
      'wrong',
    ],
  ];
  for (const [what, code, name] of silent)
    it(`says nothing of ${what}`, () => {
      assert.deepEqual(conversionsOf(find(code, name)), []);
    });
});
