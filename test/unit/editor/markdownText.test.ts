import assert from 'node:assert/strict';
import { code, escaped } from '../../../src/editor/markdownText';

/** What would leave a span of code, or a paragraph, in a renderer of Markdown. */
const injections = [
  'x\n\n![a](https://example.org/a.png)',
  'x\r\n\r\n[go](command:some.command)',
  'x\r \r<img src=q>',
  'x\u2028\u2028# head',
  '`` ` ``',
  'a\u0085\u000b\u000c| b |',
  '&lt;img&gt;',
];

describe('text inside Markdown', () => {
  for (const text of injections) {
    it(`${JSON.stringify(text)} stays a span of code on its line`, () => {
      assert.match(code(text), /^`[^`\r\n\v\f\u0085\u2028\u2029]+`$/);
    });
    it(`${JSON.stringify(text)} stays text on its line`, () => {
      assert.doesNotMatch(escaped(text), /[\r\n\v\f\u0085\u2028\u2029]|(?<!\\)[`*_[\]()#!|<>&]/);
    });
  }
});
