/** Reading the suites of golden values, and comparing what the interpreter makes with what the real thing made. */
import { createInterpreter, type InterpreterError, type Interpreter } from '../../src/interpreter/interpreter';
import type { Library } from '../../src/interpreter/library';
import { elementsOf } from '../../src/interpreter/trace';
import type { Value } from '../../src/interpreter/value';
import { parsePython } from '../../src/language/python';

/** torch's own tolerances for float32. */
export const relativeTolerance = 1.3e-6;
export const absoluteTolerance = 1e-5;

type Num = number | 'nan' | 'inf' | '-inf';

export type Expected =
  | { readonly kind: 'tensor'; readonly dtype: string; readonly shape: readonly number[]; readonly data: readonly (Num | boolean)[] }
  | { readonly kind: 'int'; readonly value: number | string }
  | { readonly kind: 'float'; readonly value: Num }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'str'; readonly value: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'list' | 'tuple'; readonly items: readonly Expected[] }
  | { readonly kind: 'dict'; readonly items: Readonly<Record<string, Expected>> }
  | { readonly kind: 'error'; readonly type: string; readonly message: string };

export interface Case {
  readonly id: string;
  readonly group: string;
  readonly code: string;
  readonly expect: Expected;
  readonly stdout?: string | null;
  readonly grad?: Readonly<Record<string, Extract<Expected, { kind: 'tensor' }>>> | null;
}

export const numberFrom = (value: Num | boolean): number => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' ? value : value === 'nan' ? NaN : value === 'inf' ? Infinity : -Infinity;
};

export function close(got: number, expected: number): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(got);
  if (!Number.isFinite(expected)) return got === expected;
  return Math.abs(got - expected) <= absoluteTolerance + relativeTolerance * Math.abs(expected);
}

/** null when the value is as expected, else where it is not. */
export function difference(interpreter: Interpreter, expected: Expected, got: Value | null): string | null {
  if (got === null) return 'out was not bound';
  const shown = (): string => interpreter.attempt((context) => `${got.kind} ${context.repr(got)}`);
  const wrong = (): string => `expected ${JSON.stringify(expected)}, got ${shown()}`;
  switch (expected.kind) {
    case 'tensor': {
      if (got.kind === 'instance') return arrayDifference(interpreter, expected, got) ?? null;
      if (got.kind !== 'tensor') return wrong();
      const { dtype, shape } = got.tensor;
      if (dtype !== expected.dtype) return `expected dtype ${expected.dtype}, got ${dtype} ${shown()}`;
      if (shape.join() !== expected.shape.join()) return `expected shape [${expected.shape.join()}], got [${shape.join()}]`;
      const values = elementsOf(got);
      const at = expected.data.findIndex((value, i) => !sameElement(dtype, values[i] ?? NaN, numberFrom(value)));
      return at < 0 ? null : `element ${at}: expected ${String(expected.data[at])}, got ${values[at]}`;
    }
    case 'int':
      return got.kind === 'int' && got.value.toString() === String(expected.value) ? null : wrong();
    case 'float':
      return got.kind === 'float' && close(got.value, numberFrom(expected.value)) ? null : wrong();
    case 'bool':
      return got.kind === 'bool' && got.value === expected.value ? null : wrong();
    case 'str':
      return got.kind === 'str' && got.value === expected.value ? null : wrong();
    case 'none':
      return got.kind === 'none' ? null : wrong();
    case 'list':
    case 'tuple': {
      if (got.kind !== expected.kind || got.items.length !== expected.items.length) return wrong();
      for (const [i, item] of expected.items.entries()) {
        const inner = difference(interpreter, item, got.items[i]!);
        if (inner !== null) return `item ${i}: ${inner}`;
      }
      return null;
    }
    case 'dict': {
      if (got.kind !== 'dict') return wrong();
      const entries = new Map(Array.from(got.entries, ([key, value]) => [interpreter.attempt((c) => c.str(key)), value]));
      if (entries.size !== Object.keys(expected.items).length) return wrong();
      for (const [key, item] of Object.entries(expected.items)) {
        const inner = difference(interpreter, item, entries.get(key) ?? null);
        if (inner !== null) return `key ${key}: ${inner}`;
      }
      return null;
    }
    case 'error':
      return wrong();
  }
}

