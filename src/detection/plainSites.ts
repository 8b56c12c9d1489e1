/**
 * Definitions that take tensors and give something back, of which nothing in their text says that they are losses. What they are shows when
 * they are run: see src/families.
 */
import type { Callable } from './sites';
import type { FunctionDefinition, Program, Statement } from '../language/program';
import { gatherDefinitions } from './definitions';
import { isStatic, memberOf } from './evaluate';
import { innerLists } from './closures';
import { isInForce, newContext, site, studyCallable } from './losses';
import type { StudiedSite } from './losses';
import type { ClassPlace, FunctionPlace, Place } from './places';
import { isStaticMethod, placesOf } from './places';
import { startStudy } from './study';
import type { Definitions, Study } from './study';

/** What a module or a loss object is called by. */
const calledMethods = ['forward', 'call', '__call__'];
const mostParameters = 8;

/** Whether its author calls it a loss: what it is, running it tells; that it is meant as one, only its name may. */
export const isCalledLoss = (name: string): boolean => /loss|criterion|objective/i.test(name);

/** Whether its author calls it a measure of what a model does, which nothing learns from. */
export const isCalledMeasure = (name: string): boolean =>
  /metric|score|accuracy|distance|similarity|psnr|correlation|error_rate/i.test(name);

/** @param found the losses of the program; @param seen the names given so far, and how often */
export function plainSites(program: Program, found: readonly StudiedSite[], seen: Map<string, number>): readonly StudiedSite[] {
  const definitions = gatherDefinitions(program);
  if (!computes(definitions)) return [];
  const isTaken = ({ range: { start, end } }: Place): boolean =>
    found.some(({ site: { range } }) => (range.start <= start && end <= range.end) || (start <= range.start && range.end <= end));
  return placesOf(program).flatMap((place) => {
    if (place.around.length > 0 || !isInForce(place, definitions) || isTaken(place)) return [];
    const made = place.kind === 'class' ? ofClass(definitions, place) : ofFunction(definitions, place);
    if (made === null || made.site.framework === 'unknown') return [];
    const count = (seen.get(made.site.name) ?? 0) + 1;
    seen.set(made.site.name, count);
    return [count === 1 ? made : { ...made, site: { ...made.site, name: `${made.site.name} #${String(count)}` } }];
  });
}

/** Whether the program imports what tensors come from. */
const computes = ({ imports }: Definitions): boolean =>
  [...imports.values()].some((module) => /^(torch|tensorflow|keras|jax|optax|numpy|@tensorflow\/)/.test(module));

function ofFunction(definitions: Definitions, place: FunctionPlace): StudiedSite | null {
  if (place.owner !== null || place.host !== null || !takesTensors(place.callable, 0) || !givesBack(place.callable)) return null;
  const { study } = studyCallable(definitions, place.callable, null);
  return study.ownsLayers ? null : siteOfFunction(study, place);
}

function siteOfFunction(study: Study, { callable, name, range, nameRange, reach }: FunctionPlace): StudiedSite {
  return site(study, { name, role: 'loss', range, nameRange, definition: { kind: 'function', callable, factory: null, reach } });
}

function ofClass(definitions: Definitions, place: ClassPlace): StudiedSite | null {
  if (definitions.program.language !== 'python') return null;
  const called = calledMethods.find((one) => memberNamed(definitions, place, one) !== null);
  const method = called === undefined ? null : memberNamed(definitions, place, called);
  if (method === null || isStatic(method) || !takesTensors(method, 1) || !givesBack(method)) return null;
  return siteOfMethod(definitions, place, method, { called: 'object', at: place });
}

function memberNamed(definitions: Definitions, { definition }: ClassPlace, name: string): FunctionDefinition | null {
  const member = memberOf(definition, name, newContext(startStudy(definitions, []), definitions.moduleScope), false);
  return member?.kind === 'function' ? member : null;
}

/** @param at where the site stands: at its class, or at the method itself */
function siteOfMethod(
  definitions: Definitions,
  owner: ClassPlace,
  method: FunctionDefinition,
  { called, at }: { readonly called: 'object' | 'method'; readonly at: Place },
): StudiedSite {
  const { name, range, nameRange } = at;
  const { definition, reach } = owner;
  const { study } = studyCallable(definitions, { ...method, parameters: method.parameters.slice(1) }, null);
  const constructor = memberNamed(definitions, owner, '__init__');
  return site(study, {
    name,
    role: 'loss',
    range,
    nameRange,
    definition: { kind: 'class', definition, constructor, method, called, reach },
  });
}

const takesTensors = ({ parameters }: Callable, receiver: number): boolean => {
  const required = parameters.slice(receiver).filter(({ defaultValue, style }) => defaultValue === null && !style.endsWith('ariadic'));
  return required.length > 0 && required.length <= mostParameters;
};

function givesBack({ body }: Callable): boolean {
  if ('kind' in body) return true;
  const returns = (statement: Statement): boolean =>
    (statement.kind === 'return' && statement.value !== null) || innerLists(statement).some((list) => list.some(returns));
  return body.some(returns);
}

/** A definition of this name, whatever it is: who asks for it has it run. Methods are named after their class. */
export function askedSite(program: Program, name: string): StudiedSite | null {
  const definitions = gatherDefinitions(program);
  const place = placesOf(program).find((one) => one.name === name && one.around.length === 0 && isInForce(one, definitions));
  if (place === undefined) return null;
  if (place.kind === 'class') return ofClass(definitions, place);
  const { callable, owner } = place;
  const isMethod = owner !== null && callable.kind === 'function' && !isStaticMethod(callable);
  if (!takesTensors(callable, isMethod ? 1 : 0) || !givesBack(callable)) return null;
  return isMethod
    ? siteOfMethod(definitions, owner, callable, { called: 'method', at: place })
    : siteOfFunction(studyCallable(definitions, callable, null).study, place);
}

/** The definitions of a program that can be asked for by their names. */
export const definitionsOf = (program: Program): readonly Pick<Place, 'name' | 'range' | 'nameRange'>[] =>
  placesOf(program).filter(({ around, name }) => around.length === 0 && !/(^|\.)(__init__|constructor)$/.test(name));
