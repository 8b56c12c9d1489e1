/** Preferences: the log-probabilities of a chosen and a rejected answer, with those of a reference model or without. */
import { exp, log1p, minus, negative, plus, relu, softplus, square, times } from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter, Nodes } from './family';
import { input, layout, rowsOnly } from './layouts';
import { meanOfAll, sumOfAll } from './reductions';
import { sequenceLogProbabilities } from './roles';
import type { Node } from '../mathematics/graph';

const dpoPaper = { name: 'Direct Preference Optimization (Rafailov et al., 2023)', url: 'https://arxiv.org/abs/2305.18290' };
const beta: FamilyParameter = { name: 'beta', symbol: 'β', usual: [0.1, 0.5, 2, 1], allows: (value) => value > 0 && value <= 20 };
const smoothing: FamilyParameter = { name: 'smoothing', symbol: 'ε', usual: [0.1], allows: (value) => value > 0 && value < 0.5 };
const gamma: FamilyParameter = { name: 'gamma', symbol: 'γ', usual: [1, 0.5, 1.4], allows: (value) => value > 0 && value <= 20 };

const reductions = [meanOfAll, sumOfAll];
const fours = { inputs: ['chosen', 'rejected', 'chosenReference', 'rejectedReference'], reductions } as const;

/** How much more the policy prefers the chosen answer than its reference does. */
const margin = ({ chosen, rejected, chosenReference, rejectedReference }: Nodes): Node =>
  minus(minus(chosen!, rejected!), minus(chosenReference!, rejectedReference!));
const marginTex = 'h = (\\pi_c - \\pi_r) - (\\rho_c - \\rho_r)';

const dpo: FamilyFormulation = {
  ...fours,
  id: 'dpo',
  title: 'DPO',
  tex: `\\ell = -\\log \\sigma(\\beta h),\\quad ${marginTex}`,
  source: dpoPaper,
  parameters: [beta],
  terms: (inputs, { beta: b }) => softplus(times(-b!, margin(inputs))),
};

const cdpo: FamilyFormulation = {
  ...dpo,
  id: 'cdpo',
  title: 'DPO with label smoothing (cDPO)',
  tex: '\\ell = -(1 - \\varepsilon) \\log \\sigma(\\beta h) - \\varepsilon \\log \\sigma(-\\beta h)',
  source: { name: 'A note on DPO with noisy preferences (Mitchell, 2023)', url: 'https://ericmitchell.ai/cdpo.pdf' },
  parameters: [beta, smoothing],
  terms(inputs, { beta: b, smoothing: e }) {
    const h = times(b!, margin(inputs));
    return plus(times(1 - e!, softplus(negative(h))), times(e!, softplus(h)));
  },
};

const robust: FamilyFormulation = {
  ...cdpo,
  id: 'robust-dpo',
  title: 'Robust DPO',
  tex: '\\ell = \\frac{-(1 - \\varepsilon) \\log \\sigma(\\beta h) + \\varepsilon \\log \\sigma(-\\beta h)}{1 - 2 \\varepsilon}',
  source: { name: 'Provably Robust DPO (Chowdhury et al., 2024)', url: 'https://arxiv.org/abs/2403.00409' },
  terms(inputs, { beta: b, smoothing: e }) {
    const h = times(b!, margin(inputs));
    return times(1 / (1 - 2 * e!), minus(times(1 - e!, softplus(negative(h))), times(e!, softplus(h))));
  },
};

const ipo: FamilyFormulation = {
  ...dpo,
  id: 'ipo',
  title: 'IPO',
  tex: '\\ell = \\left(h - \\tfrac{1}{2 \\beta}\\right)^2',
  source: {
    name: 'A General Theoretical Paradigm to Understand Learning from Human Preferences (Azar et al., 2023)',
    url: 'https://arxiv.org/abs/2310.12036',
  },
  terms: (inputs, { beta: b }) => square(minus(margin(inputs), 1 / (2 * b!))),
};

