/** Classification losses that wrong labels move less: functions of the labelled class's probability. */
import { exp, held, logSoftmax, minus, negative, oneHot, over, plus, softmax, sum, times, largest } from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter } from './family';
import { fixed, input, layout, rowsAndWidth, rowsOnly } from './layouts';
import { meanOfAll, sumOfAll } from './reductions';
import { classIndices, logits, oneHots } from './roles';
import type { Node } from '../mathematics/graph';

const q: FamilyParameter = { name: 'q', symbol: 'q', usual: [0.7, 0.5], allows: (value) => value > 0 && value < 1 };
const alpha: FamilyParameter = { name: 'alpha', symbol: 'α', usual: [0.1, 1, 6], allows: (value) => value > 0 && value <= 20 };
const beta: FamilyParameter = { name: 'beta', symbol: 'β', usual: [1, 0.1, 0.5], allows: (value) => value > 0 && value <= 20 };
const share: FamilyParameter = { name: 'beta', symbol: 'β', usual: [0.95, 0.8], allows: (value) => value > 0 && value < 1 };
const epsilon: FamilyParameter = {
  name: 'epsilon',
  symbol: 'ε',
  usual: [1, 2, -1],
  allows: (value) => value !== 0 && Math.abs(value) <= 10,
};
const floor: FamilyParameter = { name: 'floor', symbol: 'δ', usual: [1e-4, 1e-7], allows: (value) => value > 0 && value < 0.1 };

const common = { inputs: ['logits', 'hot'], reductions: [meanOfAll, sumOfAll] } as const;
const ofLabel = (values: Node, hot: Node): Node => sum(times(values, hot), [-1]);

const generalised: FamilyFormulation = {
  ...common,
  id: 'gce',
  title: 'Generalised cross entropy',
  tex: '\\ell = (1 - p_y^q) / q',
  source: { name: 'Generalized Cross Entropy Loss (Zhang and Sabuncu, 2018)', url: 'https://arxiv.org/abs/1805.07836' },
  parameters: [q],
  terms: ({ logits: z, hot }, { q: power_ }) => over(minus(1, exp(times(power_!, ofLabel(logSoftmax(z!), hot!)))), power_!),
};

const symmetric: FamilyFormulation = {
  ...common,
  id: 'sce',
  title: 'Symmetric cross entropy',
  tex: '\\ell = -\\alpha \\log p_y - \\beta \\log \\delta\\, (1 - p_y)',
  source: { name: 'Symmetric Cross Entropy (Wang et al., 2019)', url: 'https://arxiv.org/abs/1908.06112' },
  parameters: [alpha, beta, floor],
  terms({ logits: z, hot }, { alpha: a, beta: b, floor: d }) {
    const logP = logSoftmax(z!);
    const reverse = times(-Math.log(d!), sum(times(exp(logP), minus(1, hot!)), [-1]));
    return plus(times(-a!, ofLabel(logP, hot!)), times(b!, reverse));
  },
};

const bootstrapSoft: FamilyFormulation = {
  ...common,
  id: 'bootstrap-soft',
  title: 'Bootstrapping, soft',
  tex: '\\ell = -\\sum_k (\\beta q_k + (1 - \\beta) p_k) \\log p_k',
  source: {
    name: 'Training Deep Neural Networks on Noisy Labels with Bootstrapping (Reed et al., 2014)',
    url: 'https://arxiv.org/abs/1412.6596',
  },
  parameters: [share],
  terms({ logits: z, hot }, { beta: b }) {
    const logP = logSoftmax(z!);
    return negative(sum(times(plus(times(b!, hot!), times(1 - b!, exp(logP))), logP), [-1]));
  },
};

const bootstrapSoftHeld: FamilyFormulation = {
  ...bootstrapSoft,
  id: 'bootstrap-soft-detached',
  title: 'Bootstrapping, soft, its own predictions held fixed',
  terms({ logits: z, hot }, { beta: b }) {
    const logP = logSoftmax(z!);
    return negative(sum(times(plus(times(b!, hot!), times(1 - b!, held(softmax(z!)))), logP), [-1]));
  },
};

const bootstrapHard: FamilyFormulation = {
  ...bootstrapSoft,
  id: 'bootstrap-hard',
  title: 'Bootstrapping, hard',
  tex: '\\ell = -\\beta \\log p_y - (1 - \\beta) \\log \\max_k p_k',
  terms({ logits: z, hot }, { beta: b }) {
    const logP = logSoftmax(z!);
    return negative(plus(times(b!, ofLabel(logP, hot!)), times(1 - b!, largest(logP, 1))));
  },
};

const poly: FamilyFormulation = {
  ...common,
  id: 'poly-1',
  title: 'Poly-1',
  tex: '\\ell = -\\log p_y + \\varepsilon (1 - p_y)',
  source: { name: 'PolyLoss (Leng et al., 2022)', url: 'https://arxiv.org/abs/2204.12511' },
  parameters: [epsilon],
  terms({ logits: z, hot }, { epsilon: e }) {
    const logP = ofLabel(logSoftmax(z!), hot!);
    return plus(negative(logP), times(e!, minus(1, exp(logP))));
  },
};

const absolute: FamilyFormulation = {
  ...common,
  id: 'mae',
  title: 'Mean absolute error of the probabilities',
  tex: '\\ell = \\sum_k |q_k - p_k| = 2 (1 - p_y)',
  source: { name: 'Robust Loss Functions under Label Noise (Ghosh et al., 2017)', url: 'https://arxiv.org/abs/1712.09482' },
  parameters: [],
  terms: ({ logits: z, hot }) => times(2, minus(1, ofLabel(softmax(z!), hot!))),
};

export const robustClassification: Family = {
  id: 'robustClassification',
  title: 'Noise-robust classification',
  layouts: [
    layout('indices', [input('logits', logits, rowsAndWidth), fixed('targets', classIndices, rowsOnly)], ({ logits: z, targets }) => ({
      logits: z!,
      hot: oneHot(targets!, z!.shape[1]!),
    })),
    layout('one-hot', [input('logits', logits, rowsAndWidth), fixed('hot', oneHots, rowsAndWidth)]),
  ],
  formulations: [generalised, symmetric, bootstrapSoft, bootstrapSoftHeld, bootstrapHard, poly, absolute],
};
