import assert from 'node:assert/strict';
import { families } from '../../src/families/catalogue';
import { definedOver, run } from '../../src/families/evaluate';
import type { Family, Layout } from '../../src/families/family';
import type { PlainTensors } from '../../src/families/layouts';
import { input } from '../../src/families/layouts';
import { logits } from '../../src/families/roles';
import golden from '../fixtures/golden/families-torch.json';

/** Values and gradients of torch 2.13 in float64, of formulations written down apart from this project. */
interface Golden {
  readonly family: string;
  readonly formulation: string;
  readonly case: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<
    Record<
      string,
      { readonly shape: readonly number[]; readonly dtype: string; readonly differentiable: boolean; readonly values: unknown }
    >
  >;
  readonly value: number | string;
  readonly gradients: Readonly<Record<string, unknown>>;
}

interface Mapped {
  readonly id: string;
  readonly reduction?: string;
  /** Ours, for each input of the record where its name is another. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Ours, for each parameter of the record. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Parameters that the record's formulation has fixed. */
  readonly fixed?: Readonly<Record<string, number>>;
  readonly scale?: number;
}

const hot = { targets: 'targets' };
const dpo = { pc: 'chosen', pr: 'rejected', rc: 'chosenReference', rr: 'rejectedReference' };
const views = { query: 'a', key: 'b', z1: 'a', z2: 'b' };
const vae = { recon: 'recon', x: 'x', mu: 'mu', logvar: 'logvar' };

