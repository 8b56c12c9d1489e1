/** Paddle's losses, by their published formulas, and its modules, in the Python that this interpreter runs. */
export const paddleFunctionalSource = `
import paddle
from _outside import untold as _untold

def _reduced(loss, reduction):
    if reduction not in ('sum', 'mean', 'none'):
        raise ValueError(f"The value of 'reduction' should be 'sum', 'mean' or 'none', but received {reduction}, which is not allowed.")
    return paddle.mean(loss) if reduction == 'mean' else paddle.sum(loss) if reduction == 'sum' else loss

def label_smooth(label, prior_dist=None, epsilon=0.1, name=None):
    if epsilon > 1.0 or epsilon < 0.0:
        raise ValueError('The value of epsilon must be between 0 and 1.')
    prior = 1.0 / label.shape[-1] if prior_dist is None else prior_dist
    return (1 - epsilon) * label + epsilon * prior

def cross_entropy(input, label, weight=None, ignore_index=-100, reduction='mean', soft_label=False, axis=-1, use_softmax=True, label_smoothing=0.0, name=None):
    if reduction not in ('sum', 'mean', 'none'):
        raise ValueError(f"The value of 'reduction' in softmax_cross_entropy should be 'sum', 'mean' or 'none', but received {reduction}, which is not allowed.")
    if ignore_index > 0 and soft_label:
        raise ValueError(f"When soft_label == True, the value of 'ignore_index' in softmax_cross_entropy should be '-100', but received {ignore_index}, which is not allowed.")
    rank = len(input.shape)
    if len(label.shape) not in (rank - 1, rank):
        raise ValueError(f'Expected input_dims - 1 = label_dims or input_dims == label_dims (got input_dims{rank}, label_dims{len(label.shape)})')
    without_axis = len(label.shape) == rank - 1
    log_probabilities = log_softmax(input, axis=axis) if use_softmax else paddle.log(input)
    if label_smoothing > 0.0:
        if axis not in (-1, rank - 1):
            return _untold('paddle cross_entropy with label_smoothing along another axis than the last')
        if not soft_label:
            index = label if without_axis else paddle.squeeze(label, axis)
            if bool(paddle.any(index == ignore_index)):
                return _untold('paddle cross_entropy with label_smoothing and ignored labels')
            label = one_hot(index, input.shape[-1])
        label = label_smooth(label, epsilon=label_smoothing)
        soft_label = True
    if soft_label:
        if label.shape != input.shape:
            raise ValueError(f'Input(Logits) and Input(Label) should have the same shape (got {input.shape} and {label.shape})')
        rows = -paddle.sum(label * log_probabilities, axis=axis)
        weights = None if weight is None else paddle.sum(label * weight, axis=axis)
        ignored = None
    else:
        index = label if without_axis else paddle.squeeze(label, axis)
        ignored = index == ignore_index
        index = paddle.where(ignored, paddle.zeros_like(index), index)
        rows = -paddle.squeeze(paddle.take_along_axis(log_probabilities, paddle.unsqueeze(index, axis), axis), axis)
        weights = None if weight is None else paddle.reshape(paddle.gather(weight, index), index.shape)
        kept = 1.0 - paddle.cast(ignored, 'float32')
        rows = rows * kept
        weights = None if weights is None else weights * kept
    if weights is not None:
        rows = rows * weights
    if reduction == 'sum':
        return paddle.sum(rows)
    if reduction == 'none':
        return rows if without_axis else paddle.unsqueeze(rows, axis)
    if weights is not None:
        return paddle.sum(rows) / paddle.sum(weights)
    # Labels that are ignored by a negative number count all the same.
    return paddle.sum(rows) / paddle.sum(kept) if ignored is not None and ignore_index >= 0 else paddle.mean(rows)

def softmax_with_cross_entropy(logits, label, soft_label=False, ignore_index=-100, numeric_stable_mode=True, return_softmax=False, axis=-1):
    loss = cross_entropy(logits, label, ignore_index=ignore_index, reduction='none', soft_label=soft_label, axis=axis)
    loss = loss if len(loss.shape) == len(logits.shape) else paddle.unsqueeze(loss, axis)
    return (loss, softmax(logits, axis=axis)) if return_softmax else loss

def nll_loss(input, label, weight=None, ignore_index=-100, reduction='mean', name=None):
    index = paddle.where(label == ignore_index, paddle.zeros_like(label), label)
    kept = 1.0 - paddle.cast(label == ignore_index, 'float32')
    weights = kept if weight is None else kept * paddle.reshape(paddle.gather(weight, index), index.shape)
    rows = -paddle.squeeze(paddle.take_along_axis(input, paddle.unsqueeze(index, 1), 1), 1) * weights
    return paddle.sum(rows) / paddle.sum(weights) if reduction == 'mean' else _reduced(rows, reduction)

def kl_div(input, label, reduction='mean', log_target=False, name=None):
    if log_target:
        loss = paddle.exp(label) * (label - input)
    else:
        safe = paddle.where(label > 0, label, paddle.ones_like(label))
        loss = paddle.where(label > 0, label * (paddle.log(safe) - input), paddle.zeros_like(label))
    return paddle.sum(loss) / input.shape[0] if reduction == 'batchmean' else _reduced(loss, reduction)

def binary_cross_entropy_with_logits(logit, label, weight=None, reduction='mean', pos_weight=None, name=None):
    loss = (1 - label) * logit + (1 if pos_weight is None else 1 + (pos_weight - 1) * label) * softplus(-logit)
    return _reduced(loss if weight is None else loss * weight, reduction)

def mse_loss(input, label, reduction='mean', name=None):
    return _reduced(paddle.square(input - label), reduction)
`;

