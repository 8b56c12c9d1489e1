/** A definition as a loss of named tensors: what of its parameters are tensors, and how it is run on any of them. */
import { walk } from '../detection/walk';
import type { LossSite } from '../detection/sites';
import { numberOf as literalOf } from '../detection/literals';
import { literalOf as literalTold } from '../corrections';
import type { FamilyRun } from '../families/evaluate';
import type { PlainTensor, PlainTensors } from '../families/layouts';
import type { NamedLoss } from '../families/recognise';
import type { Value } from '../interpreter/value';
import { float, numberOf } from '../interpreter/value';
import type { Parameter, Statement } from '../language/program';
import { isRequired, layOut } from './arguments';
import { baseOf, withoutReceiver } from './openLoss';
import type { HandedParameter } from './openLoss';
import { lossIn } from './outcome';
import type { Session } from './session';
import { isSettled, toldOf, valueOf } from './told';

/** A number that nothing says, and the loss cannot do without. */
export interface AssumedNumber {
  readonly name: string;
  readonly value: number;
}

export interface OpenNamedLoss extends NamedLoss {
  /** The same without gradients, with what the code did on the way. */
  readonly site: LossSite;
  /** Values that the program, or a default, gives to what is no tensor, by parameter. */
  readonly settings: ReadonlyMap<string, Value>;
  readonly assumed: readonly AssumedNumber[];
  /** What is no tensor and not assumed: what it is handed, and by whom. */
  readonly handed: readonly HandedParameter[];
}

/** What is taken for a number that nothing says: one that no formulation has as a matter of course. */
const assumedNumber = 0.5;

/**
 * @param numbersAtEnd how many of the last required parameters are taken for numbers, not tensors; what of them nobody says is assumed
 * @returns null where the definition is none that can be called so
 */
export function openNamedLoss(session: Session, site: LossSite, numbersAtEnd = 0): OpenNamedLoss | null {
  const { definition } = site;
  if (definition.kind === 'call' || definition.kind === 'script') return null;
  const callable = definition.kind === 'class' ? definition.method : definition.callable;
  const maker = definition.kind === 'class' ? definition.constructor : definition.factory;
  const parameters = withoutReceiver(site, callable);
  const makerParameters = maker ? withoutReceiver(site, maker) : [];
  const { taken } = session.useOf(site);
  const assumed: AssumedNumber[] = [];
  const settings = new Map<Parameter, Value>();
  /** Whether the person says all of it that there is to say. */
  const isTold = (parameter: Parameter): boolean => {
    const literal = literalTold(toldOf(site, parameter.name)?.value ?? '');
    if (literal !== null) settings.set(parameter, valueOf(literal, site.program.language));
    return literal !== null || isSettled(site, parameter.name);
  };
  const assume = (parameter: Parameter): void => {
    assumed.push({ name: parameter.name, value: assumedNumber });
    settings.set(parameter, float(assumedNumber));
  };
  for (const parameter of makerParameters) {
    if (isTold(parameter)) continue;
    const given = known(taken?.made.get(parameter.name));
    if (given !== null) settings.set(parameter, given);
    else if (isRequired(parameter)) assume(parameter);
  }
  const open = parameters.filter((parameter) => !isTold(parameter));
  const required = open.filter((parameter) => isRequired(parameter));
  const tensors: Parameter[] = [];
  required.forEach((parameter, i) => {
    const given = known(taken?.called.get(parameter.name));
    if (given !== null && given.kind !== 'tensor') settings.set(parameter, given);
    else if (required.length - i <= numbersAtEnd || isNumberByAnnotation(parameter)) assume(parameter);
    else tensors.push(parameter);
  });
  for (const parameter of open) {
    const given = isRequired(parameter) ? null : known(taken?.called.get(parameter.name));
    if (given !== null && given.kind !== 'tensor') settings.set(parameter, given);
  }
  if (tensors.length === 0) return null;
  let made: Value | null = null;
  const loss = (): Value => {
    if (made !== null) return made;
    const base = baseOf(session, site);
    const args = layOut(makerParameters, settings, site.program.language);
    const object = definition.kind === 'class' ? session.construct(base, args) : maker ? session.call(base, args) : base;
    return (made =
      definition.kind === 'class' && definition.called === 'method'
        ? session.context.getAttribute(object, definition.method.name)
        : object);
  };
  const order = tensors.map(({ name }) => name);
  const handedTo = (where: HandedParameter['where'], all: readonly Parameter[]): readonly HandedParameter[] =>
    all.flatMap((parameter): readonly HandedParameter[] => {
      const { name, style } = parameter;
      if (tensors.includes(parameter) || assumed.some((one) => one.name === name) || style.startsWith('var')) return [];
      const value = settings.get(parameter) ?? null;
      const isOfPerson = toldOf(site, name) !== null;
      const by = isOfPerson ? 'person' : value === null || taken?.defaults.has(name) === true ? 'default' : 'program';
      return [{ name, where, parameter, as: 'value', role: 'unknown', by, value }];
    });
  let ended: { readonly error: unknown } | null = null;
  return {
    site,
    inputs: order,
    settings: new Map([...settings].map(([{ name }, value]) => [name, value])),
    assumed,
    isAssuming: assumed.length > 0,
    handed: [...handedTo('constructor', makerParameters), ...handedTo('call', parameters)],
    get numbers() {
      return numbersOf(session, site, settings, loss);
    },
    run(given) {
      if (ended !== null) throw ended.error;
      try {
        return runOn(session, given, order, (handed) => {
          const values = new Map(settings);
          tensors.forEach((parameter, i) => values.set(parameter, handed[i]!));
          return session.call(loss(), byPlace(parameters, values, site));
        });
      } catch (error) {
        // What spends its budget does so on any tensors: it is not run on each of the layouts.
        if (session.isFinal(error)) ended = { error };
        throw error;
      }
    },
  };
}

