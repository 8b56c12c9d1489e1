/** Every snippet of the conformance suite gives torch's value, dtype, shape, gradient, printed text and exception type. */
import assert from 'node:assert/strict';
import { libraries } from '../../src/interpreter/libraries/all';
import { withTensors } from '../../src/tensor/run';
import { type Case, runCase } from '../conformance/suite';
import suite from '../fixtures/golden/torch-conformance.json';

const cases = suite.cases as unknown as readonly Case[];

describe('conformance with torch', () => {
  for (const group of new Set(cases.map((test) => test.group))) {
    describe(group, () => {
      for (const test of cases.filter((one) => one.group === group)) {
        it(test.id, () => {
          assert.equal(
            withTensors(() => runCase(test, libraries)),
            null,
            test.code,
          );
        });
      }
    });
  }
});
