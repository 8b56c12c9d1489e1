/** One found loss on one sample: its value, per-row values, gradient, steps and printed output, and itself as a box for measuring. */
import type { LossSite } from '../detection/sites';
import type { Sample } from '../inspection';
import type { Feed, Matrix } from './bridge';
import type { Outcome } from './outcome';
import { outcomeOf } from './outcome';
import type { OpenLoss } from './openLoss';
import { openLoss } from './openLoss';
import type { PrintedText, RecordedStep, Session } from './session';
import type { ReadTensor } from './tensorData';
import type { HandedTensor } from './watch';
import type { LossInput } from './ways';

export interface SiteSettings {
  readonly smoothing: number | null;
  readonly sample: Sample;
  /** Measuring runs a loss some dozens of times; runs that take longer than this together (milliseconds) end it, and the sample alone is shown. */
  readonly longestMeasuring?: number;
}

export interface BoxRun {
  readonly value: number | readonly number[];
  readonly gradient: Matrix;
  readonly perSample?: readonly number[];
}

export interface RunnableSite {
  readonly open: OpenLoss;
  /** The loss on any logits and targets, fed as settled. Throws what the code throws. */
  readonly box: (feed: Feed) => Box;
  readonly runSample: (feed: Feed) => SampleRun;
  /** The loss made with other settings; null when it takes no such setting. */
  readonly variant: (settings: VariantSettings, feed: Feed) => Box | null;
  /** Runs the loss once and tells which of the tensors it was handed it changed. Throws what the code throws. */
  readonly changedBy: (logits: Matrix, targets: readonly number[], settings: VariantSettings, feed: Feed) => readonly HandedTensor[];
}

export type Box = (logits: Matrix, targets: readonly number[]) => BoxRun;

export interface VariantSettings {
  readonly reduction?: string;
  /** Distributions that are not one-hot: this share of each is its next class's. */
  readonly softened?: number;
  readonly smoothing?: number;
  readonly classWeights?: readonly number[];
  /** Another target to leave out. */
  readonly ignoreIndex?: number;
  /** A module after `.eval()`. */
  readonly evaluating?: true;
}

export interface SampleRun {
  readonly outcome: Outcome;
  readonly perSample: readonly number[] | null;
  /** How the per-row values came about, where that is not plain. */
  readonly perSampleNote: string | null;
  readonly gradient: Matrix | null;
  readonly gradientProblem: string | null;
  readonly steps: readonly RecordedStep[];
  readonly printed: readonly PrintedText[];
}

export class NoGradient extends Error {}

export function runnable(session: Session, site: LossSite, { smoothing, sample, longestMeasuring = 8_000 }: SiteSettings): RunnableSite {
  const open = openLoss(session, site);
  const input = (logits: Matrix, targets: readonly number[], feed: Feed): LossInput => {
    const classes = logits[0]?.length ?? 0;
    return {
      logits,
      targets,
      feed,
      classes,
      smoothing,
      classWeights: sample.classWeights?.length === classes ? sample.classWeights : null,
      ignoreIndex: sample.ignoreIndex ?? null,
      paddingIndex: sample.paddingIndex !== undefined && sample.paddingIndex < classes ? sample.paddingIndex : null,
      mixing: null,
      reduction: null,
    };
  };

  let spent = 0;
  const boxOf =
    (feed: Feed, settings: VariantSettings): Box =>
    (logits, targets) => {
      if (spent > longestMeasuring) throw new NoGradient('running it takes too long');
      const started = performance.now();
      try {
        return runOnce(input(logits, targets, feed), settings);
      } finally {
        spent += performance.now() - started;
      }
    };
  const runOnce = (plain: LossInput, settings: VariantSettings): BoxRun => {
    const { result: ran, steps } = session.recording(() =>
      open.run({
        ...plain,
        reduction: settings.reduction ?? null,
        smoothing: settings.smoothing ?? plain.smoothing,
        ...(settings.softened === undefined ? {} : { softened: settings.softened }),
        classWeights: settings.classWeights ?? plain.classWeights,
        ignoreIndex: settings.ignoreIndex ?? plain.ignoreIndex,
        ...(settings.evaluating ? { evaluating: true } : {}),
      }),
    );
    const outcome = outcomeOf(session, ran.result);
    if (ran.gradient === null) throw new NoGradient(ran.problem ?? 'the loss is not differentiable here');
    if (outcome.value === null) return { value: outcome.values!, gradient: ran.gradient };
    const traced = rowsBehind(outcome.value, steps, plain.logits.length);
    return { value: outcome.value, gradient: ran.gradient, ...(traced ? { perSample: traced } : {}) };
  };
  const box = (feed: Feed): Box => boxOf(feed, {});
  const variant = (settings: VariantSettings, feed: Feed): Box | null => {
    if (settings.reduction !== undefined && !open.canReduceNone) return null;
    if (settings.smoothing !== undefined && !open.takesSmoothing) return null;
    if (settings.classWeights !== undefined && !open.takesClassWeights) return null;
    if (settings.evaluating && !(site.kind === 'class' && site.framework === 'torch')) return null;
    return boxOf(feed, settings);
  };

  const runSample = (feed: Feed): SampleRun => {
    const { logits, targets } = sample;
    const { result: ran, steps: every, printed } = session.recording(() => open.run(input(logits, targets, feed)));
    const steps = session.bridge.runsOften ? firstRun(every) : every;
    const outcome = outcomeOf(session, ran.result);
    const rows = perRow(session, open, input(logits, targets, feed), outcome, steps);
    return {
      outcome,
      perSample: rows.values,
      perSampleNote: rows.note,
      gradient: ran.gradient,
      gradientProblem: ran.problem,
      steps,
      printed,
    };
  };
  const changedBy: RunnableSite['changedBy'] = (logits, targets, { classWeights }, feed) => {
    const plain = input(logits, targets, feed);
    return open.changedBy({ ...plain, classWeights: (open.takesClassWeights ? classWeights : undefined) ?? plain.classWeights });
  };
  return { open, box, runSample, variant, changedBy };
}

