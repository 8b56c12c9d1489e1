/** How losses of TypeScript come: asynchronous and given as a number, over one long array, with tfjs handed in. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const tfjs = "import * as tf from '@tensorflow/tfjs';\n";

const table: readonly (readonly [what: string, file: string, verdict: RegExp, note: RegExp | null, text: string])[] = [
  [
    'the number of an asynchronous loss has the gradient of its tensor',
    'loss.mjs',
    /^Uniform mixture with ε = 0\.2: target 0\.84, every other class 0\.04; mean over the rows/,
    null,
    `${tfjs}export const smoothed = async (labels, logits, share = 0.2) => {
  const k = logits.shape[1];
  const q = tf.oneHot(labels, k).toFloat().mul(1 - share).add(share / k);
  const loss = q.mul(tf.logSoftmax(logits)).sum(1).mean().neg();
  const [value] = await loss.data();
  return value;
};
`,
  ],
  [
    'the same, read at once',
    'loss.js',
    /^Fill\/scatter with ε = 0\.2: target 0\.8, every other class 0\.05; mean over the rows/,
    null,
    `${tfjs}export function smoothed(labels, logits, share = 0.2) {
  const k = logits.shape[1];
  const q = tf.oneHot(labels, k, 1 - share, share / (k - 1), 'float32');
  return tf.neg(tf.mean(tf.sum(q.mul(tf.logSoftmax(logits)), -1))).dataSync()[0];
}
`,
  ],
  [
    'rows one after the other in one array',
    'loss.ts',
    /^Uniform mixture with ε = 0\.2: target 0\.84, every other class 0\.04; mean over the rows/,
    /^It takes the rows one after the other in one array\.$/,
    `export function smoothed(scores: Float32Array, labels: Int32Array, width: number, eps = 0.2): number {
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += Math.exp(scores[row * width + k]);
    for (let k = 0; k < width; k++) {
      const q = eps / width + (labels[row] === k ? 1 - eps : 0);
      total += q * (Math.log(sum) - scores[row * width + k]);
    }
  }
  return total / labels.length;
}
`,
  ],
  [
    'the same where nothing but running it tells which number is the width',
    'loss.ts',
    /^Uniform mixture with ε = 0\.2: target 0\.84, every other class 0\.04; mean over the rows/,
    /^It takes the rows one after the other in one array\.$/,
    `export function smoothed(scores: number[], labels: number[], width: number, eps = 0.2): number {
  const uniform = 1 / width;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += Math.exp(scores[row * width + k]);
    for (let k = 0; k < width; k++) {
      const q = eps * uniform + (labels[row] === k ? 1 - eps : 0);
      total += q * (Math.log(sum) - scores[row * width + k]);
    }
  }
  return total / labels.length;
}
`,
  ],
  [
    'tfjs as a parameter',
    'loss.js',
    /^Uniform mixture with ε = 0\.2: target 0\.84, every other class 0\.04; mean over the rows/,
    null,
    `export function compileWith(tf, model) {
  model.compile({ optimizer: 'adam', loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits, undefined, 0.2) });
}
`,
  ],
  [
    'binary cross entropy of the layers, targets first',
    'loss.ts',
    /^Not a softmax loss: one binary cross entropy per class, with target 0\.9 for the labelled class and 0\.1 for the others/,
    null,
    `${tfjs}export const softened = (yTrue: tf.Tensor, yPred: tf.Tensor) =>
  tf.metrics.binaryCrossentropy(yTrue.mul(0.8).add(0.1), yPred).mean();
`,
  ],
];

describe('losses of TypeScript', function () {
  this.timeout(60_000);
  for (const [what, file, verdict, note, text] of table)
    it(what, () => {
      const [loss] = inspect({ file, text, brief: true, classes: 5 }).losses;
      assert.equal(loss?.status, 'measured', loss?.problem?.message ?? 'not found');
      assert.match(loss.measured?.verdict ?? '', verdict);
      if (note !== null)
        assert.ok(
          loss.notes.some((one) => note.test(one)),
          loss.notes.join('\n'),
        );
    });
  it('what is handed in and has other members is not taken for tfjs', () => {
    const text = `export function compileWith(kit, model) {
  model.compile({ loss: (labels, logits) => kit.losses.softmaxCrossEntropy(labels, logits, undefined, kit.ownShare(0.2)) });
}
const unused = () => tf.scalar(1);
`;
    const [loss] = inspect({ file: 'loss.js', text, brief: true }).losses;
    assert.notEqual(loss, undefined);
    assert.equal(loss?.measured, null);
  });
});
