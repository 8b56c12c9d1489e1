/** Distances of embeddings: what belongs together near, what does not at least a margin apart. */
import {
  choose,
  matrix,
  equals,
  largest,
  matmul,
  minus,
  negative,
  normalised,
  plus,
  relu,
  smallest,
  softplus,
  sqrt,
  square,
  sum,
  times,
  transpose,
  unsqueeze,
  above,
  clamped,
} from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter, Sizes } from './family';
import { fixed, input, layout, rowsOnly } from './layouts';
import { meanOfAll, sumOfAll } from './reductions';
import { binaryTargets, features, pairedLabels, scores } from './roles';
import type { Node } from '../mathematics/graph';

const margin: FamilyParameter = { name: 'margin', symbol: 'm', usual: [1, 0.2, 0.3, 0.5], allows: (value) => value > 0 && value <= 10 };
const docs = (name: string) => ({ name: `torch.nn.${name}`, url: `https://docs.pytorch.org/docs/stable/generated/torch.nn.${name}.html` });
const facenet = { name: 'FaceNet (Schroff et al., 2015)', url: 'https://arxiv.org/abs/1503.03832' };
const reductions = [meanOfAll, sumOfAll];

const squaredDistance = (a: Node, b: Node): Node => sum(square(minus(a, b)), [-1]);
/** torch adds 1e-6 to every difference, so that no distance is 0. */
const torchDistance = (a: Node, b: Node): Node => sqrt(sum(square(plus(minus(a, b), 1e-6)), [-1]));
const cosineDistance = (a: Node, b: Node): Node => minus(1, sum(times(normalised(a), normalised(b)), [-1]));

const triplet = { inputs: ['anchor', 'positive', 'negative'], reductions, parameters: [margin] } as const;

const tripletOf =
  (distance: (a: Node, b: Node) => Node): FamilyFormulation['terms'] =>
  ({ anchor, positive, negative: other }, { margin: m }) =>
    relu(plus(minus(distance(anchor!, positive!), distance(anchor!, other!)), m!));

const byDistance: FamilyFormulation = {
  ...triplet,
  id: 'triplet',
  title: 'Triplet, of distances',
  tex: '\\ell = \\max(0, d(a, p) - d(a, n) + m),\\quad d = \\lVert \\cdot \\rVert_2',
  source: docs('TripletMarginLoss'),
  terms: tripletOf(torchDistance),
};

const bySquare: FamilyFormulation = {
  ...triplet,
  id: 'triplet-squared',
  title: 'Triplet, of squared distances',
  tex: '\\ell = \\max(0, d^2(a, p) - d^2(a, n) + m)',
  source: facenet,
  terms: tripletOf(squaredDistance),
};

const byCosine: FamilyFormulation = {
  ...triplet,
  id: 'triplet-cosine',
  title: 'Triplet, of cosine distances',
  tex: '\\ell = \\max(0, \\cos(a, n) - \\cos(a, p) + m)',
  source: docs('TripletMarginWithDistanceLoss'),
  terms: tripletOf(cosineDistance),
};

const softTriplet: FamilyFormulation = {
  ...triplet,
  id: 'triplet-soft',
  title: 'Triplet with a soft margin',
  tex: '\\ell = \\log(1 + e^{d(a, p) - d(a, n)})',
  source: { name: 'In Defense of the Triplet Loss (Hermans et al., 2017)', url: 'https://arxiv.org/abs/1703.07737' },
  parameters: [],
  terms: ({ anchor, positive, negative: other }) => softplus(minus(torchDistance(anchor!, positive!), torchDistance(anchor!, other!))),
};

/** Pairwise distances of rows; their own, which are 0, get no gradient. */
function distances(rows: Node): Node {
  const products = matmul(rows, transpose(rows));
  const lengths = sum(square(rows), [-1]);
  const squares = clamped(minus(plus(unsqueeze(lengths, 1), unsqueeze(lengths, 0)), times(2, products)), 0, Infinity);
  const apart = matrix(rows.shape[0]!, rows.shape[0]!, (i, j) => Number(i !== j));
  return times(apart, sqrt(choose(above(times(squares, apart), 0), squares, 1)));
}

function hardest(rows: Node, labels: Node): Node {
  const d = distances(rows);
  const together = equals(unsqueeze(labels, 1), unsqueeze(labels, 0));
  return minus(largest(times(d, together), 1), smallest(plus(d, times(1e9, together)), 1));
}

const batchHard: FamilyFormulation = {
  inputs: ['features', 'labels'],
  id: 'batch-hard',
  title: 'Triplet of the hardest of the batch',
  tex: '\\ell_a = \\max(0, \\max_p d(a, p) - \\min_n d(a, n) + m)',
  source: { name: 'In Defense of the Triplet Loss (Hermans et al., 2017)', url: 'https://arxiv.org/abs/1703.07737' },
  parameters: [margin],
  reductions,
  terms: ({ features: x, labels }, { margin: m }) => relu(plus(hardest(x!, labels!), m!)),
};