/** The steps up to where the first one comes again. */
function firstRun(steps: readonly RecordedStep[]): readonly RecordedStep[] {
  const [first] = steps;
  const again = steps.findIndex((step, i) => i > 0 && step.range.start === first?.range.start && step.depth === first.depth);
  return again < 0 ? steps : steps.slice(0, again);
}

interface Rows {
  readonly values: readonly number[] | null;
  readonly note: string | null;
}

/** Per-row values: what the loss gives unreduced, else the rows its own code reduced, else single rows where they add up to the value. */
function perRow(session: Session, open: OpenLoss, input: LossInput, outcome: Outcome, steps: readonly RecordedStep[]): Rows {
  const count = input.logits.length;
  if (outcome.value === null) return { values: summedRows(outcome.tensor, count), note: null };
  if (open.canReduceNone) {
    const unreduced = attempt(() => outcomeOf(session, open.run({ ...input, reduction: 'none' }).result));
    const values = unreduced && unreduced.value === null ? summedRows(unreduced.tensor, count) : null;
    if (values) return { values, note: null };
  }
  const traced = rowsBehind(outcome.value, steps, count);
  if (traced) return { values: traced, note: null };
  // What every row gives alone cannot be told to add up to what is not finite.
  if (count > 256 || !Number.isFinite(outcome.value)) return { values: null, note: null };
  const singles = attempt(() =>
    input.logits.map((row, i) => {
      const { value, values } = outcomeOf(session, open.run({ ...input, logits: [row], targets: [input.targets[i]!] }).result);
      return value ?? values!.reduce((a, b) => a + b, 0);
    }),
  );
  if (!singles) return { values: null, note: null };
  const total = singles.reduce((a, b) => a + b, 0);
  if (close(total, outcome.value))
    return { values: singles, note: 'Per-sample values are those of each row run alone; they add up to the value.' };
  if (close(total / count, outcome.value))
    return { values: singles, note: 'Per-sample values are those of each row run alone; the value is their mean.' };
  return { values: null, note: 'The loss gives no per-sample values: rows run alone neither add up to the value nor average to it.' };
}

function attempt<T>(body: () => T): T | null {
  try {
    return body();
  } catch {
    return null;
  }
}

/** float32 sums of a few rows agree to this. */
const close = (a: number, b: number): boolean =>
  a === b || (Number.isFinite(b) && Math.abs(a - b) <= 1e-5 + 1.3e-6 * Math.max(Math.abs(a), Math.abs(b)));

/** [N], [N, 1] or [N, K] (summed over the classes) as one number for each row. */
function summedRows(tensor: ReadTensor | null, rows: number): readonly number[] | null {
  if (!tensor || tensor.shape[0] !== rows || tensor.values.length % rows !== 0) return null;
  const width = tensor.values.length / rows;
  return Array.from({ length: rows }, (_, row) => tensor.values.slice(row * width, (row + 1) * width).reduce((a, b) => a + b, 0));
}

/** The last tensor of shape [N] that the code made and whose mean or sum is the value: the rows it reduced. */
export function rowsBehind(value: number, steps: readonly RecordedStep[], rows: number): readonly number[] | null {
  for (let i = steps.length - 1; i >= 0; i--) {
    const { tensor } = steps[i]!;
    if (!tensor || tensor.values.length !== rows || tensor.shape[0] !== rows || !/^(float|double|bfloat)/.test(tensor.dtype)) continue;
    const total = tensor.values.reduce((a, b) => a + b, 0);
    if (close(total / rows, value) || close(total, value)) return tensor.values;
  }
  return null;
}
