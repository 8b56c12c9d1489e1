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

/** espnet's LabelSmoothingLoss: the divergence from targets that are 1−ε on the label, divided by the sequences or by their labels. */
export const espnetSource = `
import torch
import torch.nn as nn

class LabelSmoothingLoss(nn.Module):
    def __init__(self, size, padding_idx, smoothing, normalize_length=False, criterion=nn.KLDivLoss(reduction='none')):
        super().__init__()
        self.size, self.padding_idx, self.smoothing = size, padding_idx, smoothing
        self.normalize_length, self.criterion = normalize_length, criterion

    def forward(self, x, target):
        if x.size(2) != self.size:
            raise AssertionError
        rows, labels = x.reshape(-1, self.size), target.reshape(-1)
        ignored = labels == self.padding_idx
        with torch.no_grad():
            index = labels.masked_fill(ignored, 0).unsqueeze(1)
            soft = torch.full_like(rows, self.smoothing / (self.size - 1)).scatter_(1, index, 1.0 - self.smoothing)
        divergence = self.criterion(torch.log_softmax(rows, dim=1), soft).masked_fill(ignored.unsqueeze(1), 0)
        return divergence.sum() / ((~ignored).sum().item() if self.normalize_length else x.size(0))
`;

/** allennlp's cross entropy of sequences, averaged over sequences, over tokens, or given for each sequence. */
export const allennlpSource = `
import torch
import torch.nn.functional as F

def tiny_value_of_dtype(dtype):
    return 1e-4 if dtype == torch.float16 else 1e-13

def sequence_cross_entropy_with_logits(logits, targets, weights, average='batch', label_smoothing=None, gamma=None, alpha=None):
    if average not in (None, 'token', 'batch'):
        raise ValueError(f"Got average f{average}, expected one of None, 'token', or 'batch'")
    weights = weights.to(logits.dtype)
    others = tuple(range(1, len(weights.shape)))
    totals = weights.sum(dim=others)
    log_probabilities = F.log_softmax(logits.view(-1, logits.size(-1)), dim=-1)
    index = targets.view(-1, 1).long()
    if gamma:
        weights = weights * ((1.0 - log_probabilities.exp().gather(1, index)) ** gamma).view(*targets.size())
    if alpha is not None:
        shares = torch.tensor([1.0 - float(alpha), float(alpha)] if isinstance(alpha, (int, float)) else alpha, dtype=weights.dtype)
        weights = weights * shares.gather(0, index.view(-1)).view(*targets.size())
    if label_smoothing is not None and label_smoothing > 0.0:
        off = label_smoothing / logits.size(-1)
        soft = torch.full_like(log_probabilities, off).scatter_(-1, index, 1.0 - label_smoothing + off)
        rows = (-log_probabilities * soft).sum(-1, keepdim=True)
    else:
        rows = -log_probabilities.gather(1, index)
    rows = rows.view(*targets.size()) * weights
    tiny = tiny_value_of_dtype(rows.dtype)
    if average == 'token':
        return rows.sum() / (totals.sum() + tiny)
    sequences = rows.sum(others) / (totals + tiny)
    return sequences if average is None else sequences.sum() / ((totals > 0).sum() + tiny)
`;
