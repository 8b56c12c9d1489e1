/** Spellings of smoothed targets and of cross entropies that the data flow sees through, and what resembles them. */
import assert from 'node:assert/strict';
import { findSmoothingConstants } from '../../../src/detection/constants';
import { findLosses } from '../../../src/detection/losses';
import { parsePython } from '../../../src/language/python';
import { parseTypeScript } from '../../../src/language/typescript';

const imports =
  'import math\nimport numpy as np\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nimport jax\nimport jax.numpy as jnp\n';

/** The losses of a text, with the smoothing factors that belong to one. */
function seen(program: ReturnType<typeof parsePython>): readonly string[] {
  const factors = findSmoothingConstants(program).filter(({ site }) => site !== null);
  return [
    ...findLosses(program).map(({ role, name }) => `${role} ${name}`),
    ...factors.map(({ name, value }) => `${name} ${String(value)}`),
  ];
}

const spelled: readonly (readonly [string, string])[] = [
  [
    'a mask of the label’s class, in where',
    'k = z.size(1)\n    q = torch.where(torch.arange(k)[None] == y[:, None], 1 - rho, rho / (k - 1))\n    return -(q * z.log_softmax(1)).sum(1).mean()',
  ],
  [
    'a mask by eq, in masked_fill_',
    'k = z.size(1)\n    q = torch.ones_like(z) * rho / k\n    q.masked_fill_(torch.eq(torch.arange(k), y.unsqueeze(1)), 1 - rho)\n    return -(q * z.log_softmax(1)).sum(1).mean()',
  ],
  [
    'jax.numpy’s mask',
    'k = z.shape[-1]\n    hit = y[..., None] == jnp.arange(k)[None]\n    q = jnp.where(hit, 1 - rho, rho / (k - 1))\n    return -jnp.sum(q * jax.nn.log_softmax(z), -1).mean()',
  ],
  ['lerp of the two terms', 'lp = F.log_softmax(z, 1)\n    return F.nll_loss(lp, y, reduction="none").lerp(-lp.mean(1), rho).mean()'],
  ['einsum', "q = F.one_hot(y, z.size(1)) * (1 - rho) + rho / z.size(1)\n    return -torch.einsum('nk,nk->n', q, z.log_softmax(1)).mean()"],
  [
    'scatter of a tensor',
    'q = torch.full_like(z, rho / z.size(1)).scatter(1, y[:, None], torch.full_like(z[:, :1], 1 - rho))\n    return -(q * z.log_softmax(1)).sum(1).mean()',
  ],
  [
    'index_select and its diagonal',
    'lp = z.log_softmax(1)\n    return -((1 - rho) * lp.index_select(1, y).diagonal() + rho * lp.mean(1)).mean()',
  ],
  [
    'a loop over rows',
    'total = 0\n    for row, t in zip(z, y):\n        lp = row.log_softmax(-1)\n        total = total - (1 - rho) * lp[t] - rho * lp.mean()\n    return total / len(z)',
  ],
  [
    'rows in a list',
    'parts = []\n    for row, t in zip(z, y):\n        q = torch.full_like(row, rho / (row.size(-1) - 1)).scatter(-1, t.unsqueeze(-1), 1 - rho)\n        parts.append(-(q * row.log_softmax(-1)).sum())\n    return sum(parts)',
  ],
  [
    'numbers alone',
    'norm = math.log(sum(math.exp(v) for v in z))\n    return sum(-((1 - rho) * (k == y) + rho / len(z)) * (v - norm) for k, v in enumerate(z))',
  ],
  [
    'a factor scaled to the other convention',
    'k = z.size(-1)\n    share = k * rho / (k - 1)\n    return -((1.0 - share) * z.gather(1, y[:, None]).squeeze(1) + share * z.mean(-1)).mean()',
  ],
  [
    'vmap over a function of one row',
    'def row(a, t):\n        lp = jax.nn.log_softmax(a)\n        return -(1 - rho) * lp[t] - rho * lp.mean()\n    return jax.vmap(row)(z, y).mean()',
  ],
];

