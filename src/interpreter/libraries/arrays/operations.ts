/** The array operations of TensorFlow (with keras.ops and keras.backend) and JAX that losses are written with: one record each. */
import * as c from '../../../tensor/comparison';
import * as make from '../../../tensor/creation';
import { type Dtype, isFloatDtype } from '../../../tensor/dtype';
import * as e from '../../../tensor/elementwise';
import * as x from '../../../tensor/extremes';
import * as join from '../../../tensor/joining';
import { einsum, matmul } from '../../../tensor/matmul';
import type { Operand } from '../../../tensor/promotion';
import * as r from '../../../tensor/reductions';
import * as s from '../../../tensor/scatter';
import { logSoftmax, logsumexp, softmax } from '../../../tensor/softmax';
import type { Tensor } from '../../../tensor/tensor';
import * as views from '../../../tensor/views';
import type { Operation } from '../../library';
import { int, list, tuple, type Value } from '../../value';
import { type Call, callOf, type Dialect, inDialectErrors, jax, tensorflow, wrapArray } from './dialect';

export type Compute = (call: Call) => Tensor | Value;

const isTensor = (result: Tensor | Value): result is Tensor => !('kind' in result);

/**
 * One operation under its dotted names in each framework ('reduce_sum' stands in several of TensorFlow's modules). The same parameter has
 * another name in each: the signature lists them.
 */
function operation(places: string, signature: string, compute: Compute): Operation[] {
  for (const place of places.split(/\s+/)) kept.set(place, { signature, compute });
  const spelt = (dialect: Dialect) => places.split(/\s+/).filter((place) => place.startsWith('jax') === (dialect.name === 'jax'));
  return [tensorflow, jax].flatMap((dialect) => {
    const spellings = spelt(dialect);
    if (spellings.length === 0) return [];
    return [operationOf(dialect, spellings, signature, compute)];
  });
}

export const operationOf = (dialect: Dialect, spellings: readonly string[], signature: string, compute: Compute): Operation => ({
  name: spellings[0]!,
  spellings,
  signature,
  call: (context, args) => {
    const result = inDialectErrors(context, dialect, () => compute(callOf(context, args, dialect)));
    return isTensor(result) ? wrapArray(dialect, result) : result;
  },
});

const kept = new Map<string, { readonly signature: string; readonly compute: Compute }>();

/** The same operation in another framework: what `jax.numpy.exp` is there. */
export function sameOperation(dialect: Dialect, spellings: readonly string[], as: string): Operation {
  const known = kept.get(as);
  if (known === undefined) throw new Error(`no operation is called ${as}`);
  return operationOf(dialect, spellings, known.signature, known.compute);
}

/** Where TensorFlow and Keras keep what numpy keeps in one module. */
const everywhere = (tf: string, numpy: string): string =>
  [...tf.split(' ').map((name) => `tensorflow.${name}`), `keras.ops.${numpy}`, `keras.backend.${numpy}`, `jax.numpy.${numpy}`].join(' ');

function unary(places: string, compute: (input: Tensor) => Tensor): Operation[] {
  return operation(places, 'x|a|input|features|array|data, name=None', (call) => compute(call.array('x')));
}

/** Functions of real numbers: JAX computes them of integers in float32. */
const floating = (compute: (input: Tensor) => Tensor) => (input: Tensor) =>
  compute(isFloatDtype(input.dtype) ? input : make.to(input, 'float32'));

function binary(places: string, compute: (a: Operand, b: Operand) => Tensor): Operation[] {
  return operation(places, 'x|x1|a, y|x2|b, name=None', (call) => compute(...call.pair('x', 'y')));
}

export const reduction = 'x|input_tensor|a|input|data, axis|dim=None, keepdims|keep_dims|keepdim=False, name=None, *, dtype=None';

/** A sum keeps the dtype it was made of, where torch widens it. */
function sum(call: Call): Tensor {
  const input = call.array('x');
  const kept: Dtype = input.dtype === 'bool' ? 'int32' : input.dtype;
  return make.to(r.sum(input, call.axes(), call.keepsDims()), call.dtype() ?? kept);
}

