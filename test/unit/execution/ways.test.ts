/** How a loss has to be called is found by trying: its rank, what its tensors lie in, its number of classes, what its parameters are. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection } from '../../../src/inspection';

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';

interface Row {
  readonly what: string;
  readonly code: string;
  readonly verdict: RegExp;
  /** Of real torch on the same sample; of a loss that gives one for each row, those. */
  readonly value?: number | readonly number[];
  readonly classes?: number;
  readonly note?: RegExp;
  readonly without?: string;
}

const table: readonly Row[] = [
  {
    what: 'positions after the classes',
    code: `def tagged(scores, tags, eps=0.15):
    logp = scores.permute(0, 2, 1).log_softmax(-1)
    picked = logp.gather(2, tags.unsqueeze(2)).squeeze(2)
    return -((1 - eps) * picked + eps * logp.mean(2)).mean()
`,
    verdict: /^Uniform mixture with ε = 0\.15.*mean/,
    value: 1.6323599815368652,
    note: /\[B, K, T\]/,
  },
  {
    what: 'images',
    code: `def segmented(maps, masks, eps=0.2):
    b, c, h, w = maps.size()
    q = torch.zeros_like(maps).fill_(eps / (c - 1)).scatter_(1, masks[:, None], 1 - eps)
    return -(q * maps.log_softmax(1)).sum(1).mean()
`,
    verdict: /^Fill\/scatter with ε = 0\.2/,
    value: 1.6948601007461548,
    note: /one pixel/,
  },
  {
    what: 'one row for each call',
    code: `def one(z, label, eps=0.12):
    logp = torch.log_softmax(z, 0)
    return -(1 - eps) * logp[label] - eps * logp.mean()
`,
    verdict: /^Uniform mixture with ε = 0\.12.*one value per row/,
    value: [0.6931090354919434, 2.406848430633545, 0.6461613178253174, 2.7083213329315186],
    note: /^It takes one row/,
    without: 'softmax-over-rows',
  },
  {
    what: 'a batch whose softmax runs over its rows is no loss of one row',
    code: `def wrong(z, y, eps=0.1):
    logp = torch.log_softmax(z, 0)
    return -((1 - eps) * logp.gather(1, y[:, None]).squeeze(1) + eps * logp.mean(1)).mean()
`,
    verdict: /^The softmax runs over the rows/,
  },
  {
    what: 'a language model that cuts its last position off',
    code: `def next_token(logits, labels, eps=0.2):
    a = logits[:, :-1].reshape(-1, logits.size(-1))
    b = labels[:, 1:].reshape(-1)
    return F.cross_entropy(a, b, label_smoothing=eps)
`,
    verdict: /^Uniform mixture with ε = 0\.2.*label of the next/,
    value: 3.123373031616211,
    without: 'ignored-row-smoothed',
  },
  {
    what: 'logits in a model’s output',
    code: `class OfOutput:
    def __init__(self, epsilon=0.3):
        self.epsilon = epsilon
    def __call__(self, output, labels):
        scores = output["logits"] if isinstance(output, dict) else output[0]
        nll = -scores.log_softmax(-1)
        own = nll.gather(-1, labels.unsqueeze(-1))
        own.masked_fill_((labels < 0).unsqueeze(-1), 0.0)
        return (1 - self.epsilon) * own.mean() + self.epsilon * nll.mean()
`,
    verdict: /^Uniform mixture with ε = 0\.3/,
    value: 1.7261099815368652,
    note: /by name/,
  },
  {
    what: 'labels in keywords',
    code: `class OfKeywords(nn.Module):
    def __init__(self, smoothing=0.2):
        super().__init__()
        self.smoothing = smoothing
        self.criterion = nn.KLDivLoss(reduction='batchmean')
    def forward(self, log_probs, **kwargs):
        assert 'target' in kwargs
        y = kwargs['target']
        q = log_probs.new_full(log_probs.shape, self.smoothing / (log_probs.size(1) - 1)).scatter_(1, y.unsqueeze(1), 1 - self.smoothing)
        return self.criterion(log_probs, q)
`,
    verdict: /^KL divergence .* from fill\/scatter with ε = 0\.2/,
    note: /by name/,
  },
  {
    what: 'a gain whose name may stand for K',
    code: `def gained(x, y, smoothing=0.1, k=2):
    return k * F.cross_entropy(x, y, label_smoothing=smoothing)
`,
    verdict: /^2 times uniform mixture with ε = 0\.1/,
    value: 3.2022199630737305,
    classes: 5,
    without: 'target-mass',
  },
  {
    what: 'a confidence whose name may stand for K',
    code: `def sure(x, y, c=0.8):
    logp = x.log_softmax(1)
    q = torch.full_like(logp, (1 - c) / (x.size(1) - 1)).scatter_(1, y[:, None], c)
    return -(q * logp).sum(1).mean()
`,
    verdict: /^Fill\/scatter with ε = 0\.2/,
    value: 1.6948600769042969,
    classes: 5,
  },
  {
    what: 'a number of classes by default, which shares ε among the others',
    code: `class Shared(nn.Module):
    def __init__(self, smoothing=0.1, num_classes=8):
        super().__init__()
        self.off = smoothing / (num_classes - 1)
        self.on = 1 - smoothing
    def forward(self, x, y):
        q = torch.full_like(x, self.off).scatter_(1, y[:, None], self.on)
        return -(q * x.log_softmax(1)).sum(1).mean()
`,
    verdict: /^Fill\/scatter with ε = 0\.1/,
    value: 1.9529473781585693,
    classes: 8,
    without: 'target-mass',
  },
  {
    what: 'K in a one-hot of a constant',
    code: `N_SPECIES = 7
def species(x, y, eps=0.1):
    q = F.one_hot(y, N_SPECIES) * (1 - eps) + eps / N_SPECIES
    return -(q * x.log_softmax(1)).sum(1).mean()
`,
    verdict: /^Uniform mixture with ε = 0\.1/,
    value: 1.8755301237106323,
    classes: 7,
  },
  {
    what: 'K in the length of a table, as many as the sample has rows',
    code: `RARE = torch.tensor([1.0, 4.0, 2.0, 0.5])
def rare(x, y):
    return F.cross_entropy(x, y, weight=RARE, label_smoothing=0.2)
`,
    verdict: /^Uniform mixture with ε = 0\.2.*Σ|^Uniform mixture with ε = 0\.2.*divided by the sum/,
    value: 1.2181142568588257,
    classes: 4,
  },
  {
    what: 'labels of two classes',
    code: `class Spam(nn.Module):
    def __init__(self, high=0.95, low=0.05):
        super().__init__()
        self.high, self.low = high, low
    def forward(self, x, y):
        p = self.high * y + self.low * (1 - y)
        return -(torch.stack((1 - p, p), 1) * x.log_softmax(1)).sum(1).mean()
`,
    verdict: /^Target 0\.95, every other class 0\.05 at K = 2/,
    value: 0.6896902918815613,
    classes: 2,
  },
  {
    what: 'a normaliser',
    code: `def normalised(logits, targets, count, label_smoothing=0.1):
    k = logits.size(1)
    q = F.one_hot(targets, k) * (1 - label_smoothing) + label_smoothing / k
    return -(q * logits.log_softmax(1)).sum() / count
`,
    verdict: /^Uniform mixture with ε = 0\.1/,
    value: 6.404439449310303,
    note: /^count is required .* taken as 1\.$/,
  },
  {
    what: 'weights of the labels, which are not class weights',
    code: `def weighed(logits, labels, weights, eps=0.1):
    w = weights.to(logits.dtype)
    logp = logits.log_softmax(-1)
    own = logp.gather(1, labels[:, None]).squeeze(1)
    return -(((1 - eps) * own + eps * logp.mean(1)) * w).sum() / w.sum()
`,
    verdict: /^Uniform mixture with ε = 0\.1.*mean over the rows/,
    value: 1.6011099815368652,
    note: /^weights is required .* ones, one for each target\.$/,
  },
  {
    what: 'a number that has to be above 0 is K',
    code: `class Worded(nn.Module):
    def __init__(self, smoothing=0.1, tgt_count=0):
        super().__init__()
        assert tgt_count > 0
        self.eps, self.n = smoothing, tgt_count
    def forward(self, x, y):
        q = torch.full((y.size(0), self.n), self.eps / (self.n - 1)).scatter_(1, y[:, None], 1 - self.eps)
        return -(q * x.log_softmax(1)).sum(1).mean()
`,
    verdict: /^Fill\/scatter with ε = 0\.1/,
    value: 1.6167348623275757,
  },
  {
    what: 'probabilities that are clamped are finite as logits too',
    code: `def clamped(p, y, eps=0.2):
    p = torch.clamp(p, 1e-6, 1.0)
    q = F.one_hot(y, p.size(1)) * (1 - eps) + eps / p.size(1)
    return -(q * torch.log(p)).sum(1).mean()
`,
    verdict: /^Uniform mixture with ε = 0\.2/,
    value: 1.6636101007461548,
    note: /^It takes probabilities/,
  },
  {
    what: 'a cross entropy beside something linear takes logits',
    code: `def pulled(x, y, eps=0.1):
    return F.cross_entropy(x, y, label_smoothing=eps) - 0.05 * torch.logsumexp(x, 1).mean()
`,
    verdict: /^Not a plain label smoothing/,
    value: 1.4879294633865356,
    without: 'takes-log-probabilities',
  },
  {
    what: 'a plain class that has a forward',
    code: `class Plain:
    def forward(self, x, y):
        return F.cross_entropy(x, y, label_smoothing=0.25)
`,
    verdict: /^Uniform mixture with ε = 0\.25/,
    value: 1.6948599815368652,
  },
  {
    what: 'a reduction that is a function',
    code: `def reduced(x, y, reduce=torch.sum, eps=0.1):
    return reduce(F.cross_entropy(x, y, label_smoothing=eps, reduction='none'))
`,
    verdict: /^Uniform mixture with ε = 0\.1.*summed/,
    value: 6.404439926147461,
  },
  {
    what: 'fixed shares: K is where they sum to one',
    code: `class Fixed(nn.Module):
    def __init__(self, lb_on=0.8, lb_off=0.02):
        super().__init__()
        self.on, self.off = lb_on, lb_off
    def forward(self, x, y):
        q = torch.full_like(x, self.off).scatter_(1, y[:, None], self.on)
        return -(q * x.log_softmax(1)).sum(1).mean()
`,
    verdict: /^Target 0\.8, every other class 0\.02 at K = 11/,
    value: 2.317214012145996,
    classes: 11,
    note: /^Run on K = 11 classes: it is meant for that number/,
    without: 'target-mass',
  },
  {
    what: 'K in an attribute',
    code: `class Head(nn.Module):
    def __init__(self, eps=0.2):
        super().__init__()
        self.n = 9
        self.off = eps / (self.n - 1)
        self.on = 1 - eps
    def forward(self, x, y):
        q = torch.full_like(x, self.off).scatter_(1, y[:, None], self.on)
        return F.kl_div(x.log_softmax(1), q, reduction='batchmean')
`,
    verdict: /^KL divergence .* from fill\/scatter with ε = 0\.2/,
    value: 1.2353824377059937,
    classes: 9,
    note: /^Run on K = 9 classes \(line 7\)/,
    without: 'target-mass',
  },
  {
    what: 'code that reads two columns',
    code: `def columns(x, y, eps=0.06):
    logp = x.log_softmax(1)
    t = y.float() * (1 - 2 * eps) + eps
    return -(t * logp[:, 1] + (1 - t) * logp[:, 0]).mean()
`,
    verdict: /target 0\.94, every other class 0\.06/i,
    value: 0.6969403028488159,
    classes: 2,
  },
  {
    what: 'ε/K beside 1 − ε is a slip on any number of classes',
    code: `def slipped(x, y, eps=0.1):
    q = torch.full_like(x, eps / x.size(1)).scatter_(1, y[:, None], 1 - eps)
    return -(q * x.log_softmax(1)).sum(1).mean()
`,
    verdict: /they sum to 0\.98, not 1/,
    classes: 5,
  },
  {
    what: 'ε on each of the others is a slip that two classes would hide',
    code: `def each(x, y, eps=0.1):
    q = torch.full_like(x, eps).scatter_(1, y[:, None], 1 - eps)
    return -(q * x.log_softmax(1)).sum(1).mean()
`,
    verdict: /they sum to 1\.3, not 1/,
    value: 2.3126931190490723,
    classes: 5,
  },
  {
    what: 'neighbouring classes are no two classes',
    code: `def ordinal(x, y, eps=0.2):
    k = torch.arange(x.size(1))
    near = ((k[None] - y[:, None]).abs() == 1).float()
    q = (1 - eps) * F.one_hot(y, x.size(1)) + eps * near / near.sum(1, keepdim=True)
    return -(q * x.log_softmax(1)).sum(1).mean()
`,
    verdict: /^Targets that differ from class to class or row to row/,
    value: 1.6536099910736084,
    classes: 5,
  },
];

