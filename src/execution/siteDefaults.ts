/** What the code itself says about the sample it expects: its number of classes, its padding class. */
import { definedBy } from '../detection/siteNames';
import type { LossSite } from '../detection/sites';
import { numberOf } from '../interpreter/value';
import type { Parameter } from '../language/program';
import { wholeDefaultIn } from './candidates';
import { argumentsInFile, openLoss } from './openLoss';
import { constructorRoles } from './roles';
import type { Role } from './roles';
import { withoutSettings } from './arguments';
import type { Session } from './session';

const usualClasses = 5;

function constructorParameters(site: LossSite): readonly Parameter[] {
  const { definition } = site;
  if (definition.kind === 'class') return definition.constructor?.parameters.slice(site.program.language === 'python' ? 1 : 0) ?? [];
  if (definition.kind === 'function') return (definition.factory ?? definition.callable).parameters;
  return [];
}

function numberFor(session: Session, of: LossSite, role: Role): { readonly parameter: Parameter; readonly value: number | null } | null {
  const { site, from } = definedBy(of);
  const parameters = constructorParameters(site);
  const found = constructorRoles(site, parameters).find((r) => r.role === role);
  if (!found) return null;
  const written = argumentsInFile(session, site, parameters, from).get(found.parameter.name);
  const number = written
    ? numberOf(written)
    : role === 'classes'
      ? classesByDefault(session, site, found.parameter)
      : literal(found.parameter);
  return { parameter: found.parameter, value: number };
}

function literal({ defaultValue }: Parameter): number | null {
  if (defaultValue?.kind !== 'constant') return null;
  const { value } = defaultValue;
  return value.type === 'int' || value.type === 'float' ? Number(value.value) : null;
}

/** A site is asked often; whether a default counts its classes does not change. */
const known = new WeakMap<LossSite, number | null>();

/** The default of a parameter that is named as a number of classes, where running the loss shows that it is one: `k=2` may be anything. */
function classesByDefault(session: Session, site: LossSite, parameter: Parameter): number | null {
  const value = wholeDefaultIn(session, parameter);
  if (value === null || value < 2) return null;
  let found = known.get(site);
  if (found === undefined) {
    found = isCounted(session, site, parameter) ? value : null;
    known.set(site, found);
  }
  return found;
}

function isCounted(session: Session, site: LossSite, { name }: Parameter): boolean {
  const open = openLoss(session, site);
  const { logits, targets } = usualRows;
  try {
    open.run({ ...withoutSettings, logits, targets, classes: usualClasses, feed: 'logits' });
  } catch (error) {
    if (session.isFinal(error)) throw error;
  }
  return open.countsClasses(name);
}

/** Rows of the usual number of classes, to see what a parameter does. */
const usualRows = {
  logits: [0, 1, 2, 3].map((row) => Array.from({ length: usualClasses }, (_, k) => ((row * 2 + k * 3) % 5) / 2 - 1)),
  targets: [1, 4, 2, 0],
};

/** The number of classes that the file makes this loss for; null where it does not say. */
export function classesInFile(session: Session, site: LossSite): number | null {
  return numberFor(session, site, 'classes')?.value ?? null;
}

/** The number of classes that the file makes this loss for, where that is a size to look at; else five. */
export function defaultClasses(session: Session, site: LossSite): number {
  const said = classesInFile(session, site);
  return said !== null && Number.isInteger(said) && said >= 2 && said <= 12 ? said : usualClasses;
}

/** The padding class of a loss that is made with one; null when it has none. */
export function paddingOfConstructor(session: Session, site: LossSite): number | null {
  const padding = numberFor(session, site, 'padding');
  if (!padding) return null;
  const { parameter } = padding;
  const { taken } = session.useOf(site);
  const ofProgram = taken?.made.get(parameter.name) ?? taken?.called.get(parameter.name);
  const value = (ofProgram === undefined ? null : numberOf(ofProgram)) ?? padding.value;
  if (value !== null) return Number.isInteger(value) && value >= 0 ? value : null;
  return parameter.defaultValue === null ? 0 : null;
}
