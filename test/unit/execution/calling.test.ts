/** How losses are called whose parameters leave room: what is required and not said, switches, sequences. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection } from '../../../src/inspection';

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';
const tensorflow = 'import tensorflow as tf\n';

function only(text: string): Inspection {
  const { losses } = inspect({ file: 'loss.py', text, brief: true });
  assert.equal(losses.length, 1, `${String(losses.length)} losses: ${losses.map(({ name }) => name).join(', ')}`);
  const [loss] = losses;
  assert.equal(loss!.status, 'measured', loss!.problem?.message);
  return loss!;
}

interface Row {
  readonly what: string;
  readonly code: string;
  readonly verdict: RegExp;
  readonly note?: RegExp;
  readonly without?: string;
}

const table: readonly Row[] = [
  {
    what: 'a base class that calls it names its parameters otherwise: they go by position',
    code: `${tensorflow}
class Softened(tf.keras.losses.Loss):
    def __init__(self, share=0.3, **options):
        super().__init__(**options)
        self.share = share
    def call(self, labels, scores):
        K = tf.cast(tf.shape(labels)[-1], tf.float32)
        q = labels * (1.0 - self.share) + self.share / K
        return tf.nn.softmax_cross_entropy_with_logits(labels=q, logits=scores)
`,
    verdict: /^Uniform mixture with ε = 0\.3: .*mean over the rows/,
  },
  {
    what: 'a training switch is on: what evaluation leaves out is no unused smoothing',
    code: `${tensorflow}
def smoothed(logits, labels, label_smoothing=0.0, training=None):
    if training and label_smoothing > 0.0:
        K = logits.shape[-1]
        q = tf.one_hot(labels, K, on_value=1.0 - label_smoothing, off_value=label_smoothing / (K - 1))
        return tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(q, logits))
    return tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
`,
    verdict: /What if ε = 0\.1: Fill\/scatter with ε = 0\.1/,
    note: /^training is whether it trains/,
    without: 'smoothing-unused',
  },
  {
    what: 'a share of two terms that is not said leaves neither out, and no ε is held against it',
    code: `${torch}
class Shared(nn.Module):
    def __init__(self, alpha, smoothing=0.1):
        super().__init__()
        self.alpha = alpha
        self.smoothing = smoothing
    def soft(self, x, y):
        K = x.size(1)
        q = torch.full_like(x, self.smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - self.smoothing)
        return -(q * F.log_softmax(x, dim=1)).sum(1).mean()
    def forward(self, x, y):
        return self.alpha * F.cross_entropy(x, y) + (1 - self.alpha) * self.soft(x, y)
`,
    verdict: /^Fill\/scatter with ε = 0\.05/,
    note: /^alpha is required .* taken as 0\.5/,
    without: 'not-epsilon',
  },
  {
    what: 'an assertion on the dimensions wants sequences',
    code: `${torch}
class Tokens(nn.Module):
    def __init__(self, padding_idx=-1, label_smoothing=0.1):
        super().__init__()
        self.padding_idx = padding_idx
        self.smoothing = label_smoothing
    def forward(self, x, target):
        assert x.ndim == 3
        assert target.ndim == 2
        K = x.size(-1)
        x = x.reshape(-1, K)
        target = target.reshape(-1)
        ignored = target == self.padding_idx
        q = torch.zeros_like(x).scatter_(1, target.masked_fill(ignored, 0).unsqueeze(1), 1)
        q = q * (1 - self.smoothing) + self.smoothing / K
        return -(q * x.log_softmax(1)).sum(1).masked_fill(ignored, 0).sum()
`,
    verdict: /^Uniform mixture with ε = 0\.1.*summed/,
    note: /^It takes sequences/,
  },
  {
    what: 'a sum over tokens divided by the number of sequences is no mean with padding in it',
    code: `${torch}
class Utterances(nn.Module):
    def __init__(self, size, padding_idx, smoothing=0.1, normalize_length=False):
        super().__init__()
        self.criterion = nn.KLDivLoss(reduction="none")
        self.padding_idx = padding_idx
        self.smoothing = smoothing
        self.size = size
        self.normalize_length = normalize_length
    def forward(self, x, target):
        assert x.size(2) == self.size
        batch = x.size(0)
        x = x.view(-1, self.size)
        target = target.view(-1)
        q = torch.zeros_like(x).fill_(self.smoothing / (self.size - 1))
        ignored = target == self.padding_idx
        q.scatter_(1, target.masked_fill(ignored, 0).unsqueeze(1), 1 - self.smoothing)
        kl = self.criterion(torch.log_softmax(x, dim=1), q)
        total = len(target) - ignored.sum().item()
        return kl.masked_fill(ignored.unsqueeze(1), 0).sum() / (total if self.normalize_length else batch)
`,
    verdict: /^KL divergence .* from fill\/scatter with ε = 0\.1/,
    without: 'padding-in-mean',
  },
  {
    what: 'a reduction that is a switch is used, though its values are no names',
    code: `${torch}
def entropy(logits, labels, smoothing=0.1, reduction=True):
    K = logits.size(1)
    q = F.one_hot(labels, K) * (1 - smoothing) + smoothing / K
    nll = -(q * F.log_softmax(logits, -1)).sum(-1)
    return nll.mean() if reduction else nll
`,
    verdict: /^Uniform mixture with ε = 0\.1.*mean/,
    without: 'reduction-ignored',
  },
  {
    what: 'Keras’ cross entropy without from_logits takes probabilities, though it makes them sum to one itself',
    code: 'from tensorflow.keras.losses import CategoricalCrossentropy\nloss = CategoricalCrossentropy(label_smoothing=0.2)\n',
    verdict: /^Uniform mixture with ε = 0\.2/,
    note: /^It takes probabilities/,
  },
  {
    what: 'a weighted sum of a smoothed and a plain loss has any mass',
    code: `${torch}
class Both(nn.Module):
    def __init__(self, smoothing=0.1, beta=1.0):
        super().__init__()
        self.smoothing = smoothing
        self.beta = beta
    def forward(self, x, y):
        log_p = F.log_softmax(x, 1)
        K = x.size(1)
        q = torch.full_like(x, self.smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - self.smoothing)
        return 0.1 * -(q * log_p).sum(1).mean() + self.beta * F.nll_loss(log_p, y)
`,
    verdict: /1\.09/,
    without: 'target-mass',
  },
  {
    what: 'what the base class of a library is made with is an attribute',
    code: `${torch}
class Kept(nn.CrossEntropyLoss):
    def __init__(self, weight=None, reduction='mean', label_smoothing=0.0):
        super().__init__(weight=weight, reduction=reduction, label_smoothing=label_smoothing)
    def forward(self, logits, labels):
        log_p = F.log_softmax(logits, -1)
        nll = -log_p.gather(-1, labels.unsqueeze(1)).squeeze(1)
        loss = (1 - self.label_smoothing) * nll - self.label_smoothing * log_p.mean(-1)
        return loss.mean() if self.reduction == 'mean' else loss.sum() if self.reduction == 'sum' else loss
`,
    verdict: /What if ε = 0\.1: Uniform mixture with ε = 0\.1/,
    without: 'smoothing-unused',
  },
  {
    what: 'a size that goes into a reshape does not make the logits a size',
    code: `${torch}
class Reshaped(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing
    def forward(self, logits, labels):
        logits = torch.reshape(logits, [-1, logits.shape[-1]])
        labels = torch.reshape(labels, [-1])
        log_p = F.log_softmax(logits, dim=-1)
        own = log_p[torch.arange(labels.shape[0]), labels]
        off = self.smoothing / (logits.shape[-1] - 1.0)
        return -((1.0 - self.smoothing) * own + off * (log_p.sum(-1) - own)).mean()
`,
    verdict: /^Fill\/scatter with ε = 0\.1/,
  },
  {
    what: 'the input is what every call needs, not an optional weight that is multiplied with it',
    code: `${torch}
def isLabels(t):
    return isinstance(t, torch.LongTensor)

def entropy(inputs, target, weight=None, reduction='mean', smooth_eps=None):
    smooth_eps = smooth_eps or 0
    if isLabels(target) and smooth_eps == 0:
        return F.cross_entropy(inputs, target, weight, reduction=reduction)
    log_p = F.log_softmax(inputs, -1)
    if not isLabels(target):
        target = target.type_as(inputs)
    if weight is not None:
        log_p = log_p * weight.unsqueeze(0)
    if isLabels(target):
        loss = -((1.0 - smooth_eps) * log_p.gather(-1, target.unsqueeze(-1)).squeeze(-1) + smooth_eps * log_p.mean(-1))
    else:
        loss = -(target * log_p).sum(-1)
    return loss.mean() if reduction == 'mean' else loss.sum() if reduction == 'sum' else loss
`,
    verdict: /What if ε = 0\.1: Uniform mixture with ε = 0\.1/,
    without: 'takes-log-probabilities',
  },
  {
    what: 'a method of its own is no cross entropy that takes logits',
    code: `${torch}
class Counting(nn.Module):
    def __init__(self, classes, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing
        self.seen = torch.zeros(classes)
        self.hard = nn.CrossEntropyLoss()
    def forward(self, x, y):
        return 0.5 * self.hard(x, y) + 0.5 * self.soft(x, y)
    def soft(self, x, y):
        x = x.log_softmax(dim=-1)
        self.count(x.exp(), y)
        K = x.size(1)
        q = torch.full_like(x, self.smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - self.smoothing)
        return torch.mean(torch.sum(-q * x, dim=-1))
    def count(self, p, y):
        self.seen = self.seen + p.detach().sum(0)
`,
    verdict: /^Fill\/scatter with ε = 0\.05/,
    without: 'log-softmax-twice',
  },
  {
    what: 'an attribute that holds a cross entropy in one case and a divergence in the other',
    code: `${torch}
class Either(nn.Module):
    def __init__(self, classes, eps=0.0):
        super().__init__()
        if eps == 0.0:
            self.criterion = nn.CrossEntropyLoss()
        else:
            self.criterion = nn.KLDivLoss(reduction='batchmean')
        self.eps = eps
        self.classes = classes
    def forward(self, x, y):
        if self.eps == 0.0:
            return self.criterion(x, y)
        hot = torch.zeros_like(x).scatter(1, y.unsqueeze(1), 1)
        q = (1 - self.eps) * hot + (1 - hot) * self.eps / (self.classes - 1)
        log_p = F.log_softmax(x, dim=1)
        return self.criterion(log_p, q)
`,
    verdict: /What if ε = 0\.1: KL divergence .* from fill\/scatter with ε = 0\.1/,
    without: 'log-softmax-twice',
  },
  {
    what: 'an ε that is required, beside a switch to another one, is no 1',
    code: `${torch}
def entropy(logits, labels, eps, alpha=0.2):
    K = logits.size(1)
    smooth = eps if eps >= 0 else alpha * F.softmax(logits, 1)[torch.arange(labels.size(0)), labels].unsqueeze(1)
    log_p = F.log_softmax(logits, 1)
    q = torch.ones_like(log_p)
    q *= smooth / (K - 1)
    q.scatter_(1, labels.unsqueeze(1), 1 - smooth)
    return (-q * log_p).sum(1).mean()
`,
    verdict: /^With ε = 0\.1 assumed, since the program was not seen to pass `eps`\. Fill\/scatter with ε = 0\.1/,
  },
  {
    what: 'a maker of smoothed targets from one-hot ones is not given labels',
    code: `import jax.numpy as jnp
def smooth_targets(one_hot, eps=0.1):
    on = 1.0 - eps
    K = one_hot.shape[-1]
    return one_hot * on + eps / K
`,
    verdict: /^Makes smoothed targets: uniform mixture with ε = 0\.1/,
  },
  {
    what: 'a confidence that the file does not say was chosen for it: it is no mistaken ε',
    code: `${torch}
def entropy(logits, labels, vocab_size, confidence):
    low = (1.0 - confidence) / (vocab_size - 1)
    q = F.one_hot(labels, vocab_size) * confidence + (1 - F.one_hot(labels, vocab_size)) * low
    return -(q * F.log_softmax(logits, -1)).sum(-1).mean()
`,
    verdict: /^Fill\/scatter with ε = 0\./,
    without: 'not-epsilon',
  },
  {
    what: 'a configuration that another file holds is what the code reads from it',
    code: `${torch}
class Configured:
    def __init__(self, config, reduction):
        self.classes = config.dataset.n_classes
        self.epsilon = config.augmentation.label_smoothing.epsilon
        self.padding = config['data'].get('padding_idx', 0)
        self.reduction = reduction
    def __call__(self, x, y):
        hot = F.one_hot(y, self.classes).float()
        q = hot * (1 - self.epsilon) + torch.ones_like(hot) * self.epsilon / self.classes
        rows = -(q * F.log_softmax(x, 1)).sum(1)
        rows = rows.masked_fill(y == self.padding, 0)
        return rows.sum() / (y != self.padding).sum() if self.reduction == 'mean' else rows
`,
    verdict: /^With ε = 0\.1 assumed, since the program was not seen to pass `epsilon`\. Uniform mixture with ε = 0\.1.*class 0 is padding/,
    note: /^padding_idx is required/,
  },
  {
    what: 'a decorator of a module that is not here, which registers the class, is left out',
    code: `${torch}from framework.registry import LOSSES, typed
@LOSSES.register_module(name='smooth')
class Registered(nn.Module):
    def __init__(self, eps=0.1):
        super().__init__()
        self.eps = eps
    @typed()
    def forward(self, x, y):
        log_p = x.log_softmax(1)
        return -((1 - self.eps) * log_p.gather(1, y[:, None]).squeeze(1) + self.eps * log_p.mean(1)).mean()
`,
    verdict: /^Uniform mixture with ε = 0\.1/,
    note: /^@framework\.registry\.LOSSES\.register_module is not known here/,
  },
  {
    what: 'a passage without imports has the names that everybody imports',
    code: `class Passage(nn.Module):
    def __init__(self, eps=0.1):
        super().__init__()
        self.eps = eps
    def forward(self, x, y):
        log_p = F.log_softmax(x, 1)
        return (1 - self.eps) * F.nll_loss(log_p, y) - self.eps * torch.mean(log_p)
`,
    verdict: /^Uniform mixture with ε = 0\.1/,
    note: /^nn is not defined \(the text imports nothing\): taken for torch\.nn/,
  },
  {
    what: 'names that a star import of an unknown module may hold',
    code: `from .basics import *
def smoothed(x, y, eps=0.1):
    log_p = F.log_softmax(x, 1)
    return (1 - eps) * F.nll_loss(log_p, y) - eps * log_p.mean()
`,
    verdict: /^Uniform mixture with ε = 0\.1/,
    note: /^F is not defined \(it may come from \.basics import \*\)/,
  },
  {
    what: 'a z-loss written with jax.lax is an addition of its own',
    code: `import jax
import jax.numpy as jnp
def entropy(logits, targets, label_smoothing=0.1, z_loss=0.0):
    log_z = jax.scipy.special.logsumexp(logits, axis=-1, keepdims=True)
    K = logits.shape[-1]
    q = jax.nn.one_hot(targets, K) * (1 - label_smoothing) + label_smoothing / K
    loss = -jnp.sum(q * (logits - log_z), axis=-1)
    return (loss + z_loss * jax.lax.square(jnp.squeeze(log_z, axis=-1))).mean()
`,
    verdict: /^Uniform mixture with ε = 0\.1/,
  },
  {
    what: 'flax’s onehot with two values',
    code: `import jax.numpy as jnp
from flax import linen as nn
from flax.training import common_utils
def entropy(logits, targets, label_smoothing=0.1):
    K = logits.shape[-1]
    low = label_smoothing / (K - 1)
    q = common_utils.onehot(targets, K, on_value=1.0 - label_smoothing, off_value=low)
    return -jnp.sum(q * nn.log_softmax(logits), axis=-1).mean()
`,
    verdict: /^Fill\/scatter with ε = 0\.1/,
  },
  {
    what: 'TensorFlow’s sequence_mask, in a named scope of TensorFlow 1',
    code: `import tensorflow.compat.v1 as tf
def entropy(logits, labels, label_smoothing=0.1):
    with tf.name_scope('smooth', values=[logits, labels]):
        K = logits.shape[-1]
        q = tf.one_hot(labels, K) * (1 - label_smoothing) + label_smoothing / tf.to_float(K)
        rows = tf.nn.softmax_cross_entropy_with_logits(labels=q, logits=logits)
        mask = tf.sequence_mask(tf.shape(logits)[:1], tf.shape(logits)[0], dtype=rows.dtype)
        return tf.reduce_sum(rows * mask[0]) / tf.reduce_sum(mask)
`,
    verdict: /^Uniform mixture with ε = 0\.1.*mean/,
  },
];

describe('how a loss is called', () => {
  it('a file that imports something has to import what it uses', () => {
    const [loss] = inspect({
      file: 'loss.py',
      text: `import math\ndef loss(x, y, eps=0.1):\n    log_p = F.log_softmax(x, 1)\n    return -((1 - eps) * log_p.gather(1, y[:, None]) + eps * log_p.mean())\n`,
    }).losses;
    assert.equal(loss?.problem?.message, "NameError: name 'F' is not defined");
  });

  for (const { what, code, verdict, note, without } of table) {
    it(what, () => {
      const loss = only(code);
      assert.match(loss.measured?.verdict ?? '', verdict);
      if (note)
        assert.ok(
          loss.notes.some((text) => note.test(text)),
          loss.notes.join('\n'),
        );
      if (without !== undefined)
        assert.ok(!loss.findings.some(({ rule }) => rule === without), loss.findings.map(({ message }) => message).join('\n'));
    });
  }
});
