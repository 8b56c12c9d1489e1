/** Keras's losses, written from their documented formulas, in the Python that this interpreter runs over tensorflow's operations. */
export const kerasLossSource = `
import tensorflow as tf
import keras.ops as ops

_EPSILON = 1e-7

def _reduce(values, reduction, sample_weight=None):
    if sample_weight is not None:
        weight = tf.cast(tf.convert_to_tensor(sample_weight), values.dtype)
        while len(weight.shape) < len(values.shape):
            weight = tf.expand_dims(weight, -1)
        values = values * weight
    if reduction in (None, 'none'):
        return values
    if reduction == 'sum':
        return tf.reduce_sum(values)
    if reduction == 'mean_with_sample_weight' and sample_weight is not None:
        return tf.reduce_sum(values) / tf.reduce_sum(weight)
    if reduction in ('sum_over_batch_size', 'mean', 'mean_with_sample_weight', 'auto'):
        return tf.reduce_mean(values)
    raise ValueError(f"Invalid value for argument \`reduction\`: {reduction}")

def _as_float(y_true, y_pred):
    y_pred = tf.convert_to_tensor(y_pred)
    return tf.cast(tf.convert_to_tensor(y_true), y_pred.dtype), y_pred

def _log_probabilities(y_pred, from_logits, axis):
    if from_logits:
        return tf.nn.log_softmax(y_pred, axis=axis)
    y_pred = y_pred / tf.reduce_sum(y_pred, axis=axis, keepdims=True)
    return tf.math.log(tf.clip_by_value(y_pred, _EPSILON, 1.0 - _EPSILON))

def _check_smoothing(label_smoothing):
    if isinstance(label_smoothing, (int, float)) and not 0 <= label_smoothing <= 1:
        raise ValueError('label_smoothing must be in [0, 1]')

def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    y_true, y_pred = _as_float(y_true, y_pred)
    if y_pred.shape[-1] != y_true.shape[-1]:
        raise ValueError(f'Arguments target and output must have the same shape. Received: target.shape={y_true.shape}, output.shape={y_pred.shape}')
    if label_smoothing:
        classes = y_true.shape[-1]
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / classes
    return -tf.reduce_sum(y_true * _log_probabilities(y_pred, from_logits, axis), axis=axis)

def categorical_focal_crossentropy(y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1):
    y_true, y_pred = _as_float(y_true, y_pred)
    if label_smoothing:
        classes = y_true.shape[-1]
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / classes
    if from_logits:
        y_pred = tf.nn.softmax(y_pred, axis=axis)
    y_pred = y_pred / tf.reduce_sum(y_pred, axis=axis, keepdims=True)
    y_pred = tf.clip_by_value(y_pred, _EPSILON, 1.0 - _EPSILON)
    focus = alpha * tf.pow(1.0 - y_pred, gamma)
    return tf.reduce_sum(-y_true * tf.math.log(y_pred) * focus, axis=axis)

def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    y_pred = tf.convert_to_tensor(y_pred)
    y_true = tf.convert_to_tensor(y_true)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = tf.squeeze(y_true, axis=-1)
    y_true = tf.cast(y_true, 'int64')
    hot = tf.one_hot(y_true, y_pred.shape[axis], dtype=y_pred.dtype)
    loss = -tf.reduce_sum(hot * _log_probabilities(y_pred, from_logits, axis), axis=axis)
    if ignore_class is not None:
        loss = tf.where(tf.equal(y_true, tf.cast(ignore_class, 'int64')), tf.zeros_like(loss), loss)
    return loss

def _binary(y_true, y_pred, from_logits):
    if from_logits:
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=y_true, logits=y_pred)
    y_pred = tf.clip_by_value(y_pred, _EPSILON, 1.0 - _EPSILON)
    return -(y_true * tf.math.log(y_pred) + (1.0 - y_true) * tf.math.log(1.0 - y_pred))

def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    y_true, y_pred = _as_float(y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    return tf.reduce_mean(_binary(y_true, y_pred, from_logits), axis=axis)

def binary_focal_crossentropy(y_true, y_pred, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1):
    y_true, y_pred = _as_float(y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        y_pred = tf.nn.sigmoid(y_pred)
    loss = _binary(y_true, y_pred, False)
    likelihood = y_true * y_pred + (1.0 - y_true) * (1.0 - y_pred)
    loss = tf.pow(1.0 - likelihood, gamma) * loss
    if apply_class_balancing:
        loss = (y_true * alpha + (1.0 - y_true) * (1.0 - alpha)) * loss
    return tf.reduce_mean(loss, axis=axis)

def kl_divergence(y_true, y_pred):
    y_true, y_pred = _as_float(y_true, y_pred)
    y_true = tf.clip_by_value(y_true, _EPSILON, 1.0)
    y_pred = tf.clip_by_value(y_pred, _EPSILON, 1.0)
    return tf.reduce_sum(y_true * tf.math.log(y_true / y_pred), axis=-1)

def mean_squared_error(y_true, y_pred):
    y_true, y_pred = _as_float(y_true, y_pred)
    return tf.reduce_mean(tf.square(y_pred - y_true), axis=-1)

def mean_absolute_error(y_true, y_pred):
    y_true, y_pred = _as_float(y_true, y_pred)
    return tf.reduce_mean(tf.abs(y_pred - y_true), axis=-1)

class Loss:
    def __init__(self, name=None, reduction='sum_over_batch_size', dtype=None):
        self.name = name
        self.reduction = reduction

    def __call__(self, y_true, y_pred, sample_weight=None):
        return _reduce(self.call(y_true, y_pred), self.reduction, sample_weight)

    def call(self, y_true, y_pred):
        raise NotImplementedError

    def get_config(self):
        return {'name': self.name, 'reduction': self.reduction}

class CategoricalCrossentropy(Loss):
    def __init__(self, from_logits=False, label_smoothing=0.0, axis=-1, reduction='sum_over_batch_size', name='categorical_crossentropy', dtype=None):
        super().__init__(name=name, reduction=reduction)
        _check_smoothing(label_smoothing)
        self.from_logits, self.label_smoothing, self.axis = from_logits, label_smoothing, axis

    def call(self, y_true, y_pred):
        return categorical_crossentropy(y_true, y_pred, self.from_logits, self.label_smoothing, self.axis)

class CategoricalFocalCrossentropy(Loss):
    def __init__(self, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1, reduction='sum_over_batch_size', name='categorical_focal_crossentropy', dtype=None):
        super().__init__(name=name, reduction=reduction)
        self.alpha, self.gamma = alpha, gamma
        self.from_logits, self.label_smoothing, self.axis = from_logits, label_smoothing, axis

    def call(self, y_true, y_pred):
        return categorical_focal_crossentropy(y_true, y_pred, self.alpha, self.gamma, self.from_logits, self.label_smoothing, self.axis)

class SparseCategoricalCrossentropy(Loss):
    def __init__(self, from_logits=False, ignore_class=None, reduction='sum_over_batch_size', axis=-1, name='sparse_categorical_crossentropy', dtype=None):
        super().__init__(name=name, reduction=reduction)
        self.from_logits, self.ignore_class, self.axis = from_logits, ignore_class, axis

    def call(self, y_true, y_pred):
        return sparse_categorical_crossentropy(y_true, y_pred, self.from_logits, self.ignore_class, self.axis)

class BinaryCrossentropy(Loss):
    def __init__(self, from_logits=False, label_smoothing=0.0, axis=-1, reduction='sum_over_batch_size', name='binary_crossentropy', dtype=None):
        super().__init__(name=name, reduction=reduction)
        _check_smoothing(label_smoothing)
        self.from_logits, self.label_smoothing, self.axis = from_logits, label_smoothing, axis

    def call(self, y_true, y_pred):
        return binary_crossentropy(y_true, y_pred, self.from_logits, self.label_smoothing, self.axis)

class BinaryFocalCrossentropy(Loss):
    def __init__(self, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1, reduction='sum_over_batch_size', name='binary_focal_crossentropy', dtype=None):
        super().__init__(name=name, reduction=reduction)
        self.options = (apply_class_balancing, alpha, gamma, from_logits, label_smoothing, axis)

    def call(self, y_true, y_pred):
        return binary_focal_crossentropy(y_true, y_pred, *self.options)

class KLDivergence(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='kl_divergence', dtype=None):
        super().__init__(name=name, reduction=reduction)

    def call(self, y_true, y_pred):
        return kl_divergence(y_true, y_pred)

class MeanSquaredError(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='mean_squared_error', dtype=None):
        super().__init__(name=name, reduction=reduction)

    def call(self, y_true, y_pred):
        return mean_squared_error(y_true, y_pred)

class MeanAbsoluteError(Loss):
    def __init__(self, reduction='sum_over_batch_size', name='mean_absolute_error', dtype=None):
        super().__init__(name=name, reduction=reduction)

    def call(self, y_true, y_pred):
        return mean_absolute_error(y_true, y_pred)

class Reduction:
    AUTO = 'auto'
    NONE = 'none'
    SUM = 'sum'
    SUM_OVER_BATCH_SIZE = 'sum_over_batch_size'
`;

