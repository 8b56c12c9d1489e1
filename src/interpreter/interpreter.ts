/** Puts the parts together: one interpreter runs one document, keeps its names between cells, and can call what the document defined. */
import type { Expression, Program, Range, Statement } from '../language/program';
import { lineIndex } from '../language/positions';
import type { LineIndex } from '../language/positions';
import { ElementBudgetError, TensorError } from '../tensor/errors';
import { bytesHeld, hold, lastMoment, metered, startFrom, work } from '../tensor/meter';
import type { Limits } from '../tensor/meter';
import { emptyWorkspace, rootFolder, workspacePath } from '../workspace';
import type { Workspace } from '../workspace';
import { createAttributes } from './attributes';
import { builtinNames } from './builtins/install';
import { boundBy } from './bound';
import { createCalls } from './calls';
import { createPythonClass, isInstanceOf } from './classes';
import type { Context, Keywords } from './context';
import { identityOf } from './dictionary';
import { Raised, Stopped, exceptionClass, newException } from './exceptions';
import type { TracebackEntry } from './exceptions';
import { createExploration } from './exploring/exploration';
import type { Exploration } from './exploring/exploration';
import { exploringSemantics } from './exploring/semantics';
import { createEvaluator } from './expressions';
import { formatValue } from './formatSpec';
import { createImporter } from './importer';
import { isIterable, pythonIterate, pythonLength } from './iteration';
import { createJavaScript } from './javascript/semantics';
import type { Library } from './library';
import type { Budgets, Frame, Machine } from './machine';
import { createNotebook, type Printed } from './notebook';
import { pythonBinary, pythonCompare, pythonEquals, pythonHash, pythonTruthy } from './operators';
import { privateName } from './privateName';
import { createPython } from './python';
import { createRandom } from './random';
import { pythonRepr, pythonStr } from './representation';
import type { Failure, Scope, Unit } from './scope';
import { noKeywords } from './signature';
import { createExecutor } from './statements';
import { pythonDeleteItem, pythonGetItem, pythonSetItem } from './subscripts';
import { createTrace, type Step } from './trace';
import { OBJECT, typeOf } from './types';
import type { ClassValue, Value } from './value';
import { findInClass, instance, str } from './value';

const megabyte = 1024 * 1024;

export const defaultBudgets: Budgets = {
  steps: 5_000_000,
  depth: 1000,
  elements: 10_000_000,
  bytes: 400 * megabyte,
  milliseconds: 10_000,
};

export interface InterpreterOptions {
  readonly budgets?: Partial<Budgets>;
  /** Of every random generator. */
  readonly seed?: number;
  /** torch.empty is filled with NaN, so that reading unset memory shows. */
  readonly strictEmpty?: boolean;
  readonly libraries: readonly Library[];
  /**
   * As the real interpreter: a text that is not valid is refused as a whole, and importing a module that is not known is an ImportError. Otherwise
   * valid lines run, and unknown modules are Unsupported when they are used.
   */
  readonly strict?: boolean;
  /** Texts beside the document: sibling modules, configuration files. */
  readonly workspace?: Workspace;
  /** Unknown values absorb what is done to them, branches on them are taken both ways, and each value remembers where it comes from. */
  readonly exploring?: boolean;
  readonly onStep?: (step: Step) => void;
  readonly onPrint?: (text: string) => void;
}

export interface RunOptions {
  /** After a statement of a cell fails, go on with the next one: for finding what a file defines although its training code cannot run. */
  readonly keepGoing?: boolean;
  /** Show the value of a cell's last expression, as notebooks do. By default, where the program has several cells or recorded output. */
  readonly showLast?: boolean;
}

/** An error of the interpreted program, with its place in the person's text. */
export class InterpreterError extends Error {
  readonly type: 'exception' | 'unsupported' | 'budget';
  /** The Python (or JavaScript) exception's class name, if it is an exception. */
  readonly pythonType: string | null;
  readonly range: Range;
  /** The calls on the way, outermost first. */
  readonly traceback: readonly TracebackEntry[];

