/** Uses of libraries' losses that smooth: whatever name the file has for them, and wherever in it they stand. */
import type { Call, Expression, Keyword, Range, Statement } from '../language/program';
import { statementsBefore } from './closures';
import { bindFields, evaluate, memberOf } from './evaluate';
import type { Flow, Origin, Scope } from './flow';
import { nothing } from './flow';
import { followBody, followStatements } from './follow';
import type { Context } from './followContext';
import { heldUse, isClassName, libraryUse, registeredUse } from './libraryUses';
import type { LibraryUse } from './libraryUses';
import { keyOf, numberOf } from './literals';
import type { FunctionPlace, Place } from './places';
import type { Callable, SiteDefinition } from './sites';
import { importedBy } from './definitions';
import type { Definitions, Study } from './study';
import { note, noteConstant, startStudy } from './study';
import { walk } from './walk';

export interface FoundCall {
  readonly study: Study;
  readonly name: string;
  readonly range: Range;
  readonly nameRange: Range;
  readonly definition: Extract<SiteDefinition, { kind: 'call' }>;
}

/**
 * Every use in the program; `isCovered` says of a place that a loss is known there already. Where something smooths, in these uses or as
 * `smooths` says when it is asked, the same losses without a factor are uses too: what a program trains with and what it evaluates with belong together.
 */
export function findCalls(
  definitions: Definitions,
  places: readonly Place[],
  isCovered: (range: Range) => boolean,
  smooths: () => boolean,
): readonly FoundCall[] {
  const names = namesOf(definitions);
  const smoothing = callsIn(names, places, isCovered, false);
  const isKnown = (range: Range) =>
    isCovered(range) || smoothing.some((one) => one.range.start <= range.start && range.end <= one.range.end);
  const plain = callsIn(names, places, isKnown, true);
  return plain.length > 0 && (smoothing.length > 0 || smooths()) ? [...smoothing, ...plain] : smoothing;
}

function callsIn(names: Names, places: readonly Place[], isCovered: (range: Range) => boolean, plain: boolean): readonly FoundCall[] {
  const { definitions } = names;
  const found: FoundCall[] = [];
  for (const { body } of definitions.program.cells) {
    walk(body, (node) => {
      if (node.kind !== 'call' || isCovered(node.range)) return;
      const meant = heldCall(node, names, places) ?? meantCall(node, names);
      const use = meant && useOf(meant, names);
      const call = use && foundCall(definitions, places, meant, use, plain);
      if (call && !found.some(({ range }) => range.start <= node.range.start && node.range.end <= range.end)) found.push(call);
    });
  }
  return found;
}

// ------------------------------------------------------------------------------------------------------------- names

interface Names {
  readonly definitions: Definitions;
  /** `loss_cls = nn.CrossEntropyLoss`, `kwargs = dict(label_smoothing=0.1)`: what a name is bound to, anywhere in the file. */
  readonly bound: ReadonlyMap<string, Expression>;
  /** As the definitions' own, with what functions import for themselves. */
  readonly imports: ReadonlyMap<string, string>;
  /** Modules of which every name is imported. */
  readonly starred: readonly string[];
}

function namesOf(definitions: Definitions): Names {
  const bound = new Map<string, Expression>();
  const starred: string[] = [];
  const imports = new Map(definitions.imports);
  for (const { body } of definitions.program.cells) {
    walk(body, (node) => {
      if (node.kind === 'import') {
        if (node.names?.some(({ name }) => name === '*') === true) starred.push(node.module);
        for (const [name, module] of importedBy(node)) if (!imports.has(name)) imports.set(name, module);
      } else if (node.kind === 'assign' && node.value !== null) {
        for (const target of node.targets) if (target.kind === 'name') bound.set(target.name, node.value);
      }
    });
  }
  return { definitions, imports, bound, starred };
}

