/** Losses of libraries that are not interpreted: told by their convention, and never as if they had been measured. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const rows: readonly (readonly [code: string, known: RegExp | null])[] = [
  [
    'from segmentation_models_pytorch.losses import SoftCrossEntropyLoss\nloss = SoftCrossEntropyLoss(smooth_factor=0.15)\n',
    /uniform mixture.*ε = `smooth_factor`/u,
  ],
  ['from pytorch_toolbelt.losses import SoftBCEWithLogitsLoss\nloss = SoftBCEWithLogitsLoss(smooth_factor=0.05)\n', /ε = 2s/u],
  [
    'from espnet.nets.pytorch_backend.transformer.label_smoothing_loss import LabelSmoothingLoss\nloss = LabelSmoothingLoss(30, -1, smoothing=0.1)\n',
    /fill\/scatter.*KL divergence/u,
  ],
  [
    'from mmpretrain.models.losses import LabelSmoothLoss\nloss = LabelSmoothLoss(label_smooth_val=0.2, num_classes=9)\n',
    /uniform mixture.*'original'/u,
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
