/** torch code: tensors of the tensor room, gradients from its tape. */
import type { Context } from '../interpreter/context';
import { wrap } from '../interpreter/libraries/torch/tensors';
import type { Value } from '../interpreter/value';
import { int } from '../interpreter/value';
import { grad, requiresGradInPlace } from '../tensor/autograd';
import { fromNumbers } from '../tensor/creation';
import { readValues } from '../tensor/record';
import { withTensors } from '../tensor/run';
import type { Tensor } from '../tensor/tensor';
import type { Bridge, Feed, Matrix } from './bridge';
import type { ReadTensor } from './tensorData';
import { rowsOf } from './tensorData';

const readTensor = (tensor: Tensor): ReadTensor => ({
  dtype: tensor.dtype,
  shape: [...tensor.shape],
  values: Array.from(readValues(tensor)),
});

/** What a model would hand over: not the leaf itself, which torch lets nobody write to. */
function fed(context: Context, leaf: Tensor, feed: Feed): Value {
  const logits = wrap(leaf);
  switch (feed) {
    case 'logits':
      return context.callMethod(logits, 'clone');
    case 'logProbabilities':
      return context.callMethod(logits, 'log_softmax', [int(-1)]);
    case 'probabilities':
      return context.callMethod(logits, 'softmax', [int(-1)]);
  }
}

export const torchBridge: Bridge = {
  withTensors: (body) => withTensors(body, { strict: true }),
  floats: (_context, values, shape) => wrap(fromNumbers(values, shape, 'float32')),
  integers: (_context, values, shape) => wrap(fromNumbers(values, shape, 'int64')),
  read: (value) => (value.kind === 'tensor' ? readTensor(value.tensor) : null),
  wasRandom: (value) => value.kind === 'tensor' && value.tensor.wasRandom,
  differentiate(context, logits, shape, feed, call) {
    const leaf = requiresGradInPlace(fromNumbers(logits.flat(), shape, 'float32'));
    const result = call(fed(context, leaf, feed));
    if (result.kind !== 'tensor') return { result, gradient: null, problem: null };
    if (!result.tensor.requiresGrad)
      return {
        result,
        gradient: null,
        problem: 'its result does not depend on the logits, or was cut off from them (detach, .data, no_grad)',
      };
    const total = context.callMethod(result, 'sum');
    if (total.kind !== 'tensor') return { result, gradient: null, problem: null };
    const [gradient] = grad([total.tensor], [leaf], [], { allowUnused: true, retainGraph: true });
    if (!gradient) return { result, gradient: null, problem: 'its result does not depend on the logits' };
    return { result, gradient: matrixOf(readTensor(gradient), logits), problem: null };
  },
};

function matrixOf(read: ReadTensor, like: Matrix): Matrix {
  return rowsOf({ ...read, shape: [like.length, like[0]?.length ?? 0] });
}