/** The full name of what an expression means, `torch.nn.CrossEntropyLoss`; null where it is the file's own. */
function realName(expression: Expression, names: Names, depth = 0): { readonly real: string; readonly isImported: boolean } | null {
  const { definitions, imports, bound, starred } = names;
  if (depth > 4) return null;
  if (expression.kind === 'attribute') {
    const object = realName(expression.object, names, depth);
    return object && { real: `${object.real}.${expression.name}`, isImported: object.isImported };
  }
  if (expression.kind === 'call') {
    // getattr(nn, 'CrossEntropyLoss')
    const [object, key] = expression.arguments;
    const name = key && keyOf(key);
    if (expression.callee.kind !== 'name' || expression.callee.name !== 'getattr' || !object || key?.kind !== 'constant' || !name)
      return null;
    const of = realName(object, names, depth + 1);
    return of && { real: `${of.real}.${name}`, isImported: of.isImported };
  }
  if (expression.kind !== 'name') return null;
  const { name } = expression;
  const module = imports.get(name);
  if (module !== undefined) return { real: module, isImported: true };
  if (definitions.classes.has(name) || definitions.functions.has(name)) return null;
  const value = bound.get(name);
  if (value !== undefined && (value.kind === 'name' || value.kind === 'attribute' || value.kind === 'call')) {
    const alias = realName(value, names, depth + 1);
    if (alias) return alias;
    if (value.kind !== 'call') return { real: name, isImported: false };
  }
  const [star] = starred;
  // Of a module's names only those that are known to be its are taken for its.
  if (star !== undefined && value === undefined) {
    const from = starred.find((one) => libraryUse(`${one}.${name}`, true) !== null) ?? star;
    return { real: `${from}.${name}`, isImported: true };
  }
  return { real: name, isImported: false };
}

// ------------------------------------------------------------------------------------------------------------- calls

interface Meant {
  /** The call as it computes the loss: `partial(F.cross_entropy, label_smoothing=0.1)` is `F.cross_entropy(label_smoothing=0.1)`. */
  readonly call: Call;
  readonly written: Call;
  readonly real: string;
  readonly isImported: boolean;
  readonly use: LibraryUse | null;
}

function meantCall(written: Call, names: Names): Meant | null {
  const { callee } = written;
  const type = written.keywords.find(({ name }) => name === 'type')?.value;
  if (callee.kind === 'name' && callee.name === 'dict' && type?.kind === 'constant' && type.value.type === 'string') {
    const use = registeredUse(type.value.value);
    return use && { call: written, written, real: `mmpretrain.${type.value.value}`, isImported: true, use };
  }
  const called = realName(callee, names);
  if (called === null) return null;
  const [first] = written.arguments;
  if (/(^|\.)partial$/.test(called.real) && first) {
    const inner = realName(first, names);
    const call: Call = { ...written, callee: first, arguments: written.arguments.slice(1) };
    return inner && { call: expanded(call, names), written, ...inner, use: null };
  }
  return { call: expanded(written, names), written, ...called, use: null };
}

/** `**kwargs` of a mapping that the file spells out, as keywords. */
function expanded(call: Call, { bound }: Names): Call {
  if (!call.keywords.some(({ name }) => name === null)) return call;
  const keywords = call.keywords.flatMap((keyword): readonly Keyword[] => {
    const value = keyword.value.kind === 'name' ? bound.get(keyword.value.name) : keyword.value;
    if (keyword.name !== null || value === undefined) return [keyword];
    if (value.kind === 'call' && value.callee.kind === 'name' && value.callee.name === 'dict' && value.arguments.length === 0)
      return value.keywords;
    if (value.kind !== 'mapping') return [keyword];
    return value.entries.flatMap(({ key, value: entry, range }) => {
      const name = key && keyOf(key);
      return typeof name === 'string' ? [{ name, value: entry, range }] : [];
    });
  });
  return { ...call, keywords };
}

/** `self.label_smoother(…)` in a class that extends the one that holds it. */
function heldCall(written: Call, names: Names, places: readonly Place[]): Meant | null {
  const { callee, range } = written;
  if (callee.kind !== 'attribute' || callee.object.kind !== 'name' || callee.object.name !== 'self') return null;
  const owner = places.findLast((place) => place.kind === 'class' && place.range.start <= range.start && range.end <= place.range.end);
  for (const base of owner?.kind === 'class' ? owner.definition.bases : []) {
    const held = heldUse(realName(base, names)?.real ?? '', callee.name);
    if (held !== null) return { call: written, written, isImported: true, ...held };
  }
  return null;
}

function useOf({ real, isImported, use }: Meant, { definitions }: Names): LibraryUse | null {
  const known = use ?? libraryUse(real, isImported);
  const last = real.split('.').at(-1)!;
  return definitions.classes.has(last) || definitions.functions.has(last) ? null : known;
}

