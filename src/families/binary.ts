/** A yes or no for each label by itself: binary cross entropies of sigmoids. */
import { clamped, held, log, minus, negative, plus, power, sigmoid, softplus, times } from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter } from './family';
import { fixed, input, layout, rowsAndWidth, rowsOnly } from './layouts';
import { meanOfAll, meanOfRowSums, sumOfAll } from './reductions';
import { binaryTargets, logits, probabilities } from './roles';
import type { Node } from '../mathematics/graph';

const docs = (name: string) => ({ name: `torch.nn.${name}`, url: `https://docs.pytorch.org/docs/stable/generated/torch.nn.${name}.html` });
const asl = { name: 'Asymmetric Loss For Multi-Label Classification (Ridnik et al., 2021)', url: 'https://arxiv.org/abs/2009.14119' };

const posWeight: FamilyParameter = { name: 'posWeight', symbol: 'w', usual: [2, 3, 5, 10], allows: (value) => value > 0 && value !== 1 };
const gammaNeg: FamilyParameter = { name: 'gammaNeg', symbol: 'γ₋', usual: [4, 2], allows: (value) => value >= 0 && value <= 10 };
const gammaPos: FamilyParameter = { name: 'gammaPos', symbol: 'γ₊', usual: [1, 0], allows: (value) => value >= 0 && value <= 10 };
const clip: FamilyParameter = { name: 'clip', symbol: 'm', usual: [0.05, 0], allows: (value) => value >= 0 && value < 0.5 };

const reductions = [meanOfAll, sumOfAll, meanOfRowSums];
const ofLogits = { inputs: ['logits', 'labels'], reductions } as const;

const bceWithLogits: FamilyFormulation = {
  ...ofLogits,
  id: 'logits',
  title: 'Binary cross entropy of logits',
  tex: '\\ell = -y \\log \\sigma(z) - (1 - y) \\log(1 - \\sigma(z))',
  source: docs('BCEWithLogitsLoss'),
  parameters: [],
  terms: ({ logits: z, labels }) => minus(softplus(z!), times(z!, labels!)),
};

const weighted: FamilyFormulation = {
  ...bceWithLogits,
  id: 'logits-positive-weight',
  title: 'Binary cross entropy of logits, positives weighted',
  tex: '\\ell = -w y \\log \\sigma(z) - (1 - y) \\log(1 - \\sigma(z))',
  parameters: [posWeight],
  terms: ({ logits: z, labels }, { posWeight: w }) =>
    plus(times(times(w!, labels!), softplus(negative(z!))), times(minus(1, labels!), softplus(z!))),
};

const ofProbabilities: FamilyFormulation = {
  id: 'probabilities',
  title: 'Binary cross entropy of probabilities',
  tex: '\\ell = -y \\log p - (1 - y) \\log(1 - p)',
  source: docs('BCELoss'),
  inputs: ['probs', 'labels'],
  reductions,
  parameters: [],
  // torch does not let a logarithm fall below −100.
  terms: ({ probs, labels }) =>
    negative(
      plus(times(labels!, clamped(log(probs!), -100, Infinity)), times(minus(1, labels!), clamped(log(minus(1, probs!)), -100, Infinity))),
    ),
};

const sigmoidTwice: FamilyFormulation = {
  ...ofLogits,
  id: 'sigmoid-twice',
  title: 'Binary cross entropy with the sigmoid applied twice',
  tex: '\\ell = -y \\log \\sigma(\\sigma(z)) - (1 - y) \\log(1 - \\sigma(\\sigma(z)))',
  source: docs('BCEWithLogitsLoss'),
  parameters: [],
  terms({ logits: z, labels }) {
    const p = sigmoid(z!);
    return minus(softplus(p), times(p, labels!));
  },
  mistake:
    'The sigmoid is applied twice: the second one sees numbers between 0 and 1 only, so the loss cannot fall below 0.313 for positives and 0.693 for negatives. Hand it the logits.',
};

function asymmetricTerms(
  z: Node,
  labels: Node,
  { gammaNeg: gn, gammaPos: gp, clip: m }: Readonly<Record<string, number>>,
  detach: boolean,
): Node {
  const p = sigmoid(z);
  const negativeP = clamped(plus(minus(1, p), m!), -Infinity, 1);
  const logs = plus(times(labels, log(clamped(p, 1e-8, Infinity))), times(minus(1, labels), log(clamped(negativeP, 1e-8, Infinity))));
  const right = plus(times(p, labels), times(negativeP, minus(1, labels)));
  const exponent = plus(times(gp!, labels), times(gn!, minus(1, labels)));
  const weight = power(minus(1, right), exponent);
  return negative(times(logs, detach ? held(weight) : weight));
}

const asymmetric: FamilyFormulation = {
  ...ofLogits,
  id: 'asymmetric',
  title: 'Asymmetric loss',
  tex: '\\ell = -y (1 - p)^{\\gamma_+} \\log p - (1 - y)\\, p_m^{\\gamma_-} \\log(1 - p_m),\\quad p_m = \\max(p - m, 0)',
  source: asl,
  parameters: [gammaNeg, gammaPos, clip],
  reductions: [sumOfAll, meanOfAll, meanOfRowSums],
  terms: ({ logits: z, labels }, parameters) => asymmetricTerms(z!, labels!, parameters, false),
};

const asymmetricDetached: FamilyFormulation = {
  ...asymmetric,
  id: 'asymmetric-detached',
  title: 'Asymmetric loss, its weights held fixed',
  terms: ({ logits: z, labels }, parameters) => asymmetricTerms(z!, labels!, parameters, true),
};

export const binary: Family = {
  id: 'binary',
  title: 'Binary and multi-label',
  layouts: [
    layout('logits', [input('logits', logits, rowsAndWidth), fixed('labels', binaryTargets, rowsAndWidth)]),
    layout('vector of logits', [input('logits', logits, rowsOnly), fixed('labels', binaryTargets, rowsOnly)]),
    layout('probabilities', [input('probs', probabilities, rowsAndWidth), fixed('labels', binaryTargets, rowsAndWidth)]),
    layout('vector of probabilities', [input('probs', probabilities, rowsOnly), fixed('labels', binaryTargets, rowsOnly)]),
  ],
  formulations: [bceWithLogits, ofProbabilities, weighted, sigmoidTwice, asymmetric, asymmetricDetached],
};