const hinge: FamilyFormulation = {
  ...dpo,
  id: 'hinge',
  title: 'Hinge of the preference (SLiC)',
  tex: '\\ell = \\max(0, 1 - \\beta h)',
  source: { name: 'SLiC-HF (Zhao et al., 2023)', url: 'https://arxiv.org/abs/2305.10425' },
  terms: (inputs, { beta: b }) => relu(minus(1, times(b!, margin(inputs)))),
};

const referenceSwapped: FamilyFormulation = {
  ...dpo,
  id: 'dpo-reference-swapped',
  title: 'DPO with the reference’s answers swapped',
  tex: '\\ell = -\\log \\sigma(\\beta ((\\pi_c - \\pi_r) + (\\rho_c - \\rho_r)))',
  terms: ({ chosen, rejected, chosenReference, rejectedReference }, { beta: b }) =>
    softplus(times(-b!, plus(minus(chosen!, rejected!), minus(chosenReference!, rejectedReference!)))),
  mistake:
    'The reference model’s log-probabilities enter with the wrong sign: its preference is added to the policy’s instead of taken off. Take (chosen − rejected) of the reference away.',
};

const pair = { inputs: ['chosen', 'rejected'], reductions } as const;

const simpo: FamilyFormulation = {
  ...pair,
  id: 'simpo',
  title: 'SimPO',
  tex: '\\ell = -\\log \\sigma(\\beta (\\pi_c - \\pi_r) - \\gamma)',
  source: { name: 'SimPO (Meng et al., 2024)', url: 'https://arxiv.org/abs/2405.14734' },
  parameters: [beta, gamma],
  terms: ({ chosen, rejected }, { beta: b, gamma: g }) => softplus(minus(g!, times(b!, minus(chosen!, rejected!)))),
};

const cpo: FamilyFormulation = {
  ...pair,
  id: 'cpo',
  title: 'CPO (no reference)',
  tex: '\\ell = -\\log \\sigma(\\beta (\\pi_c - \\pi_r))',
  source: { name: 'Contrastive Preference Optimization (Xu et al., 2024)', url: 'https://arxiv.org/abs/2401.08417' },
  parameters: [beta],
  terms: ({ chosen, rejected }, { beta: b }) => softplus(times(-b!, minus(chosen!, rejected!))),
};

/** log(1 − e^x), for x < 0. */
const logOneMinusExp = (x: Node): Node => log1p(negative(exp(x)));

const orpo: FamilyFormulation = {
  ...pair,
  id: 'orpo',
  title: 'ORPO',
  tex: '\\ell = -\\pi_c - \\beta \\log \\sigma(\\operatorname{logit}(e^{\\pi_c}) - \\operatorname{logit}(e^{\\pi_r}))',
  source: { name: 'ORPO (Hong et al., 2024)', url: 'https://arxiv.org/abs/2403.07691' },
  parameters: [beta],
  terms({ chosen, rejected }, { beta: b }) {
    const odds = minus(minus(chosen!, rejected!), minus(logOneMinusExp(chosen!), logOneMinusExp(rejected!)));
    return plus(negative(chosen!), times(b!, softplus(negative(odds))));
  },
};

export const preference: Family = {
  id: 'preference',
  title: 'Preference',
  layouts: [
    layout('policy and reference', [
      input('chosen', sequenceLogProbabilities, rowsOnly),
      input('rejected', sequenceLogProbabilities, rowsOnly),
      input('chosenReference', sequenceLogProbabilities, rowsOnly, 'held'),
      input('rejectedReference', sequenceLogProbabilities, rowsOnly, 'held'),
    ]),
    layout('policy', [input('chosen', sequenceLogProbabilities, rowsOnly), input('rejected', sequenceLogProbabilities, rowsOnly)]),
  ],
  formulations: [dpo, cdpo, robust, ipo, hinge, referenceSwapped, simpo, cpo, orpo],
};
