/** Losses of libraries that are not interpreted, by what their own documentation and source say of their targets: known, not measured. */

export interface KnownLoss {
  /** The module that the import says, and the name there. */
  readonly of: RegExp;
  readonly name: RegExp;
  /** How it smooths, to follow "its targets are". */
  readonly targets: string;
  /** The parameter that is ε. */
  readonly parameter: string;
  readonly source: string;
}

const mixture = 'those of the uniform mixture: 1−ε+ε/K on the label, ε/K elsewhere';
const filled = 'those of fill/scatter: 1−ε on the label, ε/(K−1) elsewhere';

const losses: readonly KnownLoss[] = [
  {
    of: /^monai\b/,
    name: /^DiceCELoss$/,
    targets: `${mixture}, in its cross entropy; its Dice part is not smoothed`,
    parameter: 'label_smoothing',
    source: 'torch’s CrossEntropyLoss, which it hands the factor to',
  },
  {
    of: /^onmt\b/,
    name: /^LabelSmoothingLoss$/,
    targets: '1−ε on the label, ε/(K−2) elsewhere but on padding, and the loss is the KL divergence from them',
    parameter: 'label_smoothing',
    source: 'onmt.utils.loss',
  },
  {
    of: /^paddle\b/,
    name: /^(CrossEntropyLoss|cross_entropy)$/,
    targets: mixture,
    parameter: 'label_smoothing',
    source: 'paddle.nn.functional.label_smooth, which it calls',
  },
  {
    of: /^mindspore\b/,
    name: /^(CrossEntropyLoss|cross_entropy)$/,
    targets: mixture,
    parameter: 'label_smoothing',
    source: 'mindspore.ops.cross_entropy',
  },
  { of: /^mlx\b/, name: /^cross_entropy$/, targets: mixture, parameter: 'label_smoothing', source: 'mlx.nn.losses' },
  { of: /^mxnet\b/, name: /^SoftmaxOutput$/, targets: filled, parameter: 'smooth_alpha', source: 'the gradient that its operator has' },
];

/** @param real the name with its module, `segmentation_models_pytorch.losses.SoftCrossEntropyLoss`. */
export function knownLoss(real: string): KnownLoss | null {
  const name = real.slice(real.lastIndexOf('.') + 1);
  return losses.find((loss) => loss.of.test(real) && loss.name.test(name)) ?? null;
}

/** What is known of a loss that is not run. */
export function knownInWords(real: string): string | null {
  const known = knownLoss(real);
  if (known === null) return null;
  return `Known, not measured: its targets are ${known.targets}, with ε = \`${known.parameter}\` (${known.source}).`;
}
