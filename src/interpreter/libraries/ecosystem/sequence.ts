/** Label smoothing of the sequence toolkits: transformers' LabelSmoother and fairseq's criterion, by their published formulas. */
export const labelSmootherSource = `
from dataclasses import dataclass
import torch
import torch.nn as nn

@dataclass
class LabelSmoother:
    epsilon: float = 0.1
    ignore_index: int = -100

    def __call__(self, model_output, labels, shift_labels=False):
        logits = model_output['logits'] if isinstance(model_output, dict) else model_output[0]
        if shift_labels:
            logits = logits[..., :-1, :].contiguous()
            labels = labels[..., 1:].contiguous()
        surprisal = -nn.functional.log_softmax(logits, dim=-1)
        if labels.dim() == surprisal.dim() - 1:
            labels = labels.unsqueeze(-1)
        ignored = labels.eq(self.ignore_index)
        # Ignored labels may be out of range for gather.
        labels = torch.clamp(labels, min=0)
        own = surprisal.gather(dim=-1, index=labels).masked_fill(ignored, 0.0)
        uniform = surprisal.sum(dim=-1, keepdim=True, dtype=torch.float32).masked_fill(ignored, 0.0)
        active = ignored.numel() - ignored.long().sum()
        return (1 - self.epsilon) * (own.sum() / active) + self.epsilon * (uniform.sum() / (active * surprisal.shape[-1]))
`;

export const fairseqSource = `
import torch

def label_smoothed_nll_loss(lprobs, target, epsilon, ignore_index=None, reduce=True):
    if target.dim() == lprobs.dim() - 1:
        target = target.unsqueeze(-1)
    own = -lprobs.gather(dim=-1, index=target)
    uniform = -lprobs.sum(dim=-1, keepdim=True)
    if ignore_index is not None:
        ignored = target.eq(ignore_index)
        own = own.masked_fill(ignored, 0.0)
        uniform = uniform.masked_fill(ignored, 0.0)
    else:
        own = own.squeeze(-1)
        uniform = uniform.squeeze(-1)
    if reduce:
        own = own.sum()
        uniform = uniform.sum()
    share = epsilon / (lprobs.size(-1) - 1)
    loss = (1.0 - epsilon - share) * own + share * uniform
    return loss, own
`;

export const normalDistributionSource = `
import math
import numpy as np

def pdf(x, loc=0, scale=1):
    z = (np.asarray(x, dtype=np.float64) - loc) / scale
    return np.exp(-0.5 * z ** 2) / (math.sqrt(2 * math.pi) * scale)

def logpdf(x, loc=0, scale=1):
    z = (np.asarray(x, dtype=np.float64) - loc) / scale
    return -0.5 * z ** 2 - math.log(math.sqrt(2 * math.pi)) - np.log(scale)
`;
