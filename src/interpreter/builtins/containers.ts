/** Methods of list, tuple, dict, set, frozenset and range. */
import type { Context } from '../context';
import { Dictionary } from '../dictionary';
import { hashNumber } from '../hashing';
import { classMethod, method, nativeClass, native } from '../library';
import type { Arguments } from '../signature';
import type { Machine } from '../machine';
import { sliceIndices } from '../subscripts';
import { setOrder } from '../setOrder';
import { sortValues } from '../sorting';
import { DICT, FROZENSET, LIST, OBJECT, SET, TUPLE } from '../types';
import type { DictValue, ListValue, SetValue, Value } from '../value';
import { NONE, arrayIterator, bigintOf, bool, instance, int, list, slice, tuple } from '../value';

const machineOf = (context: Context): Machine => context as Machine;

type Members = readonly (readonly [string, Value])[];

function listOf(context: Context, args: Arguments): ListValue {
  const value = args.value('self');
  return value.kind === 'list'
    ? value
    : context.raise('TypeError', `descriptor requires a 'list' object but received a '${context.typeOf(value).name}'`);
}

function itemsOf(context: Context, args: Arguments): readonly Value[] {
  const value = args.value('self');
  return value.kind === 'list' || value.kind === 'tuple' ? value.items : context.toArray(value);
}

function indexIn(context: Context, items: readonly Value[], args: Arguments, type: string): number {
  const wanted = args.value('value');
  const clamp = (value: number): number => (value < 0 ? Math.max(0, value + items.length) : value);
  const to = Math.min(items.length, clamp(args.intOrNull('stop') ?? items.length));
  for (let i = clamp(args.intOrNull('start') ?? 0); i < to; i++) if (context.equals(items[i]!, wanted)) return i;
  return context.raise('ValueError', type === 'list' ? `${context.repr(wanted)} is not in list` : 'tuple.index(x): x not in tuple');
}

const sequenceMembers = (type: 'list' | 'tuple'): Members =>
  [
    method(`${type}.index`, 'self, value, start=None, stop=None, /', (context, args) =>
      int(indexIn(context, itemsOf(context, args), args, type)),
    ),
    method(`${type}.count`, 'self, value, /', (context, args) =>
      int(itemsOf(context, args).filter((item) => context.equals(item, args.value('value'))).length),
    ),
    method(`${type}.__len__`, 'self', (context, args) => int(itemsOf(context, args).length)),
    method(`${type}.__iter__`, 'self', (context, args) => arrayIterator(itemsOf(context, args), `${type}_iterator`)),
    method(`${type}.__getitem__`, 'self, index, /', (context, args) => {
      const value = args.value('self');
      if (value.kind !== 'list' && value.kind !== 'tuple') return context.raise('TypeError', `descriptor requires a '${type}' object`);
      return context.getItem({ ...value, class: null }, args.value('index'));
    }),
    method(`${type}.__contains__`, 'self, value, /', (context, args) =>
      bool(itemsOf(context, args).some((item) => context.equals(item, args.value('value')))),
    ),
    method(`${type}.__eq__`, 'self, other, /', (context, args) => {
      const self = args.value('self');
      const other = args.value('other');
      if ((self.kind !== 'list' && self.kind !== 'tuple') || other.kind !== self.kind) return { kind: 'notImplemented' };
      return bool(self.items.length === other.items.length && self.items.every((item, i) => context.equals(item, other.items[i]!)));
    }),
  ].map((fn) => [fn.name, fn] as const);

