/** `class` statements and `type(name, bases, namespace)`: bases, metaclass, namespace, `__set_name__`, `__init_subclass__`. */
import type { ClassDefinition } from '../language/program';
import type { Keywords } from './context';
import { closureOf } from './expressions';
import { mergeOrders } from './library';
import type { Frame, Machine } from './machine';
import type { Scope } from './scope';
import { OBJECT, TYPE, typeOf } from './types';
import type { ClassValue, UnknownValue, Value } from './value';
import { findInClass, isSubclass, str, tuple, dict } from './value';
import { NamesDictionary } from './dictionary';

export function definePythonClass(machine: Machine, node: ClassDefinition, frame: Frame): Value {
  const bases: ClassValue[] = [];
  let unknownBase: UnknownValue | null = null;
  for (const expression of node.bases) {
    const values =
      expression.kind === 'starred' ? machine.toArray(machine.evaluate(expression.value, frame)) : [machine.evaluate(expression, frame)];
    for (const base of values) {
      if (frame.unit.isPersons) machine.here = expression.range;
      if (base.kind === 'class') bases.push(base);
      else if (base.kind === 'unknown') unknownBase ??= base;
      else {
        const replacement = machine.findAttribute(base, '__mro_entries__');
        if (replacement === null) machine.raise('TypeError', `bases must be types, not ${typeOf(base).name}`);
        else for (const entry of machine.toArray(machine.call(replacement, [tuple([base])]))) if (entry.kind === 'class') bases.push(entry);
      }
    }
  }
  let metaclass: ClassValue | null = null;
  const keywords = new Map<string, Value>();
  for (const keyword of node.keywords) {
    const value = machine.evaluate(keyword.value, frame);
    if (keyword.name === 'metaclass') metaclass = value.kind === 'class' && value !== TYPE ? value : null;
    else if (keyword.name !== null) keywords.set(keyword.name, value);
  }
  metaclass ??= bases.find((base) => base.metaclass !== null)?.metaclass ?? null;

  // Methods find `__class__` (for super()) in a scope of its own between the body and what surrounds it.
  const cell: Scope = { kind: 'function', names: new Map(), parent: closureOf(frame.scope), locals: null, declared: null };
  const outer = frame.scope.kind === 'class' ? frame.scope.names.get('__qualname__') : undefined;
  const qualifiedName =
    outer?.kind === 'str'
      ? `${outer.value}.${node.name}`
      : frame.scope.kind === 'function'
        ? `${frame.name}.<locals>.${node.name}`
        : node.name;
  const names = new Map<string, Value>([
    ['__module__', str(frame.unit.moduleName)],
    ['__qualname__', str(qualifiedName)],
  ]);
  if (node.docstring !== null) names.set('__doc__', str(node.docstring));
  const body: Frame = {
    ...frame,
    scope: { kind: 'class', names, parent: cell, locals: null, declared: null },
    name: qualifiedName,
    isGenerator: false,
  };
  const end = machine.execute(node.body, body).next();
  if (end.done !== true) machine.raise('SyntaxError', "'yield' outside function");
  if (frame.unit.isPersons) machine.here = node.nameRange;
  const details = { qualifiedName, module: frame.unit.moduleName, unknownBase };
  const made = machine.createClass(node.name, bases, names, metaclass, keywords, details);
  cell.names.set('__class__', made);
  return made;
}

interface ClassDetails {
  readonly qualifiedName: string;
  readonly module: string;
  readonly unknownBase: UnknownValue | null;
}

/** Asks the metaclass, if it makes classes its own way (Enum), else builds the class. */
export function createPythonClass(
  machine: Machine,
  name: string,
  bases: readonly ClassValue[],
  namespace: Map<string, Value>,
  metaclass: ClassValue | null,
  keywords: Keywords,
  details: ClassDetails,
): Value {
  const maker = metaclass === null ? null : findInClass(metaclass, '__new__');
  if (metaclass !== null && maker !== null && maker !== TYPE.namespace.get('__new__')) {
    const entries: Value = dict(new NamesDictionary(namespace));
    const args = [str(name), tuple(bases), entries];
    const made = machine.call(maker.kind === 'staticMethod' ? maker.function : maker, [metaclass, ...args], keywords);
    const init = findInClass(metaclass, '__init__');
    if (init !== null) machine.call(init, [made, ...args], keywords);
    return made;
  }
  const made = buildClass(machine, name, bases, namespace, metaclass, keywords, details);
  const init = metaclass === null ? null : findInClass(metaclass, '__init__');
  if (init !== null) {
    const entries: Value = dict(new NamesDictionary(namespace));
    machine.call(init, [made, str(name), tuple(bases), entries], keywords);
  }
  return made;
}

