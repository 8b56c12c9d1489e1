/** A loss's body replaced by torch's cross entropy: what is offered, that it keeps the numbers, and what is refused. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { InspectRequest, Inspection, Num, Rewrite, TextEdit } from '../../../src/inspection';
import { parsePython } from '../../../src/language/python';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n';

const smoothed = (...body: readonly string[]): string =>
  `${head}def smoothed(x, y, smoothing=0.1):\n${body.map((line) => `    ${line}\n`).join('')}`;

const loss = (parameters: string, init: readonly string[], forward: readonly string[], more: readonly string[] = []): string =>
  [
    `${head}class Smoothed(nn.Module):`,
    `    def __init__(self${parameters === '' ? '' : `, ${parameters}`}):`,
    '        super().__init__()',
    ...init.map((line) => `        ${line}`),
    ...more.map((line) => (line === '' ? '' : `    ${line}`)),
    '',
    '    def forward(self, x, y):',
    ...forward.map((line) => `        ${line}`),
    '',
  ].join('\n');

const gathered = [
  'logp = F.log_softmax(x, dim=-1)',
  'nll = -logp.gather(-1, y.unsqueeze(1)).squeeze(1)',
  'loss = (1 - self.eps) * nll - self.eps * logp.mean(-1)',
];

interface Offered {
  readonly what: string;
  readonly code: string;
  /** What stands after the edit in place of the body. */
  readonly body: string;
  /** Another piece of the text after the edit. */
  readonly also?: string;
}

