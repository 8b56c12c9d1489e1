/** Puts the methods into the built-in classes, once, and gives the table of built-in names. */
import { BASE_EXCEPTION, exceptionClass, exceptionClasses } from '../exceptions';
import { objectFallbacks } from '../attributes';
import * as types from '../types';
import type { ClassValue, Value } from '../value';
import { ELLIPSIS, NOT_IMPLEMENTED } from '../value';
import { dictMembers } from './dicts';
import { builtinFunctions } from './functions';
import { boolMembers, complexMembers, floatMembers, intMembers } from './numberTypes';
import * as objects from './objectTypes';
import { listMembers, rangeMembers, sliceMembers, tupleMembers } from './sequences';
import { frozensetMembers, setMembers } from './sets';
import { bytesMembers, maketrans, strMembers } from './strings';

const methods: readonly (readonly [ClassValue, readonly (readonly [string, Value])[]])[] = [
  [types.OBJECT, objects.objectMembers],
  [types.TYPE, objects.typeMembers],
  [types.INT, intMembers],
  [types.BOOL, boolMembers],
  [types.FLOAT, floatMembers],
  [types.COMPLEX, complexMembers],
  [types.STR, [...strMembers, ['maketrans', maketrans]]],
  [types.BYTES, bytesMembers],
  [types.LIST, listMembers],
  [types.TUPLE, tupleMembers],
  [types.DICT, dictMembers],
  [types.SET, setMembers],
  [types.FROZENSET, frozensetMembers],
  [types.RANGE, rangeMembers],
  [types.SLICE, sliceMembers],
  [types.PROPERTY, objects.propertyMembers],
  [types.STATIC_METHOD, objects.staticMethodMembers],
  [types.CLASS_METHOD, objects.classMethodMembers],
  [types.FUNCTION, objects.functionMembers],
  [types.SUPER, objects.superMembers],
  [types.GENERATOR, objects.generatorMembers],
  [types.ITERATOR, objects.iteratorMembers],
  [BASE_EXCEPTION, objects.exceptionMembers],
  [exceptionClass('StopIteration'), objects.stopIterationMembers],
  [exceptionClass('SystemExit'), objects.systemExitMembers],
];

const named = [
  'object',
  'type',
  'int',
  'bool',
  'float',
  'complex',
  'str',
  'bytes',
  'list',
  'tuple',
  'dict',
  'set',
  'frozenset',
  'slice',
  'range',
];

function install(): ReadonlyMap<string, Value> {
  for (const [name, value] of objects.objectFallbackMembers) objectFallbacks.set(name, value);
  for (const [cls, members] of methods) for (const [name, value] of members) cls.namespace.set(name, value);
  const table = new Map<string, Value>(builtinFunctions.map((fn) => [fn.name, fn]));
  for (const cls of Object.values(types)) {
    if (typeof cls !== 'function' && (named.includes(cls.name) || ['property', 'staticmethod', 'classmethod', 'super'].includes(cls.name)))
      table.set(cls.name, cls);
  }
  for (const [name, cls] of exceptionClasses) table.set(name, cls);
  table.set('Ellipsis', ELLIPSIS);
  table.set('NotImplemented', NOT_IMPLEMENTED);
  table.set('__debug__', { kind: 'bool', value: true });
  return table;
}

/** By name; `import builtins` gives them too. */
export const builtinNames = install();
