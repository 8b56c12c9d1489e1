/** The built-in functions. */
import type { Context, Cursor } from '../context';
import { Dictionary, NamesDictionary, identityOf } from '../dictionary';
import { Raised, exceptionClass, newException } from '../exceptions';
import { floorDivide, floatDivmod, powerModulo } from '../numbers';
import { fixed, roundTo } from '../floatText';
import { builtinIterator } from '../iteration';
import { native } from '../library';
import type { Machine } from '../machine';
import type { Arguments } from '../signature';
import { sortValues } from '../sorting';
import { attributesOf } from '../types';
import type { ClassValue, NativeFunction, Value } from '../value';
import {
  NONE,
  bigintOf,
  bool,
  findInClass,
  float,
  int,
  isCallable,
  isSubclass,
  iterator,
  list,
  numberOf,
  str,
  tuple,
  dict,
} from '../value';
import { hashNumber } from '../hashing';
import { asciiOf } from './strings';

const machineOf = (context: Context): Machine => context as Machine;

function special(context: Context, value: Value, name: string, args: readonly Value[] = []): Value | null {
  const found = findInClass(context.typeOf(value), name);
  return found === null ? null : context.call(found, [value, ...args]);
}

function extreme(context: Context, args: Arguments, name: 'min' | 'max'): Value {
  const key = args.keywords.get('key');
  const fallback = args.keywords.get('default');
  for (const word of args.keywords.keys())
    if (word !== 'key' && word !== 'default') return context.raise('TypeError', `${name}() got an unexpected keyword argument '${word}'`);
  if (args.rest.length === 0) return context.raise('TypeError', `${name} expected at least 1 argument, got 0`);
  const items = args.rest.length === 1 ? context.toArray(args.rest[0]!) : args.rest;
  if (items.length === 0) return fallback ?? context.raise('ValueError', `${name}() arg is an empty sequence`);
  const keyOf = (item: Value): Value => (key === undefined || key.kind === 'none' ? item : context.call(key, [item]));
  let best = items[0]!;
  let bestKey = keyOf(best);
  for (const item of items.slice(1)) {
    const itemKey = keyOf(item);
    if (context.truthy(context.compare(itemKey, name === 'max' ? '>' : '<', bestKey))) {
      best = item;
      bestKey = itemKey;
    }
  }
  return best;
}

function round(context: Context, args: Arguments): Value {
  const value = args.value('number');
  const digits = args.optional('ndigits');
  if (value.kind === 'int' || value.kind === 'bool') {
    const n = bigintOf(value)!;
    if (digits === null || args.int('ndigits') >= 0) return int(n);
    const unit = 10n ** BigInt(Math.min(-args.int('ndigits'), 10_000));
    const down = floorDivide(n, unit) * unit;
    const twice = (n - down) * 2n;
    const up = twice > unit || (twice === unit && (floorDivide(n, unit) & 1n) === 1n);
    return int(up ? down + unit : down);
  }
  if (value.kind === 'float') {
    if (digits !== null) return float(roundTo(value.value, args.int('ndigits')));
    if (Number.isNaN(value.value)) return context.raise('ValueError', 'cannot convert float NaN to integer');
    if (!Number.isFinite(value.value)) return context.raise('OverflowError', 'cannot convert float infinity to integer');
    return int(BigInt(fixed(value.value, 0)));
  }
  const own = special(context, value, '__round__', digits === null ? [] : [digits]);
  return own ?? context.raise('TypeError', `type ${context.typeOf(value).name} doesn't define __round__ method`);
}

function divmod(context: Context, args: Arguments): Value {
  const a = args.value('a');
  const b = args.value('b');
  const own = a.kind === 'instance' ? special(context, a, '__divmod__', [b]) : null;
  if (own !== null) return own;
  const x = bigintOf(a);
  const y = bigintOf(b);
  if (x !== null && y !== null) {
    if (y === 0n) return context.raise('ZeroDivisionError', 'integer division or modulo by zero');
    const quotient = floorDivide(x, y);
    return tuple([int(quotient), int(x - quotient * y)]);
  }
  const p = numberOf(a);
  const q = numberOf(b);
  if (p !== null && q !== null) {
    if (q === 0) return context.raise('ZeroDivisionError', 'float divmod()');
    return tuple(floatDivmod(p, q).map(float));
  }
  return tuple([context.binary('//', a, b), context.binary('%', a, b)]);
}

function sum(context: Context, args: Arguments): Value {
  let total = args.value('start');
  if (total.kind === 'str') return context.raise('TypeError', "sum() can't sum strings [use ''.join(seq) instead]");
  const cursor = context.iterate(args.value('iterable'));
  for (let item = cursor.next(); item !== null; item = cursor.next()) {
    context.tick();
    total = context.binary('+', total, item);
  }
  return total;
}

