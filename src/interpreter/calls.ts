/** Calls: of interpreted functions, natives, methods, classes and objects; and generators, which are calls that stand still. */
import { ElementBudgetError, TensorError } from '../tensor/errors';
import { work } from '../tensor/meter';
import { exceptionClass, newException, Raised, Stopped } from './exceptions';
import { isStatements } from './expressions';
import type { Range } from '../language/program';
import type { Keywords } from './context';
import type { Frame, Machine } from './machine';
import type { Scope } from './scope';
import { assignedNames } from './names';
import { Arguments, bind, missingArguments, noKeywords, signature } from './signature';
import { OBJECT, typeOf } from './types';
import type { FunctionValue, GeneratorValue, NativeFunction, Resumption, Value } from './value';
import { NONE, findInClass, isSubclass, tuple } from './value';
import { dictFrom } from './dictionary';

type Calls = Pick<Machine, 'call' | 'instantiate' | 'runFunction' | 'resumeStep'>;

/** A tensor stays on the tape until the run ends: one costs as much of the budget as this many plain steps. */
export const stepsOfTensor = 250;

/** What a library function costs besides the elements it counts itself: so many calls, and the clock is looked at. */
const labourOfCall = 20_000;

const anything = signature('*args, **kwargs');

export function createCalls(machine: Machine): Calls {
  function call(callee: Value, args: readonly Value[] = [], keywords: Keywords = noKeywords): Value {
    switch (callee.kind) {
      case 'function':
        return runFunction(callee, args, keywords);
      case 'native':
        return callNative(callee, args, keywords);
      case 'boundMethod':
        // A JavaScript method has its receiver as `this`, not as an argument.
        if (callee.function.kind === 'function' && callee.function.code.unit.language === 'typescript')
          return runFunction({ ...callee.function, home: callee.receiver }, args, keywords);
        return call(callee.function, [callee.receiver, ...args], keywords);
      case 'class':
        return construct(callee, args, keywords);
      case 'staticMethod':
        return call(callee.function, args, keywords);
      case 'unknown':
        return machine.exploration === null ? machine.unsupported(callee.what) : machine.exploration.callUnknown(callee, args, keywords);
      default:
        return callObject(callee, args, keywords);
    }
  }

  function callObject(callee: Value, args: readonly Value[], keywords: Keywords): Value {
    const cls = typeOf(callee);
    const method = findInClass(cls, '__call__');
    if (method !== null) return call(method, method.kind === 'staticMethod' ? args : [callee, ...args], keywords);
    if (cls.unknownBase !== null) {
      const forward = findInClass(cls, 'forward');
      if (forward === null) return machine.unsupported(`${cls.unknownBase.what}.__call__`);
      machine.note(`${cls.unknownBase.what} is not known here: calling ${cls.name} was taken to call its forward`);
      return call(forward, [callee, ...args], keywords);
    }
    return machine.raise('TypeError', `'${cls.name}' object is not callable`);
  }

  /** type.__call__: `__new__`, then `__init__` if it gave an instance of the class. */
  function construct(cls: Extract<Value, { kind: 'class' }>, args: readonly Value[], keywords: Keywords): Value {
    if (cls.metaclass !== null) {
      const hook = findInClass(cls.metaclass, '__call__');
      if (hook !== null) return call(hook, [cls, ...args], keywords);
    }
    return instantiate(cls, args, keywords);
  }

  function instantiate(cls: Extract<Value, { kind: 'class' }>, args: readonly Value[], keywords: Keywords): Value {
    const { exploration } = machine;
    const run = (): Value => make(cls, args, keywords);
    if (exploration === null || cls.sealed || machine.frames.at(-1)?.unit.isPersons === true) return run();
    return exploration.watched(cls, args, keywords, null, run);
  }

  function make(cls: Extract<Value, { kind: 'class' }>, args: readonly Value[], keywords: Keywords): Value {
    const maker = findInClass(cls, '__new__');
    const init = findInClass(cls, '__init__');
    if (maker === null) return machine.unsupported(`instances of ${cls.name}`);
    const allocate = maker.kind === 'staticMethod' ? maker.function : maker;
    const isObjects = allocate === OBJECT.namespace.get('__new__');
    if (isObjects && init === null && args.length + keywords.size > 0 && cls.unknownBase === null)
      return machine.raise('TypeError', `${cls.name}() takes no arguments`);
    const made = call(allocate, isObjects ? [cls] : [cls, ...args], isObjects ? noKeywords : keywords);
    if (init !== null && isSubclass(typeOf(made), cls)) call(init, [made, ...args], keywords);
    return made;
  }

  function callNative(fn: NativeFunction, args: readonly Value[], keywords: Keywords): Value {
    const { exploration } = machine;
    const run = (): Value => runNative(fn, args, keywords);
    return exploration === null ? run() : exploration.callNative(fn, args, keywords, run);
  }

  function runNative(fn: NativeFunction, args: readonly Value[], keywords: Keywords): Value {
    const bound =
      fn.signatures.length === 0
        ? new Arguments(machine, fn.qualifiedName, anything, [null, null], args, keywords, 0)
        : bind(machine, fn.isMethod ? fn.name : fn.qualifiedName, fn.signatures, args, keywords);
    try {
      work(labourOfCall);
      const result = fn.call(machine, bound);
      if (result.kind === 'tensor') machine.tick(stepsOfTensor);
      return result;
    } catch (error) {
      // A tensor error becomes the Python exception, or the end of the run, here, while the place is still this call's.
      if (error instanceof ElementBudgetError)
        throw new Stopped(machine.exploration === null ? 'budget' : 'unsupported', error.message, machine.here, machine.traceback());
      const raised = machine.asRaised(error);
      if (raised !== null && error instanceof TensorError) raised.operation = fn.name;
      throw raised ?? error;
    }
  }

  function runFunction(fn: FunctionValue, args: readonly Value[], keywords: Keywords): Value {
    const { code } = fn;
    machine.tick();
    const scope: Scope = { kind: 'function', names: new Map(), parent: fn.closure, ...assignedNames(code) };
    const semantics = machine.semantics(code.unit.language);
    const calledFrom = machine.here;
    semantics.bindParameters(fn, args, keywords, scope);
    // A default that was evaluated for this call stands elsewhere.
    machine.here = calledFrom;
    const caller = machine.frames.at(-1);
    const frame: Frame = {
      scope,
      unit: code.unit,
      semantics,
      name: fn.qualifiedName,
      firstArgument: args[0] ?? null,
      isGenerator: code.isGenerator,
      depth: (caller?.depth ?? 0) + (code.unit.isPersons ? 1 : 0),
      calledFrom,
      returned: [],
    };
    const { body } = code;
    if (code.isGenerator && isStatements(body)) return startGenerator(fn, machine.execute(body, frame), frame);
    const here = machine.here;
    const { exploration } = machine;
    return exploration === null ? runBody(body, frame, here) : exploration.entered(fn, scope.names, () => runBody(body, frame, here));
  }

  function runBody(body: FunctionValue['code']['body'], frame: Frame, here: Range): Value {
    const { semantics } = frame;
    machine.enter(frame);
    try {
      if (!isStatements(body)) return machine.evaluate(body, frame);
      const end = machine.execute(body, frame).next();
      if (end.done !== true) return machine.raise('SyntaxError', "'yield' outside a generator");
      const result = end.value?.kind === 'return' ? end.value.value : semantics.nothing;
      return frame.returned.length === 0 || machine.exploration === null ? result : machine.exploration.oneOf([...frame.returned, result]);
    } finally {
      machine.leave();
      machine.here = here;
    }
  }

  function startGenerator(fn: FunctionValue, execution: ReturnType<Machine['execute']>, frame: Frame): GeneratorValue {
    const body = (function* (): Generator<Value, Value, Resumption> {
      const end = yield* execution;
      return end?.kind === 'return' ? end.value : NONE;
    })();
    generatorFrames.set(body, frame);
    return { kind: 'generator', name: fn.name, state: 'created', body };
  }

  function resumeStep(generator: GeneratorValue, resumption: Resumption): { done: boolean; value: Value } {
    if (generator.state === 'running') machine.raise('ValueError', 'generator already executing');
    if (generator.state === 'finished') {
      if ('raise' in resumption) throw resumption.raise;
      return { done: true, value: NONE };
    }
    if (generator.state === 'created') {
      if ('raise' in resumption) {
        generator.state = 'finished';
        throw resumption.raise;
      }
      if (resumption.send.kind !== 'none') machine.raise('TypeError', "can't send non-None value to a just-started generator");
    }
    machine.tick();
    const frame = generatorFrames.get(generator.body);
    const here = machine.here;
    const depth = machine.frames.length;
    if (frame !== undefined) machine.enter(frame);
    generator.state = 'running';
    try {
      const step = generator.body.next(resumption);
      generator.state = step.done === true ? 'finished' : 'suspended';
      return { done: step.done === true, value: step.value };
    } catch (error) {
      generator.state = 'finished';
      const raised = machine.asRaised(error);
      if (raised !== null && isSubclass(raised.exception.class, exceptionClass('StopIteration'))) {
        const wrapped = newException(exceptionClass('RuntimeError'), [
          { kind: 'str', value: 'generator raised StopIteration', class: null, attributes: null },
        ]);
        throw new Raised(wrapped, raised.range, raised.traceback);
      }
      throw error;
    } finally {
      machine.frames.length = Math.min(machine.frames.length, depth);
      machine.here = here;
    }
  }

  return { call, instantiate, runFunction, resumeStep };
}

