/** Losses and smoothed targets in the midst of other code: found where they stand, run without the model, the loader and the batch. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';

interface Row {
  readonly what: string;
  readonly code: string;
  /** The loss's name, and its line in the code without the imports. */
  readonly at: string;
  readonly verdict: RegExp;
  readonly findings?: readonly string[];
}

const found: readonly Row[] = [
  {
    what: 'a loop at the module’s level, on moved tensors',
    code: `net, optimizer, loader = build()
SHARE = 0.2
for epoch in range(3):
    for images, labels in loader:
        images, labels = images.cuda(), labels.cuda()
        scores = net(images)
        q = F.one_hot(labels, 12).float()
        q = q * (1 - SHARE) + SHARE / 12
        loss = -(q * F.log_softmax(scores, dim=1)).sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
`,
    at: 'script:9',
    verdict: /^Uniform mixture with ε = 0\.2: target 0\.8167, every other class 0\.01667; mean over the rows/,
  },
  {
    what: 'a loop in a function: the batch by keys, the targets without gradients, a divergence that the loop has made before',
    code: `def run(model, loader, width, share=0.12):
    criterion = nn.KLDivLoss(reduction='batchmean')
    for step, batch in enumerate(loader):
        out = model(batch['pixels'].to('cpu'))
        y = batch['kind'].to('cpu')
        with torch.no_grad():
            t = torch.full_like(out, share / (out.size(1) - 1))
            t.scatter_(1, y.unsqueeze(1), 1 - share)
        loss = criterion(out.log_softmax(1), t)
        loss.backward()
`,
    at: 'run:9',
    verdict: /^KL divergence .* from fill\/scatter with ε = 0\.12: target 0\.88, every other class 0\.03; mean over the rows/,
  },
  {
    what: 'a step of a model that runs itself',
    code: `class Tagger(nn.Module):
    def __init__(self, width, tags, rho=0.15):
        super().__init__()
        self.head = nn.Linear(width, tags)
        self.rho = rho
    def training_step(self, batch, number):
        x, y = batch
        logp = F.log_softmax(self.head(x), dim=-1)
        loss = (1 - self.rho) * F.nll_loss(logp, y) - self.rho * logp.mean(dim=-1).mean()
        self.log('loss', loss)
        return loss
`,
    at: 'Tagger.training_step:6',
    verdict: /^Uniform mixture with ε = 0\.15: target 0\.88, every other class 0\.03; mean over the rows/,
  },
  {
    what: 'targets in a loop, for a loss that the model has: 1/K where ε/K is meant',
    code: `def fit(model, loader, args):
    for batch in loader:
        answers = batch['answers'].float()
        answers = (1.0 - args.label_smoothing) * answers + 1.0 / answers.size(1)
        model.loss(model(batch['question']), answers).backward()
`,
    at: 'fit:4',
    verdict: /^With ε = 0\.1 assumed.* target 1\.1, every other class 0\.2; they sum to 1\.9, not 1/,
    findings: ['target-mass'],
  },
  {
    what: 'a function of parameters inside a step (JAX)',
    code: `import jax, jax.numpy as jnp
def step(state, batch, num_classes, share=0.05):
    def objective(params):
        out = state.apply_fn({'params': params}, batch['image'])
        q = jax.nn.one_hot(batch['label'], num_classes) * (1 - share) + share / num_classes
        return -jnp.mean(jnp.sum(q * jax.nn.log_softmax(out), axis=-1))
    return jax.value_and_grad(objective)(state.params)
`,
    at: 'objective:3',
    verdict: /^Uniform mixture with ε = 0\.05: target 0\.96, every other class 0\.01; mean over the rows/,
  },
  {
    what: 'the targets of one record of a dataset',
    code: `class Pictures:
    def __init__(self, pictures, kinds, n, eps=0.2):
        self.pictures, self.kinds, self.n, self.eps = pictures, kinds, n, eps
    def __getitem__(self, which):
        row = torch.full((self.n,), self.eps / self.n)
        row[self.kinds[which]] += 1 - self.eps
        return self.pictures[which], row
`,
    at: 'Pictures.__getitem__:4',
    verdict: /^Makes smoothed targets: uniform mixture with ε = 0\.2: target 0\.84, every other class 0\.04/,
  },
  {
    what: 'an objective of boosted trees: the targets, not their difference to the probabilities',
    code: `import numpy as np
def objective(scores, data):
    share = 0.1
    labels = data.get_label().astype(int)
    width = scores.shape[1]
    p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    q = np.eye(width)[labels] * (1 - share) + share / width
    return p - q, p * (1 - p)
`,
    at: 'objective:2',
    verdict: /^Makes smoothed targets: uniform mixture with ε = 0\.1: target 0\.92, every other class 0\.02/,
  },
];

const silent: readonly (readonly [what: string, code: string])[] = [
  [
    'weights that follow others, in a training loop',
    `def train(student, teacher, loader, m=0.01, eps=0.1):
    for x, y in loader:
        F.cross_entropy(student(x), y).backward()
        for p, q in zip(student.parameters(), teacher.parameters()):
            q.data = (1 - m) * q.data + m * p.data
`,
  ],
  [
    'mixup, and a point between two',
    `def train(net, loader, lam=0.3):
    for x, y in loader:
        other = torch.randperm(x.size(0))
        z = net(lam * x + (1 - lam) * x[other])
        loss = lam * F.cross_entropy(z, y) + (1 - lam) * F.cross_entropy(z, y[other])
        loss.backward()
def between(critic, real, fake):
    eps = torch.rand(real.size(0), 1)
    return critic(eps * real + (1 - eps) * fake).mean()
`,
  ],
  [
    'the chances of an exploring player',
    `import numpy as np
def play(env, net, eps=0.1, n=4):
    state = env.reset()
    for t in range(100):
        chances = np.full(n, eps / n)
        chances[net(state).argmax()] += 1 - eps
        state = env.step(np.random.choice(n, p=chances))
`,
  ],
  [
    'a walk that restarts',
    `import numpy as np
def walk(steps, eps=0.15):
    n = steps.shape[0]
    r = np.ones(n) / n
    for _ in range(50):
        r = (1 - eps) * steps @ r + eps / n
    return r
`,
  ],
  [
    'a step towards a target value',
    `def step(q, slow, batch, gamma=0.99, tau=0.005):
    s, a, r, s2, done = batch
    y = r + gamma * (1 - done) * slow(s2).max(1).values
    loss = F.smooth_l1_loss(q(s).gather(1, a[:, None]).squeeze(1), y.detach())
    for p, old in zip(q.parameters(), slow.parameters()):
        old.data.mul_(1 - tau).add_(tau * p.data)
    return loss
`,
  ],
];

describe('in the midst of other code', () => {
  for (const { what, code, at, verdict, findings = [] } of found)
    it(what, () => {
      const { losses } = inspect({ file: 'train.py', text: torch + code, brief: true });
      assert.deepEqual(
        losses.map(({ name, nameRange }) => `${name}:${String(nameRange.line - 3)}`),
        [at],
      );
      const [loss] = losses;
      assert.equal(loss!.status, 'measured', loss!.problem?.message);
      assert.match(loss!.measured!.verdict, verdict);
      assert.deepEqual(
        loss!.findings.filter(({ severity }) => severity === 'warning').map(({ rule }) => rule),
        findings,
      );
    });

  for (const [what, code] of silent)
    it(`says nothing of ${what}`, () => {
      const { losses } = inspect({ file: 'train.py', text: torch + code, brief: true });
      assert.deepEqual(
        losses.map(({ name }) => name),
        [],
      );
    });
});
