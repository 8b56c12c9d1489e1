import assert from 'node:assert/strict';
import { defaultSample, discriminating } from '../../../src/identification/sample';

describe('the sample that is made', () => {
  for (const classes of [3, 10, 100, 1000, 2500, 10_000]) {
    for (const paddingIndex of [undefined, 0]) {
      const padding = paddingIndex === undefined ? '' : ', one of them padding';
      it(`tells the formulations apart: ${classes} classes${padding}`, () => {
        const { discriminating: tells, note } = discriminating(
          defaultSample(classes, 4, paddingIndex === undefined ? {} : { paddingIndex }),
        );
        assert.ok(tells, note);
      });
    }
  }
});
