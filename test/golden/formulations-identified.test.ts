import assert from 'node:assert/strict';
import type { BlackBox } from '../../src/identification/blackBox';
import { measure } from '../../src/identification/measure';
import torch from '../fixtures/golden/formulations-torch.json';
import * as losses from '../unit/identification/losses';

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
  readonly value: unknown;
}

const { crossEntropy, fillScatter, uniformMixture, hardLabels, annotatedTransformer, ignoring } = losses;

interface Known {
  /** Written out independently, checked against the golden value before it is identified. */
  readonly loss: (eps: number, ignored: number) => BlackBox;
  readonly formulation: string;
  readonly reduction: string;
}

const known: Readonly<Record<string, Known>> = {
  'torch.CrossEntropyLoss/none': {
    loss: (eps, i) => crossEntropy(ignoring(uniformMixture(eps), i), { reduce: 'none' }),
    formulation: 'uniform-mixture',
    reduction: 'none',
  },
  'torch.CrossEntropyLoss/mean': {
    loss: (eps, i) => crossEntropy(ignoring(uniformMixture(eps), i), { reduce: 'activeMean' }),
    formulation: 'uniform-mixture',
    reduction: 'mean',
  },
  'torch.CrossEntropyLoss/sum': {
    loss: (eps, i) => crossEntropy(ignoring(uniformMixture(eps), i), { reduce: 'sum' }),
    formulation: 'uniform-mixture',
    reduction: 'sum',
  },
  'torch.CrossEntropyLoss-hard/mean': {
    loss: (_, i) => crossEntropy(ignoring(hardLabels, i), { reduce: 'activeMean' }),
    formulation: 'hard-labels',
    reduction: 'mean',
  },
  'timm.LabelSmoothingCrossEntropy': {
    loss: (eps) => crossEntropy(uniformMixture(eps), { reduce: 'mean' }),
    formulation: 'uniform-mixture',
    reduction: 'mean',
  },
  'transformers.LabelSmoother': {
    loss: (eps, i) => crossEntropy(ignoring(uniformMixture(eps), i), { reduce: 'activeMean' }),
    formulation: 'uniform-mixture',
    reduction: 'mean',
  },
  'fill-scatter/none': {
    loss: (eps) => crossEntropy(fillScatter(eps), { reduce: 'none' }),
    formulation: 'fill-scatter',
    reduction: 'none',
  },
  'fill-scatter/mean': {
    loss: (eps) => crossEntropy(fillScatter(eps), { reduce: 'mean' }),
    formulation: 'fill-scatter',
    reduction: 'mean',
  },
  'fill-scatter/sum': { loss: (eps) => crossEntropy(fillScatter(eps), { reduce: 'sum' }), formulation: 'fill-scatter', reduction: 'sum' },
  'fairseq.label_smoothed_nll_loss/sum': {
    loss: (eps) => crossEntropy(fillScatter(eps), { reduce: 'sum' }),
    formulation: 'fill-scatter',
    reduction: 'sum',
  },
  'kldiv-fill-scatter/sum': {
    loss: (eps) => crossEntropy(fillScatter(eps), { reduce: 'sum', divergence: true }),
    formulation: 'kldiv-fill-scatter/sum',
    reduction: 'sum',
  },
  'kldiv-fill-scatter/batchmean': {
    loss: (eps) => crossEntropy(fillScatter(eps), { reduce: 'mean', divergence: true }),
    formulation: 'kldiv-fill-scatter/batchmean',
    reduction: 'batchmean',
  },
  'kldiv-fill-scatter/mean': {
    loss: (eps) => crossEntropy(fillScatter(eps), { reduce: 'elementMean', divergence: true }),
    formulation: 'kldiv-fill-scatter/mean',
    reduction: 'elementMean',
  },
  'kldiv-uniform-mixture/sum': {
    loss: (eps) => crossEntropy(uniformMixture(eps), { reduce: 'sum', divergence: true }),
    formulation: 'kldiv-uniform-mixture/sum',
    reduction: 'sum',
  },
  'kldiv-uniform-mixture/batchmean': {
    loss: (eps) => crossEntropy(uniformMixture(eps), { reduce: 'mean', divergence: true }),
    formulation: 'kldiv-uniform-mixture/batchmean',
    reduction: 'batchmean',
  },
  'kldiv-uniform-mixture/mean': {
    loss: (eps) => crossEntropy(uniformMixture(eps), { reduce: 'elementMean', divergence: true }),
    formulation: 'kldiv-uniform-mixture/mean',
    reduction: 'elementMean',
  },
  'annotated-transformer-kldiv-pad0/sum': {
    loss: (eps) => crossEntropy(annotatedTransformer(eps, 0), { reduce: 'sum', divergence: true }),
    formulation: 'annotated-transformer',
    reduction: 'sum',
  },
};

const cases = new Map((torch.cases as unknown as readonly Case[]).map((entry) => [entry.id, entry]));
const results = (torch.results as unknown as readonly Result[]).filter((result) => result.dtype === 'float64');

describe('the golden formulations, identified from values and gradients', () => {
  for (const [name, { loss, formulation, reduction }] of Object.entries(known)) {
    it(name, () => {
      for (const result of results.filter((entry) => entry.formulation === name)) {
        const { id, logits, targets, eps, weight, ignore_index: ignoreIndex } = cases.get(result.case)!;
        if (weight !== undefined) continue;
        const box = loss(eps, ignoreIndex ?? -100);
        const golden = [result.value].flat(2) as readonly number[];
        [box(logits, targets).value].flat().forEach((value, m) => {
          assert.ok(
            Math.abs(value - golden[m]!) <= 1e-5 + 1.3e-6 * Math.abs(golden[m]!),
            `${id}: the black box gives ${value}, torch ${golden[m]!}`,
          );
        });

        const m = measure(losses.inFloat32(box), {
          logits,
          targets,
          smoothing: eps,
          ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
        });
        const said = `${id}: ${m.measured.verdict}`;
        assert.equal(m.measured.affine, true, said);
        const ignores = targets.includes(ignoreIndex ?? -100) && reduction === 'mean';
        const asHard = reduction === 'batchmean' ? 'mean' : reduction;
        if (eps === 0) {
          // Nothing is smoothed: every formulation is the plain cross entropy, and says so.
          assert.ok(['hard-labels', 'annotated-transformer'].includes(m.measured.formulation!), said);
          assert.ok([reduction, asHard].includes(m.measured.reduction), said);
          assert.match(m.measured.verdict, /at ε = 0/u);
        } else {
          assert.equal(m.measured.formulation, formulation, said);
          assert.equal(m.measured.reduction, ignores ? 'activeMean' : reduction, said);
        }
      }
    });
  }
});
