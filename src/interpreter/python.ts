/** What Python code does with values: the walker's Semantics for Python. */
import type { Expression } from '../language/program';
import { bindPythonParameters } from './calls';
import { definePythonClass } from './classes';
import { Dictionary } from './dictionary';
import { callWith } from './libraryCalls';
import type { Frame, Machine, Semantics } from './machine';
import { assignPythonName, deletePythonName, isPythonNameBound, lookupPythonName } from './names';
import { isSame, pythonAugmented, pythonBinary, pythonCompare, pythonContains, pythonTruthy, pythonUnary } from './operators';
import { asciiOf } from './builtins/strings';
import { newSet } from './builtins/sets';
import { pythonDeleteItem, pythonGetItem, pythonSetItem } from './subscripts';
import { typeOf } from './types';
import type { Value } from './value';
import { ELLIPSIS, NONE, bool, bytes, float, int, list, str, tuple, dict } from './value';

export function createPython(machine: Machine): Semantics {
  const floats = new Map<number, Value>();
  const strings = new Map<string, Value>();
  const memo = <K>(known: Map<K, Value>, key: K, make: (key: K) => Value): Value => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      known.set(key, value);
    }
    return value;
  };

  function destructure(frame: Frame, target: Expression, value: Value): void {
    if (target.kind !== 'sequence') {
      machine.assignTo(target, value, frame);
      return;
    }
    // Inside of a pattern too, what is not known has as many parts as are wanted.
    if (value.kind === 'unknown' && machine.exploration !== null) {
      frame.semantics.destructure(frame, target, value, null);
      return;
    }
    if (frame.unit.isPersons) machine.here = target.range;
    const star = target.items.findIndex((item) => item.kind === 'starred');
    const wanted = target.items.length;
    const items = unpacked(value, star < 0 ? wanted : Infinity);
    if (star < 0) {
      if (items.length > wanted) machine.raise('ValueError', `too many values to unpack (expected ${wanted})`);
      if (items.length < wanted) machine.raise('ValueError', `not enough values to unpack (expected ${wanted}, got ${items.length})`);
      target.items.forEach((item, i) => {
        destructure(frame, item, items[i]!);
      });
      return;
    }
    const after = wanted - star - 1;
    if (items.length < wanted - 1)
      machine.raise('ValueError', `not enough values to unpack (expected at least ${wanted - 1}, got ${items.length})`);
    target.items.forEach((item, i) => {
      if (item.kind === 'starred') destructure(frame, item.value, list(items.slice(star, items.length - after)));
      else destructure(frame, item, items[i < star ? i : items.length - wanted + i]!);
    });
  }

  /** Takes one more than wanted, so that an endless iterator is not run to its end. */
  function unpacked(value: Value, wanted: number): readonly Value[] {
    if ((value.kind === 'tuple' || value.kind === 'list') && value.class === null) return value.items;
    if (value.kind !== 'unknown' && !machine.isIterable(value))
      machine.raise('TypeError', `cannot unpack non-iterable ${typeOf(value).name} object`);
    const items: Value[] = [];
    const cursor = machine.iterate(value);
    for (let item = cursor.next(); item !== null && items.length <= wanted; item = cursor.next()) {
      machine.charge(1);
      items.push(item);
    }
    return items;
  }

  return {
    language: 'python',
    nothing: NONE,
    constant(value) {
      switch (value.type) {
        case 'none':
        case 'undefined':
          return NONE;
        case 'ellipsis':
          return ELLIPSIS;
        case 'bool':
          return bool(value.value);
        case 'int':
          return int(value.value);
        case 'float':
          return memo(floats, value.value, float);
        case 'complex':
          return { kind: 'complex', real: 0, imaginary: value.imaginary };
        case 'string':
          return memo(strings, value.value, str);
        case 'bytes':
          return bytes(value.value);
      }
    },
    truthy: (value) => pythonTruthy(machine, value),
    isNullish: (value) => value.kind === 'none',
    unary: (operator, operand) =>
      operator === 'typeof' || operator === 'void' ? machine.unsupported(operator) : pythonUnary(machine, operator, operand),
    binary: (operator, left, right) => pythonBinary(machine, operator, left, right),
    augmented: (operator, left, right) => pythonAugmented(machine, operator, left, right),
    compare(operator, left, right) {
      switch (operator) {
        case 'is':
          return bool(isSame(left, right));
        case 'is not':
          return bool(!isSame(left, right));
        case 'in':
          return bool(pythonContains(machine, right, left));
        case 'not in':
          return bool(!pythonContains(machine, right, left));
        case '===':
        case '!==':
        case 'instanceof':
          return machine.unsupported(operator);
        default:
          return pythonCompare(machine, operator, left, right);
      }
    },
    getAttribute: (object, name) => machine.getAttribute(object, name),
    setAttribute: (object, name, value) => {
      machine.setAttribute(object, name, value);
    },
    deleteAttribute: (object, name) => {
      machine.deleteAttribute(object, name);
    },
    getItem: (object, index) => pythonGetItem(machine, object, index),
    setItem: (object, index, value) => {
      pythonSetItem(machine, object, index, value);
    },
    deleteItem: (object, index) => {
      pythonDeleteItem(machine, object, index);
    },
    iterate: (value) => machine.iterate(value),
    call: (callee, args, keywords) => callWith(machine, callee, args, keywords, () => machine.call(callee, args, keywords)),
    sequence: (type, items) => (type === 'list' ? list(items) : type === 'tuple' ? tuple(items) : newSet(machine, items)),
    mapping(entries) {
      const made = new Dictionary();
      for (const [key, value] of entries) {
        if (key !== null) made.set(key, value, machine);
        else if (value.kind === 'dict') for (const [k, v] of value.entries) made.set(k, v, machine);
        else if (machine.findAttribute(value, 'keys') === null)
          machine.raise('TypeError', `'${typeOf(value).name}' object is not a mapping`);
        else for (const k of machine.toArray(machine.callMethod(value, 'keys'))) made.set(k, machine.getItem(value, k), machine);
      }
      machine.charge(made.size);
      return dict(made);
    },
    formatPart(part, value, spec) {
      // `{x=}` shows the repr unless told otherwise.
      if (part.conversion === null) return part.label !== null && spec === '' ? machine.repr(value) : machine.format(value, spec);
      const text = part.conversion === 's' ? machine.str(value) : machine.repr(value);
      return machine.format(str(part.conversion === 'a' && value.kind === 'str' ? asciiOf(value.value) : text), spec);
    },
    lookup: (frame, name) => lookupPythonName(machine, frame, name),
    assign: (frame, name, value) => {
      assignPythonName(machine, frame, name, value);
    },
    deleteName: (frame, name) => {
      deletePythonName(machine, frame, name);
    },
    isBound: (frame, name) => isPythonNameBound(machine, frame, name),
    destructure,
    bindParameters: (fn, args, keywords, scope) => {
      bindPythonParameters(machine, fn, args, keywords, scope);
    },
    defineClass: (node, frame) => definePythonClass(machine, node, frame),
    raised: () => machine.raise('TypeError', 'exceptions must derive from BaseException'),
  };
}
