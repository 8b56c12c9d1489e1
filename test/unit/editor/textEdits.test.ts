import assert from 'node:assert/strict';
import { sameNumbers } from '../../../src/editor/sameNumbers';
import { applied, overlap, type Edit } from '../../../src/editor/textEdits';
import { inspect } from '../../../src/inspect';

const edit = (start: number, end: number, newText: string): Edit => ({ range: { start, end }, newText });

describe('edits of a text', () => {
  it('are applied together, in whatever order', () => {
    assert.equal(applied('abcdef', [edit(1, 2, 'XX'), edit(4, 4, '-'), edit(5, 6, '')]), 'aXXcd-e');
    assert.equal(applied('abcdef', [edit(5, 6, ''), edit(4, 4, '-'), edit(1, 2, 'XX')]), 'aXXcd-e');
  });

  for (const [a, b, expected] of [
    [edit(0, 2, ''), edit(2, 4, ''), false],
    [edit(0, 3, ''), edit(2, 4, ''), true],
    [edit(2, 2, 'a'), edit(2, 2, 'b'), true],
    [edit(2, 2, 'a'), edit(1, 4, 'b'), true],
    [edit(2, 2, 'a'), edit(0, 2, 'b'), false],
  ] as const) {
    it(`${JSON.stringify(a.range)} and ${JSON.stringify(b.range)} ${expected ? 'overlap' : 'do not overlap'}`, () => {
      assert.equal(overlap([a], [b]), expected);
      assert.equal(overlap([b], [a]), expected);
    });
  }
});

describe('the same numbers', () => {
  const file = (returned: string, smoothing = 0.1) =>
    inspect({
      file: 'a.py',
      text: `import torch.nn.functional as F\ndef loss(x, y, smoothing=${smoothing}):\n    return ${returned}\n`,
      brief: true,
    });
  const own = file('F.cross_entropy(x, y, label_smoothing=smoothing)');

  it('are those of the same mathematics in other code', () => {
    const lp = 'F.log_softmax(x, 1)';
    const other = file(`((1 - smoothing) * F.nll_loss(${lp}, y) - smoothing * ${lp}.mean(1).mean())`);
    assert.equal(other.losses[0]?.status, 'measured');
    assert.ok(sameNumbers(own, other));
  });

  for (const [what, other] of [
    ['another ε', () => file('F.cross_entropy(x, y, label_smoothing=smoothing)', 0.1001)],
    ['another reduction', () => file("F.cross_entropy(x, y, label_smoothing=smoothing, reduction='sum')")],
    ['a detached value, whose gradient is gone', () => file('F.cross_entropy(x.detach(), y, label_smoothing=smoothing) + 0 * x.sum()')],
    ['no loss at all', () => file('x')],
  ] as const) {
    it(`are not those of ${what}`, () => {
      assert.ok(!sameNumbers(own, other()));
    });
  }
});
