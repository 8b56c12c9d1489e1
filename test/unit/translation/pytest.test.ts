/** The pytest file of a loss's numbers: run by our own interpreter it passes, with another number in it it fails. */
import assert from 'node:assert/strict';
import { pythonLibraries } from '../../../src/execution/libraries';
import { inspect } from '../../../src/inspect';
import type { InspectRequest, Inspection } from '../../../src/inspection';
import { createInterpreter } from '../../../src/interpreter/interpreter';
import { parsePython } from '../../../src/language/python';
import { withTensors } from '../../../src/tensor/run';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n';
const of = (...body: readonly string[]): string => `${head}def smoothed(x, y, eps=0.1):\n${body.map((line) => `    ${line}\n`).join('')}`;
const gathered = ['logp = F.log_softmax(x, -1)', 'nll = -logp.gather(1, y.unsqueeze(1)).squeeze(1)'];

interface Row {
  readonly what: string;
  readonly code: string;
  readonly file?: string;
  readonly name?: string;
  readonly request?: Partial<InspectRequest>;
  readonly has: readonly string[];
}

const rows: readonly Row[] = [
  {
    what: 'a function',
    code: of(...gathered, 'return ((1 - eps) * nll - eps * logp.mean(-1)).mean()'),
    has: ['from losses import smoothed\n', '    loss = smoothed(logits, targets)\n', 'loss.backward()'],
  },
  {
    what: 'a class with a reduction and class weights',
    code: `${head}class Smoothed(nn.Module):
    def __init__(self, weight=None, reduction='mean', smoothing=0.1):
        super().__init__()
        self.weight, self.reduction, self.smoothing = weight, reduction, smoothing

    def forward(self, inputs, targets):
        logp = F.log_softmax(inputs, -1)
        if self.weight is not None:
            logp = logp * self.weight
        q = torch.full_like(logp, self.smoothing / (logp.size(-1) - 1)).scatter_(1, targets.unsqueeze(1), 1 - self.smoothing)
        loss = -(q * logp).sum(-1)
        return loss.mean() if self.reduction == 'mean' else loss.sum() if self.reduction == 'sum' else loss
`,
    name: 'Smoothed',
    request: {
      sample: {
        logits: [
          [1, 2, 3],
          [0.5, -1, 2],
        ],
        targets: [1, 2],
        classWeights: [0.2, 1, 3],
      },
    },
    has: [
      'criterion = Smoothed(weight=torch.tensor([0.2, 1.0, 3.0]))',
      'loss = criterion(logits, targets)',
      'def test_each_row():',
      "reduction='none'",
    ],
  },
  {
    what: 'a smoothing factor that was asked for',
    code: of(...gathered, 'return ((1 - eps) * nll - eps * logp.mean(-1)).mean()'),
    request: { smoothing: 0.3 },
    has: ['smoothed(logits, targets, eps=0.3)'],
  },
  {
    what: 'log-probabilities, and a tuple with the loss in it',
    code: `${head}def smoothed(lprobs, target, eps=0.1):\n    nll = -lprobs.gather(1, target.unsqueeze(1))\n    uniform = -lprobs.sum(-1, keepdim=True)\n    share = eps / (lprobs.size(-1) - 1)\n    return ((1 - eps - share) * nll + share * uniform).sum(), nll.sum()\n`,
    has: ['loss = smoothed(logits.log_softmax(dim=-1), targets)[0]\n'],
  },
  {
    what: 'one-hot targets',
    code: `${head}def smoothed(x, onehot, eps=0.1):\n    q = onehot * (1 - eps) + eps / x.size(-1)\n    return -(q * F.log_softmax(x, -1)).sum(-1).mean()\n`,
    has: ['smoothed(logits, torch.nn.functional.one_hot(targets, 5).float())'],
  },
  {
    what: 'targets in a column',
    code: of('logp = F.log_softmax(x, -1)', 'nll = -logp.gather(1, y).squeeze(1)', 'return ((1 - eps) * nll - eps * logp.mean(-1)).mean()'),
    has: ['smoothed(logits, targets.unsqueeze(1))'],
  },
  {
    what: 'a loss that is not reduced',
    code: of(...gathered, 'return (1 - eps) * nll - eps * logp.mean(-1)'),
    has: ['loss.sum().backward()'],
  },
  {
    what: 'padding',
    code: `${head}class Smoothed(nn.Module):
    def __init__(self, size, padding_idx, smoothing=0.1):
        super().__init__()
        self.size, self.padding_idx, self.smoothing = size, padding_idx, smoothing

    def forward(self, x, target):
        q = torch.full_like(x, self.smoothing / (self.size - 2)).scatter_(1, target.unsqueeze(1), 1 - self.smoothing)
        q[:, self.padding_idx] = 0
        q[target == self.padding_idx] = 0
        return F.kl_div(F.log_softmax(x, -1), q, reduction='sum')
`,
    name: 'Smoothed',
    has: ['criterion = Smoothed(size=5, padding_idx=0)'],
  },
  {
    what: 'a file that cannot be imported: the loss’s own code stands in the test, with what it uses',
    file: 'my-losses.py',
    code: `${head}import os\n\nEPS = 0.1\nother = F.one_hot\n\n\ndef mix(nll, uniform, eps):\n    os = 1\n    return (1 - eps) * nll + eps * uniform\n\n\ndef unused(x):\n    return x\n\n\ndef smoothed(x, y, eps=EPS):\n${gathered.map((line) => `    ${line}\n`).join('')}    return mix(nll, -logp.mean(-1), eps).mean()\n`,
    has: ['EPS = 0.1\n', 'def mix(nll, uniform, eps):', 'def smoothed(x, y, eps=EPS):'],
  },
  {
    what: 'a module that does not run as a whole',
    code: `${of(...gathered, 'return ((1 - eps) * nll - eps * logp.mean(-1)).mean()')}\n\nloader = open('data.txt')\n`,
    has: ['def smoothed(x, y, eps=0.1):'],
  },
  {
    what: 'a notebook',
    file: 'book.ipynb',
    code: JSON.stringify({
      cells: [
        {
          cell_type: 'code',
          source: of(...gathered, 'return ((1 - eps) * nll - eps * logp.mean(-1)).mean()'),
          metadata: {},
          outputs: [],
          execution_count: null,
        },
      ],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    }),
    has: ['import torch.nn.functional as F\n', 'def smoothed(x, y, eps=0.1):'],
  },
  {
    what: 'a use of the built-in',
    code: `${head}x = torch.tensor([[1.0, 2.0, 0.5], [0.2, 0.1, 3.0]])\ny = torch.tensor([1, 0])\ncriterion = nn.CrossEntropyLoss(label_smoothing=0.2)\nprint(criterion(x, y))\n`,
    name: 'CrossEntropyLoss',
    has: ['criterion = nn.CrossEntropyLoss(label_smoothing=0.2)\n', 'loss = criterion(logits, targets)\n'],
  },
];

