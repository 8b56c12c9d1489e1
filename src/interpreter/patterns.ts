/** `match`: does a pattern fit a value? Names are bound as they are met. */
import type { Expression, Pattern } from '../language/program';
import type { Frame, Machine } from './machine';
import type { Value } from './value';
import { TRUE, list, dict } from './value';
import { Dictionary } from './dictionary';

const selfMatching = new Set(['bool', 'bytes', 'dict', 'float', 'frozenset', 'int', 'list', 'set', 'str', 'tuple']);

export function matches(machine: Machine, pattern: Pattern, value: Value, frame: Frame): boolean {
  switch (pattern.kind) {
    case 'value': {
      const expected = machine.evaluate(pattern.value, frame);
      // None, True and False match by identity, everything else by equality.
      if (isSingleton(pattern.value)) return expected === value;
      return machine.equals(value, expected);
    }
    case 'capture':
      bind(pattern.name, value, frame);
      return true;
    case 'or':
      return pattern.alternatives.some((alternative) => matches(machine, alternative, value, frame));
    case 'as':
      if (!matches(machine, pattern.pattern, value, frame)) return false;
      bind(pattern.name, value, frame);
      return true;
    case 'sequence':
      return matchSequence(machine, pattern.items, value, frame);
    case 'star':
      bind(pattern.name, value, frame);
      return true;
    case 'mapping':
      return matchMapping(machine, pattern, value, frame);
    case 'class':
      return matchClass(machine, pattern, value, frame);
    case 'unsupported':
      if (frame.unit.isPersons) machine.here = pattern.range;
      return machine.unsupported(pattern.what);
  }
}

const isSingleton = (node: Expression): boolean => node.kind === 'constant' && (node.value.type === 'none' || node.value.type === 'bool');

function bind(name: string | null, value: Value, frame: Frame): void {
  if (name !== null) frame.semantics.assign(frame, name, value, null);
}

function matchSequence(machine: Machine, items: readonly Pattern[], value: Value, frame: Frame): boolean {
  if (value.kind !== 'list' && value.kind !== 'tuple') return false;
  const star = items.findIndex((item) => item.kind === 'star');
  const values = value.items;
  if (star < 0) return values.length === items.length && items.every((item, i) => matches(machine, item, values[i]!, frame));
  const after = items.length - star - 1;
  if (values.length < items.length - 1) return false;
  return (
    items.slice(0, star).every((item, i) => matches(machine, item, values[i]!, frame)) &&
    matches(machine, items[star]!, list(values.slice(star, values.length - after)), frame) &&
    items.slice(star + 1).every((item, i) => matches(machine, item, values[values.length - after + i]!, frame))
  );
}

function matchMapping(machine: Machine, pattern: Extract<Pattern, { kind: 'mapping' }>, value: Value, frame: Frame): boolean {
  if (value.kind !== 'dict') return false;
  const used: Value[] = [];
  for (const entry of pattern.entries) {
    const key = machine.evaluate(entry.key, frame);
    const found = value.entries.get(key, machine);
    if (found === undefined || !matches(machine, entry.pattern, found, frame)) return false;
    used.push(key);
  }
  if (pattern.rest !== null) {
    const rest = new Dictionary();
    for (const [key, item] of value.entries) if (!used.some((u) => machine.equals(u, key))) rest.set(key, item, machine);
    bind(pattern.rest, dict(rest), frame);
  }
  return true;
}

function matchClass(machine: Machine, pattern: Extract<Pattern, { kind: 'class' }>, value: Value, frame: Frame): boolean {
  const cls = machine.evaluate(pattern.class, frame);
  if (frame.unit.isPersons) machine.here = pattern.range;
  if (cls.kind !== 'class') return machine.raise('TypeError', 'called match pattern must be a class');
  if (!machine.isInstance(value, cls)) return false;
  const attributes: [string, Pattern][] = [];
  if (pattern.positional.length > 0) {
    if (cls.module === 'builtins' && selfMatching.has(cls.name)) {
      if (pattern.positional.length > 1)
        machine.raise('TypeError', `${cls.name}() accepts 1 positional sub-pattern (${pattern.positional.length} given)`);
      if (!matches(machine, pattern.positional[0]!, value, frame)) return false;
    } else {
      const names = machine.findAttribute(cls, '__match_args__');
      const known = names?.kind === 'tuple' ? names.items : [];
      if (known.length < pattern.positional.length)
        machine.raise('TypeError', `${cls.name}() accepts ${known.length} positional sub-patterns (${pattern.positional.length} given)`);
      pattern.positional.forEach((sub, i) => attributes.push([machine.str(known[i] ?? TRUE), sub]));
    }
  }
  for (const { name, pattern: sub } of pattern.keywords) attributes.push([name, sub]);
  return attributes.every(([name, sub]) => {
    const attribute = machine.findAttribute(value, name);
    return attribute !== null && matches(machine, sub, attribute, frame);
  });
}
