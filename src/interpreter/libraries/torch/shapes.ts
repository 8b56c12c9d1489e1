/** Operations that show the same numbers in another shape, and those that join or repeat tensors. */
import { clone } from '../../../tensor/creation';
import { elementBytes } from '../../../tensor/dtype';
import * as join from '../../../tensor/joining';
import { broadcastShapes } from '../../../tensor/shapes';
import type { Tensor } from '../../../tensor/tensor';
import * as views from '../../../tensor/views';
import type { Operation } from '../../library';
import { bool, int, tuple } from '../../value';
import { operation, sizes, tensorArgument, tensorOperation, tensorTuple } from './operation';
import { size } from './tensors';

const view = (where: string, signature: string, compute: (input: Tensor, args: Parameters<Operation['call']>[1]) => Tensor): Operation =>
  tensorOperation(where, signature, (args, context) => compute(tensorArgument(context, args), args));

const memories = new WeakMap<object, number>();
let lastMemory = 0x5500_0000_0000;

/** A number that belongs to the memory a tensor shows: views of one memory share it, moved by their offset. */
function memoryNumber(input: Tensor): number {
  const { values } = input.cell;
  let start = memories.get(values.buffer);
  if (start === undefined) {
    lastMemory += 0x1_0000;
    start = lastMemory;
    memories.set(values.buffer, start);
  }
  return start + input.offset * elementBytes(input.dtype);
}

