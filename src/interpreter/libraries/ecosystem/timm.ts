/** timm.loss and the target functions of timm.data.mixup, by their published formulas, in Python the interpreter runs. */
export const timmLossSource = `
import torch
import torch.nn as nn
import torch.nn.functional as F

class LabelSmoothingCrossEntropy(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        assert smoothing < 1.0
        self.smoothing = smoothing
        self.confidence = 1.0 - smoothing

    def forward(self, x, target):
        log_probabilities = F.log_softmax(x, dim=-1)
        own = -log_probabilities.gather(dim=-1, index=target.unsqueeze(1)).squeeze(1)
        uniform = -log_probabilities.mean(dim=-1)
        return (self.confidence * own + self.smoothing * uniform).mean()

class SoftTargetCrossEntropy(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x, target):
        return torch.sum(-target * F.log_softmax(x, dim=-1), dim=-1).mean()

class BinaryCrossEntropy(nn.Module):
    def __init__(self, smoothing=0.1, target_threshold=None, weight=None, reduction='mean', sum_classes=False, pos_weight=None):
        super().__init__()
        assert 0.0 <= smoothing < 1.0
        if pos_weight is not None and not isinstance(pos_weight, torch.Tensor):
            pos_weight = torch.tensor(pos_weight)
        self.smoothing = smoothing
        self.target_threshold = target_threshold
        self.reduction = 'none' if sum_classes else reduction
        self.sum_classes = sum_classes
        self.register_buffer('weight', weight)
        self.register_buffer('pos_weight', pos_weight)

    def forward(self, x, target):
        assert x.shape[0] == target.shape[0]
        if target.shape != x.shape:
            classes = x.shape[-1]
            off_value = self.smoothing / classes
            on_value = 1.0 - self.smoothing + off_value
            labels = target.long().view(-1, 1)
            target = torch.full((x.shape[0], classes), off_value, dtype=x.dtype).scatter_(1, labels, on_value)
        if self.target_threshold is not None:
            target = target.gt(self.target_threshold).to(dtype=target.dtype)
        loss = F.binary_cross_entropy_with_logits(x, target, self.weight, pos_weight=self.pos_weight, reduction=self.reduction)
        return loss.sum(-1).mean() if self.sum_classes else loss

class JsdCrossEntropy(nn.Module):
    def __init__(self, num_splits=3, alpha=12, smoothing=0.1):
        super().__init__()
        self.num_splits = num_splits
        self.alpha = alpha
        if smoothing is not None and smoothing > 0:
            self.cross_entropy_loss = LabelSmoothingCrossEntropy(smoothing)
        else:
            self.cross_entropy_loss = nn.CrossEntropyLoss()

    def __call__(self, output, target):
        split_size = output.shape[0] // self.num_splits
        assert split_size * self.num_splits == output.shape[0]
        parts = torch.split(output, split_size)
        loss = self.cross_entropy_loss(parts[0], target[:split_size])
        probabilities = [F.softmax(part, dim=1) for part in parts]
        log_mixture = torch.clamp(torch.stack(probabilities).mean(dim=0), 1e-7, 1).log()
        divergences = [F.kl_div(log_mixture, p, reduction='batchmean') for p in probabilities]
        return loss + self.alpha * sum(divergences) / len(divergences)

class AsymmetricLossMultiLabel(nn.Module):
    def __init__(self, gamma_neg=4, gamma_pos=1, clip=0.05, eps=1e-8, disable_torch_grad_focal_loss=False):
        super().__init__()
        self.gamma_neg = gamma_neg
        self.gamma_pos = gamma_pos
        self.clip = clip
        self.eps = eps
        self.disable_torch_grad_focal_loss = disable_torch_grad_focal_loss

    def forward(self, x, y):
        positive = torch.sigmoid(x)
        negative = 1 - positive
        if self.clip is not None and self.clip > 0:
            negative = (negative + self.clip).clamp(max=1)
        loss = y * torch.log(positive.clamp(min=self.eps)) + (1 - y) * torch.log(negative.clamp(min=self.eps))
        if self.gamma_neg > 0 or self.gamma_pos > 0:
            with torch.set_grad_enabled(not self.disable_torch_grad_focal_loss):
                likelihood = positive * y + negative * (1 - y)
                focus = torch.pow(1 - likelihood, self.gamma_pos * y + self.gamma_neg * (1 - y))
            loss = loss * focus
        return -loss.sum()

class AsymmetricLossSingleLabel(nn.Module):
    def __init__(self, gamma_pos=1, gamma_neg=4, eps=0.1, reduction='mean'):
        super().__init__()
        self.eps = eps
        self.logsoftmax = nn.LogSoftmax(dim=-1)
        self.gamma_pos = gamma_pos
        self.gamma_neg = gamma_neg
        self.reduction = reduction

    def forward(self, inputs, target, reduction=None):
        classes = inputs.size()[-1]
        log_probabilities = self.logsoftmax(inputs)
        own = torch.zeros_like(inputs).scatter_(1, target.long().unsqueeze(1), 1)
        other = 1 - own
        positive = torch.exp(log_probabilities) * own
        negative = (1 - torch.exp(log_probabilities)) * other
        focus = torch.pow(1 - positive - negative, self.gamma_pos * own + self.gamma_neg * other)
        smoothed = own * (1 - self.eps) + self.eps / classes if self.eps > 0 else own
        loss = -(smoothed * log_probabilities * focus).sum(dim=-1)
        return loss.mean() if self.reduction == 'mean' else loss
`;

export const timmMixupSource = `
import torch

def one_hot(x, num_classes, on_value=1.0, off_value=0.0, device=None):
    labels = x.long().view(-1, 1)
    return torch.full((labels.size()[0], num_classes), off_value, device=x.device).scatter_(1, labels, on_value)

def mixup_target(target, num_classes, lam=1.0, smoothing=0.0, device=None):
    off_value = smoothing / num_classes
    on_value = 1.0 - smoothing + off_value
    first = one_hot(target, num_classes, on_value=on_value, off_value=off_value)
    second = one_hot(target.flip(0), num_classes, on_value=on_value, off_value=off_value)
    return first * lam + second * (1.0 - lam)

def smoothed_cross_entropy(x, target, smoothing=0.0):
    return torch.sum(-mixup_target(target, x.shape[-1], 1.0, smoothing) * torch.log_softmax(x, dim=-1), dim=-1).mean()
`;
