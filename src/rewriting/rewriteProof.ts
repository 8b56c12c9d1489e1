/** Runs a loss and its rewritten form with every setting that it takes, and compares value and gradient. */
import type { Feed, Matrix } from '../execution/bridge';
import { baseOf } from '../execution/openLoss';
import { runnable } from '../execution/runSite';
import type { Box, BoxRun } from '../execution/runSite';
import type { Measurement } from '../identification/measurement';
import { coveringTargets, probeLogits } from '../identification/probes';
import { show } from '../identification/verdict';
import type { UsedSample } from '../inspection';
import type { Task } from '../measuring/measureSite';
import { lossIn } from '../execution/outcome';
import type { CallArguments } from '../execution/arguments';
import type { Session } from '../execution/session';
import type { ReadTensor } from '../execution/tensorData';
import type { Value } from '../interpreter/value';
import { agrees } from '../identification/precision';
import { sameRun } from '../translation/agreement';
import { recordCalls } from '../translation/recordedCalls';
import type { LossCall, RecordedCall } from '../translation/recordedCalls';

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
  /** What is special about the batch, for a sentence that begins with it. */
  readonly where?: string;
  readonly run: BoxRun;
  /** How it was called. */
  readonly called: LossCall;
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

interface RecordedBox {
  readonly box: Box;
  readonly last: () => LossCall | null;
}

function boxOf({ session, site }: Task, { feed, sample }: Proving, setting: Setting): RecordedBox | null {
  const { classWeights, paddingIndex, reduction, smoothing } = setting;
  const { logits, targets, ignoreIndex } = sample;
  const recorder = recordCalls(session);
  const loss = runnable(recorder.session, site, {
    smoothing,
    sample: {
      logits,
      targets,
      ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
      ...(classWeights === null ? {} : { classWeights }),
      ...(paddingIndex === null ? {} : { paddingIndex }),
    },
  });
  const box = reduction === null ? loss.box(feed) : loss.variant({ reduction }, feed);
  return box && { box, last: recorder.last };
}

const isFinite = ({ value, gradient }: BoxRun): boolean => [value, gradient].flat(3).every((number) => Number.isFinite(number));

/** The loss under every setting, made once for all its runs. */
export interface Original {
  /** On its sample: where a rewrite fails, it fails there as a rule. */
  readonly onSample: Runs;
  /** On its sample and on probes of several sizes. */
  readonly everywhere: () => Runs;
}

/** Runs that fail or are not finite are left out. */
export function originalRuns(task: Task, request: Proving, settings: readonly Setting[]): Original {
  const { sample, measurement } = request;
  const { classes } = measurement;
  const otherClasses = classes > 8 ? 5 : classes + 3;
  const deadline = performance.now() + longestProof;
  const runsOn = (setting: Setting, recorded: RecordedBox, inputs: readonly Input[]): readonly One[] =>
    inputs.flatMap(({ logits, targets, where }): readonly One[] => {
      if (performance.now() > deadline) throw new TooLong();
      try {
        const run = recorded.box(logits, targets);
        const called = recorded.last();
        return called !== null && isFinite(run)
          ? [{ setting, logits, targets, shape: null, run, called, ...(where === undefined ? {} : { where }) }]
          : [];
      } catch {
        return [];
      }
    });
  const ofSettings = settings.flatMap((setting) => {
    const recorded = boxOf(task, request, setting);
    return recorded === null ? [] : [{ setting, recorded, onSample: runsOn(setting, recorded, [sample]) }];
  });
  let every: Runs | null = null;
  return {
    onSample: runsOf(ofSettings.flatMap(({ onSample }) => onSample)),
    everywhere: () => {
      every ??= runsOf(
        ofSettings.flatMap(({ setting, recorded, onSample }) => {
          const others = setting.classWeights === null ? inputsAt(otherClasses, setting, request) : [];
          return [...onSample, ...runsOn(setting, recorded, [...inputsAt(classes, setting, request), ...others])];
        }),
      );
      return every;
    },
  };
}

function runsOf(ones: readonly One[]): Runs {
  const counts = [...new Set(ones.map(({ logits }) => logits[0]!.length))].toSorted((a, b) => a - b);
  const labels = [...new Set(ones.map(({ setting }) => setting.label))].filter((label) => label !== '');
  return { ones, described: [`K = ${counts.join(' and ')}`, ...labels].join(', ') };
}

