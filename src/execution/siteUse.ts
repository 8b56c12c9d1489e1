/** How the program uses a loss: what it builds it with, what it calls it with, and where that comes from. */
import { definedBy } from '../detection/siteNames';
import type { Callable, LossSite } from '../detection/sites';
import { placeKey } from '../interpreter/exploring/exploration';
import type { Binding, CallSeen } from '../interpreter/exploring/exploration';
import type { Facts, Filling } from '../interpreter/exploring/facts';
import { contentOf, factsOf, lastSizeOf, sizesOf } from '../interpreter/exploring/facts';
import type { Place } from '../interpreter/provenance';
import { originOf, placesOf, provenanceOf } from '../interpreter/provenance';
import type { FunctionValue, InstanceValue, Value } from '../interpreter/value';
import { findInClass, numberOf } from '../interpreter/value';
import type { Call, Expression, Parameter } from '../language/program';
import type { ProgramRun } from '../program/programRun';
import { afterwardsOf } from './afterwards';
import type { Afterwards } from './afterwards';
import { conventionOf, lossOfSettings } from './libraryCalls';
import type { LibraryParameter } from './libraryCalls';
import { callRoles, constructorRoles } from './roles';
import type { Role } from './roles';

/** One way in which the program builds and calls the loss. */
export interface LossUse {
  /** What the constructor's (or factory's) parameters held, by name. */
  readonly made: ReadonlyMap<string, Value>;
  /** What the parameters of the loss itself held. */
  readonly called: ReadonlyMap<string, Value>;
  /** Names of those of both that hold the parameter's own default. */
  readonly defaults: ReadonlySet<string>;
  /** Where it is built; null for a plain function. */
  readonly construction: Place | null;
  /** Where it is called; null where the program was not seen to. */
  readonly call: Place | null;
  /** Whether all that leads to it is known. */
  readonly certain: boolean;
  /** Whether it is known but for who calls the function that it stands in. */
  readonly sure: boolean;
  /** It is called where no gradient is kept. */
  readonly evaluating: boolean;
  /** Nothing of the program was seen to lead to it: the function around it was run for its own sake. */
  readonly isEntry: boolean;
  /** What calling it gave; null where it was not called, or stopped. */
  readonly result: Value | null;
}

/** A value that the program gives, and the places it comes from. */
export interface ProgramNumber {
  readonly kind: 'number';
  readonly value: number;
  readonly way: readonly Place[];
  readonly certain: boolean;
}
/** The program gives it, but what it is could not be followed. */
export interface NotFollowed {
  readonly kind: 'notFollowed';
  readonly what: string;
  readonly place: Place | null;
}

export interface InputFact {
  readonly nature: NonNullable<Facts['nature']>;
  readonly place: Place | null;
  /** Names of parameters of the function around the call that were supposed to hold what the file has under the same names. */
  readonly supposing?: readonly string[];
}

export interface SiteUse {
  readonly uses: readonly LossUse[];
  /** The one that is looked at; null where the program does not use the loss, as far as it was seen. */
  readonly taken: LossUse | null;
  /** The smoothing factor as the program gives it; null where it gives none (the code's own default holds). */
  readonly smoothing: ProgramNumber | NotFollowed | null;
  /** Smoothing factors of the other uses, where they differ. */
  readonly otherSmoothings: readonly { readonly smoothing: ProgramNumber; readonly use: LossUse }[];
  /** The number of classes: the size of the tensors' class axis, else what the loss is told. */
  readonly classes: ProgramNumber | null;
  /** The number of classes that the loss is told, where that is another than the tensors'. */
  readonly toldClasses: ProgramNumber | null;
  /** What is known of the input: that a softmax has been applied already. */
  readonly input: InputFact | null;
  readonly targets: InputFact | null;
  /** The same of the first use that is known but for who calls it, and has the same settings as the one that is looked at. */
  readonly sureInput: InputFact | null;
  /** What the targets of uses that are known but for who calls them were filled up with: of those with the settings of the one that is looked at. */
  readonly filledTargets: readonly (Filling & { readonly call: Place })[];
  /** A call where no gradient is kept, with the factor it has there, of a loss that the program trains with too. */
  readonly evaluation: { readonly smoothing: number; readonly call: Place } | null;
  /** What the program makes of the loss's value. */
  readonly afterwards: readonly (Afterwards & { readonly smoothing: number | null })[];
}

