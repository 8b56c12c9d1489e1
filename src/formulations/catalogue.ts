import { binarySigmoid, timmBinary } from './binaries';
import { fairseq, fairseqOld, fillScatter, hardLabels, mixupTarget, normal, uniformMixture } from './crossEntropies';
import { annotatedTransformer, klDivFillScatter, klDivUniformMixture } from './divergences';
import type { Formulation } from './formulation';

/** Every reference loss, the commonest first. */
export const formulations: readonly Formulation[] = [
  fillScatter,
  uniformMixture,
  ...klDivFillScatter,
  hardLabels,
  ...klDivUniformMixture,
  annotatedTransformer,
  fairseq,
  fairseqOld,
  mixupTarget,
  binarySigmoid,
  timmBinary,
  normal,
];

/** What a loss is compared with unless asked otherwise. */
export const defaultComparison: readonly Formulation[] = [fillScatter, uniformMixture, ...klDivFillScatter, hardLabels];

export function formulationById(id: string): Formulation | null {
  return formulations.find((formulation) => formulation.id === id) ?? null;
}
