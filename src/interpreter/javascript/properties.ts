/** Reading and writing properties and elements of JavaScript values. Only own properties and listed methods exist: no prototype is reachable. */
import { native } from '../library';
import type { Machine } from '../machine';
import type { FunctionValue, Value } from '../value';
import { UNDEFINED, bool, boundMethod, findInClass, float, str } from '../value';
import { arrayMethods } from './arrays';
import { invoke } from './call';
import { toNumber, toText } from './convert';
import { isErrorClass, raiseError } from './errors';
import { isRealMember } from './realNames';
import { numberMethods, textMethods } from './text';

/** A method table's entry as a function of this value. */
function bound<T>(
  table: ReadonlyMap<string, (machine: Machine, self: T, args: readonly Value[]) => Value>,
  self: T,
  machine: Machine,
  name: string,
): Value {
  const method = table.get(name);
  return method === undefined ? UNDEFINED : native(name, '*args', (_context, args) => method(machine, self, args.rest));
}

const reflective = new Set([
  'constructor',
  '__proto__',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  'caller',
  'callee',
]);

export function getProperty(machine: Machine, object: Value, name: string): Value {
  if (object.kind === 'none' || object.kind === 'undefined') {
    return raiseError(machine, 'TypeError', `Cannot read properties of ${toText(machine, object)} (reading '${name}')`);
  }
  if (object.kind === 'object') {
    const own = object.properties.get(name);
    // A method written in the literal has the object as its `this`.
    if (own?.kind === 'function' && !own.code.isArrow) return withThis(own, object);
    if (own !== undefined) return own;
  }
  if (reflective.has(name)) return machine.unsupported(`.${name}`);
  switch (object.kind) {
    case 'unknown':
      return machine.unsupported(`${object.what}.${name}`);
    case 'module':
      return object.members.get(name) ?? (object.isRealName(name) ? machine.unsupported(`${object.name}.${name}`) : UNDEFINED);
    case 'list':
      return name === 'length' ? float(object.items.length) : known(machine, 'Array', name, bound(arrayMethods, object, machine, name));
    case 'str':
      return name === 'length'
        ? float(object.value.length)
        : known(machine, 'String', name, bound(textMethods, object.value, machine, name));
    case 'float':
    case 'int':
      return known(machine, 'Number', name, bound(numberMethods, Number(object.value), machine, name));
    case 'bool':
      return name === 'toString' ? native(name, '', () => str(String(object.value))) : UNDEFINED;
    case 'object':
      return objectMethod(machine, object, name);
    case 'instance':
      return instanceProperty(machine, object, name);
    case 'super': {
      const order = object.receiver.kind === 'instance' ? object.receiver.class.mro : [];
      for (const cls of order.slice(order.indexOf(object.after) + 1)) {
        const found = cls.namespace.get(name);
        if (found !== undefined) return bindMember(machine, found, object.receiver);
      }
      return UNDEFINED;
    }
    case 'class': {
      const found = findInClass(object, name);
      if (found?.kind === 'staticMethod') return found.function;
      if (found?.kind === 'classMethod' && found.function.kind === 'property') return getThrough(machine, found.function.getter, object);
      if (name === 'name') return str(object.name);
      return object.sealed && isRealMember(object.name, name) ? machine.unsupported(`${object.name}.${name}`) : UNDEFINED;
    }
    case 'function':
    case 'native':
    case 'boundMethod':
      return functionProperty(machine, object, name);
    default:
      return machine.unsupported(`.${name} of a ${object.kind}`);
  }
}

/** A method that real JavaScript may well have, but that is not listed here, is refused rather than undefined. */
function known(machine: Machine, type: string, name: string, value: Value): Value {
  const host: Readonly<Record<string, object>> = { Array: Array.prototype, String: String.prototype, Number: Number.prototype };
  return value.kind === 'undefined' && name in host[type]! ? machine.unsupported(`${type}.prototype.${name}`) : value;
}

const getThrough = (machine: Machine, getter: Value | null, receiver: Value): Value =>
  getter === null
    ? UNDEFINED
    : getter.kind === 'function'
      ? invoke(machine, withThis(getter, receiver), [])
      : machine.call(getter, [receiver]);

/** The same function with this value as its `this`. */
export const withThis = (fn: FunctionValue, receiver: Value): FunctionValue => ({ ...fn, home: receiver });

function bindMember(machine: Machine, member: Value, receiver: Value): Value {
  if (member.kind === 'property') return getThrough(machine, member.getter, receiver);
  if (member.kind === 'function') return withThis(member, receiver);
  if (member.kind === 'native') return boundMethod(receiver, member);
  return member;
}

function instanceProperty(machine: Machine, object: Extract<Value, { kind: 'instance' }>, name: string): Value {
  const own = object.attributes.get(name);
  if (own !== undefined) return own;
  if (isErrorClass(object.class)) {
    if (name === 'name') return str(object.class.name);
    if (name === 'message') {
      const args = object.attributes.get('args');
      return args?.kind === 'tuple' ? (args.items[0] ?? str('')) : str('');
    }
  }
  const member = findInClass(object.class, name);
  if (member !== null && member.kind !== 'staticMethod' && member.kind !== 'classMethod') return bindMember(machine, member, object);
  // A library's own class: what it does not list may exist in the real one.
  return object.class.sealed && !isErrorClass(object.class) ? machine.unsupported(`${object.class.name}.${name}`) : UNDEFINED;
}

