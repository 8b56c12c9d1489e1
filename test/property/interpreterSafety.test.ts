/** Whatever is thrown at the interpreter, it ends within its budgets, with a value or a located error, and shows nothing of its host. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createInterpreter, InterpreterError, type Outcome } from '../../src/interpreter/interpreter';
import { libraries } from '../../src/interpreter/libraries/all';
import type { Value } from '../../src/interpreter/value';
import { parsePython } from '../../src/language/python';
import { withTensors } from '../../src/tensor/run';

const budgets = { steps: 20_000, elements: 50_000, milliseconds: 1_500 };

interface Run {
  readonly outcome: Outcome;
  readonly out: Value | null;
  readonly milliseconds: number;
}

function run(code: string): Run {
  return withTensors(
    () => {
      const interpreter = createInterpreter({ libraries, budgets });
      const start = performance.now();
      const outcome = interpreter.run(parsePython(code), { keepGoing: true });
      const milliseconds = performance.now() - start;
      for (const value of interpreter.globals.values()) assertOurs(value, 3);
      return { outcome, out: interpreter.lookup('out'), milliseconds };
    },
    { limits: { elements: 2_000_000 } },
  );
}

const kinds = new Set(
  'none undefined ellipsis notImplemented bool int float complex str bytes list tuple dict set slice range function native boundMethod property staticMethod classMethod class instance super module iterator generator tensor object unknown'.split(
    ' ',
  ),
);

/** Every value that interpreted code holds is one of our own records. */
function assertOurs(value: Value, depth: number): void {
  assert.equal(typeof value, 'object');
  assert.ok(kinds.has(value.kind), `a value of kind ${value.kind}`);
  if (depth === 0) return;
  if (value.kind === 'list' || value.kind === 'tuple') for (const item of value.items.slice(0, 20)) assertOurs(item, depth - 1);
  if (value.kind === 'dict')
    for (const [key, item] of value.entries) {
      assertOurs(key, depth - 1);
      assertOurs(item, depth - 1);
    }
  if (value.kind === 'instance') for (const item of value.attributes.values()) assertOurs(item, depth - 1);
}

