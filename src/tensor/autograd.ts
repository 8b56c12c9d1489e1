import { onesLike } from './creation';
import { isFloatDtype, type Values } from './dtype';
import { makeTapeTensor, recordKernel, tapeGradients, type TapeTensor } from './engine';
import { notImplemented, runtimeError } from './errors';
import { copyOf, deriveAll, fromTape, readValues, returnGradient, takeVisited, tapeTensorOf } from './record';
import { accountFor, currentRun, enableGrad, noGrad } from './run';
import { elementCount, sameShape, shapeText } from './shapes';
import { baseOf, fromValues, numel, Tensor } from './tensor';
import { add } from './elementwise';
import { inPlace } from './inplace';

export interface BackwardOptions {
  readonly retainGraph?: boolean;
  /** Leaves the gradient's own computation on the tape, so that it can be differentiated again. */
  readonly createGraph?: boolean;
}

/** Makes a leaf take part in gradients, or stop doing so. */
export function requiresGradInPlace(tensor: Tensor, requires = true): Tensor {
  if (requires && !isFloatDtype(tensor.dtype)) {
    throw runtimeError('only Tensors of floating point dtype can require gradients');
  }
  if (!tensor.isLeaf) {
    if (requires) return tensor;
    throw runtimeError(
      "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require " +
        'differentiation use var_no_grad = var.detach().',
    );
  }
  const { cell } = tensor;
  cell.requiresGrad = requires;
  const { leaves } = currentRun();
  if (!requires) {
    leaves.delete(cell);
    return tensor;
  }
  cell.leafBase = baseOf(cell);
  cell.leaf ??= tensor;
  leaves.add(cell);
  return tensor;
}

/** Keeps the gradient of a computed tensor in its `grad`. */
export function retainGrad(tensor: Tensor): void {
  if (!tensor.requiresGrad) throw runtimeError("can't retain_grad on Tensor that has requires_grad=False");
  if (!tensor.isLeaf) currentRun().retained.add(tensor);
}

function seedOf(output: Tensor, gradient: Tensor | null): Tensor {
  if (!output.requiresGrad) throw runtimeError('element 0 of tensors does not require grad and does not have a grad_fn');
  if (gradient !== null) {
    if (!sameShape(gradient.shape, output.shape)) {
      throw runtimeError(
        `Mismatch in shape: grad_output[0] has a shape of torch.Size(${shapeText(gradient.shape)}) and output[0] has a shape of ` +
          `torch.Size(${shapeText(output.shape)}).`,
      );
    }
    return gradient;
  }
  if (numel(output) !== 1) throw runtimeError('grad can be implicitly created only for scalar outputs');
  return noGrad(() => onesLike(output));
}

/** Walks the tape back once and gives the gradients of the tape tensors asked for. */
function differentiate(
  output: Tensor,
  gradient: Tensor | null,
  xs: readonly TapeTensor[],
  options: BackwardOptions,
): readonly (TapeTensor | null)[] {
  const create = options.createGraph === true;
  const walk = (): readonly (TapeTensor | null)[] => {
    const seed = seedOf(output, gradient);
    const y = enableGrad(() => tapeTensorOf(output));
    if (xs.length === 0) return [];
    return tapeGradients(y, xs, returnGradient(seed), create);
  };
  try {
    return create ? enableGrad(walk) : noGrad(walk);
  } finally {
    const visited = takeVisited();
    if (!(options.retainGraph ?? create)) for (const node of visited) node.freed = true;
  }
}

/**
 * A gradient as the program gets it: with memory of its own. What backpropagation computed for it alone is handed over; what it may share with
 * another gradient (an addition passes the same one to both its operands) is copied.
 */
function gradientTensor(tape: TapeTensor, like: Tensor, create: boolean, handedOver: Set<Values>): Tensor {
  if (create) return enableGrad(() => fromTape(tape, like.shape, like.dtype));
  return noGrad(() => {
    const gradient = fromTape(tape, like.shape, like.dtype);
    const { values } = gradient.cell;
    if (values.byteLength !== values.buffer.byteLength || handedOver.has(values)) return copyOf(gradient, 'Clone');
    handedOver.add(values);
    return fromValues(values, like.shape, like.dtype);
  });
}

function sumOf(before: Tensor | null, gradient: Tensor, create: boolean): Tensor {
  if (before === null) return gradient;
  return (create ? enableGrad : noGrad)(() => add(before, gradient));
}

/** Adds to the tensor's grad: in place, so that other names of it see the sum, unless the sum is to be differentiated. */
function accumulate(tensor: Tensor, gradient: Tensor, create: boolean): void {
  const before = tensor.grad;
  if (before === null || create) tensor.grad = sumOf(before, gradient, create);
  else noGrad(() => inPlace(before, (sum) => add(sum, gradient)));
}

/** `output.backward(gradient)`: adds to the `grad` of every leaf (and of tensors that retain theirs) the gradient of output. */
export function backward(output: Tensor, gradient: Tensor | null = null, options: BackwardOptions = {}): void {
  const run = currentRun();
  const cells = [...run.leaves].filter((cell) => cell.leafBase !== null);
  const leaves = cells.map((cell) => cell.leaf!);
  const retained = [...run.retained];
  const xs = [
    ...cells.map((cell) => cell.leafBase!),
    ...retained.map((tensor) => tensor.cell.leafBase ?? enableGrad(() => tapeTensorOf(tensor))),
  ];
  const gradients = differentiate(output, gradient, xs, options);
  const create = options.createGraph === true;
  const handedOver = new Set<Values>(gradient === null ? [] : [gradient.cell.values]);
  [...leaves, ...retained].forEach((tensor, i) => {
    const tape = gradients[i];
    if (tape === null || tape === undefined) return;
    const own = gradientTensor(tape, tensor, create, handedOver);
    accumulate(tensor, own, create);
  });
}

