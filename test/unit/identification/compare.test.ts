import assert from 'node:assert/strict';
import { formulations } from '../../../src/formulations/catalogue';
import { evaluate } from '../../../src/formulations/evaluate';
import type { BlackBox } from '../../../src/identification/blackBox';
import { compare } from '../../../src/identification/compare';
import { measure } from '../../../src/identification/measure';
import { defaultSample } from '../../../src/identification/sample';
import type { Comparison, Sample } from '../../../src/inspection';
import * as losses from './losses';

const { crossEntropy, fillScatter, uniformMixture, hardLabels, inFloat32 } = losses;

function compared(loss: BlackBox, smoothing: number | null, sample: Sample = defaultSample(3, 4)): ReadonlyMap<string, Comparison> {
  const measurement = measure(loss, { ...sample, smoothing });
  return new Map(compare({ measurement, sample, smoothing, formulations: [...formulations] }).map((entry) => [entry.formulation, entry]));
}

describe('compare', function () {
  this.timeout(20_000);

  const fill = inFloat32(crossEntropy(fillScatter(0.1), { reduce: 'mean' }));

  it('relates fill/scatter to every formulation', () => {
    const to = compared(fill, 0.1);
    assert.deepEqual(to.get('fill-scatter')?.relation, { kind: 'equal' });
    assert.deepEqual(to.get('uniform-mixture')?.relation, { kind: 'equalWithSmoothing', smoothing: 0.15 });
    assert.match(to.get('uniform-mixture')!.detail, /Equal at ε′ = ε·K\/\(K−1\) = 0\.15/u);
    const entropy = 0.39439769;
    const batchmean = to.get('kldiv-fill-scatter/batchmean')!;
    const { relation } = batchmean;
    assert.ok(relation?.kind === 'sameGradientOffset' && Math.abs(Number(relation.offset) + entropy) < 1e-5, batchmean.detail);
    assert.match(batchmean.detail, /same gradient, lower by the entropy H\(q\) = 0\.3944/iu);
    const mean = to.get('kldiv-fill-scatter/mean')!;
    assert.equal(mean.relation?.kind, 'scaledOffset');
    assert.match(
      mean.detail,
      /1\/K = 0\.3333 times yours: it divides by N·K, yours takes the mean over the rows; .*lower by H\(q\)\/K = 0\.1315/u,
    );
    const sum = to.get('kldiv-fill-scatter/sum')!;
    assert.match(sum.detail, /N = 4 times yours: it sums over the rows, yours takes the mean over the rows; value lower by N·H\(q\)/u);
    assert.equal(to.get('hard-labels')?.relation?.kind, 'different');
    assert.match(to.get('hard-labels')!.detail, /hard labels give the other classes nothing, yours gives each 0\.05/u);
    assert.equal(to.get('fairseq')?.relation?.kind, 'scaled');
    assert.equal(to.get('fairseq-old')?.relation?.kind, 'scaledWithSmoothing');
    assert.match(to.get('fairseq-old')!.detail, /At ε′ = .* = 0\.15: N = 4 times yours/u);
    const divergence = to.get('kldiv-uniform-mixture/batchmean')!;
    assert.equal(divergence.relation?.kind, 'sameGradientOffset');
    assert.match(divergence.detail, /At ε′ = ε·K\/\(K−1\) = 0\.15: same gradient, lower by the entropy/u);
    assert.equal(to.get('binary')?.relation?.kind, 'different');
    assert.equal(to.get('normal')?.relation?.kind, 'different');
    assert.equal(to.get('annotated-transformer')?.relation?.kind, 'different');
  });

  it('calls targets equal at no ε that are those of both conventions at one K only', () => {
    // Half the way between the two: at K = 5 these are fill/scatter's at 0.09 and the mixture's at 0.1125.
    const between = crossEntropy(
      losses.onOff(
        (K) => 0.9 + 0.05 / K,
        (K) => (0.1 - 0.05 / K) / (K - 1),
      ),
      { reduce: 'mean' },
    );
    const to = compared(inFloat32(between), 0.1, defaultSample(5, 4));
    for (const id of ['fill-scatter', 'uniform-mixture', 'kldiv-fill-scatter/batchmean']) {
      assert.equal(to.get(id)?.relation?.kind, 'different', to.get(id)?.detail);
      assert.match(to.get(id)!.detail, /^Different: the targets of yours are these at ε′ = 0\.\d+ for K = 5 only; at K = 8/u);
    }
  });

  it('shows the numbers on the sample', () => {
    const to = compared(fill, 0.1);
    const mixture = to.get('uniform-mixture')!;
    const mine = fill(defaultSample(3, 4).logits, defaultSample(3, 4).targets).value as number;
    assert.ok(Math.abs(Number(mixture.difference) - (Number(mixture.value) - mine)) < 1e-12);
    assert.ok(Number(mixture.ulp) > 1000);
    assert.ok(Number(to.get('fill-scatter')?.ulp) <= 16);
    // The logit gradient differs by ε/K on the target, over N rows.
    assert.ok(Math.abs(Number(mixture.gradientDifference) - 0.1 / 3 / 4) < 1e-6);
  });

  it('calls every formulation equal to itself, and to nothing it is not', () => {
    const epsilon = 0.1;
    const groups: readonly (readonly string[])[] = [['fill-scatter'], ['uniform-mixture', 'mixup-target'], ['fairseq'], ['fairseq-old']];
    const sample = defaultSample(4, 3);
    for (const formulation of formulations) {
      const loss: BlackBox = (logits, targets) => {
        const out = evaluate(formulation, { logits, targets, smoothing: epsilon });
        if ('problem' in out) throw new Error(out.problem);
        return { value: out.value, gradient: out.gradient };
      };
      const to = compared(loss, epsilon, sample);
      const alike = groups.find((group) => group.includes(formulation.id)) ?? [formulation.id];
      for (const [id, { relation, detail }] of to) {
        const expected = alike.includes(id);
        assert.equal(relation?.kind === 'equal', expected, `${formulation.id} and ${id}: ${detail}`);
        if (expected) assert.match(detail, /to the last bit/u);
      }
    }
  });

  it('relates by behaviour on other rows too, where one sample shows no difference', () => {
    // n = u on this row: fill/scatter and the mixture agree for every ε.
    const sample: Sample = { logits: [[1, 2, 3]], targets: [1] };
    const mixture = compared(fill, 0.1, sample).get('uniform-mixture')!;
    assert.ok(Math.abs(Number(mixture.difference)) < 1e-6);
    assert.deepEqual(mixture.relation, { kind: 'equalWithSmoothing', smoothing: 0.15 });
    assert.match(mixture.detail, /coincidence of the sample \(n = u\)/u);
  });

  it('says of a small difference that it is small, not that the sample hides it', () => {
    const { detail, relation } = compared(fill, 0.1, defaultSample(5000, 4)).get('uniform-mixture')!;
    assert.equal(relation?.kind, 'equalWithSmoothing', detail);
    assert.match(detail, /the difference is too small to show in the values/u);
    assert.doesNotMatch(detail, /coincidence/u);
  });

  it('says that everything is one at ε = 0', () => {
    const to = compared(inFloat32(crossEntropy(hardLabels, { reduce: 'mean' })), 0);
    for (const id of ['hard-labels', 'fill-scatter', 'uniform-mixture']) assert.equal(to.get(id)?.relation?.kind, 'equal', id);
    assert.match(to.get('fill-scatter')!.detail, /at ε = 0/u);
  });

  it('names a mean over the weights apart from one over N', () => {
    const classWeights = [0.2, 1, 3.5];
    const sample: Sample = { ...defaultSample(3, 4), classWeights };
    const mine = inFloat32(crossEntropy(uniformMixture(0.1), { reduce: 'mean', classWeights }));
    const measurement = measure(mine, { ...sample, smoothing: 0.1 });
    const to = compare({ measurement, sample, smoothing: 0.1 }).find((entry) => entry.formulation === 'uniform-mixture')!;
    assert.equal(to.relation?.kind, 'scaled', to.detail);
    assert.match(to.detail, /N\/Σw\[y\]/u);
  });

  it('does not relate what is random or not finite', () => {
    let calls = 0;
    const to = compared((z, y) => ({ ...crossEntropy(fillScatter(0.1), { reduce: 'mean' })(z, y), value: ++calls }), 0.1);
    assert.equal(to.get('fill-scatter')?.relation, null);
    const nan = compared((z) => ({ value: NaN, gradient: z }), 0.1);
    assert.equal(nan.get('fill-scatter')?.relation, null);
    assert.match(nan.get('fill-scatter')!.detail, /not finite/u);
  });

  it('gives the words for K = 1 instead of numbers', () => {
    const sample: Sample = { logits: [[1]], targets: [0] };
    const to = compared(() => ({ value: 0, gradient: [[0]] }), 0.1, sample);
    assert.equal(to.get('fill-scatter')?.value, null);
    assert.match(to.get('fill-scatter')!.detail, /K−1/u);
  });
});
