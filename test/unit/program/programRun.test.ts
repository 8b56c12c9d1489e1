/** What the program says of a loss: read off the program run, through the inspection's inputs. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection, RunInput } from '../../../src/inspection';

const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';
const inspected = (text: string, file = 'train.py'): readonly Inspection[] => inspect({ file, text, brief: true }).losses;
const input = (loss: Inspection | undefined, role: RunInput['role']): RunInput | undefined => loss?.inputs.find((one) => one.role === role);

/** Programs that give a built-in its smoothing factor, each in another way. */
const programs: readonly (readonly [what: string, smoothing: number, first: string, code: string])[] = [
  ['a local variable', 0.03, '0.03', 'def build():\n    ls = 0.03\n    return nn.CrossEntropyLoss(label_smoothing=ls)\n'],
  ['the default of the function around it', 0.07, '0.07', 'def build(ls=0.07):\n    return nn.CrossEntropyLoss(label_smoothing=ls)\n'],
  [
    'an argument of that function',
    0.04,
    '0.04',
    'def build(ls=0.07):\n    return nn.CrossEntropyLoss(label_smoothing=ls)\ncriterion = build(0.04)\n',
  ],
  [
    'an attribute of the object',
    0.06,
    '0.06',
    'class Trainer:\n    def __init__(self, ls=0.06):\n        self.ls = ls\n    def loss(self, x, y):\n        return F.cross_entropy(x, y, label_smoothing=self.ls)\n',
  ],
  ['a class attribute', 0.08, '0.08', 'class CFG:\n    ls = 0.08\ncriterion = nn.CrossEntropyLoss(label_smoothing=CFG.ls)\n'],
  [
    'a dictionary',
    0.09,
    '0.09',
    "hp = {'loss': {'ls': 0.09}}\ncriterion = nn.CrossEntropyLoss(label_smoothing=hp['loss'].get('ls', 0.0))\n",
  ],
  [
    'the command line’s default',
    0.15,
    '0.15',
    "import argparse\ndef main():\n    p = argparse.ArgumentParser()\n    p.add_argument('--label-smoothing', default=0.15, type=float)\n    args = p.parse_args()\n    return nn.CrossEntropyLoss(label_smoothing=args.label_smoothing)\nif __name__ == '__main__':\n    main()\n",
  ],
  [
    'a dataclass',
    0.12,
    '0.12',
    'from dataclasses import dataclass\n@dataclass\nclass Config:\n    ls: float = 0.12\ndef build(cfg: Config):\n    return nn.CrossEntropyLoss(label_smoothing=cfg.ls)\nbuild(Config())\n',
  ],
  ['arithmetic', 0.2, '1', 'EPOCHS = 5\ncriterion = nn.CrossEntropyLoss(label_smoothing=1 / EPOCHS)\n'],
  ['a fallback that is needed', 0.11, '0.11', 'given = None\ncriterion = nn.CrossEntropyLoss(label_smoothing=given or 0.11)\n'],
  [
    'keywords from a dictionary',
    0.13,
    '0.13',
    'def build(**options):\n    return nn.CrossEntropyLoss(label_smoothing=options["ls"])\nbuild(**{"ls": 0.13})\n',
  ],
  ['zero, which stays zero', 0, '0.0', 'def build(ls=0.0):\n    return nn.CrossEntropyLoss(label_smoothing=ls)\n'],
];