export const paddleNnSource = `
import paddle.nn.functional as functional
from _outside import untold as _untold

class Layer:
    def __init__(self, name_scope=None, dtype='float32'):
        self.training = True

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    # What else it has is the framework's own, which is not here.
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return _untold(f'paddle.nn.Layer.{name}')

class CrossEntropyLoss(Layer):
    def __init__(self, weight=None, ignore_index=-100, reduction='mean', soft_label=False, axis=-1, use_softmax=True, label_smoothing=0.0, name=None):
        super().__init__()
        self.options = dict(weight=weight, ignore_index=ignore_index, reduction=reduction, soft_label=soft_label, axis=axis, use_softmax=use_softmax, label_smoothing=label_smoothing)

    def forward(self, input, label):
        return functional.cross_entropy(input, label, **self.options)

class NLLLoss(Layer):
    def __init__(self, weight=None, ignore_index=-100, reduction='mean', name=None):
        super().__init__()
        self.options = dict(weight=weight, ignore_index=ignore_index, reduction=reduction)

    def forward(self, input, label):
        return functional.nll_loss(input, label, **self.options)

class KLDivLoss(Layer):
    def __init__(self, reduction='mean', log_target=False):
        super().__init__()
        self.reduction, self.log_target = reduction, log_target

    def forward(self, input, label):
        return functional.kl_div(input, label, self.reduction, self.log_target)

class BCEWithLogitsLoss(Layer):
    def __init__(self, weight=None, reduction='mean', pos_weight=None, name=None):
        super().__init__()
        self.weight, self.reduction, self.pos_weight = weight, reduction, pos_weight

    def forward(self, logit, label):
        return functional.binary_cross_entropy_with_logits(logit, label, self.weight, self.reduction, self.pos_weight)

class MSELoss(Layer):
    def __init__(self, reduction='mean'):
        super().__init__()
        self.reduction = reduction

    def forward(self, input, label):
        return functional.mse_loss(input, label, self.reduction)

class LogSoftmax(Layer):
    def __init__(self, axis=-1, name=None):
        super().__init__()
        self.axis = axis

    def forward(self, x):
        return functional.log_softmax(x, axis=self.axis)

class Softmax(LogSoftmax):
    def forward(self, x):
        return functional.softmax(x, axis=self.axis)
`;

/** Decorators and modes that change no numbers of a loss. */
export const paddleSource = `
import paddle.nn as nn

class no_grad:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False
`;
