/** What is said of two formulations, or of a loss and one, must be so when both are run again. */
import assert from 'node:assert/strict';
import { baselineOf } from '../../../src/identification/baseline';
import type { BlackBox } from '../../../src/identification/blackBox';
import { compare } from '../../../src/identification/compare';
import { measure } from '../../../src/identification/measure';
import { defaultSample } from '../../../src/identification/sample';
import { formulationById } from '../../../src/formulations/catalogue';
import { evaluate } from '../../../src/formulations/evaluate';
import type { Baseline, Sample, Standing } from '../../../src/inspection';
import * as losses from './losses';

const { crossEntropy, fillScatter, uniformMixture, hardLabels } = losses;

interface Run {
  readonly value: number;
  readonly gradient: readonly number[];
}

function formulationRun(id: string, smoothing: number, { logits, targets }: Sample): Run {
  const outcome = evaluate(formulationById(id)!, { logits, targets, smoothing });
  assert.ok(!('problem' in outcome));
  return { value: outcome.value, gradient: outcome.gradient.flat() };
}

function boxRun(loss: BlackBox, { logits, targets }: Sample): Run {
  const { value, gradient } = loss(logits, targets);
  const rows = [value].flat();
  const share = typeof value === 'number' ? 1 : rows.length;
  return { value: rows.reduce((s, v) => s + v, 0) / share, gradient: gradient.flat().map((g) => g / share) };
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-5 + 1.3e-6 * Math.abs(b);

/** row = factor · baseline + offset, in value and gradient, on logits that no probe has. `at` gives both at the ε′ of the relation. */
function assertHolds(
  standing: Standing,
  at: (smoothing: number | null) => { readonly row: Run; readonly baseline: Run },
  what: string,
): void {
  const { relation } = standing;
  assert.ok(relation, what);
  const smoothing = 'smoothing' in relation ? (relation.smoothing ?? null) : null;
  const { row, baseline } = at(smoothing);
  const factor = 'factor' in relation ? Number(relation.factor) : 1;
  const offset = 'offset' in relation ? Number(relation.offset) : 0;
  // The offset is told to the digits that the measurement vouches for, four at least.
  const valueAgrees = Math.abs(row.value - factor * baseline.value - offset) <= 1e-5 + 1e-4 * Math.abs(offset);
  const agrees = valueAgrees && row.gradient.every((g, m) => near(g, factor * baseline.gradient[m]!));
  assert.equal(agrees, relation.kind !== 'different', `${what}: ${standing.detail}`);
}

const elsewhere = (sample: Sample): Sample => ({
  ...sample,
  logits: sample.logits.map((row, n) => row.map((_, k) => Math.sin(3 * n + 1.7 * k) * 2)),
});

function against(id: string, loss: BlackBox, classes: number, smoothing: number): { readonly baseline: Baseline; readonly sample: Sample } {
  const sample = defaultSample(classes, 4);
  const measurement = measure(losses.inFloat32(loss), { logits: sample.logits, targets: sample.targets, smoothing });
  const baseline = baselineOf(id, { measurement, sample, smoothing });
  assert.ok(baseline);
  return { baseline, sample };
}

/** The numbers on the sample: row minus baseline. */
function assertDistances(standing: Standing, row: Run, baseline: Run, what: string): void {
  const difference = row.value - baseline.value;
  const close = (actual: unknown, wanted: number): boolean => Math.abs(Number(actual) - wanted) <= 1e-5 + 1.3e-6 * Math.abs(wanted);
  assert.ok(close(standing.difference, difference), `${what}: difference ${String(standing.difference)}, not ${difference}`);
  const relative = difference / Math.abs(baseline.value);
  assert.ok(close(standing.relativeDifference, relative), `${what}: relative ${String(standing.relativeDifference)}, not ${relative}`);
  const largest = Math.max(...row.gradient.map((g, m) => Math.abs(g - baseline.gradient[m]!)));
  assert.ok(close(standing.gradientDifference, largest), `${what}: gradients ${String(standing.gradientDifference)}, not ${largest}`);
}

describe('baseline', () => {
  const mine: readonly (readonly [string, BlackBox])[] = [
    ['fill/scatter, mean', crossEntropy(fillScatter(0.1), { reduce: 'mean' })],
    ['fill/scatter, sum', crossEntropy(fillScatter(0.1), { reduce: 'sum' })],
    ['fill/scatter, none', crossEntropy(fillScatter(0.1), { reduce: 'none' })],
    ['the mixture', crossEntropy(uniformMixture(0.1), { reduce: 'mean' })],
    ['KL divergence, batchmean', crossEntropy(fillScatter(0.1), { reduce: 'mean', divergence: true })],
    ['KL divergence, N·K', crossEntropy(fillScatter(0.1), { reduce: 'elementMean', divergence: true })],
    ['hard labels', crossEntropy(hardLabels, { reduce: 'mean' })],
    [
      'something of its own',
      crossEntropy(
        losses.onOff(
          () => 0.7,
          () => 0.2,
        ),
        { reduce: 'mean' },
      ),
    ],
  ];
  const ids = ['fill-scatter', 'uniform-mixture', 'kldiv-fill-scatter/sum', 'kldiv-fill-scatter/mean', 'hard-labels', 'binary'];
  for (const id of ids) {
    it(`${id}: every relation holds when both sides are run again`, () => {
      for (const [name, loss] of mine) {
        const { baseline, sample } = against(id, loss, 5, 0.1);
        const there = elsewhere(sample);
        assertHolds(
          baseline.own,
          // The baseline's ε is what would have to change: the person's loss stays as it is.
          (smoothing) => ({ row: boxRun(loss, there), baseline: formulationRun(id, smoothing ?? 0.1, there) }),
          `${name} with ${id}`,
        );
        assertDistances(baseline.own, boxRun(loss, sample), formulationRun(id, 0.1, sample), `${name} with ${id}`);
        assert.doesNotMatch(baseline.own.detail, /times yours/);
        for (const each of baseline.comparisons) {
          assertHolds(
            each,
            (smoothing) => ({
              row: formulationRun(each.formulation, smoothing ?? 0.1, there),
              baseline: formulationRun(id, 0.1, there),
            }),
            `${each.formulation} with ${id}`,
          );
          const [one, other] = [each.formulation, id].map((formulation) => formulationRun(formulation, 0.1, sample));
          assertDistances(each, one!, other!, `${each.formulation} with ${id}`);
          assert.doesNotMatch(each.detail, /yours/i, each.detail);
        }
      }
    });
  }

  it('is equal to itself, and lists what the loss is compared with', () => {
    const loss = crossEntropy(fillScatter(0.1), { reduce: 'mean' });
    const { baseline, sample } = against('uniform-mixture', loss, 3, 0.1);
    const measurement = measure(loss, { logits: sample.logits, targets: sample.targets, smoothing: 0.1 });
    assert.deepEqual(
      baseline.comparisons.map(({ formulation }) => formulation),
      compare({ measurement, sample, smoothing: 0.1 }).map(({ formulation }) => formulation),
    );
    const itself = baseline.comparisons.find(({ formulation }) => formulation === 'uniform-mixture')!;
    assert.deepEqual([itself.relation, itself.difference, itself.ulp], [{ kind: 'equal' }, 0, 0]);
  });

  const sentences: readonly (readonly [string, BlackBox, string, RegExp])[] = [
    ['uniform-mixture', mine[0]![1], 'another ε', /^Equal to the baseline at its ε′ = ε·K\/\(K−1\) = 0\.125\.$/],
    [
      'fill-scatter',
      mine[1]![1],
      'the sum',
      /^Scaled: N = 4 times the baseline: yours sums over the rows, the baseline takes the mean over the rows\.$/,
    ],
    ['fill-scatter', mine[4]![1], 'KL', /^Same gradient, lower by the entropy H\(q\) = 0\.4637\.$/],
    ['kldiv-fill-scatter/batchmean', mine[0]![1], 'KL turned round', /^Same gradient, higher by the entropy H\(q\) = 0\.4637\.$/],
  ];
  for (const [id, loss, name, expected] of sentences) {
    it(`says how the loss stands to ${id}: ${name}`, () => {
      assert.match(against(id, loss, 5, 0.1).baseline.own.detail, expected);
    });
  }

  it('is none where the formulation is unknown or has no value', () => {
    const sample = defaultSample(2, 4);
    const loss = crossEntropy(fillScatter(0.1), { reduce: 'mean' });
    const measurement = measure(loss, { logits: sample.logits, targets: sample.targets, smoothing: 0.1 });
    assert.equal(baselineOf('no-such', { measurement, sample, smoothing: 0.1 }), null);
    assert.equal(baselineOf('annotated-transformer', { measurement, sample, smoothing: 0.1 }), null);
  });
});
