/** The built-in classes. Their methods are put in by the files that hold them (see builtinMethods.ts). */
import { nativeClass } from './library';
import type { ClassValue, Value } from './value';

const builtin = (name: string, ...bases: ClassValue[]): ClassValue => nativeClass(name, bases, [], { sealed: true });

export const OBJECT = builtin('object');
export const TYPE = builtin('type', OBJECT);
export const NONE_TYPE = builtin('NoneType', OBJECT);
export const ELLIPSIS_TYPE = builtin('ellipsis', OBJECT);
export const NOT_IMPLEMENTED_TYPE = builtin('NotImplementedType', OBJECT);
export const INT = builtin('int', OBJECT);
export const BOOL = builtin('bool', INT);
export const FLOAT = builtin('float', OBJECT);
export const COMPLEX = builtin('complex', OBJECT);
export const STR = builtin('str', OBJECT);
export const BYTES = builtin('bytes', OBJECT);
export const LIST = builtin('list', OBJECT);
export const TUPLE = builtin('tuple', OBJECT);
export const DICT = builtin('dict', OBJECT);
export const SET = builtin('set', OBJECT);
export const FROZENSET = builtin('frozenset', OBJECT);
export const SLICE = builtin('slice', OBJECT);
export const RANGE = builtin('range', OBJECT);
export const FUNCTION = builtin('function', OBJECT);
export const NATIVE = builtin('builtin_function_or_method', OBJECT);
export const METHOD = builtin('method', OBJECT);
export const MODULE = builtin('module', OBJECT);
export const GENERATOR = builtin('generator', OBJECT);
export const PROPERTY = builtin('property', OBJECT);
export const STATIC_METHOD = builtin('staticmethod', OBJECT);
export const CLASS_METHOD = builtin('classmethod', OBJECT);
export const SUPER = builtin('super', OBJECT);
export const ITERATOR = builtin('iterator', OBJECT);
const UNKNOWN = builtin('unknown', OBJECT);

const iteratorTypes = new Map<string, ClassValue>();

function iteratorType(name: string): ClassValue {
  let made = iteratorTypes.get(name);
  if (made === undefined) {
    made = builtin(name, ITERATOR);
    iteratorTypes.set(name, made);
  }
  return made;
}

export function typeOf(value: Value): ClassValue {
  switch (value.kind) {
    case 'instance':
    case 'tensor':
      return value.class;
    case 'int':
      return value.class ?? INT;
    case 'float':
      return value.class ?? FLOAT;
    case 'str':
      return value.class ?? STR;
    case 'list':
      return value.class ?? LIST;
    case 'tuple':
      return value.class ?? TUPLE;
    case 'dict':
      return value.class ?? DICT;
    case 'set':
      return value.class ?? (value.frozen ? FROZENSET : SET);
    case 'bool':
      return BOOL;
    case 'none':
    case 'undefined':
      return NONE_TYPE;
    case 'function':
      return FUNCTION;
    case 'native':
      return NATIVE;
    case 'boundMethod':
      return value.function.kind === 'native' ? NATIVE : METHOD;
    case 'class':
      return value.metaclass ?? TYPE;
    case 'module':
      return MODULE;
    case 'complex':
      return COMPLEX;
    case 'bytes':
      return BYTES;
    case 'slice':
      return SLICE;
    case 'range':
      return RANGE;
    case 'ellipsis':
      return ELLIPSIS_TYPE;
    case 'notImplemented':
      return NOT_IMPLEMENTED_TYPE;
    case 'property':
      return PROPERTY;
    case 'staticMethod':
      return STATIC_METHOD;
    case 'classMethod':
      return CLASS_METHOD;
    case 'super':
      return SUPER;
    case 'iterator':
      return iteratorType(value.type);
    case 'generator':
      return GENERATOR;
    case 'object':
      return OBJECT;
    case 'unknown':
      return UNKNOWN;
  }
}

/** Instance attributes, where this kind of value has any. */
export function attributesOf(value: Value): Map<string, Value> | null {
  switch (value.kind) {
    case 'instance':
    case 'tensor':
    case 'function':
    case 'int':
    case 'float':
    case 'str':
    case 'list':
    case 'tuple':
    case 'dict':
    case 'set':
      return value.attributes;
    default:
      return null;
  }
}
