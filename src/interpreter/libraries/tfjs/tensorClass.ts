/** The tfjs tensor as interpreted code sees it, and what guards every call of tfjs. */
import * as tf from '@tensorflow/tfjs-core';
import { stepsOfTensor } from '../../calls';
import { raiseError } from '../../javascript/errors';
import type { Context } from '../../context';
import { method, nativeClass, property } from '../../library';
import type { Arguments } from '../../signature';
import type { ClassValue, Value } from '../../value';
import { UNDEFINED, float, list, str } from '../../value';
import { fromHost, tensorIn, toHost } from './convert';
import { callMethod, immediate, methods } from './operations';
import { noteRead } from './reads';
import { chargeRequest } from './requests';

const classKey = Symbol('tfjs tensor class');

/** The class of tfjs tensors in this run. */
export function tensorClass(context: Context): ClassValue {
  return context.state(classKey, makeTensorClass);
}

const bytesOfElement = 4;

/** Runs a piece of tfjs; its own error becomes one the person's code can catch. */
export function guarded<T>(context: Context, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) return raiseError(context, 'Error', error.message);
    throw error;
  }
}

export function charged(context: Context, result: unknown): unknown {
  if (result instanceof tf.Tensor) {
    context.charge(result.size, bytesOfElement);
    context.tick(stepsOfTensor);
  } else if (Array.isArray(result)) {
    for (const one of result) charged(context, one);
  }
  return result;
}

/** On the cpu backend `tf.oneHot(i, K, on, off)` without a float dtype keeps fractional values in an int32 tensor: what it is depends on who reads it. */
export function warnOfIntegerOneHot(context: Context, args: readonly unknown[]): void {
  const [, , on, off, dtype] = args;
  const fractional = [on, off].some((value) => typeof value === 'number' && !Number.isInteger(value));
  if (fractional && dtype !== 'float32') {
    context.note(
      'tf.oneHot with fractional on and off values but without the dtype "float32" makes an int32 tensor: the cpu backend used here keeps the fractions in float arithmetic, other backends and integer operations truncate them to zero.',
    );
  }
}

export function warnOfClassAxis(context: Context, name: string, args: readonly unknown[]): void {
  const labels = args[0] instanceof tf.Tensor ? (args[0] as tf.Tensor) : null;
  if (name === 'losses.softmaxCrossEntropy' && labels !== null && labels.rank > 2 && Number(args[3] ?? 0) > 0) {
    context.note(
      `tf.losses.softmaxCrossEntropy takes the number of classes for its label smoothing from axis 1 (${labels.shape[1] ?? 0}), not from the last axis (${labels.shape.at(-1) ?? 0}).`,
    );
  }
}

function receiver(context: Context, args: Arguments): tf.Tensor {
  return tensorIn(args.value('self')) ?? raiseError(context, 'TypeError', 'the method of a tensor was called on something else');
}

const isRead: ReadonlySet<string> = new Set(['data', 'dataSync', 'array', 'arraySync']);

function makeMethod(name: string): Value {
  return method(name, 'self, *args', (context, args) => {
    const self = receiver(context, args);
    const converted = args.rest.map((value) => toHost(context, value));
    chargeRequest(context, name, [self, ...converted]);
    if (name === 'oneHot') warnOfIntegerOneHot(context, [self, ...converted]);
    if (isRead.has(name)) noteRead(self);
    return fromHost(
      tensorClass(context),
      guarded(context, () => charged(context, callMethod(self, immediate.get(name) ?? name, converted))),
    );
  });
}

function makeTensorClass(): ClassValue {
  const self = (context: Context, value: Value) => tensorIn(value) ?? raiseError(context, 'TypeError', 'not a tensor');
  const members: [string, Value][] = [...methods, ...immediate.keys()].map((name) => [name, makeMethod(name)]);
  members.push(
    ['shape', property('shape', (context, value) => list(self(context, value).shape.map(float)))],
    ['rank', property('rank', (context, value) => float(self(context, value).rank))],
    ['rankType', property('rankType', (context, value) => str(self(context, value).rankType))],
    ['size', property('size', (context, value) => float(self(context, value).size))],
    ['dtype', property('dtype', (context, value) => str(self(context, value).dtype))],
    ['isDisposed', property('isDisposed', (context, value) => fromHost(tensorClass(context), self(context, value).isDisposed))],
    [
      'print',
      method('print', 'self, verbose=False', (context, args) => {
        context.print(`${receiver(context, args).toString(args.bool('verbose'))}\n`);
        return UNDEFINED;
      }),
    ],
    // Everything is disposed when the run ends; freeing one tensor early has no effect that the code could see.
    ['dispose', method('dispose', 'self', () => UNDEFINED)],
  );
  return nativeClass('tf.Tensor', [], members, { sealed: true });
}