export const unusedSite: SiteUse = {
  uses: [],
  taken: null,
  smoothing: null,
  otherSmoothings: [],
  classes: null,
  toldClasses: null,
  input: null,
  targets: null,
  sureInput: null,
  filledTargets: [],
  evaluation: null,
  afterwards: [],
};

export function siteUse(run: ProgramRun, asked: LossSite): SiteUse {
  // Of a loss that another file defines, the call alone is meant.
  const { site, from } = definedBy(asked);
  const all = usesOf(run, site).filter((use) => from === null || isMadeAt(use, from, asked.program.file));
  const ofProgram = all.filter(({ isEntry }) => !isEntry);
  const uses = ofProgram.length > 0 ? ofProgram : all;
  const taken = mostTelling(run, site, uses);
  const [written] = from === null ? [] : asked.smoothingValues;
  const smoothing = smoothingOf(run, site, taken) ?? (written === undefined || taken !== null ? null : ofExpression(run, asked, written));
  const otherSmoothings = uses.flatMap((use) => {
    if (use === taken) return [];
    const other = smoothingOf(run, site, use);
    const differs = other?.kind === 'number' && (smoothing?.kind !== 'number' || other.value !== smoothing.value);
    return differs ? [{ smoothing: other, use }] : [];
  });
  const roles = parameterRoles(site);
  const valueOf = (role: Role, from: ReadonlyMap<string, Value>): Value | null => {
    const found = roles.find((known) => known.role === role && from.has(known.parameter.name));
    return found === undefined ? null : from.get(found.parameter.name)!;
  };
  const given = taken === null ? null : valueOf('logits', taken.called);
  const input = given === null || !takesModelOutput(site) ? given : (scoresOf(run, given) ?? given);
  const targets = taken === null ? null : valueOf('targets', taken.called);
  const told = taken === null ? null : (valueOf('classes', taken.made) ?? valueOf('classes', taken.called));
  const weights = taken === null ? null : (valueOf('weight', taken.made) ?? valueOf('weight', taken.called));
  const certain = taken?.certain ?? false;
  const ofTensors = sizeOfClasses(input, certain) ?? sizeOfClasses(isDistribution(targets) ? targets : null, certain);
  const ofWeights = weights === null || sizesOf(weights)?.length !== 1 ? null : asClasses(lastSizeOf(weights), certain);
  const ofTold = asClasses(told, certain);
  const classes = ofTensors ?? ofWeights ?? ofTold;
  return {
    uses,
    taken,
    smoothing,
    otherSmoothings,
    classes,
    toldClasses: ofTold !== null && classes !== null && ofTold.value !== classes.value ? ofTold : null,
    input: factOf(input),
    targets: factOf(targets),
    sureInput: sureInputOf(run, taken, uses, (use) => valueOf('logits', use.called)),
    filledTargets: filledTargetsOf(taken, uses, (use) => valueOf('targets', use.called)),
    evaluation: evaluationOf(run, site, uses),
    afterwards: withSmoothing(run, site, afterwardsOf(run, site, taken === null ? [] : uses.filter((use) => hasSameSettings(use, taken)))),
  };
}

const withSmoothing = (run: ProgramRun, site: LossSite, steps: readonly Afterwards[]): SiteUse['afterwards'] =>
  steps.map((step) => {
    const smoothing = step.use === null ? null : smoothingOf(run, site, step.use);
    return { ...step, smoothing: smoothing?.kind === 'number' ? smoothing.value : null };
  });

const takesModelOutput = ({ definition }: LossSite): boolean =>
  definition.kind === 'call' && conventionOf(lossOfSettings(definition.real)?.real ?? definition.real).prediction === 'modelOutput';

/** The scores in what a model of transformers returns. */
function scoresOf({ interpreter: { context } }: ProgramRun, output: Value): Value | null {
  try {
    // A plain dict was written by hand.
    if (output.kind === 'dict') return output.class === null ? null : (output.entries.getString('logits') ?? null);
    return output.kind === 'instance' ? context.findAttribute(output, 'logits') : null;
  } catch {
    return null;
  }
}

