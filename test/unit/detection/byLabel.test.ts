/** Targets that are a function of the label: distances to it, rows of a table. A teacher's outputs look alike and are none. */
import assert from 'node:assert/strict';
import { findLosses } from '../../../src/detection/losses';
import { parsePython } from '../../../src/language/python';

const imports = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';

const sites = (code: string): string[] => findLosses(parsePython(imports + code)).map(({ role, name }) => `${role} ${name}`);

const found: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a normal distribution around the label, normalised by hand',
    `def near(scores, level, width=1.0):
    grade = torch.arange(scores.size(1)).unsqueeze(0)
    share = torch.exp(-(grade - level.unsqueeze(1)).float() ** 2 / (2 * width ** 2))
    share = share / share.sum(1, keepdim=True)
    return -(share * F.log_softmax(scores, dim=1)).sum(1).mean()
`,
    ['loss near'],
  ],
  [
    'the same around the label itself, [:, None] instead of unsqueeze',
    `def near(scores, level):
    share = torch.exp(-(torch.arange(scores.shape[1]) - level[:, None]) ** 2 / 2)
    share = share / share.sum(1, keepdim=True)
    return F.kl_div(scores.log_softmax(1), share, reduction='batchmean')
`,
    ['loss near'],
  ],
  [
    'a softmax over distances to the label',
    `def near(scores, level, tau=2.0):
    grade = torch.arange(scores.size(1), device=scores.device)
    share = F.softmax(-torch.abs(grade - level.unsqueeze(1)).float() / tau, dim=1)
    return -(share * F.log_softmax(scores, dim=1)).sum(1).mean()
`,
    ['loss near'],
  ],
  [
    'classes counted in a buffer',
    `class Near(nn.Module):
    def __init__(self, n=5):
        super().__init__()
        self.register_buffer('grade', torch.arange(n).float())
    def forward(self, scores, level):
        share = torch.exp(-(self.grade - level.unsqueeze(1)) ** 2)
        share = share / share.sum(1, keepdim=True)
        return -(share * F.log_softmax(scores, dim=1)).sum(1).mean()
`,
    ['loss Near'],
  ],
  [
    'rows of a table, by indexing',
    `def looked_up(scores, answer, e=0.1):
    n = scores.size(1)
    rows = torch.full((n, n), e / (n - 1))
    rows.fill_diagonal_(1 - e)
    return -(rows[answer] * F.log_softmax(scores, dim=1)).sum(1).mean()
`,
    ['loss looked_up'],
  ],
  [
    'rows of a table, by index_select',
    `def looked_up(scores, answer, e=0.1):
    n = scores.size(1)
    rows = torch.full((n, n), e / (n - 1))
    rows.fill_diagonal_(1 - e)
    return -(rows.index_select(0, answer) * F.log_softmax(scores, dim=1)).sum(1).mean()
`,
    ['loss looked_up'],
  ],
  [
    'rows of the identity',
    `def looked_up(scores, answer):
    return -(torch.eye(scores.size(1))[answer] * F.log_softmax(scores, 1)).sum(1).mean()
`,
    ['loss looked_up'],
  ],
  [
    'columns of a table that training fills',
    `class Online(nn.Module):
    def __init__(self, n=5):
        super().__init__()
        self.seen = torch.zeros(n, n) + 1 / n
    def forward(self, scores, answer):
        return torch.mean(torch.sum(-self.seen[:, answer].t() * F.log_softmax(scores, -1), -1))
`,
    ['loss Online'],
  ],
  [
    'a softmax of the similarities of the label',
    `class Similar(nn.Module):
    def __init__(self, similarity, tau=1.0):
        super().__init__()
        self.similarity, self.tau = similarity, tau
    def forward(self, scores, answer):
        share = F.softmax(self.similarity[answer] / self.tau, dim=1)
        return -(share * F.log_softmax(scores, dim=1)).sum(1).mean()
`,
    ['loss Similar'],
  ],
  [
    'targets made by a table alone',
    `def shares(answer, n, e=0.1):
    rows = torch.full((n, n), e / (n - 1))
    rows.fill_diagonal_(1 - e)
    return rows[answer]
`,
    ['target shares'],
  ],
  [
    'mixed one-hot targets, and a temperature on the logits alone',
    `def mixed(scores, a, b, lam=0.7):
    n = scores.size(1)
    share = lam * F.one_hot(a, n) + (1 - lam) * F.one_hot(b, n)
    return -(share * F.log_softmax(scores / 2.0, 1)).sum(1).mean()
def soft(scores, share, tau=2.0):
    return -(share * F.log_softmax(scores / tau, 1)).sum(1).mean()
`,
    ['loss mixed', 'loss soft'],
  ],
  [
    'a uniform prior as a tensor, mixed in by alpha',
    `def mixed(y, k, alpha=0.1):
    prior = torch.full((len(y), k), 1.0 / k)
    return (1 - alpha) * F.one_hot(y, k) + alpha * prior
`,
    ['target mixed'],
  ],
];

