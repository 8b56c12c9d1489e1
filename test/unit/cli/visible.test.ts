import assert from 'node:assert/strict';
import { textLines } from '../../../src/cli/checkText';
import { reportText } from '../../../src/cli/report';
import { inert, jsonText, onOneLine, visible, visibleData } from '../../../src/cli/visible';
import type { FileInspection } from '../../../src/inspection';

describe('text of files on a terminal', () => {
  for (const [text, shown] of [
    ['plain\ttext\n', 'plain\ttext\n'],
    ['\u001b]52;c;aGk=\u0007', '\\x1b]52;c;aGk=\\a'],
    ['\u001b[31mred', '\\x1b[31mred'],
    ['over\rwritten', 'over\\rwritten'],
    ['two\r\nlines', 'two\nlines'],
    ['\u009b2J', '\\x9b2J'],
    ['a\u202eb\u2066c\u2028d', 'a\\u202eb\\u2066c\\u2028d'],
    ['标签 ε é', '标签 ε é'],
  ] as const) {
    it(`shows ${JSON.stringify(text)} as ${JSON.stringify(shown)}`, () => {
      assert.equal(visible(text), shown);
    });
  }

  it('makes no line that a runner takes for a command', () => {
    assert.equal(
      inert('a\n  ::error file=x::y\n::set-env\n##[group]z\nb ::c'),
      'a\n  \\::error file=x::y\n\\::set-env\n\\##[group]z\nb ::c',
    );
  });

  it('keeps a name or a message on its line', () => {
    assert.equal(onOneLine('a\n::error::b\r\n c'), 'a ::error::b c');
  });

  it('changes texts only, wherever they are', () => {
    const data = { a: ['x\u0007', null, { b: '\u001b' }], n: [1, 2], t: true };
    assert.deepEqual(visibleData(data), { a: ['x\\a', null, { b: '\\x1b' }], n: [1, 2], t: true });
  });

  it('is the same data in JSON, with nothing that a terminal obeys', () => {
    const data = { text: '\u009b2J \u001b \u2028 \u202e ε' };
    assert.deepEqual(JSON.parse(jsonText(data)), data);
    assert.doesNotMatch(jsonText(data), /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/);
  });

  const message = 'ValueError: \u001b[2J\u001b]0;title\u0007\n::error file=a.py::injected\r!';
  const file = 'a\n::warning::b.py';
  const plain = { width: 80, colour: false };

  it('holds nothing that acts in a report and in what check prints', () => {
    const inspection: FileInspection = {
      file,
      losses: [],
      smoothingConstants: [],
      problems: [{ type: 'exception', message, range: null }],
    };
    const texts = [
      reportText(inspection, plain),
      textLines({ file, losses: 0, findings: [], problems: [{ type: 'exception', message, range: null }] }, plain),
    ];
    for (const text of texts) {
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
      assert.doesNotMatch(text, /^\s*(?:::|##\[)/m);
      assert.match(text, /\\x1b\[2J/);
    }
  });
});
