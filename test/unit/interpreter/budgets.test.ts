import assert from 'node:assert/strict';
import { pythonLibraries, typescriptLibraries } from '../../../src/execution/libraries';
import { torchBridge } from '../../../src/execution/pythonBridges';
import { tfjsBridge } from '../../../src/execution/tfjsBridge';
import { createInterpreter, type Outcome } from '../../../src/interpreter/interpreter';
import type { Budgets } from '../../../src/interpreter/machine';
import { parsePython } from '../../../src/language/python';
import { parseTypeScript } from '../../../src/language/typescript';
import { within } from '../../../src/tensor/meter';
import { expectedError, hostilePython, hostileTypeScript, type Hostile } from '../../hostile';

/** Seconds that a run of half a second may take on a machine that is busy with other things: without the budgets each takes minutes, or the process. */
const patience = 8;

function run(language: 'python' | 'typescript', text: string, budgets: Partial<Budgets> = {}, keepGoing = false): Outcome {
  const python = language === 'python';
  const program = python ? parsePython(text) : parseTypeScript(text);
  return (python ? torchBridge : tfjsBridge).withTensors(() => {
    const libraries = python ? pythonLibraries : typescriptLibraries;
    const { errors } = createInterpreter({ libraries, budgets: { milliseconds: 500, ...budgets } }).run(program, { keepGoing });
    return { errors, lastValue: null };
  });
}

describe('budgets', function () {
  this.timeout(30_000);

  const each = (language: 'python' | 'typescript', programs: readonly Hostile[]): void => {
    for (const hostile of programs) {
      it(`${language}: ${hostile.name}`, () => {
        const started = performance.now();
        const [error] = run(language, hostile.text).errors;
        const seconds = (performance.now() - started) / 1000;
        assert.match(error?.message ?? 'no error', expectedError(hostile));
        assert.doesNotMatch(error!.message, /Invalid|call stack|made the interpreter fail/);
        assert.ok(seconds < patience, `took ${seconds} s`);
      });
    }
  };
  each('python', hostilePython);
  each('typescript', hostileTypeScript);

  it('leave room for what is merely large', () => {
    const large = [
      'import torch',
      'x = list(range(500000))',
      'y = sorted(x, key=lambda v: -v)[:3]',
      's = ",".join(str(v) for v in x[:200000])',
      'd = {v: v + 1 for v in x[:200000]}',
      't = torch.ones(3000, 1000).softmax(1).sum()',
      'u = torch.arange(300000).unique()',
      'm = torch.ones(300, 300) @ torch.ones(300, 300)',
    ];
    assert.deepEqual(run('python', large.join('\n'), { milliseconds: 60_000 }).errors, []);
  });

  it('count what a run holds, and forget it with the run', () => {
    const text = 'import torch\nx = torch.ones(3000000)\n';
    torchBridge.withTensors(() => {
      const interpreter = createInterpreter({ libraries: pythonLibraries, budgets: { bytes: 30e6 } });
      for (let i = 0; i < 5; i++) assert.deepEqual(interpreter.run(parsePython(text)).errors, []);
      const [error] = interpreter.run(parsePython(text + text.replace('x =', 'y =') + text.replace('x =', 'z ='))).errors;
      assert.match(error!.message, /more than 29 MB of memory/);
    });
  });

  it('of a module whose statements are stopped one after the other end with it, and leave it some', () => {
    const statements = Array.from({ length: 30 }, (_, i) => `t${i} = [0.5 + v for v in range(${i === 29 ? 10 : 10 ** 9})]`);
    const started = performance.now();
    const { errors } = run('python', statements.join('\n'), { milliseconds: 1_000, steps: 1e9 }, true);
    assert.ok(performance.now() - started < patience * 1000);
    assert.equal(errors.length, 29);
  });

  it('of one loss, or of many runs, may be shared: none goes on past the last moment', () => {
    const started = performance.now();
    within(300, () => {
      for (let i = 0; i < 5; i++) {
        const [error] = run('python', 'while True:\n    pass', { milliseconds: 60_000, steps: 1e12 }).errors;
        assert.equal(error?.message, 'all its runs together took too long');
      }
    });
    assert.ok(performance.now() - started < patience * 1000);
  });

  it('of the session: what every run leaves on the tape is bounded too', () => {
    const program = parsePython('import torch\nw = torch.ones(2000000, requires_grad=True)\ndef f():\n    return (w * 2.0).sum()');
    torchBridge.withTensors(() => {
      const interpreter = createInterpreter({ libraries: pythonLibraries });
      interpreter.run(program);
      const f = interpreter.lookup('f')!;
      assert.throws(
        () => {
          for (let i = 0; i < 200; i++) interpreter.call(f);
        },
        (error) => error instanceof Error && /kept for gradients/.test(error.message),
      );
    });
  });

  it('are not for the program to catch, not even where the stack ends', () => {
    const { errors } = run(
      'python',
      'def f():\n    try:\n        f()\n    except RecursionError:\n        f()\ntry:\n    f()\nexcept BaseException:\n    print("caught")',
    );
    assert.equal(errors[0]?.type, 'budget');
  });

  it('let a program catch its own recursion', () => {
    assert.deepEqual(
      run('python', 'def f(n):\n    return f(n + 1)\ntry:\n    f(0)\nexcept RecursionError:\n    ok = True\nassert ok').errors,
      [],
    );
  });
});
