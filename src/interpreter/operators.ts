/** Python's operators on any values: built-in types first, then the operands' own methods (`__add__`, `__radd__`, `__eq__` …). */
import type { Context } from './context';
import { Dictionary } from './dictionary';
import type { Machine } from './machine';
import { compareNumbers, isNumber, numericBinary, numericUnary } from './numbers';
import { percentFormat } from './formatSpec';
import { append, splice } from './splicing';
import { INT, OBJECT, typeOf } from './types';
import type { SetValue, Value } from './value';
import { NONE, bigintOf, bool, findInClass, isSubclass, list, numberOf, str, tuple } from './value';

const methods: Readonly<Record<string, readonly [forward: string, reflected: string]>> = {
  '+': ['__add__', '__radd__'],
  '-': ['__sub__', '__rsub__'],
  '*': ['__mul__', '__rmul__'],
  '/': ['__truediv__', '__rtruediv__'],
  '//': ['__floordiv__', '__rfloordiv__'],
  '%': ['__mod__', '__rmod__'],
  '**': ['__pow__', '__rpow__'],
  '@': ['__matmul__', '__rmatmul__'],
  '<<': ['__lshift__', '__rlshift__'],
  '>>': ['__rshift__', '__rrshift__'],
  '&': ['__and__', '__rand__'],
  '|': ['__or__', '__ror__'],
  '^': ['__xor__', '__rxor__'],
};

type Ordering = '<' | '<=' | '>' | '>=' | '==' | '!=';
const comparisons: Readonly<Record<Ordering, readonly [forward: string, reflected: string]>> = {
  '<': ['__lt__', '__gt__'],
  '<=': ['__le__', '__ge__'],
  '>': ['__gt__', '__lt__'],
  '>=': ['__ge__', '__le__'],
  '==': ['__eq__', '__eq__'],
  '!=': ['__ne__', '__ne__'],
};

const isPlain = (value: Value): boolean => !('class' in value) || value.class === null;

/** Calls a method of the operand's class; null when it has none or it says NotImplemented. */
function ask(machine: Machine, receiver: Value, name: string, other: Value): Value | null {
  const method = findInClass(typeOf(receiver), name);
  if (method === null || method.kind === 'none') return null;
  const result = machine.call(method, [receiver, other]);
  return result.kind === 'notImplemented' ? null : result;
}

export function pythonBinary(machine: Machine, operator: string, left: Value, right: Value): Value {
  if (left.kind === 'unknown') return machine.unsupported(left.what);
  // In a text, what is not known is named.
  if (right.kind === 'unknown' && !(left.kind === 'str' && operator === '%')) return machine.unsupported(right.what);
  if (isPlain(left) && isPlain(right)) {
    const simple = builtinBinary(machine, operator, left, right);
    if (simple !== null) return simple;
  }
  const [forward, reflected] = methods[operator] ?? ['', ''];
  const leftClass = typeOf(left);
  const rightClass = typeOf(right);
  // A subclass that overrides the reflected method is asked first.
  // So is a number of another class (numpy's) beside a plain one, whose own type knows nothing of it.
  const isForeign = isNumber(left) && isNumber(right) && isPlain(left) && !isPlain(right) && !isSubclass(rightClass, INT);
  const rightFirst =
    leftClass !== rightClass &&
    (isForeign || isSubclass(rightClass, leftClass)) &&
    findInClass(rightClass, reflected) !== findInClass(leftClass, reflected);
  const result =
    (rightFirst ? ask(machine, right, reflected, left) : null) ??
    ask(machine, left, forward, right) ??
    (rightFirst || (leftClass === rightClass && isPlain(left)) ? null : ask(machine, right, reflected, left)) ??
    builtinBinary(machine, operator, left, right);
  if (result !== null) return result;
  const shown = operator === '**' ? '** or pow()' : operator;
  return machine.raise('TypeError', `unsupported operand type(s) for ${shown}: '${leftClass.name}' and '${rightClass.name}'`);
}

function builtinBinary(context: Context, operator: string, left: Value, right: Value): Value | null {
  if (isNumber(left) && isNumber(right)) return numericBinary(context, operator, left, right);
  switch (operator) {
    case '+':
      return concatenate(context, left, right);
    case '*':
      return repeat(context, left, right) ?? repeat(context, right, left);
    case '%':
      return left.kind === 'str' ? str(percentFormat(context, left.value, right)) : null;
    case '|':
      if (left.kind === 'dict' && right.kind === 'dict') {
        const merged = left.entries.copy();
        for (const [key, value] of right.entries) merged.set(key, value, context);
        return { kind: 'dict', entries: merged, class: left.class, attributes: null };
      }
      if (isType(left) && isType(right)) return tuple([...unionMembers(left), ...unionMembers(right)]);
      return setOperation(context, operator, left, right);
    case '&':
    case '-':
    case '^':
      return setOperation(context, operator, left, right);
    default:
      return null;
  }
}