const alone: readonly (readonly [string, string])[] = [
  [
    'a teacher’s outputs, their softmax written out',
    `def taught(student, teacher):
    e = torch.exp(teacher - teacher.max(1, keepdim=True)[0])
    return -(e / e.sum(1, keepdim=True) * F.log_softmax(student, 1)).sum(1).mean()
`,
  ],
  [
    'a teacher’s outputs behind a mask that was counted',
    `def taught(student, teacher, lengths):
    mask = torch.arange(student.size(1)) < lengths.unsqueeze(1)
    teacher = teacher.masked_fill(~mask, -1e9)
    return -(F.softmax(teacher, 1) * F.log_softmax(student, 1)).sum(1).mean()
`,
  ],
  [
    'distances between features on both sides',
    `def taught(student, teacher):
    near, far = torch.cdist(student, student), torch.cdist(teacher, teacher)
    return -(F.softmax(-far ** 2, 1) * F.log_softmax(-near ** 2, 1)).sum(1).mean()
`,
  ],
  [
    'one weight for each row, looked up',
    `class Weighted:
    worth = torch.zeros(10)
    def forward(self, scores, step):
        return -(self.worth[step].unsqueeze(1) * F.log_softmax(scores, 1)).mean()
    def loss(self, scores, step):
        return -(self.worth[step][:, None] * F.log_softmax(scores, 1)).mean()
`,
  ],
  [
    'labels propagated along features',
    `def propagated(features, labels, k=10, alpha=0.9):
    w = torch.exp(-torch.cdist(features, features))
    y = F.one_hot(labels, k).float()
    z = y
    for _ in range(5):
        z = alpha * w @ z + (1 - alpha) * y
    return z
`,
  ],
  [
    'labels propagated along a graph that is handed in',
    `def propagated(adj, labels, mask, k, alpha=0.9):
    y = torch.zeros(labels.size(0), k)
    y[mask] = F.one_hot(labels[mask], k).float()
    z = y
    for _ in range(5):
        z = alpha * (adj @ z) + (1 - alpha) * y
    return z
`,
  ],
  [
    'a kernel that blurs images, a heat map, a moving average',
    `def kernel(size, sigma):
    x = torch.arange(size).float() - size // 2
    k = torch.exp(-x ** 2 / (2 * sigma ** 2))
    return k / k.sum()
def blur(image, sigma=1.0):
    k = kernel(5, sigma)
    return F.conv2d(image, (k[:, None] * k[None, :])[None, None], padding=2)
def heat(y, x, size, sigma=2.0):
    g = torch.arange(size)
    h = torch.exp(-(g - y) ** 2 / (2 * sigma ** 2)) * torch.exp(-(g - x) ** 2 / (2 * sigma ** 2))
    return h / h.sum()
def average(values, smoothing=0.9):
    out = values[0]
    for v in values[1:]:
        out = smoothing * out + (1 - smoothing) * v
    return out
`,
  ],
];

describe('targets by the label', () => {
  for (const [what, code, names] of found)
    it(what, () => {
      assert.deepEqual(sites(code), names);
    });
  for (const [what, code] of alone)
    it(`leaves alone: ${what}`, () => {
      assert.deepEqual(sites(code), []);
    });
});
