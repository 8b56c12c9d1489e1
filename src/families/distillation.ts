/** A student held against a teacher: divergences of two softmaxes at a temperature. */
import { logSoftmax, mean, minus, negative, over, plus, softmax, square, sum, times, log, oneHot } from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter, FamilyReduction } from './family';
import { fixed, input, layout, rowsAndWidth, rowsOnly } from './layouts';
import { meanOfAll, meanOfRowSums, sumOfAll } from './reductions';
import { classIndices, logits } from './roles';
import type { Node } from '../mathematics/graph';

const hinton = { name: 'Distilling the Knowledge in a Neural Network (Hinton et al., 2015)', url: 'https://arxiv.org/abs/1503.02531' };

const temperature: FamilyParameter = {
  name: 'temperature',
  symbol: 'T',
  usual: [4, 2, 1, 3, 5, 10, 20],
  allows: (value) => value > 0 && value <= 100,
};
const share: FamilyParameter = { name: 'alpha', symbol: 'α', usual: [0.5, 0.9, 0.1, 0.7, 0.3], allows: (value) => value > 0 && value < 1 };
const beta: FamilyParameter = { name: 'beta', symbol: 'β', usual: [0.5], allows: (value) => value > 0 && value < 1 };

/** The divergence's own reductions: batchmean first, as its formula has it. */
const reductions: readonly FamilyReduction[] = [
  { ...meanOfRowSums, id: 'batchmean', title: 'mean over the rows' },
  sumOfAll,
  { ...meanOfAll, title: 'mean over rows and classes' },
];

/** Σ_k target (log target − log other), term by term. */
const divergence = (target: Node, logTarget: Node, logOther: Node): Node => times(target, minus(logTarget, logOther));

function softened(student: Node, teacher: Node, t: number) {
  return {
    logStudent: logSoftmax(over(student, t)),
    student: softmax(over(student, t)),
    logTeacher: logSoftmax(over(teacher, t)),
    teacher: softmax(over(teacher, t)),
  };
}

const pair = { inputs: ['student', 'teacher'], source: hinton, reductions } as const;

const forward: FamilyFormulation = {
  ...pair,
  id: 'kl',
  title: 'KL(teacher ‖ student) · T²',
  tex: '\\ell = T^2 \\sum_k p^t_k (\\log p^t_k - \\log p^s_k),\\quad p = \\operatorname{softmax}(z / T)',
  parameters: [temperature],
  terms({ student, teacher }, { temperature: t }) {
    const { logStudent, logTeacher, teacher: p } = softened(student!, teacher!, t!);
    return times(t! * t!, divergence(p, logTeacher, logStudent));
  },
};

const withoutSquare: FamilyFormulation = {
  ...forward,
  id: 'kl-without-t2',
  title: 'KL(teacher ‖ student) without T²',
  tex: '\\ell = \\sum_k p^t_k (\\log p^t_k - \\log p^s_k),\\quad p = \\operatorname{softmax}(z / T)',
  terms({ student, teacher }, { temperature: t }) {
    const { logStudent, logTeacher, teacher: p } = softened(student!, teacher!, t!);
    return divergence(p, logTeacher, logStudent);
  },
};

const reverse: FamilyFormulation = {
  ...forward,
  id: 'reverse-kl',
  title: 'Reverse KL(student ‖ teacher) · T²',
  tex: '\\ell = T^2 \\sum_k p^s_k (\\log p^s_k - \\log p^t_k),\\quad p = \\operatorname{softmax}(z / T)',
  source: { name: 'MiniLLM (Gu et al., 2023)', url: 'https://arxiv.org/abs/2306.08543' },
  terms({ student, teacher }, { temperature: t }) {
    const { logStudent, logTeacher, student: p } = softened(student!, teacher!, t!);
    return times(t! * t!, divergence(p, logStudent, logTeacher));
  },
};

const softCrossEntropy: FamilyFormulation = {
  ...forward,
  id: 'soft-cross-entropy',
  title: 'Cross entropy of the teacher’s distribution · T²',
  tex: '\\ell = -T^2 \\sum_k p^t_k \\log p^s_k,\\quad p = \\operatorname{softmax}(z / T)',
  terms({ student, teacher }, { temperature: t }) {
    const { logStudent, teacher: p } = softened(student!, teacher!, t!);
    return times(-t! * t!, times(p, logStudent));
  },
};

