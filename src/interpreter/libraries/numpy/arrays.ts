/** Arithmetic on numpy's arrays and scalars: numpy's own promotion (int64 with float32 is float64; a Python number is weak), results as numpy's. */
import { fromNumbers, to } from '../../../tensor/creation';
import { type Dtype, isFloatDtype, isIntegralDtype } from '../../../tensor/dtype';
import { promoteTypes } from '../../../tensor/promotion';
import { noGrad } from '../../../tensor/run';
import type { Tensor } from '../../../tensor/tensor';
import { detach } from '../../../tensor/views';
import type { Context } from '../../context';
import { bigintOf, numberOf, type Value } from '../../value';
import { type LiteralRules, tensorFromData } from '../torch/literal';
import { resultValue, scalarDtype } from './scalars';

/** A Python number takes part in promotion by its kind only. */
type Weak = 'bool' | 'int' | 'float' | null;

export interface Operand {
  readonly tensor: Tensor;
  readonly weak: Weak;
}

const rules: LiteralRules = {
  mostDims: 64,
  tooDeep: (context) =>
    context.raise(
      'ValueError',
      'setting an array element with a sequence. The requested array would exceed the maximum number of dimension of 64.',
    ),
  floatDtype: 'float64',
  ragged: (context, _, dim) =>
    context.raise(
      'ValueError',
      `setting an array element with a sequence. The requested array has an inhomogeneous shape after ${dim} dimensions.`,
    ),
  invalid: (context, value) => context.unsupported(`numpy arrays of ${context.typeOf(value).name}`),
};

/** np.array's reading of data. */
export function arrayFromData(context: Context, data: Value, dtype: Dtype | null): Tensor {
  if (data.kind === 'tensor') return dtype === null ? data.tensor : to(data.tensor, dtype);
  return tensorFromData(context, data, dtype, rules);
}

/** An operand of an array operation; null for what numpy would leave to the other side. */
export function operandOf(context: Context, value: Value): Operand | null {
  if (value.kind === 'tensor') return { tensor: value.tensor.requiresGrad ? detach(value.tensor) : value.tensor, weak: null };
  const number = numberOf(value);
  if (number !== null) {
    const strong = scalarDtype(value);
    const kind = value.kind === 'float' ? 'float' : bigintOf(value) !== null && value.kind === 'int' ? 'int' : 'bool';
    const natural: Dtype = kind === 'float' ? 'float64' : kind === 'int' ? 'int64' : 'bool';
    return { tensor: fromNumbers([number], [], strong ?? natural), weak: strong === null ? kind : null };
  }
  if (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'range') {
    return { tensor: arrayFromData(context, value, null), weak: null };
  }
  return null;
}

/** numpy's table: unlike torch, an integer of 32 bits or more makes float32 a float64. */
export function promote(a: Dtype, b: Dtype): Dtype {
  if (isFloatDtype(a) !== isFloatDtype(b)) {
    const [float, other] = isFloatDtype(a) ? [a, b] : [b, a];
    if (float === 'float64' || other === 'bool') return float;
    if (other === 'int64' || other === 'int32') return 'float64';
    return other === 'int16' || float === 'float32' ? 'float32' : float;
  }
  return promoteTypes(a, b);
}

export function resultDtype(a: Operand, b: Operand): Dtype {
  if ((a.weak === null) === (b.weak === null)) return promote(a.tensor.dtype, b.tensor.dtype);
  const [strong, weak] = a.weak === null ? [a.tensor.dtype, b.weak] : [b.tensor.dtype, a.weak];
  if (weak === 'float') return isFloatDtype(strong) ? strong : 'float64';
  if (weak === 'int') return strong === 'bool' ? 'int64' : strong;
  return strong;
}

function checkBroadcast(context: Context, a: Tensor, b: Tensor): void {
  const rank = Math.max(a.shape.length, b.shape.length);
  for (let d = 1; d <= rank; d++) {
    const [x, y] = [a.shape.at(-d) ?? 1, b.shape.at(-d) ?? 1];
    if (d > a.shape.length || d > b.shape.length || x === y || x === 1 || y === 1) continue;
    const shapes = [a, b].map(({ shape }) => `(${shape.join(',')}${shape.length === 1 ? ',' : ''})`).join(' ');
    context.raise('ValueError', `operands could not be broadcast together with shapes ${shapes} `);
  }
}

export type Binary = (a: Tensor, b: Tensor) => Tensor;

export interface BinaryRule {
  readonly compute: Binary;
  /** The dtype to compute in, given the promoted one. */
  readonly domain?: (dtype: Dtype) => Dtype;
}

/** Integers and bool compute in doubles. */
export const inFloats = (dtype: Dtype): Dtype => (isIntegralDtype(dtype) ? 'float64' : dtype);

/** One operation on two operands, off the tape. */
export function binary(context: Context, { compute, domain }: BinaryRule, a: Operand, b: Operand): Tensor {
  checkBroadcast(context, a.tensor, b.tensor);
  const promoted = resultDtype(a, b);
  const dtype = domain === undefined ? promoted : domain(promoted);
  return noGrad(() => compute(to(a.tensor, dtype), to(b.tensor, dtype)));
}

export function binaryValue(context: Context, rule: BinaryRule, a: Operand, b: Operand): Value {
  return resultValue(binary(context, rule, a, b));
}
