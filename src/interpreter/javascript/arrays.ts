/** The methods of JavaScript's arrays. */
import { work } from '../../tensor/meter';
import type { Machine } from '../machine';
import { append, splice } from '../splicing';
import type { ListValue, Value } from '../value';
import { UNDEFINED, bool, float, isCallable, list, str } from '../value';
import { invoke } from './call';
import { strictEquals, toNumber, toText, truthy } from './convert';
import { raiseError } from './errors';

type ArrayMethod = (machine: Machine, self: ListValue, args: readonly Value[]) => Value;

/** Calls back with (item, index, array) for each item. */
function each(
  machine: Machine,
  self: ListValue,
  args: readonly Value[],
  visit: (result: Value, item: Value, index: number) => boolean,
): void {
  const callback = args[0] ?? UNDEFINED;
  if (!isCallable(callback)) raiseError(machine, 'TypeError', `${toText(machine, callback)} is not a function`);
  for (let i = 0; i < self.items.length; i++) {
    machine.tick();
    const item = self.items[i]!;
    if (!visit(invoke(machine, callback, [item, float(i), self]), item, i)) return;
  }
}

/** A relative position as slice and its like take it. */
function position(machine: Machine, value: Value | undefined, length: number, absent: number): number {
  if (value === undefined || value.kind === 'undefined') return absent;
  const number = Math.trunc(toNumber(machine, value)) || 0;
  return number < 0 ? Math.max(0, length + number) : Math.min(number, length);
}

function find(machine: Machine, self: ListValue, args: readonly Value[]): number {
  let found = -1;
  each(machine, self, args, (result, _item, i) => {
    if (truthy(result)) found = i;
    return found < 0;
  });
  return found;
}

function reduce(machine: Machine, self: ListValue, args: readonly Value[], backwards: boolean): Value {
  const callback = args[0] ?? UNDEFINED;
  if (!isCallable(callback)) return raiseError(machine, 'TypeError', `${toText(machine, callback)} is not a function`);
  const indices = self.items.map((_, i) => i);
  if (backwards) indices.reverse();
  let result = args[1];
  for (const i of indices) {
    machine.tick();
    result = result === undefined ? self.items[i]! : invoke(machine, callback, [result, self.items[i]!, float(i), self]);
  }
  return result ?? raiseError(machine, 'TypeError', 'Reduce of empty array with no initial value');
}

/** In the array that is made, and in those it is made of. */
const bytesOfItem = 24;

/** A list of the items, counted before it is made. */
function copied(machine: Machine, items: readonly Value[], from = 0, to = items.length): Value[] {
  machine.charge(Math.max(0, to - from));
  return items.slice(from, to);
}

function flat(machine: Machine, items: readonly Value[], depth: number): Value[] {
  return items.flatMap((item) => {
    machine.charge(1, bytesOfItem);
    return item.kind === 'list' && depth > 0 ? flat(machine, item.items, depth - 1) : [item];
  });
}

const sameValueZero = (a: Value, b: Value): boolean =>
  strictEquals(a, b) || (a.kind === 'float' && b.kind === 'float' && Number.isNaN(a.value) && Number.isNaN(b.value));

