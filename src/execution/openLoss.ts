/** Turns a found loss into something that can be run on any logits and targets. How to call it is decided by trying. */
import { calledNameOf, definedBy } from '../detection/siteNames';
import type { Callable, LossSite } from '../detection/sites';
import { canonical, crossEntropies } from '../detection/vocabulary';
import { walk } from '../detection/walk';
import type { Call, Expression, Parameter, Program } from '../language/program';
import { InterpreterError } from '../interpreter/interpreter';
import type { ObjectValue, Value } from '../interpreter/value';
import { dictFrom } from '../interpreter/dictionary';
import { float, int, numberOf } from '../interpreter/value';
import { isTargetForm } from '../corrections';
import type { GivenAs } from '../inspection';
import { argumentFor, isRequired, layOut, optionNames, withoutSettings } from './arguments';
import type { CallArguments, Settings } from './arguments';
import type { Differentiated } from './bridge';
import { choiceFor, passesClasses } from './candidates';
import type { Candidate, Choice } from './candidates';
import { configurationOf, namesRead } from './configuration';
import { heldLabels, heldLogits, readsByName, withHeldKeywords } from './heldTensors';
import { isOneNumber } from './siteUse';
import { MeantForOthers, atClasses, likelyClasses } from './likelyClasses';
import { lossIn } from './outcome';
import { callsOfMade, conventionOf, handedTargets, lossOfSettings, modelOutput, saysItself } from './libraryCalls';
import { programArgument } from './programArguments';
import type { ProgramArguments } from './programArguments';
import { callRoles, constructorRoles, optionRole } from './roles';
import type { RoleOf } from './roles';
import { ofPositions, rowByRow } from './rowResults';
import { createSearch } from './search';
import type { Calling } from './search';
import type { Session } from './session';
import { usesPseudoLabels } from './pseudoLabels';
import { isSettled, roleTold, targetsTold, toldOf, valueTold } from './told';
import { createWatch } from './watch';
import type { HandedTensor, Watch } from './watch';
import { labelsShape, logitsShape, notesOn, targetValue } from './ways';
import type { Layout, LossInput, Rows, TargetForm } from './ways';

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
  /** How the targets are handed over. */
  readonly targetForm: () => TargetForm;
  /** Whether each row is given as a sequence of one. */
  readonly takesSequences: () => boolean;
  /** Whether a parameter that has a default was seen to be the number of classes. */
  readonly countsClasses: (name: string) => boolean;
  /** Whether a number it cannot do without (the share of a term, a temperature) had to be made up. */
  readonly assumesNumbers: boolean;
  /** What each parameter is handed, with these rows. */
  readonly parameters: (rows: Rows) => readonly HandedParameter[];
  /** How the rows lie. */
  readonly layout: () => Layout;
  /** What was assumed to make it run. */
  readonly notes: ReadonlySet<string>;
}

/** A parameter of a loss, or of what makes it, and what it is handed. */
export interface HandedParameter {
  readonly name: string;
  readonly where: 'constructor' | 'call';
  /** Of the code; null for an option of a library's call. */
  readonly parameter: Parameter | null;
  /** Null for predictions, whose form is settled with what they are fed. */
  readonly as: GivenAs | null;
  readonly role: RoleOf['role'];
  readonly by: 'person' | 'program' | 'file' | 'trying' | 'default';
  /** Of what is not predictions or targets. */
  readonly value: Value | null;
}

/** To see what the program passes, whatever the number of classes. */
const asItStands: Settings = { classes: 2, ...withoutSettings };

/** The class, function or factory that the loss is made by. */
export function baseOf(session: Session, site: LossSite): Value {
  const { definition } = site;
  if ((definition.kind === 'class' || definition.kind === 'function') && definition.reach !== null)
    return session.evaluate(definition.reach);
  return session.lookup(calledNameOf(site)) ?? session.missing(site);
}

export function openLoss(session: Session, site: LossSite): OpenLoss {
  const { definition } = site;
  if (definition.kind === 'call' && definition.of === null) return openCall(session, site, definition);
  const { site: defined, from } = definedBy(site);
  return openDefined(session, defined, from, site);
}

/**
 * @param from the call that the loss is made by, where it is defined in another file: what it calls, with its arguments
 * @param asked the site that is opened: that call's, or the definition's own
 */
