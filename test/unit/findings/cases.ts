/** Losses that a rule finds something in, and losses that none does. */

export const head = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n';

/** A function of logits x, targets y and smoothing. */
export const functionOf = (...body: readonly string[]): string =>
  `${head}def smoothed_loss(x, y, smoothing=0.1):\n${body.map((line) => `    ${line}\n`).join('')}`;

export const scatter = ['K = x.size(1)', 'q = torch.full_like(x, smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)'];

export const classOf = (parameters: string, init: readonly string[], ...forward: readonly string[]): string =>
  [
    `${head}class SmoothedLoss(nn.Module):`,
    `    def __init__(self, ${parameters}):`,
    '        super().__init__()',
    ...init.map((line) => `        ${line}`),
    '',
    '    def forward(self, x, y):',
    ...forward.map((line) => `        ${line}`),
    '',
  ].join('\n');

const weighted = ['self.weight = weight', 'self.reduction = reduction', 'self.smoothing = smoothing'];
const scatterClass = [
  'K = x.size(-1)',
  'q = torch.full_like(x, self.smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - self.smoothing)',
  'logp = F.log_softmax(x, dim=-1)',
];
export const padded = (test: string, reduce: string): string =>
  classOf(
    'size, padding_idx=0, smoothing=0.1',
    ['self.size = size', 'self.padding_idx = padding_idx', 'self.smoothing = smoothing'],
    'logp = F.log_softmax(x, dim=-1)',
    'q = torch.full_like(logp, self.smoothing / (self.size - 2))',
    'q.scatter_(1, y.unsqueeze(1), 1 - self.smoothing)',
    'q[:, self.padding_idx] = 0',
    'mask = torch.nonzero(y == self.padding_idx)',
    `if ${test}:`,
    '    q.index_fill_(0, mask.squeeze(1), 0.0)',
    `return ${reduce}`,
  );

export interface Row {
  readonly rule: string;
  readonly code: string;
  /** The line the finding stands on, from 1. */
  readonly line?: number;
  /** A piece of the text after the fix; null where none is offered. */
  readonly fixed?: string | null;
  readonly says?: RegExp;
}

const parts = ['lp = F.log_softmax(x, dim=-1)', 'nll = F.nll_loss(lp, y, reduction="none")'];

const masked = [
  'lp = F.log_softmax(x, dim=-1)',
  'safe = y.clamp(min=0, max=x.size(1) - 1)',
  'nll = -lp.gather(1, safe[:, None]).squeeze(1)',
];

const model = (...last: readonly string[]): string =>
  [
    `${head}class Tagger(nn.Module):`,
    '    def __init__(self):',
    '        super().__init__()',
    '        self.head = nn.Linear(12, 7)',
    '',
    '    def forward(self, x):',
    ...last.map((line) => `        ${line}`),
    '',
    'tagger = Tagger()',
    'criterion = nn.CrossEntropyLoss(label_smoothing=0.1)',
    '',
    'def step(batch, tags):',
    '    scores = tagger(batch)',
    '    return criterion(scores, tags)',
    '',
    "for batch, tags in torch.load('batches'):",
    '    step(batch, tags)',
    '',
  ].join('\n');

const keras = (activation: string, fromLogits: string): string =>
  [
    'import tensorflow as tf',
    'from tensorflow import keras',
    'from tensorflow.keras.layers import Dense, Input',
    '',
    'def classifier(classes):',
    '    seen = Input((20,))',
    `    out = Dense(classes${activation})(Dense(8, activation="relu")(seen))`,
    '    return keras.Model(seen, out)',
    '',
    'net = classifier(9)',
    `loss = keras.losses.CategoricalCrossentropy(${fromLogits}label_smoothing=0.1)`,
    'net.compile(optimizer="adam", loss=loss)',
    '',
  ].join('\n');

/** Right or wrong by what the loss is given. */
export const handed = {
  softmaxInModel: model('return F.softmax(self.head(x), dim=1)'),
  logitsOfModel: model('return self.head(x)'),
  softmaxOutsideTraining: model('z = self.head(x)', 'return z if self.training else F.softmax(z, dim=1)'),
  kerasSoftmax: keras(', activation="softmax"', 'from_logits=True, '),
  kerasLogits: keras('', 'from_logits=True, '),
  kerasProbabilities: keras(', activation="softmax"', ''),
};

