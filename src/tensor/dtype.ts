/** torch's element types, how their values are kept, and how they are named. */

export type FloatDtype = 'float32' | 'float64' | 'float16' | 'bfloat16';
export type IntegerDtype = 'int64' | 'int32' | 'int16' | 'int8' | 'uint8';
export type Dtype = FloatDtype | IntegerDtype | 'bool';

export type Values = Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array;

interface DtypeRecord {
  /** int64 is kept in doubles: exact to 2⁵³, where an Int32Array would wrap. Half types are kept in floats, rounded after each operation. */
  readonly array: { new (size: number): Values; readonly BYTES_PER_ELEMENT: number };
  readonly bytes: number;
  /** As torch's messages name it. */
  readonly scalarName: string;
  readonly longName: string;
  readonly legacyTensorName: string;
}

const records: Readonly<Record<Dtype, DtypeRecord>> = {
  float32: { array: Float32Array, bytes: 4, scalarName: 'Float', longName: 'float', legacyTensorName: 'FloatTensor' },
  float64: { array: Float64Array, bytes: 8, scalarName: 'Double', longName: 'double', legacyTensorName: 'DoubleTensor' },
  float16: { array: Float32Array, bytes: 2, scalarName: 'Half', longName: 'c10::Half', legacyTensorName: 'HalfTensor' },
  bfloat16: { array: Float32Array, bytes: 2, scalarName: 'BFloat16', longName: 'c10::BFloat16', legacyTensorName: 'BFloat16Tensor' },
  int64: { array: Float64Array, bytes: 8, scalarName: 'Long', longName: 'long int', legacyTensorName: 'LongTensor' },
  int32: { array: Int32Array, bytes: 4, scalarName: 'Int', longName: 'int', legacyTensorName: 'IntTensor' },
  int16: { array: Int16Array, bytes: 2, scalarName: 'Short', longName: 'short int', legacyTensorName: 'ShortTensor' },
  int8: { array: Int8Array, bytes: 1, scalarName: 'Char', longName: 'signed char', legacyTensorName: 'CharTensor' },
  uint8: { array: Uint8Array, bytes: 1, scalarName: 'Byte', longName: 'unsigned char', legacyTensorName: 'ByteTensor' },
  bool: { array: Uint8Array, bytes: 1, scalarName: 'Bool', longName: 'bool', legacyTensorName: 'BoolTensor' },
};

export const dtypes = Object.keys(records) as readonly Dtype[];

export const isFloatDtype = (dtype: Dtype): dtype is FloatDtype =>
  dtype === 'float32' || dtype === 'float64' || dtype === 'float16' || dtype === 'bfloat16';

export const isIntegerDtype = (dtype: Dtype): dtype is IntegerDtype => !isFloatDtype(dtype) && dtype !== 'bool';

/** Integers and bool, which torch calls integral types. */
export const isIntegralDtype = (dtype: Dtype): boolean => !isFloatDtype(dtype);

export const newValues = (dtype: Dtype, size: number): Values => new records[dtype].array(size);
/** What an element takes here, where half types are floats and int64 is doubles. */
export const bytesKept = (dtype: Dtype): number => records[dtype].array.BYTES_PER_ELEMENT;
export const elementBytes = (dtype: Dtype): number => records[dtype].bytes;
/** 'Float', 'Long': the name in messages about scalar types. */
export const scalarTypeName = (dtype: Dtype): string => records[dtype].scalarName;
/** 'float', 'long int': the C++ name that messages of matrix products use. */
export const cppTypeName = (dtype: Dtype): string => records[dtype].longName;
/** 'FloatTensor': what `tensor.type()` gives after 'torch.'. */
export const legacyTensorName = (dtype: Dtype): string => records[dtype].legacyTensorName;

const bits = new Float32Array(1);
const bitsAsInteger = new Int32Array(bits.buffer);

/** Rounds to a multiple of a power of two, half to even. */
function roundToQuantum(x: number, quantum: number): number {
  const scaled = x / quantum;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const rounded = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  return rounded * quantum;
}

function exponentOf(x: number): number {
  bits[0] = x;
  return ((bitsAsInteger[0]! >> 23) & 0xff) - 127;
}

export function roundToFloat16(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  if (Math.abs(x) >= 65520) return x > 0 ? Infinity : -Infinity;
  return roundToQuantum(x, 2 ** (Math.max(exponentOf(x), -14) - 10));
}

export function roundToBfloat16(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  return Math.fround(roundToQuantum(x, 2 ** (Math.max(exponentOf(x), -126) - 7)));
}

/** Rounds what was computed in floats to the precision of a half type, in place; other types are rounded by their arrays. */
export function roundToDtype(values: Values, dtype: Dtype): void {
  const round = dtype === 'float16' ? roundToFloat16 : dtype === 'bfloat16' ? roundToBfloat16 : null;
  if (round === null) return;
  for (let i = 0; i < values.length; i++) values[i] = round(values[i]!);
}

/** One number as this type keeps it: rounded, truncated towards zero, wrapped, or made 0 or 1. */
export function castNumber(x: number, dtype: Dtype): number {
  switch (dtype) {
    case 'float64':
      return x;
    case 'float32':
      return Math.fround(x);
    case 'float16':
      return roundToFloat16(Math.fround(x));
    case 'bfloat16':
      return roundToBfloat16(Math.fround(x));
    case 'bool':
      return x !== 0 ? 1 : 0;
    case 'int64':
      // What a processor makes of a float outside the range: the smallest integer.
      return Number.isFinite(x) ? Math.trunc(x) + 0 : -(2 ** 63);
    case 'int32':
      return x | 0;
    case 'int16':
      return (x << 16) >> 16;
    case 'int8':
      return (x << 24) >> 24;
    case 'uint8':
      return x & 0xff;
  }
}

/** Copies numbers into an array of another type, each as `castNumber` makes it. */
export function castInto(to: Values, dtype: Dtype, from: Values): void {
  switch (dtype) {
    case 'float32':
    case 'float64':
      to.set(from);
      return;
    case 'float16':
    case 'bfloat16':
      to.set(from);
      roundToDtype(to, dtype);
      return;
    case 'bool':
      for (let i = 0; i < to.length; i++) to[i] = from[i] !== 0 ? 1 : 0;
      return;
    default:
      for (let i = 0; i < to.length; i++) to[i] = castNumber(from[i]!, dtype);
  }
}
