/** Any loss of the affine family: its formula, read and computed, is the loss; or there is none. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { measure } from '../../src/identification/measure';
import { defaultSample } from '../../src/identification/sample';
import { valueOfTex, valueOfText } from '../unit/identification/formulaReader';
import * as losses from '../unit/identification/losses';

const { crossEntropy, fillScatter, uniformMixture, hardLabels, onOff } = losses;

const short = fc.integer({ min: 1, max: 60 }).map((hundredths) => hundredths / 100);
const targets = fc.oneof(
  short.map((smoothing) => ({ name: `fill/scatter ${smoothing}`, q: fillScatter(smoothing), smoothing })),
  short.map((smoothing) => ({ name: `mixture ${smoothing}`, q: uniformMixture(smoothing), smoothing })),
  fc.constant({ name: 'hard', q: hardLabels, smoothing: 0 }),
  fc.tuple(fc.double({ min: 0.3, max: 2, noNaN: true }), fc.double({ min: -0.2, max: 0.5, noNaN: true })).map(([on, off]) => ({
    name: `on ${on}, off ${off}`,
    q: onOff(
      () => on,
      () => off,
    ),
    smoothing: 0.1,
  })),
);

describe('formula', function () {
  this.timeout(120_000);

  it('computed from its text and from its TeX, is the loss on logits that no probe has', () => {
    let written = 0;
    fc.assert(
      fc.property(
        targets,
        fc.constantFrom('none' as const, 'mean' as const, 'sum' as const, 'elementMean' as const),
        fc.constantFrom(1, 1, 0.5, 2.5),
        fc.constantFrom(0, 0, 0, -1.25, 3),
        fc.boolean(),
        fc.constantFrom<number | null>(null, null, 1),
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 2, max: 6 }),
        (smoothed, reduce, factor, constant, knowsSmoothing, padding, classes, rows) => {
          const q = padding === null ? smoothed.q : losses.ignoring(smoothed.q, padding);
          const loss = crossEntropy(q, { reduce, factor, constant });
          const sample = defaultSample(classes, rows);
          const { measured } = measure(losses.inFloat32(loss), { ...sample, smoothing: knowsSmoothing ? smoothed.smoothing : null });
          const { formula } = measured;
          // As measured, q is told by the numbers beside the formula, not by it.
          if (formula === null || formula.text.includes('as measured')) return;
          written += 1;
          const logits = sample.logits.map((row, n) => row.map((_, k) => Math.sin(5 * n + 2.3 * k) * 2));
          const batch = { logits, targets: sample.targets };
          const expected = [loss(logits, sample.targets).value].flat();
          for (const values of [valueOfText(formula.text, batch), valueOfTex(formula.tex, batch)]) {
            assert.equal(values.length, expected.length);
            values.forEach((value, n) => {
              // The constants are measured in float32, to a few units of its last place, and shown to seven digits.
              const near = Math.abs(value - expected[n]!) <= 1e-5 * (1 + Math.abs(factor) * rows) + 1.3e-6 * Math.abs(expected[n]!);
              assert.ok(near, `${value} is not ${expected[n]!}: ${smoothed.name}, ${reduce}: ${formula.text} | ${formula.tex.join(' | ')}`);
            });
          }
        },
      ),
      { numRuns: 60, seed: 20250607 },
    );
    assert.ok(written > 45, `only ${written} of 60 had a formula`);
  });
});
