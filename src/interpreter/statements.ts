/** Executes statements. A block is a generator so that a generator function can stand still anywhere inside it; other functions run through. */
import type { Expression, ExceptHandler, FunctionDefinition, Statement } from '../language/program';
import { exceptionClass, isException, newException, Raised, Stopped, BASE_EXCEPTION } from './exceptions';
import { bothWays } from './exploring/branches';
import { boundBy } from './bound';
import { makeFunction } from './expressions';
import { executeImport } from './imports';
import type { Completion, Execution, Frame, Machine } from './machine';
import { isWritten } from './libraryCalls';
import { matches } from './patterns';
import { privateName } from './privateName';
import type { Scope } from './scope';
import { noKeywords } from './signature';
import type { Resumption, Value } from './value';
import { NONE, isSubclass } from './value';
import { containsYield, settle } from './yields';

const BREAK: Completion = { kind: 'break' };
const CONTINUE: Completion = { kind: 'continue' };

/** Rounds of a loop in a run that explores, where each meets something unknown. */
const alikeRounds = 2;

export function createExecutor(machine: Machine): Machine['execute'] {
  const { exploration } = machine;

  function* execute(body: readonly Statement[], frame: Frame): Execution {
    for (const [index, statement] of body.entries()) {
      machine.tick();
      if (frame.unit.isPersons) machine.here = statement.range;
      if (exploration !== null && frame.unit.isPersons) {
        const end = yield* exploring(statement, frame, body.slice(index + 1));
        if (end !== null) return end;
        continue;
      }
      const completion = isCompound(statement)
        ? yield* compound(statement, frame)
        : simple(frame.isGenerator ? yield* settled(statement, frame) : statement, frame, statement);
      if (completion !== null) return completion;
    }
    return null;
  }

  /** A statement of a run that explores: what fails costs what it would have bound, unless the program itself looks after errors. */
  function* exploring(statement: Statement, frame: Frame, rest: readonly Statement[]): Execution {
    const depth = machine.frames.length;
    try {
      return isCompound(statement)
        ? yield* compound(statement, frame, rest)
        : simple(frame.isGenerator ? yield* settled(statement, frame) : statement, frame, statement);
    } catch (error) {
      const isUnsupported = error instanceof Stopped && error.type === 'unsupported';
      const raised = isUnsupported ? null : machine.asRaised(error);
      if (!isUnsupported && (raised === null || statement.kind === 'raise' || endsTheProgram(raised) || exploration!.guarded > 0))
        throw error;
      machine.frames.length = Math.min(machine.frames.length, depth);
      // What comes after an error of the program's own is only possible: perhaps it ends there.
      if (raised !== null) exploration!.uncertain++;
      exploration!.fail(statement.range, raised ?? error);
      for (const name of boundBy(statement))
        if (!frame.scope.names.has(name))
          frame.semantics.assign(frame, name, exploration!.unknown(`${name} (${machine.place(statement.range)} failed)`), 'var');
      return null;
    }
  }

  const endsTheProgram = (raised: Raised): boolean => isSubclass(raised.exception.class, exceptionClass('SystemExit'));

  function evaluate(node: Expression, frame: Frame): Value {
    return machine.evaluate(node, frame);
  }

  function* evaluateYielding(node: Expression, frame: Frame): Generator<Value, Value, Resumption> {
    return evaluate(frame.isGenerator && containsYield(node) ? yield* settle(machine, node, frame) : node, frame);
  }

  function truthy(node: Expression, value: Value, frame: Frame): boolean {
    if (frame.unit.isPersons) machine.here = node.range;
    return frame.semantics.truthy(value);
  }

  /** The statement with every yield in its expressions performed. */
  function* settled<S extends Statement>(statement: S, frame: Frame): Generator<Value, S, Resumption> {
    switch (statement.kind) {
      case 'expression':
        return { ...statement, expression: yield* settle(machine, statement.expression, frame) };
      case 'assign':
        return statement.value === null ? statement : { ...statement, value: yield* settle(machine, statement.value, frame) };
      case 'augmentedAssign':
        return { ...statement, value: yield* settle(machine, statement.value, frame) };
      case 'return':
        return statement.value === null ? statement : { ...statement, value: yield* settle(machine, statement.value, frame) };
      case 'assert':
        return { ...statement, test: yield* settle(machine, statement.test, frame) };
      case 'raise':
        return statement.exception === null ? statement : { ...statement, exception: yield* settle(machine, statement.exception, frame) };
      default:
        return statement;
    }
  }

  function simple(statement: Statement, frame: Frame, original: Statement): Completion {
    switch (statement.kind) {
      case 'expression': {
        const value = evaluate(statement.expression, frame);
        machine.record(original, frame, value, '');
        return null;
      }
      case 'assign': {
        if (statement.value === null) {
          declareOnly(statement, frame);
          return null;
        }
        const value = evaluate(statement.value, frame);
        for (const target of statement.targets) {
          if (statement.declaration !== null) frame.semantics.destructure(frame, target, value, statement.declaration);
          else machine.assignTo(target, value, frame);
        }
        if (statement.annotation !== null) annotate(statement.targets[0]!, statement.annotation, frame);
        machine.record(original, frame, value, 'targets');
        return null;
      }
      case 'augmentedAssign':
        augmentedAssign(statement, frame, original);
        return null;
      case 'return': {
        const value = statement.value === null ? frame.semantics.nothing : evaluate(statement.value, frame);
        machine.record(original, frame, value, 'return');
        return { kind: 'return', value };
      }
      case 'raise':
        return raise(statement, frame);
      case 'assert': {
        const test = evaluate(statement.test, frame);
        // What is asserted of something unknown holds in a program that works.
        if (truthy(statement.test, test, frame)) return null;
        const message = statement.message === null ? [] : [evaluate(statement.message, frame)];
        if (frame.unit.isPersons) machine.here = statement.range;
        throw new Raised(newException(exceptionClass('AssertionError'), message), machine.here, machine.traceback());
      }
      case 'delete':
        for (const target of statement.targets) deleteTarget(target, frame);
        return null;
      case 'global':
      case 'nonlocal':
      case 'pass':
        return null;
      case 'break':
        return BREAK;
      case 'continue':
        return CONTINUE;
      case 'import':
        executeImport(machine, statement, frame);
        return null;
      case 'function':
        defineFunction(statement, frame);
        return null;
      case 'class': {
        const made = frame.semantics.defineClass(statement, frame);
        frame.semantics.assign(frame, statement.name, decorated(statement.decorators, made, frame), 'let');
        return null;
      }
      case 'unsupported':
        if (frame.unit.isPersons) machine.here = statement.range;
        if (statement.invalid) machine.raise('SyntaxError', statement.what);
        return machine.unsupported(statement.what);
      default:
        return null;
    }
  }

  /** `name: Type` without a value, and JavaScript's `let name;`. */
  function declareOnly(statement: Extract<Statement, { kind: 'assign' }>, frame: Frame): void {
    if (statement.declaration !== null)
      for (const target of statement.targets) frame.semantics.destructure(frame, target, frame.semantics.nothing, statement.declaration);
    if (statement.annotation !== null) annotate(statement.targets[0]!, statement.annotation, frame);
  }

  /** Classes and modules keep `__annotations__`; dataclasses are made of them. */
  function annotate(target: Expression, annotation: Expression, frame: Frame): void {
    if (frame.scope.kind !== 'class' || target.kind !== 'name') return;
    let annotations = frame.scope.names.get('__annotations__');
    if (annotations?.kind !== 'dict') {
      annotations = frame.semantics.mapping([]);
      frame.scope.names.set('__annotations__', annotations);
    }
    // An annotation that cannot be evaluated here (a type of a module that is not known) is no reason to stop.
    let value: Value = NONE;
    try {
      value = evaluate(annotation, frame);
    } catch (error) {
      if (machine.asRaised(error) === null && !(error instanceof Error)) throw error;
    }
    if (annotations.kind === 'dict') annotations.entries.setString(target.name, value);
  }

  function augmentedAssign(statement: Extract<Statement, { kind: 'augmentedAssign' }>, frame: Frame, original: Statement): void {
    const { target, operator } = statement;
    const apply = (old: Value): Value => {
      const right = evaluate(statement.value, frame);
      if (frame.unit.isPersons) machine.here = statement.range;
      return frame.semantics.augmented(operator, old, right);
    };
    let value: Value;
    if (target.kind === 'attribute') {
      const object = evaluate(target.object, frame);
      if (frame.unit.isPersons) machine.here = target.range;
      value = apply(frame.semantics.getAttribute(object, privateName(frame, target.name)));
      frame.semantics.setAttribute(object, privateName(frame, target.name), value);
    } else if (target.kind === 'subscript') {
      const object = evaluate(target.object, frame);
      const index = evaluate(target.index, frame);
      if (frame.unit.isPersons) machine.here = target.range;
      value = apply(frame.semantics.getItem(object, index));
      frame.semantics.setItem(object, index, value);
    } else {
      value = apply(evaluate(target, frame));
      machine.assignTo(target, value, frame);
    }
    machine.record(original, frame, value, 'targets');
  }

  function raise(statement: Extract<Statement, { kind: 'raise' }>, frame: Frame): never {
    if (statement.exception === null) {
      const current = machine.handling.at(-1);
      if (current !== undefined) throw current;
      return machine.raise('RuntimeError', 'No active exception to reraise');
    }
    let value = evaluate(statement.exception, frame);
    const cause = statement.cause === null ? null : evaluate(statement.cause, frame);
    if (frame.unit.isPersons) machine.here = statement.range;
    if (frame.unit.language !== 'python') return frame.semantics.raised(value);
    if (value.kind === 'class' && isSubclass(value, BASE_EXCEPTION)) value = machine.call(value);
    if (value.kind === 'unknown') return machine.unsupported(value.what);
    if (!isException(value)) return machine.raise('TypeError', 'exceptions must derive from BaseException');
    if (cause !== null) value.attributes.set('__cause__', cause);
    const context = machine.handling.at(-1);
    if (context !== undefined && context.exception !== value) value.attributes.set('__context__', context.exception);
    throw new Raised(value, machine.here, machine.traceback());
  }

  function deleteTarget(target: Expression, frame: Frame): void {
    if (frame.unit.isPersons) machine.here = target.range;
    if (target.kind === 'name') frame.semantics.deleteName(frame, target.name);
    else if (target.kind === 'attribute') frame.semantics.deleteAttribute(evaluate(target.object, frame), privateName(frame, target.name));
    else if (target.kind === 'subscript') frame.semantics.deleteItem(evaluate(target.object, frame), evaluate(target.index, frame));
    else if (target.kind === 'sequence') for (const item of target.items) deleteTarget(item, frame);
    else machine.raise('SyntaxError', 'cannot delete this expression');
  }

  function defineFunction(node: FunctionDefinition, frame: Frame): void {
    const owner = frame.scope.kind === 'class' ? frame.scope.names.get('__qualname__') : undefined;
    const qualifiedName =
      owner?.kind === 'str'
        ? `${owner.value}.${node.name}`
        : frame.scope.kind === 'function'
          ? `${frame.name}.<locals>.${node.name}`
          : node.name;
    const made = makeFunction(
      machine,
      frame,
      {
        name: node.name,
        parameters: node.parameters,
        body: node.body,
        isGenerator: node.isGenerator,
        isArrow: false,
        docstring: node.docstring,
        range: node.range,
        unit: frame.unit,
      },
      qualifiedName,
    );
    frame.semantics.assign(frame, node.name, decorated(node.decorators, made, frame), 'var');
  }

  function decorated(decorators: readonly Expression[], value: Value, frame: Frame): Value {
    const known = decorators.filter((decorator) => !isOfUnknownModule(decorator, frame));
    const functions = known.map((decorator) => evaluate(decorator, frame));
    return functions.reduceRight((inner, decorator, i) => {
      if (frame.unit.isPersons) machine.here = known[i]!.range;
      return machine.call(decorator, [inner], noKeywords);
    }, value);
  }

  /** A decorator of a module that is not here, nearly always one that registers what it decorates: left out, with a note. */
  function isOfUnknownModule(decorator: Expression, frame: Frame): boolean {
    const value = decoratedBy(decorator, frame);
    if (value?.kind !== 'unknown') return false;
    machine.assume(`@${value.what} is not known here: what it decorates is taken as it is written`);
    return true;
  }

  /** What decorates, or what a library makes the decorator of: `@partial(jit, …)`. */
  function decoratedBy(decorator: Expression, frame: Frame): Value | null {
    const callee = decorator.kind === 'call' ? decorator.callee : decorator;
    if (!isPath(callee)) return null;
    const value = evaluate(callee, frame);
    const [made] = decorator.kind === 'call' ? decorator.arguments : [];
    return made === undefined || !isPath(made) || value.kind === 'unknown' || isWritten(value) ? value : evaluate(made, frame);
  }

  const isPath = (expression: Expression): boolean =>
    expression.kind === 'name' || (expression.kind === 'attribute' && isPath(expression.object));

  // ------------------------------------------------------------------------------------------------ compound statements

  type Compound = Extract<Statement, { kind: 'if' | 'for' | 'while' | 'try' | 'with' | 'match' | 'block' }>;

  function isCompound(statement: Statement): statement is Compound {
    switch (statement.kind) {
      case 'if':
      case 'for':
      case 'while':
      case 'try':
      case 'with':
      case 'match':
      case 'block':
        return true;
      default:
        return false;
    }
  }

  /** @param rest what stands behind it in its block, for a run that explores */
  function* compound(statement: Compound, frame: Frame, rest: readonly Statement[] = []): Execution {
    switch (statement.kind) {
      case 'if': {
        const test = yield* evaluateYielding(statement.test, frame);
        if (exploration !== null && test.kind === 'unknown')
          return yield* bothWays(
            machine,
            exploration,
            [statement.then, statement.otherwise].map((body) => () => execute(body, frame)),
            frame,
          );
        const isThen = truthy(statement.test, test, frame);
        const branch = isThen ? statement.then : statement.otherwise;
        const other = isThen ? statement.otherwise : statement.then;
        if (exploration !== null && other.length > 0 && frame.unit.isPersons && !frame.isGenerator) {
          const scope = { ...frame.scope, names: new Map(frame.scope.names) };
          const frameThen: Frame = { ...frame, scope, returned: [] };
          exploration.postpone({ statement, frame: frameThen, body: [...other, ...rest], entering: exploration.entering });
        }
        return branch.length === 0 ? null : yield* execute(branch, frame);
      }
      case 'for':
        return yield* forLoop(statement, frame);
      case 'while':
        return yield* whileLoop(statement, frame);
      case 'try':
        return yield* tryStatement(statement, frame);
      case 'with':
        return yield* withItems(statement, 0, frame);
      case 'block':
        return yield* execute(statement.body, blockFrame(frame));
      case 'match': {
        const subject = yield* evaluateYielding(statement.subject, frame);
        if (exploration !== null && subject.kind === 'unknown') {
          const bodies = [...statement.cases.map(({ body }) => body), []];
          return yield* bothWays(
            machine,
            exploration,
            bodies.map((body) => () => execute(body, frame)),
            frame,
          );
        }
        for (const branch of statement.cases) {
          if (!matches(machine, branch.pattern, subject, frame)) continue;
          if (branch.guard !== null && !truthy(branch.guard, evaluate(branch.guard, frame), frame)) continue;
          return yield* execute(branch.body, frame);
        }
        return null;
      }
    }
  }

  /** JavaScript's let and const live in their block; Python has no such scope. */
  function blockFrame(frame: Frame): Frame {
    if (frame.unit.language === 'python') return frame;
    const scope: Scope = { kind: 'block', names: new Map(), parent: frame.scope, locals: null, declared: null };
    return { ...frame, scope };
  }

  function* forLoop(statement: Extract<Statement, { kind: 'for' }>, frame: Frame): Execution {
    const iterable = yield* evaluateYielding(statement.iterable, frame);
    if (frame.unit.isPersons) machine.here = statement.iterable.range;
    const cursor = frame.semantics.iterate(iterable);
    let rounds = 0;
    for (;;) {
      const absorbed = exploration?.absorbed ?? 0;
      if (frame.unit.isPersons) machine.here = statement.iterable.range;
      const item = cursor.next();
      if (item === null) return statement.otherwise.length === 0 ? null : yield* execute(statement.otherwise, frame);
      machine.tick();
      const inner = blockFrame(frame);
      if (statement.declaration === null) machine.assignTo(statement.target, item, inner);
      else inner.semantics.destructure(inner, statement.target, item, statement.declaration);
      const completion = yield* execute(statement.body, inner);
      // Rounds that only meet what is not known are alike.
      if (exploration !== null && frame.unit.isPersons && exploration.absorbed > absorbed && ++rounds >= alikeRounds)
        return completion?.kind === 'return' ? completion : null;
      if (completion === null || completion.kind === 'continue') continue;
      // A generator made for the loop alone is given up with it, as CPython does when the last reference goes.
      if (iterable.kind === 'generator' && (statement.iterable.kind === 'call' || statement.iterable.kind === 'comprehension'))
        machine.callMethod(iterable, 'close');
      return completion.kind === 'break' ? null : completion;
    }
  }

  function* whileLoop(statement: Extract<Statement, { kind: 'while' }>, frame: Frame): Execution {
    let first = statement.testAfter;
    let rounds = 0;
    for (;;) {
      machine.tick();
      const absorbed = exploration?.absorbed ?? 0;
      if (!first) {
        const test = yield* evaluateYielding(statement.test, frame);
        if (exploration !== null && test.kind === 'unknown' && ++rounds > 1) return null;
        if (!truthy(statement.test, test, frame)) break;
      }
      first = false;
      const completion = yield* execute(statement.body, blockFrame(frame));
      if (completion !== null && completion.kind !== 'continue') return completion.kind === 'break' ? null : completion;
      if (exploration !== null && frame.unit.isPersons && exploration.absorbed > absorbed && ++rounds >= alikeRounds) return null;
      if (statement.update !== null) evaluate(statement.update, frame);
    }
    return statement.otherwise.length === 0 ? null : yield* execute(statement.otherwise, frame);
  }

  function* tryStatement(statement: Extract<Statement, { kind: 'try' }>, frame: Frame): Execution {
    let completion: Completion = null;
    let pending: Raised | null = null;
    let isElse = false;
    const frames = machine.frames.length;
    const handling = machine.handling.length;
    const guards = statement.handlers.some(catchesImports) ? 1 : 0;
    machine.guardedImports += guards;
    const guarded = exploration !== null && statement.handlers.length > 0 ? 1 : 0;
    if (exploration !== null) exploration.guarded += guarded;
    try {
      try {
        completion = yield* execute(statement.body, blockFrame(frame));
      } finally {
        machine.guardedImports = Math.max(0, machine.guardedImports - guards);
        if (exploration !== null) exploration.guarded -= guarded;
      }
      if (completion === null && statement.otherwise.length > 0) {
        isElse = true;
        completion = yield* execute(statement.otherwise, frame);
      }
    } catch (error) {
      const raised = machine.asRaised(error);
      if (raised === null) {
        if (!frame.unit.isPersons) machine.lastly(() => execute(statement.finally, frame).next());
        throw error;
      }
      machine.frames.length = Math.min(machine.frames.length, frames);
      machine.handling.length = handling;
      pending = raised;
      try {
        // What the else block raises is not this statement's to handle.
        const handler = isElse ? null : findHandler(statement.handlers, raised, frame);
        if (handler !== null) {
          completion = yield* handle(handler, raised, frame);
          pending = null;
        }
      } catch (inner) {
        pending = machine.asRaised(inner);
        if (pending === null) throw inner;
      }
    }
    if (statement.finally.length > 0) {
      const last = yield* execute(statement.finally, blockFrame(frame));
      // A return, break or continue in finally wins over everything, exceptions too.
      if (last !== null) return last;
    }
    if (pending !== null) throw pending;
    return completion;
  }

  /** `except ImportError`, or anything wider: then a module that is not known counts as not installed. */
  function catchesImports({ type }: ExceptHandler): boolean {
    if (type === null) return true;
    const names = type.kind === 'sequence' ? type.items : [type];
    return names.some(
      (name) => name.kind === 'name' && ['ImportError', 'ModuleNotFoundError', 'Exception', 'BaseException'].includes(name.name),
    );
  }

  function findHandler(handlers: readonly ExceptHandler[], raised: Raised, frame: Frame): ExceptHandler | null {
    for (const handler of handlers) {
      if (handler.type === null) return handler;
      const types = evaluate(handler.type, frame);
      if (frame.unit.isPersons) machine.here = handler.type.range;
      for (const type of types.kind === 'tuple' ? types.items : [types]) {
        // A type of a module that is not known cannot be what was raised here.
        if (type.kind === 'unknown') continue;
        if (type.kind !== 'class' || !isSubclass(type, BASE_EXCEPTION))
          return machine.raise('TypeError', 'catching classes that do not inherit from BaseException is not allowed');
        if (isSubclass(raised.exception.class, type)) return handler;
      }
    }
    return null;
  }

  function* handle(handler: ExceptHandler, raised: Raised, frame: Frame): Execution {
    if (handler.name !== null) frame.semantics.assign(frame, handler.name, raised.exception, 'let');
    machine.handling.push(raised);
    try {
      return yield* execute(handler.body, frame);
    } finally {
      machine.handling.pop();
      if (handler.name !== null && frame.unit.language === 'python' && frame.semantics.isBound(frame, handler.name))
        frame.semantics.deleteName(frame, handler.name);
    }
  }

  const isPersons = (exit: Value): boolean => {
    const fn = exit.kind === 'boundMethod' ? exit.function : exit;
    return fn.kind !== 'native' && !(fn.kind === 'function' && !fn.code.unit.isPersons);
  };

  function* withItems(statement: Extract<Statement, { kind: 'with' }>, index: number, frame: Frame): Execution {
    const item = statement.items[index];
    if (item === undefined) return yield* execute(statement.body, frame);
    const manager = yield* evaluateYielding(item.context, frame);
    if (frame.unit.isPersons) machine.here = item.context.range;
    if (exploration !== null && manager.kind === 'unknown') {
      const entered = exploration.unknown(manager.what, manager.facts);
      if (item.target !== null) machine.assignTo(item.target, entered, frame);
      return yield* withItems(statement, index + 1, frame);
    }
    const enter = machine.findAttribute(manager, '__enter__');
    const exit = machine.findAttribute(manager, '__exit__');
    if (enter === null || exit === null)
      return machine.raise('TypeError', `'${machine.typeOf(manager).name}' object does not support the context manager protocol`);
    const entered = machine.call(enter);
    const frames = machine.frames.length;
    let completion: Completion = null;
    try {
      if (item.target !== null) machine.assignTo(item.target, entered, frame);
      completion = yield* withItems(statement, index + 1, frame);
    } catch (error) {
      const raised = machine.asRaised(error);
      if (raised === null) {
        // The run ends here; let the libraries' managers (no_grad) restore what they changed, but run no more of the person's code.
        if (!isPersons(exit)) machine.lastly(() => machine.call(exit, [NONE, NONE, NONE]));
        throw error;
      }
      machine.frames.length = Math.min(machine.frames.length, frames);
      machine.handling.push(raised);
      try {
        if (frame.semantics.truthy(machine.call(exit, [raised.exception.class, raised.exception, NONE]))) return null;
      } finally {
        machine.handling.pop();
      }
      throw raised;
    }
    machine.call(exit, [NONE, NONE, NONE]);
    return completion;
  }

  return execute;
}