/** Record → our formulation. */
const records: Readonly<Record<string, Mapped>> = {
  'focal/softmax': { id: 'focal/softmax', inputs: hot },
  'focal/softmax, sum': { id: 'focal/softmax', reduction: 'sum' },
  'focal/softmax, weight of the class': { id: 'focal/softmax-weighted', inputs: { classWeights: 'weights' } },
  'focal/softmax, weight of the class, divided by the weights': {
    id: 'focal/softmax-weighted',
    reduction: 'weighted',
    inputs: { classWeights: 'weights' },
  },
  'focal/categorical (keras), one alpha': { id: 'focal/softmax', inputs: { onehot: 'hot' }, scale: 0.25 },
  'focal/sigmoid, alpha of the positives': { id: 'focal/sigmoid-alpha', inputs: { targets: 'labels' } },
  'focal/sigmoid, no alpha': { id: 'focal/sigmoid', inputs: { targets: 'labels' } },
  'focal/sigmoid, sum over the positives': { id: 'focal/sigmoid-alpha', reduction: 'positives', inputs: { targets: 'labels' } },
  'binary/logits': { id: 'binary/logits', inputs: { targets: 'labels' } },
  'binary/logits, sum': { id: 'binary/logits', reduction: 'sum', inputs: { targets: 'labels' } },
  'binary/logits, positive weight': { id: 'binary/logits-positive-weight', inputs: { targets: 'labels' } },
  'binary/probabilities': { id: 'binary/probabilities', inputs: { targets: 'labels' } },
  'binary/multi-label, sum over labels': { id: 'binary/logits', reduction: 'rowSumMean', inputs: { targets: 'labels' } },
  'binary/asymmetric': { id: 'binary/asymmetric', inputs: { targets: 'labels' } },
  'binary/asymmetric, weight detached': { id: 'binary/asymmetric-detached', inputs: { targets: 'labels' } },
  'overlap/dice, per image': { id: 'overlap/dice' },
  'overlap/dice, whole batch': { id: 'overlap/dice-batch' },
  'overlap/dice, whole batch, small eps': { id: 'overlap/dice-batch' },
  'overlap/dice, squared': { id: 'overlap/dice-squared' },
  'overlap/dice, eps in the denominator only': { id: 'overlap/dice-denominator' },
  'overlap/tversky': { id: 'overlap/tversky' },
  'overlap/tversky, focal': { id: 'overlap/tversky-focal' },
  'overlap/jaccard': { id: 'overlap/jaccard' },
  'regression/mse': { id: 'regression/mse' },
  'regression/mse, half': { id: 'regression/half-mse' },
  'regression/mae': { id: 'regression/mae' },
  'regression/huber': { id: 'regression/huber' },
  'regression/smooth l1': { id: 'regression/smooth-l1' },
  'regression/quantile': { id: 'regression/quantile' },
  'regression/log-cosh': { id: 'regression/log-cosh' },
  'regression/charbonnier': { id: 'regression/charbonnier' },
  'regression/rmse': { id: 'regression/rmse' },
  'contrastive/infonce, one direction': { id: 'contrastive/infonce', inputs: views },
  'contrastive/symmetric (CLIP)': { id: 'contrastive/symmetric', inputs: views },
  'contrastive/siglip': { id: 'contrastive/siglip', inputs: views },
  'contrastive/nt-xent': { id: 'contrastive/nt-xent', inputs: views },
  'contrastive/nt-xent with the self-similarity (mistake)': { id: 'contrastive/nt-xent-self', inputs: views },
  'contrastive/supcon, out': { id: 'contrastive/supcon' },
  'contrastive/supcon, in': { id: 'contrastive/supcon-in' },
  'contrastive/supcon, out, over tau/base': { id: 'contrastive/supcon-base' },
  'contrastive/queue (MoCo)': { id: 'contrastive/moco' },
  'metric/triplet, distance': { id: 'metric/triplet' },
  'metric/triplet, squared distance': { id: 'metric/triplet-squared' },
  'metric/triplet, cosine distance': { id: 'metric/triplet-cosine' },
  'metric/batch hard': { id: 'metric/batch-hard' },
  'metric/batch hard, soft margin': { id: 'metric/batch-hard-soft' },
  'metric/pair (contrastive)': { id: 'metric/pair' },
  'metric/pair (contrastive), half': { id: 'metric/pair-half' },
  'metric/margin ranking': { id: 'metric/margin-ranking', inputs: { higher: 'first', lower: 'second', y: 'order' } },
  'margin-softmax/arcface': { id: 'marginSoftmax/arcface' },
  'margin-softmax/arcface, easy margin': { id: 'marginSoftmax/arcface-easy' },
  'margin-softmax/arcface, with the fallback past pi': { id: 'marginSoftmax/arcface-fallback' },
  'margin-softmax/cosface': { id: 'marginSoftmax/cosface' },
  'margin-softmax/normface': { id: 'marginSoftmax/normface' },
  'distillation/KL(teacher‖student)·T², batch mean': { id: 'distillation/kl' },
  'distillation/KL without T²': { id: 'distillation/kl-without-t2' },
  'distillation/KL·T², mean of all elements': { id: 'distillation/kl', reduction: 'mean' },
  'distillation/reverse KL(student‖teacher)·T²': { id: 'distillation/reverse-kl' },
  'distillation/soft cross entropy·T²': { id: 'distillation/soft-cross-entropy' },
  'distillation/JSD, beta': { id: 'distillation/jsd' },
  'distillation/logit MSE': { id: 'distillation/logit-mse' },
  'distillation/α·CE + (1−α)·KL·T²': { id: 'distillation/ce-and-kl' },
  'language-model/next token, mean of the tokens': { id: 'languageModel/next-token' },
  'language-model/no shift (labels already shifted)': { id: 'languageModel/same-token' },
  'language-model/next token, sum': { id: 'languageModel/next-token', reduction: 'sum' },
  'language-model/next token, mean of the sequences': { id: 'languageModel/next-token', reduction: 'sequences' },
  'language-model/next token + z-loss': { id: 'languageModel/next-token-z-loss', parameters: { zloss: 'zLoss' } },
  'vae/KL, sum over latents, mean over the batch': { id: 'variational/gaussian-kl' },
  'vae/KL, sum': { id: 'variational/gaussian-kl', reduction: 'sum' },
  'vae/KL, mean of all': { id: 'variational/gaussian-kl', reduction: 'mean' },
  'vae/BCE sum + KL sum': { id: 'variational/bce-sum', inputs: vae },
  'vae/BCE and KL per sample, mean over the batch': { id: 'variational/bce-per-sample' },
  'vae/BCE mean + KL mean': { id: 'variational/bce-mean' },
  'vae/BCE mean over pixels + KL per sample (mismatch)': { id: 'variational/bce-pixels-mean' },
  'vae/squared error sum + β·KL sum': { id: 'variational/mse-sum' },
  'preference/dpo': { id: 'preference/dpo', inputs: dpo },
  'preference/dpo, label smoothing (cDPO)': { id: 'preference/cdpo', inputs: dpo },
  'preference/dpo, robust': { id: 'preference/robust-dpo', inputs: dpo },
  'preference/ipo': { id: 'preference/ipo', inputs: dpo },
  'preference/hinge (SLiC)': { id: 'preference/hinge', inputs: dpo },
  'preference/simpo': { id: 'preference/simpo', inputs: dpo },
  'preference/cpo (no reference)': { id: 'preference/cpo', inputs: dpo },
  'preference/orpo': { id: 'preference/orpo', inputs: dpo },
  'policy-gradient/clipped, mean of the tokens': { id: 'policyGradient/clipped' },
  'policy-gradient/clipped, mean of the sequences': { id: 'policyGradient/clipped', reduction: 'sequences' },
  'policy-gradient/clipped, over a constant length': { id: 'policyGradient/clipped', reduction: 'constant' },
  'policy-gradient/value, clipped': { id: 'policyGradient/value-clipped' },
  'boxes/IoU': { id: 'boxes/iou', inputs: { boxes1: 'boxes', boxes2: 'targets' } },
  'boxes/−log IoU': { id: 'boxes/log-iou', inputs: { boxes1: 'boxes', boxes2: 'targets' } },
  'boxes/GIoU': { id: 'boxes/giou', inputs: { boxes1: 'boxes', boxes2: 'targets' } },
  'boxes/DIoU': { id: 'boxes/diou', inputs: { boxes1: 'boxes', boxes2: 'targets' } },
  'boxes/CIoU': { id: 'boxes/ciou', inputs: { boxes1: 'boxes', boxes2: 'targets' } },
  'gan/discriminator, bce': { id: 'adversarial/discriminator-bce' },
  'gan/discriminator, hinge': { id: 'adversarial/discriminator-hinge' },
  'gan/discriminator, lsgan': { id: 'adversarial/discriminator-lsgan' },
  'gan/discriminator, wgan': { id: 'adversarial/discriminator-wgan' },
  'gan/discriminator, relativistic': { id: 'adversarial/discriminator-relativistic-average' },
  'gan/discriminator, lsgan, half': { id: 'adversarial/discriminator-lsgan', scale: 0.5 },
  'gan/generator, bce': { id: 'adversarial/generator-bce' },
  'gan/generator, saturating': { id: 'adversarial/generator-saturating' },
  'gan/generator, hinge': { id: 'adversarial/generator-wgan' },
  'gan/generator, lsgan': { id: 'adversarial/generator-lsgan' },
  'robust-classification/generalised cross entropy': { id: 'robustClassification/gce' },
  'robust-classification/symmetric cross entropy': { id: 'robustClassification/sce', fixed: { floor: 1e-4 } },
  'robust-classification/bootstrap, soft': { id: 'robustClassification/bootstrap-soft-detached' },
  'robust-classification/bootstrap, hard': { id: 'robustClassification/bootstrap-hard' },
  'robust-classification/poly-1': { id: 'robustClassification/poly-1' },
  'robust-classification/mean absolute error of the probabilities': { id: 'robustClassification/mae' },
};

