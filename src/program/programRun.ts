/**
 * The program run: the person's program, run with unknown values where its data, weights and foreign libraries would be, for what it says of its
 * losses: with what each is built, and with what it is called. It always ends with what was learnt so far.
 */
import type { Call, Expression, FunctionDefinition, Program, Statement } from '../language/program';
import { createInterpreter } from '../interpreter/interpreter';
import type { Interpreter } from '../interpreter/interpreter';
import type { CallSeen, Exploration } from '../interpreter/exploring/exploration';
import type { Library } from '../interpreter/library';
import type { ClassValue, FunctionValue, InstanceValue, Value } from '../interpreter/value';
import { findInClass, unknown } from '../interpreter/value';
import type { Workspace } from '../workspace';

export interface ProgramRun {
  /** Each time that a call of the text was made. */
  readonly callsAt: (node: Call) => readonly CallSeen[];
  /** Calls of a function of the person's, or of a method, by its body; of whatever object. */
  readonly callsOf: (body: FunctionValue['code']['body']) => readonly CallSeen[];
  /** Constructions of classes in which a method has this body: the class that defines it and those that inherit it. */
  readonly constructionsOf: (body: FunctionValue['code']['body'], className: string) => readonly CallSeen[];
  /** Calls of an object: of a loss that was built. */
  readonly callsOn: (object: Value) => readonly CallSeen[];
  /** The call that made an object. */
  readonly makerOf: (object: Value) => CallSeen | null;
  /** What an expression of the text was, each time; only for arguments of calls. */
  readonly valuesOf: (expression: Expression) => readonly Value[];
  /** Every call, in order. */
  readonly calls: readonly CallSeen[];
  readonly interpreter: Interpreter;
}

export interface ProgramRunOptions {
  readonly libraries: readonly Library[];
  readonly workspace?: Workspace;
}

/** Of one entry: the module itself, or one function that nothing of the text calls. */
const budgets = { steps: 400_000, depth: 120, elements: 20_000, milliseconds: 400 } as const;
/** Milliseconds for all entries. */
const longest = 1_500;

export function runProgram(program: Program, options: ProgramRunOptions): ProgramRun {
  const interpreter = createInterpreter({ ...options, seed: 0, exploring: true, budgets });
  const exploration = interpreter.exploration!;
  const started = performance.now();
  const inTime = () => performance.now() - started < longest;
  interpreter.run(program, { keepGoing: true, showLast: false });
  // Callers mostly stand below what they call: from the end, so that most is run as it is called.
  for (const statement of definitions(program).toReversed()) {
    if (!inTime()) break;
    exploration.uncertain = 1;
    enter(interpreter, exploration, statement, inTime);
  }
  return queries(interpreter, exploration);
}

type Definition = Extract<Statement, { kind: 'function' | 'class' }>;

/** Functions and classes of the module's level. */
function definitions(program: Program): readonly Definition[] {
  const found: Definition[] = [];
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'function' || statement.kind === 'class') found.push(statement);
      else if (statement.kind === 'if') [statement.then, statement.otherwise].forEach(visit);
      else if (statement.kind === 'try' || statement.kind === 'with' || statement.kind === 'block') visit(statement.body);
    }
  };
  for (const cell of program.cells) visit(cell.body);
  return found;
}

