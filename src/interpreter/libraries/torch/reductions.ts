/** Operations that reduce or order the elements along dimensions. */
import { to } from '../../../tensor/creation';
import { maximum, minimum, sub } from '../../../tensor/elementwise';
import * as x from '../../../tensor/extremes';
import * as join from '../../../tensor/joining';
import * as r from '../../../tensor/reductions';
import type { Tensor } from '../../../tensor/tensor';
import type { Context } from '../../context';
import type { Operation } from '../../library';
import type { Arguments } from '../../signature';
import type { Value } from '../../value';
import { dims, named, operandArgument, operation, optionalTensor, tensorArgument, tensorOperation, tensorTuple } from './operation';
import { dtypeArgument, namedTuple, wrap } from './tensors';

const reduceSignature = 'input|self, dim|axis=None, keepdim|keepdims=False, *, dtype=None, out=None';

const pairOf = (name: string, { values, indices }: x.ValuesAndIndices): Value =>
  namedTuple(name, { values: wrap(values), indices: wrap(indices) });

/** max and min: of everything, along a dimension, or of two tensors. */
function extreme(
  name: 'max' | 'min',
  all: (input: Tensor) => Tensor,
  along: (input: Tensor, dim: number, keepdim: boolean) => x.ValuesAndIndices,
  pair: typeof maximum,
): Operation {
  const signatures = [
    'input|self',
    'input|self, dim|axis: int, keepdim|keepdims=False, *, out=None',
    'input|self, other: tensor, *, out=None',
  ];
  return operation(`tm ${name}`, signatures, (context, args) => {
    const input = tensorArgument(context, args);
    if (args.overload === 0) return wrap(all(input));
    if (args.overload === 1) return pairOf(name, along(input, args.int('dim'), args.bool('keepdim')));
    return wrap(pair(input, tensorArgument(context, args, 'other')));
  });
}

const over = (where: string, compute: (input: Tensor, dims: readonly number[] | null, keepdim: boolean) => Tensor): Operation =>
  tensorOperation(where, 'input|self, dim|axis=None, keepdim|keepdims=False, *, out=None', (args, context) =>
    compute(tensorArgument(context, args), dims(args), args.bool('keepdim')),
  );

const one = (where: string, compute: (input: Tensor, dim: number | null, keepdim: boolean) => Tensor): Operation =>
  tensorOperation(where, 'input|self, dim|axis=None, keepdim|keepdims=False', (args, context) =>
    compute(tensorArgument(context, args), args.intOrNull('dim'), args.bool('keepdim')),
  );

/** `unbiased` (or `correction`) of var and std. */
function correction(args: Arguments): number {
  if (args.given('correction') && args.optional('correction') !== null) return args.float('correction');
  return args.bool('unbiased') ? 1 : 0;
}

/** `x.var(False)` gives unbiased first, `x.var(0, False)` a dimension first. */
const spreadSignatures = [
  'input|self, unbiased: bool',
  'input|self, dim|axis=None, unbiased=True, keepdim|keepdims=False, *, correction=None, out=None',
];

const spread = (where: string, compute: typeof r.variance): Operation =>
  tensorOperation(where, spreadSignatures, (args, context) => {
    const input = tensorArgument(context, args);
    if (args.overload === 0) return compute(input, null, args.bool('unbiased') ? 1 : 0, false);
    return compute(input, dims(args), correction(args), args.bool('keepdim'));
  });

function normOrder(args: Arguments, name: string): number | 'fro' | 'nuc' {
  const value = args.optional(name);
  if (value === null) return 2;
  if (value.kind === 'str') return value.value === 'fro' ? 2 : 'nuc';
  return args.float(name);
}

function norm(context: Context, args: Arguments, order: number | 'fro' | 'nuc', keepdim: boolean): Tensor {
  if (typeof order === 'string') return context.unsupported(`norm of order '${order}'`);
  const input = tensorArgument(context, args);
  const dtype = dtypeArgument(context, args);
  return r.norm(dtype === null ? input : to(input, dtype), order, dims(args), keepdim);
}

