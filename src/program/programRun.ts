/**
 * The program run: the person's program, run with unknown values where its data, weights and foreign libraries would be, for what it says of its
 * losses: with what each is built, and with what it is called. It always ends with what was learnt so far.
 */
import type { Call, Expression, FunctionDefinition, Lambda, Parameter, Program, Range } from '../language/program';
import { createInterpreter } from '../interpreter/interpreter';
import type { Interpreter } from '../interpreter/interpreter';
import { placeKey } from '../interpreter/exploring/exploration';
import type { Binding, CallSeen, Exploration } from '../interpreter/exploring/exploration';
import type { Working } from '../interpreter/exploring/workings';
import type { Library } from '../interpreter/library';
import type { Place } from '../interpreter/provenance';
import type { ClassValue, FunctionValue, InstanceValue, Value } from '../interpreter/value';
import { findInClass, unknown } from '../interpreter/value';

export interface ProgramRun {
  /** Each time that a call of a text was made. `file`: of the program that the call stands in. */
  readonly callsAt: (node: Call, file: string | undefined) => readonly CallSeen[];
  /** Each time that a function of the person's was run, with what its parameters held. */
  readonly bindingsOf: (definition: Pick<Callable, 'range'>, file: string | undefined) => readonly Binding[];
  /** Calls of an object: of a loss that was built. */
  readonly callsOn: (object: Value) => readonly CallSeen[];
  /** Exponentials, quotients and means that the program computes, and how a number of it came about. */
  readonly ends: readonly Working[];
  readonly madeBy: (value: Value) => Working | null;
  /** What a function that stands around a place was supposed to be handed, since the text has it under the parameter's name. */
  readonly supposedAt: (place: Place) => readonly string[];
  /** What an expression of a text was, each time; only for arguments of calls. */
  readonly valuesOf: (expression: Pick<Expression, 'range'>, file: string | undefined) => readonly Value[];
  readonly interpreter: Interpreter;
}

type Callable = FunctionDefinition | Lambda;

/** Several programs that use one text, the text's own run first. */
export function together(runs: readonly [ProgramRun, ...ProgramRun[]]): ProgramRun {
  return {
    callsAt: (node, file) => runs.flatMap((run) => run.callsAt(node, file)),
    bindingsOf: (definition, file) => runs.flatMap((run) => run.bindingsOf(definition, file)),
    callsOn: (object) => runs.flatMap((run) => run.callsOn(object)),
    ends: runs.flatMap((run) => run.ends),
    madeBy: (value) => runs.map((run) => run.madeBy(value)).find((working) => working !== null) ?? null,
    supposedAt: (place) => runs.flatMap((run) => run.supposedAt(place)),
    valuesOf: (expression, file) => runs.flatMap((run) => run.valuesOf(expression, file)),
    interpreter: runs[0].interpreter,
  };
}

/** Of one entry: the module itself, or one function that nothing of the text calls. The time is for what steps do not count. */
const budgets = { steps: 300_000, depth: 120, elements: 20_000, milliseconds: 3_000 } as const;
/** Steps for all entries together: what is learnt does not depend on how fast the machine is. */
const mostSteps = 1_500_000;

export function runProgram(program: Program, libraries: readonly Library[]): ProgramRun {
  const interpreter = createInterpreter({
    libraries,
    seed: 0,
    exploring: true,
    budgets,
    ...(program.workspace === undefined ? {} : { workspace: program.workspace }),
  });
  const exploration = interpreter.exploration!;
  const inTime = () => interpreter.stepsTaken() < mostSteps;
  interpreter.run(program, { keepGoing: true, showLast: false });
  runPostponed(interpreter, exploration, inTime);
  // Callers mostly stand below what they call: from the end, so that most is run as it is called.
  for (const entry of entries(interpreter, program)) {
    if (!inTime()) break;
    exploration.uncertain = 1;
    exploration.entering = true;
    enter(interpreter, exploration, entry, inTime);
    runPostponed(interpreter, exploration, inTime);
  }
  return queries(interpreter, exploration);
}

