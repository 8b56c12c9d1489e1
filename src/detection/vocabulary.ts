/**
 * The operations that losses are built from, as torch, tfjs, TensorFlow, Keras, JAX and numpy spell them. A name is compared without
 * underscores and case, so that `log_softmax`, `logSoftmax` and `LogSoftmax` are one.
 */
export function canonical(name: string): string {
  const known = canonicals.get(name);
  if (known !== undefined) return known;
  const plain = name.replace(/_/g, '').toLowerCase();
  if (canonicals.size < 20_000) canonicals.set(name, plain);
  return plain;
}

/** The same names come again and again. */
const canonicals = new Map<string, string>();

export interface CrossEntropyOperation {
  /** Positions and keyword names of what goes in; a Keras, TensorFlow or tfjs function takes the targets first. */
  readonly prediction: number;
  readonly target: number;
  readonly predictionNames: readonly string[];
  readonly targetNames: readonly string[];
  readonly takes: 'logits' | 'logProbabilities' | 'probabilities';
  readonly targets: 'targetIndices' | 'targetDistribution' | 'targets';
  /** Position of the smoothing factor: in the call of the function, and in the constructor of the class of that name. */
  readonly smoothingAt?: number;
  readonly smoothingAtConstructor?: number;
}

const torchNames = { predictionNames: ['input', 'logits'], targetNames: ['target', 'labels'] } as const;
const torch = (
  takes: CrossEntropyOperation['takes'],
  targets: CrossEntropyOperation['targets'],
  more: Partial<CrossEntropyOperation> = {},
): CrossEntropyOperation => ({ prediction: 0, target: 1, ...torchNames, takes, targets, ...more });

const targetsFirst = (
  takes: CrossEntropyOperation['takes'],
  targets: CrossEntropyOperation['targets'],
  more: Partial<CrossEntropyOperation> = {},
): CrossEntropyOperation => ({
  prediction: 1,
  target: 0,
  predictionNames: ['logits', 'y_pred', 'output'],
  targetNames: ['labels', 'y_true', 'onehot_labels', 'target'],
  takes,
  targets,
  ...more,
});

/** Operations that take predictions and targets and give a cross entropy or a divergence. */
export const crossEntropies: ReadonlyMap<string, CrossEntropyOperation> = new Map([
  ['crossentropy', torch('logits', 'targets', { smoothingAt: 7 })],
  ['crossentropyloss', torch('logits', 'targets', { smoothingAtConstructor: 5 })],
  ['nllloss', torch('logProbabilities', 'targetIndices')],
  ['kldiv', torch('logProbabilities', 'targetDistribution')],
  ['kldivloss', torch('logProbabilities', 'targetDistribution')],
  ['binarycrossentropywithlogits', torch('logits', 'targetDistribution')],
  ['bcewithlogitsloss', torch('logits', 'targetDistribution')],
  ['bceloss', torch('probabilities', 'targetDistribution')],
  ['binarycrossentropy', torch('probabilities', 'targetDistribution', { smoothingAt: 3, smoothingAtConstructor: 1 })],
  // optax and jax: logits first; tfjs: labels first. The framework decides, in crossEntropyOf.
  ['softmaxcrossentropy', targetsFirst('logits', 'targetDistribution', { smoothingAt: 3 })],
  ['sigmoidcrossentropy', targetsFirst('logits', 'targetDistribution', { smoothingAt: 3 })],
  ['softmaxcrossentropywithlogits', targetsFirst('logits', 'targetDistribution')],
  ['softmaxcrossentropywithlogitsv2', targetsFirst('logits', 'targetDistribution')],
  ['sparsesoftmaxcrossentropywithlogits', targetsFirst('logits', 'targetIndices')],
  ['sigmoidcrossentropywithlogits', targetsFirst('logits', 'targetDistribution')],
  ['categoricalcrossentropy', targetsFirst('probabilities', 'targetDistribution', { smoothingAt: 3, smoothingAtConstructor: 1 })],
  ['sparsecategoricalcrossentropy', targetsFirst('probabilities', 'targetIndices')],
  ['categoricalfocalcrossentropy', targetsFirst('probabilities', 'targetDistribution')],
  ['softmaxcrossentropywithintegerlabels', torch('logits', 'targetIndices')],
  ['sigmoidbinarycrossentropy', torch('logits', 'targetDistribution')],
]);

/** Losses of libraries that smooth by themselves: used, not defined, in the file. Position of the smoothing factor in the constructor. */
export const libraryLosses: ReadonlyMap<string, number> = new Map([
  ['labelsmoothingcrossentropy', 0],
  ['labelsmoother', 0],
  ['labelsmoothingloss', -1],
  ['labelsmoothedcrossentropycriterion', -1],
]);

