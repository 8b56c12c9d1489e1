/** torch's fused losses over class labels, said with one-hot rows. */
import type { Emit } from './tfjsKernels';
import { binary, cast, fill, oneHot, reduce, reshape, term, type Term, transpose, unary } from './tfjsTerms';

/** −Σ_c q_c w_c log p_c of every row that is not ignored, reduced as torch reduces it. */
function classLoss(normalises: boolean): Emit {
  return (lowering, inputs, { attributes, shape }) => {
    const [input, target, weight] = inputs.map(lowering.term) as [Term, Term, Term?];
    const dim = attributes['dim'] as number;
    const smoothing = (attributes['smoothing'] as number | undefined) ?? 0;
    const ignoreIndex = attributes['ignoreIndex'] as number;
    const reduction = attributes['reduction'] as string;
    const order = [...input.shape.keys()].filter((d) => d !== dim);
    const scores = transpose(input, [...order, dim]);
    const classes = scores.shape.at(-1)!;
    const sampleShape = scores.shape.slice(0, -1);
    const labels = reshape(target, sampleShape);
    const logProbabilities = normalises ? term('logSoftmax', [scores], scores.shape, 'float32') : scores;
    const distribution = oneHot(labels, classes, 1 - smoothing + smoothing / classes, smoothing / classes);
    const weighted = weight === undefined ? distribution : binary('mul', distribution, weight);
    const last = scores.shape.length - 1;
    const losses = unary('neg', reduce('sum', binary('mul', weighted, logProbabilities), [last], false));
    const active = cast(binary('notEqual', labels, fill(ignoreIndex, [], 'float32'), 'bool'), 'float32');
    // One-hot rows of an ignored label outside of the classes are zeros, unless they are smoothed.
    const outside = ignoreIndex < 0 || ignoreIndex >= classes;
    const counted = outside && smoothing === 0 ? losses : binary('mul', losses, active);
    if (reduction === 'none') return reshape(counted, shape);
    const every = [...sampleShape.keys()];
    const total = reduce('sum', counted, every, false);
    if (reduction === 'sum') return total;
    if (weight === undefined) return binary('div', total, reduce('sum', active, every, false));
    const labelWeights = reduce('sum', binary('mul', oneHot(labels, classes, 1, 0), weight), [last], false);
    const taking = outside ? labelWeights : binary('mul', labelWeights, active);
    return binary('div', total, reduce('sum', taking, every, false));
  };
}

export const classLosses: Readonly<Record<string, Emit>> = {
  CrossEntropy: classLoss(true),
  NllLoss: classLoss(false),
};
