/** JavaScript's classes: definition, `new`, fields, `super`. */
import type { ClassDefinition, Expression } from '../../language/program';
import type { Frame, Machine } from '../machine';
import { makeFunction } from '../expressions';
import { native, nativeClass } from '../library';
import type { Scope } from '../scope';
import type { ClassValue, FunctionValue, InstanceValue, SuperValue, Value } from '../value';
import { UNDEFINED, findInClass, instance } from '../value';
import { invoke } from './call';
import { isErrorClass, newError, raiseError } from './errors';
import { withThis } from './properties';

/** A field of a class, evaluated for each new instance with `this` bound. */
interface Field {
  readonly name: string;
  readonly value: Expression | null;
}

interface ClassBody {
  readonly fields: readonly Field[];
  readonly construct: FunctionValue | null;
  /** The frame the class was defined in, with the class's own scope. */
  readonly frame: Frame;
}

/** What only `new` needs to know of a class; out of reach of interpreted code. */
const bodies = new WeakMap<ClassValue, ClassBody>();

/** The name under which a class's scope keeps the class, for `super`. No identifier can be spelt so. */
const homeName = '%class';

export function defineClass(machine: Machine, node: ClassDefinition, frame: Frame): Value {
  const bases = node.bases.map((base) => baseClass(machine, machine.evaluate(base, frame)));
  // `__new__` is what the interpreter's own callers ask for; JavaScript code says `new`, and Semantics.call brings it to construct() below.
  const create = native('new', 'cls, *args', (_context, args) => {
    const made = args.value('cls');
    return made.kind === 'class' ? construct(machine, made, args.rest) : UNDEFINED;
  });
  const cls = nativeClass(node.name, bases, { __new__: create });
  const scope: Scope = {
    kind: 'block',
    names: new Map<string, Value>([[homeName, cls]]),
    parent: frame.scope,
    locals: null,
    declared: null,
  };
  const inner: Frame = { ...frame, scope };
  const fields: Field[] = [];
  let constructorFunction: FunctionValue | null = null;
  scope.names.set(node.name, cls);
  for (const member of node.body) {
    if (member.kind === 'function') {
      const fn = makeFunction(machine, inner, {
        name: member.name,
        parameters: member.parameters,
        body: member.body,
        isGenerator: member.isGenerator,
        isArrow: false,
        docstring: member.docstring,
        range: member.range,
        unit: frame.unit,
      });
      if (member.name === 'constructor' && member.modifier === null) constructorFunction = fn;
      else define(cls, member.name, member.modifier, fn);
    } else if (member.kind === 'assign') {
      for (const target of member.targets) if (target.kind === 'name') fields.push({ name: target.name, value: member.value });
    } else if (member.kind !== 'pass') {
      machine.here = member.range;
      machine.unsupported(member.kind === 'unsupported' ? member.what : `${member.kind} in a class`);
    }
  }
  bodies.set(cls, { fields, construct: constructorFunction, frame: inner });
  return cls;
}

function baseClass(machine: Machine, value: Value): ClassValue {
  if (value.kind === 'class') return value;
  if (value.kind === 'unknown') return machine.unsupported(`a class that extends ${value.what}`);
  return raiseError(machine, 'TypeError', 'Class extends value is not a constructor or null');
}

function define(cls: ClassValue, name: string, modifier: 'static' | 'get' | 'set' | null, fn: FunctionValue): void {
  if (modifier === 'static') cls.namespace.set(name, { kind: 'staticMethod', function: fn });
  else if (modifier === null) cls.namespace.set(name, fn);
  else {
    const old = cls.namespace.get(name);
    const before = old?.kind === 'property' ? old : { getter: null, setter: null };
    cls.namespace.set(name, {
      kind: 'property',
      getter: modifier === 'get' ? fn : before.getter,
      setter: modifier === 'set' ? fn : before.setter,
      deleter: null,
    });
  }
}

/** `new C(…args)` */
export function construct(machine: Machine, cls: ClassValue, args: readonly Value[]): Value {
  if (isErrorClass(cls) && !bodies.has(cls)) return newError(cls, args[0]);
  const native = findInClass(cls, '%new');
  if (native?.kind === 'native') return machine.call(native, args);
  const made = instance(cls);
  initialise(machine, cls, made, args);
  return made;
}

/** Runs the constructor of one class of the instance's line, or what stands in for a missing one. */
function initialise(machine: Machine, cls: ClassValue, self: InstanceValue, args: readonly Value[]): void {
  const body = bodies.get(cls);
  if (body === undefined) {
    if (isErrorClass(cls)) {
      const error = newError(cls, args[0]);
      if (error.kind === 'instance') for (const [name, value] of error.attributes) self.attributes.set(name, value);
    }
    return;
  }
  const [base] = cls.bases;
  if (base === undefined) assignFields(machine, body, self);
  if (body.construct !== null) {
    assignParameterFields(body, self, args, machine);
    return;
  }
  if (base !== undefined) {
    initialise(machine, base, self, args);
    assignFields(machine, body, self);
  }
}

/** TypeScript's `constructor(private readonly smoothing = 0.1)`: the parameter is a field, assigned before the body runs. */
function assignParameterFields(body: ClassBody, self: InstanceValue, args: readonly Value[], machine: Machine): void {
  const constructor = body.construct!;
  const fields = constructor.code.parameters.flatMap((parameter, i) => (parameter.isField ? [{ parameter, i }] : []));
  for (const { parameter, i } of fields) {
    const given = args[i] ?? UNDEFINED;
    const value =
      given.kind === 'undefined' && parameter.defaultValue !== null
        ? machine.evaluate(parameter.defaultValue, withSelf(body.frame, self))
        : given;
    self.attributes.set(parameter.name, value);
  }
  invoke(machine, withThis(constructor, self), args);
}

function assignFields(machine: Machine, body: ClassBody, self: InstanceValue): void {
  const frame = withSelf(body.frame, self);
  for (const field of body.fields) self.attributes.set(field.name, field.value === null ? UNDEFINED : machine.evaluate(field.value, frame));
}

function withSelf(frame: Frame, self: Value): Frame {
  const scope: Scope = { kind: 'block', names: new Map([['this', self]]), parent: frame.scope, locals: null, declared: null };
  return { ...frame, scope };
}

/** What `super` means in this frame: the members behind the class whose method is running. */
export function superOf(machine: Machine, frame: Frame): SuperValue {
  let receiver: Value | undefined;
  for (let scope: Scope | null = frame.scope; scope !== null; scope = scope.parent) {
    receiver ??= scope.names.get('this');
    const home = scope.names.get(homeName);
    if (home?.kind === 'class' && receiver !== undefined) return { kind: 'super', after: home, receiver };
  }
  return raiseError(machine, 'ReferenceError', "'super' keyword unexpected here");
}

/** `super(…args)` in a constructor: the base's constructor, then this class's fields. */
export function callSuper(machine: Machine, target: SuperValue, args: readonly Value[]): Value {
  const [base] = target.after.bases;
  const body = bodies.get(target.after);
  if (base === undefined || body === undefined || target.receiver.kind !== 'instance') {
    return raiseError(machine, 'ReferenceError', "'super' keyword unexpected here");
  }
  initialise(machine, base, target.receiver, args);
  assignFields(machine, body, target.receiver);
  return UNDEFINED;
}
