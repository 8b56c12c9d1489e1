/** What is known of what a model puts out, where its layers are a library's that is not interpreted; and who uses a loss of another file. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection, RunInput } from '../../../src/inspection';
import type { Workspace } from '../../../src/workspace';

const input = (loss: Inspection | undefined, role: RunInput['role']): RunInput | undefined => loss?.inputs.find((one) => one.role === role);

interface Case {
  readonly what: string;
  readonly file?: string;
  readonly code: string;
  readonly classes: number;
  readonly nature?: RunInput['nature'];
}

const cases: readonly Case[] = [
  {
    what: 'a convolution’s channels are the classes of an image',
    code: `import torch.nn as nn
head = nn.Conv2d(32, 9, 1)
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
from data import loader
for x, y in loader:
    criterion(head(x), y).backward()
`,
    classes: 9,
  },
  {
    what: 'the head put on a foreign model',
    code: `import torch.nn as nn
from torchvision.models import resnet18
model = resnet18(weights=None)
model.fc = nn.Linear(model.fc.in_features, 23)
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
from data import loader
for x, y in loader:
    criterion(model(x), y).backward()
`,
    classes: 23,
  },
  {
    what: 'Keras: the loss that a model is compiled with, behind a softmax',
    code: `import keras
from keras import layers
model = keras.Sequential([layers.Input((20,)), layers.Dense(16, activation='relu'), layers.Dense(6, activation='softmax')])
model.compile(optimizer='adam', loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1))
`,
    classes: 6,
    nature: 'probabilities',
  },
  {
    what: 'Flax: a module called through apply',
    code: `import jax, optax
from flax import linen as nn
class Net(nn.Module):
    classes: int
    @nn.compact
    def __call__(self, x):
        return nn.Dense(self.classes)(nn.relu(nn.Dense(32)(x)))
def smooth(logits, labels, eps=0.1):
    q = jax.nn.one_hot(labels, logits.shape[-1]) * (1 - eps) + eps / logits.shape[-1]
    return optax.softmax_cross_entropy(logits, q).mean()
from data import x, y
net = Net(13)
params = net.init(jax.random.PRNGKey(0), x)
print(smooth(net.apply(params, x), y))
`,
    classes: 13,
  },
  {
    what: 'TensorFlow.js: layers added one by one',
    file: 'train.ts',
    code: `import * as tf from '@tensorflow/tfjs';
function smooth(labels: tf.Tensor2D, logits: tf.Tensor2D, eps = 0.1) {
  const q = labels.mul(1 - eps).add(eps / logits.shape[1]);
  return tf.neg(q.mul(tf.logSoftmax(logits)).sum(1)).mean();
}
export function main(x: tf.Tensor2D, y: tf.Tensor2D) {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 8, inputShape: [3] }));
  model.add(tf.layers.dense({ units: 4 }));
  return smooth(y, model.predict(x) as tf.Tensor2D);
}
`,
    classes: 4,
  },
];

describe('the model’s last layer says how many classes there are', () => {
  for (const { what, file = 'train.py', code, classes, nature } of cases)
    it(what, () => {
      const { losses } = inspect({ file, text: code, brief: true });
      const loss = losses.find(({ status }) => status === 'measured');
      assert.equal(loss?.classes, classes, JSON.stringify(losses.map(({ name, problem }) => [name, problem?.message])));
      assert.equal(input(loss, 'classes')?.source.kind, 'code');
      assert.equal(input(loss, 'logits')?.nature, nature);
    });

  it('a layer that is not known says nothing', () => {
    const code = `import torch.nn as nn
from zoo import Head
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
from data import x, y
criterion(Head(3, 9)(x), y)
`;
    const [loss] = inspect({ file: 'train.py', text: code, brief: true }).losses;
    assert.equal(input(loss, 'classes')?.source.kind, 'assumption');
  });
});

const lossFile = `import torch
import torch.nn as nn
import torch.nn.functional as F
class Smooth(nn.Module):
    def __init__(self, eps=0.0):
        super().__init__()
        self.eps = eps
    def forward(self, x, y):
        lp = F.log_softmax(x, 1)
        return ((1 - self.eps) * -lp.gather(1, y[:, None]).squeeze(1) - self.eps * lp.mean(1)).mean()
`;
const folder = (files: Readonly<Record<string, string>>): Workspace => ({
  read: (path) => files[path] ?? null,
  files: () => Object.keys(files),
});

describe('a loss tells who uses it from another file', () => {
  const train = (eps: string) => `import torch.nn as nn
from losses import Smooth
EPS = ${eps}
def main():
    criterion, net = Smooth(EPS), nn.Linear(8, 6)
    from data import loader
    for x, y in loader:
        criterion(net(x), y)
if __name__ == '__main__':
    main()
`;

  it('its factor and its classes are those of the program that imports it', () => {
    const workspace = folder({ 'losses.py': lossFile, 'train.py': train('0.3'), 'notes.py': '# losses are fun\n' });
    const [loss] = inspect({ file: 'losses.py', path: 'losses.py', text: lossFile, brief: true }, undefined, workspace).losses;
    assert.deepEqual([loss?.smoothing, loss?.classes], [0.3, 6]);
    const chain = input(loss, 'smoothing')?.source.chain ?? [];
    assert.deepEqual([chain[0]?.file, chain[0]?.range.line, chain[0]?.text], ['train.py', 3, '0.3']);
    assert.equal(chain.at(-1)?.file, undefined);
  });

  it('nobody imports it: its own default holds, and is no assumption', () => {
    const workspace = folder({ 'losses.py': lossFile, 'train.py': 'import os\n' });
    const [loss] = inspect({ file: 'losses.py', path: 'losses.py', text: lossFile, brief: true }, undefined, workspace).losses;
    assert.equal(loss?.smoothing, 0);
    assert.equal(input(loss, 'smoothing')?.source.kind, 'code');
  });

  it('a program beside it that cannot be read to its end says what it can', () => {
    const broken = train('0.3').replace('    from data', '    this is not Python\n    from data');
    const workspace = folder({ 'losses.py': lossFile, 'train.py': broken });
    const [loss] = inspect({ file: 'losses.py', path: 'losses.py', text: lossFile, brief: true }, undefined, workspace).losses;
    assert.equal(loss?.smoothing, 0.3);
  });
});
