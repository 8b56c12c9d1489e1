/** Methods of dict, and its views. */
import type { Context } from '../context';
import { Dictionary } from '../dictionary';
import { classMethod, method, nativeClass } from '../library';
import type { Arguments } from '../signature';
import type { Machine } from '../machine';
import { DICT, OBJECT } from '../types';
import type { DictValue, Value } from '../value';
import { NONE, arrayIterator, bool, instance, int, list, tuple, dict } from '../value';

const machineOf = (context: Context): Machine => context as Machine;

type Members = readonly (readonly [string, Value])[];

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
      return context.raiseWith('KeyError', [args.value('key')]);
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
        return dict(entries);
      }),
    ),
  ],
];
