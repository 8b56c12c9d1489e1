import assert from 'node:assert/strict';
import { reportText } from '../../../src/cli/report';
import { columns } from '../../../src/cli/terminal';
import { inspect } from '../../../src/inspect';
import type { Inspection, Measured } from '../../../src/inspection';

const text = `import torch.nn.functional as F
def mixed(x, y, smoothing=0.1):
    lp = F.log_softmax(x, dim=1)
    return (1 - smoothing) * F.nll_loss(lp, y) - smoothing * lp.mean(1).mean()
`;

describe('the text of a report', function () {
  this.timeout(20_000);
  let loss: Inspection;

  before(() => {
    [loss] = inspect({ file: 'a.py', text, brief: true }).losses as [Inspection];
    assert.equal(loss.status, 'measured');
  });

  const printed = (change: Partial<Inspection>, width = 80): string =>
    reportText({ file: 'a.py', losses: [{ ...loss, ...change }], smoothingConstants: [], problems: [] }, { width, colour: false });
  const words = (change: Partial<Inspection>): string => printed(change).replace(/\s+/g, ' ');
  const measured = (change: Partial<Measured>): Partial<Inspection> => ({ measured: { ...loss.measured!, ...change } });

  it('says offset and padding where there are any', () => {
    assert.doesNotMatch(printed({}), /offset|padding/);
    assert.match(
      words(measured({ offset: -0.25, paddingIndex: 3 })),
      /offset -0\.25 for each row.*padding class 3 floor 0\.\d+ before the offset/,
    );
  });

  it('says the residual and no floor of a loss that is no plain label smoothing', () => {
    assert.doesNotMatch(printed({}), /residual/);
    const odd = words(measured({ affine: false, residual: 0.125 }));
    assert.match(odd, /target best fit: on .* residual 0\.125: the gradient's largest deviation/);
    assert.doesNotMatch(odd, / floor \d/);
  });

  it('has no floor’s gap where the other classes get nothing', () => {
    assert.match(words({}), /logit gap/);
    assert.doesNotMatch(words(measured({ offValue: 0 })), /logit gap/);
  });

  it('tells rewrites that are offered from those that are refused', () => {
    const { range } = loss;
    const out = words({
      rewrites: [
        { kind: 'offered', title: 'Do this', range, edits: [], keepsNumbers: false, note: 'Twice as large.' },
        { kind: 'offered', title: 'Do that', range, edits: [], keepsNumbers: true, note: 'The same.' },
        { kind: 'refused', title: 'Do neither', range, reason: 'It is impossible.' },
      ],
    });
    assert.match(
      out,
      /offered Do this \(changes the numbers\) Twice as large\. offered Do that The same\. refused Do neither It is impossible\./,
    );
  });

  it('says which translations can be copied, and why the others cannot', () => {
    const translations = {
      builtin: { code: null, note: 'There is none.' },
      pytest: { code: 'assert True\n', note: 'It passes.' },
      tfjs: { code: null, note: 'An operation is missing.' },
    };
    assert.match(
      words({ translations }),
      /In other code torch's built-in: no\. There is none\. pytest: --copy pytest\. It passes\. TensorFlow\.js: no\. An operation is missing\./,
    );
  });

  it('has the heaviest finding first', () => {
    const finding = (severity: 'hint' | 'error' | 'warning') => ({
      rule: severity,
      severity,
      message: `A ${severity}.`,
      range: loss.range,
    });
    const order = [...printed({ findings: [finding('hint'), finding('error'), finding('warning')] }).matchAll(/A (\w+)\./g)];
    assert.deepEqual(
      order.map(([, severity]) => severity),
      ['error', 'warning', 'hint'],
    );
  });

  for (const width of [40, 60, 80, 120]) {
    it(`keeps 2,000 rows of 300 classes within ${width} columns and a screen or two`, () => {
      const row = Array.from({ length: 300 }, (_, k) => k / 7);
      const rows = Array.from({ length: 2000 }, () => row);
      const out = printed(
        {
          perSample: rows.map(([, value]) => value!),
          sample: { ...loss.sample!, logits: rows, targets: rows.map((_, i) => i % 300), classWeights: row },
          gradient: { dtype: 'float32', shape: [2000, 300], values: rows.flat() },
        },
        width,
      );
      const lines = out.split('\n');
      assert.deepEqual(
        lines.filter((line) => columns(line) > width),
        [],
      );
      assert.ok(lines.length < 150, `${lines.length} lines`);
      assert.match(out, /… 1995 more/);
    });
  }
});
