/** Losses over arrays of numbers, without a tensor library. Values are torch's cross_entropy on the default sample. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection } from '../../../src/inspection';

const logProbabilities = `
  const largest = Math.max(...row);
  const total = largest + Math.log(row.reduce((sum, z) => sum + Math.exp(z - largest), 0));
  const logs = row.map((z) => z - total);`;

const table: readonly (readonly [what: string, code: string, verdict: RegExp, value: number | null])[] = [
  [
    'a batch of rows, in a loop',
    `export function softened(rows: number[][], labels: number[], smoothing = 0.3): number {
  let loss = 0;
  for (let i = 0; i < rows.length; i++) {
  const row = rows[i];${logProbabilities}
    loss += -(1 - smoothing) * logs[labels[i]] - (smoothing / row.length) * logs.reduce((a, b) => a + b, 0);
  }
  return loss / rows.length;
}`,
    /^Uniform mixture with ε = 0\.3: .*mean over the rows/,
    1.72611,
  ],
  [
    'one row of probabilities and its label',
    `export function ofRow(probabilities: number[], label: number, labelSmoothing = 0.2): number {
  const q = new Array(probabilities.length).fill(labelSmoothing / probabilities.length);
  q[label] += 1 - labelSmoothing;
  return -q.reduce((sum, share, k) => sum + share * Math.log(probabilities[k]), 0);
}`,
    /^Uniform mixture with ε = 0\.2: .*one value per row/,
    null,
  ],
  [
    'one row, in a method',
    `export class RowLoss {
  constructor(private readonly smoothing = 0.3) {}
  forward(row: readonly number[], label: number): number {${logProbabilities}
    return -(1 - this.smoothing) * logs[label] - (this.smoothing / row.length) * logs.reduce((a, b) => a + b, 0);
  }
}`,
    /^Uniform mixture with ε = 0\.3: .*one value per row/,
    null,
  ],
  [
    'targets that do not sum to one are said to be that',
    `export function heavy(rows: number[][], labels: number[], smoothing = 0.3): number {
  let loss = 0;
  for (let i = 0; i < rows.length; i++) {
  const row = rows[i];${logProbabilities}
    loss += -2 * (1 - smoothing) * logs[labels[i]] - (smoothing / row.length) * logs.reduce((a, b) => a + b, 0);
  }
  return loss / rows.length;
}`,
    /sum to 1\.7, not 1/,
    null,
  ],
];

const only = (text: string): Inspection => {
  const { losses, problems } = inspect({ file: 'loss.ts', text });
  assert.equal(losses.length, 1, JSON.stringify(problems));
  return losses[0]!;
};

describe('losses of plain numbers', function () {
  this.timeout(20_000);

  for (const [what, code, verdict, value] of table)
    it(what, () => {
      const loss = only(code);
      assert.equal(loss.status, 'measured', loss.problem?.message);
      assert.match(loss.measured?.verdict ?? '', verdict);
      assert.equal(loss.framework, 'unknown');
      if (value !== null) assert.ok(Math.abs(Number(loss.value) - value) < 1e-5, String(loss.value));
      assert.doesNotMatch(loss.translations?.tfjs.note ?? '', /tfjs code/);
    });

  it('code that imports tfjs is handed tensors', () => {
    const loss = only(`import * as tf from '@tensorflow/tfjs';
export function softened(labels: tf.Tensor2D, logits: tf.Tensor2D, smoothing = 0.3): tf.Scalar {
  const q = labels.mul(1 - smoothing).add(smoothing / labels.shape[1]);
  return q.mul(tf.logSoftmax(logits)).sum(1).mean().neg();
}`);
    assert.equal(loss.framework, 'tfjs');
    assert.match(loss.measured?.verdict ?? '', /^Uniform mixture with ε = 0\.3/);
  });
});
