/** The inner loops of operations on two operands that broadcast. */
import { castNumber, type Dtype, isIntegerDtype, newValues, type Values } from './dtype';
import { type Operand, resultType } from './promotion';
import { readValues } from './record';
import { allocate } from './run';
import { broadcastShapes, broadcastStrides, contiguousStrides, elementCount, type Shape } from './shapes';
import { isTensor } from './tensor';

/** An operation on two numbers. The four commonest have loops of their own: a call for each element costs more than they do. */
export type Binary = 'add' | 'sub' | 'mul' | 'div' | ((a: number, b: number) => number);

interface Side {
  readonly values: Values;
  readonly strides: Shape;
}

function run(out: Values, o: number, n: number, f: Binary, a: Values, i: number, si: number, b: Values, j: number, sj: number): void {
  if (typeof f !== 'function') {
    if (out instanceof Float32Array && a instanceof Float32Array && b instanceof Float32Array) floats(out, o, n, f, a, i, si, b, j, sj);
    else mixed(out, o, n, f, a, i, si, b, j, sj);
    return;
  }
  for (const end = o + n; o < end; o++, i += si, j += sj) out[o] = f(a[i]!, b[j]!);
}

/** The loops of single precision, which a compiler sees with this one kind of array only: mixed kinds take it three times as long. */
function floats(
  out: Float32Array,
  o: number,
  n: number,
  f: Extract<Binary, string>,
  a: Float32Array,
  i: number,
  si: number,
  b: Float32Array,
  j: number,
  sj: number,
): void {
  const end = o + n;
  switch (f) {
    case 'add':
      for (; o < end; o++, i += si, j += sj) out[o] = a[i]! + b[j]!;
      return;
    case 'sub':
      for (; o < end; o++, i += si, j += sj) out[o] = a[i]! - b[j]!;
      return;
    case 'mul':
      for (; o < end; o++, i += si, j += sj) out[o] = a[i]! * b[j]!;
      return;
    case 'div':
      for (; o < end; o++, i += si, j += sj) out[o] = a[i]! / b[j]!;
  }
}

function mixed(
  out: Values,
  o: number,
  n: number,
  f: Extract<Binary, string>,
  a: Values,
  i: number,
  si: number,
  b: Values,
  j: number,
  sj: number,
): void {
  const end = o + n;
  switch (f) {
    case 'add':
      for (; o < end; o++, i += si, j += sj) out[o] = a[i]! + b[j]!;
      return;
    case 'sub':
      for (; o < end; o++, i += si, j += sj) out[o] = a[i]! - b[j]!;
      return;
    case 'mul':
      for (; o < end; o++, i += si, j += sj) out[o] = a[i]! * b[j]!;
      return;
    case 'div':
      for (; o < end; o++, i += si, j += sj) out[o] = a[i]! / b[j]!;
  }
}

function zip(out: Values, shape: Shape, a: Side, b: Side, f: Binary): void {
  // Neighbouring dimensions that lie evenly in both operands are one loop.
  const sizes: number[] = [];
  const stridesA: number[] = [];
  const stridesB: number[] = [];
  shape.forEach((size, d) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    if (last >= 0 && stridesA[last] === a.strides[d]! * size && stridesB[last] === b.strides[d]! * size) {
      sizes[last]! *= size;
      stridesA[last] = a.strides[d]!;
      stridesB[last] = b.strides[d]!;
    } else {
      sizes.push(size);
      stridesA.push(a.strides[d]!);
      stridesB.push(b.strides[d]!);
    }
  });
  const inner = sizes.pop() ?? 1;
  const innerA = stridesA.pop() ?? 0;
  const innerB = stridesB.pop() ?? 0;
  const rank = sizes.length;
  const counter = new Array<number>(rank).fill(0);
  let i = 0;
  let j = 0;
  for (let o = 0; o < out.length; o += inner) {
    run(out, o, inner, f, a.values, i, innerA, b.values, j, innerB);
    for (let d = rank - 1; d >= 0; d--) {
      i += stridesA[d]!;
      j += stridesB[d]!;
      if (++counter[d]! < sizes[d]!) break;
      i -= stridesA[d]! * sizes[d]!;
      j -= stridesB[d]! * sizes[d]!;
      counter[d] = 0;
    }
  }
}

export interface Zipped {
  readonly values: Values;
  readonly shape: Shape;
}

/**
 * Applies an operation element by element, broadcasting. Operands are taken in the type the operation computes in (torch rounds a Python number
 * to it first); the result is kept in `dtype`.
 */
export function zipOperands(a: Operand, b: Operand, f: Binary, dtype: Dtype, computeDtype: Dtype = resultType(a, b)): Zipped {
  const shape = isTensor(a) ? (isTensor(b) ? broadcastShapes(a.shape, b.shape) : a.shape) : isTensor(b) ? b.shape : [];
  const out = allocate(dtype, elementCount(shape));
  if (out.length > 0) zip(out, shape, side(a, shape, computeDtype), side(b, shape, computeDtype), f);
  if (isIntegerDtype(dtype)) for (let i = 0; i < out.length; i++) out[i]! += 0; // −0 is no integer
  return { values: out, shape };
}

function side(operand: Operand, shape: Shape, dtype: Dtype): Side {
  if (isTensor(operand)) {
    return { values: readValues(operand), strides: broadcastStrides(operand.shape, contiguousStrides(operand.shape), shape) };
  }
  return { values: newValues(dtype, 1).fill(castNumber(operand.value, dtype)), strides: shape.map(() => 0) };
}
