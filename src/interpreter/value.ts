/**
 * Every value that interpreted code can hold. They are our own tagged records: a host object is reachable only through `payload` and `tensor`,
 * which no interpreted operation hands out.
 */
import type { Expression, Parameter, Range, Statement } from '../language/program';
import type { Tensor } from '../tensor/tensor';
import type { Arguments, Signature } from './signature';
import type { Context } from './context';
import type { Dictionary } from './dictionary';
import type { Facts } from './exploring/facts';
import type { Scope, Unit } from './scope';

export type Value =
  | NoneValue
  | UndefinedValue
  | EllipsisValue
  | NotImplementedValue
  | BoolValue
  | IntValue
  | FloatValue
  | ComplexValue
  | StrValue
  | BytesValue
  | ListValue
  | TupleValue
  | DictValue
  | SetValue
  | SliceValue
  | RangeValue
  | FunctionValue
  | NativeFunction
  | BoundMethod
  | PropertyValue
  | StaticMethod
  | ClassMethod
  | ClassValue
  | InstanceValue
  | SuperValue
  | ModuleValue
  | IteratorValue
  | GeneratorValue
  | TensorValue
  | ObjectValue
  | UnknownValue;

export interface NoneValue {
  readonly kind: 'none';
}
/** JavaScript's `undefined`; Python never sees it. */
export interface UndefinedValue {
  readonly kind: 'undefined';
}
export interface EllipsisValue {
  readonly kind: 'ellipsis';
}
/** What a Python operator method returns to say "ask the other operand". */
export interface NotImplementedValue {
  readonly kind: 'notImplemented';
}
export interface BoolValue {
  readonly kind: 'bool';
  readonly value: boolean;
}

/**
 * Built-in data can be inherited from (`class Config(dict)`, namedtuple, IntEnum): such a value keeps its built-in kind, and `class` and
 * `attributes` say the rest. `class` is null for a plain one.
 */
interface Inheritable {
  readonly class: ClassValue | null;
  readonly attributes: Map<string, Value> | null;
}

export interface IntValue extends Inheritable {
  readonly kind: 'int';
  readonly value: bigint;
}
export interface FloatValue extends Inheritable {
  readonly kind: 'float';
  readonly value: number;
}
export interface ComplexValue {
  readonly kind: 'complex';
  readonly real: number;
  readonly imaginary: number;
}
export interface StrValue extends Inheritable {
  readonly kind: 'str';
  readonly value: string;
}
export interface BytesValue {
  readonly kind: 'bytes';
  readonly value: Uint8Array;
}
/** JavaScript's arrays are lists too. */
export interface ListValue extends Inheritable {
  readonly kind: 'list';
  readonly items: Value[];
}
/** namedtuple, torch.Size and torch.return_types.* are tuples of another class. */
export interface TupleValue extends Inheritable {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
}
/** dict and the classes made from it (OrderedDict, defaultdict, Counter, the person's). */
export interface DictValue extends Inheritable {
  readonly kind: 'dict';
  readonly entries: Dictionary;
}
export interface SetValue extends Inheritable {
  readonly kind: 'set';
  readonly entries: Dictionary;
  readonly frozen: boolean;
}
export interface SliceValue {
  readonly kind: 'slice';
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
}
export interface RangeValue {
  readonly kind: 'range';
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
}

/** What a definition says, whichever way it was written (def, lambda, arrow, method). */
export interface FunctionCode {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: Expression | readonly Statement[];
  readonly isGenerator: boolean;
  readonly isArrow: boolean;
  readonly docstring: string | null;
  readonly range: Range;
  readonly unit: Unit;
}

export interface FunctionValue {
  readonly kind: 'function';
  name: string;
  readonly qualifiedName: string;
  readonly code: FunctionCode;
  /** Evaluated once, at the definition (Python). */
  readonly defaults: ReadonlyMap<string, Value>;
  readonly closure: Scope;
  /** `__doc__`, `__wrapped__` and whatever the person sets. */
  readonly attributes: Map<string, Value>;
  /** JavaScript: the object `this` stands for in an arrow or a method's home class. */
  readonly home: Value | null;
}

