/** What the code itself says about the sample it expects: its number of classes, its padding class. */
import type { LossSite } from '../detection/sites';
import { numberOf } from '../interpreter/value';
import type { Parameter } from '../language/program';
import { argumentsInFile } from './openLoss';
import { constructorRoles } from './roles';
import type { Role } from './roles';
import type { Session } from './session';

const usualClasses = 5;

function constructorParameters(site: LossSite): readonly Parameter[] {
  const { definition } = site;
  if (definition.kind === 'class') return definition.constructor?.parameters.slice(site.program.language === 'python' ? 1 : 0) ?? [];
  if (definition.kind === 'function') return (definition.factory ?? definition.callable).parameters;
  return [];
}

function numberFor(session: Session, site: LossSite, role: Role): { readonly parameter: Parameter; readonly value: number | null } | null {
  const parameters = constructorParameters(site);
  const found = constructorRoles(site, parameters).find((r) => r.role === role);
  if (!found) return null;
  const written = argumentsInFile(session, site, parameters).get(found.parameter.name);
  const number = written ? numberOf(written) : literal(found.parameter);
  return { parameter: found.parameter, value: number };
}

function literal({ defaultValue }: Parameter): number | null {
  if (defaultValue?.kind !== 'constant') return null;
  const { value } = defaultValue;
  return value.type === 'int' || value.type === 'float' ? Number(value.value) : null;
}

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
  const { value, parameter } = padding;
  if (value !== null) return Number.isInteger(value) && value >= 0 ? value : null;
  return parameter.defaultValue === null ? 0 : null;
}
