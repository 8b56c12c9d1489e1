/** Embeddings of two views, or of rows with labels: a row's own counterpart against all others. */
import {
  above,
  choose,
  matrix,
  equals,
  exp,
  join,
  larger,
  log,
  logSoftmax,
  logSumExp,
  matmul,
  minus,
  negative,
  normalised,
  over,
  plus,
  softplus,
  sum,
  times,
  transpose,
  unsqueeze,
} from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter, FamilyReduction, Sizes } from './family';
import { fixed, input, layout } from './layouts';
import { meanOfAll, sumOfAll } from './reductions';
import { features, pairedLabels } from './roles';
import type { Node } from '../mathematics/graph';

const cpc = {
  name: 'Representation Learning with Contrastive Predictive Coding (van den Oord et al., 2018)',
  url: 'https://arxiv.org/abs/1807.03748',
};
const clip = {
  name: 'Learning Transferable Visual Models From Natural Language Supervision (Radford et al., 2021)',
  url: 'https://arxiv.org/abs/2103.00020',
};
const simclr = { name: 'A Simple Framework for Contrastive Learning (Chen et al., 2020)', url: 'https://arxiv.org/abs/2002.05709' };
const supcon = { name: 'Supervised Contrastive Learning (Khosla et al., 2020)', url: 'https://arxiv.org/abs/2004.11362' };

const temperature: FamilyParameter = {
  name: 'temperature',
  symbol: 'τ',
  usual: [0.07, 0.1, 0.2, 0.5, 1],
  allows: (value) => value > 0 && value <= 20,
};
const base: FamilyParameter = { name: 'base', symbol: 'τ₀', usual: [0.07], allows: (value) => value > 0 && value <= 1 };
const scale: FamilyParameter = { name: 'scale', symbol: 't', usual: [10], allows: (value) => value > 0 };
const bias: FamilyParameter = { name: 'bias', symbol: 'b', usual: [-10, 0], allows: () => true };

const reductions: readonly FamilyReduction[] = [meanOfAll, sumOfAll];

const diagonal = (square: Node): Node =>
  sum(
    times(
      square,
      same(square, (i, j) => i === j),
    ),
    [-1],
  );
const same = (like: Node, holds: (row: number, column: number) => boolean): Node =>
  matrix(like.shape[0]!, like.shape[1]!, (row, column) => Number(holds(row, column)));
/** What is left out of a denominator: its exponential is 0. */
const without = (scores: Node, holds: (row: number, column: number) => boolean): Node =>
  plus(
    scores,
    matrix(scores.shape[0]!, scores.shape[1]!, (row, column) => (holds(row, column) ? -Infinity : 0)),
  );

const similarities = (a: Node, b: Node, t: number): Node => over(matmul(normalised(a), transpose(normalised(b))), t);
const products = (a: Node, b: Node, t: number): Node => over(matmul(a, transpose(b)), t);

/** −log softmax of each row's own column. */
const ownColumn = (scores: Node): Node => negative(diagonal(logSoftmax(scores)));

const pair = { inputs: ['a', 'b'], reductions, parameters: [temperature] } as const;

const infoNce: FamilyFormulation = {
  ...pair,
  id: 'infonce',
  title: 'InfoNCE, one direction',
  tex: '\\ell_i = -\\log \\frac{e^{s_{ii} / \\tau}}{\\sum_j e^{s_{ij} / \\tau}},\\quad s_{ij} = \\cos(a_i, b_j)',
  source: cpc,
  terms: ({ a, b }, { temperature: t }) => ownColumn(similarities(a!, b!, t!)),
};

const infoNceRaw: FamilyFormulation = {
  ...infoNce,
  id: 'infonce-products',
  title: 'InfoNCE of products (the rows are not normalised)',
  tex: '\\ell_i = -\\log \\frac{e^{s_{ii} / \\tau}}{\\sum_j e^{s_{ij} / \\tau}},\\quad s_{ij} = a_i \\cdot b_j',
  terms: ({ a, b }, { temperature: t }) => ownColumn(products(a!, b!, t!)),
};

