/** Numbers and tensors as plain data that JSON can carry. */
import type { Num, TensorData } from '../inspection';

export function num(value: number): Num {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

/** What a tensor holds, all of it, in row-major order. */
export interface ReadTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** At most `limit` of the values. */
export function tensorData({ dtype, shape, values }: ReadTensor, limit = 4096): TensorData {
  const kept = values.slice(0, limit).map(num);
  return kept.length === values.length ? { dtype, shape, values: kept } : { dtype, shape, values: kept, truncated: true };
}

/** The rows of a two-dimensional tensor. */
export function rowsOf({ shape, values }: ReadTensor): readonly (readonly number[])[] {
  const width = shape.at(-1) ?? 1;
  const count = width === 0 ? 0 : values.length / width;
  return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width));
}
