/** The frameworks' own classes of arrays (tf.Tensor, jax.Array and the like): operators, attributes, reading by index, text. */
import * as c from '../../../tensor/comparison';
import * as make from '../../../tensor/creation';
import { isFloatDtype } from '../../../tensor/dtype';
import * as e from '../../../tensor/elementwise';
import { matmul } from '../../../tensor/matmul';
import type { Operand } from '../../../tensor/promotion';
import type { Tensor } from '../../../tensor/tensor';
import { detach, reshape, reverseDims, unbind } from '../../../tensor/views';
import type { Context } from '../../context';
import { method, type Operation, operationsIn, property } from '../../library';
import { arrayIterator, bool, float, int, list, NOT_IMPLEMENTED, str, tuple, type Value } from '../../value';
import { arrayRepr, arrayText } from '../numpy/print';
import { dtypeValue } from '../numpy/scalars';
import { readIndex } from '../torch/indexing';
import { nestedList } from '../torch/conversion';
import { scalarValue } from '../torch/operation';
import { NDARRAY } from '../torch/tensors';
import { arrayOf, type Dialect, inDialectErrors, operandsOf, wrapArray } from './dialect';
import { arrayOperations } from './operations';
import { tensorShape } from './tensorShape';

type Binary = (a: Operand, b: Operand) => Tensor;

const selfOf = (value: Value): Tensor => (value as { readonly tensor: Tensor }).tensor;

/** In TensorFlow whole numbers divide into float64; in JAX, as in torch, into float32. */
function trueDivide(dialect: Dialect): Binary {
  if (dialect.name !== 'tensorflow') return e.div;
  return (a, b) => {
    const widen = (operand: Operand): Operand => ('kind' in operand || isFloatDtype(operand.dtype) ? operand : make.to(operand, 'float64'));
    return e.div(widen(a), widen(b));
  };
}

const arithmetic = (dialect: Dialect): Readonly<Record<string, Binary>> => ({
  add: e.add,
  sub: e.sub,
  mul: e.mul,
  truediv: trueDivide(dialect),
  floordiv: e.floorDivide,
  mod: e.remainder,
  pow: e.pow,
  and: c.bitwiseAnd,
  or: c.bitwiseOr,
  xor: c.bitwiseXor,
});

const comparisons: Readonly<Record<string, Binary>> = { eq: c.eq, ne: c.ne, lt: c.lt, le: c.le, gt: c.gt, ge: c.ge };

function operator(dialect: Dialect, name: string, compute: Binary, swap: boolean): [string, Value] {
  return [
    name,
    method(name, 'self, other, /', (context, args) => {
      const [left, right] = swap ? ['other', 'self'] : ['self', 'other'];
      const operands = operandsOf(context, dialect, args.value(left), args.value(right));
      if (operands === null) return NOT_IMPLEMENTED;
      return wrapArray(
        dialect,
        inDialectErrors(context, dialect, () => compute(...operands)),
      );
    }),
  ];
}

/** MXNet compares into numbers: 1 where it holds, 0 elsewhere. */
function comparing(dialect: Dialect, compute: Binary): Binary {
  if (dialect.compares === 'bool') return compute;
  return (a, b) => make.to(compute(a, b), 'kind' in a ? (b as Tensor).dtype : a.dtype);
}

function unary(dialect: Dialect, name: string, compute: (input: Tensor) => Tensor): [string, Value] {
  return [name, method(name, 'self, /', (_, args) => wrapArray(dialect, compute(selfOf(args.value('self')))))];
}

const count = (tensor: Tensor): number => tensor.shape.reduce((n, d) => n * d, 1);

function only(context: Context, tensor: Tensor, what: string): number {
  if (count(tensor) !== 1) context.raise('TypeError', `only length-1 arrays can be converted to ${what}`);
  return make.item(tensor).value;
}

const asNumpy = (tensor: Tensor): Value => ({ kind: 'tensor', tensor: detach(tensor), class: NDARRAY, attributes: new Map() });

function text(dialect: Dialect, tensor: Tensor, repr: boolean): string {
  if (dialect.name === 'jax')
    return repr
      ? arrayRepr(tensor)
          .replace(/^array/, 'Array')
          .replace(/(?<!dtype=\w+)\)$/, `, dtype=${tensor.dtype})`)
      : arrayText(tensor);
  if (dialect.name !== 'tensorflow') return repr ? arrayRepr(tensor) : arrayText(tensor);
  const shape = `(${tensor.shape.join(', ')}${tensor.shape.length === 1 ? ',' : ''})`;
  const body = arrayText(tensor);
  const lines = tensor.shape.length > 0 ? `\n${body}` : body;
  if (repr) return `<tf.Tensor: shape=${shape}, dtype=${tensor.dtype}, numpy=${tensor.shape.length > 0 ? `\n${arrayRepr(tensor)}` : body}>`;
  return `tf.Tensor(${lines}, shape=${shape}, dtype=${tensor.dtype})`;
}

