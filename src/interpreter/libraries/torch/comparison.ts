/** Comparisons, logic, and tests of what numbers are. */
import * as c from '../../../tensor/comparison';
import { isFloatDtype } from '../../../tensor/dtype';
import type { Operand } from '../../../tensor/promotion';
import type { Tensor } from '../../../tensor/tensor';
import type { Operation } from '../../library';
import { bool } from '../../value';
import { dims, operandArgument, operation, tensorArgument, tensorOperation } from './operation';

const binary = (where: string, compute: (a: Operand, b: Operand) => Tensor): Operation =>
  tensorOperation(where, 'input|self, other, *, out=None', (args, context) =>
    compute(operandArgument(context, args, 'input'), operandArgument(context, args, 'other')),
  );

const test = (where: string, compute: (input: Tensor) => Tensor): Operation =>
  tensorOperation(where, 'input|self, *, out=None', (args, context) => compute(tensorArgument(context, args)));

const quantifier = (where: string, compute: (input: Tensor, dims: readonly number[] | null, keepdim: boolean) => Tensor): Operation =>
  tensorOperation(where, 'input|self, dim|axis=None, keepdim|keepdims=False, *, out=None', (args, context) =>
    compute(tensorArgument(context, args), dims(args), args.bool('keepdim')),
  );

export const comparisonOperations: readonly Operation[] = [
  binary('tm eq', c.eq),
  binary('tm ne, tm not_equal', c.ne),
  binary('tm lt, tm less', c.lt),
  binary('tm le, tm less_equal', c.le),
  binary('tm gt, tm greater', c.gt),
  binary('tm ge, tm greater_equal', c.ge),
  binary('tm logical_and', c.logicalAnd),
  binary('tm logical_or', c.logicalOr),
  binary('tm logical_xor', c.logicalXor),
  binary('tm bitwise_and', c.bitwiseAnd),
  binary('tm bitwise_or', c.bitwiseOr),
  binary('tm bitwise_xor', c.bitwiseXor),
  binary('tm bitwise_left_shift', c.bitwiseLeftShift),
  binary('tm bitwise_right_shift', c.bitwiseRightShift),
  test('tm logical_not', c.logicalNot),
  test('tm bitwise_not', c.bitwiseNot),
  test('tm isnan', c.isnan),
  test('tm isinf', c.isinf),
  test('tm isfinite', c.isfinite),
  test('tm isposinf', c.isposinf),
  test('tm isneginf', c.isneginf),
  test('tm signbit', c.signbit),
  quantifier('tm any', c.any),
  quantifier('tm all', c.all),
];

const tolerance = 'rtol=1e-05, atol=1e-08, equal_nan=False';

/** These have no in-place spelling. */
export const agreementOperations: readonly Operation[] = [
  operation('tm equal', 'input|self, other', (context, args) =>
    bool(c.equal(tensorArgument(context, args), tensorArgument(context, args, 'other'))),
  ),
  tensorOperation('tm isclose', `input|self, other, ${tolerance}`, (args, context) =>
    c.isclose(tensorArgument(context, args), tensorArgument(context, args, 'other'), {
      rtol: args.float('rtol'),
      atol: args.float('atol'),
      equalNan: args.bool('equal_nan'),
    }),
  ),
  operation('tm allclose', `input|self, other, ${tolerance}`, (context, args) =>
    bool(
      c.allclose(tensorArgument(context, args), tensorArgument(context, args, 'other'), {
        rtol: args.float('rtol'),
        atol: args.float('atol'),
        equalNan: args.bool('equal_nan'),
      }),
    ),
  ),
  operation('tm is_floating_point', 'input|self', (context, args) => bool(isFloatDtype(tensorArgument(context, args).dtype))),
  operation('tm is_complex', 'input|self', () => bool(false)),
  operation('tm is_nonzero', 'input|self', (context, args) => bool(context.truthy(args.value('input')))),
  operation('tm is_same_size', 'input|self, other', (context, args) => {
    const { shape } = tensorArgument(context, args);
    const other = tensorArgument(context, args, 'other').shape;
    return bool(shape.length === other.length && shape.every((n, d) => n === other[d]));
  }),
];
