import assert from 'node:assert/strict';
import { exported, run } from './tfjsInNode';
import { translated } from './tfjsTranslated';

/** Terms that a loss may add; each stands for an operation, forwards and backwards. */
const terms: readonly string[] = [
  'logits.var()',
  'logits.var(dim=1, unbiased=False).sum()',
  'logits.std(dim=1).sum()',
  'logits.norm()',
  'torch.norm(logits, p=1)',
  'logits.abs().mean()',
  'logits.max(dim=1).values.sum()',
  'logits.max(dim=1, keepdim=True)[0].sum()',
  'logits.amax(1).sum()',
  'logits.amin(1).sum()',
  'torch.sigmoid(logits).prod(1).sum()',
  'torch.tanh(logits).sum()',
  'F.softplus(logits).mean()',
  'F.relu(logits).mean()',
  'F.logsigmoid(logits).mean()',
  'torch.sqrt(logits.exp()).mean()',
  'torch.rsqrt(logits.exp()).mean()',
  '(1 / logits.exp()).mean()',
  '(3 / (1 + logits.exp())).mean()',
  'torch.log1p(logits.exp()).mean()',
  'torch.expm1(logits).mean()',
  'logits.pow(3).mean()',
  '(logits ** 2).mean()',
  '(2 ** logits).mean()',
  'logits.exp().pow(0.3).mean()',
  'torch.log2(logits.exp() + 1).mean()',
  'torch.sin(logits).sum() + torch.cos(logits).sum()',
  'torch.erf(logits).mean()',
  'logits.sign().mul(logits).mean()',
  'torch.where(logits > 0, logits, -logits).mean()',
  '(logits > 0).float().mul(logits).mean()',
  'logits[logits > 0.5].sum()',
  'torch.maximum(logits, -logits).mean()',
  'torch.minimum(logits, logits * 0.5).mean()',
  'logits.clamp(-1, 1).pow(2).mean()',
  'logits.clamp(min=0.1).pow(2).mean()',
  'torch.logsumexp(logits, 0).mean()',
  'F.softmax(logits, dim=0).pow(2).sum()',
  'F.log_softmax(logits, dim=0).pow(2).mean()',
  'torch.mm(logits, logits.t()).mean()',
  'torch.matmul(logits, torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])).mean()',
  'torch.einsum("nk,nk->n", logits, logits).mean()',
  'logits.roll(1, 0).mul(logits).mean()',
  'logits.flip(1).mul(logits).mean()',
  'torch.cumsum(logits, 1).pow(2).mean()',
  'torch.cat([logits, logits * 2], 0).pow(2).mean()',
  'torch.stack([logits, logits * 2]).pow(2).mean()',
  'logits[:, 0].mean()',
  'logits[:, 1:3].pow(2).sum()',
  'logits[:, -1:].exp().sum()',
  'logits[0].pow(2).sum()',
  'logits[2, 1].pow(2)',
  'logits.t()[1].pow(2).sum()',
  'logits.chunk(2, dim=1)[1].pow(2).sum()',
  'logits.repeat(2, 1).pow(2).mean()',
  'logits.unsqueeze(2).expand(-1, -1, 2).pow(2).mean()',
  'logits.reshape(-1).pow(2).mean()',
  'logits.unsqueeze(0).sub(logits.unsqueeze(1)).pow(2).sum()',
  'logits.masked_fill(target.unsqueeze(1) == 1, 0.0).pow(2).mean()',
  'logits.masked_select(target.unsqueeze(1) == 1).pow(2).sum()',
  'logits.scatter(1, target.unsqueeze(1), 0.5).exp().mean()',
  'logits.scatter(1, target.unsqueeze(1), 2 * logits[:, :1]).exp().mean()',
  'logits.scatter_add(1, target.unsqueeze(1), torch.ones(logits.size(0), 1)).exp().mean()',
  'logits.gather(1, target.unsqueeze(1)).pow(2).mean()',
  'logits.index_select(1, torch.tensor([0, 3])).pow(2).sum()',
  'logits[target == 2].pow(2).sum()',
  'logits[torch.arange(logits.size(0)), target].pow(2).sum()',
  'torch.eye(5)[target].mul(logits).pow(2).sum()',
  'torch.tensor([0.5, 2.0, 1.0, 3.0, 4.0])[target].mul(logits.mean(1)).sum()',
  'torch.xlogy(F.softmax(logits, 1), F.softmax(logits, 1)).sum()',
  'F.binary_cross_entropy(torch.sigmoid(logits), F.one_hot(target, 5).float())',
  'F.binary_cross_entropy_with_logits(logits, F.one_hot(target, 5).float(), reduction="sum")',
  'F.mse_loss(F.softmax(logits, 1), F.one_hot(target, 5).float())',
  'F.smooth_l1_loss(logits, F.one_hot(target, 5).float())',
  'F.kl_div(F.log_softmax(logits, 1), F.softmax(logits * 2, 1).detach(), reduction="batchmean")',
  'F.kl_div(F.log_softmax(logits, 1), F.softmax(logits * 2, 1), reduction="sum")',
  'F.nll_loss(F.log_softmax(logits, 1), target, weight=torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]), ignore_index=3)',
  'F.cross_entropy(logits, F.softmax(logits, 1).detach(), label_smoothing=0.2)',
  'F.cosine_similarity(logits, logits * 2 + 1).mean()',
  'F.normalize(logits, dim=1).pow(3).mean()',
  '(logits.argmax(1) == target).float().mean() * logits.mean()',
  'logits.detach().max() * logits.mean()',
  'torch.isfinite(logits).float().mul(logits).mean()',
  'torch.logical_not(target == 1).float().mul(logits.mean(1)).mean()',
  '((target > 0) & (target < 3)).float().mul(logits.mean(1)).sum()',
  '((target == 0) | (target == 3)).sum() * logits.mean()',
  '(~(target >= 2)).sum() / 3 * logits.mean()',
  'target.float().mean() * logits.mean()',
  '(target * 2 + 1).float().mul(logits.mean(1)).sum()',
  '(target / 2).mul(logits.mean(1)).sum()',
  'torch.count_nonzero(target) * logits.mean()',
  'logits.mean() * (target == 1).any().float()',
];