/** What the program passes, where it is known as a whole. */
function known(value: Value | undefined): Value | null {
  if (value === undefined || value.kind === 'unknown') return null;
  return ['int', 'float', 'bool', 'str', 'none', 'tensor'].includes(value.kind) ? value : null;
}

const isNumberByAnnotation = ({ annotation }: Parameter): boolean =>
  annotation?.kind === 'name' && ['int', 'float', 'number', 'bool', 'str', 'string'].includes(annotation.name);

/** Tensors by their places, as callers write them: a decorator may have other names for them. */
function byPlace(parameters: readonly Parameter[], values: ReadonlyMap<Parameter, Value>, { program }: LossSite) {
  const leading = parameters.findIndex((parameter) => !values.has(parameter) || parameter.style === 'keywordOnly');
  const placed = leading < 0 ? parameters.length : leading;
  const rest = layOut(parameters.slice(placed), values, program.language);
  return { ...rest, positional: [...parameters.slice(0, placed).map((parameter) => values.get(parameter)!), ...rest.positional] };
}

function runOn(session: Session, given: PlainTensors, order: readonly string[], call: (handed: readonly Value[]) => Value): FamilyRun {
  const tensors = order.map((name): PlainTensor => given[name]!);
  const { result, gradients } = session.bridge.differentiateAll(session.context, tensors, (handed) => {
    const returned = call(handed);
    return lossIn(session, returned) ?? returned;
  });
  const read = session.bridge.read(result);
  const number = read === null ? numberOf(result) : null;
  if (read === null && number === null) throw new Error('it gives no number and no tensor');
  return {
    value: read?.values ?? [number!],
    shape: read?.shape ?? [],
    gradients: Object.fromEntries(order.map((name, i) => [name, gradients[i] ?? null])),
  };
}

/** Numbers that the loss is made or called with, holds, or has in its code: what its formulation's parameters may be. */
function numbersOf(session: Session, site: LossSite, settings: ReadonlyMap<Parameter, Value>, loss: () => Value): readonly number[] {
  const found = new Set<number>();
  for (const value of settings.values()) add(found, value);
  const { definition } = site;
  if (definition.kind === 'class') {
    try {
      addHeld(found, loss(), 1);
    } catch {
      // What cannot be made holds nothing.
    }
  }
  const bodies: readonly (readonly Statement[])[] =
    definition.kind === 'class'
      ? [definition.definition.body]
      : definition.kind === 'function' && definition.callable.kind === 'function'
        ? [definition.callable.body]
        : [];
  const parameters =
    definition.kind === 'class'
      ? [...(definition.constructor?.parameters ?? []), ...definition.method.parameters]
      : definition.kind === 'function'
        ? [...(definition.factory?.parameters ?? []), ...definition.callable.parameters]
        : [];
  for (const { defaultValue } of parameters) {
    const value = literalOf(defaultValue);
    if (value !== null) found.add(value);
  }
  const names = new Set<string>();
  for (const body of bodies)
    walk(body, (node) => {
      if (node.kind === 'name') names.add(node.name);
      if (node.kind === 'constant' && (node.value.type === 'int' || node.value.type === 'float')) found.add(Number(node.value.value));
    });
  for (const name of names) {
    const value = session.lookup(name);
    add(found, value);
    addHeld(found, value, 0);
  }
  return [...found].filter(Number.isFinite).slice(0, mostNumbers);
}

/** The numbers that an object keeps, and those of the objects in it. */
function addHeld(found: Set<number>, object: Value | null, depth: number): void {
  if (object?.kind !== 'instance') return;
  for (const value of object.attributes.values()) {
    add(found, value);
    if (depth > 0) addHeld(found, value, depth - 1);
  }
}

const mostNumbers = 24;

function add(found: Set<number>, value: Value | null): void {
  const number = value === null || value.kind === 'bool' ? null : numberOf(value);
  if (number !== null) found.add(number);
}
