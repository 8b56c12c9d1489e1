import assert from 'node:assert/strict';
import type { BlackBox } from '../../../src/identification/blackBox';
import { measure } from '../../../src/identification/measure';
import type { Measurement } from '../../../src/identification/measurement';
import { defaultSample } from '../../../src/identification/sample';
import * as losses from './losses';

const { crossEntropy, fillScatter, uniformMixture, hardLabels, onOff } = losses;

function measured(loss: BlackBox, classes = 5, smoothing: number | null = null, more: object = {}): Measurement {
  const { logits, targets } = defaultSample(classes, 4);
  return measure(losses.inFloat32(loss), { logits, targets, smoothing, ...more });
}

function near(actual: unknown, expected: number, tolerance = 2e-5): void {
  assert.equal(typeof actual, 'number', `expected a number, got ${String(actual)}`);
  assert.ok(Math.abs((actual as number) - expected) <= tolerance, `expected ${expected}, got ${String(actual)}`);
}

describe('measure', () => {
  it('gives the floor as the loss is shown: of the batch when it is summed, of a row when it is averaged or not reduced', () => {
    const entropy = -(0.9 * Math.log(0.9) + 4 * 0.025 * Math.log(0.025));
    for (const [reduce, floor] of [
      ['mean', entropy],
      ['none', entropy],
      ['sum', 4 * entropy],
    ] as const) {
      near(measured(crossEntropy(fillScatter(0.1), { reduce })).measured.entropyFloor, floor);
    }
  });

  describe('recognises', () => {
    const rows: readonly (readonly [string, BlackBox, string | null, string])[] = [
      ['hard labels', crossEntropy(hardLabels, { reduce: 'mean' }), 'hard-labels', 'mean'],
      ['fill/scatter, mean', crossEntropy(fillScatter(0.1), { reduce: 'mean' }), 'fill-scatter', 'mean'],
      ['fill/scatter, sum', crossEntropy(fillScatter(0.1), { reduce: 'sum' }), 'fill-scatter', 'sum'],
      ['fill/scatter, none', crossEntropy(fillScatter(0.1), { reduce: 'none' }), 'fill-scatter', 'none'],
      ['uniform mixture, mean', crossEntropy(uniformMixture(0.1), { reduce: 'mean' }), 'uniform-mixture', 'mean'],
      ['uniform mixture, elementMean', crossEntropy(uniformMixture(0.1), { reduce: 'elementMean' }), 'uniform-mixture', 'elementMean'],
      ['KLDiv sum', crossEntropy(fillScatter(0.1), { reduce: 'sum', divergence: true }), 'kldiv-fill-scatter/sum', 'sum'],
      [
        'KLDiv batchmean',
        crossEntropy(fillScatter(0.1), { reduce: 'mean', divergence: true }),
        'kldiv-fill-scatter/batchmean',
        'batchmean',
      ],
      ['KLDiv mean', crossEntropy(fillScatter(0.1), { reduce: 'elementMean', divergence: true }), 'kldiv-fill-scatter/mean', 'elementMean'],
      [
        'KLDiv over the mixture',
        crossEntropy(uniformMixture(0.1), { reduce: 'mean', divergence: true }),
        'kldiv-uniform-mixture/batchmean',
        'batchmean',
      ],
      [
        'Annotated Transformer',
        crossEntropy(losses.annotatedTransformer(0.1, 0), { reduce: 'sum', divergence: true }),
        'annotated-transformer',
        'sum',
      ],
      [
        'mean over active rows',
        crossEntropy(losses.ignoring(uniformMixture(0.1), 0), { reduce: 'activeMean' }),
        'uniform-mixture',
        'activeMean',
      ],
      ['ignored rows counted', crossEntropy(losses.ignoring(uniformMixture(0.1), 0), { reduce: 'mean' }), 'uniform-mixture', 'mean'],
    ];
    for (const [name, loss, formulation, reduction] of rows) {
      for (const classes of [3, 5, 10, 100]) {
        it(`${name} at K = ${classes}`, () => {
          const { measured: m } = measured(loss, classes);
          assert.equal(m.affine, true, m.verdict);
          assert.equal(m.formulation, formulation, m.verdict);
          assert.equal(m.reduction, reduction, m.verdict);
        });
      }
    }
  });

  it('reads off on, off, mass, scale and both ε', () => {
    const { measured: m } = measured(crossEntropy(fillScatter(0.1), { reduce: 'mean' }), 3);
    near(m.onValue, 0.9);
    near(m.offValue, 0.05);
    near(m.mass, 1);
    near(m.scale, 1 / 4);
    near(m.offset, 0);
    near(m.effectiveSmoothing.fillScatter, 0.1);
    near(m.effectiveSmoothing.uniformMixture, 0.15);
    near(m.entropyFloor, 0.3944, 1e-4);
    assert.equal(m.verdict, 'Fill/scatter with ε = 0.1: target 0.9, every other class 0.05; mean over the rows.');
  });

  it('finds the entropy that KL divergence subtracts', () => {
    const { measured: m } = measured(crossEntropy(fillScatter(0.1), { reduce: 'sum', divergence: true }), 3);
    near(m.offset, -0.3944, 1e-4);
    near(m.scale, 1);
  });

  it('says what a parameter that is not ε is', () => {
    const { measured: m } = measured(crossEntropy(fillScatter(0.1), { reduce: 'mean' }), 3, 0.3);
    assert.match(m.verdict, /ε = 0\.1.*its parameter says 0\.3/u);
  });

  it('finds the padding class: column and rows, rows only, none', () => {
    const at = measured(crossEntropy(losses.annotatedTransformer(0.1, 2), { reduce: 'sum', divergence: true }), 5);
    assert.equal(at.measured.paddingIndex, 2);
    assert.match(at.measured.verdict, /its column and its rows get nothing/u);
    const rowsOnly = measured(crossEntropy(losses.ignoring(uniformMixture(0.1), 1), { reduce: 'sum' }), 5);
    assert.equal(rowsOnly.measured.paddingIndex, 1);
    assert.equal(measured(crossEntropy(fillScatter(0.1), { reduce: 'sum' })).measured.paddingIndex, null);
  });

  it('reports targets that do not sum to one, and does not call them a smoothing', () => {
    const slip = crossEntropy(
      onOff(
        () => 0.9,
        (K) => 0.1 / K,
      ),
      { reduce: 'mean' },
    );
    for (const smoothing of [0.1, null]) {
      const { measured: m } = measured(slip, 3, smoothing);
      near(m.mass, 1 - 0.1 / 3);
      assert.equal(m.formulation, null, m.verdict);
      assert.match(m.verdict, /sum to 0\.9667, not 1/u);
    }
    const noSmoothingInOff = crossEntropy(
      onOff(
        (K) => 0.9 + 1 / K,
        (K) => 1 / K,
      ),
      { reduce: 'mean' },
    );
    const { measured: m } = measured(noSmoothingInOff, 3, 0.1);
    near(m.mass, 1.9);
    assert.equal(m.formulation, null, m.verdict);
  });

  it('takes a constant factor on a true distribution out of the targets', () => {
    const { measured: m } = measured(crossEntropy(uniformMixture(0.2), { reduce: 'mean', factor: 0.5 }), 5, 0.2);
    assert.equal(m.formulation, 'uniform-mixture', m.verdict);
    near(m.mass, 1);
    near(m.scale, 0.5 / 4);
  });

  it('tells fill/scatter at ε from the mixture at ε′ where both give the same numbers at one K', () => {
    const fill = measured(crossEntropy(fillScatter(0.1), { reduce: 'mean' }), 3);
    const mixture = measured(crossEntropy(uniformMixture(0.15), { reduce: 'mean' }), 3);
    assert.equal(fill.measured.formulation, 'fill-scatter');
    assert.equal(mixture.measured.formulation, 'uniform-mixture');
  });

  it('says which remain when the loss runs at one number of classes only', () => {
    const fill = crossEntropy(fillScatter(0.1), { reduce: 'mean' });
    const fixed: BlackBox = (logits, targets) => {
      assert.equal(logits[0]!.length, 2);
      return fill(logits, targets);
    };
    const unknown = measured(fixed, 2);
    assert.equal(unknown.measured.formulation, null);
    assert.deepEqual(unknown.remaining, ['fill-scatter', 'uniform-mixture']);
    assert.match(unknown.measured.verdict, /ε = 0\.1 or the uniform mixture with ε = 0\.2/u);
    assert.equal(measured(fixed, 2, 0.1).measured.formulation, 'fill-scatter');
    assert.equal(measured(fixed, 2, 0.2).measured.formulation, 'uniform-mixture');
  });

  it('measures λ of a mixup target', () => {
    const mixup =
      (lambda: number): losses.Targets =>
      (targets, classes) => {
        const q = uniformMixture(0.1)(targets, classes);
        return q.map((row, i) => row.map((value, k) => lambda * value + (1 - lambda) * q[q.length - 1 - i]![k]!));
      };
    const m = measured(crossEntropy(mixup(0.3), { reduce: 'mean' }), 5, 0.1);
    assert.equal(m.measured.formulation, 'mixup-target', m.measured.verdict);
    near(m.shape?.kind === 'mixup' ? m.shape.lambda : NaN, 0.3);
  });

  it('measures σ of a normal distribution over neighbouring classes', () => {
    const normal: losses.Targets = (targets, classes) =>
      targets.map((y) => {
        const row = Array.from({ length: classes }, (_, k) => Math.exp(-((k - y) ** 2) / (2 * 0.8 ** 2)));
        const norm = row.reduce((s, v) => s + v, 0);
        return row.map((v) => v / norm);
      });
    const m = measured(crossEntropy(normal, { reduce: 'mean' }), 7);
    assert.equal(m.measured.formulation, 'normal', m.measured.verdict);
    if (m.shape?.kind === 'normal') near(m.shape.sigma, 0.8, 1e-4);
  });

  it('recognises class weights it is told of, and the mean that divides by N', () => {
    const weights = [0.2, 1, 3.5];
    const m = measured(crossEntropy(fillScatter(0.1), { reduce: 'mean', classWeights: weights }), 3, 0.1, { classWeights: weights });
    assert.equal(m.shape?.kind, 'weighted', m.measured.verdict);
    assert.equal(m.measured.reduction, 'mean');
    assert.equal(m.measured.formulation, 'fill-scatter');
  });

  it('sees a row that depends on the other rows, and that its mean does not', () => {
    const smoothing = 0.001;
    const loss: BlackBox = (logits, targets) => {
      const logP = logits.map(losses.logSoftmaxOf);
      const u = -logP.flat().reduce((s, v) => s + v, 0) / logP.flat().length;
      const perSample = logP.map((row, i) => (1 - smoothing) * -row[targets[i]!]! + smoothing * u);
      const run = crossEntropy(uniformMixture(smoothing), { reduce: 'mean' })(logits, targets);
      return { ...run, perSample };
    };
    const { logits, targets } = defaultSample(3, 3);
    const m = measure(loss, { logits, targets, smoothing });
    assert.equal(m.measured.formulation, 'uniform-mixture', m.measured.verdict);
    assert.equal(m.crossRow?.isBatchUniformTerm, true);
    assert.match(m.measured.verdict, /Uniform mixture with ε = 0\.001.*not per sample/u);
  });

  describe('does not take for a label smoothing', () => {
    const softmax = (row: readonly number[]): readonly number[] => losses.logSoftmaxOf(row).map(Math.exp);
    const perRow = (f: (row: readonly number[], y: number) => number): BlackBox =>
      losses.differentiated((logits, targets) => logits.reduce((s, row, i) => s + f(row, targets[i]!), 0) / logits.length);
    const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
    const rows: readonly (readonly [string, BlackBox, RegExp])[] = [
      ['focal', perRow((row, y) => -((1 - softmax(row)[y]!) ** 2) * losses.logSoftmaxOf(row)[y]!), /focal loss with γ = 2\b/u],
      [
        'focal with smoothing',
        perRow(
          (row, y) =>
            -(
              0.9 * (1 - softmax(row)[y]!) ** 2 * losses.logSoftmaxOf(row)[y]! +
              0.02 * losses.logSoftmaxOf(row).reduce((s, v) => s + v, 0)
            ),
        ),
        /Not a plain label smoothing/u,
      ],
      [
        'binary',
        perRow((row, y) =>
          row.reduce((s, z, k) => s - (k === y ? 0.95 : 0.05) * Math.log(sigmoid(z)) - (k === y ? 0.05 : 0.95) * Math.log(sigmoid(-z)), 0),
        ),
        /binary cross entropy per class, with target 0\.95 .* 0\.05/u,
      ],
      ['softmax twice', perRow((row, y) => -losses.logSoftmaxOf(softmax(row))[y]!), /Softmax is applied twice/u],
      ['probabilities without a logarithm', perRow((row, y) => -softmax(row)[y]!), /linear in the probabilities/u],
      [
        'a squared error',
        perRow((row, y) => softmax(row).reduce((s, p, k) => s + (p - (k === y ? 1 : 0)) ** 2, 0)),
        /Not a plain label smoothing/u,
      ],
      [
        'DPO-like',
        perRow(
          (row, y) =>
            -0.9 * Math.log(sigmoid(0.1 * (row[y]! - row[(y + 1) % row.length]!))) -
            0.1 * Math.log(sigmoid(-0.1 * (row[y]! - row[(y + 1) % row.length]!))),
        ),
        /Not a plain label smoothing/u,
      ],
      ['a temperature', perRow((row, y) => -losses.logSoftmaxOf(row.map((z) => z / 2))[y]!), /temperature of 2\b/u],
      [
        'a softmax over the rows',
        losses.differentiated((logits, targets) => {
          const columns = logits[0]!.map((_, k) => losses.logSoftmaxOf(logits.map((row) => row[k]!)));
          return targets.reduce((s, y, i) => s - columns[y]![i]!, 0);
        }),
        /over the rows of the batch/u,
      ],
      [
        'a teacher made of the prediction itself',
        (logits, targets) => {
          const run = crossEntropy(fillScatter(0.1), { reduce: 'sum' })(logits, targets);
          return {
            ...run,
            gradient: run.gradient.map((row, i) =>
              row.map(
                (g, k) =>
                  g - 0.1 * (softmax(logits[i]!)[k]! ** 2 - softmax(logits[i]!).reduce((s, p) => s + p * p, 0) * softmax(logits[i]!)[k]!),
              ),
            ),
          };
        },
        /Not a plain label smoothing/u,
      ],
    ];
    for (const [name, loss, verdict] of rows) {
      it(name, () => {
        for (const classes of [3, 5]) {
          const { measured: m } = measured(loss, classes, 0.1);
          assert.equal(m.affine, false, m.verdict);
          assert.match(m.verdict, verdict);
          assert.ok(m.formulation === null || m.formulation === 'binary', `${String(m.formulation)}: ${m.verdict}`);
        }
      });
    }
  });

  it('notices that a loss is random', () => {
    let calls = 0;
    const fill = crossEntropy(fillScatter(0.1), { reduce: 'mean' });
    const { logits, targets } = defaultSample(3, 3);
    const m = measure((z, y) => ({ ...fill(z, y), value: ++calls }), { logits, targets, smoothing: 0.1 });
    assert.equal(m.deterministic, false);
    assert.equal(m.measured.affine, false);
    assert.equal(m.measured.formulation, null);
  });

  it('says that one class cannot be measured', () => {
    const m = measure(() => ({ value: NaN, gradient: [[0]] }), { logits: [[1]], targets: [0], smoothing: 0.1 });
    assert.match(m.measured.verdict, /one class.*K−1 = 0/u);
  });
});