  constructor(
    type: InterpreterError['type'],
    pythonType: string | null,
    message: string,
    range: Range,
    traceback: readonly TracebackEntry[],
  ) {
    super(message);
    this.name = 'InterpreterError';
    this.type = type;
    this.pythonType = pythonType;
    this.range = range;
    this.traceback = traceback;
  }
}

export interface Outcome {
  readonly errors: readonly InterpreterError[];
  /** What was shown last, if the last statement was an expression. */
  readonly lastValue: Value | null;
}

export interface Interpreter {
  run(program: Program, options?: RunOptions): Outcome;
  /** A global of the document. */
  lookup(name: string): Value | null;
  assign(name: string, value: Value): void;
  readonly globals: ReadonlyMap<string, Value>;
  /** An expression of the document last run, at its module's level, within fresh budgets; throws InterpreterError. */
  evaluate(expression: Expression): Value;
  /** Calls within fresh budgets; throws InterpreterError. */
  call(callee: Value, args?: readonly Value[], keywords?: Keywords): Value;
  /** Anything that may raise, within fresh budgets; throws InterpreterError. */
  attempt<T>(body: (context: Context) => T): T;
  readonly context: Context;
  /** Statements in a frame of a run that is over, within fresh budgets; throws InterpreterError. */
  continue(body: readonly Statement[], frame: Frame): void;
  /** Steps of all runs and calls so far. */
  stepsTaken(): number;
  /** Whether the time of all runs together is over (see meter.ts): what ran last may have been cut short by it. */
  isOutOfTime(): boolean;
  /** What a run that explores has seen so far. */
  readonly exploration: Exploration | null;
  steps(): readonly Step[];
  /** Forgets the steps so far; with false, records no more until told otherwise. */
  trace(on: boolean): void;
  printed(): readonly Printed[];
  notes(): readonly string[];
  /** Forgets the notes so far, so that the next say what the next call did. What was assumed of the text stays. */
  clearNotes(): void;
}

/** A reference in a list, and its share of the room that a growing list keeps; with a number or another small value of its own behind it. */
const bytesOfItem = 12;
const bytesOfNewItem = 96;

/** What a statement behind many that were stopped still has, so that a definition among them is made. */
const leastShare = 1 / 64;

/** The largest list or text, as a share of all that a run may hold. */
const shareAtOnce = 10;

const nowhere: Range = { start: 0, end: 0 };
const isStackEnd = (error: unknown): boolean => error instanceof RangeError && error.message.includes('call stack');

const emptyProgram: Program = { language: 'python', text: '', cells: [], problems: [] };