function print(context: Context, args: Arguments): Value {
  const word = (name: string, fallback: string): string => {
    const value = args.value(name);
    if (value.kind === 'none') return fallback;
    return value.kind === 'str'
      ? value.value
      : context.raise('TypeError', `${name} must be None or a string, not ${context.typeOf(value).name}`);
  };
  const text = args.rest.map((value) => context.str(value)).join(word('sep', ' ')) + word('end', '\n');
  const file = args.optional('file');
  if (file === null) context.print(text);
  else if (file.kind !== 'unknown') context.callMethod(file, 'write', [{ kind: 'str', value: text, class: null, attributes: null }]);
  return NONE;
}

function checkClass(context: Context, value: Value, ask: (cls: ClassValue) => boolean, name: string): boolean {
  if (value.kind === 'class') return ask(value);
  if (value.kind === 'tuple') return value.items.some((item) => checkClass(context, item, ask, name));
  // A class of a module that is not known here has no instances here.
  if (value.kind === 'unknown') return false;
  if (value.kind === 'none') return false;
  const own = special(context, value, name === 'isinstance' ? '__instancecheck__' : '__subclasscheck__', []);
  if (own !== null) return context.truthy(own);
  return context.raise('TypeError', `${name}() arg 2 must be a type, a tuple of types, or a union`);
}

function iterate(context: Context, value: Value, type: string, next: (cursor: Cursor) => Value | null): Value {
  const cursor = context.iterate(value);
  return iterator(type, () => next(cursor));
}

const none = (value: Value): Value | null => (value.kind === 'none' ? null : value);

function dir(context: Context, value: Value): string[] {
  const names = new Set<string>(attributesOf(value)?.keys() ?? []);
  const cls = value.kind === 'class' ? value : context.typeOf(value);
  for (const c of cls.mro) for (const name of c.namespace.keys()) names.add(name);
  if (value.kind === 'module') for (const name of value.members.keys()) names.add(name);
  return [...names].sort();
}

/** `bin`, `oct`, `hex` */
const radix = (name: string, prefix: string, base: number): NativeFunction =>
  native(name, 'number, /', (_, args) => {
    const value = args.bigint('number');
    return str(`${value < 0n ? '-' : ''}${prefix}${(value < 0n ? -value : value).toString(base)}`);
  });

const refused = (name: string, why: string): NativeFunction => native(name, '*args, **kwargs', (context) => context.unsupported(why));

