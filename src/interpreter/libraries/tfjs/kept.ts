/**
 * Tensors that outlive the scope they were made in: tfjs disposes of them at its end, and what they held is kept beside them, for as long as
 * somebody holds the value. Nothing of it is alive in tfjs meanwhile.
 */
import { engine, tensor as newTensor, type DataTypeMap, type Tensor as TfTensor } from '@tensorflow/tfjs-core';

const kept = new WeakMap<TfTensor, DataTypeMap[keyof DataTypeMap]>();

/** Runs `body`; the tensors that it leaves in the scope under way can be read after the scope's end. */
export function keepingTfTensors<T>(body: () => T): T {
  const scope = engine().state.activeScope as { readonly track: readonly TfTensor[] } | null;
  const before = scope?.track.length ?? 0;
  const result = body();
  // Of a program written for torch, tensors hold their values themselves.
  if (scope !== null && engine().backendName === 'cpu')
    for (const tensor of scope.track.slice(before)) if (!tensor.isDisposed) kept.set(tensor, tensor.dataSync());
  return result;
}

/** The tensor itself while it lives; one like it where its scope is over. What the program has disposed of stays so. */
export function living(tensor: TfTensor): TfTensor {
  const values = tensor.isDisposed ? kept.get(tensor) : undefined;
  return values === undefined ? tensor : newTensor(values as Float32Array, tensor.shape, tensor.dtype);
}
