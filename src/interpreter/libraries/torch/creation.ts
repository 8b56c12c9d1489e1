/** Operations that make tensors: from data, from nothing, and like another. */
import * as make from '../../../tensor/creation';
import { requiresGradInPlace } from '../../../tensor/autograd';
import type { Dtype } from '../../../tensor/dtype';
import type { Scalar } from '../../../tensor/promotion';
import type { Tensor } from '../../../tensor/tensor';
import { detach } from '../../../tensor/views';
import type { Context } from '../../context';
import type { Operation } from '../../library';
import type { Arguments } from '../../signature';
import type { Value } from '../../value';
import { tensorFromData } from './literal';
import { scalarArgument, sizes, tensorArgument, tensorOperation } from './operation';
import { acceptDevice, dtypeArgument } from './tensors';

const options =
  'dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False, memory_format=None, out=None, generator=None, names=None';

/** Applies device and requires_grad, which every creation takes. */
function finish(context: Context, args: Arguments, tensor: Tensor): Tensor {
  acceptDevice(context, args.optional('device'));
  if (args.has('out') && args.optional('out') !== null) context.unsupported('out=');
  if (args.bool('requires_grad')) requiresGradInPlace(tensor, true);
  return tensor;
}

function creation(
  where: string,
  signature: string,
  compute: (args: Arguments, context: Context, dtype: Dtype | null) => Tensor,
): Operation {
  return tensorOperation(where, signature, (args, context) => finish(context, args, compute(args, context, dtypeArgument(context, args))));
}

const filled = (name: string, fill: (shape: readonly number[], dtype?: Dtype) => Tensor): Operation =>
  creation(`t ${name}`, `*sizes, size=None, ${options}`, (args, context, dtype) => fill(sizes(context, args), dtype ?? 'float32'));

const like = (name: string, fill: (input: Tensor, dtype?: Dtype) => Tensor): Operation =>
  creation(`t ${name}`, `input, *, ${options}`, (args, context, dtype) => {
    const input = tensorArgument(context, args);
    return fill(input, dtype ?? input.dtype);
  });

const newFilled = (name: string, fill: (shape: readonly number[], dtype?: Dtype) => Tensor): Operation =>
  creation(`m ${name}`, `input|self, *sizes, size=None, ${options}`, (args, context, dtype) =>
    fill(sizes(context, args), dtype ?? tensorArgument(context, args).dtype),
  );

/** float32 for a float, else the number's own type: what torch.full gives. */
const fillDtype = (fill: Scalar): Dtype => (fill.kind === 'float' ? 'float32' : fill.kind === 'int' ? 'int64' : 'bool');

/** A copy of the data, as torch.tensor makes it: off the tape. */
export function copied(context: Context, data: Value, dtype: Dtype | null): Tensor {
  if (data.kind === 'tensor') return make.to(detach(data.tensor), dtype ?? data.tensor.dtype, true);
  return tensorFromData(context, data, dtype);
}

/** Shares memory with a tensor or array of the same dtype. */
export function shared(context: Context, data: Value, dtype: Dtype | null): Tensor {
  if (data.kind !== 'tensor') return tensorFromData(context, data, dtype);
  return dtype === null || dtype === data.tensor.dtype ? data.tensor : make.to(data.tensor, dtype);
}

export const creationOperations: readonly Operation[] = [
  creation('t tensor', `data, *, ${options}`, (args, context, dtype) => copied(context, args.value('data'), dtype)),
  creation('t scalar_tensor', `s, *, ${options}`, (args, context, dtype) =>
    make.fromScalar(scalarArgument(context, args, 's'), dtype ?? 'float32'),
  ),
  filled('zeros', make.zeros),
  filled('ones', make.ones),
  filled('empty', make.empty),
  creation('t full', `size, fill_value, *, ${options}`, (args, context, dtype) => {
    const fill = scalarArgument(context, args, 'fill_value');
    return make.full(args.ints('size'), fill, dtype ?? fillDtype(fill));
  }),
  like('zeros_like', make.zerosLike),
  like('ones_like', make.onesLike),
  like('empty_like', make.emptyLike),
  creation('t full_like', `input, fill_value, *, ${options}`, (args, context, dtype) => {
    const input = tensorArgument(context, args);
    return make.fullLike(input, scalarArgument(context, args, 'fill_value'), dtype ?? input.dtype);
  }),
  newFilled('new_zeros', make.zeros),
  newFilled('new_ones', make.ones),
  newFilled('new_empty', make.empty),
  creation('m new_full', `input|self, size, fill_value, *, ${options}`, (args, context, dtype) =>
    make.full(args.ints('size'), scalarArgument(context, args, 'fill_value'), dtype ?? tensorArgument(context, args).dtype),
  ),
  creation('m new_tensor', `input|self, data, *, ${options}`, (args, context, dtype) =>
    copied(context, args.value('data'), dtype ?? tensorArgument(context, args).dtype),
  ),
  creation('m new', `input|self, *sizes, size=None, ${options}`, (args, context) => {
    const [first] = args.rest;
    const dtype = tensorArgument(context, args).dtype;
    if (args.rest.length === 1 && (first?.kind === 'list' || first?.kind === 'tuple')) return tensorFromData(context, first, dtype);
    return make.empty(sizes(context, args), dtype);
  }),
  creation('t arange', `start=..., end=..., step=1, *, ${options}`, (args, context, dtype) => {
    const bound = (name: string): Scalar => scalarArgument(context, args, name);
    const zero: Scalar = { kind: 'int', value: 0 };
    const hasEnd = args.given('end');
    if (!hasEnd && !args.given('start')) context.raise('TypeError', 'arange() missing 1 required positional argument: "end"');
    const start = hasEnd && args.given('start') ? bound('start') : zero;
    return make.arange(start, hasEnd ? bound('end') : bound('start'), bound('step'), dtype ?? undefined);
  }),
  creation('t linspace', `start, end, steps, *, ${options}`, (args, _, dtype) =>
    make.linspace(args.float('start'), args.float('end'), args.int('steps'), dtype ?? 'float32'),
  ),
  creation('t logspace', `start, end, steps, base=10.0, *, ${options}`, (args, _, dtype) =>
    make.logspace(args.float('start'), args.float('end'), args.int('steps'), args.float('base'), dtype ?? 'float32'),
  ),
  creation('t eye', `n, m=None, *, ${options}`, (args, _, dtype) =>
    make.eye(args.int('n'), args.intOrNull('m') ?? args.int('n'), dtype ?? 'float32'),
  ),
  tensorOperation('t as_tensor, t asarray', 'data|obj, dtype=None, device=None, *, copy=None, requires_grad=False', (args, context) =>
    finish(context, args, shared(context, args.value('data'), dtypeArgument(context, args))),
  ),
];