/** Branches that were not taken: what they hold is possible with other values. They run last, so that what they change concerns nothing else. */
function runPostponed(interpreter: Interpreter, exploration: Exploration, inTime: () => boolean): void {
  for (let branch = exploration.postponed.shift(); branch !== undefined && inTime(); branch = exploration.postponed.shift()) {
    const { frame, body, entering } = branch;
    // Of what is run for its own sake one step less is certain than of its other statements.
    exploration.uncertain = entering ? 2 : 1;
    exploration.entering = entering;
    quietly(() => {
      interpreter.continue(body, frame);
    });
  }
}

type Entry = FunctionValue | ClassValue;

/** Functions and classes that the text defines and its module's level reaches, from the last to the first. */
function entries(interpreter: Interpreter, program: Program): readonly Entry[] {
  const found = new Map<Entry, number>();
  const visit = (value: Value, depth: number): void => {
    switch (value.kind) {
      case 'function':
        if (value.code.unit.program === program) found.set(value, value.code.range.start);
        break;
      case 'class': {
        const [method] = methodsOf(value);
        if (method?.code.unit.program === program) found.set(value, method.code.range.start);
        break;
      }
      case 'object':
        if (depth > 0) for (const member of value.properties.values()) visit(member, depth - 1);
        break;
      case 'dict':
        if (depth > 0) for (const [, member] of value.entries) visit(member, depth - 1);
        break;
      default:
    }
  };
  for (const value of interpreter.globals.values()) visit(value, 2);
  return [...found].sort(([, a], [, b]) => b - a).map(([entry]) => entry);
}

const methodsOf = (cls: ClassValue): readonly FunctionValue[] => [...cls.namespace.values()].flatMap((member) => functionOf(member) ?? []);

/** Runs what nothing of the program has run: somebody else calls it, with values that are not known. */
function enter(interpreter: Interpreter, exploration: Exploration, entry: Entry, inTime: () => boolean): void {
  if (entry.kind === 'function') {
    if (!exploration.ran.has(entry.code.body)) attempt(interpreter, exploration, entry, entry, 0);
    return;
  }
  const isWaiting = (fn: FunctionValue) => !exploration.ran.has(fn.code.body) && !isSpecial(fn.code.name);
  if (!methodsOf(entry).some(isWaiting)) return;
  const self = instanceOf(interpreter, exploration, entry);
  for (const member of entry.namespace.values()) {
    if (!inTime()) return;
    const fn = functionOf(member);
    if (fn === null || !isWaiting(fn)) continue;
    const isStatic = member.kind === 'staticMethod';
    const receiver = member.kind === 'classMethod' ? entry : self;
    const isPython = fn.code.unit.language === 'python';
    if (isStatic) attempt(interpreter, exploration, fn, fn, 0);
    else if (receiver !== null) attempt(interpreter, exploration, { kind: 'boundMethod', receiver, function: fn }, fn, isPython ? 1 : 0);
  }
}

/** `__repr__` and its like say nothing of losses; `__call__` and `__init__` may. */
const isSpecial = (name: string): boolean =>
  name.startsWith('__') && name.endsWith('__') && !['__call__', '__init__', '__getitem__', '__iter__'].includes(name);

/** @param bound how many of the first parameters the callee has already */
function attempt(interpreter: Interpreter, exploration: Exploration, callee: Value, { code }: FunctionValue, bound: number): void {
  const open = code.parameters.slice(bound).filter((p) => p.defaultValue === null);
  const handed = (p: Parameter): Value => handedTo(p, code, code.range, interpreter, exploration);
  const args = open.filter((p) => p.style === 'normal' || p.style === 'positionalOnly').map(handed);
  const keywords = new Map<string, Value>(open.filter((p) => p.style === 'keywordOnly').map((p) => [p.name, handed(p)]));
  quietly(() => interpreter.call(callee, args, keywords));
}

/** Whoever calls the function hands it what is not known; but for the module that the text itself keeps under the parameter's name. */
function handedTo(
  { name, range }: Parameter,
  { unit: { language, program } }: FunctionValue['code'],
  around: Range,
  interpreter: Interpreter,
  exploration: Exploration,
): Value {
  const own = language === 'python' ? interpreter.globals.get(name) : undefined;
  if (own === undefined || !isModule(own)) return unknown(name, range);
  exploration.supposed.push({ name, range: around, file: program.file });
  return own;
}

