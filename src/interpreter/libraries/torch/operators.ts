/** Python's operators and protocols on tensors: arithmetic, comparison, conversion to numbers, length and iteration. */
import { requiresGradInPlace } from '../../../tensor/autograd';
import { item, to, truth } from '../../../tensor/creation';
import * as comparison from '../../../tensor/comparison';
import * as e from '../../../tensor/elementwise';
import { inPlace } from '../../../tensor/inplace';
import { matmul } from '../../../tensor/matmul';
import type { Operand, Scalar } from '../../../tensor/promotion';
import { isTensor, numel, type Tensor } from '../../../tensor/tensor';
import { detach, unbind } from '../../../tensor/views';
import type { Context } from '../../context';
import { identityOf } from '../../dictionary';
import { method } from '../../library';
import type { Arguments } from '../../signature';
import { arrayIterator, bool, float, int, NOT_IMPLEMENTED, type Value } from '../../value';
import { operandOf, scalarValue } from './operation';
import { TENSOR, wrap, wrapAs } from './tensors';

type Binary = (a: Operand, b: Operand) => Tensor;

const selfOf = (args: Arguments): Tensor => (args.value('self') as { readonly tensor: Tensor }).tensor;

/** `a + b`: NotImplemented for what is neither tensor nor number, so that Python asks the other side and then raises its TypeError. */
function forward(name: string, compute: Binary): [string, Value] {
  return [
    name,
    method(`Tensor.${name}`, 'self, other, /', (_, args) => {
      const other = operandOf(args.value('other'));
      return other === null ? NOT_IMPLEMENTED : wrap(compute(selfOf(args), other));
    }),
  ];
}

function inPlaceOperator(name: string, compute: Binary): [string, Value] {
  return [
    name,
    method(`Tensor.${name}`, 'self, other, /', (_, args) => {
      const other = operandOf(args.value('other'));
      if (other === null) return NOT_IMPLEMENTED;
      inPlace(selfOf(args), (input) => compute(input, other), isTensor(other) ? [other] : []);
      return args.value('self');
    }),
  ];
}

const reflected =
  (compute: Binary): Binary =>
  (a, b) =>
    compute(b, a);

function arithmetic(name: string, compute: Binary): [string, Value][] {
  return [forward(`__${name}__`, compute), forward(`__r${name}__`, reflected(compute)), inPlaceOperator(`__i${name}__`, compute)];
}

const unary = (name: string, compute: (input: Tensor) => Tensor): [string, Value] => [
  name,
  method(`Tensor.${name}`, 'self, /', (_, args) => wrap(compute(selfOf(args)))),
];

/** The only number in a tensor, with the error Python's float() and int() show. */
function onlyNumber(context: Context, input: Tensor): Scalar {
  if (numel(input) !== 1) context.raise('ValueError', 'only one element tensors can be converted to Python scalars');
  return item(input);
}