/** Formulations of the records that no family of ours has. */
const absent = new Set([
  'overlap/lovasz hinge',
  'contrastive/supcon, no guard (mistake)',
  'preference/kto, pairs',
  'policy-gradient/clipped + KL (k3)',
  'robust-classification/logit adjusted',
  'self-supervised/barlow twins',
  'self-supervised/barlow twins, batch-norm std',
  'self-supervised/vicreg',
  'ordinal/squared EMD',
  'ordinal/EMD root (NIMA)',
  'ordinal/coral',
  'evidential/squared error + KL',
  'ctc/mean',
  'ctc/sum',
  'ctc/mean, zero infinity',
]);

/** Where the record clips what the formulation does not: Keras keeps its probabilities 1e-7 off 0 and 1. */
const clipped = new Set(['focal/categorical (keras), one alpha/extreme']);

const all = (golden as unknown as { readonly records: readonly Golden[] }).records;
const nameOf = ({ family, formulation }: Golden): string => `${family}/${formulation}`;

const flat = (values: unknown): number[] => (Array.isArray(values) ? values.flatMap(flat) : [numberOf(values)]);
const numberOf = (value: unknown): number =>
  typeof value === 'number' ? value : value === null ? NaN : Number((value as string).replace(/^(-?)inf(inity)?$/i, '$1Infinity'));