function members(dialect: Dialect, operations: readonly Operation[]): [string, Value][] {
  const read = (name: string, get: (tensor: Tensor) => Value): [string, Value] => [name, property(name, (_, self) => get(selfOf(self)))];
  const shape = (tensor: Tensor): Value => {
    const sizes = tensor.shape.map((n) => int(n));
    return dialect.shapes === 'TensorShape' ? tensorShape(sizes) : dialect.shapes === 'list' ? list(sizes) : tuple(sizes);
  };
  const owner = `${dialect.arrayClass.module}.${dialect.arrayClass.name}`;
  return [
    ...operationsIn(operations, owner, true),
    ...Object.entries(arithmetic(dialect)).flatMap(([name, compute]) => [
      operator(dialect, `__${name}__`, compute, false),
      operator(dialect, `__r${name}__`, compute, true),
    ]),
    ...Object.entries(comparisons).map(([name, compute]) => operator(dialect, `__${name}__`, comparing(dialect, compute), false)),
    unary(dialect, '__neg__', e.neg),
    unary(dialect, '__abs__', e.abs),
    unary(dialect, '__pos__', e.positive),
    unary(dialect, '__invert__', c.bitwiseNot),
    [
      '__matmul__',
      method('__matmul__', 'self, other, /', (context, args) =>
        wrapArray(
          dialect,
          inDialectErrors(context, dialect, () => matmul(selfOf(args.value('self')), arrayOf(context, dialect, args.value('other')))),
        ),
      ),
    ],
    read('shape', shape),
    read('ndim', (tensor) => int(tensor.shape.length)),
    read('size', (tensor) => int(count(tensor))),
    read('dtype', (tensor) => dtypeValue(tensor.dtype)),
    ...(dialect.name !== 'tensorflow' ? [read('T', (tensor) => wrapArray(dialect, reverseDims(tensor)))] : []),
    ...(dialect.name === 'mxnet'
      ? [['asnumpy', method('asnumpy', 'self', (_, args) => asNumpy(selfOf(args.value('self'))))] satisfies [string, Value]]
      : []),
    ['get_shape', method('get_shape', 'self', (_, args) => shape(selfOf(args.value('self'))))],
    ['numpy', method('numpy', 'self', (_, args) => asNumpy(selfOf(args.value('self'))))],
    ['__array__', method('__array__', 'self', (_, args) => asNumpy(selfOf(args.value('self'))))],
    ['tolist', method('tolist', 'self', (_, args) => nestedList(selfOf(args.value('self'))))],
    [
      'item',
      method(
        'item',
        'self',
        (context, args) => (
          only(context, selfOf(args.value('self')), 'Python scalars'),
          scalarValue(make.item(selfOf(args.value('self'))))
        ),
      ),
    ],
    [
      'reshape',
      method('reshape', 'self, *shape', (context, args) => {
        const [first] = args.rest;
        const sizes = args.rest.length === 1 && (first?.kind === 'tuple' || first?.kind === 'list') ? first.items : args.rest;
        const wanted = sizes.map((size) =>
          size.kind === 'int' ? Number(size.value) : context.raise('TypeError', 'shapes must be whole numbers'),
        );
        return wrapArray(
          dialect,
          inDialectErrors(context, dialect, () => reshape(selfOf(args.value('self')), wanted)),
        );
      }),
    ],
    [
      '__getitem__',
      method('__getitem__', 'self, index, /', (context, args) =>
        wrapArray(
          dialect,
          inDialectErrors(context, dialect, () => readIndex(context, selfOf(args.value('self')), args.value('index'))),
        ),
      ),
    ],
    [
      '__setitem__',
      method('__setitem__', 'self, index, value, /', (context) =>
        context.raise(
          'TypeError',
          dialect.name === 'jax'
            ? 'JAX arrays are immutable and do not support in-place item assignment.'
            : "'EagerTensor' object does not support item assignment",
        ),
      ),
    ],
    [
      '__len__',
      method('__len__', 'self, /', (context, args) => {
        const [length] = selfOf(args.value('self')).shape;
        return length === undefined ? context.raise('TypeError', 'len() of unsized object') : int(length);
      }),
    ],
    [
      '__iter__',
      method('__iter__', 'self, /', (_, args) =>
        arrayIterator(
          unbind(selfOf(args.value('self'))).map((part) => wrapArray(dialect, part)),
          'iterator',
        ),
      ),
    ],
    ['__bool__', method('__bool__', 'self, /', (context, args) => bool(only(context, selfOf(args.value('self')), 'bool') !== 0))],
    ['__float__', method('__float__', 'self, /', (context, args) => float(only(context, selfOf(args.value('self')), 'Python scalars')))],
    [
      '__int__',
      method('__int__', 'self, /', (context, args) => int(Math.trunc(only(context, selfOf(args.value('self')), 'Python scalars')))),
    ],
    [
      '__index__',
      method('__index__', 'self, /', (context, args) => int(Math.trunc(only(context, selfOf(args.value('self')), 'an index')))),
    ],
    [
      '__format__',
      method('__format__', 'self, spec, /', (context, args) => {
        const self = selfOf(args.value('self'));
        return str(
          self.shape.length === 0 && args.string('spec') !== ''
            ? context.format(scalarValue(make.item(self)), args.string('spec'))
            : text(dialect, self, false),
        );
      }),
    ],
    ['__repr__', method('__repr__', 'self, /', (_, args) => str(text(dialect, selfOf(args.value('self')), true)))],
    ['__str__', method('__str__', 'self, /', (_, args) => str(text(dialect, selfOf(args.value('self')), false)))],
    ['__hash__', method('__hash__', 'self, /', (context) => context.raise('TypeError', 'Tensor is unhashable.'))],
    ['__getattr__', method('__getattr__', 'self, name', (context, args) => context.unsupported(`${owner}.${args.string('name')}`))],
  ];
}

export function fillArrayClass(dialect: Dialect, operations: readonly Operation[] = arrayOperations): void {
  for (const [name, value] of members(dialect, operations)) dialect.arrayClass.namespace.set(name, value);
}
