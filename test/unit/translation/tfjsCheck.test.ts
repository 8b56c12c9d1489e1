import assert from 'node:assert/strict';
import type { Box } from '../../../src/execution/runSite';
import { check } from '../../../src/translation/tfjsCheck';
import { liveTensors } from '../../../src/tensor/engine';

/** Σ z² of every row's label, averaged, by hand. */
const box: Box = (logits, targets) => ({
  value: logits.reduce((sum, row, i) => sum + row[targets[i]!]! ** 2, 0) / logits.length,
  gradient: logits.map((row, i) => row.map((z, k) => (k === targets[i] ? (2 * z) / logits.length : 0))),
});

const samples = [
  {
    logits: [
      [1, 2, 3],
      [0.5, -1, 2],
    ],
    targets: [0, 2],
    onlyIfIgnored: null,
  },
  {
    logits: [
      [1, 2, 3],
      [0.5, -1, 2],
      [0.1, 0.2, 0.3],
    ],
    targets: [0, 2, 1],
    onlyIfIgnored: null,
  },
];

const verdict = (body: string): string => {
  const code = `import * as tf from '@tensorflow/tfjs';
export function loss(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor {
  const picked = logits.mul(tf.oneHot(targets.toInt(), 3, 1, 0, 'float32'));
  ${body}
}
`;
  const checked = check(code, 'loss', box, 'logits', samples);
  return checked.agrees ? `agrees on ${checked.samples} of ${checked.fewestRows} to ${checked.mostRows}` : checked.difference;
};

describe('the check of generated code', () => {
  it('lets right code pass', () => {
    assert.equal(verdict('return picked.square().sum(-1).mean();'), 'agrees on 2 of 2 to 3');
  });

  it('sees another value', () => {
    assert.match(verdict('return picked.square().sum();'), /with 2 rows its value is 5\.0+ where yours is 2\.5/);
  });

  it('sees a number of rows that was baked in', () => {
    assert.match(verdict('return picked.square().sum().div(2);'), /with 3 rows its value/);
  });

  it('sees another gradient of the same value', () => {
    const body = 'const fixed = tf.tensor(picked.dataSync(), picked.shape);\n  return picked.mul(fixed).sum(-1).mean();';
    assert.match(verdict(body), /its gradient is 0\.50+ where yours is 1\.0+/);
  });

  it('sees a gradient that is missing', () => {
    assert.match(verdict('return tf.tensor(picked.square().sum(-1).mean().dataSync(), []);'), /it has no gradient/);
  });

  it('sees another shape', () => {
    assert.match(verdict('return picked.square().sum(-1);'), /its value has 2 numbers, yours 1/);
  });

  it('says what fails', () => {
    assert.match(verdict('return picked.matMul(picked);'), /it fails with 2 rows: .*matMul/);
  });

  it('leaves no tensor behind', () => {
    verdict('return picked.square().sum(-1).mean();');
    const before = liveTensors();
    verdict('return picked.square().sum(-1).mean();');
    assert.equal(liveTensors(), before);
  });
});