describe('the smoothing factor is the program’s', () => {
  for (const [what, smoothing, first, code] of programs)
    it(what, () => {
      const loss = inspected(head + code).find(({ status }) => status === 'measured');
      assert.equal(loss?.smoothing, smoothing, loss?.notes.join('\n'));
      const source = input(loss, 'smoothing')?.source;
      assert.equal(source?.kind, 'code');
      assert.equal(source.chain[0]?.text, first);
    });

  it('its way names each place, from the literal to the loss', () => {
    const code =
      "import argparse\ndef main():\n    p = argparse.ArgumentParser()\n    p.add_argument('--ls', default=0.15)\n    args = p.parse_args()\n    build(args)\ndef build(args):\n    return nn.CrossEntropyLoss(label_smoothing=args.ls)\nmain()\n";
    const [loss] = inspected(head + code);
    const lines = input(loss, 'smoothing')?.source.chain.map(({ range }) => range.line) ?? [];
    assert.equal(lines[0], 7);
    assert.equal(lines.at(-1), 11);
    assert.equal(input(loss, 'smoothing')?.source.chain.at(-1)?.text, 'label_smoothing=args.ls');
  });

  it('what cannot be followed is said to be assumed, in the verdict’s own line', () => {
    const [loss] = inspected(`${head}from settings import cfg\ncriterion = nn.CrossEntropyLoss(label_smoothing=cfg.loss.eps)\n`);
    assert.equal(loss?.smoothing, 0.1);
    assert.equal(input(loss, 'smoothing')?.source.kind, 'assumption');
    assert.match(loss.measured?.verdict ?? '', /^With ε = 0\.1 assumed, since `settings\.cfg\.loss\.eps` could not be followed/);
  });

  for (const [what, below, smoothing] of [
    ['the only number of that name in the file is assumed', 'class Usual:\n    LABEL_SMOOTHING = 0.17\n', 0.17],
    ['of two of that name none is', 'class Usual:\n    LABEL_SMOOTHING = 0.17\nclass Other:\n    LABEL_SMOOTHING = 0.3\n', 0.1],
    ['one of another name is not', 'class Usual:\n    SMOOTHING_EPS = 0.17\n', 0.1],
  ] as const)
    it(`what cannot be followed: ${what}`, () => {
      const code = 'def build(args):\n    return nn.CrossEntropyLoss(label_smoothing=args.label_smoothing)\n';
      const loss = inspected(head + code + below).find(({ status }) => status === 'measured');
      assert.match(
        loss!.measured!.verdict,
        new RegExp(`^With ε = ${smoothing} assumed, since \`args.label_smoothing\` could not be followed`),
      );
      assert.equal(input(loss, 'smoothing')?.source.kind, 'assumption');
    });

  it('a branch on what is not known is taken both ways, and what follows is only possible', () => {
    const code =
      'from data import smooth\nif smooth:\n    ls = 0.2\nelse:\n    ls = 0.0\ncriterion = nn.CrossEntropyLoss(label_smoothing=ls)\n';
    const [loss] = inspected(head + code);
    const source = input(loss, 'smoothing')?.source;
    assert.ok(source?.kind === 'code' && !source.certain);
  });

  it('a class that is built twice tells both factors', () => {
    const code = `class Smooth(nn.Module):
    def __init__(self, eps=0.1):
        super().__init__()
        self.eps = eps
    def forward(self, x, y):
        lp = F.log_softmax(x, 1)
        return ((1 - self.eps) * -lp.gather(1, y[:, None]).squeeze(1) - self.eps * lp.mean(1)).mean()
train = Smooth(0.15)
held_out = Smooth(0.05)
`;
    const [loss] = inspected(head + code);
    assert.equal(loss?.smoothing, 0.15);
    assert.deepEqual(
      loss.otherUses.map(({ smoothing, range }) => [smoothing, range.line]),
      [[0.05, 12]],
    );
  });
});

describe('a factory that is called twice', () => {
  it('builds two losses at one place, and both factors are told', () => {
    const code = 'def build(ls):\n    return nn.CrossEntropyLoss(label_smoothing=ls)\ntrain, held_out = build(0.2), build(0.05)\n';
    const [loss] = inspected(head + code);
    assert.equal(loss?.smoothing, 0.2);
    assert.deepEqual(
      loss.otherUses.map(({ smoothing, chain }) => [smoothing, chain[0]?.text]),
      [[0.05, '0.05']],
    );
  });
});

const model = `class Net(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU())
        self.head = nn.Linear(64, k)
    def forward(self, x):
        return self.head(self.body(x))BEHIND
def train(net, loader):
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    for x, y in loader:
        criterion(net(x), y).backward()
if __name__ == '__main__':
    from data import loader
    train(Net(7).cuda(), loader)
`;

/** ε on the classes that are not the label's, of a function whose factor only its caller gives. */
const onOthers: readonly (readonly [spelling: string, smoothing: number])[] = [
  ['hot * (1 - eps) + (1 - hot) * eps / (k - 1)', 0.35],
  ['(1.0 - hot) * eps / (k - 1) + (1.0 - eps) * hot', 0.35],
  ['hot * (1 - eps) + eps * (1 - hot) / (k - 1)', 0.35],
  ['hot * (1 - eps) + (1 - hot) * (eps / (k - 1))', 0.35],
];

