/** Variational autoencoders: a divergence of a Gaussian from the standard one, with or without a reconstruction. */
import { clamped, exp, log, mean, minus, negative, plus, square, sum, times, over } from '../mathematics/algebra';
import type { Family, FamilyFormulation, FamilyParameter, Nodes } from './family';
import { fixed, input, layout } from './layouts';
import { asItIs, meanOfAll, meanOfRowSums, sumOfAll } from './reductions';
import { binaryTargets, features, probabilities } from './roles';
import type { Node } from '../mathematics/graph';

const vae = { name: 'Auto-Encoding Variational Bayes (Kingma and Welling, 2013)', url: 'https://arxiv.org/abs/1312.6114' };
const beta: FamilyParameter = { name: 'beta', symbol: 'β', usual: [1, 4, 0.1, 0.5, 2], allows: (value) => value > 0 && value <= 1000 };

/** ½(μ² + σ² − 1 − log σ²), element by element. */
const divergence = (mu: Node, logvar: Node): Node => times(0.5, minus(minus(plus(square(mu), exp(logvar)), 1), logvar));

const gaussian: FamilyFormulation = {
  id: 'gaussian-kl',
  title: 'KL of a Gaussian from the standard one',
  tex: '\\ell = \\tfrac{1}{2} (\\mu^2 + \\sigma^2 - 1 - \\log \\sigma^2)',
  source: vae,
  inputs: ['mu', 'logvar'],
  parameters: [],
  reductions: [
    { ...meanOfRowSums, title: 'sum over the latents, mean over the rows' },
    sumOfAll,
    { ...meanOfAll, title: 'mean over rows and latents' },
  ],
  terms: ({ mu, logvar }) => divergence(mu!, logvar!),
};

const binaryTerms = (recon: Node, x: Node): Node =>
  negative(plus(times(x, clamped(log(recon), -100, Infinity)), times(minus(1, x), clamped(log(minus(1, recon)), -100, Infinity))));
const squareTerms = (recon: Node, x: Node): Node => square(minus(recon, x));

type How = 'sum' | 'per-sample' | 'mean' | 'pixels-mean';

function whole(fit: (recon: Node, x: Node) => Node, how: How): FamilyFormulation['terms'] {
  return ({ recon, x, mu, logvar }: Nodes, { beta: b }) => {
    const terms = fit(recon!, x!);
    const kl = divergence(mu!, logvar!);
    const rows = mu!.shape[0]!;
    const reconstruction = how === 'sum' ? sum(terms) : how === 'per-sample' ? over(sum(terms), rows) : mean(terms);
    const ofLatents = how === 'sum' ? sum(kl) : how === 'mean' ? mean(kl) : over(sum(kl), rows);
    return plus(reconstruction, times(b!, ofLatents));
  };
}

const shapes: readonly { readonly how: How; readonly id: string; readonly title: string; readonly mistake?: string }[] = [
  { how: 'sum', id: 'sum', title: 'both summed' },
  { how: 'per-sample', id: 'per-sample', title: 'both summed for each row, mean over the rows' },
  { how: 'mean', id: 'mean', title: 'both averaged over everything' },
  {
    how: 'pixels-mean',
    id: 'pixels-mean',
    title: 'reconstruction averaged over the pixels, KL summed over the latents',
    mistake:
      'The reconstruction is averaged over the pixels and the KL divergence summed over the latents: the divergence weighs as many times more as there are pixels. Sum both for each row, or set β knowingly.',
  },
];

const likelihoods = [
  { id: 'bce', title: 'Binary cross entropy + β · KL', tex: 'BCE(\\hat x, x)', fit: binaryTerms },
  { id: 'mse', title: 'Squared error + β · KL', tex: '(\\hat x - x)^2', fit: squareTerms },
  {
    id: 'half-mse',
    title: 'Half the squared error + β · KL',
    tex: '\\tfrac{1}{2} (\\hat x - x)^2',
    fit: (recon: Node, x: Node) => times(0.5, squareTerms(recon, x)),
  },
];

const elbo: readonly FamilyFormulation[] = likelihoods.flatMap((likelihood) =>
  shapes.map(({ how, id, title, mistake }): FamilyFormulation => ({
    id: `${likelihood.id}-${id}`,
    title: `${likelihood.title}, ${title}`,
    tex: `L = ${likelihood.tex} + \\beta\\, KL`,
    source: vae,
    inputs: ['recon', 'x', 'mu', 'logvar'],
    parameters: [beta],
    reductions: [asItIs],
    terms: whole(likelihood.fit, how),
    ...(mistake === undefined ? {} : { mistake }),
  })),
);

const latents = ({ rows, width }: { readonly rows: number; readonly width: number }): readonly number[] => [rows, width - 1];
const pixels = ({ rows, width }: { readonly rows: number; readonly width: number }): readonly number[] => [rows, width + 3];

export const variational: Family = {
  id: 'variational',
  title: 'Variational',
  layouts: [
    layout('latents', [input('mu', features, latents), input('logvar', features, latents)]),
    layout('reconstruction and latents', [
      input('recon', probabilities, pixels),
      fixed('x', binaryTargets, pixels),
      input('mu', features, latents),
      input('logvar', features, latents),
    ]),
  ],
  formulations: [gaussian, ...elbo],
};
