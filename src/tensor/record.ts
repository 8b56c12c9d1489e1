/** Reading tensors and putting what was computed from them on the tape. */
import { castInto, type Dtype, isFloatDtype, newValues, roundToDtype, type Values } from './dtype';
import { makeTapeTensor, recordKernel, type TapeTensor, tapeValues } from './engine';
import { runtimeError } from './errors';
import type { Operand } from './promotion';
import type { Operation } from './recording';
import { accountFor, allocate, currentRun } from './run';
import { contiguousStrides, elementCount, forEachPosition, isContiguous, type Shape } from './shapes';
import { baseOf, fromValues, isWhole, newCell, Tensor } from './tensor';

/** The gradient with respect to one input, given the output's. It is computed with tensor operations, so that it can be differentiated again. */
export type Gradient = (dy: Tensor, input: number, output: Tensor) => Tensor;

export interface Derivation {
  /** torch's name of the node, without 'Backward0': 'Mul', 'LogSoftmax'. */
  readonly name: string;
  /** torch numbers the overloads of an operation: sum() is SumBackward0, sum(dim) SumBackward1. */
  readonly overload?: number;
  readonly inputs: readonly Tensor[];
  /** Tensors whose values the gradient will read again: writing to them in between is an error, as in torch. */
  readonly saved?: readonly Tensor[];
  readonly savesOutput?: boolean;
  readonly gradient: Gradient;
  /** For a recorder (see recording.ts), where they are not the name and the inputs. */
  readonly kernel?: string;
  readonly operands?: readonly Operand[];
  readonly attributes?: Operation['attributes'];
}

/** Is an operation on these tensors to be recorded? */
export function needsGrad(...inputs: readonly Tensor[]): boolean {
  return currentRun().gradEnabled && inputs.some((input) => input.cell.requiresGrad);
}

function gather(values: Values, dtype: Dtype, shape: Shape, strides: Shape, offset: number): Values {
  const out = allocate(dtype, elementCount(shape));
  const inner = shape.at(-1) ?? 1;
  const step = strides.at(-1) ?? 0;
  if (inner < 8 || (step !== 0 && step !== 1)) {
    forEachPosition(shape, strides, offset, (position, index) => {
      out[index] = values[position]!;
    });
  } else {
    // Rows that lie together, or repeat one element, are copied at once.
    forEachPosition(shape.slice(0, -1), strides.slice(0, -1), offset, (position, row) => {
      const start = row * inner;
      if (step === 0) out.fill(values[position]!, start, start + inner);
      else out.set(values.subarray(position, position + inner), start);
    });
  }
  return out;
}

/** The tensor's values in row-major order. They may be its own memory: never write to them, and copy them to keep them. */
export function readValues(tensor: Tensor): Values {
  const { cell, shape, strides, offset } = tensor;
  if (isContiguous(shape, strides)) {
    const count = elementCount(shape);
    return offset === 0 && count === cell.values.length ? cell.values : cell.values.subarray(offset, offset + count);
  }
  if (tensor.dense !== null && tensor.dense.writes === cell.version.memory.writes) return tensor.dense.values;
  if (needsGrad(tensor)) return tapeValues(tapeTensorOf(tensor));
  return gather(cell.values, cell.dtype, shape, strides, offset);
}

/** The tensor on the tape, flat and contiguous: its cell's own when it is the whole cell, else a recorded read of the view. */
export function tapeTensorOf(tensor: Tensor): TapeTensor {
  const { cell, shape, strides, offset } = tensor;
  if (isWhole(tensor)) return baseOf(cell);
  const base = baseOf(cell);
  if (tensor.dense?.writes === cell.version.memory.writes && tensor.dense.base === base) return tensor.dense.tape;
  const size = cell.values.length;
  const values = gather(cell.values, cell.dtype, shape, strides, offset);
  const [tape] = recordKernel(
    [base],
    () => [makeTapeTensor(values, cell.dtype)],
    ([dy]) => returnGradient(scatterView(fromTape(dy!, shape, cell.dtype), size, strides, offset)),
  );
  tensor.dense = { writes: cell.version.memory.writes, base, tape: tape!, values };
  return tape!;
}