describe('a factor on the classes that are not the label’s', () => {
  for (const factor of ['eps', 'u'])
    for (const [spelling, smoothing] of onOthers)
      it(`${spelling}, called ${factor}`, () => {
        const code = `def others(z, y, eps):
    k = z.size(1)
    hot = F.one_hot(y, k)
    q = ${spelling}
    return -(q * F.log_softmax(z, 1)).sum(1).mean()
others(torch.randn(3, 6), torch.tensor([1, 5, 2]), ${smoothing})
`.replace(/\beps\b/g, factor);
        const loss = inspected(head + code).find(({ name }) => name === 'others');
        assert.equal(loss?.smoothing, smoothing);
        assert.equal(input(loss, 'smoothing')?.name, factor);
        assert.match(loss.verdict ?? '', /^Fill\/scatter with ε = 0\.35/);
      });

  it('log-probabilities that are handed in beside such targets are none', () => {
    const code = `def others(logp, y, eps):
    hot = F.one_hot(y, logp.size(1))
    q = hot * (1 - eps) + (1 - hot) * eps / (logp.size(1) - 1)
    return -(q * logp).sum(1).mean()
others(torch.randn(3, 6).log_softmax(1), torch.tensor([1, 5, 2]), 0.35)
`;
    const loss = inspected(head + code).find(({ name }) => name === 'others');
    assert.equal(loss?.smoothing, 0.35);
    assert.equal(input(loss, 'logits')?.parameter, 'logp');
  });
});

describe('what the program passes to the loss', () => {
  it('the number of classes is that of the model’s head, through a loop over unknown data', () => {
    const [loss] = inspected(head + model.replace('BEHIND', ''));
    assert.equal(loss?.classes, 7);
    const source = input(loss, 'classes')?.source;
    assert.ok(source?.kind === 'code' && source.certain);
    assert.equal(source.chain[0]?.text, '7');
    assert.equal(input(loss, 'logits')?.nature, undefined);
  });

  it('a softmax behind the head makes the input probabilities', () => {
    const [loss] = inspected(head + model.replace('BEHIND', '.softmax(dim=-1)'));
    assert.equal(input(loss, 'logits')?.nature, 'probabilities');
  });

  it('nobody says the number of classes: it is an assumption', () => {
    const [loss] = inspected(`${head}criterion = nn.CrossEntropyLoss(label_smoothing=0.1)\n`);
    assert.equal(input(loss, 'classes')?.source.kind, 'assumption');
  });

  it('a parameter gets what the program gives it, whatever its name suggests', () => {
    const code = `def kd(student, labels, teacher, t, alpha):
    soft = F.kl_div(F.log_softmax(student / t, 1), F.softmax(teacher / t, 1), reduction='batchmean') * t * t
    return alpha * soft + (1 - alpha) * F.cross_entropy(student, labels, label_smoothing=0.1)
def step(a, b, y):
    return kd(a, y, b, t=20.0, alpha=0.3)
`;
    const loss = inspected(head + code).find(({ name }) => name === 'kd');
    assert.deepEqual(
      loss?.inputs.filter(({ role }) => role === 'parameter').map(({ name, value, shape }) => [name, value ?? shape]),
      [
        ['t', 20],
        ['alpha', 0.3],
        ['teacher', [4, 5]],
      ],
    );
    // It is passed, and is the output of nobody knows what.
    const { source } = loss.inputs.find(({ name }) => name === 'teacher')!;
    assert.ok(source.kind === 'assumption' && /the program passes it/.test(source.reason));
    assert.equal(source.chain[0]?.text, 'kd(a, y, b, t=20.0, alpha=0.3)');
  });
});

describe('a program that fails or does not end costs only what stands after that', () => {
  for (const [what, code] of [
    ['a missing file', "data = open('/data/train.csv').read().split()\n"],
    ['an error of its own', 'x = {}["missing"]\n'],
    ['a loop without end', 'n = 0\nwhile True:\n    n += 1\n'],
    ['recursion on what is not known', 'from lib import deep\ndef f(n):\n    return f(n - 1) if deep(n) else 0\nf(3)\n'],
    ['a large model', 'big = nn.Sequential(nn.Linear(20000, 20000), nn.Linear(20000, 20000))\n'],
  ] as const)
    it(what, () => {
      const [loss] = inspected(`${head}${code}def build(ls=0.07):\n    return nn.CrossEntropyLoss(label_smoothing=ls)\n`);
      assert.equal(loss?.smoothing, 0.07);
    });
});

