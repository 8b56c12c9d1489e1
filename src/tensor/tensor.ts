import { type Dtype, isFloatDtype, type Values } from './dtype';
import { makeTapeTensor, type TapeTensor } from './engine';
import { contiguousStrides, elementCount, isContiguous, type Shape } from './shapes';

/** A count of in-place writes: what was saved for a gradient compares it. `detach` shares it, `.data` does not. */
export interface Version {
  count: number;
  /** All writes to the memory, through whichever version counter. */
  readonly memory: { writes: number };
}

/**
 * Memory and its place on the tape. The values are one array for the life of the memory: an in-place write changes them, counts the version, and
 * puts a new tensor over the same array on the tape, so that everything later differentiates through the write.
 */
export interface Cell {
  readonly dtype: Dtype;
  values: Values;
  version: Version;
  requiresGrad: boolean;
  /** torch's name for the operation that made it; null for a leaf. */
  gradFn: string | null;
  /** The tensor on the tape, made when first needed; flat, in storage order. */
  base: TapeTensor | null;
  /** What gradients of a leaf are asked for; stays when in-place writes or hooks move the base on. */
  leafBase: TapeTensor | null;
  leaf: Tensor | null;
  /** Filled by this run's random generator, whose numbers are not torch's. */
  wasRandom: boolean;
  /** Made by `empty`: until it is first written to, its content is whatever the memory held. */
  unset: boolean;
}

/** A view of a cell, as torch's Tensor is a view of a storage. */
export class Tensor {
  /** Accumulated gradient of a leaf, or of a tensor that retains it. */
  grad: Tensor | null = null;
  /** The contiguous copy of a view that is on the tape, and when it was made. */
  dense: { readonly writes: number; readonly base: TapeTensor | null; readonly tape: TapeTensor; readonly values: Values } | null = null;

  readonly cell: Cell;
  shape: Shape;
  strides: Shape;
  offset: number;
  /** torch's name for the view operation that made it; null if it is not a view. */
  viewName: string | null;

  constructor(cell: Cell, shape: Shape, strides: Shape, offset: number, viewName: string | null = null) {
    this.cell = cell;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    this.viewName = viewName;
  }

  get dtype(): Dtype {
    return this.cell.dtype;
  }
  get requiresGrad(): boolean {
    return this.cell.requiresGrad;
  }
  /** Name of the operation it came from, such as 'MulBackward0'; null for a leaf. */
  get gradFn(): string | null {
    if (!this.cell.requiresGrad) return null;
    return this.viewName ?? this.cell.gradFn;
  }
  get isLeaf(): boolean {
    return this.gradFn === null;
  }
  get wasRandom(): boolean {
    return this.cell.wasRandom;
  }
}

/** Does its content depend on what the memory held before? */
export const isUnset = ({ cell }: Tensor): boolean => cell.unset && cell.version.memory.writes === 0;

export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

export const rank = (tensor: Tensor): number => tensor.shape.length;
export const numel = (tensor: Tensor): number => elementCount(tensor.shape);
export const isFloating = (tensor: Tensor): boolean => isFloatDtype(tensor.dtype);
export const isTensorContiguous = (tensor: Tensor): boolean => isContiguous(tensor.shape, tensor.strides);

/** Is the tensor its whole memory in order? Then no copy is needed to read it. */
export const isWhole = (tensor: Tensor): boolean =>
  tensor.offset === 0 && elementCount(tensor.shape) === tensor.cell.values.length && isContiguous(tensor.shape, tensor.strides);

export function newCell(values: Values, dtype: Dtype): Cell {
  return {
    dtype,
    values,
    version: { count: 0, memory: { writes: 0 } },
    requiresGrad: false,
    gradFn: null,
    base: null,
    leafBase: null,
    leaf: null,
    wasRandom: false,
    unset: false,
  };
}

/** A new tensor over values of its own, which nothing else may hold. It takes part in no gradient until asked to. */
export function fromValues(values: Values, shape: Shape, dtype: Dtype): Tensor {
  const cell = newCell(values, dtype);
  cell.base = makeTapeTensor(values, dtype);
  return new Tensor(cell, shape, contiguousStrides(shape), 0);
}

/** The cell's tensor on the tape. */
export function baseOf(cell: Cell): TapeTensor {
  cell.base ??= makeTapeTensor(cell.values, cell.dtype);
  return cell.base;
}
