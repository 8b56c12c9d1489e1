import assert from 'node:assert/strict';
import { parsePython } from '../../../src/language/python';
import { lineIndex } from '../../../src/language/positions';
import { shapeOf } from './shape';

const valid: readonly (readonly [source: string, shape: string])[] = [
  // Precedence and chains.
  ['not a and b', '((not a) and b)'],
  ['not a == b', '(not (a == b))'],
  ['a or b and not c', '(a or (b and (not c)))'],
  ['-x ** -y', '(- (x ** (- y)))'],
  ['2 ** 3 ** 2', '(2 ** (3 ** 2))'],
  ['a - b - c', '((a - b) - c)'],
  ['a + b * c @ d', '(a + ((b * c) @ d))'],
  ['a | b ^ c & d << 1', '(a | (b ^ (c & (d << 1))))'],
  ['a < b <= c', '(a < b <= c)'],
  ['(a < b) <= c', '((a < b) <= c)'],
  ['a not in b is not c', '(a not in b is not c)'],
  ['a if b else c if d else e', '(b ? a : (d ? c : e))'],
  ['lambda x, *a, k=1, **kw: x if k else a', 'lambda[x, *a, kw k=1, **kw] => (k ? x : a)'],
  ['await_ = ~a.b(c)[d].e', 'await_ = (~ a.b(c)[d].e)'],
  // Numbers.
  ['1. - smoothing', '(1f - smoothing)'],
  ['[1., .5, 1e-3, 1_000, 0xFF, 0b11, 0o17, 2j, 1.e1]', 'list<1f 0.5f 0.001f 1000 255 3 15 2j 10f>'],
  ['x = 1if y else 2', 'x = (y ? 1 : 2)'],
  ['12345678901234567890123', '12345678901234567890123'],
  // Strings.
  [String.raw`'a\n\x41é\101' "b"`, '"a\\nAéAb"'],
  [String.raw`r'\d' + b'\x00a'`, '("\\\\d" + b[0 97])'],
  [`'''a\r\n"b'''`, '"a\\n\\"b"'],
  ["f'{x!r:>{w}.2f} {{}} {y = }'", 'f<{x!r:f<">" {w} ".2f">} " {} " {y = y!r}>'],
  ["f'{a[\"k\"]}' 'tail'", 'f<{a["k"]} "tail">'],
  ["f'{x:%Y:%m}' f'{(lambda: 1)()}'", 'f<{x:f<"%Y:%m">} {lambda[] => 1()}>'],
  ["f'{f'{a}'}'", 'f<{f<{a}>}>'],
  // Displays, subscripts, comprehensions.
  ['x[1:2, ::3, ..., None, :]', 'x[tuple<1:2:_ _:_:3 ... none _:_:_>]'],
  ['x[a,]', 'x[tuple<a>]'],
  ['(), (1,), [*a, b], {1, 2}, {}, {**a, "k": 1}', 'tuple<tuple<> tuple<1> list<*a b> set<1 2> {} {**a, "k": 1}>'],
  ['[i for i, (j, *k) in z if i if k for l in k]', 'list<i for tuple<i tuple<j *k>> in z if i if k for l in k>'],
  ['f(x for x in y)', 'f(generator<x for x in y>)'],
  ['{k: v for k, v in d.items()}', 'dict<k: v for tuple<k v> in d.items()>'],
  ['f(a, *b, c=1, **d)', 'f(a, *b, c=1, **d)'],
  ['(n := 10) + [y := 1][0]', '((n := 10) + list<(y := 1)>[0])'],
  // Statements.
  ['a = b, *c = d', 'a = tuple<b *c> = d'],
  ['a: int = 1; b: str', 'a: int = 1; b: str = _'],
  ['x[0] @= y; x //= 2; x >>= 1', 'x[0] @= y; x //= 2; x >>= 1'],
  ['x;', 'x silent'],
  ['import a.b as c, d', 'import a.b as c; import d as _'],
  ['from ..a import (b as c, d,)', 'import ..a as _ {b>c d>d}'],
  ['from . import *', 'import . as _ {*>*}'],
  ['if a: b\nelif c: d\nelse:\n  e', 'if a {b} else {if c {d} else {e}}'],
  ['for a, in b:\n  break\nelse: pass', 'for tuple<a> in b {break} else {pass}'],
  ['while x:\n\tcontinue', 'while x {continue} else {}'],
  [
    'try:\n a\nexcept (B, C) as e:\n b\nexcept:\n c\nelse:\n d\nfinally:\n e',
    'try {a} except tuple<B C> as e {b} except _ as _ {c} else {d} finally {e}',
  ],
  ['with a as b, c: d', 'with a as b, c as _ {d}'],
  ['with (a as b, c as d,): e', 'with a as b, c as d {e}'],
  ['with (a, b): c', 'with a as _, b as _ {c}'],
  ['with (a): b', 'with a as _ {b}'],
  ['with (yield_)(): b', 'with yield_() as _ {b}'],
  ['raise A from b; assert a, "m"', 'raise A from b; assert a, "m"'],
  ['del a, (b, c[0])', 'del a tuple<b c[0]>'],
  ['def f(a, /, b: int = 1, *, c) -> T: "doc"; return', 'def f[/a, b: int=1, kw c] "doc" {return _}'],
  ['async def f():\n  await g()\n  yield 1', 'async def* f[] {(await g()); (yield 1)}'],
  ['@a.b(c)\n@d\nclass A(B, metaclass=M):\n  """d"""\n  x = 1', '@a.b(c) @d class A(B, metaclass=M) "d" {x = 1}'],
  ['def f[T](x): pass\nclass A[T: int](B): pass\ntype X[T] = list[T]', 'def f[x] {pass}; class A(B) {pass}; X: list[T] = _'],
  ['match x:\n  case [1, *_] if y: a\n  case {"k": v, **r} | C(z=1): b\n  case str() as s: c', 'match x 3 cases'],
  ['match = 1; match(x); match[0]; print(match, case)', 'match = 1; match(x) silent; match[0] silent; print(match, case)'],
  ['def f():\n  global a, b\n  nonlocal_ = 1', 'def f[] {global a b; nonlocal_ = 1}'],
  // Layout.
  ['x = (1 +\n  # why\n 2)\ny = a \\\n  .b', 'x = (1 + 2); y = a.b'],
  ['\ufeffx = 1', 'x = 1'],
  ['class A:\n\n  # c\n  def f(self):\n\n    return 1\n # odd comment\n  y = 2', 'class A() {def f[self] {return 1}; y = 2}'],
  ['if a:\n  b\n\n\nc', 'if a {b} else {}; c'],
  ['if a:\r\n  b\r\nelse:\r\n  c\r\n', 'if a {b} else {c}'],
  // Notebooks.
  ['%matplotlib inline\n!pip install torch\nx = !ls\ntorch.gather?\n?x', 'pass; pass; x = UNSUPPORTED(a notebook command); pass; pass'],
  ['%%html\n<b>not Python</b>', 'pass'],
  ['%%time\nx = 1', 'pass; x = 1'],
];

