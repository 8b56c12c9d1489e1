/** Policy gradients: how much likelier an action has become, times its advantage, clipped. */
import { clamped, exp, larger, minus, negative, over, plus, smaller, sum, times, mean, square } from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter, FamilyReduction, Sizes, Nodes } from './family';
import { fixed, input, layout, rowsOnly } from './layouts';
import { meanOfAll, sumOfAll } from './reductions';
import { advantages, features, logProbabilities, masks } from './roles';
import type { Node } from '../mathematics/graph';

const ppo = { name: 'Proximal Policy Optimization Algorithms (Schulman et al., 2017)', url: 'https://arxiv.org/abs/1707.06347' };
const clip: FamilyParameter = { name: 'clip', symbol: 'ε', usual: [0.2, 0.1, 0.3], allows: (value) => value > 0 && value < 1 };

/** −min(rA, clip(r)A). */
function clippedTerms({ logp, old, adv }: Nodes, c: number): Node {
  const ratio = exp(minus(logp!, old!));
  return negative(smaller(times(ratio, adv!), times(clamped(ratio, 1 - c, 1 + c), adv!)));
}

/** The larger of both: the half that ought to be clipped is not, and the other is. */
function wrongHalf({ logp, old, adv }: Nodes, c: number): Node {
  const ratio = exp(minus(logp!, old!));
  return negative(larger(times(ratio, adv!), times(clamped(ratio, 1 - c, 1 + c), adv!)));
}

const maskedReductions: readonly FamilyReduction[] = [
  { id: 'tokens', title: 'mean over the tokens that count', reduce: (terms, { mask }) => over(sum(times(terms, mask!)), sum(mask!)) },
  {
    id: 'sequences',
    title: 'mean over the tokens of each sequence, then over the sequences',
    reduce: (terms, { mask }) => mean(over(sum(times(terms, mask!), [1]), sum(mask!, [1]))),
  },
  {
    id: 'constant',
    title: 'over a constant length, mean over the sequences',
    reduce: (terms, { mask }) => mean(over(sum(times(terms, mask!), [1]), terms.shape[1]!)),
  },
];

const masked: FamilyFormulation = {
  id: 'clipped',
  title: 'Clipped policy gradient (PPO)',
  tex: '\\ell = -\\min(r A, \\operatorname{clip}(r, 1 - \\varepsilon, 1 + \\varepsilon) A),\\quad r = e^{\\log \\pi - \\log \\pi_{old}}',
  source: ppo,
  inputs: ['logp', 'old', 'adv', 'mask'],
  parameters: [clip],
  reductions: maskedReductions,
  terms: (inputs, { clip: c }) => clippedTerms(inputs, c!),
};
const swapped =
  'The larger of the two terms is taken where the smaller is meant: what ought to be clipped is not. Use min of the objective (or max of the losses).';
const maskedWrong: FamilyFormulation = {
  ...masked,
  id: 'clipped-wrong-half',
  title: 'Policy gradient with the other half clipped',
  terms: (inputs, { clip: c }) => wrongHalf(inputs, c!),
  mistake: swapped,
};
const unmasked: FamilyFormulation = {
  ...masked,
  id: 'clipped-unmasked',
  inputs: ['logp', 'old', 'adv'],
  reductions: [meanOfAll, sumOfAll],
};
const unmaskedWrong: FamilyFormulation = {
  ...maskedWrong,
  id: 'clipped-unmasked-wrong-half',
  inputs: ['logp', 'old', 'adv'],
  reductions: [meanOfAll, sumOfAll],
};

const value: FamilyFormulation = {
  id: 'value-clipped',
  title: 'Clipped value loss',
  tex: '\\ell = \\tfrac{1}{2} \\max((v - R)^2, (v_{clip} - R)^2)',
  source: ppo,
  inputs: ['values', 'oldValues', 'returns'],
  parameters: [clip],
  reductions: [meanOfAll, sumOfAll],
  terms({ values, oldValues, returns }, { clip: c }) {
    const near = plus(oldValues!, clamped(minus(values!, oldValues!), -c!, c!));
    return times(0.5, larger(square(minus(values!, returns!)), square(minus(near, returns!))));
  },
};

const reinforce: FamilyFormulation = {
  id: 'reinforce',
  title: 'Policy gradient (REINFORCE)',
  tex: '\\ell = -A \\log \\pi',
  source: { name: 'Simple statistical gradient-following algorithms (Williams, 1992)', url: 'https://doi.org/10.1007/BF00992696' },
  inputs: ['logp', 'adv'],
  parameters: [],
  reductions: [meanOfAll, sumOfAll],
  terms: ({ logp, adv }) => negative(times(logp!, adv!)),
};

const tokens = ({ rows, width }: Sizes): readonly number[] => [rows, width];

export const policyGradient: Family = {
  id: 'policyGradient',
  title: 'Policy gradient',
  layouts: [
    layout('masked sequences', [
      input('logp', logProbabilities, tokens),
      input('old', logProbabilities, tokens, 'held'),
      fixed('adv', advantages, tokens),
      fixed('mask', masks, tokens),
    ]),
    layout('actions', [
      input('logp', logProbabilities, rowsOnly),
      input('old', logProbabilities, rowsOnly, 'held'),
      fixed('adv', advantages, rowsOnly),
    ]),
    layout('values', [
      input('values', features, rowsOnly),
      input('oldValues', features, rowsOnly, 'held'),
      fixed('returns', features, rowsOnly),
    ]),
    layout('actions alone', [input('logp', logProbabilities, rowsOnly), fixed('adv', advantages, rowsOnly)]),
  ],
  formulations: [masked, maskedWrong, unmasked, unmaskedWrong, value, reinforce],
};
