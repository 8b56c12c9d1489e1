/** Finds the losses of a program by following its data, not by its names. */
import type { Call, ClassDefinition, Expression, FunctionDefinition, Parameter, Program, Range, Statement } from '../language/program';
import { findCalls } from './calls';
import { closureOf, innerLists } from './closures';
import type { Closure } from './closures';
import { gatherDefinitions } from './definitions';
import type { Context } from './followContext';
import { bind, bindFields, builtinBase, evaluate, isStatic, memberOf } from './evaluate';
import { isNumber, placeKey } from './literals';
import type { Flow, Origin, Scope } from './flow';
import { has, nothing, trait } from './flow';
import { followBody, followStatements } from './follow';
import { calledElsewhere, classOf, homeOf, modulesReached } from './ownImports';
import type { DefinedElsewhere } from './ownImports';
import type { ClassPlace, FunctionPlace, Place } from './places';
import { isClassMethod, placesOf } from './places';
import { asksForData, endsIn, stretchesTo } from './inline';
import type { Midst, Stretch } from './inline';
import { shadowedDefinitions } from './shadowed';
import type { Callable, Framework, LossSite, ParameterUse, SiteDefinition } from './sites';
import type { Definitions, Study } from './study';
import { note, noteUse, smoothingOrigins, startStudy } from './study';
import { canonical, crossEntropies, isPlainlySmoothing, isSmoothingFactorName, layers, lossMethods } from './vocabulary';
import { walk } from './walk';

