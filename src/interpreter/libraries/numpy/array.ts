/** The ndarray class and numpy's scalars: operators, attributes, indexing, text. */
import { castNumber, elementBytes } from '../../../tensor/dtype';
import { bitwiseNot } from '../../../tensor/comparison';
import { item, to, truth } from '../../../tensor/creation';
import * as e from '../../../tensor/elementwise';
import { copyInto } from '../../../tensor/inplace';
import { matmul } from '../../../tensor/matmul';
import { noGrad } from '../../../tensor/run';
import { indexSelect } from '../../../tensor/scatter';
import type { Tensor } from '../../../tensor/tensor';
import { isContiguousTensor, reverseDims, unbind } from '../../../tensor/views';
import { fromNumbers } from '../../../tensor/creation';
import type { Context } from '../../context';
import { floatRepr } from '../../floatText';
import { method, operationsIn, property } from '../../library';
import { arrayIterator, bool, float, int, isSubclass, NOT_IMPLEMENTED, str, type Value } from '../../value';
import { readIndex, writeIndex } from '../torch/indexing';
import { scalarValue } from '../torch/operation';
import { NDARRAY, TENSOR } from '../torch/tensors';
import { arrayFromData, binary, type BinaryRule, binaryValue, operandOf, type Operand } from './arrays';
import { binaryRules, inNumpysErrors, numpyOperations } from './operations';
import { arrayRepr, arrayText } from './print';
import { dtypeValue, resultValue, scalarClasses, scalarDtype, scalarNew, shapeTuple } from './scalars';

const selfOf = (value: Value): Tensor => (value as { readonly tensor: Tensor }).tensor;

const named: Readonly<Record<string, string>> = {
  add: 'add',
  sub: 'subtract',
  mul: 'multiply',
  truediv: 'divide',
  floordiv: 'floor_divide',
  mod: 'remainder',
  pow: 'power',
  and: 'bitwise_and',
  or: 'bitwise_or',
  xor: 'bitwise_xor',
  lshift: 'left_shift',
  rshift: 'right_shift',
};

const comparisons: Readonly<Record<string, string>> = {
  __eq__: 'equal',
  __ne__: 'not_equal',
  __lt__: 'less',
  __le__: 'less_equal',
  __gt__: 'greater',
  __ge__: 'greater_equal',
};

/** torch's tensors decide themselves what an array beside them means. */
function otherOperand(context: Context, value: Value): Operand | null {
  if (value.kind === 'tensor' && isSubclass(value.class, TENSOR)) return null;
  return operandOf(context, value);
}

function operator(name: string, rule: BinaryRule, swap: boolean): [string, Value] {
  return [
    name,
    method(name, 'self, other, /', (context, args) => {
      const self = operandOf(context, args.value('self'))!;
      const other = otherOperand(context, args.value('other'));
      if (other === null) return NOT_IMPLEMENTED;
      return swap ? binaryValue(context, rule, other, self) : binaryValue(context, rule, self, other);
    }),
  ];
}

function inPlaceOperator(name: string, rule: BinaryRule): [string, Value] {
  return [
    name,
    method(name, 'self, other, /', (context, args) => {
      const self = args.value('self');
      const other = otherOperand(context, args.value('other'));
      if (other === null) return NOT_IMPLEMENTED;
      const target = selfOf(self);
      const result = binary(context, rule, { tensor: target, weak: null }, other);
      if (result.dtype !== target.dtype && result.dtype.startsWith('float') && !target.dtype.startsWith('float')) {
        context.raise(
          'TypeError',
          `Cannot cast ufunc output from dtype('${result.dtype}') to dtype('${target.dtype}') with casting rule 'same_kind'`,
        );
      }
      copyInto(target, result);
      return self;
    }),
  ];
}

const arithmetic: [string, Value][] = Object.entries(named).flatMap(([name, ufunc]) => {
  const rule = binaryRules[ufunc]!;
  return [operator(`__${name}__`, rule, false), operator(`__r${name}__`, rule, true)];
});