function foundCall(
  definitions: Definitions,
  places: readonly Place[],
  { call, written, real }: Meant,
  use: LibraryUse,
  plain: boolean,
): FoundCall | null {
  const keyword = call.keywords.find(({ name }) => name !== null && use.isFactor(name));
  const options = call.arguments.flatMap((argument) => (argument.kind === 'mapping' ? argument.entries : []));
  const option = options.find(({ key }) => key && use.isFactor(keyOf(key) ?? ''));
  const positional = use.at === null || call.arguments.some(({ kind }) => kind === 'starred') ? undefined : call.arguments[use.at];
  const node = keyword?.value ?? option?.value ?? positional ?? null;
  const isGiven = node !== null && node.kind !== 'starred' && !isNothing(node);
  const isHard = !isGiven || numberOf(node) === 0;
  if (plain ? !isHard || use.isPlain !== true : isHard && (isGiven || !use.always)) return null;
  const study = startStudy(definitions, []);
  const context = contextAt(definitions, places, written.range, study);
  const last = real.split('.').at(-1)!;
  evaluate(written.callee, context);
  evaluate(call.callee, context);
  const module = real.split('.')[0]!;
  study.modules.add(definitions.imports.has(module) ? definitions.imports.get(module)! : module);
  if (isGiven) {
    const nameRange = keyword
      ? { start: keyword.range.start, end: keyword.range.start + keyword.name!.length }
      : (option?.key?.range ?? node.range);
    const flow = evaluate(node, context);
    const name = keyword?.name ?? (definitions.program.language === 'python' ? 'label_smoothing' : 'labelSmoothing');
    const own: Origin = { key: `argument:${String(node.range.start)}`, name, kind: 'argument', where: 'body', nameRange, value: node };
    noteConstant(study, flow.origin ?? flow.scaledFrom ?? own).argument = true;
    study.smoothingValues.push(node);
    note(study, 'smoothing argument', node.range);
  }
  if (use.isMade === true) study.smoothingValues.push(call.callee);
  const { callee } = written;
  const name = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : last;
  return {
    study,
    name: name === 'dict' || name === 'partial' ? last : name,
    range: written.range,
    nameRange: callee.kind === 'attribute' ? callee.nameRange : callee.range,
    definition: { kind: 'call', call, constructed: isClassName(last) || call.isNew, real, computes: use.is === 'loss', of: null },
  };
}

const isNothing = (node: Expression): boolean => node.kind === 'constant' && node.value.type !== 'float' && node.value.type !== 'int';

// ------------------------------------------------------------------------------------------------------------- scopes

/** What is known where the call stands: the constants of its function, of those around it, and of its class's constructor. */
function contextAt(definitions: Definitions, places: readonly Place[], range: Range, study: Study): Context {
  const isWithin = (place: Place) => place.range.start <= range.start && range.end <= place.range.end;
  const around = places.filter((place): place is FunctionPlace => place.kind === 'function' && isWithin(place));
  let scope: Scope = definitions.moduleScope;
  const owner = places.find((place) => place.kind === 'class' && isWithin(place));
  const attributes = new Map<string, Flow>();
  const python = definitions.program.language === 'python';
  const enter = (callable: Callable, at: Range | null): Scope => {
    const inner: Scope = { names: new Map(), parent: scope };
    const context: Context = { study, scope: inner, depth: 0, making: [], follow: followBody };
    for (const { name, range: own, defaultValue, isField } of callable.parameters) {
      const nameRange = { start: own.start, end: own.start + name.length };
      const key = `parameter:${String(own.start)}`;
      const origin: Origin = { key, name, kind: 'parameter', where: 'helper', nameRange, value: defaultValue };
      inner.names.set(name, { ...nothing, origin });
      if (isField) attributes.set(name, { ...nothing, origin });
    }
    if (owner?.kind === 'class') {
      const self: Flow = { ...nothing, object: { kind: 'instance', definition: owner.definition, attributes } };
      inner.names.set('this', self);
      const first = callable.parameters[0];
      if (python && first && scope === definitions.moduleScope) inner.names.set(first.name, self);
    }
    const body: readonly Statement[] = 'kind' in callable.body ? [] : callable.body;
    followStatements(at === null ? body : statementsBefore(body, at), context);
    return inner;
  };
  if (owner?.kind === 'class') {
    const context: Context = { study, scope, depth: 0, making: [], follow: followBody };
    bindFields(owner.definition.body, attributes, context);
    const constructor = memberOf(owner.definition, python ? '__init__' : 'constructor', context, false);
    if (constructor && !around.some(({ callable }) => callable === constructor)) enter(constructor, null);
  }
  for (const { callable } of around) scope = enter(callable, range);
  // What was seen on the way belongs to other losses.
  study.constants.clear();
  study.smoothingValues.length = 0;
  study.evidence.length = 0;
  study.losses = 0;
  return { study, scope, depth: 0, making: [], follow: followBody };
}
