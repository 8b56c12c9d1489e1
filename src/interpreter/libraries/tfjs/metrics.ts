/** `tf.metrics`, as tfjs's layers compute them: of probabilities, one number for each row. */
import * as tf from '@tensorflow/tfjs-core';

const epsilon = 1e-7;

const clipped = (p: tf.Tensor): tf.Tensor => tf.clipByValue(p, epsilon, 1 - epsilon);

function binaryCrossentropy(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  if (labels.shape.join() !== predictions.shape.join()) {
    const shapes = `${JSON.stringify(labels.shape)} and ${JSON.stringify(predictions.shape)}`;
    throw new Error(`logits and labels must have the same shape, but got shapes ${shapes}`);
  }
  const p = clipped(predictions);
  const z = tf.log(tf.div(p, tf.sub(1, p)));
  const each = tf.add(tf.sub(tf.relu(z), tf.mul(z, labels)), tf.log1p(tf.exp(tf.neg(tf.abs(z)))));
  return tf.mean(each, -1);
}

function categoricalCrossentropy(labels: tf.Tensor, predictions: tf.Tensor, fromLogits = false): tf.Tensor {
  const axis = predictions.rank - 1;
  const p = clipped(fromLogits ? tf.softmax(predictions) : tf.div(predictions, tf.sum(predictions, axis, true)));
  return tf.neg(tf.sum(tf.mul(tf.cast(labels, 'float32'), tf.log(p)), axis));
}

export const metrics = {
  'metrics.binaryCrossentropy': binaryCrossentropy,
  'metrics.categoricalCrossentropy': categoricalCrossentropy,
} as const;