export const listMembers: Members = [
  ...sequenceMembers('list'),
  ...[
    method('list.__new__', 'cls, iterable=..., /, **kwargs', (context, args) => {
      const cls = args.value('cls');
      const plain = cls.kind !== 'class' || cls === LIST;
      const items = plain && args.given('iterable') ? context.toArray(args.value('iterable')) : [];
      return { kind: 'list', items, class: plain ? null : cls, attributes: plain ? null : new Map<string, Value>() };
    }),
    method('list.__init__', 'self, iterable=..., /', (context, args) => {
      const self = listOf(context, args);
      if (self.class !== null && args.given('iterable'))
        self.items.splice(0, self.items.length, ...context.toArray(args.value('iterable')));
      return NONE;
    }),
    method('list.append', 'self, object, /', (context, args) => {
      context.charge(1);
      listOf(context, args).items.push(args.value('object'));
      return NONE;
    }),
    method('list.extend', 'self, iterable, /', (context, args) => {
      const self = listOf(context, args);
      for (const item of args.items('iterable')) self.items.push(item);
      return NONE;
    }),
    method('list.insert', 'self, index, object, /', (context, args) => {
      const { items } = listOf(context, args);
      const index = args.int('index');
      items.splice(index < 0 ? Math.max(0, index + items.length) : index, 0, args.value('object'));
      return NONE;
    }),
    method('list.pop', 'self, index=-1, /', (context, args) => {
      const { items } = listOf(context, args);
      if (items.length === 0) return context.raise('IndexError', 'pop from empty list');
      const index = args.int('index');
      const at = index < 0 ? index + items.length : index;
      if (at < 0 || at >= items.length) return context.raise('IndexError', 'pop index out of range');
      return items.splice(at, 1)[0]!;
    }),
    method('list.remove', 'self, value, /', (context, args) => {
      const { items } = listOf(context, args);
      const at = items.findIndex((item) => context.equals(item, args.value('value')));
      if (at < 0) return context.raise('ValueError', 'list.remove(x): x not in list');
      items.splice(at, 1);
      return NONE;
    }),
    method('list.clear', 'self', (context, args) => {
      listOf(context, args).items.length = 0;
      return NONE;
    }),
    method('list.copy', 'self', (context, args) => list([...listOf(context, args).items])),
    method('list.reverse', 'self', (context, args) => {
      listOf(context, args).items.reverse();
      return NONE;
    }),
    method('list.sort', 'self, *, key=None, reverse=False', (context, args) => {
      const { items } = listOf(context, args);
      const sorted = sortValues(context, items, args.optional('key'), args.bool('reverse'));
      items.splice(0, items.length, ...sorted);
      return NONE;
    }),
    method('list.__setitem__', 'self, index, value, /', (context, args) => {
      context.setItem({ ...listOf(context, args), class: null }, args.value('index'), args.value('value'));
      return NONE;
    }),
  ].map((fn) => [fn.name, fn] as const),
];

export const tupleMembers: Members = [
  ...sequenceMembers('tuple'),
  [
    '__new__',
    method('tuple.__new__', 'cls, iterable=..., /', (context, args) => {
      const cls = args.value('cls');
      const items = args.given('iterable') ? context.toArray(args.value('iterable')) : [];
      if (cls.kind !== 'class' || cls === TUPLE) return tuple(items);
      return { kind: 'tuple', items, class: cls, attributes: new Map<string, Value>() };
    }),
  ],
  ['__hash__', method('tuple.__hash__', 'self', (context, args) => int(hashNumber(context.hash(tuple(itemsOf(context, args))))))],
];

// ------------------------------------------------------------------------------------------------------------- dict

function dictOf(context: Context, args: Arguments, name = 'self'): DictValue {
  const value = args.value(name);
  return value.kind === 'dict'
    ? value
    : context.raise('TypeError', `descriptor requires a 'dict' object but received a '${context.typeOf(value).name}'`);
}

/** dict(x, **y) and update: a mapping, or an iterable of pairs. */
export function fillDict(context: Context, target: Dictionary, source: Value | null, keywords: ReadonlyMap<string, Value>): void {
  if (source?.kind === 'dict') for (const [key, value] of source.entries) target.set(key, value, context);
  else if (source !== null && source.kind !== 'list' && source.kind !== 'tuple' && context.findAttribute(source, 'keys') !== null)
    for (const key of context.toArray(context.callMethod(source, 'keys'))) target.set(key, context.getItem(source, key), context);
  else if (source !== null) {
    context.toArray(source).forEach((pair, i) => {
      if (!machineOf(context).isIterable(pair))
        return context.raise('TypeError', `cannot convert dictionary update sequence element #${i} to a sequence`);
      const both = pair.kind === 'tuple' || pair.kind === 'list' ? pair.items : context.toArray(pair);
      const [key, value] = both;
      if (key === undefined || value === undefined || both.length !== 2)
        return context.raise('ValueError', `dictionary update sequence element #${i} has length ${both.length}; 2 is required`);
      target.set(key, value, context);
    });
  }
  for (const [key, value] of keywords) target.setString(key, value);
}