function sureInputOf(
  run: ProgramRun,
  taken: LossUse | null,
  uses: readonly LossUse[],
  inputOf: (use: LossUse) => Value | null,
): InputFact | null {
  if (taken === null) return null;
  for (const use of [taken, ...uses]) {
    const fact = use.sure && hasSameSettings(use, taken) ? factOf(inputOf(use)) : null;
    if (fact === null) continue;
    const supposing = use.call === null ? [] : run.supposedAt(use.call);
    return supposing.length > 0 ? { ...fact, supposing } : fact;
  }
  return null;
}

function filledTargetsOf(
  taken: LossUse | null,
  uses: readonly LossUse[],
  targetsOf: (use: LossUse) => Value | null,
): SiteUse['filledTargets'] {
  if (taken === null) return [];
  return uses.flatMap((use) => {
    const targets = use.sure && use.call !== null && hasSameNumbers(use, taken) && hasSameSettings(use, taken) ? targetsOf(use) : null;
    const filled = targets === null ? [] : (contentOf(targets)?.filled ?? []);
    return filled.map((one) => ({ ...one, call: use.call! }));
  });
}

/** Numbers say which label is left out. */
function hasSameNumbers(use: LossUse, other: LossUse): boolean {
  const names = new Set([...use.made.keys(), ...other.made.keys()]);
  return [...names].every((name) => {
    const [own, its] = [use.made.get(name), other.made.get(name)].map((value) => (value === undefined ? null : numberOf(value)));
    return own === its;
  });
}

/** Words and switches may make another loss of it; numbers do not. */
function hasSameSettings(use: LossUse, other: LossUse): boolean {
  const settings = ({ made, called }: LossUse): string =>
    [...made, ...called]
      .flatMap(([name, value]) => (value.kind === 'str' || value.kind === 'bool' ? [`${name}=${String(value.value)}`] : []))
      .sort()
      .join();
  return settings(use) === settings(other);
}

/** Both have to be seen for certain: that it is trained with, and that it smooths where nothing is trained. */
function evaluationOf(run: ProgramRun, site: LossSite, uses: readonly LossUse[]): SiteUse['evaluation'] {
  const smoothed = uses.flatMap((use) => {
    const smoothing = use.sure && use.call !== null ? smoothingOf(run, site, use) : null;
    return smoothing?.kind === 'number' && smoothing.value > 0 ? [{ smoothing: smoothing.value, call: use.call!, use }] : [];
  });
  const evaluation = smoothed.find(({ use }) => use.evaluating);
  if (evaluation === undefined || smoothed.every(({ use }) => use.evaluating)) return null;
  return { smoothing: evaluation.smoothing, call: evaluation.call };
}

const isMadeAt = ({ construction, call }: LossUse, { range }: Call, file: string | undefined): boolean => {
  const place = construction ?? call;
  return place !== null && placeKey(place.range, place.file) === placeKey(range, file);
};

/** The use to look at: one that is certain before one that is possible, one that smooths before one that does not, one that is called. */
function mostTelling(run: ProgramRun, site: LossSite, uses: readonly LossUse[]): LossUse | null {
  const smooths = (use: LossUse): boolean => {
    const smoothing = smoothingOf(run, site, use);
    return smoothing?.kind === 'number' && smoothing.value !== 0;
  };
  const weight = (use: LossUse): number => (use.certain ? 4 : 0) + (smooths(use) ? 2 : 0) + (use.call === null ? 0 : 1);
  return uses.reduce<LossUse | null>((best, use) => (best === null || weight(use) > weight(best) ? use : best), null);
}

function factOf(value: Value | null): InputFact | null {
  const facts = value === null ? null : contentOf(value);
  return facts?.nature === undefined ? null : { nature: facts.nature, place: facts.natureAt ?? null };
}

const isDistribution = (targets: Value | null): boolean =>
  targets !== null && ['oneHot', 'smoothed'].includes(contentOf(targets)?.nature ?? '');

