/** What a run returned, as numbers: a value, or one for each row. */
import type { Value } from '../interpreter/value';
import { numberOf } from '../interpreter/value';
import type { Session } from './session';
import type { ReadTensor } from './tensorData';

export interface Outcome {
  /** The scalar, where the loss is one. */
  readonly value: number | null;
  /** One number for each row, or for each row and class, where it is not reduced. */
  readonly values: readonly number[] | null;
  readonly tensor: ReadTensor | null;
}

export class NotALoss extends Error {}

/** The loss in what the code returned: the tensor, the first of `(loss, nll)`, the second of `(logits, loss)`, `{'loss': …}`, or a plain number. */
export function outcomeOf(session: Session, result: Value): Outcome {
  const number = numberOf(result);
  if (number !== null && result.kind !== 'bool') return { value: number, values: null, tensor: null };
  const holder = lossIn(session, result);
  const tensor = holder && session.bridge.read(holder);
  if (!tensor)
    throw new NotALoss(
      `the loss returned ${result.kind === 'none' || result.kind === 'undefined' ? 'nothing' : `a ${session.context.typeOf(result).name}`}, not a tensor`,
    );
  if (tensor.shape.length === 0) return { value: tensor.values[0]!, values: null, tensor };
  return { value: null, values: tensor.values, tensor };
}

export function lossIn(session: Session, value: Value): Value | null {
  if (session.bridge.read(value)) return value;
  if (value.kind === 'tuple' || value.kind === 'list') {
    const tensors = value.items.filter((item) => session.bridge.read(item) !== null);
    // What has rows and columns beside a number or a row of numbers is what the loss was computed of.
    return tensors.find((item) => session.bridge.read(item)!.shape.length < 2) ?? tensors[0] ?? null;
  }
  if (value.kind === 'object')
    return value.properties.get('loss') ?? [...value.properties.values()].find((item) => session.bridge.read(item) !== null) ?? null;
  if (value.kind === 'dict') {
    for (const key of ['loss', 'total_loss']) {
      const found = session.context.findAttribute(value, 'get');
      const item = found && session.context.call(found, [{ kind: 'str', value: key, class: null, attributes: null }]);
      if (item && session.bridge.read(item)) return item;
    }
  }
  return null;
}
