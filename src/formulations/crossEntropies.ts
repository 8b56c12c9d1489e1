/** The formulations of the form −Σ_k q_k log p_k: they differ in q and in what they divide by. */
import { crossEntropy as torchLoss } from '../tensor/crossEntropy';
import { fromNumbers, toArray } from '../tensor/creation';
import { add, mul } from '../tensor/elementwise';
import { floatScalar } from '../tensor/promotion';
import { sum } from '../tensor/reductions';
import type { Tensor } from '../tensor/tensor';
import {
  needsTwoClasses,
  noProblem,
  torchIgnoreIndex,
  type Formulation,
  type FormulationLoss,
  type FormulationOptions,
} from './formulation';
import { reduced, softCrossEntropy } from './reduce';
import { countedRows, normalAround, onAndOff, withoutRows } from './softTargets';

type Fields = Pick<Formulation, 'id' | 'title' | 'convention' | 'divides' | 'tex' | 'source'> &
  Partial<Pick<Formulation, 'problem'>> &
  Pick<Formulation, 'targetDistribution'> & {
    /** The target whose rows count for nothing. */
    readonly ignored?: (options: FormulationOptions) => number;
    /** The tensor room's fused kernel for it, with the same numbers in one pass; null where it does not apply. */
    readonly fused?: (logits: Tensor, targets: Tensor, options: FormulationOptions) => Tensor | null;
  };

function crossEntropy(fields: Fields): Formulation {
  const ignored = fields.ignored ?? ((options: FormulationOptions): number => options.ignoreIndex ?? torchIgnoreIndex);
  const targetDistribution: Formulation['targetDistribution'] = (targets, like, classes, options) =>
    withoutRows(fields.targetDistribution(targets, like, classes, options), targets, ignored(options));
  return {
    problem: noProblem,
    ...fields,
    family: 'crossEntropy',
    targetDistribution,
    loss(logits, targets, options): FormulationLoss {
      const classes = logits.shape[1]!;
      const perSample =
        fields.fused?.(logits, targets, options) ??
        softCrossEntropy(logits, targetDistribution(targets, logits, classes, options), options.classWeights);
      const counted = countedRows(targets, logits, ignored(options));
      const active = sum(counted, null, false);
      const weights = options.classWeights === undefined ? active : weightsOf(targets, counted, options.classWeights);
      return { value: reduced(perSample, fields.divides, { classes, active, weights }), perSample };
    },
  };
}

/** Σ_i w[y_i] over the rows that count. */
function weightsOf(targets: Tensor, counted: Tensor, classWeights: Tensor): Tensor {
  const ofTarget = sum(mul(onAndOff(targets, counted, classWeights.shape[0]!, 1, 0), classWeights), [1], false);
  return sum(mul(ofTarget, counted), null, false);
}

const uniform = (targets: Tensor, like: Tensor, classes: number, smoothing: number): Tensor =>
  onAndOff(targets, like, classes, 1 - smoothing + smoothing / classes, smoothing / classes);

const scatter = (targets: Tensor, like: Tensor, classes: number, smoothing: number): Tensor =>
  onAndOff(targets, like, classes, 1 - smoothing, smoothing / (classes - 1));

/** torch reads a negative label_smoothing as 0 and refuses one above 1; the formula goes on. */
function torchCrossEntropy(logits: Tensor, targets: Tensor, options: FormulationOptions): Tensor | null {
  const { smoothing, classWeights = null, ignoreIndex = torchIgnoreIndex } = options;
  if (!(smoothing >= 0 && smoothing <= 1)) return null;
  return torchLoss(logits, targets, { weight: classWeights, ignoreIndex, labelSmoothing: smoothing, reduction: 'none' });
}

const casesTex = (on: string, off: string): string => `q_k = \\begin{cases} ${on} & k = y \\\\ ${off} & k \\ne y \\end{cases}`;
const crossEntropyTex = '\\ell = -\\sum_k q_k \\log p_k';

