/** `x[i]`, `x[a:b:c]`, `x[i] = v`, `del x[i]` of Python's built-in containers, and `__getitem__` and friends of everything else. */
import type { Machine } from './machine';
import { rangeLength } from './operators';
import { splice } from './splicing';
import { typeOf } from './types';
import type { RangeValue, SliceValue, Value } from './value';
import { bigintOf, findInClass, int, list, str, tuple } from './value';

/** slice.indices(length) */
export function sliceIndices(machine: Machine, slice: SliceValue, length: number): { start: number; stop: number; step: number } {
  const bound = (value: Value): number | null => {
    if (value.kind === 'none') return null;
    const number = indexNumber(machine, value);
    if (number === null) return machine.raise('TypeError', 'slice indices must be integers or None or have an __index__ method');
    return Number(number);
  };
  const step = bound(slice.step) ?? 1;
  if (step === 0) machine.raise('ValueError', 'slice step cannot be zero');
  const clamp = (value: number | null, fallback: number): number => {
    if (value === null) return fallback;
    const least = step < 0 ? -1 : 0;
    const most = step < 0 ? length - 1 : length;
    return Math.min(Math.max(value < 0 ? value + length : value, least), most);
  };
  return { start: clamp(bound(slice.start), step < 0 ? length - 1 : 0), stop: clamp(bound(slice.stop), step < 0 ? -1 : length), step };
}

/** An int, or what `__index__` gives. */
export function indexNumber(machine: Machine, value: Value): bigint | null {
  const plain = bigintOf(value);
  if (plain !== null || value.kind === 'float' || value.kind === 'str') return plain;
  const method = findInClass(typeOf(value), '__index__');
  return method === null ? null : bigintOf(machine.call(method, [value]));
}

function sliced<T>(items: ArrayLike<T>, { start, stop, step }: { start: number; stop: number; step: number }): T[] {
  const taken: T[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) taken.push(items[i]!);
  return taken;
}

const countOf = ({ start, stop, step }: { start: number; stop: number; step: number }): number =>
  Math.max(0, Math.ceil((stop - start) / step));

function position(machine: Machine, index: Value, length: number, what: string, verb = ''): number {
  const number = indexNumber(machine, index);
  if (number === null && what === 'str') return machine.raise('TypeError', `string indices must be integers, not '${typeOf(index).name}'`);
  if (number === null) return machine.raise('TypeError', `${what} indices must be integers or slices, not ${typeOf(index).name}`);
  const i = Number(number < 0n ? number + BigInt(length) : number);
  if (i < 0 || i >= length) return machine.raise('IndexError', `${what === 'str' ? 'string' : what}${verb} index out of range`);
  return i;
}

export function pythonGetItem(machine: Machine, object: Value, index: Value): Value {
  if (object.kind === 'unknown') return machine.unsupported(object.what);
  const cls = typeOf(object);
  if ('class' in object && object.class !== null) {
    const method = findInClass(cls, '__getitem__');
    if (method !== null) return machine.call(method, [object, index]);
  }
  switch (object.kind) {
    case 'list':
    case 'tuple': {
      if (index.kind === 'slice') {
        const bounds = sliceIndices(machine, index, object.items.length);
        machine.charge(countOf(bounds));
        const items = sliced(object.items, bounds);
        return object.kind === 'list' ? list(items) : tuple(items);
      }
      return object.items[position(machine, index, object.items.length, object.kind)]!;
    }
    case 'str': {
      if (index.kind === 'slice') {
        const bounds = sliceIndices(machine, index, object.value.length);
        // A stretch of a string is no copy.
        if (bounds.step === 1) return str(object.value.slice(bounds.start, Math.max(bounds.start, bounds.stop)));
        machine.charge(countOf(bounds));
        return str(sliced(object.value, bounds).join(''));
      }
      return str(object.value[position(machine, index, object.value.length, 'str')]!);
    }
    case 'bytes':
      if (index.kind === 'slice')
        return { kind: 'bytes', value: Uint8Array.from(sliced(object.value, sliceIndices(machine, index, object.value.length))) };
      return int(object.value[position(machine, index, object.value.length, 'bytes')]!);
    case 'dict':
      return dictItem(machine, object, index);
    case 'range':
      return rangeItem(machine, object, index);
    case 'class':
      return classItem(machine, object, index);
    case 'none':
      return machine.raise('TypeError', "'NoneType' object is not subscriptable");
    default: {
      const method = findInClass(cls, '__getitem__');
      if (method !== null) return machine.call(method, [object, index]);
      if (cls.unknownBase !== null) return machine.unsupported(`${cls.unknownBase.what}.__getitem__`);
      return machine.raise('TypeError', `'${cls.name}' object is not subscriptable`);
    }
  }
}

