/** Random tensors, from this run's seeded generator: not the numbers torch would draw, which the run says once. */
import { requiresGradInPlace } from '../../../tensor/autograd';
import { full, to } from '../../../tensor/creation';
import type { Dtype } from '../../../tensor/dtype';
import { add, div, log, mul, neg } from '../../../tensor/elementwise';
import { copyInto } from '../../../tensor/inplace';
import { isTensor, type Tensor } from '../../../tensor/tensor';
import * as random from '../../../tensor/random';
import type { Context } from '../../context';
import { method, nativeClass, type Operation } from '../../library';
import type { Arguments } from '../../signature';
import { OBJECT } from '../../types';
import { type ClassValue, instance, int, NONE, type Value } from '../../value';
import { operandArgument, operation, sizes, tensorArgument, tensorOperation } from './operation';
import { acceptDevice, dtypeArgument } from './tensors';

const options = 'dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False, generator=None, out=None, memory_format=None';

const differences = 'Draws from a seeded generator whose numbers are not torch’s.';

function drawn(where: string, signature: string, draw: (args: Arguments, context: Context, dtype: Dtype | null) => Tensor): Operation {
  return tensorOperation(
    where,
    `${signature}, ${options}`,
    (args, context) => {
      acceptDevice(context, args.optional('device'));
      noteRandom(context);
      const tensor = draw(args, context, dtypeArgument(context, args));
      return args.bool('requires_grad') ? requiresGradInPlace(tensor, true) : tensor;
    },
    { differences },
  );
}

function noteRandom(context: Context): void {
  context.note('random numbers come from a seeded generator of this run: they are not the ones torch would draw');
}

/** Writes random numbers into the receiver. */
const refill = (
  where: string,
  signature: string,
  draw: (shape: readonly number[], args: Arguments, context: Context, target: Tensor) => Tensor,
): Operation =>
  operation(
    where,
    `input|self${signature === '' ? '' : `, ${signature}`}, *, generator=None`,
    (context, args) => {
      noteRandom(context);
      const target = tensorArgument(context, args);
      copyInto(target, draw(target.shape, args, context, target));
      target.cell.wasRandom = true;
      return args.value('input');
    },
    { differences },
  );

function bounds(args: Arguments): readonly [number, number] {
  return args.given('high') && args.optional('high') !== null ? [args.int('low'), args.int('high')] : [0, args.int('low')];
}

const GENERATOR: ClassValue = nativeClass(
  'torch.Generator',
  [OBJECT],
  {
    __init__: method('Generator.__init__', 'self, device=None', () => NONE),
    manual_seed: method('Generator.manual_seed', 'self, seed', (_, args) => {
      random.manualSeed(args.int('seed'));
      return args.value('self');
    }),
    seed: method('Generator.seed', 'self', () => int(0)),
    initial_seed: method('Generator.initial_seed', 'self', () => int(0)),
  },
  { sealed: true },
);

export const randomMembers: Readonly<Record<string, Value>> = { Generator: GENERATOR };

export const randomOperations: readonly Operation[] = [
  operation('t manual_seed', 'seed', (_, args) => {
    random.manualSeed(args.int('seed'));
    return instance(GENERATOR);
  }),
  operation('t seed, t initial_seed', '', () => int(0)),
  drawn('t rand', '*sizes, size=None', (args, context, dtype) => random.rand(sizes(context, args), dtype ?? 'float32')),
  drawn('t randn', '*sizes, size=None', (args, context, dtype) => random.randn(sizes(context, args), dtype ?? 'float32')),
  drawn('t rand_like', 'input, *', (args, context, dtype) => {
    const input = tensorArgument(context, args);
    return random.rand(input.shape, dtype ?? input.dtype);
  }),
  drawn('t randn_like', 'input, *', (args, context, dtype) => {
    const input = tensorArgument(context, args);
    return random.randn(input.shape, dtype ?? input.dtype);
  }),
  tensorOperation(
    't randint',
    [`high: int, size: ints, *, ${options}`, `low: int, high: int, size: ints, *, ${options}`],
    (args, context) => {
      acceptDevice(context, args.optional('device'));
      noteRandom(context);
      const low = args.overload === 0 ? 0 : args.int('low');
      return random.randint(low, args.int('high'), args.ints('size'), dtypeArgument(context, args) ?? 'int64');
    },
    { differences },
  ),
  drawn('t randint_like', 'input, low, high=None', (args, context, dtype) => {
    const input = tensorArgument(context, args);
    const [low, high] = bounds(args);
    return random.randint(low, high, input.shape, dtype ?? input.dtype);
  }),
  drawn('t randperm', 'n, *', (args, _, dtype) => random.randperm(args.int('n'), dtype ?? 'int64')),
  tensorOperation(
    't normal',
    'mean=0.0, std=1.0, size=None, *, generator=None, out=None',
    (args, context) => {
      noteRandom(context);
      const [mean, std] = [operandArgument(context, args, 'mean'), operandArgument(context, args, 'std')];
      const shape = args.intsOrNull('size') ?? (isTensor(mean) ? mean.shape : isTensor(std) ? std.shape : []);
      return add(mul(random.randn(shape), std), mean);
    },
    { differences },
  ),
  drawn('tm bernoulli', 'input|self, p=None, *', (args, context) => {
    const input = tensorArgument(context, args);
    const p = args.optional('p') === null ? input : full(input.shape, { kind: 'float', value: args.float('p') });
    return to(random.bernoulli(p), input.dtype);
  }),
  tensorOperation(
    'tm multinomial',
    'input|self, num_samples, replacement=False, *, generator=None',
    (args, context) => {
      noteRandom(context);
      return random.multinomial(tensorArgument(context, args), args.int('num_samples'), args.bool('replacement'));
    },
    { differences },
  ),
  tensorOperation(
    'f dropout',
    'input, p=0.5, training=True, inplace=False',
    (args, context) => {
      const input = tensorArgument(context, args);
      const p = args.float('p');
      if (p < 0 || p > 1) context.raise('ValueError', `dropout probability has to be between 0 and 1, but got ${p}`);
      if (args.bool('training') && p > 0) noteRandom(context);
      return random.dropout(input, p, args.bool('training'));
    },
    { differences },
  ),
  refill('m uniform_', 'from=0.0, to=1.0', (shape, args, _, { dtype }) => random.rand(shape, dtype, args.float('from'), args.float('to'))),
  refill('m normal_', 'mean=0.0, std=1.0', (shape, args, _, { dtype }) =>
    random.randn(shape, dtype, args.float('mean'), args.float('std')),
  ),
  refill('m random_', 'from=..., to=...', (shape, args, _, target) => {
    const [low, high] = args.given('to') ? [args.int('from'), args.int('to')] : [0, args.given('from') ? args.int('from') : 2 ** 24];
    return random.randint(low, high, shape, target.dtype);
  }),
  refill('m bernoulli_', 'p=0.5', (shape, args) => random.bernoulli(full(shape, { kind: 'float', value: args.float('p') }))),
  refill('m exponential_', 'lambd=1.0', (shape, args) =>
    div(neg(log(random.rand(shape, 'float64'))), { kind: 'float', value: args.float('lambd') }),
  ),
];
