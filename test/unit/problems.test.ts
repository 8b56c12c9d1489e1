/** Why a loss was not measured: gaps of ours with the way to them, scripts that end before their loss, inputs that nobody gave. */
import assert from 'node:assert/strict';
import { inspect } from '../../src/inspect';
import type { Problem } from '../../src/inspection';
import { reportText } from '../../src/cli/report';

const head = 'import torch\nimport torch.nn.functional as F\n';
const problemsOf = (text: string): readonly Problem[] =>
  inspect({ file: 'a.py', text, brief: true }).losses.flatMap(({ problem }) => problem ?? []);

describe('why a loss was not measured', function () {
  this.timeout(20_000);
  const gap = `${head}def rotated(z):
    return torch.linalg.matrix_exp(z)
def turned(z):
    return rotated(z) + 1
def smooth(z, y, eps=0.1):
    return F.cross_entropy(turned(z), y, label_smoothing=eps)
`;

  it('a gap has the calls that lead to it', () => {
    const [problem] = problemsOf(gap);
    assert.equal(problem?.type, 'unsupported');
    assert.equal(problem.range?.line, 4);
    assert.deepEqual(
      problem.calls?.map(({ name, range }) => [name, range.line]),
      [
        ['turned', 8],
        ['rotated', 6],
      ],
    );
    const report = reportText(inspect({ file: 'a.py', text: gap, brief: true }), { width: 200, colour: false });
    assert.match(report, /matrix_exp, reached by turned \(line 8\) → rotated \(line 6\)\. What is supported: docs\/supported\.md/);
  });

  it('a gap in the loss itself has none', () => {
    const [problem] = problemsOf(
      `${head}def smooth(z, y, eps=0.1):\n    return F.cross_entropy(torch.linalg.matrix_exp(z), y, label_smoothing=eps)\n`,
    );
    assert.deepEqual([problem?.type, problem?.calls], ['unsupported', undefined]);
  });

  it('a script that raises before its loss says so, and spoils no other', () => {
    const text = `${head}def smooth(z, y, eps=0.1):
    return F.cross_entropy(z, y, label_smoothing=eps)
if __name__ == '__main__':
    raise RuntimeError('no data')
    z = torch.randn(2, 3)
    loss = smooth(z, torch.tensor([0, 1]))
`;
    const { losses } = inspect({ file: 'a.py', text, brief: true });
    assert.equal(losses.find(({ name }) => name === 'smooth')?.status, 'measured');
    for (const { kind, problem } of losses.filter((loss) => loss.kind === 'script'))
      assert.match(`${kind} ${problem?.message ?? ''}`, /not reached: RuntimeError: no data/);
  });

  it('what fails on assumed inputs is marked; what the code raises by itself is not', () => {
    const [fitting, own] = [
      `${head}def smooth(z, y, eps=0.1):\n    assert z.shape[1] == 77 or z.dim() == 9\n    return F.cross_entropy(z, y, label_smoothing=eps)\n`,
      `${head}def smooth(z, y, eps=0.1):\n    return F.cross_entropy(z, nothing_of_this_name(y), label_smoothing=eps)\n`,
    ].map((text) => problemsOf(text)[0]);
    assert.equal(own?.assumed, undefined);
    assert.ok(fitting === undefined || fitting.type !== 'exception' || fitting.assumed === true, fitting?.message);
  });
});