const comparing = Object.entries(comparisons).map(([name, ufunc]) => operator(name, binaryRules[ufunc]!, false));

const unary = (name: string, compute: (a: Tensor) => Tensor): [string, Value] => [
  name,
  method(name, 'self, /', (context, args) => noGrad(() => resultValue(compute(operandOf(context, args.value('self'))!.tensor)))),
];

const unaries = [unary('__neg__', e.neg), unary('__pos__', e.positive), unary('__abs__', e.abs), unary('__invert__', bitwiseNot)];

// ---------------------------------------------------------------------------------------------------------- indexing

/** Dimensions an index entry uses up. */
const uses = (value: Value): number => {
  if (value.kind === 'none') return 0;
  return value.kind === 'tensor' && value.tensor.dtype === 'bool' ? value.tensor.shape.length : 1;
};

/** numpy's slices may run backwards, which views of the tensor room cannot: the rows are picked in that order first. */
function straighten(tensor: Tensor, index: Value): readonly [Tensor, Value] {
  const entries = index.kind === 'tuple' ? index.items : [index];
  if (!entries.some((entry) => entry.kind === 'slice' && entry.step.kind === 'int' && entry.step.value < 0n)) return [tensor, index];
  let input = tensor;
  const after = (i: number): number => entries.slice(i).reduce((count, entry) => count + uses(entry), 0);
  const ellipsis = entries.findIndex((entry) => entry.kind === 'ellipsis');
  const made = entries.map((entry, i): Value => {
    if (entry.kind !== 'slice' || entry.step.kind !== 'int' || entry.step.value >= 0n) return entry;
    const before = entries.slice(0, i).reduce((count, e2) => count + uses(e2), 0);
    const axis = ellipsis >= 0 && ellipsis < i ? tensor.shape.length - after(i) : before;
    const size = tensor.shape[axis] ?? 0;
    const step = Number(entry.step.value);
    const bound = (value: Value, fallback: number): number => {
      if (value.kind !== 'int') return fallback;
      const at = Number(value.value);
      return Math.min(Math.max(at < 0 ? at + size : at, -1), size - 1);
    };
    const positions: number[] = [];
    for (let at = bound(entry.start, size - 1); at > bound(entry.stop, -1); at += step) positions.push(at);
    input = indexSelect(input, axis, fromNumbers(positions, [positions.length], 'int64'));
    return { kind: 'slice', start: { kind: 'none' }, stop: { kind: 'none' }, step: { kind: 'none' } };
  });
  return [input, index.kind === 'tuple' ? { ...index, items: made } : made[0]!];
}

/** numpy says axis where torch says dimension, and IndexError where torch says the like. */
function getItem(context: Context, self: Value, index: Value): Value {
  return inNumpysErrors(context, () => {
    const [tensor, straight] = straighten(selfOf(self), index);
    return resultValue(readIndex(context, tensor, straight));
  });
}

// -------------------------------------------------------------------------------------------------------- attributes

const read = (name: string, get: (tensor: Tensor) => Value): [string, Value] => [name, property(name, (_, self) => get(selfOf(self)))];

