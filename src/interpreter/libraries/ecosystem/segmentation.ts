/** SoftCrossEntropyLoss and SoftBCEWithLogitsLoss of pytorch-toolbelt and segmentation-models-pytorch, by their published formulas. */
export const softLossSource = `
import torch
import torch.nn as nn
import torch.nn.functional as F

def _reduced(loss, reduction):
    return loss.mean() if reduction == 'mean' else loss.sum() if reduction == 'sum' else loss

def label_smoothed_nll_loss(lprobs, target, epsilon, ignore_index=None, reduction='mean', dim=-1):
    if target.dim() == lprobs.dim() - 1:
        target = target.unsqueeze(dim)
    ignored = None if ignore_index is None else target.eq(ignore_index)
    # Ignored labels may be out of range for gather.
    index = target if ignored is None else target.masked_fill(ignored, 0)
    own = -lprobs.gather(dim=dim, index=index)
    uniform = -lprobs.sum(dim=dim, keepdim=True)
    if ignored is None:
        own, uniform = own.squeeze(dim), uniform.squeeze(dim)
    else:
        own, uniform = own.masked_fill(ignored, 0.0), uniform.masked_fill(ignored, 0.0)
    # The mean is over all rows, those that are ignored included.
    return (1.0 - epsilon) * _reduced(own, reduction) + epsilon / lprobs.size(dim) * _reduced(uniform, reduction)

class SoftBCEWithLogitsLoss(nn.Module):
    def __init__(self, weight=None, ignore_index=-100, reduction='mean', smooth_factor=None, pos_weight=None):
        super().__init__()
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.smooth_factor = smooth_factor
        self.register_buffer('weight', weight)
        self.register_buffer('pos_weight', pos_weight)

    def forward(self, input, target):
        soft = target if self.smooth_factor is None else (1 - target) * self.smooth_factor + target * (1 - self.smooth_factor)
        loss = F.binary_cross_entropy_with_logits(input, soft.type_as(input), self.weight, pos_weight=self.pos_weight, reduction='none')
        if self.ignore_index is not None:
            loss = loss * (target != self.ignore_index).type_as(loss)
        return _reduced(loss, self.reduction)
`;

/** The two packages give the factor another default: the one smooths nothing, the other has to be told. */
export const softCrossEntropySource = (usual: '0.0' | 'None'): string => `${softLossSource}
class SoftCrossEntropyLoss(nn.Module):
    def __init__(self, reduction='mean', smooth_factor=${usual}, ignore_index=-100, dim=1):
        super().__init__()
        self.reduction = reduction
        self.smooth_factor = smooth_factor
        self.ignore_index = ignore_index
        self.dim = dim

    def forward(self, input, target):
        return label_smoothed_nll_loss(F.log_softmax(input, dim=self.dim), target, epsilon=self.smooth_factor, ignore_index=self.ignore_index, reduction=self.reduction, dim=self.dim)
`;