const offered: readonly Offered[] = [
  {
    what: 'fill/scatter class',
    code: loss(
      'classes, smoothing=0.1',
      ['self.classes = classes', 'self.smoothing = smoothing'],
      [
        '"""Mean over the rows."""',
        'logp = F.log_softmax(x, dim=-1)',
        'q = torch.zeros_like(logp).fill_(self.smoothing / (self.classes - 1))',
        'q.scatter_(1, y.unsqueeze(1), 1 - self.smoothing)',
        'return torch.mean(torch.sum(-q * logp, dim=-1))  # mean',
      ],
    ),
    body: '        """Mean over the rows."""\n        return F.cross_entropy(x, y, label_smoothing=self.smoothing * x.size(-1) / (x.size(-1) - 1))\n',
  },
  {
    what: 'uniform mixture class',
    code: loss('eps=0.1', ['self.eps = eps'], [...gathered, 'return loss.mean()']),
    body: '    def forward(self, x, y):\n        return F.cross_entropy(x, y, label_smoothing=self.eps)\n',
  },
  {
    what: 'only the confidence is kept',
    code: loss(
      'smoothing=0.1',
      ['self.confidence = 1.0 - smoothing'],
      [
        'logp = F.log_softmax(x, dim=-1)',
        'K = x.size(-1)',
        'q = torch.full_like(logp, (1.0 - self.confidence) / (K - 1)).scatter_(1, y.unsqueeze(1), self.confidence)',
        'return -(q * logp).sum(-1).mean()',
      ],
    ),
    body: 'return F.cross_entropy(x, y, label_smoothing=(1 - self.confidence) * x.size(-1) / (x.size(-1) - 1))\n',
  },
  {
    what: 'reduction',
    code: loss(
      "eps=0.1, reduction='mean'",
      ['self.eps = eps', 'self.reduction = reduction'],
      [...gathered, "if self.reduction == 'mean':", '    return loss.mean()', "return loss.sum() if self.reduction == 'sum' else loss"],
    ),
    body: 'return F.cross_entropy(x, y, reduction=self.reduction, label_smoothing=self.eps)\n',
  },
  {
    what: 'always summed',
    code: loss('eps=0.1', ['self.eps = eps'], [...gathered, 'return loss.sum()']),
    body: "return F.cross_entropy(x, y, reduction='sum', label_smoothing=self.eps)\n",
  },
  {
    what: 'class weights as torch counts them',
    code: loss(
      'weight=None, eps=0.1',
      ['self.weight = weight', 'self.eps = eps'],
      [
        'logp = F.log_softmax(x, dim=-1)',
        'w = torch.ones(x.size(-1)) if self.weight is None else self.weight',
        'logp = logp * w',
        'nll = -logp.gather(-1, y.unsqueeze(1)).squeeze(1)',
        'return ((1 - self.eps) * nll - self.eps * logp.mean(-1)).sum() / w[y].sum()',
      ],
    ),
    body: 'return F.cross_entropy(x, y, weight=self.weight, label_smoothing=self.eps)\n',
  },
  {
    what: 'rows of an ignored target are left out of sum and count',
    code: loss(
      'eps=0.1, ignore_index=-100',
      ['self.eps = eps', 'self.ignore_index = ignore_index'],
      [
        'logp = -F.log_softmax(x, dim=-1)',
        'left = y.ne(self.ignore_index)',
        'y = y.clamp(min=0)',
        'nll = logp.gather(-1, y.unsqueeze(-1)).squeeze(-1)[left].sum()',
        'uniform = logp.mean(-1)[left].sum()',
        'return ((1 - self.eps) * nll + self.eps * uniform) / left.sum()',
      ],
    ),
    body: 'return F.cross_entropy(\n            x.reshape(-1, x.size(-1)),',
  },
  {
    what: 'a function',
    code: smoothed('logp = x.log_softmax(dim=1)', 'return (1 - smoothing) * F.nll_loss(logp, y) - smoothing * logp.mean(dim=1).mean()'),
    body: 'def smoothed(x, y, smoothing=0.1):\n    return F.cross_entropy(x, y, label_smoothing=smoothing)\n',
  },
  {
    what: 'a function on one line',
    code: `${head}def smoothed(x, y, eps=0.1): return (1 - eps) * F.cross_entropy(x, y) - eps * F.log_softmax(x, -1).mean(-1).mean()\n`,
    body: 'def smoothed(x, y, eps=0.1): return F.cross_entropy(x, y, label_smoothing=eps)\n',
  },
  {
    what: 'type annotations, a decorator and another function that uses the helper',
    code: `${head}def mixture(logp, eps):\n    return eps * logp.mean(-1)\n\n\n@torch.jit.script_if_tracing\ndef smoothed(x: torch.Tensor, y: torch.Tensor, eps: float = 0.1) -> torch.Tensor:\n    logp = F.log_softmax(x, dim=-1)\n    nll = -logp.gather(-1, y[:, None]).squeeze(1)\n    return ((1 - eps) * nll - mixture(logp, eps)).mean()\n\n\ndef other(x):\n    return mixture(x, 0.5)\n`,
    body: '-> torch.Tensor:\n    return F.cross_entropy(x, y, label_smoothing=eps)\n\n\ndef other(x):\n    return mixture(x, 0.5)\n',
  },
  {
    what: 'a class whose other method uses a helper of forward',
    code: loss(
      'eps=0.1',
      ['self.eps = eps'],
      ['return self.rows(x, y).mean()'],
      [
        '',
        'def rows(self, x, y):',
        '    logp = F.log_softmax(x, -1)',
        '    nll = -logp.gather(-1, y.unsqueeze(1)).squeeze(1)',
        '    return (1 - self.eps) * nll - self.eps * logp.mean(-1)',
        '',
        'def worst(self, x, y):',
        '    return self.rows(x, y).max()',
      ],
    ),
    body: '    def forward(self, x, y):\n        return F.cross_entropy(x, y, label_smoothing=self.eps)\n',
    also: '        return self.rows(x, y).max()\n',
  },
  {
    what: 'tabs',
    code: `${head}def smoothed(x, y, eps=0.1):\n\tlogp = F.log_softmax(x, -1)\n\tnll = F.nll_loss(logp, y)\n\treturn (1 - eps) * nll - eps * logp.mean()\n`,
    body: 'def smoothed(x, y, eps=0.1):\n\treturn F.cross_entropy(x, y, label_smoothing=eps)\n',
  },
  {
    what: 'CRLF, and an import that has to be added',
    code: 'from torch.nn.functional import log_softmax, nll_loss\r\n\r\n\r\ndef smoothed(x, y, eps=0.1):\r\n    logp = log_softmax(x, -1)\r\n    nll = nll_loss(logp, y)\r\n    return (1 - eps) * nll - eps * logp.mean()\r\n',
    body: 'def smoothed(x, y, eps=0.1):\r\n    return F.cross_entropy(x, y, label_smoothing=eps)\r\n',
    also: 'import torch.nn.functional as F\r\nfrom torch.nn.functional import log_softmax, nll_loss\r\n',
  },
  {
    what: 'only torch.nn has a name',
    code: 'from torch import nn\n\n\ndef smoothed(x, y, eps=0.1):\n    logp = nn.functional.log_softmax(x, -1)\n    return (1 - eps) * nn.functional.nll_loss(logp, y) - eps * logp.mean()\n',
    body: '    return nn.functional.cross_entropy(x, y, label_smoothing=eps)\n',
  },
  {
    what: 'log-probabilities are handed over',
    code: `${head}def smoothed(lprobs, y, eps=0.1):\n    nll = -lprobs.gather(-1, y.unsqueeze(-1))\n    uniform = -lprobs.sum(-1, keepdim=True)\n    share = eps / (lprobs.size(-1) - 1)\n    return ((1 - eps - share) * nll + share * uniform).sum()\n`,
    body: 'lprobs.reshape(-1, lprobs.size(-1)),',
  },
  {
    what: 'one-hot targets',
    code: `${head}def smoothed(x, onehot, eps=0.1):\n    q = onehot * (1 - eps) + eps / x.size(-1)\n    return -(q * F.log_softmax(x, -1)).sum(-1).mean()\n`,
    body: '    return F.cross_entropy(x, onehot, label_smoothing=eps)\n',
  },
  {
    what: 'ε is a number in the body',
    code: `${head}def smoothed(x, y):\n    logp = F.log_softmax(x, -1)\n    return (1 - 0.1) * F.nll_loss(logp, y) - 0.1 * logp.mean()\n`,
    body: '    return F.cross_entropy(x, y, label_smoothing=0.1)\n',
  },
  {
    what: 'the targets of the code are a column',
    code: `${head}def smoothed(x, y, eps=0.1):\n    logp = F.log_softmax(x, -1)\n    nll = -logp.gather(1, y).squeeze(1)\n    return ((1 - eps) * nll - eps * logp.mean(-1)).mean()\n`,
    body: 'y.reshape(-1)',
  },
];

