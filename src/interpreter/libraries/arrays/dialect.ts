/**
 * TensorFlow and JAX write the same array operations in two ways. Both run on the tensor room; a dialect is what differs: the class of the
 * arrays, and what happens when dtypes meet.
 */
import { fromScalar, to } from '../../../tensor/creation';
import { type Dtype, isFloatDtype } from '../../../tensor/dtype';
import { TensorError } from '../../../tensor/errors';
import type { Operand, Scalar } from '../../../tensor/promotion';
import type { Tensor } from '../../../tensor/tensor';
import type { Context } from '../../context';
import { exceptionClass } from '../../exceptions';
import { nativeClass } from '../../library';
import type { Arguments } from '../../signature';
import { OBJECT } from '../../types';
import { type ClassValue, type TensorValue, type Value, numberOf } from '../../value';
import { dtypeArgument } from '../numpy/scalars';
import { type LiteralRules, tensorFromData } from '../torch/literal';
import { NDARRAY } from '../torch/tensors';

export interface Dialect {
  readonly name: 'tensorflow' | 'jax' | 'mlx' | 'paddle' | 'mindspore' | 'mxnet';
  readonly arrayClass: ClassValue;
  /** What `x.shape` is. */
  readonly shapes: 'tuple' | 'list' | 'TensorShape';
  /** What a comparison gives: truth values, or 0 and 1 in the dtype of what was compared. */
  readonly compares: 'bool' | 'numbers';
  /** JAX promotes as numpy does within 32 bits; TensorFlow refuses to mix dtypes. */
  readonly mixesDtypes: boolean;
  readonly literals: LiteralRules;
}

export const TENSORFLOW_TENSOR: ClassValue = nativeClass('tensorflow.Tensor', [OBJECT], [], { sealed: true });
export const JAX_ARRAY: ClassValue = nativeClass('jax.Array', [OBJECT], [], { sealed: true });
export const INVALID_ARGUMENT: ClassValue = nativeClass(
  'tensorflow.errors.InvalidArgumentError',
  [exceptionClass('Exception')],
  {},
  { sealed: true },
);

const literals: LiteralRules = {
  mostDims: 64,
  tooDeep: (context) => context.unsupported('data nested deeper than 64 levels'),
  floatDtype: 'float32',
  ragged: (context) => context.raise('ValueError', "Can't convert non-rectangular Python sequence to Tensor."),
  invalid: (context, value) =>
    context.raise('ValueError', `Attempt to convert a value of type ${context.typeOf(value).name} to a Tensor with an unsupported type`),
};

export const tensorflow: Dialect = {
  name: 'tensorflow',
  arrayClass: TENSORFLOW_TENSOR,
  shapes: 'TensorShape',
  compares: 'bool',
  mixesDtypes: false,
  literals,
};

const mixing = (name: Dialect['name'], arrayClass: ClassValue, differs: Partial<Dialect> = {}): Dialect => ({
  name,
  arrayClass,
  shapes: 'tuple',
  compares: 'bool',
  mixesDtypes: true,
  literals,
  ...differs,
});
const ownClass = (name: string): ClassValue => nativeClass(name, [OBJECT], [], { sealed: true });

export const jax = mixing('jax', JAX_ARRAY);
export const mlx = mixing('mlx', ownClass('mlx.core.array'));
export const paddle = mixing('paddle', ownClass('paddle.Tensor'), { shapes: 'list' });
export const mindspore = mixing('mindspore', ownClass('mindspore.Tensor'));
export const mxnet = mixing('mxnet', ownClass('mxnet.ndarray.NDArray'), { compares: 'numbers' });

const values = new WeakMap<Tensor, TensorValue>();

export function wrapArray(dialect: Dialect, tensor: Tensor): TensorValue {
  let value = values.get(tensor);
  if (value === undefined) {
    value = { kind: 'tensor', tensor, class: dialect.arrayClass, attributes: new Map() };
    values.set(tensor, value);
  }
  return value;
}

/** No framework makes 64-bit numbers of plain Python ones, and JAX keeps none at all. */
function narrowed(tensor: Tensor, dialect: Dialect, isOwn: boolean): Tensor {
  if (isOwn && dialect.name !== 'jax') return tensor;
  if (tensor.dtype === 'int64') return to(tensor, 'int32');
  return tensor.dtype === 'float64' && dialect.name === 'jax' ? to(tensor, 'float32') : tensor;
}

/** Python data, an array, or a number as an array of the framework. */
export function arrayOf(context: Context, dialect: Dialect, value: Value, dtype: Dtype | null = null): Tensor {
  if (value.kind === 'tensor') {
    const own = narrowed(value.tensor, dialect, value.class === dialect.arrayClass || value.class === NDARRAY);
    return dtype === null ? own : to(own, dtype);
  }
  const made = tensorFromData(context, value, dtype, dialect.literals);
  return dtype === null ? narrowed(made, dialect, false) : made;
}

