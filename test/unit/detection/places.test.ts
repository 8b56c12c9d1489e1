/** Losses that stand elsewhere than in a function or a class of the module: each is found, and runs. */
import assert from 'node:assert/strict';
import { findLosses } from '../../../src/detection/losses';
import { inspect } from '../../../src/inspect';
import { parsePython } from '../../../src/language/python';
import { parseTypeScript } from '../../../src/language/typescript';

const imports = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';

/** `z`, `y` and ε to a uniform mixture's lines. */
const mixture = (indent: string, e: string): string =>
  `${indent}lp = F.log_softmax(z, dim=-1)\n${indent}return (1 - ${e}) * F.nll_loss(lp, y) - ${e} * lp.mean()\n`;

/** Name of the case → code, names of its sites, and the ε that each is measured to have. */
const python: readonly (readonly [string, string, readonly (readonly [string, number | null])[]])[] = [
  [
    'a method of a class that is no module',
    `${imports}class Runner:\n    def __init__(self, rho=0.11):\n        self.rho = rho\n    def step_loss(self, z, y):\n${mixture('        ', 'self.rho')}`,
    [['Runner.step_loss', 0.11]],
  ],
  [
    'a method of a model, without the model',
    `${imports}class Tagger(nn.Module):\n    def __init__(self, width, tags, rho=0.12):\n        super().__init__()\n        self.out = nn.Linear(width, tags)\n        self.rho = rho\n    def forward(self, x):\n        return self.out(x)\n    def objective(self, z, y):\n${mixture('        ', 'self.rho')}`,
    [['Tagger.objective', 0.12]],
  ],
  [
    'two methods of one class, one by another',
    `${imports}class Task:\n    rho = 0.13\n    def soft(self, y, k):\n        return F.one_hot(y, k) * (1 - self.rho) + self.rho / k\n    def train_loss(self, z, y):\n        return -(self.soft(y, z.size(1)) * z.log_softmax(1)).sum(1).mean()\n    def eval_loss(self, z, y):\n        return F.cross_entropy(z, y)\n`,
    [
      ['Task.soft', 0.13],
      ['Task.train_loss', 0.13],
      ['Task.eval_loss', 0],
    ],
  ],
  [
    'a static method, and one of the class',
    `${imports}class Losses:\n    @staticmethod\n    def a(z, y, rho=0.14):\n${mixture('        ', 'rho')}    @classmethod\n    def b(cls, z, y, rho=0.15):\n${mixture('        ', 'rho')}`,
    [
      ['Losses.a', 0.14],
      ['Losses.b', 0.15],
    ],
  ],
  [
    'a class of numpy whose forward is called by its name',
    'import numpy as np\nclass Soft:\n    def __init__(self, rho=0.16):\n        self.rho = rho\n    def forward(self, z, y):\n        lp = z - np.log(np.exp(z).sum(1, keepdims=True))\n        q = np.eye(z.shape[1])[y] * (1 - self.rho) + self.rho / z.shape[1]\n        return -(q * lp).sum(1).mean()\n',
    [['Soft', 0.16]],
  ],
  [
    'a function inside another, with what it needs of that',
    `${imports}def fit(net, data, classes, optimizer):\n    rho = 0.17\n    print(net)\n    def objective(z, y):\n        q = torch.full_like(z, rho / classes).scatter_(1, y[:, None], 1 - rho + rho / classes)\n        return -(q * z.log_softmax(1)).sum(1).mean()\n    for x, y in data:\n        objective(net(x), y).backward()\n`,
    [['objective', 0.17]],
  ],
  [
    'several functions of one factory',
    `${imports}def make(kind, rho=0.18):\n    def hard(z, y):\n        return F.cross_entropy(z, y)\n    def soft(z, y):\n${mixture('        ', 'rho')}    if kind == 'soft':\n        return soft\n    return hard\n`,
    [
      ['hard', 0],
      ['soft', 0.18],
    ],
  ],
  [
    'an autograd function',
    `${imports}class Smoothed(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, z, y, rho=0.19):\n        q = torch.full_like(z, rho / z.size(1)).scatter_(1, y[:, None], 1 - rho + rho / z.size(1))\n        ctx.save_for_backward(z, q)\n        return -(q * z.log_softmax(1)).sum(1).mean()\n    @staticmethod\n    def backward(ctx, g):\n        z, q = ctx.saved_tensors\n        return g * (z.softmax(1) - q) / z.size(0), None, None\n`,
    [['Smoothed', 0.19]],
  ],
];

