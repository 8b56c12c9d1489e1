/** The methods of JavaScript's arrays. */
import type { Machine } from '../machine';
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

function flat(machine: Machine, items: readonly Value[], depth: number): Value[] {
  return items.flatMap((item) => {
    machine.charge(1);
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
      return list(self.items.slice(position(machine, args[0], length, 0), position(machine, args[1], length, length)));
    },
  ],
  [
    'splice',
    (machine, self, args) => {
      const from = position(machine, args[0], self.items.length, 0);
      const count = args.length < 2 ? self.items.length - from : Math.max(0, toNumber(machine, args[1]!));
      return list(self.items.splice(from, count, ...args.slice(2)));
    },
  ],
  [
    'concat',
    (machine, self, args) => list([...self.items, ...args.flatMap((arg) => (arg.kind === 'list' ? flat(machine, arg.items, 0) : [arg]))]),
  ],
  [
    'join',
    (machine, self, args) =>
      str(self.items.map((item) => toText(machine, list([item]))).join(args[0] === undefined ? ',' : toText(machine, args[0]))),
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
      return float(self.items.push(...args));
    },
  ],
  ['pop', (_machine, self) => self.items.pop() ?? UNDEFINED],
  ['shift', (_machine, self) => self.items.shift() ?? UNDEFINED],
  ['unshift', (_machine, self, args) => float(self.items.unshift(...args))],
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
      self.items.splice(0, self.items.length, ...sorted);
      return self;
    },
  ],
  ['keys', (_machine, self) => list(self.items.map((_, i) => float(i)))],
  ['values', (_machine, self) => list([...self.items])],
  ['entries', (_machine, self) => list(self.items.map((item, i) => list([float(i), item])))],
  ['toString', (machine, self) => str(toText(machine, self))],
]);