/** `int | None` in annotations and isinstance. */
const isType = (value: Value): boolean =>
  value.kind === 'class' ||
  value.kind === 'none' ||
  value.kind === 'unknown' ||
  (value.kind === 'tuple' && value.items.every((i) => i.kind === 'class'));
const unionMembers = (value: Value): readonly Value[] =>
  value.kind === 'tuple' ? value.items : value.kind === 'none' ? [typeOf(NONE)] : [value];

function concatenate(context: Context, left: Value, right: Value): Value | null {
  if (left.kind === 'str') {
    if (right.kind !== 'str')
      return right.kind === 'instance' || right.kind === 'tensor'
        ? null
        : context.raise('TypeError', `can only concatenate str (not "${context.typeOf(right).name}") to str`);
    context.charge(left.value.length + right.value.length, 1);
    return str(left.value + right.value);
  }
  if (left.kind === 'list') {
    if (right.kind !== 'list')
      return right.kind === 'instance' || right.kind === 'tensor'
        ? null
        : context.raise('TypeError', `can only concatenate list (not "${context.typeOf(right).name}") to list`);
    context.charge(left.items.length + right.items.length);
    return list([...left.items, ...right.items]);
  }
  if (left.kind === 'tuple') {
    if (right.kind !== 'tuple')
      return right.kind === 'instance' || right.kind === 'tensor'
        ? null
        : context.raise('TypeError', `can only concatenate tuple (not "${context.typeOf(right).name}") to tuple`);
    context.charge(left.items.length + right.items.length);
    return tuple([...left.items, ...right.items]);
  }
  if (left.kind === 'bytes' && right.kind === 'bytes') return { kind: 'bytes', value: new Uint8Array([...left.value, ...right.value]) };
  return null;
}

function repeat(context: Context, sequence: Value, times: Value): Value | null {
  const count = bigintOf(times);
  if (sequence.kind !== 'str' && sequence.kind !== 'list' && sequence.kind !== 'tuple') return null;
  if (count === null) {
    if (times.kind === 'instance' || times.kind === 'tensor') return null;
    return context.raise('TypeError', `can't multiply sequence by non-int of type '${context.typeOf(times).name}'`);
  }
  const length = sequence.kind === 'str' ? sequence.value.length : sequence.items.length;
  const n = count < 0n ? 0 : Number(count);
  context.charge(length * n, sequence.kind === 'str' ? 1 : undefined);
  if (sequence.kind === 'str') return str(sequence.value.repeat(length === 0 ? 0 : n));
  const items: Value[] = [];
  if (length > 0) for (let i = 0; i < n; i++) append(items, sequence.items);
  return sequence.kind === 'list' ? list(items) : tuple(items);
}

function setOperation(context: Context, operator: string, left: Value, right: Value): Value | null {
  const a = setOf(context, left);
  const b = setOf(context, right);
  if (a === null || b === null || (left.kind !== 'set' && right.kind !== 'set' && !isView(left))) return null;
  const made = new Dictionary();
  const keep = (from: Dictionary, when: (key: Value) => boolean): void => {
    for (const [key] of from) if (when(key)) made.set(key, NONE, context);
  };
  if (operator === '&') keep(a, (key) => b.has(key, context));
  else if (operator === '-') keep(a, (key) => !b.has(key, context));
  else {
    keep(a, (key) => operator === '|' || !b.has(key, context));
    keep(b, (key) => operator === '|' || !a.has(key, context));
  }
  return { kind: 'set', entries: made, frozen: left.kind === 'set' && left.frozen, class: null, attributes: null };
}

/** dict.keys() and items() take part in set operations. */
const isView = (value: Value): boolean =>
  value.kind === 'instance' && (value.class.name === 'dict_keys' || value.class.name === 'dict_items');

function setOf(context: Context, value: Value): Dictionary | null {
  if (value.kind === 'set') return value.entries;
  if (!isView(value)) return null;
  const made = new Dictionary();
  for (const item of context.toArray(value)) made.set(item, NONE, context);
  return made;
}

