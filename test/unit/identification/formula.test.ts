/** A formula is true when somebody who reads it and computes it gets the loss's value. */
import assert from 'node:assert/strict';
import { formulations } from '../../../src/formulations/catalogue';
import { evaluate } from '../../../src/formulations/evaluate';
import type { BlackBox, Matrix } from '../../../src/identification/blackBox';
import { measure } from '../../../src/identification/measure';
import { defaultSample } from '../../../src/identification/sample';
import type { Formula } from '../../../src/inspection';
import { valueOfTex, valueOfText } from './formulaReader';
import * as losses from './losses';

const { crossEntropy, fillScatter, uniformMixture, hardLabels, onOff } = losses;

interface Options {
  readonly smoothing?: number | null;
  readonly classWeights?: readonly number[];
  readonly paddingIndex?: number;
  readonly makesTargets?: true;
}

function formulaOf(loss: BlackBox, classes: number, rows: number, { smoothing = null, ...more }: Options = {}): Formula {
  const { logits, targets } = defaultSample(classes, rows);
  const { measured } = measure(loss, { logits, targets, smoothing, ...more });
  assert.ok(measured.formula, `no formula: ${measured.verdict}`);
  return measured.formula;
}

/** Logits that no probe has. */
function otherLogits(rows: number, classes: number): Matrix {
  return Array.from({ length: rows }, (_, n) => Array.from({ length: classes }, (__, k) => Math.sin(3 * n + 1.7 * k) * 2));
}

function assertTrue(formula: Formula, loss: BlackBox, classes: number, rows: number): void {
  const logits = otherLogits(rows, classes);
  const targets = defaultSample(classes, rows).targets;
  const expected = [loss(logits, targets).value].flat();
  for (const [notation, values] of [
    ['text', valueOfText(formula.text, { logits, targets })],
    ['TeX', valueOfTex(formula.tex, { logits, targets })],
  ] as const) {
    assert.equal(values.length, expected.length, `${notation}: ${formula.text}`);
    values.forEach((value, n) => {
      const near = Math.abs(value - expected[n]!) <= 1e-5 + 1.3e-6 * Math.abs(expected[n]!);
      assert.ok(near, `${notation} gives ${value} where the loss is ${expected[n]!}: ${formula.text} | ${formula.tex.join(' | ')}`);
    });
  }
}

function formulationBox(id: string, smoothing: number): BlackBox {
  const formulation = formulations.find((each) => each.id === id)!;
  return (logits, targets) => {
    const found = evaluate(formulation, { logits, targets, smoothing, paddingIndex: 0, lambda: 0.3, sigma: 0.7 });
    if ('problem' in found) throw new Error(found.problem);
    return found;
  };
}

