/** Turns a found loss into something that can be run on any logits and targets. How to call it is decided by trying. */
import { calledNameOf } from '../detection/siteNames';
import type { Callable, LossSite } from '../detection/sites';
import { canonical, crossEntropies } from '../detection/vocabulary';
import { walk } from '../detection/walk';
import type { Call, Expression, Parameter, Program } from '../language/program';
import { InterpreterError } from '../interpreter/interpreter';
import type { ObjectValue, Value } from '../interpreter/value';
import { float, int } from '../interpreter/value';
import { argumentFor, isRequired, layOut, optionNames } from './arguments';
import type { Settings } from './arguments';
import type { Differentiated, Feed, Matrix } from './bridge';
import { configurationOf } from './configuration';
import { lossIn } from './outcome';
import { callRoles, constructorRoles, optionRole } from './roles';
import type { RoleOf } from './roles';
import type { Session } from './session';
import { usesPseudoLabels } from './pseudoLabels';
import { createWatch } from './watch';
import type { HandedTensor, Watch } from './watch';

export interface LossInput extends Settings {
  readonly logits: Matrix;
  readonly targets: readonly number[];
  readonly feed: Feed;
}

/** How the targets are handed over. */
export type TargetForm = 'indices' | 'oneHot' | 'column' | 'integerOneHot' | 'sequence' | 'sequenceOneHot';

export interface OpenLoss {
  /** Runs the code; throws what it throws. */
  readonly run: (input: LossInput) => Differentiated;
  /** Runs the code on tensors, and an object, of its own; tells which of the tensors it was handed hold something else afterwards. */
  readonly changedBy: (input: LossInput) => readonly HandedTensor[];
  /** Can it be asked for unreduced values, by an argument of its own? */
  readonly canReduceNone: boolean;
  /** The parameter that is mixup's λ, where the loss has one. */
  readonly mixingName: string | null;
  /** Whether the code takes a smoothing factor from outside. */
  readonly takesSmoothing: boolean;
  readonly takesClassWeights: boolean;
  readonly takesClasses: boolean;
  /** Whether it has a padding or ignored class to be told. */
  readonly takesPadding: boolean;
  readonly targetForm: () => TargetForm;
  /** Whether each row is given as a sequence of one. */
  readonly takesSequences: () => boolean;
  /** Whether a number it cannot do without (the share of a term, a temperature) had to be made up. */
  readonly assumesNumbers: boolean;
  /** What was assumed to make it run. */
  readonly notes: ReadonlySet<string>;
}

const pythonSelf = (site: LossSite, callable: Callable): readonly Parameter[] => {
  const isMethod = site.definition.kind === 'class' && site.program.language === 'python';
  return isMethod ? callable.parameters.slice(1) : callable.parameters;
};

/** The class, function or factory that the loss is made by. */
export function baseOf(session: Session, site: LossSite): Value {
  const { definition } = site;
  if ((definition.kind === 'class' || definition.kind === 'function') && definition.reach !== null)
    return session.evaluate(definition.reach);
  return session.lookup(calledNameOf(site)) ?? session.missing(site);
}