function openDefined(session: Session, site: LossSite, from: Call | null, asked: LossSite): OpenLoss {
  const { definition } = site;
  const maker = definition.kind === 'class' ? definition.constructor : definition.kind === 'function' ? definition.factory : null;
  const callable = definition.kind === 'class' ? definition.method : definition.kind === 'function' ? definition.callable : null;
  const makerRoles = maker && !callsItsClass(site) ? constructorRoles(site, withoutReceiver(site, maker)) : [];
  const roles = callable ? callRoles(site, withoutReceiver(site, callable)) : [];
  const ofRecords = roles.find(({ uses }) => uses.includes('records'))?.parameter;
  if (ofRecords !== undefined) {
    const message = `Unsupported: ${ofRecords.name} holds records, and what stands in one is not known`;
    throw new InterpreterError('unsupported', null, message, ofRecords.range, []);
  }
  const notes = new Set<string>();
  const assume = (note: string) => notes.add(note);
  const use = session.useOf(asked);
  const passedByProgram = (values: ReadonlyMap<string, Value> | undefined): ProgramArguments =>
    new Map([...(values ?? [])].filter(([name]) => use.taken?.defaults.has(name) !== true));
  const ofProgram = { constructor: passedByProgram(use.taken?.made), call: passedByProgram(use.taken?.called) };
  const shift = use.toldClasses === null || use.classes === null ? 0 : use.toldClasses.value - use.classes.value;
  const byProgram = (role: RoleOf, where: 'constructor' | 'call', settings: Settings) => {
    const value = ofProgram[where].get(role.parameter.name);
    // Whatever its name: the number that the size of the tensors comes from is the number of classes.
    const counts = role.role !== 'classes' && value !== undefined && isOneNumber(use.classes, value);
    return programArgument(session, counts ? { ...role, role: 'classes' } : role, settings, ofProgram[where], shift);
  };
  const written = maker ? untold(site, argumentsInFile(session, site, withoutReceiver(site, maker), from)) : new Map<string, Value>();
  // A function that is called right there gets its tensors from us, and what else the call says.
  const writtenAtCall =
    maker === null && callable && from ? untold(site, argumentsInFile(session, site, callable.parameters, from)) : new Map<string, Value>();
  const made = new Map<string, Value>();
  const given = (role: RoleOf, settings: Settings, ofFile: ReadonlyMap<string, Value>) =>
    roleTold(site, role.parameter.name) === 'classes'
      ? wholeNumber(session, settings.classes)
      : argumentFor(role, settings, session.context, session.bridge, site.program.language, ofFile, assume);
  const isTold = ({ parameter }: RoleOf): boolean => roleTold(site, parameter.name) !== null;
  const choices = [
    ...makerRoles
      .filter((role) => isTold(role) || (!written.has(role.parameter.name) && byProgram(role, 'constructor', asItStands) === null))
      .filter(({ parameter }) => !isSettled(site, parameter.name))
      .flatMap((role) => choiceOf(session, site, role, 'constructor', written, given)),
    ...roles
      .filter((role) => isTold(role) || (!writtenAtCall.has(role.parameter.name) && byProgram(role, 'call', asItStands) === null))
      .filter(({ parameter }) => !isSettled(site, parameter.name))
      .flatMap((role) => choiceOf(session, site, role, 'call', new Map(), given)),
  ];
  const choiceAt = new Map(choices.map(({ parameter }, i) => [parameter, i]));
  const configured = choices.flatMap(({ parameter, candidates }) =>
    candidates[0]?.isConfiguration === true
      ? [`${parameter.name} is required and the file does not say what it is: taken as an object of what the code reads of it.`]
      : [],
  );

  /** A value for each parameter that is passed, tensors of the run's own left out. */
  const valuesFor = (
    of: readonly RoleOf[],
    where: 'constructor' | 'call',
    input: LossInput,
    { way, choice }: Calling,
    ofFile: ReadonlyMap<string, Value>,
  ): Map<Parameter, Value> => {
    const values = new Map<Parameter, Value>();
    for (const role of of) {
      const { parameter } = role;
      const told = valueTold(session, site, role, input);
      if (told !== null) {
        values.set(parameter, told);
        continue;
      }
      if (toldOf(site, parameter.name)?.as === 'default') continue;
      const programs = isTold(role) ? null : byProgram(role, where, input);
      if (programs !== null) {
        values.set(parameter, parameter.style === 'keywordVariadic' ? withSmoothing(site, programs, input.smoothing) : programs);
        continue;
      }
      const options = optionNames(parameter);
      const fromOptions = role.role === 'options' && site.program.language === 'typescript';
      const at = role.role === 'weight' && input.classWeights !== null ? undefined : choiceAt.get(parameter);
      const value =
        options.length > 0 || fromOptions
          ? optionsValue(site, options, input, (name) => byProgram(optionRole(site, { ...parameter, name, pattern: null }), where, input))
          : at !== undefined
            ? choices[at]!.candidates[choice[at]!]!.make(session, input, way)
            : given(role, input, ofFile);
      if (value !== null) values.set(parameter, value);
    }
    return values;
  };
  // Keras calls `call`, and Gluon `hybrid_forward`, with arguments of its own names: it is handed all of them by their places.
  const allByPlace =
    definition.kind === 'class' && definition.called === 'object' && ['call', 'hybrid_forward'].includes(definition.method.name);
  const goesByPlace = (of: readonly RoleOf[], { role, parameter }: RoleOf): boolean =>
    (allByPlace && of === roles) || (parameter.style === 'normal' && (role === 'logits' || role === 'targets'));
  /** As a caller writes them: predictions and targets by their places (a decorator may call them otherwise), settings by their names. */
  const laidOut = (of: readonly RoleOf[], values: ReadonlyMap<Parameter, Value>): CallArguments => {
    const parameters = of.map((r) => r.parameter);
    const leading = of.findIndex((role) => !values.has(role.parameter) || !goesByPlace(of, role));
    const placed = leading < 0 ? parameters.length : leading;
    const rest = layOut(parameters.slice(placed), values, site.program.language);
    return { ...rest, positional: [...parameters.slice(0, placed).map((parameter) => values.get(parameter)!), ...rest.positional] };
  };

  /** One object for each way of making it: a loss may keep state, but not between different settings. */
  const lossOf = (input: LossInput, calling: Calling): Value => {
    const { classes, smoothing, classWeights, ignoreIndex, paddingIndex, mixing, reduction, evaluating } = input;
    const settings = [classes, smoothing, classWeights, ignoreIndex, paddingIndex, mixing, reduction, evaluating];
    const key = JSON.stringify([settings, calling, choices.length === 0 ? 0 : input.logits.length]);
    const kept = made.get(key);
    if (kept) return kept;
    const value = makeLoss(input, calling, null);
    made.set(key, value);
    return value;
  };
  const makeLoss = (input: LossInput, calling: Calling, watch: Watch | null): Value => {
    const base = from === null ? baseOf(session, site) : session.evaluate(from.callee);
    if (definition.kind === 'class' && callsItsClass(site)) return session.context.getAttribute(base, definition.method.name);
    const values = valuesFor(makerRoles, 'constructor', input, calling, written);
    if (from !== null) sayAsWritten(values, makerRoles, input, written);
    watchWeights(makerRoles, values, watch);
    const args = laidOut(makerRoles, values);
    const value =
      definition.kind === 'class'
        ? session.construct(base, args)
        : definition.kind === 'function' && definition.factory
          ? session.call(base, args)
          : base;
    if (input.evaluating) session.call(session.context.getAttribute(value, 'eval'), { positional: [], keywords: new Map() });
    return definition.kind === 'class' && definition.called === 'method'
      ? session.context.getAttribute(value, definition.method.name)
      : value;
  };

  const forms = formsTold(site) ?? targetForms(roles.find((r) => r.role === 'targets'));
  const attempt = (input: LossInput, calling: Calling, watch: Watch | null = null): Differentiated => {
    const { way } = calling;
    if (way.layout === 'single') return rowByRow(session, input, (row) => attemptOnce(row, calling, watch));
    const result = attemptOnce(input, calling, watch);
    return way.layout === 'oneSequence' ? ofPositions(session, input.logits.length, result) : result;
  };
  const attemptOnce = (input: LossInput, calling: Calling, watch: Watch | null): Differentiated => {
    const { way } = calling;
    const loss = watch === null ? lossOf(input, calling) : makeLoss(input, calling, watch);
    const rest = valuesFor(roles, 'call', input, calling, writtenAtCall);
    sayAsWritten(rest, roles, input, writtenAtCall);
    watchWeights(roles, rest, watch);
    const handTargets = (): Value => {
      const value = targetValue(session, input, way);
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
        if (role === 'logits') values.set(parameter, way.held ? heldLogits(session, site, roles, parameter, logits, targets) : logits);
        else if (role === 'targets') values.set(parameter, way.held ? heldLabels(session, site, parameter, targets) : targets);
      }
      const args = laidOut(roles, values);
      return picked(session, site, session.call(loss, way.held ? withHeldKeywords(site, roles, args, targets) : args), input);
    };
    if (site.role === 'target') return { result: call(float(0)), gradient: null, problem: null };
    return session.bridge.differentiate(session.context, input.logits, logitsShape(input, way.layout), input.feed, call);
  };

  /** As it stands after a run, or before one. */
  const handedTo = (role: RoleOf, where: 'constructor' | 'call', rows: Rows): HandedParameter => {
    const { parameter } = role;
    const { name } = parameter;
    const input: LossInput = { ...withoutSettings, ...rows, feed: 'logits' };
    const calling = settled ?? { way: { form: forms[0]!, layout: site.told?.layout ?? 'rows', held: false }, choice: choices.map(() => 0) };
    const handed = (by: HandedParameter['by'], as: GivenAs | null, value: Value | null): HandedParameter => ({
      name,
      where,
      parameter,
      role: role.role,
      as,
      by,
      value,
    });
    const told = toldOf(site, name);
    if (role.role === 'logits') return handed(told === null ? 'trying' : 'person', null, null);
    if (role.role === 'targets') return handed(told === null ? 'trying' : 'person', calling.way.form, null);
    if (told !== null) {
      const as = told.as ?? 'value';
      const made = choiceAt.get(parameter);
      const value =
        valueTold(session, site, role, input) ??
        (made === undefined
          ? given(role, input, written)
          : choices[made]!.candidates[calling.choice[made] ?? 0]!.make(session, input, calling.way));
      return handed('person', as, as === 'default' ? null : value);
    }
    const as = formOfRole(role.role);
    const programs = byProgram(role, where, input);
    if (programs !== null) return handed('program', as, programs);
    const ofFile = (where === 'constructor' ? written : writtenAtCall).get(name);
    if (ofFile !== undefined) return handed('file', as, ofFile);
    const at = choiceAt.get(parameter);
    const candidate = at === undefined ? null : choices[at]!.candidates[calling.choice[at] ?? 0]!;
    const value = candidate === null ? given(role, input, written) : candidate.make(session, input, calling.way);
    if (value === null) return handed('default', 'default', null);
    return handed('trying', candidate?.as ?? as, value);
  };

  const search = createSearch({
    session,
    site,
    choices,
    // What only makes smoothed targets of one-hot ones would make something of labels too.
    forms: site.role === 'target' ? forms : [...forms].sort((a, b) => Number(b === 'indices') - Number(a === 'indices')),
    holds: readsByName(site, roles),
    attempt: (input, calling) => attempt(input, calling),
  });
  let settled: Calling | null = null;
  const settledFor = (input: LossInput): Calling => {
    if (settled !== null) return settled;
    try {
      settled = foundBefore.get(asked) ?? search.find(input);
    } catch (error) {
      throw withMissing(error, [...search.assumed(null), ...configured]);
    }
    foundBefore.set(asked, settled);
    // What the attempts assumed is said of the way that was taken alone; so is what they left in an object that keeps state.
    notes.clear();
    made.clear();
    for (const note of [...search.assumed(settled), ...notesOn(settled.way)]) notes.add(note);
    return settled;
  };
  const names = [...makerRoles, ...roles];
  return {
    run: (input) => attempt(input, settledFor(input)),
    changedBy: (input) => {
      const watch = createWatch(session.bridge);
      attempt(input, settledFor(input), watch);
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
    targetForm: () => settled?.way.form ?? forms[0]!,
    layout: () => settled?.way.layout ?? site.told?.layout ?? 'rows',
    parameters: (rows) => [
      ...makerRoles.map((role) => handedTo(role, 'constructor', rows)),
      ...roles.map((role) => handedTo(role, 'call', rows)),
    ],
    takesSequences: () => settled !== null && !['rows', 'single', 'oneSequence', 'flat'].includes(settled.way.layout),
    countsClasses: (name) =>
      settled !== null &&
      choices.some(({ parameter, candidates }, i) => parameter.name === name && passesClasses(candidates[settled!.choice[i]!])),
    get assumesNumbers() {
      return (
        names.some(({ role, parameter }) => role === 'epsilon' && isRequired(parameter) && !written.has(parameter.name)) ||
        choices.some(({ candidates }, i) => candidates[settled?.choice[i] ?? 0]!.isNumber)
      );
    },
    notes,
  };
}