export const positive: readonly Row[] = [
  { rule: 'softmax-twice', code: handed.softmaxInModel, line: 11, says: /comes out of a softmax \(line 11\) already/ },
  { rule: 'softmax-twice', code: handed.kerasSoftmax, line: 11, says: /The model ends in a softmax \(line 7\), and the loss takes logits/ },
  {
    rule: 'sigmoid-twice',
    code: functionOf(
      'p = torch.sigmoid(x)',
      'q = F.one_hot(y, x.size(1)) * (1 - smoothing) + smoothing / 2',
      'return F.binary_cross_entropy_with_logits(p, q)',
    ),
    line: 6,
    says: /between 0 and 1/,
  },
  {
    rule: 'rows-depend',
    code: functionOf('ce = F.cross_entropy(x, y, label_smoothing=smoothing)', 'p = torch.exp(-ce)', 'return (1 - p) ** 2 * ce'),
    says: /function of the batch's mean cross entropy/,
  },
  {
    rule: 'padding-in-mean',
    code: functionOf(...masked, 'rows = (1 - smoothing) * nll - smoothing * lp.mean(-1)', 'return (rows * (y >= 0)).mean()'),
    says: /Rows of target -1 give no loss but are counted/,
  },
  {
    rule: 'ignored-row-smoothed',
    code: functionOf(...masked, 'kept = y != 255', 'return ((1 - smoothing) * nll * kept - smoothing * lp.mean(-1)).sum() / kept.sum()'),
    says: /ignored target 255 still gets a gradient/,
  },
  {
    rule: 'ignored-row-fails',
    code: functionOf(
      'q = torch.full_like(x, smoothing / (x.size(1) - 1)).scatter_(1, y[:, None], 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1)[y != -100].mean()',
    ),
    says: /ignored target -100 stops the loss/,
  },
  {
    rule: 'divides-by-ignored',
    code: functionOf(
      'lp, left = F.log_softmax(x, dim=-1), y == 0',
      'own = -lp.gather(1, y[:, None]).squeeze(1) * (1 - smoothing) - smoothing * lp.mean(-1)',
      'return own.masked_fill(left, 0.0).sum() / left.sum()',
    )
      .replace('smoothing=0.1)', 'smoothing=0.1, pad=0)')
      .replace('y == 0', 'y == pad'),
    says: /with 5 kept and 1 left out it and its gradient are 5 times those of the mean/,
  },
  {
    rule: 'mask-on-scalar',
    code: `${head}def masked(x, y, kept, smoothing=0.1):\n    mean = F.cross_entropy(x, y, label_smoothing=smoothing)\n    return (mean * kept).sum() / kept.sum().clamp(min=1)\n`,
    says: /that number again, whatever the mask holds/,
  },
  {
    rule: 'divided-twice',
    code: functionOf('mean = F.cross_entropy(x, y, label_smoothing=smoothing)', 'return mean / y.shape[0]'),
    says: /a mean over the rows already is divided by their number again/,
  },
  {
    rule: 'exp-of-smoothed',
    code: `${functionOf('return F.cross_entropy(x, y, label_smoothing=smoothing)')}\nprint(torch.exp(smoothed_loss(torch.zeros(2, 5), torch.tensor([1, 3]), 0.25)))\n`,
    says: /smoothed with ε = 0\.25/,
  },
  {
    rule: 'argument-unused',
    code: classOf(
      'smoothing=0.1, aux_weight=0.4',
      ['self.smoothing, self.aux_weight = smoothing, aux_weight'],
      'return F.cross_entropy(x, y, label_smoothing=self.smoothing)',
    ).replace(
      'self.smoothing, self.aux_weight = smoothing, aux_weight',
      'self.smoothing = smoothing\n        self.aux_weight = aux_weight',
    ),
    says: /`aux_weight` is stored at most/,
  },
  {
    rule: 'target-mass',
    code: functionOf(...parts, 'return ((1 - smoothing) * nll - smoothing * lp.sum(-1)).mean()'),
    says: /sum to 1\.4, not 1: 1 on the target and 0\.1 \(ε, not divided by K\) on each of the other 4/,
  },
  {
    rule: 'target-mass',
    code: functionOf(...parts, 'return ((1 - smoothing) * nll + smoothing * lp.mean(-1)).mean()'),
    says: /sum to 0\.8, not 1: .*a sign is wrong/,
  },
  {
    rule: 'target-mass',
    code: functionOf(...parts, 'return ((1 - smoothing) * nll - smoothing * lp.mean(-1) / x.size(-1)).mean()'),
    says: /0\.004 \(ε\/K²: divided by K twice\)/,
  },
  {
    rule: 'target-mass',
    code: functionOf(
      'u = torch.full_like(x, smoothing / (x.size(1) - 1)).scatter_(1, y[:, None], 1.0)',
      'q = (1 - smoothing) * F.one_hot(y, x.size(1)) + smoothing * u.scatter(1, y[:, None], 0.0)',
      'return -(q * F.log_softmax(x, 1)).sum(1).mean()',
    ),
    says: /0\.0025 \(ε²\/\(K−1\)\) on each of the other 4; with 1−ε on the target the others need ε\/\(K−1\) = 0\.025/,
  },
  {
    rule: 'target-mass',
    code: classOf(
      'size, pad_idx=0, smoothing=0.1',
      ['self.size, self.pad_idx, self.smoothing = size, pad_idx, smoothing'],
      'q = torch.full_like(x, self.smoothing / (self.size - 1)).scatter(1, y[:, None], 1 - self.smoothing)',
      'q[:, self.pad_idx] = 0.0',
      'q = q.masked_fill((y == self.pad_idx)[:, None], 0.0)',
      'return -(q * F.log_softmax(x, 1)).sum()',
    ),
    says: /on each of the other 3, and nothing on the padding class; with 1−ε on the target the others need ε\/\(K−2\) = 0\.03333 each/,
  },
  {
    rule: 'weights-not-normalised',
    code: functionOf(
      'counts = torch.tensor([0.1, 0.3, 0.2, 0.15, 0.25])',
      'return F.cross_entropy(x, y, weight=counts, reduction="none", label_smoothing=smoothing).mean()',
    ),
  },
  {
    rule: 'target-mass',
    code: functionOf(
      'K = x.size(1)',
      'q = torch.full_like(x, smoothing / K).scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
    fixed: 'smoothing / (K - 1)',
    says: /sum to 0\.98, not 1: 0\.9 on the target and 0\.02 \(ε\/K\)/u,
  },
  {
    rule: 'target-mass',
    code: functionOf(
      'K = x.size(1)',
      'q = torch.full_like(x, smoothing / (K - 2)).scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
    fixed: 'smoothing / (K - 1)',
    says: /0\.03333 \(ε\/\(K−2\)\) on each of the other 4; .*ε\/\(K−1\) = 0\.025/u,
  },
  {
    rule: 'target-mass',
    code: functionOf(
      'q = torch.full_like(x, 1 / x.size(1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
    fixed: 'torch.full_like(x, smoothing / (x.size(1) - 1))',
    says: /sum to 1\.7, not 1: 0\.9 on the target and 0\.2 \(1\/K without ε\)/u,
  },
  {
    rule: 'target-mass',
    code: `${head}def smoothed_targets(y, K, smoothing=0.1):
    return torch.full((y.size(0), K), smoothing / K).scatter_(1, y.unsqueeze(1), 1 - smoothing)
`,
    fixed: 'torch.full((y.size(0), K), smoothing / (K - 1))',
  },
  {
    rule: 'targets-changed-in-place',
    code: `${head}def smoothed_targets(y, K, smoothing=0.1):
    q = torch.full((y.size(0), K), smoothing / (K - 1))
    return q.scatter_(1, y.unsqueeze_(1), 1 - smoothing)
`,
    line: 7,
    fixed: 'q.scatter_(1, y.clone().unsqueeze_(1), 1 - smoothing)',
  },
  {
    rule: 'targets-changed-in-place',
    code: `import numpy as np

def smoothed(logits, onehot, eps=0.1):
    K = logits.shape[1]
    onehot *= 1 - eps
    onehot += eps / K
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -(onehot * logp).sum(axis=1).mean()
`,
    line: 5,
    fixed: '    onehot = onehot.copy()\n    onehot *= 1 - eps\n',
  },
  {
    rule: 'kldiv-mean',
    code: functionOf(...scatter, 'return F.kl_div(F.log_softmax(x, dim=1), q)'),
    fixed: "F.kl_div(F.log_softmax(x, dim=1), q, reduction='batchmean')",
  },
  {
    rule: 'kldiv-mean',
    code: functionOf(...scatter, "return nn.KLDivLoss(reduction='mean')(F.log_softmax(x, dim=1), q)"),
    fixed: "nn.KLDivLoss(reduction='batchmean')",
  },
  {
    rule: 'mean-without-dim',
    code: functionOf(
      'logp = F.log_softmax(x, dim=-1)',
      'n = -logp.gather(1, y.unsqueeze(1)).squeeze(1)',
      'u = -logp.mean()',
      'loss = (1 - smoothing) * n + smoothing * u',
      'return loss.mean()',
    ),
    line: 8,
    fixed: 'u = -logp.mean(dim=-1)',
  },
  {
    rule: 'padding-in-mean',
    code: padded('mask.numel() > 0', '-(q * logp).sum(-1).mean()'),
    fixed: '-(q * logp).sum(-1).sum() / (y != self.padding_idx).sum()',
  },
  {
    rule: 'padding-in-mean',
    code: classOf(
      'smoothing=0.1, ignore_index=-100',
      ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
      'logp = F.log_softmax(x, dim=-1)',
      'pad = y.eq(self.ignore_index)',
      'n = -logp.gather(-1, y.clamp(min=0).unsqueeze(-1)).squeeze(-1)',
      'u = -logp.mean(dim=-1)',
      'loss = (1 - self.smoothing) * n + self.smoothing * u',
      'return loss.masked_fill(pad, 0.0).mean()',
    ),
    fixed: 'return loss.masked_fill(pad, 0.0).sum() / (y != self.ignore_index).sum()',
    says: /target -100/u,
  },
  {
    rule: 'first-padding-row',
    code: padded('mask.sum() > 0', '-(q * logp).sum()'),
    fixed: 'if mask.numel() > 0:',
  },
  {
    rule: 'ignored-row-smoothed',
    code: classOf(
      'smoothing=0.1, ignore_index=-100',
      ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
      'logp = F.log_softmax(x, dim=-1)',
      'pad = y.eq(self.ignore_index)',
      'n = -logp.gather(-1, y.clamp(min=0).unsqueeze(-1)).squeeze(-1).masked_fill(pad, 0.0)',
      'u = -logp.mean(dim=-1)',
      'return ((1 - self.smoothing) * n + self.smoothing * u).sum()',
    ),
    fixed: 'self.smoothing * u)[y != self.ignore_index].sum()',
  },
  {
    rule: 'ignored-row-fails',
    code: classOf(
      'smoothing=0.1, ignore_index=-100',
      ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
      ...scatterClass,
      'return -(q * logp).sum(1)[y != self.ignore_index].sum()',
    ),
    fixed: 'scatter_(1, y.clamp(min=0).unsqueeze(1), 1 - self.smoothing)',
    says: /-100/u,
  },
  {
    rule: 'ignored-row-fails',
    code: classOf(
      'smoothing=0.1, ignore_index=-100',
      ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
      ...scatterClass,
      'return -(q * logp).sum(1).mean()',
    ),
    fixed: 'return -(q * logp).sum(1)[y != self.ignore_index].mean()',
  },
  {
    rule: 'weights-not-normalised',
    code: classOf(
      "weight=None, reduction='mean', smoothing=0.1",
      weighted,
      ...scatterClass,
      'if self.weight is not None:',
      '    logp = logp * self.weight',
      'return -(q * logp).sum(-1).mean()',
    ),
    fixed: '-((q * logp).sum(-1).mean() if self.weight is None else (q * logp).sum(-1).sum() / self.weight[y].sum())',
  },
  {
    rule: 'reduction-ignored',
    code: classOf("weight=None, reduction='mean', smoothing=0.1", weighted, ...scatterClass, 'return -(q * logp).sum(-1).mean()'),
    fixed: "        rows = -(q * logp).sum(-1)\n        if self.reduction == 'mean':\n            return rows.mean()\n",
  },
  {
    rule: 'reduction-ignored',
    code: classOf(
      "reduction='mean', smoothing=0.1",
      ['self.reduction = reduction', 'self.smoothing = smoothing'],
      'return F.cross_entropy(x, y, label_smoothing=self.smoothing)',
    ),
    fixed: 'label_smoothing=self.smoothing, reduction=self.reduction)',
  },
  {
    rule: 'deprecated-reduction',
    code: functionOf(...scatter, 'return nn.KLDivLoss(size_average=False)(F.log_softmax(x, dim=1), q)'),
    fixed: "nn.KLDivLoss(reduction='sum')",
  },
  {
    rule: 'softmax-twice',
    code: functionOf('return F.cross_entropy(F.softmax(x, dim=1), y, label_smoothing=smoothing)'),
    fixed: 'F.cross_entropy(x, y, label_smoothing=smoothing)',
  },
  {
    rule: 'probabilities-for-log-probabilities',
    code: functionOf(...scatter, "return F.kl_div(F.softmax(x, dim=1), q, reduction='batchmean')"),
    fixed: 'F.kl_div(F.log_softmax(x, dim=1)',
  },
  {
    rule: 'softmax-over-rows',
    code: functionOf(...scatter, 'return -(q * F.log_softmax(x, dim=0)).sum(1).mean()'),
    fixed: 'F.log_softmax(x, dim=-1)',
  },
  {
    rule: 'log-of-softmax',
    code: functionOf(...scatter, 'return -(q * torch.log(F.softmax(x, dim=1))).sum(1).mean()'),
    fixed: 'q * F.log_softmax(x, dim=1)).sum(1)',
    says: /inf/u,
  },
  {
    rule: 'implicit-dim',
    code: functionOf(...scatter, 'return -(q * F.log_softmax(x)).sum(1).mean()'),
    fixed: 'F.log_softmax(x, dim=-1)',
  },
  {
    rule: 'takes-log-probabilities',
    code: functionOf('n = -x.gather(1, y.unsqueeze(1)).squeeze(1)', 'return ((1 - smoothing) * n - smoothing * x.mean(dim=1)).mean()'),
  },
  {
    rule: 'smoothing-unused',
    code: classOf(
      'label_smoothing=0.1',
      ['self.label_smoothing = label_smoothing'],
      'if self.label_smoothing > 1:',
      '    x = x * (1 - self.label_smoothing)',
      'return F.cross_entropy(x, y)',
    ),
    fixed: 'F.cross_entropy(x, y, label_smoothing=self.label_smoothing)',
  },
  {
    rule: 'smoothing-unused',
    code: classOf('smoothing=0.1', ['self.smoothing = smoothing'], 'return F.cross_entropy(x, y)'),
    fixed: 'F.cross_entropy(x, y, label_smoothing=self.smoothing)',
    says: /never used/u,
  },
  {
    rule: 'smoothing-unused',
    code: functionOf('return -F.log_softmax(x, dim=1).gather(1, y.unsqueeze(1)).mean()'),
    says: /never used/u,
  },
  { rule: 'smoothing-range', code: `${head}criterion = nn.CrossEntropyLoss(label_smoothing=-0.1)\n`, says: /takes it for 0/u },
  {
    rule: 'binary-smoothing',
    code: functionOf(
      'K = x.size(1)',
      'q = torch.full_like(x, smoothing / K).scatter_(1, y.unsqueeze(1), 1 - smoothing + smoothing / K)',
      'return F.binary_cross_entropy_with_logits(x, q)',
    ),
    fixed: 'torch.full_like(x, smoothing / 2).scatter_(1, y.unsqueeze(1), 1 - smoothing + smoothing / 2)',
    says: /on 0\.95, off 0\.05/u,
  },
  {
    rule: 'prediction-smoothed',
    code: functionOf('p = F.softmax(x, dim=1)', 'p = (1 - smoothing) * p + smoothing / x.size(1)', 'return F.nll_loss(torch.log(p), y)'),
  },
  {
    rule: 'entropy-subtracted',
    code: functionOf(...scatter, "return F.kl_div(F.log_softmax(x, dim=1), q, reduction='batchmean')"),
  },
  { rule: 'entropy-floor', code: functionOf('return F.cross_entropy(x, y, label_smoothing=smoothing)') },
  {
    rule: 'targets-changed-in-place',
    code: classOf(
      'smoothing=0.1, ignore_index=-100',
      ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
      'pad = y == self.ignore_index',
      'y[pad] = 0',
      ...scatterClass,
      'return -(q * logp).sum(1).masked_fill(pad, 0.0).sum() / (~pad).sum()',
    ),
    line: 13,
    fixed: '        y = y.clone()\n        y[pad] = 0\n',
    says: /the targets that the caller handed over/u,
  },
  {
    rule: 'targets-changed-in-place',
    code: functionOf(
      'q = torch.full_like(x, smoothing / (x.size(1) - 1)).scatter_(1, y.unsqueeze_(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
    line: 6,
    fixed: 'scatter_(1, y.clone().unsqueeze_(1), 1 - smoothing)',
  },
  {
    rule: 'targets-changed-in-place',
    code: functionOf('y *= 1 - smoothing', 'y += smoothing / x.size(1)', 'return -(y * F.log_softmax(x, dim=1)).sum(1).mean()'),
    line: 6,
    fixed: '    y = y.clone()\n    y *= 1 - smoothing\n',
  },
  {
    rule: 'targets-changed-in-place',
    code: functionOf('x -= x.max(dim=1, keepdim=True).values', 'return F.cross_entropy(x, y, label_smoothing=smoothing)'),
    line: 6,
    fixed: '    x = x.clone()\n    x -= x.max',
    says: /the logits that the caller handed over/u,
  },
  {
    rule: 'targets-changed-in-place',
    code: functionOf('prepared(y)', 'return F.cross_entropy(x, y, label_smoothing=smoothing, ignore_index=0)').replace(
      'def smoothed_loss',
      'def prepared(labels):\n    labels.data[labels == 1] = 0\n\ndef smoothed_loss',
    ),
  },
  {
    rule: 'smoothing-twice',
    code: functionOf(
      'K = x.size(1)',
      'q = F.one_hot(y, K).float() * (1 - smoothing) + smoothing / K',
      'return F.cross_entropy(x, q, label_smoothing=smoothing)',
    ),
    line: 8,
    fixed: 'F.cross_entropy(x, q, label_smoothing=0.0)',
  },
  {
    rule: 'smoothing-twice',
    code: classOf(
      'smoothing=0.1',
      ['self.smoothing = smoothing', 'self.criterion = nn.CrossEntropyLoss(label_smoothing=0.05)'],
      'K = x.size(-1)',
      'q = torch.full_like(x, self.smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - self.smoothing)',
      'return self.criterion(x, q)',
    ),
    fixed: 'nn.CrossEntropyLoss(label_smoothing=0.0)',
  },
  {
    rule: 'smoothing-twice',
    code: `import tensorflow as tf

def smoothed_loss(y_true, y_pred, eps=0.1):
    K = tf.cast(tf.shape(y_pred)[-1], tf.float32)
    y = y_true * (1 - eps) + eps / K
    return tf.keras.losses.categorical_crossentropy(y, y_pred, from_logits=True, label_smoothing=eps)
`,
    line: 6,
    fixed: 'from_logits=True, label_smoothing=0.0)',
  },
  {
    rule: 'hard-coded-device',
    code: functionOf(
      'q = torch.zeros(x.size()).cuda()',
      'q.fill_(smoothing / (x.size(1) - 1))',
      'q.scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
    line: 6,
    fixed: 'q = torch.zeros(x.size()).to(x.device)',
    says: /^`\.cuda\(\)` ties/u,
  },
  {
    rule: 'hard-coded-device',
    code: functionOf(
      "q = torch.zeros(x.size(), device='cuda:0')",
      'q.fill_(smoothing / (x.size(1) - 1))',
      'q.scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
    fixed: 'torch.zeros(x.size(), device=x.device)',
  },
  {
    rule: 'hard-coded-device',
    code: functionOf(
      'q = torch.zeros(x.size())',
      'q.fill_(smoothing / (x.size(1) - 1))',
      'q.scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      "return -(q.to(torch.device('cuda')) * F.log_softmax(x, dim=1)).sum(1).mean()",
    ),
    fixed: 'q.to(x.device) * F',
  },
  {
    rule: 'eval-mode',
    code: classOf(
      'smoothing=0.1',
      ['self.smoothing = smoothing'],
      'if not self.training:',
      '    return F.cross_entropy(x, y)',
      'return F.cross_entropy(x, y, label_smoothing=self.smoothing)',
    ),
    line: 11,
    fixed: null,
  },
  {
    rule: 'log-softmax-twice',
    code: functionOf('logp = F.log_softmax(x, dim=1)', 'return F.cross_entropy(logp, y, label_smoothing=smoothing)'),
    line: 6,
    fixed: '    logp = x\n',
  },
  {
    rule: 'log-softmax-twice',
    code: classOf(
      'smoothing=0.1',
      ['self.criterion = nn.CrossEntropyLoss(label_smoothing=smoothing)', 'self.logsoftmax = nn.LogSoftmax(dim=1)'],
      'return self.criterion(self.logsoftmax(x), y)',
    ),
    fixed: 'return self.criterion(x, y)',
  },
  {
    rule: 'logits-for-log-probabilities',
    code: `${functionOf(...scatter, "return F.kl_div(x, q, reduction='batchmean')")}
logits = torch.tensor([[1.0, 2.0, 3.0], [0.5, -1.0, 4.0]])
print(smoothed_loss(logits, torch.tensor([2, 1])))
`,
    line: 11,
    fixed: 'print(smoothed_loss(logits.log_softmax(dim=-1), torch.tensor([2, 1])))',
    says: /sum to 30\.19/u,
  },
  {
    rule: 'log-of-softmax',
    code: functionOf(
      'p = F.softmax(x, dim=1)',
      'logp = torch.log(p + 1e-8)',
      'n = -logp.gather(1, y.unsqueeze(1)).squeeze(1)',
      'return ((1 - smoothing) * n - smoothing * logp.mean(dim=1)).mean()',
    ),
    line: 7,
    fixed: '    logp = F.log_softmax(x, dim=1)\n',
    says: /no gradient/u,
  },
  {
    rule: 'log-of-softmax',
    code: functionOf(...scatter, 'p = nn.Softmax(dim=1)(x)', 'return -(q * p.log()).sum(1).mean()'),
    fixed: 'q * nn.LogSoftmax(dim=1)(x)).sum(1)',
  },
  {
    rule: 'log-of-softmax',
    code: classOf(
      'smoothing=0.1',
      ['self.smoothing = smoothing', 'self.softmax = nn.Softmax(dim=-1)'],
      ...scatterClass.slice(0, 2),
      'return -(q * torch.log(self.softmax(x).clamp(min=1e-7))).sum(1).mean()',
    ),
    fixed: 'q * x.log_softmax(dim=-1)).sum(1)',
  },
  {
    rule: 'deprecated-variable',
    code: functionOf(
      'q = torch.autograd.Variable(torch.full_like(x, smoothing / (x.size(1) - 1)))',
      'q.scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
    ),
    fixed: '    q = torch.full_like(x, smoothing / (x.size(1) - 1))\n',
  },
  {
    rule: 'not-epsilon',
    code: functionOf(
      'K = x.size(1)',
      'q = F.one_hot(y, K).float() * (1 - smoothing) + smoothing / K',
      'return F.cross_entropy(x, q, label_smoothing=smoothing)',
    ),
    fixed: null,
    says: /0\.1 is not ε: .* with ε = 0\.19/u,
  },
  {
    rule: 'rows-depend',
    code: functionOf('x = x - x.mean(0, keepdim=True)', "return F.cross_entropy(x, y, label_smoothing=smoothing, reduction='none')"),
    fixed: null,
    says: /the rows are not independent/u,
  },
];

export const correct: Readonly<Record<string, string>> = {
  'fill/scatter': functionOf(...scatter, 'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()'),
  'fill/scatter, summed': functionOf(...scatter, 'return -(q * F.log_softmax(x, dim=1)).sum()'),
  'fill/scatter, unreduced': functionOf(...scatter, 'return -(q * F.log_softmax(x, dim=1)).sum(1)'),
  'the uniform mixture': functionOf(
    'logp = F.log_softmax(x, dim=-1)',
    'n = -logp.gather(1, y.unsqueeze(1)).squeeze(1)',
    'u = -logp.mean(dim=-1)',
    'return ((1 - smoothing) * n + smoothing * u).mean()',
  ),
  'the built-in': functionOf('return F.cross_entropy(x, y, label_smoothing=smoothing)'),
  'the built-in with weight and reduction': classOf(
    "weight=None, reduction='mean', smoothing=0.1",
    weighted,
    'return F.cross_entropy(x, y, weight=self.weight, reduction=self.reduction, label_smoothing=self.smoothing)',
  ),
  'a use of the built-in': `${head}criterion = nn.CrossEntropyLoss(label_smoothing=0.1)\n`,
  'KLDiv batchmean': functionOf(...scatter, "return F.kl_div(F.log_softmax(x, dim=1), q, reduction='batchmean')"),
  'KLDiv summed': functionOf(...scatter, "return nn.KLDivLoss(reduction='sum')(F.log_softmax(x, dim=1), q)"),
  'half of it, as one of two terms': functionOf(...scatter, 'return 0.5 * -(q * F.log_softmax(x, dim=1)).sum(1).mean()'),
  'padding left out of the mean': padded('mask.numel() > 0', '-(q * logp).sum() / (y != self.padding_idx).sum()'),
  'padding, summed': padded('mask.dim() > 0', '-(q * logp).sum()'),
  'smoothing switched off at 0': classOf(
    'smoothing=0.1',
    ['self.smoothing = smoothing'],
    'if self.smoothing == 0:',
    '    return F.cross_entropy(x, y)',
    ...scatterClass,
    'return -(q * logp).sum(-1).mean()',
  ),
  'focal with smoothing': functionOf(
    ...scatter,
    'logp = F.log_softmax(x, dim=1)',
    'return -(q * (1 - logp.exp()) ** 2 * logp).sum(1).mean()',
  ),
  'a binary loss smoothed as one': functionOf(
    'K = x.size(1)',
    'q = torch.full_like(x, smoothing / 2).scatter_(1, y.unsqueeze(1), 1 - smoothing / 2)',
    'return F.binary_cross_entropy_with_logits(x, q)',
  ),
  'ignored rows masked out of both terms': classOf(
    'smoothing=0.1, ignore_index=-100',
    ['self.smoothing = smoothing', 'self.ignore_index = ignore_index'],
    'logp = F.log_softmax(x, dim=-1)',
    'pad = y.eq(self.ignore_index)',
    'n = -logp.gather(-1, y.clamp(min=0).unsqueeze(-1)).squeeze(-1)',
    'u = -logp.mean(dim=-1)',
    'loss = (1 - self.smoothing) * n + self.smoothing * u',
    'return loss.masked_fill(pad, 0.0).sum() / (~pad).sum()',
  ),
  'weights divided out': classOf(
    "weight=None, reduction='mean', smoothing=0.1",
    weighted,
    ...scatterClass,
    'w = torch.ones(K) if self.weight is None else self.weight',
    'loss = -(q * logp * w).sum(-1)',
    "if self.reduction == 'none':",
    '    return loss',
    "if self.reduction == 'sum':",
    '    return loss.sum()',
    'return loss.sum() / w[y].sum()',
  ),
};
