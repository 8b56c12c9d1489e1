/** Two networks against each other: scores of real and of generated rows. */
import { mean, minus, negative, plus, relu, softplus, square, times } from '../mathematics/algebra';
import type { Term } from '../mathematics/algebra';
import type { Family, FamilyFormulation } from './family';
import { input, layout, rowsOnly } from './layouts';
import { asItIs, meanOfAll, sumOfAll } from './reductions';
import { scores } from './roles';
import type { Node } from '../mathematics/graph';

const gan = { name: 'Generative Adversarial Networks (Goodfellow et al., 2014)', url: 'https://arxiv.org/abs/1406.2661' };
const lsgan = { name: 'Least Squares Generative Adversarial Networks (Mao et al., 2016)', url: 'https://arxiv.org/abs/1611.04076' };
const wgan = { name: 'Wasserstein GAN (Arjovsky et al., 2017)', url: 'https://arxiv.org/abs/1701.07875' };
const hingeGan = { name: 'Geometric GAN (Lim and Ye, 2017)', url: 'https://arxiv.org/abs/1705.02894' };
const relativistic = { name: 'The relativistic discriminator (Jolicoeur-Martineau, 2018)', url: 'https://arxiv.org/abs/1807.00734' };

/** The sum of both sides' means. */
const discriminator = (
  id: string,
  title: string,
  tex: string,
  source: FamilyFormulation['source'],
  side: { readonly real: (r: Node) => Term; readonly fake: (f: Node) => Term },
): FamilyFormulation => ({
  id,
  title,
  tex,
  source,
  inputs: ['real', 'fake'],
  parameters: [],
  reductions: [asItIs],
  terms: ({ real, fake }) => plus(mean(side.real(real!) as Node), mean(side.fake(fake!) as Node)),
});

const generator = (
  id: string,
  title: string,
  tex: string,
  source: FamilyFormulation['source'],
  term: (fake: Node) => Node,
): FamilyFormulation => ({
  id,
  title,
  tex,
  source,
  inputs: ['fake'],
  parameters: [],
  reductions: [meanOfAll, sumOfAll],
  terms: ({ fake }) => term(fake!),
});

export const adversarial: Family = {
  id: 'adversarial',
  title: 'Adversarial',
  layouts: [
    layout('real and generated, columns', [input('real', scores, ({ rows }) => [rows, 1]), input('fake', scores, ({ rows }) => [rows, 1])]),
    layout('real and generated', [input('real', scores, rowsOnly), input('fake', scores, rowsOnly)]),
    layout('generated, a column', [input('fake', scores, ({ rows }) => [rows, 1])]),
    layout('generated', [input('fake', scores, rowsOnly)]),
  ],
  formulations: [
    discriminator('discriminator-bce', 'Discriminator, binary cross entropy', 'L = -\\log \\sigma(r) - \\log(1 - \\sigma(f))', gan, {
      real: (r) => softplus(negative(r)),
      fake: (f) => softplus(f),
    }),
    discriminator('discriminator-hinge', 'Discriminator, hinge', 'L = \\max(0, 1 - r) + \\max(0, 1 + f)', hingeGan, {
      real: (r) => relu(minus(1, r)),
      fake: (f) => relu(plus(1, f)),
    }),
    discriminator('discriminator-lsgan', 'Discriminator, least squares', 'L = (r - 1)^2 + f^2', lsgan, {
      real: (r) => square(minus(r, 1)),
      fake: (f) => square(f),
    }),
    discriminator('discriminator-wgan', 'Critic, Wasserstein', 'L = f - r', wgan, { real: (r) => negative(r), fake: (f) => f }),
    {
      ...discriminator('discriminator-relativistic', 'Discriminator, relativistic', 'L = -\\log \\sigma(r - f)', relativistic, {
        real: (r) => r,
        fake: (f) => f,
      }),
      reductions: [meanOfAll, sumOfAll],
      terms: ({ real, fake }) => softplus(minus(fake!, real!)),
    },
    {
      ...discriminator(
        'discriminator-relativistic-average',
        'Discriminator, relativistic average',
        'L = -\\log \\sigma(r - \\bar f) - \\log(1 - \\sigma(f - \\bar r))',
        relativistic,
        {
          real: (r) => r,
          fake: (f) => f,
        },
      ),
      terms: ({ real, fake }) => plus(mean(softplus(minus(mean(fake!), real!))), mean(softplus(minus(fake!, mean(real!))))),
    },
    generator('generator-bce', 'Generator, non-saturating', 'L = -\\log \\sigma(f)', gan, (f) => softplus(negative(f))),
    generator('generator-saturating', 'Generator, saturating', 'L = \\log(1 - \\sigma(f))', gan, (f) => negative(softplus(f))),
    generator('generator-lsgan', 'Generator, least squares', 'L = (f - 1)^2', lsgan, (f) => square(minus(f, 1))),
    generator('generator-wgan', 'Generator, −f (hinge and Wasserstein)', 'L = -f', wgan, (f) => times(-1, f)),
  ],
};