/** `a += b`: lists, sets and dicts grow in place; `__iadd__` where there is one; else a = a + b. */
export function pythonAugmented(machine: Machine, operator: string, left: Value, right: Value): Value {
  if (left.kind === 'list' && left.class === null && operator === '+') {
    const added = machine.toArray(right);
    machine.charge(left.items.length + added.length);
    append(left.items, added);
    return left;
  }
  if (left.kind === 'list' && left.class === null && operator === '*') {
    const repeated = pythonBinary(machine, operator, left, right);
    if (repeated.kind !== 'list') return repeated;
    splice(left.items, 0, left.items.length, repeated.items);
    return left;
  }
  if (left.kind === 'set' && !left.frozen) {
    const result = pythonBinary(machine, operator, left, right);
    if (result.kind === 'set') replaceSet(machine, left, result);
    return left;
  }
  if (left.kind === 'dict' && right.kind === 'dict' && operator === '|') {
    for (const [key, value] of right.entries) left.entries.set(key, value, machine);
    return left;
  }
  const forward = methods[operator]?.[0] ?? '';
  const inPlace = ask(machine, left, `__i${forward.slice(2)}`, right);
  return inPlace ?? pythonBinary(machine, operator, left, right);
}

function replaceSet(context: Context, target: SetValue, source: SetValue): void {
  const items = source.entries.keys();
  target.entries.clear();
  for (const item of items) target.entries.set(item, NONE, context);
}

export function pythonUnary(machine: Machine, operator: '-' | '+' | '~' | 'not', value: Value): Value {
  if (operator === 'not') return bool(!machine.truthy(value));
  const simple = isPlain(value) ? numericUnary(machine, operator, value) : null;
  if (simple !== null) return simple;
  if (value.kind === 'unknown') return machine.unsupported(value.what);
  const method = findInClass(typeOf(value), operator === '-' ? '__neg__' : operator === '+' ? '__pos__' : '__invert__');
  if (method !== null) return machine.call(method, [value]);
  return machine.raise('TypeError', `bad operand type for unary ${operator}: '${typeOf(value).name}'`);
}

// ------------------------------------------------------------------------------------------------------ comparisons

/**
 * Same object; numbers and strings made anew are not the same, as in CPython (small ints and constants are). There is one None and one of each
 * truth value, though a copy that keeps its way may stand for it.
 */
export const isSame = (left: Value, right: Value): boolean =>
  left === right ||
  (left.kind === 'none' && right.kind === 'none') ||
  (left.kind === 'bool' && right.kind === 'bool' && left.value === right.value);

export function pythonCompare(machine: Machine, operator: Ordering, left: Value, right: Value): Value {
  if (left.kind === 'unknown') return machine.unsupported(left.what);
  if (right.kind === 'unknown') return machine.unsupported(right.what);
  const numbers = compareNumbers(left, right);
  if (numbers !== null && isPlain(left) && isPlain(right)) return bool(holds(operator, numbers));
  const [forward, reflected] = comparisons[operator];
  const leftClass = typeOf(left);
  const rightClass = typeOf(right);
  const rightFirst = leftClass !== rightClass && isSubclass(rightClass, leftClass);
  const asked =
    (rightFirst ? ask(machine, right, reflected, left) : null) ??
    ask(machine, left, forward, right) ??
    (rightFirst ? null : ask(machine, right, reflected, left));
  if (asked !== null) return asked;
  if (operator === '!=') {
    // object.__ne__ turns `__eq__` around.
    const equal = ask(machine, left, '__eq__', right) ?? ask(machine, right, '__eq__', left);
    if (equal !== null) return bool(!machine.truthy(equal));
    return bool(!builtinEquals(machine, left, right));
  }
  if (operator === '==') return bool(builtinEquals(machine, left, right));
  const order = builtinOrder(machine, operator, left, right);
  if (order !== null) return order;
  return machine.raise('TypeError', `'${operator}' not supported between instances of '${leftClass.name}' and '${rightClass.name}'`);
}

function holds(operator: Ordering, order: number): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
  }
}

export function pythonEquals(machine: Machine, left: Value, right: Value): boolean {
  // Values that hold others many times over make more comparisons than there are items.
  machine.tick();
  return left === right || machine.truthy(pythonCompare(machine, '==', left, right));
}