function inspected({
  code,
  file = 'losses.py',
  name = 'smoothed',
  request = {},
}: Pick<Row, 'code' | 'file' | 'name' | 'request'>): Inspection {
  const { losses, problems } = inspect({ file, text: code, ...request });
  const found = losses.find((one) => one.name === name);
  assert.ok(found, JSON.stringify({ problems, names: losses.map((one) => one.name) }));
  assert.equal(found.status, 'measured', found.problem?.message);
  return found;
}

/** The first error of running the test file, after the module that it imports; null when it passes. */
function failure(test: string, module: string): string | null {
  return withTensors(
    () => {
      const interpreter = createInterpreter({ libraries: pythonLibraries });
      interpreter.run(parsePython(module), { keepGoing: true });
      const program = parsePython(test.replace(/^from losses import .*\n/mu, '\n'));
      const found = [...program.problems, ...interpreter.run(program).errors][0];
      if (found !== undefined) return found.message;
      for (const name of [...test.matchAll(/^def (test_\w+)/gmu)].map((match) => match[1]!)) {
        try {
          interpreter.call(interpreter.lookup(name)!);
        } catch (error) {
          return error instanceof Error ? error.message : String(error);
        }
      }
      return null;
    },
    { strict: true },
  );
}

describe('the pytest of a loss', function () {
  this.timeout(20_000);

  for (const row of rows)
    it(row.what, () => {
      const loss = inspected(row);
      const { code, note } = loss.translations!.pytest;
      assert.ok(code !== null, note);
      for (const piece of row.has) assert.ok(code.includes(piece), code);
      assert.doesNotMatch(code, /unused|import os|other =/u);
      const module = code.includes('from losses import') ? row.code : '';
      assert.equal(failure(code, module), null);
      // The numbers in it are those of the inspection, and another fails.
      const scalar = loss.value;
      if (typeof scalar === 'number') {
        const written = /assert_close\(loss, torch\.tensor\((-?[\d.e-]+)\)/u.exec(code)![1]!;
        assert.ok(Math.abs(Number(written) - scalar) < 1e-6);
        assert.match(failure(code.replace(written, String(Number(written) + 1e-4)), module) ?? 'passed', /not close/u);
      }
      const [first] = loss.gradient!.values;
      const inGradient = /expected = torch\.tensor\(\[\s*\[(-?[\d.e-]+)/u.exec(code)!;
      assert.ok(Math.abs(Number(inGradient[1]) - Number(first)) < 1e-7);
      const changed = inGradient[0].replace(inGradient[1]!, String(Number(first) + 1e-4));
      assert.match(failure(code.replace(inGradient[0], changed), module) ?? 'passed', /not close/u);
    });

  const body = `(x, y, eps=0.1):\n${[...gathered, 'return ((1 - eps) * nll - eps * logp.mean(-1)).mean()'].map((line) => `    ${line}\n`).join('')}`;
  for (const name of ['loss', 'logits', 'targets', 'criterion', 'expected', 'torch', 'LOGITS', 'TARGETS'])
    for (const file of ['losses.py', 'my-losses.py'])
      it(`names of its own beside a function named ${name}, in ${file}`, () => {
        const text = `import torch.nn.functional as F\n\n\ndef ${name}${body}`;
        const loss = inspected({ code: text, file, name });
        const { code, note } = loss.translations!.pytest;
        assert.ok(code !== null, note);
        assert.ok(code.includes(`= ${name}(logits`), code);
        const own = new RegExp(`^\\s*(?:${name} =|import ${name}$)`, 'mu');
        assert.doesNotMatch(code, own);
        const module = file === 'losses.py' ? text : '';
        assert.equal(failure(code, module), null, code);
        const written = /assert_close\(\w+, \w+\.tensor\((-?[\d.e-]+)\)/u.exec(code)![1]!;
        assert.match(failure(code.replace(written, String(Number(written) + 1e-4)), module) ?? 'passed', /not close/u);
      });

  it('names of its own beside constants that the loss reads', () => {
    const text = `import torch\nimport torch.nn.functional as F\n\nLOGITS = 0.1\nTARGETS = -1\ntest_each_row = [0.9]\n\n\ndef smoothed(x, y, eps=0.1):\n    logp = F.log_softmax(x, TARGETS)\n    return test_each_row[0] * F.nll_loss(logp, y) - LOGITS * logp.mean()\n`;
    for (const file of ['losses.py', 'my-losses.py']) {
      const { code, note } = inspected({ code: text, file }).translations!.pytest;
      assert.ok(code !== null, note);
      assert.ok(code.includes('LOGITS_ = [') && code.includes('TARGETS_ = [') && !code.includes('def test_each_row('), code);
      assert.equal(failure(code, file === 'losses.py' ? text : ''), null, code);
    }
  });

  it('none of a sample of more numbers than a person would keep', () => {
    const [rows, classes] = [70, 1000];
    const logits = Array.from({ length: rows }, (_, n) => Array.from({ length: classes }, (_, k) => ((n * 7 + k * 13) % 31) / 10));
    const sample = { logits, targets: logits.map((_, n) => n) };
    const { code, note } = inspected({
      code: of(...gathered, 'return ((1 - eps) * nll - eps * logp.mean(-1)).mean()'),
      request: { sample },
    }).translations!.pytest;
    assert.equal(code, null);
    assert.match(note, /all 70000 logits of this sample/u);
  });

  const refused: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'random numbers',
      'losses.py',
      of('x = F.dropout(x, 0.5)', 'logp = F.log_softmax(x, -1)', 'return (1 - eps) * F.nll_loss(logp, y) - eps * logp.mean()'),
      /fail at random/u,
    ],
    [
      'another device',
      'losses.py',
      of('logp = F.log_softmax(x.cuda(), -1)', 'return (1 - eps) * F.nll_loss(logp, y) - eps * logp.mean()'),
      /another device/u,
    ],
    [
      'JAX',
      'losses.py',
      'import jax\n\n\ndef smoothed(x, y, eps=0.1):\n    K = x.shape[-1]\n    q = jax.nn.one_hot(y, K) * (1 - eps) + eps / K\n    return -(q * jax.nn.log_softmax(x)).sum(-1).mean()\n',
      /under torch only/u,
    ],
    [
      'a name that pytest takes for a test',
      'losses.py',
      `${head}def test_smoothed${body}`,
      /would take the function test_smoothed for a test/u,
    ],
    [
      'a relative import that it needs',
      'losses.py',
      `from .parts import mix\n${of(...gathered, 'return ((1 - eps) * nll - eps * logp.mean(-1)).mean()')}`.replace(
        'def smoothed(x, y, eps=0.1)',
        'def smoothed(x, y, eps=0.1, how=mix)',
      ),
      /relative import/u,
    ],
  ];
  for (const [what, file, code, says] of refused)
    it(`is refused: ${what}`, () => {
      const { losses } = inspect({ file, text: code });
      const pytest = losses[0]?.translations?.pytest;
      assert.equal(pytest?.code, null, losses[0]?.problem?.message);
      assert.match(pytest.note, says);
    });
});
