/** Reading and writing by index: `x[…]`, gather, scatter, masks, one_hot, and the joining of tensors. */
import * as join from '../../../tensor/joining';
import * as s from '../../../tensor/scatter';
import { getIndex, type IndexPart, indexPut, setIndex } from '../../../tensor/indexing';
import type { Scalar } from '../../../tensor/promotion';
import { clone, full } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';
import * as views from '../../../tensor/views';
import type { Context } from '../../context';
import { method, type Operation } from '../../library';
import type { Arguments } from '../../signature';
import { bigintOf, NONE, type Value } from '../../value';
import { tensorFromData } from './literal';
import {
  asTensor,
  operandArgument,
  operation,
  scalarOf,
  sizeOf,
  sizes,
  tensorArgument,
  tensorList,
  tensorOperation,
  tensorTuple,
} from './operation';
import { wrap } from './tensors';

// ------------------------------------------------------------------------------------------------------- x[index]

/** One entry of an index expression as the tensor room takes it. */
function indexEntry(context: Context, value: Value): IndexPart {
  switch (value.kind) {
    case 'none':
      return { kind: 'none' };
    case 'ellipsis':
      return { kind: 'ellipsis' };
    case 'bool':
      return { kind: 'bool', value: value.value };
    case 'int':
      return { kind: 'int', value: Number(value.value) };
    case 'slice': {
      const bound = (v: Value): number | null => (v.kind === 'none' ? null : sizeOf(context, v));
      const step = bound(value.step);
      if (step !== null && step <= 0) context.raise('ValueError', 'step must be greater than zero');
      return { kind: 'slice', start: bound(value.start), stop: bound(value.stop), step };
    }
    case 'tensor':
      return { kind: 'tensor', tensor: value.tensor };
    case 'list':
    case 'tuple':
    case 'range': {
      const items = context.toArray(value);
      if (items.length === 0) return { kind: 'tensor', tensor: full([0], { kind: 'int', value: 0 }, 'int64') };
      return { kind: 'tensor', tensor: tensorFromData(context, value, null) };
    }
    default: {
      const number = context.findAttribute(value, '__index__');
      const found = number === null ? null : bigintOf(context.call(number));
      if (found !== null) return { kind: 'int', value: Number(found) };
      const got = context.typeOf(value).name;
      return context.raise(
        'IndexError',
        value.kind === 'str'
          ? 'too many indices for tensor of dimension 1'
          : `only integers, slices (\`:\`), ellipsis (\`...\`), None and long or byte Variables are valid indices (got ${got})`,
      );
    }
  }
}

/** torch reads a list that holds more than numbers as it reads a tuple. */
const isTupleLike = (index: Value): index is Extract<Value, { kind: 'tuple' | 'list' }> =>
  index.kind === 'tuple' || (index.kind === 'list' && index.items.some((item) => !['int', 'bool', 'float'].includes(item.kind)));

const indexEntries = (context: Context, index: Value): IndexPart[] =>
  isTupleLike(index) ? index.items.map((item) => indexEntry(context, item)) : [indexEntry(context, index)];

const selfOf = (args: Arguments): Tensor => (args.value('self') as { readonly tensor: Tensor }).tensor;

/** Reading an index: a view where torch gives one, else a copy. */
export const readIndex = (context: Context, tensor: Tensor, index: Value): Tensor => getIndex(tensor, indexEntries(context, index));

export function writeIndex(context: Context, tensor: Tensor, index: Value, value: Value): void {
  const scalar = scalarOf(value);
  const source = scalar ?? asTensor(context, value, 'value');
  setIndex(tensor, indexEntries(context, index), source);
}

export const indexingMethods: readonly (readonly [string, Value])[] = [
  [
    '__getitem__',
    method('Tensor.__getitem__', 'self, index, /', (context, args) => wrap(readIndex(context, selfOf(args), args.value('index')))),
  ],
  [
    '__setitem__',
    method('Tensor.__setitem__', 'self, index, value, /', (context, args) => {
      writeIndex(context, selfOf(args), args.value('index'), args.value('value'));
      return NONE;
    }),
  ],
];