export function createInterpreter(options: InterpreterOptions): Interpreter {
  const budgets: Budgets = { ...defaultBudgets, ...options.budgets };
  const workspace = options.workspace ?? emptyWorkspace;
  const notes = new Set<string>();
  // What was assumed of the text holds for every run of what it defines.
  const assumptions = new Set<string>();
  const states = new Map<symbol, unknown>();
  const frames: Frame[] = [];
  const globals: Scope = { kind: 'module', names: new Map([['__name__', str('__main__')]]), parent: null, locals: null, declared: null };
  const failures = new Map<string, Failure>();
  const unknownStars: string[] = [];
  let program = emptyProgram;
  let lines = lineIndex('');
  const linesOfModules = new Map<string, LineIndex>();
  let steps = 0;
  let stepsInAll = 0;
  let charged = 0;
  // What the module's own code holds, for every later call.
  let heldByModule = 0;
  let deadline = Infinity;
  let nesting = 0;

  const limits: Limits = {
    bytes: budgets.bytes,
    checkTime: () => {
      checkTime();
    },
    outOfMemory: () => stop('budget', `more than ${Math.round(budgets.bytes / megabyte)} MB of memory in one run`),
    ...(options.exploring === true ? { largestTensor: budgets.elements } : {}),
  };

  const machine = { exploration: null } as unknown as Machine;
  // The parts made next ask whether the run explores.
  if (options.exploring === true) Object.assign(machine, { exploration: createExploration(machine) });
  const evaluator = createEvaluator(machine);
  const attributes = createAttributes(machine);
  const calls = createCalls(machine);
  const importer = createImporter(machine, options.libraries, workspace, () => ({ program, globals }));
  const notebook = createNotebook(machine, (text) => options.onPrint?.(text));
  const trace = createTrace(machine, options.libraries, options.onStep ?? null);
  const semantics = new Map<string, ReturnType<typeof createPython>>();

  const raise = (type: string, message: string): never => raiseClass(exceptionClass(type), message);
  function raiseClass(cls: ClassValue, message: string): never {
    throw new Raised(newException(cls, message === '' ? [] : [str(message)]), machine.here, machine.traceback());
  }
  const stop = (type: 'unsupported' | 'budget', message: string): never => {
    throw new Stopped(type, message, machine.here, machine.traceback());
  };
  /** What grows leaves what it was behind: one large value takes several times its size until the host has cleaned up. */
  function tooMuchAtOnce(elements: number, bytes: number): string | null {
    if (elements > budgets.elements) return `more than ${budgets.elements} elements`;
    return bytes > budgets.bytes / shareAtOnce ? `more than ${Math.round(budgets.bytes / shareAtOnce / megabyte)} MB` : null;
  }
  const overBudget = (): string =>
    steps > budgets.steps
      ? `more than ${budgets.steps} steps`
      : deadline === lastMoment()
        ? 'all its runs together took too long'
        : `the run took longer than ${budgets.milliseconds} ms`;
  const checkTime = (): void => {
    if (performance.now() > deadline) stop('budget', overBudget());
  };

  const core: Omit<Machine, keyof typeof evaluator | keyof typeof attributes | keyof typeof calls | keyof typeof importer> = {
    here: nowhere,
    frames,
    handling: [],
    builtins: builtinNames,
    modules: new Map(),
    importing: 0,
    random: createRandom(options.seed ?? 0),
    strictEmpty: options.strictEmpty ?? false,
    strictImports: options.strict ?? false,
    exploring: options.exploring ?? false,
    exploration: machine.exploration,
    readFile: (path) => workspace.read(workspacePath(path, program.file ?? null)),
    documentPath: null,
    guardedImports: 0,

    traceback: () => frames.flatMap((frame) => (frame.unit.isPersons ? [{ name: frame.name, range: frame.calledFrom ?? nowhere }] : [])),
    semantics(language) {
      let made = semantics.get(language);
      if (made === undefined) {
        made = language === 'python' ? createPython(machine) : createJavaScript(machine);
        if (machine.exploration !== null) made = exploringSemantics(machine, made, machine.exploration);
        semantics.set(language, made);
      }
      return made;
    },
    place: ({ start, file }) =>
      file === undefined ? `line ${lines.at(program.locate?.(start) ?? start).line}` : `line ${linesOf(file).at(start).line} of ${file}`,
    failureOf(thrown) {
      const { type, pythonType, message, range } = errorFrom(thrown);
      return { type, range, message: pythonType === null ? message : `${pythonType}: ${message}` };
    },

    assignTo,
    execute: createExecutor(machine),
    record: (statement, frame, value, names) => {
      trace.record(statement, frame, value, names);
    },
    createClass: (name, bases, namespace, metaclass, keywords, details) =>
      createPythonClass(machine, name, bases, namespace, metaclass, keywords, details),

    truthy: (value) => pythonTruthy(machine, value),
    iterate: (value) => pythonIterate(machine, value),
    isIterable,
    toArray(value) {
      if ((value.kind === 'list' || value.kind === 'tuple') && value.class === null) {
        core.charge(value.items.length);
        return value.items.slice();
      }
      if (value.kind === 'range') core.charge(pythonLength(machine, value), 0);
      const items: Value[] = [];
      const cursor = pythonIterate(machine, value);
      for (let item = cursor.next(); item !== null; item = cursor.next()) {
        core.charge(1, bytesOfNewItem);
        items.push(item);
      }
      return items;
    },
    length: (value) => pythonLength(machine, value),
    repr: (value) => pythonRepr(machine, value),
    str: (value) => pythonStr(machine, value),
    format(value, spec) {
      const own = 'class' in value && value.class !== null ? findInClass(value.class, '__format__') : null;
      if (own === null || own === OBJECT.namespace.get('__format__')) return formatValue(machine, value, spec);
      const text = machine.call(own, [value, str(spec)]);
      return text.kind === 'str' ? text.value : raise('TypeError', `__format__ must return a str, not ${typeOf(text).name}`);
    },
    compare: (left, operator, right) => pythonCompare(machine, operator, left, right),
    binary: (operator, left, right) => pythonBinary(machine, operator, left, right),
    equals: (left, right) => pythonEquals(machine, left, right),
    hash: (value) => pythonHash(machine, value),
    identity: identityOf,
    getItem: (object, index) => pythonGetItem(machine, object, index),
    setItem: (object, index, value) => {
      pythonSetItem(machine, object, index, value);
    },
    deleteItem: (object, index) => {
      pythonDeleteItem(machine, object, index);
    },
    callMethod: (receiver, name, args, keywords) => machine.call(machine.getAttribute(receiver, name), args, keywords),
    typeOf,
    isInstance: (value, cls) => isInstanceOf(machine, value, cls),
    newInstance: (cls) => instance(cls),

    raise,
    raiseClass,
    raiseWith: (type, args) => {
      throw new Raised(newException(exceptionClass(type), args), machine.here, machine.traceback());
    },
    unsupported: (what) => stop('unsupported', `Unsupported: ${what}`),
    budgetExceeded: (what) => stop('budget', `more than a run may make: ${what}`),
    asRaised(error) {
      if (error instanceof Raised) return error;
      if (error instanceof TensorError) return raisedAs(error.type, error.message);
      // A stop that is thrown where the host's stack ends becomes this error too: no program may catch that.
      if (isStackEnd(error) && steps <= budgets.steps && performance.now() <= deadline)
        return raisedAs('RecursionError', 'maximum recursion depth exceeded');
      return null;
    },

    note: (message) => {
      notes.add(message);
    },
    assume: (message) => {
      assumptions.add(message);
    },
    print: (text) => {
      notebook.print(text, machine.here);
      core.charge(text.length, 1);
    },
    charge(elements, bytesEach = bytesOfItem) {
      charged += elements;
      const atOnce = tooMuchAtOnce(elements, elements * bytesEach);
      // What is too large to be made here is, to a run that explores, one thing more that is not known.
      if (atOnce !== null) stop(machine.exploration === null ? 'budget' : 'unsupported', `${atOnce} at once`);
      if (charged > budgets.elements * 20) stop('budget', `more than ${budgets.elements * 20} elements in one run`);
      hold(elements * bytesEach);
      work(elements);
    },
    tick(count = 1) {
      const before = steps;
      steps += count;
      stepsInAll += count;
      if (steps > budgets.steps) stop('budget', overBudget());
      if (before >> 8 !== steps >> 8) checkTime();
    },
    nested(walk) {
      if (nesting > budgets.depth) raise('RecursionError', 'maximum recursion depth exceeded');
      nesting++;
      try {
        return walk();
      } finally {
        nesting--;
      }
    },
    lastly(cleanUp) {
      const [stepsBefore, deadlineBefore] = [steps, deadline];
      steps = Math.min(steps, budgets.steps - 1_000);
      deadline = Math.max(deadline, performance.now() + 50);
      try {
        cleanUp();
      } catch {
        // What stopped the run is the error to report.
      } finally {
        steps = stepsBefore;
        deadline = deadlineBefore;
      }
    },
    enter(frame) {
      if (frames.length >= budgets.depth) raise('RecursionError', 'maximum recursion depth exceeded');
      frames.push(frame);
    },
    leave() {
      frames.pop();
    },
    frame() {
      const top = frames.at(-1);
      if (top === undefined) return null;
      return { firstArgument: top.firstArgument, lookup: (name) => findName(top.scope, name) };
    },
    state<T>(key: symbol, create: () => T): T {
      if (!states.has(key)) states.set(key, create());
      return states.get(key) as T;
    },
  };

  Object.assign(machine, evaluator, attributes, calls, importer, core);

  function raisedAs(type: string, message: string): Raised {
    return new Raised(newException(exceptionClass(type), [str(message)]), machine.here, machine.traceback());
  }

  function assignTo(target: Expression, given: Value, frame: Frame): void {
    const isStop = machine.exploration !== null && frame.unit.isPersons && (target.kind === 'name' || target.kind === 'attribute');
    const value = isStop ? machine.exploration.stop(given, target.range) : given;
    if (isStop) machine.exploration.carried(value, target.range, target.kind === 'attribute');
    switch (target.kind) {
      case 'name':
        frame.semantics.assign(frame, target.name, value, null);
        return;
      case 'sequence':
      case 'mapping':
        frame.semantics.destructure(frame, target, value, null);
        return;
      case 'attribute': {
        const object = machine.evaluate(target.object, frame);
        if (frame.unit.isPersons) machine.here = target.range;
        frame.semantics.setAttribute(object, privateName(frame, target.name), value);
        return;
      }
      case 'subscript': {
        const object = machine.evaluate(target.object, frame);
        const index = machine.evaluate(target.index, frame);
        if (frame.unit.isPersons) machine.here = target.range;
        frame.semantics.setItem(object, index, value);
        return;
      }
      case 'starred':
        assignTo(target.value, value, frame);
        return;
      default:
        if (frame.unit.isPersons) machine.here = target.range;
        raise('SyntaxError', 'cannot assign to this expression');
    }
  }

  /** Of a module that the document imports. */
  function linesOf(file: string): LineIndex {
    let known = linesOfModules.get(file);
    if (known === undefined) {
      known = lineIndex(workspace.read(file) ?? '');
      linesOfModules.set(file, known);
    }
    return known;
  }

  /** @param share of the time and the memory: what goes on after a stop has half as much as before, so that all of it ends */
  function freshBudgets(share = 1): void {
    steps = 0;
    charged = 0;
    nesting = 0;
    deadline = Math.min(performance.now() + budgets.milliseconds * share, lastMoment());
    if (share < 1) startFrom(Math.min(bytesHeld(), budgets.bytes * (1 - share)));
  }

  /** `scatter_: index 5 is out of bounds …`, unless the message says so itself. */
  function withOperation(operation: string | null, message: string): string {
    if (operation === null || message.includes(operation.replace(/_+$/, '').replace(/^_+/, ''))) return message;
    return `${operation}: ${message}`;
  }

  /** Whatever was thrown, as the error the person sees. */
  function errorFrom(thrown: unknown): InterpreterError {
    const raised = machine.asRaised(thrown);
    if (raised !== null) {
      const { class: cls } = raised.exception;
      return new InterpreterError(
        'exception',
        cls.name,
        withOperation(raised.operation, messageOf(raised)),
        raised.range,
        raised.traceback,
      );
    }
    if (thrown instanceof Stopped) return new InterpreterError(thrown.type, null, thrown.message, thrown.range, thrown.traceback);
    if (thrown instanceof InterpreterError) return thrown;
    const message = isStackEnd(thrown) ? overBudget() : thrown instanceof Error ? thrown.message : String(thrown);
    if (thrown instanceof ElementBudgetError || thrown instanceof RangeError)
      return new InterpreterError(
        'budget',
        null,
        message.replace(/^Invalid (string|array) length$/, 'more than a run may make: a longer $1 than there can be'),
        machine.here,
        machine.traceback(),
      );
    return new InterpreterError(
      'unsupported',
      null,
      `Unsupported: this code made the interpreter fail (${message})`,
      machine.here,
      machine.traceback(),
    );
  }

  function messageOf(raised: Raised): string {
    try {
      return pythonStr(machine, raised.exception);
    } catch {
      return raised.exception.class.name;
    }
  }

  function reset(): void {
    frames.length = 0;
    machine.handling.length = 0;
    machine.guardedImports = 0;
    machine.importing = 0;
  }

  function attempt<T>(body: (context: Context) => T): T {
    const guarded = (): T => {
      try {
        return body(machine);
      } catch (thrown) {
        throw errorFrom(thrown);
      }
    };
    if (frames.length > 0) return guarded();
    freshBudgets();
    try {
      return metered(limits, heldByModule, guarded);
    } finally {
      reset();
    }
  }

  function moduleFrame(of: Program): Frame {
    const unit: Unit = { language: of.language, program: of, isPersons: true, moduleName: '__main__', globals, failures, unknownStars };
    return {
      scope: globals,
      unit,
      semantics: machine.semantics(of.language),
      name: '<module>',
      firstArgument: null,
      isGenerator: false,
      depth: 0,
      calledFrom: null,
      returned: [],
    };
  }

  function run(next: Program, runOptions: RunOptions = {}): Outcome {
    program = next;
    machine.documentPath = next.file ?? null;
    if (next.file !== undefined && next.language === 'python') globals.names.set('__file__', str(`${rootFolder}/${next.file}`));
    lines = lineIndex(next.text);
    freshBudgets();
    return metered(limits, 0, () => {
      const outcome = runCells(next, runOptions);
      heldByModule = Math.min(bytesHeld(), budgets.bytes / 2);
      return outcome;
    });
  }

  function runCells(next: Program, runOptions: RunOptions): Outcome {
    let share = 1;
    const showLast = runOptions.showLast ?? (next.cells.length > 1 || next.cells.some((cell) => cell.recordedOutput !== undefined));
    const frame = moduleFrame(next);
    const errors: InterpreterError[] = [];
    const [problem] = next.problems;
    if (options.strict === true && problem !== undefined) {
      const type = /indent/.test(problem.message) ? 'IndentationError' : 'SyntaxError';
      return { errors: [new InterpreterError('exception', type, problem.message, problem.range, [])], lastValue: null };
    }
    let lastValue: Value | null = null;
    for (const cell of next.cells) {
      notebook.startCell(cell);
      lastValue = null;
      for (const [i, statement] of cell.body.entries()) {
        const isLast = i === cell.body.length - 1;
        try {
          lastValue = runStatement(statement, frame, isLast && showLast);
        } catch (thrown) {
          const error = errorFrom(thrown);
          errors.push(error);
          for (const name of boundBy(statement)) {
            if (!globals.names.has(name)) failures.set(name, { range: error.range, message: error.message, type: error.type });
          }
          if (error.type === 'budget') freshBudgets((share = Math.max(share / 2, leastShare)));
          if (runOptions.keepGoing !== true) break;
        } finally {
          reset();
        }
      }
      notebook.endCell(cell, frame);
    }
    return { errors, lastValue };
  }

  function runStatement(statement: Statement, frame: Frame, show: boolean): Value | null {
    frames.push(frame);
    if (statement.kind !== 'expression') {
      machine.execute([statement], frame).next();
      return null;
    }
    machine.here = statement.range;
    const value = machine.evaluate(statement.expression, frame);
    machine.record(statement, frame, value, '');
    if (show && !statement.silent && value.kind !== 'none' && value.kind !== 'undefined') notebook.show(value, statement);
    return value;
  }

  return {
    run,
    lookup: (name) => globals.names.get(name) ?? null,
    assign: (name, value) => {
      globals.names.set(name, value);
    },
    globals: globals.names,
    evaluate: (expression) =>
      attempt(() => {
        const frame = moduleFrame(program);
        frames.push(frame);
        machine.here = expression.range;
        return machine.evaluate(expression, frame);
      }),
    call: (callee, args = [], keywords = noKeywords) => attempt(() => machine.call(callee, args, keywords)),
    attempt,
    context: machine,
    continue: (body, frame) => {
      attempt(() => {
        frames.push(frame);
        machine.execute(body, frame).next();
      });
    },
    stepsTaken: () => stepsInAll,
    isOutOfTime: () => performance.now() >= lastMoment(),
    exploration: machine.exploration,
    steps: () => trace.steps(),
    trace(on) {
      trace.clear();
      trace.enabled = on;
    },
    printed: () => notebook.printed(),
    notes: () => [...assumptions, ...notes],
    clearNotes: () => {
      notes.clear();
    },
  };
}

function findName(from: Scope, name: string): Value | null {
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
    const value = scope.names.get(name);
    if (value !== undefined) return value;
  }
  return null;
}
