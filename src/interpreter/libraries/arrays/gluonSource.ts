/** Gluon's blocks and losses, by their published formulas: each loss gives one value for each sample. */
export const gluonBlockSource = `
import mxnet.ndarray as _nd
from _outside import untold as _untold

class Block:
    def __init__(self, prefix=None, params=None, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def name_scope(self):
        return _Scope()

    def hybridize(self, active=True, **kwargs):
        pass

    def initialize(self, *args, **kwargs):
        pass

    # What else it has is the framework's own, which is not here.
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return _untold(f'mxnet.gluon.Block.{name}')

class _Scope:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

class HybridBlock(Block):
    def forward(self, x, *args, **kwargs):
        return self.hybrid_forward(_nd, x, *args, **kwargs)
`;

export const gluonLossSource = `
from mxnet.gluon.block import HybridBlock

def _apply_weighting(F, loss, weight=None, sample_weight=None):
    if sample_weight is not None:
        loss = F.broadcast_mul(loss, sample_weight)
    return loss if weight is None else loss * weight

def _reshape_like(F, x, y):
    return x.reshape(y.shape)

class Loss(HybridBlock):
    def __init__(self, weight, batch_axis, **kwargs):
        super().__init__(**kwargs)
        self._weight = weight
        self._batch_axis = batch_axis

class SoftmaxCrossEntropyLoss(Loss):
    def __init__(self, axis=-1, sparse_label=True, from_logits=False, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._axis, self._sparse_label, self._from_logits = axis, sparse_label, from_logits

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        if not self._from_logits:
            pred = F.log_softmax(pred, self._axis)
        if self._sparse_label:
            loss = -F.pick(pred, label, axis=self._axis, keepdims=True)
        else:
            loss = -F.sum(pred * _reshape_like(F, label, pred), axis=self._axis, keepdims=True)
        loss = _apply_weighting(F, loss, self._weight, sample_weight)
        return F.mean(loss, axis=self._batch_axis, exclude=True)

SoftmaxCELoss = SoftmaxCrossEntropyLoss

class SigmoidBinaryCrossEntropyLoss(Loss):
    def __init__(self, from_sigmoid=False, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_sigmoid = from_sigmoid

    def hybrid_forward(self, F, pred, label, sample_weight=None, pos_weight=None):
        label = _reshape_like(F, label, pred)
        positive = label if pos_weight is None else F.broadcast_mul(label, pos_weight)
        if self._from_sigmoid:
            loss = -(F.log(pred + 1e-12) * positive + F.log(1.0 - pred + 1e-12) * (1.0 - label))
        else:
            loss = positive * F.softrelu(-pred) + (1.0 - label) * F.softrelu(pred)
        loss = _apply_weighting(F, loss, self._weight, sample_weight)
        return F.mean(loss, axis=self._batch_axis, exclude=True)

SigmoidBCELoss = SigmoidBinaryCrossEntropyLoss

class L2Loss(Loss):
    def __init__(self, weight=1.0, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        loss = _apply_weighting(F, F.square(_reshape_like(F, label, pred) - pred), self._weight / 2, sample_weight)
        return F.mean(loss, axis=self._batch_axis, exclude=True)
`;