const view = (name: string, items: (entries: Dictionary) => readonly Value[]) => {
  const entriesOf = (args: Arguments): Dictionary => {
    const value = args.value('self');
    return value.kind === 'instance' && value.payload instanceof Dictionary ? value.payload : new Dictionary();
  };
  const cls = nativeClass(
    name,
    [OBJECT],
    [
      method('__iter__', 'self', (_, args) => arrayIterator(items(entriesOf(args)), `${name.slice(0, -1)}iterator`)),
      method('__len__', 'self', (_, args) => int(entriesOf(args).size)),
      method('__repr__', 'self', (context, args) => ({
        kind: 'str',
        value: `${name}(${context.repr(list([...items(entriesOf(args))]))})`,
        class: null,
        attributes: null,
      })),
      method('__reversed__', 'self', (_, args) => arrayIterator([...items(entriesOf(args))].reverse(), 'list_reverseiterator')),
      method('__contains__', 'self, item', (context, args) => {
        if (name === 'dict_keys') return bool(entriesOf(args).has(args.value('item'), context));
        return bool(items(entriesOf(args)).some((item) => context.equals(item, args.value('item'))));
      }),
    ].map((fn) => [fn.name, fn] as const),
    { sealed: true },
  );
  return (dict: DictValue): Value => instance(cls, dict.entries);
};

const keysView = view('dict_keys', (entries) => entries.keys());
const valuesView = view('dict_values', (entries) => entries.values());
const itemsView = view('dict_items', (entries) => Array.from(entries, ([key, value]) => tuple([key, value])));

export const dictMembers: Members = [
  ...[
    method('dict.__new__', 'cls, *args, **kwargs', (_, args) => {
      const cls = args.value('cls');
      const plain = cls.kind !== 'class' || cls === DICT;
      return {
        kind: 'dict',
        entries: new Dictionary(),
        factory: null,
        class: plain ? null : cls,
        attributes: plain ? null : new Map<string, Value>(),
      };
    }),
    method('dict.__init__', 'self, other=..., /, **kwargs', (context, args) => {
      fillDict(context, dictOf(context, args).entries, args.given('other') ? args.value('other') : null, args.keywords);
      return NONE;
    }),
    method(
      'dict.get',
      'self, key, default=None, /',
      (context, args) => dictOf(context, args).entries.get(args.value('key'), context) ?? args.value('default'),
    ),
    method('dict.keys', 'self', (context, args) => keysView(dictOf(context, args))),
    method('dict.values', 'self', (context, args) => valuesView(dictOf(context, args))),
    method('dict.items', 'self', (context, args) => itemsView(dictOf(context, args))),
    method('dict.pop', 'self, key, default=..., /', (context, args) => {
      const { entries } = dictOf(context, args);
      const key = args.value('key');
      const found = entries.get(key, context);
      if (found === undefined) return args.given('default') ? args.value('default') : context.raiseWith('KeyError', [key]);
      entries.delete(key, context);
      return found;
    }),
    method('dict.popitem', 'self, last=True', (context, args) => {
      const { entries } = dictOf(context, args);
      const pair = args.bool('last') ? entries.last() : ([...entries][0] ?? null);
      if (pair === null)
        return context.raiseWith('KeyError', [{ kind: 'str', value: 'popitem(): dictionary is empty', class: null, attributes: null }]);
      entries.delete(pair[0], context);
      return tuple([...pair]);
    }),
    method('dict.setdefault', 'self, key, default=None, /', (context, args) => {
      const { entries } = dictOf(context, args);
      const found = entries.get(args.value('key'), context);
      if (found !== undefined) return found;
      entries.set(args.value('key'), args.value('default'), context);
      return args.value('default');
    }),
    method('dict.update', 'self, other=..., /, **kwargs', (context, args) => {
      fillDict(context, dictOf(context, args).entries, args.given('other') ? args.value('other') : null, args.keywords);
      return NONE;
    }),
    method('dict.clear', 'self', (context, args) => {
      dictOf(context, args).entries.clear();
      return NONE;
    }),
    method('dict.copy', 'self', (context, args) => {
      const self = dictOf(context, args);
      return { ...self, entries: self.entries.copy(), attributes: self.class === null ? null : new Map<string, Value>() };
    }),
    method('dict.__len__', 'self', (context, args) => int(dictOf(context, args).entries.size)),
    method('dict.__iter__', 'self', (context, args) => arrayIterator(dictOf(context, args).entries.keys(), 'dict_keyiterator')),
    method('dict.__reversed__', 'self', (context, args) =>
      arrayIterator(dictOf(context, args).entries.keys().reverse(), 'dict_reversekeyiterator'),
    ),
    method('dict.__contains__', 'self, key, /', (context, args) => bool(dictOf(context, args).entries.has(args.value('key'), context))),
    method('dict.__getitem__', 'self, key, /', (context, args) => {
      const self = dictOf(context, args);
      const found = self.entries.get(args.value('key'), context);
      if (found !== undefined) return found;
      const missing = self.class === null ? null : context.findAttribute(self, '__missing__');
      if (missing !== null) return context.call(missing, [args.value('key')]);
      if (self.factory === null) return context.raiseWith('KeyError', [args.value('key')]);
      const made = context.call(self.factory);
      self.entries.set(args.value('key'), made, context);
      return made;
    }),
    method('dict.__setitem__', 'self, key, value, /', (context, args) => {
      dictOf(context, args).entries.set(args.value('key'), args.value('value'), context);
      return NONE;
    }),
    method('dict.__delitem__', 'self, key, /', (context, args) =>
      dictOf(context, args).entries.delete(args.value('key'), context) ? NONE : context.raiseWith('KeyError', [args.value('key')]),
    ),
  ].map((fn) => [fn.name, fn] as const),
  [
    'fromkeys',
    classMethod(
      method('dict.fromkeys', 'cls, iterable, value=None, /', (context, args) => {
        const entries = new Dictionary();
        for (const key of args.items('iterable')) entries.set(key, args.value('value'), context);
        return { kind: 'dict', entries, factory: null, class: null, attributes: null };
      }),
    ),
  ],
];

