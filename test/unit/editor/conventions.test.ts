import assert from 'node:assert/strict';
import { entropyFloor, inOtherConvention, onOff, optimalGap } from '../../../src/editor/conventions';

const close = (actual: number | null | undefined, expected: number): void => {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) < 1e-12, `${String(actual)} is not ${expected}`);
};

describe('smoothing conventions', () => {
  for (const { convention, smoothing, classes, on, off } of [
    { convention: 'fillScatter', smoothing: 0.1, classes: 3, on: 0.9, off: 0.05 },
    { convention: 'fillScatter', smoothing: 0.1, classes: 2, on: 0.9, off: 0.1 },
    { convention: 'uniformMixture', smoothing: 0.1, classes: 10, on: 0.91, off: 0.01 },
    { convention: 'uniformMixture', smoothing: 0.2, classes: 2, on: 0.9, off: 0.1 },
    { convention: 'uniformMixture', smoothing: 0.3, classes: 1, on: 1, off: 0.3 },
  ] as const) {
    it(`${convention}, ε = ${smoothing}, K = ${classes}: on ${on}, off ${off}`, () => {
      const values = onOff(convention, smoothing, classes);
      close(values?.on, on);
      close(values?.off, off);
    });
  }

  it('has no fill/scatter values for a single class', () => {
    assert.equal(onOff('fillScatter', 0.1, 1), null);
    assert.equal(inOtherConvention('fillScatter', 0.1, 1), null);
  });

  it('converts ε so that the targets are the same', () => {
    for (const classes of [2, 3, 10, 1000]) {
      for (const smoothing of [0.01, 0.1, 0.4]) {
        const mixture = inOtherConvention('fillScatter', smoothing, classes);
        assert.ok(mixture !== null);
        const [scattered, mixed] = [onOff('fillScatter', smoothing, classes), onOff('uniformMixture', mixture, classes)];
        close(mixed?.on, scattered!.on);
        close(mixed?.off, scattered!.off);
        close(inOtherConvention('uniformMixture', mixture, classes), smoothing);
      }
    }
  });

  it('knows when no ε of the other convention would do', () => {
    assert.equal(inOtherConvention('fillScatter', 0.9, 2), null);
  });

  // H(q) and log(on/off) of the rule's page on the entropy floor, there to three places.
  for (const [convention, classes, floor, gap] of [
    ['fillScatter', 2, 0.325, 2.197],
    ['fillScatter', 10, 0.545, 4.394],
    ['uniformMixture', 2, 0.199, 2.944],
    ['uniformMixture', 1000, 1.015, 9.105],
  ] as const) {
    it(`${convention}, ε = 0.1, K = ${classes}: the floor is ${floor}, at a gap of ${gap}`, () => {
      const target = onOff(convention, 0.1, classes)!;
      assert.ok(Math.abs(entropyFloor({ ...target, mass: 1 }) - floor) < 5e-4);
      assert.ok(Math.abs(optimalGap(target)! - gap) < 5e-4);
    });
  }

  it('finds the smallest cross entropy where the mass is not 1 either, and where classes get nothing', () => {
    const crossEntropy = (q: readonly number[], p: readonly number[]): number =>
      -q.reduce((sum, share, k) => sum + share * Math.log(p[k]!), 0);
    const q = [0.9, 0.03, 0.03];
    const mass = 0.96;
    const floor = entropyFloor({ on: 0.9, off: 0.03, mass });
    close(
      floor,
      crossEntropy(
        q,
        q.map((share) => share / mass),
      ),
    );
    for (const shift of [0.01, -0.01]) {
      const p = [0.9 / mass + shift, 0.03 / mass - shift, 0.03 / mass];
      assert.ok(crossEntropy(q, p) > floor);
    }
    close(entropyFloor({ on: 1, off: 0, mass: 1 }), 0);
    assert.equal(optimalGap({ on: 1, off: 0 }), null);
  });
});