const broken: readonly (readonly [name: string, source: string, shape: string, places: readonly string[], message: RegExp])[] = [
  [
    'two values side by side',
    'class A:\n    def f(self, s):\n        self.s = s  0.1\n        self.t = s\n    def g(self): return 1\n',
    'class A() {def f[self, s] {INVALID; self.t = s}; def g[self] {return 1}}',
    ['3:21 0.1'],
    /unexpected '0\.1'/,
  ],
  ['an open bracket', 'x = foo(a, b\ny = 3\nz = 4\n', 'INVALID; y = 3; z = 4', ['1:8 ('], /'\(' was never closed/],
  [
    'an open bracket before a definition',
    'x = [1,\ndef f():\n  return 1',
    'INVALID; def f[] {return 1}',
    ['1:5 ['],
    /'\[' was never closed/,
  ],
  [
    'an open bracket in a header',
    'def f(a, b:\n  return 1\nx = 1',
    'def f[] {INVALID; return 1}; x = 1',
    ['1:6 ('],
    /'\(' was never closed/,
  ],
  ['an open bracket at the end', 'x = 1\ny = (', 'x = 1; INVALID', ['2:5 ('], /was never closed/],
  ['brackets that do not match', 'x = (1]\ny = 2', 'INVALID; y = 2', ['1:7 ]'], /does not match/],
  ['an unmatched bracket', 'x = 1)\ny = 2', 'INVALID; y = 2', ['1:6 )'], /unmatched '\)'/],
  ['an unterminated string', 'x = "abc\ny = 2', 'INVALID; y = 2', ['1:5 "abc'], /unterminated string literal/],
  [
    'an unterminated docstring',
    'def f():\n  """doc\n  return 1\ndef g():\n  return 2',
    'def f[] {INVALID}; def g[] {return 2}',
    ['2:3 """'],
    /unterminated triple-quoted/,
  ],
  [
    'a missing colon',
    'class A(B)\n  def f(self):\n    return 1\nx = 1',
    'class A(B) {INVALID; def f[self] {return 1}}; x = 1',
    ['1:11 '],
    /expected ':'/,
  ],
  ['a broken condition', 'if a b:\n  c\nelse:\n  d', 'if INVALID {INVALID; c} else {d}', ['1:6 b'], /unexpected 'b'/],
  ['an empty block', 'def f():\nx = 1', 'def f[] {INVALID}; x = 1', ['2:1 x'], /expected an indented block after function definition/],
  [
    'a block of a lone backslash',
    'x = 1\ndef g(a):\n    \\\n',
    'x = 1; def g[a] {INVALID}',
    ['4:1 '],
    /expected an indented block after function definition/,
  ],
  ['an unexpected indent', 'a = 1\n  b = 2\nc = 3', 'a = 1; INVALID; b = 2; c = 3', ['2:3 b'], /unexpected indent/],
  ['an unindent between levels', 'def f():\n    a\n  b\nc', 'def f[] {a; INVALID}; c', ['3:3 b'], /unindent does not match/],
  ['Python 2', 'print "x"\nx = 1', 'INVALID; x = 1', ['1:1 print "x"'], /Missing parentheses in call to 'print'/],
  ['full-width punctuation', 'f(a，b)\nx = 1', 'INVALID; x = 1', ['1:4 ，'], /invalid character '，' \(U\+FF0C\)/],
  ['an impossible target', 'f(x) = 1', 'INVALID', ['1:1 f(x)'], /cannot assign to a function call/],
  ['a bad literal', 'x = 1__0; y = 012', 'INVALID', ['1:5 1__0'], /invalid decimal literal/],
  ['return at the margin', 'return 1\nx = 1', 'INVALID; x = 1', ['1:1 return'], /'return' outside function/],
  [
    'break outside a loop',
    'for x in y:\n  def f(): break',
    'for x in y {def f[] {INVALID}} else {}',
    ['2:12 break'],
    /'break' outside loop/,
  ],
  ['repeated parameters', 'def f(a, a): pass', 'def f[] {INVALID}', ['1:10 a'], /duplicate argument 'a'/],
  ['a parameter without default', 'def f(a=1, b): pass', 'def f[] {INVALID}', ['1:12 b'], /without a default follows/],
  ['arguments in the wrong order', 'f(a=1, b)', 'INVALID', ['1:8 b'], /positional argument follows keyword argument/],
  ['an f-string that does not close', 'x = f"{a"\ny = 1', 'INVALID; y = 1', ['1:5 f"{a"'], /unterminated f-string/],
  ['an f-string field of nothing', "x = f'{}'", 'INVALID', ['1:7 {'], /valid expression required/],
  ['two problems in two places', 'x = = 1\ny = 2\nz = * 3 +\n', 'INVALID; y = 2; INVALID', ['1:5 =', '3:10 '], /unexpected '='/],
  ['try alone', 'try:\n  a\nb', 'INVALID; b', ['1:1 try'], /expected 'except' or 'finally' block/],
];

