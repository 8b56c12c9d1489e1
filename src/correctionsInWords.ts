/** What the person says of how a loss is run, in words. */
import type { Corrections, GivenAs, RowsLayout } from './inspection';

/** What a parameter is handed, as a noun. */
export const formNames: Readonly<Record<GivenAs, string>> = {
  logits: 'logits',
  logProbabilities: 'log-probabilities',
  probabilities: 'probabilities',
  sigmoids: 'a probability for each class by itself',
  indices: 'class indices',
  column: 'class indices in a last axis of one',
  oneHot: 'distributions (one-hot or soft)',
  integerOneHot: 'one-hot integers',
  otherLogits: 'other predictions',
  otherTargets: 'other targets',
  mask: 'a mask',
  sampleWeight: 'a weight for each row',
  weight: 'class weights',
  smoothing: 'the smoothing factor',
  classes: 'the number of classes',
  value: 'a value',
  default: 'its default',
};

export const layoutNames: Readonly<Record<RowsLayout, string>> = {
  rows: '[N, K]',
  sequences: '[N, 1, K]',
  classesFirst: '[N, K, 1]',
  images: '[N, K, 1, 1]',
  oneSequence: '[1, N, K]',
  flat: '[N·K]',
  single: '[K], row by row',
};

/** `kappa = 0.2`, `keep as a mask`, `K = 7`, `rows as [N, 1, K]`. */
export function correctionsInWords({ parameters = [], layout, classes }: Corrections): readonly string[] {
  return [
    ...parameters.map(({ name, as, value }) => {
      const role = as === undefined || as === 'value' ? '' : ` as ${formNames[as]}`;
      return `${name}${value === undefined ? '' : ` = ${value}`}${role}`;
    }),
    ...(layout === undefined ? [] : [`rows as ${layoutNames[layout]}`]),
    ...(classes === undefined ? [] : [`K = ${classes}`]),
  ];
}
