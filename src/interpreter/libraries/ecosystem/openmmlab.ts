/** LabelSmoothLoss of OpenMMLab's classification packages, by its published formulas: three ways of smoothing, told by its mode. */
import type { ModuleSource } from '../../library';

const lossSource = `
import torch
import torch.nn as nn
import torch.nn.functional as F

def _reduced(loss, weight, reduction, avg_factor):
    if weight is not None:
        loss = loss * weight
    if avg_factor is None:
        return loss.mean() if reduction == 'mean' else loss.sum() if reduction == 'sum' else loss
    if reduction == 'mean':
        return loss.sum() / avg_factor
    if reduction != 'none':
        raise ValueError('avg_factor can not be used with reduction="sum"')
    return loss

class CrossEntropyLoss(nn.Module):
    def __init__(self, use_sigmoid=False, use_soft=False, reduction='mean', loss_weight=1.0, class_weight=None, pos_weight=None):
        super().__init__()
        assert not (use_soft and use_sigmoid), 'use_sigmoid and use_soft could not be set simultaneously'
        self.use_sigmoid, self.use_soft = use_sigmoid, use_soft
        self.reduction, self.loss_weight = reduction, loss_weight
        self.class_weight, self.pos_weight = class_weight, pos_weight

    def forward(self, cls_score, label, weight=None, avg_factor=None, reduction_override=None, **kwargs):
        class_weight = None if self.class_weight is None else cls_score.new_tensor(self.class_weight)
        if weight is not None:
            weight = weight.float()
        if self.use_sigmoid:
            pos_weight = None if self.pos_weight is None else cls_score.new_tensor(self.pos_weight)
            loss = F.binary_cross_entropy_with_logits(cls_score, label.float(), weight=class_weight, pos_weight=pos_weight, reduction='none')
            weight = weight.reshape(-1, 1) if weight is not None and cls_score.dim() > 1 else weight
        elif self.use_soft:
            loss = -label * F.log_softmax(cls_score, dim=-1)
            if class_weight is not None:
                loss = loss * class_weight
            loss = loss.sum(dim=-1)
        else:
            loss = F.cross_entropy(cls_score, label, weight=class_weight, reduction='none')
        return self.loss_weight * _reduced(loss, weight, reduction_override or self.reduction, avg_factor)

class LabelSmoothLoss(nn.Module):
    def __init__(self, label_smooth_val, num_classes=None, use_sigmoid=None, mode='original', reduction='mean', loss_weight=1.0, class_weight=None, pos_weight=None):
        super().__init__()
        assert isinstance(label_smooth_val, float) and 0 <= label_smooth_val < 1, f'LabelSmoothLoss accepts a float label_smooth_val over [0, 1), but gets {label_smooth_val}'
        assert mode in ('original', 'classy_vision', 'multi_label'), f'LabelSmoothLoss supports other modes than {mode}'
        self.num_classes, self.loss_weight, self.mode, self.reduction = num_classes, loss_weight, mode, reduction
        self.label_smooth_val = label_smooth_val
        self._eps = label_smooth_val / (1 + label_smooth_val) if mode == 'classy_vision' else label_smooth_val
        use_sigmoid = mode == 'multi_label' if use_sigmoid is None else use_sigmoid
        self.ce = CrossEntropyLoss(use_sigmoid=use_sigmoid, use_soft=not use_sigmoid, reduction=reduction, class_weight=class_weight, pos_weight=pos_weight)

    def generate_one_hot_like_label(self, label):
        if label.dim() == 1 or (label.dim() == 2 and label.shape[1] == 1):
            label = F.one_hot(label.view(-1).long(), self.num_classes)
        return label.float()

    def smooth_label(self, label):
        if self.mode == 'multi_label':
            return torch.full_like(label, self._eps).masked_fill(label > 0, 1 - self._eps)
        return label * (1 - self._eps) + self._eps / self.num_classes

    def forward(self, cls_score, label, weight=None, avg_factor=None, reduction_override=None, **kwargs):
        if self.num_classes is None:
            self.num_classes = cls_score.shape[1]
        assert self.num_classes == cls_score.shape[1], f'num_classes should equal to cls_score.shape[1], but got num_classes: {self.num_classes} and cls_score.shape[1]: {cls_score.shape[1]}'
        label = self.generate_one_hot_like_label(label)
        assert label.shape == cls_score.shape, f'LabelSmoothLoss requires output and target to be same shape, but got output.shape: {cls_score.shape} and target.shape: {label.shape}'
        return self.loss_weight * self.ce(cls_score, self.smooth_label(label), weight=weight, avg_factor=avg_factor, reduction_override=reduction_override, **kwargs)
`;

const buildSource = (root: string): string => `
from mmengine.registry import MODELS
from mmengine.registry._registry import Registry as _Registry
from ${root}.models.losses import CrossEntropyLoss, LabelSmoothLoss

LOSSES = _Registry('loss', _is_own=False)
LOSSES.register_module(module=LabelSmoothLoss)
LOSSES.register_module(module=CrossEntropyLoss)

def build_loss(cfg):
    return LOSSES.build(cfg)
`;

export const labelSmoothLossModules = (root: 'mmpretrain' | 'mmcls'): Readonly<Record<string, ModuleSource>> => ({
  [root]: {},
  [`${root}.models`]: { prelude: buildSource(root) },
  [`${root}.models.builder`]: { sameAs: `${root}.models` },
  [`${root}.models.losses`]: { prelude: lossSource },
  [`${root}.models.losses.label_smooth_loss`]: { sameAs: `${root}.models.losses` },
});
