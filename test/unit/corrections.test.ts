/** What a person writes as a value, and how what they say is put together. */
import assert from 'node:assert/strict';
import { correctionProblem, isEmpty, literalOf, withCorrections, withoutCorrection } from '../../src/corrections';

const number = (value: number, isWhole = false) => ({ kind: 'number', value, isWhole });

const values: readonly (readonly [string, unknown])[] = [
  ['2', number(2, true)],
  [' -1 ', number(-1, true)],
  ['1_000', number(1000, true)],
  ['0.25', number(0.25)],
  ['.5', number(0.5)],
  ['1.', number(1)],
  ['1e-3', number(0.001)],
  ['-inf', number(-Infinity)],
  ['True', { kind: 'switch', value: true }],
  ['false', { kind: 'switch', value: false }],
  ['None', { kind: 'nothing' }],
  ['null', { kind: 'nothing' }],
  ['sum', { kind: 'word', value: 'sum' }],
  ["'two words'", { kind: 'word', value: 'two words' }],
  ['"x"', { kind: 'word', value: 'x' }],
  ['[1, 2.5]', { kind: 'list', items: [number(1, true), number(2.5)] }],
  ['(1,)', { kind: 'list', items: [number(1, true)] }],
  ['[[1], [2]]', { kind: 'list', items: [1, 2].map((one) => ({ kind: 'list', items: [number(one, true)] })) }],
  ['[]', { kind: 'list', items: [] }],
  // No expression: nothing is computed.
  ['', null],
  ['1 + 1', null],
  ['1..2', null],
  ['f(1)', null],
  ['a.b', null],
  ['[1', null],
  ['[1 2]', null],
  ['[1]]', null],
  ["'open", null],
  ['[[[[[1]]]]]', null],
  ['9'.repeat(5_000), null],
];

const problems: readonly (readonly [Parameters<typeof correctionProblem>[0], RegExp | null])[] = [
  [{ name: 'a', value: '1' }, null],
  [{ name: 'a', as: 'mask' }, null],
  [{ name: 'a', as: 'default' }, null],
  [{ name: 'a', as: 'smoothing' }, null],
  [{ name: 'a', as: 'smoothing', value: '0' }, null],
  [{ name: 'a', as: 'weight', value: '[1, 0]' }, null],
  [{ name: '', value: '1' }, /names no parameter/],
  [{ name: 'a' }, /nothing is said/],
  [{ name: 'a', as: 'value' }, /not which/],
  [{ name: 'a', as: 'mask', value: '1' }, /takes no value/],
  [{ name: 'a', value: '1 +' }, /is no value/],
  [{ name: 'a', as: 'smoothing', value: 'much' }, /from 0 to less than 1/],
  [{ name: 'a', as: 'weight', value: '[1, -1]' }, /not negative/],
  [{ name: 'a', as: 'weight', value: '3' }, /list of numbers/],
];

describe('corrections', () => {
  for (const [text, literal] of values)
    it(`${JSON.stringify(text.slice(0, 20))} is ${literal === null ? 'no value' : JSON.stringify(literal)}`, () => {
      assert.deepEqual(literalOf(text), literal);
    });

  for (const [correction, problem] of problems)
    it(`${JSON.stringify(correction)} is ${problem === null ? 'taken' : 'refused'}`, () => {
      const said = correctionProblem(correction);
      if (problem === null) assert.equal(said, null);
      else assert.match(said ?? '', problem);
    });

  it('the newer takes the place of the older, of the same parameter only', () => {
    const before = {
      parameters: [
        { name: 'a', value: '1' },
        { name: 'b', as: 'mask' as const },
      ],
      classes: 3,
    };
    assert.deepEqual(withCorrections(before, { parameters: [{ name: 'a', as: 'weight' }], layout: 'images' }), {
      parameters: [
        { name: 'b', as: 'mask' },
        { name: 'a', as: 'weight' },
      ],
      classes: 3,
      layout: 'images',
    });
    assert.deepEqual(withoutCorrection(before, { kind: 'parameter', name: 'a' }), { parameters: [{ name: 'b', as: 'mask' }], classes: 3 });
    assert.deepEqual(withoutCorrection(before, { kind: 'classes' }), { parameters: before.parameters });
    assert.equal(isEmpty(withoutCorrection({ layout: 'rows' }, { kind: 'layout' })), true);
    assert.equal(isEmpty(before), false);
  });
});