export function openLoss(session: Session, site: LossSite): OpenLoss {
  const { definition } = site;
  if (definition.kind === 'call') return openCall(session, site, definition.call, definition.constructed);
  const maker = definition.kind === 'class' ? definition.constructor : definition.kind === 'function' ? definition.factory : null;
  const callable = definition.kind === 'class' ? definition.method : definition.kind === 'function' ? definition.callable : null;
  const makerRoles = maker ? constructorRoles(site, pythonSelf(site, maker)) : [];
  const roles = callable ? callRoles(site, pythonSelf(site, callable)) : [];
  const notes = new Set<string>();
  const assume = (note: string) => notes.add(note);
  const written = maker ? argumentsInFile(session, site, pythonSelf(site, maker)) : new Map<string, Value>();
  const made = new Map<string, Value>();

  /** One object for each way of making it: a loss may keep state, but not between different settings. */
  const lossOf = (settings: Settings): Value => {
    const { classes, smoothing, classWeights, ignoreIndex, paddingIndex, mixing, reduction, evaluating } = settings;
    const key = JSON.stringify([classes, smoothing, classWeights, ignoreIndex, paddingIndex, mixing, reduction, evaluating]);
    const kept = made.get(key);
    if (kept) return kept;
    const value = makeLoss(settings, null);
    made.set(key, value);
    return value;
  };
  const makeLoss = (settings: Settings, watch: Watch | null): Value => {
    const base = baseOf(session, site);
    const values = valuesFor(session, site, makerRoles, settings, written, assume);
    watchWeights(makerRoles, values, watch);
    const args = layOut(
      makerRoles.map((r) => r.parameter),
      values,
      site.program.language,
    );
    const value =
      definition.kind === 'class'
        ? session.construct(base, args)
        : definition.kind === 'function' && definition.factory
          ? session.call(base, args)
          : base;
    if (settings.evaluating) session.call(session.context.getAttribute(value, 'eval'), { positional: [], keywords: new Map() });
    return definition.kind === 'class' && definition.called === 'method'
      ? session.context.getAttribute(value, definition.method.name)
      : value;
  };

  const forms = targetForms(roles.find((r) => r.role === 'targets'));
  let settled: TargetForm | null = null;
  const attempt = (input: LossInput, form: TargetForm, watch: Watch | null = null): Differentiated => {
    const loss = watch === null ? lossOf(input) : makeLoss(input, watch);
    const rest = valuesFor(session, site, roles, input, new Map(), assume);
    watchWeights(roles, rest, watch);
    const rows = input.logits.length;
    const handTargets = (): Value => {
      const value = targetValue(session, input, form);
      watch?.hand('targets', value);
      return value;
    };
    // Code that is run often for one gradient may write into its targets: every run has its own.
    const once = session.bridge.runsOften ? null : handTargets();
    const call = (logits: Value): Value => {
      const targets = once ?? handTargets();
      watch?.hand('logits', logits);
      const values = new Map(rest);
      for (const { parameter, role } of roles) {
        if (role === 'logits') values.set(parameter, logits);
        else if (role === 'targets') values.set(parameter, targets);
        else if (role === 'otherLogits' && parameter.defaultValue === null) values.set(parameter, otherLogits(session, input, form));
        else if (role === 'otherTargets' && parameter.defaultValue === null)
          values.set(parameter, targetValue(session, { ...input, targets: [...input.targets].reverse() }, form));
        else if ((role === 'mask' || role === 'sampleWeight') && parameter.defaultValue === null)
          values.set(parameter, session.bridge.floats(session.context, Array<number>(rows).fill(1), isSequence(form) ? [rows, 1] : [rows]));
      }
      const args = layOut(
        roles.map((r) => r.parameter),
        values,
        site.program.language,
      );
      return picked(session, session.call(loss, args));
    };
    if (site.role === 'target') return { result: call(float(0)), gradient: null, problem: null };
    return session.bridge.differentiate(session.context, input.logits, logitsShape(input, form), input.feed, call);
  };
  /** Labels are tried before distributions: code that wants a distribution refuses labels, except in a batch of one row or of as many as classes. */
  const settle = (input: LossInput): TargetForm => {
    const rows = input.logits.length;
    const odd = rows > 1 && rows !== input.classes ? input : withRows(input, input.classes + 1);
    // What only makes smoothed targets of one-hot ones would make something of labels too.
    const labelsFirst = site.role === 'target' ? forms : [...forms].sort((a, b) => Number(b === 'indices') - Number(a === 'indices'));
    try {
      return firstThatRuns(labelsFirst, (candidate) => attempt(odd, candidate), session)[1];
    } catch (error) {
      if (session.isFinal(error)) throw error;
      return firstThatRuns(forms, (candidate) => attempt(input, candidate), session)[1];
    }
  };
  /** Code that misses a dimension, or asserts that it is there, wants sequences: then each row is a sequence of one. */
  const settleOrSequence = (input: LossInput): TargetForm => {
    try {
      return settle(input);
    } catch (error) {
      const { type, message } = session.problemOf(error);
      const missesOne = /dimension|too many indices|index out of range|to unpack|^AssertionError|^ValueError/i.test(message);
      if (session.isFinal(error) || type !== 'exception' || !missesOne) throw error;
      try {
        const [, form] = firstThatRuns(['sequence', 'sequenceOneHot'] as const, (candidate) => attempt(input, candidate), session);
        notes.add('It takes sequences: each row was given as a sequence of one, so a mean over sequences looks like one over tokens.');
        return form;
      } catch {
        throw error;
      }
    }
  };
  const names = [...makerRoles, ...roles];
  return {
    run(input) {
      try {
        settled ??= settleOrSequence(input);
        return attempt(input, settled);
      } catch (error) {
        throw withMissing(error, notes);
      }
    },
    changedBy: (input) => {
      settled ??= settleOrSequence(input);
      const watch = createWatch(session.bridge);
      attempt(input, settled, watch);
      return watch.changed();
    },
    canReduceNone: names.some(
      (r) => r.role === 'reduction' || r.role === 'legacyReduction' || optionNames(r.parameter).includes('reduction'),
    ),
    mixingName: names.find((r) => r.role === 'mixing')?.parameter.name ?? null,
    takesSmoothing: site.smoothingParameters.length > 0,
    takesClassWeights: names.some((r) => r.role === 'weight'),
    takesClasses: names.some((r) => r.role === 'classes'),
    takesPadding: names.some((r) => r.role === 'padding' || r.role === 'ignoreIndex'),
    targetForm: () => settled ?? forms[0]!,
    takesSequences: () => settled !== null && isSequence(settled),
    assumesNumbers: names.some(
      ({ role, parameter }) =>
        (role === 'number' || role === 'share' || role === 'epsilon') && isRequired(parameter) && !written.has(parameter.name),
    ),
    notes,
  };
}