// --------------------------------------------------------------------------------------------------------- by name

/** `value=` or `src=` of scatter: a number or a tensor. */
function scatterSource(context: Context, args: Arguments): Tensor | Scalar {
  const given = args.optional('src') ?? args.optional('value');
  if (given === null) return context.raise('TypeError', 'scatter() missing 1 required positional argument: "src"');
  return scalarOf(given) ?? asTensor(context, given, 'src');
}

function scatterMode(context: Context, args: Arguments): s.ScatterReduce | null {
  const mode = args.stringOrNull('reduce');
  if (mode === null || mode === 'add' || mode === 'multiply') return mode;
  return context.raise('RuntimeError', 'reduce argument must be either add or multiply');
}

/** A number, or a tensor without dimensions. */
const fillValue = (context: Context, args: Arguments): Tensor | Scalar => operandArgument(context, args, 'value');

const integerIndex = (context: Context, args: Arguments): Tensor => tensorArgument(context, args, 'index');

/** Operations with an in-place spelling as well. */
export const indexingWrites: readonly Operation[] = [
  tensorOperation('tm scatter', 'input|self, dim, index, src=None, *, value=None, reduce=None', (args, context) =>
    s.scatter(
      tensorArgument(context, args),
      args.int('dim'),
      integerIndex(context, args),
      scatterSource(context, args),
      scatterMode(context, args),
    ),
  ),
  tensorOperation('tm scatter_add', 'input|self, dim, index, src', (args, context) =>
    s.scatterAdd(tensorArgument(context, args), args.int('dim'), integerIndex(context, args), tensorArgument(context, args, 'src')),
  ),
  tensorOperation('tm index_fill', 'input|self, dim, index, value', (args, context) =>
    s.indexFill(tensorArgument(context, args), args.int('dim'), integerIndex(context, args), fillValue(context, args)),
  ),
  tensorOperation('tm index_add', 'input|self, dim, index, source, *, alpha=1', (args, context) =>
    s.indexAdd(
      tensorArgument(context, args),
      args.int('dim'),
      integerIndex(context, args),
      tensorArgument(context, args, 'source'),
      args.float('alpha'),
    ),
  ),
  tensorOperation('tm index_copy', 'input|self, dim, index, source', (args, context) =>
    s.indexCopy(tensorArgument(context, args), args.int('dim'), integerIndex(context, args), tensorArgument(context, args, 'source')),
  ),
  tensorOperation('tm masked_fill', 'input|self, mask, value', (args, context) =>
    s.maskedFill(tensorArgument(context, args), tensorArgument(context, args, 'mask'), fillValue(context, args)),
  ),
  tensorOperation('tm masked_scatter', 'input|self, mask, source', (args, context) =>
    s.maskedScatter(tensorArgument(context, args), tensorArgument(context, args, 'mask'), tensorArgument(context, args, 'source')),
  ),
];

const nonzero = (where: string): Operation =>
  operation(where, 'input|self, *, as_tuple=False, out=None', (context, args) => {
    const found = s.nonzero(tensorArgument(context, args));
    return args.bool('as_tuple') ? tensorTuple(views.unbind(found, 1)) : wrap(found);
  });

const joining = (where: string, signature: string, compute: (tensors: readonly Tensor[], args: Arguments) => Tensor): Operation =>
  tensorOperation(where, signature, (args, context) => compute(tensorList(context, args), args));

/** The index tensors of index_put. */
const indexTensors = (context: Context, args: Arguments): Tensor[] => tensorList(context, args, 'indices');