/** What a parameter of a role is handed, unless it is something of another kind. */
function formOfRole(role: RoleOf['role']): GivenAs {
  switch (role) {
    case 'smoothing':
    case 'classes':
    case 'weight':
    case 'sampleWeight':
    case 'mask':
    case 'otherLogits':
    case 'otherTargets':
      return role;
    default:
      return 'value';
  }
}

/** A loss is opened many times, also where its runs are only recorded and give no gradient to judge by: it is called as it was at first. */
const foundBefore = new WeakMap<LossSite, Calling>();

/** The choice of a value for a parameter, what the code reads of a configuration first; nothing where its role says what it is. */
function choiceOf(
  session: Session,
  site: LossSite,
  role: RoleOf,
  where: 'constructor' | 'call',
  written: ReadonlyMap<string, Value>,
  given: (role: RoleOf, settings: Settings, ofFile: ReadonlyMap<string, Value>) => Value | null,
): readonly Choice[] {
  const choice = choiceFor(site, role, where);
  if (choice === null) return [];
  const { parameter } = role;
  const isConfiguration =
    (role.role === 'options' || role.role === 'unknown') && isRequired(parameter) && namesRead(site, parameter.name).length > 0;
  if (!isConfiguration) return [choice];
  const library = libraryFor(session, site, namesRead(site, parameter.name));
  if (library !== null) return [{ parameter, candidates: [library, ...choice.candidates] }];
  const read: Candidate = {
    what: null,
    isNumber: false,
    isConfiguration: true,
    make: (_session, input) => configurationOf(session, site, parameter, (entry) => given(optionRole(site, entry), input, written)),
  };
  return [{ parameter, candidates: [read, ...choice.candidates] }];
}