/** Equality of built-in values; two objects are equal when they are the same. */
function builtinEquals(machine: Machine, left: Value, right: Value): boolean {
  if (left === right) return true;
  const numbers = compareNumbers(left, right);
  if (numbers !== null) return numbers === 0;
  switch (left.kind) {
    case 'str':
      return right.kind === 'str' && left.value === right.value;
    case 'none':
    case 'notImplemented':
    case 'ellipsis':
      return right.kind === left.kind;
    case 'bytes':
      return right.kind === 'bytes' && left.value.length === right.value.length && left.value.every((b, i) => b === right.value[i]);
    case 'complex': {
      const real = numberOf(right);
      if (right.kind === 'complex') return left.real === right.real && left.imaginary === right.imaginary;
      return real !== null && left.imaginary === 0 && left.real === real;
    }
    case 'list':
    case 'tuple':
      return right.kind === left.kind && machine.nested(() => itemsEqual(machine, left.items, right.items));
    case 'range':
      return right.kind === 'range' && itemsEqual(machine, rangeKey(left), rangeKey(right));
    case 'slice':
      return right.kind === 'slice' && itemsEqual(machine, [left.start, left.stop, left.step], [right.start, right.stop, right.step]);
    case 'dict':
      if (right.kind !== 'dict' || left.entries.size !== right.entries.size) return false;
      return machine.nested(() => {
        for (const [key, value] of left.entries) {
          const other = right.entries.get(key, machine);
          if (other === undefined || !pythonEquals(machine, value, other)) return false;
        }
        return true;
      });
    case 'set':
    case 'instance': {
      if (isView(left) && isView(right) && left.kind === 'instance' && left.class.name === 'dict_items') {
        const others = machine.toArray(right);
        const items = machine.toArray(left);
        return items.length === others.length && items.every((item) => others.some((other) => pythonEquals(machine, item, other)));
      }
      const a = setOf(machine, left);
      const b = setOf(machine, right);
      return a !== null && b !== null && a.size === b.size && a.keys().every((key) => b.has(key, machine));
    }
    case 'boundMethod':
      return right.kind === 'boundMethod' && left.receiver === right.receiver && left.function === right.function;
    default:
      return false;
  }
}

function rangeKey(range: Extract<Value, { kind: 'range' }>): Value[] {
  const length = rangeLength(range);
  const number = (value: bigint): Value => ({ kind: 'int', value, class: null, attributes: null });
  return [number(length), ...(length > 0n ? [number(range.start)] : []), ...(length > 1n ? [number(range.step)] : [])];
}

export function rangeLength({ start, stop, step }: Extract<Value, { kind: 'range' }>): bigint {
  const span = step > 0n ? stop - start : start - stop;
  const stride = step > 0n ? step : -step;
  return span <= 0n ? 0n : (span + stride - 1n) / stride;
}

function itemsEqual(machine: Machine, a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, i) => pythonEquals(machine, item, b[i]!));
}

function builtinOrder(machine: Machine, operator: Ordering, left: Value, right: Value): Value | null {
  const numbers = compareNumbers(left, right);
  if (numbers !== null) return bool(holds(operator, numbers));
  if (left.kind === 'str' && right.kind === 'str') return bool(holds(operator, compareText(left.value, right.value)));
  if ((left.kind === 'list' && right.kind === 'list') || (left.kind === 'tuple' && right.kind === 'tuple')) {
    const shared = Math.min(left.items.length, right.items.length);
    return machine.nested(() => {
      for (let i = 0; i < shared; i++) {
        const a = left.items[i]!;
        const b = right.items[i]!;
        if (!pythonEquals(machine, a, b)) return pythonCompare(machine, operator, a, b);
      }
      return bool(holds(operator, left.items.length - right.items.length));
    });
  }
  if (left.kind === 'set' && right.kind === 'set') {
    const inside = (a: SetValue, b: SetValue): boolean => a.entries.keys().every((key) => b.entries.has(key, machine));
    const [small, large] = operator.startsWith('<') ? [left, right] : [right, left];
    return bool(inside(small, large) && (operator.length === 2 || small.entries.size < large.entries.size));
  }
  return null;
}

/** By code points, as Python orders text. */
export function compareText(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    return rank(x) - rank(y);
  }
  return a.length - b.length;
}
/** Surrogates stand for code points above all others. */
const rank = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);

