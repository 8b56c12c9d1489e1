/** Losses of libraries, run as their file uses them. Values are those of torch 2.13, timm 1.0, transformers 5.18 and keras 3.15 on the default sample. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

interface Row {
  readonly name: string;
  readonly code: readonly string[];
  readonly value: number;
  readonly verdict: RegExp;
  readonly notes?: RegExp;
}

const weights = 'w = torch.tensor([0.2, 1.0, 3.0, 0.5, 0.7])';

const rows: readonly Row[] = [
  {
    name: 'torch, class weights over one-hot targets: divided by the rows',
    code: [
      'import torch',
      'import torch.nn as nn',
      weights,
      'hot = torch.eye(5)',
      'criterion = nn.CrossEntropyLoss(weight=w, label_smoothing=0.1)',
      'criterion(torch.randn(5, 5), hot)',
    ],
    value: 1.0849393606185913,
    verdict: /^Uniform mixture with ε = 0\.1: .*weight \(0\.2 : 1 : 3 : 0\.5 : 0\.7\); mean over the rows\.$/u,
  },
  {
    name: 'torch, the same weights over class indices: divided by their weights',
    code: [
      'import torch',
      'import torch.nn as nn',
      weights,
      'criterion = nn.CrossEntropyLoss(weight=w, label_smoothing=0.1)',
      'criterion(torch.randn(5, 5), torch.arange(5))',
    ],
    value: 0.885664701461792,
    verdict: /divided by the sum of the targets’ weights\.$/u,
  },
  {
    name: 'torch, class weights over soft targets that the call is handed',
    code: [
      'import torch',
      'import torch.nn.functional as F',
      weights,
      'soft = torch.full((5, 5), 0.2)',
      'loss = F.cross_entropy(torch.randn(5, 5), soft, weight=w, label_smoothing=0.1)',
    ],
    value: 1.0849393606185913,
    verdict: /mean over the rows\.$/u,
  },
  {
    name: 'timm, binary: smooths class indices',
    code: [
      'from timm.loss import BinaryCrossEntropy, LabelSmoothingCrossEntropy',
      'criterion = BinaryCrossEntropy(smoothing=0.2)  # label_smoothing',
    ],
    value: 0.7792222499847412,
    verdict: /target 0\.84 for the labelled class and 0\.04 for the others/u,
    notes: /It smooths class indices only, and takes one-hot or soft targets as they are/u,
  },
  {
    name: 'transformers, a model output',
    code: ['from transformers.trainer_pt_utils import LabelSmoother', 'smoother = LabelSmoother(epsilon=0.15)'],
    value: 1.6323599815368652,
    verdict: /^Uniform mixture with ε = 0\.15: target 0\.88, every other class 0\.03; mean over the rows\.$/u,
  },
  {
    name: 'transformers, labels that the call does not shift',
    code: [
      'from transformers.trainer_pt_utils import LabelSmoother',
      'smoother = LabelSmoother(epsilon=0.15)',
      'def step(outputs, labels):',
      '    return smoother(outputs, labels)',
    ],
    value: 1.6323599815368652,
    verdict: /^Uniform mixture with ε = 0\.15: .*mean over the rows\.$/u,
    notes: /leave shift_labels at False/u,
  },
  {
    name: 'transformers, labels shifted at the call',
    code: [
      'from transformers.trainer_pt_utils import LabelSmoother',
      'smoother = LabelSmoother(epsilon=0.15)',
      'def step(outputs, labels):',
      '    return smoother(outputs, labels, shift_labels=True)',
    ],
    value: 3.180039882659912,
    verdict: /^Uniform mixture with ε = 0\.15: .*each row is held against the label of the next one/u,
  },
  {
    name: 'Keras, binary from logits',
    code: ['import tensorflow as tf', 'loss = tf.keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.2)'],
    value: 0.7732222676277161,
    verdict: /target 0\.9 for the labelled class and 0\.1 for the others, which is y\(1−ε\) \+ ε\/2 with ε = 0\.2/u,
  },
  {
    name: 'Keras, binary from a probability for each class',
    code: ['import tensorflow as tf', 'loss = tf.keras.losses.BinaryCrossentropy(label_smoothing=0.2)'],
    value: 0.7732222676277161,
    verdict: /target 0\.9 for the labelled class and 0\.1 for the others, which is y\(1−ε\) \+ ε\/2 with ε = 0\.2/u,
    notes: /it was given sigmoid\(logits\)/u,
  },
  {
    name: 'Keras, focal, from probabilities',
    code: ['import tensorflow as tf', 'loss = tf.keras.losses.CategoricalFocalCrossentropy(label_smoothing=0.2)'],
    value: 0.32091957330703735,
    verdict: /a focal loss with γ = 2 over smoothed targets/u,
    notes: /it was given softmax\(logits\)/u,
  },
];

describe('library calls as they are', function () {
  this.timeout(60_000);
  for (const { name, code, value, verdict, notes } of rows) {
    it(name, () => {
      const { losses } = inspect({ file: 'train.py', text: `${code.join('\n')}\n`, brief: true });
      const loss = losses.find(({ kind }) => kind === 'call');
      assert.ok(loss !== undefined && loss.measured !== null, JSON.stringify(losses.map((one) => one.problem)));
      assert.match(loss.measured.verdict, verdict);
      assert.ok(Math.abs(Number(loss.value) - value) <= 1e-5 + 1.3e-6 * value, String(loss.value));
      if (notes !== undefined) assert.match(loss.notes.join('\n'), notes);
      assert.deepEqual(
        loss.findings.filter(({ severity }) => severity === 'warning' || severity === 'error').map(({ rule }) => rule),
        [],
      );
    });
  }
});
