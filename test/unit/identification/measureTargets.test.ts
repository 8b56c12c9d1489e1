import assert from 'node:assert/strict';
import { measureTargets } from '../../../src/identification/measureTargets';
import * as losses from './losses';

const request = { targets: [1, 0, 2], classes: 4, smoothing: null };

describe('measureTargets', () => {
  it('names the uniform mixture of a one_hot with on and off values', () => {
    const { measured } = measureTargets(losses.uniformMixture(0.1), request);
    assert.equal(measured.formulation, 'uniform-mixture');
    assert.equal(measured.onValue, 0.925);
    assert.equal(measured.offValue, 0.025);
    assert.equal(measured.mass, 1);
    assert.equal(measured.verdict, 'Makes smoothed targets: uniform mixture with ε = 0.1: target 0.925, every other class 0.025.');
  });

  it('names fill/scatter, and says when a padding class gets nothing', () => {
    assert.equal(measureTargets(losses.fillScatter(0.2), request).measured.formulation, 'fill-scatter');
    const padded = measureTargets(losses.annotatedTransformer(0.1, 3), request).measured;
    assert.equal(padded.paddingIndex, 3);
  });

  it('measures λ of mixup and leaves a distribution that sums to more than one unnamed', () => {
    const mixup: losses.Targets = (targets, classes) => {
      const q = losses.uniformMixture(0.1)(targets, classes);
      return q.map((row, i) => row.map((value, k) => 0.3 * value + 0.7 * q[q.length - 1 - i]![k]!));
    };
    assert.match(measureTargets(mixup, request).measured.verdict, /λ = 0\.3/u);
    const slip = measureTargets(
      losses.onOff(
        () => 0.9,
        (K) => 0.1 / K,
      ),
      request,
    );
    assert.equal(slip.measured.formulation, null);
    assert.match(slip.measured.verdict, /sum to 0\.975, not 1/u);
  });

  it('refuses an output of another shape', () => {
    assert.throws(() => measureTargets(() => [[1]], request), /expected 3×4 targets, got 1×1/u);
  });
});