function mean(call: Call): Tensor {
  const input = call.array('x');
  if (isFloatDtype(input.dtype)) return r.mean(input, call.axes(), call.keepsDims());
  const result = r.mean(make.to(input, 'float32'), call.axes(), call.keepsDims());
  // TensorFlow divides whole numbers wholly.
  return call.dialect.name === 'tensorflow' ? make.to(result, input.dtype) : result;
}

export function oneHot(call: Call): Tensor {
  const indices = call.array('x');
  const depth = call.args.int('depth');
  const on = call.args.has('on_value') ? call.arrayOrNull('on_value') : null;
  const off = call.args.has('off_value') ? call.arrayOrNull('off_value') : null;
  const dtype = call.dtype() ?? on?.dtype ?? off?.dtype ?? 'float32';
  const classes = make.arange({ kind: 'int', value: 0 }, { kind: 'int', value: depth }, { kind: 'int', value: 1 }, 'int64');
  // An index out of range gives a row of off values, as both frameworks do.
  const hits = c.eq(views.unsqueeze(make.to(indices, 'int64'), -1), classes);
  const axis = call.axis(-1);
  const row = e.where(
    hits,
    on === null ? make.full([], { kind: 'int', value: 1 }, dtype) : make.to(on, dtype),
    off === null ? make.full([], { kind: 'int', value: 0 }, dtype) : make.to(off, dtype),
  );
  return axis === -1 || axis === row.shape.length - 1 ? row : views.movedim(row, [-1], [axis]);
}

function take(call: Call): Tensor {
  const [input, indices] = [call.array('x'), call.array('indices')];
  const batchDims = call.args.has('batch_dims') ? call.args.int('batch_dims') : 0;
  if (batchDims > 0) {
    const axis = call.args.intOrNull('axis') ?? batchDims;
    if (batchDims !== indices.shape.length || axis !== batchDims || input.shape.length !== batchDims + 1)
      return call.context.unsupported('tf.gather with these batch_dims');
    return views.squeeze(s.gather(input, -1, make.to(views.unsqueeze(indices, -1), 'int64')), [-1]);
  }
  const axis = call.args.intOrNull('axis') ?? 0;
  const flat = s.indexSelect(input, axis, make.to(views.reshape(indices, [-1]), 'int64'));
  const at = axis < 0 ? axis + input.shape.length : axis;
  return views.reshape(flat, [...input.shape.slice(0, at), ...indices.shape, ...input.shape.slice(at + 1)]);
}

/** log(1 + exp(x)) without overflow, and max(x, 0) − x·y + log(1 + exp(−|x|)): the stable forms both frameworks document. */
const softplus = (input: Tensor): Tensor => e.logaddexp(input, { kind: 'int', value: 0 });

const sizeOf = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

const indexRefused = (call: Call, axis: number): never =>
  call.context.raise('ValueError', `axis ${axis} is out of bounds for array of dimension ${call.array('x').shape.length}`);

const shapeOf = (call: Call): Value => {
  const { shape } = call.array('x');
  return tuple(shape.map((n) => int(n)));
};

