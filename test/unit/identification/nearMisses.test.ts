import assert from 'node:assert/strict';
import type { BlackBox, LossRun } from '../../../src/identification/blackBox';
import { compare } from '../../../src/identification/compare';
import { measure } from '../../../src/identification/measure';
import type { Measurement } from '../../../src/identification/measurement';
import { defaultSample } from '../../../src/identification/sample';
import type { Comparison } from '../../../src/inspection';
import * as losses from './losses';

const { crossEntropy, differentiated, fillScatter, hardLabels, inFloat32, logSoftmaxOf, onOff, uniformMixture } = losses;

type Row = readonly number[];

const total = (values: Row): number => values.reduce((s, v) => s + v, 0);
const smoothedLoss = (logP: Row, y: number, smoothing = 0.1): number =>
  -((1 - smoothing) * logP[y]! + (smoothing * total(logP)) / logP.length);
const meanOf = (f: (z: Row, y: number) => number): BlackBox =>
  differentiated((logits, targets) => total(logits.map((z, i) => f(z, targets[i]!))) / logits.length);

interface Seen {
  readonly measurement: Measurement;
  readonly relations: ReadonlyMap<string, Comparison>;
}

function seen(loss: BlackBox, classes = 5, smoothing: number | null = 0.1): Seen {
  const sample = defaultSample(classes, 4);
  const measurement = measure(inFloat32(loss, 2), { ...sample, smoothing });
  const relations = compare({ measurement, sample, smoothing });
  return { measurement, relations: new Map(relations.map((entry) => [entry.formulation, entry])) };
}

function equals(relations: Seen['relations']): readonly string[] {
  return [...relations.values()]
    .filter(({ relation }) => relation?.kind.startsWith('equal') === true)
    .map(({ formulation }) => formulation);
}