// -------------------------------------------------------------------------------------------------------------- set

function setOf(context: Context, args: Arguments): SetValue {
  const value = args.value('self');
  return value.kind === 'set'
    ? value
    : context.raise('TypeError', `descriptor requires a 'set' object but received a '${context.typeOf(value).name}'`);
}

export function newSet(context: Context, items: Iterable<Value>, frozen = false): SetValue {
  const entries = new Dictionary();
  for (const item of items) entries.set(item, NONE, context);
  return { kind: 'set', entries, frozen, class: null, attributes: null };
}

type Combine = (inSelf: (v: Value) => boolean, inOther: (v: Value) => boolean) => (v: Value) => boolean;

/** union, intersection … and their _update forms. */
function combined(context: Context, self: Dictionary, others: readonly Value[], combine: Combine): Dictionary {
  let result = self;
  for (const other of others) {
    const right = other.kind === 'set' ? other.entries : newSet(context, context.toArray(other)).entries;
    const left = result;
    const wanted = combine(
      (v) => left.has(v, context),
      (v) => right.has(v, context),
    );
    const made = new Dictionary();
    for (const item of [...left.keys(), ...right.keys()]) if (wanted(item)) made.set(item, NONE, context);
    result = made;
  }
  return result;
}

const combinations: readonly (readonly [string, Combine])[] = [
  ['union', (a, b) => (v) => a(v) || b(v)],
  ['intersection', (a, b) => (v) => a(v) && b(v)],
  ['difference', (a, b) => (v) => a(v) && !b(v)],
  ['symmetric_difference', (a, b) => (v) => a(v) !== b(v)],
];

const setComparisons = [
  ['issubset', (a: Dictionary, b: Dictionary, c: Context) => a.keys().every((v) => b.has(v, c))],
  ['issuperset', (a: Dictionary, b: Dictionary, c: Context) => b.keys().every((v) => a.has(v, c))],
  ['isdisjoint', (a: Dictionary, b: Dictionary, c: Context) => !a.keys().some((v) => b.has(v, c))],
] as const;

const readingMembers = (type: string): Members => [
  ...combinations.map(
    ([name, combine]) =>
      [
        name,
        method(`${type}.${name}`, 'self, *others', (context, args) => {
          const self = setOf(context, args);
          const result = combined(context, self.entries, args.rest, combine);
          return {
            kind: 'set',
            entries: result === self.entries ? result.copy() : result,
            frozen: self.frozen,
            class: null,
            attributes: null,
          };
        }),
      ] as const,
  ),
  ...setComparisons.map(
    ([name, holds]) =>
      [
        name,
        method(`${type}.${name}`, 'self, other, /', (context, args) => {
          const other = args.value('other');
          return bool(
            holds(
              setOf(context, args).entries,
              other.kind === 'set' ? other.entries : newSet(context, context.toArray(other)).entries,
              context,
            ),
          );
        }),
      ] as const,
  ),
  ['copy', method(`${type}.copy`, 'self', (context, args) => ({ ...setOf(context, args), entries: setOf(context, args).entries.copy() }))],
  ['__len__', method(`${type}.__len__`, 'self', (context, args) => int(setOf(context, args).entries.size))],
  [
    '__iter__',
    method(`${type}.__iter__`, 'self', (context, args) => arrayIterator(setOrder(setOf(context, args).entries.keys()), 'set_iterator')),
  ],
  [
    '__contains__',
    method(`${type}.__contains__`, 'self, item, /', (context, args) => bool(setOf(context, args).entries.has(args.value('item'), context))),
  ],
  [
    '__new__',
    method(`${type}.__new__`, 'cls, iterable=..., /', (context, args) => {
      const cls = args.value('cls');
      const made = newSet(context, args.given('iterable') ? context.toArray(args.value('iterable')) : [], type === 'frozenset');
      return cls.kind !== 'class' || cls === SET || cls === FROZENSET
        ? made
        : { ...made, class: cls, attributes: new Map<string, Value>() };
    }),
  ],
];

