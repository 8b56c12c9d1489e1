/** Runs a program's own code once, going on past what cannot run, and keeps it open for its losses. */
import { InterpreterError, createInterpreter } from '../interpreter/interpreter';
import type { Interpreter } from '../interpreter/interpreter';
import { construct } from '../interpreter/javascript/classes';
import type { Machine } from '../interpreter/machine';
import type { Printed } from '../interpreter/notebook';
import type { Step } from '../interpreter/trace';
import type { Value } from '../interpreter/value';
import { moduleStatements } from '../detection/definitions';
import { calledNameOf } from '../detection/siteNames';
import type { Expression, Program, Range, Statement } from '../language/program';
import type { LossSite } from '../detection/sites';
import { programsUsing } from '../program/entries';
import { programRun as runOf } from '../program/knownRuns';
import { together } from '../program/programRun';
import type { ProgramRun } from '../program/programRun';
import type { CallArguments } from './arguments';
import { arraysBridge } from './arraysBridge';
import type { Bridge } from './bridge';
import type { PrintedText, RecordedStep, RunProblem, Session } from './session';
import { tfjsBridge } from './tfjsBridge';
import {
  jaxBridge,
  mindsporeBridge,
  mlxBridge,
  mxnetBridge,
  numpyBridge,
  paddleBridge,
  tensorflowBridge,
  torchBridge,
} from './pythonBridges';
import { pythonLibraries, typescriptLibraries } from './libraries';
import { siteUse } from './siteUse';
import type { SiteUse } from './siteUse';

export class NotRunnable extends Error {}

/** How the tensors of this site's framework are made. */
function bridgeFor(site: LossSite, otherwise: Bridge): Bridge {
  if (site.program.language !== 'python') return site.framework === 'tfjs' ? otherwise : arraysBridge;
  switch (site.framework) {
    case 'tensorflow':
      return tensorflowBridge;
    case 'jax':
      return jaxBridge;
    case 'mlx':
      return mlxBridge;
    case 'paddle':
      return paddleBridge;
    case 'mindspore':
      return mindsporeBridge;
    case 'mxnet':
      return mxnetBridge;
    case 'numpy':
      return numpyBridge;
    default:
      return otherwise;
  }
}

/** Tensors exist only inside `body`; what it returns must be plain data. */
export function withSession<T>(program: Program, body: (session: Session) => T): T {
  const bridge: Bridge = program.language === 'python' ? torchBridge : tfjsBridge;
  return bridge.withTensors(() => body(openSession(program, bridge)));
}

const librariesOf = ({ language }: Program) => (language === 'python' ? pythonLibraries : typescriptLibraries);

const newInterpreter = (program: Program): Interpreter =>
  createInterpreter({
    libraries: librariesOf(program),
    seed: 0,
    strictEmpty: true,
    budgets: { milliseconds: 5_000 },
    ...(program.workspace === undefined ? {} : { workspace: program.workspace }),
  });

function openSession(program: Program, bridge: Bridge): Session {
  const interpreter = newInterpreter(program);
  const outcome = interpreter.run(program, { keepGoing: true });
  let again: Interpreter | null = null;
  const before = new Map<Program, Session>();
  let run: ProgramRun | null = null;
  const programRun = (): ProgramRun => (run ??= runOf(program, librariesOf(program)));
  let all: ProgramRun | null = null;
  const runsTogether = (): ProgramRun => {
    if (all !== null) return all;
    const { file, workspace } = program;
    const others = file === undefined || workspace === undefined ? [] : programsUsing(workspace, file);
    all = together([programRun(), ...others.map((other) => runOf(other, librariesOf(other)))]);
    return all;
  };
  const uses = new Map<LossSite, SiteUse>();
  const session: Session = {
    program,
    context: interpreter.context,
    bridge,
    useOf(site) {
      let use = uses.get(site);
      if (use === undefined) {
        use = siteUse(programRun(), site);
        // Who uses what this text defines may stand in another one.
        if (use.taken?.isEntry !== false && site.definition.kind !== 'script') use = siteUse(runsTogether(), site);
        uses.set(site, use);
      }
      return use;
    },
    valueOf(expression) {
      try {
        const value = programRun().interpreter.evaluate(expression);
        return value.kind === 'unknown' ? null : value;
      } catch {
        return null;
      }
    },
    valuesOf: (expression) => (all ?? programRun()).valuesOf(expression, program.file),
    steps: interpreter.steps().map(recordedStep),
    printed: interpreter.printed().map(printedText),
    problems: outcome.errors.map(problemFrom),
    lookup: (name) => interpreter.lookup(name),
    evaluate: (expression) => interpreter.evaluate(expression),
    call: (callee, { positional, keywords }) => interpreter.call(callee, positional, keywords),
    construct: (cls, args) => constructed(interpreter, cls, args, program),
    missing: (site) => missing(site, interpreter),
    isFinal: (error) => error instanceof InterpreterError && error.type === 'budget',
    recording(run) {
      const before = interpreter.printed().length;
      interpreter.trace(true);
      const result = run();
      return { result, steps: interpreter.steps().map(recordedStep), printed: interpreter.printed().slice(before).map(printedText) };
    },
    rerun(values, last) {
      // One interpreter for all reruns: its libraries are loaded once, and every name is bound anew each time.
      again ??= newInterpreter(program);
      return rerun(again, program, values, last, outcome.errors);
    },
    problemOf: problemFrom,
    moduleNotes: interpreter.notes(),
    noting(run) {
      interpreter.clearNotes();
      const result = run();
      return { result, notes: interpreter.notes() };
    },
    forSite(site) {
      if (site.program === program) return { ...session, bridge: bridgeFor(site, bridge) };
      // A definition that a later one shadows is in force only before that one.
      const opened = before.get(site.program) ?? openSession(site.program, bridge);
      before.set(site.program, opened);
      return opened.forSite(site);
    },
  };
  return session;
}

