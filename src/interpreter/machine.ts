/** The state of a run, and the functions that the parts of the interpreter reach each other through. */
import type {
  BinaryOperator,
  Call,
  ClassDefinition,
  ComparisonOperator,
  Expression,
  FormattedPart,
  Language,
  Range,
  Statement,
  Unary,
} from '../language/program';
import type { Context, Cursor, Keywords } from './context';
import type { Exploration } from './exploring/exploration';
import type { Raised, TracebackEntry } from './exceptions';
import type { Failure, Scope, Unit } from './scope';
import type { ClassValue, FunctionValue, GeneratorValue, ModuleValue, Resumption, UnknownValue, Value } from './value';

export interface Frame {
  scope: Scope;
  readonly unit: Unit;
  readonly semantics: Semantics;
  /** As a traceback names it. */
  readonly name: string;
  readonly firstArgument: Value | null;
  readonly isGenerator: boolean;
  /** Calls of the person's code above this one. */
  readonly depth: number;
  /** Where the call stands in the person's code. */
  readonly calledFrom: Range | null;
  /** What it may have returned already, where a branch on something unknown returned. */
  readonly returned: Value[];
}

/** How a block ended; null when it ran to its end. */
export type Completion =
  { readonly kind: 'return'; readonly value: Value } | { readonly kind: 'break' } | { readonly kind: 'continue' } | null;

export type Execution = Generator<Value, Completion, Resumption>;

/** What the two languages do differently. The walker asks these for everything that is not control flow. */
export interface Semantics {
  readonly language: Language;
  constant(value: Extract<Expression, { kind: 'constant' }>['value']): Value;
  truthy(value: Value): boolean;
  unary(operator: Unary['operator'], operand: Value): Value;
  binary(operator: BinaryOperator, left: Value, right: Value): Value;
  /** `a += b`, which may change a in place. */
  augmented(operator: BinaryOperator, left: Value, right: Value): Value;
  compare(operator: ComparisonOperator, left: Value, right: Value): Value;
  /** For `??` and `?.` */
  isNullish(value: Value): boolean;
  getAttribute(object: Value, name: string): Value;
  setAttribute(object: Value, name: string, value: Value): void;
  deleteAttribute(object: Value, name: string): void;
  getItem(object: Value, index: Value): Value;
  setItem(object: Value, index: Value, value: Value): void;
  deleteItem(object: Value, index: Value): void;
  iterate(value: Value): Cursor;
  call(callee: Value, args: readonly Value[], keywords: Keywords, node: Call): Value;
  sequence(type: 'list' | 'tuple' | 'set', items: Value[]): Value;
  /** Entries in order; a null key spreads. */
  mapping(entries: readonly (readonly [Value | null, Value])[]): Value;
  formatPart(part: FormattedPart, value: Value, spec: string): string;
  lookup(frame: Frame, name: string): Value;
  assign(frame: Frame, name: string, value: Value, declaration: 'const' | 'let' | 'var' | null): void;
  deleteName(frame: Frame, name: string): void;
  isBound(frame: Frame, name: string): boolean;
  /** Binds what a pattern (Sequence or Mapping target) takes from a value. */
  destructure(frame: Frame, target: Expression, value: Value, declaration: 'const' | 'let' | 'var' | null): void;
  /** Puts a call's arguments into the new scope of the function. */
  bindParameters(fn: FunctionValue, args: readonly Value[], keywords: Keywords, scope: Scope): void;
  /** What a call of a generator-less function gives when it ends without return. */
  readonly nothing: Value;
  defineClass(node: ClassDefinition, frame: Frame): Value;
  raised(value: Value): never;
}

export interface Budgets {
  readonly steps: number;
  readonly depth: number;
  /** Of one list, string, range or tensor; twenty times as many in all. */
  readonly elements: number;
  /** Of memory, values and tensors together, garbage included. */
  readonly bytes: number;
  readonly milliseconds: number;
}

export interface Machine extends Context {
  /** Of a run that explores. */
  readonly exploration: Exploration | null;
  here: Range;
  documentPath: string | null;
  readonly frames: Frame[];
  /** Exceptions being handled, innermost last: a bare `raise` raises the last. */
  readonly handling: Raised[];
  /** Where each frame was called from. */
  traceback(): TracebackEntry[];
  semantics(language: Language): Semantics;
  readonly builtins: ReadonlyMap<string, Value>;
  readonly modules: Map<string, ModuleValue | UnknownValue>;
  /** Importing a module that is not known is an error at once. */
  readonly strictImports: boolean;
  /** How many `try` statements that catch an ImportError are under way. */
  guardedImports: number;
  /** How many modules of the person's are being executed because something imports them: what they do then is not traced. */
  importing: number;
  /** `line 12`, `line 12 of losses.py`, for messages. */
  place(range: Range): string;
  /** What was thrown, as the reason why something has no value. */
  failureOf(thrown: unknown): Failure;

  evaluate(node: Expression, frame: Frame): Value;
  assignTo(target: Expression, value: Value, frame: Frame): void;
  execute(body: readonly Statement[], frame: Frame): Execution;
  /** A value that stands where a yield was. */
  literal(value: Value, range: Range): Expression;
  runFunction(fn: FunctionValue, args: readonly Value[], keywords: Keywords): Value;
  /** Wakes a generator until its next yield (or its return, when done). */
  resumeStep(generator: GeneratorValue, resumption: Resumption): { readonly done: boolean; readonly value: Value };
  createClass(
    name: string,
    bases: readonly ClassValue[],
    namespace: Map<string, Value>,
    metaclass: ClassValue | null,
    keywords: Keywords,
    details: { readonly qualifiedName: string; readonly module: string; readonly unknownBase: UnknownValue | null },
  ): Value;
  /** A module of the libraries. */
  importByName(name: string, range: Range): ModuleValue | UnknownValue;
  /** The module that an import of this unit names, with its dots counted by `level`: a library's, or one of the person's workspace. */
  /** Executes a Python file of the workspace under a name of its own; null where there is none. */
  runFile(path: string, name: string): ModuleValue | null;
  importFor(unit: Unit, module: string, level: number, range: Range): ModuleValue | UnknownValue;
  /** What `import a.b.c` binds: the module `a`. */
  importTop(unit: Unit, module: string, range: Range): ModuleValue | UnknownValue;
  /** What a module of the person's workspace has under a name that it does not bind: a module inside of it, or why it is not known; else null. */
  ownMember(module: ModuleValue, name: string, range: Range): Value | null;
  /** The modules of which a module of the person's workspace could bind nothing by `import *`. */
  unknownStarsOf(module: ModuleValue): readonly string[];
  isIterable(value: Value): boolean;
  /** Cleaning up after the run was stopped: a little more budget, and no further error. */
  lastly(cleanUp: () => unknown): void;
  /** Runs one more level of a walk that follows values into values; too many levels are a RecursionError. */
  nested<T>(walk: () => T): T;
  identity(value: Value): number;
  deleteAttribute(object: Value, name: string): void;
  deleteItem(object: Value, index: Value): void;
  /** A host or tensor error as the Python exception it is for the person; null for what `except` may not catch. */
  asRaised(error: unknown): Raised | null;
  /** Makes an instance as plain `type` would, whatever the metaclass says. */
  instantiate(cls: ClassValue, args: readonly Value[], keywords: Keywords): Value;
  /** Is there a library module of this name? */
  hasModule(name: string): boolean;
  /** Called after each executed statement of the person's code. */
  record(statement: Statement, frame: Frame, value: Value | null, names: string): void;
  enter(frame: Frame): void;
  leave(): void;
}
