/** TypeScript code: tfjs's own tensors and gradients, as its author gets them. */
import { lossAndGradient, makeTfTensor, readTfTensor, withTfjs } from '../interpreter/libraries/tfjs/run';
import type { Context } from '../interpreter/context';
import type { Value } from '../interpreter/value';
import type { Bridge, Feed } from './bridge';
import { rowsOf } from './tensorData';

function fed(context: Context, logits: Value, feed: Feed): Value {
  if (feed === 'logits') return logits;
  return context.callMethod(logits, feed === 'logProbabilities' ? 'logSoftmax' : 'softmax');
}

export const tfjsBridge: Bridge = {
  withTensors: withTfjs,
  runsOften: false,
  floats: (context, values, shape) => makeTfTensor(context, values, shape, 'float32'),
  integers: (context, values, shape) => makeTfTensor(context, values, shape, 'int32'),
  read: readTfTensor,
  wasRandom: () => false,
  differentiate(context, logits, shape, feed, call) {
    const leaf = makeTfTensor(context, logits.flat(), shape, 'float32');
    const { result, gradient, problem } = lossAndGradient(leaf, (input) => call(fed(context, input, feed)));
    return { result, gradient: gradient ? rowsOf({ ...gradient, shape: [logits.length, logits[0]?.length ?? 0] }) : null, problem };
  },
};