const tfjs = "import * as tf from '@tensorflow/tfjs';\n";
const soft = (e: string) =>
  `tf.oneHot(y, z.shape[1]).toFloat().mul(1 - ${e}).add(${e} / z.shape[1]).mul(z.logSoftmax()).sum(1).mean().neg()`;

const typescript: readonly (readonly [string, string, readonly (readonly [string, number | null])[]])[] = [
  [
    'a static method, and one of an object',
    `${tfjs}export class Losses {\n  static a(y: tf.Tensor1D, z: tf.Tensor2D, rho = 0.11) {\n    return ${soft('rho')};\n  }\n  b(y: tf.Tensor1D, z: tf.Tensor2D, rho = 0.12) {\n    return ${soft('rho')};\n  }\n}\n`,
    [
      ['Losses.a', 0.11],
      ['Losses.b', 0.12],
    ],
  ],
  [
    'a member of an object',
    `${tfjs}export const losses = { smooth(y: tf.Tensor1D, z: tf.Tensor2D, rho = 0.13) { return ${soft('rho')}; } };\n`,
    [['losses.smooth', 0.13]],
  ],
  ['an export by assignment', `${tfjs}exports.smooth = function (y, z, rho = 0.14) { return ${soft('rho')}; };\n`, [['smooth', 0.14]]],
  [
    'a member of a namespace',
    `${tfjs}export namespace Losses {\n  const rho = 0.15;\n  export function smooth(y: tf.Tensor1D, z: tf.Tensor2D) { return ${soft('rho')}; }\n}\n`,
    [['Losses.smooth', 0.15]],
  ],
];

const measuredSmoothing = (file: string, text: string): readonly (readonly [string, number | null])[] =>
  inspect({ file, text, brief: true }).losses.map(({ name, measured, problem }) => {
    assert.equal(problem, null, `${name}: ${problem?.message ?? ''}`);
    const mixed = measured?.effectiveSmoothing.uniformMixture;
    return [name, typeof mixed === 'number' ? Number(mixed.toFixed(4)) : null];
  });

describe('where losses live', function () {
  this.timeout(60_000);
  for (const [name, code, expected] of python)
    it(name, () => {
      assert.deepEqual(measuredSmoothing('train.py', code), expected);
    });
  for (const [name, code, expected] of typescript)
    it(`TypeScript: ${name}`, () => {
      assert.deepEqual(measuredSmoothing('train.ts', code), expected);
    });

  const none: readonly (readonly [string, string])[] = [
    [
      'a method that passes on to a model',
      `${imports}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(3, 2)\n    def step(self, x, y):\n        return F.cross_entropy(self.fc(x), y)\n`,
    ],
    [
      'a moving average kept by an object',
      'class Meter:\n    def __init__(self, decay=0.9):\n        self.decay = decay\n    def update(self, value, loss):\n        self.mean = self.decay * self.mean + (1 - self.decay) * value\n        return self.mean\n',
    ],
  ];
  for (const [name, code] of none)
    it(`leaves alone ${name}`, () => {
      assert.deepEqual(
        findLosses(parsePython(code)).map((site) => site.name),
        [],
      );
    });

  it('says of what collates records that it cannot know them', () => {
    const code = `${imports}class Collate:\n    def __init__(self, k, rho=0.12):\n        self.k, self.rho = k, rho\n    def __call__(self, batch):\n        y = torch.tensor([record[1] for record in batch])\n        return F.one_hot(y, self.k) * (1 - self.rho) + self.rho / self.k\n`;
    const { losses } = inspect({ file: 'data.py', text: code, brief: true });
    assert.deepEqual(
      losses.map(({ name, status, problem }) => [name, status, problem?.message]),
      [['Collate', 'unsupported', 'Unsupported: batch holds records, and what stands in one is not known']],
    );
  });

  it('leaves alone a chart that smooths', () => {
    assert.deepEqual(
      findLosses(parseTypeScript('const chart = { smooth(loss, a = 0.6) { return loss.map((v) => v * (1 - a)); } };\n')),
      [],
    );
  });
});
