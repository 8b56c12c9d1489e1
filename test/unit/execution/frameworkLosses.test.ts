/**
 * Losses of MLX, Paddle, MindSpore, MXNet and jax.lax: the libraries' own and those that are written with their operations. Values are those of
 * the same formulas under torch 2.13 on the default sample; of losses with one value for each row, their sum.
 */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

interface Row {
  readonly name: string;
  readonly code: readonly string[];
  readonly framework: string;
  readonly value: number;
  readonly verdict: RegExp;
}

const mixtureMean = 1.6323599815368652;
const filledMean = 1.6557974815368652;
const mixture = /^Uniform mixture with ε = 0\.15: target 0\.88, every other class 0\.03;/u;
const filled = /^Fill\/scatter with ε = 0\.15: target 0\.85, every other class 0\.0375;/u;

const rows: readonly Row[] = [
  {
    name: 'mlx.nn.losses, by position, one value for each row',
    code: ['import mlx.nn as nn', 'def loss_fn(model, x, y):', '    return nn.losses.cross_entropy(model(x), y, None, -1, 0.15)'],
    framework: 'mlx',
    value: 4 * mixtureMean,
    verdict: mixture,
  },
  {
    name: 'mlx.core, rows of the identity as targets',
    code: [
      'import mlx.core as mx',
      'import mlx.nn as nn',
      'def smoothed(scores, labels, eps: float = 0.15):',
      '    K = scores.shape[-1]',
      '    hot = mx.eye(K)[labels]',
      '    soft = mx.where(hot > 0, mx.array(1 - eps), mx.array(eps / (K - 1)))',
      '    return -(soft * nn.log_softmax(scores, axis=-1)).sum(axis=-1).mean()',
    ],
    framework: 'mlx',
    value: filledMean,
    verdict: filled,
  },
  {
    name: 'mlx.core, softmax over the classes',
    code: [
      'import mlx.core as mx',
      'def smoothed(scores, labels, eps=0.15):',
      '    logs = mx.log(mx.softmax(scores, axis=-1))',
      '    own = mx.take_along_axis(logs, mx.expand_dims(labels, -1), axis=-1)',
      '    return -mx.mean((1 - eps) * mx.squeeze(own, -1) + eps * mx.mean(logs, axis=-1))',
    ],
    framework: 'mlx',
    value: mixtureMean,
    verdict: mixture,
  },
  {
    name: 'paddle, the class, by position',
    code: ['from paddle import nn', "criterion = nn.CrossEntropyLoss(None, -100, 'sum', False, -1, True, 0.15)"],
    framework: 'paddle',
    value: 4 * mixtureMean,
    verdict: mixture,
  },
  {
    name: 'paddle, the function, weighed: the weights of smoothed targets',
    code: [
      'import paddle',
      'import paddle.nn.functional as F',
      'w = paddle.to_tensor([1.0, 2.0, 3.0, 4.0, 5.0])',
      'def step(logits, label):',
      '    return F.cross_entropy(logits, label, weight=w, label_smoothing=0.15)',
    ],
    framework: 'paddle',
    value: 1.6551159620285034,
    verdict: /./u,
  },
  {
    name: 'paddle, label_smooth and soft labels',
    code: [
      'import paddle',
      'import paddle.nn.functional as F',
      'class Smoothed(paddle.nn.Layer):',
      '    def __init__(self, classes, eps=0.15):',
      '        super().__init__()',
      '        self.classes = classes',
      '        self.eps = eps',
      '    def forward(self, logits, label):',
      '        hot = F.one_hot(label, self.classes)',
      '        return F.cross_entropy(logits, F.label_smooth(hot, epsilon=self.eps), soft_label=True)',
    ],
    framework: 'paddle',
    value: mixtureMean,
    verdict: mixture,
  },
  {
    name: 'paddle, written with tensors',
    code: [
      'import paddle',
      'import paddle.nn.functional as F',
      'def smoothed(logits, label, eps=0.15):',
      '    k = logits.shape[-1]',
      '    off = eps / (k - 1)',
      "    soft = F.one_hot(label, num_classes=k).astype('float32') * (1 - eps - off) + off",
      '    return (-soft * F.log_softmax(logits, axis=-1)).sum(axis=-1, keepdim=True).squeeze(-1).mean()',
    ],
    framework: 'paddle',
    value: filledMean,
    verdict: filled,
  },
  {
    name: 'MindSpore, the function',
    code: ['from mindspore import ops', 'def forward(net, x, y):', '    return ops.cross_entropy(net(x), y, label_smoothing=0.15)'],
    framework: 'mindspore',
    value: mixtureMean,
    verdict: mixture,
  },
  {
    name: 'MindSpore, a cell of operations that are made first',
    code: [
      'import mindspore as ms',
      'from mindspore import nn, ops',
      'class Smoothed(nn.Cell):',
      '    def __init__(self, num_classes, eps=0.15):',
      '        super().__init__()',
      '        self.hot = ops.OneHot()',
      '        self.on, self.off = ms.Tensor(1 - eps, ms.float32), ms.Tensor(eps / (num_classes - 1), ms.float32)',
      '        self.logs, self.total, self.average = ops.LogSoftmax(-1), ops.ReduceSum(), ops.ReduceMean(False)',
      '        self.classes = num_classes',
      '    def construct(self, scores, labels):',
      '        soft = self.hot(labels, self.classes, self.on, self.off)',
      '        return self.average(-self.total(soft * self.logs(scores), -1))',
    ],
    framework: 'mindspore',
    value: filledMean,
    verdict: filled,
  },
  {
    name: 'MindSpore, logits before targets',
    code: [
      'from mindspore import nn, ops',
      'class Smoothed(nn.LossBase):',
      "    def __init__(self, eps=0.15, reduction='sum'):",
      '        super().__init__(reduction)',
      '        self.eps = eps',
      "        self.ce = nn.SoftmaxCrossEntropyWithLogits(sparse=False, reduction='none')",
      '    def construct(self, scores, labels):',
      '        k = ops.shape(scores)[-1]',
      '        hot = ops.one_hot(labels, k)',
      '        return self.get_loss(self.ce(scores, hot * (1 - self.eps) + self.eps / k))',
    ],
    framework: 'mindspore',
    value: 4 * mixtureMean,
    verdict: mixture,
  },
  {
    name: 'Gluon, smoothed by hand and handed on as a distribution',
    code: [
      'from mxnet import gluon, nd',
      'class Smoothed(gluon.HybridBlock):',
      '    def __init__(self, k, eps=0.15, **kw):',
      '        super().__init__(**kw)',
      '        self.k, self.eps = k, eps',
      '        self.ce = gluon.loss.SoftmaxCELoss(sparse_label=False)',
      '    def hybrid_forward(self, F, scores, labels):',
      '        soft = F.one_hot(labels, depth=self.k, on_value=1 - self.eps, off_value=self.eps / (self.k - 1))',
      '        return self.ce(scores, soft)',
    ],
    framework: 'mxnet',
    value: 4 * filledMean,
    verdict: filled,
  },
  {
    name: 'MXNet arrays, picked by label',
    code: [
      'import mxnet as mx',
      'from mxnet import nd',
      'def smoothed(scores, labels, eps=0.15):',
      '    logs = nd.log_softmax(scores, axis=-1)',
      '    own = nd.pick(logs, labels, axis=-1)',
      '    return -((1 - eps) * own + eps * logs.mean(axis=0, exclude=True))',
    ],
    framework: 'mxnet',
    value: 4 * mixtureMean,
    verdict: mixture,
  },
  {
    name: 'jax.lax, a choice of two numbers',
    code: [
      'import jax',
      'import jax.numpy as jnp',
      'def smoothed(scores, labels, eps=0.15):',
      '    k = scores.shape[-1]',
      '    hit = jax.lax.eq(jnp.expand_dims(labels, -1), jnp.arange(k))',
      '    soft = jax.lax.select(hit, jnp.full(hit.shape, 1 - eps), jnp.full(hit.shape, eps / (k - 1)))',
      '    return -jax.lax.mul(soft, jax.nn.log_softmax(scores)).sum(-1).mean()',
    ],
    framework: 'jax',
    value: filledMean,
    verdict: filled,
  },
];