/** tfjs itself, handed in: what a file of tfjs code that imports none of it takes members of, which are all tfjs's. */
function libraryFor(session: Session, { framework, program }: LossSite, members: readonly string[]): Candidate | null {
  if (framework !== 'tfjs' || program.language === 'python' || importsTfjs(program)) return null;
  const library = session.context.importModule(tfjs);
  const isOf = members.every((member) => library.members.has(member));
  return isOf ? { what: tfjs, isNumber: false, make: () => library } : null;
}

const tfjs = '@tensorflow/tfjs';

const importsTfjs = ({ cells }: Program): boolean =>
  cells.some(({ body }) => body.some((statement) => statement.kind === 'import' && statement.module.startsWith(tfjs)));

/** A static or class method needs no object. */
function callsItsClass({ definition }: LossSite): boolean {
  if (definition.kind !== 'class') return false;
  const { decorators, modifier } = definition.method;
  return modifier === 'static' || decorators.some((one) => one.kind === 'name' && /^(static|class)method$/.test(one.name));
}

export function withoutReceiver({ definition, program }: LossSite, callable: Callable): readonly Parameter[] {
  const isStatic = callable.kind === 'function' && callable.decorators.some((one) => one.kind === 'name' && one.name === 'staticmethod');
  if (definition.kind !== 'class' || program.language !== 'python' || isStatic) return callable.parameters;
  // Gluon hands its blocks the module of operations too.
  const isHybrid = callable === definition.method && definition.method.name === 'hybrid_forward';
  return callable.parameters.slice(isHybrid ? 2 : 1);
}

