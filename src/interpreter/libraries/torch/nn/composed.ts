/**
 * The functions of torch.nn.functional that torch itself defines by others: losses over pairs and margins, and small
 * helpers. Formulas as in torch's documentation of each loss.
 */
export const functionalSource = `
import math
import warnings
import torch

def _legacy_reduction(size_average, reduce, emit_warning=True):
    average = True if size_average is None else size_average
    reduces = True if reduce is None else reduce
    if average and reduces:
        name = 'mean'
    elif reduces:
        name = 'sum'
    else:
        name = 'none'
    if emit_warning:
        warnings.warn(f"size_average and reduce args will be deprecated, please use reduction='{name}' instead.")
    return name

def _chosen(size_average, reduce, reduction):
    if size_average is None and reduce is None:
        return reduction
    return _legacy_reduction(size_average, reduce)

def _reduced(loss, reduction):
    if reduction == 'none':
        return loss
    if reduction == 'mean':
        return loss.mean()
    if reduction == 'sum':
        return loss.sum()
    raise ValueError(f'{reduction} is not a valid value for reduction')

def _same_sizes(input, target):
    if target.shape != input.shape:
        warnings.warn(f'Using a target size ({target.size()}) that is different to the input size ({input.size()}). '
                      'This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.')

def mse_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None):
    _same_sizes(input, target)
    loss = (input - target) ** 2
    if weight is not None:
        loss = loss * weight
        if _chosen(size_average, reduce, reduction) == 'mean':
            return loss.sum() / weight.expand_as(loss).sum()
    return _reduced(loss, _chosen(size_average, reduce, reduction))

def l1_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None):
    _same_sizes(input, target)
    loss = (input - target).abs()
    if weight is not None:
        loss = loss * weight
        if _chosen(size_average, reduce, reduction) == 'mean':
            return loss.sum() / weight.expand_as(loss).sum()
    return _reduced(loss, _chosen(size_average, reduce, reduction))

def smooth_l1_loss(input, target, size_average=None, reduce=None, reduction='mean', beta=1.0):
    _same_sizes(input, target)
    if beta < 0:
        raise RuntimeError('smooth_l1_loss does not support negative values for beta.')
    if beta == 0:
        return l1_loss(input, target, size_average, reduce, reduction)
    distance = (input - target).abs()
    loss = torch.where(distance < beta, 0.5 * distance ** 2 / beta, distance - 0.5 * beta)
    return _reduced(loss, _chosen(size_average, reduce, reduction))

def huber_loss(input, target, reduction='mean', delta=1.0, weight=None):
    _same_sizes(input, target)
    if delta <= 0:
        raise RuntimeError('huber_loss does not support non-positive values for delta.')
    distance = (input - target).abs()
    loss = torch.where(distance <= delta, 0.5 * distance ** 2, delta * (distance - 0.5 * delta))
    if weight is not None:
        loss = loss * weight
        if reduction == 'mean':
            return loss.sum() / weight.expand_as(loss).sum()
    return _reduced(loss, reduction)

def poisson_nll_loss(input, target, log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction='mean'):
    if log_input:
        loss = input.exp() - target * input
    else:
        loss = input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
        loss = loss + stirling.masked_fill(target <= 1, 0)
    return _reduced(loss, _chosen(size_average, reduce, reduction))

def gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction='mean'):
    if not isinstance(var, torch.Tensor):
        var = torch.full_like(input, var)
    if var.size() != input.size():
        if input.size()[:-1] == var.size():
            var = var.unsqueeze(-1)
        elif input.ndim == var.ndim and input.size()[:-1] == var.size()[:-1] and var.size(-1) == 1:
            pass
        elif sum(1 for a, b in zip(reversed(input.size()), reversed(var.size())) if a != b and b != 1) > 0:
            raise ValueError('var is of incorrect size')
    if reduction not in ('none', 'mean', 'sum'):
        raise ValueError(reduction + ' is not valid')
    if (var < 0).any():
        raise ValueError('var has negative entry/entries')
    floor = var.detach().clamp(min=eps)
    var = var + (floor - var.detach())
    loss = 0.5 * (var.log() + (input - target) ** 2 / var)
    if full:
        loss = loss + 0.5 * math.log(2 * math.pi)
    return _reduced(loss, reduction)

def soft_margin_loss(input, target, size_average=None, reduce=None, reduction='mean'):
    return _reduced((-target * input).exp().log1p(), _chosen(size_average, reduce, reduction))

def hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction='mean'):
    apart = torch.where(target != 1, (margin - input).clamp(min=0), 0.0)
    close = torch.where(target != -1, input, 0.0)
    return _reduced(apart + close, _chosen(size_average, reduce, reduction))

def margin_ranking_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean'):
    if input1.dim() != input2.dim() or input1.dim() != target.dim():
        raise RuntimeError(f'margin_ranking_loss : All input tensors should have same dimension but got sizes: '
                           f'input1: {input1.size()}, input2: {input2.size()}, target: {target.size()} ')
    return _reduced((-target * (input1 - input2) + margin).clamp(min=0), _chosen(size_average, reduce, reduction))

def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    x1, x2 = torch.broadcast_tensors(x1, x2)
    length1 = x1.norm(dim=dim, keepdim=True)
    length2 = x2.norm(dim=dim, keepdim=True)
    return ((x1 / length1.clamp(min=eps)) * (x2 / length2.clamp(min=eps))).sum(dim)

def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    return (x1 - x2 + eps).norm(p, dim=-1, keepdim=keepdim)

def cosine_embedding_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean'):
    along = 0 if target.dim() == 0 else 1
    product = (input1 * input2).sum(along)
    square1 = (input1 * input1).sum(along) + 1e-12
    square2 = (input2 * input2).sum(along) + 1e-12
    cosine = product / (square1 * square2).sqrt()
    zeros = torch.zeros_like(cosine)
    same = torch.where(target == 1, 1 - cosine, zeros)
    other = torch.where(target == -1, (cosine - margin).clamp(min=0), zeros)
    return _reduced(same + other, _chosen(size_average, reduce, reduction))

def triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-6, swap=False, size_average=None, reduce=None, reduction='mean'):
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = torch.minimum(far, pairwise_distance(positive, negative, p, eps))
    return _reduced((margin + near - far).clamp(min=0), _chosen(size_average, reduce, reduction))

def triplet_margin_with_distance_loss(anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction='mean'):
    distance = pairwise_distance if distance_function is None else distance_function
    near = distance(anchor, positive)
    far = distance(anchor, negative)
    if swap:
        far = torch.minimum(far, distance(positive, negative))
    return _reduced((margin + near - far).clamp(min=0), reduction)

def multilabel_soft_margin_loss(input, target, weight=None, size_average=None, reduce=None, reduction='mean'):
    loss = -(target * torch.nn.functional.logsigmoid(input) + (1 - target) * torch.nn.functional.logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return _reduced(loss.sum(dim=-1) / input.size(-1), _chosen(size_average, reduce, reduction))

def multi_margin_loss(input, target, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean'):
    if p != 1 and p != 2:
        raise ValueError('only p == 1 and p == 2 supported')
    rows = input.unsqueeze(0) if input.dim() == 1 else input
    labels = target.reshape(-1)
    own = rows.gather(1, labels.unsqueeze(1))
    loss = (margin - own + rows).clamp(min=0) ** p
    if weight is not None:
        loss = loss * weight[labels].unsqueeze(1)
    loss = loss.masked_fill(torch.nn.functional.one_hot(labels, rows.size(1)).bool(), 0).sum(1) / rows.size(1)
    if input.dim() == 1:
        loss = loss.squeeze(0)
    return _reduced(loss, _chosen(size_average, reduce, reduction))

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

def linear(input, weight, bias=None):
    output = input @ weight.t()
    return output if bias is None else output + bias

def embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False):
    return weight[input]

def normalize(input, p=2.0, dim=1, eps=1e-12):
    return input / input.norm(p, dim, keepdim=True).clamp_min(eps)

def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    dims = tuple(range(-len(normalized_shape), 0))
    centred = input - input.mean(dims, keepdim=True)
    output = centred / ((centred * centred).mean(dims, keepdim=True) + eps).sqrt()
    if weight is not None:
        output = output * weight
    return output if bias is None else output + bias

def gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1):
    noise = -torch.empty_like(logits).exponential_().log()
    soft = ((logits + noise) / tau).softmax(dim)
    if not hard:
        return soft
    picked = torch.zeros_like(logits).scatter_(dim, soft.max(dim, keepdim=True)[1], 1.0)
    return picked - soft.detach() + soft
`;
