/** Predicted against true values, element by element: e is their difference. */
import { abs, below, choose, exp, larger, log1p, mean, minus, plus, sqrt, square, sum, times, over } from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter } from './family';
import { fixed, input, layout, rowsAndWidth, rowsOnly } from './layouts';
import { asItIs, meanOfAll, meanOfRowSums, sumOfAll } from './reductions';
import { predictions, trueValues } from './roles';

const docs = (name: string) => ({ name: `torch.nn.${name}`, url: `https://docs.pytorch.org/docs/stable/generated/torch.nn.${name}.html` });
const positive = (value: number): boolean => value > 0;
const delta: FamilyParameter = { name: 'delta', symbol: 'δ', usual: [1], allows: positive };
const beta: FamilyParameter = { name: 'beta', symbol: 'β', usual: [1], allows: positive };
const tau: FamilyParameter = { name: 'tau', symbol: 'τ', usual: [0.5, 0.9, 0.1], allows: (value) => value > 0 && value < 1 };
const eps: FamilyParameter = { name: 'eps', symbol: 'ε', usual: [1e-3, 1e-6], allows: (value) => value > 0 && value < 1 };

const elementwise = { inputs: ['pred', 'target'], reductions: [meanOfAll, sumOfAll, meanOfRowSums] } as const;

const mse: FamilyFormulation = {
  ...elementwise,
  id: 'mse',
  title: 'Mean squared error',
  tex: '\\ell = e^2',
  source: docs('MSELoss'),
  parameters: [],
  terms: ({ pred, target }) => square(minus(pred!, target!)),
};

const halfMse: FamilyFormulation = {
  ...mse,
  id: 'half-mse',
  title: 'Half the squared error',
  tex: '\\ell = \\tfrac{1}{2} e^2',
  terms: ({ pred, target }) => times(0.5, square(minus(pred!, target!))),
};

const mae: FamilyFormulation = {
  ...elementwise,
  id: 'mae',
  title: 'Mean absolute error (L1)',
  tex: '\\ell = |e|',
  source: docs('L1Loss'),
  parameters: [],
  terms: ({ pred, target }) => abs(minus(pred!, target!)),
};

const huber: FamilyFormulation = {
  ...elementwise,
  id: 'huber',
  title: 'Huber',
  tex: '\\ell = \\begin{cases} \\tfrac{1}{2} e^2 & |e| < \\delta \\\\ \\delta (|e| - \\tfrac{1}{2} \\delta) & \\text{else} \\end{cases}',
  source: docs('HuberLoss'),
  parameters: [delta],
  terms({ pred, target }, { delta: d }) {
    const e = abs(minus(pred!, target!));
    return choose(below(e, d!), times(0.5, square(e)), times(d!, minus(e, 0.5 * d!)));
  },
};

const smoothL1: FamilyFormulation = {
  ...elementwise,
  id: 'smooth-l1',
  title: 'Smooth L1',
  tex: '\\ell = \\begin{cases} e^2 / 2\\beta & |e| < \\beta \\\\ |e| - \\tfrac{1}{2} \\beta & \\text{else} \\end{cases}',
  source: docs('SmoothL1Loss'),
  parameters: [beta],
  terms({ pred, target }, { beta: b }) {
    const e = abs(minus(pred!, target!));
    return choose(below(e, b!), over(times(0.5, square(e)), b!), minus(e, 0.5 * b!));
  },
};

const quantile: FamilyFormulation = {
  ...elementwise,
  id: 'quantile',
  title: 'Quantile (pinball)',
  tex: '\\ell = \\max(\\tau e, (\\tau - 1) e),\\quad e = \\text{target} - \\text{pred}',
  source: { name: 'Regression Quantiles (Koenker and Bassett, 1978)', url: 'https://doi.org/10.2307/1913643' },
  parameters: [tau],
  terms({ pred, target }, { tau: t }) {
    const e = minus(target!, pred!);
    return larger(times(t!, e), times(t! - 1, e));
  },
};

const logCosh: FamilyFormulation = {
  ...elementwise,
  id: 'log-cosh',
  title: 'Log-cosh',
  tex: '\\ell = \\log \\cosh e',
  source: { name: 'keras.losses.LogCosh', url: 'https://keras.io/api/losses/regression_losses/#logcosh-class' },
  parameters: [],
  // |e| + log(1 + exp(−2|e|)) − log 2 does not overflow.
  terms({ pred, target }) {
    const e = abs(minus(pred!, target!));
    return minus(plus(e, log1p(exp(times(-2, e)))), Math.LN2);
  },
};

const charbonnier: FamilyFormulation = {
  ...elementwise,
  id: 'charbonnier',
  title: 'Charbonnier',
  tex: '\\ell = \\sqrt{e^2 + \\varepsilon^2}',
  source: {
    name: 'Two deterministic half-quadratic regularization algorithms (Charbonnier et al., 1994)',
    url: 'https://doi.org/10.1109/ICIP.1994.413553',
  },
  parameters: [eps],
  terms: ({ pred, target }, { eps: e }) => sqrt(plus(square(minus(pred!, target!)), e! * e!)),
};

const rmse: FamilyFormulation = {
  ...elementwise,
  id: 'rmse',
  title: 'Root mean squared error',
  tex: 'L = \\sqrt{\\operatorname{mean}(e^2)}',
  source: {
    name: 'keras.metrics.RootMeanSquaredError',
    url: 'https://keras.io/api/metrics/regression_metrics/#rootmeansquarederror-class',
  },
  parameters: [],
  reductions: [asItIs],
  terms: ({ pred, target }) => sqrt(mean(square(minus(pred!, target!)))),
};

const euclidean: FamilyFormulation = {
  ...elementwise,
  id: 'euclidean',
  title: 'Euclidean distance of the rows',
  tex: '\\ell = \\lVert e \\rVert_2',
  source: { name: 'torch.nn.PairwiseDistance', url: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html' },
  parameters: [],
  reductions: [meanOfAll, sumOfAll],
  terms: ({ pred, target }) => sqrt(sum(square(minus(pred!, target!)), [-1])),
};

export const regression: Family = {
  id: 'regression',
  title: 'Regression',
  layouts: [
    layout('matrices', [input('pred', predictions, rowsAndWidth), fixed('target', trueValues, rowsAndWidth)]),
    layout('vectors', [input('pred', predictions, rowsOnly), fixed('target', trueValues, rowsOnly)]),
  ],
  formulations: [mse, halfMse, mae, huber, smoothL1, quantile, logCosh, charbonnier, rmse, euclidean],
};
