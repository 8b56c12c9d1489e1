/** Every snippet of the conformance suite gives torch's value, dtype, shape, gradient, printed text and exception type. */
import assert from 'node:assert/strict';
import { libraries } from '../../src/interpreter/libraries/all';
import { withTensors } from '../../src/tensor/run';
import { knownInConformance, largestShare, tally } from '../conformance/knownDifferences';
import { type Case, runCase } from '../conformance/suite';
import suite from '../fixtures/golden/torch-conformance.json';

const cases = suite.cases as unknown as readonly Case[];

describe('conformance with torch', () => {
  for (const group of new Set(cases.map((test) => test.group))) {
    describe(group, () => {
      for (const test of cases.filter((one) => one.group === group)) {
        const reason = knownInConformance.get(test.id);
        it(reason === undefined ? test.id : `${test.id} (known difference: ${reason})`, () => {
          const wrong = withTensors(() => runCase(test, libraries));
          if (reason === undefined) assert.equal(wrong, null, test.code);
          else assert.notEqual(wrong, null, 'it passes: it is no known difference any more');
        });
      }
    });
  }
});

describe('known differences', () => {
  it('are few, and of snippets that there are', () => {
    const ids = new Set(cases.map((test) => test.id));
    assert.deepEqual(
      [...knownInConformance.keys()].filter((id) => !ids.has(id)),
      [],
    );
    assert.ok(knownInConformance.size <= largestShare * cases.length);
  });

  const outcomes = (count: number) => Array.from({ length: count }, (_, i) => [`case-${i}`, i < 2 ? 'expected 1, got 2' : null] as const);

  it('are reported with their reason, and are not failures', () => {
    const known = new Map([['case-0', 'float64 only']]);
    const { passed, failed, known: excused, lines } = tally(outcomes(200), known);
    assert.deepEqual([passed, failed, excused], [198, 1, 1]);
    assert.deepEqual(lines, ['~ case-0: known difference (float64 only): expected 1, got 2', '✗ case-1: expected 1, got 2']);
  });

  it('excuse at most one in a hundred', () => {
    const known = new Map([
      ['case-0', 'a'],
      ['case-1', 'b'],
    ]);
    assert.equal(tally(outcomes(200), known).failed, 0);
    assert.equal(tally(outcomes(199), known).failed, 1);
  });
});