/** @param usual what fails in the program as it stands: what else fails does so for the values, and what follows from it says nothing */
function rerun(
  interpreter: Interpreter,
  program: Program,
  values: ReadonlyMap<string, Value>,
  last: Statement,
  usual: readonly InterpreterError[],
): Value {
  const given = new Set<string>();
  const isUsual = ({ range }: InterpreterError): boolean => usual.some((known) => known.range.start === range.start);
  for (const { range, body } of program.cells) {
    let pending: Statement[] = [];
    const flush = () => {
      if (pending.length === 0) return;
      const { errors } = interpreter.run({ ...program, cells: [{ range, body: pending }] }, { keepGoing: true, showLast: false });
      pending = [];
      const failed = given.size > 0 ? errors.find((error) => !isUsual(error)) : undefined;
      if (failed) throw failed;
    };
    for (const statement of body) {
      if (statement === last) {
        flush();
        return valueOf(interpreter, program, range, statement);
      }
      pending.push(statement);
      const [bound] = [...moduleStatements([statement])]
        .flatMap((inner) => assignedNames(inner))
        .filter((name) => values.has(name) && !given.has(name));
      if (bound === undefined) continue;
      flush();
      given.add(bound);
      interpreter.assign(bound, values.get(bound)!);
    }
    flush();
  }
  throw new NotRunnable('the loss stands inside another statement');
}

function valueOf(interpreter: Interpreter, program: Program, range: Range, statement: Statement): Value {
  if (statement.kind === 'expression') return interpreter.evaluate(printedBy(statement.expression) ?? statement.expression);
  const { errors } = interpreter.run({ ...program, cells: [{ range, body: [statement] }] }, { showLast: false });
  if (errors[0]) throw errors[0];
  const [name] = assignedNames(statement);
  const value = name === undefined ? null : interpreter.lookup(name);
  if (!value) throw new NotRunnable('the last statement gives no value');
  return value;
}

/** `print('loss', loss)`: the one thing that is printed, beside words. */
function printedBy(expression: Expression): Expression | null {
  if (expression.kind !== 'call' || expression.callee.kind !== 'name' || expression.callee.name !== 'print') return null;
  const things = expression.arguments.filter(({ kind }) => kind !== 'constant' && kind !== 'joinedString');
  return things.length === 1 ? things[0]! : null;
}

function assignedNames(statement: Statement): readonly string[] {
  if (statement.kind === 'augmentedAssign') return statement.target.kind === 'name' ? [statement.target.name] : [];
  return statement.kind === 'assign' ? statement.targets.flatMap((target) => (target.kind === 'name' ? [target.name] : [])) : [];
}

/** Python calls a class; TypeScript says `new`. */
function constructed(interpreter: Interpreter, cls: Value, { positional, keywords }: CallArguments, program: Program): Value {
  if (program.language === 'python' || cls.kind !== 'class') return interpreter.call(cls, positional, keywords);
  return interpreter.attempt((context) => construct(context as Machine, cls, positional));
}

function missing(site: LossSite, interpreter: Interpreter): never {
  const name = calledNameOf(site);
  // Asking for the name says why it was never bound.
  interpreter.evaluate({ kind: 'name', name, range: site.nameRange });
  throw new NotRunnable(`${name} is not defined at the module's level`);
}

function recordedStep({ range, code, label, value, depth }: Step): RecordedStep {
  return value.kind === 'tensor'
    ? { range, code, label, depth, text: null, tensor: { dtype: value.dtype, shape: value.shape, values: value.values } }
    : { range, code, label, depth, text: value.text, tensor: null };
}

function printedText({ range, text, source, recorded }: Printed): PrintedText {
  return { range, text, source, recorded: recorded ?? null };
}

function problemFrom(error: unknown): RunProblem {
  if (error instanceof InterpreterError) {
    const message = error.pythonType === null ? error.message : `${error.pythonType}: ${error.message}`;
    return { type: error.type, message, range: error.range };
  }
  return { type: 'exception', message: error instanceof Error ? error.message : String(error), range: null };
}