const unsupported: readonly (readonly [name: string, code: readonly string[], why: RegExp])[] = [
  [
    'MindSpore, class weights beside a smoothing: its versions differ',
    [
      'import mindspore as ms',
      'from mindspore import nn',
      'criterion = nn.CrossEntropyLoss(weight=ms.Tensor([1.0, 2.0, 3.0, 4.0, 5.0]), label_smoothing=0.1)',
    ],
    /mindspore cross_entropy with weight and label_smoothing/u,
  ],
  [
    'an operation that is not here',
    [
      'import mlx.core as mx',
      'def smoothed(scores, labels, eps=0.1):',
      '    logs = scores - mx.logsumexp(scores, axis=-1, keepdims=True)',
      '    soft = mx.put_along_axis(mx.full(scores.shape, eps / 4), labels[:, None], 1 - eps, axis=-1)',
      '    return -mx.sum(soft * logs, axis=-1).mean()',
    ],
    /mlx\.core\.put_along_axis/u,
  ],
];

const total = (values: readonly unknown[]): number => values.reduce<number>((sum, value) => sum + Number(value), 0);

describe('losses of other frameworks', function () {
  this.timeout(60_000);
  for (const { name, code, framework, value, verdict } of rows) {
    it(name, () => {
      const { losses } = inspect({ file: 'train.py', text: `${code.join('\n')}\n`, classes: 5, brief: true });
      const loss = losses.find((one) => one.measured !== null);
      assert.ok(loss?.measured, JSON.stringify(losses.map((one) => one.problem)));
      assert.equal(loss.framework, framework);
      assert.match(loss.measured.verdict, verdict);
      const found = loss.value === null ? total(loss.perSample ?? []) : Number(loss.value);
      assert.ok(Math.abs(found - value) <= 1e-5 + 1.3e-6 * Math.abs(value), String(found));
    });
  }
  for (const [name, code, why] of unsupported) {
    it(name, () => {
      const { losses } = inspect({ file: 'train.py', text: `${code.join('\n')}\n`, classes: 5, brief: true });
      assert.deepEqual(
        losses.map(({ status }) => status),
        ['unsupported'],
      );
      assert.match(losses[0]?.problem?.message ?? '', why);
    });
  }
});
