import assert from 'node:assert/strict';
import { inspect } from '../../src/inspect';
import type { Num } from '../../src/inspection';
import tensorflow from '../fixtures/golden/formulations-tensorflow.json';
import torch from '../fixtures/golden/formulations-torch.json';

const importsOf = (code: string): string =>
  code.includes('optax') ? 'import jax\nimport optax\n' : 'import tensorflow as tf\nfrom tensorflow import keras\n';

/** The golden formulation, and a person's file that calls the library for it. */
const files: readonly { readonly formulation: string; readonly code: string; readonly from?: 'torch' }[] = [
  ...(['none', 'sum', 'sum_over_batch_size'] as const).map((reduction) => ({
    formulation: `keras.CategoricalCrossentropy(from_logits)/${reduction}`,
    code: `def loss(y_true, y_pred, smoothing=0.1):
    return keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing, reduction='${reduction}')(y_true, y_pred)`,
  })),
  {
    formulation: 'keras.CategoricalCrossentropy(probabilities)/sum_over_batch_size',
    code: `def loss(y_true, y_pred, smoothing=0.1):
    return keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)(y_true, tf.nn.softmax(y_pred))`,
  },
  {
    formulation: 'keras.BinaryCrossentropy(from_logits)/sum_over_batch_size',
    code: `def loss(y_true, y_pred, smoothing=0.1):
    return keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=smoothing)(y_true, y_pred)`,
  },
  {
    formulation: 'tf1.softmax_cross_entropy/mean',
    code: `def loss(onehot_labels, logits, label_smoothing=0.1):
    return tf.compat.v1.losses.softmax_cross_entropy(onehot_labels, logits, label_smoothing=label_smoothing)`,
  },
  {
    formulation: 'tf1.sigmoid_cross_entropy/mean',
    code: `def loss(labels, logits, label_smoothing=0.1):
    return tf.compat.v1.losses.sigmoid_cross_entropy(labels, logits, label_smoothing=label_smoothing)`,
  },
  {
    formulation: 'optax.smooth_labels+softmax_cross_entropy/mean',
    from: 'torch',
    code: `def loss(logits, labels, alpha=0.1):
    targets = optax.smooth_labels(jax.nn.one_hot(labels, logits.shape[-1]), alpha)
    return optax.softmax_cross_entropy(logits, targets).mean()`,
  },
  {
    formulation: 'torch.CrossEntropyLoss/mean',
    from: 'torch',
    code: `class Smoothed(keras.losses.Loss):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing

    def call(self, y_true, y_pred):
        k = tf.shape(y_pred)[-1]
        off = self.smoothing / tf.cast(k, tf.float32)
        q = tf.one_hot(tf.cast(y_true, tf.int32), k, on_value=1.0 - self.smoothing + off, off_value=off)
        return tf.nn.softmax_cross_entropy_with_logits(labels=q, logits=y_pred)`,
  },
];

interface Golden {
  readonly case: string;
  readonly formulation: string;
  readonly dtype: string;
  readonly value: unknown;
  readonly grad?: readonly (readonly unknown[])[];
}

const number = (value: unknown): number =>
  value === 'nan' ? NaN : value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Number(value);

function assertClose(actual: Num | null | undefined, expected: unknown, what: string): void {
  const [a, b] = [number(actual), number(expected)];
  assert.ok(Object.is(a, b) || Math.abs(a - b) <= 1e-5 + 1.3e-6 * Math.abs(b), `${what}: ${a}, expected ${b}`);
}

// The probabilities form clips, and is compared where nothing is near the clip.
const comparable = (formulation: string, id: string): boolean =>
  !(formulation.includes('probabilities') && ['large-logits', 'seed-001'].includes(id));

describe('Keras, TensorFlow and optax losses give the golden values', () => {
  for (const { formulation, code, from } of files) {
    it(formulation, () => {
      const { cases, results } = from === 'torch' ? torch : tensorflow;
      let compared = 0;
      for (const { id, logits, targets, eps, ...rest } of cases) {
        if ('weight' in rest || 'ignore_index' in rest || !comparable(formulation, id)) continue;
        const expected = (results as readonly Golden[]).find(
          (r) =>
            r.case === id &&
            r.formulation === formulation &&
            (from === undefined || r.dtype === 'float64' || formulation.startsWith('optax')),
        );
        if (expected?.grad === undefined) continue;
        const [found] = inspect({
          file: 'loss.py',
          text: `${importsOf(code)}\n${code}\n`,
          sample: { logits, targets },
          smoothing: eps,
        }).losses;
        assert.equal(found?.status, 'measured', `${id}: ${found?.problem?.message ?? ''}`);
        if (Array.isArray(expected.value))
          expected.value.forEach((value, i) => {
            assertClose(found.perSample?.[i], value, `${id}: row ${i}`);
          });
        else assertClose(found.value, expected.value, `${id}: value`);
        expected.grad.flat().forEach((g, i) => {
          assertClose(found.gradient?.values[i], g, `${id}: gradient ${i}`);
        });
        compared++;
      }
      assert.ok(compared >= 6, `only ${compared} cases`);
    });
  }
});
