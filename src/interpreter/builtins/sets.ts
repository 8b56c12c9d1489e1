/** Methods of set and frozenset. */
import type { Context } from '../context';
import { Dictionary } from '../dictionary';
import { method } from '../library';
import type { Arguments } from '../signature';
import { setOrder } from '../setOrder';
import { FROZENSET, SET } from '../types';
import type { SetValue, Value } from '../value';
import { NONE, arrayIterator, bool, int } from '../value';

type Members = readonly (readonly [string, Value])[];

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
