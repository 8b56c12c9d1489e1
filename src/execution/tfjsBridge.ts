/** TypeScript code: tfjs's own tensors and gradients, as its author gets them. */
import { lossAndGradient, lossAndGradients, makeTfTensor, readTfTensor, withTfjs } from '../interpreter/libraries/tfjs/run';
import type { Context } from '../interpreter/context';
import { float, list } from '../interpreter/value';
import type { Value } from '../interpreter/value';
import type { Bridge, Feed } from './bridge';
import { rowsOf } from './tensorData';

function fed(context: Context, logits: Value, feed: Feed, shape: readonly number[]): Value {
  if (feed === 'logits') return logits;
  const maker = { logProbabilities: 'logSoftmax', probabilities: 'softmax', sigmoids: 'sigmoid' }[feed];
  const made = context.callMethod(logits, maker);
  return shape.length === 2 ? made : context.callMethod(made, 'reshape', [list(shape.map((size) => float(size)))]);
}

export const tfjsBridge: Bridge = {
  withTensors: withTfjs,
  runsOften: false,
  floats: (context, values, shape) => makeTfTensor(context, values, shape, 'float32'),
  integers: (context, values, shape) => makeTfTensor(context, values, shape, 'int32'),
  switches: (context, values, shape) => makeTfTensor(context, values, shape, 'bool'),
  read: readTfTensor,
  wasRandom: () => false,
  differentiate(context, logits, shape, feed, call) {
    const made = feed === 'logits' ? shape : [logits.length, logits[0]?.length ?? 0];
    const leaf = makeTfTensor(context, logits.flat(), made, 'float32');
    const { result, gradient, problem } = lossAndGradient(leaf, (input) => call(fed(context, input, feed, shape)));
    return { result, gradient: gradient ? rowsOf({ ...gradient, shape: [logits.length, logits[0]?.length ?? 0] }) : null, problem };
  },
  differentiateAll(context, tensors, call) {
    const made = tensors.map(({ values, shape, dtype }) => makeTfTensor(context, values, shape, dtype === 'int' ? 'int32' : 'float32'));
    const moved = made.filter((_, i) => tensors[i]!.dtype === 'float');
    const { result, gradients } = lossAndGradients(moved, () => call(made));
    return { result, gradients: made.map((tensor) => gradients[moved.indexOf(tensor)]?.values ?? null) };
  },
};