const close = (a: number, b: number): boolean =>
  (Number.isNaN(a) && Number.isNaN(b)) || a === b || Math.abs(a - b) <= 1e-5 + 1.3e-6 * Math.abs(b);

function given({ inputs }: Golden, { inputs: names = {} }: Mapped): PlainTensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype, values }]) => [
      names[name] ?? name,
      { shape, values: flat(values), dtype: dtype === 'float' ? ('float' as const) : ('int' as const) },
    ]),
  );
}

/** The layout of a family that takes tensors of these names, with their gradients asked for. */
function layoutFor(family: Family, tensors: PlainTensors, wanted: readonly string[], inputs: readonly string[]): Layout {
  const names = Object.keys(tensors);
  const known = family.layouts.find(
    (layout) =>
      layout.inputs.length === names.length &&
      layout.inputs.every(({ name }) => names.includes(name)) &&
      sameNames(definedOver(layout, tensors), inputs),
  );
  const asked = (name: string) => input(name, logits, () => tensors[name]!.shape, wanted.includes(name) ? 'moves' : 'fixed');
  return { id: 'golden', inputs: names.map(asked), ...(known?.made === undefined ? {} : { made: known.made }) };
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join() === [...b].sort().join();

describe('families against torch', () => {
  it('knows of every formulation of the records whether it is there', () => {
    for (const record of all) assert.ok(nameOf(record) in records || absent.has(nameOf(record)), nameOf(record));
  });
  for (const [name, mapped] of Object.entries(records)) {
    describe(name, () => {
      const [familyId, formulationId] = mapped.id.split('/');
      const family = families.find(({ id }) => id === familyId)!;
      const formulation = family.formulations.find(({ id }) => id === formulationId)!;
      for (const record of all.filter((one) => nameOf(one) === name && !clipped.has(`${name}/${one.case}`))) {
        it(record.case, () => {
          const tensors = given(record, mapped);
          const parameters: Record<string, number> = { ...mapped.fixed };
          for (const [own, value] of Object.entries(record.parameters))
            if (typeof value === 'number') parameters[mapped.parameters?.[own] ?? own] = value;
          const reduction = formulation.reductions.find(({ id }) => mapped.reduction === undefined || id === mapped.reduction)!;
          const ours = (input_: string): string => mapped.inputs?.[input_] ?? input_;
          const layout = layoutFor(family, tensors, Object.keys(record.gradients).map(ours), formulation.inputs);
          const { value, gradients } = run({ formulation, reduction, parameters }, layout, tensors);
          const scale = mapped.scale ?? 1;
          assert.ok(close(scale * value[0]!, numberOf(record.value)), `value ${scale * value[0]!}, not ${String(record.value)}`);
          for (const [input_, gradient] of Object.entries(record.gradients)) {
            if (gradient === null || Number.isNaN(value[0]!)) continue;
            const expected = flat(gradient);
            const own = gradients[ours(input_)] ?? expected.map(() => 0);
            // 0 · ∞ of an unguarded formula is no gradient that anything should have.
            expected.forEach((one, i) => {
              assert.ok(Number.isNaN(one) || close(scale * own[i]!, one), `gradient of ${input_} at ${i}: ${scale * own[i]!}, not ${one}`);
            });
          }
        });
      }
    });
  }
});