/** Runs what nothing of the program has run: somebody else calls it, with values that are not known. */
function enter(interpreter: Interpreter, exploration: Exploration, definition: Definition, inTime: () => boolean): void {
  const value = interpreter.lookup(definition.name);
  if (value === null) return;
  if (definition.kind === 'function') {
    if (!exploration.ran.has(definition.body)) attempt(interpreter, value, definition, []);
    return;
  }
  if (value.kind !== 'class') return;
  const methods = definition.body.flatMap((member) => (member.kind === 'function' ? [member] : []));
  const waiting = methods.filter((method) => !exploration.ran.has(method.body) && !isSpecial(method));
  if (waiting.length === 0) return;
  const self = instanceOf(interpreter, exploration, value);
  for (const method of waiting) {
    if (!inTime()) return;
    if (exploration.ran.has(method.body)) continue;
    const found = findInClass(value, method.name);
    if (found === null) continue;
    const isStatic = found.kind === 'staticMethod';
    const receiver = found.kind === 'classMethod' ? value : self;
    const fn =
      found.kind === 'staticMethod' || found.kind === 'classMethod' ? found.function : found.kind === 'property' ? found.getter : found;
    if (fn?.kind !== 'function') continue;
    if (isStatic) attempt(interpreter, fn, method, []);
    else if (receiver !== null) attempt(interpreter, { kind: 'boundMethod', receiver, function: fn }, method, [receiver]);
  }
}

/** `__repr__` and its like say nothing of losses; `__call__` and `__init__` may. */
const isSpecial = ({ name }: FunctionDefinition): boolean =>
  name.startsWith('__') && name.endsWith('__') && !['__call__', '__init__', '__getitem__', '__iter__'].includes(name);

function attempt(interpreter: Interpreter, callee: Value, { parameters }: FunctionDefinition, bound: readonly Value[]): void {
  const args = parameters
    .slice(bound.length)
    .filter((p) => (p.style === 'normal' || p.style === 'positionalOnly') && p.defaultValue === null)
    .map((p) => unknown(p.name, p.range));
  const keywords = new Map<string, Value>(
    parameters.filter((p) => p.style === 'keywordOnly' && p.defaultValue === null).map((p) => [p.name, unknown(p.name, p.range)]),
  );
  quietly(() => interpreter.call(callee, args, keywords));
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
  const positional = required.filter((p) => p.style !== 'keywordOnly').map((p): Value => unknown(p.name, p.range));
  const keywords = new Map<string, Value>(required.filter((p) => p.style === 'keywordOnly').map((p) => [p.name, unknown(p.name, p.range)]));
  return quietly(() => interpreter.call(cls, positional, keywords));
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
  const { calls, values } = exploration;
  const byNode = grouped(calls, ({ node }) => node);
  const byBody = grouped(calls, ({ callee }) => functionOf(callee)?.code.body ?? null);
  const byObject = grouped<Value>(calls, ({ callee }) => objectOf(callee));
  const makers = new Map<Value, CallSeen>();
  // The innermost call that gave an object made it: later ones only handed it on.
  for (const seen of calls) if (seen.result?.kind === 'instance' && classOf(seen) !== null) makers.set(seen.result, seen);
  const constructions = calls.filter((seen) => classOf(seen) !== null);
  return {
    callsAt: (node) => byNode.get(node) ?? [],
    callsOf: (body) => byBody.get(body) ?? [],
    constructionsOf: (body, className) =>
      constructions.filter((seen) => {
        const cls = classOf(seen)!;
        return (
          cls.mro.some((one) => one.name === className) &&
          cls.mro.some((one) => [...one.namespace.values()].some((member) => functionOf(member)?.code.body === body))
        );
      }),
    callsOn: (object) => byObject.get(object) ?? [],
    makerOf: (object) => makers.get(object) ?? null,
    valuesOf: (expression) => values.get(expression) ?? [],
    calls,
    interpreter,
  };
}

function grouped<K extends object>(calls: readonly CallSeen[], keyOf: (seen: CallSeen) => K | null): ReadonlyMap<K, readonly CallSeen[]> {
  const groups = new Map<K, CallSeen[]>();
  for (const seen of calls) {
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
    default:
      return null;
  }
}

const objectOf = (callee: Value): InstanceValue | null =>
  callee.kind === 'instance' ? callee : callee.kind === 'boundMethod' && callee.receiver.kind === 'instance' ? callee.receiver : null;

const classOf = ({ callee }: CallSeen): ClassValue | null => (callee.kind === 'class' ? callee : null);