/** None in the place of what the code cannot do without (a table of similarities, a teacher): the error names what is missing. */
function withMissing(error: unknown, notes: ReadonlySet<string>): unknown {
  const missing = [...notes].filter((note) => note.endsWith('taken as None.'));
  if (!(error instanceof InterpreterError) || !error.message.includes("'NoneType'") || missing.length === 0) return error;
  const { type, pythonType, message, range, traceback } = error;
  return new InterpreterError(type, pythonType, `${message} (${missing.map((note) => note.slice(0, -1)).join('; ')})`, range, traceback);
}

function watchWeights(roles: readonly RoleOf[], values: ReadonlyMap<Parameter, Value>, watch: Watch | null): void {
  if (watch === null) return;
  for (const { parameter, role } of roles) {
    const value = role === 'weight' ? values.get(parameter) : undefined;
    if (value) watch.hand('class weights', value);
  }
}

/** The loss in what the code returned, `(loss, nll)` or `{'loss': …}`; else what it returned. */
const picked = (session: Session, result: Value): Value => lossIn(session, result) ?? result;

function valuesFor(
  session: Session,
  site: LossSite,
  roles: readonly RoleOf[],
  settings: Settings,
  written: ReadonlyMap<string, Value>,
  assume: (note: string) => void,
): Map<Parameter, Value> {
  const values = new Map<Parameter, Value>();
  for (const role of roles) {
    const { parameter } = role;
    const options = optionNames(parameter);
    const fromOptions = role.role === 'options' && site.program.language === 'typescript';
    const given = (one: RoleOf) => argumentFor(one, settings, session.context, session.bridge, site.program.language, written, assume);
    const value =
      options.length > 0 || fromOptions
        ? optionsValue(site, options, settings)
        : (((role.role === 'options' || role.role === 'unknown') && isRequired(parameter) && !written.has(parameter.name)
            ? configurationOf(session, site, parameter, (entry) => given(optionRole(site, entry)))
            : null) ?? given(role));
    if (value !== null) values.set(parameter, value);
  }
  return values;
}

/** The options object of a TypeScript loss, with what is to differ from its defaults. */
function optionsValue(site: LossSite, names: readonly string[], settings: Settings): Value {
  const properties = new Map<string, Value>();
  for (const { name } of site.smoothingParameters)
    if (settings.smoothing !== null && (names.length === 0 || names.includes(name))) properties.set(name, float(settings.smoothing));
  if (settings.reduction && names.includes('reduction'))
    properties.set('reduction', { kind: 'str', value: settings.reduction, class: null, attributes: null });
  for (const name of names) if (/^(numClasses|classes|nClasses|depth)$/.test(name)) properties.set(name, float(settings.classes));
  const object: ObjectValue = { kind: 'object', properties };
  return object;
}