describe('formula: computed from what is written, it is the loss', () => {
  for (const formulation of formulations) {
    const { id } = formulation;
    for (const [classes, rows] of [
      [2, 3],
      [3, 4],
      [10, 5],
      [40, 2],
    ] as const) {
      if (formulation.problem(classes, { smoothing: 0.1, paddingIndex: 0 }) !== null) continue;
      // At K = 2 a mixed or normal target has no law: its q are given as measured, which is no formula to compute.
      if (classes === 2 && (id === 'mixup-target' || id === 'normal')) continue;
      it(`${id}, K = ${classes}, N = ${rows}`, () => {
        for (const smoothing of classes === 10 ? [0.1, 0.25, 0] : [0.1]) {
          const loss = formulationBox(id, smoothing);
          assertTrue(formulaOf(loss, classes, rows, { smoothing, paddingIndex: 0 }), loss, classes, rows);
        }
      });
    }
  }

  const weights = [0.2, 1, 3.5, 0.7];
  const rows: readonly (readonly [string, BlackBox, Options])[] = [
    ['sum', crossEntropy(fillScatter(0.1), { reduce: 'sum' }), {}],
    ['one value per row', crossEntropy(uniformMixture(0.1), { reduce: 'none' }), {}],
    ['one value per row, KL', crossEntropy(fillScatter(0.1), { reduce: 'none', divergence: true }), {}],
    ['mean over N·K', crossEntropy(uniformMixture(0.1), { reduce: 'elementMean' }), {}],
    ['mean over active rows', crossEntropy(losses.ignoring(uniformMixture(0.1), 0), { reduce: 'activeMean' }), {}],
    ['padding rows counted', crossEntropy(losses.ignoring(uniformMixture(0.1), 0), { reduce: 'mean' }), {}],
    ['K−2 and padding', crossEntropy(losses.annotatedTransformer(0.1, 1), { reduce: 'sum', divergence: true }), {}],
    ['a factor', crossEntropy(uniformMixture(0.2), { reduce: 'mean', factor: 0.5 }), { smoothing: 0.2 }],
    ['a constant', crossEntropy(hardLabels, { reduce: 'mean', constant: -3 }), {}],
    ['class weights', crossEntropy(fillScatter(0.1), { reduce: 'mean', classWeights: weights }), { classWeights: weights, smoothing: 0.1 }],
    [
      'class weights it holds itself',
      crossEntropy(uniformMixture(0.1), { reduce: 'sum', classWeights: weights }),
      { classWeights: weights, smoothing: 0.1 },
    ],
    [
      'on 1−ε, off ε/K',
      crossEntropy(
        onOff(
          () => 0.9,
          (K) => 0.1 / K,
        ),
        { reduce: 'mean' },
      ),
      { smoothing: 0.1 },
    ],
    [
      '1/K without ε',
      crossEntropy(
        onOff(
          (K) => 0.9 + 1 / K,
          (K) => 1 / K,
        ),
        { reduce: 'mean' },
      ),
      { smoothing: 0.1 },
    ],
    [
      'a negative off value',
      crossEntropy(
        onOff(
          () => 1.2,
          () => -0.1,
        ),
        { reduce: 'mean' },
      ),
      {},
    ],
    [
      'numbers of its own',
      crossEntropy(
        onOff(
          () => 0.87654,
          () => 0.01234,
        ),
        { reduce: 'mean' },
      ),
      {},
    ],
  ];
  for (const [name, loss, options] of rows) {
    it(`${name}, K = 4`, () => {
      assertTrue(formulaOf(losses.inFloat32(loss), 4, 5, options), loss, 4, 5);
    });
  }

  it('torch’s weighted mean, which divides by the weights of the targets', () => {
    const weighted: BlackBox = (logits, targets) => {
      const total = targets.reduce((s, y) => s + weights[y]!, 0);
      const rows = logits.map((z, n) => -weights[targets[n]!]! * losses.logSoftmaxOf(z)[targets[n]!]!);
      const gradient = logits.map((z, n) =>
        losses.logSoftmaxOf(z).map((logP, k) => (weights[targets[n]!]! * (Math.exp(logP) - (k === targets[n] ? 1 : 0))) / total),
      );
      return { value: rows.reduce((s, v) => s + v, 0) / total, gradient };
    };
    const formula = formulaOf(losses.inFloat32(weighted), 4, 5, { classWeights: weights, smoothing: 0 });
    assert.equal(formula.text, '−w_y·log p_y, summed over N rows and divided by Σ w_y; w = (0.2, 1, 3.5, 0.7)');
    assertTrue(formula, weighted, 4, 5);
  });

  const probability = (row: readonly number[], k: number): number => Math.exp(losses.logSoftmaxOf(row)[k]!);
  const meanOf = (row: (logits: readonly number[], y: number) => number): BlackBox =>
    losses.differentiated((logits, targets) => logits.reduce((s, z, n) => s + row(z, targets[n]!), 0) / logits.length);
  const others: readonly (readonly [string, BlackBox])[] = [
    ['focal', meanOf((z, y) => -((1 - probability(z, y)) ** 2) * Math.log(probability(z, y)))],
    ['focal times α', meanOf((z, y) => -0.25 * (1 - probability(z, y)) ** 1.5 * Math.log(probability(z, y)))],
    ['the prediction smoothed', meanOf((z, y) => -Math.log(0.9 * probability(z, y) + 0.1 / 4))],
    ['a small number in the logarithm', meanOf((z, y) => -Math.log(probability(z, y) + 0.01))],
    [
      'a confidence penalty',
      meanOf((z, y) => {
        const logP = losses.logSoftmaxOf(z);
        return -logP[y]! + 0.1 * logP.reduce((s, v) => s + Math.exp(v) * v, 0);
      }),
    ],
    ['a cross entropy with 1 − p_y added', meanOf((z, y) => -Math.log(probability(z, y)) + 2 * (1 - probability(z, y)))],
    [
      'a focal loss of smoothed targets',
      meanOf((z, y) => losses.logSoftmaxOf(z).reduce((s, v, k) => s - (k === y ? 0.925 : 0.025) * (1 - Math.exp(v)) ** 2 * v, 0)),
    ],
    [
      'a temperature',
      meanOf((z, y) => {
        const logP = losses.logSoftmaxOf(z.map((value) => value / 2));
        return -0.9 * logP[y]! - (0.1 / 4) * logP.reduce((s, v) => s + v, 0);
      }),
    ],
  ];
  for (const [name, loss] of others) {
    it(name, () => {
      assertTrue(formulaOf(losses.inFloat32(loss), 4, 4, { smoothing: 0.1 }), loss, 4, 4);
    });
  }
});

