/** MindSpore's losses, by their published formulas, its cells, and its operations that are made before they are called. */
export const mindsporeLossSource = `
import mindspore.ops as ops
from _outside import untold as _untold

def _is_distribution(target):
    return str(target.dtype).split('.')[-1].startswith('float')

def nll_loss(inputs, target, weight=None, ignore_index=-100, reduction='mean', label_smoothing=0.0):
    axis = 0 if inputs.ndim == 1 else 1
    ignored = ops.equal(target, ignore_index)
    index = ops.where(ignored, ops.zeros_like(target), target)
    kept = 1.0 - ops.cast(ignored, 'float32')
    rows = -ops.squeeze(ops.gather_elements(inputs, axis, ops.expand_dims(index, axis)), axis)
    weights = kept if weight is None else kept * ops.gather(weight, index, 0)
    rows = rows * weights
    if label_smoothing > 0.0:
        # Versions differ in what class weights and ignored rows are to the uniform term.
        if weight is not None:
            return _untold('mindspore cross_entropy with weight and label_smoothing')
        if reduction == 'mean' and float(ops.reduce_sum(kept)) < kept.size:
            return _untold('mindspore cross_entropy with label_smoothing and ignored labels')
        uniform = -ops.reduce_sum(inputs, axis) * kept
        rows = (1.0 - label_smoothing) * rows + label_smoothing / inputs.shape[axis] * uniform
    if reduction == 'mean':
        return ops.reduce_sum(rows) / ops.reduce_sum(weights)
    return ops.reduce_sum(rows) if reduction == 'sum' else rows

def cross_entropy(input, target, weight=None, ignore_index=-100, reduction='mean', label_smoothing=0.0):
    axis = 0 if input.ndim == 1 else 1
    log_probabilities = ops.log_softmax(input, axis)
    if not _is_distribution(target):
        return nll_loss(log_probabilities, target, weight, ignore_index, reduction, label_smoothing)
    classes = input.shape[axis]
    if label_smoothing > 0.0:
        target = target * (1 - label_smoothing) + label_smoothing / classes
    if weight is not None:
        target = target * (weight if input.ndim < 3 else ops.reshape(weight, [1, classes] + [1] * (input.ndim - 2)))
    rows = -ops.reduce_sum(log_probabilities * target, axis)
    return ops.reduce_mean(rows) if reduction == 'mean' else ops.reduce_sum(rows) if reduction == 'sum' else rows

def kl_div(logits, labels, reduction='mean'):
    safe = ops.where(labels > 0, labels, ops.ones_like(labels))
    loss = ops.where(labels > 0, labels * (ops.log(safe) - logits), ops.zeros_like(labels))
    if reduction == 'batchmean':
        return ops.reduce_sum(loss) / logits.shape[0]
    return ops.reduce_mean(loss) if reduction == 'mean' else ops.reduce_sum(loss) if reduction == 'sum' else loss
`;

/** An operation as a class: made with its options, called with its arrays. */
export const mindsporePrimitivesSource = `
import mindspore.ops as ops

def _primitive(function):
    class Primitive:
        def __call__(self, *args):
            return function(*args)
    return Primitive

class _Along:
    def __init__(self, axis=-1):
        self.axis = axis

class LogSoftmax(_Along):
    def __call__(self, x):
        return ops.log_softmax(x, self.axis)

class Softmax(_Along):
    def __call__(self, x):
        return ops.softmax(x, self.axis)

class OneHot(_Along):
    def __call__(self, indices, depth, on_value, off_value):
        return ops.one_hot(indices, depth, on_value, off_value, self.axis)

class Concat(_Along):
    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, arrays):
        return ops.concat(arrays, self.axis)

class _Reduce:
    def __init__(self, keep_dims=False):
        self.keep_dims = keep_dims

    def __call__(self, x, axis=()):
        return self._reduce(x, None if isinstance(axis, (tuple, list)) and len(axis) == 0 else axis, self.keep_dims)

class ReduceSum(_Reduce):
    def __init__(self, keep_dims=False, skip_mode=False):
        self.keep_dims = keep_dims

    def _reduce(self, x, axis, keep_dims):
        return ops.reduce_sum(x, axis, keep_dims)

class ReduceMean(_Reduce):
    def _reduce(self, x, axis, keep_dims):
        return ops.reduce_mean(x, axis, keep_dims)

class ReduceMax(_Reduce):
    def _reduce(self, x, axis, keep_dims):
        return ops.reduce_max(x, axis, keep_dims)

class Squeeze:
    def __init__(self, axis=()):
        self.axis = axis

    def __call__(self, x):
        return ops.squeeze(x) if self.axis == () else ops.squeeze(x, self.axis)

class SoftmaxCrossEntropyWithLogits:
    def __call__(self, logits, labels):
        log_probabilities = ops.log_softmax(logits, -1)
        return -ops.reduce_sum(labels * log_probabilities, -1), ops.exp(log_probabilities) - labels

Cast, Shape, Reshape = _primitive(ops.cast), _primitive(ops.shape), _primitive(ops.reshape)
Log, Exp, Neg, Square, Sqrt, Abs = [_primitive(one) for one in (ops.log, ops.exp, ops.neg, ops.square, ops.sqrt, ops.abs)]
Add, Sub, Mul, Div, RealDiv, Pow = [_primitive(one) for one in (ops.add, ops.sub, ops.mul, ops.div, ops.div, ops.pow)]
Equal, NotEqual, Maximum, Minimum = [_primitive(one) for one in (ops.equal, ops.not_equal, ops.maximum, ops.minimum)]
OnesLike, ZerosLike, ExpandDims, Tile = [_primitive(one) for one in (ops.ones_like, ops.zeros_like, ops.expand_dims, ops.tile)]
Gather, GatherD, Select, Transpose = [_primitive(one) for one in (ops.gather, ops.gather_d, ops.where, ops.transpose)]
Sigmoid = _primitive(ops.sigmoid)
`;

