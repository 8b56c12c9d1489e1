/** What a measurement finds, beyond what an inspection shows of it. */
import type { Measured } from '../inspection';
import type { Probe } from './blackBox';
import type { FarBehaviour } from './far';
import type { AffineFit } from './fit';
import type { GivenTargets } from './givenTargets';
import type { LawFound } from './law';
import type { OtherFamily } from './otherFamilies';
import type { CoarseType } from './precision';
import type { Divisor } from './reduction';
import type { TargetShape } from './targetShape';

/** Row i's loss changes when only another row's logits change. */
export interface CrossRow {
  readonly movedRow: number;
  readonly row: number;
  readonly change: number;
  /** Whether the change is that of a uniform term taken as a mean over the whole batch: ε·Δu/N. */
  readonly isBatchUniformTerm: boolean;
}

/** What a row of the ignored target does. */
export interface IgnoredRows {
  readonly target: number;
  /** The rows get no gradient. */
  readonly zeroed: boolean;
  /** Whether they still count in the divisor. */
  readonly counted: boolean | null;
}

/** On and off values of a distribution that sums to one. */
export interface Distribution {
  readonly on: number;
  readonly off: number;
  /** How far the measurement may be off. */
  readonly error: number;
  /** Whether a law with a definite ε gives them. */
  readonly named: boolean;
}

/** What a probe with a row of an ignored target threw. */
export interface IgnoredFailure {
  readonly target: number;
  readonly message: string;
}

export interface Measurement {
  readonly measured: Measured;
  /** Every run made, the sample's first. */
  readonly probes: readonly Probe[];
  /** Of the sample's targets; null when too few runs succeeded. */
  readonly fit: AffineFit | null;
  readonly shape: TargetShape | null;
  readonly law: LawFound | null;
  /** on and off values at the sample's K as fractions of the mass 1 distribution, for solving ε; null where the targets have no such form. */
  readonly distribution: Distribution | null;
  readonly offsetKind: OffsetKind;
  readonly divisor: Divisor | null;
  readonly otherFamily: OtherFamily | null;
  readonly crossRow: CrossRow | null;
  readonly ignored: IgnoredRows | null;
  readonly ignoredFailure: IgnoredFailure | null;
  /** Rows of the padding class get nothing, except when such a row is the first of the batch. */
  readonly missesFirstPaddingRow: boolean;
  /** The two numbers of rows at which it has different targets, where it has. */
  readonly variesWithRows: readonly [number, number] | null;
  /** Whether it keeps to the model where logits are large; null where it has no model, or was not tried. */
  readonly far: FarBehaviour | null;
  /** The type of its values, where that has fewer digits than float32. */
  readonly coarse: CoarseType | null;
  readonly deterministic: boolean;
  /** Each row is held against the label of the next one: what was measured are the rows beside those labels, the last row left out. */
  readonly nextRow: boolean;
  readonly classes: number;
  /** The numbers of classes it was measured at. */
  readonly measuredAt: readonly number[];
  readonly smoothing: number | null;
  readonly classWeights: readonly number[] | null;
  readonly makesTargets: boolean;
  /** What it makes of distributions that its caller hands it, where one-hot ones are all that was measured: null where it takes none. */
  readonly given: GivenTargets | null;
  /** Ids of the formulations that remain where the measurement cannot decide between several. */
  readonly remaining: readonly string[];
}

/** Added to Σ a(−log p): nothing; minus the targets' entropy, which makes a KL divergence of a cross entropy; something else. */
export type OffsetKind = 'none' | 'entropy' | 'constant';