/** type.__new__ */
export function buildClass(
  machine: Machine,
  name: string,
  bases: readonly ClassValue[],
  namespace: Map<string, Value>,
  metaclass: ClassValue | null,
  keywords: Keywords,
  details: ClassDetails,
): ClassValue {
  const parents = bases.length === 0 ? [OBJECT] : bases;
  for (const base of parents) {
    if (base.module === 'builtins' && notInheritable.has(base.name))
      machine.raise('TypeError', `type '${base.name}' is not an acceptable base type`);
    if (parents.filter((b) => b === base).length > 1) machine.raise('TypeError', `duplicate base class ${base.name}`);
  }
  const order = mergeOrders(parents);
  if (order === null)
    return machine.raise(
      'TypeError',
      `Cannot create a consistent method resolution order (MRO) for bases ${parents.map((b) => b.name).join(', ')}`,
    );
  const mro: ClassValue[] = [];
  const cls: ClassValue = {
    kind: 'class',
    name,
    qualifiedName: details.qualifiedName,
    module: details.module,
    bases: parents,
    mro,
    namespace,
    metaclass,
    sealed: false,
    unknownBase: details.unknownBase ?? parents.find((base) => base.unknownBase !== null)?.unknownBase ?? null,
  };
  mro.push(cls, ...order);
  namespace.delete('__qualname__');
  for (const [key, value] of namespace) {
    if (value.kind !== 'instance') continue;
    const hook = findInClass(value.class, '__set_name__');
    if (hook !== null) machine.call(hook, [value, cls, str(key)]);
  }
  // `__new__`, `__init_subclass__` and `__class_getitem__` are static or class methods without saying so.
  for (const special of ['__init_subclass__', '__class_getitem__']) {
    const found = namespace.get(special);
    if (found?.kind === 'function') namespace.set(special, { kind: 'classMethod', function: found });
  }
  const maker = namespace.get('__new__');
  if (maker?.kind === 'function') namespace.set('__new__', { kind: 'staticMethod', function: maker });
  const hook = order.map((base) => base.namespace.get('__init_subclass__')).find((found) => found !== undefined);
  if (hook !== undefined) machine.call(hook.kind === 'classMethod' ? hook.function : hook, [cls], keywords);
  else if (keywords.size > 0 && cls.unknownBase === null)
    machine.raise('TypeError', `${name}.__init_subclass__() takes no keyword arguments`);
  return cls;
}

const notInheritable = new Set([
  'bool',
  'NoneType',
  'ellipsis',
  'function',
  'range',
  'slice',
  'generator',
  'builtin_function_or_method',
  'method',
]);

/** Names of methods that a subclass must still define. */
export function abstractMethods(machine: Machine, cls: ClassValue): string[] {
  const names = new Set<string>();
  for (const c of cls.mro) for (const [name, value] of c.namespace) if (isAbstract(machine, value)) names.add(name);
  return [...names].filter((name) => {
    const found = findInClass(cls, name);
    return found !== null && isAbstract(machine, found);
  });
}

function isAbstract(machine: Machine, value: Value): boolean {
  if (value.kind === 'function') return value.attributes.has('__isabstractmethod__');
  if (value.kind === 'staticMethod' || value.kind === 'classMethod') return isAbstract(machine, value.function);
  return value.kind === 'property' && value.getter !== null && isAbstract(machine, value.getter);
}

/** isinstance: the class's mro, or what a metaclass or ABC says. */
export function isInstanceOf(machine: Machine, value: Value, cls: ClassValue): boolean {
  if (isSubclass(typeOf(value), cls)) return true;
  const hook = cls.metaclass === null ? null : findInClass(cls.metaclass, '__instancecheck__');
  if (hook !== null) return machine.truthy(machine.call(hook, [cls, value]));
  const check = cls.namespace.get('__instancecheck__');
  return check?.kind === 'native' ? machine.truthy(machine.call(check, [value])) : false;
}