export const mindsporeNnSource = `
import mindspore.ops as ops
from mindspore.ops._losses import cross_entropy, kl_div, nll_loss
from _outside import untold as _untold

class Cell:
    def __init__(self, auto_prefix=True, flags=None):
        self.training = False

    def __call__(self, *args, **kwargs):
        return self.construct(*args, **kwargs)

    def set_train(self, mode=True):
        self.training = mode
        return self

    # What else it has is the framework's own, which is not here.
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return _untold(f'mindspore.nn.Cell.{name}')

class LossBase(Cell):
    def __init__(self, reduction='mean'):
        super().__init__()
        if reduction not in ('mean', 'sum', 'none'):
            raise ValueError(f"For '{type(self).__name__}', the 'reduction' must be in ['mean', 'sum', 'none'], but got {reduction}.")
        self.reduction = reduction
        self.average = reduction == 'mean'
        self.reduce = reduction != 'none'
        self.reduce_mean, self.reduce_sum = ops.reduce_mean, ops.reduce_sum
        self.mul, self.cast = ops.mul, ops.cast

    def get_axis(self, x):
        return tuple(range(x.ndim))

    def get_loss(self, x, weights=1.0):
        x = x * weights
        return ops.reduce_mean(x) if self.reduction == 'mean' else ops.reduce_sum(x) if self.reduction == 'sum' else x

class CrossEntropyLoss(LossBase):
    def __init__(self, weight=None, ignore_index=-100, reduction='mean', label_smoothing=0.0):
        super().__init__(reduction)
        self.weight, self.ignore_index, self.label_smoothing = weight, ignore_index, label_smoothing

    def construct(self, logits, labels):
        return cross_entropy(logits, labels, self.weight, self.ignore_index, self.reduction, self.label_smoothing)

class NLLLoss(LossBase):
    def __init__(self, weight=None, ignore_index=-100, reduction='mean'):
        super().__init__(reduction)
        self.weight, self.ignore_index = weight, ignore_index

    def construct(self, logits, labels):
        return nll_loss(logits, labels, self.weight, self.ignore_index, self.reduction)

class KLDivLoss(LossBase):
    def construct(self, logits, labels):
        return kl_div(logits, labels, self.reduction)

class SoftmaxCrossEntropyWithLogits(LossBase):
    def __init__(self, sparse=False, reduction='none'):
        super().__init__(reduction)
        self.sparse = sparse

    def construct(self, logits, labels):
        if self.sparse:
            labels = ops.one_hot(labels, logits.shape[-1], 1.0, 0.0)
        return self.get_loss(-ops.reduce_sum(labels * ops.log_softmax(logits, -1), -1))

class LogSoftmax(Cell):
    def __init__(self, axis=-1):
        super().__init__()
        self.axis = axis

    def construct(self, x):
        return ops.log_softmax(x, self.axis)

class Softmax(LogSoftmax):
    def construct(self, x):
        return ops.softmax(x, self.axis)

class OneHot(Cell):
    def __init__(self, axis=-1, depth=1, on_value=1.0, off_value=0.0, dtype='float32'):
        super().__init__()
        self.axis, self.depth, self.on_value, self.off_value, self.dtype = axis, depth, on_value, off_value, dtype

    def construct(self, indices):
        return ops.cast(ops.one_hot(indices, self.depth, self.on_value, self.off_value, self.axis), self.dtype)
`;
