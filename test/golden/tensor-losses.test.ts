import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { backward, requiresGradInPlace } from '../../src/tensor/autograd';
import { fromNumbers, full, toArray } from '../../src/tensor/creation';
import { crossEntropy } from '../../src/tensor/crossEntropy';
import type { Dtype } from '../../src/tensor/dtype';
import { add, mul, neg } from '../../src/tensor/elementwise';
import { copyInto, inPlace } from '../../src/tensor/inplace';
import { binaryCrossEntropyWithLogits, klDiv } from '../../src/tensor/losses';
import { floatScalar } from '../../src/tensor/promotion';
import { mean, sum } from '../../src/tensor/reductions';
import { withTensors } from '../../src/tensor/run';
import { gather, scatter } from '../../src/tensor/scatter';
import { logSoftmax } from '../../src/tensor/softmax';
import type { Tensor } from '../../src/tensor/tensor';
import { reshape, select, squeeze, unsqueeze } from '../../src/tensor/views';

type Num = number | 'nan' | 'inf' | '-inf';
type Nested = Num | readonly Nested[];

interface GoldenCase {
  readonly id: string;
  readonly logits: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly eps: number;
  readonly weight?: readonly number[];
  readonly ignore_index?: number;
}
interface GoldenResult {
  readonly case: string;
  readonly formulation: string;
  readonly dtype: 'float32' | 'float64';
  readonly ok: boolean;
  readonly value: Nested;
  readonly grad: Nested;
}

const golden = JSON.parse(readFileSync('test/fixtures/golden/formulations-torch.json', 'utf8')) as {
  readonly cases: readonly GoldenCase[];
  readonly results: readonly GoldenResult[];
};

interface Inputs {
  readonly logits: Tensor;
  readonly targets: Tensor;
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;
  readonly eps: number;
  readonly classes: number;
  readonly dtype: Dtype;
}

type Reduction = 'none' | 'mean' | 'sum';

const reduce = (losses: Tensor, reduction: string): Tensor =>
  reduction === 'none' ? losses : reduction === 'sum' ? sum(losses) : mean(losses);

/** As seed 000 writes it: filled, then the label's place overwritten. */
function fillScatter({ logits, targets, eps, classes, dtype }: Inputs): Tensor {
  const distribution = full(logits.shape, floatScalar(0), dtype);
  copyInto(distribution, full([], floatScalar(eps / (classes - 1)), dtype));
  return inPlace(distribution, (whole) => scatter(whole, 1, unsqueeze(targets, 1), floatScalar(1 - eps)));
}

function uniformMixture({ logits, targets, eps, classes, dtype }: Inputs): Tensor {
  return scatter(full(logits.shape, floatScalar(eps / classes), dtype), 1, unsqueeze(targets, 1), floatScalar(1 - eps + eps / classes));
}

const softTargetLoss = (inputs: Inputs, target: Tensor, reduction: string): Tensor =>
  reduce(neg(sum(mul(target, logSoftmax(inputs.logits, 1)), [1])), reduction);

/** timm's own expression: confidence · nll + smoothing · mean of −log p. */
function timmMixture({ logits, targets, eps }: Inputs): Tensor {
  const logProbabilities = logSoftmax(logits, -1);
  const nll = squeeze(neg(gather(logProbabilities, -1, unsqueeze(targets, 1))), [1]);
  const smooth = neg(mean(logProbabilities, [-1]));
  return mean(add(mul(nll, floatScalar(1 - eps)), mul(smooth, floatScalar(eps))));
}

/** fairseq's: summed, with ε_i = ε/(K − 1). */
function fairseq({ logits, targets, eps, classes }: Inputs): Tensor {
  const logProbabilities = logSoftmax(logits, -1);
  const nll = sum(neg(gather(logProbabilities, -1, unsqueeze(targets, 1))));
  const smooth = sum(neg(logProbabilities));
  const each = eps / (classes - 1);
  return add(mul(nll, floatScalar(1 - eps - each)), mul(smooth, floatScalar(each)));
}

/** −log p of each row, but the smooth part averaged over the whole batch: what seed 001 computes. */
function globalMean(inputs: Inputs, reduction: string): Tensor {
  const logProbabilities = logSoftmax(inputs.logits, 1);
  const rows = Array.from({ length: inputs.logits.shape[0]! }, (_, i) => select(logProbabilities, 0, i));
  const nll = neg(reshape(gather(logProbabilities, 1, unsqueeze(inputs.targets, 1)), [rows.length]));
  return reduce(add(mul(nll, floatScalar(1 - inputs.eps)), mul(neg(mean(logProbabilities)), floatScalar(inputs.eps))), reduction);
}