export interface NativeFunction {
  readonly kind: 'native';
  readonly name: string;
  readonly qualifiedName: string;
  readonly signatures: readonly Signature[];
  readonly call: (context: Context, args: Arguments) => Value;
  /** A method binds when it is read from an instance, a plain function (`torch.exp` kept in a class) does not, as in CPython. */
  readonly isMethod: boolean;
  readonly doc: string | null;
}

export interface BoundMethod {
  readonly kind: 'boundMethod';
  readonly receiver: Value;
  readonly function: Value;
}
export interface PropertyValue {
  readonly kind: 'property';
  readonly getter: Value | null;
  readonly setter: Value | null;
  readonly deleter: Value | null;
}
export interface StaticMethod {
  readonly kind: 'staticMethod';
  readonly function: Value;
}
export interface ClassMethod {
  readonly kind: 'classMethod';
  readonly function: Value;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly name: string;
  readonly qualifiedName: string;
  readonly module: string;
  readonly bases: readonly ClassValue[];
  /** Itself first, then its bases in C3 order. */
  readonly mro: readonly ClassValue[];
  readonly namespace: Map<string, Value>;
  /** null is `type`. */
  readonly metaclass: ClassValue | null;
  /** Built-in and library classes take no new attributes from the person's code. */
  readonly sealed: boolean;
  /** A base that could not be imported: methods run, and what only the base could know is Unsupported. */
  readonly unknownBase: UnknownValue | null;
}

export interface InstanceValue {
  readonly kind: 'instance';
  /** Changed only by `obj.__class__ = …`. */
  class: ClassValue;
  readonly attributes: Map<string, Value>;
  /** What a native class keeps in its instances; out of reach of interpreted code. */
  payload: unknown;
}

export interface SuperValue {
  readonly kind: 'super';
  /** The lookup starts behind this class in the receiver's mro. */
  readonly after: ClassValue;
  readonly receiver: Value;
}

export interface ModuleValue {
  readonly kind: 'module';
  readonly name: string;
  readonly members: Map<string, Value>;
  /** Is this a name that the real module has (so that its absence here is "unsupported", not the person's mistake)? */
  readonly isRealName: (name: string) => boolean;
  /** A module of the person's workspace: its path from the root. */
  readonly file?: string;
}

/** A lazy sequence in progress; next() is null when it is exhausted. */
export interface IteratorValue {
  readonly kind: 'iterator';
  /** As `type(x).__name__` says it: list_iterator, zip, map … */
  readonly type: string;
  readonly next: () => Value | null;
}
export interface GeneratorValue {
  readonly kind: 'generator';
  readonly name: string;
  state: 'created' | 'suspended' | 'running' | 'finished';
  readonly body: Generator<Value, Value, Resumption>;
}
/** How a suspended generator is woken: with a value for its `yield`, or with an exception raised there. */
export type Resumption = { readonly send: Value } | { readonly raise: unknown };

export interface TensorValue {
  readonly kind: 'tensor';
  readonly tensor: Tensor;
  /** torch.Tensor, nn.Parameter or a subclass. */
  readonly class: ClassValue;
  /** Attributes the person sets on the tensor (`p.frozen = True`). */
  readonly attributes: Map<string, Value>;
}

/** JavaScript's plain object: own properties only, no prototype. */
export interface ObjectValue {
  readonly kind: 'object';
  readonly properties: Map<string, Value>;
}

/**
 * Something imported that is not known here. It may be named and passed on; using it is Unsupported. In a run that explores, it also stands for
 * all that is not there (data, weights, files): it absorbs what is done to it, and `facts` hold what is known of it all the same.
 */
export interface UnknownValue {
  readonly kind: 'unknown';
  /** The dotted name as a person would write it: torch.fft.fft */
  readonly what: string;
  readonly range: Range | null;
  readonly facts?: Facts;
}

