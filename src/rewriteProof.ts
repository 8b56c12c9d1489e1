/** Runs a loss and its rewritten form with every setting that it takes, and compares value and gradient. */
import type { Feed, Matrix } from './execution/bridge';
import { runnable } from './execution/runSite';
import type { Box, BoxRun } from './execution/runSite';
import type { Measurement } from './identification/measurement';
import { coveringTargets, probeLogits } from './identification/probes';
import { show } from './identification/verdict';
import type { UsedSample } from './inspection';
import type { Task } from './measureSite';
import { lossIn } from './execution/outcome';
import type { Value } from './interpreter/value';
import { agrees, sameRun } from './translation/agreement';
import { recordCalls } from './translation/recordedCalls';

interface Proving {
  readonly measurement: Measurement;
  readonly sample: UsedSample;
  readonly feed: Feed;
  readonly passedSmoothing: number | null;
}

/** What a loss is made and called with beside its tensors. */
export interface Setting {
  /** For a sentence that begins with it; empty for the loss as it was measured. */
  readonly label: string;
  readonly smoothing: number | null;
  readonly reduction: string | null;
  readonly classWeights: readonly number[] | null;
  readonly paddingIndex: number | null;
}

interface One {
  readonly setting: Setting;
  readonly logits: Matrix;
  readonly targets: readonly number[];
  /** Of the logits, where they are no matrix. */
  readonly shape: Shape | null;
  readonly run: BoxRun;
}

/** What the loss itself gave. */
export interface Runs {
  readonly ones: readonly One[];
  /** What was varied, in words. */
  readonly described: string;
}

export interface Compared {
  readonly count: number;
  /** The first disagreement in words; null when there is none. */
  readonly failure: string | null;
  /** Whether the two disagree already on rows of classes, where no other way of handing them over can help. */
  readonly isDifferent?: true;
  /** Where they disagree. */
  readonly setting?: Setting;
}

/** Which of its settings a loss can be told from outside. */
export interface Takes {
  readonly smoothing: boolean;
  readonly reduction: boolean;
  readonly weight: boolean;
  readonly padding: boolean;
}

export const triedSmoothing = 0.25;

export const triedWeights = (classes: number): readonly number[] => Array.from({ length: classes }, (_, k) => 0.5 + ((k * 3) % 5) / 4);

/** The loss as it was measured, then each of its settings by itself, and class weights with each reduction. */
export function settingsOf({ measurement: { classes }, sample, passedSmoothing }: Proving, takes: Takes): readonly Setting[] {
  const base: Setting = {
    label: '',
    smoothing: passedSmoothing,
    reduction: null,
    classWeights: sample.classWeights ?? null,
    paddingIndex: sample.paddingIndex ?? null,
  };
  const reductions = takes.reduction ? ['mean', 'sum', 'none'] : [];
  const weights = triedWeights(classes);
  return [
    base,
    ...(takes.smoothing ? [0, triedSmoothing].map((smoothing) => ({ ...base, label: `with ε = ${smoothing}`, smoothing })) : []),
    ...reductions.map((reduction) => ({ ...base, label: `with reduction='${reduction}'`, reduction })),
    ...(takes.weight
      ? [null, ...reductions].map((reduction) => ({
          ...base,
          label: `with class weights${reduction === null ? '' : ` and reduction='${reduction}'`}`,
          reduction,
          classWeights: weights,
        }))
      : []),
    ...(takes.padding ? [0, 1].map((paddingIndex) => ({ ...base, label: `with class ${paddingIndex} as padding`, paddingIndex })) : []),
  ];
}

function boxOf({ session, site }: Task, feed: Feed, sample: UsedSample, setting: Setting): Box | null {
  const { classWeights, paddingIndex, reduction, smoothing } = setting;
  const { logits, targets, ignoreIndex } = sample;
  const loss = runnable(session, site, {
    smoothing,
    sample: {
      logits,
      targets,
      ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
      ...(classWeights === null ? {} : { classWeights }),
      ...(paddingIndex === null ? {} : { paddingIndex }),
    },
  });
  return reduction === null ? loss.box(feed) : loss.variant({ reduction }, feed);
}

