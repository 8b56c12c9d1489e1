/** numpy.random on this run's seeded generator, whose numbers are not numpy's. */
import { item, toArray } from '../../../tensor/creation';
import * as random from '../../../tensor/random';
import { noGrad } from '../../../tensor/run';
import type { Tensor } from '../../../tensor/tensor';
import { indexSelect } from '../../../tensor/scatter';
import type { Context } from '../../context';
import { method, native, nativeClass } from '../../library';
import type { Arguments } from '../../signature';
import { OBJECT } from '../../types';
import { type ClassValue, instance, NONE, type Value } from '../../value';
import { copyInto } from '../../../tensor/inplace';
import { scalarValue } from '../torch/operation';
import { arrayFromData } from './arrays';
import { resultValue } from './scalars';

function shapeOf(args: Arguments): number[] {
  return args.optional('size') === null ? [] : args.ints('size');
}

const shapeOfRest = (args: Arguments): number[] => args.rest.map((value) => (value.kind === 'int' ? Number(value.value) : 0));

type Draw = (args: Arguments, context: Context) => Tensor;

interface Drawing {
  readonly name: string;
  readonly signature: string;
  readonly draw: Draw;
}

/** Sizes of the first axis to choose from, or the numbers below an int. */
function population(context: Context, args: Arguments, name: string): Tensor | number {
  const value = args.value(name);
  return value.kind === 'int' ? Number(value.value) : arrayFromData(context, value, null);
}

function choice(args: Arguments, context: Context): Tensor {
  const from = population(context, args, 'a');
  const count = typeof from === 'number' ? from : (from.shape[0] ?? 1);
  const shape = shapeOf(args);
  const n = shape.reduce((p, size) => p * size, 1);
  const picked =
    args.optional('p') !== null
      ? random.multinomial(arrayFromData(context, args.value('p'), 'float64'), n, args.bool('replace'))
      : args.bool('replace')
        ? random.randint(0, count, [n])
        : random.randint(0, 1, [0]);
  const positions = args.optional('p') === null && !args.bool('replace') ? toArray(random.randperm(count)).slice(0, n) : toArray(picked);
  const index = arrayFromData(
    context,
    {
      kind: 'list',
      items: positions.map((at) => ({ kind: 'int', value: BigInt(at), class: null, attributes: null })),
      class: null,
      attributes: null,
    },
    'int64',
  );
  const taken = typeof from === 'number' ? index : indexSelect(from, 0, index);
  return Object.assign(taken, { shape: [...shape, ...taken.shape.slice(1)] });
}

const drawings: readonly Drawing[] = [
  { name: 'rand', signature: '*sizes', draw: (args) => random.rand(shapeOfRest(args), 'float64') },
  { name: 'randn', signature: '*sizes', draw: (args) => random.randn(shapeOfRest(args), 'float64') },
  { name: 'random', signature: 'size=None', draw: (args) => random.rand(shapeOf(args), 'float64') },
  { name: 'random_sample', signature: 'size=None', draw: (args) => random.rand(shapeOf(args), 'float64') },
  {
    name: 'uniform',
    signature: 'low=0.0, high=1.0, size=None',
    draw: (args) => random.rand(shapeOf(args), 'float64', args.float('low'), args.float('high')),
  },
  {
    name: 'normal',
    signature: 'loc=0.0, scale=1.0, size=None',
    draw: (args) => random.randn(shapeOf(args), 'float64', args.float('loc'), args.float('scale')),
  },
  { name: 'standard_normal', signature: 'size=None', draw: (args) => random.randn(shapeOf(args), 'float64') },
  {
    name: 'randint',
    signature: 'low, high=None, size=None, dtype=None',
    draw: (args) => {
      const high = args.intOrNull('high');
      return high === null ? random.randint(0, args.int('low'), shapeOf(args)) : random.randint(args.int('low'), high, shapeOf(args));
    },
  },
  { name: 'choice', signature: 'a, size=None, replace=True, p=None', draw: choice },
  {
    name: 'permutation',
    signature: 'a|x',
    draw: (args, context) => {
      const from = population(context, args, 'a');
      return typeof from === 'number' ? random.randperm(from) : indexSelect(from, 0, random.randperm(from.shape[0] ?? 1));
    },
  },
];

const generatorNames: Readonly<Record<string, string>> = { randint: 'integers' };

function run(context: Context, args: Arguments, draw: Draw): Value {
  context.note('random numbers come from a seeded generator of this run: they are not the ones numpy would draw');
  const drawn = noGrad(() => draw(args, context));
  // A single draw is a plain Python number.
  return drawn.shape.length === 0 ? scalarValue(item(drawn)) : resultValue(drawn);
}

function shuffle(context: Context, value: Value): Value {
  if (value.kind === 'list') {
    const order = toArray(random.randperm(value.items.length));
    value.items.splice(0, value.items.length, ...order.map((at) => value.items[at]!));
  } else if (value.kind === 'tensor') {
    copyInto(value.tensor, indexSelect(value.tensor, 0, random.randperm(value.tensor.shape[0] ?? 1)));
  } else context.raise('TypeError', `cannot shuffle ${context.typeOf(value).name}`);
  return NONE;
}

const GENERATOR: ClassValue = nativeClass(
  'numpy.random.Generator',
  [OBJECT],
  {
    ...Object.fromEntries(
      drawings.map(({ name, signature, draw }) => {
        const known = generatorNames[name] ?? name;
        return [known, method(known, `self, ${signature}`, (context, args) => run(context, args, draw))];
      }),
    ),
    shuffle: method('shuffle', 'self, x', (context, args) => shuffle(context, args.value('x'))),
  },
  { sealed: true },
);

function seed(args: Arguments): void {
  if (args.optional('seed') !== null) random.manualSeed(args.int('seed'));
}

export const randomMembers: Readonly<Record<string, Value>> = {
  ...Object.fromEntries(
    drawings.map(({ name, signature, draw }) => [
      name,
      native(`numpy.random.${name}`, signature, (context, args) => run(context, args, draw)),
    ]),
  ),
  shuffle: native('numpy.random.shuffle', 'x', (context, args) => shuffle(context, args.value('x'))),
  seed: native('numpy.random.seed', 'seed=None', (_, args) => {
    seed(args);
    return NONE;
  }),
  default_rng: native('numpy.random.default_rng', 'seed=None', (_, args) => {
    seed(args);
    return instance(GENERATOR);
  }),
  RandomState: native('numpy.random.RandomState', 'seed=None', (_, args) => {
    seed(args);
    return instance(GENERATOR);
  }),
};
