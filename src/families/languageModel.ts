/** Next-token prediction: logits of each position against the label of the next one. */
import {
  equals,
  logSoftmax,
  logSumExp,
  minus,
  negative,
  over,
  picked,
  plus,
  slice,
  square,
  sum,
  times,
  choose,
} from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter, FamilyReduction, Sizes } from './family';
import { fixed, input, layout } from './layouts';
import { sumOfAll } from './reductions';
import { classIndices, logits } from './roles';
import type { Node } from '../mathematics/graph';

const gpt = {
  name: 'transformers: causal language model loss',
  url: 'https://huggingface.co/docs/transformers/main/en/main_classes/trainer',
};
const zLambda: FamilyParameter = { name: 'zLoss', symbol: 'λ', usual: [1e-4, 1e-3], allows: (value) => value > 0 && value < 1 };

/** torch's: labels of it count for nothing. */
const ignored = -100;

/** 1 where a label counts. */
const counted = (labels: Node, like: Node): Node => minus(times(0, sum(like, [-1])), minus(equals(labels, ignored), 1));

interface Tokens {
  readonly logits: Node;
  readonly labels: Node;
}

/** Position t against label t + shift. */
function aligned(z: Node, labels: Node, shift: number): Tokens {
  const length = labels.shape[1]!;
  return { logits: slice(z, 1, 0, length - shift), labels: slice(labels, 1, shift, null) };
}

function tokenLosses({ logits: z, labels }: Tokens, zLoss: number): Node {
  const known = choose(equals(labels, ignored), 0, labels);
  const losses = negative(picked(logSoftmax(z), known));
  const all = zLoss === 0 ? losses : plus(losses, times(zLoss, square(logSumExp(z))));
  return times(all, counted(labels, z));
}

const tokens = (shift: number): FamilyReduction => ({
  id: 'mean',
  title: 'mean over the tokens that count',
  reduce: (terms, { logits: z, labels }) => {
    const at = aligned(z!, labels!, shift);
    return over(sum(terms), sum(counted(at.labels, at.logits)));
  },
});

const sequences = (shift: number): FamilyReduction => ({
  id: 'sequences',
  title: 'mean over the tokens of each sequence, then over the sequences',
  reduce: (terms, { logits: z, labels }) => {
    const at = aligned(z!, labels!, shift);
    const ofRows = over(sum(terms, [1]), sum(counted(at.labels, at.logits), [1]));
    return over(sum(ofRows), ofRows.shape[0]!);
  },
});

const lm = { inputs: ['logits', 'labels'], source: gpt } as const;

const next: FamilyFormulation = {
  ...lm,
  id: 'next-token',
  title: 'Next token: the labels are shifted by one',
  tex: '\\ell_t = -\\log p_t(y_{t + 1})',
  parameters: [],
  reductions: [tokens(1), sumOfAll, sequences(1)],
  terms: ({ logits: z, labels }) => tokenLosses(aligned(z!, labels!, 1), 0),
};

const unshifted: FamilyFormulation = {
  ...lm,
  id: 'same-token',
  title: 'The same token: the labels are not shifted',
  tex: '\\ell_t = -\\log p_t(y_t)',
  parameters: [],
  reductions: [tokens(0), sumOfAll, sequences(0)],
  terms: ({ logits: z, labels }) => tokenLosses(aligned(z!, labels!, 0), 0),
};

const twice: FamilyFormulation = {
  ...next,
  id: 'token-after-next',
  title: 'The token after the next: the labels are shifted twice',
  tex: '\\ell_t = -\\log p_t(y_{t + 2})',
  reductions: [tokens(2), sumOfAll, sequences(2)],
  terms: ({ logits: z, labels }) => tokenLosses(aligned(z!, labels!, 2), 0),
  mistake: 'The labels are shifted by two positions: the model is taught to skip a token. Shift once, here or where the labels are made.',
};

const withZ: FamilyFormulation = {
  ...next,
  id: 'next-token-z-loss',
  title: 'Next token with a z-loss',
  tex: '\\ell_t = -\\log p_t(y_{t + 1}) + \\lambda \\log^2 \\sum_k e^{z_{tk}}',
  source: { name: 'PaLM (Chowdhery et al., 2022)', url: 'https://arxiv.org/abs/2204.02311' },
  parameters: [zLambda],
  terms: ({ logits: z, labels }, { zLoss }) => tokenLosses(aligned(z!, labels!, 1), zLoss!),
};

const sequence = ({ rows, width }: Sizes): readonly number[] => [rows, width + 2, width];
const positions = ({ rows, width }: Sizes): readonly number[] => [rows, width + 2];

export const languageModel: Family = {
  id: 'languageModel',
  title: 'Language model',
  layouts: [layout('sequences', [input('logits', logits, sequence), fixed('labels', classIndices, positions)])],
  formulations: [next, unshifted, withZ, twice],
};
