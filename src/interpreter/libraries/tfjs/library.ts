/** What `import * as tf from '@tensorflow/tfjs'` gives to interpreted TypeScript. */
import * as tf from '@tensorflow/tfjs-core';
import type { Context } from '../../context';
import type { Library, ModuleSource, Snapshot } from '../../library';
import { native } from '../../library';
import type { ModuleValue, ObjectValue, Value } from '../../value';
import { UNDEFINED, float } from '../../value';
import { raiseError } from '../../javascript/errors';
import { fromHost, tensorIn, toHost, wrapTensor } from './convert';
import { gradientFunctions } from './gradients';
import { functions, reductions } from './operations';
import { chargeRequest } from './requests';
import { charged, guarded, tensorClass, warnOfClassAxis, warnOfIntegerOneHot } from './tensorClass';

function makeFunction(name: string): Value {
  const run = functions.get(name)!;
  return native(`tf.${name}`, '*args', (context, args) => {
    const converted = args.rest.map((value) => toHost(context, value));
    chargeRequest(context, name, converted);
    if (name === 'oneHot') warnOfIntegerOneHot(context, converted);
    warnOfClassAxis(context, name, converted);
    return fromHost(
      tensorClass(context),
      guarded(context, () => charged(context, run(...converted))),
    );
  });
}

/** `tf.tidy(f)`, `tf.tidy(name, f)`: the result of f. */
const tidy = native('tf.tidy', '*args', (context, args) => {
  const body = args.rest.at(-1);
  return body === undefined ? UNDEFINED : context.call(body, []);
});

const returnsItsArgument = (name: string) => native(`tf.${name}`, '*args', (_context, args) => args.rest[0] ?? UNDEFINED);
const doesNothing = (name: string) => native(`tf.${name}`, '*args', () => UNDEFINED);

function members(context: Context): Record<string, Value> {
  const made: Record<string, Value> = {};
  const losses: ModuleValue = { kind: 'module', name: 'tf.losses', members: new Map(), isRealName: () => true };
  const metrics: ModuleValue = { kind: 'module', name: 'tf.metrics', members: new Map(), isRealName: () => true };
  for (const name of functions.keys()) {
    const value = makeFunction(name);
    if (name.startsWith('losses.')) losses.members.set(name.slice('losses.'.length), value);
    else if (name.startsWith('metrics.')) metrics.members.set(name.slice('metrics.'.length), value);
    else made[name] = value;
  }
  const reduction: ObjectValue = {
    kind: 'object',
    properties: new Map(Object.entries(reductions).map(([key, value]) => [key, float(value)])),
  };
  losses.members.set('Reduction', reduction);
  const print = native('tf.print', 'x, verbose=False', (inner, args) =>
    inner.callMethod(args.value('x'), 'print', [args.value('verbose')]),
  );
  return {
    ...made,
    ...gradientFunctions,
    losses,
    metrics,
    Reduction: reduction,
    Tensor: tensorClass(context),
    tidy,
    print,
    keep: returnsItsArgument('keep'),
    variable: native('tf.variable', 'initial, *rest', (inner, args) => {
      const initial = tensorIn(args.value('initial'));
      return initial === null
        ? raiseError(inner, 'Error', 'tf.variable takes a tensor')
        : wrapTensor(
            tensorClass(inner),
            guarded(inner, () => tf.clone(initial)),
          );
    }),
    dispose: doesNothing('dispose'),
    ready: doesNothing('ready'),
    setBackend: doesNothing('setBackend'),
    enableProdMode: doesNothing('enableProdMode'),
  };
}

const root: ModuleSource = {
  members: (context) => {
    const made = members(context);
    const self: ModuleValue = { kind: 'module', name: 'tf', members: new Map(Object.entries(made)), isRealName: () => true };
    return { ...made, default: self };
  },
};

const mostElements = 4096;

function snapshot(value: Value): Snapshot | null {
  const tensor = tensorIn(value);
  if (tensor === null || tensor.dtype === 'string' || tensor.dtype === 'complex64') return null;
  const values = Array.from(tensor.dataSync<'float32'>().subarray(0, mostElements));
  return { kind: 'tensor', dtype: tensor.dtype, shape: [...tensor.shape], values, truncated: tensor.size > mostElements };
}

const moduleNames = ['@tensorflow/tfjs', '@tensorflow/tfjs-core', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];

/** One library per package name: they share nothing but the code. */
export const tfjsLibraries: readonly Library[] = moduleNames.map((name) => ({ name, operations: [], modules: { [name]: root }, snapshot }));
