/** One binary cross entropy per class, with smoothed 0/1 targets; a mean over all N·K elements. */
import { add, logSigmoid, mul, neg, sub } from '../tensor/elementwise';
import { floatScalar } from '../tensor/promotion';
import { mean } from '../tensor/reductions';
import type { Tensor } from '../tensor/tensor';
import { noProblem, type Formulation, type FormulationLoss } from './formulation';
import { onAndOff } from './softTargets';

/** Mean over the classes of −y log σ(z) − (1−y) log(1−σ(z)): [N]. */
function binaryCrossEntropy(logits: Tensor, y: Tensor): Tensor {
  const positive = mul(y, logSigmoid(logits));
  const negative = mul(sub(floatScalar(1), y), logSigmoid(neg(logits)));
  return neg(mean(add(positive, negative), [1], false));
}

function binary(fields: Omit<Formulation, 'family' | 'divides' | 'problem' | 'loss'>): Formulation {
  return {
    ...fields,
    family: 'binary',
    divides: 'elements',
    problem: noProblem,
    loss(logits, targets, options): FormulationLoss {
      const perSample = binaryCrossEntropy(logits, fields.targetDistribution(targets, logits, logits.shape[1]!, options));
      return { value: mean(perSample, null, false), perSample };
    },
  };
}

const tex = (on: string, off: string): string =>
  `\\ell = \\frac1K \\sum_k \\left(-y_k \\log \\sigma(z_k) - (1 - y_k) \\log(1 - \\sigma(z_k))\\right),\\quad y_k = \\begin{cases} ${on} & k = y \\\\ ${off} & k \\ne y \\end{cases}`;

/** y(1−ε) + ε/2: each label is its own two-class problem, so ε is shared between two. */
export const binarySigmoid = binary({
  id: 'binary',
  title: 'Binary, sigmoid (Keras, TensorFlow)',
  convention: 'binary',
  tex: tex('1 - \\frac{\\varepsilon}{2}', '\\frac{\\varepsilon}{2}'),
  source: { name: 'keras.losses.BinaryCrossentropy', url: 'https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class' },
  targetDistribution: (targets, like, classes, { smoothing }) => onAndOff(targets, like, classes, 1 - smoothing / 2, smoothing / 2),
});

/** The uniform mixture's targets, although each class is a two-class problem here. */
export const timmBinary = binary({
  id: 'timm-binary',
  title: 'Binary (timm BinaryCrossEntropy)',
  convention: 'uniformMixture',
  tex: tex('1 - \\varepsilon + \\frac{\\varepsilon}{K}', '\\frac{\\varepsilon}{K}'),
  source: {
    name: 'timm.loss.BinaryCrossEntropy',
    url: 'https://github.com/huggingface/pytorch-image-models/blob/main/timm/loss/binary_cross_entropy.py',
  },
  targetDistribution: (targets, like, classes, { smoothing }) =>
    onAndOff(targets, like, classes, 1 - smoothing + smoothing / classes, smoothing / classes),
});