function change(context: Context, args: Arguments): Dictionary {
  const self = setOf(context, args);
  return self.frozen ? context.raise('AttributeError', "'frozenset' object has no such method") : self.entries;
}

export const frozensetMembers = readingMembers('frozenset');
export const setMembers: Members = [
  ...readingMembers('set'),
  ...combinations.map(
    ([name, combine]) =>
      [
        name === 'union' ? 'update' : `${name}_update`,
        method(`set.${name === 'union' ? 'update' : `${name}_update`}`, 'self, *others', (context, args) => {
          const entries = change(context, args);
          const items = combined(context, entries, args.rest, combine).keys();
          entries.clear();
          for (const item of items) entries.set(item, NONE, context);
          return NONE;
        }),
      ] as const,
  ),
  ...[
    method('set.add', 'self, item, /', (context, args) => {
      context.charge(1);
      change(context, args).set(args.value('item'), NONE, context);
      return NONE;
    }),
    method('set.discard', 'self, item, /', (context, args) => {
      change(context, args).delete(args.value('item'), context);
      return NONE;
    }),
    method('set.remove', 'self, item, /', (context, args) =>
      change(context, args).delete(args.value('item'), context) ? NONE : context.raiseWith('KeyError', [args.value('item')]),
    ),
    method('set.pop', 'self', (context, args) => {
      const entries = change(context, args);
      const first = setOrder(entries.keys())[0];
      if (first === undefined)
        return context.raiseWith('KeyError', [{ kind: 'str', value: 'pop from an empty set', class: null, attributes: null }]);
      entries.delete(first, context);
      return first;
    }),
    method('set.clear', 'self', (context, args) => {
      change(context, args).clear();
      return NONE;
    }),
  ].map((fn) => [fn.name, fn] as const),
];

export const sliceMembers: Members = [
  native('slice.__new__', ['cls, stop, /', 'cls, start, stop, step=None, /'], (_, args) =>
    slice(args.overload === 0 ? NONE : args.value('start'), args.value('stop'), args.overload === 0 ? NONE : args.value('step')),
  ),
  method('slice.indices', 'self, length, /', (context, args) => {
    const value = args.value('self');
    if (value.kind !== 'slice') return context.raise('TypeError', "descriptor 'indices' requires a 'slice' object");
    const { start, stop, step } = sliceIndices(machineOf(context), value, args.int('length'));
    return tuple([int(start), int(stop), int(step)]);
  }),
].map((fn) => [fn.name, fn] as const);

export const rangeMembers: Members = [
  native('range.__new__', ['cls, stop, /', 'cls, start, stop, step=1, /'], (context, args) => {
    const whole = (name: string): bigint => {
      const value = args.value(name);
      return (
        bigintOf(value) ??
        (value.kind === 'float' || value.kind === 'str'
          ? context.raise('TypeError', `'${context.typeOf(value).name}' object cannot be interpreted as an integer`)
          : args.bigint(name))
      );
    };
    if (args.overload === 0) return { kind: 'range', start: 0n, stop: whole('stop'), step: 1n };
    const step = whole('step');
    if (step === 0n) return context.raise('ValueError', 'range() arg 3 must not be zero');
    return { kind: 'range', start: whole('start'), stop: whole('stop'), step };
  }),
  method('range.index', 'self, value, /', (context, args) => int(indexIn(context, itemsOf(context, args), args, 'range'))),
  method('range.count', 'self, value, /', (context, args) =>
    int(itemsOf(context, args).filter((item) => context.equals(item, args.value('value'))).length),
  ),
].map((fn) => [fn.name, fn] as const);