describe('measure, of class weights the loss holds in itself', () => {
  const hidden = [1, 2, 3, 4, 5];
  const { logits, targets } = defaultSample(5, 4);
  const byTarget =
    (q: losses.Targets): losses.Targets =>
    (y, classes) =>
      q(y, classes).map((row, i) => row.map((value) => value * hidden[y[i]!]!));
  const overWeights =
    (q: losses.Targets): BlackBox =>
    (z, y) => {
      const run = crossEntropy(q, { reduce: 'sum' })(z, y);
      const total = y.reduce((s, target) => s + hidden[target]!, 0);
      return { value: (run.value as number) / total, gradient: run.gradient.map((row) => row.map((g) => g / total)) };
    };
  const fixedClasses =
    (loss: BlackBox): BlackBox =>
    (z, y) => {
      assert.equal(z[0]!.length, 5);
      return losses.inFloat32(loss)(z, y);
    };
  const rows: readonly (readonly [string, BlackBox, string, string])[] = [
    ['of the target, over Σw', overWeights(byTarget(uniformMixture(0.1))), 'weightedMean', 'uniform-mixture'],
    ['of the target, over N', crossEntropy(byTarget(uniformMixture(0.1)), { reduce: 'mean' }), 'mean', 'uniform-mixture'],
    ['of each class, over N', crossEntropy(fillScatter(0.1), { reduce: 'mean', classWeights: hidden }), 'mean', 'fill-scatter'],
    ['of hard labels, over Σw', overWeights(byTarget(hardLabels)), 'weightedMean', 'hard-labels'],
  ];
  for (const [name, loss, reduction, formulation] of rows) {
    it(name, () => {
      const m = measure(fixedClasses(loss), { logits, targets, smoothing: formulation === 'hard-labels' ? null : 0.1 });
      assert.equal(m.shape?.kind, 'weighted', m.measured.verdict);
      assert.equal(m.measured.reduction, reduction, m.measured.verdict);
      if (reduction === 'weightedMean') assert.equal(m.measured.formulation, formulation, m.measured.verdict);
      m.classWeights!.forEach((weight, k) => {
        // What divides by Σw shows the weights up to a factor, and they are shown with a mean of one.
        near(weight, reduction === 'weightedMean' ? hidden[k]! / 3 : hidden[k]!, 1e-3);
      });
    });
  }

  it('have their own size: weights that sum to one are no division by the number of classes', () => {
    const weights = [0.05, 0.35, 0.2, 0.3, 0.1];
    for (const [q, verdict] of [
      [uniformMixture(0.1), /^Uniform mixture with ε = 0\.1: .*weight \(0\.05 : 0\.35 : 0\.2 : 0\.3 : 0\.1\); mean over the rows\.$/u],
      [hardLabels, /^Cross entropy with hard labels: .*weight .*\(0\.05 : 0\.35 : 0\.2 : 0\.3 : 0\.1\); mean over the rows\.$/u],
    ] as const) {
      const loss = crossEntropy(q, { reduce: 'mean', classWeights: weights });
      const m = measure(fixedClasses(loss), { logits, targets, smoothing: q === hardLabels ? null : 0.1 });
      assert.match(m.measured.verdict, verdict);
      assert.equal(m.measured.reduction, 'mean');
    }
  });

  it('are none where rows are alike', () => {
    assert.equal(
      measure(losses.inFloat32(crossEntropy(fillScatter(0.1), { reduce: 'mean' })), { logits, targets, smoothing: 0.1 }).classWeights,
      null,
    );
  });
});