describe('parsePython', () => {
  for (const [source, shape] of valid) {
    it(JSON.stringify(source), () => {
      const program = parsePython(source);
      assert.deepEqual(program.problems, []);
      assert.equal(shapeOf(program), shape);
    });
  }

  for (const [name, source, shape, places, message] of broken) {
    it(`reports ${name} and goes on`, () => {
      const program = parsePython(source);
      const { at } = lineIndex(source);
      const found = program.problems.map(({ range }) => {
        const { line, column } = at(range.start);
        return `${line}:${column} ${source.slice(range.start, range.end)}`;
      });
      assert.deepEqual(found, places);
      assert.match(program.problems[0]!.message, message);
      assert.equal(shapeOf(program), shape);
    });
  }

  it('names the exception that Python raises', () => {
    const types = ['x = (', 'def f():\nx', 'if a:\n\tb\n        c'].map((source) => parsePython(source).problems[0]?.type);
    assert.deepEqual(types, ['SyntaxError', 'IndentationError', 'TabError']);
  });

  it('reads what is valid Python without a problem in awkward layouts', () => {
    const source = 'def f(\n    a,\nb=[\n1,\n],\n):\n    return {\n"k": a,\n    }[\n"k"]\n';
    assert.deepEqual(parsePython(source).problems, []);
  });

  for (const [source, parts] of [
    [String.raw`f'\{a}'`, ['\\', null]],
    [String.raw`f'\{{a}}'`, ['\\{a}']],
    [String.raw`f'b\}}c'`, ['b\\}c']],
    [String.raw`rf'\{{%{b}\}}'`, ['\\{%', null, '\\}']],
    [String.raw`f'\\{c}'`, ['\\', null]],
    [String.raw`f'\x41{c}\n'`, ['A', null, '\n']],
  ] as const) {
    it(`a backslash hides no brace of an f-string: ${source}`, () => {
      const program = parsePython(source);
      assert.deepEqual(program.problems, []);
      const [statement] = program.cells[0]!.body;
      assert.ok(statement?.kind === 'expression');
      const { expression } = statement;
      const found =
        expression.kind === 'joinedString'
          ? expression.parts
          : expression.kind === 'constant' && expression.value.type === 'string'
            ? [expression.value.value]
            : [];
      assert.deepEqual(
        found.map((part) => (typeof part === 'string' ? part : null)),
        parts,
      );
    });
  }

  it('gives ranges as CPython does: brackets belong to what holds them', () => {
    const source = '(a + b) * c';
    const [statement] = parsePython(source).cells[0]!.body;
    assert.ok(statement?.kind === 'expression' && statement.expression.kind === 'binary');
    assert.deepEqual(statement.expression.range, { start: 0, end: 11 });
    assert.deepEqual(statement.expression.left.range, { start: 1, end: 6 });
    assert.deepEqual(statement.expression.operatorRange, { start: 8, end: 9 });
  });

  const hostile: readonly (readonly [string, string])[] = [
    ['ten thousand brackets', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['brackets on every line', '(\n'.repeat(20_000)],
    ['a long sum', `x = a${' + a'.repeat(20_000)}`],
    ['a long chain of attributes', `x = a${'.b'.repeat(20_000)}`],
    ['many signs', `${'-'.repeat(20_000)}1`],
    ['nested f-strings', 'f"{f"{'.repeat(2_000)],
    ['deep indentation', Array.from({ length: 500 }, (_, level) => `${' '.repeat(level)}if x:`).join('\n')],
    ['lone surrogates', 'x = \ud800 + 1\n'],
    ['zero bytes', 'x = 1\0\n'],
    ['many lambdas', 'lambda: '.repeat(20_000)],
    ['many elifs', `if a:\n b\n${'elif a:\n b\n'.repeat(5_000)}`],
  ];
  for (const [name, source] of hostile) {
    it(`survives ${name}, and reports it`, () => {
      assert.notDeepEqual(parsePython(source).problems, []);
    });
  }
});
