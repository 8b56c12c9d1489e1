import assert from 'node:assert/strict';
import { greatest, least } from '../../../src/identification/extremes';
import { softmax } from '../../../src/identification/softmax';

describe('extremes of many numbers', () => {
  const wide = Array.from({ length: 400_000 }, (_, i) => Math.sin(i));
  it('need no stack', () => {
    assert.equal(
      greatest(wide),
      wide.reduce((a, b) => Math.max(a, b)),
    );
    assert.equal(
      least(wide),
      wide.reduce((a, b) => Math.min(a, b)),
    );
    const shares = softmax(wide);
    assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 1) < 1e-9);
  });
  it('are those of Math.max and Math.min', () => {
    for (const values of [[], [1], [-0, 0], [NaN, 1], [1, NaN], [Infinity, 2]]) {
      assert.ok(Object.is(greatest(values), Math.max(...values)));
      assert.ok(Object.is(least(values), Math.min(...values)));
    }
  });
});
