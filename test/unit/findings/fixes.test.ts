/** What every quick fix does to the text, however the code is laid out, and what the code does after it. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Finding, Inspection, TextEdit } from '../../../src/inspection';
import { readDocument } from '../../../src/language/document';
import { classOf, functionOf, head, positive } from './cases';
import { applied, inspected } from './inspected';

const close = (a: number, b: number): boolean => Object.is(a, b) || Math.abs(a - b) <= 1e-5 + 1.3e-6 * Math.abs(b);

function findingIn(loss: Inspection, rule: string): Finding {
  const found = loss.findings.find((finding) => finding.rule === rule);
  assert.ok(found !== undefined, `found ${loss.findings.map((one) => one.rule).join(', ')}`);
  return found;
}

/** The text after the fix of the rule's finding; asserts all that a fix promises. */
function fixed(code: string, rule: string): string {
  const before = inspected(code);
  const found = findingIn(before, rule);
  assert.ok(found.fix !== undefined, 'no fix is offered');
  const text = applied(code, found);
  assert.deepEqual(
    readDocument(text, 'loss.py').programs.flatMap(({ problems }) => problems),
    [],
  );
  const after = inspected(text);
  if (found.fix.keepsNumbers) {
    assert.ok(close(Number(after.value), Number(before.value)), `${String(before.value)} became ${String(after.value)}`);
    const [left, right] = [before, after].map(({ gradient }) => (gradient?.values ?? []).map(Number));
    assert.ok(left!.length === right!.length && left!.every((value, i) => close(right![i]!, value)));
  }
  assert.ok(!after.findings.some((one) => one.rule === rule), 'a second application would find it again');
  return text;
}

/** Only what differs between two texts: the lines that are new. */
function newLines(before: string, after: string): readonly string[] {
  const had = new Set(before.split('\n'));
  return after.split('\n').filter((line) => !had.has(line));
}

const tabs = (code: string): string => code.replaceAll('    ', '\t');
const windows = (code: string): string => code.replaceAll('\n', '\r\n');

const ignoring = ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'];
const qOf = (target: string): string =>
  `q = torch.full_like(x, self.smoothing / (x.size(1) - 1)).scatter_(1, ${target}.unsqueeze(1), 1 - self.smoothing)`;

interface Layout {
  readonly rule: string;
  readonly name: string;
  readonly code: string;
  readonly lines: readonly string[];
}

