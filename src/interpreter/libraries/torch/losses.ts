/** The losses of torch.nn.functional that are kernels of their own; those composed of others are Python (nn/composed.ts). */
import { binaryCrossEntropy, binaryCrossEntropyWithLogits, crossEntropy, klDiv, nllLoss } from '../../../tensor/losses';
import type { Context } from '../../context';
import type { Operation } from '../../library';
import type { Arguments } from '../../signature';
import { NONE, str } from '../../value';
import { optionalTensor, tensorArgument, tensorOperation } from './operation';

type Reduction = 'none' | 'mean' | 'sum';

/** `size_average` and `reduce` override `reduction`, as torch's legacy flags do. */
function reductionName(context: Context, args: Arguments): string {
  const average = args.optional('size_average');
  const reduce = args.optional('reduce');
  if (average === null && reduce === null) return args.string('reduction');
  const reduces = reduce === null || context.truthy(reduce);
  const name = !reduces ? 'none' : average === null || context.truthy(average) ? 'mean' : 'sum';
  context.note(`size_average and reduce args will be deprecated, please use reduction='${name}' instead.`);
  return name;
}

function reduction(context: Context, args: Arguments): Reduction {
  const name = reductionName(context, args);
  if (name === 'none' || name === 'mean' || name === 'sum') return name;
  return context.raise('ValueError', `${name} is not a valid value for reduction`);
}

export const lossOperations: readonly Operation[] = [
  tensorOperation(
    'f cross_entropy',
    "input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0",
    (args, context) =>
      crossEntropy(tensorArgument(context, args), tensorArgument(context, args, 'target'), {
        weight: optionalTensor(context, args, 'weight'),
        ignoreIndex: args.int('ignore_index'),
        reduction: reduction(context, args),
        labelSmoothing: args.float('label_smoothing'),
      }),
  ),
  tensorOperation(
    'f nll_loss, t nll_loss',
    "input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'",
    (args, context) =>
      nllLoss(tensorArgument(context, args), tensorArgument(context, args, 'target'), {
        weight: optionalTensor(context, args, 'weight'),
        ignoreIndex: args.int('ignore_index'),
        reduction: reduction(context, args),
      }),
  ),
  tensorOperation('f kl_div', "input, target, size_average=None, reduce=None, reduction='mean', log_target=False", (args, context) => {
    const input = tensorArgument(context, args);
    const name = reductionName(context, args);
    const options = { logTarget: args.bool('log_target') };
    if (name === 'batchmean') return klDiv(input, tensorArgument(context, args, 'target'), { ...options, reduction: 'batchmean' });
    return klDiv(input, tensorArgument(context, args, 'target'), {
      ...options,
      reduction: reduction(context, args.with('reduction', str(name)).with('size_average', NONE).with('reduce', NONE)),
    });
  }),
  tensorOperation(
    'f binary_cross_entropy',
    "input, target, weight=None, size_average=None, reduce=None, reduction='mean'",
    (args, context) =>
      binaryCrossEntropy(tensorArgument(context, args), tensorArgument(context, args, 'target'), {
        weight: optionalTensor(context, args, 'weight'),
        reduction: reduction(context, args),
      }),
  ),
  tensorOperation(
    'f binary_cross_entropy_with_logits',
    "input, target, weight=None, size_average=None, reduce=None, reduction='mean', pos_weight=None",
    (args, context) =>
      binaryCrossEntropyWithLogits(tensorArgument(context, args), tensorArgument(context, args, 'target'), {
        weight: optionalTensor(context, args, 'weight'),
        posWeight: optionalTensor(context, args, 'pos_weight'),
        reduction: reduction(context, args),
      }),
  ),
];
