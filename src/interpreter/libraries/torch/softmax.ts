/** softmax and its kin. torch chooses a dimension itself when nn.functional is given none: 0 for 0-, 1- and 3-d input, else 1. */
import { to } from '../../../tensor/creation';
import { implicitSoftmaxDim, logsumexp, logSoftmax, softmax, softmin } from '../../../tensor/softmax';
import type { Tensor } from '../../../tensor/tensor';
import type { Context } from '../../context';
import type { Operation } from '../../library';
import type { Arguments } from '../../signature';
import { dims, tensorArgument, tensorOperation } from './operation';
import { dtypeArgument } from './tensors';

type Softmax = (input: Tensor, dim: number) => Tensor;

function along(context: Context, args: Arguments, dim: number, compute: Softmax): Tensor {
  const input = tensorArgument(context, args);
  const dtype = dtypeArgument(context, args);
  return compute(dtype === null ? input : to(input, dtype), dim);
}

const explicit = (where: string, compute: Softmax): Operation =>
  tensorOperation(where, 'input|self, dim|axis, dtype=None, *, out=None', (args, context) =>
    along(context, args, args.int('dim'), compute),
  );

const implicit = (name: string, compute: Softmax): Operation =>
  tensorOperation(`f ${name}`, 'input, dim=None, _stacklevel=3, dtype=None', (args, context) => {
    const dim = args.intOrNull('dim');
    if (dim !== null) return along(context, args, dim, compute);
    const chosen = implicitSoftmaxDim(tensorArgument(context, args).shape.length);
    context.note(`Implicit dimension choice for ${name} has been deprecated: without dim= it takes dim=${chosen} here`);
    return along(context, args, chosen, compute);
  });

export const softmaxOperations: readonly Operation[] = [
  explicit('tms softmax', softmax),
  explicit('tms log_softmax', logSoftmax),
  implicit('softmax', softmax),
  implicit('log_softmax', logSoftmax),
  implicit('softmin', softmin),
  tensorOperation('tms logsumexp', 'input|self, dim|axis, keepdim|keepdims=False, *, out=None', (args, context) =>
    logsumexp(tensorArgument(context, args), dims(args) ?? [], args.bool('keepdim')),
  ),
];
