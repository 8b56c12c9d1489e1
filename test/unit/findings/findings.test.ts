import assert from 'node:assert/strict';
import { rules } from '../../../src/findings/findings';
import { inspect } from '../../../src/inspect';
import type { Finding, Inspection } from '../../../src/inspection';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n';

/** A function of logits x, targets y and smoothing. */
const functionOf = (...body: readonly string[]): string =>
  `${head}def smoothed_loss(x, y, smoothing=0.1):\n${body.map((line) => `    ${line}\n`).join('')}`;

const scatter = ['K = x.size(1)', 'q = torch.full_like(x, smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)'];

const classOf = (parameters: string, init: readonly string[], ...forward: readonly string[]): string =>
  [
    `${head}class SmoothedLoss(nn.Module):`,
    `    def __init__(self, ${parameters}):`,
    '        super().__init__()',
    ...init.map((line) => `        ${line}`),
    '',
    '    def forward(self, x, y):',
    ...forward.map((line) => `        ${line}`),
    '',
  ].join('\n');

const weighted = ['self.weight = weight', 'self.reduction = reduction', 'self.smoothing = smoothing'];
const scatterClass = [
  'K = x.size(-1)',
  'q = torch.full_like(x, self.smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - self.smoothing)',
  'logp = F.log_softmax(x, dim=-1)',
];
const padded = (test: string, reduce: string): string =>
  classOf(
    'size, padding_idx=0, smoothing=0.1',
    ['self.size = size', 'self.padding_idx = padding_idx', 'self.smoothing = smoothing'],
    'logp = F.log_softmax(x, dim=-1)',
    'q = torch.full_like(logp, self.smoothing / (self.size - 2))',
    'q.scatter_(1, y.unsqueeze(1), 1 - self.smoothing)',
    'q[:, self.padding_idx] = 0',
    'mask = torch.nonzero(y == self.padding_idx)',
    `if ${test}:`,
    '    q.index_fill_(0, mask.squeeze(1), 0.0)',
    `return ${reduce}`,
  );

interface Row {
  readonly rule: string;
  readonly code: string;
  /** The line the finding stands on, from 1. */
  readonly line?: number;
  /** A piece of the text after the fix; null where none is offered. */
  readonly fixed?: string | null;
  readonly says?: RegExp;
}