function scalarOf(value: Value): Scalar | null {
  const number = numberOf(value);
  return number === null ? null : { kind: value.kind === 'float' ? 'float' : value.kind === 'bool' ? 'bool' : 'int', value: number };
}

/** Two operands as the tensor room takes them, by the dialect's rule for mixed dtypes. */
export function operandsOf(context: Context, dialect: Dialect, left: Value, right: Value): readonly [Operand, Operand] | null {
  const convert = (value: Value): Operand | null => {
    const scalar = scalarOf(value);
    if (scalar !== null) return scalar;
    return value.kind === 'tensor' || value.kind === 'list' || value.kind === 'tuple' ? arrayOf(context, dialect, value) : null;
  };
  const [a, b] = [convert(left), convert(right)];
  if (a === null || b === null) return null;
  if (dialect.mixesDtypes) return [a, b];
  return strict(context, a, b);
}

/** TensorFlow: a Python number takes the tensor's dtype if it can, and two tensors must have the same. */
function strict(context: Context, a: Operand, b: Operand): readonly [Operand, Operand] {
  if ('kind' in a && 'kind' in b) return [fromScalar(a, defaultDtype(a)), b];
  const like = 'kind' in a ? (b as Tensor) : a;
  for (const other of [a, b]) {
    if ('kind' in other) {
      if (other.kind === 'float' && !isFloatDtype(like.dtype))
        context.raise('TypeError', `Cannot convert ${other.value} to EagerTensor of dtype ${like.dtype}`);
    } else if (other.dtype !== like.dtype) {
      context.raiseClass(
        INVALID_ARGUMENT,
        `cannot compute as input #1(zero-based) was expected to be a ${tfName(like.dtype)} tensor but is a ${tfName(other.dtype)} tensor`,
      );
    }
  }
  return [a, b];
}

const defaultDtype = (scalar: Scalar): Dtype => (scalar.kind === 'float' ? 'float32' : scalar.kind === 'int' ? 'int32' : 'bool');
const tfName = (dtype: Dtype): string => (dtype === 'float32' ? 'float' : dtype === 'float64' ? 'double' : dtype);

/** What the tensor room calls a RuntimeError is an InvalidArgumentError in TensorFlow and a TypeError in JAX. */
export function inDialectErrors<T>(context: Context, dialect: Dialect, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof TensorError)) throw error;
    // What the tensor room refuses, it refuses in torch's words.
    const message = error.message.replace(/^torch\.\w+\(\): /, '');
    if (dialect.name === 'tensorflow') return context.raiseClass(INVALID_ARGUMENT, message);
    return context.raise(error.type !== 'RuntimeError' ? error.type : dialect.name === 'jax' ? 'TypeError' : 'ValueError', message);
  }
}

/** Readers of a call's arguments in one dialect. */
export interface Call {
  readonly context: Context;
  readonly args: Arguments;
  readonly dialect: Dialect;
  array(name: string): Tensor;
  /** null for None. */
  arrayOrNull(name: string): Tensor | null;
  arrays(name: string): Tensor[];
  /** Two arguments that meet in one operation. */
  pair(left: string, right: string): readonly [Operand, Operand];
  axes(): readonly number[] | null;
  axis(fallback: number): number;
  keepsDims(): boolean;
  dtype(): Dtype | null;
}

export function callOf(context: Context, args: Arguments, dialect: Dialect): Call {
  const has = (name: string) => args.has(name);
  return {
    context,
    args,
    dialect,
    array: (name) => arrayOf(context, dialect, args.value(name)),
    arrayOrNull: (name) => (args.optional(name) === null ? null : arrayOf(context, dialect, args.value(name))),
    arrays: (name) => args.items(name).map((item) => arrayOf(context, dialect, item)),
    pair(left, right) {
      const operands = operandsOf(context, dialect, args.value(left), args.value(right));
      return (
        operands ??
        context.raise('TypeError', `unsupported operand types: ${[left, right].map((n) => context.typeOf(args.value(n)).name).join(', ')}`)
      );
    },
    axes: () => (has('axis') ? args.intsOrNull('axis') : null),
    axis: (fallback) => (has('axis') ? (args.intOrNull('axis') ?? fallback) : fallback),
    keepsDims: () => has('keepdims') && args.bool('keepdims'),
    dtype() {
      const value = has('dtype') ? args.optional('dtype') : null;
      return value === null ? null : dtypeArgument(context, value);
    },
  };
}
