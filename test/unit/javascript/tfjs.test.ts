import assert from 'node:assert/strict';
import { liveTfTensors } from '../../../src/interpreter/libraries/tfjs/run';
import { outputOf, run } from './run';

const tf = "import * as tf from '@tensorflow/tfjs';\n";

/** Source, and what real tfjs gives. */
const table: readonly (readonly [string, string])[] = [
  ['console.log(tf.tensor2d([[1, 2], [3, 4]]).sum(0).arraySync())', '[ 4, 6 ]'],
  ['console.log(tf.oneHot(tf.tensor1d([1, 0], "int32"), 3).arraySync())', '[ [ 0, 1, 0 ], [ 1, 0, 0 ] ]'],
  [
    'console.log(tf.oneHot([1], 2, 0.75, 0.25, "float32").dtype, tf.oneHot([1], 2, 0.75, 0.25, "float32").arraySync())',
    'float32 [ [ 0.25, 0.75 ] ]',
  ],
  [
    'const x = tf.tensor1d([1, 2, 3]); console.log(x.mul(2).add(1).arraySync(), tf.sub(x, 1).arraySync(), x.div(tf.scalar(2)).dataSync())',
    '[ 3, 5, 7 ] [ 0, 1, 2 ] [ 0.5, 1, 1.5 ]',
  ],
  ['const x = tf.tensor([[1, 1]]); console.log(x.shape, x.rank, x.size, x.dtype)', '[ 1, 2 ] 2 2 float32'],
  ['console.log(tf.tidy(() => tf.softmax(tf.tensor1d([0, 0]))).arraySync())', '[ 0.5, 0.5 ]'],
  ['const g = tf.grad((x) => x.square().sum()); console.log(g(tf.tensor1d([1, -2])).arraySync())', '[ 2, -4 ]'],
  [
    'const { value, grad } = tf.valueAndGrad((x) => x.mul(3).sum())(tf.tensor1d([1, 2])); console.log(value.arraySync(), grad.arraySync())',
    '9 [ 3, 3 ]',
  ],
  [
    'const { values, indices } = tf.topk(tf.tensor1d([1, 3, 2]), 2); console.log(values.arraySync(), indices.arraySync())',
    '[ 3, 2 ] [ 1, 2 ]',
  ],
  [
    'console.log(tf.stack([tf.scalar(1), tf.scalar(2)]).arraySync(), tf.concat([tf.tensor1d([1]), tf.tensor1d([2])]).arraySync())',
    '[ 1, 2 ] [ 1, 2 ]',
  ],
  ['console.log(await tf.tensor1d([1.5]).array(), (await tf.scalar(2).data())[0])', '[ 1.5 ] 2'],
  ['console.log(tf.losses.meanSquaredError(tf.tensor1d([1, 2]), tf.tensor1d([1, 4])).dataSync()[0], tf.Reduction.MEAN)', '2 1'],
  [
    'const p = tf.tensor2d([[0.1, 0.7, 0.2], [0.3, 0.3, 0.4]]), q = tf.tensor2d([[0.05, 0.95, 0.05], [0.95, 0.05, 0.05]]); console.log(tf.metrics.binaryCrossentropy(q, p).arraySync(), tf.metrics.categoricalCrossentropy(q, p).arraySync())',
    '[ 0.30223995447158813, 0.6972488760948181 ] [ 0.5344423651695251, 1.2497873306274414 ]',
  ],
  ['const { oneHot, scalar } = tf; console.log(oneHot([0], 2).arraySync(), scalar(3).arraySync())', '[ [ 1, 0 ] ] 3'],
];

describe('tfjs in interpreted TypeScript', () => {
  for (const [source, expected] of table) {
    it(source.slice(0, 110), () => {
      assert.equal(outputOf(tf + source), expected);
    });
  }

  it('gives tfjs’s own errors, at the call', () => {
    const source = `${tf}const x = tf.tensor1d([1, 2, 3]);\nconst y = x.reshape([2, 2]);`;
    const [error] = run(source).errors;
    assert.match(error!.message, /Size\(3\) must match the product of shape 2,2/);
    assert.equal(source.slice(error!.range.start, error!.range.end), 'x.reshape([2, 2])');
    assert.equal(outputOf(`${tf}try { tf.tensor2d([1], [2, 2]) } catch (e) { console.log('caught') }`), 'caught');
  });

  it('refuses what it does not list', () => {
    assert.equal(outputOf(`${tf}tf.layers.dense({ units: 2 })`), 'Unsupported: @tensorflow/tfjs.layers');
    assert.equal(outputOf(`${tf}tf.scalar(1).fft()`), 'Unsupported: Tensor.fft');
    assert.equal(outputOf(`${tf}tf.losses.myLoss(1)`), 'Unsupported: tf.losses.myLoss');
  });

  it('imports by name, by default and from the core package', () => {
    assert.equal(outputOf("import { scalar } from '@tensorflow/tfjs-core';\nconsole.log(scalar(2).arraySync())"), '2');
    assert.equal(outputOf("import tf from '@tensorflow/tfjs';\nconsole.log(tf.scalar(2).arraySync())"), '2');
    assert.equal(outputOf("const tf = require('@tensorflow/tfjs');\nconsole.log(tf.scalar(2).arraySync())"), '2');
  });

  it('names the traps', () => {
    const { notes } = run(`${tf}tf.oneHot([1], 3, 0.9, 0.05)`);
    assert.equal(notes.filter((note) => note.includes('int32')).length, 1);
    assert.deepEqual(run(`${tf}tf.oneHot([1], 3, 0.9, 0.05, 'float32'); tf.oneHot([1], 3)`).notes, []);
    const wrongAxis = run(`${tf}tf.losses.softmaxCrossEntropy(tf.ones([1, 2, 3]), tf.ones([1, 2, 3]), 1, 0.1)`).notes;
    assert.match(wrongAxis.join(), /axis 1 \(2\), not from the last axis \(3\)/);
    assert.match(run(`${tf}tf.scalar(1) - 0.1`).notes.join(), /tf\.sub/);
  });

  it('counts what it is asked to make before making it', () => {
    for (const source of [
      'tf.zeros([1e5, 1e5])',
      'tf.oneHot([0], 1e10)',
      'tf.range(0, 1e12)',
      'tf.scalar(1).tile([1e10])',
      'tf.eye(1e6)',
    ]) {
      assert.match(outputOf(tf + source), /elements/, source);
    }
  });

  it('leaves no tensor behind, also after an error', () => {
    run(`${tf}tf.scalar(1)`);
    const before = liveTfTensors();
    run(`${tf}const x = tf.ones([10]); tf.keep(x.add(1)); tf.variable(x); tf.grad((y) => y.sum())(x);`);
    run(`${tf}const x = tf.ones([10]); x.matMul(x.foo);`);
    assert.equal(liveTfTensors(), before);
  });
});