interface Refused {
  readonly what: string;
  readonly code: string;
  readonly says: RegExp;
}

const refused: readonly Refused[] = [
  {
    what: 'KL divergence',
    code: smoothed(
      'q = torch.full_like(x, smoothing / (x.size(1) - 1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      "return F.kl_div(F.log_softmax(x, 1), q, reduction='batchmean')",
    ),
    says: /higher by their entropy, H\(q\) = 0\.4637 per row/u,
  },
  {
    what: 'targets that do not sum to one',
    code: smoothed(
      'q = torch.full_like(x, smoothing / x.size(1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, 1)).sum(1).mean()',
    ),
    says: /targets that sum to 0\.98\. The nearest, .*label_smoothing=/u,
  },
  {
    what: 'class weights that are divided by N',
    code: loss(
      'weight=None, eps=0.1',
      ['self.weight = weight', 'self.eps = eps'],
      [
        'logp = F.log_softmax(x, dim=-1)',
        'q = torch.full_like(x, self.eps / x.size(-1)).scatter_(1, y.unsqueeze(1), 1 - self.eps + self.eps / x.size(-1))',
        'if self.weight is not None:',
        '    logp = logp * self.weight',
        'return -(q * logp).sum(-1).mean()',
      ],
    ),
    says: /^With class weights yours gives .* torch divides its mean by the sum of the targets’ weights\.$/u,
  },
  {
    what: 'padding rows that are counted in the mean',
    code: loss(
      'padding_idx=0, eps=0.1',
      ['self.padding_idx = padding_idx', 'self.eps = eps'],
      [
        'logp = F.log_softmax(x, dim=-1)',
        'nll = -logp.gather(-1, y.unsqueeze(1)).squeeze(1)',
        'loss = (1 - self.eps) * nll - self.eps * logp.mean(-1)',
        'return loss.masked_fill(y == self.padding_idx, 0.0).mean()',
      ],
    ),
    says: /yours gives/iu,
  },
  {
    what: 'more than the loss is returned',
    code: smoothed(
      'logp = F.log_softmax(x, -1)',
      'nll = F.nll_loss(logp, y)',
      'return (1 - smoothing) * nll - smoothing * logp.mean(), nll',
    ),
    says: /returns more than the loss/u,
  },
  {
    what: 'a temperature',
    code: `${head}def smoothed(x, y, eps=0.1, temperature=1.0):\n    logp = F.log_softmax(x / temperature, -1)\n    return (1 - eps) * F.nll_loss(logp, y) - eps * logp.mean()\n`,
    says: /also takes temperature/u,
  },
  {
    what: 'an attribute that is set',
    code: loss(
      'eps=0.1',
      ['self.eps = eps'],
      ['logp = F.log_softmax(x, -1)', 'self.nll = F.nll_loss(logp, y)', 'return (1 - self.eps) * self.nll - self.eps * logp.mean()'],
    ),
    says: /also sets self\.nll/u,
  },
  {
    what: 'a mean over all elements',
    code: smoothed('q = F.one_hot(y, x.size(1)) * (1 - smoothing) + smoothing / x.size(1)', 'return -(q * F.log_softmax(x, 1)).mean()'),
    says: /5 times as much\. Yours divides by N·K/u,
  },
  {
    what: 'a binary cross entropy',
    code: smoothed('q = F.one_hot(y, x.size(1)) * (1 - smoothing) + smoothing / 2', 'return F.binary_cross_entropy_with_logits(x, q)'),
    says: /computes something else\. Not a softmax loss/u,
  },
  {
    what: 'a focal loss',
    code: smoothed(
      'logp = F.log_softmax(x, 1)',
      'q = F.one_hot(y, x.size(1)) * (1 - smoothing) + smoothing / x.size(1)',
      'return -(q * (1 - logp.exp()) ** 2 * logp).sum(1).mean()',
    ),
    says: /^No built-in of torch computes it/u,
  },
  {
    what: 'a padding column',
    code: loss(
      'size, padding_idx=0, smoothing=0.1',
      ['self.size = size', 'self.padding_idx = padding_idx', 'self.smoothing = smoothing'],
      [
        'q = torch.full_like(x, self.smoothing / (self.size - 2))',
        'q.scatter_(1, y.unsqueeze(1), 1 - self.smoothing)',
        'q[:, self.padding_idx] = 0',
        'q[y == self.padding_idx] = 0',
        'return -(q * F.log_softmax(x, -1)).sum()',
      ],
    ),
    says: /its column is 0/u,
  },
  {
    what: 'no smoothing in eval mode',
    code: loss(
      'eps=0.1',
      ['self.eps = eps'],
      [
        'eps = self.eps if self.training else 0.0',
        'logp = F.log_softmax(x, -1)',
        'return (1 - eps) * F.nll_loss(logp, y) - eps * logp.mean()',
      ],
    ),
    says: /eval mode/u,
  },
  {
    what: 'a batch of ignored rows alone gives 0, torch NaN',
    code: loss(
      'eps=0.1, ignore_index=-100',
      ['self.eps = eps', 'self.ignore_index = ignore_index'],
      [
        'logp = F.log_softmax(x, -1)',
        'left = (y != self.ignore_index).float()',
        'nll = -logp.gather(1, y.clamp(min=0).unsqueeze(1)).squeeze(1)',
        'rows = (1 - self.eps) * nll - self.eps * logp.mean(-1)',
        'return (rows * left).sum() / left.sum().clamp(min=1)',
      ],
    ),
    says: /^Where every row is left out yours gives 0, F\.cross_entropy NaN/u,
  },
  {
    what: 'a logarithm that is kept from large values',
    code: smoothed('logp = F.log_softmax(x, 1).clamp(min=-12)', 'return (1 - smoothing) * F.nll_loss(logp, y) - smoothing * logp.mean()'),
    says: /^On ordinary logits .* where they reach ±20/u,
  },
  {
    what: 'distributions as targets are taken as they are',
    code: `${head}def smoothed(x, y, eps=0.1):\n    K = x.size(1)\n    hard = y if y.dim() == 1 else y.argmax(1)\n    q = F.one_hot(hard, K) * (1 - eps) + eps / K\n    return -(q * F.log_softmax(x, 1)).sum(1).mean()\n`,
    says: /^On targets that are distributions/u,
  },
];