export const reductionOperations: readonly Operation[] = [
  tensorOperation('tm sum', reduceSignature, (args, context) =>
    r.sum(tensorArgument(context, args), dims(args), args.bool('keepdim'), dtypeArgument(context, args) ?? undefined),
  ),
  tensorOperation('tm nansum', reduceSignature, (args, context) =>
    r.nansum(tensorArgument(context, args), dims(args), args.bool('keepdim')),
  ),
  tensorOperation('tm mean', reduceSignature, (args, context) =>
    r.mean(tensorArgument(context, args), dims(args), args.bool('keepdim'), dtypeArgument(context, args) ?? undefined),
  ),
  tensorOperation('tm nanmean', reduceSignature, (args, context) =>
    r.nanmean(tensorArgument(context, args), dims(args), args.bool('keepdim')),
  ),
  tensorOperation('tm prod', 'input|self, dim|axis=None, keepdim|keepdims=False, *, dtype=None', (args, context) =>
    r.prod(tensorArgument(context, args), args.intOrNull('dim'), args.bool('keepdim'), dtypeArgument(context, args) ?? undefined),
  ),
  spread('tm var', r.variance),
  spread('tm std', r.standardDeviation),
  operation('t std_mean', spreadSignatures[1]!, (context, args) => {
    const input = tensorArgument(context, args);
    const keepdim = args.bool('keepdim');
    return tensorTuple([r.standardDeviation(input, dims(args), correction(args), keepdim), r.mean(input, dims(args), keepdim)]);
  }),
  operation('t var_mean', spreadSignatures[1]!, (context, args) => {
    const input = tensorArgument(context, args);
    const keepdim = args.bool('keepdim');
    return tensorTuple([r.variance(input, dims(args), correction(args), keepdim), r.mean(input, dims(args), keepdim)]);
  }),
  extreme('max', x.max, x.maxAlong, maximum),
  extreme('min', x.min, x.minAlong, minimum),
  over('tm amax', x.amax),
  over('tm amin', x.amin),
  operation('tm aminmax', 'input|self, *, dim=None, keepdim=False', (context, args) => {
    const input = tensorArgument(context, args);
    const keepdim = args.bool('keepdim');
    return namedTuple('aminmax', { min: wrap(x.amin(input, dims(args), keepdim)), max: wrap(x.amax(input, dims(args), keepdim)) });
  }),
  one('tm argmax', x.argmax),
  one('tm argmin', x.argmin),
  operation('tm median', ['input|self', 'input|self, dim: int, keepdim=False'], (context, args) => {
    const input = tensorArgument(context, args);
    return args.overload === 0 ? wrap(x.median(input)) : pairOf('median', x.medianAlong(input, args.int('dim'), args.bool('keepdim')));
  }),
  operation('tm kthvalue', 'input|self, k, dim=-1, keepdim=False', (context, args) =>
    pairOf('kthvalue', x.kthvalue(tensorArgument(context, args), args.int('k'), args.int('dim'), args.bool('keepdim'))),
  ),
  operation('tm topk', 'input|self, k, dim=-1, largest=True, sorted=True, *, out=None', (context, args) =>
    pairOf('topk', x.topk(tensorArgument(context, args), args.int('k'), args.int('dim'), args.bool('largest'))),
  ),
  operation('tm sort', 'input|self, dim=-1, descending=False, stable=False, *, out=None', (context, args) =>
    pairOf('sort', x.sort(tensorArgument(context, args), args.int('dim'), args.bool('descending'))),
  ),
  tensorOperation('tm argsort', 'input|self, dim=-1, descending=False, stable=False', (args, context) =>
    x.argsort(tensorArgument(context, args), args.int('dim'), args.bool('descending')),
  ),
  operation(
    'tm unique, tm unique_consecutive',
    'input|self, sorted=True, return_inverse=False, return_counts=False, dim=None',
    (context, args) => {
      if (args.optional('dim') !== null) return context.unsupported('torch.unique(dim=…)');
      const input = tensorArgument(context, args);
      const { values, inverse, counts } = x.unique(input);
      const extra = [...(args.bool('return_inverse') ? [inverse] : []), ...(args.bool('return_counts') ? [counts] : [])];
      return extra.length === 0 ? wrap(values) : tensorTuple([values, ...extra]);
    },
  ),
  tensorOperation('tm bincount', 'input|self, weights=None, minlength=0', (args, context) =>
    x.bincount(tensorArgument(context, args), optionalTensor(context, args, 'weights'), args.int('minlength')),
  ),
  tensorOperation('t searchsorted', 'sorted_sequence, input|self, *, out_int32=False, right=False', (args, context) =>
    x.searchsorted(tensorArgument(context, args, 'sorted_sequence'), tensorArgument(context, args), args.bool('right')),
  ),
  tensorOperation('tm count_nonzero', 'input|self, dim=None', (args, context) => r.countNonzero(tensorArgument(context, args), dims(args))),
  tensorOperation('tm cumsum', 'input|self, dim|axis, *, dtype=None, out=None', (args, context) =>
    r.cumsum(tensorArgument(context, args), args.int('dim'), dtypeArgument(context, args) ?? undefined),
  ),
  tensorOperation('tm cumprod', 'input|self, dim|axis, *, dtype=None, out=None', (args, context) =>
    r.cumprod(tensorArgument(context, args), args.int('dim'), dtypeArgument(context, args) ?? undefined),
  ),
  tensorOperation('tm norm', 'input|self, p=2, dim=None, keepdim=False, out=None, dtype=None', (args, context) =>
    norm(context, args, normOrder(args, 'p'), args.bool('keepdim')),
  ),
  tensorOperation('l norm, l vector_norm', 'input|x|A, ord=2, dim|axis=None, keepdim|keepdims=False, *, dtype=None', (args, context) =>
    norm(context, args, normOrder(args, 'ord'), args.bool('keepdim')),
  ),
  tensorOperation('tm dist', 'input|self, other, p=2', (args, context) => {
    return r.norm(sub(tensorArgument(context, args), operandArgument(context, args, 'other')), args.float('p'));
  }),
  tensorOperation('tm trace', 'input|self', (args, context) => {
    const input = tensorArgument(context, args);
    if (input.shape.length !== 2) context.raise('RuntimeError', 'trace: expected a matrix');
    return named(r.sum(join.diag(input)), 'TraceBackward0');
  }),
  tensorOperation('tm diag', 'input|self, diagonal=0, *, out=None', (args, context) =>
    join.diag(tensorArgument(context, args), args.int('diagonal')),
  ),
  tensorOperation('tm diag_embed', 'input|self, offset=0, dim1=-2, dim2=-1', (args, context) =>
    join.diagEmbed(tensorArgument(context, args), args.int('offset')),
  ),
  tensorOperation('tm tril', 'input|self, diagonal=0, *, out=None', (args, context) =>
    join.triangle(tensorArgument(context, args), true, args.int('diagonal')),
  ),
  tensorOperation('tm triu', 'input|self, diagonal=0, *, out=None', (args, context) =>
    join.triangle(tensorArgument(context, args), false, args.int('diagonal')),
  ),
  tensorOperation('tm rot90', 'input|self, k=1, dims=...', (args, context) => {
    const [a = 0, b = 1] = args.given('dims') ? args.ints('dims') : [];
    return join.rot90(tensorArgument(context, args), args.int('k'), [a, b]);
  }),
  operation('t meshgrid', '*tensors, indexing=None', (_, args) => {
    const [first] = args.rest;
    const inputs = args.rest.length === 1 && (first?.kind === 'list' || first?.kind === 'tuple') ? first.items : args.rest;
    const tensors = inputs.flatMap((item) => (item.kind === 'tensor' ? [item.tensor] : []));
    return tensorTuple(join.meshgrid(tensors, args.stringOrNull('indexing') === 'xy' ? 'xy' : 'ij'));
  }),
  tensorOperation('f pad', "input, pad, mode='constant', value=None", (args, context) => {
    if (args.string('mode') !== 'constant') return context.unsupported(`torch.nn.functional.pad(mode='${args.string('mode')}')`);
    return join.pad(tensorArgument(context, args), args.ints('pad'), args.floatOrNull('value') ?? 0);
  }),
];