const numbers = ({ value, perSample }: Inspection): readonly number[] => (value === null ? (perSample ?? []) : [value]).map(Number);

describe('the way a loss is called', () => {
  for (const { what, code, verdict, value, classes, note, without } of table) {
    it(what, () => {
      const [loss] = inspect({ file: 'loss.py', text: torch + code, brief: true }).losses;
      assert.equal(loss?.status, 'measured', loss?.problem?.message);
      assert.match(loss.measured?.verdict ?? '', verdict);
      if (value !== undefined) {
        const expected = typeof value === 'number' ? [value] : value;
        const found = numbers(loss);
        assert.equal(found.length, expected.length);
        found.forEach((x, i) => {
          assert.ok(Math.abs(x - expected[i]!) <= 1e-5 + 1.3e-6 * Math.abs(expected[i]!), `${x}, not ${expected[i]!}`);
        });
      }
      if (classes !== undefined) assert.equal(loss.classes, classes);
      if (note)
        assert.ok(
          loss.notes.some((text) => note.test(text)),
          loss.notes.join('\n'),
        );
      if (without !== undefined)
        assert.ok(!loss.findings.some(({ rule }) => rule === without), loss.findings.map(({ message }) => message).join('\n'));
    });
  }

  it('says what it passed, not what it would have', () => {
    const text = `${torch}def masked(x, y, loss_mask, eps=0.1):
    rows = F.cross_entropy(x, y, label_smoothing=eps, reduction='none')
    return (rows * loss_mask).sum() / loss_mask.sum()
`;
    const [loss] = inspect({ file: 'loss.py', text, brief: true }).losses;
    assert.ok(loss?.notes.includes('loss_mask is required and the file does not say what it is: taken as ones, one for each target.'));
  });

  it('asked for a number of classes, it keeps to it', () => {
    const text = `${torch}def fixed(x, y):\n    q = F.one_hot(y, 6) * 0.9 + 0.1 / 6\n    return -(q * x.log_softmax(1)).sum(1).mean()\n`;
    const [asked] = inspect({ file: 'loss.py', text, brief: true, classes: 4 }).losses;
    assert.equal(asked?.status, 'error');
    assert.match(asked.problem?.message ?? '', /size of tensor/);
    const [free] = inspect({ file: 'loss.py', text, brief: true }).losses;
    assert.equal(free?.classes, 6);
  });

  it('K in the weights of a library’s loss', () => {
    const text = `${torch}criterion = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0]), label_smoothing=0.1)\n`;
    const [loss] = inspect({ file: 'loss.py', text, brief: true }).losses;
    assert.equal(loss?.status, 'measured', loss?.problem?.message);
    assert.equal(loss.classes, 3);
    assert.match(loss.measured?.verdict ?? '', /^Uniform mixture with ε = 0\.1.*divided by the sum of the targets’ weights/);
  });

  it('a smoothing factor that only the function around the call has is that of the call', () => {
    const text = `${torch}def build(ls=0.15):\n    return nn.CrossEntropyLoss(label_smoothing=ls)\n`;
    const [loss] = inspect({ file: 'loss.py', text, brief: true }).losses;
    assert.match(loss?.measured?.verdict ?? '', /^Uniform mixture with ε = 0\.15/);
    assert.ok(!loss!.notes.some((note) => /left out|does not say/.test(note)), loss!.notes.join('\n'));
  });

  it('None is None wherever it was written', () => {
    const text = `${torch}a = nn.CrossEntropyLoss(None, None, -100, None, 'mean', 0.15)\nb = nn.CrossEntropyLoss(weight=None, label_smoothing=0.2)\n`;
    const verdicts = inspect({ file: 'loss.py', text, brief: true }).losses.map((loss) => loss.measured?.verdict ?? loss.problem?.message);
    assert.match(verdicts[0] ?? '', /^Uniform mixture with ε = 0\.15/);
    assert.match(verdicts[1] ?? '', /^Uniform mixture with ε = 0\.2/);
  });

  it('TypeScript: an object of an interface is no number of classes', () => {
    const text = `import * as tf from '@tensorflow/tfjs';
interface Settings { smoothing: number }
export function ofSettings(y: tf.Tensor1D, z: tf.Tensor2D, c: Settings) {
  const k = z.shape[1];
  return tf.oneHot(y, k).toFloat().mul(1 - c.smoothing).add(c.smoothing / k).mul(tf.logSoftmax(z)).sum(1).mean().neg();
}
`;
    const [loss] = inspect({ file: 'loss.ts', text, brief: true }).losses;
    assert.match(loss?.measured?.verdict ?? '', /niform mixture with ε = 0\.1/);
  });

  it('a distribution is not a column of labels', () => {
    const text = `import optax\ndef handed(logits, onehot):\n    return optax.softmax_cross_entropy(logits, optax.smooth_labels(onehot, 0.12)).mean()\n`;
    const [loss] = inspect({ file: 'loss.py', text, brief: true }).losses;
    assert.match(loss?.measured?.verdict ?? '', /^Uniform mixture with ε = 0\.12/);
  });

  it('Keras hands its loss the tensors by their places', () => {
    const text = `import tensorflow as tf
class Named(tf.keras.losses.Loss):
    def __init__(self, label_smoothing=0.2, **kwargs):
        super().__init__(**kwargs)
        self.label_smoothing = label_smoothing
    def call(self, truth, scores):
        k = tf.cast(tf.shape(truth)[-1], tf.float32)
        q = truth * (1.0 - self.label_smoothing) + self.label_smoothing / k
        return tf.nn.softmax_cross_entropy_with_logits(labels=q, logits=scores)
`;
    const [loss] = inspect({ file: 'loss.py', text, brief: true }).losses;
    assert.equal(loss?.status, 'measured', loss?.problem?.message);
    assert.match(loss.measured?.verdict ?? '', /^Uniform mixture with ε = 0\.2/);
  });

  it('TypeScript: K in the depth of a one-hot', () => {
    const text = `import * as tf from '@tensorflow/tfjs';
const GENRES = 6;
export function genreLoss(labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  const q = tf.oneHot(labels, GENRES).toFloat().mul(0.8).add(0.2 / GENRES);
  return q.mul(tf.logSoftmax(logits)).sum(-1).mean().neg() as tf.Scalar;
}
`;
    const [loss] = inspect({ file: 'loss.ts', text, brief: true }).losses;
    assert.equal(loss?.status, 'measured', loss?.problem?.message);
    assert.equal(loss.classes, 6);
    assert.match(loss.measured?.verdict ?? '', /^Uniform mixture with ε = 0\.2: target 0\.8333, every other class 0\.03333/);
  });

  it('a vocabulary whose size only its shares tell', () => {
    const text = `import torch
WORDS = 20000
def loss(z, y, eps=0.2):
    q = torch.full_like(z, eps / (WORDS - 1))
    q.scatter_(1, y[:, None], 1 - eps)
    return -(q * z.log_softmax(1)).sum(1).mean()
`;
    const [loss] = inspect({ file: 'loss.py', text, brief: true }).losses;
    assert.equal(loss?.classes, 20_000);
    assert.match(loss.measured?.verdict ?? '', /^Fill\/scatter with ε = 0\.2: target 0\.8, every other class 0\.00001;/);
  }).timeout(60_000);
});