/** The rows over and over, until there are so many. */
function withRows(input: LossInput, count: number): LossInput {
  const cycled = <T>(values: readonly T[]): readonly T[] => Array.from({ length: count }, (_, row) => values[row % values.length]!);
  return { ...input, logits: cycled(input.logits), targets: cycled(input.targets) };
}

function targetForms(targets: RoleOf | undefined): readonly TargetForm[] {
  const uses = targets?.uses ?? [];
  if (uses.includes('targetIndices')) return ['indices', 'column', 'oneHot', 'integerOneHot'];
  if (uses.includes('targetDistribution')) return ['oneHot', 'indices', 'column', 'integerOneHot'];
  return ['indices', 'oneHot', 'column', 'integerOneHot'];
}

function targetValue(session: Session, input: LossInput, form: TargetForm): Value {
  const { targets, classes } = input;
  const { bridge, context } = session;
  const hot = () => targets.flatMap((target) => Array.from({ length: classes }, (_, k) => (k === target ? 1 : 0)));
  switch (form) {
    case 'indices':
      return bridge.integers(context, targets, [targets.length]);
    case 'column':
      return bridge.integers(context, targets, [targets.length, 1]);
    case 'oneHot':
      return bridge.floats(context, hot(), [targets.length, classes]);
    case 'integerOneHot':
      return bridge.integers(context, hot(), [targets.length, classes]);
    case 'sequence':
      return bridge.integers(context, targets, [targets.length, 1]);
    case 'sequenceOneHot':
      return bridge.floats(context, hot(), [targets.length, 1, classes]);
  }
}

const isSequence = (form: TargetForm) => form === 'sequence' || form === 'sequenceOneHot';

function logitsShape({ logits, classes }: LossInput, form: TargetForm): readonly number[] {
  return isSequence(form) ? [logits.length, 1, classes] : [logits.length, classes];
}

/** Logits of another model, for a loss that takes two: the rows in reverse. */
const otherLogits = (session: Session, input: LossInput, form: TargetForm): Value =>
  session.bridge.floats(session.context, [...input.logits].reverse().flat(), logitsShape(input, form));

/** The first candidate that runs; when none does, the error of the first, the most plausible one. */
function firstThatRuns<T>(
  candidates: readonly T[],
  attempt: (candidate: T) => Differentiated,
  session: Session,
): readonly [Differentiated, T] {
  let first: unknown = null;
  for (const candidate of candidates) {
    try {
      return [attempt(candidate), candidate];
    } catch (error) {
      if (session.isFinal(error)) throw error;
      first ??= error;
    }
  }
  throw first;
}

/** The values that the file itself passes when it makes this loss: `LabelSmoothing(5, 0, 0.4)`. */
export function argumentsInFile(session: Session, site: LossSite, parameters: readonly Parameter[]): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  const evaluate = (name: string, expression: Expression) => {
    if (values.has(name)) return;
    try {
      values.set(name, session.evaluate(expression));
    } catch {
      // An argument that only exists elsewhere (a function's local, a configuration) says nothing here.
    }
  };
  for (const call of callsOf(calledNameOf(site), site.program)) {
    call.arguments.forEach((argument, i) => {
      const parameter = parameters[i];
      if (parameter && argument.kind !== 'starred') evaluate(parameter.name, argument);
    });
    for (const { name, value } of call.keywords) if (name !== null) evaluate(name, value);
  }
  return values;
}

/** A loss is opened many times, and the file of many losses is long: its calls are looked for once. */
const knownCalls = new WeakMap<Program, ReadonlyMap<string, readonly Call[]>>();

function callsOf(name: string, program: Program): readonly Call[] {
  let calls = knownCalls.get(program);
  if (!calls) {
    calls = callsByName(program);
    knownCalls.set(program, calls);
  }
  return calls.get(name) ?? [];
}

function callsByName(program: Program): ReadonlyMap<string, readonly Call[]> {
  const calls = new Map<string, Call[]>();
  for (const cell of program.cells) {
    walk(cell.body, (node) => {
      if (node.kind !== 'call' || node.callee.kind !== 'name') return;
      const { name } = node.callee;
      const known = calls.get(name);
      if (known) known.push(node);
      else calls.set(name, [node]);
    });
  }
  return calls;
}

// ---------------------------------------------------------------------------------------------------- built-in losses