interface Input {
  readonly logits: Matrix;
  readonly targets: readonly number[];
  readonly where?: string;
}

/** Milliseconds for the runs of the loss itself; those of the edited one take about as long. */
const longestProof = 8_000;

class TooLong extends Error {
  constructor() {
    super('running it takes too long');
  }
}

/** Batches of two sizes, one of large logits, and where the loss leaves rows out, one with such a row and one of such rows alone. */
function inputsAt(classes: number, { paddingIndex }: Setting, { sample, measurement: { ignored, measured } }: Proving): readonly Input[] {
  const covering = coveringTargets(classes, []);
  const own = sample.paddingIndex ?? null;
  const leavesOut = ignored?.zeroed === true && paddingIndex === own ? ignored.target : null;
  const padding = paddingIndex === own ? measured.paddingIndex : paddingIndex;
  const batchOf = (targets: readonly number[], variant: number): Input => ({
    targets,
    logits: probeLogits(targets.length, classes, variant),
  });
  const large = batchOf(covering, 1);
  const alone = [...new Set([leavesOut, padding])].filter((target) => target !== null && target < classes);
  return [
    batchOf(covering, 0),
    batchOf(covering.slice(0, 3), 1),
    { ...large, logits: large.logits.map((row) => row.map((z) => 6 * z)), where: 'on large logits' },
    ...(leavesOut === null ? [] : [batchOf([leavesOut, ...covering.slice(1)], 2)]),
    ...alone.map((target) => ({ ...batchOf([target!, target!], 0), where: 'where every row is left out' })),
  ];
}