const positive: readonly Row[] = [
  {
    rule: 'target-mass',
    code: functionOf(
      'K = x.size(1)',
      'q = torch.full_like(x, smoothing / K).scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
    fixed: 'smoothing / (K - 1)',
    says: /sum to 0\.98, not 1: 0\.9 on the target and 0\.02 \(ε\/K\)/u,
  },
  {
    rule: 'target-mass',
    code: functionOf(
      'K = x.size(1)',
      'q = torch.full_like(x, smoothing / (K - 2)).scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
    fixed: 'smoothing / (K - 1)',
    says: /ε\/\(K−2\), with no class left out/u,
  },
  {
    rule: 'kldiv-mean',
    code: functionOf(...scatter, 'return F.kl_div(F.log_softmax(x, dim=1), q)'),
    fixed: "F.kl_div(F.log_softmax(x, dim=1), q, reduction='batchmean')",
  },
  {
    rule: 'kldiv-mean',
    code: functionOf(...scatter, "return nn.KLDivLoss(reduction='mean')(F.log_softmax(x, dim=1), q)"),
    fixed: "nn.KLDivLoss(reduction='batchmean')",
  },
  {
    rule: 'mean-without-dim',
    code: functionOf(
      'logp = F.log_softmax(x, dim=-1)',
      'n = -logp.gather(1, y.unsqueeze(1)).squeeze(1)',
      'u = -logp.mean()',
      'loss = (1 - smoothing) * n + smoothing * u',
      'return loss.mean()',
    ),
    line: 8,
    fixed: 'u = -logp.mean(dim=-1)',
  },
  {
    rule: 'padding-in-mean',
    code: padded('mask.numel() > 0', '-(q * logp).sum(-1).mean()'),
    fixed: null,
  },
  {
    rule: 'padding-in-mean',
    code: classOf(
      'smoothing=0.1, ignore_index=-100',
      ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
      'logp = F.log_softmax(x, dim=-1)',
      'pad = y.eq(self.ignore_index)',
      'n = -logp.gather(-1, y.clamp(min=0).unsqueeze(-1)).squeeze(-1)',
      'u = -logp.mean(dim=-1)',
      'loss = (1 - self.smoothing) * n + self.smoothing * u',
      'return loss.masked_fill(pad, 0.0).mean()',
    ),
    says: /target -100/u,
  },
  {
    rule: 'first-padding-row',
    code: padded('mask.sum() > 0', '-(q * logp).sum()'),
    fixed: 'if mask.numel() > 0:',
  },
  {
    rule: 'ignored-row-smoothed',
    code: classOf(
      'smoothing=0.1, ignore_index=-100',
      ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
      'logp = F.log_softmax(x, dim=-1)',
      'pad = y.eq(self.ignore_index)',
      'n = -logp.gather(-1, y.clamp(min=0).unsqueeze(-1)).squeeze(-1).masked_fill(pad, 0.0)',
      'u = -logp.mean(dim=-1)',
      'return ((1 - self.smoothing) * n + self.smoothing * u).sum()',
    ),
  },
  {
    rule: 'ignored-row-fails',
    code: classOf(
      'smoothing=0.1, ignore_index=-100',
      ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
      ...scatterClass,
      'return -(q * logp).sum(1)[y != self.ignore_index].sum()',
    ),
    says: /-100/u,
  },
  {
    rule: 'weights-not-normalised',
    code: classOf(
      "weight=None, reduction='mean', smoothing=0.1",
      weighted,
      ...scatterClass,
      'if self.weight is not None:',
      '    logp = logp * self.weight',
      'return -(q * logp).sum(-1).mean()',
    ),
  },
  {
    rule: 'reduction-ignored',
    code: classOf("weight=None, reduction='mean', smoothing=0.1", weighted, ...scatterClass, 'return -(q * logp).sum(-1).mean()'),
  },
  {
    rule: 'deprecated-reduction',
    code: functionOf(...scatter, 'return nn.KLDivLoss(size_average=False)(F.log_softmax(x, dim=1), q)'),
    fixed: "nn.KLDivLoss(reduction='sum')",
  },
  {
    rule: 'softmax-twice',
    code: functionOf('return F.cross_entropy(F.softmax(x, dim=1), y, label_smoothing=smoothing)'),
    fixed: 'F.cross_entropy(x, y, label_smoothing=smoothing)',
  },
  {
    rule: 'probabilities-for-log-probabilities',
    code: functionOf(...scatter, "return F.kl_div(F.softmax(x, dim=1), q, reduction='batchmean')"),
    fixed: 'F.kl_div(F.log_softmax(x, dim=1)',
  },
  {
    rule: 'softmax-over-rows',
    code: functionOf(...scatter, 'return -(q * F.log_softmax(x, dim=0)).sum(1).mean()'),
    fixed: 'F.log_softmax(x, dim=-1)',
  },
  {
    rule: 'log-of-softmax',
    code: functionOf(...scatter, 'return -(q * torch.log(F.softmax(x, dim=1))).sum(1).mean()'),
    fixed: 'q * F.log_softmax(x, dim=1)).sum(1)',
    says: /inf/u,
  },
  {
    rule: 'implicit-dim',
    code: functionOf(...scatter, 'return -(q * F.log_softmax(x)).sum(1).mean()'),
    fixed: 'F.log_softmax(x, dim=-1)',
  },
  {
    rule: 'takes-log-probabilities',
    code: functionOf('n = -x.gather(1, y.unsqueeze(1)).squeeze(1)', 'return ((1 - smoothing) * n - smoothing * x.mean(dim=1)).mean()'),
  },
  {
    rule: 'smoothing-unused',
    code: classOf(
      'label_smoothing=0.1',
      ['self.label_smoothing = label_smoothing'],
      'if self.label_smoothing > 1:',
      '    x = x * (1 - self.label_smoothing)',
      'return F.nll_loss(F.log_softmax(x, dim=1), y)',
    ),
  },
  { rule: 'smoothing-range', code: `${head}criterion = nn.CrossEntropyLoss(label_smoothing=-0.1)\n`, says: /takes it for 0/u },
  {
    rule: 'binary-smoothing',
    code: functionOf(
      'K = x.size(1)',
      'q = torch.full_like(x, smoothing / K).scatter_(1, y.unsqueeze(1), 1 - smoothing + smoothing / K)',
      'return F.binary_cross_entropy_with_logits(x, q)',
    ),
    says: /on 0\.95, off 0\.05/u,
  },
  {
    rule: 'prediction-smoothed',
    code: functionOf('p = F.softmax(x, dim=1)', 'p = (1 - smoothing) * p + smoothing / x.size(1)', 'return F.nll_loss(torch.log(p), y)'),
  },
  {
    rule: 'entropy-subtracted',
    code: functionOf(...scatter, "return F.kl_div(F.log_softmax(x, dim=1), q, reduction='batchmean')"),
  },
  { rule: 'entropy-floor', code: functionOf('return F.cross_entropy(x, y, label_smoothing=smoothing)') },
];

const correct: Readonly<Record<string, string>> = {
  'fill/scatter': functionOf(...scatter, 'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()'),
  'fill/scatter, summed': functionOf(...scatter, 'return -(q * F.log_softmax(x, dim=1)).sum()'),
  'fill/scatter, unreduced': functionOf(...scatter, 'return -(q * F.log_softmax(x, dim=1)).sum(1)'),
  'the uniform mixture': functionOf(
    'logp = F.log_softmax(x, dim=-1)',
    'n = -logp.gather(1, y.unsqueeze(1)).squeeze(1)',
    'u = -logp.mean(dim=-1)',
    'return ((1 - smoothing) * n + smoothing * u).mean()',
  ),
  'the built-in': functionOf('return F.cross_entropy(x, y, label_smoothing=smoothing)'),
  'the built-in with weight and reduction': classOf(
    "weight=None, reduction='mean', smoothing=0.1",
    weighted,
    'return F.cross_entropy(x, y, weight=self.weight, reduction=self.reduction, label_smoothing=self.smoothing)',
  ),
  'a use of the built-in': `${head}criterion = nn.CrossEntropyLoss(label_smoothing=0.1)\n`,
  'KLDiv batchmean': functionOf(...scatter, "return F.kl_div(F.log_softmax(x, dim=1), q, reduction='batchmean')"),
  'KLDiv summed': functionOf(...scatter, "return nn.KLDivLoss(reduction='sum')(F.log_softmax(x, dim=1), q)"),
  'half of it, as one of two terms': functionOf(...scatter, 'return 0.5 * -(q * F.log_softmax(x, dim=1)).sum(1).mean()'),
  'padding left out of the mean': padded('mask.numel() > 0', '-(q * logp).sum() / (y != self.padding_idx).sum()'),
  'padding, summed': padded('mask.dim() > 0', '-(q * logp).sum()'),
  'smoothing switched off at 0': classOf(
    'smoothing=0.1',
    ['self.smoothing = smoothing'],
    'if self.smoothing == 0:',
    '    return F.cross_entropy(x, y)',
    ...scatterClass,
    'return -(q * logp).sum(-1).mean()',
  ),
  'focal with smoothing': functionOf(
    ...scatter,
    'logp = F.log_softmax(x, dim=1)',
    'return -(q * (1 - logp.exp()) ** 2 * logp).sum(1).mean()',
  ),
  'a binary loss smoothed as one': functionOf(
    'K = x.size(1)',
    'q = torch.full_like(x, smoothing / 2).scatter_(1, y.unsqueeze(1), 1 - smoothing / 2)',
    'return F.binary_cross_entropy_with_logits(x, q)',
  ),
  'ignored rows masked out of both terms': classOf(
    'smoothing=0.1, ignore_index=-100',
    ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
    'logp = F.log_softmax(x, dim=-1)',
    'pad = y.eq(self.ignore_index)',
    'n = -logp.gather(-1, y.clamp(min=0).unsqueeze(-1)).squeeze(-1)',
    'u = -logp.mean(dim=-1)',
    'loss = (1 - self.smoothing) * n + self.smoothing * u',
    'return loss.masked_fill(pad, 0.0).sum() / (~pad).sum()',
  ),
  'weights divided out': classOf(
    "weight=None, reduction='mean', smoothing=0.1",
    weighted,
    ...scatterClass,
    'w = torch.ones(K) if self.weight is None else self.weight',
    'loss = -(q * logp * w).sum(-1)',
    "if self.reduction == 'none':",
    '    return loss',
    "if self.reduction == 'sum':",
    '    return loss.sum()',
    'return loss.sum() / w[y].sum()',
  ),
};

/** Explanations that stand on correct code too. */
const explanations = new Set(['entropy-floor', 'entropy-subtracted', 'takes-log-probabilities']);

function inspected(code: string): Inspection {
  const { losses, problems } = inspect({ file: 'loss.py', text: code });
  const [loss] = losses;
  assert.ok(loss !== undefined, JSON.stringify(problems));
  assert.equal(loss.status, 'measured', loss.problem?.message);
  return loss;
}

function applied(code: string, { fix }: Finding): string {
  return [...fix!.edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((text, { range, newText }) => text.slice(0, range.start) + newText + text.slice(range.end), code);
}

describe('findings', function () {
  this.timeout(30_000);

  for (const { rule, code, line, fixed, says } of positive) {
    it(`${rule}: ${code.split('\n').at(-2)!.trim()}`, () => {
      const loss = inspected(code);
      const found = loss.findings.find((finding) => finding.rule === rule);
      assert.ok(found !== undefined, `found ${JSON.stringify(loss.findings.map((one) => one.rule))}; ${loss.measured?.verdict ?? ''}`);
      if (line !== undefined) assert.equal(found.range.line, line);
      if (says !== undefined) assert.match(found.message, says);
      if (fixed === null) assert.equal(found.fix, undefined);
      if (typeof fixed === 'string') {
        assert.ok(found.fix !== undefined, 'no fix is offered');
        const text = applied(code, found);
        assert.ok(text.includes(fixed), text);
        const after = inspected(text);
        assert.ok(!after.findings.some((one) => one.rule === rule), 'the finding is still there after its fix');
        if (found.fix.keepsNumbers)
          assert.ok(Math.abs(Number(after.value) - Number(loss.value)) <= 1e-5 + 1.3e-6 * Math.abs(Number(loss.value)));
      }
    });
  }

  for (const [name, code] of Object.entries(correct)) {
    it(`nothing to say of ${name}`, () => {
      const alarms = inspected(code).findings.filter((finding) => !explanations.has(finding.rule));
      assert.deepEqual(
        alarms.map(({ rule, message }) => `${rule}: ${message}`),
        [],
      );
    });
  }

  it('is silent where a comment says so, and only about that rule', () => {
    const code = functionOf(...scatter, 'return -(q * F.log_softmax(x)).sum(1).mean()  # loss-inspector: ignore[implicit-dim]');
    assert.ok(!inspected(code).findings.some(({ rule }) => rule === 'implicit-dim'));
    const other = code.replace('ignore[implicit-dim]', 'ignore[target-mass]');
    assert.ok(inspected(other).findings.some(({ rule }) => rule === 'implicit-dim'));
    const above = code
      .replace('  # loss-inspector: ignore[implicit-dim]', '')
      .replace('    return', '    # loss-inspector: ignore\n    return');
    assert.ok(!inspected(above).findings.some(({ rule }) => rule === 'implicit-dim'));
  });

  it('offers a fix in a text dump of a notebook, on the text of the dump', () => {
    const code = functionOf(...scatter, 'return F.kl_div(F.log_softmax(x, dim=1), q)');
    const dump = `## A loss\n\nSome words about it.\n\nIn [1]:\n${code}\n\nIn [2]:\n1 + 1\n\n2\n`;
    const { losses } = inspect({ file: 'notebook.txt', text: dump });
    const found = losses.flatMap(({ findings }) => findings).find(({ rule }) => rule === 'kldiv-mean');
    assert.ok(found?.fix !== undefined, 'no fix is offered');
    assert.ok(applied(dump, found).includes("q, reduction='batchmean')\n\n\nIn [2]:"));
  });

  it('has a positive case for every rule that Python code can break', () => {
    const tested = new Set(positive.map(({ rule }) => rule));
    const elsewhere = new Set(['one-hot-integer', 'not-epsilon', 'rows-depend', 'deprecated-variable', 'unknown-rule']);
    assert.deepEqual(
      rules.map(({ id }) => id).filter((id) => !tested.has(id) && !elsewhere.has(id)),
      [],
    );
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  });
});