/** The size of the class axis: the last of two axes, the second of four and more; of three, the one that is known. */
function sizeOfClasses(tensor: Value | null, certain: boolean): ProgramNumber | null {
  if (tensor === null) return null;
  const sizes = sizesOf(tensor);
  if (sizes === null) return asClasses(lastSizeOf(tensor), certain);
  if (sizes.length === 3) {
    const known = sizes.slice(1).filter((size) => size !== null);
    return known.length === 1 ? asClasses(known[0]!, certain) : null;
  }
  return asClasses(sizes[sizes.length > 3 ? 1 : sizes.length - 1] ?? null, certain);
}

function asClasses(value: Value | null, certain: boolean): ProgramNumber | null {
  // JavaScript's numbers are all floats.
  const size = value === null ? null : numberOf(value);
  // One column is no number of classes.
  return size === null || !Number.isInteger(size) || size < 2 || size > 10_000_000
    ? null
    : { kind: 'number', value: size, way: wayOf(value!), certain };
}

const wayOf = (value: Value): readonly Place[] => {
  const way = provenanceOf(value);
  return way === null ? [] : placesOf(way);
};

/** Whether a value is a number of the program's, from the same place of its text and not only as large. */
export function isOneNumber(number: ProgramNumber | null, value: Value): boolean {
  if (number === null || numberOf(value) !== number.value) return false;
  const start = originOf(wayOf(value));
  const own = originOf(number.way);
  return start !== null && own !== null && start.file === own.file && start.range.start === own.range.start;
}

interface KnownParameter {
  readonly parameter: Parameter;
  readonly role: Role;
}

function parameterRoles(site: LossSite): readonly KnownParameter[] {
  const { definition } = site;
  const own = (parameters: readonly Parameter[]) =>
    definition.kind === 'class' && site.program.language === 'python' ? parameters.slice(1) : parameters;
  switch (definition.kind) {
    case 'class':
      return [
        ...constructorRoles(site, own(definition.constructor?.parameters ?? [])),
        ...callRoles(site, own(definition.method.parameters)),
      ];
    case 'function':
      return [...constructorRoles(site, definition.factory?.parameters ?? []), ...callRoles(site, definition.callable.parameters)];
    case 'call':
      return libraryRoles(definition.real);
    case 'script':
      return [];
  }
}

/** What the arguments of a library's loss are called here, whatever their library calls them. */
function libraryRoles(real: string): readonly KnownParameter[] {
  const { classes } = conventionOf(real);
  const known = (['logits', 'targets', 'weight'] as const).map((role) => ({ role, name: role }));
  const all = classes === undefined ? known : [...known, { role: 'classes' as const, name: classes.name }];
  return all.map(({ role, name }) => ({ role, parameter: { name } as Parameter }));
}

function usesOf(run: ProgramRun, site: LossSite): readonly LossUse[] {
  return distinctUses(everyUse(run, site), (use) => factorOf(site, use));
}

/** The factor as it is handed over, where that is a number. */
function factorOf({ definition, smoothingParameters, smoothingValues }: LossSite, { made, called }: LossUse): number | null {
  const names =
    definition.kind === 'call'
      ? definition.call.keywords.flatMap(({ name, value }) => (name !== null && smoothingValues.includes(value) ? [name] : []))
      : smoothingParameters.map(({ name }) => name);
  const [given] = names.flatMap((name) => made.get(name) ?? called.get(name) ?? []);
  return given === undefined ? null : numberOf(given);
}

function everyUse(run: ProgramRun, { definition, framework, program: { file } }: LossSite): readonly LossUse[] {
  const bindings = (callable: Callable | null): readonly Binding[] => (callable === null ? [] : run.bindingsOf(callable, file));
  switch (definition.kind) {
    case 'class':
      if (definition.constructions !== undefined)
        return usesOfInherited(
          definition.constructions.flatMap((call) => run.callsAt(call, file)),
          bindings(definition.method),
        );
      return usesOfClass(bindings(definition.constructor), bindings(definition.method));
    case 'function':
      if (definition.factory !== null && isOfThisReader(definition.factory, definition.callable))
        return bindings(definition.callable).map((call) => calledInside(run, definition.factory!, call));
      return usesOfFunction(definition.factory === null ? null : bindings(definition.factory), bindings(definition.callable));
    case 'call':
      return usesOfCall(
        run,
        run.callsAt(definition.call, file),
        definition.constructed,
        framework === 'tensorflow' || framework === 'tfjs',
        conventionOf(definition.real).classes ?? null,
        lossOfSettings(definition.real)?.factor ?? null,
      );
    case 'script':
      return [];
  }
}