export const indexingOperations: readonly Operation[] = [
  tensorOperation('tm index_put', 'input|self, indices, values, accumulate=False', (args, context) =>
    indexPut(
      clone(tensorArgument(context, args)),
      indexTensors(context, args),
      tensorArgument(context, args, 'values'),
      args.bool('accumulate'),
    ),
  ),
  operation('m index_put_', 'input|self, indices, values, accumulate=False', (context, args) => {
    indexPut(tensorArgument(context, args), indexTensors(context, args), tensorArgument(context, args, 'values'), args.bool('accumulate'));
    return args.value('input');
  }),
  tensorOperation('tm gather', 'input|self, dim, index, *, sparse_grad=False, out=None', (args, context) =>
    s.gather(tensorArgument(context, args), args.int('dim'), integerIndex(context, args)),
  ),
  tensorOperation('tm index_select', 'input|self, dim, index', (args, context) =>
    s.indexSelect(tensorArgument(context, args), args.int('dim'), integerIndex(context, args)),
  ),
  tensorOperation('tm take', 'input|self, index', (args, context) => s.take(tensorArgument(context, args), integerIndex(context, args))),
  tensorOperation('tm take_along_dim', 'input|self, indices, dim=None', (args, context) =>
    s.takeAlongDim(tensorArgument(context, args), tensorArgument(context, args, 'indices'), args.intOrNull('dim')),
  ),
  tensorOperation('tm masked_select', 'input|self, mask', (args, context) =>
    s.maskedSelect(tensorArgument(context, args), tensorArgument(context, args, 'mask')),
  ),
  nonzero('tm nonzero'),
  tensorOperation('tm argwhere', 'input|self', (args, context) => s.nonzero(tensorArgument(context, args))),
  tensorOperation('f one_hot', 'tensor|input, num_classes=-1', (args, context) =>
    s.oneHot(tensorArgument(context, args, 'tensor'), args.int('num_classes')),
  ),
  joining('t cat, t concat, t concatenate', 'tensors, dim|axis=0, *, out=None', (tensors, args) => join.cat(tensors, args.int('dim'))),
  joining('t stack', 'tensors, dim|axis=0, *, out=None', (tensors, args) => join.stack(tensors, args.int('dim'))),
  joining('t hstack', 'tensors', (tensors) => join.hstack(tensors)),
  joining('t vstack, t row_stack', 'tensors', (tensors) => join.vstack(tensors)),
  joining('t dstack', 'tensors', (tensors) => join.dstack(tensors)),
  joining('t column_stack', 'tensors', (tensors) => join.columnStack(tensors)),
  tensorOperation('m repeat', 'input|self, *sizes, repeats=None', (args, context) =>
    join.repeat(tensorArgument(context, args), sizes(context, args, 'repeats')),
  ),
  tensorOperation('m tile', 'input|self, *sizes, dims=None', (args, context) =>
    join.tile(tensorArgument(context, args), sizes(context, args, 'dims')),
  ),
  tensorOperation('t tile', 'input, dims', (args, context) => join.tile(tensorArgument(context, args), args.ints('dims'))),
  tensorOperation('tm repeat_interleave', 'input|self, repeats, dim=None, *, output_size=None', (args, context) => {
    const repeats = args.value('repeats');
    return join.repeatInterleave(
      tensorArgument(context, args),
      repeats.kind === 'tensor' ? repeats.tensor : args.int('repeats'),
      args.intOrNull('dim'),
    );
  }),
  tensorOperation('m flip', 'input|self, *sizes, dims=None', (args, context) =>
    join.flip(tensorArgument(context, args), sizes(context, args, 'dims')),
  ),
  tensorOperation('t flip', 'input, dims', (args, context) => join.flip(tensorArgument(context, args), args.ints('dims'))),
  tensorOperation('tm fliplr', 'input|self', (args, context) => join.fliplr(tensorArgument(context, args))),
  tensorOperation('tm flipud', 'input|self', (args, context) => join.flipud(tensorArgument(context, args))),
  tensorOperation('tm roll', 'input|self, shifts, dims=None', (args, context) =>
    join.roll(tensorArgument(context, args), args.ints('shifts'), args.intsOrNull('dims') ?? []),
  ),
];
