/** Python code: tensors of the tensor room as the framework's own arrays, gradients from the tape. */
import { jax, mindspore, mlx, mxnet, paddle, tensorflow, wrapArray } from '../interpreter/libraries/arrays/dialect';
import { NDARRAY, wrap, wrapAs } from '../interpreter/libraries/torch/tensors';
import type { Value } from '../interpreter/value';
import { numberOf } from '../interpreter/value';
import { grad, requiresGradInPlace } from '../tensor/autograd';
import { clone, fromNumbers, fromRows } from '../tensor/creation';
import { sigmoid } from '../tensor/elementwise';
import type { Dtype } from '../tensor/dtype';
import { sum } from '../tensor/reductions';
import { readValues } from '../tensor/record';
import { withoutTrace } from '../tensor/engine';
import { withTensors } from '../tensor/run';
import { logSoftmax, softmax } from '../tensor/softmax';
import type { Tensor } from '../tensor/tensor';
import { reshape } from '../tensor/views';
import type { Bridge, Feed, Matrix } from './bridge';
import { byDifferences } from './differences';
import type { ReadTensor } from './tensorData';
import { rowsOf } from './tensorData';

const readTensor = (tensor: Tensor): ReadTensor => ({
  dtype: tensor.dtype,
  shape: [...tensor.shape],
  values: Array.from(readValues(tensor)),
});

/** What a model would hand over: not the leaf itself, which torch lets nobody write to. The classes are the rows' own, wherever the shape has them. */
function fed(leaf: Tensor, feed: Feed, shape: readonly number[]): Tensor {
  switch (feed) {
    case 'logits':
      return clone(leaf);
    case 'logProbabilities':
      return shaped(logSoftmax(leaf, -1), shape);
    case 'probabilities':
      return shaped(softmax(leaf, -1), shape);
    case 'sigmoids':
      return shaped(sigmoid(leaf), shape);
  }
}

const shaped = (tensor: Tensor, shape: readonly number[]): Tensor =>
  tensor.shape.join() === shape.join() ? tensor : reshape(tensor, [...shape]);

/** Logits are made in their shape; what is computed of them first, of rows of classes. */
const leafShape = (logits: Matrix, shape: readonly number[], feed: Feed): number[] =>
  feed === 'logits' ? [...shape] : [logits.length, logits[0]?.length ?? 0];

/** A bridge to one framework: how its arrays are made of tensors, and what its class indices are. */
const bridgeTo = (arrayOf: (tensor: Tensor) => Value, indices: Dtype, floating: Dtype = 'float32'): Bridge => ({
  withTensors: (body) => withTensors(body, { strict: true }),
  runsOften: false,
  floats: (_context, values, shape) => arrayOf(fromNumbers(values, shape, floating)),
  integers: (_context, values, shape) => arrayOf(fromNumbers(values, shape, indices)),
  switches: (_context, values, shape) => arrayOf(fromNumbers(values, shape, 'bool')),
  read: (value) => (value.kind === 'tensor' ? readTensor(value.tensor) : null),
  wasRandom: (value) => value.kind === 'tensor' && value.tensor.wasRandom,
  differentiate: (_context, logits, shape, feed, call) =>
    withoutTrace(() => {
      const leaf = requiresGradInPlace(fromRows(logits, leafShape(logits, shape, feed), floating));
      const result = call(arrayOf(fed(leaf, feed, shape)));
      if (result.kind !== 'tensor') return { result, gradient: null, problem: null };
      if (!result.tensor.requiresGrad)
        return {
          result,
          gradient: null,
          problem: 'its result does not depend on the logits, or was cut off from them (detach, .data, no_grad)',
        };
      const [gradient] = grad([sum(result.tensor)], [leaf], [], { allowUnused: true, retainGraph: true });
      if (!gradient) return { result, gradient: null, problem: 'its result does not depend on the logits' };
      return { result, gradient: matrixOf(readTensor(gradient), logits), problem: null };
    }),
  differentiateAll: (_context, tensors, call) =>
    withoutTrace(() => {
      const leaves = tensors.map(({ values, shape, dtype }) =>
        dtype === 'int' ? fromNumbers(values, shape, indices) : requiresGradInPlace(fromNumbers(values, shape, floating)),
      );
      const result = call(leaves.map((leaf) => arrayOf(leaf.requiresGrad ? clone(leaf) : leaf)));
      if (result.kind !== 'tensor' || !result.tensor.requiresGrad) return { result, gradients: leaves.map(() => null) };
      const moved = leaves.filter(({ requiresGrad }) => requiresGrad);
      const found = grad([sum(result.tensor)], moved, [], { allowUnused: true, retainGraph: true });
      const gradients = leaves.map((leaf) => {
        const gradient = found[moved.indexOf(leaf)] ?? null;
        return gradient === null ? null : readTensor(gradient).values;
      });
      return { result, gradients };
    }),
});

function matrixOf(read: ReadTensor, like: Matrix): Matrix {
  return rowsOf({ ...read, shape: [like.length, like[0]?.length ?? 0] });
}

export const torchBridge = bridgeTo(wrap, 'int64');
export const tensorflowBridge = bridgeTo((tensor) => wrapArray(tensorflow, tensor), 'int32');
export const jaxBridge = bridgeTo((tensor) => wrapArray(jax, tensor), 'int32');
export const mlxBridge = bridgeTo((tensor) => wrapArray(mlx, tensor), 'int32');
export const paddleBridge = bridgeTo((tensor) => wrapArray(paddle, tensor), 'int64');
export const mindsporeBridge = bridgeTo((tensor) => wrapArray(mindspore, tensor), 'int32');
export const mxnetBridge = bridgeTo((tensor) => wrapArray(mxnet, tensor), 'int32');
const numpyArrays = bridgeTo((tensor) => wrapAs(tensor, NDARRAY), 'int64', 'float64');

/** Central differences with this step are right to about 1e-9 in float64. */
const step = 1e-4;
const mostDifferences = 64;

/** numpy has no tape: the gradient is taken from the code's own values, in float64. */
export const numpyBridge: Bridge = {
  ...numpyArrays,
  runsOften: true,
  differentiateAll: (context, tensors, call) =>
    byDifferences(
      tensors,
      (moved) =>
        call(
          moved.map(({ values, shape, dtype }) => (dtype === 'int' ? numpyArrays.integers : numpyArrays.floats)(context, values, shape)),
        ),
      (value) => (value.kind === 'tensor' ? readTensor(value.tensor).values.reduce((a, b) => a + b, 0) : (numberOf(value) ?? NaN)),
    ),
  differentiate(_context, logits, shape, feed, call) {
    const values = logits.flat();
    const at = (z: readonly number[]): Value =>
      call(wrapAs(fed(fromNumbers(z, leafShape(logits, shape, feed), 'float64'), feed, shape), NDARRAY));
    const result = at(values);
    if (values.length > mostDifferences)
      return { result, gradient: null, problem: 'numpy has no gradients, and this is too large to take them by differences' };
    const total = (value: Value): number =>
      value.kind === 'tensor' ? readTensor(value.tensor).values.reduce((a, b) => a + b, 0) : (numberOf(value) ?? NaN);
    const derivatives = values.map((z, i) => {
      const moved = (by: number): number => total(at(values.with(i, z + by)));
      return (moved(step) - moved(-step)) / (2 * step);
    });
    const gradient = rowsOf({ dtype: 'float64', shape: [logits.length, logits[0]?.length ?? 0], values: derivatives });
    return { result, gradient, problem: 'numpy has no gradients: the gradient was taken from differences of the values' };
  },
};
