/** What a loss is to be given, told by running it. */
import assert from 'node:assert/strict';
import type { BlackBox, Matrix } from '../../../src/identification/blackBox';
import { inputOf, type LossInput } from '../../../src/identification/inputOf';
import * as losses from './losses';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const logSumExp = (row: readonly number[]): number => Math.log(sum(row.map(Math.exp)));
const mixture = losses.crossEntropy(losses.uniformMixture(0.1), { reduce: 'mean' });

/** The mixture plus something of each row, averaged. */
const plus =
  (of: (row: readonly number[]) => number, derivative: (row: readonly number[]) => readonly number[]): BlackBox =>
  (z, y) => {
    const run = mixture(z, y);
    return {
      value: (run.value as number) + sum(z.map(of)) / z.length,
      gradient: run.gradient.map((row, i) => row.map((g, k) => g + derivative(z[i]!)[k]! / z.length)),
    };
  };

const linear: BlackBox = (z, y) => ({
  value: -sum(y.map((target, i) => z[i]![target]!)) / y.length,
  gradient: z.map((row, i) => row.map((_, k) => (k === y[i] ? -1 / y.length : 0))),
});

const ofProbabilities: BlackBox = losses.differentiated((p: Matrix, y) => -sum(y.map((target, i) => Math.log(p[i]![target]!))) / y.length);

const clip = (p: number): number => Math.min(1 - 1e-7, Math.max(1e-7, p));
const clipped: BlackBox = losses.differentiated((p, y) => -sum(y.map((target, i) => Math.log(clip(p[i]![target]!)))) / y.length);
const binaryOf = (probability: (x: number) => number): BlackBox =>
  losses.differentiated(
    (x, y) =>
      -sum(x.flatMap((row, i) => row.map((value, k) => Math.log(clip(k === y[i] ? probability(value) : 1 - probability(value)))))) /
      y.length,
  );
const binaryOfProbabilities = binaryOf((p) => p);
const binaryOfScores = binaryOf((z) => 1 / (1 + Math.exp(-z)));

const rows: readonly (readonly [string, BlackBox, LossInput])[] = [
  ['a cross entropy of logits', mixture, 'logits'],
  ['a loss that picks from log-probabilities', linear, 'logProbabilities'],
  ['a loss that takes the logarithm of probabilities', ofProbabilities, 'probabilities'],
  ['a loss that clips the probabilities it takes the logarithm of', clipped, 'probabilities'],
  ['a binary loss of a probability for each class', binaryOfProbabilities, 'sigmoids'],
  ['a binary loss of scores', binaryOfScores, 'scores'],
  [
    'a cross entropy beside a mean of logits normalises by itself',
    plus(
      (row) => sum(row) / row.length,
      (row) => row.map(() => 1 / row.length),
    ),
    'unknown',
  ],
  [
    'a cross entropy beside a log-sum-exp normalises by itself',
    plus(
      (row) => -0.2 * logSumExp(row),
      (row) => row.map((z) => -0.2 * Math.exp(z - logSumExp(row))),
    ),
    'unknown',
  ],
];

describe('inputOf', () => {
  for (const [name, loss, wanted] of rows) {
    it(`${name}: ${wanted}`, () => {
      assert.equal(inputOf(losses.inFloat32(loss, 1), 5), wanted);
    });
  }
});
