/** Cross entropies whose easy rows weigh less: (1 − p)^γ in front of −log p. */
import { exp, logSoftmax, minus, negative, over, plus, power, sigmoid, softplus, sum, times, larger, oneHot } from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter, FamilyReduction } from './family';
import { fixed, input, layout, rowsAndWidth, rowsOnly } from './layouts';
import { meanOfAll, meanOfRowSums, sumOfAll } from './reductions';
import { binaryTargets, classIndices, logits, oneHots, positives } from './roles';

const paper = { name: 'Focal Loss for Dense Object Detection (Lin et al., 2017)', url: 'https://arxiv.org/abs/1708.02002' };

const gamma: FamilyParameter = { name: 'gamma', symbol: 'γ', usual: [2, 1, 1.5, 3, 0.5, 5], allows: (value) => value > 0 && value <= 10 };
const alpha: FamilyParameter = { name: 'alpha', symbol: 'α', usual: [0.25, 0.75], allows: (value) => value > 0 && value < 1 };

const ofSoftmax = { inputs: ['logits', 'hot'], parameters: [gamma] } as const;

/** −log p of the labelled class, and that probability: [N]. */
function labelled(logitsOf: Parameters<typeof logSoftmax>[0], hot: Parameters<typeof times>[0]) {
  const logP = sum(times(logSoftmax(logitsOf), hot), [-1]);
  return { logP, p: exp(logP) };
}

const softmaxFocal: FamilyFormulation = {
  ...ofSoftmax,
  id: 'softmax',
  title: 'Focal loss of a softmax',
  tex: '\\ell = -(1 - p_y)^\\gamma \\log p_y',
  source: paper,
  reductions: [meanOfAll, sumOfAll],
  terms({ logits: z, hot }, { gamma: g }) {
    const { logP, p } = labelled(z!, hot!);
    return negative(times(power(minus(1, p), g!), logP));
  },
};

const byWeights: FamilyReduction = {
  id: 'weighted',
  title: 'divided by the weights of the labels',
  reduce: (terms, { hot, weights }) => over(sum(terms), sum(times(hot!, weights!))),
};

const weightedSoftmax: FamilyFormulation = {
  ...softmaxFocal,
  id: 'softmax-weighted',
  title: 'Focal loss of a softmax, weighted by class',
  tex: '\\ell = -w_y (1 - p_y)^\\gamma \\log p_y',
  inputs: ['logits', 'hot', 'weights'],
  reductions: [meanOfAll, sumOfAll, byWeights],
  terms({ logits: z, hot, weights }, { gamma: g }) {
    const { logP, p } = labelled(z!, hot!);
    return negative(times(sum(times(hot!, weights!), [-1]), times(power(minus(1, p), g!), logP)));
  },
};

/** The mean cross entropy put in the place of each row's: every row gets one factor. */
const focalOfMean: FamilyFormulation = {
  ...ofSoftmax,
  id: 'softmax-of-mean',
  title: 'Focal factor of the mean cross entropy',
  tex: 'L = (1 - e^{-\\bar{\\ell}})^\\gamma\\, \\bar{\\ell},\\quad \\bar{\\ell} = -\\operatorname{mean}(\\log p_y)',
  source: paper,
  reductions: [{ id: 'mean', title: 'as it is', reduce: (terms) => terms }],
  terms({ logits: z, hot }, { gamma: g }) {
    const { logP } = labelled(z!, hot!);
    const ce = negative(over(sum(logP), logP.shape[0]!));
    return times(power(minus(1, exp(negative(ce))), g!), ce);
  },
  mistake:
    'The mean is taken before the focal factor: every row is weighted by the one factor of the whole batch, so hard rows count no more than easy ones. Take the cross entropy with reduction="none", weigh each row, then average.',
};

const sigmoidReductions: readonly FamilyReduction[] = [
  meanOfAll,
  sumOfAll,
  meanOfRowSums,
  {
    id: 'positives',
    title: 'sum over the number of positives',
    reduce: (terms, { labels }) => over(sum(terms), larger(sum(labels!), 1)),
  },
];

/** (1 − p_t)^γ · BCE, with p_t = σ(z) for positives and 1 − σ(z) for negatives. */
function sigmoidTerms(z: Parameters<typeof sigmoid>[0], labels: Parameters<typeof sigmoid>[0], g: number) {
  const bce = minus(softplus(z), times(z, labels));
  const p = sigmoid(z);
  const missed = plus(times(labels, minus(1, p)), times(minus(1, labels), p));
  return times(power(missed, g), bce);
}

const sigmoidFocal: FamilyFormulation = {
  id: 'sigmoid',
  title: 'Focal loss of sigmoids',
  tex: '\\ell = -(1 - p_t)^\\gamma \\log p_t',
  source: paper,
  inputs: ['logits', 'labels'],
  parameters: [gamma],
  reductions: sigmoidReductions,
  terms: ({ logits: z, labels }, { gamma: g }) => sigmoidTerms(z!, labels!, g!),
};

const sigmoidFocalAlpha: FamilyFormulation = {
  ...sigmoidFocal,
  id: 'sigmoid-alpha',
  title: 'Focal loss of sigmoids, α for the positives',
  tex: '\\ell = -\\alpha_t (1 - p_t)^\\gamma \\log p_t,\\quad \\alpha_t = \\begin{cases} \\alpha & y = 1 \\\\ 1 - \\alpha & y = 0 \\end{cases}',
  source: {
    name: 'torchvision.ops.sigmoid_focal_loss',
    url: 'https://docs.pytorch.org/vision/main/generated/torchvision.ops.sigmoid_focal_loss.html',
  },
  parameters: [gamma, alpha],
  terms: ({ logits: z, labels }, { gamma: g, alpha: a }) =>
    times(plus(times(labels!, a!), times(minus(1, labels!), 1 - a!)), sigmoidTerms(z!, labels!, g!)),
};

export const focal: Family = {
  id: 'focal',
  title: 'Focal',
  layouts: [
    layout('indices', [input('logits', logits, rowsAndWidth), fixed('targets', classIndices, rowsOnly)], ({ logits: z, targets }) => ({
      logits: z!,
      hot: oneHot(targets!, z!.shape[1]!),
    })),
    layout('one-hot', [input('logits', logits, rowsAndWidth), fixed('hot', oneHots, rowsAndWidth)]),
    layout('sigmoids', [input('logits', logits, rowsAndWidth), fixed('labels', binaryTargets, rowsAndWidth)]),
    layout('sigmoid', [input('logits', logits, rowsOnly), fixed('labels', binaryTargets, rowsOnly)]),
    layout(
      'weights',
      [
        input('logits', logits, rowsAndWidth),
        fixed('targets', classIndices, rowsOnly),
        fixed('weights', positives, ({ width }) => [width]),
      ],
      ({ logits: z, targets, weights }) => ({ logits: z!, hot: oneHot(targets!, z!.shape[1]!), weights: weights! }),
    ),
  ],
  formulations: [softmaxFocal, weightedSoftmax, sigmoidFocalAlpha, sigmoidFocal, focalOfMean],
};
