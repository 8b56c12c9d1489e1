"""Three ways to write label smoothing. They look alike; run "Inspect loss" on each to see where they differ."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class ScatteredTargets(nn.Module):
    """Spreads epsilon over the other K - 1 classes."""

    def __init__(self, num_classes: int, smoothing: float = 0.1):
        super().__init__()
        self.num_classes = num_classes
        self.smoothing = smoothing

    def forward(self, logits, target):
        log_probs = F.log_softmax(logits, dim=-1)
        with torch.no_grad():
            smoothed = torch.full_like(log_probs, self.smoothing / (self.num_classes - 1))
            smoothed.scatter_(1, target.unsqueeze(1), 1.0 - self.smoothing)
        return -(smoothed * log_probs).sum(dim=-1).mean()


class MixedWithUniform(nn.Module):
    """Spreads epsilon over all K classes, the target's included."""

    def __init__(self, smoothing: float = 0.1):
        super().__init__()
        self.smoothing = smoothing

    def forward(self, logits, target):
        log_probs = F.log_softmax(logits, dim=-1)
        nll = -log_probs.gather(dim=-1, index=target.unsqueeze(1)).squeeze(1)
        uniform = -log_probs.mean(dim=-1)
        return ((1.0 - self.smoothing) * nll + self.smoothing * uniform).mean()


def divergence(logits, target, smoothing=0.1):
    """The same targets as ScatteredTargets, seen by KLDivLoss. Its 'mean' is not the mean over the batch."""
    classes = logits.size(1)
    smoothed = torch.full_like(logits, smoothing / (classes - 1))
    smoothed.scatter_(1, target.unsqueeze(1), 1.0 - smoothing)
    return F.kl_div(F.log_softmax(logits, dim=1), smoothed, reduction="mean")