export interface GradOptions extends BackwardOptions {
  readonly allowUnused?: boolean;
}

/** `torch.autograd.grad`: the gradients of the sum of outputs with respect to inputs; null for an input that was not used, if that is allowed. */
export function grad(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  gradOutputs: readonly (Tensor | null)[] = [],
  options: GradOptions = {},
): readonly (Tensor | null)[] {
  inputs.forEach((input) => {
    if (!input.requiresGrad) throw runtimeError('One of the differentiated Tensors does not require grad');
  });
  const create = options.createGraph === true;
  const xs = inputs.map((input) => (input.isLeaf ? (input.cell.leafBase ?? baseOf(input.cell)) : enableGrad(() => tapeTensorOf(input))));
  const totals: (Tensor | null)[] = inputs.map(() => null);
  const handedOver = new Set<Values>(gradOutputs.flatMap((gradient) => (gradient === null ? [] : [gradient.cell.values])));
  outputs.forEach((output, k) => {
    // A graph shared by several outputs is walked once for each, so only the last walk may free it.
    const retainGraph = options.retainGraph ?? (create || k < outputs.length - 1);
    differentiate(output, gradOutputs[k] ?? null, xs, { ...options, retainGraph }).forEach((tape, i) => {
      if (tape === null) return;
      const own = gradientTensor(tape, inputs[i]!, create, handedOver);
      totals[i] = sumOf(totals[i] ?? null, own, create);
    });
  });
  if (options.allowUnused !== true) {
    const unused = totals.indexOf(null);
    if (unused >= 0) {
      throw runtimeError(
        `The differentiated Tensor at index ${unused} appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.`,
      );
    }
  }
  return totals;
}

/**
 * A program's own `autograd.Function`: the outputs it computed (off the tape) go on the tape with its own backward, which gets one gradient for
 * each output and gives one for each input, null for none.
 */
export function customFunction(
  name: string,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  backwardOf: (gradients: readonly Tensor[]) => readonly (Tensor | null)[],
): readonly Tensor[] {
  // tfjs asks for each input's gradient separately; the program's backward runs once for each set of output gradients.
  const passes: { readonly dys: readonly Tensor[]; readonly gradients: readonly (Tensor | null)[] }[] = [];
  const gradientsFor = (dys: readonly Tensor[]): readonly (Tensor | null)[] => {
    const known = passes.find((pass) => pass.dys.every((dy, i) => dy.cell.base === dys[i]!.cell.base));
    if (known !== undefined) return known.gradients;
    const gradients = backwardOf(dys);
    passes.push({ dys, gradients });
    return gradients;
  };
  return deriveAll(
    outputs.map((output) => ({ values: readValues(output).slice(), shape: output.shape, dtype: output.dtype })),
    {
      name,
      inputs,
      gradient: (dys, i) => {
        const gradients = gradientsFor(dys);
        if (gradients.length !== inputs.length) {
          throw runtimeError(
            `function ${name}Backward returned an incorrect number of gradients (expected ${inputs.length}, got ${gradients.length})`,
          );
        }
        const input = inputs[i]!;
        const gradient = gradients[i] ?? null;
        if (gradient === null) return zerosAs(input);
        if (!sameShape(gradient.shape, input.shape)) {
          if (numel(gradient) === 1 || elementCount(gradient.shape) === elementCount(input.shape)) return fitGradient(gradient, input);
          throw runtimeError(
            `Function ${name}Backward returned an invalid gradient at index ${i} - got ${shapeText(gradient.shape)} but expected shape ` +
              `compatible with ${shapeText(input.shape)}`,
          );
        }
        // The program may hold on to the tensor it returned.
        return copyOf(gradient, 'Clone');
      },
    },
  ).map((tensor) => {
    if (tensor.requiresGrad) tensor.cell.gradFn = `${name}Backward`;
    return tensor;
  });
}

const zerosAs = (input: Tensor): Tensor => {
  accountFor('float32', numel(input));
  return fromValues(new Float32Array(numel(input)), input.shape, input.dtype === 'float64' ? 'float32' : input.dtype);
};

function fitGradient(gradient: Tensor, input: Tensor): Tensor {
  const zero = zerosAs(input);
  return numel(gradient) === 1 ? add(zero, gradient) : add(zero, new Tensor(gradient.cell, input.shape, zero.strides, gradient.offset));
}

/**
 * Calls `hook` with the gradient that flows through the tensor from everything computed after this call; what it returns, if anything, replaces it.
 */
export function registerHook(tensor: Tensor, hook: (gradient: Tensor) => Tensor | null): void {
  if (!tensor.requiresGrad) throw runtimeError("cannot register a hook on a tensor that doesn't require gradient");
  const { cell, shape } = tensor;
  if (tensor.viewName !== null) throw notImplemented('register_hook on a view is not supported');
  // What asks for this tensor's gradient asks for it as the hook leaves it.
  cell.leafBase ??= baseOf(cell);
  const [tape] = recordKernel(
    [baseOf(cell)],
    () => [makeTapeTensor(cell.values, cell.dtype)],
    ([dy]) => {
      const gradient = fromTape(dy!, shape, cell.dtype);
      return returnGradient(copyOf(hook(gradient) ?? gradient, 'Clone'));
    },
  );
  cell.base = tape!;
}
