/**
 * The functions of torch.nn.functional that torch itself defines by others: losses over other functions, and layers without state.
 * Formulas as in torch's documentation of each.
 */
export const functionalSource = `
import warnings
import torch
from torch.nn import _reduction as _Reduction
from torch.nn.functional import pairwise_distance

_legacy_reduction = _Reduction.legacy_get_string

def _chosen(size_average, reduce, reduction):
    if size_average is None and reduce is None:
        return reduction
    return _legacy_reduction(size_average, reduce)

def _reduced(loss, reduction):
    if reduction == 'none':
        return loss
    if reduction in ('mean', 'elementwise_mean'):
        return loss.mean()
    if reduction == 'sum':
        return loss.sum()
    raise ValueError(f'{reduction} is not a valid value for reduction')

def triplet_margin_with_distance_loss(anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction='mean'):
    distance = pairwise_distance if distance_function is None else distance_function
    near = distance(anchor, positive)
    far = distance(anchor, negative)
    if swap:
        far = torch.minimum(far, distance(positive, negative))
    return _reduced((margin + near - far).clamp(min=0), reduction)

def multilabel_margin_loss(input, target, size_average=None, reduce=None, reduction='mean'):
    rows = input.unsqueeze(0) if input.dim() == 1 else input
    labels = target.unsqueeze(0) if target.dim() == 1 else target
    losses = []
    for row, marks in zip(rows, labels):
        wanted = []
        for label in marks.tolist():
            if label < 0:
                break
            wanted.append(label)
        others = [k for k in range(row.size(0)) if k not in wanted]
        total = row.sum() * 0
        for label in wanted:
            total = total + (1 - (row[label] - row[others])).clamp(min=0).sum()
        losses.append(total / row.size(0))
    loss = torch.stack(losses)
    if input.dim() == 1:
        loss = loss.squeeze(0)
    return _reduced(loss, _chosen(size_average, reduce, reduction))

def embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False):
    return weight[input]

def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    dims = tuple(range(-len(normalized_shape), 0))
    centred = input - input.mean(dims, keepdim=True)
    output = centred / ((centred * centred).mean(dims, keepdim=True) + eps).sqrt()
    if weight is not None:
        output = output * weight
    return output if bias is None else output + bias

def batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    dims = [d for d in range(input.dim()) if d != 1]
    shape = [-1 if d == 1 else 1 for d in range(input.dim())]
    if training:
        count = input.numel() // input.size(1)
        if count == 1:
            raise ValueError(f'Expected more than 1 value per channel when training, got input size {input.size()}')
        mean = input.mean(dims)
        variance = input.var(dims, unbiased=False)
        if running_mean is not None:
            with torch.no_grad():
                running_mean.mul_(1 - momentum).add_(momentum * mean)
                running_var.mul_(1 - momentum).add_(momentum * variance * count / (count - 1))
    else:
        mean, variance = running_mean, running_var
    output = (input - mean.view(shape)) / (variance.view(shape) + eps).sqrt()
    if weight is not None:
        output = output * weight.view(shape)
    return output if bias is None else output + bias.view(shape)

def gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1):
    noise = -torch.empty_like(logits).exponential_().log()
    soft = ((logits + noise) / tau).softmax(dim)
    if not hard:
        return soft
    picked = torch.zeros_like(logits).scatter_(dim, soft.max(dim, keepdim=True)[1], 1.0)
    return picked - soft.detach() + soft
`;
