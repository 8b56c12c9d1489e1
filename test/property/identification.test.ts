import assert from 'node:assert/strict';
import fc from 'fast-check';
import { measure } from '../../src/identification/measure';
import type { Measurement } from '../../src/identification/measurement';
import { defaultSample, discriminating } from '../../src/identification/sample';
import type { BlackBox } from '../../src/identification/blackBox';
import * as losses from '../unit/identification/losses';

const runs = { numRuns: 60, seed: 20260101 };

function near(actual: unknown, expected: number, relative: number, absolute: number, what: string): void {
  const distance = typeof actual === 'number' ? Math.abs(actual - expected) : NaN;
  assert.ok(distance <= absolute + relative * Math.abs(expected), `${what}: expected ${expected}, got ${String(actual)}`);
}

const classesAndRows = {
  classes: fc.integer({ min: 3, max: 14 }),
  rows: fc.integer({ min: 1, max: 6 }),
  ulps: fc.integer({ min: 0, max: 8 }),
};
const smoothing = fc.double({ min: 0.004, max: 0.95, noNaN: true }).map((value) => Number(value.toPrecision(3)));

function measured(
  loss: BlackBox,
  { classes, rows, ulps }: { classes: number; rows: number; ulps: number },
  nominal: number | null,
): Measurement {
  return measure(losses.inFloat32(loss, ulps), { ...defaultSample(classes, rows), smoothing: nominal });
}

