/** Runs a program's own code once, going on past what cannot run, and keeps it open for its losses. */
import type { Context } from '../interpreter/context';
import { InterpreterError, createInterpreter } from '../interpreter/interpreter';
import type { Interpreter } from '../interpreter/interpreter';
import type { Printed } from '../interpreter/notebook';
import type { Step } from '../interpreter/trace';
import type { Value } from '../interpreter/value';
import { UNDEFINED } from '../interpreter/value';
import type { Program } from '../language/program';
import type { LossSite } from '../detection/sites';
import type { CallArguments } from './arguments';
import type { Bridge } from './bridge';
import type { PrintedText, RecordedStep, RunProblem, Session } from './session';
import { tfjsBridge } from './tfjsBridge';
import { torchBridge } from './torchBridge';
import { pythonLibraries, typescriptLibraries } from './libraries';

export class NotRunnable extends Error {}

/** Tensors exist only inside `body`; what it returns must be plain data. */
export function withSession<T>(program: Program, body: (session: Session) => T): T {
  const python = program.language === 'python';
  const bridge: Bridge = python ? torchBridge : tfjsBridge;
  return bridge.withTensors(() => {
    const interpreter = createInterpreter({
      libraries: python ? pythonLibraries : typescriptLibraries,
      seed: 0,
      strictEmpty: true,
      budgets: { milliseconds: 5_000 },
    });
    return body(openSession(interpreter, bridge, program));
  });
}

function openSession(interpreter: Interpreter, bridge: Bridge, program: Program): Session {
  const outcome = interpreter.run(program, { keepGoing: true });
  const steps = interpreter.steps().map(recordedStep);
  const printed = interpreter.printed().map(printedText);
  const problemOf = (error: unknown): RunProblem => problemFrom(error);
  const call = (callee: Value, { positional, keywords }: CallArguments): Value => interpreter.call(callee, positional, keywords);
  return {
    program,
    context: interpreter.context,
    bridge,
    steps,
    printed,
    problems: outcome.errors.map(problemFrom),
    lookup: (name) => interpreter.lookup(name),
    evaluate: (expression) => interpreter.evaluate(expression),
    call,
    construct: (cls, args) => constructed(interpreter, cls, args, program),
    missing: (site) => missing(site, interpreter),
    isFinal: (error) => error instanceof InterpreterError && error.type === 'budget',
    recording(run) {
      const before = interpreter.printed().length;
      interpreter.trace(true);
      const result = run();
      return { result, steps: interpreter.steps().map(recordedStep), printed: interpreter.printed().slice(before).map(printedText) };
    },
    problemOf,
    notes: () => interpreter.notes(),
  };
}

/** Python calls a class; TypeScript says `new`. */
function constructed(interpreter: Interpreter, cls: Value, { positional, keywords }: CallArguments, program: Program): Value {
  if (program.language === 'python') return interpreter.call(cls, positional, keywords);
  return interpreter.attempt((context: Context) =>
    context.call(cls, positional.length === 0 ? [] : [...positional.map((v) => v ?? UNDEFINED)]),
  );
}

function missing(site: LossSite, interpreter: Interpreter): never {
  const name = site.name.replace(/ #\d+$/, '');
  // Asking for the name says why it was never bound.
  interpreter.evaluate({ kind: 'name', name, range: site.nameRange });
  throw new NotRunnable(`${name} is not defined at the module's level`);
}

function recordedStep({ range, label, value, depth }: Step): RecordedStep {
  return value.kind === 'tensor'
    ? { range, label, depth, text: null, tensor: { dtype: value.dtype, shape: value.shape, values: value.values } }
    : { range, label, depth, text: value.text, tensor: null };
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
