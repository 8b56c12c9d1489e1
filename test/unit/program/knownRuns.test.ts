/** A program is run once for all who ask, until a text that its run rests on is another one. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection } from '../../../src/inspection';
import { pythonLibraries } from '../../../src/execution/libraries';
import { readDocument } from '../../../src/language/document';
import { programRun } from '../../../src/program/knownRuns';
import type { ProgramRun } from '../../../src/program/programRun';
import { withTensors } from '../../../src/tensor/run';
import { workspaceOf } from '../modules/workspaceOf';

type Files = Readonly<Record<string, string>>;

const project: Files = {
  'train.py':
    'import json\nfrom rates import rate\ntry:\n    from overrides import rate\nexcept ImportError:\n    pass\nwidth = json.load(open("sizes.json"))["width"]\n',
  'rates.py': 'rate = 0.07\n',
  'sizes.json': '{"width": 12}',
};

function ranIn(files: Files, text = files['train.py']!): ProgramRun {
  const workspace = workspaceOf(files);
  const [program] = readDocument(text, 'train.py', undefined, { file: 'train.py', workspace }).programs;
  return withTensors(() => programRun(program!, pythonLibraries));
}

const without = (files: Files, path: string): Files => Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));

describe('a program run is kept', () => {
  it('while no text that it has read changes', () => {
    const first = ranIn(project);
    assert.equal(ranIn({ ...project }), first);
    assert.equal(ranIn({ ...project, 'unread.py': 'rate = 1\n' }), first, 'nobody asked for this one');
  });

  const changes: readonly (readonly [what: string, files: Files])[] = [
    ['its own text changes', { ...project, 'train.py': `${project['train.py']!}rate = 0.2\n` }],
    ['a module that it imports changes', { ...project, 'rates.py': 'rate = 0.08\n' }],
    ['a module that it imports is gone', without(project, 'rates.py')],
    ['a module that it looked for is there now', { ...project, 'overrides.py': 'rate = 0.3\n' }],
    ['a setting that it reads changes', { ...project, 'sizes.json': '{"width": 13}' }],
  ];
  for (const [what, files] of changes)
    it(`until ${what}`, () => {
      const before = ranIn(project);
      const after = ranIn(files);
      assert.notEqual(after, before);
      assert.equal(ranIn(files), after);
    });

  it('apart for a part of the text', () => {
    const workspace = workspaceOf(project);
    const [whole] = readDocument(project['train.py']!, 'train.py', undefined, { file: 'train.py', workspace }).programs;
    const part = { ...whole!, cells: whole!.cells.map((cell) => ({ ...cell, body: cell.body.slice(0, 2) })) };
    const [ofWhole, ofPart] = withTensors(() => [programRun(whole!, pythonLibraries), programRun(part, pythonLibraries)] as const);
    assert.notEqual(ofPart, ofWhole);
    assert.equal(ofPart.interpreter.lookup('width'), null);
    assert.notEqual(ofWhole.interpreter.lookup('width'), null);
  });
});

/** What a kept run holds is looked at again when the tensors of its time are gone. */
const inspectedAgain: readonly (readonly [what: string, file: string, text: string])[] = [
  [
    'class weights of the program',
    'weighted.py',
    'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\nclass Weighted(nn.Module):\n    def __init__(self, weight, eps=0.1):\n        super().__init__()\n        self.weight = weight\n        self.eps = eps\n    def forward(self, logits, target):\n        self.weight.mul_(0.5)\n        return F.cross_entropy(logits, target, weight=self.weight, label_smoothing=self.eps)\n\ncriterion = Weighted(torch.tensor([[1.0, 3.0], [2.0, 0.5]]).t().reshape(-1)[:3], eps=0.2)\n\ndef step(model, x, y):\n    return criterion(nn.Linear(8, 3)(x), y)\n',
  ],
  [
    'a list that the loss takes from',
    'schedule.py',
    'import torch.nn.functional as F\n\ndef smoothed(logits, target, schedule):\n    return F.cross_entropy(logits, target, label_smoothing=schedule.pop())\n\ndef step(x, y):\n    return smoothed(x, y, [0.01 * i for i in range(60)])\n',
  ],
  [
    'a tensor of tfjs',
    'prior.ts',
    "import * as tf from '@tensorflow/tfjs';\n\nconst prior = tf.tensor1d([0.5, 0.3, 0.2]);\n\nexport function towardsPrior(labels: tf.Tensor1D, logits: tf.Tensor2D, prior: tf.Tensor1D, eps = 0.15) {\n  const hard = tf.oneHot(labels, 3);\n  const soft = hard.mul(1 - eps).add(prior.mul(eps));\n  return tf.neg(tf.sum(soft.mul(tf.logSoftmax(logits)), -1)).mean();\n}\n\nexport const step = (x: tf.Tensor2D, y: tf.Tensor1D) => towardsPrior(y, x, prior);\n",
  ],
];

describe('an inspection with a kept run is what it is with a new one', function () {
  this.timeout(20_000);
  const inspected = (file: string, text: string): readonly Inspection[] => inspect({ file, text, brief: true }).losses;
  for (const [what, file, text] of inspectedAgain)
    it(what, () => {
      const first = inspected(file, text);
      assert.ok(
        first.some(({ status }) => status === 'measured'),
        JSON.stringify(first.map(({ problem }) => problem)),
      );
      assert.deepEqual(inspected(file, text), first);
      assert.deepEqual(inspected(file, text), first);
    });
});
