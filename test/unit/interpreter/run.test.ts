import assert from 'node:assert/strict';
import { createInterpreter, InterpreterError, type Interpreter } from '../../../src/interpreter/interpreter';
import { standardLibrary } from '../../../src/interpreter/libraries/standard/standard';
import type { Value } from '../../../src/interpreter/value';
import { float, int } from '../../../src/interpreter/value';
import type { Cell, Program } from '../../../src/language/program';
import { parsePython } from '../../../src/language/python';

const make = (options: Partial<Parameters<typeof createInterpreter>[0]> = {}): Interpreter =>
  createInterpreter({ libraries: [standardLibrary], ...options });

const shown = (interpreter: Interpreter, value: Value | null): string =>
  value === null ? 'nothing' : interpreter.attempt((context) => context.repr(value));

/** A notebook whose cells are these sources, each with what it printed for its author. */
function notebook(...sources: readonly (readonly [code: string, recorded?: string])[]): Program {
  const text = sources.map(([code]) => `${code}\n`).join('');
  let start = 0;
  const cells = sources.map(([code, recorded]): Cell => {
    const before = text.slice(0, start).replace(/[^\n]/g, ' ');
    const body = parsePython(before + code, start).cells.flatMap((cell) => cell.body);
    const range = { start, end: start + code.length };
    start += code.length + 1;
    return recorded === undefined ? { range, body } : { range, body, recordedOutput: { text: recorded, range } };
  });
  return { language: 'python', text, cells, problems: [] };
}