const sameElement = (dtype: string, got: number, expected: number): boolean =>
  dtype.startsWith('float') || dtype === 'bfloat16' ? close(got, expected) : got === expected;

/** numpy arrays are compared through their own tolist, dtype and shape. */
function arrayDifference(interpreter: Interpreter, expected: Extract<Expected, { kind: 'tensor' }>, got: Value): string | null {
  return interpreter.attempt((context) => {
    if (context.findAttribute(got, 'tolist') === null) return `expected a tensor, got ${context.repr(got)}`;
    const dtype = context.str(context.getAttribute(got, 'dtype'));
    if (dtype !== expected.dtype) return `expected dtype ${expected.dtype}, got ${dtype}`;
    const shape = context.toArray(context.getAttribute(got, 'shape')).map((n) => context.str(n));
    if (shape.join() !== expected.shape.join()) return `expected shape [${expected.shape.join()}], got [${shape.join()}]`;
    const flat: number[] = [];
    const visit = (value: Value): void => {
      if (value.kind === 'list') value.items.forEach(visit);
      else
        flat.push(value.kind === 'bool' ? Number(value.value) : value.kind === 'int' || value.kind === 'float' ? Number(value.value) : NaN);
    };
    visit(context.callMethod(got, 'tolist'));
    const at = expected.data.findIndex((value, i) => !sameElement(dtype, flat[i] ?? NaN, numberFrom(value)));
    return at < 0 ? null : `element ${at}: expected ${String(expected.data[at])}, got ${flat[at]}`;
  });
}

/** Runs one snippet; null when everything is as the real one had it. */
export function runCase(test: Case, libraries: readonly Library[]): string | null {
  const program = parsePython(test.code);
  let printed = '';
  const run = createInterpreter({ libraries, strict: true, onPrint: (text) => (printed += text) });
  const { errors } = run.run(program, { showLast: false });
  const error = errors[0];
  if (test.expect.kind === 'error') {
    if (error === undefined) return `expected ${test.expect.type}: ${test.expect.message}; got no error`;
    const type = error.pythonType ?? error.type;
    return type === test.expect.type ? null : `expected ${test.expect.type}: ${test.expect.message}; got ${describe(error)}`;
  }
  if (error !== undefined) return `expected ${JSON.stringify(test.expect).slice(0, 200)}; got ${describe(error)}`;
  const wrong = difference(run, test.expect, run.lookup('out'));
  if (wrong !== null) return wrong;
  if (typeof test.stdout === 'string' && printed !== test.stdout)
    return `printed ${JSON.stringify(printed)}, expected ${JSON.stringify(test.stdout)}`;
  return test.grad === undefined || test.grad === null ? null : gradientDifference(run, test.grad);
}

export const describe = (error: InterpreterError): string =>
  `${error.pythonType ?? error.type}: ${error.message} (at ${error.range.start})`;

/** d(sum(out))/dx for each leaf, by the interpreter's own autograd. */
function gradientDifference(run: Interpreter, grads: NonNullable<Case['grad']>): string | null {
  const out = run.lookup('out')!;
  return run.attempt((context) => {
    const leaves = Object.keys(grads).map((name) => run.lookup(name)!);
    const total = context.callMethod(out, 'sum');
    const grad = context.fromLibrary('torch.autograd.grad');
    const options = new Map<string, Value>([['allow_unused', { kind: 'bool', value: true }]]);
    const made = context.toArray(context.call(grad, [total, { kind: 'list', items: leaves, class: null, attributes: null }], options));
    for (const [i, [name, expected]] of Object.entries(grads).entries()) {
      const got = made[i] ?? null;
      const wrong = difference(run, expected, got);
      if (wrong !== null) return `gradient of ${name}: ${wrong}`;
    }
    return null;
  });
}