const isFinite = ({ value, gradient }: BoxRun): boolean => [value, gradient].flat(3).every((number) => Number.isFinite(number));

/** The loss on its sample and on probes of several sizes, for every setting; runs that fail or are not finite are left out. */
export function originalRuns(task: Task, { feed, sample, measurement: { classes, ignored } }: Proving, settings: readonly Setting[]): Runs {
  const otherClasses = classes > 8 ? 5 : classes + 3;
  const inputs = (
    count: number,
    { paddingIndex }: Setting,
  ): readonly { readonly logits: Matrix; readonly targets: readonly number[] }[] => {
    const covering = coveringTargets(count, []);
    const several = [covering, covering.slice(0, 3)];
    const leftOut =
      ignored?.zeroed === true && paddingIndex === (sample.paddingIndex ?? null) ? [[ignored.target, ...covering.slice(1)]] : [];
    return [...several, ...leftOut].map((targets, variant) => ({ targets, logits: probeLogits(targets.length, count, variant) }));
  };
  const ones = settings.flatMap((setting) => {
    const box = boxOf(task, feed, sample, setting);
    if (box === null) return [];
    const tried = [sample, ...inputs(classes, setting), ...(setting.classWeights === null ? inputs(otherClasses, setting) : [])];
    return tried.flatMap(({ logits, targets }): readonly One[] => {
      try {
        const run = box(logits, targets);
        return isFinite(run) ? [{ setting, logits, targets, shape: null, run }] : [];
      } catch {
        return [];
      }
    });
  });
  const counts = [...new Set(ones.map(({ logits }) => logits[0]!.length))].toSorted((a, b) => a - b);
  const labels = [...new Set(ones.map(({ setting }) => setting.label))].filter((label) => label !== '');
  return { ones, described: [`K = ${counts.join(' and ')}`, ...labels].join(', ') };
}

/** Runs the edited loss where the original ran. */
export function compareRuns({ ones }: Runs, edited: Task, request: Proving): Compared {
  const boxes = new Map<Setting, Box | null>();
  const boxFor = (setting: Setting): Box | null => {
    const known = boxes.get(setting);
    if (known !== undefined) return known;
    const box = boxOf(edited, request.feed, request.sample, setting);
    boxes.set(setting, box);
    return box;
  };
  const count = ones.length;
  for (const one of ones) {
    const { setting, logits, targets, run, shape } = one;
    try {
      const theirs = shape === null ? boxFor(setting)?.(logits, targets) : shapedRun(edited, request, shape, logits, targets);
      if (theirs === undefined) return { count, failure: sentence(one, 'it cannot be asked for that any more') };
      if (!sameRun(theirs, run))
        return {
          count,
          failure: sentence(one, differenceOf(run, theirs)),
          setting,
          ...(shape === null ? { isDifferent: true as const } : {}),
        };
    } catch (error) {
      return { count, failure: sentence(one, `F.cross_entropy fails: ${edited.session.problemOf(error).message}`) };
    }
  }
  return { count, failure: null };
}

function sentence({ setting, shape }: One, what: string): string {
  const where = shape !== null ? `on logits of shape [${shape.shape.join(', ')}]` : setting.label;
  return where === '' ? `${what}.` : `${where} ${what}.`;
}

const totalOf = ({ value }: BoxRun): number => [value].flat().reduce((a, b) => a + b, 0);

function differenceOf(mine: BoxRun, theirs: BoxRun): string {
  const [left, right] = [totalOf(mine), totalOf(theirs)];
  const ratio = right / left;
  const grows = mine.gradient.flat().every((g, i) => agrees(theirs.gradient.flat()[i]!, ratio * g));
  const factor = grows && Math.abs(ratio - 1) > 1e-5 ? `, ${show(ratio)} times as much` : '';
  return agrees(right, left)
    ? 'the gradient of F.cross_entropy is another'
    : `yours gives ${show(left)}, F.cross_entropy ${show(right)}${factor}`;
}

// ----------------------------------------------------------------------------------------------------------- other shapes

/** A batch that is no matrix, and on which axis its classes are. */
interface Shape {
  readonly shape: readonly number[];
  readonly classAxis: number;
}