/** Runs the edited loss where the original ran, called as that was. */
export function compareRuns({ ones }: Runs, original: Task, edited: Task, { feed }: Proving): Compared {
  const made = new Map<RecordedCall | null, Value>();
  const count = ones.length;
  for (const one of ones) {
    const { setting, run, shape } = one;
    try {
      const loss = made.get(one.called.maker) ?? madeAgain(original, edited, one.called);
      made.set(one.called.maker, loss);
      const theirs = calledAgain(original, edited, loss, one, feed);
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

/** The object (or function) of the edited text, made with what the original was made with. */
function madeAgain(original: Task, { session, site }: Task, { maker }: LossCall): Value {
  const base = baseOf(session, site);
  if (maker === null) return base;
  const args = again(original, session, maker.args, new Map());
  return site.definition.kind === 'class' ? session.construct(base, args) : session.call(base, args);
}

function calledAgain(original: Task, { session }: Task, loss: Value, { called, logits, shape }: One, feed: Feed): BoxRun {
  const { bridge, context } = session;
  const inputShape = shape?.shape ?? original.session.bridge.read(called.input)!.shape;
  const matrix = shape === null ? logits : inMemory(logits, shape.shape, shape.classAxis);
  const { result, gradient } = bridge.differentiate(context, matrix, inputShape, feed, (input) => {
    const result = session.call(loss, again(original, session, called.call.args, new Map([[called.input, input]])));
    return lossIn(session, result) ?? result;
  });
  return boxRunOf(bridge.read(result), gradient);
}

function boxRunOf(read: ReadTensor | null, gradient: Matrix | null): BoxRun {
  if (read === null || gradient === null) throw new Error('it gives no loss with a gradient');
  return { value: read.shape.length === 0 ? read.values[0]! : read.values, gradient };
}

/** The same arguments with tensors of this session. */
function again(
  original: Task,
  { bridge, context }: Session,
  { positional, keywords }: CallArguments,
  known: ReadonlyMap<Value, Value>,
): CallArguments {
  const fresh = (value: Value): Value => {
    const replaced = known.get(value);
    if (replaced !== undefined) return replaced;
    const read = original.session.bridge.read(value);
    if (read === null) return value;
    return (read.dtype.startsWith('float') ? bridge.floats : bridge.integers)(context, read.values, read.shape);
  };
  return { positional: positional.map(fresh), keywords: new Map([...keywords].map(([name, value]) => [name, fresh(value)])) };
}

function sentence({ setting, shape, where: special }: One, what: string): string {
  const ofBatch = shape !== null ? `on logits of shape [${shape.shape.join(', ')}]` : (special ?? '');
  const where = [setting.label, ofBatch].filter((part) => part !== '').join(', ');
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
  const { sample, measurement, feed, passedSmoothing } = request;
  const K = measurement.classes;
  const shapes: readonly Shape[] = [
    { shape: [2, 3, K], classAxis: 2 },
    { shape: [2, K, 3], classAxis: 1 },
    { shape: [2, K, 2, 2], classAxis: 1 },
  ];
  const setting: Setting = {
    label: '',
    smoothing: passedSmoothing,
    reduction: null,
    classWeights: sample.classWeights ?? null,
    paddingIndex: sample.paddingIndex ?? null,
  };
  const plain = boxOf(task, request, setting);
  const ones = shapes.flatMap((shape): readonly One[] => {
    const rows = shape.shape.reduce((a, b) => a * b, 1) / K;
    const logits = probeLogits(rows, K, 1);
    const targets = Array.from({ length: rows }, (_, row) => (row * 2 + 1) % K);
    try {
      const asRows = plain!.box(logits, targets);
      const { run, called } = shapedRun(task, feed, plain!.last()!, shape, logits, targets);
      // Code may run on a shape that it was not written for: what it gives then is nothing to keep.
      return isFinite(run) && agrees(totalOf(run), totalOf(asRows)) ? [{ setting, logits, targets, shape, run, called }] : [];
    } catch {
      return [];
    }
  });
  const soft = softTargets(task, request, setting, plain);
  return { ones: soft === null ? ones : [...ones, soft], described: '' };
}

/** Distributions as targets, where the loss also takes those: it does when one-hot rows give what their labels give. */
function softTargets({ session }: Task, { sample, feed }: Proving, setting: Setting, plain: RecordedBox | null): One | null {
  const { bridge, context } = session;
  const { logits, targets } = sample;
  const K = logits[0]!.length;
  const withTargets = (call: LossCall, values: readonly number[]): { readonly run: BoxRun; readonly called: LossCall } => {
    const labels = bridge.floats(context, values, [targets.length, K]);
    return calledWith(session, feed, call, { shape: [targets.length, K], classAxis: 1 }, logits, labels, targets);
  };
  try {
    const asLabels = plain!.box(logits, targets);
    const call = plain!.last()!;
    const hot = targets.flatMap((target) => Array.from({ length: K }, (_, k) => (k === target ? 1 : 0)));
    if (!sameRun(withTargets(call, hot).run, asLabels)) return null;
    const mixed = hot.map((value, i) => 0.75 * value + 0.25 * hot[hot.length - 1 - i]!);
    return { setting, logits, targets, shape: null, where: 'on targets that are distributions', ...withTargets(call, mixed) };
  } catch {
    return null;
  }
}

/** A call on rows once more, with logits and targets of another shape in it. The gradient is in the order of the shape's memory. */
function shapedRun(
  { session }: Task,
  feed: Feed,
  call: LossCall,
  shape: Shape,
  logits: Matrix,
  targets: readonly number[],
): { readonly run: BoxRun; readonly called: LossCall } {
  const { bridge, context } = session;
  const labels = bridge.integers(context, targets, shape.shape.toSpliced(shape.classAxis, 1));
  return calledWith(session, feed, call, shape, logits, labels, targets);
}

function calledWith(
  session: Session,
  feed: Feed,
  { call, maker, input: rows }: LossCall,
  { shape, classAxis }: Shape,
  logits: Matrix,
  labels: Value,
  targets: readonly number[],
): { readonly run: BoxRun; readonly called: LossCall } {
  const { bridge, context } = session;
  const isTargets = (value: Value): boolean => {
    const read = bridge.read(value);
    return read?.dtype === 'int64' && read.shape.length === 1 && read.values.every((target, i) => target === targets[i]);
  };
  const { positional, keywords } = call.args;
  if (![...positional, ...keywords.values()].some(isTargets)) throw new Error('it takes no class indices');
  const argumentsWith = (input: Value): CallArguments => {
    const inPlace = (value: Value): Value => (value === rows ? input : isTargets(value) ? labels : value);
    return { positional: positional.map(inPlace), keywords: new Map([...keywords].map(([name, value]) => [name, inPlace(value)])) };
  };
  let called: LossCall | null = null;
  const fed = feedOf(feed, classAxis, shape);
  const { result, gradient } = bridge.differentiate(context, inMemory(logits, shape, classAxis), shape, fed, (input) => {
    const args = argumentsWith(input);
    const returned = session.call(call.callee, args);
    called = { maker, input, call: { callee: call.callee, args, result: returned } };
    return lossIn(session, returned) ?? returned;
  });
  return { run: boxRunOf(bridge.read(result), gradient), called: called! };
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