/** A module of torch's, or a model of a library that is not interpreted whose outputs are known. */
function isModule(value: Value): boolean {
  if (value.kind === 'unknown') return value.facts?.gives !== undefined || value.facts?.layer !== undefined;
  return value.kind === 'instance' && value.class.mro.some(({ name, module }) => name === 'Module' && module.startsWith('torch.nn.'));
}

/** The object that the program made of the class; else one made with what is not known. */
function instanceOf(interpreter: Interpreter, exploration: Exploration, cls: ClassValue): Value | null {
  const made = exploration.calls.findLast(({ result }) => result?.kind === 'instance' && result.class.mro.includes(cls))?.result;
  if (made !== undefined && made !== null) return made;
  const init = findInClass(cls, '__init__') ?? cls.namespace.get('constructor') ?? null;
  const required =
    init?.kind === 'function'
      ? init.code.parameters.slice(init.code.unit.language === 'python' ? 1 : 0).filter((p) => p.defaultValue === null && isPlain(p.style))
      : [];
  const handed = (p: Parameter): Value =>
    init?.kind === 'function' ? handedTo(p, init.code, wholeOf(cls), interpreter, exploration) : unknown(p.name, p.range);
  const positional = required.filter((p) => p.style !== 'keywordOnly').map(handed);
  const keywords = new Map<string, Value>(required.filter((p) => p.style === 'keywordOnly').map((p) => [p.name, handed(p)]));
  return quietly(() => interpreter.call(cls, positional, keywords));
}

/** From the first of its methods to the last. */
function wholeOf(cls: ClassValue): Range {
  const ranges = methodsOf(cls).map(({ code }) => code.range);
  return { start: Math.min(...ranges.map(({ start }) => start)), end: Math.max(...ranges.map(({ end }) => end)) };
}

const isPlain = (style: string): boolean => style === 'normal' || style === 'positionalOnly' || style === 'keywordOnly';

/** An entry that fails costs nothing but itself. */
function quietly<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}

function queries(interpreter: Interpreter, exploration: Exploration): ProgramRun {
  const { calls, bindings, values, supposed } = exploration;
  const byNode = grouped(calls, ({ node, place }) => (node === null ? null : placeKey(node.range, place.file)));
  const byFunction = grouped(bindings, ({ function: { code } }) => placeKey(code.range, code.unit.program.file));
  const byObject = grouped(calls, ({ callee }): Value | null => objectOf(callee));
  return {
    callsAt: (node, file) => byNode.get(placeKey(node.range, file)) ?? [],
    bindingsOf: (definition, file) => byFunction.get(placeKey(definition.range, file)) ?? [],
    callsOn: (object) => byObject.get(object) ?? [],
    ends: exploration.workings.ends,
    madeBy: exploration.workings.madeBy,
    supposedAt: ({ file, range }) =>
      supposed
        .filter((one) => (one.file ?? null) === file && one.range.start <= range.start && range.end <= one.range.end)
        .map(({ name }) => name),
    valuesOf: (expression, file) => values.get(placeKey(expression.range, file)) ?? [],
    interpreter,
  };
}

function grouped<T, K>(all: readonly T[], keyOf: (one: T) => K | null): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const seen of all) {
    const key = keyOf(seen);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(seen);
    else groups.set(key, [seen]);
  }
  return groups;
}

function functionOf(value: Value): FunctionValue | null {
  switch (value.kind) {
    case 'function':
      return value;
    case 'boundMethod':
    case 'staticMethod':
    case 'classMethod':
      return functionOf(value.function);
    case 'property':
      return value.getter === null ? null : functionOf(value.getter);
    default:
      return null;
  }
}

const objectOf = (callee: Value): InstanceValue | null =>
  callee.kind === 'instance' ? callee : callee.kind === 'boundMethod' && callee.receiver.kind === 'instance' ? callee.receiver : null;