/** What computed a gradient, for printing it; a sum of gradients is made by tfjs. */
const gradientNames = new WeakMap<TapeTensor, string>();

/** A tensor around one that stands on the tape (a gradient): it shares its place there. */
export function fromTape(tape: TapeTensor, shape: Shape, dtype: Dtype): Tensor {
  let values = tapeValues(tape);
  if (dtype === 'float64' ? !(values instanceof Float64Array) : values instanceof Float64Array) {
    const cast = newValues(dtype, values.length);
    castInto(cast, dtype, values);
    values = cast;
  }
  const cell = newCell(values, dtype);
  cell.base = tape;
  if (currentRun().gradEnabled) {
    cell.requiresGrad = true;
    cell.gradFn = gradientNames.get(tape) ?? 'AddBackward0';
  }
  return new Tensor(cell, shape, contiguousStrides(shape), 0);
}

/** A gradient as tfjs's backpropagation takes it: a tensor of its own, which it may dispose of, linked on the tape to how it was computed. */
export function returnGradient(gradient: Tensor): TapeTensor {
  const values = readValues(gradient);
  if (!needsGrad(gradient)) return makeTapeTensor(values, gradient.dtype);
  const [tape] = recordKernel(
    [tapeTensorOf(gradient)],
    () => [makeTapeTensor(values, gradient.dtype)],
    ([dy]) => returnGradient(fromTape(dy!, gradient.shape, gradient.dtype)),
  );
  if (gradient.gradFn !== null) gradientNames.set(tape!, gradient.gradFn);
  return tape!;
}

/** Zeros of `size` elements with `values` added at the positions of a view: the gradient of reading the view, so repeated positions add up. */
function scatterView(values: Tensor, size: number, strides: Shape, offset: number): Tensor {
  const from = readValues(values);
  const out = allocate(values.dtype, size);
  forEachPosition(values.shape, strides, offset, (position, index) => {
    out[position]! += from[index]!;
  });
  return derive(out, [size], values.dtype, {
    name: 'AsStrided',
    inputs: [values],
    gradient: (dy) => readView(dy, values.shape, strides, offset),
  });
}

/** The elements at the positions of a view, as a tensor of their own. */
export function readView(tensor: Tensor, shape: Shape, strides: Shape, offset: number): Tensor {
  return copyOf(new Tensor(tensor.cell, shape, strides, offset), 'AsStrided');
}

/** A contiguous copy with memory of its own. */
export function copyOf(tensor: Tensor, name: string): Tensor {
  const values = readValues(tensor);
  // What was gathered for this read is nobody else's, except when it stays with the view.
  const own = values.buffer === tensor.cell.values.buffer || tensor.dense?.values === values ? values.slice() : values;
  if (own !== values) accountFor(tensor.dtype, own.length);
  return derive(own, tensor.shape, tensor.dtype, { name, inputs: [tensor], gradient: (dy) => dy });
}

/** A new tensor with these values; on the tape if one of the inputs takes part in a gradient and the result is floating. */
export function derive(values: Values, shape: Shape, dtype: Dtype, derivation: Derivation): Tensor {
  return deriveAll([{ values, shape, dtype }], { ...derivation, gradient: ([dy], i, [out]) => derivation.gradient(dy!, i, out!) })[0]!;
}

