/** Arguments as the program passes them, as far as a run of the loss alone can take them over. */
import type { Value } from '../interpreter/value';
import { bigintOf, float, int } from '../interpreter/value';
import { readValues } from '../tensor/record';
import { fromValues } from '../tensor/tensor';
import type { Settings } from './arguments';
import type { RoleOf } from './roles';
import type { Session } from './session';

/** What the program passes, by parameter; the parameters' own defaults are not among them. */
export type ProgramArguments = ReadonlyMap<string, Value>;

/**
 * The program's own argument for a parameter; null where it passes none that can be taken over, or where this run is to differ in it.
 * @param shift how many more classes the loss is told than its tensors have
 */
export function programArgument(
  session: Session,
  { role, parameter }: RoleOf,
  settings: Settings,
  given: ProgramArguments,
  shift: number,
): Value | null {
  const ofProgram = given.get(parameter.name);
  if (ofProgram === undefined || !isKnown(ofProgram, 3)) return null;
  const value = copied(ofProgram, 3);
  switch (role) {
    case 'logits':
    case 'targets':
      return null;
    case 'otherLogits':
    case 'otherTargets':
    case 'mask':
    case 'sampleWeight':
    case 'lengths':
      // What is compared with the targets may be one number: the label that is left out.
      return isPlain(value) ? value : null;
    case 'smoothing':
      return settings.smoothing === null ? value : null;
    case 'mixing':
      return settings.mixing === null ? scalar(value) : null;
    case 'classes': {
      if (bigintOf(value) === null && value.kind !== 'float') return null;
      const classes = settings.classes + shift;
      return value.kind === 'float' ? float(classes) : int(classes);
    }
    case 'reduction':
    case 'legacyReduction':
      return settings.reduction === null ? value : null;
    case 'weight':
      return settings.classWeights === null ? weightsFor(session, value, settings.classes) : null;
    case 'ignoreIndex':
      return settings.ignoreIndex === null && settings.paddingIndex === null ? value : null;
    case 'padding':
      return settings.paddingIndex === null ? value : null;
    default:
      return scalar(value);
  }
}

const isPlain = ({ kind }: Value): boolean => ['int', 'float', 'bool', 'none', 'str'].includes(kind);

/** A tensor with rows belongs to the program's batch. */
const scalar = (value: Value): Value | null => (value.kind === 'tensor' && value.tensor.shape.length > 0 ? null : value);

/** Class weights for another number of classes are those of the program over and over. */
function weightsFor({ bridge, context }: Session, value: Value, classes: number): Value | null {
  if (value.kind !== 'tensor') return value.kind === 'none' ? value : null;
  if (value.tensor.shape.length !== 1) return null;
  const length = value.tensor.shape[0]!;
  if (length === classes) return value;
  const { values } = bridge.read(value) ?? { values: [] };
  return values.length === 0
    ? null
    : bridge.floats(
        context,
        Array.from({ length: classes }, (_, k) => values[k % values.length]!),
        [classes],
      );
}

/** The run of the program is kept: what a loss does to its arguments must not show the next time. */
function copied(value: Value, depth: number): Value {
  if (depth === 0) return value;
  switch (value.kind) {
    case 'list':
      return { ...value, items: value.items.map((item) => copied(item, depth - 1)) };
    case 'tuple':
      return { ...value, items: value.items.map((item) => copied(item, depth - 1)) };
    case 'dict':
      return { ...value, entries: value.entries.copy() };
    case 'set':
      return { ...value, entries: value.entries.copy() };
    case 'object':
      return { ...value, properties: new Map([...value.properties].map(([name, item]) => [name, copied(item, depth - 1)])) };
    case 'tensor': {
      const { tensor } = value;
      if (tensor.requiresGrad) return value;
      const copy = fromValues(readValues(tensor).slice(), tensor.shape, tensor.dtype);
      copy.cell.wasRandom = tensor.wasRandom;
      return { ...value, tensor: copy };
    }
    default:
      return value;
  }
}

/** Nothing in it is unknown, as far as one looks. */
function isKnown(value: Value, depth: number): boolean {
  switch (value.kind) {
    case 'unknown':
      return false;
    case 'list':
    case 'tuple':
      return depth === 0 || value.items.length > 1_000 || value.items.every((item) => isKnown(item, depth - 1));
    case 'dict':
      return depth === 0 || [...value.entries].every(([, item]) => isKnown(item, depth - 1));
    case 'object':
      return depth === 0 || [...value.properties.values()].every((item) => isKnown(item, depth - 1));
    default:
      return true;
  }
}