describe('TypeScript', () => {
  const tf = "import * as tf from '@tensorflow/tfjs';\n";
  const loss = `function smooth(labels: tf.Tensor1D, logits: tf.Tensor2D, eps: number) {
  const k = logits.shape[1];
  const q = tf.oneHot(labels, k).mul(1 - eps).add(eps / k);
  return tf.neg(q.mul(tf.logSoftmax(logits)).sum(1)).mean();
}
`;
  for (const [what, smoothing, call] of [
    [
      'a fallback',
      0.2,
      'const o: { eps?: number } = {};\nexport const run = (y: tf.Tensor1D, z: tf.Tensor2D) => smooth(y, z, o.eps ?? 0.2);\n',
    ],
    [
      'an imported object’s own',
      0.1,
      "import { cfg } from './cfg';\nexport const run = (y: tf.Tensor1D, z: tf.Tensor2D) => smooth(y, z, cfg.eps);\n",
    ],
    [
      'a constant of an object',
      0.3,
      'const cfg = { eps: 0.3 } as const;\nexport const run = (y: tf.Tensor1D, z: tf.Tensor2D) => smooth(y, z, cfg.eps);\n',
    ],
  ] as const)
    it(what, () => {
      const found = inspected(tf + loss + call, 'loss.ts').find(({ name }) => name === 'smooth');
      assert.equal(found?.smoothing, smoothing, JSON.stringify(found?.problem));
      assert.equal(input(found, 'smoothing')?.source.kind, what.startsWith('an imported') ? 'assumption' : 'code');
    });
});

/** A loss inside a function or a method gets from around it what the program put there: [what, ε, K, formulation, code]. */
const insides: readonly (readonly [what: string, smoothing: number, classes: number, formulation: string, code: string])[] = [
  [
    'what the function around it was given',
    0.3,
    6,
    'kldiv-fill-scatter/batchmean',
    "def fit(model, data, classes, eps=0.0):\n    def loss_fn(z, t):\n        q = torch.full_like(z, eps / (classes - 1))\n        q[torch.arange(len(t)), t] = 1 - eps\n        return F.kl_div(z.log_softmax(-1), q, reduction='batchmean')\n    for x, y in data:\n        loss_fn(model(x), y).backward()\nfit(nn.Linear(4, 6), [(torch.randn(3, 4), torch.tensor([0, 5, 2]))], 6, eps=0.3)\n",
  ],
  [
    'what the constructor of its model was given',
    0.2,
    6,
    'fill-scatter',
    'class Net(nn.Module):\n    def __init__(self, n_out, eps=0.1):\n        super().__init__()\n        self.net = nn.Linear(8, n_out)\n        self.eps, self.n_out = eps, n_out\n    def smooth(self, logits, y):\n        lp = F.log_softmax(logits, dim=-1)\n        q = torch.zeros_like(lp).scatter_(1, y[:, None], 1.0)\n        q = q * (1 - self.eps) + (1 - q) * self.eps / (self.n_out - 1)\n        return -(q * lp).sum(-1).mean()\n    def forward(self, x, y):\n        return self.smooth(self.net(x), y)\nNet(6, eps=0.2)(torch.randn(2, 8), torch.tensor([1, 5]))\n',
  ],
  [
    'the arguments of its own call, and not of the next one',
    0.35,
    9,
    'uniform-mixture',
    'class Net(nn.Module):\n    def __init__(self, classes, smoothing=0.0):\n        super().__init__()\n        self.head = nn.Linear(8, classes)\n        self.smoothing = smoothing\n    def forward(self, x):\n        return self.head(x)\n    def _loss(self, out, y, smoothing):\n        n = out.size(1)\n        q = F.one_hot(y, n) * (1 - smoothing) + smoothing / n\n        return -(q * out.log_softmax(1)).sum(1).mean()\n    def training_step(self, batch, i):\n        x, y = batch\n        return self._loss(self(x), y, self.smoothing)\n    def validation_step(self, batch, i):\n        x, y = batch\n        return self._loss(self(x), y, 0.0)\nmodel = Net(9, smoothing=0.35)\n',
  ],
  [
    'a settings object that holds the number of classes',
    0.12,
    9,
    'fill-scatter',
    'from dataclasses import dataclass\n@dataclass\nclass Cfg:\n    species: int = 9\n    ls: float = 0.12\nclass Smooth(nn.Module):\n    def __init__(self, cfg):\n        super().__init__()\n        self.cfg = cfg\n    def forward(self, x, y):\n        lp = x.log_softmax(-1)\n        q = torch.full_like(lp, self.cfg.ls / (self.cfg.species - 1)).scatter_(1, y.unsqueeze(1), 1 - self.cfg.ls)\n        return -(q * lp).sum(-1).mean()\ndef train(cfg):\n    net, crit = nn.Linear(4, cfg.species), Smooth(cfg)\n    for x, y in batches():\n        crit(net(x), y).backward()\ntrain(Cfg())\n',
  ],
];

