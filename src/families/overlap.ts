/** How well two regions cover each other: Dice, Tversky, Jaccard. */
import { minus, over, plus, power, reshape, sigmoid, square, sum, times } from '../mathematics/algebra';
import type { Term } from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter, Layout, Nodes } from './family';
import { fixed, input, layout, rowsAndWidth } from './layouts';
import { meanOfAll, sumOfAll } from './reductions';
import { logits, masks, probabilities } from './roles';
import type { Node } from '../mathematics/graph';

const vnet = { name: 'V-Net (Milletari et al., 2016)', url: 'https://arxiv.org/abs/1606.04797' };
const smooth: FamilyParameter = {
  name: 'smooth',
  symbol: 's',
  usual: [1, 1e-5, 1e-6, 1e-7, 0],
  allows: (value) => value >= 0 && value <= 100,
};
const alpha: FamilyParameter = { name: 'alpha', symbol: 'α', usual: [0.3, 0.7], allows: (value) => value > 0 && value < 2 };
const beta: FamilyParameter = { name: 'beta', symbol: 'β', usual: [0.7, 0.3], allows: (value) => value > 0 && value < 2 };
const gamma: FamilyParameter = { name: 'gamma', symbol: 'γ', usual: [0.75, 2], allows: (value) => value > 0 && value !== 1 && value <= 10 };

interface Counts {
  /** Σ p g, Σ p and Σ g: of each image, or of the whole batch. */
  readonly both: Node;
  readonly predicted: Node;
  readonly marked: Node;
}

function counts({ probs, mask }: Nodes, batch: boolean): Counts {
  const dims = batch ? null : [1];
  return { both: sum(times(probs!, mask!), dims), predicted: sum(probs!, dims), marked: sum(mask!, dims) };
}

const dice = ({ both, predicted, marked }: Counts, above: Term, below: Term): Node =>
  minus(1, over(plus(times(2, both), above), plus(plus(predicted, marked), below)));

const perImage = { inputs: ['probs', 'mask'], source: vnet, reductions: [meanOfAll, sumOfAll] } as const;

const dicePerImage: FamilyFormulation = {
  ...perImage,
  id: 'dice',
  title: 'Dice, image by image',
  tex: '\\ell = 1 - \\frac{2 \\sum p g + s}{\\sum p + \\sum g + s}',
  parameters: [smooth],
  terms: (inputs, { smooth: s }) => dice(counts(inputs, false), s!, s!),
};

const diceBatch: FamilyFormulation = {
  ...dicePerImage,
  id: 'dice-batch',
  title: 'Dice over the whole batch',
  terms: (inputs, { smooth: s }) => dice(counts(inputs, true), s!, s!),
};

const diceBelow: FamilyFormulation = {
  ...dicePerImage,
  id: 'dice-denominator',
  title: 'Dice, the smoothing term in the denominator only',
  tex: '\\ell = 1 - \\frac{2 \\sum p g}{\\sum p + \\sum g + s}',
  terms: (inputs, { smooth: s }) => dice(counts(inputs, false), 0, s!),
};

const diceBatchBelow: FamilyFormulation = {
  ...diceBelow,
  id: 'dice-batch-denominator',
  title: 'Dice over the whole batch, the smoothing term in the denominator only',
  terms: (inputs, { smooth: s }) => dice(counts(inputs, true), 0, s!),
};

const squared =
  (batch: boolean): FamilyFormulation['terms'] =>
  ({ probs, mask }, { smooth: s }) => {
    const { both } = counts({ probs: probs!, mask: mask! }, batch);
    const of = counts({ probs: square(probs!), mask: square(mask!) }, batch);
    return dice({ both, predicted: of.predicted, marked: of.marked }, s!, s!);
  };

const diceSquared: FamilyFormulation = {
  ...dicePerImage,
  id: 'dice-squared',
  title: 'Dice with squares in the denominator, image by image',
  tex: '\\ell = 1 - \\frac{2 \\sum p g + s}{\\sum p^2 + \\sum g^2 + s}',
  terms: squared(false),
};

const diceSquaredBatch: FamilyFormulation = {
  ...diceSquared,
  id: 'dice-squared-batch',
  title: 'Dice with squares in the denominator, over the whole batch',
  terms: squared(true),
};

const jaccard =
  (batch: boolean): FamilyFormulation['terms'] =>
  (inputs, { smooth: s }) => {
    const { both, predicted, marked } = counts(inputs, batch);
    return minus(1, over(plus(both, s!), plus(minus(plus(predicted, marked), both), s!)));
  };