const generatorFrames = new WeakMap<object, Frame>();

/** Python's binding of a call to a `def`: positional, keyword, defaults, *args, **kwargs, with CPython's errors. */
export function bindPythonParameters(machine: Machine, fn: FunctionValue, args: readonly Value[], keywords: Keywords, scope: Scope): void {
  const { parameters } = fn.code;
  const { names } = scope;
  let next = 0;
  let positional = 0;
  let rest = false;
  for (const parameter of parameters) {
    if (parameter.style === 'normal' || parameter.style === 'positionalOnly') {
      positional++;
      if (next < args.length) names.set(parameter.name, args[next++]!);
    } else if (parameter.style === 'variadic') {
      rest = true;
      names.set(parameter.name, tuple(args.slice(positional)));
    }
  }
  const fail = (message: string): never => machine.raise('TypeError', `${fn.qualifiedName}() ${message}`);
  let extra: Map<string, Value> | null = null;
  for (const [name, value] of keywords) {
    const parameter = parameters.find((p) => p.name === name);
    if (parameter === undefined || (parameter.style !== 'normal' && parameter.style !== 'keywordOnly')) {
      if (!parameters.some((p) => p.style === 'keywordVariadic')) {
        if (parameter?.style === 'positionalOnly') fail(`got some positional-only arguments passed as keyword arguments: '${name}'`);
        fail(`got an unexpected keyword argument '${name}'`);
      }
      (extra ??= new Map<string, Value>()).set(name, value);
    } else if (names.has(name)) fail(`got multiple values for argument '${name}'`);
    else names.set(name, value);
  }
  if (args.length > positional && !rest) fail(tooMany(fn, args.length, keywords));
  let missing: string[] | null = null;
  let missingKeywords: string[] | null = null;
  for (const { name, style } of parameters) {
    if (style === 'variadic' || style === 'keywordVariadic' || names.has(name)) continue;
    const value = fn.defaults.get(name);
    if (value !== undefined) names.set(name, value);
    else if (style === 'keywordOnly') (missingKeywords ??= []).push(name);
    else (missing ??= []).push(name);
  }
  if (missing !== null) machine.raise('TypeError', missingArguments(fn.qualifiedName, missing, 'positional'));
  if (missingKeywords !== null) machine.raise('TypeError', missingArguments(fn.qualifiedName, missingKeywords, 'keyword-only'));
  const keywordRest = parameters.find((p) => p.style === 'keywordVariadic');
  if (keywordRest !== undefined) names.set(keywordRest.name, dictFrom(extra ?? []));
}

function tooMany(fn: FunctionValue, given: number, keywords: Keywords): string {
  const { parameters } = fn.code;
  const positional = parameters.filter((p) => p.style === 'normal' || p.style === 'positionalOnly');
  const most = positional.length;
  const least = positional.filter((p) => !fn.defaults.has(p.name)).length;
  const takes = most === least ? `${most}` : `from ${least} to ${most}`;
  const keywordOnly = parameters.filter((p) => p.style === 'keywordOnly' && keywords.has(p.name)).length;
  const plural = takes === '1' ? '' : 's';
  if (keywordOnly > 0)
    return `takes ${takes} positional argument${plural} but ${given} positional argument${given === 1 ? '' : 's'} (and ${keywordOnly} keyword-only argument${keywordOnly === 1 ? '' : 's'}) were given`;
  return `takes ${takes} positional argument${plural} but ${given} ${given === 1 ? 'was' : 'were'} given`;
}
