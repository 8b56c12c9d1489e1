import assert from 'node:assert/strict';
import { studyLosses } from '../../src/detection/losses';
import { withSession } from '../../src/execution/openSession';
import { runnable } from '../../src/execution/runSite';
import { inspect } from '../../src/inspect';
import type { FileInspection, InspectRequest, Inspection } from '../../src/inspection';
import { parsePython } from '../../src/language/python';

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';
const python = (code: string, options: Partial<InspectRequest> = {}): FileInspection =>
  inspect({ file: 'loss.py', text: torch + code, ...options });

const mixture = `
class Mixture(nn.Module):
    def __init__(self, smoothing=0.1, reduction='mean'):
        super().__init__()
        self.smoothing = smoothing
        self.reduction = reduction
    def forward(self, logits, target):
        lp = F.log_softmax(logits, dim=-1)
        nll = F.nll_loss(lp, target, reduction='none')
        loss = (1 - self.smoothing) * nll - self.smoothing * lp.mean(dim=-1)
        return loss.mean() if self.reduction == 'mean' else loss.sum() if self.reduction == 'sum' else loss
`;
const fill = `
def fill(x, y, e=0.2):
    q = torch.zeros_like(x).fill_(e / (x.size(1) - 1)).scatter_(1, y.unsqueeze(1), 1 - e)
    return -(q * F.log_softmax(x, 1)).sum(1).mean()
`;

function only(inspection: FileInspection, name?: string): Inspection {
  const loss = name === undefined ? inspection.losses[0] : inspection.losses.find((l) => l.name === name);
  assert.ok(loss, JSON.stringify(inspection.problems));
  return loss;
}

function near(actual: unknown, expected: number): void {
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - expected) <= 1e-5 + 1.3e-6 * Math.abs(expected),
    `${String(actual)} is not ${expected}`,
  );
}

const logits = [
  [1, 2, 3],
  [4, 2, 1],
];
const sample = { logits, targets: [1, 0] };