/** Writes into tensors; each leaves `x` to be summed. */
const writes: readonly string[] = [
  'x = logits * 2\n    x[:, 1] = 0\n',
  'x = logits * 2\n    x[:, 1:3] *= 3\n',
  'x = logits * 2\n    x[target == 1] = 0.5\n',
  'x = logits * 2\n    x[logits > 0] = 0.5\n',
  'x = logits * 2\n    x[torch.arange(x.size(0)), target] = 0.25\n',
  'x = logits * 2\n    x.t()[2] = 7\n',
  'x = logits * 2\n    x.add_(logits).mul_(2).clamp_(min=-3)\n',
  'x = torch.zeros_like(logits)\n    x.copy_(logits)\n    x[:, 0].zero_()\n',
  'x = torch.zeros_like(logits)\n    x[:, 2:] = logits[:, 2:]\n    x.index_fill_(1, torch.tensor([4]), 1.0)\n',
  'x = logits.clone()\n    y = x.view(-1)\n    y.mul_(3)\n',
  'x = logits * 2\n    x.masked_fill_((target == 2).unsqueeze(1), -1.0)\n',
];

const loss = (setting: string, term: string): string => `import torch
import torch.nn.functional as F

def loss(logits, target, smoothing=0.1):
    ${setting}extra = ${term}
    return F.cross_entropy(logits, target, label_smoothing=smoothing) + 0.1 * extra
`;

const sample = {
  logits: Array.from({ length: 6 }, (_, i) => Array.from({ length: 5 }, (__, k) => Math.sin(2.3 * i + 1.7 * k * k + 0.4) * 2)),
  targets: [2, 0, 3, 1, 4, 2],
};

function assertAgrees(code: string): void {
  const { translation, feed, runs } = translated(code, 'loss.py', { classes: 5 }, [sample]);
  assert.ok(translation.code !== null, translation.note);
  const { value, gradient } = run(exported(translation.code), sample, feed);
  const own = runs[0]!.run;
  const expected = [own.value, ...own.gradient.flat()] as number[];
  [...value, ...gradient].forEach((x, i) => {
    assert.ok(
      Math.abs(x - expected[i]!) <= 1e-5 + 1.3e-6 * Math.abs(expected[i]!),
      `${i}: ${x}, not ${expected[i]!}\n${translation.code!}`,
    );
  });
}

describe('operations said in tfjs', function () {
  // The first to run loads tfjs.
  this.timeout(20_000);

  for (const term of terms) {
    it(term, () => {
      assertAgrees(loss('', term));
    });
  }
});

describe('writes said in tfjs', function () {
  // The first to run loads tfjs.
  this.timeout(20_000);

  for (const write of writes) {
    it(write.trim().replace(/\s*\n\s*/g, '; '), () => {
      assertAgrees(loss(write + '    ', 'x.pow(2).mean()'));
    });
  }

  it('refuses a smallest element that several may be: torch shares its gradient among them, tfjs gives each the whole', () => {
    const { translation } = translated(loss('', 'logits.min()'), 'loss.py', { classes: 5 }, []);
    assert.equal(translation.code, null);
    assert.match(translation.note, /its gradient is/);
  });
});