const losses: Readonly<Record<string, (inputs: Inputs) => Tensor>> = {
  ...Object.fromEntries(
    (['none', 'mean', 'sum'] as const).flatMap((reduction: Reduction) => [
      [
        `torch.CrossEntropyLoss/${reduction}`,
        ({ logits, targets, weight, ignoreIndex, eps }: Inputs) =>
          crossEntropy(logits, targets, { weight, ignoreIndex, labelSmoothing: eps, reduction }),
      ],
      [
        `torch.CrossEntropyLoss-hard/${reduction}`,
        ({ logits, targets, weight, ignoreIndex }: Inputs) => crossEntropy(logits, targets, { weight, ignoreIndex, reduction }),
      ],
      [`fill-scatter/${reduction}`, (inputs: Inputs) => softTargetLoss(inputs, fillScatter(inputs), reduction)],
    ]),
  ),
  ...Object.fromEntries(
    ['none', 'mean', 'sum', 'batchmean'].flatMap((reduction) => [
      [`kldiv-fill-scatter/${reduction}`, (inputs: Inputs) => klDiv(logSoftmax(inputs.logits, 1), fillScatter(inputs), { reduction })],
      [
        `kldiv-uniform-mixture/${reduction}`,
        (inputs: Inputs) => klDiv(logSoftmax(inputs.logits, 1), uniformMixture(inputs), { reduction }),
      ],
    ]),
  ),
  'seed-001-global-mean/none': (inputs) => globalMean(inputs, 'none'),
  'seed-001-global-mean/mean': (inputs) => globalMean(inputs, 'mean'),
  'timm.LabelSmoothingCrossEntropy': timmMixture,
  'fairseq.label_smoothed_nll_loss/sum': fairseq,
  'timm.BinaryCrossEntropy': (inputs) => binaryCrossEntropyWithLogits(inputs.logits, uniformMixture(inputs)),
};

const flat = (nested: Nested): number[] =>
  Array.isArray(nested)
    ? (nested as readonly Nested[]).flatMap(flat)
    : [nested === 'nan' ? NaN : nested === 'inf' ? Infinity : nested === '-inf' ? -Infinity : (nested as number)];

function assertClose(what: string, actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length, what);
  actual.forEach((number, i) => {
    const near = Object.is(number, expected[i]) || Math.abs(number - expected[i]!) <= 1e-5 + 1.3e-6 * Math.abs(expected[i]!);
    assert.ok(near, `${what}[${i}]: ${number}, torch has ${expected[i]!}`);
  });
}

/** Steps between floats of single precision; below 1 counted at 1, since the sum of exponentials that is rounded on the way is at least 1. */
function ulps(a: number, b: number): number {
  return Math.abs(a - b) / 2 ** (Math.floor(Math.log2(Math.max(Math.abs(b), 1))) - 23);
}

function run(test: GoldenCase, formulation: string, dtype: Dtype): { readonly value: number[]; readonly grad: number[] } {
  return withTensors(() => {
    const classes = test.logits[0]!.length;
    const logits = requiresGradInPlace(fromNumbers(test.logits.flat(), [test.logits.length, classes], dtype));
    const loss = losses[formulation]!({
      logits,
      targets: fromNumbers(test.targets, [test.targets.length], 'int64'),
      weight: test.weight === undefined ? null : fromNumbers(test.weight, [classes], dtype),
      ignoreIndex: test.ignore_index ?? -100,
      eps: test.eps,
      classes,
      dtype,
    });
    backward(sum(loss));
    return { value: toArray(loss), grad: toArray(logits.grad!) };
  });
}

describe('losses on the tensor core agree with torch', () => {
  for (const formulation of Object.keys(losses)) {
    const results = golden.results.filter((result) => result.formulation === formulation && result.ok);
    it(`${formulation}: ${results.length} golden results`, () => {
      assert.ok(results.length > 0);
      for (const result of results) {
        const test = golden.cases.find(({ id }) => id === result.case)!;
        const { value, grad } = run(test, formulation, result.dtype);
        assertClose(`${result.case} ${result.dtype} value`, value, flat(result.value));
        assertClose(`${result.case} ${result.dtype} gradient`, grad, flat(result.grad));
      }
    });
  }

  it('in single precision is within 6 ULP of double precision', () => {
    for (const test of golden.cases) {
      // The same numbers for both: what rounding the logits does to the loss is not the loss's doing.
      const rounded = {
        ...test,
        logits: test.logits.map((row) => row.map(Math.fround)),
        ...(test.weight && { weight: test.weight.map(Math.fround) }),
      };
      for (const reduction of ['none', 'mean', 'sum']) {
        const exact = run(rounded, `torch.CrossEntropyLoss/${reduction}`, 'float64').value;
        run(rounded, `torch.CrossEntropyLoss/${reduction}`, 'float32').value.forEach((value, i) => {
          const off = ulps(value, exact[i]!);
          assert.ok(off <= 6, `${test.id} ${reduction}[${i}] is ${off.toFixed(1)} ULP off`);
        });
      }
    }
  });
});
