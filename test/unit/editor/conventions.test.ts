import assert from 'node:assert/strict';
import { inOtherConvention, onOff } from '../../../src/editor/conventions';

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
});
