/**
 * What a family of losses is, as data: what it takes, the formulations it is written in, and what people get wrong with it. Everything that
 * recognises, compares and shows losses reads these records, so that a new family is one record and its tests.
 */
import type { Node } from '../mathematics/graph';
import type { Role } from './roles';

export type FamilyId =
  | 'focal'
  | 'regression'
  | 'binary'
  | 'overlap'
  | 'distillation'
  | 'languageModel'
  | 'contrastive'
  | 'metric'
  | 'variational'
  | 'preference'
  | 'marginSoftmax'
  | 'adversarial'
  | 'boxes'
  | 'policyGradient'
  | 'robustClassification'
  | 'selfSupervised'
  | 'ordinal';

export type Nodes = Readonly<Record<string, Node>>;
export type Numbers = Readonly<Record<string, number>>;

/** Sizes of one sample; a layout takes of them what it has axes for. */
export interface Sizes {
  readonly rows: number;
  readonly width: number;
  /** What numbers without bounds (logits, predictions, scores) are multiplied with: where clamps and thresholds lie shows far out. */
  readonly spread: number;
}

/** One tensor that a loss is handed. */
export interface LaidInput {
  readonly name: string;
  readonly role: Role;
  readonly shape: (sizes: Sizes) => readonly number[];
  /** Whether the loss is meant to move it; 'held': it may or may not pass a gradient on (a teacher). */
  readonly moves: 'moves' | 'held' | 'fixed';
}

/** One way in which the losses of a family are handed their tensors, in the order that most people write. */
export interface Layout {
  readonly id: string;
  readonly inputs: readonly LaidInput[];
  /** What the formulations are defined over, made of what is handed in; absent where that is the same. */
  readonly made?: (given: Nodes) => Nodes;
}

export interface FamilyParameter {
  readonly name: string;
  /** As formulas write it. */
  readonly symbol: string;
  /** Tried where the code does not say a number. */
  readonly usual: readonly number[];
  readonly allows: (value: number) => boolean;
}

/** A loss of a tensor of terms: the mean of all, their sum, or a division of the family's own. */
export interface FamilyReduction {
  readonly id: string;
  /** After the formulation's title: 'sum over the positives'. */
  readonly title: string;
  readonly reduce: (terms: Node, inputs: Nodes, parameters: Numbers) => Node;
}

export interface FamilyFormulation {
  readonly id: string;
  readonly title: string;
  readonly tex: string;
  readonly source: { readonly name: string; readonly url: string };
  /** Names of the tensors that it is defined over; a layout fits where it gives all of them and no other. */
  readonly inputs: readonly string[];
  readonly parameters: readonly FamilyParameter[];
  /** The first is the usual one. */
  readonly reductions: readonly FamilyReduction[];
  /** The losses before the reduction. */
  readonly terms: (inputs: Nodes, parameters: Numbers) => Node;
  /** What is wrong with it, in a sentence, where it is a known mistake. */
  readonly mistake?: string;
}

export interface Family {
  readonly id: FamilyId;
  readonly title: string;
  readonly layouts: readonly Layout[];
  readonly formulations: readonly FamilyFormulation[];
}
