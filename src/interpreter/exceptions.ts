/** Python's exception classes, and an exception in flight. */
import type { Range } from '../language/program';
import { nativeClass } from './library';
import { OBJECT } from './types';
import type { ClassValue, InstanceValue, Value } from './value';
import { instance, isSubclass, str, tuple } from './value';

const classes = new Map<string, ClassValue>();

function define(name: string, ...bases: string[]): void {
  const parents = bases.map((base) => classes.get(base)!);
  classes.set(name, nativeClass(name, parents.length === 0 ? [OBJECT] : parents, [], { sealed: true }));
}

define('BaseException');
define('Exception', 'BaseException');
for (const name of ['SystemExit', 'KeyboardInterrupt', 'GeneratorExit']) define(name, 'BaseException');
for (const name of [
  'ArithmeticError',
  'AssertionError',
  'AttributeError',
  'BufferError',
  'EOFError',
  'ImportError',
  'LookupError',
  'MemoryError',
  'NameError',
  'OSError',
  'ReferenceError',
  'RuntimeError',
  'StopIteration',
  'StopAsyncIteration',
  'SyntaxError',
  'SystemError',
  'TypeError',
  'ValueError',
  'Warning',
])
  define(name, 'Exception');
for (const name of ['FloatingPointError', 'OverflowError', 'ZeroDivisionError']) define(name, 'ArithmeticError');
for (const name of ['IndexError', 'KeyError']) define(name, 'LookupError');
for (const name of ['FileNotFoundError', 'FileExistsError', 'PermissionError', 'TimeoutError']) define(name, 'OSError');
for (const name of ['NotImplementedError', 'RecursionError']) define(name, 'RuntimeError');
define('ModuleNotFoundError', 'ImportError');
define('UnboundLocalError', 'NameError');
define('UnicodeError', 'ValueError');
define('IndentationError', 'SyntaxError');
for (const name of [
  'UserWarning',
  'DeprecationWarning',
  'FutureWarning',
  'RuntimeWarning',
  'SyntaxWarning',
  'PendingDeprecationWarning',
  'ImportWarning',
])
  define(name, 'Warning');
classes.set('IOError', classes.get('OSError')!);
classes.set('EnvironmentError', classes.get('OSError')!);

export const exceptionClasses: ReadonlyMap<string, ClassValue> = classes;
export const BASE_EXCEPTION = classes.get('BaseException')!;

export function exceptionClass(name: string): ClassValue {
  return classes.get(name) ?? classes.get('RuntimeError')!;
}

export function newException(cls: ClassValue, args: readonly Value[]): InstanceValue {
  const made = instance(cls);
  made.attributes.set('args', tuple(args));
  return made;
}

export const isException = (value: Value): value is InstanceValue => value.kind === 'instance' && isSubclass(value.class, BASE_EXCEPTION);

/** One call on the way to the error: the function's name, and where it was called from. */
export interface TracebackEntry {
  readonly name: string;
  readonly range: Range;
}

/** A Python exception on its way to a handler. */
export class Raised extends Error {
  readonly exception: InstanceValue;
  readonly range: Range;
  readonly traceback: readonly TracebackEntry[];
  /** The library function that refused, as the person wrote it; its exception's own text may not say. */
  operation: string | null = null;

  constructor(exception: InstanceValue, range: Range, traceback: readonly TracebackEntry[]) {
    super(exception.class.name);
    this.exception = exception;
    this.range = range;
    this.traceback = traceback;
  }
}

/** What the person's `except` cannot catch: code that is not interpreted, and budgets. */
export class Stopped extends Error {
  readonly type: 'unsupported' | 'budget';
  readonly range: Range;
  readonly traceback: readonly TracebackEntry[];

  constructor(type: 'unsupported' | 'budget', message: string, range: Range, traceback: readonly TracebackEntry[]) {
    super(message);
    this.type = type;
    this.range = range;
    this.traceback = traceback;
  }
}

export const messageArgument = (message: string): Value[] => (message === '' ? [] : [str(message)]);
