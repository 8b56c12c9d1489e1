/**
 * The array operations of MLX, Paddle, MindSpore and MXNet. Most are numpy's under the framework's names: tables say which; what differs is
 * written here.
 */
import * as make from '../../../tensor/creation';
import * as e from '../../../tensor/elementwise';
import * as r from '../../../tensor/reductions';
import * as s from '../../../tensor/scatter';
import { softmax } from '../../../tensor/softmax';
import type { Tensor } from '../../../tensor/tensor';
import * as views from '../../../tensor/views';
import type { Operation } from '../../library';
import type { Call, Dialect } from './dialect';
import { mindspore, mlx, mxnet, paddle } from './dialect';
import type { Compute } from './operations';
import { oneHot, operationOf, sameOperation } from './operations';

interface Names {
  /** The module that has its functions. */
  readonly root: string;
  /** Names that are numpy's there (`jax.numpy.…`), and other names with what they are: `neg=numpy.negative`. */
  readonly functions: string;
  /** Those of the functions that are methods too, by the same names. */
  readonly methods: string;
}

/** What a table's right side stands for: `numpy.exp`, `nn.softmax`. */
const base = (name: string): string => `jax.${name.startsWith('numpy.') || name.startsWith('nn.') ? name : `numpy.${name}`}`;

function named(dialect: Dialect, { root, functions, methods }: Names): readonly Operation[] {
  const asMethod = new Set(methods.split(/\s+/));
  const owner = `${dialect.arrayClass.module}.${dialect.arrayClass.name}`;
  return functions
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [name, as = name] = entry.split('=') as [string, string?];
      return sameOperation(dialect, [`${root}.${name}`, ...(asMethod.has(name) ? [`${owner}.${name}`] : [])], base(as));
    });
}

const elementwise = 'exp log log1p expm1 sqrt tanh sin cos square abs sign floor isnan maximum minimum';
const comparisons = 'equal not_equal less less_equal greater greater_equal logical_and logical_or logical_not';

/** An operation of one framework alone: a function, a method, or both. */
const own = (dialect: Dialect, places: string, signature: string, compute: Compute): Operation =>
  operationOf(dialect, places.split(' '), signature, compute);

const picked = (input: Tensor, indices: Tensor, axis: number): Tensor => s.takeAlongDim(input, make.to(indices, 'int64'), axis);

const picking = (call: Call): Tensor => picked(call.array('x'), call.array('indices'), call.axis(-1));

/** One entry of each row: of MXNet, which has its indices as numbers of any kind. */
function pick(call: Call): Tensor {
  const axis = call.axis(-1);
  const rows = picked(call.array('x'), views.unsqueeze(call.array('indices'), axis), axis);
  return call.keepsDims() ? rows : views.squeeze(rows, [axis]);
}

/** MXNet reduces over all other axes where it is told to exclude those that it is given. */
function reducing(reduce: (input: Tensor, axes: readonly number[] | null, keepsDims: boolean) => Tensor): Compute {
  return (call) => {
    const input = call.array('x');
    const axes = call.axes();
    const rank = input.shape.length;
    if (axes === null || !call.args.bool('exclude')) return reduce(input, axes, call.keepsDims());
    const given = axes.map((axis) => (axis < 0 ? axis + rank : axis));
    const others = input.shape.map((_, axis) => axis).filter((axis) => !given.includes(axis));
    return others.length === 0 ? input : reduce(input, others, call.keepsDims());
  };
}

/** MLX normalises over the whole array where it is told no axis. */
const over =
  (compute: (input: Tensor, axis: number) => Tensor): Compute =>
  (call) => {
    const input = call.array('x');
    return call.axes() === null ? views.reshape(compute(views.reshape(input, [-1]), 0), [...input.shape]) : compute(input, call.axis(-1));
  };

const cast: Compute = (call) => make.to(call.array('x'), call.dtype()!);
const made: Compute = (call) => (call.dtype() === null ? call.array('x') : make.to(call.array('x'), call.dtype()!));
const flattened: Compute = (call) => views.reshape(call.array('x'), [-1]);

