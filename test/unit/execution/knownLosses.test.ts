/** Losses of libraries that are not interpreted: told by their convention, and never as if they had been measured. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const rows: readonly (readonly [code: string, known: RegExp | null])[] = [
  [
    'from monai.losses import DiceCELoss\nloss = DiceCELoss(softmax=True, label_smoothing=0.15)\n',
    /uniform mixture.*in its cross entropy.*ε = `label_smoothing`/u,
  ],
  [
    'from onmt.utils.loss import LabelSmoothingLoss\nloss = LabelSmoothingLoss(0.1, 30, ignore_index=1)\n',
    /ε\/\(K−2\) elsewhere but on padding.*KL divergence/u,
  ],
  ['import mxnet as mx\nout = mx.sym.SoftmaxOutput(data, label, smooth_alpha=0.1)\n', /fill\/scatter.*ε = `smooth_alpha`/u],
  [
    "from transformers import Trainer, TrainingArguments\nclass Own(Trainer):\n    def compute_loss(self, model, inputs):\n        return model(**inputs).loss\nargs = TrainingArguments('o', label_smoothing_factor=0.1)\n",
    null,
  ],
  ['from somewhere.losses import LabelSmoothingLoss\nloss = LabelSmoothingLoss(smoothing=0.1)\n', null],
];

describe('losses that are known and not run', () => {
  for (const [code, known] of rows) {
    it(code.split('\n')[0]!, () => {
      const [loss] = inspect({ file: 'train.py', text: code }).losses;
      assert.ok(loss !== undefined);
      assert.equal(loss.status, 'unsupported', loss.problem?.message);
      assert.equal(loss.measured, null);
      const notes = loss.notes.filter((note) => note.startsWith('Known, not measured: '));
      if (known === null) assert.deepEqual(notes, []);
      else assert.match(notes.join(), known);
    });
  }
});
