import assert from 'node:assert/strict';
import { formulationById } from '../../src/formulations/catalogue';
import { evaluate } from '../../src/formulations/evaluate';
import tensorflow from '../fixtures/golden/formulations-tensorflow.json';
import torch from '../fixtures/golden/formulations-torch.json';

type Golden = number | string;

interface Case {
  readonly id: string;
  readonly logits: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly eps: number;
  readonly weight?: readonly number[];
  readonly ignore_index?: number;
}

interface Result {
  readonly case: string;
  readonly formulation: string;
  readonly dtype: string;
  readonly ok: boolean;
  readonly value: unknown;
  readonly grad?: unknown;
  readonly target?: unknown;
}

/** Which record computes what the framework's loss computes, and what of it the golden value is. */
const records: Readonly<
  Record<string, { readonly id: string; readonly of: 'value' | 'perSample' | 'sum'; readonly lambda?: number; readonly hard?: true }>
> = {
  'torch.CrossEntropyLoss/none': { id: 'uniform-mixture', of: 'perSample' },
  'torch.CrossEntropyLoss/mean': { id: 'uniform-mixture', of: 'value' },
  'torch.CrossEntropyLoss/sum': { id: 'uniform-mixture', of: 'sum' },
  'torch.CrossEntropyLoss-hard/none': { id: 'hard-labels', of: 'perSample' },
  'torch.CrossEntropyLoss-hard/mean': { id: 'hard-labels', of: 'value' },
  'torch.CrossEntropyLoss-hard/sum': { id: 'hard-labels', of: 'sum' },
  'timm.LabelSmoothingCrossEntropy': { id: 'uniform-mixture', of: 'value' },
  'transformers.LabelSmoother': { id: 'uniform-mixture', of: 'value' },
  'optax.smooth_labels+softmax_cross_entropy/mean': { id: 'uniform-mixture', of: 'value' },
  'seed-001-global-mean/mean': { id: 'uniform-mixture', of: 'value' },
  'fill-scatter/none': { id: 'fill-scatter', of: 'perSample' },
  'fill-scatter/mean': { id: 'fill-scatter', of: 'value' },
  'fill-scatter/sum': { id: 'fill-scatter', of: 'sum' },
  'fill-scatter-weighted-lsm/none': { id: 'fill-scatter', of: 'perSample' },
  'fill-scatter-weighted-lsm/mean': { id: 'fill-scatter', of: 'value' },
  'fill-scatter-weighted-lsm/sum': { id: 'fill-scatter', of: 'sum' },
  'fairseq.label_smoothed_nll_loss/sum': { id: 'fairseq', of: 'value' },
  'kldiv-fill-scatter/sum': { id: 'kldiv-fill-scatter/sum', of: 'value' },
  'kldiv-fill-scatter/batchmean': { id: 'kldiv-fill-scatter/batchmean', of: 'value' },
  'kldiv-fill-scatter/mean': { id: 'kldiv-fill-scatter/mean', of: 'value' },
  'kldiv-uniform-mixture/sum': { id: 'kldiv-uniform-mixture/sum', of: 'value' },
  'kldiv-uniform-mixture/batchmean': { id: 'kldiv-uniform-mixture/batchmean', of: 'value' },
  'kldiv-uniform-mixture/mean': { id: 'kldiv-uniform-mixture/mean', of: 'value' },
  'annotated-transformer-kldiv-pad0/sum': { id: 'annotated-transformer', of: 'value' },
  'timm.mixup_target+SoftTargetCrossEntropy/lam=1.0': { id: 'mixup-target', of: 'value', lambda: 1 },
  'timm.mixup_target+SoftTargetCrossEntropy/lam=0.3': { id: 'mixup-target', of: 'value', lambda: 0.3 },
  'timm.BinaryCrossEntropy': { id: 'timm-binary', of: 'value' },
  'keras.CategoricalCrossentropy(from_logits)/none': { id: 'uniform-mixture', of: 'perSample' },
  'keras.CategoricalCrossentropy(from_logits)/sum': { id: 'uniform-mixture', of: 'sum' },
  'keras.CategoricalCrossentropy(from_logits)/sum_over_batch_size': { id: 'uniform-mixture', of: 'value' },
  'keras.CategoricalCrossentropy(probabilities)/sum_over_batch_size': { id: 'uniform-mixture', of: 'value' },
  'keras.BinaryCrossentropy(from_logits)/sum_over_batch_size': { id: 'binary', of: 'value' },
  'tf1.softmax_cross_entropy/mean': { id: 'uniform-mixture', of: 'value' },
  'tf1.sigmoid_cross_entropy/mean': { id: 'binary', of: 'value' },
};