function assertSound({ outcome, milliseconds }: Run, code: string): void {
  assert.ok(milliseconds < 6_000, `took ${milliseconds} ms:\n${code}`);
  for (const error of outcome.errors) {
    assert.ok(error instanceof InterpreterError);
    assert.ok(
      error.range.start >= 0 && error.range.end >= error.range.start && error.range.end <= code.length,
      `range of ${error.message}`,
    );
    assert.ok(!error.message.includes('made the interpreter fail'), `${error.message}\n${code}`);
    assert.ok(!/\bat \/|node:|\.ts:|\[object |function \(/.test(error.message), `shows its host: ${error.message}`);
  }
}

describe('safety of the interpreter', function () {
  this.timeout(60_000);

  describe('ends with an error that says what was too much', () => {
    const table: readonly (readonly [name: string, code: string, message: RegExp])[] = [
      ['an endless loop', 'while True:\n    pass\n', /more than 20000 steps/],
      ['an endless generator', 'def g():\n    while True:\n        yield 1\nout = sum(g())\n', /more than 20000 steps/],
      ['an endless iterator', 'import itertools\nout = list(itertools.count())\n', /more than/],
      ['endless recursion', 'def f(n):\n    return f(n + 1)\nf(0)\n', /maximum recursion depth exceeded/],
      [
        'endless recursion through attributes',
        'class A:\n    def __getattr__(self, n):\n        return self.q\nA().x\n',
        /maximum recursion/,
      ],
      ['endless recursion through repr', 'class A:\n    def __repr__(self):\n        return repr(self)\nrepr(A())\n', /maximum recursion/],
      [
        'endless recursion through operators',
        'class A:\n    def __add__(self, o):\n        return o + self\nA() + A()\n',
        /maximum recursion/,
      ],
      ['a huge range as a list', 'out = list(range(10 ** 12))\n', /more than 50000 elements/],
      ['a huge string', "out = 'a' * 10 ** 9\n", /more than 50000 elements/],
      ['a huge list', 'out = [0] * 10 ** 9\n', /more than 50000 elements/],
      ['a huge integer', 'out = 2 ** 10 ** 9\n', /an integer of more than/],
      ['a huge shift', 'out = 1 << 10 ** 9\n', /an integer of more than/],
      ['doubling text', "s = 'ab'\nfor i in range(100):\n    s += s\n", /more than/],
      ['doubling lists', 'l = [1]\nfor i in range(100):\n    l += l\n', /more than/],
      ['squaring integers', 'n = 3\nfor i in range(100):\n    n *= n\n', /an integer of more than/],
      ['a giant tensor', 'import torch\nout = torch.zeros(10 ** 5, 10 ** 5)\n', /elements/],
      ['a wide format', "out = f'{1:1000000000}'\n", /Too many decimal digits/],
      ['joining', "out = ','.join(str(i) for i in range(10 ** 9))\n", /more than/],
      ['a nested comprehension', 'out = [i * j for i in range(10 ** 6) for j in range(10 ** 6)]\n', /more than/],
    ];
    for (const [name, code, message] of table) {
      it(name, () => {
        const result = run(code);
        assertSound(result, code);
        const [error] = result.outcome.errors;
        assert.match(error?.message ?? 'no error', message);
        assert.equal(error?.pythonType === 'RecursionError' || error?.pythonType === 'ValueError' || error?.type === 'budget', true);
      });
    }

    it('and a budget cannot be caught by the code', () => {
      const code = 'try:\n    while True:\n        pass\nexcept BaseException:\n    out = 1\nfinally:\n    out = 2\n';
      const { outcome, out } = run(code);
      assert.equal(outcome.errors[0]?.type, 'budget');
      assert.equal(out, null);
    });
  });

  it('says what is not supported at its place, only when it is executed', () => {
    const code = 'import torch\nif False:\n    torch.fft.fft(1)\nout = 1\ntry:\n    torch.fft.fft(1)\nexcept Exception:\n    out = 2\n';
    const { outcome, out } = run(code);
    const [error] = outcome.errors;
    assert.equal(error?.type, 'unsupported');
    assert.match(error.message, /torch\.fft/);
    assert.ok(code.slice(error.range.start, error.range.end).startsWith('torch.fft'));
    assert.ok(error.range.start > code.indexOf('try'));
    assert.equal(out?.kind === 'int' ? out.value : null, 1n);
  });

  const names = [
    '__class__',
    '__mro__',
    '__bases__',
    '__base__',
    '__subclasses__',
    '__globals__',
    '__code__',
    '__builtins__',
    '__dict__',
    '__init__',
    '__new__',
    '__getattribute__',
    '__reduce__',
    '__call__',
    '__self__',
    '__func__',
    '__module__',
    '__import__',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    '__lookupGetter__',
    'call',
    'apply',
    'bind',
    'kind',
    'payload',
    'value',
    'items',
    'tensor',
    'cell',
    'gi_frame',
    'f_globals',
    'f_back',
    '__traceback__',
    '__context__',
    '__closure__',
    '__wrapped__',
    'mro',
    '__loader__',
    '__spec__',
  ];
  const roots = [
    '()',
    '[]',
    '{}',
    "''",
    '1',
    '1.5',
    'None',
    'True',
    'print',
    'len',
    'int',
    'object',
    'type',
    'f',
    'C',
    'C()',
    'g',
    'math',
    'torch',
    'torch.tensor([1.0])',
    'torch.nn.Linear',
    'Exception()',
    '(lambda: 0)',
    'iter([])',
    'range(3)',
    'super',
  ];
  const prelude = 'import math, torch\ndef f(x=1):\n    return x\nclass C:\n    a = 1\ndef gen():\n    yield 1\ng = gen()\n';

  it('attribute walks end in our own values or an error', () => {
    const step = fc.oneof(
      fc.constantFrom(...names).map((name) => `.${name}`),
      fc.constantFrom(...names).map((name) => `[${JSON.stringify(name)}]`),
      fc.constantFrom('()', '[0]', '[-1]', '[1]', '(1)', '(None)'),
    );
    const walk = fc
      .tuple(fc.constantFrom(...roots), fc.array(step, { minLength: 1, maxLength: 7 }))
      .map(([root, steps]) => root + steps.join(''));
    fc.assert(
      fc.property(fc.array(walk, { minLength: 1, maxLength: 6 }), (walks) => {
        const code = `${prelude}${walks.map((w, i) => `v${i} = ${w}\nt${i} = repr(v${i})\n`).join('')}`;
        assertSound(run(code), code);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('getattr, setattr and dir reach nothing else either', () => {
    fc.assert(
      fc.property(fc.constantFrom(...roots), fc.constantFrom(...names), fc.constantFrom(...names), (root, a, b) => {
        const code = `${prelude}x = ${root}\ntry:\n    y = getattr(x, '${a}', None)\n    setattr(x, '${b}', y)\n    z = getattr(x, '${b}')\nexcept Exception as e:\n    z = str(e)\nd = [getattr(x, n, None) for n in dir(x)][:50]\n`;
        assertSound(run(code), code);
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  it('random programs end', () => {
    const leaf = fc.constantFrom(
      'a',
      'b',
      'l',
      'd',
      's',
      '0',
      '1',
      '-1',
      '2.5',
      "'x'",
      '[]',
      '{}',
      'None',
      'f',
      'C',
      'len',
      'range(5)',
      'iter(l)',
      '10 ** 6',
    );
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc
          .tuple(
            tie('expression'),
            fc.constantFrom('+', '-', '*', '/', '//', '%', '**', '<<', '&', '@', '<', '==', 'in', 'and', 'or', 'is'),
            tie('expression'),
          )
          .map(([x, op, y]) => `(${x} ${op} ${y})`),
        tie('expression').map((x) => `f(${x})`),
        tie('expression').map((x) => `[i for i in ${x}]`),
        tie('expression').map((x) => `(not ${x})`),
        fc.tuple(tie('expression'), tie('expression')).map(([x, y]) => `(${x})[${y}]`),
        fc.tuple(tie('expression'), tie('expression')).map(([x, y]) => `(lambda v: ${x})(${y})`),
        fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([x, y, z]) => `(${x} if ${y} else ${z})`),
        fc
          .tuple(
            fc.constantFrom('sorted', 'list', 'sum', 'max', 'str', 'tuple', 'set', 'repr', 'abs', 'next', 'reversed', 'dict'),
            tie('expression'),
          )
          .map(([fn, x]) => `${fn}(${x})`),
        tie('expression').map((x) => `f'{${x.replaceAll("'", '"')}}'`),
      ),
    }));
    const statement = fc.oneof(
      fc.tuple(fc.constantFrom('a', 'b', 'l[0]', 'd["k"]', 'C.q', 'a, b', '*a, b'), expression).map(([target, x]) => `${target} = ${x}`),
      fc
        .tuple(fc.constantFrom('a', 'l', 's'), fc.constantFrom('+', '*', '-', '**', '|'), expression)
        .map(([name, op, x]) => `${name} ${op}= ${x}`),
      fc.tuple(expression, expression).map(([x, y]) => `while ${x}:\n    a = ${y}\n    l.append(a)`),
      fc.tuple(expression, expression).map(([x, y]) => `for i in ${x}:\n    b = ${y}\n    if b: break`),
      fc.tuple(expression, expression).map(([x, y]) => `try:\n    ${x}\nexcept Exception as e:\n    a = ${y}\nfinally:\n    b = 1`),
      expression.map((x) => `with ${x} as w:\n    a = w`),
      expression.map((x) => `def f(n):\n    return ${x}`),
      expression.map((x) => `del l[${x}]`),
      expression.map((x) => `raise ${x}`),
      expression.map((x) => `assert ${x}`),
    );
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 8 }), (statements) => {
        const code = `a = 1\nb = 2\nl = [1, 2]\nd = {'k': 1}\ns = 'x'\ndef f(n):\n    return f(n - 1) if n else 0\nclass C: pass\n${statements.join('\n')}\n`;
        assertSound(run(code), code);
      }),
      { numRuns: 250, seed: 3 },
    );
  });
});