const alone: readonly (readonly [string, string])[] = [
  [
    'the ε that a probability is kept apart by',
    'def log_loss(y, p, eps=1e-15):\n    p = np.clip(p, eps, 1 - eps)\n    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))',
  ],
  [
    'margins of angles',
    'class Arc(nn.Module):\n    def __init__(self, eps=1e-7):\n        super().__init__()\n        self.eps = eps\n    def forward(self, cosine, label):\n        c = cosine.clamp(-1 + self.eps, 1 - self.eps)\n        hot = torch.zeros_like(c).scatter_(1, label.view(-1, 1), 1)\n        return hot * torch.cos(torch.acos(c) + 0.5) + (1 - hot) * c',
  ],
  [
    'a table of transitions',
    'def nll(z, y, eps=0.05):\n    table = torch.log(torch.eye(4) * (1 - eps) + eps / 4)\n    return table[y[:-1], y[1:]].sum()',
  ],
  [
    'sums over states',
    'def crf(z, tags, step):\n    score = z.gather(2, tags.unsqueeze(2)).squeeze(2).sum(1)\n    a = z[:, 0]\n    for t in range(1, z.size(1)):\n        a = torch.logsumexp(a.unsqueeze(2) + step, 1) + z[:, t]\n    return (torch.logsumexp(a, 1) - score).mean()',
  ],
  [
    'sums scattered by an index',
    'def mean_of(src, t, index, dim, eps=1e-5):\n    return src.scatter_add(dim, index, t) / (src.scatter_add(dim, index, torch.ones_like(t)) + eps)',
  ],
  [
    'a sequence put behind another',
    'def joined(a, mask, b):\n    out = torch.zeros((a.shape[0], a.shape[1] + b.shape[1]))\n    at = torch.arange(b.shape[1])[None] + mask.sum(-1)[:, None]\n    return out.scatter(1, at, b)',
  ],
  ['an odds ratio', 'def least(size, share=0.9):\n    return size * (share / (1.0 - share)) * (1 - size)\n'],
  [
    'entries behind a mask',
    'def kl(p, q):\n    a = p * (p / q).log()\n    a[q == 0] = 1e9\n    return a + (1 - p) * ((1 - p) / (1 - q)).log()\n',
  ],
  [
    'attention with a sink',
    'def attention(q, k, v, sinks):\n    w = q @ k.transpose(-1, -2)\n    scale = (torch.logsumexp(w, -1) - sinks).sigmoid()\n    return (F.softmax(w, -1) @ v) * scale.unsqueeze(-1)',
  ],
  [
    'the costs of a matching',
    'def costs(logits, ids):\n    p = logits.sigmoid()\n    return -(p + 1e-8).log()[:, ids] + (1 - p + 1e-8).log()[:, ids]',
  ],
  [
    'a reconstruction with a divergence',
    'def elbo(out, x, mu, logvar):\n    return F.binary_cross_entropy(out, x) - 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())',
  ],
];

describe('spellings', () => {
  for (const [name, body] of spelled)
    it(name, () => {
      assert.deepEqual(seen(parsePython(`${imports}def objective(z, y, rho=0.12):\n    ${body}\n`)), ['loss objective', 'rho 0.12']);
    });

  for (const [name, code] of alone)
    it(`leaves alone ${name}`, () => {
      assert.deepEqual(seen(parsePython(`${imports}${code}\n`)), []);
    });

  it('the weight of a class is no smoothing factor', () => {
    const focal = `${imports}def focal(z, t, alpha=0.25):\n    p = torch.sigmoid(z)\n    pt = p * t + (1 - p) * (1 - t)\n    w = alpha * t + (1 - alpha) * (1 - t)\n    return -(w * (1 - pt) ** 2 * pt.log()).mean()\n`;
    assert.deepEqual(
      seen(parsePython(focal)).filter((one) => one.startsWith('alpha')),
      [],
    );
  });

  const plain: readonly (readonly [string, string])[] = [
    [
      'arrays, a class at a time',
      'export function objective(z: number[][], y: number[], rho = 0.12): number {\n  let total = 0;\n  for (let i = 0; i < z.length; i++) {\n    const row = z[i];\n    const top = Math.max(...row);\n    const norm = top + Math.log(row.reduce((sum, v) => sum + Math.exp(v - top), 0));\n    for (let k = 0; k < row.length; k++) total -= ((k === y[i] ? 1 - rho : 0) + rho / row.length) * (row[k] - norm);\n  }\n  return total / z.length;\n}\n',
    ],
    [
      'arrays, the label’s own logit and the mean',
      'export function objective(z: number[], y: number, rho = 0.12): number {\n  const norm = Math.log(z.map((v) => Math.exp(v)).reduce((a, b) => a + b));\n  return (1 - rho) * (norm - z[y]) + rho * (z.reduce((a, b) => a + (norm - b), 0) / z.length);\n}\n',
    ],
  ];
  for (const [name, code] of plain)
    it(`TypeScript: ${name}`, () => {
      assert.deepEqual(seen(parseTypeScript(code)), ['loss objective', 'rho 0.12']);
    });
});