describe('measure, of labels that make no difference', () => {
  const uniform = crossEntropy(
    onOff(
      (K) => 1 / K,
      (K) => 1 / K,
    ),
    { reduce: 'sum' },
  );

  it('says so, and names no formulation', () => {
    const { measured: m } = measured(uniform, 5);
    assert.equal(m.formulation, null);
    assert.match(m.verdict, /0\.2 for every class, the target included: the labels make no difference/u);
  });

  it('unless ε = 1 was asked for', () => {
    assert.equal(measured(uniform, 5, 1).measured.formulation, 'uniform-mixture');
  });
});

describe('measure, of rows held against the label of the next one', () => {
  /** What a language model does: the first labels and the last rows have no partner. */
  const shifted =
    (q: losses.Targets, reduce: losses.Reduce): BlackBox =>
    (z, y) => {
      const run = crossEntropy(q, { reduce })(z.slice(0, -1), y.slice(1));
      return { value: run.value, gradient: [...run.gradient, z[0]!.map(() => 0)] };
    };
  const rows: readonly (readonly [string, BlackBox, string | null, RegExp])[] = [
    [
      'a smoothed one',
      shifted(uniformMixture(0.1), 'mean'),
      'uniform-mixture',
      /^Uniform mixture with ε = 0\.1: .*the label of the next one/u,
    ],
    ['a plain one', shifted(hardLabels, 'sum'), 'hard-labels', /^Cross entropy with hard labels: .*summed.*the label of the next one/u],
    ['fill/scatter, one value per token', shifted(fillScatter(0.1), 'none'), 'fill-scatter', /one value per row; each row/u],
  ];
  for (const [name, loss, formulation, verdict] of rows) {
    it(name, () => {
      const m = measured(loss, 5, formulation === 'hard-labels' ? null : 0.1);
      assert.equal(m.nextRow, true, m.measured.verdict);
      assert.equal(m.measured.formulation, formulation, m.measured.verdict);
      assert.match(m.measured.verdict, verdict);
    });
  }

  it('and not of rows beside their own labels, the last of which is left out', () => {
    const lastLeftOut: BlackBox = (z, y) => {
      const run = crossEntropy(uniformMixture(0.1), { reduce: 'mean' })(z.slice(0, -1), y.slice(0, -1));
      return { value: run.value, gradient: [...run.gradient, z[0]!.map(() => 0)] };
    };
    const m = measured(lastLeftOut, 5, 0.1);
    assert.equal(m.nextRow, false);
    assert.doesNotMatch(m.measured.verdict, /next one/u);
  });
});