const softCrossEntropyWithoutSquare: FamilyFormulation = {
  ...softCrossEntropy,
  id: 'soft-cross-entropy-without-t2',
  title: 'Cross entropy of the teacher’s distribution, without T²',
  tex: '\\ell = -\\sum_k p^t_k \\log p^s_k,\\quad p = \\operatorname{softmax}(z / T)',
  terms({ student, teacher }, { temperature: t }) {
    const { logStudent, teacher: p } = softened(student!, teacher!, t!);
    return negative(times(p, logStudent));
  },
};

const jensenShannon: FamilyFormulation = {
  ...pair,
  id: 'jsd',
  title: 'Generalised Jensen–Shannon divergence',
  tex: '\\ell = \\beta\\, KL(p^t \\Vert m) + (1 - \\beta)\\, KL(p^s \\Vert m),\\quad m = \\beta p^t + (1 - \\beta) p^s',
  source: { name: 'On-Policy Distillation of Language Models (Agarwal et al., 2023)', url: 'https://arxiv.org/abs/2306.13649' },
  parameters: [beta],
  terms({ student, teacher }, { beta: b }) {
    const { logStudent, student: s, logTeacher, teacher: t } = softened(student!, teacher!, 1);
    const mixed = log(plus(times(b!, t), times(1 - b!, s)));
    return plus(times(b!, divergence(t, logTeacher, mixed)), times(1 - b!, divergence(s, logStudent, mixed)));
  },
};

const logitError: FamilyFormulation = {
  ...pair,
  id: 'logit-mse',
  title: 'Squared error of the logits',
  tex: '\\ell = (z^s - z^t)^2',
  source: {
    name: 'Comparing Kullback–Leibler Divergence and Mean Squared Error Loss (Kim et al., 2021)',
    url: 'https://arxiv.org/abs/2105.08919',
  },
  reductions: [meanOfAll, sumOfAll, meanOfRowSums],
  parameters: [],
  terms: ({ student, teacher }) => square(minus(student!, teacher!)),
};

function mixed(ceShare: (alpha: number) => number, klMean: 'rows' | 'all'): FamilyFormulation['terms'] {
  return ({ student, teacher, hot }, { temperature: t, alpha: a }) => {
    const ce = negative(mean(sum(times(hot!, logSoftmax(student!)), [-1])));
    const { logStudent, logTeacher, teacher: p } = softened(student!, teacher!, t!);
    const terms = divergence(p, logTeacher, logStudent);
    const kl = times(t! * t!, klMean === 'rows' ? mean(sum(terms, [-1])) : mean(terms));
    return plus(times(ceShare(a!), ce), times(1 - ceShare(a!), kl));
  };
}

const whole: readonly FamilyReduction[] = [{ id: 'mean', title: 'as it is', reduce: (terms) => terms }];

const hintonMixed: FamilyFormulation = {
  id: 'ce-and-kl',
  title: 'α · cross entropy + (1 − α) · KL(teacher ‖ student) · T²',
  tex: 'L = \\alpha\\, CE(z^s, y) + (1 - \\alpha)\\, T^2\\, KL(p^t \\Vert p^s)',
  source: hinton,
  inputs: ['student', 'teacher', 'hot'],
  parameters: [temperature, share],
  reductions: whole,
  terms: mixed((a) => a, 'rows'),
};

const hintonMixedAll: FamilyFormulation = {
  ...hintonMixed,
  id: 'ce-and-kl-mean',
  title: 'α · cross entropy + (1 − α) · KL · T², the KL averaged over the classes too',
  tex: 'L = \\alpha\\, CE(z^s, y) + (1 - \\alpha)\\, \\tfrac{T^2}{K}\\, KL(p^t \\Vert p^s)',
  terms: mixed((a) => a, 'all'),
  mistake:
    'The divergence is averaged over the classes too (kl_div with reduction="mean"): it is K times smaller than the KL divergence, and so is its weight beside the cross entropy. Use reduction="batchmean".',
};

export const distillation: Family = {
  id: 'distillation',
  title: 'Distillation',
  layouts: [
    layout('pair', [input('student', logits, rowsAndWidth), input('teacher', logits, rowsAndWidth, 'held')]),
    layout(
      'pair and labels',
      [input('student', logits, rowsAndWidth), input('teacher', logits, rowsAndWidth, 'held'), fixed('targets', classIndices, rowsOnly)],
      ({ student, teacher, targets }) => ({ student: student!, teacher: teacher!, hot: oneHot(targets!, student!.shape[1]!) }),
    ),
  ],
  formulations: [
    forward,
    withoutSquare,
    reverse,
    softCrossEntropy,
    softCrossEntropyWithoutSquare,
    jensenShannon,
    logitError,
    hintonMixed,
    hintonMixedAll,
  ],
};
