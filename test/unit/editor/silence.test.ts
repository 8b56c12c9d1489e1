import assert from 'node:assert/strict';
import { silencing } from '../../../src/editor/silence';
import { applied } from '../../../src/editor/textEdits';
import type { DocumentFormat } from '../../../src/inspection';

const rule = 'kldiv-mean';

/** The text after the comment was put where « stands; null where it can stand nowhere. */
function silenced(marked: string, file = 'a.py', format?: DocumentFormat): string | null {
  const at = marked.indexOf('«');
  const text = marked.replace('«', '');
  const edit = silencing(rule, at, { text, file, ...(format && { format }) });
  return edit && applied(text, [edit]);
}

describe('the comment that silences a rule', () => {
  for (const [what, before, after, file] of [
    ['stands at the end of its line', 'a = «f(x)\nb = 1\n', 'a = f(x)  # loss-inspector: ignore[kldiv-mean]\nb = 1\n'],
    ['stands at the end of a last line', 'a = «f(x)', 'a = f(x)  # loss-inspector: ignore[kldiv-mean]'],
    ['takes the place of trailing blanks', 'a = «f(x)  \n', 'a = f(x)  # loss-inspector: ignore[kldiv-mean]\n'],
    ['comes after another comment', 'a = «f(x)  # why\n', 'a = f(x)  # why  # loss-inspector: ignore[kldiv-mean]\n'],
    ['joins a list that is there', 'a = «f(x)  # loss-inspector: ignore[dim]\n', 'a = f(x)  # loss-inspector: ignore[dim, kldiv-mean]\n'],
    [
      'joins a list on the line above',
      'if b:\n    # loss-inspector: ignore[dim]\n    a = «f(x)\n',
      'if b:\n    # loss-inspector: ignore[dim, kldiv-mean]\n    a = f(x)\n',
    ],
    [
      'stands above a line that a string goes on from',
      'if b:\n    a = «f("""\n  text""")\n',
      'if b:\n    # loss-inspector: ignore[kldiv-mean]\n    a = f("""\n  text""")\n',
    ],
    [
      'stands above a line that goes on',
      'if b:\r\n    a = «f(x) \\\r\n      + 1\r\n',
      'if b:\r\n    # loss-inspector: ignore[kldiv-mean]\r\n    a = f(x) \\\r\n      + 1\r\n',
    ],
    ['stands within brackets', 'a = f(\n  «x,\n  y)\n', 'a = f(\n  x,  # loss-inspector: ignore[kldiv-mean]\n  y)\n'],
    ['is TypeScript’s there', 'const a = «f(x);\n', 'const a = f(x);  // loss-inspector: ignore[kldiv-mean]\n', 'a.ts'],
    [
      'stands in a fenced block',
      '# A\n\n```python\na = «f(x)\n```\n',
      '# A\n\n```python\na = f(x)  # loss-inspector: ignore[kldiv-mean]\n```\n',
      'a.md',
    ],
  ] as const) {
    it(what, () => {
      assert.equal(silenced(before, file), after);
    });
  }

  for (const [what, text, file] of [
    ['within a string of several lines', 'a = """\nx = «f(x)\n"""\n', 'a.py'],
    ['between the lines of a statement that goes on', 'a = 1 + \\\n  «f(x) + \\\n  2\n', 'a.py'],
    [
      'in a notebook’s JSON',
      JSON.stringify({ cells: [{ cell_type: 'code', metadata: {}, outputs: [], source: 'a = «f(x)\n' }], nbformat: 4 }),
      'a.ipynb',
    ],
  ] as const) {
    it(`is not offered ${what}`, () => {
      assert.equal(silenced(text, file), null);
    });
  }
});