/** Sequences [B, T, K] and images [B, K, H, W], where the loss itself takes them as the rows that they are. */
export function otherShapeRuns(task: Task, request: Proving): Runs {
  const K = request.measurement.classes;
  const shapes: readonly Shape[] = [
    { shape: [2, 3, K], classAxis: 2 },
    { shape: [2, K, 3], classAxis: 1 },
    { shape: [2, K, 2, 2], classAxis: 1 },
  ];
  const setting: Setting = { label: '', smoothing: request.passedSmoothing, reduction: null, classWeights: null, paddingIndex: null };
  const plain = boxOf(task, request.feed, request.sample, { ...setting, paddingIndex: request.sample.paddingIndex ?? null });
  const ones = shapes.flatMap((shape): readonly One[] => {
    const rows = shape.shape.reduce((a, b) => a * b, 1) / K;
    const logits = probeLogits(rows, K, 1);
    const targets = Array.from({ length: rows }, (_, row) => (row * 2 + 1) % K);
    try {
      const run = shapedRun(task, request, shape, logits, targets);
      // Code may run on a shape that it was not written for: what it gives then is nothing to keep.
      const means = plain !== null && isFinite(run) && agrees(totalOf(run), totalOf(plain(logits, targets)));
      return means ? [{ setting, logits, targets, shape, run }] : [];
    } catch {
      return [];
    }
  });
  return { ones, described: '' };
}

/** The loss's own call, as on the sample, with tensors of another shape in it. Logits and gradient are in the order of the shape's memory. */
function shapedRun(
  { session, site }: Task,
  { feed, sample, passedSmoothing }: Proving,
  { shape, classAxis }: Shape,
  logits: Matrix,
  targets: readonly number[],
): BoxRun {
  const { bridge, context } = session;
  const recorder = recordCalls(session);
  runnable(recorder.session, site, { smoothing: passedSmoothing, sample }).box(feed)(sample.logits, sample.targets);
  const call = recorder.last();
  if (call === null) throw new Error('what was called is not known');
  const isTargets = (value: Value): boolean => {
    const read = bridge.read(value);
    return read?.dtype === 'int64' && read.shape.length === 1 && read.values.every((target, i) => target === sample.targets[i]);
  };
  const labels = bridge.integers(context, targets, shape.toSpliced(classAxis, 1));
  let handed = false;
  const { result, gradient } = bridge.differentiate(
    context,
    inMemory(logits, shape, classAxis),
    shape,
    feedOf(feed, classAxis, shape),
    (input) => {
      const keywords = [...call.call.args.keywords].map(([name, value]): readonly [string, Value] => {
        if (value === call.input) return [name, input];
        if (!isTargets(value)) return [name, value];
        handed = true;
        return [name, labels];
      });
      if (!handed) throw new Error('it takes no class indices');
      const result = session.call(call.call.callee, { positional: [], keywords: new Map(keywords) });
      return lossIn(session, result) ?? result;
    },
  );
  const read = bridge.read(result);
  if (read === null || gradient === null) throw new Error('it gives no loss');
  return { value: read.shape.length === 0 ? read.values[0]! : read.values, gradient };
}

/** Feeding makes log-probabilities over the last axis. */
function feedOf(feed: Feed, classAxis: number, shape: readonly number[]): Feed {
  if (feed !== 'logits' && classAxis !== shape.length - 1) throw new Error('what it is fed is made over the last axis');
  return feed;
}

/** Rows of classes as a tensor with the classes on another axis holds them, in rows again. */
function inMemory(logits: Matrix, shape: readonly number[], classAxis: number): Matrix {
  if (classAxis === shape.length - 1) return logits;
  const K = shape[classAxis]!;
  const inner = shape.slice(classAxis + 1).reduce((a, b) => a * b, 1);
  const flat = Array.from({ length: logits.length * K }, (_, index) => {
    const [outer, rest] = [Math.floor(index / (K * inner)), index % (K * inner)];
    return logits[outer * inner + (rest % inner)]![Math.floor(rest / inner)]!;
  });
  return logits.map((_, row) => flat.slice(row * K, (row + 1) * K));
}