export const arrayMembers: readonly (readonly [string, Value])[] = [
  ...operationsIn(numpyOperations, 'numpy.ndarray', true),
  ...arithmetic,
  ...comparing,
  ...unaries,
  ...Object.entries(named).map(([name, ufunc]) => inPlaceOperator(`__i${name}__`, binaryRules[ufunc]!)),
  read('shape', (tensor) => shapeTuple(tensor.shape)),
  read('ndim', (tensor) => int(tensor.shape.length)),
  read('size', (tensor) => int(tensor.shape.reduce((p, n) => p * n, 1))),
  read('dtype', (tensor) => dtypeValue(tensor.dtype)),
  read('itemsize', (tensor) => int(elementBytes(tensor.dtype))),
  read('nbytes', (tensor) => int(elementBytes(tensor.dtype) * tensor.shape.reduce((p, n) => p * n, 1))),
  read('T', (tensor) => ({ kind: 'tensor', tensor: reverseDims(tensor), class: NDARRAY, attributes: new Map() })),
  read('flags', (tensor) => bool(isContiguousTensor(tensor))),
  [
    '__matmul__',
    method('__matmul__', 'self, other, /', (context, args) => {
      const other = otherOperand(context, args.value('other'));
      return other === null
        ? NOT_IMPLEMENTED
        : inNumpysErrors(context, () => resultValue(matmul(selfOf(args.value('self')), other.tensor)));
    }),
  ],
  ['__getitem__', method('__getitem__', 'self, index, /', (context, args) => getItem(context, args.value('self'), args.value('index')))],
  [
    '__setitem__',
    method('__setitem__', 'self, index, value, /', (context, args) => {
      const value = args.value('value');
      const source = value.kind === 'list' || value.kind === 'tuple' ? arrayFromData(context, value, null) : null;
      const target = selfOf(args.value('self'));
      const assigned: Value =
        source === null ? value : { kind: 'tensor', tensor: to(source, target.dtype), class: TENSOR, attributes: new Map() };
      const plain: Value =
        assigned.kind === 'tensor' ? { ...assigned, tensor: to(assigned.tensor, target.dtype), class: TENSOR } : assigned;
      writeIndex(context, target, args.value('index'), plain);
      return { kind: 'none' };
    }),
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
    method('__iter__', 'self, /', (context, args) => {
      const input = selfOf(args.value('self'));
      if (input.shape.length === 0) context.raise('TypeError', 'iteration over a 0-d array');
      return arrayIterator(unbind(input).map(resultValue), 'iterator');
    }),
  ],
  [
    '__contains__',
    method('__contains__', 'self, element, /', (context, args) => {
      const element = operandOf(context, args.value('element'));
      if (element === null) return bool(false);
      const hits = binary(context, binaryRules['equal']!, { tensor: selfOf(args.value('self')), weak: null }, element);
      return bool(context.truthy(context.callMethod({ kind: 'tensor', tensor: hits, class: NDARRAY, attributes: new Map() }, 'any')));
    }),
  ],
  [
    '__bool__',
    method('__bool__', 'self, /', (context, args) => {
      const input = selfOf(args.value('self'));
      const count = input.shape.reduce((p, n) => p * n, 1);
      if (count > 1) {
        context.raise('ValueError', 'The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()');
      }
      return bool(count === 1 && truth(input));
    }),
  ],
  [
    '__float__',
    method('__float__', 'self, /', (context, args) => {
      const input = selfOf(args.value('self'));
      if (input.shape.reduce((p, n) => p * n, 1) !== 1)
        context.raise('TypeError', 'only length-1 arrays can be converted to Python scalars');
      return float(item(input).value);
    }),
  ],
  [
    '__int__',
    method('__int__', 'self, /', (context, args) => {
      const input = selfOf(args.value('self'));
      if (input.shape.reduce((p, n) => p * n, 1) !== 1)
        context.raise('TypeError', 'only length-1 arrays can be converted to Python scalars');
      return int(Math.trunc(item(input).value));
    }),
  ],
  [
    '__index__',
    method('__index__', 'self, /', (context, args) => {
      const input = selfOf(args.value('self'));
      if (input.shape.length > 0 || input.dtype.startsWith('float'))
        context.raise('TypeError', 'only integer scalar arrays can be converted to a scalar index');
      return int(item(input).value);
    }),
  ],
  ['__repr__', method('__repr__', 'self, /', (_, args) => str(arrayRepr(selfOf(args.value('self')))))],
  ['__str__', method('__str__', 'self, /', (_, args) => str(arrayText(selfOf(args.value('self')))))],
  [
    '__format__',
    method('__format__', 'self, spec, /', (context, args) => {
      const input = selfOf(args.value('self'));
      if (input.shape.length === 0) return str(context.format(scalarValue(item(input)), args.string('spec')));
      if (args.string('spec') !== '') context.raise('TypeError', 'unsupported format string passed to numpy.ndarray.__format__');
      return str(context.str(args.value('self')));
    }),
  ],
  ['__hash__', method('__hash__', 'self, /', (context) => context.raise('TypeError', "unhashable type: 'numpy.ndarray'"))],
];

