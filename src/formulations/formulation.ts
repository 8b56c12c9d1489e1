import type { Tensor } from '../tensor/tensor';

/** What the smoothing factor means. 'padded' is fill/scatter over the K−2 classes that are neither target nor padding. */
export type Convention = 'none' | 'fillScatter' | 'uniformMixture' | 'padded' | 'binary' | 'normal';

export interface FormulationOptions {
  readonly smoothing: number;
  /** [K]; multiplies each class's log-probability. */
  readonly classWeights?: Tensor;
  /** Rows of this target count for nothing; torch's −100 unless given. */
  readonly ignoreIndex?: number;
  /** The padding class of a formulation that has one. */
  readonly paddingIndex?: number;
  /** Mixup's share of the row's own target. */
  readonly lambda?: number;
  /** Width of the normal distribution over neighbouring classes. */
  readonly sigma?: number;
}

export interface FormulationLoss {
  /** 0-d: reduced as the formulation reduces. */
  readonly value: Tensor;
  /** [N]: each row's loss before the reduction. */
  readonly perSample: Tensor;
}

/** A reference loss. */
export interface Formulation {
  readonly id: string;
  readonly title: string;
  readonly family: 'crossEntropy' | 'divergence' | 'binary';
  readonly convention: Convention;
  /** What its value divides the sum over rows by: 1, N, N·K, the rows that count, or the weights of their targets. */
  readonly divides: 'one' | 'rows' | 'elements' | 'active' | 'weights';
  /** The per-sample loss and its targets, in LaTeX. */
  readonly tex: string;
  readonly source: { readonly name: string; readonly url: string };
  /** Why it cannot be computed for this many classes or this ε, in words; null when it can. */
  problem(classes: number, options: FormulationOptions): string | null;
  /** Smoothed targets [N, K] in the type of `like`, for targets [N] of int64. */
  targetDistribution(targets: Tensor, like: Tensor, classes: number, options: FormulationOptions): Tensor;
  /** For logits [N, K] and targets [N] of int64. */
  loss(logits: Tensor, targets: Tensor, options: FormulationOptions): FormulationLoss;
}

export const torchIgnoreIndex = -100;

export function noProblem(): null {
  return null;
}

/** ε/(K−1) has no value at K = 1. */
export function needsTwoClasses(classes: number): string | null {
  return classes < 2 ? `fill/scatter shares ε among the other K−1 classes, and with K = ${classes} that divides by ${classes - 1}.` : null;
}