describe('running a document', () => {
  it('keeps names between runs and calls what it defined', () => {
    const interpreter = make();
    interpreter.run(parsePython('def off(eps, k=3):\n    return eps / (k - 1)\n'));
    const off = interpreter.lookup('off')!;
    assert.equal(shown(interpreter, interpreter.call(off, [float(0.1)])), '0.05');
    assert.equal(shown(interpreter, interpreter.call(off, [float(0.1)], new Map([['k', int(11)]]))), '0.01');
    assert.throws(
      () => interpreter.call(off, []),
      (error) =>
        error instanceof InterpreterError &&
        error.pythonType === 'TypeError' &&
        error.message === "off() missing 1 required positional argument: 'eps'",
    );
  });

  it('places an error at the failing expression, with the calls on the way', () => {
    const code = 'def inner(k):\n    x = 1\n    return x / (k - 1)\ndef outer(k):\n    return inner(k)\nouter(1)\n';
    const { errors } = make().run(parsePython(code));
    const [error] = errors;
    assert.equal(error?.message, 'division by zero');
    assert.equal(code.slice(error.range.start, error.range.end), 'x / (k - 1)');
    assert.deepEqual(
      error.traceback.map(({ name, range }) => [name, code.slice(range.start, range.end)]),
      [
        ['<module>', ''],
        ['outer', 'outer(1)'],
        ['inner', 'inner(k)'],
      ],
    );
  });

  it('places an error in library code at the call of the person', () => {
    const code = 'from functools import reduce\nn = 1\nreduce(lambda a, b: a + b, [])\n';
    const [error] = make().run(parsePython(code)).errors;
    assert.equal(error?.pythonType, 'TypeError');
    assert.equal(code.slice(error.range.start, error.range.end), 'reduce(lambda a, b: a + b, [])');
  });

  it('goes on past what cannot run, and says later why a name has no value', () => {
    const code = "data = open('x')\nK = 3\ndef loss(e):\n    return e / K\nn = len(data)\n";
    const interpreter = make();
    const { errors } = interpreter.run(parsePython(code), { keepGoing: true });
    assert.deepEqual(
      errors.map(({ type, message }) => [type, message]),
      [
        ['unsupported', 'Unsupported: the file x'],
        ['unsupported', 'Unsupported: data has no value because line 1 failed: Unsupported: the file x'],
      ],
    );
    assert.equal(shown(interpreter, interpreter.call(interpreter.lookup('loss')!, [float(0.3)])), '0.09999999999999999');
  });

  it('stops a cell at its first error, and runs the next cell', () => {
    const interpreter = make();
    const { errors } = interpreter.run(notebook(['a = 1\nb = undefined\nc = 2'], ['d = a']));
    assert.equal(errors.length, 1);
    assert.equal(interpreter.lookup('c'), null);
    assert.equal(shown(interpreter, interpreter.lookup('d')), '1');
  });

  it('shows the value of the last expression of a notebook cell, of a script only when asked', () => {
    const texts = (interpreter: Interpreter): string[] => interpreter.printed().map(({ text, source }) => `${source}: ${text}`);
    const cells = make();
    cells.run(notebook(["x = 2\nprint('x is', x)\nx + 1"], ['x;'], ['None'], ["'text'"]));
    assert.deepEqual(texts(cells), ['print: x is 2', 'cell: 3', "cell: 'text'"]);
    const script = make();
    script.run(parsePython('x = 2\nx + 1\n'));
    assert.deepEqual(texts(script), []);
  });

  it('compares what was printed with what the document records, to the digits printed', () => {
    const agreement = (code: string, recorded: string): boolean | undefined => {
      const interpreter = make();
      interpreter.run(notebook([code, recorded]));
      return interpreter.printed()[0]?.recorded?.agrees;
    };
    assert.equal(agreement('1 / 3', '0.3333'), true);
    assert.equal(agreement('1 / 3', '0.3335'), false);
    assert.equal(agreement("print('loss', 0.12345)", 'loss 0.1234'), true);
    assert.equal(agreement("print('loss', 0.12345)", 'value 0.1234'), false);
    assert.equal(agreement('[1, 2]', '[1, 2]'), true);
    assert.equal(agreement('[1, 2]', '[1, 2, 3]'), false);
  });

  it('traces the statements of the person only, the first and last few of a loop', () => {
    const interpreter = make();
    const code = 'from functools import reduce\ntotal = 0\nfor i in range(100):\n    total += i\nb = reduce(max, [1, 5])\n';
    interpreter.run(parsePython(code));
    const steps = interpreter.steps().map(({ label, value }) => `${label} = ${value.kind === 'text' ? value.text : '…'}`);
    assert.deepEqual(steps, ['total = 0', 'total = 0', 'total = 1', 'total = 3', 'total = 4753', 'total = 4851', 'total = 4950', 'b = 5']);
    interpreter.trace(false);
    interpreter.run(parsePython('c = 1\n'));
    assert.deepEqual(interpreter.steps(), []);
  });

  it('keeps the value of a step as it was, whatever is written into it later', () => {
    const interpreter = make();
    interpreter.run(parsePython('l = [1]\nl.append(2)\n'));
    const [first] = interpreter.steps();
    assert.deepEqual(first?.value, { kind: 'text', text: '[1]' });
  });

  it('takes unknown modules, until they are used', () => {
    const interpreter = make();
    const code =
      'import cv2\nfrom mmdet.models import LOSSES, BaseLoss\nclass L(BaseLoss):\n    def __init__(self, e):\n        super().__init__()\n        self.e = e\n    def half(self):\n        return self.e / 2\nout = L(3).half()\nL(3).register()\n';
    const { errors } = interpreter.run(parsePython(code), { keepGoing: true });
    assert.equal(shown(interpreter, interpreter.lookup('out')), '1.5');
    assert.deepEqual(
      errors.map(({ type, message }) => [type, message]),
      [['unsupported', 'Unsupported: mmdet.models.BaseLoss.register']],
    );
    assert.match(interpreter.notes().join(), /mmdet\.models\.BaseLoss is not known here/);
  });

  it('takes a missing module as missing where the code is prepared for it, and always when strict', () => {
    const guarded = make();
    guarded.run(parsePython('try:\n    import apex\nexcept ImportError:\n    apex = None\n'));
    assert.equal(shown(guarded, guarded.lookup('apex')), 'None');
    assert.equal(make({ strict: true }).run(parsePython('import apex\n')).errors[0]?.pythonType, 'ModuleNotFoundError');
    assert.deepEqual(make().run(parsePython('import apex\n')).errors, []);
  });

  it('runs what stands around a line that is not valid', () => {
    const interpreter = make();
    const code = 'a = 1\nb = a  0.1\nc = a + 1\n';
    const { errors } = interpreter.run(parsePython(code), { keepGoing: true });
    assert.equal(errors[0]?.pythonType, 'SyntaxError');
    assert.equal(shown(interpreter, interpreter.lookup('c')), '2');
    assert.equal(make({ strict: true }).run(parsePython(code)).errors.length, 1);
  });

  it('gives each call fresh budgets', () => {
    const interpreter = make({ budgets: { steps: 5_000 } });
    interpreter.run(parsePython('def work(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\n'));
    const work = interpreter.lookup('work')!;
    for (let i = 0; i < 10; i++) interpreter.call(work, [int(1000)]);
    assert.throws(
      () => interpreter.call(work, [int(10_000)]),
      (error) => error instanceof InterpreterError && error.type === 'budget',
    );
    assert.equal(shown(interpreter, interpreter.call(work, [int(10)])), '45');
  });

  it('stops by the clock', () => {
    const interpreter = make({ budgets: { steps: 1e12, milliseconds: 50 } });
    const start = performance.now();
    const [error] = interpreter.run(parsePython('while True:\n    pass\n')).errors;
    assert.equal(error?.type, 'budget');
    assert.ok(performance.now() - start < 2_000);
  });

  it('draws the same random numbers for the same seed', () => {
    const draw = (seed: number): string => {
      const interpreter = make({ seed });
      interpreter.run(parsePython('import random\nout = [random.random() for _ in range(3)]\n'));
      return shown(interpreter, interpreter.lookup('out'));
    };
    assert.equal(draw(1), draw(1));
    assert.notEqual(draw(1), draw(2));
  });

  it('keeps documents apart', () => {
    const first = make();
    first.run(parsePython('import math\nmath.pi = 3\nimport types\ntypes.SimpleNamespace.x = 1\n'));
    const second = make();
    second.run(parsePython('import math, types\nout = (math.pi, hasattr(types.SimpleNamespace, "x"))\n'));
    assert.equal(shown(second, second.lookup('out')), '(3.141592653589793, False)');
  });
});
