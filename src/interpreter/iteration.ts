/** Python's iteration: built-in containers, generators, `__iter__`/`__next__`, and the old `__getitem__` protocol. */
import type { Cursor } from './context';
import { exceptionClass, Raised } from './exceptions';
import type { Machine } from './machine';
import { rangeLength } from './operators';
import { setOrder } from './setOrder';
import { typeOf } from './types';
import type { IteratorValue, Value } from './value';
import { NONE, bigintOf, findInClass, int, isSubclass, iterator, str } from './value';

export function pythonIterate(machine: Machine, value: Value): Cursor {
  switch (value.kind) {
    case 'iterator':
      return value;
    case 'generator':
      return {
        next: () => {
          const step = machine.resumeStep(value, { send: NONE });
          return step.done ? null : step.value;
        },
      };
    case 'unknown':
      return machine.unsupported(value.what);
    default:
      if (value.kind === 'class' || ('class' in value && value.class !== null)) return objectCursor(machine, value);
      return builtinIterator(machine, value);
  }
}

/** What iter() gives for built-in data. */
export function builtinIterator(machine: Machine, value: Value): IteratorValue {
  switch (value.kind) {
    case 'list':
    case 'tuple': {
      let index = 0;
      return iterator(`${value.kind}_iterator`, () => (index < value.items.length ? value.items[index++]! : null));
    }
    case 'str': {
      const characters = value.value[Symbol.iterator]();
      return iterator('str_iterator', () => {
        const next = characters.next();
        return next.done === true ? null : str(next.value);
      });
    }
    case 'bytes': {
      let index = 0;
      return iterator('bytes_iterator', () => (index < value.value.length ? int(value.value[index++]!) : null));
    }
    case 'range': {
      let left = rangeLength(value);
      let next = value.start;
      return iterator('range_iterator', () => {
        if (left <= 0n) return null;
        left--;
        const item = int(next);
        next += value.step;
        return item;
      });
    }
    case 'dict':
    case 'set': {
      const size = value.entries.size;
      const keys = value.kind === 'set' ? setOrder(value.entries.keys()) : value.entries.keys();
      let index = 0;
      return iterator(`${value.kind}_iterator`, () => {
        if (value.entries.size !== size)
          return machine.raise('RuntimeError', `${value.kind === 'dict' ? 'dictionary' : 'Set'} changed size during iteration`);
        return index < keys.length ? keys[index++]! : null;
      });
    }
    default:
      return machine.raise('TypeError', `'${typeOf(value).name}' object is not iterable`);
  }
}

function objectCursor(machine: Machine, value: Value): Cursor {
  const cls = typeOf(value);
  const iter = findInClass(cls, '__iter__');
  if (iter?.kind === 'none') return machine.raise('TypeError', `'${cls.name}' object is not iterable`);
  if (iter !== null) {
    const made = machine.call(iter, [value]);
    if (made === value || (made.kind === 'instance' && findInClass(made.class, '__next__') !== null)) return nextCursor(machine, made);
    if (made.kind !== 'iterator' && made.kind !== 'generator') {
      return machine.raise('TypeError', `iter() returned non-iterator of type '${typeOf(made).name}'`);
    }
    return pythonIterate(machine, made);
  }
  if (value.kind !== 'instance' && value.kind !== 'tensor' && value.kind !== 'class') return builtinIterator(machine, value);
  const getItem = findInClass(cls, '__getitem__');
  if (getItem === null) {
    if (cls.unknownBase !== null) return machine.unsupported(`${cls.unknownBase.what}.__iter__`);
    return machine.raise('TypeError', `'${cls.name}' object is not iterable`);
  }
  let index = 0;
  return {
    next: () => catching('IndexError', () => machine.call(getItem, [value, int(index++)])),
  };
}

function nextCursor(machine: Machine, made: Value): Cursor {
  const next = findInClass(typeOf(made), '__next__');
  if (next === null) return machine.raise('TypeError', `'${typeOf(made).name}' object is not an iterator`);
  return { next: () => catching('StopIteration', () => machine.call(next, [made])) };
}

/** null when the exception that means "no more" is raised. */
function catching(type: string, step: () => Value): Value | null {
  try {
    return step();
  } catch (error) {
    if (error instanceof Raised && isSubclass(error.exception.class, exceptionClass(type))) return null;
    throw error;
  }
}

export function isIterable(value: Value): boolean {
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'str':
    case 'bytes':
    case 'dict':
    case 'set':
    case 'range':
    case 'iterator':
    case 'generator':
      return true;
    default: {
      const cls = typeOf(value);
      return findInClass(cls, '__iter__') !== null || findInClass(cls, '__getitem__') !== null;
    }
  }
}

export function pythonLength(machine: Machine, value: Value): number {
  if (value.kind === 'unknown') return machine.unsupported(value.what);
  const cls = typeOf(value);
  const method = 'class' in value && value.class === null ? null : findInClass(cls, '__len__');
  if (method === null) {
    switch (value.kind) {
      case 'list':
      case 'tuple':
        return value.items.length;
      case 'str':
        return /[\ud800-\udfff]/.test(value.value) ? Array.from(value.value).length : value.value.length;
      case 'bytes':
        return value.value.length;
      case 'dict':
      case 'set':
        return value.entries.size;
      case 'range':
        return Number(rangeLength(value));
      default:
        if (cls.unknownBase !== null) return machine.unsupported(`${cls.unknownBase.what}.__len__`);
        return machine.raise('TypeError', `object of type '${cls.name}' has no len()`);
    }
  }
  const said = machine.call(method, [value]);
  if (said.kind === 'unknown') return machine.unsupported(said.what);
  const length = bigintOf(said);
  if (length === null) return machine.raise('TypeError', `'${cls.name}' object cannot be interpreted as an integer`);
  if (length < 0n) return machine.raise('ValueError', '__len__() should return >= 0');
  return Number(length);
}
