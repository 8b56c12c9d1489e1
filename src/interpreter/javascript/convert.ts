/** JavaScript's conversions: to number, string, boolean; equality; and how console.log shows a value. */
import type { Machine } from '../machine';
import type { Value } from '../value';
import { raiseError } from './errors';

export function truthy(value: Value): boolean {
  switch (value.kind) {
    case 'none':
    case 'undefined':
      return false;
    case 'bool':
      return value.value;
    case 'float':
      return value.value !== 0 && !Number.isNaN(value.value);
    case 'int':
      return value.value !== 0n;
    case 'str':
      return value.value !== '';
    default:
      return true;
  }
}

export const isNullish = (value: Value): boolean => value.kind === 'none' || value.kind === 'undefined';

export const isFunction = (value: Value): boolean =>
  value.kind === 'function' || value.kind === 'native' || value.kind === 'boundMethod' || value.kind === 'class';

export function typeName(value: Value): string {
  switch (value.kind) {
    case 'undefined':
      return 'undefined';
    case 'bool':
      return 'boolean';
    case 'int':
    case 'float':
      return 'number';
    case 'str':
      return 'string';
    default:
      return isFunction(value) ? 'function' : 'object';
  }
}

/** ToNumber. Objects other than arrays of one number are NaN, as in JavaScript. */
export function toNumber(machine: Machine, value: Value): number {
  switch (value.kind) {
    case 'float':
      return value.value;
    case 'int':
      return Number(value.value);
    case 'bool':
      return value.value ? 1 : 0;
    case 'none':
      return 0;
    case 'str':
      return Number(value.value);
    case 'list':
      return Number(toText(machine, value));
    case 'unknown':
      return machine.unsupported(value.what);
    default:
      return NaN;
  }
}

/** ToString, as `${value}` and string concatenation do it. */
export function toText(machine: Machine, value: Value): string {
  switch (value.kind) {
    case 'none':
      return 'null';
    case 'undefined':
      return 'undefined';
    case 'bool':
    case 'float':
    case 'int':
    case 'str':
      return String(value.value);
    case 'list':
    case 'tuple': {
      machine.charge(value.items.length);
      const parts = value.items.map((item) => (isNullish(item) ? '' : toText(machine, item)));
      machine.charge(
        parts.reduce((sum, part) => sum + part.length + 1, 0),
        1,
      );
      return parts.join(',');
    }
    case 'function':
    case 'native':
      return `function ${value.name}() { [code] }`;
    case 'instance': {
      const message = value.attributes.get('message');
      if (message !== undefined) return `${errorName(value)}: ${toText(machine, message)}`;
      const own = machine.findAttribute(value, 'toString');
      return own === null ? '[object Object]' : toText(machine, machine.call(own));
    }
    case 'unknown':
      return machine.unsupported(value.what);
    default:
      return '[object Object]';
  }
}

function errorName(value: Extract<Value, { kind: 'instance' }>): string {
  const own = value.attributes.get('name');
  return own?.kind === 'str' ? own.value : value.class.name;
}

export function strictEquals(left: Value, right: Value): boolean {
  if ((left.kind === 'float' || left.kind === 'int') && (right.kind === 'float' || right.kind === 'int')) {
    return Number(left.value) === Number(right.value);
  }
  if (left.kind === 'str' && right.kind === 'str') return left.value === right.value;
  if (left.kind === 'bool' && right.kind === 'bool') return left.value === right.value;
  if (left.kind === 'function' && right.kind === 'function') return left.code === right.code && left.closure === right.closure;
  return left === right || (left.kind === right.kind && isNullish(left));
}

export function looseEquals(machine: Machine, left: Value, right: Value): boolean {
  if (isNullish(left) || isNullish(right)) return isNullish(left) && isNullish(right);
  const primitive = (value: Value) => value.kind === 'str' || value.kind === 'float' || value.kind === 'int' || value.kind === 'bool';
  if (left.kind === right.kind || (!primitive(left) && !primitive(right))) return strictEquals(left, right);
  if (left.kind === 'str' && right.kind === 'list') return left.value === toText(machine, right);
  if (left.kind === 'list' && right.kind === 'str') return right.value === toText(machine, left);
  return toNumber(machine, left) === toNumber(machine, right);
}

const shownItems = 100;

/** As Node's console.log shows it: strings bare at the top, quoted inside. */
export function show(machine: Machine, value: Value, depth = 0): string {
  switch (value.kind) {
    case 'str':
      return depth === 0 ? value.value : `'${value.value.replaceAll("'", "\\'")}'`;
    case 'float':
      return Object.is(value.value, -0) ? '-0' : String(value.value);
    case 'list': {
      if (value.items.length === 0) return '[]';
      if (depth > 2) return '[Array]';
      machine.charge(Math.min(value.items.length, shownItems));
      const items = value.items.slice(0, shownItems).map((item) => show(machine, item, depth + 1));
      if (value.items.length > shownItems) items.push(`... ${value.items.length - shownItems} more items`);
      return `[ ${items.join(', ')} ]`;
    }
    case 'object': {
      if (value.properties.size === 0) return '{}';
      if (depth > 2) return '[Object]';
      const members = [...value.properties].map(
        ([name, member]) => `${/^[\w$]+$/.test(name) ? name : `'${name}'`}: ${show(machine, member, depth + 1)}`,
      );
      return `{ ${members.join(', ')} }`;
    }
    case 'function':
    case 'native':
      return value.name === '' || value.name === '<lambda>' ? '[Function (anonymous)]' : `[Function: ${value.name}]`;
    case 'class':
      return `[class ${value.name}]`;
    default:
      return toText(machine, value);
  }
}

/** An array index or length: a whole number that is not negative. */
export function toLength(machine: Machine, value: Value): number {
  const number = toNumber(machine, value);
  if (!Number.isInteger(number) || number < 0) return raiseError(machine, 'RangeError', 'Invalid array length');
  machine.charge(number);
  return number;
}