export const hardLabels = crossEntropy({
  id: 'hard-labels',
  title: 'Hard labels (cross entropy)',
  convention: 'none',
  divides: 'weights',
  tex: '\\ell = -\\log p_y',
  source: { name: 'torch.nn.CrossEntropyLoss', url: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html' },
  fused: (logits, targets, options) => torchCrossEntropy(logits, targets, { ...options, smoothing: 0 }),
  targetDistribution: (targets, like, classes) => onAndOff(targets, like, classes, 1, 0),
});

export const fillScatter = crossEntropy({
  id: 'fill-scatter',
  title: 'Fill/scatter',
  convention: 'fillScatter',
  divides: 'active',
  tex: `${crossEntropyTex},\\quad ${casesTex('1 - \\varepsilon', '\\frac{\\varepsilon}{K - 1}')}`,
  source: {
    name: 'Label smoothing by fill_ and scatter_',
    url: 'https://github.com/NingAnMe/Label-Smoothing-for-CrossEntropyLoss-PyTorch',
  },
  problem: needsTwoClasses,
  targetDistribution: (targets, like, classes, { smoothing }) => scatter(targets, like, classes, smoothing),
});

export const uniformMixture = crossEntropy({
  id: 'uniform-mixture',
  title: 'Uniform mixture (timm, torch)',
  convention: 'uniformMixture',
  divides: 'weights',
  tex: `${crossEntropyTex},\\quad ${casesTex('1 - \\varepsilon + \\frac{\\varepsilon}{K}', '\\frac{\\varepsilon}{K}')}`,
  source: { name: 'Rethinking the Inception Architecture (Szegedy et al., 2016)', url: 'https://arxiv.org/abs/1512.00567' },
  fused: torchCrossEntropy,
  targetDistribution: (targets, like, classes, { smoothing }) => uniform(targets, like, classes, smoothing),
});

/** Targets the padding index does not count, in place of torch's ignore index. */
const paddingRows = (options: FormulationOptions): number => options.paddingIndex ?? options.ignoreIndex ?? torchIgnoreIndex;

/** ε_i = ε/(K−1): (1−ε−ε_i) n + ε_i Σ_k(−log p_k). */
export const fairseq = crossEntropy({
  id: 'fairseq',
  title: 'fairseq (current)',
  convention: 'fillScatter',
  divides: 'one',
  tex: '\\ell = (1 - \\varepsilon - \\varepsilon_i)(-\\log p_y) + \\varepsilon_i \\sum_k (-\\log p_k),\\quad \\varepsilon_i = \\frac{\\varepsilon}{K - 1}',
  source: { name: 'fairseq label_smoothed_cross_entropy', url: 'https://github.com/facebookresearch/fairseq/pull/3182' },
  problem: needsTwoClasses,
  ignored: paddingRows,
  targetDistribution(targets, like, classes, { smoothing }) {
    const share = smoothing / (classes - 1);
    return add(onAndOff(targets, like, classes, 1 - smoothing - share, 0), floatScalar(share));
  },
});

/** ε_i = ε/K: (1−ε) n + ε_i Σ_k(−log p_k). */
export const fairseqOld = crossEntropy({
  id: 'fairseq-old',
  title: 'fairseq (before 2021)',
  convention: 'uniformMixture',
  divides: 'one',
  tex: '\\ell = (1 - \\varepsilon)(-\\log p_y) + \\varepsilon_i \\sum_k (-\\log p_k),\\quad \\varepsilon_i = \\frac{\\varepsilon}{K}',
  source: { name: 'fairseq label_smoothed_cross_entropy', url: 'https://github.com/facebookresearch/fairseq/pull/3182' },
  ignored: paddingRows,
  targetDistribution(targets, like, classes, { smoothing }) {
    return add(onAndOff(targets, like, classes, 1 - smoothing, 0), floatScalar(smoothing / classes));
  },
});

/** λ·q(y) + (1−λ)·q(y reversed over the batch), with q the uniform mixture. */
export const mixupTarget = crossEntropy({
  id: 'mixup-target',
  title: 'Mixup target (timm)',
  convention: 'uniformMixture',
  divides: 'rows',
  tex: `${crossEntropyTex},\\quad q = \\lambda\\, q^{(y)} + (1 - \\lambda)\\, q^{(\\tilde y)}`,
  source: { name: 'timm.data.mixup.mixup_target', url: 'https://github.com/huggingface/pytorch-image-models/blob/main/timm/data/mixup.py' },
  targetDistribution(targets, like, classes, { smoothing, lambda = 1 }) {
    const own = uniform(targets, like, classes, smoothing);
    const other = uniform(fromNumbers(toArray(targets).reverse(), targets.shape, targets.dtype), like, classes, smoothing);
    return add(mul(own, floatScalar(lambda)), mul(other, floatScalar(1 - lambda)));
  },
});

/** q_k ∝ exp(−(k−y)²/2σ²): for labels whose neighbours are related. */
export const normal = crossEntropy({
  id: 'normal',
  title: 'Normal distribution over neighbouring classes',
  convention: 'normal',
  divides: 'rows',
  tex: `${crossEntropyTex},\\quad q_k \\propto \\exp\\left(-\\frac{(k - y)^2}{2\\sigma^2}\\right)`,
  source: {
    name: 'Soft Labels for Ordinal Regression (Díaz and Marathe, 2019)',
    url: 'https://openaccess.thecvf.com/content_CVPR_2019/html/Diaz_Soft_Labels_for_Ordinal_Regression_CVPR_2019_paper.html',
  },
  targetDistribution: (targets, like, classes, { sigma = 1 }) => normalAround(targets, like, classes, sigma),
});

export { scatter as scatterDistribution, uniform as uniformDistribution };