const jaccardPerImage: FamilyFormulation = {
  ...dicePerImage,
  id: 'jaccard',
  title: 'Jaccard (IoU), image by image',
  tex: '\\ell = 1 - \\frac{\\sum p g + s}{\\sum p + \\sum g - \\sum p g + s}',
  terms: jaccard(false),
};

const jaccardBatch: FamilyFormulation = {
  ...jaccardPerImage,
  id: 'jaccard-batch',
  title: 'Jaccard (IoU) over the whole batch',
  terms: jaccard(true),
};

function tverskyIndex(inputs: Nodes, { alpha: a, beta: b, smooth: s }: Readonly<Record<string, number>>, batch: boolean): Node {
  const { both, predicted, marked } = counts(inputs, batch);
  const wrong = times(a!, minus(predicted, both));
  const missed = times(b!, minus(marked, both));
  return over(plus(both, s!), plus(plus(plus(both, wrong), missed), s!));
}

const tversky: FamilyFormulation = {
  ...dicePerImage,
  id: 'tversky',
  title: 'Tversky, image by image',
  tex: '\\ell = 1 - \\frac{TP + s}{TP + \\alpha FP + \\beta FN + s}',
  source: { name: 'Tversky loss function for image segmentation (Salehi et al., 2017)', url: 'https://arxiv.org/abs/1706.05721' },
  parameters: [alpha, beta, smooth],
  terms: (inputs, parameters) => minus(1, tverskyIndex(inputs, parameters, false)),
};

const tverskyBatch: FamilyFormulation = {
  ...tversky,
  id: 'tversky-batch',
  title: 'Tversky over the whole batch',
  terms: (inputs, parameters) => minus(1, tverskyIndex(inputs, parameters, true)),
};

const focalTversky: FamilyFormulation = {
  ...tversky,
  id: 'tversky-focal',
  title: 'Focal Tversky, image by image',
  tex: '\\ell = \\left(1 - \\frac{TP + s}{TP + \\alpha FP + \\beta FN + s}\\right)^\\gamma',
  source: { name: 'A novel focal Tversky loss function (Abraham and Khan, 2019)', url: 'https://arxiv.org/abs/1810.07842' },
  parameters: [alpha, beta, smooth, gamma],
  terms: (inputs, parameters) => power(minus(1, tverskyIndex(inputs, parameters, false)), parameters['gamma']!),
};

/** The factor 2 left out: a perfect prediction still costs one half. */
const withoutTwo: FamilyFormulation = {
  ...dicePerImage,
  id: 'dice-without-two',
  title: 'Dice without the factor 2',
  tex: '\\ell = 1 - \\frac{\\sum p g + s}{\\sum p + \\sum g + s}',
  terms(inputs, { smooth: s }) {
    const { both, predicted, marked } = counts(inputs, false);
    return minus(1, over(plus(both, s!), plus(plus(predicted, marked), s!)));
  },
  mistake: 'The factor 2 of the overlap is missing: a perfect prediction still costs about one half.',
};

const flat = (tensor: Node): Node => reshape(tensor, [tensor.shape[0]!, -1]);
const image = ({ rows, width }: { readonly rows: number; readonly width: number }): readonly number[] => [rows, 1, 3, width];
const plane = ({ rows, width }: { readonly rows: number; readonly width: number }): readonly number[] => [rows, 3, width];

const layouts: readonly Layout[] = [rowsAndWidth, image, plane].flatMap((shape, i) => {
  const name = ['rows', 'images with a channel', 'images'][i]!;
  return [
    layout(`${name} of probabilities`, [input('probs', probabilities, shape), fixed('mask', masks, shape)], ({ probs, mask }) => ({
      probs: flat(probs!),
      mask: flat(mask!),
    })),
    layout(`${name} of logits`, [input('logits', logits, shape), fixed('mask', masks, shape)], ({ logits: z, mask }) => ({
      probs: flat(sigmoid(z!)),
      mask: flat(mask!),
    })),
  ];
});

export const overlap: Family = {
  id: 'overlap',
  title: 'Overlap',
  layouts,
  formulations: [
    dicePerImage,
    diceBatch,
    diceSquared,
    diceSquaredBatch,
    diceBelow,
    diceBatchBelow,
    jaccardPerImage,
    jaccardBatch,
    tversky,
    tverskyBatch,
    focalTversky,
    withoutTwo,
  ],
};
