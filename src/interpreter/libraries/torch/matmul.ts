/** Products of matrices and vectors. */
import { add, mul } from '../../../tensor/elementwise';
import * as m from '../../../tensor/matmul';
import { isTensor, type Tensor } from '../../../tensor/tensor';
import type { Operation } from '../../library';
import { asTensor, named, operandArgument, scalarArgument, tensorArgument, tensorOperation } from './operation';

const product = (where: string, signature: string, second: string, compute: (a: Tensor, b: Tensor) => Tensor): Operation =>
  tensorOperation(where, signature, (args, context) => compute(tensorArgument(context, args), tensorArgument(context, args, second)));

/** beta · input + alpha · (a @ b) */
const sumOfProduct = (
  where: string,
  signature: string,
  node: string,
  names: readonly [string, string],
  compute: (a: Tensor, b: Tensor) => Tensor,
): Operation =>
  tensorOperation(where, `${signature}, *, beta=1, alpha=1, out=None`, (args, context) => {
    const result = compute(tensorArgument(context, args, names[0]), tensorArgument(context, args, names[1]));
    const [beta, alpha] = [scalarArgument(context, args, 'beta'), scalarArgument(context, args, 'alpha')];
    const input = operandArgument(context, args, 'input');
    const scaledInput = beta.value === 1 || !isTensor(input) ? input : mul(input, beta);
    return named(add(alpha.value === 1 ? result : mul(result, alpha), scaledInput), node);
  });

export const matmulOperations: readonly Operation[] = [
  product('tm matmul, l matmul', 'input|self, other, *, out=None', 'other', m.matmul),
  product('tm mm', 'input|self, mat2, *, out=None', 'mat2', m.mm),
  product('tm bmm', 'input|self, mat2, *, out=None', 'mat2', m.bmm),
  product('tm mv', 'input|self, vec, *, out=None', 'vec', m.mv),
  product('tm dot, tm vdot, tm inner', 'input|self, tensor|other, *, out=None', 'tensor', m.dot),
  product('tm outer, tm ger', 'input|self, vec2, *, out=None', 'vec2', m.outer),
  sumOfProduct('tm addmm', 'input|self, mat1, mat2', 'AddmmBackward0', ['mat1', 'mat2'], m.mm),
  sumOfProduct('tm addmv', 'input|self, mat, vec', 'AddmvBackward0', ['mat', 'vec'], m.mv),
  sumOfProduct('tm addr', 'input|self, vec1, vec2', 'AddrBackward0', ['vec1', 'vec2'], m.outer),
  sumOfProduct('tm baddbmm', 'input|self, batch1, batch2', 'BaddbmmBackward0', ['batch1', 'batch2'], m.bmm),
  tensorOperation('t einsum', 'equation, *operands', (args, context) => {
    const [first] = args.rest;
    const operands = args.rest.length === 1 && (first?.kind === 'list' || first?.kind === 'tuple') ? first.items : args.rest;
    return m.einsum(
      args.string('equation'),
      operands.map((operand) => asTensor(context, operand, 'operands')),
    );
  }),
];
