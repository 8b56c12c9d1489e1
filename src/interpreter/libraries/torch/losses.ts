/** The losses of torch.nn.functional and the distances they use. What torch composes of others is Python (nn/composed.ts). */
import { div, mul } from '../../../tensor/elementwise';
import { crossEntropy, nllLoss } from '../../../tensor/crossEntropy';
import * as l from '../../../tensor/losses';
import { linear } from '../../../tensor/matmul';
import { isTensor, type Tensor } from '../../../tensor/tensor';
import { expandAs } from '../../../tensor/views';
import { sum } from '../../../tensor/reductions';
import { full } from '../../../tensor/creation';
import type { Context } from '../../context';
import type { Operation } from '../../library';
import type { Arguments } from '../../signature';
import { named, operandArgument, optionalTensor, tensorArgument, tensorOperation } from './operation';

const legacy = "size_average=None, reduce=None, reduction='mean'";

/** `reduction`, unless the legacy flags `size_average` and `reduce` override it. */
function reduction(context: Context, args: Arguments): string {
  const average = args.optional('size_average');
  const reduce = args.optional('reduce');
  if (average === null && reduce === null) return args.string('reduction');
  const name = reduce !== null && !context.truthy(reduce) ? 'none' : average === null || context.truthy(average) ? 'mean' : 'sum';
  context.note(`size_average and reduce args will be deprecated, please use reduction='${name}' instead.`);
  return name;
}

/** A loss of a prediction and a target of the same shape. torch warns, and broadcasts, when the shapes differ. */
function regression(
  where: string,
  parameters: string,
  compute: (input: Tensor, target: Tensor, reduction: string, args: Arguments) => Tensor,
): Operation {
  return tensorOperation(where, `input, target, ${parameters}`, (args, context) => {
    const [input, target] = [tensorArgument(context, args), tensorArgument(context, args, 'target')];
    if (input.shape.join() !== target.shape.join()) {
      context.note(
        `Using a target size (torch.Size([${target.shape.join(', ')}])) that is different to the input size (torch.Size([${input.shape.join(', ')}])). ` +
          'This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.',
      );
    }
    const name = args.has('size_average') ? reduction(context, args) : args.string('reduction');
    const weight = args.has('weight') ? optionalTensor(context, args, 'weight') : null;
    if (weight === null) return compute(input, target, name, args);
    const weighted = mul(compute(input, target, 'none', args), weight);
    return name === 'mean' ? div(sum(weighted), sum(expandAs(weight, weighted))) : l.reduceLoss(weighted, name === 'sum' ? 'sum' : 'none');
  });
}

const plain = (where: string, signature: string, compute: (args: Arguments, context: Context) => Tensor): Operation =>
  tensorOperation(where, signature, compute);