export function dictItem(machine: Machine, object: Extract<Value, { kind: 'dict' }>, key: Value): Value {
  const found = object.entries.get(key, machine);
  if (found !== undefined) return found;
  if (object.class !== null) {
    const missing = findInClass(object.class, '__missing__');
    if (missing !== null) return machine.call(missing, [object, key]);
  }
  return machine.raiseWith('KeyError', [key]);
}

function rangeItem(machine: Machine, range: RangeValue, index: Value): Value {
  const length = rangeLength(range);
  if (index.kind === 'slice') {
    const { start, stop, step } = sliceIndices(machine, index, Number(length));
    return {
      kind: 'range',
      start: range.start + BigInt(start) * range.step,
      stop: range.start + BigInt(stop) * range.step,
      step: range.step * BigInt(step),
    };
  }
  const number = indexNumber(machine, index);
  if (number === null) return machine.raise('TypeError', `range indices must be integers or slices, not ${typeOf(index).name}`);
  const i = number < 0n ? number + length : number;
  if (i < 0n || i >= length) return machine.raise('IndexError', 'range object index out of range');
  return int(range.start + i * range.step);
}

/** `list[int]`, `Optional[Tensor]`: type hints are the class itself here; a metaclass or `__class_getitem__` may say otherwise (Enum['A']). */
function classItem(machine: Machine, cls: Extract<Value, { kind: 'class' }>, index: Value): Value {
  if (cls.metaclass !== null) {
    const method = findInClass(cls.metaclass, '__getitem__');
    if (method !== null) return machine.call(method, [cls, index]);
  }
  const own = findInClass(cls, '__class_getitem__');
  if (own !== null) return machine.call(own.kind === 'classMethod' ? own.function : own, [cls, index]);
  if (cls.sealed || cls.unknownBase !== null) return cls;
  return machine.raise('TypeError', `type '${cls.name}' is not subscriptable`);
}

export function pythonSetItem(machine: Machine, object: Value, index: Value, value: Value): void {
  if (object.kind === 'unknown') machine.unsupported(object.what);
  const cls = typeOf(object);
  const method = findInClass(cls, '__setitem__');
  if (method !== null && (!('class' in object) || object.class !== null)) {
    machine.call(method, [object, index, value]);
    return;
  }
  if (object.kind === 'dict') {
    object.entries.set(index, value, machine);
    machine.charge(1);
    return;
  }
  if (object.kind !== 'list') return machine.raise('TypeError', `'${cls.name}' object does not support item assignment`);
  if (index.kind !== 'slice') {
    object.items[position(machine, index, object.items.length, 'list', ' assignment')] = value;
    return;
  }
  const items = machine.toArray(value);
  const { start, stop, step } = sliceIndices(machine, index, object.items.length);
  if (step === 1) {
    splice(object.items, start, Math.max(0, stop - start), items);
    return;
  }
  const places: number[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) places.push(i);
  if (places.length !== items.length)
    machine.raise('ValueError', `attempt to assign sequence of size ${items.length} to extended slice of size ${places.length}`);
  places.forEach((place, i) => {
    object.items[place] = items[i]!;
  });
}

export function pythonDeleteItem(machine: Machine, object: Value, index: Value): void {
  if (object.kind === 'unknown') machine.unsupported(object.what);
  const cls = typeOf(object);
  const method = findInClass(cls, '__delitem__');
  if (method !== null && (!('class' in object) || object.class !== null)) {
    machine.call(method, [object, index]);
    return;
  }
  if (object.kind === 'dict') {
    if (!object.entries.delete(index, machine)) machine.raiseWith('KeyError', [index]);
  } else if (object.kind === 'list') {
    if (index.kind === 'slice') {
      const { start, stop, step } = sliceIndices(machine, index, object.items.length);
      const gone = new Set<number>();
      for (let i = start; step > 0 ? i < stop : i > stop; i += step) gone.add(i);
      const kept = object.items.filter((_, i) => !gone.has(i));
      splice(object.items, 0, object.items.length, kept);
    } else object.items.splice(position(machine, index, object.items.length, 'list', ' assignment'), 1);
  } else machine.raise('TypeError', `'${cls.name}' object doesn't support item deletion`);
}