export const arrayOperations: readonly Operation[] = [
  // making arrays
  operation(
    'tensorflow.constant tensorflow.convert_to_tensor tensorflow.Variable keras.ops.convert_to_tensor keras.ops.array keras.backend.constant jax.numpy.array jax.numpy.asarray',
    'x|value|object|a|initial_value, dtype=None, shape=None, name=None, **options',
    (call) => {
      const made = call.dtype() === null ? call.array('x') : make.to(call.array('x'), call.dtype()!);
      const shape = call.args.intsOrNull('shape');
      return shape === null ? made : made.shape.length === 0 ? views.expand(made, shape) : views.reshape(made, shape);
    },
  ),
  operation('tensorflow.cast keras.ops.cast keras.backend.cast jax.numpy.astype jax.Array.astype', 'x, dtype, name=None', (call) =>
    make.to(call.array('x'), call.dtype()!),
  ),
  operation(everywhere('zeros', 'zeros'), 'shape, dtype=None, name=None', (call) =>
    make.zeros(call.args.ints('shape'), call.dtype() ?? 'float32'),
  ),
  operation(everywhere('ones', 'ones'), 'shape, dtype=None, name=None', (call) =>
    make.ones(call.args.ints('shape'), call.dtype() ?? 'float32'),
  ),
  operation('tensorflow.fill keras.ops.full jax.numpy.full', 'shape|dims, value|fill_value, dtype=None, name=None', (call) =>
    views.expand(make.to(call.array('value'), call.dtype() ?? call.array('value').dtype), call.args.ints('shape')),
  ),
  operation(everywhere('zeros_like', 'zeros_like'), 'x|input|a, dtype=None, name=None', (call) =>
    make.zerosLike(call.array('x'), call.dtype() ?? call.array('x').dtype),
  ),
  operation(everywhere('ones_like', 'ones_like'), 'x|input|a, dtype=None, name=None', (call) =>
    make.onesLike(call.array('x'), call.dtype() ?? call.array('x').dtype),
  ),
  operation('keras.ops.full_like jax.numpy.full_like', 'x|a, value|fill_value, dtype=None', (call) =>
    views.expand(make.to(call.array('value'), call.dtype() ?? call.array('x').dtype), call.array('x').shape),
  ),
  operation('tensorflow.range keras.ops.arange jax.numpy.arange', 'start, limit|stop=None, delta|step=1, dtype=None, name=None', (call) => {
    const [start, limit, step] = ['start', 'limit', 'delta'].map((name) =>
      call.args.optional(name) === null ? null : make.item(call.array(name)),
    );
    const zero = { kind: 'int', value: 0 } as const;
    const [from, end] = limit === null || limit === undefined ? [zero, start!] : [start!, limit];
    const made = make.arange(from, end, step!);
    return make.to(made, call.dtype() ?? (made.dtype === 'int64' ? 'int32' : made.dtype));
  }),
  operation(everywhere('eye', 'eye'), 'rows|num_rows|n|N, columns|num_columns|m|M=None, dtype=None', (call) =>
    make.eye(call.args.int('rows'), call.args.intOrNull('columns') ?? call.args.int('rows'), call.dtype() ?? 'float32'),
  ),
  operation('tensorflow.one_hot', 'x|indices, depth, on_value=None, off_value=None, axis=None, dtype=None, name=None', oneHot),
  operation('keras.ops.one_hot keras.backend.one_hot jax.nn.one_hot', 'x|indices, depth|num_classes, axis=-1, dtype=None', oneHot),
  // reductions
  operation(everywhere('reduce_sum math.reduce_sum', 'sum') + ' jax.Array.sum', reduction, sum),
  operation(everywhere('reduce_mean math.reduce_mean', 'mean') + ' jax.Array.mean', reduction, mean),
  operation(everywhere('reduce_max math.reduce_max', 'max') + ' jax.numpy.amax jax.Array.max', reduction, (call) =>
    x.amax(call.array('x'), call.axes(), call.keepsDims()),
  ),
  operation(everywhere('reduce_min math.reduce_min', 'min') + ' jax.numpy.amin jax.Array.min', reduction, (call) =>
    x.amin(call.array('x'), call.axes(), call.keepsDims()),
  ),
  operation(everywhere('reduce_any math.reduce_any', 'any') + ' jax.Array.any', reduction, (call) =>
    c.any(call.array('x'), call.axes(), call.keepsDims()),
  ),
  operation(everywhere('reduce_all math.reduce_all', 'all') + ' jax.Array.all', reduction, (call) =>
    c.all(call.array('x'), call.axes(), call.keepsDims()),
  ),
  operation(
    'tensorflow.reduce_logsumexp tensorflow.math.reduce_logsumexp keras.ops.logsumexp keras.backend.logsumexp jax.nn.logsumexp jax.scipy.special.logsumexp',
    reduction,
    (call) => {
      const input = call.array('x');
      return logsumexp(input, call.axes() ?? input.shape.map((_, d) => d), call.keepsDims());
    },
  ),
  operation(
    'tensorflow.argmax tensorflow.math.argmax keras.ops.argmax keras.backend.argmax jax.numpy.argmax jax.Array.argmax',
    'x|input|a, axis=None, keepdims=False',
    (call) => {
      const fallback = call.dialect.name === 'tensorflow' ? 0 : null;
      const found = x.argmax(call.array('x'), call.args.intOrNull('axis') ?? fallback, call.keepsDims());
      return call.dialect.name === 'jax' ? make.to(found, 'int32') : found;
    },
  ),
  operation(everywhere('cumsum math.cumsum', 'cumsum'), 'x|a, axis=0', (call) => r.cumsum(call.array('x'), call.axis(0))),
  operation('jax.numpy.std keras.ops.std keras.backend.std tensorflow.math.reduce_std', reduction, (call) =>
    r.standardDeviation(call.array('x'), call.axes(), 0, call.keepsDims()),
  ),
  operation('jax.numpy.var keras.ops.var keras.backend.var tensorflow.math.reduce_variance', reduction, (call) =>
    r.variance(call.array('x'), call.axes(), 0, call.keepsDims()),
  ),
  // elementwise
  ...[
    ['exp math.exp', 'exp', e.exp],
    ['math.log', 'log', e.log],
    ['math.log1p', 'log1p', e.log1p],
    ['math.expm1', 'expm1', e.expm1],
    ['sqrt math.sqrt', 'sqrt', e.sqrt],
    ['tanh math.tanh', 'tanh', e.tanh],
    ['sin math.sin', 'sin', e.sin],
    ['cos math.cos', 'cos', e.cos],
  ].map(([tf, numpy, compute]) => unary(everywhere(tf as string, numpy as string), floating(compute as (input: Tensor) => Tensor))),
  ...[
    ['square math.square', 'square', e.square],
    ['abs math.abs', 'abs', e.abs],
    ['negative math.negative', 'negative', e.neg],
    ['sign math.sign', 'sign', e.sign],
    ['floor math.floor', 'floor', e.floor],
    ['logical_not math.logical_not', 'logical_not', c.logicalNot],
    ['math.is_nan', 'isnan', c.isnan],
    ['math.is_finite', 'isfinite', c.isfinite],
  ].map(([tf, numpy, compute]) => unary(everywhere(tf as string, numpy as string), compute as (input: Tensor) => Tensor)),
  ...[
    ['add math.add', 'add', e.add],
    ['subtract math.subtract', 'subtract', e.sub],
    ['multiply math.multiply', 'multiply', e.mul],
    ['divide math.divide', 'divide', e.div],
    ['pow math.pow', 'power', e.pow],
    ['maximum math.maximum', 'maximum', e.maximum],
    ['minimum math.minimum', 'minimum', e.minimum],
    ['equal math.equal', 'equal', c.eq],
    ['not_equal math.not_equal', 'not_equal', c.ne],
    ['less math.less', 'less', c.lt],
    ['less_equal math.less_equal', 'less_equal', c.le],
    ['greater math.greater', 'greater', c.gt],
    ['greater_equal math.greater_equal', 'greater_equal', c.ge],
    ['logical_and math.logical_and', 'logical_and', c.logicalAnd],
    ['logical_or math.logical_or', 'logical_or', c.logicalOr],
  ].map(([tf, numpy, compute]) => binary(everywhere(tf as string, numpy as string), compute as (a: Operand, b: Operand) => Tensor)),
  ...[
    ['square', e.square],
    ['exp', e.exp],
    ['log', e.log],
    ['sqrt', e.sqrt],
    ['abs', e.abs],
  ].map(([name, compute]) => unary(`jax.lax.${name as string}`, compute as (input: Tensor) => Tensor)),
  ...[
    ['add', e.add],
    ['sub', e.sub],
    ['mul', e.mul],
    ['div', e.div],
    ['pow', e.pow],
    ['max', e.maximum],
    ['min', e.minimum],
    ['eq', c.eq],
    ['ne', c.ne],
    ['lt', c.lt],
    ['le', c.le],
    ['gt', c.gt],
    ['ge', c.ge],
  ].map(([name, compute]) => binary(`jax.lax.${name as string}`, compute as (a: Operand, b: Operand) => Tensor)),
  ...[
    ['neg', e.neg],
    ['log1p', e.log1p],
    ['tanh', e.tanh],
    ['logistic', e.sigmoid],
  ].map(([name, compute]) => unary(`jax.lax.${name as string}`, compute as (input: Tensor) => Tensor)),
  operation('jax.lax.select', 'pred, on_true, on_false', (call) =>
    e.where(make.to(call.array('pred'), 'bool'), ...call.pair('on_true', 'on_false')),
  ),
  binary('keras.backend.pow', e.pow),
  operation('tensorflow.math.divide_no_nan', 'x, y, name=None', (call) => {
    const [a, b] = call.pair('x', 'y');
    const zero = { kind: 'int', value: 0 } as const;
    const isZero = c.eq(b, zero);
    return e.where(isZero, zero, e.div(a, e.where(isZero, { kind: 'int', value: 1 }, b)));
  }),
  operation(everywhere('where', 'where'), 'condition, x|x1, y|x2, name=None', (call) =>
    e.where(make.to(call.array('condition'), 'bool'), ...call.pair('x', 'y')),
  ),
  operation(
    'tensorflow.clip_by_value keras.ops.clip keras.backend.clip jax.numpy.clip jax.Array.clip',
    'x|t|a|arr, low|clip_value_min|min|x_min|min_value|a_min=None, high|clip_value_max|max|x_max|max_value|a_max=None, name=None',
    (call) => {
      const input = call.array('x');
      const bound = (name: string) => (call.args.optional(name) === null ? null : make.item(call.array(name)));
      return e.clamp(input, bound('low'), bound('high'));
    },
  ),
  // activations
  operation(
    'tensorflow.nn.softmax keras.ops.softmax keras.backend.softmax keras.activations.softmax jax.nn.softmax',
    'x|logits|a|data|input, axis|dim=-1, name=None',
    (call) => softmax(call.array('x'), call.axis(-1)),
  ),
  operation(
    'tensorflow.nn.log_softmax tensorflow.math.log_softmax keras.ops.log_softmax jax.nn.log_softmax',
    'x|logits|a|data|input, axis|dim=-1, name=None',
    (call) => logSoftmax(call.array('x'), call.axis(-1)),
  ),
  unary(
    'tensorflow.nn.sigmoid tensorflow.sigmoid tensorflow.math.sigmoid keras.ops.sigmoid keras.backend.sigmoid keras.activations.sigmoid jax.nn.sigmoid',
    floating(e.sigmoid),
  ),
  unary('tensorflow.math.log_sigmoid keras.ops.log_sigmoid jax.nn.log_sigmoid', (input) => e.neg(softplus(e.neg(input)))),
  unary('tensorflow.nn.softplus tensorflow.math.softplus keras.ops.softplus keras.backend.softplus jax.nn.softplus', softplus),
  unary('tensorflow.nn.relu keras.ops.relu keras.backend.relu jax.nn.relu', (input) => e.clamp(input, { kind: 'int', value: 0 }, null)),
  // shapes
  operation(everywhere('reshape', 'reshape'), 'x|tensor|a, shape|newshape, name=None', (call) =>
    views.reshape(call.array('x'), call.args.ints('shape')),
  ),
  operation(everywhere('expand_dims', 'expand_dims'), 'x|input|a, axis, name=None', (call) =>
    views.unsqueeze(call.array('x'), call.axis(-1)),
  ),
  operation(everywhere('squeeze', 'squeeze') + ' jax.Array.squeeze', 'x|input|a, axis=None, name=None', (call) =>
    views.squeeze(call.array('x'), call.axes()),
  ),
  operation(everywhere('transpose', 'transpose'), 'x|a, axes|perm=None, name=None', (call) => {
    const order = call.args.intsOrNull('axes');
    return order === null ? views.reverseDims(call.array('x')) : views.permute(call.array('x'), order);
  }),
  operation(
    'tensorflow.concat keras.ops.concatenate keras.backend.concatenate jax.numpy.concatenate',
    'xs|values|arrays|tensors, axis=0, name=None',
    (call) => join.cat(call.arrays('xs'), call.axis(0)),
  ),
  operation(everywhere('stack', 'stack'), 'xs|values|arrays|x, axis=0, name=None', (call) => join.stack(call.arrays('xs'), call.axis(0))),
  operation(everywhere('tile', 'tile'), 'x|input|A, repeats|multiples|reps, name=None', (call) =>
    join.tile(call.array('x'), call.args.ints('repeats')),
  ),
  operation(everywhere('broadcast_to', 'broadcast_to'), 'x|input|array, shape, name=None', (call) =>
    views.expand(call.array('x'), call.args.ints('shape')),
  ),
  operation(
    'tensorflow.shape keras.ops.shape keras.backend.shape keras.backend.int_shape jax.numpy.shape',
    'x|input|a, out_type=None, name=None',
    shapeOf,
  ),
  operation('tensorflow.rank keras.ops.ndim keras.backend.ndim jax.numpy.ndim', 'x|input|a, name=None', (call) =>
    int(call.array('x').shape.length),
  ),
  operation('tensorflow.size keras.ops.size', 'x|input, out_type=None, name=None', (call) => int(sizeOf(call.array('x').shape))),
  operation('jax.numpy.size', 'x|a, axis=None', (call) => {
    const { shape } = call.array('x');
    return int(call.axes() === null ? sizeOf(shape) : sizeOf(call.axes()!.map((axis) => shape.at(axis) ?? indexRefused(call, axis))));
  }),
  // picking
  operation('tensorflow.gather', 'x|params, indices, validate_indices=None, axis=None, batch_dims=0, name=None', take),
  operation('keras.ops.take jax.numpy.take', 'x|a, indices, axis=None', take),
  operation('keras.ops.take_along_axis jax.numpy.take_along_axis', 'x|arr, indices, axis=-1', (call) => {
    const [input, indices, axis] = [call.array('x'), call.array('indices'), call.args.intOrNull('axis')];
    const [rank, wanted] = [indices.shape.length, input.shape.length];
    if (axis !== null && rank !== wanted)
      call.context.raise('ValueError', `indices and arr must have the same number of dimensions; ${rank} vs. ${wanted}`);
    return s.takeAlongDim(input, make.to(indices, 'int64'), axis);
  }),
  operation('tensorflow.boolean_mask', 'x|tensor, mask, axis=None, name=None', (call) => {
    const [input, mask] = [call.array('x'), make.to(call.array('mask'), 'bool')];
    return s.indexSelect(input, 0, views.reshape(s.nonzero(mask), [-1]));
  }),
  operation('tensorflow.unstack keras.ops.unstack', 'x|value, num=None, axis=0, name=None', (call) =>
    list(views.unbind(call.array('x'), call.axis(0)).map((part) => wrapArray(call.dialect, part))),
  ),
  operation(everywhere('matmul linalg.matmul', 'matmul') + ' jax.numpy.dot keras.backend.dot', 'x|a|x1, y|b|x2, name=None', (call) =>
    matmul(call.array('x'), call.array('y')),
  ),
  operation('tensorflow.einsum keras.ops.einsum jax.numpy.einsum', 'equation|subscripts, *xs', (call) =>
    einsum(
      call.args.string('equation'),
      call.args.rest.map((value) => (value.kind === 'tensor' ? value.tensor : call.context.raise('TypeError', 'einsum takes arrays'))),
    ),
  ),
  // gradients
  operation(
    'tensorflow.stop_gradient keras.ops.stop_gradient keras.backend.stop_gradient jax.lax.stop_gradient',
    'x|input|variable, name=None',
    (call) => views.detach(call.array('x')),
  ),
  operation('tensorflow.identity', 'x|input, name=None', (call) => views.alias(call.array('x'))),
].flat();
