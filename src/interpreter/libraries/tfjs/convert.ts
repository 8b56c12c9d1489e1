/** Between interpreted values and what tfjs's functions take and give. Only numbers, strings, arrays, plain objects and tensors cross. */
import { Tensor as TfTensor } from '@tensorflow/tfjs-core';
import type { Context } from '../../context';
import type { ClassValue, ObjectValue, Value } from '../../value';
import { NONE, UNDEFINED, bool, float, list, str } from '../../value';
import { living } from './kept';

/** In the array that tfjs is given, and the flat one that it makes. */
const bytesOfItem = 32;

/** What tfjs's functions are called with. */
export type Host = number | boolean | string | null | undefined | TfTensor | readonly Host[] | { readonly [name: string]: Host };

/** The tfjs tensor inside a value, or null. */
export function tensorIn(value: Value): TfTensor | null {
  return value.kind === 'instance' && value.payload instanceof TfTensor ? living(value.payload as TfTensor) : null;
}

export function wrapTensor(cls: ClassValue, tensor: TfTensor): Value {
  return { kind: 'instance', class: cls, attributes: new Map(), payload: tensor };
}

export function toHost(context: Context, value: Value): Host {
  switch (value.kind) {
    case 'none':
      return null;
    case 'undefined':
      return undefined;
    case 'bool':
    case 'float':
    case 'str':
      return value.value;
    case 'int':
      return Number(value.value);
    case 'list':
    case 'tuple':
      // An array that holds another many times over is read as often.
      context.charge(value.items.length, bytesOfItem);
      return value.items.map((item) => toHost(context, item));
    case 'object': {
      const made: Record<string, Host> = Object.create(null) as Record<string, Host>;
      for (const [name, member] of value.properties) made[name] = toHost(context, member);
      return made;
    }
    case 'instance': {
      const tensor = tensorIn(value);
      if (tensor !== null) return tensor;
      break;
    }
    default:
      break;
  }
  return context.unsupported(`a ${value.kind === 'instance' ? value.class.name : value.kind} as an argument of tfjs`);
}

/** A result of tfjs as a value: tensors are wrapped, typed arrays become arrays. */
export function fromHost(cls: ClassValue, result: unknown): Value {
  if (result instanceof TfTensor) return wrapTensor(cls, result as TfTensor);
  if (result === undefined) return UNDEFINED;
  if (result === null) return NONE;
  if (typeof result === 'number') return float(result);
  if (typeof result === 'boolean') return bool(result);
  if (typeof result === 'string') return str(result);
  if (ArrayBuffer.isView(result)) return list(Array.from(result as unknown as ArrayLike<number>, float));
  if (Array.isArray(result)) return list(result.map((item) => fromHost(cls, item)));
  const made: ObjectValue = { kind: 'object', properties: new Map() };
  for (const [name, member] of Object.entries(result)) made.properties.set(name, fromHost(cls, member));
  return made;
}
