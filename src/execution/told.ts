/** What the person says of a loss's parameters, in the place of what its code, its program or trying would say. */
import { isPredictionForm, isTargetForm, literalOf, withCorrections } from '../corrections';
import type { Literal } from '../corrections';
import { definedBy, parameterNames } from '../detection/siteNames';
import type { LossSite, SmoothingParameter } from '../detection/sites';
import type { Corrections, GivenAs, LossCorrections, ParameterCorrection } from '../inspection';
import type { Value } from '../interpreter/value';
import { FALSE, NONE, TRUE, UNDEFINED, float, int, list, str } from '../interpreter/value';
import type { Language, Parameter } from '../language/program';
import type { Role, RoleOf } from './roles';
import type { Session } from './session';
import type { LossInput } from './ways';

/** What is said of a loss, and the parameters among it that the loss does not have. */
export function correctionsOf(
  site: LossSite,
  all: readonly LossCorrections[],
): { readonly told: Corrections; readonly dropped: readonly string[] } {
  const names = new Set(parameterNames(site));
  const dropped: string[] = [];
  let told: Corrections = {};
  for (const { loss, parameters = [], ...rest } of all) {
    if (loss !== undefined && loss !== site.name) continue;
    if (loss !== undefined) dropped.push(...parameters.flatMap(({ name }) => (names.has(name) ? [] : [name])));
    const own = parameters.filter(({ name }) => names.has(name));
    told = withCorrections(told, { ...rest, ...(own.length === 0 ? {} : { parameters: own }) });
  }
  return { told, dropped };
}

/** The site as the person says that it is; of a loss that another file defines, the definition too. */
export function siteTold(site: LossSite, told: Corrections): LossSite {
  const { definition } = site;
  const itself = { ...site, told, smoothingParameters: smoothingTold(site, told) };
  if (definition.kind !== 'call' || definition.of === null) return itself;
  return { ...itself, definition: { ...definition, of: siteTold(definition.of, told) } };
}

/** Parameters that are said to be the smoothing factor; those said to be something else are none. */
function smoothingTold(asked: LossSite, { parameters = [] }: Corrections): readonly SmoothingParameter[] {
  const { definition } = definedBy(asked).site;
  const is = new Map(parameters.map((one) => [one.name, one.as]));
  const said = (where: SmoothingParameter['where'], of: readonly Parameter[] | undefined): readonly SmoothingParameter[] =>
    (of ?? []).flatMap(({ name }) => (is.get(name) === 'smoothing' ? [{ where, name }] : []));
  const [maker, callable] =
    definition.kind === 'class'
      ? [definition.constructor, definition.method]
      : definition.kind === 'function'
        ? [definition.factory, definition.callable]
        : [null, null];
  const named = [...said('constructor', maker?.parameters), ...said('call', callable?.parameters)];
  const kept = asked.smoothingParameters.filter(({ name }) => {
    const as = is.get(name);
    return named.length === 0 ? as === undefined || as === 'smoothing' || as === 'default' : false;
  });
  return [...named, ...kept];
}

export const toldOf = ({ told }: LossSite, name: string): ParameterCorrection | null =>
  told?.parameters?.find((one) => one.name === name) ?? null;

/** The form that the person says the predictions, or the targets, are in. */
export const predictionsTold = ({ told }: LossSite): GivenAs | null => told?.parameters?.find(({ as }) => isPredictionForm(as))?.as ?? null;
export const targetsTold = ({ told }: LossSite): GivenAs | null => told?.parameters?.find(({ as }) => isTargetForm(as))?.as ?? null;

const roles: Readonly<Record<GivenAs, Role | null>> = {
  logits: 'logits',
  logProbabilities: 'logits',
  probabilities: 'logits',
  sigmoids: 'logits',
  indices: 'targets',
  column: 'targets',
  oneHot: 'targets',
  integerOneHot: 'targets',
  otherLogits: 'otherLogits',
  otherTargets: 'otherTargets',
  mask: 'mask',
  sampleWeight: 'sampleWeight',
  weight: 'weight',
  smoothing: 'smoothing',
  classes: 'classes',
  value: null,
  default: null,
};

/** The role that a parameter is said to have; null where nothing is said, or only which value it has. */
export function roleTold(site: LossSite, name: string): Role | null {
  const as = toldOf(site, name)?.as;
  return as === undefined ? null : roles[as];
}

/** Whether a parameter is said to be something that leaves no room for trying: a value, or what its code has. */
export const isSettled = (site: LossSite, name: string): boolean => {
  const told = toldOf(site, name);
  return told !== null && (told.value !== undefined || told.as === 'default');
};

/** The value that is said for a parameter; null where none is. A smoothing factor is not among them: a run may be asked for another. */
export function valueTold(
  session: Session,
  site: LossSite,
  { parameter, role }: RoleOf,
  { classes, classWeights }: Pick<LossInput, 'classes' | 'classWeights'>,
): Value | null {
  const told = toldOf(site, parameter.name);
  const literal = told?.value === undefined ? null : literalOf(told.value);
  if (literal === null || site.smoothingParameters.some(({ name }) => name === parameter.name)) return null;
  if (told?.as === 'weight' || (role === 'weight' && literal.kind === 'list'))
    return classWeights === null ? weights(session, literal, classes) : null;
  return valueOf(literal, site.program.language);
}

/** Class weights for another number of classes are the same over and over. */
function weights({ bridge, context }: Session, literal: Literal, classes: number): Value | null {
  if (literal.kind !== 'list' || literal.items.length === 0) return null;
  const numbers = literal.items.map((item) => (item.kind === 'number' ? item.value : NaN));
  return bridge.floats(
    context,
    Array.from({ length: classes }, (_, k) => numbers[k % numbers.length]!),
    [classes],
  );
}

export function valueOf(literal: Literal, language: Language): Value {
  switch (literal.kind) {
    case 'nothing':
      return NONE;
    case 'undefined':
      return language === 'python' ? NONE : UNDEFINED;
    case 'switch':
      return literal.value ? TRUE : FALSE;
    case 'number':
      return literal.isWhole && language === 'python' ? int(literal.value) : float(literal.value);
    case 'word':
      return str(literal.value);
    case 'list':
      return list(literal.items.map((item) => valueOf(item, language)));
  }
}

/** Class weights that are said for the loss; a sample of as many classes holds them. */
export function weightsTold({ told }: LossSite): readonly number[] | null {
  const literal = literalOf(told?.parameters?.find(({ as }) => as === 'weight')?.value ?? '');
  return literal?.kind === 'list' ? literal.items.map((item) => (item.kind === 'number' ? item.value : NaN)) : null;
}

/** What is told of the run as a whole, for a request: the smoothing factor and the number of classes are asked for as by an option. */
export function smoothingValueTold(site: LossSite): number | null {
  for (const { name } of site.smoothingParameters) {
    const told = toldOf(site, name);
    const literal = told?.value === undefined ? null : literalOf(told.value);
    if (literal?.kind === 'number') return literal.value;
  }
  return null;
}