describe('measure, where N comes in one size', () => {
  it('compares the sample with the covering batch: sums of pairs, averaged, are twice a mean', () => {
    const pairs: BlackBox = (z, y) => {
      if (z.length % 2 === 1) throw new Error('an odd number of rows');
      return crossEntropy(uniformMixture(0.1), { reduce: 'mean', factor: 2 })(z, y);
    };
    const { measured: m } = measured(pairs, 5, 0.1);
    assert.match(m.verdict, /^2 times uniform mixture with ε = 0\.1: target 0\.92, every other class 0\.02; mean over the rows\.$/u);
  });
});

describe('measure, of rows that are dropped', () => {
  it('does not take the values that are left for those of other rows', () => {
    const dropping: BlackBox = (z, y) => {
      const kept = y.map((target, i) => ({ target, i })).filter(({ target }) => target !== 0);
      const run = crossEntropy(uniformMixture(0.1), { reduce: 'none' })(
        kept.map(({ i }) => z[i]!),
        kept.map(({ target }) => target),
      );
      const gradient = z.map((row) => row.map(() => 0));
      kept.forEach(({ i }, at) => (gradient[i] = [...run.gradient[at]!]));
      return { value: run.value, gradient };
    };
    const m = measured(dropping, 5, 0.1);
    assert.equal(m.crossRow, null);
    assert.equal(m.measured.paddingIndex, 0, m.measured.verdict);
  });
});