describe('a loss inside others is run with what stands around it', () => {
  for (const [what, smoothing, classes, formulation, code] of insides)
    it(what, () => {
      const loss = inspected(head + code).find(({ status, measured }) => status === 'measured' && measured !== null);
      assert.deepEqual(
        [loss?.smoothing, loss?.classes, loss?.measured?.formulation],
        [smoothing, classes, formulation],
        loss?.notes.join('\n'),
      );
    });
});

describe('a name that nothing defines', () => {
  const loop = (loader: string) =>
    `def main():\n    net = nn.Linear(3, 7)\n    crit = nn.CrossEntropyLoss(label_smoothing=0.16)\n    for x, y in ${loader}():\n        crit(net(x), y)\nmain()\n`;

  it('is a value that is not known: what comes after it is seen, and only possible', () => {
    const [loss] = inspected(head + loop('batches'));
    assert.equal(loss?.classes, 7);
    const { source } = input(loss, 'classes') ?? {};
    assert.equal(source?.kind === 'code' && source.certain, false);
  });
  it('is an error where the program waits for one', () => {
    const code = 'try:\n    eps = given\nexcept NameError:\n    eps = 0.21\ncriterion = nn.CrossEntropyLoss(label_smoothing=eps)\n';
    assert.equal(inspected(head + code)[0]?.smoothing, 0.21);
  });
});

describe('an ignored label that only more classes have', () => {
  for (const ignored of [5, 6, 7, 255])
    it(`leaves the law of the targets: ${ignored}`, () => {
      const [loss] = inspected(`${head}criterion = nn.CrossEntropyLoss(label_smoothing=0.14, ignore_index=${ignored})\n`);
      assert.deepEqual([loss?.classes, loss?.measured?.formulation], [5, 'uniform-mixture'], loss?.measured?.verdict);
    });
});

