import assert from 'node:assert/strict';
import { shown, tensorText } from '../../../src/cli/numbers';
import { columns, cut, hanging, styled, wrap } from '../../../src/cli/terminal';

describe('terminal text', () => {
  it('wraps between words, breaks what has none', () => {
    assert.deepEqual(wrap('one two three', 9), ['one two', 'three']);
    assert.deepEqual(wrap('abcdefghijkl', 8), ['abcdefgh', 'ijkl']);
    assert.deepEqual(hanging('- ', 'one two three', 11), ['- one two', '  three']);
  });

  it('counts wide characters as two, marks and colours as none', () => {
    assert.equal(columns('标签平滑'), 8);
    assert.equal(columns('e\u0301'), 1);
    assert.equal(columns(styled('ab', 'red', { width: 80, colour: true })), 2);
    assert.equal(cut('标签平滑', 5), '标签…');
  });

  it('colours only where it may', () => {
    assert.equal(styled('ab', 'red', { width: 80, colour: false }), 'ab');
  });

  for (const [value, text] of [
    [0.913726361, '0.913726'],
    [3, '3'],
    [0, '0'],
    [-0, '0'],
    [1.19e-7, '1.19e-7'],
    [12_345_678, '1.23e7'],
    ['inf', 'inf'],
    [null, '–'],
  ] as const) {
    it(`shows ${String(value)} as ${text}`, () => {
      assert.equal(shown(value), text);
    });
  }

  it('shows tensors of any rank, and where they are cut', () => {
    assert.equal(tensorText({ dtype: 'float32', shape: [], values: [0.5] }), '0.5');
    assert.equal(tensorText({ dtype: 'float32', shape: [2, 2], values: [1, 2, 3, 'nan'] }), '[[1, 2], [3, nan]]');
    assert.equal(tensorText({ dtype: 'bool', shape: [2], values: [1, 0] }), '[True, False]');
    assert.equal(tensorText({ dtype: 'int64', shape: [4], values: [1, 2], truncated: true }), '[1, 2, …] (cut)');
    assert.equal(tensorText({ dtype: 'float32', shape: [0, 3], values: [] }), '[]');
  });
});
