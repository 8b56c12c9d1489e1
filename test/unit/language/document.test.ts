import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readDocument, type Document } from '../../../src/language/document';
import { lineIndex } from '../../../src/language/positions';
import { shapeOf } from './shape';

/** Every cell's code, and behind an arrow what it is recorded to have printed. */
function cellsOf(document: Document): readonly string[] {
  return document.programs.flatMap((program) =>
    program.cells.map(({ range, recordedOutput }) => {
      const code = program.text.slice(range.start, range.end).trim();
      return recordedOutput ? `${code} -> ${recordedOutput.text}` : code;
    }),
  );
}

const codeProblems = (document: Document): readonly string[] =>
  document.programs.flatMap((program) => program.problems.map(({ message }) => message));

describe('readDocument', () => {
  const formats: readonly (readonly [file: string, text: string, format: string])[] = [
    ['a.py', 'x = 1', 'python'],
    ['a.tsx', 'const a = <b/>;', 'typescript'],
    ['a.mjs', 'const a = 1;', 'typescript'],
    ['a.md', '# Title\n```python\nx = 1\n```', 'markdown'],
    ['a.md', '# Title\n\nIn [3]:\nx = 1\n', 'dump'],
    ['a.txt', 'In [None]:\nx = 1\n', 'dump'],
    ['a.txt', 'import torch\nx = torch.ones(2)\n', 'python'],
    ['a.txt', 'import torch\nclass A(nn.Module):\n    def f(self):\n        x = 1 2\n        return x\n', 'python'],
    ['a.txt', "import * as tf from '@tensorflow/tfjs';\nexport const a = (x) => tf.sum(x);\n", 'typescript'],
    ['notes', '{"cells": [], "metadata": {}}', 'notebook'],
  ];
  for (const [file, text, format] of formats) {
    it(`takes ${JSON.stringify(text.slice(0, 30))} in ${file} for ${format}`, () => {
      assert.equal(readDocument(text, file).format, format);
    });
  }

  const unreadable: readonly (readonly [name: string, file: string, text: string, message: RegExp])[] = [
    ['nothing', 'a.py', ' \n', /empty/],
    ['zero bytes', 'a.py', 'PK\0\0\x01', /binary/],
    ['control characters', 'a.txt', '\x01\x02\x03\x04 abc', /binary/],
    ['prose', 'a.md', '# Title\n\nNo code here.', /no code found/],
    ['a notebook of prose', 'a.ipynb', '{"cells": [{"cell_type": "markdown", "source": "x"}]}', /no code cells/],
    ['JSON that is no notebook', 'a.ipynb', '{"a": 1}', /not a notebook/],
    ['a notebook in R', 'a.ipynb', '{"cells": [], "metadata": {"language_info": {"name": "R"}}}', /language is R/],
    ['broken JSON', 'a.ipynb', '{"cells": [}', /not valid JSON/],
  ];
  for (const [name, file, text, message] of unreadable) {
    it(`says of ${name} why there is nothing to read`, () => {
      const document = readDocument(text, file);
      assert.deepEqual(document.programs, []);
      assert.match(document.problems[0]?.message ?? '', message);
    });
  }

  it('points at the place where JSON breaks', () => {
    assert.deepEqual(readDocument('{"cells": [}', 'a.ipynb').problems[0]?.range, { start: 11, end: 12 });
  });

  it('divides a script at its cell marks, but not inside a string', () => {
    const text = '# %% one\nx = 1\n#%%\ny = """\n# %%\n"""\n';
    assert.equal(shapeOf(readDocument(text, 'a.py').programs[0]!), 'x = 1 || y = "\\n# %%\\n"');
  });

  it('reads a notebook, and leads every place back into the file', () => {
    const cells = [
      { cell_type: 'markdown', source: ['# Title'] },
      {
        cell_type: 'code',
        source: ['a = "é\\n\u{1F600}"\n', 'b = a  1\n'],
        outputs: [{ output_type: 'stream', name: 'stdout', text: ['1\n', '2'] }],
      },
      {
        cell_type: 'code',
        source: 'c',
        outputs: [{ output_type: 'execute_result', data: { 'text/plain': ['tensor(1.)'] } }, { output_type: 'error' }],
      },
    ];
    const text = JSON.stringify({ cells, metadata: {} }, null, 1);
    const document = readDocument(text, 'a.ipynb');
    assert.deepEqual(cellsOf(document), ['a = "é\\n\u{1F600}"\nb = a  1 -> 1\n2', 'c -> tensor(1.)']);
    const [program] = document.programs;
    const [problem] = program!.problems;
    const { locate } = program!;
    assert.ok(locate && problem);
    assert.equal(text.slice(locate(problem.range.start), locate(problem.range.end)), '1');
    assert.equal(lineIndex(text).at(locate(problem.range.start)).line, text.slice(0, text.indexOf('a  1')).split('\n').length);
  });

  it('reads fences of both languages, sessions and outputs out of Markdown', () => {
    const text = [
      'Words.',
      '',
      '```python',
      'x = 1',
      '```',
      '',
      '```',
      'tensor(1.)',
      '```',
      '- item',
      '  ```py',
      '  y = 2',
      '  ```',
      '```ts',
      'const z = 3;',
      '```',
      '```bash',
      'pip install torch',
      '```',
      '```',
      'def f(x):',
      '    return x',
      '```',
      '```',
      'just words here',
      '```',
      '```pycon',
      '>>> a = 1',
      '>>> if a:',
      '...     b = 2',
      '...',
      '>>> b',
      '2',
      '```',
    ].join('\n');
    const document = readDocument(text, 'a.md');
    assert.deepEqual(cellsOf(document), [
      'x = 1 -> tensor(1.)',
      'y = 2',
      'def f(x):\n    return x',
      'a = 1\n    if a:\n        b = 2\n   \n    b -> 2',
      'const z = 3;',
    ]);
    assert.deepEqual(codeProblems(document), []);
  });

  const dumps: readonly (readonly [name: string, lines: readonly string[], cells: readonly string[]])[] = [
    ['output behind a blank line', ['In [1]:', 'x = 2', 'x', '', '2'], ['x = 2\nx -> 2']],
    [
      'a tensor of several lines',
      ['In [1]:', 'x', '', 'tensor([[1, 2],', '        [3, 4]])', ''],
      ['x -> tensor([[1, 2],\n        [3, 4]])'],
    ],
    ['a printed label', ['In [1]:', 'print(a)', '', 'Loss:0.25', 'acc: tensor([1.])'], ['print(a) -> Loss:0.25\nacc: tensor([1.])']],
    [
      'code of several paragraphs',
      ['In [1]:', 'import a', '', 'class B:', '', '    x = 1', '', '    def f(self):', '        return 1', '', 'b = B()'],
      ['import a\n\nclass B:\n\n    x = 1\n\n    def f(self):\n        return 1\n\nb = B()'],
    ],
    ['prose right behind code', ['In [1]:', 'x = 1', '', '## 总结', '* 看完公式，看代码', '', 'In [2]:', 'y'], ['x = 1', 'y']],
    ['English prose', ['In [1]:', 'x = 1', '', 'The loss is now smooth, as one would expect.'], ['x = 1']],
    ['a comment between paragraphs', ['In [1]:', 'x = 1', '', '# then', '', 'y = 2'], ['x = 1\n\n# then\n\ny = 2']],
    ['a formula', ['In [1]:', 'x = 1', '', '$$', 'y = x^2', '$$'], ['x = 1']],
    ['a marked output', ['In [1]: x', '', 'Out[1]: 3', '', 'In [2]: y'], ['x -> 3', 'y']],
    ['continuation prompts', ['In [1]: if a:', '   ...:     b = 1', '   ...: '], ['if a:\n            b = 1']],
    [
      'broken code',
      ['In [1]:', 'class A:', '    def f(self):', '        x = 1 2', '', '        return x', '', 'y = A()'],
      ['class A:\n    def f(self):\n        x = 1 2\n\n        return x\n\ny = A()'],
    ],
    ['pseudo-code in a fence', ['In [1]:', 'x = 1', '', 'Words', '```python', 'out[i] = input[i]', '```'], ['x = 1']],
    ['a definition in a fence', ['Words', '```python', 'def f(): return 1', '```', '', 'In [1]:', 'x = 1'], ['def f(): return 1', 'x = 1']],
    [
      'an error',
      ['In [1]:', 'f()', '', 'Traceback (most recent call last):', '  File "a"', 'ValueError: no'],
      ['f() -> Traceback (most recent call last):\n  File "a"\nValueError: no'],
    ],
  ];
  for (const [name, lines, cells] of dumps) {
    it(`finds the end of a cell in a dump: ${name}`, () => {
      const document = readDocument(lines.join('\n'), 'a.txt');
      assert.deepEqual(cellsOf(document), cells);
      assert.deepEqual(codeProblems(document).length, name === 'broken code' ? 1 : 0);
    });
  }

  it('tells only the number of problems beyond a hundred', () => {
    const problems = codeProblems(readDocument('x = = 1\n'.repeat(500), 'a.py'));
    assert.equal(problems.length, 101);
    assert.match(problems[100]!, /399 more places/);
  });
});

describe('the seed documents', () => {
  const folder = path.resolve('../shared/seeds');
  const read = (number: string): Document | null => {
    const name = existsSync(folder) ? readdirSync(folder).find((file) => file.startsWith(number)) : undefined;
    return name === undefined ? null : readDocument(readFileSync(path.join(folder, name), 'utf8'), name);
  };
  const expected: readonly (readonly [number: string, format: string, cells: number, outputs: number, problems: number])[] = [
    ['000', 'dump', 13, 7, 1],
    ['001', 'dump', 3, 3, 0],
    ['002', 'dump', 15, 11, 0],
    ['003', 'markdown', 1, 0, 0],
    ['004', 'markdown', 2, 0, 0],
  ];
  for (const [number, format, cells, outputs, problems] of expected) {
    it(`${number}: cells, outputs and problems`, function () {
      const document = read(number);
      // The document is not ours to ship: it is read where it lies beside the checkout.
      if (document === null) this.skip();
      const found = document.programs.flatMap((program) => program.cells);
      assert.deepEqual(
        [document.format, found.length, found.filter((cell) => cell.recordedOutput).length, codeProblems(document).length],
        [format, cells, outputs, problems],
      );
    });
  }
});
