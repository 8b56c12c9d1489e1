/** Code that is right and looks like something that is not: no rule may say anything of it. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Finding } from '../../../src/inspection';
import { classOf, functionOf, handed, head, scatter } from './cases';
import { explanations } from './inspected';

const mixture = ['logp = F.log_softmax(x, dim=-1)', 'n = -logp.gather(1, y.unsqueeze(1)).squeeze(1)', 'u = -logp.mean(dim=-1)'];

/** By the rule that it might wrongly be told by. */
const table: readonly (readonly [rule: string, name: string, code: string])[] = [
  ['softmax-twice', 'a model that gives logits', handed.logitsOfModel],
  ['softmax-twice', 'a model that gives probabilities outside of training', handed.softmaxOutsideTraining],
  ['softmax-twice', 'a Keras model that gives logits', handed.kerasLogits],
  ['softmax-twice', 'a Keras model that gives probabilities to a loss that takes them', handed.kerasProbabilities],
  [
    'ignored-row-smoothed',
    'rows that are not labelled count half: they are not ignored',
    functionOf(
      'w = torch.where(y == -1, 0.5, 1.0)',
      'rows = F.cross_entropy(x, y.clamp(min=0), reduction="none", label_smoothing=smoothing)',
      'return (w * rows).sum() / w.sum()',
    ),
  ],
  [
    'padding-in-mean',
    'rows below 0 are left out of the mean',
    functionOf('kept = y >= 0', 'return F.cross_entropy(x[kept], y[kept], label_smoothing=smoothing)'),
  ],
  [
    'ignored-row-fails',
    'the file passes another ignored class than the default',
    `${classOf(
      'size, ignore_index=-100, smoothing=0.1',
      ['self.size, self.ignore_index, self.smoothing = size, ignore_index, smoothing'],
      'q = torch.full_like(x, self.smoothing / (self.size - 2)).scatter_(1, y[:, None], 1 - self.smoothing)',
      'q[:, self.ignore_index] = 0',
      'q = q.masked_fill((y == self.ignore_index)[:, None], 0.0)',
      'return -(q * F.log_softmax(x, 1)).sum()',
    )}\ncriterion = SmoothedLoss(6, ignore_index=0)\n`,
  ],
  [
    'ignored-row-fails',
    'labels are checked',
    functionOf('assert (y >= 0).all()', 'return F.cross_entropy(x, y, label_smoothing=smoothing)'),
  ],
  [
    'argument-unused',
    'an argument that a subclass of the file reads, and one that is read by its name',
    `${classOf('smoothing=0.1, gain=1.0, power=2', ['self.smoothing = smoothing', 'self.gain = gain', 'self.power = power'], 'return F.cross_entropy(x, y, label_smoothing=self.smoothing)')}\nclass Scaled(SmoothedLoss):\n    def scaled(self, x, y):\n        return getattr(self, "power") * self.gain * self.forward(x, y)\n`,
  ],
  [
    'target-mass',
    'a smoothed loss and a plain one, added',
    functionOf('return F.cross_entropy(x, y, label_smoothing=smoothing) + 0.25 * F.cross_entropy(x, y)'),
  ],
  [
    'target-mass',
    'a uniform term beside the full cross entropy is a penalty',
    functionOf('lp = F.log_softmax(x, dim=-1)', 'return F.nll_loss(lp, y) - smoothing * lp.mean()'),
  ],
  [
    'target-mass',
    'off values for the number of classes that is written beside them',
    `${head}def loss(x, y):\n    q = torch.full_like(x, 0.01).scatter_(1, y[:, None], 0.9)\n    return -(q * F.log_softmax(x, 1)).sum(1).mean()\n`,
  ],
  [
    'smoothing-unused',
    'hard labels during a warm-up',
    functionOf('return F.cross_entropy(x, y, label_smoothing=smoothing if epoch >= 3 else 0.0)').replace(
      'smoothing=0.1',
      'smoothing=0.1, epoch=0',
    ),
  ],
  [
    'smoothing-unused',
    'a branch for later epochs',
    functionOf('if step < 100:', '    return F.cross_entropy(x, y)', 'return F.cross_entropy(x, y, label_smoothing=smoothing)').replace(
      'smoothing=0.1',
      'smoothing=0.1, step=0',
    ),
  ],
  [
    'smoothing-unused',
    'a share that grows from nothing',
    classOf(
      'smoothing=0.1',
      ['self.smoothing = smoothing', 'self.done = 0'],
      'e = self.smoothing * self.done',
      'return F.cross_entropy(x, y, label_smoothing=e)',
    ),
  ],
  [
    'smoothing-range',
    'the α of a focal loss is no smoothing factor',
    classOf(
      'alpha=1.0, gamma=2',
      ['self.alpha, self.gamma = alpha, gamma'],
      'p = torch.sigmoid(x)',
      'hot = torch.zeros_like(x).scatter_(1, y[:, None], 1)',
      'pt = torch.where(hot == 1, p, 1 - p)',
      'a = self.alpha * hot + (1 - self.alpha) * (1 - hot)',
      'return (-a * (1 - pt) ** self.gamma * torch.log(pt + 1e-12)).sum(1).mean()',
    ),
  ],
  [
    'weights-not-normalised',
    'class weights over targets that are distributions: torch divides by the rows, too',
    classOf(
      'weight=None',
      ['self.weight = weight'],
      'lp = F.log_softmax(x, 1)',
      'w = 1.0 if self.weight is None else self.weight',
      'return torch.mean(torch.sum(-y * w * lp, 1))',
    ),
  ],
  [
    'rows-depend',
    'rows of the padding class are dropped',
    functionOf('keep = y != 0', 'return F.cross_entropy(x, y, reduction="none", label_smoothing=smoothing)[keep]'),
  ],
  [
    'targets-changed-in-place',
    'the targets made flat by a new name, and a copy filled',
    functionOf(
      'y = y.view(-1)',
      'q = x.data.clone()',
      'q.fill_(smoothing / (x.size(1) - 1))',
      'q.scatter_(1, y.data.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
  ],
  [
    'targets-changed-in-place',
    'a clone is written to',
    functionOf('y = y.clone()', 'y[y < 0] = 0', 'y.clamp_(min=0)', 'return F.cross_entropy(x, y, label_smoothing=smoothing)'),
  ],
  [
    'targets-changed-in-place',
    'one-hot targets, multiplied out of place',
    functionOf('y = y * (1 - smoothing)', 'y = y + smoothing / x.size(1)', 'return -(y * F.log_softmax(x, dim=1)).sum(1).mean()'),
  ],
  [
    'targets-changed-in-place',
    'rows of the loss are written to, not the logits',
    functionOf(...mixture, 'rows = (1 - smoothing) * n + smoothing * u', 'rows[y == 0] *= 1.0', 'return rows.mean()'),
  ],
  [
    'smoothing-twice',
    'soft targets and the built-in without smoothing',
    functionOf(
      'K = x.size(1)',
      'q = F.one_hot(y, K).float() * (1 - smoothing) + smoothing / K',
      'return F.cross_entropy(x, q, label_smoothing=0.0)',
    ),
  ],
  [
    'smoothing-twice',
    'hard one-hot targets and the built-in with smoothing',
    functionOf('q = F.one_hot(y, x.size(1)).float()', 'return F.cross_entropy(x, q, label_smoothing=smoothing)'),
  ],
  [
    'smoothing-twice',
    'one of two branches smooths',
    functionOf(
      'if y.dtype == torch.float32:',
      '    return F.cross_entropy(x, y * (1 - smoothing) + smoothing / x.size(1))',
      'return F.cross_entropy(x, y, label_smoothing=smoothing)',
    ),
  ],
  [
    'smoothing-twice',
    'labels are smoothed here, soft targets by the built-in',
    functionOf(
      'if y.dtype != torch.int64:',
      '    return F.cross_entropy(x, y, label_smoothing=smoothing)',
      ...scatter,
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
  ],
  [
    'hard-coded-device',
    'the device of the logits',
    functionOf(
      'q = torch.zeros(x.size(), device=x.device)',
      'q.fill_(smoothing / (x.size(1) - 1))',
      'q.scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q.to(x.device) * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
  ],
  [
    'hard-coded-device',
    'CUDA where there is one',
    functionOf(
      'q = torch.zeros(x.size())',
      'if torch.cuda.is_available():',
      '    q = q.cuda()',
      "q = q.to('cuda' if torch.cuda.is_available() else 'cpu')",
      'q.fill_(smoothing / (x.size(1) - 1))',
      'q.scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
  ],
  [
    'hard-coded-device',
    'modules without weights',
    classOf(
      'smoothing=0.1',
      ['self.criterion = nn.CrossEntropyLoss(label_smoothing=smoothing).cuda()', "self.softmax = nn.Softmax(dim=1).to('cuda')"],
      'return self.criterion(x, y)',
    ),
  ],
  [
    'hard-coded-device',
    'a flag of the caller',
    classOf(
      'use_gpu=False, smoothing=0.1',
      ['self.smoothing = smoothing', 'self.use_gpu = use_gpu'],
      'q = torch.zeros(x.size()).scatter_(1, y.unsqueeze(1).cpu(), 1)',
      'if self.use_gpu: q = q.cuda()',
      'q = (1 - self.smoothing) * q + self.smoothing / x.size(1)',
      'return (-q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
  ],
  [
    'eval-mode',
    'a module that asks, but smooths in both modes',
    classOf(
      'smoothing=0.1',
      ['self.smoothing = smoothing', 'self.steps = 0'],
      'if self.training:',
      '    self.steps += 1',
      'return F.cross_entropy(x, y, label_smoothing=self.smoothing)',
    ),
  ],
  [
    'log-softmax-twice',
    'log-probabilities for nll_loss, and for a KL divergence',
    functionOf(...scatter, 'logp = F.log_softmax(x, dim=1)', "return F.kl_div(logp, q, reduction='batchmean')"),
  ],
  [
    'log-softmax-twice',
    'log-probabilities for the smooth part, logits for the built-in',
    functionOf(
      'logp = F.log_softmax(x, dim=-1)',
      'u = -logp.mean(dim=-1).mean()',
      'return (1 - smoothing) * F.cross_entropy(x, y) + smoothing * u',
    ),
  ],
  [
    'log-of-softmax',
    'logsumexp by hand',
    functionOf('logp = x - x.logsumexp(dim=1, keepdim=True)', ...mixture.slice(1), 'return ((1 - smoothing) * n + smoothing * u).mean()'),
  ],
  [
    'log-of-softmax',
    'a softmax for something else',
    functionOf(
      ...mixture,
      'p = F.softmax(x, dim=1).detach()',
      'hits = (p.argmax(1) == y).float().mean()',
      'return ((1 - smoothing) * n + smoothing * u).mean()',
    ),
  ],
  [
    'ignored-row-fails',
    'a padding class under the name of an ignored one, as it cannot be −100',
    classOf(
      'smoothing, size, ignore_index=-100',
      [
        'self.ignore_index = ignore_index',
        'one_hot = torch.full((size,), smoothing / (size - 2))',
        'one_hot[self.ignore_index] = 0',
        "self.register_buffer('one_hot', one_hot.unsqueeze(0))",
        'self.confidence = 1.0 - smoothing',
      ],
      'q = self.one_hot.repeat(y.size(0), 1)',
      'q.scatter_(1, y.unsqueeze(1), self.confidence)',
      'q.masked_fill_((y == self.ignore_index).unsqueeze(1), 0)',
      "return F.kl_div(F.log_softmax(x, dim=-1), q, reduction='sum')",
    ),
  ],
  [
    'padding-in-mean',
    'ignored rows taken out by a mask as an index',
    classOf(
      'smoothing=0.1, ignore_index=-100',
      ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
      'keep = y != self.ignore_index',
      'x, y = x[keep], y[keep]',
      ...mixture,
      'return ((1 - self.smoothing) * n + self.smoothing * u).mean()',
    ),
  ],
  [
    'two-classes',
    'two classes, K − 1',
    `${functionOf(...scatter, 'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()')}
logits = torch.tensor([[1.0, 2.0], [0.5, -1.0]])
print(smoothed_loss(logits, torch.tensor([0, 1])))
`,
  ],
  [
    'logits-for-log-probabilities',
    'log-probabilities given to a loss that wants them',
    `${functionOf(...scatter, "return F.kl_div(x, q, reduction='batchmean')")}
logits = torch.tensor([[1.0, 2.0, 3.0], [0.5, -1.0, 4.0]])
logp = F.log_softmax(logits, dim=-1)
print(smoothed_loss(logp, torch.tensor([2, 1])))
`,
  ],
  [
    'reduction-ignored',
    'every reduction told apart',
    classOf(
      "reduction='mean', smoothing=0.1",
      ['self.reduction = reduction', 'self.smoothing = smoothing'],
      ...mixture,
      'loss = (1 - self.smoothing) * n + self.smoothing * u',
      "return loss.mean() if self.reduction == 'mean' else loss.sum() if self.reduction == 'sum' else loss",
    ),
  ],
  [
    'smoothing-unused',
    'fairseq’s ε_i',
    functionOf(
      'logp = F.log_softmax(x, dim=-1)',
      'nll = -logp.gather(dim=-1, index=y.unsqueeze(-1))',
      'smooth = -logp.sum(dim=-1, keepdim=True)',
      'eps_i = smoothing / (logp.size(-1) - 1)',
      'return ((1.0 - smoothing - eps_i) * nll + eps_i * smooth).sum()',
    ),
  ],
  [
    'smoothing-unused',
    'a factor that another method of the class uses',
    `${head}
class Loss(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing

    def forward(self, x, y):
        return F.cross_entropy(x, y)

    def soft(self, x, q):
        return F.cross_entropy(x, q * (1 - self.smoothing) + self.smoothing / x.size(1))
`,
  ],
  [
    'smoothing-unused',
    'the small number that keeps a quotient finite',
    `${head}
def loss(x, y, smooth=0.1):
    return F.cross_entropy(x, y)
`,
  ],
  [
    'target-mass',
    'OpenNMT’s: K − 2 with a padding column',
    classOf(
      'size, padding_idx=0, smoothing=0.1',
      ['self.padding_idx = padding_idx', 'self.smoothing = smoothing', 'self.size = size'],
      'logp = F.log_softmax(x, dim=-1)',
      'q = torch.full_like(logp, self.smoothing / (self.size - 2))',
      'q[:, self.padding_idx] = 0',
      'q.scatter_(1, y.unsqueeze(1), 1 - self.smoothing)',
      'q.masked_fill_((y == self.padding_idx).unsqueeze(1), 0)',
      "return F.kl_div(logp, q, reduction='sum')",
    ),
  ],
  [
    'target-mass',
    'neighbouring classes share ε by a Gaussian',
    functionOf(
      'k = torch.arange(x.size(1)).float()',
      'near = torch.exp(-((k.unsqueeze(0) - k.unsqueeze(1)) ** 2) / (2 * (smoothing * 10) ** 2))',
      'q = torch.index_select(near / near.sum(1, keepdim=True), 0, y)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
  ],
  [
    'weights-not-normalised',
    'weights by the built-in',
    classOf(
      'weight=None, smoothing=0.1',
      ['self.weight = weight', 'self.smoothing = smoothing'],
      'return F.cross_entropy(x, y, weight=self.weight, label_smoothing=self.smoothing)',
    ),
  ],
];

/** Whole files, where what matters stands outside of the loss. */
const files: readonly (readonly [name: string, text: string])[] = [
  [
    'timm’s Mixup with its own loss, a branch for each',
    `${head}from timm.data.mixup import Mixup
from timm.loss import SoftTargetCrossEntropy

def train(loader, model, args):
    mixup_fn = None
    if args.mixup > 0:
        mixup_fn = Mixup(mixup_alpha=args.mixup, label_smoothing=0.1, num_classes=10)
    if mixup_fn is not None:
        criterion = SoftTargetCrossEntropy()
    else:
        criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    for x, y in loader:
        if mixup_fn is not None:
            x, y = mixup_fn(x, y)
        loss = criterion(model(x), y)
        loss.backward()
`,
  ],
  [
    'Mixup that does not smooth',
    `${head}from timm.data import Mixup

def train(loader, model):
    mixup_fn = Mixup(mixup_alpha=0.8, label_smoothing=0.0, num_classes=10)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    for x, y in loader:
        x, y = mixup_fn(x, y)
        loss = criterion(model(x), y)
`,
  ],
  [
    'Mixup for the training, smoothing for another batch',
    `${head}from timm.data import Mixup

def train(loader, model):
    mixup_fn = Mixup(mixup_alpha=0.8, num_classes=10)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    for x, y in loader:
        mixed, soft = mixup_fn(x, y)
        loss = criterion(model(x), y)
`,
  ],
  [
    'a criterion that the caller hands over under the same name',
    `${head}from timm.data import Mixup

mixup_fn = Mixup(mixup_alpha=0.8, num_classes=10)
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)

def train(loader, model, criterion):
    for x, y in loader:
        x, y = mixup_fn(x, y)
        loss = criterion(model(x), y)
`,
  ],
  [
    'targets made smooth, and hard ones for the built-in',
    `${head}def smooth_targets(y, K, smoothing=0.1):
    return torch.full((y.size(0), K), smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)

def step(model, x, y, soft):
    if soft:
        y = smooth_targets(y, 10)
    return F.cross_entropy(model(x), y, label_smoothing=0.05)
`,
  ],
];

function alarmsIn(text: string): readonly string[] {
  const { losses, problems } = inspect({ file: 'loss.py', text });
  assert.ok(losses.length > 0, JSON.stringify(problems));
  const findings: readonly Finding[] = losses.flatMap((loss) => loss.findings);
  return findings.filter(({ rule }) => !explanations.has(rule)).map(({ rule, message }) => `${rule}: ${message}`);
}

describe('correct code', function () {
  this.timeout(30_000);

  for (const [rule, name, code] of table) {
    it(`no ${rule}: ${name}`, () => {
      assert.ok(inspect({ file: 'loss.py', text: code }).losses.some(({ verdict }) => verdict !== null));
      assert.deepEqual(alarmsIn(code), []);
    });
  }

  for (const [name, text] of files) {
    it(`no smoothing-twice: ${name}`, () => {
      assert.deepEqual(alarmsIn(text), []);
    });
  }
});
