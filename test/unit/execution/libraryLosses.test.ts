/**
 * Losses of libraries that are interpreted by their published formulas. Values are those of the libraries' own code under torch 2.13 on the
 * default sample; sequences are of one token each.
 */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

type Row = readonly [name: string, code: string, value: number, verdict: RegExp, notes?: RegExp];

const mixture = /^Uniform mixture with ε = 0\.15: target 0\.88, every other class 0\.03; mean over the rows\./u;

const rows: readonly Row[] = [
  [
    'fastai, flattening',
    'from fastai.losses import LabelSmoothingCrossEntropyFlat as Smoothed\nloss = Smoothed(eps=0.15)',
    1.6323599815368652,
    mixture,
  ],
  [
    'fastai, of all that a star brings',
    'from fastai.text.all import *\nlearn = Learner(dls, model, loss_func=LabelSmoothingCrossEntropy(0.15))',
    1.6323599815368652,
    mixture,
  ],
  [
    'fastai, a sum',
    "from fastai.layers import LabelSmoothingCrossEntropy\nloss = LabelSmoothingCrossEntropy(eps=0.15, reduction='sum')",
    6.529439926147461,
    /^Uniform mixture with ε = 0\.15: .*summed over the rows/u,
  ],
  [
    'toolbelt',
    'from pytorch_toolbelt import losses as L\ncriterion = L.SoftCrossEntropyLoss(smooth_factor=0.15)',
    1.6323599815368652,
    mixture,
  ],
  [
    'toolbelt, one value for each row',
    "from pytorch_toolbelt.losses import SoftCrossEntropyLoss\ncriterion = SoftCrossEntropyLoss('none', 0.15, ignore_index=None)",
    6.529439926147461,
    /^Uniform mixture with ε = 0\.15: .*one value per row/u,
  ],
  [
    'smp',
    'import segmentation_models_pytorch as smp\ncriterion = smp.losses.SoftCrossEntropyLoss(smooth_factor=0.15)',
    1.6323599815368652,
    mixture,
  ],
  [
    'smp, binary',
    'from segmentation_models_pytorch.losses import SoftBCEWithLogitsLoss\ncriterion = SoftBCEWithLogitsLoss(smooth_factor=0.05)',
    0.7637222409248352,
    /target 0\.95 for the labelled class and 0\.05 for the others/u,
  ],
  [
    'mmpretrain, as in the paper',
    'from mmpretrain.models.losses import LabelSmoothLoss\ncriterion = LabelSmoothLoss(label_smooth_val=0.15, num_classes=5)',
    1.6323599815368652,
    mixture,
  ],
  [
    'mmpretrain, as ClassyVision smooths',
    "from mmpretrain.models.losses import LabelSmoothLoss\ncriterion = LabelSmoothLoss(0.15, mode='classy_vision')",
    1.6201317310333252,
    /^Uniform mixture with ε = 0\.1304: .*its parameter says 0\.15/u,
  ],
  [
    'mmcls, weighed',
    "from mmcls.models import LabelSmoothLoss\ncriterion = LabelSmoothLoss(0.15, num_classes=5, loss_weight=2.0, class_weight=[1.0, 2.0, 3.0, 4.0, 5.0], reduction='sum')",
    37.35039138793945,
    /class’s weight/u,
  ],
  [
    'mmpretrain, of a configuration',
    "model = dict(type='ImageClassifier', head=dict(type='LinearClsHead', loss=dict(type='LabelSmoothLoss', label_smooth_val=0.15, mode='original')))",
    1.6323599815368652,
    mixture,
    /is taken for the one that OpenMMLab/u,
  ],
  [
    'espnet, divided by the sequences',
    'from espnet.nets.pytorch_backend.transformer.label_smoothing_loss import LabelSmoothingLoss\ncriterion = LabelSmoothingLoss(5, -1, 0.15)',
    1.025144338607788,
    /^KL divergence .* from fill\/scatter with ε = 0\.15/u,
    /each row was given as a sequence of one/u,
  ],
  [
    'allennlp, a mean over sequences',
    'from allennlp.nn.util import sequence_cross_entropy_with_logits\n\ndef loss(logits, targets, mask):\n    return sequence_cross_entropy_with_logits(logits, targets, mask, label_smoothing=0.15)',
    1.6323599815368652,
    mixture,
    /each row was given as a sequence of one/u,
  ],
  [
    'allennlp, one for each sequence',
    'import allennlp.nn.util as util\n\ndef loss(logits, targets, mask):\n    return util.sequence_cross_entropy_with_logits(logits, targets, weights=mask, average=None, label_smoothing=0.15)',
    6.529439926147461,
    /one value per row/u,
  ],
  [
    'composer, targets that its trainer smooths',
    'from composer.algorithms import LabelSmoothing\nalgorithms = [LabelSmoothing(0.15)]',
    1.6323599815368652,
    mixture,
    /The trainer smooths the targets/u,
  ],
  [
    'transformers, what a Trainer is told',
    "from transformers import TrainingArguments\nargs = TrainingArguments('out', label_smoothing_factor=0.15)",
    1.6323599815368652,
    mixture,
    /LabelSmoother, unless it has a loss of its own/u,
  ],
  [
    'timm, targets that Mixup makes',
    'from timm.data import Mixup\nmix = Mixup(mixup_alpha=0.8, label_smoothing=0.15, num_classes=5)',
    1.6323599815368652,
    mixture,
    /nothing mixed/u,
  ],
];

const total = (values: number | readonly unknown[] | null): number =>
  Array.isArray(values) ? values.reduce<number>((sum, value) => sum + Number(value), 0) : Number(values);

describe('losses of libraries by their published formulas', function () {
  this.timeout(60_000);
  for (const [name, code, value, verdict, notes] of rows) {
    it(name, () => {
      const { losses } = inspect({ file: 'train.py', text: `${code}\n`, brief: true });
      const loss = losses.find(({ kind }) => kind === 'call');
      assert.ok(loss !== undefined && loss.measured !== null, JSON.stringify(losses.map((one) => one.problem)));
      assert.match(loss.measured.verdict, verdict);
      const found = loss.value === null ? total(loss.perSample) : Number(loss.value);
      assert.ok(Math.abs(found - value) <= 1e-5 + 1.3e-6 * Math.abs(value), String(found));
      if (notes !== undefined) assert.match(loss.notes.join('\n'), notes);
    });
  }
});
