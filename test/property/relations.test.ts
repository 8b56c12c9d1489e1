import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultComparison } from '../../src/formulations/catalogue';
import { compare } from '../../src/identification/compare';
import { measure } from '../../src/identification/measure';
import { defaultSample } from '../../src/identification/sample';
import * as losses from '../unit/identification/losses';

type Reduce = 'mean' | 'sum' | 'elementMean';

/** What arithmetic says of the two, from their definitions. */
function expectedKind(
  mine: { readonly isFill: boolean; readonly divergence: boolean; readonly reduce: Reduce },
  theirs: (typeof defaultComparison)[number],
  rows: number,
  classes: number,
): string {
  if (theirs.convention === 'none') return 'different';
  const sameConvention = (theirs.convention === 'fillScatter') === mine.isFill;
  const size = { mean: rows, sum: 1, elementMean: rows * classes }[mine.reduce];
  const theirSize = { one: 1, rows, elements: rows * classes, active: rows, weights: rows }[theirs.divides];
  const isScaled = size !== theirSize;
  const isShifted = (theirs.family === 'divergence') !== mine.divergence;
  if (isScaled && isShifted) return 'scaledOffset';
  if (isShifted) return 'sameGradientOffset';
  if (isScaled) return sameConvention ? 'scaled' : 'scaledWithSmoothing';
  return sameConvention ? 'equal' : 'equalWithSmoothing';
}

describe('relations', function () {
  this.timeout(60_000);

  it('are what the definitions say, for any ε, K, N, targets, divergence and reduction', () => {
    fc.assert(
      fc.property(
        fc.record({
          classes: fc.integer({ min: 3, max: 7 }),
          rows: fc.integer({ min: 2, max: 5 }),
          epsilon: fc.integer({ min: 2, max: 60 }).map((percent) => percent / 100),
          isFill: fc.boolean(),
          divergence: fc.boolean(),
          reduce: fc.constantFrom<Reduce>('mean', 'sum', 'elementMean'),
        }),
        (mine) => {
          const { classes, rows, epsilon, isFill, divergence, reduce } = mine;
          const q = isFill ? losses.fillScatter(epsilon) : losses.uniformMixture(epsilon);
          const sample = defaultSample(classes, rows);
          const measurement = measure(losses.inFloat32(losses.crossEntropy(q, { reduce, divergence }), 2), {
            ...sample,
            smoothing: epsilon,
          });
          const compared = compare({ measurement, sample, smoothing: epsilon });
          for (const theirs of defaultComparison) {
            const entry = compared.find(({ formulation }) => formulation === theirs.id)!;
            assert.equal(entry.relation?.kind, expectedKind(mine, theirs, rows, classes), `${theirs.id}: ${entry.detail}`);
            if ('smoothing' in entry.relation) {
              const needed =
                (theirs.convention === 'fillScatter') === isFill
                  ? epsilon
                  : isFill
                    ? (epsilon * classes) / (classes - 1)
                    : (epsilon * (classes - 1)) / classes;
              assert.ok(Math.abs((entry.relation.smoothing ?? NaN) - needed) < 1e-5, `${theirs.id}: ${entry.detail}`);
            }
          }
        },
      ),
      { numRuns: 25, seed: 20260102 },
    );
  });
});
