/** Numbers that code reads out of tensors: `(await loss.data())[0]` is still that loss. */
import type * as tf from '@tensorflow/tfjs-core';

let reads: tf.Tensor[] | null = null;

/** A tensor of one number was read. */
export function noteRead(tensor: tf.Tensor): void {
  if (tensor.size === 1) reads?.push(tensor);
}

/** Runs `body`; with its result, what it read last of this very number. */
export function withReads<T>(body: () => T): { readonly result: T; readonly tensorOf: (value: number) => tf.Tensor | null } {
  const before = reads;
  const own: tf.Tensor[] = [];
  reads = own;
  try {
    const result = body();
    return { result, tensorOf: (value) => own.findLast((tensor) => !tensor.isDisposed && tensor.dataSync()[0] === value) ?? null };
  } finally {
    reads = before;
  }
}
