import assert from 'node:assert/strict';
import { sameNumbers, sameOnEveryRun, sameOnSample } from '../../../src/findings/sameNumbers';
import type { BlackBox } from '../../../src/identification/blackBox';
import { measure } from '../../../src/identification/measure';
import type { Measurement } from '../../../src/identification/measurement';
import { defaultSample } from '../../../src/identification/sample';
import { logSoftmax } from '../../../src/identification/softmax';

/** Hard-label cross entropy, `factor` times, plus `offset`. */
function crossEntropy(factor: number, offset: number): BlackBox {
  return (logits, targets) => {
    const logp = logits.map(logSoftmax);
    return {
      value: logp.reduce((sum, row, i) => sum - factor * row[targets[i]!]!, offset),
      gradient: logp.map((row, i) => row.map((value, k) => factor * (Math.exp(value) - (k === targets[i] ? 1 : 0)))),
    };
  };
}

const measured = (factor: number, offset = 0): Measurement =>
  measure(crossEntropy(factor, offset), { ...defaultSample(4, 3), smoothing: null });

describe('the same numbers', () => {
  it('are value and gradient, to the tolerance of float32', () => {
    assert.ok(sameNumbers(measured(1), measured(1)));
    assert.ok(sameNumbers(measured(1), measured(1 + 1e-7)));
  });

  it('are not those of another value or another gradient', () => {
    assert.ok(!sameNumbers(measured(1), measured(1, 0.001)), 'an offset');
    assert.ok(!sameNumbers(measured(1), measured(1.0001)), 'a factor');
    assert.ok(!sameNumbers(measured(1), measured(1, NaN)), 'no number');
  });

  it('of one run are told without a measurement', () => {
    assert.ok(sameOnSample(measured(1), crossEntropy(1, 0)));
    assert.ok(!sameOnSample(measured(1), crossEntropy(1.0001, 0)));
    assert.ok(
      !sameOnSample(measured(1), () => {
        throw new Error('it stops');
      }),
    );
  });

  it('on the sample alone are not those on every run', () => {
    const sample = defaultSample(4, 3);
    // Something is added to every batch but the sample.
    const elsewhere: BlackBox = (logits, targets) =>
      crossEntropy(1, JSON.stringify(logits) === JSON.stringify(sample.logits) ? 0 : 0.01)(logits, targets);
    const other = measure(elsewhere, { ...sample, smoothing: null });
    assert.ok(sameNumbers(measured(1), other));
    assert.ok(!sameOnEveryRun(measured(1), other));
    assert.ok(sameOnEveryRun(measured(1), measured(1)));
  });
});
