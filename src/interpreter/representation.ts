/** repr() and str() as CPython writes them. */
import { BASE_EXCEPTION } from './exceptions';
import { floatRepr } from './floatText';
import type { Machine } from './machine';
import { setOrder } from './setOrder';
import { OBJECT, typeOf } from './types';
import type { ClassValue, Value } from './value';
import { findInClass, isSubclass } from './value';

export function pythonRepr(machine: Machine, value: Value): string {
  const own = ownMethod(typeOf(value), '__repr__');
  if (own !== null) return text(machine, machine.call(own, [value]), '__repr__');
  return builtinRepr(machine, value);
}

export function pythonStr(machine: Machine, value: Value): string {
  if (value.kind === 'str') {
    const own = value.class === null ? null : ownMethod(value.class, '__str__');
    return own === null ? value.value : text(machine, machine.call(own, [value]), '__str__');
  }
  const own = ownMethod(typeOf(value), '__str__');
  if (own !== null) return text(machine, machine.call(own, [value]), '__str__');
  if (value.kind === 'instance' && isSubclass(value.class, BASE_EXCEPTION)) return exceptionText(machine, value);
  return pythonRepr(machine, value);
}

/** A method of the class that is not `object`'s own. */
function ownMethod(cls: ClassValue, name: string): Value | null {
  const found = findInClass(cls, name);
  return found === null || found === OBJECT.namespace.get(name) ? null : found;
}

function text(machine: Machine, value: Value, method: string): string {
  return value.kind === 'str' ? value.value : machine.raise('TypeError', `${method} returned non-string (type ${typeOf(value).name})`);
}

export function exceptionText(machine: Machine, value: Extract<Value, { kind: 'instance' }>): string {
  const args = value.attributes.get('args');
  if (args?.kind !== 'tuple' || args.items.length === 0) return '';
  if (args.items.length > 1) return machine.repr(args);
  const isKeyError = value.class.mro.some((c) => c.name === 'KeyError' && c.module === 'builtins');
  return isKeyError ? machine.repr(args.items[0]!) : machine.str(args.items[0]!);
}

const open = new Set<Value>();

/** Inside itself a container is shown as [...]. */
function guarded(machine: Machine, value: Value, inside: string, walk: () => string): string {
  if (open.has(value)) return inside;
  open.add(value);
  try {
    const shown = machine.nested(walk);
    machine.charge(shown.length, 1);
    return shown;
  } finally {
    open.delete(value);
  }
}

export function builtinRepr(machine: Machine, value: Value): string {
  const all = (items: readonly Value[]): string => items.map((item) => machine.repr(item)).join(', ');
  switch (value.kind) {
    case 'none':
      return 'None';
    case 'undefined':
      return 'undefined';
    case 'ellipsis':
      return 'Ellipsis';
    case 'notImplemented':
      return 'NotImplemented';
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'int':
      return value.value.toString();
    case 'float':
      return floatRepr(value.value);
    case 'complex':
      return complexRepr(value.real, value.imaginary);
    case 'str':
      return quoted(value.value);
    case 'bytes':
      return `b'${Array.from(value.value, byteText).join('')}'`;
    case 'list':
      return guarded(machine, value, '[...]', () => `[${all(value.items)}]`);
    case 'tuple':
      return guarded(machine, value, '(...)', () => (value.items.length === 1 ? `(${all(value.items)},)` : `(${all(value.items)})`));
    case 'dict':
      return guarded(machine, value, '{...}', () => {
        const entries = Array.from(value.entries, ([key, item]) => `${machine.repr(key)}: ${machine.repr(item)}`);
        return `{${entries.join(', ')}}`;
      });
    case 'set': {
      const name = value.frozen ? 'frozenset' : 'set';
      if (value.entries.size === 0) return `${name}()`;
      return guarded(machine, value, `${name}(...)`, () => {
        const body = `{${all(setOrder(value.entries.keys()))}}`;
        return value.frozen || value.class !== null ? `${typeOf(value).name}(${body})` : body;
      });
    }
    case 'slice':
      return `slice(${all([value.start, value.stop, value.step])})`;
    case 'range':
      return value.step === 1n ? `range(${value.start}, ${value.stop})` : `range(${value.start}, ${value.stop}, ${value.step})`;
    case 'function':
      return `<function ${value.qualifiedName} at ${address(machine, value)}>`;
    case 'native':
      return value.isMethod ? `<method '${value.name}'>` : `<built-in function ${value.name}>`;
    case 'boundMethod': {
      const fn = value.function;
      const name = fn.kind === 'function' || fn.kind === 'native' ? fn.qualifiedName : fn.kind;
      if (fn.kind === 'native')
        return `<built-in method ${fn.name} of ${typeOf(value.receiver).name} object at ${address(machine, value.receiver)}>`;
      return `<bound method ${name} of ${machine.repr(value.receiver)}>`;
    }
    case 'class':
      return value.module === 'builtins' ? `<class '${value.name}'>` : `<class '${value.module}.${value.qualifiedName}'>`;
    case 'module':
      return `<module '${value.name}'>`;
    case 'generator':
      return `<generator object ${value.name} at ${address(machine, value)}>`;
    case 'instance':
      if (isSubclass(value.class, BASE_EXCEPTION)) {
        const args = value.attributes.get('args');
        return `${value.class.name}(${args?.kind === 'tuple' ? all(args.items) : ''})`;
      }
      return `<${qualified(value.class)} object at ${address(machine, value)}>`;
    case 'super':
      return `<super: ${machine.repr(value.after)}>`;
    case 'object':
      return guarded(machine, value, '{...}', () => {
        const entries = Array.from(value.properties, ([key, item]) => `${key}: ${machine.repr(item)}`);
        return `{ ${entries.join(', ')} }`;
      });
    case 'unknown':
      return `<${value.what}: not known here>`;
    case 'property':
    case 'staticMethod':
    case 'classMethod':
    case 'iterator':
    case 'tensor':
      return `<${qualified(typeOf(value))} object at ${address(machine, value)}>`;
  }
}

const qualified = (cls: ClassValue): string => (cls.module === 'builtins' ? cls.name : `${cls.module}.${cls.qualifiedName}`);

const address = (machine: Machine, value: Value): string => `0x${machine.identity(value).toString(16).padStart(12, '0')}`;

function complexRepr(real: number, imaginary: number): string {
  const number = (x: number): string => floatRepr(x).replace(/\.0$/, '');
  if (real === 0 && !Object.is(real, -0)) return `${number(imaginary)}j`;
  const sign = imaginary < 0 || Object.is(imaginary, -0) ? '' : '+';
  return `(${number(real)}${sign}${number(imaginary)}j)`;
}

const escapes = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
]);

export function quoted(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let shown = '';
  for (const c of value) {
    const code = c.codePointAt(0)!;
    if (c === quote) shown += `\\${c}`;
    else if (escapes.has(c)) shown += escapes.get(c)!;
    else if (code < 32 || code === 127) shown += `\\x${code.toString(16).padStart(2, '0')}`;
    else if ((code > 127 && code < 161) || code === 173) shown += `\\x${code.toString(16)}`;
    else if (code >= 0xd800 && code < 0xe000) shown += `\\u${code.toString(16)}`;
    else shown += c;
  }
  return quote + shown + quote;
}

function byteText(byte: number): string {
  const c = String.fromCharCode(byte);
  if (escapes.has(c)) return escapes.get(c)!;
  if (c === "'") return "\\'";
  return byte < 32 || byte > 126 ? `\\x${byte.toString(16).padStart(2, '0')}` : c;
}
