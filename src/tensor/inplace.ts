/** Writing into tensors. Memory changes under every view of it, and the write itself is on the tape. */
import { copyOf, derive, fromTape, needsGrad, readValues, readView, returnGradient, tapeTensorOf } from './record';
import { castInto, castNumber, isFloatDtype, newValues, scalarTypeName, type Values } from './dtype';
import { makeTapeTensor, recordKernel, type TapeTensor } from './engine';
import { runtimeError } from './errors';
import { canCast } from './promotion';
import { accountFor, allocate, currentRun } from './run';
import { sumTo } from './broadcasting';
import { elementCount, forEachPosition, sameShape, type Shape, shapeText } from './shapes';
import { baseOf, isWhole, type Tensor } from './tensor';
import { expand } from './views';

function refuseWrite(target: Tensor): void {
  if (target.requiresGrad && currentRun().gradEnabled) {
    if (target.viewName === null && target.cell.gradFn === null) {
      throw runtimeError('a leaf Variable that requires grad is being used in an in-place operation.');
    }
    if (target.cell.gradFn === null) {
      throw runtimeError('a view of a leaf Variable that requires grad is being used in an in-place operation.');
    }
  }
  if (target.shape.some((size, d) => size > 1 && target.strides[d] === 0)) {
    throw runtimeError(
      'unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation.',
    );
  }
}

/** The operation's result, written back: `x.add_(y)` and `x += y`. The target keeps its type; the result must fit it. */
export function inPlace(target: Tensor, operation: (input: Tensor) => Tensor, others: readonly Tensor[] = []): Tensor {
  refuseWrite(target);
  // The operation's gradient may read what the write is about to replace, so it is given a copy, as torch saves one.
  const input = needsGrad(target, ...others) ? copyOf(target, 'Clone') : target;
  const result = operation(input);
  if (!sameShape(result.shape, target.shape)) {
    throw runtimeError(`output with shape ${shapeText(target.shape)} doesn't match the broadcast shape ${shapeText(result.shape)}`);
  }
  if (!canCast(result.dtype, target.dtype)) {
    throw runtimeError(
      `result type ${scalarTypeName(result.dtype)} can't be cast to the desired output type ${scalarTypeName(target.dtype)}`,
    );
  }
  const name = result.cell.gradFn;
  write(target, result);
  if (target.viewName === null && name !== null && target.requiresGrad) target.cell.gradFn = name;
  return target;
}

/** Copies values into the target, broadcasting and casting: `copy_`, `fill_`, and assignment to an index. */
export function copyInto(target: Tensor, value: Tensor): Tensor {
  refuseWrite(target);
  write(target, sameShape(value.shape, target.shape) ? value : expandForWrite(value, target.shape));
  return target;
}

/** Leading dimensions of size 1 that the target lacks are dropped, as torch does for assignments. */
function expandForWrite(value: Tensor, shape: Shape): Tensor {
  let source = value;
  while (source.shape.length > shape.length && source.shape[0] === 1) {
    source = readViewOfFirst(source);
  }
  return expand(source, shape);
}

const readViewOfFirst = (value: Tensor): Tensor => readView(value, value.shape.slice(1), value.strides.slice(1), value.offset);

function write(target: Tensor, value: Tensor): void {
  currentRun().recorder?.write(target, value);
  const { cell, shape, strides, offset } = target;
  const whole = isWhole(target);
  const recorded = isFloatDtype(cell.dtype) && needsGrad(target, value);
  const onTape = recorded ? tapeBefore(target, value, whole) : null;
  if (whole && value.cell.values.length === 1) cell.values.fill(castNumber(value.cell.values[0]!, cell.dtype));
  else {
    const source = ownValues(value, target);
    if (whole) cell.values.set(source);
    else {
      forEachPosition(shape, strides, offset, (position, index) => {
        cell.values[position] = source[index]!;
      });
    }
  }
  cell.version.count++;
  cell.version.memory.writes++;
  if (onTape !== null) recordWrite(target, value, onTape);
}

/** The value's numbers in the target's type. They may be the target's own memory, in another order: then they are copied before anything changes. */
function ownValues(value: Tensor, target: Tensor): Values {
  const source = readValues(value);
  const { dtype } = target.cell;
  if (value.dtype === dtype && source.buffer !== target.cell.values.buffer) return source;
  const cast = newValues(dtype, source.length);
  castInto(cast, dtype, source);
  return cast;
}

interface Before {
  readonly old: TapeTensor | null;
  readonly value: TapeTensor | null;
}

function tapeBefore(target: Tensor, value: Tensor, whole: boolean): Before {
  const valueTape = value.requiresGrad && isFloatDtype(value.dtype) ? tapeTensorOf(value) : null;
  const old = target.cell.requiresGrad && !(whole && valueTape !== null) ? baseOf(target.cell) : null;
  return { old, value: valueTape };
}

/** Puts a new tensor over the changed memory on the tape: the old content flows through where it was kept, the value where it was written. */
function recordWrite(target: Tensor, value: Tensor, before: Before): void {
  const { cell } = target;
  const { shape, strides, offset } = target;
  const size = cell.values.length;
  const inputs = [before.old, before.value].filter((tape) => tape !== null);
  const [tape] = recordKernel(
    inputs,
    () => [makeTapeTensor(cell.values, cell.dtype)],
    ([dy], i) => {
      const whole = fromTape(dy!, [size], cell.dtype);
      if (before.old !== null && i === 0) return returnGradient(clearView(whole, shape, strides, offset));
      const written = sumTo(readView(whole, shape, strides, offset), value.shape);
      return returnGradient(castGradient(written, value));
    },
  );
  cell.base = tape!;
  cell.leafBase = null;
  cell.requiresGrad = true;
  cell.gradFn = target.viewName === null ? 'CopyBackwards' : 'CopySlices';
  if (target.viewName !== null) target.viewName = 'AsStridedBackward0';
}

function castGradient(gradient: Tensor, like: Tensor): Tensor {
  if (gradient.dtype === like.dtype) return gradient;
  const values = allocate(like.dtype, elementCount(gradient.shape));
  castInto(values, like.dtype, readValues(gradient));
  return derive(values, gradient.shape, like.dtype, { name: 'ToCopy', inputs: [gradient], gradient: (dy) => dy });
}

/** Zero at the positions of a view, unchanged elsewhere. */
function clearView(flat: Tensor, shape: Shape, strides: Shape, offset: number): Tensor {
  const values: Values = readValues(flat).slice();
  accountFor(flat.dtype, values.length);
  forEachPosition(shape, strides, offset, (position) => {
    values[position] = 0;
  });
  return derive(values, flat.shape, flat.dtype, {
    name: 'CopySlices',
    inputs: [flat],
    gradient: (dy) => clearView(dy, shape, strides, offset),
  });
}

/** Changes the shape of the tensor object itself, as `squeeze_`, `unsqueeze_` and `t_` do. */
export function reshapeInPlace(target: Tensor, like: Tensor): Tensor {
  target.shape = like.shape;
  target.strides = like.strides;
  target.offset = like.offset;
  target.dense = null;
  return target;
}