export const lossOperations: readonly Operation[] = [
  plain(
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
  plain('f nll_loss', "input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'", (args, context) =>
    nllLoss(tensorArgument(context, args), tensorArgument(context, args, 'target'), {
      weight: optionalTensor(context, args, 'weight'),
      ignoreIndex: args.int('ignore_index'),
      reduction: reduction(context, args),
    }),
  ),
  plain('f kl_div', `input, target, ${legacy}, log_target=False`, (args, context) =>
    l.klDiv(tensorArgument(context, args), tensorArgument(context, args, 'target'), {
      reduction: reduction(context, args),
      logTarget: args.bool('log_target'),
    }),
  ),
  plain('f binary_cross_entropy', `input, target, weight=None, ${legacy}`, (args, context) =>
    l.binaryCrossEntropy(tensorArgument(context, args), tensorArgument(context, args, 'target'), {
      weight: optionalTensor(context, args, 'weight'),
      reduction: reduction(context, args),
    }),
  ),
  plain('f binary_cross_entropy_with_logits', `input, target, weight=None, ${legacy}, pos_weight=None`, (args, context) =>
    l.binaryCrossEntropyWithLogits(tensorArgument(context, args), tensorArgument(context, args, 'target'), {
      weight: optionalTensor(context, args, 'weight'),
      posWeight: optionalTensor(context, args, 'pos_weight'),
      reduction: reduction(context, args),
    }),
  ),
  regression('f mse_loss', `${legacy}, weight=None`, (input, target, name) => l.mseLoss(input, target, name)),
  regression('f l1_loss', `${legacy}, weight=None`, (input, target, name) => l.l1Loss(input, target, name)),
  regression('f smooth_l1_loss', `${legacy}, beta=1.0`, (input, target, name, args) =>
    l.smoothL1Loss(input, target, name, args.float('beta')),
  ),
  regression('f huber_loss', "reduction='mean', delta=1.0, weight=None", (input, target, name, args) =>
    l.huberLoss(input, target, name, args.float('delta')),
  ),
  regression('f soft_margin_loss', legacy, (input, target, name) => l.softMarginLoss(input, target, name)),
  regression('f hinge_embedding_loss', `margin=1.0, ${legacy}`, (input, target, name, args) =>
    l.hingeEmbeddingLoss(input, target, args.float('margin'), name),
  ),
  plain(
    'f poisson_nll_loss',
    "input, target, log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
    (args, context) =>
      l.poissonNllLoss(tensorArgument(context, args), tensorArgument(context, args, 'target'), {
        logInput: args.bool('log_input'),
        full: args.bool('full'),
        eps: args.float('eps'),
        reduction: reduction(context, args),
      }),
  ),
  plain('f gaussian_nll_loss', "input, target, var, full=False, eps=1e-06, reduction='mean'", (args, context) => {
    const input = tensorArgument(context, args);
    const given = operandArgument(context, args, 'var');
    const variance = isTensor(given) ? given : full(input.shape, given, input.dtype);
    return l.gaussianNllLoss(
      input,
      tensorArgument(context, args, 'target'),
      variance,
      args.bool('full'),
      args.float('eps'),
      args.string('reduction'),
    );
  }),
  plain('f margin_ranking_loss, t margin_ranking_loss', `input1, input2, target, margin=0, ${legacy}`, (args, context) =>
    l.marginRankingLoss(
      tensorArgument(context, args, 'input1'),
      tensorArgument(context, args, 'input2'),
      tensorArgument(context, args, 'target'),
      args.float('margin'),
      reduction(context, args),
    ),
  ),
  plain('f cosine_embedding_loss, t cosine_embedding_loss', `input1, input2, target, margin=0, ${legacy}`, (args, context) =>
    l.cosineEmbeddingLoss(
      tensorArgument(context, args, 'input1'),
      tensorArgument(context, args, 'input2'),
      tensorArgument(context, args, 'target'),
      args.float('margin'),
      reduction(context, args),
    ),
  ),
  plain(
    'f triplet_margin_loss, t triplet_margin_loss',
    `anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False, ${legacy}`,
    (args, context) =>
      l.tripletMarginLoss(
        tensorArgument(context, args, 'anchor'),
        tensorArgument(context, args, 'positive'),
        tensorArgument(context, args, 'negative'),
        {
          margin: args.float('margin'),
          p: args.float('p'),
          eps: args.float('eps'),
          swap: args.bool('swap'),
          reduction: reduction(context, args),
        },
      ),
  ),
  plain('f multilabel_soft_margin_loss', `input, target, weight=None, ${legacy}`, (args, context) =>
    l.multilabelSoftMarginLoss(tensorArgument(context, args), tensorArgument(context, args, 'target'), {
      weight: optionalTensor(context, args, 'weight'),
      reduction: reduction(context, args),
    }),
  ),
  plain('f multi_margin_loss', `input, target, p=1, margin=1.0, weight=None, ${legacy}`, (args, context) =>
    l.multiMarginLoss(
      tensorArgument(context, args),
      tensorArgument(context, args, 'target'),
      args.int('p'),
      args.float('margin'),
      optionalTensor(context, args, 'weight'),
      reduction(context, args),
    ),
  ),
  plain('f cosine_similarity, t cosine_similarity', 'x1, x2, dim=1, eps=1e-08', (args, context) =>
    named(
      l.cosineSimilarity(tensorArgument(context, args, 'x1'), tensorArgument(context, args, 'x2'), args.int('dim'), args.float('eps')),
      'SumBackward1',
    ),
  ),
  plain('f pairwise_distance, t pairwise_distance', 'x1, x2, p=2.0, eps=1e-06, keepdim=False', (args, context) =>
    l.pairwiseDistance(
      tensorArgument(context, args, 'x1'),
      tensorArgument(context, args, 'x2'),
      args.float('p'),
      args.float('eps'),
      args.bool('keepdim'),
    ),
  ),
  plain('f normalize', 'input, p=2.0, dim=1, eps=1e-12, out=None', (args, context) =>
    l.normalize(tensorArgument(context, args), args.float('p'), args.int('dim'), args.float('eps')),
  ),
  plain('f linear', 'input, weight, bias=None', (args, context) =>
    linear(tensorArgument(context, args), tensorArgument(context, args, 'weight'), optionalTensor(context, args, 'bias')),
  ),
];
