/** mlx.nn's losses, by their published formulas, in the Python that this interpreter runs. */
export const mlxLossSource = `
import mlx.core as mx
import mlx.nn as nn

def _reduce(loss, reduction):
    if reduction not in ('none', 'mean', 'sum'):
        raise ValueError("Invalid reduction. Must be one of ('none', 'mean', 'sum').")
    return mx.mean(loss) if reduction == 'mean' else mx.sum(loss) if reduction == 'sum' else loss

def _weighted(loss, weights):
    if weights is None:
        return loss
    if weights.shape != loss.shape:
        raise ValueError(f'Weights with shape {weights.shape} is not the same as output loss with shape {loss.shape}.')
    return loss * weights

def cross_entropy(logits, targets, weights=None, axis=-1, label_smoothing=0.0, reduction='none'):
    if label_smoothing < 0 or label_smoothing >= 1:
        raise ValueError(f'Label smoothing must in [0, 1), got {label_smoothing}.')
    isDistribution = targets.ndim == logits.ndim
    wanted = [size for at, size in enumerate(logits.shape) if isDistribution or at != axis % logits.ndim]
    if list(targets.shape) != wanted:
        raise ValueError(f'Targets shape {targets.shape} does not match logits shape {logits.shape}.')
    if isDistribution:
        score = mx.sum(logits * targets, axis=axis)
    else:
        score = mx.squeeze(mx.take_along_axis(logits, mx.expand_dims(targets, axis), axis), axis)
    loss = mx.logsumexp(logits, axis=axis) - (1 - label_smoothing) * score
    if label_smoothing > 0:
        loss = loss - label_smoothing * mx.mean(logits, axis=axis)
    return _reduce(_weighted(loss, weights), reduction)

def binary_cross_entropy(inputs, targets, weights=None, with_logits=True, reduction='mean'):
    if inputs.shape != targets.shape:
        raise ValueError(f'Inputs shape {inputs.shape} does not match targets shape {targets.shape}.')
    if with_logits:
        loss = mx.logaddexp(0.0, inputs) - inputs * targets
    else:
        loss = -(targets * mx.clip(mx.log(inputs), -100, None) + (1 - targets) * mx.clip(mx.log(1 - inputs), -100, None))
    return _reduce(_weighted(loss, weights), reduction)

def nll_loss(inputs, targets, axis=-1, reduction='none'):
    return _reduce(-mx.squeeze(mx.take_along_axis(inputs, mx.expand_dims(targets, axis), axis), axis), reduction)

def kl_div_loss(inputs, targets, axis=-1, reduction='none'):
    return _reduce(mx.sum(mx.exp(targets) * (targets - inputs), axis), reduction)

def mse_loss(predictions, targets, reduction='mean'):
    return _reduce(mx.square(predictions - targets), reduction)
`;

/** Modules hold their fields and are called; their layers are not interpreted. */
export const mlxNnSource = `
import mlx.nn.losses as losses
from _outside import untold as _untold

class Module:
    def __init__(self):
        pass

    # What else it has is the framework's own, which is not here.
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return _untold(f'mlx.nn.Module.{name}')
`;
