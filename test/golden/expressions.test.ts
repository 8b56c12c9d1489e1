import assert from 'node:assert/strict';
import suite from '../fixtures/golden/python-expressions.json';
import { runExpression, type ExpressionSuite } from '../conformance/expressions';
import { knownInExpressions } from '../conformance/knownDifferences';

describe('Python expressions, as CPython evaluates them', () => {
  const expressions = suite as unknown as ExpressionSuite;
  const chunk = 100;

  for (let from = 0; from < expressions.cases.length; from += chunk) {
    it(`${from + 1} to ${Math.min(from + chunk, expressions.cases.length)}`, () => {
      const wrong = expressions.cases
        .slice(from, from + chunk)
        .filter(({ code }) => !knownInExpressions.has(code))
        .flatMap((test) => runExpression(expressions, test)?.replace(/^/, `${test.code}: `) ?? []);
      assert.deepEqual(wrong, []);
    });
  }

  it('would notice a wrong value', () => {
    assert.notEqual(runExpression(expressions, { code: 'not a and b', value: true }), null);
    assert.equal(runExpression(expressions, { code: 'not a and b', value: false }), null);
    assert.notEqual(runExpression(expressions, { code: '7 // 2', value: { float: '3.0' } }), null);
  });
});
