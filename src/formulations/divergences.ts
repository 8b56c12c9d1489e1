/** The formulations of the form Σ_k q_k (log q_k − log p_k): a cross entropy minus the entropy of its targets. */
import type { Tensor } from '../tensor/tensor';
import { scatterDistribution, uniformDistribution } from './crossEntropies';
import { needsTwoClasses, noProblem, torchIgnoreIndex, type Formulation, type FormulationLoss } from './formulation';
import { divergenceFrom, reduced } from './reduce';
import { onAndOff, withoutColumn, withoutRows } from './softTargets';

type Reduction = 'sum' | 'batchmean' | 'mean';

const divides: Readonly<Record<Reduction, Formulation['divides']>> = { sum: 'one', batchmean: 'rows', mean: 'elements' };

interface Base {
  readonly id: string;
  readonly title: string;
  readonly convention: Formulation['convention'];
  readonly tex: string;
  readonly problem: Formulation['problem'];
  readonly q: (targets: Tensor, like: Tensor, classes: number, smoothing: number) => Tensor;
}

const klDivSource = { name: 'torch.nn.KLDivLoss', url: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html' };

function divergence(fields: Omit<Formulation, 'family' | 'loss'>): Formulation {
  return {
    ...fields,
    family: 'divergence',
    loss(logits, targets, options): FormulationLoss {
      const classes = logits.shape[1]!;
      const perSample = divergenceFrom(logits, fields.targetDistribution(targets, logits, classes, options));
      return { value: reduced(perSample, fields.divides, { classes }), perSample };
    },
  };
}

function klDiv(base: Base, reduction: Reduction): Formulation {
  return divergence({
    id: `kldiv-${base.id}/${reduction}`,
    title: `KLDiv over ${base.title} (${reduction})`,
    convention: base.convention,
    divides: divides[reduction],
    tex: `\\ell = \\sum_k q_k (\\log q_k - \\log p_k),\\quad ${base.tex}`,
    source: klDivSource,
    problem: base.problem,
    targetDistribution: (targets, like, classes, { smoothing, ignoreIndex = torchIgnoreIndex }) =>
      withoutRows(base.q(targets, like, classes, smoothing), targets, ignoreIndex),
  });
}

const scatterBase: Base = {
  id: 'fill-scatter',
  title: 'fill/scatter',
  convention: 'fillScatter',
  tex: 'q_k = \\begin{cases} 1 - \\varepsilon & k = y \\\\ \\frac{\\varepsilon}{K - 1} & k \\ne y \\end{cases}',
  problem: needsTwoClasses,
  q: scatterDistribution,
};

const uniformBase: Base = {
  id: 'uniform-mixture',
  title: 'the uniform mixture',
  convention: 'uniformMixture',
  tex: 'q_k = \\begin{cases} 1 - \\varepsilon + \\frac{\\varepsilon}{K} & k = y \\\\ \\frac{\\varepsilon}{K} & k \\ne y \\end{cases}',
  problem: noProblem,
  q: uniformDistribution,
};

const reductions: readonly Reduction[] = ['sum', 'batchmean', 'mean'];

export const klDivFillScatter: readonly Formulation[] = reductions.map((reduction) => klDiv(scatterBase, reduction));
export const klDivUniformMixture: readonly Formulation[] = reductions.map((reduction) => klDiv(uniformBase, reduction));

/** on 1−ε, off ε/(K−2), nothing on the padding class and nothing in padding rows; summed. */
export const annotatedTransformer: Formulation = divergence({
  id: 'annotated-transformer',
  title: 'Annotated Transformer',
  convention: 'padded',
  divides: 'one',
  tex: '\\ell = \\sum_k q_k (\\log q_k - \\log p_k),\\quad q_k = \\begin{cases} 1 - \\varepsilon & k = y \\\\ 0 & k = \\mathrm{pad} \\\\ \\frac{\\varepsilon}{K - 2} & \\text{otherwise} \\end{cases}',
  source: { name: 'The Annotated Transformer', url: 'https://nlp.seas.harvard.edu/annotated-transformer/#label-smoothing' },
  problem: (classes) =>
    classes < 3
      ? `The Annotated Transformer shares ε among the K−2 classes that are neither target nor padding, and with K = ${classes} that divides by ${classes - 2}.`
      : null,
  targetDistribution(targets, like, classes, { smoothing, paddingIndex = 0 }) {
    const spread = onAndOff(targets, like, classes, 1 - smoothing, smoothing / (classes - 2));
    return withoutRows(withoutColumn(spread, classes, paddingIndex), targets, paddingIndex);
  },
});