export const arrayMethods: ReadonlyMap<string, ArrayMethod> = new Map<string, ArrayMethod>([
  [
    'map',
    (machine, self, args) => {
      const made: Value[] = [];
      each(machine, self, args, (result) => made.push(result) > 0);
      return list(made);
    },
  ],
  [
    'flatMap',
    (machine, self, args) => {
      const made: Value[] = [];
      each(machine, self, args, (result) => made.push(result) > 0);
      return list(flat(machine, made, 1));
    },
  ],
  [
    'filter',
    (machine, self, args) => {
      const made: Value[] = [];
      each(machine, self, args, (result, item) => {
        if (truthy(result)) made.push(item);
        return true;
      });
      return list(made);
    },
  ],
  [
    'forEach',
    (machine, self, args) => {
      each(machine, self, args, () => true);
      return UNDEFINED;
    },
  ],
  ['find', (machine, self, args) => self.items[find(machine, self, args)] ?? UNDEFINED],
  ['findIndex', (machine, self, args) => float(find(machine, self, args))],
  ['some', (machine, self, args) => bool(find(machine, self, args) >= 0)],
  [
    'every',
    (machine, self, args) => {
      let all = true;
      each(machine, self, args, (result) => (all = truthy(result)));
      return bool(all);
    },
  ],
  ['reduce', (machine, self, args) => reduce(machine, self, args, false)],
  ['reduceRight', (machine, self, args) => reduce(machine, self, args, true)],
  [
    'slice',
    (machine, self, args) => {
      const length = self.items.length;
      return list(copied(machine, self.items, position(machine, args[0], length, 0), position(machine, args[1], length, length)));
    },
  ],
  [
    'splice',
    (machine, self, args) => {
      const from = position(machine, args[0], self.items.length, 0);
      const count = args.length < 2 ? self.items.length - from : Math.max(0, toNumber(machine, args[1]!));
      machine.charge(args.length);
      const removed = copied(machine, self.items, from, Math.min(from + count, self.items.length));
      work(self.items.length);
      splice(self.items, from, count, args.slice(2));
      return list(removed);
    },
  ],
  [
    'concat',
    (machine, self, args) => {
      const made = copied(machine, self.items);
      for (const arg of args) append(made, arg.kind === 'list' ? copied(machine, arg.items) : [arg]);
      return list(made);
    },
  ],
  [
    'join',
    (machine, self, args) => {
      const separator = args[0] === undefined ? ',' : toText(machine, args[0]);
      machine.charge(self.items.length * Math.max(1, separator.length), 1);
      const parts = self.items.map((item) => toText(machine, list([item])));
      machine.charge(
        parts.reduce((sum, part) => sum + part.length, 0),
        1,
      );
      return str(parts.join(separator));
    },
  ],
  [
    'fill',
    (machine, self, args) => {
      const length = self.items.length;
      self.items.fill(args[0] ?? UNDEFINED, position(machine, args[1], length, 0), position(machine, args[2], length, length));
      return self;
    },
  ],
  ['includes', (_machine, self, args) => bool(self.items.some((item) => sameValueZero(item, args[0] ?? UNDEFINED)))],
  ['indexOf', (_machine, self, args) => float(self.items.findIndex((item) => strictEquals(item, args[0] ?? UNDEFINED)))],
  ['lastIndexOf', (_machine, self, args) => float(self.items.findLastIndex((item) => strictEquals(item, args[0] ?? UNDEFINED)))],
  [
    'push',
    (machine, self, args) => {
      machine.charge(args.length);
      append(self.items, args);
      return float(self.items.length);
    },
  ],
  ['pop', (_machine, self) => self.items.pop() ?? UNDEFINED],
  ['shift', (_machine, self) => self.items.shift() ?? UNDEFINED],
  [
    'unshift',
    (machine, self, args) => {
      machine.charge(args.length);
      work(self.items.length);
      splice(self.items, 0, 0, args);
      return float(self.items.length);
    },
  ],
  ['flat', (machine, self, args) => list(flat(machine, self.items, args[0] === undefined ? 1 : toNumber(machine, args[0])))],
  ['at', (machine, self, args) => self.items.at(Math.trunc(toNumber(machine, args[0] ?? UNDEFINED)) || 0) ?? UNDEFINED],
  [
    'reverse',
    (_machine, self) => {
      self.items.reverse();
      return self;
    },
  ],
  [
    'sort',
    (machine, self, args) => {
      const by = args[0];
      const compare =
        by === undefined || by.kind === 'undefined'
          ? (a: Value, b: Value) => {
              const [x, y] = [toText(machine, a), toText(machine, b)];
              return x < y ? -1 : x > y ? 1 : 0;
            }
          : (a: Value, b: Value) => toNumber(machine, invoke(machine, by, [a, b]));
      const sorted = [...self.items].sort((a, b) => {
        machine.tick();
        return compare(a, b);
      });
      splice(self.items, 0, self.items.length, sorted);
      return self;
    },
  ],
  ['keys', (machine, self) => list(copied(machine, self.items).map((_, i) => float(i)))],
  ['values', (machine, self) => list(copied(machine, self.items))],
  ['entries', (machine, self) => list(copied(machine, self.items).map((item, i) => list([float(i), item])))],
  ['toString', (machine, self) => str(toText(machine, self))],
]);
