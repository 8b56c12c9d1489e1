/** composer's label smoothing, by its published formulas: it smooths the targets, and the model's own loss is given them. */
export const composerSource = `
import torch
import torch.nn.functional as F

def ensure_targets_one_hot(input, targets, num_classes=None):
    if input.shape != targets.shape:
        if input.ndim != targets.ndim + 1:
            raise RuntimeError(f'Unable to infer indices or one_hot. Targets has shape {targets.shape} and the inputs to cross entropy has shape {input.shape}.')
        targets = F.one_hot(targets.long(), input.shape[1] if num_classes is None else num_classes).movedim(-1, 1)
    return targets.float()

def smooth_labels(logits, target, smoothing=0.1):
    return ensure_targets_one_hot(logits, target) * (1.0 - smoothing) + smoothing / logits.shape[1]

def soft_cross_entropy(input, target, weight=None, ignore_index=-100, reduction='mean'):
    if input.shape != target.shape:
        return F.cross_entropy(input, target, weight=weight, ignore_index=ignore_index, reduction=reduction)
    rows = -(target * F.log_softmax(input, dim=1))
    if weight is not None:
        rows = (rows.movedim(1, -1) * weight).movedim(-1, 1)
    rows = rows.sum(dim=1)
    if reduction == 'sum':
        return rows.sum()
    # Rows with less than their whole probability, which are ignored, count for as much as they have.
    return rows.mean() * (rows.numel() / target.sum()) if reduction == 'mean' else rows

def smoothed_cross_entropy(input, target, smoothing=0.1):
    return soft_cross_entropy(input, smooth_labels(input, target, smoothing))

class LabelSmoothing:
    def __init__(self, smoothing=0.1, target_key=1):
        self.smoothing = smoothing
        self.target_key = target_key
`;
