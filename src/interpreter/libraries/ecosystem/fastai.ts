/** fastai's losses, by their published formulas: they flatten what they are given and leave the rest to torch, but for the smoothing one. */
export const fastaiLossSource = `
import torch
import torch.nn as nn
import torch.nn.functional as F

class BaseLoss:
    def __init__(self, loss_cls, *args, axis=-1, flatten=True, floatify=False, is_2d=True, **kwargs):
        self.axis, self.flatten, self.floatify, self.is_2d = axis, flatten, floatify, is_2d
        self.func = loss_cls(*args, **kwargs)

    @property
    def reduction(self):
        return self.func.reduction

    @reduction.setter
    def reduction(self, value):
        self.func.reduction = value

    def __call__(self, inp, targ, **kwargs):
        inp, targ = [x.transpose(self.axis, -1).contiguous() for x in (inp, targ)]
        if self.floatify and targ.dtype != torch.float16:
            targ = targ.float()
        if targ.dtype in (torch.int8, torch.int16, torch.int32):
            targ = targ.long()
        if self.flatten:
            inp = inp.view(-1, inp.shape[-1]) if self.is_2d else inp.view(-1)
            targ = targ.view(-1)
        return self.func(inp, targ, **kwargs)

    def to(self, device):
        return self

class CrossEntropyLossFlat(BaseLoss):
    def __init__(self, *args, axis=-1, **kwargs):
        super().__init__(nn.CrossEntropyLoss, *args, axis=axis, **kwargs)

class FocalLoss(nn.Module):
    def __init__(self, gamma=2.0, weight=None, reduction='mean'):
        super().__init__()
        self.gamma, self.weight, self.reduction = gamma, weight, reduction

    def forward(self, inp, targ):
        own = F.cross_entropy(inp, targ, weight=self.weight, reduction='none')
        loss = (1 - torch.exp(-own)) ** self.gamma * own
        return loss.mean() if self.reduction == 'mean' else loss.sum() if self.reduction == 'sum' else loss

class FocalLossFlat(BaseLoss):
    def __init__(self, *args, gamma=2.0, axis=-1, **kwargs):
        super().__init__(FocalLoss, *args, gamma=gamma, axis=axis, **kwargs)

class BCEWithLogitsLossFlat(BaseLoss):
    def __init__(self, *args, axis=-1, floatify=True, thresh=0.5, **kwargs):
        if kwargs.get('pos_weight') is not None:
            kwargs['flatten'] = False
        super().__init__(nn.BCEWithLogitsLoss, *args, axis=axis, floatify=floatify, is_2d=False, **kwargs)
        self.thresh = thresh

class LabelSmoothingCrossEntropy(nn.Module):
    def __init__(self, eps=0.1, weight=None, reduction='mean'):
        super().__init__()
        self.eps, self.weight, self.reduction = eps, weight, reduction

    def forward(self, output, target):
        classes = output.size()[1]
        log_probabilities = F.log_softmax(output, dim=1)
        uniform = -log_probabilities.sum() if self.reduction == 'sum' else -log_probabilities.sum(dim=1)
        if self.reduction == 'mean':
            uniform = uniform.mean()
        own = F.nll_loss(log_probabilities, target.long(), weight=self.weight, reduction=self.reduction)
        return uniform * self.eps / classes + (1 - self.eps) * own

class LabelSmoothingCrossEntropyFlat(BaseLoss):
    def __init__(self, *args, axis=-1, **kwargs):
        super().__init__(LabelSmoothingCrossEntropy, *args, axis=axis, **kwargs)
`;

/** What \`from fastai.vision.all import *\` brings besides the losses is not known here. */
export const fastaiAllSource = `
from fastai.losses import *
from fastai.losses import torch, nn, F
`;
