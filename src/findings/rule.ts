/** What a rule is, and what it gets to look at. */
import type { BlackBox, Matrix } from '../identification/blackBox';
import type { Measurement } from '../identification/measurement';
import type { LossSite } from '../detection/sites';
import type { Finding, Sample } from '../inspection';
import type { Range } from '../language/program';

/** Settings a loss can be run with in place of its own. */
export interface Variant {
  readonly reduction?: string;
  readonly classWeights?: readonly number[];
}

/** A smoothing constant of the loss, as detection found it. */
export interface KnownConstant {
  readonly name: string;
  readonly range: Range;
  readonly value: number | null;
}

export interface Subject {
  readonly site: LossSite;
  /** Null when the loss could not be measured: then only rules about the text find anything. */
  readonly measurement: Measurement | null;
  readonly smoothing: number | null;
  readonly sample: Sample | null;
  /** What it is handed: itself normalising logits, or the log-probabilities or probabilities its caller makes. */
  readonly feed: 'logits' | 'logProbabilities' | 'probabilities';
  readonly constants: readonly KnownConstant[];
  /** Runs the loss as it was measured; null when it cannot be run. */
  readonly run: BlackBox | null;
  /** The loss with other settings; null when it takes no such setting. */
  readonly variant?: (settings: Variant) => BlackBox | null;
  /** The distribution of targets the loss uses for the sample, where the code makes one before the loss; null elsewhere. */
  readonly targets?: Matrix | null;
}

export interface Edit {
  readonly range: Range;
  readonly newText: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Whether the numbers of the loss stay as they are. */
  readonly keepsNumbers: boolean;
  /** What must hold of the loss measured again after the edits; checked before the fix is offered. */
  readonly promise: (after: Measurement, before: Measurement) => boolean;
}

export interface Found {
  readonly range: Range;
  readonly message: string;
  /** Candidates, the first of which that keeps its promise is offered. */
  readonly fixes?: readonly Fix[];
}

export interface Rule {
  readonly id: string;
  readonly severity: Finding['severity'];
  /** What it is about, in a few words. */
  readonly title: string;
  readonly look: (subject: Subject) => readonly Found[];
}