const layouts: readonly Layout[] = [
  {
    rule: 'targets-changed-in-place',
    name: 'a suite on the line of its if',
    code: functionOf('if True: y[y == 1] = 0', 'return F.cross_entropy(x, y, label_smoothing=smoothing)'),
    lines: ['    if True: y = y.clone(); y[y == 1] = 0'],
  },
  {
    rule: 'targets-changed-in-place',
    name: 'two statements on a line, with a comment',
    code: functionOf(
      'K = x.size(1); y.clamp_(max=K - 2)  # keeps them in range',
      'return F.cross_entropy(x, y, label_smoothing=smoothing)',
    ),
    lines: ['    K = x.size(1); y = y.clone(); y.clamp_(max=K - 2)  # keeps them in range'],
  },
  {
    rule: 'targets-changed-in-place',
    name: 'inside a block, in tabs',
    code: tabs(functionOf('for k in range(1):', '    y[y == k] = 1', 'return F.cross_entropy(x, y, label_smoothing=smoothing)')),
    lines: ['\t\ty = y.clone()'],
  },
  {
    rule: 'hard-coded-device',
    name: 'keyword arguments over several lines',
    code: functionOf(
      'q = torch.full(',
      '    x.size(),',
      '    smoothing / (x.size(1) - 1),',
      "    device='cuda',  # fast",
      ')',
      'q.scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
    lines: ['        device=x.device,  # fast'],
  },
  {
    rule: 'kldiv-mean',
    name: 'a trailing comma over several lines',
    code: functionOf(
      'q = torch.full_like(x, smoothing / (x.size(1) - 1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return F.kl_div(',
      '    F.log_softmax(x, dim=1),',
      '    q,  # smoothed',
      ')',
    ),
    lines: ["        q, reduction='batchmean',  # smoothed"],
  },
  {
    rule: 'ignored-row-fails',
    name: 'a mean over parentheses',
    code: classOf(
      'smoothing=0.1, ignore_index=-100',
      ignoring,
      qOf('y'),
      'return (',
      '    -(q * F.log_softmax(x, dim=-1))',
      '    .sum(-1)',
      '    .mean()',
      ')',
    ),
    lines: [`        ${qOf('y.clamp(min=0)')}`, '            [y != self.ignore_index].mean()'],
  },
  {
    rule: 'padding-in-mean',
    name: 'a division by the number of rows',
    code: classOf(
      'smoothing=0.1, ignore_index=-100',
      ignoring,
      'pad = y == self.ignore_index',
      qOf('y.masked_fill(pad, 0)'),
      'loss = -(q * F.log_softmax(x, dim=-1)).sum(-1)',
      'return loss.masked_fill(pad, 0.0).sum() / len(x)  # per row',
    ),
    lines: ['        return loss.masked_fill(pad, 0.0).sum() / (y != self.ignore_index).sum()  # per row'],
  },
  {
    rule: 'reduction-ignored',
    name: 'tabs',
    code: tabs(
      classOf(
        "reduction='mean', smoothing=0.1",
        ['self.reduction = reduction', 'self.smoothing = smoothing'],
        qOf('y'),
        'return torch.mean(-(q * F.log_softmax(x, dim=-1)).sum(-1))',
      ),
    ),
    lines: [
      '\t\trows = -(q * F.log_softmax(x, dim=-1)).sum(-1)',
      "\t\tif self.reduction == 'mean':",
      '\t\t\treturn rows.mean()',
      "\t\tif self.reduction == 'sum':",
      '\t\t\treturn rows.sum()',
      '\t\treturn rows',
    ],
  },
  {
    rule: 'softmax-twice',
    name: 'a module that the class keeps',
    code: classOf(
      'smoothing=0.1',
      ['self.criterion = nn.CrossEntropyLoss(label_smoothing=smoothing)', 'self.softmax = nn.Softmax(dim=1)'],
      'return self.criterion(self.softmax(x / 1.0), y)',
    ),
    lines: ['        return self.criterion((x / 1.0), y)'],
  },
  {
    rule: 'deprecated-variable',
    name: 'an argument that is no operand, a flag that says nothing',
    code: `${head}from torch.autograd import Variable\n\n${functionOf(
      'q = Variable(torch.zeros_like(x) + smoothing / (x.size(1) - 1), requires_grad=False).clone()',
      'q.scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ).slice(head.length)}`,
    lines: ['    q = (torch.zeros_like(x) + smoothing / (x.size(1) - 1)).clone()'],
  },
  {
    rule: 'implicit-dim',
    name: 'a module without arguments',
    code: functionOf(
      'q = torch.full_like(x, smoothing / (x.size(1) - 1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * nn.LogSoftmax()(x)).sum(1).mean()',
    ),
    lines: ['    return -(q * nn.LogSoftmax(dim=-1)(x)).sum(1).mean()'],
  },
];

describe('quick fixes', function () {
  this.timeout(60_000);

  for (const { rule, name, code, lines } of layouts) {
    it(`${rule}: ${name}`, () => {
      assert.deepEqual(newLines(code, fixed(code, rule)), lines);
    });
    it(`${rule}: ${name}, with Windows line ends`, () => {
      const text = windows(code);
      const after = fixed(text, rule);
      assert.deepEqual(
        newLines(text, after),
        lines.map((line) => `${line}\r`),
      );
      assert.doesNotMatch(after, /[^\r]\n/u, 'a line ends in another way');
    });
  }

  describe('of every case leave code that parses, with the promised numbers, and nothing to fix again', () => {
    for (const { rule, code, fixed: wanted } of positive) {
      if (typeof wanted !== 'string' || rule === 'logits-for-log-probabilities') continue;
      it(`${rule}: ${wanted.trim().split('\n')[0]!}`, () => {
        const after = fixed(windows(code), rule);
        assert.ok(after.includes(windows(wanted)), after);
      });
    }
  });

  for (const [layout, call] of [
    ['one line', 'tf.oneHot(labels, K, 1 - smoothing, smoothing / (K - 1))'],
    ['several lines', 'tf.oneHot(\n    labels,\n    K,\n    1 - smoothing,\n    smoothing / (K - 1), // the others\n  )'],
  ] as const) {
    it(`of TypeScript code: one-hot-integer on ${layout}`, () => {
      const text = `import * as tf from '@tensorflow/tfjs';

export function smoothed(labels: tf.Tensor1D, logits: tf.Tensor2D, smoothing = 0.1): tf.Scalar {
  const K = logits.shape[1];
  const q = ${call};
  return tf.neg(tf.mean(tf.sum(tf.mul(q, tf.logSoftmax(logits)), 1)));
}
`;
      const [before] = inspect({ file: 'loss.ts', text }).losses;
      const found = findingIn(before!, 'one-hot-integer');
      assert.ok(found.fix?.keepsNumbers, 'no fix that keeps the numbers is offered');
      const after = applied(text, found);
      assert.equal(after, text.replace('smoothing / (K - 1)', "smoothing / (K - 1), 'float32'"));
      const [again] = inspect({ file: 'loss.ts', text: after }).losses;
      assert.ok(close(Number(again?.value), Number(before?.value)));
      assert.ok(again?.findings.every(({ rule }) => rule !== 'one-hot-integer'));
    });
  }

  it('of one file leave code that parses when all of them are made at once', () => {
    const text = [
      classOf(
        'smoothing=0.1, ignore_index=-100',
        ignoring,
        'y[y == 7] = 0',
        'q = torch.autograd.Variable(torch.zeros(x.size()).cuda())',
        'q.fill_(self.smoothing / (x.size(1) - 1))',
        'q.scatter_(1, y.unsqueeze(1), 1 - self.smoothing)',
        'p = F.softmax(x)',
        'return -(q * torch.log(p)).sum(1).mean()',
      ),
      functionOf('logp = F.log_softmax(x, dim=1)', 'return F.cross_entropy(logp, y, label_smoothing=smoothing)').slice(head.length),
    ].join('\n');
    const { losses } = inspect({ file: 'loss.py', text });
    const fixes = losses.flatMap(({ findings }) => findings).flatMap(({ fix }) => (fix === undefined ? [] : [fix.edits]));
    assert.ok(fixes.length >= 6, `only ${fixes.length} fixes are offered`);
    const overlaps = (a: TextEdit, b: TextEdit): boolean => a.range.start < b.range.end && b.range.start < a.range.end;
    const taken = fixes.reduce<readonly TextEdit[]>(
      (made, edits) => (edits.some((edit) => made.some((other) => overlaps(edit, other))) ? made : [...made, ...edits]),
      [],
    );
    const after = applied(text, { fix: { title: '', edits: taken, keepsNumbers: false } });
    assert.deepEqual(
      readDocument(after, 'loss.py').programs.flatMap(({ problems }) => problems),
      [],
    );
    const again = inspect({ file: 'loss.py', text: after }).losses;
    assert.deepEqual(
      again.map(({ name, status, measured }) => [name, status, measured?.formulation ?? null]),
      losses.map(({ name }) => [name, 'measured', name === 'SmoothedLoss' ? 'fill-scatter' : 'uniform-mixture']),
    );
  });
});
