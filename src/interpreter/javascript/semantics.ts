/** What TypeScript does differently from Python: the walker asks here for everything that is not control flow. */
import type { Expression } from '../../language/program';
import { BASE_EXCEPTION, Raised } from '../exceptions';
import type { Frame, Machine, Semantics } from '../machine';
import { callWith } from '../libraryCalls';
import { noKeywords } from '../signature';
import type { Scope } from '../scope';
import type { FunctionValue, ObjectValue, Value } from '../value';
import { NONE, UNDEFINED, arrayIterator, bool, float, isSubclass, list, str } from '../value';
import { callSuper, construct, defineClass, superOf } from './classes';
import { isFunction, isNullish, toText, truthy } from './convert';
import { raiseError } from './errors';
import { createGlobals } from './globals';
import { invoke } from './call';
import { binary, compare, unary } from './operators';
import { hostGlobals, languageGlobals } from './realNames';
import { deleteProperty, getElement, getProperty, ownEntries, setElement, setProperty } from './properties';

type Declaration = 'const' | 'let' | 'var' | null;

export function createJavaScript(machine: Machine): Semantics {
  const globals = createGlobals(machine);
  const constants = new WeakMap<Scope, Set<string>>();

  const semantics: Semantics = {
    language: 'typescript',
    nothing: UNDEFINED,
    constant(value) {
      switch (value.type) {
        case 'none':
          return NONE;
        case 'undefined':
          return UNDEFINED;
        case 'bool':
          return bool(value.value);
        case 'int':
          return float(Number(value.value));
        case 'float':
          return float(value.value);
        case 'string':
          return str(value.value);
        default:
          return machine.unsupported(`a ${value.type} literal`);
      }
    },
    truthy,
    isNullish,
    unary: (operator, operand) => unary(machine, operator, operand),
    binary: (operator, left, right) => binary(machine, operator, left, right),
    augmented: (operator, left, right) => binary(machine, operator, left, right),
    compare: (operator, left, right) => compare(machine, operator, left, right),
    getAttribute: (object, name) => getProperty(machine, object, name),
    setAttribute: (object, name, value) => {
      setProperty(machine, object, name, value);
    },
    deleteAttribute: deleteProperty,
    getItem: (object, index) => getElement(machine, object, index),
    setItem: (object, index, value) => {
      setElement(machine, object, index, value);
    },
    deleteItem: (object, index) => {
      deleteProperty(object, toText(machine, index));
    },
    iterate,
    call(callee, args, _keywords, node) {
      if (node.isNew) return create(callee, args);
      if (callee.kind === 'super') return callSuper(machine, callee, args);
      if (callee.kind === 'class') {
        const plain = callee.namespace.get('%call');
        if (plain !== undefined) return machine.call(plain, args);
        if (isSubclass(callee, BASE_EXCEPTION)) return construct(machine, callee, args);
        return raiseError(machine, 'TypeError', `Class constructor ${callee.name} cannot be invoked without 'new'`);
      }
      if (callee.kind === 'unknown') return machine.unsupported(callee.what);
      if (!isFunction(callee)) return raiseError(machine, 'TypeError', `${sourceOf(node.callee)} is not a function`);
      return callWith(machine, callee, args, noKeywords, () =>
        callee.kind === 'native' || callee.kind === 'function' ? invokeAll(callee, args) : machine.call(callee, args),
      );
    },
    sequence: (_type, items) => list(items),
    mapping(entries) {
      const made: ObjectValue = { kind: 'object', properties: new Map() };
      for (const [key, value] of entries) {
        if (key !== null) made.properties.set(toText(machine, key), value);
        else for (const [name, member] of ownEntries(value)) made.properties.set(name, member);
      }
      machine.charge(made.properties.size);
      return made;
    },
    formatPart: (_part, value) => toText(machine, value),
    lookup(frame, name) {
      if (name === 'super') return superOf(machine, frame);
      const value = find(frame, name);
      if (value !== undefined) return value;
      if (name === 'this') return UNDEFINED;
      if (languageGlobals.has(name) || hostGlobals.has(name)) return machine.unsupported(name);
      const failure = frame.unit.failures.get(name);
      if (failure === undefined) return raiseError(machine, 'ReferenceError', `${name} is not defined`);
      const why = `${name} has no value because ${machine.place(failure.range)} failed: ${failure.message}`;
      // A gap of ours stays one in what comes after it.
      if (failure.type !== 'exception') return machine.unsupported(why);
      return raiseError(machine, 'ReferenceError', `${name} is not defined (${why})`);
    },
    isBound: (frame: Frame, name: string) => find(frame, name) !== undefined || languageGlobals.has(name),
    assign,
    deleteName(frame, name) {
      scopeOf(frame, name)?.names.delete(name);
    },
    destructure,
    bindParameters,
    defineClass: (node, frame) => defineClass(machine, node, frame),
    raised(value) {
      if (value.kind === 'instance' && isSubclass(value.class, BASE_EXCEPTION)) throw new Raised(value, machine.here, machine.traceback());
      return machine.unsupported('throwing a value that is not an Error');
    },
  };
  return semantics;

  function sourceOf(node: Expression): string {
    return machine.frames.at(-1)?.unit.program.text.slice(node.range.start, node.range.end) ?? 'the value';
  }

  function invokeAll(fn: Value, args: readonly Value[]): Value {
    return fn.kind === 'function' ? invoke(machine, fn, args) : machine.call(fn, args);
  }

  function create(callee: Value, args: readonly Value[]): Value {
    if (callee.kind === 'unknown') return machine.unsupported(callee.what);
    if (callee.kind !== 'class') return raiseError(machine, 'TypeError', `${toText(machine, callee)} is not a constructor`);
    return construct(machine, callee, args);
  }

  function iterate(value: Value) {
    switch (value.kind) {
      case 'list':
        return arrayIterator(value.items);
      case 'str':
        return arrayIterator(Array.from(value.value, str));
      case 'iterator':
      case 'generator':
        return machine.iterate(value);
      case 'instance':
        // Map and Set.
        if (value.payload instanceof Map && (value.class.name === 'Map' || value.class.name === 'Set')) {
          const method = value.class.name === 'Map' ? 'entries' : 'values';
          const items = machine.call(getProperty(machine, value, method));
          return arrayIterator(items.kind === 'list' ? items.items : []);
        }
        break;
      case 'unknown':
        return machine.unsupported(value.what);
      default:
        break;
    }
    return raiseError(machine, 'TypeError', `${toText(machine, value)} is not iterable`);
  }

  function find(frame: Frame, name: string): Value | undefined {
    return scopeOf(frame, name)?.names.get(name) ?? globals.get(name);
  }

  function scopeOf(frame: Frame, name: string): Scope | null {
    for (let scope: Scope | null = frame.scope; scope !== null; scope = scope.parent) if (scope.names.has(name)) return scope;
    return null;
  }

  function assign(frame: Frame, name: string, value: Value, declaration: Declaration): void {
    if (declaration === null) {
      const scope = scopeOf(frame, name);
      if (scope === null) raiseError(machine, 'ReferenceError', `${name} is not defined`);
      else if (constants.get(scope)?.has(name) === true) raiseError(machine, 'TypeError', 'Assignment to constant variable.');
      else scope.names.set(name, value);
      return;
    }
    // An anonymous function is called by the name it is first bound to.
    if (value.kind === 'function' && value.name === '<lambda>') value.name = name;
    let { scope } = frame;
    // `var` belongs to the function or module, whatever block it stands in.
    if (declaration === 'var') while (scope.kind === 'block' && scope.parent !== null) scope = scope.parent;
    scope.names.set(name, value);
    if (declaration === 'const') {
      const known = constants.get(scope);
      if (known === undefined) constants.set(scope, new Set([name]));
      else known.add(name);
    }
  }

  function destructure(frame: Frame, target: Expression, value: Value, declaration: Declaration): void {
    if (value.kind === 'unknown' && machine.exploration !== null && (target.kind === 'sequence' || target.kind === 'mapping')) {
      frame.semantics.destructure(frame, target, value, declaration);
      return;
    }
    switch (target.kind) {
      case 'name':
        assign(frame, target.name, value, declaration);
        return;
      // A default: `{ smoothing = 0.1 }`
      case 'assignment':
        destructure(frame, target.target, value.kind === 'undefined' ? machine.evaluate(target.value, frame) : value, declaration);
        return;
      case 'sequence': {
        const cursor = iterate(value);
        for (const item of target.items) {
          if (item.kind === 'starred') {
            const rest: Value[] = [];
            for (let next = cursor.next(); next !== null; next = cursor.next()) rest.push(next);
            destructure(frame, item.value, list(rest), declaration);
          } else {
            const next = cursor.next();
            // A hole is lowered as the constant undefined.
            if (item.kind !== 'constant') destructure(frame, item, next ?? UNDEFINED, declaration);
          }
        }
        return;
      }
      case 'mapping': {
        if (isNullish(value))
          raiseError(machine, 'TypeError', `Cannot destructure '${toText(machine, value)}' as it is ${toText(machine, value)}.`);
        const taken = new Set<string>();
        for (const entry of target.entries) {
          if (entry.key === null) {
            const rest = ownEntries(value).filter(([name]) => !taken.has(name));
            destructure(frame, entry.value, { kind: 'object', properties: new Map(rest) }, declaration);
          } else {
            const name = toText(machine, machine.evaluate(entry.key, frame));
            taken.add(name);
            destructure(frame, entry.value, getProperty(machine, value, name), declaration);
          }
        }
        return;
      }
      default:
        machine.assignTo(target, value, frame);
    }
  }

  /** Missing arguments are undefined, surplus ones are dropped, defaults are evaluated at the call. */
  function bindParameters(fn: FunctionValue, args: readonly Value[], _keywords: unknown, scope: Scope): void {
    if (!fn.code.isArrow) scope.names.set('this', fn.home ?? UNDEFINED);
    const current = machine.frames.at(-1);
    const frame: Frame = {
      scope,
      unit: fn.code.unit,
      semantics,
      name: fn.name,
      firstArgument: null,
      isGenerator: false,
      depth: (current?.depth ?? 0) + 1,
      calledFrom: null,
      returned: [],
    };
    fn.code.parameters.forEach((parameter, i) => {
      let value: Value = parameter.style === 'variadic' ? list(args.slice(i)) : (args[i] ?? UNDEFINED);
      if (value.kind === 'undefined' && parameter.defaultValue !== null) value = machine.evaluate(parameter.defaultValue, frame);
      if (parameter.pattern !== null) destructure(frame, parameter.pattern, value, 'let');
      else scope.names.set(parameter.name, value);
    });
  }
}
