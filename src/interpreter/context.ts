/** What a native function may ask of the interpreter that calls it. */
import type { Range } from '../language/program';
import type { ClassValue, InstanceValue, ModuleValue, Value } from './value';
import type { Random } from './random';
import type { Equality } from './dictionary';

export interface Context extends Equality {
  // Calls and attributes, with Python's rules (descriptors, mro, __getattr__).
  call(callee: Value, args?: readonly Value[], keywords?: Keywords): Value;
  callMethod(receiver: Value, name: string, args?: readonly Value[], keywords?: Keywords): Value;
  getAttribute(object: Value, name: string): Value;
  /** null instead of an AttributeError. */
  findAttribute(object: Value, name: string): Value | null;
  setAttribute(object: Value, name: string, value: Value): void;
  getItem(object: Value, index: Value): Value;
  setItem(object: Value, index: Value, value: Value): void;
  typeOf(value: Value): ClassValue;
  isInstance(value: Value, of: ClassValue): boolean;

  // Python's protocols.
  truthy(value: Value): boolean;
  /** A cursor over any iterable; its next() is null at the end. */
  iterate(value: Value): Cursor;
  /** All items of an iterable, within the elements budget. */
  toArray(value: Value): Value[];
  length(value: Value): number;
  repr(value: Value): string;
  str(value: Value): string;
  format(value: Value, spec: string): string;
  compare(left: Value, operator: '<' | '<=' | '>' | '>=' | '==' | '!=', right: Value): Value;
  binary(operator: string, left: Value, right: Value): Value;

  /** Throws a Python exception of a built-in type; `raiseClass` one of any class. */
  raise(type: string, message: string): never;
  raiseClass(type: ClassValue, message: string): never;
  /** Throws the error that the person's `except` cannot catch: `what` is not interpreted. */
  unsupported(what: string): never;

  /** Something to know about the run that is not an error; said once. */
  note(message: string): void;
  /** A note on how the text itself was taken. */
  assume(message: string): void;
  print(text: string): void;
  /** Counts against the budgets, before they are made: elements of a sequence (or characters: one byte each) and the memory they take. */
  charge(elements: number, bytesEach?: number): void;
  /** Steps of a native loop. */
  tick(steps?: number): void;
  /** Ends the run: something would be larger than a run may make. */
  budgetExceeded(what: string): never;
  /** Throws a Python exception with these arguments. */
  raiseWith(type: string, args: readonly Value[]): never;
  readonly random: Random;
  readonly strictEmpty: boolean;
  /** Where the person's code stands now. */
  readonly here: Range;
  importModule(name: string): ModuleValue;
  /** A class or function of a library by its full name, e.g. 'torch.nn.Module'. */
  fromLibrary(qualifiedName: string): Value;
  /** The text of a file of the person's workspace, by its path from the root or relative to the document; null where there is none. */
  readFile(path: string): string | null;
  /** The document's own path from the workspace's root; null where the host gave none. */
  readonly documentPath: string | null;
  /** A run that explores the program (docs: ARCHITECTURE.md, "The program run"): unknown values absorb what is done to them, and ways are kept. */
  readonly exploring: boolean;
  /** What this run's libraries keep between calls, by a key of their own. */
  state<T>(key: symbol, create: () => T): T;
  /** Innermost call of interpreted code: `super()` and `locals()` need it. */
  frame(): FrameView | null;
  newInstance(cls: ClassValue): InstanceValue;
}

export type Keywords = ReadonlyMap<string, Value>;

export interface Cursor {
  next(): Value | null;
}

export interface FrameView {
  lookup(name: string): Value | null;
  readonly firstArgument: Value | null;
}