/** keras.backend's crossentropies, with its order of arguments. */
export const kerasBackendSource = `
from keras.losses import categorical_crossentropy as _categorical, sparse_categorical_crossentropy as _sparse, _binary, _as_float

def epsilon():
    return 1e-7

def floatx():
    return 'float32'

def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    return _categorical(target, output, from_logits=from_logits, axis=axis)

def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    return _sparse(target, output, from_logits=from_logits, axis=axis)

def binary_crossentropy(target, output, from_logits=False):
    target, output = _as_float(target, output)
    return _binary(target, output, from_logits)
`;

/** Names of tensorflow's own module that are plainest in Python. Scopes name the nodes of a graph, which changes no number. */
export const tensorflowSource = `
import tensorflow as tf

def sequence_mask(lengths, maxlen=None, dtype='bool', name=None):
    lengths = tf.convert_to_tensor(lengths)
    if maxlen is None:
        maxlen = int(tf.reduce_max(lengths))
    positions = tf.range(0, maxlen, dtype=lengths.dtype)
    return tf.cast(positions < tf.expand_dims(lengths, -1), dtype)

class name_scope:
    def __init__(self, name=None, *args, **options):
        self.name = name

    def __enter__(self):
        return self.name

    def __exit__(self, *error):
        return False
`;

