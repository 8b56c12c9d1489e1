/**
 * How a library is written. A library gives modules; a module gives names; most names are operations: one record each, from which the functions,
 * the methods and docs/supported.md are made. What is plainest in Python is written as Python source (a prelude) and interpreted like the
 * person's code, except that its statements are not traced and an error in it is placed at the person's call.
 */
import type { Context } from './context';
import type { Arguments } from './signature';
import { signature } from './signature';
import type { ClassMethod, ClassValue, NativeFunction, PropertyValue, StaticMethod, Value } from './value';

type NativeCall = (context: Context, args: Arguments) => Value;

export interface Operation {
  /** The canonical name, as the documentation lists it. */
  readonly name: string;
  /** Every dotted place where it is found: 'torch.exp', 'torch.nn.functional.relu', 'torch.Tensor.exp' (a method), 'torch.Tensor.exp_' … */
  readonly spellings: readonly string[];
  /** Overloads are tried in order; `args.overload` says which one was called. */
  readonly signature: string | readonly string[];
  readonly call: NativeCall;
  /** Where it differs from the real one, in words. */
  readonly differences?: string;
  /** Address of the real one's documentation. */
  readonly docs?: string;
}

export interface Library {
  /** The importable root, e.g. 'torch'. */
  readonly name: string;
  readonly operations: readonly Operation[];
  /** Modules by dotted name, built when first imported. A parent is imported before its children, and its member of that name is the child. */
  readonly modules: Readonly<Record<string, ModuleSource>>;
  /** The library's own kinds of tensor for the trace (torch's are known to it). */
  readonly snapshot?: (value: Value) => Snapshot | null;
}

/** A value as plain data, for the trace. */
export type Snapshot =
  | {
      readonly kind: 'tensor';
      readonly dtype: string;
      readonly shape: readonly number[];
      readonly values: readonly number[];
      readonly truncated: boolean;
    }
  | { readonly kind: 'text'; readonly text: string };

export interface ModuleSource {
  /** Values made anew for each interpreter (classes can be changed by the person's code; functions are immutable and may be shared). */
  readonly members?: (context: Context) => Readonly<Record<string, Value>>;
  /** Python source whose top-level names become members too. It may import other modules of the library. */
  readonly prelude?: string;
  /** Does the real module have this name? Then its absence is Unsupported; else it is the person's AttributeError. Absent: all names are real. */
  readonly isRealName?: (name: string) => boolean;
  /** Members that are this very module under another name: `torch.nn.modules.loss` → the same as 'torch.nn'. */
  readonly sameAs?: string;
}

/** A native function. Without a signature text, it takes anything: `args.rest` and `args.keywords`. */
export function native(name: string, text: string | readonly string[], call: NativeCall, doc: string | null = null): NativeFunction {
  return make(name, text, call, false, doc);
}

/** A native method: its signature begins with the receiver ('self, dim=None'). */
export function method(name: string, text: string | readonly string[], call: NativeCall, doc: string | null = null): NativeFunction {
  return make(name, text, call, true, doc);
}

function make(
  qualifiedName: string,
  text: string | readonly string[],
  call: NativeCall,
  isMethod: boolean,
  doc: string | null,
): NativeFunction {
  const texts = typeof text === 'string' ? [text] : text;
  return {
    kind: 'native',
    name: qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1),
    qualifiedName,
    signatures: texts.map(signature),
    call,
    isMethod,
    doc,
  };
}

/** The function (or method) that an operation is under one of its spellings. */
export function nativeOf(operation: Operation, spelling: string, isMethod: boolean): NativeFunction {
  const name = spelling.slice(spelling.lastIndexOf('.') + 1);
  return make(name, operation.signature, operation.call, isMethod, operation.docs ?? null);
}

/** The operations found in a module or class of this dotted name, by their last name. */
export function operationsIn(operations: readonly Operation[], owner: string, isClass: boolean): Map<string, NativeFunction> {
  let kept = gathered.get(operations);
  if (kept === undefined) {
    kept = new Map();
    gathered.set(operations, kept);
  }
  const key = `${isClass ? 'class' : 'module'} ${owner}`;
  let found = kept.get(key);
  if (found === undefined) {
    found = gatherOperations(operations, owner, isClass);
    kept.set(key, found);
  }
  return new Map(found);
}

// Native functions never change, so every interpreter may have the same ones.
const gathered = new WeakMap<readonly Operation[], Map<string, ReadonlyMap<string, NativeFunction>>>();

function gatherOperations(operations: readonly Operation[], owner: string, isClass: boolean): Map<string, NativeFunction> {
  const found = new Map<string, NativeFunction>();
  const prefix = `${owner}.`;
  for (const operation of operations) {
    for (const spelling of operation.spellings) {
      const name = spelling.startsWith(prefix) ? spelling.slice(prefix.length) : '';
      if (name !== '' && !name.includes('.')) found.set(name, nativeOf(operation, spelling, isClass));
    }
  }
  return found;
}

/** A read-only attribute when there is no setter. */
export function property(
  name: string,
  get: (context: Context, self: Value) => Value,
  set: ((context: Context, self: Value, value: Value) => void) | null = null,
): PropertyValue {
  return {
    kind: 'property',
    getter: method(name, 'self', (context, args) => get(context, args.value('self'))),
    setter:
      set === null
        ? null
        : method(name, 'self, value', (context, args) => {
            set(context, args.value('self'), args.value('value'));
            return { kind: 'none' };
          }),
    deleter: null,
  };
}

export const staticMethod = (fn: Value): StaticMethod => ({ kind: 'staticMethod', function: fn });
export const classMethod = (fn: Value): ClassMethod => ({ kind: 'classMethod', function: fn });

/**
 * A native class. Its behaviour is its dunder members (`__new__`, `__init__`, `__call__`, `__getattr__`, `__setattr__`, `__repr__`, `__add__` …), written
 * with `method`, so that the person's classes can inherit and override them. Instances come from `context.newInstance(cls)` in `object.__new__`,
 * and keep native data in `payload`.
 */
export function nativeClass(
  qualifiedName: string,
  bases: readonly ClassValue[],
  members: Iterable<readonly [string, Value]> | Readonly<Record<string, Value>>,
  options: { readonly sealed?: boolean; readonly metaclass?: ClassValue | null } = {},
): ClassValue {
  const dot = qualifiedName.lastIndexOf('.');
  const mro: ClassValue[] = [];
  const cls: ClassValue = {
    kind: 'class',
    name: qualifiedName.slice(dot + 1),
    qualifiedName: qualifiedName.slice(dot + 1),
    module: dot < 0 ? 'builtins' : qualifiedName.slice(0, dot),
    bases,
    mro,
    namespace: new Map(Symbol.iterator in members ? members : Object.entries(members)),
    metaclass: options.metaclass ?? bases.find((base) => base.metaclass !== null)?.metaclass ?? null,
    sealed: options.sealed ?? false,
    unknownBase: null,
  };
  mro.push(cls, ...(mergeOrders(bases) ?? []));
  return cls;
}

/** C3 linearisation of the bases' orders; null when they contradict each other. */
export function mergeOrders(bases: readonly ClassValue[]): ClassValue[] | null {
  const orders = [...bases.map((base) => [...base.mro]), [...bases]].filter((order) => order.length > 0);
  const merged: ClassValue[] = [];
  while (orders.some((order) => order.length > 0)) {
    const next = orders.find((order) => order.length > 0 && !orders.some((other) => other.indexOf(order[0]!) > 0))?.[0];
    if (next === undefined) return null;
    merged.push(next);
    for (const order of orders) if (order[0] === next) order.shift();
  }
  return merged;
}
