/** Losses translated to tfjs, run by real tfjs on the golden tensors: the numbers must be those of real torch. */
import assert from 'node:assert/strict';
import type { Sample } from '../../src/inspection';
import torch from '../fixtures/golden/formulations-torch.json';
import { exported, run } from '../unit/translation/tfjsInNode';
import { translated } from '../unit/translation/tfjsTranslated';

interface Case {
  readonly id: string;
  readonly logits: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly eps: number;
  readonly weight?: readonly number[];
  readonly ignore_index?: number;
}

interface Result {
  readonly case: string;
  readonly formulation: string;
  readonly dtype: string;
  readonly value: unknown;
  readonly grad: unknown;
}

const header = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n';

const builtin = (reduction: string): string => `class Loss(nn.Module):
    def __init__(self, weight=None, smoothing=0.1):
        super().__init__()
        self.criterion = nn.CrossEntropyLoss(weight=weight, label_smoothing=smoothing, reduction='${reduction}')

    def forward(self, logits, target):
        return self.criterion(logits, target)
`;

const fillScatter = (reduce: string): string => `class Loss(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing

    def forward(self, logits, target):
        k = logits.size(-1)
        log_probs = logits.log_softmax(dim=-1)
        with torch.no_grad():
            q = torch.full_like(log_probs, self.smoothing / (k - 1))
            q.scatter_(1, target.unsqueeze(1), 1.0 - self.smoothing)
        return (-q * log_probs).sum(dim=-1)${reduce}
`;

const divergence = (distribution: string, reduction: string): string => `class Loss(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing
        self.criterion = nn.KLDivLoss(reduction='${reduction}')

    def forward(self, logits, target):
        k = logits.size(1)
${distribution}
        return self.criterion(F.log_softmax(logits, dim=1), q)
`;

const filled = `        q = torch.empty_like(logits).fill_(self.smoothing / (k - 1))
        q.scatter_(1, target.unsqueeze(1), 1 - self.smoothing)`;
const mixed = '        q = F.one_hot(target, k).float() * (1 - self.smoothing) + self.smoothing / k';

const fairseq = `def label_smoothed_nll_loss(logits, target, epsilon=0.1):
    lprobs = F.log_softmax(logits, dim=-1)
    target = target.unsqueeze(-1)
    nll_loss = -lprobs.gather(dim=-1, index=target)
    smooth_loss = -lprobs.sum(dim=-1, keepdim=True)
    eps_i = epsilon / (lprobs.size(-1) - 1)
    return (1.0 - epsilon - eps_i) * nll_loss.sum() + eps_i * smooth_loss.sum()
`;

const transformer = `class Loss(nn.Module):
    def __init__(self, padding_idx=0, smoothing=0.1):
        super().__init__()
        self.criterion = nn.KLDivLoss(reduction='sum')
        self.padding_idx = padding_idx
        self.smoothing = smoothing

    def forward(self, logits, target):
        x = F.log_softmax(logits, dim=-1)
        true_dist = x.data.clone()
        true_dist.fill_(self.smoothing / (x.size(1) - 2))
        true_dist.scatter_(1, target.data.unsqueeze(1), 1.0 - self.smoothing)
        true_dist[:, self.padding_idx] = 0
        mask = torch.nonzero(target.data == self.padding_idx)
        if mask.dim() > 0:
            true_dist.index_fill_(0, mask.squeeze(), 0.0)
        return self.criterion(x, true_dist)
`;

const code: Readonly<Record<string, string>> = {
  'torch.CrossEntropyLoss/none': builtin('none'),
  'torch.CrossEntropyLoss/mean': builtin('mean'),
  'torch.CrossEntropyLoss/sum': builtin('sum'),
  'fill-scatter/none': fillScatter(''),
  'fill-scatter/mean': fillScatter('.mean()'),
  'fill-scatter/sum': fillScatter('.sum()'),
  'kldiv-fill-scatter/sum': divergence(filled, 'sum'),
  'kldiv-fill-scatter/batchmean': divergence(filled, 'batchmean'),
  'kldiv-fill-scatter/mean': divergence(filled, 'mean'),
  'kldiv-fill-scatter/none': divergence(filled, 'none'),
  'kldiv-uniform-mixture/batchmean': divergence(mixed, 'batchmean'),
  'fairseq.label_smoothed_nll_loss/sum': fairseq,
  'annotated-transformer-kldiv-pad0/sum': transformer,
};

const cases = new Map((torch.cases as unknown as readonly Case[]).map((entry) => [entry.id, entry]));
const results = (torch.results as unknown as readonly Result[]).filter((result) => result.dtype === 'float64');

const close = (actual: readonly number[], expected: readonly number[]): boolean =>
  actual.length === expected.length && actual.every((x, i) => Math.abs(x - expected[i]!) <= 1e-5 + 1.3e-6 * Math.abs(expected[i]!));

describe('the golden formulations, translated and run by tfjs', () => {
  for (const [formulation, text] of Object.entries(code)) {
    it(formulation, function () {
      this.timeout(20_000);
      const ofFormulation = results.filter((result) => result.formulation === formulation);
      assert.ok(ofFormulation.length > 5);
      for (const result of ofFormulation) {
        const { id, logits, targets, eps, weight, ignore_index: ignoreIndex } = cases.get(result.case)!;
        // What is ignored, and what classes weigh, is torch's own matter in these results.
        if ((weight !== undefined || ignoreIndex !== undefined) && !formulation.startsWith('torch.')) continue;
        const sample: Sample = {
          logits,
          targets,
          ...(weight === undefined ? {} : { classWeights: weight }),
          ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
        };
        const { translation, feed } = translated(header + text, 'loss.py', { sample, smoothing: eps });
        assert.ok(translation.code !== null, `${id}: ${translation.note}`);
        const { value, gradient } = run(exported(translation.code), sample, feed);
        assert.ok(close(value, [result.value].flat(2) as number[]), `${id}: value ${value.join()}`);
        assert.ok(close(gradient, [result.grad].flat(2) as number[]), `${id}: gradient ${gradient.join()}`);
      }
    });
  }
});
