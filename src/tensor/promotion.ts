import { type Dtype, isFloatDtype } from './dtype';
import { isTensor, type Tensor } from './tensor';

/** A Python number beside tensors: its kind takes part in type promotion, its size does not. */
export interface Scalar {
  readonly kind: 'bool' | 'int' | 'float';
  readonly value: number;
}

export type Operand = Tensor | Scalar;

export const intScalar = (value: number): Scalar => ({ kind: 'int', value });
export const floatScalar = (value: number): Scalar => ({ kind: 'float', value });
export const boolScalar = (value: boolean): Scalar => ({ kind: 'bool', value: value ? 1 : 0 });

export const scalarDtype = (scalar: Scalar): Dtype => (scalar.kind === 'float' ? 'float32' : scalar.kind === 'int' ? 'int64' : 'bool');

const integerOrder: readonly Dtype[] = ['bool', 'int8', 'int16', 'int32', 'int64'];

/** The smallest type that holds both, by torch's table. */
export function promoteTypes(a: Dtype, b: Dtype): Dtype {
  if (a === b) return a;
  if (isFloatDtype(a) && isFloatDtype(b)) {
    if (a === 'float64' || b === 'float64') return 'float64';
    return 'float32';
  }
  if (isFloatDtype(a)) return a;
  if (isFloatDtype(b)) return b;
  if (a === 'uint8' || b === 'uint8') {
    const other = a === 'uint8' ? b : a;
    return other === 'bool' ? 'uint8' : other === 'int8' ? 'int16' : other;
  }
  return integerOrder[Math.max(integerOrder.indexOf(a), integerOrder.indexOf(b))]!;
}

/** Combines the type of operands that have dimensions with that of those that have none, which matter only if they are of a higher kind. */
function combine(higher: Dtype | null, lower: Dtype | null): Dtype | null {
  if (higher === null) return lower;
  if (lower === null || isFloatDtype(higher)) return higher;
  if (higher === 'bool' || isFloatDtype(lower)) return promoteTypes(higher, lower);
  return higher;
}

/** The type an operation on these computes in: torch.result_type. */
export function resultType(...operands: readonly Operand[]): Dtype {
  let dimensioned: Dtype | null = null;
  let zeroDim: Dtype | null = null;
  let wrapped: Dtype | null = null;
  for (const operand of operands) {
    if (!isTensor(operand)) {
      const dtype = scalarDtype(operand);
      wrapped = wrapped === null ? dtype : promoteTypes(wrapped, dtype);
    } else if (operand.shape.length === 0) zeroDim = zeroDim === null ? operand.dtype : promoteTypes(zeroDim, operand.dtype);
    else dimensioned = dimensioned === null ? operand.dtype : promoteTypes(dimensioned, operand.dtype);
  }
  return combine(dimensioned, combine(zeroDim, wrapped)) ?? 'float32';
}

/** May a result of one type be written into a tensor of another? Only within its kind or to a higher one. */
export function canCast(from: Dtype, to: Dtype): boolean {
  if (isFloatDtype(from)) return isFloatDtype(to);
  return from === 'bool' || to !== 'bool';
}