/** A use of a library's loss: its own callee and options, on our logits and targets. */
function openCall(session: Session, site: LossSite, call: Call, constructed: boolean): OpenLoss {
  const notes = new Set<string>();
  const { callee } = call;
  const name = callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.name : '';
  const operation = crossEntropies.get(canonical(name)) ?? null;
  if (operation !== null && !constructed && usesPseudoLabels(site.program, call, operation))
    notes.add('This call makes its targets from its own logits (pseudo-labels): measured with ordinary targets.');
  const python = site.program.language === 'python';
  const targetsFirst = operation !== null && operation.target < operation.prediction && !(site.framework === 'jax');
  const smoothingAt = constructed ? operation?.smoothingAtConstructor : operation?.smoothingAt;
  const evaluated = (argument: Expression, what: string): Value | null => {
    try {
      return session.evaluate(argument);
    } catch {
      notes.add(`${what} could not be evaluated outside its function: left out.`);
      return null;
    }
  };
  const isSmoothing = (argument: Expression) => site.smoothingValues.includes(argument);
  const keywordsFor = (settings: Settings, skip: readonly string[]): Map<string, Value> => {
    const keywords = new Map<string, Value>();
    for (const keyword of call.keywords) {
      if (keyword.name === null || skip.includes(keyword.name)) continue;
      const value =
        isSmoothing(keyword.value) && settings.smoothing !== null ? float(settings.smoothing) : evaluated(keyword.value, keyword.name);
      if (value) keywords.set(keyword.name, value);
    }
    if (settings.reduction && site.framework === 'torch')
      keywords.set('reduction', { kind: 'str', value: settings.reduction, class: null, attributes: null });
    if (settings.classWeights && site.framework === 'torch')
      keywords.set('weight', session.bridge.floats(session.context, settings.classWeights, [settings.classWeights.length]));
    if (settings.ignoreIndex !== null && site.framework === 'torch') keywords.set('ignore_index', int(settings.ignoreIndex));
    if (settings.smoothing !== null && !python && constructed) keywords.delete('smoothing');
    return keywords;
  };
  const positionalFor = (settings: Settings, from: number): Value[] => {
    const values: Value[] = [];
    for (const [i, argument] of call.arguments.entries()) {
      if (i < from || argument.kind === 'starred') continue;
      const isTheSmoothing = isSmoothing(argument) || i === smoothingAt;
      const value = isTheSmoothing && settings.smoothing !== null ? float(settings.smoothing) : evaluated(argument, `argument ${i + 1}`);
      if (value === null) break;
      values.push(value);
    }
    return values;
  };
  const forms: readonly TargetForm[] =
    operation?.targets === 'targetDistribution' ? ['oneHot', 'indices', 'column'] : ['indices', 'oneHot', 'column'];
  let settled: TargetForm | null = null;
  const attempt = (input: LossInput, form: TargetForm): Differentiated => {
    const targets = targetValue(session, input, form);
    const order = (logits: Value): Value[] => (targetsFirst ? [targets, logits] : [logits, targets]);
    const run = (logits: Value): Value => {
      if (constructed) {
        const loss = session.construct(session.evaluate(callee), { positional: positionalFor(input, 0), keywords: keywordsFor(input, []) });
        return picked(session, session.call(loss, { positional: order(logits), keywords: new Map() }));
      }
      const data = [...(operation?.predictionNames ?? []), ...(operation?.targetNames ?? [])];
      const args = { positional: [...order(logits), ...positionalFor(input, 2)], keywords: keywordsFor(input, data) };
      return picked(session, session.call(session.evaluate(callee), args));
    };
    return session.bridge.differentiate(
      session.context,
      input.logits,
      [input.logits.length, input.logits[0]?.length ?? 0],
      input.feed,
      run,
    );
  };
  return {
    run: (input) => {
      if (settled !== null) return attempt(input, settled);
      const [result, form] = firstThatRuns(forms, (candidate) => attempt(input, candidate), session);
      settled = form;
      return result;
    },
    // A library's loss leaves what it is given as it is.
    changedBy: () => [],
    canReduceNone: site.framework === 'torch',
    mixingName: null,
    takesSmoothing: true,
    takesClassWeights: site.framework === 'torch',
    takesClasses: false,
    takesPadding: false,
    targetForm: () => settled ?? forms[0]!,
    takesSequences: () => false,
    assumesNumbers: false,
    notes,
  };
}