// ----------------------------------------------------------------------------------------------------------- scalars

/** A scalar as an array without dimensions, for the methods that arrays have. */
function asArray(context: Context, self: Value): Value {
  return { kind: 'tensor', tensor: operandOf(context, self)!.tensor, class: NDARRAY, attributes: new Map() };
}

const scalarMethods = [
  'sum',
  'mean',
  'max',
  'min',
  'round',
  'astype',
  'any',
  'all',
  'clip',
  'reshape',
  'squeeze',
  'prod',
  'copy',
  'ravel',
  'flatten',
];

function plainNumber(value: Value): Value {
  if (value.kind === 'float') return float(value.value);
  return value.kind === 'int' ? int(value.value) : value;
}

/** Comparisons and hashing stay Python's own: a scalar is a number of its kind, as a key too. */
export const scalarMembers: readonly (readonly [string, Value])[] = [
  ...arithmetic,
  ...comparing,
  ...unaries.slice(0, 3),
  ['item', method('item', 'self', (_, args) => plainNumber(args.value('self')))],
  ['tolist', method('tolist', 'self', (_, args) => plainNumber(args.value('self')))],
  ['dtype', property('dtype', (_, self) => dtypeValue(scalarDtype(self) ?? 'float64'))],
  ['shape', property('shape', () => shapeTuple([]))],
  ['ndim', property('ndim', () => int(0))],
  ['size', property('size', () => int(1))],
  ...scalarMethods.map((name): [string, Value] => [
    name,
    method(name, 'self, *args, **kwargs', (context, args) =>
      context.callMethod(asArray(context, args.value('self')), name, args.rest, args.keywords),
    ),
  ]),
  [
    '__repr__',
    method('__repr__', 'self', (context, args) => {
      const self = args.value('self');
      return str(`np.${context.typeOf(self).name}(${numberText(self)})`);
    }),
  ],
  ['__str__', method('__str__', 'self', (_, args) => str(numberText(args.value('self'))))],
  ['__hash__', method('__hash__', 'self', (context, args) => context.callMethod(plainNumber(args.value('self')), '__hash__'))],
];

function numberText(value: Value): string {
  if (value.kind === 'int') return value.value.toString();
  if (value.kind !== 'float') return '';
  return scalarDtype(value) === 'float64' ? floatRepr(value.value) : shortFloat(value.value);
}

/** The shortest decimal that gives this float32 back. */
function shortFloat(x: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const text = x.toPrecision(digits);
    if (castNumber(Number(text), 'float32') === x) return floatRepr(Number(text));
  }
  return floatRepr(x);
}

/** Fills the classes that torch's files and scalars.ts declare. */
export function fillClasses(): void {
  for (const [name, value] of arrayMembers) NDARRAY.namespace.set(name, value);
  for (const [dtype, cls] of scalarClasses) {
    if (dtype === 'bool') {
      cls.namespace.set(
        '__repr__',
        method('__repr__', 'self', (_, args) => str(`np.${truth(selfOf(args.value('self'))) ? 'True' : 'False'}_`)),
      );
      cls.namespace.set(
        '__str__',
        method('__str__', 'self', (_, args) => str(truth(selfOf(args.value('self'))) ? 'True' : 'False')),
      );
      cls.namespace.set(
        '__hash__',
        method('__hash__', 'self', (_, args) => int(truth(selfOf(args.value('self'))) ? 1 : 0)),
      );
    } else for (const [name, value] of scalarMembers) cls.namespace.set(name, value);
    cls.namespace.set('__new__', scalarNew(dtype, arrayFromData));
    cls.namespace.set(
      '__init__',
      method('__init__', 'self, *args', () => ({ kind: 'none' })),
    );
  }
}