describe('measure, near the floor', () => {
  const kept =
    (loss: BlackBox, level: number): BlackBox =>
    (z, y) => {
      const { value, gradient } = loss(z, y);
      const below = (value as number) < level;
      return { value: Math.abs((value as number) - level) + level, gradient: gradient.map((row) => row.map((g) => (below ? -g : g))) };
    };
  const rows: readonly (readonly [string, losses.Targets, number, boolean])[] = [
    ['smoothed, kept above 0.7', uniformMixture(0.1), 0.7, true],
    ['hard labels, kept above 0.05', hardLabels, 0.05, true],
    ['smoothed, kept above a level that it never goes below', uniformMixture(0.1), 0.2, false],
  ];
  for (const [name, q, level, departs] of rows) {
    it(name, () => {
      const m = measured(kept(crossEntropy(q, { reduce: 'mean' }), level), 5, q === hardLabels ? null : 0.1);
      assert.equal(m.far?.kind, departs ? 'departs' : 'follows', m.measured.verdict);
      assert.equal(/while the loss is large/u.test(m.measured.verdict), departs);
    });
  }
});

describe('measure, of a sigmoid in place of a softmax', () => {
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const pulls =
    (q: losses.Targets): BlackBox =>
    (z, y) => {
      const distribution = q(y, z[0]!.length);
      const value = z.reduce((s, row, i) => s - row.reduce((t, x, k) => t + distribution[i]![k]! * Math.log(sigmoid(x)), 0), 0) / z.length;
      return { value, gradient: z.map((row, i) => row.map((x, k) => (distribution[i]![k]! * (sigmoid(x) - 1)) / z.length)) };
    };
  it('says what it is, and nothing of a smoothed prediction', () => {
    assert.match(measured(pulls(hardLabels), 5).measured.verdict, /^Not a softmax loss: −log σ\(z\) of the labelled class alone\./u);
    assert.match(measured(pulls(uniformMixture(0.2)), 5, 0.2).measured.verdict, /0\.84 for the labelled class to 0\.04/u);
  });
  it('a smoothed prediction is still one', () => {
    const smoothed = losses.differentiated((z, y) => {
      const p = z.map((row) => losses.logSoftmaxOf(row).map(Math.exp));
      return -y.reduce((s, target, i) => s + Math.log(0.9 * p[i]![target]! + 0.02), 0) / y.length;
    });
    assert.equal(measured(smoothed, 5, 0.1).otherFamily?.kind, 'smoothedPrediction');
  });
});
