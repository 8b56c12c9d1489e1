/** Methods of list, tuple, range and slice. */
import { work } from '../../tensor/meter';
import type { Context } from '../context';
import { hashNumber } from '../hashing';
import { method, native } from '../library';
import type { Arguments } from '../signature';
import type { Machine } from '../machine';
import { sliceIndices } from '../subscripts';
import { sortValues } from '../sorting';
import { append, splice } from '../splicing';
import { LIST, TUPLE } from '../types';
import type { ListValue, Value } from '../value';
import { NONE, arrayIterator, bigintOf, bool, int, list, slice, tuple } from '../value';

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
  for (let i = clamp(args.intOrNull('start') ?? 0); i < to; i++) {
    work(2);
    if (context.equals(items[i]!, wanted)) return i;
  }
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
      if (self.class !== null && args.given('iterable')) splice(self.items, 0, self.items.length, context.toArray(args.value('iterable')));
      return NONE;
    }),
    method('list.append', 'self, object, /', (context, args) => {
      context.charge(1);
      listOf(context, args).items.push(args.value('object'));
      return NONE;
    }),
    method('list.extend', 'self, iterable, /', (context, args) => {
      const self = listOf(context, args);
      append(self.items, args.items('iterable'));
      return NONE;
    }),
    method('list.insert', 'self, index, object, /', (context, args) => {
      const { items } = listOf(context, args);
      context.charge(1);
      work(items.length);
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
      work(items.length - at);
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
    method('list.copy', 'self', (context, args) => list(context.toArray({ ...listOf(context, args), class: null }))),
    method('list.reverse', 'self', (context, args) => {
      listOf(context, args).items.reverse();
      return NONE;
    }),
    method('list.sort', 'self, *, key=None, reverse=False', (context, args) => {
      const { items } = listOf(context, args);
      const sorted = sortValues(context, items, args.optional('key'), args.bool('reverse'));
      splice(items, 0, items.length, sorted);
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