export const shapeOperations: readonly Operation[] = [
  operation('m size', 'input|self, dim=None', (context, args) => {
    const { shape } = tensorArgument(context, args);
    const dim = args.intOrNull('dim');
    if (dim === null) return size(shape);
    if (dim < -shape.length || dim >= shape.length) {
      const range = Math.max(shape.length, 1);
      context.raise('IndexError', `Dimension out of range (expected to be in range of [${-range}, ${range - 1}], but got ${dim})`);
    }
    return int(shape.at(dim)!);
  }),
  operation('m dim, m ndimension', 'input|self', (context, args) => int(tensorArgument(context, args).shape.length)),
  operation('tm numel, m nelement', 'input|self', (context, args) => int(tensorArgument(context, args).shape.reduce((a, b) => a * b, 1))),
  operation('m stride', 'input|self, dim=None', (context, args) => {
    const { strides } = tensorArgument(context, args);
    const dim = args.intOrNull('dim');
    return dim === null ? tuple(strides.map((stride) => int(stride))) : int(strides.at(dim) ?? 0);
  }),
  operation('m storage_offset', 'input|self', (context, args) => int(tensorArgument(context, args).offset)),
  operation('m is_contiguous', 'input|self, memory_format=None', (context, args) =>
    bool(views.isContiguousTensor(tensorArgument(context, args))),
  ),

  tensorOperation('m view', 'input|self, *shape, size|dtype=None', (args, context) => {
    const input = tensorArgument(context, args);
    return views.view(input, sizes(context, args));
  }),
  tensorOperation('m reshape', 'input|self, *sizes, shape=None', (args, context) =>
    views.reshape(tensorArgument(context, args), sizes(context, args, 'shape')),
  ),
  tensorOperation('t reshape', 'input, shape', (args, context) => views.reshape(tensorArgument(context, args), args.ints('shape'))),
  tensorOperation('m view_as', 'input|self, other', (args, context) =>
    views.viewAs(tensorArgument(context, args), tensorArgument(context, args, 'other')),
  ),
  tensorOperation('m reshape_as', 'input|self, other', (args, context) =>
    views.reshape(tensorArgument(context, args), tensorArgument(context, args, 'other').shape),
  ),
  view('tm flatten', 'input|self, start_dim=0, end_dim=-1', (input, args) =>
    views.flatten(input, args.int('start_dim'), args.int('end_dim')),
  ),
  view('tm ravel', 'input|self', (input) => views.reshape(input, [-1])),
  view('tm unflatten', 'input|self, dim, sizes', (input, args) => views.unflatten(input, args.int('dim'), args.ints('sizes'))),
  view('m contiguous', 'input|self, memory_format=None', (input) => views.contiguous(input)),
  view('tm clone', 'input|self, *, memory_format=None', (input) => clone(input)),
  view('tm squeeze', 'input|self, dim|axis=None', (input, args) => views.squeeze(input, args.intsOrNull('dim'))),
  view('tm unsqueeze', 'input|self, dim|axis', (input, args) => views.unsqueeze(input, args.int('dim'))),
  tensorOperation('m permute', 'input|self, *sizes, dims=None', (args, context) =>
    views.permute(tensorArgument(context, args), sizes(context, args, 'dims')),
  ),
  view('t permute', 'input, dims', (input, args) => views.permute(input, args.ints('dims'))),
  view('tm transpose, tm swapaxes, tm swapdims', 'input|self, dim0|axis0, dim1|axis1', (input, args) =>
    views.transpose(input, args.int('dim0'), args.int('dim1')),
  ),
  view('tm t', 'input|self', (input) => views.t(input)),
  view('tm movedim, tm moveaxis', 'input|self, source, destination', (input, args) =>
    views.movedim(input, args.ints('source'), args.ints('destination')),
  ),
  tensorOperation('m expand', 'input|self, *sizes, size=None, implicit=False', (args, context) =>
    views.expand(tensorArgument(context, args), sizes(context, args)),
  ),
  view('tm broadcast_to', 'input|self, size|shape', (input, args) => views.expand(input, args.ints('size'))),
  tensorOperation('m expand_as', 'input|self, other', (args, context) =>
    views.expandAs(tensorArgument(context, args), tensorArgument(context, args, 'other')),
  ),
  operation('t broadcast_tensors', '*tensors', (_, args) => {
    const [first] = args.rest;
    const inputs = args.rest.length === 1 && (first?.kind === 'list' || first?.kind === 'tuple') ? first.items : args.rest;
    const tensors = inputs.flatMap((item) => (item.kind === 'tensor' ? [item.tensor] : []));
    const shape = tensors.reduce<readonly number[]>((all, tensor) => broadcastShapes(all, tensor.shape), []);
    return tensorTuple(tensors.map((tensor) => views.expand(tensor, shape)));
  }),
  operation('t broadcast_shapes', '*shapes', (context, args) =>
    size(
      args.rest.reduce<readonly number[]>(
        (all, shape) =>
          broadcastShapes(
            all,
            context.toArray(shape).map((n) => (n.kind === 'int' ? Number(n.value) : 1)),
          ),
        [],
      ),
    ),
  ),
  view('tm narrow', 'input|self, dim, start, length', (input, args) =>
    views.narrow(input, args.int('dim'), args.int('start'), args.int('length')),
  ),
  view('tm select', 'input|self, dim, index', (input, args) => views.select(input, args.int('dim'), args.int('index'))),
  view('tm diagonal', 'input|self, offset=0, dim1=0, dim2=1', (input, args) =>
    views.diagonal(input, args.int('offset'), args.int('dim1'), args.int('dim2')),
  ),
  view('m unfold', 'input|self, dimension, size, step', (input, args) =>
    views.unfold(input, args.int('dimension'), args.int('size'), args.int('step')),
  ),
  view('tm as_strided', 'input|self, size, stride, storage_offset=None', (input, args) =>
    views.asStrided(input, args.ints('size'), args.ints('stride'), args.intOrNull('storage_offset') ?? undefined),
  ),
  operation('tm split, tm split_with_sizes', 'tensor|input|self, split_size_or_sections|split_size|split_sizes, dim=0', (context, args) => {
    const given = args.value('split_size_or_sections');
    const amount =
      given.kind === 'list' || given.kind === 'tuple' ? args.ints('split_size_or_sections') : args.int('split_size_or_sections');
    return tensorTuple(views.split(tensorArgument(context, args, 'tensor'), amount, args.int('dim')));
  }),
  operation('tm chunk', 'input|self, chunks, dim=0', (context, args) =>
    tensorTuple(views.chunk(tensorArgument(context, args), args.int('chunks'), args.int('dim'))),
  ),
  operation('tm tensor_split', 'input|self, indices_or_sections|sections|indices, dim=0', (context, args) => {
    const given = args.value('indices_or_sections');
    const amount = given.kind === 'list' || given.kind === 'tuple' ? args.ints('indices_or_sections') : args.int('indices_or_sections');
    return tensorTuple(views.tensorSplit(tensorArgument(context, args), amount, args.int('dim')));
  }),
  ...[
    { name: 'atleast_1d', raise: join.atLeast1d },
    { name: 'atleast_2d', raise: join.atLeast2d },
    { name: 'atleast_3d', raise: join.atLeast3d },
  ].map(({ name, raise }) => view(`t ${name}`, 'input', (input) => raise(input))),
  operation('m data_ptr', 'input|self', (context, args) => int(memoryNumber(tensorArgument(context, args)))),
  operation('tm unbind', 'input|self, dim=0', (context, args) => tensorTuple(views.unbind(tensorArgument(context, args), args.int('dim')))),
];