/** tf.nn's cross entropies and tf.compat.v1.losses. */
export const tensorflowNnSource = `
import tensorflow as tf

def softmax_cross_entropy_with_logits(labels, logits, axis=-1, name=None):
    logits = tf.convert_to_tensor(logits)
    return -tf.reduce_sum(tf.cast(labels, logits.dtype) * tf.nn.log_softmax(logits, axis=axis), axis=axis)

softmax_cross_entropy_with_logits_v2 = softmax_cross_entropy_with_logits

def sparse_softmax_cross_entropy_with_logits(labels, logits, name=None):
    logits = tf.convert_to_tensor(logits)
    return -tf.reduce_sum(tf.one_hot(labels, logits.shape[-1], dtype=logits.dtype) * tf.nn.log_softmax(logits), axis=-1)

def sigmoid_cross_entropy_with_logits(labels=None, logits=None, name=None):
    logits = tf.convert_to_tensor(logits)
    labels = tf.cast(labels, logits.dtype)
    return tf.maximum(logits, 0.0) - logits * labels + tf.math.log1p(tf.exp(-tf.abs(logits)))
`;

/** tf.compat.v1: what TensorFlow 1 had at its top, under its names. */
export const tensorflowV1NamesSource = `
from tensorflow import *
from tensorflow import name_scope as variable_scope
from tensorflow.math import log
import tensorflow.nn as nn
import tensorflow.math as math

def to_float(x, name=None):
    return cast(x, 'float32')

def to_int32(x, name=None):
    return cast(x, 'int32')

def to_int64(x, name=None):
    return cast(x, 'int64')
`;

export const tensorflowV1Source = `
import tensorflow as tf

def _weighted(losses, weights):
    weights = tf.cast(tf.convert_to_tensor(weights), losses.dtype)
    present = tf.reduce_sum(tf.cast(tf.not_equal(tf.ones_like(losses) * weights, 0.0), losses.dtype))
    return tf.math.divide_no_nan(tf.reduce_sum(losses * weights), present)

def softmax_cross_entropy(onehot_labels, logits, weights=1.0, label_smoothing=0, scope=None):
    logits = tf.convert_to_tensor(logits)
    onehot_labels = tf.cast(onehot_labels, logits.dtype)
    if label_smoothing > 0:
        classes = onehot_labels.shape[1]
        onehot_labels = onehot_labels * (1.0 - label_smoothing) + label_smoothing / classes
    return _weighted(tf.nn.softmax_cross_entropy_with_logits(labels=onehot_labels, logits=logits), weights)

def sigmoid_cross_entropy(multi_class_labels, logits, weights=1.0, label_smoothing=0, scope=None):
    logits = tf.convert_to_tensor(logits)
    multi_class_labels = tf.cast(multi_class_labels, logits.dtype)
    if label_smoothing > 0:
        multi_class_labels = multi_class_labels * (1 - label_smoothing) + 0.5 * label_smoothing
    return _weighted(tf.nn.sigmoid_cross_entropy_with_logits(labels=multi_class_labels, logits=logits), weights)
`;