export function pythonContains(machine: Machine, container: Value, item: Value): boolean {
  if (container.kind === 'unknown') return machine.unsupported(container.what);
  const method = findInClass(typeOf(container), '__contains__');
  if (method !== null && (!isPlain(container) || container.kind === 'instance'))
    return machine.truthy(machine.call(method, [container, item]));
  switch (container.kind) {
    case 'str':
      if (item.kind !== 'str') return machine.raise('TypeError', `'in <string>' requires string as left operand, not ${typeOf(item).name}`);
      return container.value.includes(item.value);
    case 'dict':
    case 'set':
      return container.entries.has(item, machine);
    case 'range': {
      const number = compareNumbers(item, item) === 0 ? numberOf(item) : null;
      if (number === null || !Number.isInteger(number)) return false;
      const n = bigintOf(item) ?? BigInt(number);
      const inside = container.step > 0n ? n >= container.start && n < container.stop : n <= container.start && n > container.stop;
      return inside && (n - container.start) % container.step === 0n;
    }
    default: {
      if (method !== null) return machine.truthy(machine.call(method, [container, item]));
      const cls = typeOf(container);
      if (container.kind !== 'list' && container.kind !== 'tuple' && !machine.isIterable(container))
        return machine.raise('TypeError', `argument of type '${cls.name}' is not iterable`);
      const cursor = machine.iterate(container);
      for (let next = cursor.next(); next !== null; next = cursor.next()) {
        machine.tick();
        if (pythonEquals(machine, next, item)) return true;
      }
      return false;
    }
  }
}

export function pythonTruthy(machine: Machine, value: Value): boolean {
  switch (value.kind) {
    case 'none':
    case 'undefined':
      return false;
    case 'bool':
      return value.value;
    case 'int':
      if (value.class === null) return value.value !== 0n;
      break;
    case 'float':
      return value.value !== 0;
    case 'str':
      return value.value.length > 0;
    case 'bytes':
      return value.value.length > 0;
    case 'complex':
      return value.real !== 0 || value.imaginary !== 0;
    case 'range':
      return rangeLength(value) > 0n;
    case 'unknown':
      return machine.unsupported(value.what);
    case 'list':
    case 'tuple':
      if (value.class === null) return value.items.length > 0;
      break;
    case 'dict':
    case 'set':
      if (value.class === null) return value.entries.size > 0;
      break;
    default:
  }
  const cls = typeOf(value);
  const asBool = findInClass(cls, '__bool__');
  if (asBool !== null) {
    const answer = machine.call(asBool, [value]);
    if (answer.kind !== 'bool') return machine.raise('TypeError', `__bool__ should return bool, returned ${typeOf(answer).name}`);
    return answer.value;
  }
  if (findInClass(cls, '__len__') !== null) return machine.length(value) > 0;
  if (value.kind === 'int') return value.value !== 0n;
  if (value.kind === 'list' || value.kind === 'tuple') return value.items.length > 0;
  if (value.kind === 'dict' || value.kind === 'set') return value.entries.size > 0;
  return true;
}

/** Python's hash as text, for what simple keys cannot tell. */
export function pythonHash(machine: Machine, value: Value): string {
  switch (value.kind) {
    case 'list':
    case 'dict':
    case 'slice':
      if (value.kind === 'slice' || findInClass(typeOf(value), '__hash__') === null)
        return machine.raise('TypeError', `unhashable type: '${typeOf(value).name}'`);
      break;
    case 'set':
      if (!value.frozen) return machine.raise('TypeError', `unhashable type: 'set'`);
      return `f${value.entries
        .keys()
        .map((key) => hashText(machine, key))
        .sort()
        .join(';')}`;
    case 'str':
    case 'int':
    case 'float':
    case 'bool':
    case 'none':
      if (!('class' in value) || value.class === null) return plainHash(value);
      break;
    case 'tuple':
      machine.tick();
      return `t${value.items.map((item) => hashText(machine, item)).join(';')}`;
    case 'unknown':
      return machine.unsupported(value.what);
    default:
  }
  const cls = typeOf(value);
  // A class that defines `__eq__` alone is not hashable.
  for (const c of cls.mro) {
    const method = c.namespace.get('__hash__');
    if (method !== undefined) {
      if (method.kind === 'none') return machine.raise('TypeError', `unhashable type: '${cls.name}'`);
      return machine.str(machine.call(method, [value]));
    }
    if (c !== OBJECT && c.namespace.has('__eq__')) return machine.raise('TypeError', `unhashable type: '${cls.name}'`);
  }
  return machine.identity(value).toString();
}

function hashText(machine: Machine, value: Value): string {
  return 'class' in value && value.class !== null ? pythonHash(machine, value) : plainHash(value) || pythonHash(machine, value);
}

/** Equal numbers have one hash, whatever their type; empty for what is neither number, text nor None. */
function plainHash(value: Value): string {
  const number = compareNumbers(value, value) === 0 ? numberOf(value) : null;
  if (number !== null) return `n${number}`;
  return value.kind === 'str' ? `s${value.value}` : value.kind === 'none' ? 'None' : '';
}