export const logSoftmaxes: ReadonlySet<string> = new Set(['logsoftmax', 'logsoftmaxfn', 'lognormalize']);
export const softmaxes: ReadonlySet<string> = new Set(['softmax', 'sigmoid']);
export const oneHots: ReadonlySet<string> = new Set(['onehot', 'tocategorical', 'labelbinarize', 'onehotlike']);
export const scatters: ReadonlySet<string> = new Set(['scatter', 'scatteradd', 'scatternd', 'putalongaxis', 'indexput']);
export const gathers: ReadonlySet<string> = new Set(['gather', 'takealongaxis', 'takealongdim', 'gathernd', 'pick', 'batchgather']);
export const averages: ReadonlySet<string> = new Set(['mean', 'sum', 'reducemean', 'reducesum', 'nanmean']);
export const logs: ReadonlySet<string> = new Set(['log', 'log1p', 'log2', 'safelog', 'logsigmoid']);
/** optax.smooth_labels(labels, alpha): smoothed targets in one call. */
export const targetSmoothers: ReadonlySet<string> = new Set(['smoothlabels']);
export const products: ReadonlySet<string> = new Set(['mul', 'multiply', 'dot', 'matmul', 'einsum', 'multiplynd']);
export const quotients: ReadonlySet<string> = new Set(['div', 'divide', 'truedivide']);
export const differences: ReadonlySet<string> = new Set(['sub', 'subtract']);
/** Where tensors come from in a demonstration. */
export const creations: ReadonlySet<string> = new Set(
  'tensor tensor1d tensor2d array randn rand randint random randomnormal randomuniform floattensor longtensor asarray constant zeros ones normal uniform fromnumpy full'.split(
    ' ',
  ),
);

/** Methods that are the loss of a class: what such a class is for. Any other method may be a loss too, and has a name of its own. */
export const lossMethods: readonly string[] = [
  'forward',
  'call',
  '__call__',
  'construct',
  'hybrid_forward',
  'apply',
  'compute',
  'calculate',
];

/** Layers with weights: a class that owns one is a model, not a loss. */
export const layers: ReadonlySet<string> = new Set(
  'linear dense conv1d conv2d conv3d embedding lstm gru rnn transformer transformerencoder transformerdecoder multiheadattention bilinear dropout batchnorm1d batchnorm2d layernorm maxpool2d'.split(
    ' ',
  ),
);

/** A name that says by itself that it holds a label-smoothing factor, wherever it stands: an option's flag, a path's last part, a name. */
export function isSmoothingName(name: string): boolean {
  const last = name.replace(/^-+/, '').split(/[./]/).at(-1)!;
  const plain = canonical(last.replace(/-/g, '_'));
  if (/window|image|temporal|warmup|schedule|type|mode|kind|method|epochs?$|steps?$|iters?$|start$|end$/.test(plain)) return false;
  // A switch, and no factor.
  if (/^(use|enable|with|has|is|do|no|apply|if)[_-]/i.test(last) || /^(use|enable|with|has|is|apply)[A-Z]/.test(last)) return false;
  return (
    /^(label|lb|lbl|target|lab)s?smooth/.test(plain) ||
    /labelsmooth|smooth(ing|ed)?labels?$/.test(plain) ||
    /^lsm(weight|prob)$/.test(plain) ||
    /^(ce|xent|crossentropy)smooth(ing)?$/.test(plain)
  );
}

/** A name that says it of a value in a loss: `smooth_eps`, `smoothing_factor`. Elsewhere curves and images are smoothed by such factors too. */
export function isSmoothingFactorName(name: string): boolean {
  return (
    isSmoothingName(name) ||
    /^smooth(ing)?(factor|eps|epsilon|val|value|rate|param|parameter|alpha)$/.test(canonical(name.replace(/-/g, '_')))
  );
}

/** What a smoothing factor is called where the place says that it is one: an argument of a smoothing loss, an entry below `loss`. */
export function isShortSmoothingName(name: string): boolean {
  const plain = canonical(name.replace(/^-+/, '').split(/[./]/).at(-1)!.replace(/-/g, '_'));
  return isSmoothingFactorName(plain) || isSmoothingName(name) || /^(smoothing|smooth|epsilon|eps|ls|lseps|epsilonls)$/.test(plain);
}

/** A node of a configuration that holds what belongs to a cross entropy or a smoothed loss. */
export const isLossPath = (part: string): boolean =>
  /^(ce|xent|crossentropy|crossentropyloss|smoothce|lsr|labelsmooth\w*|lsce)$/.test(canonical(part.replace(/-/g, '_')));

/** `LabelSmoothLoss`, `label_smoothed_cross_entropy`: a type or a criterion that smooths labels, by its registered name. */
export const isSmoothingType = (text: string): boolean => /label_?-?smooth|smooth(ed|ing)?_?-?(ce|cross|xent|nll)/i.test(text);

/** A name that is hardly given to anything else than a smoothing factor where the data flow shows one: no `alpha`, no `factor`. */
export function isPlainlySmoothing(name: string): boolean {
  return isShortSmoothingName(name) || /^(lsepsilon|smth)$/.test(canonical(name));
}

/** A name that holds a smoothing factor if its place agrees: alone it proves nothing (`eps` of Adam, `alpha` of a focal loss). */
export function isWeakSmoothingName(name: string): boolean {
  return isPlainlySmoothing(name) || /^(alpha|eta|e|factor|uniform(prior)?weight)$/.test(canonical(name));
}