/** Golden results that are no record's: the unreduced N×K divergence, and seed 001's per-row values, which its missing dim makes wrong. */
const notARecord = new Set(['kldiv-fill-scatter/none', 'kldiv-uniform-mixture/none', 'seed-001-global-mean/none']);

/** Keras clips probabilities to [1e-7, 1−1e-7], so given probabilities it departs from the formula where logits are large. */
const clipped = (result: Result): boolean => result.formulation.includes('(probabilities)') && result.case === 'large-logits';

function close(actual: number, expected: Golden, where: string): void {
  const wanted = typeof expected === 'string' ? { nan: NaN, inf: Infinity, '-inf': -Infinity }[expected]! : expected;
  const agrees = Object.is(actual, wanted) || actual === wanted || Math.abs(actual - wanted) <= 1e-5 + 1.3e-6 * Math.abs(wanted);
  assert.ok(agrees, `${where}: expected ${String(expected)}, got ${actual}`);
}

function closeAll(actual: readonly number[], expected: unknown, where: string): void {
  const flat = [expected].flat(2) as readonly Golden[];
  assert.equal(actual.length, flat.length, where);
  actual.forEach((value, m) => {
    close(value, flat[m]!, `${where}[${m}]`);
  });
}

for (const [name, suite] of Object.entries({ torch, tensorflow })) {
  const cases = new Map((suite.cases as unknown as readonly Case[]).map((entry) => [entry.id, entry]));
  const results = suite.results as unknown as readonly Result[];

  describe(`formulations against ${name}`, () => {
    const formulations = [...new Set(results.map((result) => result.formulation))];
    for (const formulation of formulations) {
      if (notARecord.has(formulation)) continue;
      it(formulation, () => {
        const record = records[formulation];
        assert.ok(record !== undefined, `no record is named for ${formulation}`);
        for (const result of results.filter((entry) => entry.formulation === formulation && !clipped(entry))) {
          const { logits, targets, eps, weight, ignore_index: ignoreIndex } = cases.get(result.case)!;
          const out = evaluate(formulationById(record.id)!, {
            logits,
            targets,
            smoothing: eps,
            ...(weight === undefined ? {} : { classWeights: weight }),
            ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
            ...(record.lambda === undefined ? {} : { lambda: record.lambda }),
          });
          if ('problem' in out) assert.fail(out.problem);
          const where = `${result.case} (${result.dtype})`;
          const sum = out.perSample.reduce((s, v) => s + v, 0);
          const value = { value: out.value, perSample: out.perSample, sum }[record.of];
          closeAll([value].flat(), result.value, `${where} value`);
          if (result.grad !== undefined) {
            const perRow = sum === 0 ? 1 : record.of === 'value' ? 1 : sum / out.value;
            const gradient = out.gradient.flat().map((g) => g * perRow);
            closeAll(gradient, result.grad, `${where} gradient`);
          }
          if (result.target !== undefined && result.target !== null)
            closeAll(out.targetDistribution.flat(), result.target, `${where} targets`);
        }
      });
    }
  });
}

describe('formulations', () => {
  it('say in words why K = 1 cannot be', () => {
    const out = evaluate(formulationById('fill-scatter')!, { logits: [[1]], targets: [0], smoothing: 0.1 });
    assert.ok('problem' in out && /K−1.*divides by 0/u.test(out.problem));
  });
});