describe('formula: written as people write it', () => {
  const texts: readonly (readonly [BlackBox, number, Options, string])[] = [
    [crossEntropy(fillScatter(0.1), { reduce: 'mean' }), 3, {}, '−0.9·log p_y − 0.05·Σ_{k≠y} log p_k, mean over N rows'],
    [crossEntropy(fillScatter(0.1), { reduce: 'mean' }), 300, {}, '−0.9·log p_y − (0.1/299)·Σ_{k≠y} log p_k, mean over N rows'],
    [crossEntropy(uniformMixture(0.1), { reduce: 'sum' }), 3, {}, '−0.9·log p_y − (0.1/3)·Σ_k log p_k, summed over N rows'],
    [crossEntropy(uniformMixture(1), { reduce: 'mean' }), 4, { smoothing: 1 }, '−0.25·Σ_k log p_k, mean over N rows'],
    [crossEntropy(hardLabels, { reduce: 'mean' }), 5, {}, '−log p_y, mean over N rows'],
    [
      crossEntropy(losses.annotatedTransformer(0.1, 0), { reduce: 'sum', divergence: true }),
      300,
      {},
      '−0.9·log p_y − (0.1/298)·Σ_{k≠y,0} log p_k − H(q), summed over N rows; 0 where y = 0; H(q) = 0.8947923',
    ],
    [
      crossEntropy(
        onOff(
          () => 0.9,
          (K) => 0.1 / K,
        ),
        { reduce: 'mean' },
      ),
      3,
      { smoothing: 0.1 },
      '−0.9·log p_y − (0.1/3)·Σ_{k≠y} log p_k, mean over N rows',
    ],
    [crossEntropy(uniformMixture(0.1), { reduce: 'mean' }), 3, { makesTargets: true }, 'q_y = 0.9 + (0.1/3), every other q_k = (0.1/3)'],
  ];
  for (const [loss, classes, options, expected] of texts) {
    it(expected, () => {
      assert.equal(formulaOf(losses.inFloat32(loss), classes, 4, options).text, expected);
    });
  }

  it('in TeX: the reduction, then a row, then what the symbols mean', () => {
    assert.deepEqual(formulaOf(crossEntropy(fillScatter(0.1), { reduce: 'mean', divergence: true }), 11, 4).tex, [
      'L = \\frac{1}{N} \\sum_{n} \\ell_n',
      '\\ell_n = -0.9 \\, \\log p_{n,y_n} - 0.01 \\, \\sum_{k \\ne y_n} \\log p_{n,k} - H(q)',
      'H(q) = 0.5553415',
    ]);
  });
});

describe('formula: none rather than a wrong one', () => {
  const none: readonly (readonly [string, BlackBox])[] = [
    [
      'the square of a cross entropy',
      losses.differentiated((logits, targets) => logits.reduce((s, z, n) => s + losses.logSoftmaxOf(z)[targets[n]!]! ** 2, 0)),
    ],
    [
      'a margin between the target and the others',
      losses.differentiated((logits, targets) =>
        logits.reduce((s, z, n) => {
          const others = z.reduce((t, v, k) => (k === targets[n] ? t : t + Math.exp(v / 2)), 0);
          return s + Math.log(1 + others * Math.exp(-z[targets[n]!]!));
        }, 0),
      ),
    ],
  ];
  for (const [name, loss] of none) {
    it(name, () => {
      const { logits, targets } = defaultSample(5, 4);
      assert.equal(measure(losses.inFloat32(loss), { logits, targets, smoothing: null }).measured.formula, null);
    });
  }

  it('targets without a rule are said to be as measured', () => {
    const teacher: losses.Targets = (targets, classes) =>
      targets.map((y, n) => {
        const row = Array.from({ length: classes }, (_, k) => (k === y ? 3 : 1 + Math.sin(k * 2.3 + n)));
        const total = row.reduce((s, v) => s + v, 0);
        return row.map((v) => v / total);
      });
    assert.equal(formulaOf(crossEntropy(teacher, { reduce: 'mean' }), 5, 4).text, '−Σ_k q_k·log p_k, mean over N rows; q as measured');
  });
});
