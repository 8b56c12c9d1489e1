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

  it('are never equal where logits of up to ±20 can break it, whatever is added to the loss and however little', () => {
    const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
    const terms: Readonly<Record<string, (z: readonly number[], y: number) => number>> = {
      'p²': (z) => total(losses.logSoftmaxOf(z).map((logP) => Math.exp(2 * logP))),
      '(log p)²': (z, y) => losses.logSoftmaxOf(z)[y]! ** 2,
      'p of the target': (z, y) => Math.exp(losses.logSoftmaxOf(z)[y]!),
      '|z|': (z) => total(z.map(Math.abs)),
      'z²': (z) => total(z.map((value) => value * value)),
      'the largest logit': (z) => Math.max(...z),
      'logits above 6': (z) => total(z.map((value) => Math.max(0, value - 6))),
      'losses above 7': (z, y) => Math.max(0, -losses.logSoftmaxOf(z)[y]! - 7),
      'a wave': (z) => Math.sin(z[0]!),
    };
    const logit = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({
          classes: fc.integer({ min: 2, max: 6 }),
          rows: fc.integer({ min: 1, max: 4 }),
          epsilon: fc.constantFrom(0, 0.1, 0.3),
          term: fc.constantFrom(...Object.keys(terms)),
          size: fc.constantFrom(0, 1e-7, 1e-6, -1e-5, 1e-4, -1e-3, 0.01),
        }),
        fc.array(fc.array(logit, { minLength: 6, maxLength: 6 }), { minLength: 40, maxLength: 40 }),
        ({ classes, rows, epsilon, term, size }, spread) => {
          const mine = (logits: readonly (readonly number[])[], targets: readonly number[]): number => {
            const plain = losses.crossEntropy(losses.uniformMixture(epsilon), { reduce: 'mean' })(logits, targets).value as number;
            return plain + (size * total(logits.map((z, i) => terms[term]!(z, targets[i]!)))) / logits.length;
          };
          const sample = defaultSample(classes, rows);
          const measurement = measure(losses.inFloat32(losses.differentiated(mine), 2), { ...sample, smoothing: epsilon });
          for (const { formulation, relation, smoothing } of compare({ measurement, sample, smoothing: epsilon })) {
            if (relation?.kind !== 'equal' && relation?.kind !== 'equalWithSmoothing') continue;
            const at = relation.kind === 'equal' ? smoothing! : relation.smoothing;
            const targetsOf = {
              'fill-scatter': losses.fillScatter(at),
              'uniform-mixture': losses.uniformMixture(at),
              'hard-labels': losses.hardLabels,
            };
            const [, isDivergence, base, suffix] = /^(kldiv-)?([^/]+)(\/.*)?$/u.exec(formulation)!;
            const reduce: Reduce = suffix === '/sum' ? 'sum' : suffix === '/mean' ? 'elementMean' : 'mean';
            const theirs = losses.crossEntropy(targetsOf[base as keyof typeof targetsOf], {
              reduce,
              divergence: isDivergence !== undefined,
            });
            for (let first = 0; first + rows <= spread.length; first += rows) {
              const logits = spread.slice(first, first + rows).map((z) => z.slice(0, classes));
              const targets = logits.map((_, i) => (first + i) % classes);
              const [a, b] = [mine(logits, targets), theirs(logits, targets).value as number];
              // Two roundings at the tolerance: that of the relation's probes, and that of an ε′ solved from them.
              assert.ok(Math.abs(a - b) <= 2.5 * (1e-5 + 1.3e-6 * Math.abs(b)), `${formulation}, ${size} of ${term}: ${a} and ${b}`);
            }
          }
        },
      ),
      { numRuns: 60, seed: 20260103 },
    );
  });
});
