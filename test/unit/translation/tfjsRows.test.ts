import assert from 'node:assert/strict';
import fc from 'fast-check';
import { camelCase } from '../../../src/translation/tfjsPrint';
import { decimal, writtenNumber } from '../../../src/translation/tfjsRows';

const rows = { first: 13, second: 17 };
const textOf = (a: number, b: number): string | null => writtenNumber(a, b, rows)?.text ?? null;

describe('a number of two traces', () => {
  const written: readonly (readonly [number, number, string | null])[] = [
    [0.1, 0.1, '0.1'],
    [13, 17, 'rows'],
    [39, 51, 'rows * 3'],
    [1 / 13, 1 / 17, '1 / rows'],
    [0.1 / 13, 0.1 / 17, '0.1 / rows'],
    [12, 16, 'rows - 1'],
    [64, 84, 'rows * 5 - 1'],
    [2, 3, null],
    [11, 14, null],
    [0, 1, null],
    [0.25, 0.5, null],
    [NaN, NaN, 'NaN'],
    [Infinity, Infinity, 'Infinity'],
  ];
  for (const [a, b, text] of written) {
    it(`${a} and ${b} with 13 and 17 rows: ${text ?? 'not explained by the rows'}`, () => {
      assert.equal(textOf(a, b), text);
    });
  }

  it('is what the text says, for both numbers of rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -9, max: 9 }), (factor, more) => {
        const value = (count: number): number => factor * count + more;
        const text = textOf(value(13), value(17));
        assert.ok(text !== null);
        // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the text is TypeScript
        const evaluated = (count: number): unknown => new Function('rows', `return ${text};`)(count);
        assert.equal(evaluated(13), value(13));
        assert.equal(evaluated(29), value(29));
      }),
    );
  });
});

describe('a number as it is written', () => {
  it('is the shortest that float32 does not tell from it', () => {
    assert.equal(decimal(0.025), '0.025');
    assert.equal(decimal(Math.fround(0.1)), '0.1');
    assert.equal(decimal(0.1 / 3), '0.033333333');
    assert.equal(decimal(-Math.fround(0.7)), '-0.7');
    assert.equal(decimal(1e-10), '1e-10');
    assert.equal(decimal(16777217), '16777217');
  });

  it('is that number to float32', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), (value) => {
        assert.ok(Math.abs(Number(decimal(value)) - value) <= 2 ** -24 * Math.abs(value));
      }),
    );
  });
});

describe('a name in TypeScript', () => {
  const names: readonly (readonly [string, string])[] = [
    ['log_probs', 'logProbs'],
    ['LabelSmoothingLoss', 'labelSmoothingLoss'],
    ['KLDivLoss', 'klDivLoss'],
    ['H_qp', 'hQp'],
    ['CE', 'ce'],
    ['loss', 'loss'],
  ];
  for (const [python, typescript] of names) {
    it(`${python} is ${typescript}`, () => {
      assert.equal(camelCase(python), typescript);
    });
  }
});
