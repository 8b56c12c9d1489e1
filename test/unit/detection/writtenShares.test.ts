/** Losses and makers of targets whose smoothing stands in the code as numbers, and code that looks alike and is none. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';
const keras = 'import tensorflow as tf\nfrom tensorflow.keras import backend as K\n';

/** What it is, its site, how its verdict begins. */
const found: readonly (readonly [string, string, RegExp, string])[] = [
  [
    'shares that come to one, of probabilities kept apart from 0 and 1',
    'soft',
    /^Uniform mixture with ε = 0\.2: target 0\.84, every other class 0\.04/,
    `${torch}def soft(p, y):
    p = p.clamp(1e-6, 1 - 1e-6)
    q = F.one_hot(y, p.size(1)) * 0.8 + 0.2 / p.size(1)
    return -(q * p.log()).sum(1).mean()
`,
  ],
  [
    'Keras: the targets first, and a mean over the classes',
    'soft',
    /^Targets of its own: target 0\.14, every other class 0\.01; they sum to 0\.16667, not 1|^1\/K of uniform mixture with ε = 0\.06/,
    `${keras}def soft(y_true, y_pred):
    y_pred = K.clip(y_pred, K.epsilon(), 1. - K.epsilon())
    y_true = y_true * 0.94 + 0.06 / K.int_shape(y_pred)[-1]
    return K.mean(-y_true * K.log(y_pred), axis=-1)
`,
  ],
  [
    'a log-sigmoid of every class',
    'soft',
    /^Not a softmax loss: −Σ q·log σ\(z\) with q in the proportion 0\.84 .* to 0\.04/,
    `${torch}def soft(z, y):
    q = F.one_hot(y, z.size(1)) * 0.8 + 0.2 / z.size(1)
    return -(F.logsigmoid(z) * q).sum(1).mean()
`,
  ],
  [
    'log-probabilities that are handed in, with no softmax in the file',
    'Soft',
    /^Targets of its own: target 0\.8, every other class 0\.04; they sum to 0\.96, not 1/,
    `${torch}class Soft(nn.Module):
    def __init__(self, share=0.2):
        super().__init__()
        self.share = share
    def forward(self, scores, label):
        q = torch.full_like(scores, self.share / scores.size(1)).scatter_(1, label.unsqueeze(1), 1. - self.share)
        return -(scores * q).sum(dim=1).mean()
`,
  ],
  [
    'a maker of targets that is told the number of classes',
    'Softened',
    /^Makes smoothed targets: uniform mixture with ε = 0\.05/,
    `class Softened(object):
    def __init__(self, delta=0.05):
        self.delta = delta
    def __call__(self, onehot, count):
        return onehot * (1 - self.delta) + self.delta * 1.0 / count
`,
  ],
  [
    'a maker of binary targets: half of ε for each of two outcomes',
    'softened',
    /^Makes smoothed targets: targets of its own: target 0\.9, every other class 0\.1/,
    `${torch}def softened(y, label_smoothing=0.2):
    return y * (1.0 - label_smoothing) + 0.5 * label_smoothing
`,
  ],
  [
    'the same with ε made a tensor first',
    'softened',
    /^Makes smoothed targets: targets of its own: target 0\.9, every other class 0\.1/,
    `${keras}def softened(y_true, label_smoothing=0.2):
    label_smoothing = tf.convert_to_tensor(label_smoothing, dtype=y_true.dtype)
    return y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
`,
  ],
];

const gaps: readonly (readonly [string, string, string])[] = [
  [
    'one-hot targets by a helper that is not there',
    'Unsupported: tools.as_one_hot',
    `${torch}from tools import as_one_hot
def soft(logits, target, smoothing=0.1):
    q = as_one_hot(target, logits.size(1)) * (1 - smoothing) + smoothing / logits.size(1)
    return -(q * F.log_softmax(logits, 1)).sum(1).mean()
`,
  ],
];

const notFound: readonly (readonly [string, string])[] = [
  ['shares of an image', `${torch}def toned(image, target_tone):\n    return image * 0.9 + 0.1 / target_tone.sum()\n`],
  ['an average over time', `${torch}def updated(loss, average):\n    return average * 0.9 + 0.1 * loss\n`],
  ['a blend with grey', `${torch}def greyed(image, alpha=0.2):\n    smooth = image * (1.0 - alpha) + 0.5 * alpha\n    return smooth\n`],
  ['whether labels are one-hot', `${torch}def is_one_hot(labels, eps=0.1):\n    return (labels.sum(1) - 1).abs() < eps\n`],
  [
    'a ranking loss over pairs',
    `${torch}def ranking(positive, negative, smoothing=0.0):
    gap = positive - negative
    return -(F.logsigmoid(gap) * (1 - smoothing) + F.logsigmoid(-gap) * smoothing).mean()
`,
  ],
];

describe('shares that are written down', function () {
  this.timeout(60_000);
  for (const [what, name, verdict, text] of found)
    it(what, () => {
      const loss = inspect({ file: 'loss.py', text, brief: true, classes: 5 }).losses.find((one) => one.name === name);
      assert.equal(loss?.status, 'measured', loss?.problem?.message ?? 'not found');
      assert.match(loss.measured?.verdict ?? '', verdict);
    });
  for (const [what, message, text] of gaps)
    it(what, () => {
      const [loss] = inspect({ file: 'loss.py', text, brief: true }).losses;
      assert.equal(loss?.status, 'unsupported');
      assert.equal(loss.problem?.message, message);
    });
  for (const [what, text] of notFound)
    it(`not: ${what}`, () => {
      const { losses, smoothingConstants } = inspect({ file: 'code.py', text, brief: true });
      assert.deepEqual([losses.map(({ name }) => name), smoothingConstants.map(({ name }) => name)], [[], []]);
    });

  it('a distribution that is handed in has no rows of a target that is no class', () => {
    const text = `${torch}def soft(output, target, ignored=-100):
    valid = target != ignored
    loss = torch.sum(-(target * valid) * F.log_softmax(output, -1), -1)
    return loss.sum() / (valid.sum(-1) > 0).sum()
`;
    const [loss] = inspect({ file: 'loss.py', text, brief: true }).losses;
    assert.equal(loss?.status, 'measured', loss?.problem?.message);
    assert.deepEqual(
      loss.findings.filter(({ severity }) => severity === 'warning'),
      [],
    );
  });
});

describe('a smoothing factor that has no name', () => {
  for (const [what, code, expected] of [
    ['is a constant where it stands', 'y * (1 - 0.35) + 0.35 / 10', [0.35]],
    ['and none where nothing is spread', 'y * (1 - 0.35)', []],
  ] as const)
    it(what, () => {
      const text = `${keras}def soft(y, p):\n    q = ${code}\n    return tf.keras.losses.categorical_crossentropy(q, p)\n`;
      const { smoothingConstants } = inspect({ file: 'soft.py', text, brief: true });
      assert.deepEqual(
        smoothingConstants.map(({ value }) => value),
        expected,
      );
      for (const { range } of smoothingConstants) assert.equal(text.slice(range.start, range.end), '0.35');
    });
});