const batchHardSoft: FamilyFormulation = {
  ...batchHard,
  id: 'batch-hard-soft',
  title: 'Triplet of the hardest of the batch, with a soft margin',
  tex: '\\ell_a = \\log(1 + e^{\\max_p d(a, p) - \\min_n d(a, n)})',
  parameters: [],
  terms: ({ features: x, labels }) => softplus(hardest(x!, labels!)),
};

const pairTerms =
  (factor: number, distance: (a: Node, b: Node) => Node): FamilyFormulation['terms'] =>
  ({ left, right, same }, { margin: m }) => {
    const d = distance(left!, right!);
    return times(factor, plus(times(same!, square(d)), times(minus(1, same!), square(relu(minus(m!, d))))));
  };

const hadsell = {
  name: 'Dimensionality Reduction by Learning an Invariant Mapping (Hadsell et al., 2006)',
  url: 'https://doi.org/10.1109/CVPR.2006.100',
};
const plainDistance = (a: Node, b: Node): Node => sqrt(squaredDistance(a, b));

const pair: FamilyFormulation = {
  inputs: ['left', 'right', 'same'],
  id: 'pair',
  title: 'Contrastive loss of pairs',
  tex: '\\ell = y\\, d^2 + (1 - y) \\max(0, m - d)^2',
  source: hadsell,
  parameters: [margin],
  reductions,
  terms: pairTerms(1, plainDistance),
};
const pairTorch: FamilyFormulation = {
  ...pair,
  id: 'pair-torch-distance',
  title: 'Contrastive loss of pairs, by torch’s pairwise distance',
  terms: pairTerms(1, torchDistance),
};
const pairHalf: FamilyFormulation = {
  ...pair,
  id: 'pair-half',
  title: 'Contrastive loss of pairs, halved',
  tex: `\\ell = \\tfrac{1}{2}(y\\, d^2 + (1 - y) \\max(0, m - d)^2)`,
  terms: pairTerms(0.5, plainDistance),
};
const pairHalfTorch: FamilyFormulation = {
  ...pairHalf,
  id: 'pair-half-torch-distance',
  title: 'Contrastive loss of pairs, halved, by torch’s pairwise distance',
  terms: pairTerms(0.5, torchDistance),
};

const ranking: FamilyFormulation = {
  inputs: ['first', 'second', 'order'],
  id: 'margin-ranking',
  title: 'Margin ranking',
  tex: '\\ell = \\max(0, -y (x_1 - x_2) + m)',
  source: docs('MarginRankingLoss'),
  parameters: [{ ...margin, usual: [0, 0.2, 1], allows: (value) => value >= 0 && value <= 10 }],
  reductions,
  terms: ({ first, second, order }, { margin: m }) => relu(plus(negative(times(order!, minus(first!, second!))), m!)),
};

const cosineEmbedding: FamilyFormulation = {
  inputs: ['left', 'right', 'order'],
  id: 'cosine-embedding',
  title: 'Cosine embedding',
  tex: '\\ell = \\begin{cases} 1 - \\cos(x_1, x_2) & y = 1 \\\\ \\max(0, \\cos(x_1, x_2) - m) & y = -1 \\end{cases}',
  source: docs('CosineEmbeddingLoss'),
  parameters: [{ ...margin, usual: [0, 0.5], allows: (value) => value > -1 && value < 1 }],
  reductions,
  terms({ left, right, order }, { margin: m }) {
    const cosine = sum(times(normalised(left!), normalised(right!)), [-1]);
    return choose(above(order!, 0), minus(1, cosine), relu(minus(cosine, m!)));
  },
};

const signs = {
  ...binaryTargets,
  id: 'signs',
  title: '1 and −1',
  values: (...args: Parameters<typeof binaryTargets.values>) => binaryTargets.values(...args).map((one) => 2 * one - 1),
};
const embeddings = ({ rows, width }: Sizes): readonly number[] => [rows, width - 1];

export const metric: Family = {
  id: 'metric',
  title: 'Triplets and pairs',
  layouts: [
    layout('triplets', [
      input('anchor', features, embeddings),
      input('positive', features, embeddings),
      input('negative', features, embeddings),
    ]),
    layout('rows with labels', [
      input('features', features, ({ rows, width }) => [2 * rows, width]),
      fixed('labels', pairedLabels, ({ rows }) => [2 * rows]),
    ]),
    layout('pairs', [input('left', features, embeddings), input('right', features, embeddings), fixed('same', binaryTargets, rowsOnly)]),
    layout('ranked scores', [input('first', scores, rowsOnly), input('second', scores, rowsOnly), fixed('order', signs, rowsOnly)]),
    layout('signed pairs', [input('left', features, embeddings), input('right', features, embeddings), fixed('order', signs, rowsOnly)]),
  ],
  formulations: [
    byDistance,
    bySquare,
    byCosine,
    softTriplet,
    batchHard,
    batchHardSoft,
    pair,
    pairTorch,
    pairHalf,
    pairHalfTorch,
    ranking,
    cosineEmbedding,
  ],
};