export const mlxOperations: readonly Operation[] = [
  ...named(mlx, {
    root: 'mlx.core',
    functions: `${elementwise} ${comparisons} sum mean max min any all std var cumsum argmax zeros ones zeros_like ones_like full eye arange
      add subtract multiply divide power negative where clip reshape expand_dims squeeze transpose concatenate stack tile broadcast_to take
      take_along_axis matmul einsum isfinite logsumexp=nn.logsumexp sigmoid=nn.sigmoid asarray=array`,
    methods: 'sum mean max min any all std var cumsum argmax exp log log1p sqrt square abs logsumexp squeeze transpose',
  }),
  own(mlx, 'mlx.core.array.__new__', 'cls, x, dtype=None', made),
  own(mlx, 'mlx.core.softmax', 'x|a, axis=None, precise=False', over(softmax)),
  own(mlx, 'mlx.core.stop_gradient', 'x', (call) => views.detach(call.array('x'))),
  own(mlx, 'mlx.core.logaddexp', 'x|a, y|b', (call) => e.logaddexp(...call.pair('x', 'y'))),
  own(mlx, 'mlx.core.array.astype', 'x, dtype', cast),
  ...['nn.log_softmax', 'nn.softmax', 'nn.sigmoid', 'nn.log_sigmoid', 'nn.relu', 'nn.softplus'].map((name) =>
    sameOperation(mlx, [`mlx.${name}`], `jax.${name}`),
  ),
];

export const paddleOperations: readonly Operation[] = [
  ...named(paddle, {
    root: 'paddle',
    functions: `${elementwise} sum mean max min any all std var cumsum argmax zeros ones zeros_like ones_like full full_like eye arange
      add subtract multiply divide pow=power neg=negative where clip reshape squeeze transpose concat=concatenate stack tile broadcast_to
      expand=broadcast_to matmul einsum isfinite equal not_equal less_than=less less_equal greater_than=greater greater_equal logical_and
      logical_or logical_not logsumexp=nn.logsumexp unsqueeze=expand_dims take_along_axis`,
    methods:
      'sum mean max min any all std var cumsum argmax exp log log1p sqrt square abs pow neg clip squeeze unsqueeze transpose tile expand matmul logsumexp sign maximum minimum multiply add subtract divide equal not_equal',
  }),
  own(paddle, 'paddle.to_tensor', 'x|data, dtype=None, place=None, stop_gradient=True', made),
  own(paddle, 'paddle.cast paddle.Tensor.cast paddle.Tensor.astype', 'x, dtype', cast),
  own(paddle, 'paddle.flatten paddle.Tensor.flatten', 'x', flattened),
  own(paddle, 'paddle.gather paddle.index_select', 'x, index, axis=0', (call) =>
    s.indexSelect(call.array('x'), call.axis(0), make.to(views.reshape(call.array('index'), [-1]), 'int64')),
  ),
  own(paddle, 'paddle.Tensor.detach paddle.Tensor.clone', 'x', (call) => views.detach(call.array('x'))),
  own(paddle, 'paddle.nn.functional.one_hot', 'x, depth|num_classes, name=None', oneHot),
  ...['softmax', 'log_softmax', 'sigmoid', 'log_sigmoid', 'relu', 'softplus'].map((name) =>
    sameOperation(paddle, [`paddle.nn.functional.${name}`], `jax.nn.${name}`),
  ),
];