/**
 * A made-up value in the place of what the code cannot do without (a table of similarities, a teacher): the error names what is missing. Which
 * branches were taken, and so what they bound, depends on such values too.
 */
function withMissing(error: unknown, assumed: readonly string[]): unknown {
  const missing = assumed.filter((note) => note.includes('taken as '));
  if (!(error instanceof InterpreterError) || missing.length === 0) return error;
  if (error.pythonType !== 'UnboundLocalError' && !/\b(NoneType|int|float)\b/.test(error.message)) return error;
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

/** The loss in what the code returned, `(loss, nll)` or `{'loss': …}`, of targets those of the batch's shape; else what it returned. */
function picked(session: Session, site: LossSite, result: Value, { logits, classes }: LossInput): Value {
  if (site.role === 'target' && (result.kind === 'tuple' || result.kind === 'list')) {
    const isTargets = (item: Value): boolean => {
      const shape = session.bridge.read(item)?.shape;
      const isRow = shape?.length === 1 && logits.length === 1 && shape[0] === classes;
      return isRow || (shape?.length === 2 && shape[0] === logits.length && shape[1] === classes);
    };
    const targets = result.items.find(isTargets);
    if (targets) return targets;
  }
  return lossIn(session, result) ?? result;
}

/** A call's own arguments, where the program was not seen to make it, but for what the run is to vary. */
function sayAsWritten(
  values: Map<Parameter, Value>,
  roles: readonly RoleOf[],
  settings: Settings,
  written: ReadonlyMap<string, Value>,
): void {
  const { smoothing, classWeights, reduction, paddingIndex, ignoreIndex, mixing } = settings;
  const varied: Partial<Record<RoleOf['role'], unknown>> = {
    smoothing,
    weight: classWeights,
    reduction,
    legacyReduction: reduction,
    padding: paddingIndex,
    ignoreIndex: ignoreIndex ?? paddingIndex,
    mixing,
  };
  for (const { parameter, role } of roles) {
    const value = written.get(parameter.name);
    if (value === undefined || values.has(parameter) || isTensorRole(role) || role === 'classes' || (varied[role] ?? null) !== null)
      continue;
    values.set(parameter, value);
  }
}

const isTensorRole = (role: RoleOf['role']): boolean =>
  role === 'logits' || role === 'targets' || role === 'otherLogits' || role === 'otherTargets';

/** The options object of a TypeScript loss, with what is to differ from its defaults. */
/** Keywords as the program spreads them, with the factor that is asked for in place of its own. */
function withSmoothing({ smoothingParameters }: LossSite, keywords: Value, smoothing: number | null): Value {
  if (keywords.kind !== 'dict' || smoothing === null) return keywords;
  const entries = [...keywords.entries].flatMap(([key, value]): (readonly [string, Value])[] => {
    if (key.kind !== 'str') return [];
    return [[key.value, smoothingParameters.some(({ name }) => name === key.value) ? float(smoothing) : value]];
  });
  return dictFrom(entries);
}

function optionsValue(site: LossSite, names: readonly string[], settings: Settings, ofProgram: (name: string) => Value | null): Value {
  const properties = new Map(
    names.flatMap((name) => {
      const value = ofProgram(name);
      return value === null ? [] : [[name, value] as const];
    }),
  );
  for (const { name } of site.smoothingParameters)
    if (settings.smoothing !== null && (names.length === 0 || names.includes(name))) properties.set(name, float(settings.smoothing));
  if (settings.reduction && names.includes('reduction'))
    properties.set('reduction', { kind: 'str', value: settings.reduction, class: null, attributes: null });
  for (const name of names) if (/^(numClasses|classes|nClasses|depth)$/.test(name)) properties.set(name, float(settings.classes));
  const object: ObjectValue = { kind: 'object', properties };
  return object;
}

/** The form of the targets, where the person says it. */
function formsTold(site: LossSite): readonly TargetForm[] | null {
  const told = targetsTold(site);
  return isTargetForm(told ?? undefined) ? [told as TargetForm] : null;
}

/** What the file passes, but for what the person says otherwise. */
const untold = (site: LossSite, values: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> =>
  new Map([...values].filter(([name]) => toldOf(site, name) === null));

const wholeNumber = ({ program }: Session, value: number): Value => (program.language === 'python' ? int(value) : float(value));

function targetForms(targets: RoleOf | undefined): readonly TargetForm[] {
  const uses = targets?.uses ?? [];
  // A column of labels broadcasts over what a distribution was meant for; a distribution is no index anywhere.
  if (uses.includes('targetIndices')) return ['indices', 'oneHot', 'column', 'integerOneHot'];
  if (uses.includes('targetDistribution')) return ['oneHot', 'indices', 'column', 'integerOneHot'];
  return ['indices', 'oneHot', 'column', 'integerOneHot'];
}

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
      // What is not interpreted in one form says nothing of how the loss takes it.
      if (session.isFinal(error) || session.problemOf(error).type === 'unsupported') throw error;
      first ??= error;
    }
  }
  throw first;
}

