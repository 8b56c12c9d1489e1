import assert from 'node:assert/strict';
import { rules } from '../../../src/findings/findings';
import { inspect } from '../../../src/inspect';
import { correct, functionOf, positive, scatter } from './cases';
import { applied, explanations, inspected } from './inspected';

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
    const ofFamilies = ['known-mistake', 'shapes-broadcast'];
    const elsewhere = new Set([
      ...ofFamilies,
      'classes-differ',
      'eval-smoothing',
      'filled-label',
      'logits-for-probabilities',
      'one-hot-integer',
      'two-classes',
      'two-conventions',
      'unknown-rule',
    ]);
    assert.deepEqual(
      rules.map(({ id }) => id).filter((id) => !tested.has(id) && !elsewhere.has(id)),
      [],
    );
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  });
});