const bothWays = (scores: Node): Node => times(0.5, plus(ownColumn(scores), ownColumn(transpose(scores))));

const symmetric: FamilyFormulation = {
  ...pair,
  id: 'symmetric',
  title: 'InfoNCE in both directions (CLIP)',
  tex: 'L = \\tfrac{1}{2}(L_{a \\to b} + L_{b \\to a})',
  source: clip,
  terms: ({ a, b }, { temperature: t }) => bothWays(similarities(a!, b!, t!)),
};

const symmetricRaw: FamilyFormulation = {
  ...symmetric,
  id: 'symmetric-products',
  title: 'InfoNCE in both directions, of products (the rows are not normalised)',
  terms: ({ a, b }, { temperature: t }) => bothWays(products(a!, b!, t!)),
};

const siglip: FamilyFormulation = {
  inputs: ['a', 'b'],
  id: 'siglip',
  title: 'SigLIP',
  tex: '\\ell_i = \\sum_j \\operatorname{softplus}(-z_{ij} (t\\, s_{ij} + b)),\\quad z_{ij} = \\pm 1',
  source: { name: 'Sigmoid Loss for Language Image Pre-Training (Zhai et al., 2023)', url: 'https://arxiv.org/abs/2303.15343' },
  parameters: [scale, bias],
  reductions,
  terms({ a, b }, { scale: t, bias: shift }) {
    const scores = plus(times(t!, similarities(a!, b!, 1)), shift!);
    const signs = matrix(scores.shape[0]!, scores.shape[1]!, (row, column) => (row === column ? 1 : -1));
    return sum(softplus(negative(times(signs, scores))), [-1]);
  },
};

/** Both views below each other: each of the 2N rows against the 2N − 1 others, or against all 2N. */
function ntXentTerms(a: Node, b: Node, t: number, keepsSelf: boolean): Node {
  const all = join([a, b]);
  const rows = a.shape[0]!;
  const scores = similarities(all, all, t);
  const against = keepsSelf ? scores : without(scores, (i, j) => i === j);
  const counterpart = sum(
    times(
      scores,
      same(scores, (i, j) => j === (i + rows) % (2 * rows)),
    ),
    [-1],
  );
  return minus(logSumExp(against), counterpart);
}

const ntXent: FamilyFormulation = {
  ...pair,
  id: 'nt-xent',
  title: 'NT-Xent (SimCLR)',
  tex: "\\ell_i = -\\log \\frac{e^{s_{i i'} / \\tau}}{\\sum_{j \\ne i} e^{s_{ij} / \\tau}}",
  source: simclr,
  terms: ({ a, b }, { temperature: t }) => ntXentTerms(a!, b!, t!, false),
};

const ntXentWithSelf: FamilyFormulation = {
  ...ntXent,
  id: 'nt-xent-self',
  title: 'NT-Xent with the self-similarity',
  tex: "\\ell_i = -\\log \\frac{e^{s_{i i'} / \\tau}}{\\sum_j e^{s_{ij} / \\tau}}",
  terms: ({ a, b }, { temperature: t }) => ntXentTerms(a!, b!, t!, true),
  mistake:
    'The similarity of each row with itself stays in the denominator. It is the largest of all, so the loss cannot come near 0: leave the diagonal out of the sum.',
};

interface SupConParts {
  readonly logP: Node;
  readonly positives: Node;
  readonly count: Node;
}

function supConParts(rows: Node, labels: Node, t: number): SupConParts {
  const scores = similarities(rows, rows, t);
  const others = same(scores, (i, j) => i !== j);
  const positives = times(equals(unsqueeze(labels, 1), unsqueeze(labels, 0)), others);
  const logP = minus(
    scores,
    logSumExp(
      without(scores, (i, j) => i === j),
      -1,
      true,
    ),
  );
  return { logP, positives, count: sum(positives, [-1]) };
}

/** Rows without a counterpart count for nothing. */
const overAnchors: FamilyReduction = {
  id: 'mean',
  title: 'mean over the rows that have a counterpart',
  reduce: (terms, { labels }) => over(sum(terms), larger(sum(anchors(labels!)), 1)),
};

