/** Running tfjs code from outside the interpreter: tensors in, values and gradients out, nothing left alive. */
import * as tf from '@tensorflow/tfjs-core';
import type { Context } from '../../context';
import type { Value } from '../../value';
import { numberOf } from '../../value';
import { tensorIn, wrapTensor } from './convert';
import { withReads } from './reads';
import { tensorClass } from './tensorClass';

const backendName = 'cpu';

/** Runs `body` on tfjs's cpu backend as it is; every tensor made inside is disposed, also when it throws. */
export function withTfjs<T>(body: () => T): T {
  const engine = tf.engine();
  const before = engine.backendName as string | null | undefined;
  // Synchronous for the cpu backend: the promise is already settled. Setting even the active one would walk through every kernel.
  if (before !== backendName) void tf.setBackend(backendName);
  // Its first write would print an advertisement for tfjs-node to the console.
  Object.assign(engine.backend, { firstUse: false });
  engine.startScope('tfjs');
  try {
    return body();
  } finally {
    engine.endScope(undefined);
    if (typeof before === 'string' && before !== backendName) void tf.setBackend(before);
  }
}

export type TfDtype = 'float32' | 'int32' | 'bool';

export interface TfData {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export function makeTfTensor(context: Context, values: readonly number[], shape: readonly number[], dtype: TfDtype): Value {
  return wrapTensor(tensorClass(context), tf.tensor([...values], [...shape], dtype));
}

/** What a tfjs tensor holds, as tfjs reads it back; null for any other value. */
export function readTfTensor(value: Value): TfData | null {
  const tensor = tensorIn(value);
  return tensor === null
    ? null
    : { dtype: tensor.dtype, shape: [...tensor.shape], values: Array.from(tensor.dataSync() as ArrayLike<number>) };
}

/**
 * The result of `loss` on the logits, and d(sum of it)/d(logits) from tfjs's own tape and gradients. The gradient is null where the result is
 * not a tensor or does not depend on the logits; `problem` says why tfjs could not differentiate.
 */
export function lossAndGradient(
  logits: Value,
  loss: (logits: Value) => Value,
): { readonly result: Value; readonly gradient: TfData | null; readonly problem: string | null } {
  const x = tensorIn(logits);
  if (x === null) return { result: loss(logits), gradient: null, problem: null };
  const ran: { result: Value | null } = { result: null };
  try {
    // Without a seed of ours tfjs takes ones of the result's shape: the sum's gradient.
    const { grads } = tf.engine().gradients(
      () => {
        const { result, tensorOf } = withReads(() => loss(logits));
        ran.result = result;
        const number = numberOf(result);
        const y = tensorIn(result) ?? (number === null ? null : tensorOf(number));
        if (y === null) throw new NotATensor();
        return y as tf.Tensor<tf.Rank.R0>;
      },
      [x],
      undefined,
      true,
    ) as { grads: readonly (tf.Tensor | null | undefined)[] };
    const [gradient] = grads;
    return { result: ran.result!, gradient: gradient ? readTfTensor(wrapLike(logits, gradient)) : null, problem: null };
  } catch (error) {
    if (ran.result === null) throw error;
    // The loss ran; only its gradient is missing: it is no tensor, or an operation of tfjs has none.
    return { result: ran.result, gradient: null, problem: error instanceof Error && !(error instanceof NotATensor) ? error.message : null };
  }
}

/** The result of `loss` on tensors, and d(sum of it)/d(each of them); null where it does not depend on one, or is no tensor. */
export function lossAndGradients(
  tensors: readonly Value[],
  loss: (tensors: readonly Value[]) => Value,
): { readonly result: Value; readonly gradients: readonly (TfData | null)[] } {
  const xs = tensors.map((tensor) => tensorIn(tensor)!);
  const ran: { result: Value | null } = { result: null };
  try {
    const { grads } = tf.engine().gradients(
      () => {
        ran.result = loss(tensors);
        const y = tensorIn(ran.result);
        if (y === null) throw new NotATensor();
        return y as tf.Tensor<tf.Rank.R0>;
      },
      xs,
      undefined,
      true,
    ) as { grads: readonly (tf.Tensor | null | undefined)[] };
    return { result: ran.result!, gradients: grads.map((one, i) => (one ? readTfTensor(wrapLike(tensors[i]!, one)) : null)) };
  } catch (error) {
    if (ran.result === null) throw error;
    return { result: ran.result, gradients: tensors.map(() => null) };
  }
}

class NotATensor extends Error {}

function wrapLike(value: Value, tensor: tf.Tensor): Value {
  return value.kind === 'instance' ? { ...value, payload: tensor } : value;
}

/** How many tensors tfjs holds: what a run must leave as it found it. */
export const liveTfTensors = (): number => tf.memory().numTensors;
