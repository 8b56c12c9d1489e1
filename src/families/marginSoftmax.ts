/** Cross entropies of scaled cosines whose labelled one is made smaller by a margin. */
import { acos, choose, clamped, cos, above, logSoftmax, minus, negative, oneHot, plus, sum, times } from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter } from './family';
import { fixed, input, layout, rowsAndWidth, rowsOnly } from './layouts';
import { meanOfAll, sumOfAll } from './reductions';
import { classIndices, cosines } from './roles';
import type { Node } from '../mathematics/graph';

const arcface = { name: 'ArcFace (Deng et al., 2018)', url: 'https://arxiv.org/abs/1801.07698' };
const scale: FamilyParameter = { name: 'scale', symbol: 's', usual: [30, 64, 16], allows: (value) => value > 1 };
const margin: FamilyParameter = { name: 'margin', symbol: 'm', usual: [0.5, 0.35, 0.3], allows: (value) => value > 0 && value < 1.6 };

const common = { inputs: ['cosine', 'hot'], reductions: [meanOfAll, sumOfAll] } as const;

/** The labelled cosine replaced; then a softmax of s times all. */
function crossEntropy(cosine: Node, hot: Node, s: number, replaced: Node): Node {
  const scaled = times(s, plus(times(hot, replaced), times(minus(1, hot), cosine)));
  return negative(sum(times(hot, logSoftmax(scaled)), [-1]));
}

/** cos(θ + m) of a cosine. */
const turned = (cosine: Node, m: number): Node => cos(plus(acos(clamped(cosine, -1 + 1e-7, 1 - 1e-7)), m));

const plain: FamilyFormulation = {
  ...common,
  id: 'arcface',
  title: 'ArcFace',
  tex: 'z_y = s \\cos(\\theta_y + m),\\quad z_k = s \\cos \\theta_k',
  source: arcface,
  parameters: [scale, margin],
  terms: ({ cosine, hot }, { scale: s, margin: m }) => crossEntropy(cosine!, hot!, s!, turned(cosine!, m!)),
};

const easy: FamilyFormulation = {
  ...plain,
  id: 'arcface-easy',
  title: 'ArcFace with an easy margin',
  tex: 'z_y = \\begin{cases} s \\cos(\\theta_y + m) & \\cos \\theta_y > 0 \\\\ s \\cos \\theta_y & \\text{else} \\end{cases}',
  terms: ({ cosine, hot }, { scale: s, margin: m }) =>
    crossEntropy(cosine!, hot!, s!, choose(above(cosine!, 0), turned(cosine!, m!), cosine!)),
};

const fallback: FamilyFormulation = {
  ...plain,
  id: 'arcface-fallback',
  title: 'ArcFace with a straight line past π − m',
  tex: 'z_y = \\begin{cases} s \\cos(\\theta_y + m) & \\theta_y < \\pi - m \\\\ s (\\cos \\theta_y - m \\sin m) & \\text{else} \\end{cases}',
  terms: ({ cosine, hot }, { scale: s, margin: m }) =>
    crossEntropy(
      cosine!,
      hot!,
      s!,
      choose(above(cosine!, Math.cos(Math.PI - m!)), turned(cosine!, m!), minus(cosine!, Math.sin(Math.PI - m!) * m!)),
    ),
};

const everyColumn: FamilyFormulation = {
  ...plain,
  id: 'arcface-every-column',
  title: 'ArcFace with the margin on every class',
  tex: 'z_k = s \\cos(\\theta_k + m)',
  terms: ({ cosine, hot }, { scale: s, margin: m }) => negative(sum(times(hot!, logSoftmax(times(s!, turned(cosine!, m!)))), [-1])),
  mistake:
    'The margin is added to every class’s angle, not to the labelled one alone: it moves all logits and asks hardly more of the labelled class.',
};

const cosface: FamilyFormulation = {
  ...plain,
  id: 'cosface',
  title: 'CosFace (additive margin)',
  tex: 'z_y = s (\\cos \\theta_y - m),\\quad z_k = s \\cos \\theta_k',
  source: { name: 'CosFace (Wang et al., 2018)', url: 'https://arxiv.org/abs/1801.09414' },
  terms: ({ cosine, hot }, { scale: s, margin: m }) => crossEntropy(cosine!, hot!, s!, minus(cosine!, m!)),
};

const normface: FamilyFormulation = {
  ...plain,
  id: 'normface',
  title: 'NormFace (no margin)',
  tex: 'z_k = s \\cos \\theta_k',
  source: { name: 'NormFace (Wang et al., 2017)', url: 'https://arxiv.org/abs/1704.06369' },
  parameters: [scale],
  terms: ({ cosine, hot }, { scale: s }) => crossEntropy(cosine!, hot!, s!, cosine!),
};

export const marginSoftmax: Family = {
  id: 'marginSoftmax',
  title: 'Margin softmax',
  layouts: [
    layout(
      'cosines and labels',
      [input('cosine', cosines, rowsAndWidth), fixed('targets', classIndices, rowsOnly)],
      ({ cosine, targets }) => ({
        cosine: cosine!,
        hot: oneHot(targets!, cosine!.shape[1]!),
      }),
    ),
  ],
  formulations: [plain, easy, fallback, cosface, normface, everyColumn],
};
