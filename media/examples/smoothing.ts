// Label smoothing with TensorFlow.js: the targets mixed with the uniform distribution, by hand and by the library.
import * as tf from '@tensorflow/tfjs';

interface Options {
  readonly smoothing?: number;
}

/** Labels are one-hot rows. */
export function smoothedCrossEntropy(labels: tf.Tensor2D, logits: tf.Tensor2D, { smoothing = 0.1 }: Options = {}): tf.Scalar {
  const classes = labels.shape[1];
  const targets = labels.mul(1 - smoothing).add(smoothing / classes);
  return targets.mul(tf.logSoftmax(logits)).sum(-1).neg().mean();
}

/** Class numbers, with ε spread over the other classes only. */
export const scattered = (targets: tf.Tensor1D, logits: tf.Tensor2D, smoothing = 0.1): tf.Scalar => {
  const classes = logits.shape[1];
  const smoothed = tf.oneHot(targets, classes, 1 - smoothing, smoothing / (classes - 1), 'float32');
  return tf.neg(tf.mean(tf.sum(tf.mul(smoothed, tf.logSoftmax(logits)), -1)));
};

const labels = tf.tensor2d([[1, 0, 0], [0, 0, 1]]);
const logits = tf.tensor2d([[2, 0.5, -1], [0.3, 1.5, 0.2]]);
export const builtIn = tf.losses.softmaxCrossEntropy(labels, logits, undefined, 0.1);