describe('inspect', function () {
  this.timeout(60_000);

  it('runs a class on the sample it is given', () => {
    const loss = only(python(mixture, { sample }));
    assert.equal(loss.status, 'measured');
    assert.deepEqual(loss.sample?.origin, 'user');
    near(loss.value, 0.87205969);
    near(loss.perSample?.[0], 1.407606);
    near(loss.perSample?.[1], 0.336513);
    assert.equal(loss.gradient?.shape.join('×'), '2×3');
    assert.equal(loss.measured?.formulation, 'uniform-mixture');
    assert.deepEqual(
      loss.smoothingConstants.map(({ name, value }) => [name, value]),
      [['smoothing', 0.1]],
    );
  });

  it('runs with the smoothing factor that is asked for', () => {
    const loss = only(python(mixture, { sample, smoothing: 0 }));
    near(loss.value, 0.78872636);
    assert.equal(loss.smoothing, 0);
  });

  it('runs a function, and says where its constant stands', () => {
    const loss = only(python(fill, { sample }));
    assert.equal(loss.kind, 'function');
    assert.equal(loss.smoothing, 0.2);
    assert.equal(loss.measured?.formulation, 'fill-scatter');
    assert.equal(loss.range.line, 5);
    assert.deepEqual([loss.nameRange.line, loss.nameRange.column], [5, 5]);
  });

  it('runs a built-in at its use', () => {
    const loss = only(python('criterion = nn.CrossEntropyLoss(label_smoothing=0.1)\n', { sample }));
    assert.equal(loss.kind, 'call');
    near(loss.value, 0.87205969);
    assert.equal(loss.smoothing, 0.1);
    near(only(python('criterion = nn.CrossEntropyLoss(label_smoothing=0.1)\n', { sample, smoothing: 0 })).value, 0.78872636);
  });

  it('lists the steps of the code with the tensor each made', () => {
    const loss = only(python(mixture, { sample }));
    const labels = loss.steps.map((step) => step.label);
    assert.deepEqual(labels, ['lp', 'nll', 'loss', 'return']);
    assert.deepEqual(loss.steps[1]?.tensor?.shape, [2]);
    assert.equal(loss.steps[1].range.line, 12);
  });

  it('takes the tensors of the file when it makes fitting ones', () => {
    const demo = `${mixture}\nz = torch.tensor([[1., 2, 3], [4, 2, 1]])\ny = torch.tensor([1, 0])\nprint(Mixture(0.1)(z, y))\n`;
    const loss = only(python(demo), 'Mixture');
    assert.equal(loss.sample?.origin, 'file');
    assert.equal(loss.sample.range?.line, 16);
    near(loss.value, 0.87205969);
    const script = only(python(demo), 'script');
    assert.match(script.printed[0]?.text ?? '', /tensor\(0\.8721\)/);
  });

  it('takes its own tensors where the file has none, and they tell formulations apart', () => {
    const loss = only(python(mixture));
    assert.equal(loss.sample?.origin, 'default');
    assert.equal(loss.sample.discriminating, true);
  });

  it('goes on past module-level code that cannot run', () => {
    const loss = only(python(`data = open('data.csv').read()\nmodel = load(data)\n${mixture}\ntrain(model)\n`, { sample }));
    near(loss.value, 0.87205969);
  });

  it('keeps the losses of a file apart, the broken one with its place', () => {
    const inspection = python(`${mixture}\n${fill.replace('return -(q', 'return -(q q')}`, { sample });
    assert.equal(only(inspection, 'Mixture').status, 'measured');
    const broken = only(inspection, 'fill');
    assert.equal(broken.status, 'error');
    assert.deepEqual([broken.problem?.type, broken.problem?.range?.line], ['syntax', 19]);
    assert.equal(inspection.problems.length, 1);
  });

  it('says what is not interpreted, at its exact place', () => {
    const code = fill.replace('return -', 'x = torch.fft.fft(x)\n    return -');
    const loss = only(python(code, { sample }));
    assert.equal(loss.status, 'unsupported');
    assert.match(loss.problem?.message ?? '', /torch\.fft/);
    assert.equal(loss.problem?.range?.line, 7);
  });

  it('gives an exception its type, message and place', () => {
    const loss = only(python(fill.replace('e / (x.size(1) - 1)', 'e / (x.size(1) - x.size(1))'), { sample }));
    assert.equal(loss.status, 'error');
    assert.equal(loss.problem?.type, 'exception');
    assert.match(loss.problem.message, /ZeroDivisionError/);
    assert.equal(loss.problem.range?.line, 6);
  });

  it('ends a loss that does not end', () => {
    const loss = only(python(fill.replace('    return', '    while True:\n        e = e\n    return'), { sample }));
    assert.equal(loss.status, 'error');
    assert.equal(loss.problem?.type, 'budget');
  });

  it('feeds log-probabilities to a loss that does not normalise', () => {
    const loss = only(
      python(
        'def kl(lp, y, e=0.1):\n    q = torch.full_like(lp, e / (lp.size(1) - 1)).scatter_(1, y.unsqueeze(1), 1 - e)\n    return F.kl_div(lp, q, reduction="sum")\n',
        { sample },
      ),
    );
    near(loss.value, 1.0386565);
    assert.match(loss.notes.join('\n'), /log_softmax\(logits\)/);
  });

  it('takes per-sample values unreduced where the loss has it, else row by row, and says so', () => {
    const scalar = fill.replace('.mean()', '.sum()').replace('.sum(1).sum()', '.sum()');
    const loss = only(python(scalar, { sample }));
    near(loss.perSample?.[0], 1.407606);
    assert.match(loss.notes.join('\n'), /each row run alone; they add up/);
  });

  it('gives a loss that takes sequences one row at a time', () => {
    const code =
      'def s(x, y, e=0.1):\n    k = x.size(2)\n    x = x.view(-1, k)\n    q = torch.full_like(x, e / (k - 1)).scatter_(1, y.view(-1, 1), 1 - e)\n    return -(q * F.log_softmax(x, 1)).sum(1).mean()\n';
    const loss = only(python(code, { sample }));
    near(loss.value, 0.91372636);
    assert.match(loss.notes.join('\n'), /sequence of one/);
  });

  it('runs a loss whose own ignored class cannot be run, and says so', () => {
    const code = `
class Padded(nn.Module):
    def __init__(self, size, smoothing=0.1, ignore_index=-100):
        super().__init__()
        one_hot = torch.full((size,), smoothing / (size - 2))
        one_hot[ignore_index] = 0
        self.one_hot = one_hot.unsqueeze(0)
        self.confidence = 1 - smoothing
        self.ignore_index = ignore_index
    def forward(self, lp, y):
        q = self.one_hot.repeat(y.size(0), 1).scatter_(1, y.unsqueeze(1), self.confidence)
        q.masked_fill_((y == self.ignore_index).unsqueeze(1), 0)
        return F.kl_div(lp, q, reduction='sum')
`;
    const loss = only(python(code));
    assert.equal(loss.status, 'measured', loss.problem?.message);
    assert.equal(loss.measured?.paddingIndex, 0);
    assert.match(loss.notes.join('\n'), /IndexError.*run with class 0/);
  });

  it('measures numpy losses, and says where the gradient comes from', () => {
    const code =
      'import numpy as np\ndef n(z, y, e=0.1):\n    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))\n    q = np.full(z.shape, e / z.shape[1])\n    q[np.arange(len(y)), y] += 1 - e\n    return -(q * lp).sum(axis=1).mean()\n';
    const loss = only(inspect({ file: 'n.py', text: code, sample }));
    near(loss.value, 0.87205969);
    assert.equal(loss.measured?.formulation, 'uniform-mixture');
    assert.match(loss.notes.join('\n'), /numpy has no gradients/);
  });

  it('says what one class means', () => {
    const loss = only(python(fill, { classes: 1 }));
    assert.equal(loss.status, 'error');
    assert.match(loss.problem?.message ?? '', /ZeroDivisionError/);
    const mixed = only(python(mixture, { classes: 1 }));
    assert.equal(mixed.classes, 1);
    assert.match(mixed.comparisons.find((c) => c.formulation === 'fill-scatter')?.detail ?? '', /divides by 0/);
  });

  it('gives values that are not finite as words', () => {
    const loss = only(
      python(
        'def l(x, y, e=0.1):\n    q = F.one_hot(y, x.size(1)) * (1 - e) + e / x.size(1)\n    return -(q * torch.log(F.softmax(x, 1))).sum(1).mean()\n',
        { sample: { logits: [[400, 0, 0]], targets: [0] } },
      ),
    );
    assert.equal(loss.value, 'inf');
    JSON.parse(JSON.stringify(loss));
  });

  describe('bad input', () => {
    const problems = (request: InspectRequest): string[] => inspect(request).problems.map(({ type, message }) => `${type}: ${message}`);

    for (const [name, text, message] of [
      ['an empty file', '', /empty/],
      ['white space', ' \n\t\n', /empty/],
      ['a binary file', '\u0000\u0001\u0002\u0003'.repeat(50), /binary/],
      ['a file without a loss', 'x = 1\n', /no loss found/],
      ['half-typed code', 'def loss(x, y\n', /./],
    ] as const) {
      it(`says what is wrong with ${name}`, () => {
        const found = problems({ file: 'a.py', text });
        assert.ok(found.length > 0);
        assert.match(found.join('\n'), message);
      });
    }

    it('survives a megabyte of noise', () => {
      let state = 1;
      const next = (): number => (state = (state * 1103515245 + 12345) % 2147483648);
      const text = Array.from({ length: 1_000_000 }, () => String.fromCharCode(32 + ((next() >> 16) % 95))).join('');
      for (const file of ['noise.py', 'noise.txt', 'noise.ts', 'noise.md', 'noise.ipynb'])
        assert.ok(inspect({ file, text }).problems.length > 0, file);
    });

    it('names the place of a bad sample', () => {
      assert.deepEqual(problems({ file: 'a.py', text: torch + fill, sample: { logits: [[1, 2], [1]], targets: [0, 0] } }), [
        'input: logits[1] has 1 value, the first row has 2',
      ]);
    });

    for (const [name, options, message] of [
      ['ε of 1', { smoothing: 1 }, /less than 1/],
      ['a negative ε', { smoothing: -0.1 }, /not be negative/],
      ['no classes', { classes: 0 }, /number of classes is 0/],
      ['a padding index out of range', { classes: 3, paddingIndex: 3 }, /padding index is 3/],
      ['a name that is not there', { only: 'other' }, /no loss is named "other" here; there is fill/],
    ] as const) {
      it(`refuses ${name}`, () => {
        const inspection = python(fill, options);
        assert.deepEqual(inspection.losses, []);
        assert.match(inspection.problems.map((p) => p.message).join('\n'), message);
      });
    }
  });

  it('says where a division by zero comes from when there is one class', () => {
    const code = fill.replace('x.size(1) - 1', 'int(x.size(1)) - 1');
    const { problem } = only(python(code, { classes: 1 }));
    assert.match(problem?.message ?? '', /^ZeroDivisionError: .*K = 1: fill\/scatter shares ε among the other K − 1 classes/);
    assert.equal(problem?.range?.line, 5 + 1);
    assert.doesNotMatch(
      only(python('def loss(x, y):\n    return F.cross_entropy(x, y, label_smoothing=1 / 0)\n')).problem?.message ?? '',
      /K = 1/,
    );
  });

  it('places what was too large, and what failed outside any statement', () => {
    const huge = only(python('def loss(x, y):\n    big = torch.zeros(10**9)\n    return F.cross_entropy(x, y) + big.sum()\n'));
    assert.equal(huge.problem?.type, 'budget');
    assert.equal(huge.problem.range?.line, 5);
    const written = only(
      python('def loss(x, y):\n    value = -F.log_softmax(x, 1).gather(1, y.unsqueeze(1)).mean()\n    y += 0\n    return value\n'),
    );
    assert.match(written.problem?.message ?? '', /modified by an inplace operation/);
    assert.equal(written.problem?.range?.line, 4);
  });

  it('ends measuring a loss whose runs take too long together', () => {
    const program = parsePython(torch + fill);
    const [studied] = studyLosses(program);
    withSession(program, (session) => {
      const box = (longestMeasuring: number) =>
        runnable(session, studied!.site, { smoothing: null, sample, longestMeasuring }).box('logits');
      const endless = box(Infinity);
      endless(logits, [1, 0]);
      assert.equal(endless(logits, [1, 0]).gradient.length, 2);
      const short = box(0);
      assert.equal(short(logits, [1, 0]).gradient.length, 2);
      assert.throws(() => short(logits, [1, 0]), /running it takes too long/);
    });
  });

  it('tells memory that nothing was written to from an output that differs', () => {
    const shown = (code: string, recorded: string) => {
      const cell = {
        cell_type: 'code',
        metadata: {},
        execution_count: 1,
        source: `${torch}x = torch.tensor([[1., 2., 4.]])\ny = torch.tensor([0])\nF.cross_entropy(x, y, label_smoothing=0.1)`,
        outputs: [],
      };
      const showing = { ...cell, source: code, outputs: [{ output_type: 'execute_result', data: { 'text/plain': recorded } }] };
      const text = JSON.stringify({
        cells: [cell, showing],
        metadata: { language_info: { name: 'python' } },
        nbformat: 4,
        nbformat_minor: 5,
      });
      return inspect({ file: 'loss.ipynb', text })
        .losses.flatMap(({ printed }) => printed)
        .find(({ recorded }) => recorded !== undefined)?.recorded;
    };
    assert.deepEqual(shown('torch.empty(2)', 'tensor([1.2e+22, 3.0e-09])'), {
      text: 'tensor([1.2e+22, 3.0e-09])',
      agrees: false,
      unset: true,
    });
    assert.deepEqual(shown('torch.empty(2).fill_(1)', 'tensor([1., 2.])'), { text: 'tensor([1., 2.])', agrees: false });
    assert.deepEqual(shown('torch.empty(2).fill_(1).view(1, 2)', 'tensor([[1., 1.]])'), { text: 'tensor([[1., 1.]])', agrees: true });
  });

  it('names an ε in a convention only where the targets sum to one', () => {
    const shared = (divisor: string) =>
      only(
        python(`
def loss(x, y, eps=0.1):
    K = x.size(1)
    q = torch.full_like(x, eps / ${divisor}).scatter_(1, y.unsqueeze(1), 1 - eps)
    return -(q * F.log_softmax(x, 1)).sum(1).mean()
`),
      ).measured;
    assert.deepEqual(shared('K')?.effectiveSmoothing, { fillScatter: null, uniformMixture: null });
    assert.deepEqual(shared('(K - 1)')?.effectiveSmoothing, { fillScatter: 0.1, uniformMixture: 0.125 });
  });

  it('leaves a demonstration out that raises before it comes to a loss of the file', () => {
    const demonstrated = (before: string) =>
      `${fill}\nif __name__ == '__main__':\n    z = ${before}\n    print(fill(z, torch.tensor([0, 1])))\n`;
    const names = ({ losses }: FileInspection) => losses.map(({ name, status }) => [name, status]);
    assert.deepEqual(names(python(demonstrated('missing.randn(2, 3)'))), [['fill', 'measured']]);
    assert.deepEqual(names(python(demonstrated('torch.randn(2, 3)'))), [
      ['fill', 'measured'],
      ['script', 'measured'],
    ]);
    const asked = python(demonstrated('missing.randn(2, 3)'), { only: 'script' });
    assert.match(asked.losses[0]?.problem?.message ?? '', /^It was not reached: NameError/);
  });
});
