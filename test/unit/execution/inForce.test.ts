/** Two definitions of one name: each runs with what was in force when it stood. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection } from '../../../src/inspection';

const losses = (text: string, file = 'loss.md'): readonly Inspection[] => inspect({ file, text, brief: true }).losses;

const verdicts = (text: string, file?: string): string[] =>
  losses(text, file).map(({ name, measured, problem }) => `${name}: ${measured?.verdict.split(':')[0] ?? problem?.message ?? ''}`);

const head = 'import torch\nimport torch.nn.functional as F\n';
const first = `def spread(t, n, e):
    return torch.full((t.size(0), n), e / (n - 1)).scatter_(1, t.unsqueeze(1), 1 - e)
def smooth(z, t, e=0.1):
    return -(spread(t, z.size(1), e) * F.log_softmax(z, 1)).sum(1).mean()
`;
const helperAnew = `def spread(t, n, e):
    return F.one_hot(t, n) * (1 - e) + e / n
`;
const lossAnew = `def smooth(z, t, e=0.2):
    return -(spread(t, z.size(1), e) * F.log_softmax(z, 1)).sum(1).mean()
`;
const block = (...parts: readonly string[]): string => parts.map((part) => `\`\`\`python\n${part}\`\`\`\n`).join('\nthen\n\n');

const both = ['smooth: Fill/scatter with ε = 0.1', 'smooth #2: Uniform mixture with ε = 0.2'];
const ofLosses = (all: readonly string[]): string[] => all.filter((line) => line.startsWith('smooth'));

describe('a name defined twice', () => {
  it('in blocks of Markdown: each has its own helper', () => {
    assert.deepEqual(ofLosses(verdicts(block(head + first, helperAnew + lossAnew))), both);
  });

  it('in cells of a notebook', () => {
    const cells = [head, first, helperAnew, lossAnew].map((source) => ({
      cell_type: 'code',
      source,
      outputs: [],
      metadata: {},
      execution_count: null,
    }));
    const text = JSON.stringify({
      cells,
      metadata: { kernelspec: { language: 'python', name: 'python3' } },
      nbformat: 4,
      nbformat_minor: 5,
    });
    assert.deepEqual(ofLosses(verdicts(text, 'losses.ipynb')), both);
  });

  it('in one file', () => {
    assert.deepEqual(ofLosses(verdicts(head + first + helperAnew + lossAnew, 'loss.py')), both);
  });

  it('a helper that comes after the first definition is in force too', () => {
    const [before, after] = first.split('def smooth') as [string, string];
    assert.deepEqual(ofLosses(verdicts(block(head, `def smooth${after}`, before, helperAnew, lossAnew))), both);
  });

  it('what cannot be run as it stood says so itself, and harms no other', () => {
    const [broken, good] = losses(
      block(`${head}def smooth(z, t, e=0.1):\n    return F.cross_entropy(z, t, label_smoothing=e) / absent\n`, lossAnew, helperAnew),
    );
    assert.equal(broken?.name, 'smooth');
    assert.match(broken.problem?.message ?? '', /absent/);
    assert.equal(good?.status, 'measured', good?.problem?.message);
  });

  it('a loss named anew by its own result still runs', () => {
    const [loss, ...others] = losses(
      `${head}${first}smooth = smooth(torch.tensor([[2.0, 1.0, 0.5]]), torch.tensor([0]))\n`,
      'loss.py',
    ).filter(({ kind, name }) => kind === 'function' && name === 'smooth');
    assert.deepEqual(others, []);
    assert.match(loss?.measured?.verdict ?? loss?.problem?.message ?? '', /^Fill\/scatter with ε = 0\.1/);
  });
});