function objectMethod(machine: Machine, object: Extract<Value, { kind: 'object' }>, name: string): Value {
  switch (name) {
    case 'hasOwnProperty':
      return native(name, 'key', (_context, args) => bool(object.properties.has(toText(machine, args.value('key')))));
    case 'toString':
      return native(name, '', () => str('[object Object]'));
    default:
      return UNDEFINED;
  }
}

function functionProperty(machine: Machine, fn: Value, name: string): Value {
  const rebound = (receiver: Value) => (fn.kind === 'function' && !fn.code.isArrow ? withThis(fn, receiver) : fn);
  switch (name) {
    case 'name':
      return str(fn.kind === 'function' || fn.kind === 'native' ? fn.name : '');
    case 'length':
      return float(fn.kind === 'function' ? fn.code.parameters.filter((p) => p.style === 'normal' && p.defaultValue === null).length : 0);
    case 'call':
      return native(name, '*args', (_context, args) => invoke(machine, rebound(args.rest[0] ?? UNDEFINED), args.rest.slice(1)));
    case 'apply':
      return native(name, 'receiver, items=None', (_context, args) => {
        const items = args.value('items');
        return invoke(machine, rebound(args.value('receiver')), items.kind === 'list' ? items.items : []);
      });
    case 'bind':
      return native(name, '*args', (_context, args) => {
        const target = rebound(args.rest[0] ?? UNDEFINED);
        const first = args.rest.slice(1);
        return native('bound', '*more', (_inner, more) => invoke(machine, target, [...first, ...more.rest]));
      });
    default:
      return fn.kind === 'function' ? (fn.attributes.get(name) ?? UNDEFINED) : UNDEFINED;
  }
}

export function setProperty(machine: Machine, object: Value, name: string, value: Value): void {
  if (reflective.has(name)) machine.unsupported(`.${name} = …`);
  switch (object.kind) {
    case 'object':
      object.properties.set(name, value);
      return;
    case 'instance': {
      const member = findInClass(object.class, name);
      if (member?.kind === 'property') {
        if (member.setter?.kind === 'function') invoke(machine, withThis(member.setter, object), [value]);
        else raiseError(machine, 'TypeError', `Cannot set property ${name} of ${toText(machine, object)} which has only a getter`);
        return;
      }
      if (object.class.sealed) raiseError(machine, 'TypeError', `Cannot add property ${name} to a ${object.class.name}`);
      object.attributes.set(name, value);
      return;
    }
    case 'class':
      if (object.sealed) raiseError(machine, 'TypeError', `Cannot assign to ${object.name}.${name}`);
      object.namespace.set(name, { kind: 'staticMethod', function: value });
      return;
    case 'function':
      object.attributes.set(name, value);
      return;
    case 'list':
      if (name === 'length') {
        const length = toNumber(machine, value);
        if (length <= object.items.length) object.items.length = length;
        else machine.unsupported('growing an array by its length');
        return;
      }
      break;
    case 'none':
    case 'undefined':
      return raiseError(machine, 'TypeError', `Cannot set properties of ${toText(machine, object)} (setting '${name}')`);
    default:
      break;
  }
  raiseError(machine, 'TypeError', `Cannot assign to property '${name}' of a ${object.kind}`);
}

/** `object[index]` */
export function getElement(machine: Machine, object: Value, index: Value): Value {
  if (object.kind === 'list' || object.kind === 'str') {
    const position = index.kind === 'float' || index.kind === 'int' ? Number(index.value) : Number(toText(machine, index));
    if (!Number.isNaN(position)) {
      const length = object.kind === 'list' ? object.items.length : object.value.length;
      if (!Number.isInteger(position) || position < 0 || position >= length) return UNDEFINED;
      return object.kind === 'list' ? object.items[position]! : str(object.value[position]!);
    }
  }
  return getProperty(machine, object, toText(machine, index));
}

export function setElement(machine: Machine, object: Value, index: Value, value: Value): void {
  if (object.kind !== 'list') {
    setProperty(machine, object, toText(machine, index), value);
    return;
  }
  const position = toNumber(machine, index);
  if (!Number.isInteger(position) || position < 0) {
    setProperty(machine, object, toText(machine, index), value);
    return;
  }
  machine.charge(Math.max(0, position - object.items.length + 1));
  while (object.items.length < position) object.items.push(UNDEFINED);
  object.items[position] = value;
}

export function deleteProperty(object: Value, name: string): void {
  if (object.kind === 'object') object.properties.delete(name);
  else if (object.kind === 'instance') object.attributes.delete(name);
}

/** Own enumerable names and values, as Object.entries gives them. */
export function ownEntries(value: Value): readonly (readonly [string, Value])[] {
  switch (value.kind) {
    case 'object':
      return [...value.properties];
    case 'instance':
      return [...value.attributes];
    case 'list':
      return value.items.map((item, i) => [String(i), item] as const);
    case 'str':
      return Array.from(value.value).map((c, i) => [String(i), str(c)] as const);
    default:
      return [];
  }
}