export const builtinFunctions: readonly NativeFunction[] = [
  native('print', '*args, sep=None, end=None, file=None, flush=False', print),
  native('len', 'obj, /', (context, args) => int(context.length(args.value('obj')))),
  native('abs', 'x, /', (context, args) => {
    const value = args.value('x');
    if (value.kind === 'float' && value.class === null) return float(Math.abs(value.value));
    if (value.kind === 'complex') return float(Math.hypot(value.real, value.imaginary));
    const own = value.kind === 'bool' ? null : special(context, value, '__abs__');
    if (own !== null) return own;
    const whole = bigintOf(value);
    return whole === null
      ? context.raise('TypeError', `bad operand type for abs(): '${context.typeOf(value).name}'`)
      : int(whole < 0n ? -whole : whole);
  }),
  native('round', 'number, ndigits=None', round),
  native('divmod', 'a, b, /', divmod),
  native('pow', 'base, exp, mod=None', (context, args) => {
    if (args.optional('mod') === null) return context.binary('**', args.value('base'), args.value('exp'));
    return powerModulo(context, args.bigint('base'), args.bigint('exp'), args.bigint('mod'));
  }),
  native('sum', 'iterable, /, start=0', sum),
  native('min', '*args, **kwargs', (context, args) => extreme(context, args, 'min')),
  native('max', '*args, **kwargs', (context, args) => extreme(context, args, 'max')),
  native('any', 'iterable, /', (context, args) => {
    const cursor = context.iterate(args.value('iterable'));
    for (let item = cursor.next(); item !== null; item = cursor.next()) {
      context.tick();
      if (context.truthy(item)) return bool(true);
    }
    return bool(false);
  }),
  native('all', 'iterable, /', (context, args) => {
    const cursor = context.iterate(args.value('iterable'));
    for (let item = cursor.next(); item !== null; item = cursor.next()) {
      context.tick();
      if (!context.truthy(item)) return bool(false);
    }
    return bool(true);
  }),
  native('sorted', 'iterable, /, *, key=None, reverse=False', (context, args) =>
    list(sortValues(context, context.toArray(args.value('iterable')), args.optional('key'), args.bool('reverse'))),
  ),
  native('reversed', 'sequence, /', (context, args) => {
    const value = args.value('sequence');
    const own = special(context, value, '__reversed__');
    if (own !== null) return own;
    if (value.kind === 'set' || value.kind === 'iterator' || value.kind === 'generator')
      return context.raise('TypeError', `'${context.typeOf(value).name}' object is not reversible`);
    if (value.kind === 'range') {
      let index = context.length(value);
      return iterator('range_iterator', () => (index-- > 0 ? context.getItem(value, int(index)) : null));
    }
    let index = context.length(value) - 1;
    return iterator('reversed', () => (index >= 0 ? context.getItem(value, int(index--)) : null));
  }),
  native('enumerate', 'iterable, start=0', (context, args) => {
    let index = args.bigint('start');
    return iterate(context, args.value('iterable'), 'enumerate', (cursor) => {
      const item = cursor.next();
      return item === null ? null : tuple([int(index++), item]);
    });
  }),
  native('zip', '*iterables, strict=False', (context, args) => {
    const cursors = args.rest.map((value) => context.iterate(value));
    const strict = args.bool('strict');
    return iterator('zip', () => {
      if (cursors.length === 0) return null;
      const items: Value[] = [];
      for (const [i, cursor] of cursors.entries()) {
        const item = cursor.next();
        if (item === null) {
          const other = strict && (i > 0 || cursors.slice(1).some((c) => c.next() !== null));
          return other
            ? context.raise(
                'ValueError',
                `zip() argument ${i === 0 ? 2 : i + 1} is ${i === 0 ? 'longer' : 'shorter'} than argument ${i === 0 ? 1 : i}`,
              )
            : null;
        }
        items.push(item);
      }
      return tuple(items);
    });
  }),
  native('map', 'function, /, *iterables', (context, args) => {
    const cursors = args.rest.map((value) => context.iterate(value));
    const fn = args.value('function');
    if (cursors.length === 0) return context.raise('TypeError', 'map() must have at least two arguments.');
    return iterator('map', () => {
      const items: Value[] = [];
      for (const cursor of cursors) {
        const item = cursor.next();
        if (item === null) return null;
        items.push(item);
      }
      context.tick();
      return context.call(fn, items);
    });
  }),
  native('filter', 'function, iterable, /', (context, args) => {
    const fn = none(args.value('function'));
    return iterate(context, args.value('iterable'), 'filter', (cursor) => {
      for (let item = cursor.next(); item !== null; item = cursor.next()) {
        context.tick();
        if (context.truthy(fn === null ? item : context.call(fn, [item]))) return item;
      }
      return null;
    });
  }),
  native('iter', 'object, sentinel=..., /', (context, args) => {
    const value = args.value('object');
    if (args.given('sentinel')) {
      const sentinel = args.value('sentinel');
      return iterator('callable_iterator', () => {
        context.tick();
        const item = context.call(value);
        return context.equals(item, sentinel) ? null : item;
      });
    }
    if (value.kind === 'iterator' || value.kind === 'generator') return value;
    const own = value.kind === 'class' || ('class' in value && value.class !== null) ? special(context, value, '__iter__') : null;
    if (own !== null) return own;
    if (value.kind === 'instance' || value.kind === 'tensor') {
      const cursor = context.iterate(value);
      return iterator('iterator', () => cursor.next());
    }
    return builtinIterator(machineOf(context), value);
  }),
  native('next', 'iterator, default=..., /', (context, args) => {
    const value = args.value('iterator');
    const fallback = args.given('default') ? args.value('default') : null;
    if (value.kind === 'iterator') return value.next() ?? fallback ?? context.raise('StopIteration', '');
    if (value.kind === 'generator') {
      const step = machineOf(context).resumeStep(value, { send: NONE });
      if (!step.done) return step.value;
      if (fallback !== null) return fallback;
      const machine = machineOf(context);
      throw new Raised(
        newException(exceptionClass('StopIteration'), step.value.kind === 'none' ? [] : [step.value]),
        machine.here,
        machine.traceback(),
      );
    }
    const method = findInClass(context.typeOf(value), '__next__');
    if (method === null) return context.raise('TypeError', `'${context.typeOf(value).name}' object is not an iterator`);
    try {
      return context.call(method, [value]);
    } catch (error) {
      if (fallback !== null && error instanceof Raised && isSubclass(error.exception.class, exceptionClass('StopIteration')))
        return fallback;
      throw error;
    }
  }),
  native('isinstance', 'obj, class_or_tuple, /', (context, args) =>
    bool(checkClass(context, args.value('class_or_tuple'), (cls) => context.isInstance(args.value('obj'), cls), 'isinstance')),
  ),
  native('issubclass', 'cls, class_or_tuple, /', (context, args) => {
    const cls = args.value('cls');
    if (cls.kind !== 'class') return context.raise('TypeError', 'issubclass() arg 1 must be a class');
    return bool(checkClass(context, args.value('class_or_tuple'), (of) => isSubclass(cls, of), 'issubclass'));
  }),
  native('callable', 'obj, /', (context, args) => {
    const value = args.value('obj');
    return value.kind === 'unknown' ? context.unsupported(value.what) : bool(isCallable(value));
  }),
  native('getattr', 'object, name, default=..., /', (context, args) => {
    if (!args.given('default')) return context.getAttribute(args.value('object'), args.string('name'));
    return context.findAttribute(args.value('object'), args.string('name')) ?? args.value('default');
  }),
  native('setattr', 'object, name, value, /', (context, args) => {
    context.setAttribute(args.value('object'), args.string('name'), args.value('value'));
    return NONE;
  }),
  native('delattr', 'object, name, /', (context, args) => {
    machineOf(context).deleteAttribute(args.value('object'), args.string('name'));
    return NONE;
  }),
  native('open', "file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None", (context, args) =>
    context.call(context.fromLibrary('io.open'), [args.value('file'), args.value('mode')]),
  ),
  native('hasattr', 'object, name, /', (context, args) => {
    const found = context.findAttribute(args.value('object'), args.string('name'));
    return bool(found !== null);
  }),
  native('repr', 'obj, /', (context, args) => str(context.repr(args.value('obj')))),
  native('ascii', 'obj, /', (context, args) => {
    const value = args.value('obj');
    return str(value.kind === 'str' ? asciiOf(value.value) : context.repr(value));
  }),
  native('format', "value, spec='', /", (context, args) => str(context.format(args.value('value'), args.string('spec')))),
  native('id', 'obj, /', (_, args) => int(identityOf(args.value('obj')))),
  native('hash', 'obj, /', (context, args) => {
    const value = args.value('obj');
    const own = 'class' in value && value.class !== null ? special(context, value, '__hash__') : null;
    if (own !== null) return own;
    const number = numberOf(value);
    if (number !== null && Number.isInteger(number)) return int(number === -1 ? -2n : (bigintOf(value) ?? BigInt(number)));
    return int(hashNumber(context.hash(value)));
  }),
  native('ord', 'c, /', (context, args) => {
    const text = Array.from(args.string('c'));
    if (text.length !== 1) return context.raise('TypeError', `ord() expected a character, but string of length ${text.length} found`);
    return int(text[0]!.codePointAt(0)!);
  }),
  native('chr', 'i, /', (context, args) => {
    const code = args.int('i');
    if (code < 0 || code > 0x10ffff) return context.raise('ValueError', 'chr() arg not in range(0x110000)');
    return str(String.fromCodePoint(code));
  }),
  radix('bin', '0b', 2),
  radix('oct', '0o', 8),
  radix('hex', '0x', 16),
  native('vars', 'object=..., /', (context, args) => {
    if (!args.given('object')) return localNames(context);
    return (
      context.findAttribute(args.value('object'), '__dict__') ?? context.raise('TypeError', 'vars() argument must have __dict__ attribute')
    );
  }),
  native('dir', 'object=..., /', (context, args) => {
    if (!args.given('object')) return list([...localNames(context).entries.keys()]);
    return list(dir(context, args.value('object')).map(str));
  }),
  native('locals', '', (context) => localNames(context)),
  native('globals', '', (context) => {
    const frame = machineOf(context).frames.at(-1);
    return {
      kind: 'dict',
      entries: new NamesDictionary(frame?.unit.globals.names ?? new Map<string, Value>()),
      class: null,
      attributes: null,
    };
  }),
  refused('input', 'input()'),
  refused('exec', 'exec()'),
  refused('eval', 'eval()'),
  refused('compile', 'compile()'),
  refused('__import__', '__import__()'),
  refused('breakpoint', 'breakpoint()'),
  refused('memoryview', 'memoryview'),
  native('exit', 'code=None', (context, args) => context.raiseWith('SystemExit', [args.value('code')])),
  native('quit', 'code=None', (context, args) => context.raiseWith('SystemExit', [args.value('code')])),
];

function localNames(context: Context): Extract<Value, { kind: 'dict' }> {
  const frame = machineOf(context).frames.at(-1);
  const entries = new Dictionary();
  for (const [name, value] of frame?.scope.names ?? []) entries.setString(name, value);
  return dict(entries);
}