export const NONE: NoneValue = { kind: 'none' };
export const UNDEFINED: UndefinedValue = { kind: 'undefined' };
export const ELLIPSIS: EllipsisValue = { kind: 'ellipsis' };
export const NOT_IMPLEMENTED: NotImplementedValue = { kind: 'notImplemented' };
export const TRUE: BoolValue = { kind: 'bool', value: true };
export const FALSE: BoolValue = { kind: 'bool', value: false };

export const bool = (value: boolean): BoolValue => (value ? TRUE : FALSE);

// CPython keeps these as singletons, so that `is` holds between them.
const smallest = -5n;
const largest = 256n;
const smallInts: readonly IntValue[] = Array.from({ length: 262 }, (_, i) => plainInt(BigInt(i) + smallest));

function plainInt(value: bigint): IntValue {
  return { kind: 'int', value, class: null, attributes: null };
}

export function int(value: bigint | number): IntValue {
  const big = typeof value === 'bigint' ? value : BigInt(value);
  return big >= smallest && big <= largest ? smallInts[Number(big - smallest)]! : plainInt(big);
}

export const float = (value: number): FloatValue => ({ kind: 'float', value, class: null, attributes: null });
export const str = (value: string): StrValue => ({ kind: 'str', value, class: null, attributes: null });
export const bytes = (value: Uint8Array): BytesValue => ({ kind: 'bytes', value });

/** Takes the array over: it is the list's storage. */
export const list = (items: Value[]): ListValue => ({ kind: 'list', items, class: null, attributes: null });
export const tuple = (items: readonly Value[]): TupleValue => ({ kind: 'tuple', items, class: null, attributes: null });
/** Takes the storage over. */
export const dict = (entries: Dictionary): DictValue => ({ kind: 'dict', entries, class: null, attributes: null });
export const slice = (start: Value, stop: Value, step: Value): SliceValue => ({ kind: 'slice', start, stop, step });

export const boundMethod = (receiver: Value, fn: Value): BoundMethod => ({ kind: 'boundMethod', receiver, function: fn });
export const instance = (cls: ClassValue, payload: unknown = null): InstanceValue => ({
  kind: 'instance',
  class: cls,
  attributes: new Map(),
  payload,
});
export const iterator = (type: string, next: () => Value | null): IteratorValue => ({ kind: 'iterator', type, next });
export const unknown = (what: string, range: Range | null = null): UnknownValue => ({ kind: 'unknown', what, range });

/** An iterator over an array that is read live, as Python's list iterator does. */
export function arrayIterator(items: readonly Value[], type = 'list_iterator'): IteratorValue {
  let index = 0;
  return iterator(type, () => (index < items.length ? items[index++]! : null));
}

/** int, bool and float as a JavaScript number; anything else is null. */
export function numberOf(value: Value): number | null {
  switch (value.kind) {
    case 'bool':
      return value.value ? 1 : 0;
    case 'int':
      return Number(value.value);
    case 'float':
      return value.value;
    default:
      return null;
  }
}

/** int and bool as a bigint; anything else (a float with an integral value too) is null. */
export function bigintOf(value: Value): bigint | null {
  if (value.kind === 'int') return value.value;
  return value.kind === 'bool' ? (value.value ? 1n : 0n) : null;
}

export const isCallable = (value: Value): boolean =>
  value.kind === 'function' ||
  value.kind === 'native' ||
  value.kind === 'boundMethod' ||
  value.kind === 'class' ||
  (value.kind === 'instance' && findInClass(value.class, '__call__') !== null);

/** The first definition of a name along the method resolution order, not bound. */
export function findInClass(cls: ClassValue, name: string): Value | null {
  for (const c of cls.mro) {
    const found = c.namespace.get(name);
    if (found !== undefined) return found;
  }
  return null;
}

export const isSubclass = (cls: ClassValue, of: ClassValue): boolean => cls.mro.includes(of);