describe('identification', function () {
  this.timeout(20_000);

  it('reads back any fixed on and off value, reduction, factor and constant', () => {
    fc.assert(
      fc.property(
        fc.record({
          ...classesAndRows,
          on: fc.double({ min: 0.3, max: 1.2, noNaN: true }),
          off: fc.double({ min: 0.01, max: 0.25, noNaN: true }),
          reduce: fc.constantFrom<losses.Reduce>('none', 'mean', 'sum'),
          constant: fc.constantFrom(0, 0.7, -2),
        }),
        (given) => {
          const { on, off, reduce, constant, classes, rows } = given;
          const q = losses.onOff(
            () => on,
            () => off,
          );
          const { measured: m } = measured(losses.crossEntropy(q, { reduce, constant }), given, null);
          assert.equal(m.affine, true, m.verdict);
          near(m.onValue, on, 2e-5, 0, 'on');
          near(m.offValue, off, 2e-5, 1e-6, 'off');
          near(m.mass, on + (classes - 1) * off, 3e-5, 0, 'mass');
          near(m.scale, reduce === 'mean' ? 1 / rows : 1, 2e-5, 0, 'scale');
          near(m.offset, constant, 1e-4, 2e-4, 'offset');
          assert.equal(m.reduction, reduce);
          assert.equal(m.paddingIndex, null);
        },
      ),
      runs,
    );
  });

  it('names fill/scatter and the uniform mixture at any ε, reduction and factor, as cross entropy and as divergence', () => {
    fc.assert(
      fc.property(
        fc.record({
          ...classesAndRows,
          epsilon: smoothing,
          isFill: fc.boolean(),
          divergence: fc.boolean(),
          reduce: fc.constantFrom<losses.Reduce>('none', 'mean', 'sum', 'elementMean'),
          factor: fc.constantFrom(1, 1, 2, 0.25),
          knowsSmoothing: fc.boolean(),
        }),
        (given) => {
          const { epsilon, isFill, divergence, reduce, factor, knowsSmoothing } = given;
          const q = isFill ? losses.fillScatter(epsilon) : losses.uniformMixture(epsilon);
          const m = measured(losses.crossEntropy(q, { reduce, divergence, factor }), given, knowsSmoothing ? epsilon : null);
          const base = isFill ? 'fill-scatter' : 'uniform-mixture';
          const reductionOfDivergence = { none: 'none', mean: 'batchmean', sum: 'sum', elementMean: 'mean', activeMean: '' }[reduce];
          assert.equal(m.measured.formulation, divergence ? `kldiv-${base}/${reductionOfDivergence}` : base, m.measured.verdict);
          const own = isFill ? m.measured.effectiveSmoothing.fillScatter : m.measured.effectiveSmoothing.uniformMixture;
          near(own, epsilon, 1e-4, 2e-5, 'ε');
        },
      ),
      { ...runs, numRuns: 80 },
    );
  });

  it('keeps the divisor apart from the targets, whatever it is', () => {
    const divisors: Readonly<Record<string, (rows: number, classes: number) => number>> = {
      'N − 1': (rows) => rows - 1,
      '√N': (rows) => Math.sqrt(rows),
      '32': () => 32,
      K: (_, classes) => classes,
      '−N': (rows) => -rows,
    };
    fc.assert(
      fc.property(
        fc.record({ ...classesAndRows, epsilon: smoothing, isFill: fc.boolean(), divisor: fc.constantFrom(...Object.keys(divisors)) }),
        (given) => {
          fc.pre(given.rows > 1);
          const q = given.isFill ? losses.fillScatter(given.epsilon) : losses.uniformMixture(given.epsilon);
          const sum = losses.crossEntropy(q, { reduce: 'sum' });
          const loss: BlackBox = (logits, targets) => {
            const { value, gradient } = sum(logits, targets);
            const by = divisors[given.divisor]!(logits.length, logits[0]!.length);
            return { value: (value as number) / by, gradient: gradient.map((row) => row.map((g) => g / by)) };
          };
          const { measured: m } = measured(loss, given, given.epsilon);
          assert.equal(m.formulation, given.isFill ? 'fill-scatter' : 'uniform-mixture', m.verdict);
          near(m.mass, 1, 0, 1e-5, 'mass');
          near(m.scale, 1 / divisors[given.divisor]!(given.rows, given.classes), 1e-5, 0, 'scale');
        },
      ),
      runs,
    );
  });

  it('tells the means over class weights apart, whether it is told the weights or not', () => {
    const divisors: Readonly<Record<string, (rows: number, ofTargets: number, ofAll: number) => number>> = {
      mean: (rows) => rows,
      sum: () => 1,
      weightedMean: (_, ofTargets) => ofTargets,
      overAll: (_, __, ofAll) => ofAll,
    };
    const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
    fc.assert(
      fc.property(
        fc.record({
          ...classesAndRows,
          epsilon: fc.constantFrom(0.05, 0.1, 0.3),
          isFill: fc.boolean(),
          byTarget: fc.boolean(),
          isTold: fc.boolean(),
          divisor: fc.constantFrom(...Object.keys(divisors)),
          weights: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 14, maxLength: 14 }),
        }),
        (given) => {
          const { classes, rows, epsilon, isFill, byTarget, isTold, divisor } = given;
          const weights = given.weights.slice(0, classes).map((weight) => weight / 20);
          fc.pre(new Set(weights).size > 1);
          const plain = isFill ? losses.fillScatter(epsilon) : losses.uniformMixture(epsilon);
          const q: losses.Targets = (targets, K) =>
            plain(targets, K).map((row, i) => row.map((value, k) => value * weights[byTarget ? targets[i]! : k]!));
          const loss: BlackBox = (logits, targets) => {
            assert.equal(logits[0]!.length, classes, 'as many classes as weights');
            const { value, gradient } = losses.crossEntropy(q, { reduce: 'sum' })(logits, targets);
            const by = divisors[divisor]!(targets.length, total(targets.map((target) => weights[target]!)), total(weights));
            return { value: (value as number) / by, gradient: gradient.map((row) => row.map((g) => g / by)) };
          };
          const sample = { ...defaultSample(classes, rows), ...(isTold ? { classWeights: weights } : {}) };
          const m = measure(losses.inFloat32(loss, given.ulps), { ...sample, smoothing: epsilon });
          const base = isFill ? 'fill-scatter' : 'uniform-mixture';
          if (isTold) {
            assert.equal(m.measured.formulation, base, m.measured.verdict);
            assert.ok(m.shape?.kind === 'weighted' && m.shape.by === (byTarget ? 'target' : 'class'), m.measured.verdict);
            assert.equal(m.measured.reduction, divisor === 'overAll' ? 'sum' : divisor, m.measured.verdict);
          } else assert.ok(m.measured.formulation === null || m.measured.formulation === base, m.measured.verdict);
        },
      ),
      runs,
    );
  });

  it('finds any padding class, and the targets of every row', () => {
    fc.assert(
      fc.property(fc.record({ ...classesAndRows, epsilon: smoothing, padding: fc.nat(13), divergence: fc.boolean() }), (given) => {
        const { classes, epsilon, divergence } = given;
        const padding = given.padding % classes;
        const q = losses.annotatedTransformer(epsilon, padding);
        // With two classes left the off value goes to one class only, as with K = 2; four are needed to see the pattern.
        fc.pre(classes >= 4);
        const m = measured(losses.crossEntropy(q, { reduce: 'sum', divergence }), given, epsilon);
        assert.equal(m.measured.paddingIndex, padding, m.measured.verdict);
        const sample = defaultSample(classes, given.rows);
        q(sample.targets, classes).forEach((row, i) => {
          row.forEach((value, k) => {
            near(m.measured.targetDistribution[i]![k], value, 2e-5, 2e-6, `q[${i}][${k}]`);
          });
        });
      }),
      runs,
    );
  });

  it('never takes a loss bent by a power of p_y, or by a share of a squared error, for a label smoothing', () => {
    const softmax = (row: readonly number[]): readonly number[] => losses.logSoftmaxOf(row).map(Math.exp);
    fc.assert(
      fc.property(
        fc.record({
          classes: fc.integer({ min: 2, max: 6 }),
          rows: fc.integer({ min: 1, max: 4 }),
          ulps: fc.integer({ min: 0, max: 4 }),
          epsilon: smoothing,
          gamma: fc.double({ min: 0.05, max: 4, noNaN: true }),
          share: fc.double({ min: 0.01, max: 2, noNaN: true }),
          bend: fc.constantFrom<'focal' | 'squared' | 'poly'>('focal', 'squared', 'poly'),
        }),
        (given) => {
          const { epsilon, gamma, share, bend } = given;
          const loss = losses.differentiated((logits, targets) =>
            logits.reduce((s, row, i) => {
              const logP = losses.logSoftmaxOf(row);
              const p = softmax(row)[targets[i]!] ?? 0;
              const q = losses.uniformMixture(epsilon)([targets[i]!], row.length)[0]!;
              const smoothed = -q.reduce((t, value, k) => t + value * logP[k]!, 0);
              return (
                s +
                (bend === 'focal'
                  ? (1 - p) ** gamma * smoothed
                  : bend === 'squared'
                    ? smoothed + share * (1 - p) ** 2
                    : smoothed + share * (1 - p))
              );
            }, 0),
          );
          const { measured: m } = measured(loss, given, epsilon);
          assert.equal(m.affine, false, m.verdict);
          assert.equal(m.formulation, null, m.verdict);
        },
      ),
      { ...runs, numRuns: 25 },
    );
  });

  it('makes samples that tell the formulations apart, at any K and N', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 200 }), fc.integer({ min: 2, max: 9 }), (classes, rows) => {
        const sample = defaultSample(classes, rows);
        assert.equal(sample.logits.length, rows);
        assert.ok(sample.logits.every((row) => row.length === classes));
        assert.equal(new Set(sample.targets).size > 1, true);
        const { discriminating: tells, note } = discriminating(sample);
        assert.equal(tells, true, note);
        assert.equal(note, undefined);
      }),
      runs,
    );
  });
});
