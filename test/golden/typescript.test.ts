import assert from 'node:assert/strict';
import { inspect } from '../../src/inspect';
import type { Num } from '../../src/inspection';
import golden from '../fixtures/golden/formulations-torch.json';

const tf = "import * as tf from '@tensorflow/tfjs';\n";

/** The same two losses in the spellings people use, and the formulation whose golden values they must give. */
const spellings: readonly { readonly title: string; readonly formulation: string; readonly code: string }[] = [
  {
    title: 'fill/scatter with oneHot’s on and off values',
    formulation: 'fill-scatter/mean',
    code: `export function loss(targets: tf.Tensor1D, logits: tf.Tensor2D, smoothing = 0.1) {
      const classes = logits.shape[1];
      const q = tf.oneHot(targets, classes, 1 - smoothing, smoothing / (classes - 1), 'float32');
      return q.mul(logits.logSoftmax()).sum(-1).neg().mean();
    }`,
  },
  {
    title: 'fill/scatter by arithmetic, functional, an options object',
    formulation: 'fill-scatter/sum',
    code: `interface Options { readonly labelSmoothing?: number }
    export const loss = (logits: tf.Tensor2D, labels: tf.Tensor1D, { labelSmoothing = 0.1 }: Options = {}): tf.Scalar => {
      const k = logits.shape[1];
      const hot = tf.cast(tf.oneHot(labels, k), 'float32');
      const off = tf.mul(tf.sub(1, hot), labelSmoothing / (k - 1));
      const q = tf.add(tf.mul(hot, 1 - labelSmoothing), off);
      return tf.neg(tf.sum(tf.mul(q, tf.logSoftmax(logits))));
    };`,
  },
  {
    title: 'uniform mixture of one-hot labels, chained',
    formulation: 'torch.CrossEntropyLoss/mean',
    code: `export function loss(yTrue: tf.Tensor2D, yPred: tf.Tensor2D, epsilon = 0.1) {
      const k = yTrue.shape[1];
      const q = yTrue.mul(1 - epsilon).add(epsilon / k);
      return q.mul(tf.logSoftmax(yPred)).sum(1).mean().neg();
    }`,
  },
  {
    title: 'uniform mixture as (1−ε)·nll + ε·mean, in a class',
    formulation: 'torch.CrossEntropyLoss/mean',
    code: `export class SmoothedLoss {
      constructor(private readonly smoothing = 0.1) {}
      call(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Scalar {
        const logp = logits.logSoftmax();
        const nll = tf.oneHot(targets, logits.shape[1]).toFloat().mul(logp).sum(-1).neg();
        const uniform = logp.mean(-1).neg();
        return nll.mul(1 - this.smoothing).add(uniform.mul(this.smoothing)).mean();
      }
    }`,
  },
  {
    title: 'tf.losses.softmaxCrossEntropy with its labelSmoothing',
    formulation: 'torch.CrossEntropyLoss/mean',
    code: `export const loss = (labels: tf.Tensor2D, logits: tf.Tensor2D) =>
      tf.losses.softmaxCrossEntropy(labels, logits, undefined, 0.1);`,
  },
];

const number = (value: unknown): number =>
  value === 'nan' ? NaN : value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Number(value);

function assertClose(actual: Num | null, expected: unknown, what: string): void {
  const [a, b] = [number(actual), number(expected)];
  assert.ok(Object.is(a, b) || Math.abs(a - b) <= 1e-5 + 1.3e-6 * Math.abs(b), `${what}: ${a}, expected ${b}`);
}

const cases = golden.cases.filter((c) =>
  ['seed-000', 'seed-002', 'two-classes', 'small', 'medium', 'large-logits', 'equal-logits', 'heavy-smoothing'].includes(c.id),
);

describe('TypeScript losses on tfjs give the golden values', () => {
  for (const { title, formulation, code } of spellings) {
    it(title, () => {
      for (const { id, logits, targets, eps } of cases) {
        // The library call has its factor written in it.
        if (title.startsWith('tf.losses') && eps !== 0.1) continue;
        const expected = golden.results.find((r) => r.case === id && r.formulation === formulation && r.dtype === 'float64');
        assert.ok(expected?.grad, `${formulation} of ${id} is in the golden values`);
        const { losses, problems } = inspect({ file: 'loss.ts', text: tf + code, sample: { logits, targets }, smoothing: eps });
        assert.deepEqual(problems, []);
        const [found] = losses;
        assert.equal(found?.status, 'measured', `${id}: ${found?.problem?.message ?? ''}`);
        assertClose(found.value, expected.value, `${id}: value`);
        expected.grad.flat().forEach((g, i) => {
          assertClose(found.gradient!.values[i]!, g, `${id}: gradient ${i}`);
        });
      }
    });
  }

  it('shows the library’s K taken from axis 1 in rank 3 as tfjs computes it', () => {
    const text = `${tf}const logits = tf.ones([1, 2, 4]);
    const loss = tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor2d([[1, 2]], [1, 2], 'int32'), 4).toFloat(), logits, undefined, 0.1);
    console.log(loss.arraySync());`;
    const printed = inspect({ file: 'loss.ts', text }).losses.flatMap((l) => l.printed.map((p) => p.text));
    // Each target row sums to 1 − 0.1 + 4·0.1/2 = 1.1 in place of 1.
    assert.ok(
      printed.some((line) => Math.abs(Number(line) - 1.1 * Math.log(4)) < 1e-6),
      printed.join(),
    );
  });
});
