/** How numbers become tensors of the code's framework and back, and where its gradients come from. One bridge for each world of tensors. */
import type { Context } from '../interpreter/context';
import type { Value } from '../interpreter/value';
import type { ReadTensor } from './tensorData';

export type Matrix = readonly (readonly number[])[];

/** What a loss is fed: the logits themselves, or what the code expects to have been made of them. 'sigmoids' are a probability for each class by itself. */
export type Feed = 'logits' | 'logProbabilities' | 'probabilities' | 'sigmoids';

export interface Differentiated {
  readonly result: Value;
  /** d(sum of the result)/d(logits), with respect to the logits whatever was fed; null where there is none. */
  readonly gradient: Matrix | null;
  /** Why there is no gradient. */
  readonly problem: string | null;
}

/** A tensor as plain numbers, row-major; whole numbers are never differentiated. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly dtype: 'float' | 'int';
}

/** A result and d(sum of it)/d(each floating tensor), in the tensors' order; null where it does not depend on one, or that is of whole numbers. */
export interface DifferentiatedByAll {
  readonly result: Value;
  readonly gradients: readonly (readonly number[] | null)[];
}

export interface Bridge {
  /** Makes tensors possible inside `body` and disposes of them behind it; nothing that holds a tensor may leave it. */
  readonly withTensors: <T>(body: () => T) => T;
  /** Differentiating runs the code many times: only the first run's steps are the person's. */
  readonly runsOften: boolean;
  readonly floats: (context: Context, values: readonly number[], shape: readonly number[]) => Value;
  readonly integers: (context: Context, values: readonly number[], shape: readonly number[]) => Value;
  /** Of each number, whether it is not 0; arrays of numbers keep the numbers. */
  readonly switches: (context: Context, values: readonly number[], shape: readonly number[]) => Value;
  /** The tensor in a value; null when it is none. */
  readonly read: (value: Value) => ReadTensor | null;
  /** Whether a tensor's numbers came from this run's random generator. */
  readonly wasRandom: (value: Value) => boolean;
  readonly differentiate: (
    context: Context,
    logits: Matrix,
    shape: readonly number[],
    feed: Feed,
    call: (input: Value) => Value,
  ) => Differentiated;
  /** Differentiates by every floating tensor that the call is handed. */
  readonly differentiateAll: (
    context: Context,
    tensors: readonly PlainTensor[],
    call: (handed: readonly Value[]) => Value,
  ) => DifferentiatedByAll;
}
