/** Losses that are told how many positions of each sequence count. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const torch = `import torch
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence
`;

const packed = `
class CaptionLoss(torch.nn.Module):
    def __init__(self, smoothing=0.2):
        super().__init__()
        self.smoothing = smoothing
    def forward(self, scores, captions, decode_lengths):
        scores = pack_padded_sequence(scores, decode_lengths, batch_first=True, enforce_sorted=False).data
        captions = pack_padded_sequence(captions, decode_lengths, batch_first=True, enforce_sorted=False).data
        logp = F.log_softmax(scores, dim=-1)
        nll = -logp.gather(1, captions.unsqueeze(1)).squeeze(1)
        return ((1 - self.smoothing) * nll - self.smoothing * logp.mean(-1)).mean()
`;

const compared = `
def counted(logits, labels, steps, eps=0.15):
    keep = torch.arange(logits.size(1))[None, :] < steps[:, None]
    logp = logits.log_softmax(2)
    loss = (1 - eps) * -logp.gather(2, labels.unsqueeze(2)).squeeze(2) - eps * logp.mean(2)
    return (loss * keep).sum() / keep.sum()
`;

/** Labels that are counted up to are labels. */
const ordinal = `
def levels(logits, ranks):
    up_to = (torch.arange(logits.size(1))[None, :] < ranks[:, None]).float()
    return F.binary_cross_entropy_with_logits(logits, up_to)
`;

describe('losses that are told the lengths of their sequences', () => {
  for (const [what, code, verdict] of [
    ['packed', packed, /^Uniform mixture with ε = 0\.2: .*mean over the rows/],
    ['held against positions', compared, /^Uniform mixture with ε = 0\.15: .*mean over the rows/],
  ] as const) {
    it(what, () => {
      const { losses } = inspect({ file: 'loss.py', text: torch + code, brief: true });
      assert.deepEqual(
        losses.map(({ status, problem }) => [status, problem?.message]),
        [['measured', undefined]],
      );
      assert.match(losses[0]!.measured!.verdict, verdict);
      const lengths = losses[0]!.inputs.find(({ name }) => name === 'decode_lengths' || name === 'steps')!;
      assert.deepEqual(lengths.shape, [4]);
    });
  }

  it('is not said of labels', () => {
    const { losses } = inspect({ file: 'loss.py', text: torch + ordinal, brief: true });
    for (const { inputs } of losses) assert.equal(inputs.find(({ name }) => name === 'ranks')?.role ?? 'targets', 'targets');
  });
});