describe('a loss that is nearly a label smoothing', function () {
  this.timeout(20_000);

  describe('with logits of ±20 is seen to be none', () => {
    const clipped =
      (change: (logP: number) => number): ((z: Row, y: number) => number) =>
      (z, y) =>
        smoothedLoss(logSoftmaxOf(z).map(change), y);
    const rows: readonly (readonly [string, BlackBox])[] = [
      ['log(p + 1e-8)', meanOf(clipped((logP) => Math.log(Math.exp(logP) + 1e-8)))],
      ['log(p + 1e-12)', meanOf(clipped((logP) => Math.log(Math.exp(logP) + 1e-12)))],
      ['p clipped at 1e-7', meanOf(clipped((logP) => Math.log(Math.max(Math.exp(logP), 1e-7))))],
      ['log p clipped at −30', meanOf(clipped((logP) => Math.max(logP, -30)))],
      ['the loss clipped at 15', meanOf((z, y) => Math.min(smoothedLoss(logSoftmaxOf(z), y), 15))],
      ['logits clipped at ±10', meanOf((z, y) => smoothedLoss(logSoftmaxOf(z.map((value) => Math.max(-10, Math.min(10, value)))), y))],
    ];
    for (const [name, loss] of rows) {
      it(name, () => {
        const { measurement, relations } = seen(loss);
        assert.match(measurement.measured.verdict, /Uniform mixture with ε = 0\.1.*that is so on ordinary logits: where they reach ±20/u);
        assert.deepEqual(equals(relations), []);
        assert.match(relations.get('uniform-mixture')!.detail, /^Different where logits are large.*On ordinary logits: equal/u);
      });
    }

    it('a sigmoid whose logarithm is clipped, as a binary one', () => {
      const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
      const log = (x: number): number => Math.max(Math.log(x), -12);
      const binary = (logarithm: (x: number) => number): BlackBox =>
        differentiated(
          (logits, targets) =>
            -total(
              logits.flatMap((row, i) =>
                row.map(
                  (z, k) =>
                    (k === targets[i] ? 0.95 : 0.05) * logarithm(sigmoid(z)) + (k === targets[i] ? 0.05 : 0.95) * logarithm(sigmoid(-z)),
                ),
              ),
            ) /
            (logits.length * logits[0]!.length),
        );
      const clippedOne = seen(binary(log));
      assert.equal(clippedOne.measurement.measured.formulation, 'binary');
      assert.match(clippedOne.relations.get('binary')!.detail, /^Different where logits are large/u);
      assert.deepEqual(equals(clippedOne.relations), []);
      assert.deepEqual(equals(seen(binary(Math.log)).relations), ['binary']);
    });

    it('but not where it is one everywhere, or is clipped only beyond', () => {
      for (const loss of [
        crossEntropy(uniformMixture(0.1), { reduce: 'mean' }),
        meanOf(clipped((logP) => Math.max(logP, -100))),
        meanOf(clipped((logP) => Math.log(Math.exp(logP) + 1e-38))),
      ]) {
        const { measurement, relations } = seen(loss);
        assert.equal(measurement.far?.kind, 'follows', measurement.measured.verdict);
        assert.deepEqual(equals(relations), ['fill-scatter', 'uniform-mixture']);
      }
    });
  });

  describe('has rows or divisors that are out of the ordinary', () => {
    it('the number of rows taken for that of classes', () => {
      const { measurement, relations } = seen((z, y) =>
        crossEntropy(
          onOff(
            () => 0.9,
            () => 0.1 / (z.length - 1),
          ),
          { reduce: 'mean' },
        )(z, y),
      );
      assert.match(measurement.measured.verdict, /targets change with the number of rows/u);
      assert.equal(measurement.measured.formulation, null);
      assert.deepEqual(equals(relations), []);
    });

    it('one term summed and the other averaged', () => {
      const { measurement } = seen(
        differentiated((logits, targets) => {
          const logP = logits.map(logSoftmaxOf);
          const nll = -total(logP.map((row, i) => row[targets[i]!]!));
          return 0.9 * nll - (0.1 * total(logP.flat())) / (logits.length * logits[0]!.length);
        }),
      );
      assert.match(measurement.measured.verdict, /targets change with the number of rows/u);
      assert.equal(measurement.measured.formulation, null);
    });

    const part =
      (pick: (count: number) => { readonly logits: Row; readonly targets: Row }, loss: BlackBox): BlackBox =>
      (z, y) => {
        const { logits, targets } = pick(z.length);
        const run = loss(
          logits.map((i) => z[i]!),
          targets.map((i) => y[i]!),
        );
        return { value: run.value, gradient: z.map((row, i) => run.gradient[logits.indexOf(i)] ?? row.map(() => 0)) };
      };
    const upTo = (count: number): Row => Array.from({ length: count }, (_, i) => i);
    const mixture = crossEntropy(uniformMixture(0.1), { reduce: 'mean' });

    it('predictions shifted against targets: the last row is no padding', () => {
      const loss = part((count) => ({ logits: upTo(count - 1), targets: upTo(count - 1).map((i) => i + 1) }), mixture);
      const { measurement } = seen(loss);
      assert.equal(measurement.measured.paddingIndex, null, measurement.measured.verdict);
      assert.equal(measurement.missesFirstPaddingRow, false);
      assert.equal(measurement.nextRow, true);
      assert.match(measurement.measured.verdict, /each row is held against the label of the next one/u);
    });

    it('only the first row', () => {
      const { measurement, relations } = seen(part(() => ({ logits: [0], targets: [0] }), mixture));
      assert.match(measurement.measured.verdict, /of 6 rows, rows 1, 2, 3, 4 and 5 get nothing/u);
      assert.equal(measurement.measured.formulation, null);
      assert.deepEqual(equals(relations), []);
    });

    const sums = crossEntropy(uniformMixture(0.1), { reduce: 'sum' });
    const dividedBy =
      (divisor: (rows: number, classes: number) => number): BlackBox =>
      (z, y) => {
        const run = sums(z, y);
        const by = divisor(z.length, z[0]!.length);
        return { value: (run.value as number) / by, gradient: run.gradient.map((row) => row.map((g) => g / by)) };
      };

    it('a hard-coded batch size', () => {
      const { measurement, relations } = seen(dividedBy(() => 32));
      assert.match(measurement.measured.verdict, /^0\.03125 times uniform mixture with ε = 0\.1.*summed over the rows/u);
      assert.match(relations.get('uniform-mixture')!.detail, /8 times yours on this sample; the factor changes with the batch/u);
    });

    it('N − 1', () => {
      const { measured } = seen(dividedBy((rows) => rows - 1)).measurement;
      assert.match(measured.verdict, /^Uniform mixture with ε = 0\.1.*what it divides by does not follow the number of rows/u);
      assert.equal(measured.mass, 1);
      assert.equal(measured.reduction, 'unknown');
      assert.ok(Math.abs(Number(measured.scale) - 1 / 3) < 1e-5, String(measured.scale));
    });

    it('K, without N', () => {
      const { measurement, relations } = seen(dividedBy((_, classes) => classes));
      assert.equal(measurement.measured.reduction, 'sum');
      assert.match(measurement.measured.verdict, /^1\/K of uniform mixture with ε = 0\.1.*summed over the rows/u);
      assert.match(
        relations.get('kldiv-fill-scatter/sum')!.detail,
        /K = 5 times yours: it sums over the rows, yours divides the sum over the rows by K/u,
      );
    });

    it('N·K, where the targets do not sum to one either', () => {
      const sharedAmongAll = onOff(
        () => 0.9,
        (classes) => 0.1 / classes,
      );
      const { measured } = seen(crossEntropy(sharedAmongAll, { reduce: 'elementMean', divergence: true })).measurement;
      assert.equal(measured.reduction, 'elementMean');
      assert.deepEqual([measured.onValue, measured.offValue, measured.mass], [0.9, 0.02, 0.98]);
      assert.match(measured.verdict, /^KL divergence .* they sum to 0\.98, not 1; divided by N·K/u);
    });

    it('class weights counted from the batch', () => {
      const byTarget: BlackBox = (z, y) => {
        const weights = z[0]!.map((_, k) => 1 / (1 + y.filter((target) => target === k).length));
        const rows = crossEntropy(
          (targets, K) => uniformMixture(0.1)(targets, K).map((row, i) => row.map((q) => q * weights[targets[i]!]!)),
          {
            reduce: 'sum',
          },
        );
        return rows(z, y);
      };
      const { measurement, relations } = seen(byTarget);
      assert.equal(measurement.measured.formulation, null, measurement.measured.verdict);
      assert.deepEqual(equals(relations), []);
    });

    it('no gradient at all', () => {
      const detached: BlackBox = (z, y) => {
        const run = mixture(z, y);
        return { ...run, gradient: run.gradient.map((row) => row.map(() => 0)) };
      };
      const { measurement } = seen(detached);
      assert.match(measurement.measured.verdict, /^Its gradient is zero whatever the logits are/u);
      assert.equal(measurement.measured.affine, false);
    });

    it('the sign turned', () => {
      const { measurement, relations } = seen(dividedBy((rows) => -rows));
      assert.match(measurement.measured.verdict, /^-1 times uniform mixture with ε = 0\.1[^(]*$/u);
      assert.deepEqual(relations.get('uniform-mixture')!.relation, { kind: 'scaled', factor: -1 });
    });
  });

  it('one class of a hundred is treated otherwise', () => {
    const special = (logits: readonly Row[], targets: Row): LossRun => {
      const [mixture, hard] = [uniformMixture(0.1), hardLabels];
      return crossEntropy((y, K) => y.map((target) => (target === 57 ? hard : mixture)([target], K)[0]!), { reduce: 'mean' })(
        logits,
        targets,
      );
    };
    const { measurement, relations } = seen(special, 100);
    assert.equal(measurement.measured.formulation, null, measurement.measured.verdict);
    assert.deepEqual(equals(relations), []);
    assert.equal(seen(crossEntropy(uniformMixture(0.1), { reduce: 'mean' }), 100).measurement.measured.formulation, 'uniform-mixture');
  });

  it('an ε too small for float32 to tell whose it is', () => {
    const { measurement } = seen(crossEntropy(fillScatter(1e-6), { reduce: 'mean' }), 5, 1e-6);
    assert.equal(measurement.measured.formulation, null);
    assert.match(measurement.measured.verdict, /float32 cannot tell apart at so small an ε|hard labels/u);
  });

  it('ε that goes with K in neither way', () => {
    const { measured } = seen(
      crossEntropy((y, K) => uniformMixture(0.1 / K)(y, K), { reduce: 'mean' }),
      5,
    ).measurement;
    assert.equal(measured.formulation, null);
    assert.match(
      measured.verdict,
      /at K = 5 that is fill\/scatter with ε = 0\.016 or the uniform mixture with ε = 0\.02, but with the number/u,
    );
  });

  it('computed in float16', () => {
    const rounded =
      (bits: number): BlackBox =>
      (z, y) => {
        const run = crossEntropy(uniformMixture(0.1), { reduce: 'mean' })(z, y);
        const value = run.value as number;
        const unit = 2 ** (Math.floor(Math.log2(value)) - bits + 1);
        return { ...run, value: Math.round(value / unit) * unit };
      };
    const sample = defaultSample(5, 4);
    const { measured } = measure(rounded(11), { ...sample, smoothing: 0.1 });
    assert.match(measured.verdict, /values are float16 numbers, .* target 0\.92 and 0\.02 elsewhere/u);
    assert.equal(measured.affine, false);
    assert.equal(measured.formulation, null);
    assert.match(measure(rounded(8), { ...sample, smoothing: 0.1 }).measured.verdict, /values are bfloat16 numbers/u);
  });

  describe('is a cross entropy and something more', () => {
    const p = (z: Row): Row => logSoftmaxOf(z).map(Math.exp);
    const entropy = (z: Row): number => -total(logSoftmaxOf(z).map((logP) => Math.exp(logP) * logP));
    const logSumExp = (z: Row): number => z[0]! - logSoftmaxOf(z)[0]!;
    const ce = (z: Row, y: number): number => smoothedLoss(logSoftmaxOf(z), y);
    const rows: readonly (readonly [string, (z: Row, y: number) => number, RegExp])[] = [
      [
        'confidence penalty',
        (z, y) => -logSoftmaxOf(z)[y]! - 0.1 * entropy(z),
        /with hard labels, minus 0\.1 times the entropy of the prediction, a confidence/u,
      ],
      [
        'the prediction mixed into the targets',
        (z, y) => -0.9 * logSoftmaxOf(z)[y]! + 0.1 * entropy(z),
        /0\.9 times a cross entropy with hard labels, plus 0\.1 times the entropy/u,
      ],
      [
        'a tenth of a cross entropy and nine times the missed probability',
        (z, y) => -0.1 * logSoftmaxOf(z)[y]! + 9 * (1 - p(z)[y]!),
        /: 0\.1 times a cross entropy with hard labels, plus 9 times 1 − p of the target/u,
      ],
      ['poly-1', (z, y) => ce(z, y) + 2 * (1 - p(z)[y]!), /with target 0\.92 and 0\.02 elsewhere, plus 2 times 1 − p of the target/u],
      ['z-loss', (z, y) => ce(z, y) + 1e-4 * logSumExp(z) ** 2, /plus 0\.0001 times the square of log Σ exp/u],
      [
        'a penalty on the logits',
        (z, y) => ce(z, y) + 1e-3 * total(z.map((v) => v * v)),
        /plus 0\.001 times the sum of the squared logits/u,
      ],
      ['a trace of one', (z, y) => ce(z, y) + 1e-5 * total(z.map((v) => v * v)), /plus 0\.00001 times the sum of the squared logits/u],
      [
        'focal over smoothed targets',
        (z, y) => -total(logSoftmaxOf(z).map((v, k) => (k === y ? 0.92 : 0.02) * (1 - Math.exp(v)) ** 2 * v)),
        /focal loss with γ = 2 over smoothed targets/u,
      ],
      [
        'a margin',
        (z, y) =>
          ce(
            z.map((v, k) => (k === y ? v - 0.35 : v)),
            y,
          ),
        /with 0\.35 taken from that of the target, a margin/u,
      ],
      [
        'a margin and a factor',
        (z, y) =>
          ce(
            z.map((v, k) => 3 * (k === y ? v - 0.35 : v)),
            y,
          ),
        /with 0\.35 taken from that of the target, a margin, and times 3/u,
      ],
      [
        'logit adjustment',
        (z, y) =>
          ce(
            z.map((v, k) => v + Math.log(k + 1)),
            y,
          ),
        /with a constant of its own added to each class/u,
      ],
    ];
    for (const [name, f, verdict] of rows) {
      it(name, () => {
        const { measurement, relations } = seen(meanOf(f));
        assert.match(measurement.measured.verdict, verdict);
        assert.equal(measurement.measured.affine, false);
        assert.equal(measurement.measured.formulation, null);
        assert.deepEqual(equals(relations), []);
      });
    }

    it('says when what is added is summed where the rest is averaged', () => {
      const { measured } = seen(
        differentiated(
          (logits, targets) =>
            total(logits.map((z, i) => ce(z, targets[i]!))) / logits.length + 1e-3 * total(logits.flat().map((v) => v * v)),
        ),
      ).measurement;
      assert.match(measured.verdict, /plus 0\.004 times the sum of the squared logits; that is so for as many rows as the sample has/u);
    });

    it('and is none of these when it is none of these', () => {
      const others: readonly ((z: Row, y: number) => number)[] = [
        (z, y) => (1 - p(z)[y]! ** 0.7) / 0.7,
        (z, y) => total(p(z).map((v, k) => (v - (k === y ? 1 : 0)) ** 2)),
        (z, y) => ce(z, y) + 0.1 * Math.sin(z[0]!),
        (z, y) => ce(z, y) * (1 - Math.exp(-ce(z, y))) ** 2,
        (z, y) => Math.exp(ce(z, y)),
        (z, y) =>
          ce(
            z.map((v) => Math.tanh(v)),
            y,
          ),
      ];
      for (const f of others) {
        const { measured } = seen(meanOf(f)).measurement;
        assert.match(measured.verdict, /^Not a plain label smoothing: its gradient (departs|does not sum)/u);
        assert.equal(measured.formulation, null);
      }
    });
  });
});