function anchors(labels: Node): Node {
  const pairs = matrix(labels.shape[0]!, labels.shape[0]!, (i, j) => Number(i !== j));
  const counts = sum(times(equals(unsqueeze(labels, 1), unsqueeze(labels, 0)), pairs), [-1]);
  return above(counts, 0);
}

const supConOut: FamilyFormulation = {
  inputs: ['features', 'labels'],
  id: 'supcon',
  title: 'SupCon, the mean outside the logarithm',
  tex: '\\ell_i = -\\frac{1}{|P(i)|} \\sum_{p \\in P(i)} \\log \\frac{e^{s_{ip} / \\tau}}{\\sum_{j \\ne i} e^{s_{ij} / \\tau}}',
  source: supcon,
  parameters: [temperature],
  reductions: [overAnchors, sumOfAll],
  terms({ features: x, labels }, { temperature: t }) {
    const { logP, positives, count } = supConParts(x!, labels!, t!);
    return negative(over(sum(times(positives, choose(above(positives, 0), logP, 0)), [-1]), larger(count, 1)));
  },
};

const supConBase: FamilyFormulation = {
  ...supConOut,
  id: 'supcon-base',
  title: 'SupCon, times τ/τ₀',
  parameters: [temperature, base],
  terms: (inputs, { temperature: t, base: over_ }) => times(t! / over_!, supConOut.terms(inputs, { temperature: t! })),
};

const supConIn: FamilyFormulation = {
  ...supConOut,
  id: 'supcon-in',
  title: 'SupCon, the mean inside the logarithm',
  tex: '\\ell_i = -\\log \\frac{1}{|P(i)|} \\sum_{p \\in P(i)} \\frac{e^{s_{ip} / \\tau}}{\\sum_{j \\ne i} e^{s_{ij} / \\tau}}',
  terms({ features: x, labels }, { temperature: t }) {
    const { logP, positives, count } = supConParts(x!, labels!, t!);
    const inside = over(sum(times(positives, exp(choose(above(positives, 0), logP, 0))), [-1]), larger(count, 1));
    return negative(log(choose(above(count, 0), inside, 1)));
  },
};

const queue: FamilyFormulation = {
  inputs: ['query', 'key', 'queue'],
  id: 'moco',
  title: 'InfoNCE against a queue (MoCo)',
  tex: '\\ell_i = -\\log \\frac{e^{q_i \\cdot k_i / \\tau}}{e^{q_i \\cdot k_i / \\tau} + \\sum_j e^{q_i \\cdot n_j / \\tau}}',
  source: { name: 'Momentum Contrast (He et al., 2019)', url: 'https://arxiv.org/abs/1911.05722' },
  parameters: [temperature],
  reductions,
  terms({ query, key, queue: negatives }, { temperature: t }) {
    const [q, k, n] = [normalised(query!), normalised(key!), normalised(negatives!)];
    const own = sum(times(q, k), [-1], true);
    const scores = over(join([own, matmul(q, transpose(n))], 1), t!);
    return minus(logSumExp(scores), over(sum(own, [-1]), t!));
  },
};

const rowsAndFeatures = ({ rows, width }: Sizes): readonly number[] => [rows, width + 1];

export const contrastive: Family = {
  id: 'contrastive',
  title: 'Contrastive',
  layouts: [
    layout('two views', [input('a', features, rowsAndFeatures), input('b', features, rowsAndFeatures)]),
    layout('rows with labels', [
      input('features', features, ({ rows, width }) => [2 * rows, width]),
      fixed('labels', pairedLabels, ({ rows }) => [2 * rows]),
    ]),
    layout('a queue', [
      input('query', features, rowsAndFeatures),
      input('key', features, rowsAndFeatures, 'held'),
      input('queue', features, ({ rows, width }) => [rows + 2, width + 1], 'held'),
    ]),
  ],
  formulations: [ntXent, ntXentWithSelf, infoNce, infoNceRaw, symmetric, symmetricRaw, siglip, supConOut, supConBase, supConIn, queue],
};
