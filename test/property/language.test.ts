import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readDocument } from '../../src/language/document';
import type { Program } from '../../src/language/program';
import { parsePython } from '../../src/language/python';
import { parseTypeScript } from '../../src/language/typescript';

const python = `import torch
from torch import nn as n, optim
class Smooth(nn.Module):
    """Docs."""
    def __init__(self, classes: int, smoothing=0.1, *args, dim=-1, **kw):
        super().__init__()
        self.on = 1. - smoothing; self.off = smoothing / (classes - 1)
        self.name = f"{classes!r:>{dim}} {smoothing=:.2f}" 'x' if not dim and classes else b'\\x00'
    @staticmethod
    def f(x, y):
        with torch.no_grad() as g, h:
            t = torch.empty(size=(x.size(0), 3)) \\
                .fill_(0.1).scatter_(1, y.data[:, None, ..., ::2], [i for i in x if i])
        for a, *b in zip(x, y):
            while a < b <= 3: a += 1
            else: break
        try: return {**x, 'k': lambda q, /, r=1: q @ r}
        except (A, B) as e: raise e from None
        finally: yield x
    match x:
        case [1, *_] | {"k": v} if v: pass
`;
const typescript = `import * as tf from '@tensorflow/tfjs';
export const loss = (logits: tf.Tensor2D, { smoothing = 0.1, ...rest }: Options = {}): tf.Scalar => {
  const [n, k] = logits.shape;
  for (let i = 0; i < 3; i++) { if (!rest?.x) continue; else break; }
  switch (rest.reduction) { case 'mean': case 'sum': return tf.mean(q); default: throw new Error(\`bad \${n}\`); }
};
class A extends B<T> { static x = 1; constructor(private readonly s = 0.1) { super(); } get v() { return this.s ?? 1; } }
`;
const dump = `# Title\n\nIn [1]:\nimport torch\n\nx = 1\nx\n\n1\n\nWords here, and more.\n\nIn [2]:\n${python}\n\ntensor([1., 2.])\n`;
const notebook = JSON.stringify({ cells: [{ cell_type: 'code', source: python.split(/(?<=\n)/), outputs: [] }] });

/** Real-looking code with a piece cut out, put in twice, or replaced by noise. */
const mutated = (source: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.nat(source.length),
        fc.nat(12),
        fc.oneof(fc.constant(''), fc.string({ maxLength: 6 }), fc.constantFrom(...'()[]{}:\'"\n\t\\#=,.@*`$'.split(''))),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((edits) => edits.reduce((text, [start, length, noise]) => text.slice(0, start) + noise + text.slice(start + length), source));

const truncated = (source: string): fc.Arbitrary<string> => fc.nat(source.length).map((end) => source.slice(0, end));

/** Every range lies within the text, and within the range of what holds it. */
function checkRanges(program: Program): void {
  const visit = (value: unknown, start: number, end: number, path: string): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    let [from, to] = [start, end];
    if ('range' in value && !path.endsWith('recordedOutput')) {
      const range = value.range as { readonly start: number; readonly end: number };
      assert.ok(range.start <= range.end, `${path}: ${range.start}–${range.end}`);
      assert.ok(start <= range.start && range.end <= end, `${path}: ${range.start}–${range.end} is outside ${start}–${end}`);
      [from, to] = [range.start, range.end];
    }
    for (const [key, child] of Object.entries(value)) if (key !== 'range') visit(child, from, to, `${path}.${key}`);
  };
  visit(program.cells, 0, program.text.length, 'cells');
  for (const { range } of program.problems) assert.ok(0 <= range.start && range.start <= range.end && range.end <= program.text.length);
}

describe('lowering', () => {
  const cases: readonly (readonly [string, string, (text: string) => readonly Program[]])[] = [
    ['Python', python, (text) => [parsePython(text)]],
    ['TypeScript', typescript, (text) => [parseTypeScript(text)]],
    ['dumps', dump, (text) => readDocument(text, 'a.txt').programs],
    ['notebooks', notebook, (text) => readDocument(text, 'a.ipynb').programs],
  ];
  for (const [name, source, parse] of cases) {
    it(`never throws on mutated ${name}, and keeps its ranges in order`, function () {
      this.timeout(30_000);
      fc.assert(
        fc.property(fc.oneof(mutated(source), truncated(source), fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
          for (const program of parse(text)) checkRanges(program);
        }),
        { numRuns: 300 },
      );
    });
  }

  it('finds nothing wrong with the sources it mutates', () => {
    assert.deepEqual(parsePython(python).problems, []);
    assert.deepEqual(parseTypeScript(typescript).problems, []);
  });
});
