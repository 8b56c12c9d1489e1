/** Tensors that stand under names in what a loss is given: `outputs.logits`, `batch['labels']`, `**kwargs`. */
import type { LossSite } from '../detection/sites';
import { canonical } from '../detection/vocabulary';
import type { ObjectValue, Value } from '../interpreter/value';
import { str } from '../interpreter/value';
import type { Parameter } from '../language/program';
import type { CallArguments } from './arguments';
import { namesRead } from './configuration';
import type { RoleOf } from './roles';
import { predictionName, targetName } from './roles';
import type { Session } from './session';

/** What every tensor has is not read of a dict. */
const ofTensors = new Set(
  'shape ndim dtype device size T mT data grad requires_grad is_cuda real rank rankType nbytes itemsize name'.split(' '),
);

const namesIn = (site: LossSite, parameter: Parameter): readonly string[] =>
  namesRead(site, parameter.name).filter((name) => !ofTensors.has(name));

const isLabels = (name: string): boolean => targetName.test(canonical(name));

function logitsNames(names: readonly string[]): readonly string[] {
  const named = names.filter((name) => predictionName.test(canonical(name)));
  return named.length > 0 ? named : names.filter((name) => !isLabels(name));
}

function labelNames(names: readonly string[]): readonly string[] {
  const named = names.filter(isLabels);
  return named.length > 0 || names.length !== 1 ? named : names;
}

/** Whether the code reads its tensors by name from what it is called with. */
export function readsByName(site: LossSite, roles: readonly RoleOf[]): boolean {
  return roles.some(
    ({ parameter, role }) =>
      ((role === 'logits' || role === 'targets') && namesIn(site, parameter).length > 0) ||
      (parameter.style === 'keywordVariadic' && namesIn(site, parameter).length > 0),
  );
}

/** A model's output with the logits in it, and the labels where the code reads them there too. */
export function heldLogits(
  session: Session,
  site: LossSite,
  roles: readonly RoleOf[],
  parameter: Parameter,
  logits: Value,
  targets: Value,
): Value {
  const names = namesIn(site, parameter);
  // Where it is the labels that are read by name, the logits come as they are; where nothing is, an output may be read by its position.
  if (names.length === 0 && readsByName(site, roles)) return logits;
  const own = logitsNames(names);
  return holding(session, [
    ...(own.length > 0 ? own : ['logits']).map((name) => [name, logits] as const),
    ...names.filter((name) => isLabels(name) && !own.includes(name)).map((name) => [name, targets] as const),
  ]);
}

/** The labels under the names that the code reads; themselves where it reads none. */
export function heldLabels(session: Session, site: LossSite, parameter: Parameter, targets: Value): Value {
  const names = labelNames(namesIn(site, parameter));
  return names.length === 0
    ? targets
    : holding(
        session,
        names.map((name) => [name, targets] as const),
      );
}

/** The labels as keywords where the code takes them out of its `**kwargs`. */
export function withHeldKeywords(site: LossSite, roles: readonly RoleOf[], args: CallArguments, targets: Value): CallArguments {
  const rest = roles.find(({ parameter }) => parameter.style === 'keywordVariadic');
  if (rest === undefined) return args;
  const names = labelNames(namesIn(site, rest.parameter));
  return { ...args, keywords: new Map([...args.keywords, ...names.map((name) => [name, targets] as const)]) };
}

function holding({ context, program }: Session, entries: readonly (readonly [string, Value])[]): Value {
  if (program.language === 'typescript') return { kind: 'object', properties: new Map(entries) } satisfies ObjectValue;
  const output = context.call(context.fromLibrary('transformers.utils.ModelOutput'));
  const set = context.getAttribute(output, '__setitem__');
  for (const [name, value] of entries) context.call(set, [str(name), value]);
  return output;
}