describe('what the program passes is what the run gets', () => {
  it('the entries of an options object', () => {
    const code =
      "import * as tf from '@tensorflow/tfjs';\nexport function smoothed(y: tf.Tensor1D, z: tf.Tensor2D, { eps = 0.05, reduction = 'mean' }: { eps?: number; reduction?: string }) {\n  const k = z.shape[1];\n  const rows = tf.oneHot(y.toInt(), k).toFloat().mul(1 - eps).add(eps / k).mul(tf.logSoftmax(z)).sum(-1).neg();\n  return reduction === 'sum' ? rows.sum() : rows.mean();\n}\nconst train = (y: tf.Tensor1D, z: tf.Tensor2D) => smoothed(y, z, { eps: 0.22, reduction: 'sum' });\n";
    const [loss] = inspected(code, 'loss.ts');
    assert.deepEqual([loss?.smoothing, loss?.measured?.reduction], [0.22, 'sum']);
  });

  it('the padding class of a parameter without a default', () => {
    const code = `${head}def cal_loss(pred, gold, pad_idx, eps=0.1):
    k = pred.size(1)
    hot = torch.zeros_like(pred).scatter(1, gold.view(-1, 1), 1)
    hot = hot * (1 - eps) + (1 - hot) * eps / (k - 1)
    rows = -(hot * F.log_softmax(pred, dim=1)).sum(dim=1)
    return rows.masked_select(gold.ne(pad_idx)).sum()
def train(model, batches, pad_idx):
    for x, y in batches:
        cal_loss(model(x), y, pad_idx).backward()
train(net, loader, 2)
`;
    const [loss] = inspected(code);
    assert.equal(loss?.measured?.paddingIndex, 2);
    assert.equal(loss.inputs.find(({ name }) => name === 'pad_idx')?.value, 2);
  });

  it('a default that is written as a constant of the module', () => {
    const code = `${head}VOCAB = 12\ndef loss(z, y, confidence=0.9, vocab=VOCAB):\n    low = (1 - confidence) / (vocab - 1)\n    q = torch.where(F.one_hot(y, vocab) > 0, confidence, low)\n    return -(q * z.log_softmax(-1)).sum(-1).mean()\n`;
    const [loss] = inspected(code);
    assert.deepEqual([loss?.classes, loss?.measured?.formulation], [12, 'fill-scatter']);
  });

  it('through a transformation of a library', () => {
    const code =
      'import jax\nimport jax.numpy as jnp\ndef smoothed(logits, labels, smoothing):\n    n = logits.shape[-1]\n    q = jax.nn.one_hot(labels, n) * (1 - smoothing) + smoothing / n\n    return -jnp.mean(jnp.sum(q * jax.nn.log_softmax(logits), axis=-1))\ndef make_step(cfg):\n    def loss_fn(params, x, y):\n        return smoothed(model(params, x), y, cfg["ls"])\n    return jax.jit(jax.value_and_grad(loss_fn))\nstep = make_step({"ls": 0.18})\nstep(params, x, y)\n';
    const loss = inspected(code).find(({ name }) => name === 'smoothed');
    assert.equal(loss?.smoothing, 0.18, loss?.measured?.verdict);
  });
});

describe('keywords that a call spreads', () => {
  const loss = '    k = z.size(-1)\n    out = -((F.one_hot(y, k) * (1 - e) + e / k) * z.log_softmax(-1)).sum(-1)\n';
  it('reach a function that takes them out of its dictionary', () => {
    const code = `${head}def smoothed(z, y, **kw):\n    e, r = kw.get('eps', 0.1), kw.pop('reduction', 'mean')\n${loss}    return out.sum() if r == 'sum' else out.mean()\ncfg = {'eps': 0.4, 'reduction': 'sum'}\nsmoothed(torch.randn(2, 6), torch.tensor([0, 1]), **cfg)\n`;
    const [found] = inspected(code);
    assert.deepEqual([found?.measured?.reduction, found?.measured?.effectiveSmoothing.uniformMixture], ['sum', 0.4]);
  });
  it('reach a constructor, of a loss that gives its logits back beside the loss', () => {
    const code = `${head}class Softmax(nn.Module):\n    def __init__(self, **options):\n        super().__init__()\n        self.label_smoothing = options['label_smoothing']\n    def forward(self, z, y=None):\n        if y is None:\n            return z, 0\n        e = self.label_smoothing\n${loss.replaceAll('    ', '        ')}        return z, out.mean()\ncriterion = Softmax(**dict(temp=1.0, label_smoothing=0.3))\n`;
    const [found] = inspected(code);
    assert.deepEqual([found?.measured?.formulation, found?.measured?.effectiveSmoothing.uniformMixture], ['uniform-mixture', 0.3]);
  });
});

describe('a statement that could not be run', () => {
  it('leaves a gap of ours and no error of the code, in TypeScript too', () => {
    const code =
      "import * as tf from '@tensorflow/tfjs';\nconst model = tf.loadLayersModel('x');\nconst smoothed = (y: tf.Tensor1D, z: tf.Tensor2D, eps = 0.1) => tf.oneHot(y.toInt(), 5).toFloat().mul(1 - eps).add(eps / 5).mul(tf.logSoftmax(z)).sum(-1).neg().mean();\nsmoothed(tf.tensor1d([1, 2]), model.predict(tf.ones([2, 3])) as tf.Tensor2D, 0.2).print();\n";
    const problems = inspected(code, 'loss.ts').flatMap(({ problem }) => problem ?? []);
    assert.deepEqual(
      problems.filter(({ type }) => type === 'exception'),
      [],
    );
  });
});