/** The values that the file itself passes when it makes this loss: `LabelSmoothing(5, 0, 0.4)`. */
export function argumentsInFile(
  session: Session,
  site: LossSite,
  parameters: readonly Parameter[],
  from: Call | null = null,
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  const evaluate = (name: string, expression: Expression) => {
    if (values.has(name)) return;
    try {
      values.set(name, session.evaluate(expression));
    } catch {
      // An argument that only exists elsewhere (a function's local, a configuration) says nothing here.
    }
  };
  for (const call of from === null ? callsOf(calledNameOf(site), site.program) : [from]) {
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

type CallDefinition = Extract<LossSite['definition'], { kind: 'call' }>;

/** The rows over again, as often as they are wanted. */
const repeated = (input: LossInput, times: number): LossInput => ({
  ...input,
  logits: Array.from({ length: times }, () => input.logits).flat(),
  targets: Array.from({ length: times }, () => input.targets).flat(),
});

/** Frameworks whose losses take the logits first, whatever they are called. */
const takesLogitsFirst: ReadonlySet<LossSite['framework']> = new Set(['jax', 'mlx', 'paddle', 'mindspore', 'mxnet']);

/** A use of a library's loss: its own callee and options, on our logits and targets. */
function openCall(session: Session, site: LossSite, definition: CallDefinition): OpenLoss {
  const { call, computes } = definition;
  const stands = computes ? null : lossOfSettings(definition.real);
  if (!computes && (stands === null || saysItself(site.program, stands)))
    throw new InterpreterError(
      'unsupported',
      null,
      `Unsupported: ${definition.real}, which hands its smoothing factor to a loss elsewhere`,
      site.nameRange,
      [],
    );
  const { real, constructed } = stands ?? definition;
  const notes = new Set<string>(stands === null ? [] : [stands.note]);
  const calledHere = (): Value => (stands === null ? session.evaluate(call.callee) : session.context.fromLibrary(real));
  const name = real.split('.').at(-1)!;
  const operation = crossEntropies.get(canonical(name)) ?? null;
  if (operation !== null && !constructed && usesPseudoLabels(site.program, call, operation))
    notes.add('This call makes its targets from its own logits (pseudo-labels): measured with ordinary targets.');
  const python = site.program.language === 'python';
  // Keras and TensorFlow take the targets first whatever the loss is called, optax the logits.
  const targetsFirst =
    operation !== null &&
    (site.framework === 'tensorflow' || (operation.target < operation.prediction && !takesLogitsFirst.has(site.framework)));
  const convention = conventionOf(real);
  const calls = stands !== null ? [] : constructed ? callsOfMade(site.program, call) : [call];
  const layout = site.told?.layout ?? convention.layout ?? 'rows';
  for (const note of notesOn({ form: 'indices', layout, held: false })) notes.add(note);
  if (convention.copies)
    notes.add('It takes each row several times, clean and augmented: the same logits were given for each, so their divergence is 0.');
  // The position is that of torch, Keras and tfjs; what the others were given is known by its place in the call.
  const smoothingAt = takesLogitsFirst.has(site.framework)
    ? undefined
    : constructed
      ? operation?.smoothingAtConstructor
      : operation?.smoothingAt;
  /** Options of the call that the person says otherwise; class weights for each number of classes anew. */
  const tellable = new Map<Expression, Value>();
  const settleTold = (settings: Settings): void => {
    for (const { name: option, value } of call.keywords) {
      const role = { parameter: { name: option ?? '' } as Parameter, role: option === 'weight' ? 'weight' : 'unknown', uses: [] } as const;
      const told = option === null ? null : valueTold(session, site, role, settings);
      if (told !== null) tellable.set(value, told);
    }
  };
  const evaluated = (argument: Expression, what: string): Value | null => {
    const told = tellable.get(argument);
    if (told !== undefined) return told;
    const known = valueOfArgument(session, argument);
    if (known !== null) return known;
    const text = site.program.text.slice(argument.range.start, argument.range.end);
    notes.add(`${what} could not be followed (\`${text}\`): left out.`);
    return null;
  };
  const isSmoothing = (argument: Expression) => site.smoothingValues.includes(argument);
  const { classes: classesAt, weights: weightsAt } = convention;
  /** What the run gives in the place of an argument, whatever the code gives. */
  const ofRun = (input: LossInput, name: string | null, at: number): Value | null => {
    const isAt = (parameter: typeof classesAt) =>
      parameter !== undefined && (name === null ? parameter.at === at : parameter.name === name);
    if (isAt(classesAt)) return int(input.classes);
    if (!isAt(weightsAt)) return null;
    const { length } = input.targets;
    return session.bridge.floats(session.context, Array<number>(length).fill(1), labelsShape(length, layout));
  };
  const handedKeywords = (settings: Settings): Map<string, Value> => {
    const [written] = site.smoothingValues;
    const factor =
      settings.smoothing !== null ? float(settings.smoothing) : written === undefined ? null : evaluated(written, 'its factor');
    return new Map(factor === null ? [] : [[stands!.factor!, factor]]);
  };
  const keywordsFor = (settings: LossInput, skip: readonly string[]): Map<string, Value> => {
    if (stands !== null && stands.factor !== null) return handedKeywords(settings);
    const keywords = new Map<string, Value>();
    for (const keyword of call.keywords) {
      if (keyword.name === null || skip.includes(keyword.name) || (stands !== null && keyword.name === 'type')) continue;
      const told = toldOf(site, keyword.name);
      if (told?.as === 'default') continue;
      const given = told === null ? ofRun(settings, keyword.name, -1) : null;
      if (given !== null) {
        keywords.set(keyword.name, given);
        continue;
      }
      // Set below.
      if (keyword.name === 'weight' && settings.classWeights && site.framework === 'torch') continue;
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
  const positionalFor = (settings: LossInput, from: number): Value[] => {
    const values: Value[] = [];
    if (stands !== null) return values;
    for (const [i, argument] of call.arguments.entries()) {
      if (i < from || argument.kind === 'starred') continue;
      const given = ofRun(settings, null, i);
      if (given !== null) {
        values.push(given);
        continue;
      }
      const isTheSmoothing = isSmoothing(argument) || i === smoothingAt;
      const value = isTheSmoothing && settings.smoothing !== null ? float(settings.smoothing) : evaluated(argument, `argument ${i + 1}`);
      if (value === null) break;
      values.push(value);
    }
    return values;
  };
  const handed = handedTargets(session, calls, targetsFirst ? 0 : 1, operation?.targetNames ?? ['target', 'targets', 'labels']);
  const wantsDistribution = handed === null ? operation?.targets === 'targetDistribution' : handed === 'distribution';
  const forms: readonly TargetForm[] =
    formsTold(site) ?? (wantsDistribution ? ['oneHot', 'indices', 'column'] : ['indices', 'oneHot', 'column']);
  let settled: TargetForm | null = null;
  /** Options of the call of the loss object itself (`shift_labels=True`), where they say something by themselves. */
  const optionsOfCall = (): Map<string, Value> => {
    const options = new Map<string, Value>();
    for (const { name: option, value } of calls.flatMap(({ keywords }) => keywords))
      if (option !== null && value.kind === 'constant' && !options.has(option)) options.set(option, session.evaluate(value));
    return options;
  };
  if (
    convention.prediction === 'modelOutput' &&
    calls.length > 0 &&
    !calls.some(({ keywords }) => keywords.some((one) => one.name === 'shift_labels'))
  )
    notes.add(
      'Its calls leave shift_labels at False: each row is held against its own label. A causal language model’s tokens need shift_labels=True.',
    );
  const copies = (keywords: ReadonlyMap<string, Value>): number => {
    const given = convention.copies && keywords.get(convention.copies.parameter);
    return (given ? numberOf(given) : convention.copies?.usual) ?? 1;
  };
  const attempt = (input: LossInput, form: TargetForm): Differentiated => {
    if (layout === 'single') return rowByRow(session, input, (row) => attemptOnce(row, form));
    const result = attemptOnce(input, form);
    return layout === 'oneSequence' ? ofPositions(session, input.logits.length, result) : result;
  };
  const attemptOnce = (input: LossInput, form: TargetForm): Differentiated => {
    settleTold(input);
    const keywords = constructed ? keywordsFor(input, []) : new Map<string, Value>();
    const times = copies(keywords);
    const targets = targetValue(session, repeated(input, times), { form, layout, held: false });
    const prediction = (logits: Value): Value => {
      const rows = times === 1 ? logits : session.context.callMethod(logits, 'repeat', [int(times), int(1)]);
      return convention.prediction === 'modelOutput' ? modelOutput(rows) : rows;
    };
    const order = (logits: Value): Value[] => (targetsFirst ? [targets, prediction(logits)] : [prediction(logits), targets]);
    const run = (logits: Value): Value => {
      if (constructed) {
        const loss = session.construct(calledHere(), { positional: positionalFor(input, 0), keywords });
        return picked(session, site, session.call(loss, { positional: order(logits), keywords: optionsOfCall() }), input);
      }
      const data = [...(operation?.predictionNames ?? []), ...(operation?.targetNames ?? [])];
      const args = { positional: [...order(logits), ...positionalFor(input, 2)], keywords: keywordsFor(input, data) };
      return picked(session, site, session.call(calledHere(), args), input);
    };
    return session.bridge.differentiate(session.context, input.logits, logitsShape(input, layout), input.feed, run);
  };
  /** Whether the loss smooths targets of this form at all. */
  const smooths = (input: LossInput, form: TargetForm): boolean => {
    const valueAt = (smoothing: number): string | null => {
      try {
        const read = session.bridge.read(attempt({ ...input, smoothing }, form).result);
        return read === null ? null : read.values.join();
      } catch (error) {
        if (session.isFinal(error)) throw error;
        return null;
      }
    };
    const plain = valueAt(0);
    return plain !== null && plain !== valueAt(0.25);
  };
  /** The form that the file hands over; else the first that runs, or that runs and is smoothed where the first is not. */
  const settle = (input: LossInput): TargetForm => {
    const [, first] = firstThatRuns(forms, (candidate) => attempt(input, candidate), session);
    const isAsked = site.smoothingValues.length > 0 || input.smoothing !== null;
    if (handed !== null || forms.length === 1 || !isAsked || smooths(input, first)) return first;
    const other = forms.find((form) => form !== first && smooths(input, form));
    if (other === undefined) return first;
    const [smoothed, kept] = [other, first].map((form) => (form === 'oneHot' ? 'one-hot or soft targets' : 'class indices'));
    notes.add(`It smooths ${smoothed!} only, and takes ${kept!} as they are: measured with ${smoothed!}.`);
    return other;
  };
  /** Weights of three classes, as an argument, say that there are three. */
  const meantElsewhere = (input: LossInput, error: unknown): MeantForOthers | null => {
    const { type, message } = session.problemOf(error);
    if (type !== 'exception' || session.isFinal(error)) return null;
    for (const { classes, range } of likelyClasses(session, site, input, [message])) {
      try {
        firstThatRuns(forms, (candidate) => attempt(atClasses(input, classes), candidate), session);
        return new MeantForOthers(classes, range, error);
      } catch (again) {
        if (session.isFinal(again)) throw again;
      }
    }
    return null;
  };
  return {
    run: (input) => {
      try {
        settled ??= settle(input);
      } catch (error) {
        throw meantElsewhere(input, error) ?? error;
      }
      return attempt(input, settled);
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
    layout: () => layout,
    parameters: (rows) => handedToCall(session, site, stands === null ? call.keywords : [], settled ?? forms[0]!, rows),
    takesSequences: () => false,
    countsClasses: () => false,
    assumesNumbers: false,
    notes,
  };
}

/** What an argument of a call is; null where that could not be followed. */
function valueOfArgument(session: Session, argument: Expression): Value | null {
  const seen = session.valuesOf(argument);
  const known = seen.find((value) => value.kind !== 'unknown');
  if (known) return known;
  try {
    if (seen.length === 0) return session.evaluate(argument);
  } catch {
    // Only the function around it knows, and nothing of the program runs that.
  }
  return null;
}

/** The tensors of a library's call, and the options that it is written with. */
function handedToCall(
  session: Session,
  site: LossSite,
  keywords: Call['keywords'],
  form: TargetForm,
  { classes }: Rows,
): readonly HandedParameter[] {
  const tensors = (['logits', 'targets'] as const).map((name): HandedParameter => {
    const by = toldOf(site, name) === null ? 'trying' : 'person';
    return { name, where: 'call', parameter: null, role: name, as: name === 'targets' ? form : null, by, value: null };
  });
  const options = keywords.flatMap(({ name, value }): HandedParameter[] => {
    if (name === null || site.smoothingValues.includes(value)) return [];
    const role = name === 'weight' ? 'weight' : 'unknown';
    const handed = (by: HandedParameter['by'], as: GivenAs, of: Value | null): HandedParameter[] => [
      { name, where: 'constructor', parameter: null, role, as, by, value: of },
    ];
    const told = toldOf(site, name);
    if (told !== null) {
      const of = valueTold(session, site, { parameter: { name } as Parameter, role, uses: [] }, { classes, classWeights: null });
      return handed('person', told.as ?? (role === 'weight' ? 'weight' : 'value'), of);
    }
    const seen = valueOfArgument(session, value);
    return seen === null ? handed('default', 'default', null) : handed('program', role === 'weight' ? 'weight' : 'value', seen);
  });
  return [...tensors, ...options];
}