/** Whether the factory was made to run a function that stands inside others or is a method: it has that one's place. */
const isOfThisReader = (factory: Callable, { range }: Callable): boolean =>
  factory.kind === 'lambda' && factory.range.start === range.start && factory.range.end === range.end;

/** A call of what stands inside: what it takes from around it is what its closure and the constructor of its object held. */
function calledInside(run: ProgramRun, { parameters }: Callable, call: Binding): LossUse {
  const self = [...call.values.values()].find((value) => value.kind === 'instance') ?? null;
  const construction = self === null ? null : constructionOf(run, self);
  const made = new Map<string, Value>(self === null ? [] : [['self', self]]);
  for (const { name } of parameters) {
    const value = inClosure(call.function, name) ?? construction?.values.get(name);
    if (value !== undefined) made.set(name, value);
  }
  const defaults = defaultsOf(call, ...(construction === null ? [] : [construction]));
  return { ...calledAlone(call), ...standingOf(construction, call), made, defaults, construction: call.place };
}

function inClosure({ closure }: FunctionValue, name: string): Value | undefined {
  for (let scope: FunctionValue['closure'] | null = closure; scope !== null; scope = scope.parent) {
    const value = scope.names.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The call of the constructor that made an object. */
function constructionOf(run: ProgramRun, self: InstanceValue): Binding | null {
  const constructor = findInClass(self.class, '__init__') ?? findInClass(self.class, 'constructor');
  if (constructor?.kind !== 'function') return null;
  const { range, unit, parameters } = constructor.code;
  const first = unit.language === 'python' ? (parameters[0]?.name ?? '') : 'this';
  return run.bindingsOf({ range }, unit.program.file).find(({ values }) => values.get(first) === self) ?? null;
}

const calledAlone = (call: Binding): LossUse => ({
  made: new Map(),
  construction: null,
  called: call.values,
  defaults: defaultsOf(call),
  call: call.place,
  certain: call.certain,
  sure: call.sure,
  evaluating: call.evaluating,
  isEntry: call.isEntry,
  result: call.result,
});

interface Standing {
  readonly certain: boolean;
  readonly sure: boolean;
  readonly evaluating: boolean;
}

/** Of a loss that is built in one place and called in another. */
const standingOf = (making: Standing | null, call: Standing | null): Standing => ({
  certain: (making?.certain ?? true) && (call?.certain ?? true),
  sure: (making?.sure ?? true) && (call?.sure ?? true),
  evaluating: call?.evaluating ?? false,
});

const defaultsOf = (...bindings: readonly Binding[]): ReadonlySet<string> =>
  new Set(
    bindings.flatMap(({ function: fn, values }) =>
      [...values].filter(([name, value]) => isDefault(value, fn.defaults.get(name))).map(([name]) => name),
    ),
  );

/** The default itself, or a number or a word like it: passing that changes nothing. */
function isDefault(value: Value, byDefault: Value | undefined): boolean {
  if (byDefault === undefined || value === byDefault) return value === byDefault;
  if (value.kind !== 'int' && value.kind !== 'float' && value.kind !== 'str' && value.kind !== 'bool') return false;
  return value.kind === byDefault.kind && value.value === byDefault.value;
}

function usesOfClass(constructed: readonly Binding[], calls: readonly Binding[]): readonly LossUse[] {
  const selfOf = ({ function: fn, values }: Binding): Value | null =>
    values.get(fn.code.parameters[0]?.name ?? '') ?? values.get('this') ?? null;
  const made = constructed.flatMap((binding): LossUse[] => {
    const self = selfOf(binding);
    const own = calls.filter((call) => selfOf(call) === self);
    const building = { made: binding.values, construction: binding.place, isEntry: binding.isEntry };
    if (own.length === 0)
      return [{ ...building, called: new Map(), defaults: defaultsOf(binding), call: null, result: null, ...standingOf(binding, null) }];
    return own.map((call) => ({
      ...building,
      called: call.values,
      defaults: defaultsOf(binding, call),
      call: call.place,
      result: call.result,
      ...standingOf(binding, call),
    }));
  });
  const paired = new Set(constructed.map(selfOf));
  const others = calls.filter((call) => !paired.has(selfOf(call))).map(calledAlone);
  return [...made, ...others];
}

/** Of a class that is made by its library's constructor: what that is handed is in the calls alone. */
function usesOfInherited(constructed: readonly CallSeen[], calls: readonly Binding[]): readonly LossUse[] {
  const selfOf = ({ function: fn, values }: Binding): Value | null => values.get(fn.code.parameters[0]?.name ?? '') ?? null;
  const made = constructed.flatMap((making): LossUse[] => {
    const building = { made: new Map(making.keywords), construction: making.place, isEntry: making.isEntry };
    const own = calls.filter((call) => making.result !== null && selfOf(call) === making.result);
    if (own.length === 0)
      return [{ ...building, called: new Map(), defaults: new Set(), call: null, result: null, ...standingOf(making, null) }];
    return own.map((call) => ({
      ...building,
      called: call.values,
      defaults: defaultsOf(call),
      call: call.place,
      result: call.result,
      ...standingOf(making, call),
    }));
  });
  const results = new Set(constructed.map(({ result }) => result));
  return [...made, ...calls.filter((call) => !results.has(selfOf(call))).map(calledAlone)];
}

function usesOfFunction(makings: readonly Binding[] | null, calls: readonly Binding[]): readonly LossUse[] {
  if (makings === null) return calls.map(calledAlone);
  return makings.map((making) => {
    const call = calls.find(({ order }) => order > making.order);
    return {
      made: making.values,
      construction: making.place,
      called: call?.values ?? new Map<string, Value>(),
      defaults: call === undefined ? defaultsOf(making) : defaultsOf(making, call),
      call: call?.place ?? null,
      result: call?.result ?? null,
      ...standingOf(making, call ?? null),
      isEntry: making.isEntry,
    };
  });
}

function usesOfCall(
  run: ProgramRun,
  seen: readonly CallSeen[],
  constructed: boolean,
  targetsFirst: boolean,
  classes: LibraryParameter | null,
  factor: string | null,
): readonly LossUse[] {
  // Of a loss that a library made and the program calls: its object holds the factor.
  const held = ({ callee }: CallSeen): readonly (readonly [string, Value])[] => {
    const value = factor === null || callee.kind !== 'instance' ? undefined : callee.attributes.get(factor);
    return value === undefined ? [] : [[factor!, value]];
  };
  const told = (call: CallSeen): readonly (readonly [string, Value])[] => {
    const value = classes === null ? undefined : call.arguments[classes.at ?? -1];
    return classes === null || value === undefined ? [] : [[classes.name, value]];
  };
  // The first argument is the class weights where it is a tensor.
  const weights = (call: CallSeen) => named(call, ['weight']).filter(([, value]) => sizesOf(value) !== null);
  const asUse = (making: CallSeen | null, call: CallSeen | null): LossUse => ({
    made: making === null ? new Map(call === null ? [] : held(call)) : new Map([...weights(making), ...told(making), ...making.keywords]),
    called: call === null ? new Map() : new Map([...(constructed ? [] : told(call)), ...call.keywords, ...tensorsOf(call, targetsFirst)]),
    defaults: new Set(),
    construction: making?.place ?? null,
    call: call?.place ?? null,
    result: call?.result ?? null,
    ...standingOf(making, call),
    isEntry: (making ?? call)?.isEntry ?? false,
  });
  if (!constructed) return seen.map((call) => asUse(null, call));
  return seen.flatMap((making) => {
    const calls = making.result === null ? [] : run.callsOn(making.result);
    return calls.length === 0 ? [asUse(making, null)] : calls.map((call) => asUse(making, call));
  });
}

/** Positional arguments by the names they have here. */
const named = (call: CallSeen, names: readonly string[]): readonly (readonly [string, Value])[] =>
  names.flatMap((name, i) => {
    const value = call.keywords.get(name) ?? call.arguments[i];
    return value === undefined ? [] : [[name, value] as const];
  });

/** The input and the targets of a library's loss: by keyword, else by place. Keras and tfjs take the targets first. */
function tensorsOf(call: CallSeen, targetsFirst: boolean): readonly (readonly [string, Value])[] {
  const byName = (names: readonly string[]) => names.map((name) => call.keywords.get(name)).find((value) => value !== undefined);
  const input = byName(['input', 'logits', 'y_pred', 'preds', 'predictions', 'x']);
  const targets = byName(['target', 'targets', 'labels', 'y_true', 'label', 'onehotLabels']);
  const [first, second] = targetsFirst ? call.arguments.toReversed() : call.arguments;
  const givenInput = input ?? first;
  const givenTargets = targets ?? (input === undefined ? second : first);
  return [...(givenInput ? [['logits', givenInput] as const] : []), ...(givenTargets ? [['targets', givenTargets] as const] : [])];
}

/** A loop's rounds build and call alike: one of each place is kept. Of a helper that is called with another factor each is. */
function distinctUses(uses: readonly LossUse[], factor: (use: LossUse) => number | null): readonly LossUse[] {
  const kept: LossUse[] = [];
  for (const use of uses) {
    const same = kept.findIndex(
      (other) =>
        isSamePlace(other.construction, use.construction) &&
        isSamePlace(other.call, use.call) &&
        haveSameNumbers(other.made, use.made) &&
        factor(other) === factor(use),
    );
    if (same < 0 && kept.length >= mostUses) continue;
    if (same < 0) kept.push(use);
    else if (use.certain && !kept[same]!.certain) kept[same] = use;
  }
  return kept;
}

/** A schedule may give it another factor in each round. */
const mostUses = 100;

/** A factory that is called with another number builds another loss at the same place. */
const haveSameNumbers = (a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean =>
  [...a].every(([name, value]) => numberOf(value) === numberOf(b.get(name) ?? value));

const isSamePlace = (a: Place | null, b: Place | null): boolean =>
  a === b || (a !== null && b !== null && a.file === b.file && a.range.start === b.range.start && a.range.end === b.range.end);

// --------------------------------------------------------------------------------------------------------- smoothing

function smoothingOf(run: ProgramRun, site: LossSite, use: LossUse | null): ProgramNumber | NotFollowed | null {
  const certain = use?.certain ?? true;
  if (site.definition.kind === 'call') {
    const [written] = site.smoothingValues;
    if (written === undefined) return null;
    const keyword = site.definition.call.keywords.find(({ value }) => value === written)?.name ?? null;
    const held = use?.made.get(lossOfSettings(site.definition.real)?.factor ?? '');
    if (keyword === null && held !== undefined) return withLast(asNumber(held, certain), use?.call ?? null);
    const own = keyword === null ? undefined : (use?.made.get(keyword) ?? use?.called.get(keyword));
    return own === undefined || own.kind === 'unknown' ? ofExpression(run, site, written) : asNumber(own, true);
  }
  for (const { where, name } of site.smoothingParameters) {
    const from = where === 'constructor' ? use?.made : use?.called;
    const value = from === undefined ? null : (from.get(name) ?? within(run, from, name));
    if (value === null) continue;
    const number = asNumber(value, certain);
    return number.kind === 'number'
      ? { ...number, way: [...number.way, ...inLoss(site, from!, where, name, number), ...whereUsed(site)] }
      : number;
  }
  return null;
}

const withLast = (number: ProgramNumber | NotFollowed, place: Place | null): ProgramNumber | NotFollowed =>
  number.kind === 'number' && place !== null ? { ...number, way: [...number.way, place] } : number;

/** Where the loss smooths with it. */
function whereUsed({ evidence, program }: LossSite): readonly Place[] {
  const [first, ...more] = evidence.filter(({ reason }) => reason.startsWith('smoothing')).map(({ range }) => range);
  if (first === undefined) return [];
  const range = more.reduce((soonest, one) => (one.file === first.file && one.start < soonest.start ? one : soonest), first);
  return [{ file: range.file ?? program.file ?? null, range, text: program.text.slice(range.start, range.end) }];
}

/** Where the loss itself takes the factor: the attribute that its constructor keeps it in, or the parameter. */
function inLoss(
  site: LossSite,
  from: ReadonlyMap<string, Value>,
  where: 'constructor' | 'call',
  name: string,
  { value, way }: ProgramNumber,
): readonly Place[] {
  for (const self of from.values()) {
    if (self.kind !== 'instance') continue;
    for (const kept of self.attributes.values()) {
      const stops = numberOf(kept) === value ? wayOf(kept) : [];
      if (stops.length > way.length && stops[0]?.range.start === way[0]?.range.start) return stops.slice(way.length);
    }
  }
  const { definition, program } = site;
  const callables =
    definition.kind === 'class'
      ? [definition.constructor, definition.method]
      : definition.kind === 'function'
        ? [definition.factory, definition.callable]
        : [];
  const parameter = callables[where === 'constructor' ? 0 : 1]?.parameters.find((one) => one.name === name);
  return parameter === undefined ? [] : [{ file: parameter.range.file ?? program.file ?? null, range: parameter.range, text: name }];
}

/** What an argument of a library's call was; where the call was not made in the run, what the module's level makes of it. */
function ofExpression(run: ProgramRun, site: LossSite, written: Expression): ProgramNumber | NotFollowed | null {
  const values = run.valuesOf(written, site.program.file);
  const numbers = values.flatMap((value) => {
    const number = asNumber(value, true);
    return number.kind === 'number' ? [number] : [];
  });
  if (numbers.length > 0) return numbers[0]!;
  const [first] = values;
  if (first !== undefined) return asNumber(first, false);
  const text = site.program.text.slice(written.range.start, written.range.end);
  try {
    return asNumber(run.interpreter.evaluate(written), true);
  } catch {
    return { kind: 'notFollowed', what: text, place: { file: site.program.file ?? null, range: written.range, text } };
  }
}

/** A number, whatever led to it; of several that it may be, the first that is a number. */
function asNumber(value: Value, certain: boolean): ProgramNumber | NotFollowed {
  const number = numberOf(value);
  if (number !== null) return { kind: 'number', value: number, way: wayOf(value), certain };
  const alternatives = factsOf(value)?.alternatives ?? [];
  for (const one of alternatives) {
    const known = numberOf(one);
    if (known !== null) return { kind: 'number', value: known, way: wayOf(one), certain: false };
  }
  return { kind: 'notFollowed', what: value.kind === 'unknown' ? value.what : 'its value', place: null };
}

/** `options.smoothing`, `cfg.loss.eps`: in one of the objects handed over, the nearest. Null where several of that name are as near and differ. */
function within(run: ProgramRun, values: ReadonlyMap<string, Value>, name: string): Value | null {
  let level: readonly Value[] = [...values.values()];
  for (let depth = 0; depth < deepestSetting && level.length > 0 && level.length <= mostSettings; depth++) {
    const found = level.flatMap((value) => memberNamed(run, value, name) ?? []);
    const [first] = found;
    if (first !== undefined) return depth === 0 || found.every((one) => numberOf(one) === numberOf(first)) ? first : null;
    level = level.flatMap((value) => [...settingsIn(value)].filter(isSettings));
  }
  return null;
}

const deepestSetting = 3;
const mostSettings = 200;

function memberNamed(run: ProgramRun, value: Value, name: string): Value | null {
  switch (value.kind) {
    case 'object':
      return value.properties.get(name) ?? null;
    case 'dict':
      return value.entries.getString(name) ?? null;
    case 'instance':
    case 'class':
      try {
        const own = run.interpreter.context.findAttribute(value, name);
        return own !== null && (numberOf(own) !== null || own.kind === 'unknown') ? own : null;
      } catch {
        // A property of the person's that cannot be computed says nothing.
        return null;
      }
    default:
      return null;
  }
}

const isSettings = ({ kind }: Value): boolean => kind === 'object' || kind === 'dict' || kind === 'instance' || kind === 'class';

function settingsIn(value: Value): Iterable<Value> {
  switch (value.kind) {
    case 'object':
      return value.properties.values();
    case 'dict':
      return [...value.entries].map(([, item]) => item);
    case 'instance':
      return value.attributes.values();
    case 'class':
      return value.sealed ? [] : value.namespace.values();
    default:
      return [];
  }
}