export interface OutputValues {
  readonly values: Values;
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** As `derive`, for an operation with several outputs. */
export function deriveAll(
  outputs: readonly OutputValues[],
  derivation: Omit<Derivation, 'gradient'> & {
    readonly gradient: (dys: readonly Tensor[], input: number, outputs: readonly Tensor[]) => Tensor;
  },
): readonly Tensor[] {
  for (const output of outputs) roundToDtype(output.values, output.dtype);
  const run = currentRun();
  const numbers = run.gradEnabled
    ? derivation.inputs.flatMap((input, i) => (input.cell.requiresGrad && isFloatDtype(input.dtype) ? [i] : []))
    : [];
  const inputs = numbers.map((i) => derivation.inputs[i]!);
  if (inputs.length === 0 || !outputs.every((output) => isFloatDtype(output.dtype))) {
    const made = outputs.map(({ values, shape, dtype }) => fromValues(values, shape, dtype));
    if (run.recorder !== null) run.recorder.operation(operationOf(derivation), made);
    return made;
  }
  const guard = saveFor(derivation);
  const tensors: Tensor[] = [];
  const tapes = recordKernel(
    inputs.map(tapeTensorOf),
    () => outputs.map(({ values, dtype }) => makeTapeTensor(values, dtype)),
    (dys, i) => {
      guard.open();
      const input = inputs[i]!;
      const tensorDys = dys.map((dy, k) => fromTape(dy, tensors[k]!.shape, tensors[k]!.dtype));
      const gradient = derivation.gradient(tensorDys, numbers[i]!, tensors);
      return returnGradient(gradientLike(gradient, input));
    },
  );
  outputs.forEach(({ values, shape, dtype }, k) => {
    const cell = newCell(values, dtype);
    cell.base = tapes[k]!;
    cell.requiresGrad = true;
    cell.gradFn = `${derivation.name}Backward${derivation.overload ?? 0}`;
    tensors.push(new Tensor(cell, shape, contiguousStrides(shape), 0));
  });
  guard.close(derivation.savesOutput === true ? tensors : []);
  if (run.recorder !== null) run.recorder.operation(operationOf(derivation), tensors);
  return tensors;
}

const operationOf = ({ name, inputs, kernel = name, operands = inputs, attributes = {} }: Omit<Derivation, 'gradient'>): Operation => ({
  kernel,
  operands,
  attributes,
});

/** Gradients have the type of what they are gradients of. */
function gradientLike(gradient: Tensor, input: Tensor): Tensor {
  if (gradient.dtype === input.dtype) return gradient;
  const values = allocate(input.dtype, elementCount(gradient.shape));
  castInto(values, input.dtype, readValues(gradient));
  return derive(values, gradient.shape, input.dtype, { name: 'ToCopy', inputs: [gradient], gradient: (dy) => dy });
}

interface SavedGuard {
  close(outputs: readonly Tensor[]): void;
  open(): void;
}

/** Nodes whose gradient was computed since the last call, so that a backward pass can free what it went through. */
let visited: { freed: boolean }[] = [];

export function takeVisited(): { freed: boolean }[] {
  const nodes = visited;
  visited = [];
  return nodes;
}

/** Remembers the versions of what a gradient will read, and refuses when they were written to, or were freed by an earlier backward pass. */
function saveFor(derivation: { readonly name: string; readonly saved?: readonly Tensor[] }): SavedGuard {
  const state = { freed: false };
  let saved = (derivation.saved ?? []).map((tensor) => ({ tensor, version: tensor.cell.version.count }));
  return {
    close(outputs) {
      saved = [...saved, ...outputs.map((tensor) => ({ tensor, version: tensor.cell.version.count }))];
    },
    open() {
      visited.push(state);
      if (saved.length === 0) return;
      if (state.freed) {
        throw runtimeError(
          'Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). ' +
            'Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you ' +
            'need to backward through the graph a second time or if you need to access saved tensors after calling backward.',
        );
      }
      for (const { tensor, version } of saved) {
        if (tensor.cell.version.count === version) continue;
        throw runtimeError(
          'one of the variables needed for gradient computation has been modified by an inplace operation: ' +
            `[torch.${tensor.dtype === 'float64' ? 'Double' : 'Float'}Tensor [${tensor.shape.join(', ')}]], which is output 0 of ` +
            `${tensor.gradFn ?? 'AccumulateGrad'}, is at version ${tensor.cell.version.count}; expected version ${version} instead. ` +
            'Hint: enable anomaly detection to find the operation that failed to compute its gradient, with ' +
            'torch.autograd.set_detect_anomaly(True).',
        );
      }
    },
  };
}
