/** How an operation of torch is written down: the places it is found in, its signature, and readers of tensor arguments. */
import type { Operand, Scalar } from '../../../tensor/promotion';
import type { Tensor } from '../../../tensor/tensor';
import type { Context } from '../../context';
import type { Operation } from '../../library';
import type { Arguments } from '../../signature';
import { bigintOf, bool, float, int, isSubclass, list, numberOf, tuple, type Value } from '../../value';
import { NDARRAY, isTorchTensor, wrap } from './tensors';

type Call = (context: Context, args: Arguments) => Value;

/** The places of an operation by letters: t torch, f torch.nn.functional, m a method of Tensor, s torch.special, l torch.linalg. */
const owners: Readonly<Record<string, string>> = {
  t: 'torch',
  f: 'torch.nn.functional',
  m: 'torch.Tensor',
  s: 'torch.special',
  l: 'torch.linalg',
};

/**
 * One record. `where` lists places and names: 'tm softmax' is torch.softmax and Tensor.softmax; several are parted by commas, as in
 * 'tm clamp, tm clip'. The first name is the operation's own.
 */
export function operation(
  where: string,
  signature: string | readonly string[],
  call: Call,
  more: { readonly differences?: string } = {},
): Operation {
  const spellings = where.split(',').flatMap((part) => {
    const [letters = '', name = ''] = part.trim().split(' ');
    return Array.from(letters).map((letter) => `${owners[letter]!}.${name}`);
  });
  const name = where.split(',')[0]!.trim().split(' ')[1]!;
  const owner = owners[where[0]!]!;
  const page = owner === 'torch.Tensor' ? `torch.Tensor.${name}` : `${owner}.${name}`;
  return { name, spellings, signature, call, docs: `https://docs.pytorch.org/docs/stable/generated/${page}.html`, ...more };
}

/** An operation whose result is one tensor. */
export function tensorOperation(
  where: string,
  signature: string | readonly string[],
  compute: (args: Arguments, context: Context) => Tensor,
  more: { readonly differences?: string } = {},
): Operation {
  return operation(where, signature, (context, args) => wrap(compute(args, context)), more);
}

/** A tensor argument. Anything else is torch's TypeError. */
export function tensorArgument(context: Context, args: Arguments, name = 'input'): Tensor {
  return asTensor(context, args.value(name), name);
}

export function asTensor(context: Context, value: Value, name = 'input'): Tensor {
  if (isTorchTensor(value)) return value.tensor;
  if (value.kind === 'unknown') return context.unsupported(value.what);
  return context.raise('TypeError', `argument '${name}' must be Tensor, not ${context.typeOf(value).name}`);
}

export function optionalTensor(context: Context, args: Arguments, name: string): Tensor | null {
  const value = args.optional(name);
  return value === null ? null : asTensor(context, value, name);
}

/** Tensors of a list or tuple. */
export function tensorList(context: Context, args: Arguments, name = 'tensors'): Tensor[] {
  const value = args.value(name);
  if (value.kind !== 'list' && value.kind !== 'tuple') {
    if (isTorchTensor(value)) return context.toArray(value).map((item) => asTensor(context, item, name));
    return context.raise('TypeError', `argument '${name}' must be tuple of Tensors, not ${context.typeOf(value).name}`);
  }
  return value.items.map((item) => asTensor(context, item, name));
}

/** A Python number as torch promotes it; null for anything else. */
export function scalarOf(value: Value): Scalar | null {
  const number = numberOf(value);
  if (number === null) return null;
  return { kind: value.kind === 'float' ? 'float' : bigintOf(value) !== null && value.kind === 'bool' ? 'bool' : 'int', value: number };
}

/** A tensor or number beside tensors; null for anything else. */
export function operandOf(value: Value): Operand | null {
  return value.kind === 'tensor' ? value.tensor : scalarOf(value);
}

export function operandArgument(context: Context, args: Arguments, name: string): Operand {
  const value = args.value(name);
  if (value.kind === 'unknown') return context.unsupported(value.what);
  return operandOf(value) ?? context.raise('TypeError', `argument '${name}' must be Tensor or Number, not ${context.typeOf(value).name}`);
}

/** A number argument; a tensor of one element gives its value. */
export function scalarArgument(context: Context, args: Arguments, name: string): Scalar {
  const value = args.value(name);
  const scalar = scalarOf(value);
  if (scalar !== null) return scalar;
  if (value.kind === 'tensor') {
    const number = context.callMethod(value, 'item');
    const inner = scalarOf(number);
    if (inner !== null) return inner;
  }
  return context.raise('TypeError', `argument '${name}' must be Number, not ${context.typeOf(value).name}`);
}

/** The Python number of a scalar. */
export function scalarValue(scalar: Scalar): Value {
  if (scalar.kind === 'float') return float(scalar.value);
  return scalar.kind === 'bool' ? bool(scalar.value !== 0) : int(Number.isFinite(scalar.value) ? BigInt(scalar.value) : 0n);
}

/** Dimensions to reduce over: an int, a sequence of ints, or null for all. */
export function dims(args: Arguments, name = 'dim'): readonly number[] | null {
  const found = args.intsOrNull(name);
  return found === null || found.length === 0 ? null : found;
}

/** Sizes given as one sequence or as several ints: `view(2, 3)`, `view((2, 3))`. */
export function sizes(context: Context, args: Arguments, keyword = 'size'): number[] {
  const named = args.has(keyword) ? args.optional(keyword) : null;
  const given = named === null ? args.rest : [named];
  const [first] = given;
  if (given.length === 1 && first !== undefined && (first.kind === 'tuple' || first.kind === 'list')) {
    return first.items.map((item) => sizeOf(context, item));
  }
  return given.map((item) => sizeOf(context, item));
}

export function sizeOf(context: Context, value: Value): number {
  const direct = bigintOf(value);
  if (direct !== null) return Number(direct);
  if (value.kind !== 'float') {
    const index = context.findAttribute(value, '__index__');
    if (index !== null) return Number(bigintOf(context.call(index)) ?? 0n);
  }
  return context.raise('TypeError', `sizes must be ints, not ${context.typeOf(value).name}`);
}

export const tensorTuple = (tensors: readonly Tensor[]): Value => tuple(tensors.map(wrap));
export const tensorsAsList = (tensors: readonly Tensor[]): Value => list(tensors.map(wrap));

export const isArray = (value: Value): boolean => value.kind === 'tensor' && isSubclass(value.class, NDARRAY);

/** A tensor or number; null for None. */
export function optionalOperand(context: Context, args: Arguments, name: string): Operand | null {
  return args.optional(name) === null ? null : operandArgument(context, args, name);
}

/** Gives a result composed of several steps the name of torch's single node, which `grad_fn` shows. */
export function named(tensor: Tensor, node: string): Tensor {
  if (tensor.requiresGrad && tensor.viewName === null && tensor.gradFn !== null) tensor.cell.gradFn = node;
  return tensor;
}
