/** The losses of timm, transformers, fairseq and torch itself, called as a person calls them, against the real ones' values and gradients. */
import assert from 'node:assert/strict';
import { createInterpreter } from '../../src/interpreter/interpreter';
import { libraries } from '../../src/interpreter/libraries/all';
import { elementsOf } from '../../src/interpreter/trace';
import type { Value } from '../../src/interpreter/value';
import { parsePython } from '../../src/language/python';
import { withTensors } from '../../src/tensor/run';
import { close, numberFrom } from '../conformance/suite';
import golden from '../fixtures/golden/formulations-torch.json';

interface Case {
  readonly id: string;
  readonly logits: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly eps: number;
  readonly weight?: readonly number[];
  readonly ignore_index?: number;
}

type Num = number | 'nan' | 'inf' | '-inf';
type Nested = Num | readonly Nested[];

/** Python that leaves the loss in `out`; x, t, eps, weight and ignore are bound. */
const programs: Readonly<Record<string, string>> = {
  'timm.LabelSmoothingCrossEntropy':
    'from timm.loss import LabelSmoothingCrossEntropy\nout = LabelSmoothingCrossEntropy(smoothing=eps)(x, t)',
  'timm.mixup_target+SoftTargetCrossEntropy/lam=1.0':
    'from timm.loss import SoftTargetCrossEntropy\nfrom timm.data.mixup import mixup_target\nout = SoftTargetCrossEntropy()(x, mixup_target(t, x.size(1), 1.0, eps))',
  'timm.mixup_target+SoftTargetCrossEntropy/lam=0.3':
    'from timm.loss import SoftTargetCrossEntropy\nfrom timm.data.mixup import mixup_target\nout = SoftTargetCrossEntropy()(x, mixup_target(t, x.size(1), 0.3, eps))',
  'timm.BinaryCrossEntropy': 'from timm.loss import BinaryCrossEntropy\nout = BinaryCrossEntropy(smoothing=eps)(x, t)',
  'fairseq.label_smoothed_nll_loss/sum':
    'from fairseq.criterions.label_smoothed_cross_entropy import label_smoothed_nll_loss\nout = label_smoothed_nll_loss(x.log_softmax(-1), t, eps)[0]',
  'transformers.LabelSmoother':
    "from transformers.trainer_pt_utils import LabelSmoother\nout = LabelSmoother(epsilon=eps, ignore_index=ignore)({'logits': x}, t)",
  ...Object.fromEntries(
    ['none', 'mean', 'sum'].flatMap((reduction) => [
      [
        `torch.CrossEntropyLoss/${reduction}`,
        `import torch.nn as nn\nout = nn.CrossEntropyLoss(weight=weight, ignore_index=ignore, label_smoothing=eps, reduction='${reduction}')(x, t)`,
      ],
      [
        `torch.CrossEntropyLoss-hard/${reduction}`,
        `import torch.nn as nn\nout = nn.CrossEntropyLoss(weight=weight, ignore_index=ignore, reduction='${reduction}')(x, t)`,
      ],
    ]),
  ),
  ...Object.fromEntries(
    ['none', 'mean', 'sum', 'batchmean'].map((reduction) => [
      `kldiv-fill-scatter/${reduction}`,
      'import torch.nn as nn\nq = torch.full_like(x, eps / (x.size(1) - 1)).scatter_(1, t.unsqueeze(1), 1 - eps)\n' +
        `out = nn.KLDivLoss(reduction='${reduction}')(x.log_softmax(1), q.detach())`,
    ]),
  ),
};

const flat = (value: Nested): number[] => (Array.isArray(value) ? value.flatMap(flat) : [numberFrom(value as Num)]);
const literal = (value: unknown): string =>
  JSON.stringify(value).replaceAll('"', '').replaceAll('nan', "float('nan')").replaceAll('-inf', "-float('inf')");

const numbersOf = (value: Value | null): number[] => (value?.kind === 'tensor' ? Array.from(elementsOf(value)) : []);

function run(program: string, test: Case): { readonly value: number[]; readonly gradient: number[] } {
  const setup = [
    'import torch',
    `x = torch.tensor(${literal(test.logits)}, dtype=torch.float32, requires_grad=True)`,
    `t = torch.tensor(${literal(test.targets)})`,
    `eps = ${test.eps}`,
    `weight = ${test.weight === undefined ? 'None' : `torch.tensor(${literal(test.weight)}, dtype=torch.float32)`}`,
    `ignore = ${test.ignore_index ?? -100}`,
  ];
  return withTensors(() => {
    const interpreter = createInterpreter({ libraries });
    const outcome = interpreter.run(parsePython([...setup, program, 'out.sum().backward()', 'gradient = x.grad', ''].join('\n')));
    assert.deepEqual(
      outcome.errors.map((error) => error.message),
      [],
    );
    const read = (name: string): number[] => numbersOf(interpreter.lookup(name));
    return { value: read('out'), gradient: read('gradient') };
  });
}

function assertClose(got: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(got.length, expected.length, what);
  expected.forEach((value, i) => {
    assert.ok(close(got[i]!, value), `${what}[${i}]: expected ${value}, got ${got[i]!}`);
  });
}

describe('libraries against the real ones', () => {
  const cases = new Map((golden.cases as unknown as readonly Case[]).map((test) => [test.id, test]));
  for (const result of golden.results) {
    const program = programs[result.formulation];
    if (program === undefined) continue;
    it(`${result.formulation} on ${result.case} (${result.dtype})`, () => {
      const { value, gradient } = run(program, cases.get(result.case)!);
      assertClose(value, flat(result.value), 'value');
      assertClose(gradient, flat(result.grad), 'gradient');
    });
  }
});