export const mindsporeOperations: readonly Operation[] = [
  ...named(mindspore, {
    root: 'mindspore.ops',
    functions: `${elementwise} ${comparisons} sum reduce_sum=sum mean reduce_mean=mean reduce_max=max reduce_min=min std var cumsum
      zeros ones zeros_like ones_like full full_like eye arange add sub=subtract subtract mul=multiply multiply div=divide divide pow=power
      neg=negative where clamp=clip clip_by_value=clip reshape expand_dims unsqueeze=expand_dims squeeze transpose concat=concatenate
      cat=concatenate stack tile broadcast_to matmul logsumexp=nn.logsumexp softmax=nn.softmax log_softmax=nn.log_softmax
      sigmoid=nn.sigmoid relu=nn.relu softplus=nn.softplus shape`,
    methods:
      'sum mean std var cumsum exp log log1p sqrt square abs pow neg expand_dims unsqueeze squeeze transpose tile broadcast_to matmul clamp softmax log_softmax',
  }),
  own(mindspore, 'mindspore.tensor', 'x|input_data, dtype=None, shape=None, init=None', made),
  own(mindspore, 'mindspore.Tensor.__new__', 'cls, x|input_data, dtype=None, shape=None, init=None', made),
  own(mindspore, 'mindspore.ops.cast mindspore.Tensor.astype mindspore.Tensor.to', 'x|input_x, dtype', cast),
  own(mindspore, 'mindspore.ops.one_hot', 'x|indices, depth, on_value=1, off_value=0, axis=-1', oneHot),
  own(mindspore, 'mindspore.ops.gather', 'x|input_params, indices|input_indices, axis', (call) => {
    const [input, indices] = [call.array('x'), call.array('indices')];
    if (call.axis(0) !== 0) return call.context.unsupported('mindspore.ops.gather along another axis than the first');
    const flat = s.indexSelect(input, 0, make.to(views.reshape(indices, [-1]), 'int64'));
    return views.reshape(flat, [...indices.shape, ...input.shape.slice(1)]);
  }),
  own(mindspore, 'mindspore.ops.gather_elements mindspore.ops.gather_d', 'x|input, axis|dim, indices|index', picking),
  own(mindspore, 'mindspore.ops.stop_gradient', 'x|value', (call) => views.detach(call.array('x'))),
  own(mindspore, 'mindspore.Tensor.masked_fill mindspore.ops.masked_fill', 'x|input_x, mask, y|value', (call) =>
    e.where(make.to(call.array('mask'), 'bool'), ...call.pair('y', 'x')),
  ),
  own(mindspore, 'mindspore.Tensor.view', 'x, *shape', (call) =>
    views.reshape(
      call.array('x'),
      call.args.rest.map((size) => (size.kind === 'int' ? Number(size.value) : call.context.unsupported('Tensor.view with these sizes'))),
    ),
  ),
];

const dataReduction = 'x|data, axis=None, keepdims=False, exclude=False, name=None';

export const mxnetOperations: readonly Operation[] = [
  ...named(mxnet, {
    root: 'mxnet.ndarray',
    functions: `${elementwise} zeros ones zeros_like ones_like full arange negative where clip expand_dims squeeze transpose stack tile
      dot=matmul add subtract multiply divide power equal not_equal lesser=less lesser_equal=less_equal greater greater_equal
      broadcast_add=add broadcast_sub=subtract broadcast_mul=multiply broadcast_div=divide broadcast_power=power broadcast_maximum=maximum
      broadcast_minimum=minimum elemwise_add=add elemwise_sub=subtract elemwise_mul=multiply elemwise_div=divide broadcast_to
      softmax=nn.softmax log_softmax=nn.log_softmax sigmoid=nn.sigmoid relu=nn.relu`,
    methods: 'exp log log1p sqrt square abs sign clip expand_dims squeeze transpose tile softmax log_softmax sigmoid relu broadcast_to',
  }),
  own(mxnet, 'mxnet.ndarray.array', 'x|source_array, ctx=None, dtype=None', (call) =>
    make.to(call.array('x'), call.dtype() ?? (call.array('x').dtype === 'float64' ? 'float64' : 'float32')),
  ),
  own(mxnet, 'mxnet.ndarray.sum mxnet.ndarray.NDArray.sum', dataReduction, reducing(r.sum)),
  own(mxnet, 'mxnet.ndarray.mean mxnet.ndarray.NDArray.mean', dataReduction, reducing(r.mean)),
  own(mxnet, 'mxnet.ndarray.cast mxnet.ndarray.Cast mxnet.ndarray.NDArray.astype', 'x|data, dtype', cast),
  own(mxnet, 'mxnet.ndarray.pick mxnet.ndarray.NDArray.pick', 'x|data, indices|index, axis=-1, keepdims=False, mode=None', pick),
  own(mxnet, 'mxnet.ndarray.one_hot mxnet.ndarray.NDArray.one_hot', 'x|indices, depth, on_value=1.0, off_value=0.0, dtype=None', (call) =>
    oneHot(call),
  ),
  own(mxnet, 'mxnet.ndarray.reshape_like mxnet.ndarray.NDArray.reshape_like', 'x|lhs, y|rhs', (call) =>
    views.reshape(call.array('x'), [...call.array('y').shape]),
  ),
  own(mxnet, 'mxnet.ndarray.reshape', 'x|data, shape', (call) => views.reshape(call.array('x'), call.args.ints('shape'))),
  own(mxnet, 'mxnet.ndarray.stop_gradient mxnet.ndarray.BlockGrad mxnet.ndarray.NDArray.detach', 'x|data', (call) =>
    views.detach(call.array('x')),
  ),
  own(mxnet, 'mxnet.ndarray.softrelu', 'x|data', (call) => e.logaddexp(call.array('x'), { kind: 'int', value: 0 })),
];
