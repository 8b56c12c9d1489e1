/** Losses over a vocabulary are run on all of it. Values of torch 2.13 on the same sample. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection } from '../../../src/inspection';
import { backward, requiresGradInPlace } from '../../../src/tensor/autograd';
import { full } from '../../../src/tensor/creation';
import { mul } from '../../../src/tensor/elementwise';
import { bytesOnTape, withoutTrace } from '../../../src/tensor/engine';
import { readValues } from '../../../src/tensor/record';
import { sum } from '../../../src/tensor/reductions';
import { withTensors } from '../../../src/tensor/run';

const program = (size: number, reduced: string): string => `
import torch
import torch.nn as nn
import torch.nn.functional as F

VOCABULARY = ${size}

class TokenLoss(nn.Module):
    def __init__(self, size, eps=0.1):
        super().__init__()
        self.size = size
        self.eps = eps

    def forward(self, scores, tokens):
        logp = F.log_softmax(scores, dim=-1)
        soft = torch.full_like(logp, self.eps / (self.size - 1))
        soft.scatter_(1, tokens.unsqueeze(1), 1 - self.eps)
        return -(soft * logp).${reduced}

criterion = TokenLoss(VOCABULARY, eps=0.06)

def step(model, x, y):
    return criterion(nn.Linear(8, VOCABULARY)(x), y)
`;

const inspected = (size: number, reduced: string): Inspection =>
  inspect({ file: 'tokens.py', text: program(size, reduced), brief: true }).losses[0]!;

describe('a loss over a vocabulary', function () {
  this.timeout(60_000);

  const sizes: readonly (readonly [size: number, reduced: string, scale: number, value: number])[] = [
    [32_128, 'sum()', 1, 20.42402458190918],
    [9_001, 'sum(-1).mean()', 0.5, 8.987077713012695],
  ];
  for (const [size, reduced, scale, value] of sizes)
    it(`of ${size}, ${reduced}`, () => {
      const { classes, measured, sample, value: ours, inputs } = inspected(size, reduced);
      assert.equal(classes, size);
      assert.equal(inputs.find(({ role }) => role === 'classes')?.source.kind, 'code');
      assert.equal(measured?.formulation, 'fill-scatter');
      assert.equal(measured.onValue, 0.94);
      assert.ok(Math.abs(Number(measured.offValue) / (0.06 / (size - 1)) - 1) < 1e-5, String(measured.offValue));
      // Of the rows that are shown, however few of them were measured.
      assert.equal(measured.scale, scale);
      assert.equal(sample?.logits[0]?.length, size);
      assert.ok(Math.abs(Number(ours) - value) <= 1e-5 + 1.3e-6 * value, String(ours));
    });

  it('of more classes than are run is run on fewer, which is said', () => {
    const { classes, inputs } = inspected(2_000_000, 'sum()');
    assert.equal(classes, 1024);
    assert.equal(inputs.find(({ role }) => role === 'classes')?.source.kind, 'assumption');
  });
});

describe('what a run puts on the tape', () => {
  const gradientOf = (): readonly number[] => {
    const x = requiresGradInPlace(full([1000], { kind: 'float', value: 3 }));
    backward(sum(mul(x, x)));
    return [...readValues(x.grad!)].slice(0, 2);
  };

  it('is taken off with it, and the gradient is what it was', () => {
    withTensors(() => {
      const before = bytesOnTape();
      for (let i = 0; i < 20; i++) assert.deepEqual(withoutTrace(gradientOf), [6, 6]);
      assert.equal(bytesOnTape(), before);
      assert.deepEqual(gradientOf(), [6, 6]);
      assert.ok(bytesOnTape() > before, 'outside of it nothing is taken off');
    });
  });

  it('leaves what was there before, and the values of what was made', () => {
    withTensors(() => {
      const x = requiresGradInPlace(full([2], { kind: 'float', value: 2 }));
      const y = mul(x, x);
      const inside = withoutTrace(() => mul(y, y));
      assert.deepEqual([...readValues(inside)], [16, 16]);
      backward(sum(y));
      assert.deepEqual([...readValues(x.grad!)], [4, 4]);
    });
  });
});