/** No definition without one of these can be a loss: most code is left out by it, before anything is followed. */
const hint =
  /softmax|entropy|xent|nll|kl_?div|one_?hot|categorical|scatter|bce|smooth|logsumexp|log_?prob|eye\(|gather|fill_?diagonal|\blog\(|loss|criterion/i;

const strongHint =
  /softmax|entropy|xent|nll|kl_?div|one_?hot|categorical|scatter|bce|label_?smooth|smooth_?(label|target|loss)|smoothing|logsumexp|log_?prob|eye\(|gather|fill_?diagonal|\blog\(/i;

/** What is written out as a smoothing may be one in the midst of other code, whatever it is called. */
const writtenOut = /\b1(\.0*)?\s*-\s*[\w.]*(eps|smooth)/i;

/** False for a text that holds no loss, whatever its format: a look at the text alone, to leave out most files of a folder. */
export function mayHoldLoss(text: string): boolean {
  return hint.test(text) || writtenOut.test(text);
}

/** A site together with the constants its study found: what findSmoothingConstants starts from. */
export interface StudiedSite {
  readonly site: LossSite;
  readonly origins: readonly Origin[];
}

export function findLosses(program: Program): readonly LossSite[] {
  return studyLosses(program).map(({ site }) => site);
}

/** The losses of each program of a document: no two of one name, so that a name says which is meant. */
export function studyPrograms(programs: readonly Program[]): readonly (readonly StudiedSite[])[] {
  const seen = new Map<string, number>();
  return programs.map((program) => studyLosses(program, seen));
}

/** @param seen the names given so far, and how often */
export function studyLosses(program: Program, seen = new Map<string, number>()): readonly StudiedSite[] {
  if (!mayHoldLoss(program.text)) return [];
  const definitions = gatherDefinitions(program);
  const found: StudiedSite[] = [];
  const add = (studied: StudiedSite | null) => {
    if (studied && !found.some(({ site }) => site.kind === studied.site.kind && site.range.start === studied.site.range.start))
      found.push(studied);
  };
  for (const { name, program: inForce } of shadowedDefinitions(program)) add(studyShadowed(inForce, name));
  for (const studied of studyPlaces(definitions)) if (!isStepAround(studied, definitions)) add(studied);
  found.push(...studyCalls(definitions, found));
  const covered = (range: Range) => found.some(({ site: { range: of } }) => of.start <= range.start && range.end <= of.end);
  add(studyScript(definitions, found) ?? studyInlineModule(definitions, covered));
  found.sort((a, b) => a.site.range.start - b.site.range.start);
  return withUniqueNames(found, seen);
}

const runsModel = new Set(['predict', 'apply', 'forward', 'call', '__call__']);

/** A step that hands what a model puts out to a loss of another file: the call is the use to look at, and the model is not there. */
function isStepAround({ site: { definition } }: StudiedSite, definitions: Definitions): boolean {
  if (definition.kind !== 'function' || definition.factory !== null || definitions.program.workspace === undefined) return false;
  const { parameters, body } = definition.callable;
  const names = new Set(parameters.map(({ name }) => name));
  // Of a tensor no method has such a name.
  const isModelRun = ({ callee }: Call): boolean =>
    callee.kind === 'name' ? names.has(callee.name) : callee.kind === 'attribute' && runsModel.has(callee.name);
  let hands = false;
  walk('kind' in body ? [{ kind: 'return', value: body, range: body.range }] : body, (node) => {
    const called = hands || node.kind !== 'call' ? null : calledElsewhere(node, definitions);
    if (node.kind !== 'call' || called === null || studyCallElsewhere(definitions, node, called) === null) return;
    const given = [...node.arguments, ...node.keywords.map(({ value }) => value)];
    walk(given, (inner) => {
      hands ||= inner.kind === 'call' && isModelRun(inner);
    });
  });
  return hands;
}

/** A definition while it was in force: the program that it belongs to ends where its name gets another meaning. */
function studyShadowed(inForce: Program, name: string): StudiedSite | null {
  return studyPlaces(gatherDefinitions(inForce)).find(({ site }) => site.name === name) ?? null;
}

/** The losses that are defined: classes first, as a method that is what its class computes is no loss of its own. */
function studyPlaces(definitions: Definitions): readonly StudiedSite[] {
  const places = placesOf(definitions.program);
  const promising = promisingPlaces(definitions.program, places);
  const found: StudiedSite[] = [];
  for (const place of promising) {
    if (place.kind !== 'class' || !isInForce(place, definitions)) continue;
    const studied = studyClass(definitions, place);
    if (studied) found.push(studied);
  }
  const taken = new Set<Callable>();
  const ofClass = new Map<ClassDefinition, FunctionDefinition>();
  for (const { site: ofPlace } of found) {
    if (ofPlace.definition.kind !== 'class') continue;
    taken.add(ofPlace.definition.method);
    ofClass.set(ofPlace.definition.definition, ofPlace.definition.method);
  }
  for (const place of promising) {
    if (place.kind !== 'function' || taken.has(place.callable) || !isInForce(place, definitions)) continue;
    // A function inside a loss is a part of that.
    if (place.around.some((outer) => taken.has(outer))) continue;
    const main = place.owner && ofClass.get(place.owner.definition);
    if (main && mentions(definitions.program, main, place)) continue;
    const whole = studyFunction(definitions, place);
    // What asks an object of another library for its data is run without it.
    const studied = whole !== null && asksForData(place.callable) ? (studyInline(definitions, place, true) ?? whole) : whole;
    // What makes the targets in a class of a loss is a part of that.
    if (studied === null || (main && studied.site.role === 'target')) continue;
    found.push(studied);
    const { definition } = studied.site;
    if (definition.kind === 'function') taken.add(definition.callable);
  }
  const isPart = ({ range }: Place) => found.some(({ site: { range: of } }) => of.start <= range.end && range.start <= of.end);
  for (const place of places) {
    const isPromising = promising.includes(place);
    if (place.kind !== 'function' || !(isPromising || writtenOut.test(textIn(definitions.program, place.callable)))) continue;
    if (isPart(place) || !isInForce(place, definitions)) continue;
    const studied = studyInline(definitions, place, isPromising);
    if (studied !== null) found.push(studied);
  }
  return found;
}

/** Whether the method that is its class's loss uses this one, so that it is a part of that. */
const mentions = ({ text }: Program, { range }: FunctionDefinition, { name }: FunctionPlace): boolean =>
  new RegExp(`\\.${name.split('.').at(-1)!.replace(/\$/g, '\\$')}\\b`).test(text.slice(range.start, range.end));

/** Whether its name still means it where the program ends. */
export function isInForce(place: Place, { classes, functions }: Definitions): boolean {
  if (place.around.length > 0) return true;
  if (place.kind === 'class') return place.reach !== null || classes.get(place.name) === place.definition;
  if (place.owner !== null) return isInForce(place.owner, { classes, functions } as Definitions);
  return place.reach !== null || functions.get(place.name) === place.callable;
}

/**
 * Definitions that hold a hint, and those that mention one of them. A method, or a function inside another, has to hold more than the word
 * loss: there are many of them, and most only pass a loss on.
 */
function promisingPlaces({ text }: Program, places: readonly Place[]): readonly Place[] {
  const texts = places.map((place) => ({ place, isMain: isMain(place), text: text.slice(place.range.start, place.range.end) }));
  const promising = new Set(texts.filter((one) => (one.isMain ? hint : strongHint).test(one.text)));
  const names = new Set<string>();
  for (let before = -1; before !== promising.size && promising.size > 0;) {
    before = promising.size;
    const added = [...promising].flatMap(({ place }) => nameToMention(place)).filter((name) => !names.has(name));
    if (added.length === 0) break;
    for (const name of added) names.add(name);
    const mention = new RegExp(`\\b(${[...new Set(added)].map((name) => name.replace(/\$/g, '\\$')).join('|')})\\b`);
    for (const one of texts) if (one.isMain && !promising.has(one) && mention.test(one.text)) promising.add(one);
  }
  // A method that uses one of its class's.
  const methods = [...promising].flatMap(({ place }) => (place.kind === 'function' && place.owner !== null ? nameToMention(place) : []));
  if (methods.length > 0) {
    const mention = new RegExp(`(self|this|cls)\\.(${[...new Set(methods)].map((name) => name.replace(/\$/g, '\\$')).join('|')})\\(`);
    for (const one of texts) if (!one.isMain && hint.test(one.text) && mention.test(one.text)) promising.add(one);
  }
  return texts.filter((one) => promising.has(one)).map(({ place }) => place);
}

/** A class or a function of the module itself. */
const isMain = (place: Place): boolean => place.around.length === 0 && (place.kind === 'class' || place.owner === null);

/** The name that other code has for it, where it has one. */
function nameToMention(place: Place): readonly string[] {
  const name = place.kind === 'class' ? place.definition.name : place.name.split('.').at(-1)!;
  return place.nameRange.end - place.nameRange.start > 80 ? [] : [name];
}

function withUniqueNames(found: readonly StudiedSite[], seen: Map<string, number>): readonly StudiedSite[] {
  return found.map(({ site, origins }) => {
    const count = (seen.get(site.name) ?? 0) + 1;
    seen.set(site.name, count);
    return { site: count === 1 ? site : { ...site, name: `${site.name} #${String(count)}` }, origins };
  });
}

// ------------------------------------------------------------------------------------------------- classes, functions

function parameterFlows(parameters: readonly Parameter[], where: 'constructor' | 'call', context: Context, bits: readonly string[]): void {
  for (const parameter of parameters) {
    const bit = where === 'call' ? bits.indexOf(parameter.name) : -1;
    const origin: Origin = {
      key: `parameter:${placeKey(parameter.range)}`,
      name: parameter.name,
      kind: 'parameter',
      where,
      nameRange: { ...parameter.range, end: parameter.range.start + parameter.name.length },
      value: parameter.defaultValue,
    };
    // `criterion=nn.KLDivLoss(reduction='none')`: the default says what the parameter is.
    const object = parameter.defaultValue?.kind === 'call' ? evaluate(parameter.defaultValue, context).object : null;
    const flow: Flow = { ...nothing, from: bit >= 0 && bit < 31 ? 1 << bit : 0, origin, object };
    if (parameter.pattern) bind(parameter.pattern, { ...flow, origin: { ...origin, key: `${origin.key}{}` } }, context);
    else context.scope.names.set(parameter.name, flow);
  }
}

export function newContext(study: Study, parent: Scope): Context {
  return { study, scope: { names: new Map(), parent }, depth: 0, making: [], follow: followBody };
}

function studyClass(definitions: Definitions, place: ClassPlace): StudiedSite | null {
  if (place.around.length > 0) return null;
  const { definition } = place;
  const probe = newContext(startStudy(definitions, []), definitions.moduleScope);
  const methodName = lossMethods.find((name) => memberOf(definition, name, probe, false)?.kind === 'function');
  const builtin = builtinBase(definition, probe);
  if (methodName === undefined) return builtin === null ? null : studyMethod(definitions, place, inheritedForward(builtin, place), place);
  const method = memberOf(definition, methodName, probe, false) as FunctionDefinition;
  if (isStatic(method)) return isAutogradFunction(definition) ? studyAutograd(definitions, place, method) : null;
  return studyMethod(definitions, place, method, place);
}

/** The method that a class has from the library's loss that it extends, as if it were written: `def forward(self, input, target)`. */
function inheritedForward(builtin: string, { nameRange: range }: ClassPlace): FunctionDefinition {
  // Keras spells them so: `CategoricalCrossentropy`.
  const isKeras = /[a-z]entropy$/.test(builtin);
  const names = isKeras ? ['y_true', 'y_pred'] : ['input', 'target'];
  const name = (value: string): Expression => ({ kind: 'name', name: value, range });
  const attribute = (object: Expression, member: string): Expression => ({
    kind: 'attribute',
    object,
    name: member,
    nameRange: range,
    range,
    optional: false,
  });
  const call = (callee: Expression, given: readonly Expression[]): Call => ({
    kind: 'call',
    callee,
    arguments: given,
    keywords: [],
    optional: false,
    isNew: false,
    range,
  });
  const parameters = ['self', ...names].map((parameter): Parameter => ({
    name: parameter,
    range,
    pattern: null,
    style: 'normal',
    defaultValue: null,
    annotation: null,
    isField: false,
  }));
  const value = call(attribute(call(name('super'), []), isKeras ? 'call' : 'forward'), names.map(name));
  return {
    kind: 'function',
    name: isKeras ? 'call' : 'forward',
    nameRange: range,
    parameters,
    body: [{ kind: 'return', value, range }],
    decorators: [],
    docstring: null,
    isAsync: false,
    isGenerator: false,
    modifier: null,
    range,
  };
}

/**
 * The constructor that a class has from torch's loss, as far as the file's own calls of it go: of what they pass by name, as if it were written
 * `def __init__(self, label_smoothing=0.0): super().__init__(label_smoothing=label_smoothing)`. Null where no call passes anything, or more.
 */
function inheritedConstructor(
  { name, nameRange: range }: ClassDefinition,
  { cells }: Program,
): { readonly constructor: FunctionDefinition; readonly constructions: readonly Call[] } | null {
  const constructions: Call[] = [];
  for (const { body } of cells)
    walk(body, (node) => {
      if (node.kind === 'call' && node.callee.kind === 'name' && node.callee.name === name) constructions.push(node);
    });
  const isByName = constructions.every(
    ({ arguments: given, keywords }) => given.length === 0 && keywords.every((one) => one.name !== null),
  );
  const passed = [...new Set(constructions.flatMap(({ keywords }) => keywords.flatMap((keyword) => keyword.name ?? [])))];
  if (passed.length === 0 || !isByName) return null;
  const named = (value: string): Expression => ({ kind: 'name', name: value, range });
  const call = (callee: Expression, keywords: Call['keywords']): Call => ({
    kind: 'call',
    callee,
    arguments: [],
    keywords,
    optional: false,
    isNew: false,
    range,
  });
  const parameter = (value: string, defaultValue: Expression | null): Parameter => ({
    name: value,
    range,
    pattern: null,
    style: 'normal',
    defaultValue,
    annotation: null,
    isField: false,
  });
  const own = (value: string): Expression => ({
    kind: 'constant',
    value: value === 'label_smoothing' ? { type: 'float', value: 0 } : { type: 'none' },
    range,
  });
  const init: Expression = {
    kind: 'attribute',
    object: call(named('super'), []),
    name: '__init__',
    nameRange: range,
    range,
    optional: false,
  };
  const made = call(
    init,
    passed.map((value) => ({ name: value, value: named(value), range })),
  );
  return {
    constructions,
    constructor: {
      kind: 'function',
      name: '__init__',
      nameRange: range,
      parameters: [parameter('self', null), ...passed.map((value) => parameter(value, own(value)))],
      body: [{ kind: 'expression', expression: made, silent: false, range }],
      decorators: [],
      docstring: null,
      isAsync: false,
      isGenerator: false,
      modifier: null,
      range,
    },
  };
}

/** `class Smoothed(torch.autograd.Function)`: it is called by `apply`, without its context, and its arguments by their places. */
function studyAutograd(
  definitions: Definitions,
  { definition, name, range, nameRange }: ClassPlace,
  method: FunctionDefinition,
): StudiedSite | null {
  const callable: FunctionDefinition = { ...method, parameters: method.parameters.slice(1) };
  const { study, role } = studyCallable(definitions, callable, null);
  if (role === null) return null;
  const at = nameRange;
  const owner: Expression = { kind: 'name', name: definition.name, range: at };
  const apply: Expression = { kind: 'attribute', object: owner, name: 'apply', nameRange: at, range: at, optional: false };
  const passed = callable.parameters.map(({ name: parameter }): Expression => ({ kind: 'name', name: parameter, range: at }));
  const body: Call = { kind: 'call', callee: apply, arguments: passed, keywords: [], optional: false, isNew: false, range: at };
  const reach: Expression = { kind: 'lambda', parameters: callable.parameters, body, bindsThis: false, range: at };
  return site(study, { name, role, range, nameRange, definition: { kind: 'function', callable, factory: null, reach } });
}

const isAutogradFunction = ({ bases }: ClassDefinition): boolean =>
  bases.some((base) => (base.kind === 'attribute' || base.kind === 'name') && base.name === 'Function');

/** A method of an object that the class's constructor makes. */
function studyMethod(
  definitions: Definitions,
  { definition, reach }: ClassPlace,
  method: FunctionDefinition,
  at: { readonly name: string; readonly range: Range; readonly nameRange: Range },
): StudiedSite | null {
  const python = definitions.program.language === 'python';
  const probe = newContext(startStudy(definitions, []), definitions.moduleScope);
  const own = memberOf(definition, python ? '__init__' : 'constructor', probe, false);
  const isOfLibrary = python && own === null && builtinBase(definition, probe) !== null;
  const inherited = isOfLibrary ? inheritedConstructor(definition, definitions.program) : null;
  const constructor = own ?? inherited?.constructor ?? null;
  const parameters = python ? method.parameters.slice(1) : method.parameters;
  const study = startStudy(
    definitions,
    parameters.map((p) => p.name),
  );

  const attributes = new Map<string, Flow>();
  const self: Flow = { ...nothing, object: { kind: 'instance', definition, attributes } };
  const outer = newContext(study, definitions.moduleScope);
  for (const base of definition.bases) evaluate(base, outer);
  bindFields(definition.body, attributes, outer);
  const enter = (callable: Callable, where: 'constructor' | 'call') => {
    const context = newContext(study, homeOf(callable, definitions).moduleScope);
    context.scope.names.set('this', self);
    const first = callable.parameters[0];
    if (python && first) {
      context.scope.names.set(first.name, self);
      context.scope.names.set('self', self);
    }
    parameterFlows(python ? callable.parameters.slice(1) : callable.parameters, where, context, study.parameterNames);
    for (const parameter of callable.parameters) {
      const flow = parameter.isField ? context.scope.names.get(parameter.name) : undefined;
      if (flow) attributes.set(parameter.name, flow);
    }
    return followBody(callable.body, context);
  };
  if (constructor?.kind === 'function') enter(constructor, 'constructor');
  const returned = enter(method, 'call');
  const role = judge(study, returned) ?? (study.ownsLayers ? null : roleOfBroken(definitions.program, at.range));
  if (role === null || (study.ownsLayers && role === 'target')) return null;
  const called = isCalledItself(definition, method.name, definitions) ? 'object' : 'method';
  return site(study, {
    name: at.name,
    role,
    range: at.range,
    nameRange: at.nameRange,
    definition: {
      kind: 'class',
      definition,
      constructor: constructor?.kind === 'function' ? constructor : null,
      ...(inherited === null ? {} : { constructions: inherited.constructions }),
      method,
      called,
      reach,
    },
  });
}

/** Whether calling the object calls this method: of a library's class (a Module, a Keras layer or loss) that is so. */
function isCalledItself({ bases }: ClassDefinition, method: string, definitions: Definitions, depth = 0): boolean {
  if (definitions.program.language !== 'python') return false;
  if (method === '__call__') return true;
  if (!calledMethods.has(method) || depth > 8) return false;
  return bases.some((base) => {
    const own = classOf(base, definitions);
    return own === null
      ? base.kind !== 'name' || !plainBases.has(base.name)
      : isCalledItself(own, method, homeOf(own, definitions), depth + 1);
  });
}

const calledMethods = new Set(['forward', 'call', 'construct', 'hybrid_forward']);
const plainBases = new Set(['object', 'ABC', 'Protocol', 'NamedTuple']);

function studyFunction(definitions: Definitions, place: FunctionPlace): StudiedSite | null {
  const { callable, owner } = place;
  if (owner !== null && place.around.length === 0 && callable.kind === 'function')
    return studyOtherMethod(definitions, owner, callable, place);
  if (place.around.length > 0 || place.host !== null) return studyInside(definitions, place);
  const { name, range, nameRange, reach } = place;
  const direct = studyCallable(definitions, callable, null);
  const role = direct.role ?? roleOfBroken(definitions.program, callable.range);
  const parts = { name, range, nameRange };
  if (role !== null) return site(direct.study, { ...parts, role, definition: { kind: 'function', callable, factory: null, reach } });
  // A factory: it returns the function that is the loss, and nothing else.
  const inner = direct.returned.object;
  if (inner?.kind !== 'callable' || inner.callable === callable || [...definitions.functions.values()].includes(inner.callable))
    return null;
  if (returnsOf(callable) > 1) return null;
  const made = studyCallable(definitions, inner.callable, callable);
  if (made.role === null) return null;
  return site(made.study, {
    ...parts,
    role: made.role,
    definition: { kind: 'function', callable: inner.callable, factory: callable, reach },
  });
}

/** How many different things a function gives back. */
function returnsOf({ body }: Callable): number {
  if ('kind' in body) return 1;
  const given = new Set<string>();
  const visit = (statement: Statement): void => {
    if (statement.kind === 'return' && statement.value)
      given.add(statement.value.kind === 'name' ? statement.value.name : String(statement.value.range.start));
    for (const list of innerLists(statement)) list.forEach(visit);
  };
  body.forEach(visit);
  return given.size;
}

/** A method beside the one that its class is called by. */
function studyOtherMethod(
  definitions: Definitions,
  owner: ClassPlace,
  method: FunctionDefinition,
  place: FunctionPlace,
): StudiedSite | null {
  if (/^(__init__|constructor|__new__|__repr__|__str__)$/.test(method.name) || method.modifier === 'set') return null;
  if (isStatic(method) || isClassMethod(method)) {
    if (isAutogradFunction(owner.definition) || place.reach === null) return null;
    const callable = isStatic(method) ? method : { ...method, parameters: method.parameters.slice(1) };
    const { study, role } = studyCallable(definitions, callable, null);
    if (role === null) return null;
    return site(study, { ...partsOf(place), role, definition: { kind: 'function', callable, factory: null, reach: place.reach } });
  }
  return isMadeAlone(owner.definition, definitions) ? studyMethod(definitions, owner, method, place) : studyInside(definitions, place);
}

/** Whether an object of the class can be made: it has no layers, and no library's class but a loss's or a module's stands behind it. */
function isMadeAlone(definition: ClassDefinition, definitions: Definitions, depth = 0): boolean {
  const constructor = definition.body.find(
    ({ kind, ...rest }) => kind === 'function' && 'name' in rest && /^(__init__|constructor)$/.test(rest.name),
  );
  const made = new Set<string>();
  if (constructor)
    walk([constructor], (node) => {
      if (node.kind === 'call' && (node.callee.kind === 'attribute' || node.callee.kind === 'name')) made.add(node.callee.name);
    });
  if (depth > 8 || [...made].some((name) => /^[A-Z]/.test(name) && layers.has(canonical(name)))) return false;
  return definition.bases.every((base) => {
    const name = base.kind === 'name' || base.kind === 'attribute' ? base.name : '';
    const own = classOf(base, definitions);
    return own === null ? aloneBases.test(name) : isMadeAlone(own, homeOf(own, definitions), depth + 1);
  });
}

const aloneBases = /^(object|Module|_?Loss|_?WeightedLoss|LossBase|ABC|Protocol|Generic|Cell|Layer|.*Loss)$/;

const partsOf = ({ name, range, nameRange }: Place) => ({ name, range, nameRange });

/** A function inside others, or a method of an object that cannot be made: studied with what it takes from around it. */
function studyInside(definitions: Definitions, place: FunctionPlace): StudiedSite | null {
  const closure = closureOf(place.callable, {
    around: place.around,
    owner: place.host?.definition ?? null,
    classNamed: (name) => definitions.classes.get(name),
    language: definitions.program.language,
  });
  if (closure === null) return null;
  const { callable, factory, reach } = closure;
  const { study, role } = studyCallable(definitions, callable, factory);
  return role === null ? null : site(study, { ...partsOf(place), role, definition: { kind: 'function', callable, factory, reach } });
}

// ----------------------------------------------------------------------------------------------- in the midst of others

/** Code that cannot smooth by itself is not taken apart. */
const smoothsByHand = /\b1(\.0*)?\s*-|kl_?div/i;
const mostEnds = 60;

/** A loss, or targets, among other things that a function does: in a training loop, behind a model, in a dataset. */
function studyInline(definitions: Definitions, place: FunctionPlace, isPromising: boolean): StudiedSite | null {
  const { callable, owner, host } = place;
  const { program } = definitions;
  if (program.language !== 'python' || callable.kind !== 'function' || !smoothsByHand.test(textIn(program, callable))) return null;
  if (/^(__init__|__repr__|__str__)$/.test(callable.name)) return null;
  const method = place.around[0] ?? callable;
  const isMethod = host !== null && method.kind === 'function' && !isStatic(method) && (owner !== null || place.around.length > 0);
  const self = isMethod ? (method.parameters[0]?.name ?? null) : null;
  const midst: Midst = {
    body: callable.body,
    within: callable,
    around: place.around,
    self,
    isKnown: (name) => isKnownHere(name, definitions),
    isHelper: (name) => host !== null && isHelperOf(host.definition, name, definitions),
  };
  const around = { around: [], owner: isMethod ? host.definition : null, classNamed: classNamed(definitions), language: program.language };
  const studied = studyStretches(definitions, midst, place, (stretch) => closureOf(stretch, around));
  // (1 − ε)·x + ε/n alone may be a mixture of anything.
  return isPromising || studied?.site.evidence.some(({ reason }) => reason === 'one-hot targets') === true ? studied : null;
}

/** The same at the module's level, where only a loop makes it other than a script. */
function studyInlineModule(definitions: Definitions, covered: (range: Range) => boolean): StudiedSite | null {
  const { program } = definitions;
  if (program.language !== 'python' || !smoothsByHand.test(program.text)) return null;
  const body = program.cells.flatMap((cell) => cell.body).filter(({ kind }) => kind !== 'function' && kind !== 'class');
  const midst: Midst = {
    body,
    within: null,
    around: [],
    self: null,
    isKnown: (name) => isKnownHere(name, definitions),
    isHelper: () => false,
  };
  const named = { name: 'script', range: program.cells[0]!.range, nameRange: program.cells[0]!.range };
  const around = { around: [], owner: null, classNamed: classNamed(definitions), language: program.language };
  const studied = studyStretches(definitions, midst, named, (stretch) => closureOf(stretch, around));
  return studied === null || covered(studied.site.nameRange) ? null : studied;
}

/** The first stretch that is a loss, up to where what it gets from elsewhere stays the same; else the first that makes targets. */
function studyStretches(
  definitions: Definitions,
  midst: Midst,
  at: { readonly name: string; readonly range: Range; readonly nameRange: Range },
  closed: (stretch: FunctionDefinition) => Closure | null,
): StudiedSite | null {
  const ends = endsIn(midst.body)
    .filter(([, around]) => midst.within !== null || around.some(isLoop))
    .slice(-mostEnds);
  const found: { readonly stretch: Stretch; readonly studied: StudiedSite }[] = [];
  for (const [end, around] of ends) {
    for (const stretch of stretchesTo(midst, end, around)) {
      // What gets nothing from elsewhere was looked at as a whole.
      if (!stretch.isInLoop && stretch.taken.length === 0) continue;
      const before = found.at(-1);
      const hasMore = before !== undefined && stretch.inputs.some((name) => !before.stretch.inputs.includes(name));
      if (hasMore && before.studied.site.role === 'loss') continue;
      const closure = closed(stretch.callable);
      if (closure === null) continue;
      const { callable, factory, reach } = closure;
      const { study, role, returned } = studyCallable(definitions, callable, factory);
      if (role === null || !smoothsItself(study)) continue;
      // Probabilities less targets are a gradient (an objective of boosted trees).
      if (role === 'target' && has(returned, trait.softmax | trait.exponential)) continue;
      if (before?.studied.site.role === 'loss' && role === 'target') continue;
      if (before?.studied.site.role === role && hasMore) continue;
      const place = stretch.isInLoop ? { name: at.name, range: end.range, nameRange: end.range } : at;
      const own = { name: place.name, range: place.range, nameRange: place.nameRange };
      found.push({ stretch, studied: site(study, { ...own, role, definition: { kind: 'function', callable, factory, reach } }) });
    }
  }
  return found.at(-1)?.studied ?? null;
}

const isLoop = ({ kind }: Statement): boolean => kind === 'for' || kind === 'while';

/** What a library's loss smooths when it is told to is its call's own; here the code does, or compares two models. */
const smoothsItself = (study: Study): boolean =>
  isDistillation(study) ? study.isDivergence : smoothingOrigins(study).some(({ key }) => study.constants.get(key)?.argument !== true);

const textIn = ({ text }: Program, { range: { start, end } }: Callable): string => text.slice(start, end);

const classNamed =
  ({ classes }: Definitions) =>
  (name: string): ClassDefinition | undefined =>
    classes.get(name);

/** A function of the file, a library that is interpreted, one of Python's own: what it gives is computed. */
function isKnownHere(name: string, { functions, classes, imports, moduleScope }: Definitions): boolean {
  const module = imports.get(name);
  if (module !== undefined) return /^(math|itertools|functools|torch|numpy|jax|flax|optax|tensorflow|keras|scipy)\b/.test(module);
  if (functions.has(name) || classes.has(name)) return true;
  return (
    moduleScope.names.get(name)?.object?.kind === 'operation' ||
    /^(len|range|float|int|bool|sum|max|min|abs|pow|round|zip|enumerate|list|tuple|dict|isinstance|getattr|super|print)$/.test(name)
  );
}

/** A method that smooths or makes targets, or a library's loss that the constructor keeps under this name. */
function isHelperOf(owner: ClassDefinition, name: string, definitions: Definitions): boolean {
  const context = newContext(startStudy(definitions, []), definitions.moduleScope);
  const method = memberOf(owner, name, context, false);
  if (method !== null) return /\b1(\.0*)?\s*-|one_?hot|scatter|smooth/i.test(textIn(homeOf(method, definitions).program, method));
  let isLoss = false;
  walk(owner.body, (node) => {
    if (node.kind !== 'assign' || node.value?.kind !== 'call') return;
    const { callee } = node.value;
    const made = callee.kind === 'attribute' || callee.kind === 'name' ? canonical(callee.name) : '';
    isLoss ||= crossEntropies.has(made) && node.targets.some((target) => target.kind === 'attribute' && target.name === name);
  });
  return isLoss;
}

export function studyCallable(
  definitions: Definitions,
  callable: Callable,
  factory: Callable | null,
): { study: Study; returned: Flow; role: 'loss' | 'target' | null } {
  const names = callable.parameters.flatMap((p) => (p.pattern ? [] : [p.name]));
  const study = startStudy(definitions, names);
  let parent = definitions.moduleScope;
  if (factory) {
    const outer = newContext(study, definitions.moduleScope);
    parameterFlows(factory.parameters, 'constructor', outer, []);
    followBody(factory.body, outer);
    study.losses = 0;
    parent = outer.scope;
  }
  const context = newContext(study, parent);
  parameterFlows(callable.parameters, 'call', context, names);
  const returned = followBody(callable.body, context);
  return { study, returned, role: names.length === 0 ? null : judge(study, returned) };
}

/** A loss, a maker of smoothed targets, or neither. */
function judge(study: Study, returned: Flow): 'loss' | 'target' | null {
  const smoothing = smoothingOrigins(study);
  const meets = bitCount(study.lossFrom) >= 2;
  if (study.losses > 0 && meets) {
    if (smoothing.length > 0) return 'loss';
    // Of two models' outputs a divergence is meant to be one; a cross entropy of them may be anything.
    if (isDistillation(study)) {
      const isMeant = study.isDivergence || haveOneTemperature(study);
      return isMeant && !study.ownsLayers && !has(returned, trait.opaque) ? 'loss' : null;
    }
    // Another term of other tensors (a divergence of exp(log σ²)) makes it more than a cross entropy.
    if ((study.exponentialFrom & ~study.lossFrom) !== 0 || study.hasTable) return null;
    if (study.strongLoss && !study.ownsLayers && has(returned, trait.crossEntropy) && !has(returned, trait.opaque)) return 'loss';
  }
  const labels = study.losses === 0 && smoothing.length > 0 ? smoothedParameter(study, returned) : null;
  if (labels !== null) {
    noteUse(study, labels, 'targetDistribution');
    const { spread, complement } = [...study.constants.values()].find((notes) => notes.complement !== null)!;
    note(study, 'on and off values', (spread ?? complement)!);
    return 'target';
  }
  const onAndOff = study.evidence.some((e) => e.reason === 'on and off values');
  const smooths = smoothing.some((origin) => !spreadsData(study, origin)) || onAndOff;
  if (study.losses === 0 && has(returned, trait.oneHot) && !has(returned, trait.opaque) && smooths)
    return returned.isTotal ? roleOfTotal(study, returned) : 'target';
  return null;
}

/**
 * What it gives to the other classes is made of features or of the one-hot labels again, as labels are propagated along a graph: no share of a
 * uniform distribution.
 */
function spreadsData(study: Study, origin: Origin): boolean {
  const { spread, times, timesFrom } = study.constants.get(origin.key)!;
  const ofLabels = (times & trait.oneHot) !== 0 && (times & trait.negated) === 0;
  return spread === null && ((timesFrom & study.exponentialFrom) !== 0 || (ofLabels && !isPlainlySmoothing(origin.name)));
}

/** One number made with smoothed targets is no targets: it is a loss, if a prediction is in it too. */
function roleOfTotal(study: Study, returned: Flow): 'loss' | null {
  const predicts = study.parameterNames.some((name, bit) => {
    const uses = study.uses.get(name);
    const isPrediction = ['logits', 'logProbabilities', 'probabilities'].some((use) => uses?.has(use as ParameterUse) === true);
    return isPrediction && (returned.from & (1 << bit)) !== 0;
  });
  return predicts && bitCount(returned.from) >= 2 && !study.ownsLayers ? 'loss' : null;
}

/**
 * `labels * (1 - eps) + eps / K` of one-hot labels that are handed in: both halves, of one tensor, and nothing else done to it. Gives the bit
 * of that tensor.
 */
function smoothedParameter(study: Study, returned: Flow): number | null {
  const factors = [...study.constants.values()].filter(
    ({ origin, complement, spread }) =>
      complement !== null && origin.kind !== 'literal' && (spread !== null || isSmoothingFactorName(origin.name)),
  );
  const isOfFactor = (name: string) =>
    factors.some(({ origin }) => (origin.of ?? (origin.kind === 'parameter' ? origin.name : null)) === name);
  const counts = factors.reduce((bits, { among }) => bits | among, 0);
  const labels = study.parameterNames.filter((name, bit) => (returned.from & ~counts & (1 << bit)) !== 0 && !isOfFactor(name));
  const isPlain = (returned.traits & ~(trait.number | trait.metadata)) === 0;
  const [only] = labels;
  const isOne = factors.length > 0 && isPlain && labels.length === 1 && study.uses.size === 0;
  return isOne && only !== undefined ? 1 << study.parameterNames.indexOf(only) : null;
}

/** Two models' outputs compared, both through a softmax: neither is a label. */
function isDistillation(study: Study): boolean {
  const met = study.parameterNames.filter((_, bit) => (study.lossFrom & (1 << bit)) !== 0);
  const isOutput = (name: string) => {
    const uses = study.uses.get(name);
    return uses?.has('logits') === true && !uses.has('targetIndices') && !uses.has('targets');
  };
  return met.length >= 2 && met.every(isOutput);
}

/** Both are divided by one setting: a teacher's and a student's logits at one temperature. */
const haveOneTemperature = ({ divides, lossFrom }: Study): boolean => [...divides.values()].some((from) => (lossFrom & ~from) === 0);

/** Where a line does not parse, its data cannot be followed: then the words of the definition decide that it is (going to be) a loss. */
function roleOfBroken({ problems, text }: Program, { start, end }: Range): 'loss' | null {
  if (!problems.some((p) => start <= p.range.start && p.range.start < end)) return null;
  const body = text.slice(start, end);
  const computes = /log_?softmax|cross_?entropy|nll_?loss|kl_?div/i.test(body);
  return computes && /\b1(\.0*)?\s*-\s*[\w.]+|smoothing/.test(body) ? 'loss' : null;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

// --------------------------------------------------------------------------------------------------- built-in losses

function studyCalls(definitions: Definitions, sites: readonly StudiedSite[]): readonly StudiedSite[] {
  const { program } = definitions;
  const covered = (range: Range) => sites.some(({ site }) => site.range.start <= range.start && range.end <= site.range.end);
  const found: StudiedSite[] = [];
  const elsewhere = new Set<number>();
  if (program.workspace !== undefined && definitions.imports.size > 0)
    for (const { body } of program.cells)
      walk(body, (node) => {
        const called = node.kind !== 'call' || covered(node.range) ? null : calledElsewhere(node, definitions);
        if (node.kind !== 'call' || called === null) return;
        elsewhere.add(node.range.start);
        const studied = studyCallElsewhere(definitions, node, called);
        if (studied) found.push(studied);
      });
  // What another file of the person's defines is no library's, whatever its name.
  const isKnown = (range: Range) => elsewhere.has(range.start) || covered(range);
  // Every use that smooths says so, or is of a loss of this name, whatever the file calls it.
  if (!/smooth|entropy|mixup|dicece/i.test(program.text)) return found;
  const smooths = () =>
    [...sites, ...found].some(isSmoothing) || modulesReached(definitions).some((module) => studiedIn(module).some(isSmoothing));
  for (const { study, ...parts } of findCalls(definitions, placesOf(program), isKnown, smooths))
    found.push(site(study, { ...parts, role: 'loss' }));
  return found;
}

const isSmoothing = ({ site: { smoothingParameters, smoothingValues } }: StudiedSite): boolean =>
  smoothingParameters.length + smoothingValues.length > 0;

/** A call of a loss that the person defined in another file, where that smooths or is told to. */
function studyCallElsewhere(definitions: Definitions, call: Call, { home, definition }: DefinedElsewhere): StudiedSite | null {
  const { file } = home.program;
  const of = studiedIn(home).find(({ site: { definition: its } }) =>
    its.kind === 'class' ? its.definition === definition : its.kind === 'function' && (its.factory ?? its.callable) === definition,
  );
  if (file === undefined || of === undefined || of.site.role !== 'loss' || of.site.smoothingParameters.length === 0) return null;
  const { callee } = call;
  const study = startStudy(definitions, []);
  evaluate(call, newContext(study, definitions.moduleScope));
  const nameRange = callee.kind === 'attribute' ? callee.nameRange : callee.range;
  const name = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : of.site.name;
  const constructed = of.site.kind === 'class' || (of.site.definition.kind === 'function' && of.site.definition.factory !== null);
  const made = site(study, {
    name,
    role: 'loss',
    range: call.range,
    nameRange,
    definition: { kind: 'call', call, constructed, real: `${file}#${name}`, computes: true, of: of.site },
  });
  const passed = of.site.smoothingParameters.flatMap((parameter) => {
    const argument = passedAs(call, of.site, parameter.name);
    return argument === null ? [] : [argument];
  });
  // What the call does not say, the definition does.
  const origins = passed.length > 0 ? passed : of.origins.filter(({ kind }) => kind !== 'literal');
  const { framework, uses, smoothingParameters } = of.site;
  return { origins, site: { ...made.site, framework, uses, smoothingParameters, smoothingValues: passed.map(({ value }) => value!) } };
}

/** The argument of a call that a parameter of its loss gets. */
function passedAs(call: Call, { definition, program }: LossSite, name: string): Origin | null {
  const maker =
    definition.kind === 'class'
      ? definition.constructor
      : definition.kind === 'function'
        ? (definition.factory ?? definition.callable)
        : null;
  const parameters = maker?.parameters.slice(definition.kind === 'class' && program.language === 'python' ? 1 : 0) ?? [];
  const keyword = call.keywords.find((one) => one.name === name);
  const place = parameters.findIndex((parameter) => parameter.name === name);
  const isSpread = call.arguments.slice(0, place + 1).some(({ kind }) => kind === 'starred');
  const value = keyword?.value ?? (isSpread ? undefined : call.arguments[place]);
  if (value === undefined) return null;
  const nameRange = keyword ? { ...keyword.range, end: keyword.range.start + name.length } : value.range;
  return { key: `argument:${placeKey(value.range)}`, name, kind: 'argument', where: 'body', nameRange, value };
}

/** The losses of another file, studied once for each inspection. */
const studied = new WeakMap<Definitions, readonly StudiedSite[]>();

function studiedIn(home: Definitions): readonly StudiedSite[] {
  const known = studied.get(home);
  if (known !== undefined) return known;
  const found = mayHoldLoss(home.program.text) ? studyPlaces(home) : [];
  studied.set(home, found);
  return found;
}

// -------------------------------------------------------------------------------------------- module-level demonstration

function studyScript(definitions: Definitions, sites: readonly StudiedSite[]): StudiedSite | null {
  const { program } = definitions;
  const study = startStudy(definitions, []);
  const context = newContext(study, definitions.moduleScope);
  const used: Statement[] = [];
  let last: Statement | null = null;
  for (const statement of program.cells.flatMap((cell) => [...demonstrated(cell.body)])) {
    const losses = study.losses;
    const notes = study.evidence.length + study.constants.size;
    followStatements([statement], context);
    markTensors(study, statement, context.scope);
    if (study.losses > losses) last = statement;
    if (study.losses > losses || study.evidence.length + study.constants.size > notes) used.push(statement);
  }
  // What the loss is of has to be made here: by a constructor's trait, or as one of the tensors that the script makes.
  const isMadeHere = (study.lossTraits & trait.created) !== 0 || study.lossFrom !== 0;
  if (!last || !isMadeHere || smoothingOrigins(study).length === 0) return null;
  if (sites.some(({ site }) => study.reached.has(site.name))) note(study, 'uses a loss of this file', last.range);
  const inside = study.evidence.filter((e) => used.some((s) => s.range.start <= e.range.start && e.range.end <= s.range.end));
  const first = used[0] ?? last;
  const studied = site(study, {
    name: 'script',
    role: 'loss',
    range: { start: first.range.start, end: last.range.end },
    nameRange: last.range,
    definition: { kind: 'script', statements: used, last },
  });
  return { ...studied, site: { ...studied.site, evidence: inside } };
}

/** A name that a tensor is created under counts as a parameter of the script: what is done with it says what it is for. */
function markTensors(study: Study, statement: Statement, scope: Scope): void {
  if (statement.kind !== 'assign') return;
  for (const target of statement.targets) {
    const flow = target.kind === 'name' ? scope.names.get(target.name) : undefined;
    if (target.kind !== 'name' || !flow || flow.from !== 0 || !has(flow, trait.created) || has(flow, trait.oneHot | trait.opaque)) continue;
    const known = study.parameterNames.indexOf(target.name);
    const bit = known >= 0 ? known : study.parameterNames.push(target.name) - 1;
    if (bit < 31) scope.names.set(target.name, { ...flow, from: 1 << bit });
  }
}

/** Module-level statements that run once: no loops, no definitions. */
function* demonstrated(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    switch (statement.kind) {
      case 'expression':
      case 'assign':
      case 'augmentedAssign':
        yield statement;
        break;
      case 'if':
        yield* demonstrated(statement.then);
        break;
      case 'with':
      case 'block':
        yield* demonstrated(statement.body);
        break;
      default:
    }
  }
}

// ------------------------------------------------------------------------------------------------------------- sites

interface SiteParts {
  readonly name: string;
  readonly role: 'loss' | 'target';
  readonly range: Range;
  readonly nameRange: Range;
  readonly definition: SiteDefinition;
}

export function site(study: Study, parts: SiteParts): StudiedSite {
  const { program } = study.definitions;
  const origins = smoothingOrigins(study);
  const parameters = origins
    .filter((o) => o.kind === 'parameter' || o.kind === 'option')
    .flatMap((o) => (o.where === 'constructor' || o.where === 'call' ? [{ where: o.where, name: o.name }] : []));
  for (const { key } of origins) {
    const notes = study.constants.get(key);
    if (notes?.complement) note(study, 'smoothing: 1 − ε', notes.complement);
    if (notes?.spread) note(study, 'smoothing: ε/K', notes.spread);
    noteUse(study, notes?.among ?? 0, 'classes');
  }
  const names = origins.filter((o) => o.kind === 'attribute' || o.kind === 'variable' || o.kind === 'field').map((o) => o.name);
  const values = [
    ...study.smoothingValues,
    ...origins.flatMap((o) => ((o.kind === 'literal' || o.kind === 'argument') && o.value && isNumber(o.value) ? [o.value] : [])),
  ];
  return {
    origins,
    site: {
      ...parts,
      kind: parts.definition.kind,
      framework: frameworkOf(study),
      evidence: study.evidence,
      uses: new Map([...study.uses].map(([name, uses]) => [name, [...uses]])),
      smoothingParameters: parameters,
      smoothingNames: [...new Set(names)],
      smoothingValues: [...new Set<Expression>(values)],
      broken: program.problems.filter((p) => parts.range.start <= p.range.start && p.range.start < parts.range.end),
      program,
    },
  };
}

const frameworks: readonly (readonly [RegExp, Framework])[] = [
  [
    /^(torch|nn$|F$|timm|transformers|fairseq|pytorch|fastai|espnet|allennlp|composer|segmentation_models_pytorch|mm(cls|pretrain))/,
    'torch',
  ],
  [/^@tensorflow\/tfjs/, 'tfjs'],
  [/^(tensorflow|keras)/, 'tensorflow'],
  [/^(jax|jnp|optax|flax)/, 'jax'],
  [/^mlx\b/, 'mlx'],
  [/^paddle\b/, 'paddle'],
  [/^mindspore\b/, 'mindspore'],
  [/^mxnet\b/, 'mxnet'],
  [/^(numpy|np$|scipy)/, 'numpy'],
];

function frameworkOf(study: Study): Framework {
  const { imports, program } = study.definitions;
  for (const modules of [[...study.modules], [...imports.values()]]) {
    for (const [pattern, framework] of frameworks) if (modules.some((m) => pattern.test(m))) return framework;
    if (modules.includes('tf')) return program.language === 'typescript' ? 'tfjs' : 'tensorflow';
  }
  // TypeScript that never speaks of tfjs computes with plain numbers.
  return program.language === 'typescript' && /@tensorflow|\btf\b/.test(program.text) ? 'tfjs' : 'unknown';
}
