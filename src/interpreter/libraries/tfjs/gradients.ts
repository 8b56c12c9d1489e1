/** tf.grad and its family on interpreted functions: tfjs's own tape records what the function's operations do. */
import * as tf from '@tensorflow/tfjs-core';
import { raiseError } from '../../javascript/errors';
import type { Context } from '../../context';
import { native } from '../../library';
import type { Value } from '../../value';
import { list } from '../../value';
import { tensorIn, wrapTensor } from './convert';
import { guarded, tensorClass } from './tensorClass';

interface Differentiated {
  readonly value: tf.Tensor;
  readonly gradients: readonly tf.Tensor[];
}

/** d(f)/d(each input), seeded with dy or ones. The tape is tfjs's, its gradients too. */
export function differentiate(
  context: Context,
  f: (inputs: readonly Value[]) => Value,
  inputs: readonly tf.Tensor[],
  dy?: tf.Tensor,
): Differentiated {
  const cls = tensorClass(context);
  return guarded(context, () => {
    const { value, grads } = tf.engine().gradients(
      () => {
        const y = tensorIn(f(inputs.map((input) => wrapTensor(cls, input))));
        return y ?? raiseError(context, 'Error', 'The f passed in tf.grad(f) must be a function that returns a tensor');
      },
      [...inputs],
      dy,
    );
    return { value, gradients: grads };
  });
}

function tensorOf(context: Context, value: Value | undefined): tf.Tensor {
  return (value === undefined ? null : tensorIn(value)) ?? raiseError(context, 'Error', 'tf.grad: the inputs must be tensors');
}

/** A function of one argument list shape: `grad` takes x, `grads` takes [x, …]; both an optional dy. */
function family(name: string, many: boolean, withValue: boolean): Value {
  return native(`tf.${name}`, 'f', (_context, args) => {
    const f = args.value('f');
    return native(`tf.${name}(f)`, 'x, dy=...', (context, call) => {
      const given = call.value('x');
      const inputs = many && given.kind === 'list' ? given.items : [given];
      const dy = call.given('dy') ? tensorOf(context, call.value('dy')) : undefined;
      const { value, gradients } = differentiate(
        context,
        (xs) => context.call(f, xs),
        inputs.map((x) => tensorOf(context, x)),
        dy,
      );
      const wrap = (tensor: tf.Tensor) => wrapTensor(tensorClass(context), tensor);
      const made: Value = many ? list(gradients.map(wrap)) : wrap(gradients[0]!);
      if (!withValue) return made;
      return {
        kind: 'object',
        properties: new Map<string, Value>([
          [many ? 'grads' : 'grad', made],
          ['value', wrap(value)],
        ]),
      };
    });
  });
}

export const gradientFunctions: Readonly<Record<string, Value>> = {
  grad: family('grad', false, false),
  grads: family('grads', true, false),
  valueAndGrad: family('valueAndGrad', false, true),
  valueAndGrads: family('valueAndGrads', true, true),
};