const file = 'losses.py';

function only(text: string, request: Partial<InspectRequest> = {}): Inspection {
  const { losses, problems } = inspect({ file, text, ...request });
  const found = losses.filter(({ kind }) => kind === 'class' || kind === 'function');
  assert.ok(found.length > 0, JSON.stringify(problems));
  const one = found.find(({ name }) => /smoothed/iu.test(name))!;
  assert.equal(one.status, 'measured', one.problem?.message);
  return one;
}

const byBuiltin = ({ rewrites }: Inspection): readonly Rewrite[] => rewrites.filter(({ title }) => title.startsWith('Replace'));

function applied(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.range.start - a.range.start)
    .reduce((edited, { range, newText }) => edited.slice(0, range.start) + newText + edited.slice(range.end), text);
}

function assertClose(actual: readonly Num[], expected: readonly Num[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((number, i) => {
    const [a, b] = [Number(actual[i]), Number(number)];
    assert.ok(Math.abs(a - b) <= 1e-5 + 1.3e-6 * Math.abs(b), `${a} ≠ ${b}`);
  });
}

describe('replacing the body by torch’s cross entropy', function () {
  this.timeout(20_000);

  for (const { what, code, body, also } of offered)
    it(`is offered: ${what}`, () => {
      const before = only(code);
      const [rewrite, ...more] = byBuiltin(before);
      assert.equal(more.length, 0);
      assert.equal(rewrite?.kind, 'offered', rewrite?.kind === 'refused' ? rewrite.reason : 'none');
      assert.equal(rewrite.keepsNumbers, true);
      const after = applied(code, rewrite.edits);
      assert.ok(after.includes(body), after);
      if (also !== undefined) assert.ok(after.includes(also), after);
      assert.deepEqual(parsePython(after).problems, []);
      const requests: readonly Partial<InspectRequest>[] = [
        {},
        { classes: 3 },
        { classes: 7 },
        ...(before.smoothing === null ? [] : [{ smoothing: 0.3 }]),
      ];
      for (const request of requests) {
        const [mine, theirs] = [only(code, { ...request, brief: true }), only(after, { ...request, brief: true })];
        assertClose([theirs.value ?? 0], [mine.value ?? 0]);
        assertClose(theirs.gradient!.values, mine.gradient!.values);
        assert.equal(theirs.measured?.formulation, mine.measured?.formulation);
      }
      // What it is now is not offered again.
      assert.deepEqual(byBuiltin(only(after)), []);
    });

  for (const { what, code, says } of refused)
    it(`is refused: ${what}`, () => {
      const [rewrite] = byBuiltin(only(code));
      assert.equal(rewrite?.kind, 'refused');
      assert.match(rewrite.reason, says);
    });

  it('is not spoken of for the built-in itself, or in a brief inspection', () => {
    const code = smoothed('return F.cross_entropy(x, y, label_smoothing=smoothing)');
    assert.deepEqual(byBuiltin(only(code)), []);
    assert.deepEqual(only(offered[0]!.code, { brief: true }).rewrites, []);
  });

  it('is left out where the text of the program is not that of the document', () => {
    const cell = { cell_type: 'code', source: offered[1]!.code, metadata: {}, outputs: [], execution_count: null };
    const { losses } = inspect({
      file: 'losses.ipynb',
      text: JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    });
    assert.equal(losses[0]?.status, 'measured');
    assert.deepEqual(losses[0].rewrites, []);
  });

  it('works in a dump and in Markdown, where the lines stand as they were read', () => {
    const text = `# Notes\n\n\`\`\`python\n${offered[7]!.code}\`\`\`\n`;
    const { losses } = inspect({ file: 'notes.md', text });
    const rewrite = losses[0]!.rewrites[0];
    assert.equal(rewrite?.kind, 'offered');
    const after = applied(text, rewrite.edits);
    assert.match(after, /```python\n[^`]*return F\.cross_entropy\(x, y, label_smoothing=smoothing\)\n```\n$/u);
  });
});