export const tensorOperators: readonly (readonly [string, Value])[] = [
  ...arithmetic('add', e.add),
  ...arithmetic('sub', e.sub),
  ...arithmetic('mul', e.mul),
  ...arithmetic('truediv', (a, b) => e.div(a, b)),
  ...arithmetic('floordiv', e.floorDivide),
  ...arithmetic('mod', e.remainder),
  ...arithmetic('pow', e.pow),
  ...arithmetic('and', comparison.bitwiseAnd),
  ...arithmetic('or', comparison.bitwiseOr),
  ...arithmetic('xor', comparison.bitwiseXor),
  ...arithmetic('lshift', comparison.bitwiseLeftShift),
  ...arithmetic('rshift', comparison.bitwiseRightShift),
  forward('__eq__', comparison.eq),
  forward('__ne__', comparison.ne),
  forward('__lt__', comparison.lt),
  forward('__le__', comparison.le),
  forward('__gt__', comparison.gt),
  forward('__ge__', comparison.ge),
  [
    '__matmul__',
    method('Tensor.__matmul__', 'self, other, /', (_, args) => {
      const other = args.value('other');
      return other.kind === 'tensor' ? wrap(matmul(selfOf(args), other.tensor)) : NOT_IMPLEMENTED;
    }),
  ],
  [
    '__rmatmul__',
    method('Tensor.__rmatmul__', 'self, other, /', (_, args) => {
      const other = args.value('other');
      return other.kind === 'tensor' ? wrap(matmul(other.tensor, selfOf(args))) : NOT_IMPLEMENTED;
    }),
  ],
  unary('__neg__', e.neg),
  unary('__pos__', e.positive),
  unary('__abs__', e.abs),
  unary('__invert__', comparison.bitwiseNot),
  ['__bool__', method('Tensor.__bool__', 'self, /', (_, args) => bool(truth(selfOf(args))))],
  ['__float__', method('Tensor.__float__', 'self, /', (context, args) => float(onlyNumber(context, selfOf(args)).value))],
  [
    '__int__',
    method('Tensor.__int__', 'self, /', (context, args) => {
      const { value } = onlyNumber(context, selfOf(args));
      if (Number.isNaN(value)) context.raise('ValueError', 'cannot convert float NaN to integer');
      if (!Number.isFinite(value)) context.raise('OverflowError', 'cannot convert float infinity to integer');
      return int(Math.trunc(value));
    }),
  ],
  [
    '__index__',
    method('Tensor.__index__', 'self, /', (context, args) => {
      const input = selfOf(args);
      const { kind, value } = numel(input) === 1 ? item(input) : { kind: 'float', value: 0 };
      if (kind === 'float') context.raise('TypeError', 'only integer tensors of a single element can be converted to an index');
      return int(value);
    }),
  ],
  [
    '__len__',
    method('Tensor.__len__', 'self, /', (context, args) => {
      const [length] = selfOf(args).shape;
      return length === undefined ? context.raise('TypeError', 'len() of a 0-d tensor') : int(length);
    }),
  ],
  [
    '__iter__',
    method('Tensor.__iter__', 'self, /', (context, args) => {
      const input = selfOf(args);
      if (input.shape.length === 0) context.raise('TypeError', 'iteration over a 0-d tensor');
      return arrayIterator(unbind(input).map(wrap), 'generator');
    }),
  ],
  [
    '__contains__',
    method('Tensor.__contains__', 'self, element, /', (context, args) => {
      const element = operandOf(args.value('element'));
      if (element === null) {
        const got = context.typeOf(args.value('element')).name;
        return context.raise('RuntimeError', `Tensor.__contains__ only supports Tensor or scalar, but you passed in a <class '${got}'>.`);
      }
      return bool(truth(comparison.any(comparison.eq(selfOf(args), element))));
    }),
  ],
  [
    '__format__',
    method('Tensor.__format__', 'self, spec, /', (context, args) => {
      const input = selfOf(args);
      const spec = args.value('spec');
      const text = args.string('spec');
      if (input.shape.length === 0) {
        return { kind: 'str', value: context.format(scalarValue(item(input)), text), class: null, attributes: null };
      }
      if (text !== '') context.raise('TypeError', 'unsupported format string passed to Tensor.__format__');
      return spec.kind === 'str' ? { ...spec, value: context.str(args.value('self')) } : spec;
    }),
  ],
  ['__hash__', method('Tensor.__hash__', 'self, /', (_, args) => int(identityOf(args.value('self'))))],
  [
    '__deepcopy__',
    method('Tensor.__deepcopy__', 'self, memo=None, /', (context, args) => {
      const self = args.value('self');
      const input = selfOf(args);
      if (!input.isLeaf) {
        context.raise(
          'RuntimeError',
          'Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.',
        );
      }
      const copy = to(detach(input), input.dtype, true);
      if (input.requiresGrad) requiresGradInPlace(copy, true);
      return wrapAs(copy, self.kind === 'tensor' ? self.class : TENSOR);
    }),
  ],
  ['__round__', method('Tensor.__round__', 'self, ndigits=None', (_, args) => wrap(e.round(selfOf(args), args.intOrNull('ndigits') ?? 0)))],
];
