import assert from 'node:assert/strict';
import { codeShape, looksLikeOutput, looksLikeProse } from '../../../src/language/looks';

const long = 60_000;
const lines: readonly (readonly [name: string, line: string])[] = [
  ['spaces', `a${' '.repeat(long)}b`],
  ['spaces before nothing', `${' '.repeat(long)}!`],
  ['tabs', `x${'\t'.repeat(long)}y`],
  ['words', 'word '.repeat(long / 5)],
  ['digits in a bracket', `[${'7'.repeat(long)}`],
  ['spaces behind a label', `loss:${' '.repeat(long)}!`],
  ['many labels', '-> '.repeat(long / 3)],
  ['for … in … in …', `for x${' in y'.repeat(long / 5)}`],
  ['colons', `if ${': '.repeat(long / 2)}`],
  ['numbers', '1, '.repeat(long / 3) + '?'],
  ['brackets', '[('.repeat(long / 2)],
  ['parentheses that close', `f(${') '.repeat(long / 2)}!`],
];

describe('what text looks like', () => {
  for (const [name, line] of lines) {
    it(`is decided in linear time: ${name}`, () => {
      const started = performance.now();
      for (const look of [codeShape, looksLikeOutput, looksLikeProse]) look(line);
      assert.ok(performance.now() - started < 2_000);
    });
  }

  for (const line of [
    'x = 1',
    '  eps: 0.1',
    'a.b, c[0] += 2',
    'w //= 3',
    'for i, x in enumerate(y):',
    'for k in range(3): f(k)',
    'tensors\t= 5',
  ]) {
    it(`${JSON.stringify(line)} is ${line.includes(':') && !line.includes('for') ? 'no ' : ''}line of Python`, () => {
      assert.equal(codeShape(line).python, line.includes('eps:') ? 0 : 1);
    });
  }

  for (const line of ['a == b', 'for example: words in a sentence', 'x  y']) {
    it(`${JSON.stringify(line)} is no line of Python`, () => {
      assert.equal(codeShape(line).python, 0);
    });
  }

  for (const line of ['[1.5 2.5 -3.]', 'loss: 0.31', 'index -> [ 0.5', 'CrossEntropy:0.1119']) {
    it(`${JSON.stringify(line)} is output`, () => {
      assert.equal(looksLikeOutput(line), true);
    });
  }
});
