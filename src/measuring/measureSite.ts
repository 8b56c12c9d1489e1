/** What a loss is run with, and what running it on probes tells. */
import type { LossSite } from '../detection/sites';
import { isEmpty, isPredictionForm } from '../corrections';
import { canonical, crossEntropies } from '../detection/vocabulary';
import { chooseSmoothing } from '../execution/chooseSmoothing';
import type { ChosenSmoothing } from '../execution/chooseSmoothing';
import type { Feed } from '../execution/bridge';
import type { FileSample } from '../execution/fileSample';
import type { OpenLoss } from '../execution/openLoss';
import type { Box, RunnableSite } from '../execution/runSite';
import { NoGradient, runnable } from '../execution/runSite';
import { correctionsOf, predictionsTold, siteTold, smoothingValueTold, weightsTold } from '../execution/told';
import type { Session } from '../execution/session';
import { classesOfProgram } from './classesOf';
import type { ChosenClasses } from './classesOf';
import { defaultClasses, paddingOfConstructor } from '../execution/siteDefaults';
import { baselineOf } from '../identification/baseline';
import { compare } from '../identification/compare';
import { inputOf } from '../identification/inputOf';
import type { LossInput } from '../identification/inputOf';
import { measure } from '../identification/measure';
import type { Measurement } from '../identification/measurement';
import { manyClasses } from '../identification/probes';
import { defaultSample, discriminating } from '../identification/sample';
import type { FoundProgram } from '../detection/foundProgram';
import type { Baseline, Comparison, InspectRequest, Sample, UsedSample } from '../inspection';

/** One site to be inspected, in the session that its program runs in. */
export interface Task {
  readonly found: FoundProgram;
  readonly session: Session;
  readonly site: LossSite;
  readonly request: InspectRequest;
  readonly fileSample: FileSample | null;
  /** The number of classes that was settled for this loss, where nobody asked for one. */
  readonly classes?: ChosenClasses;
}

/** The task with what the person says of its loss; the parameters among that which it does not have. */
export function corrected(task: Task): { readonly task: Task; readonly dropped: readonly string[] } {
  const { request, site } = task;
  const { told, dropped } = correctionsOf(site, request.corrections ?? []);
  if (isEmpty(told) || site.kind === 'script') return { task, dropped };
  const said = siteTold(site, told);
  const smoothing = smoothingValueTold(said);
  const classes = request.sample === undefined ? told.classes : undefined;
  const asked: InspectRequest = {
    ...request,
    ...(smoothing === null ? {} : { smoothing }),
    ...(classes === undefined ? {} : { classes }),
  };
  return { task: { ...task, site: said, request: asked }, dropped };
}

/** A loss ready to be run: its smoothing factor, sample and input are settled. */
export interface PreparedLoss {
  readonly smoothing: ChosenSmoothing;
  readonly sample: UsedSample;
  readonly loss: RunnableSite;
  readonly fed: Fed;
}

export function prepareLoss(task: Task): PreparedLoss {
  const { session, site, request, found } = task;
  const smoothing = chooseSmoothing(session, site, found.constants, request.smoothing);
  const sample = chooseSample(task);
  const loss = runnable(session, site, { smoothing: smoothing.passed, sample });
  return { smoothing, sample, loss, fed: feedFor(site, loss.box('logits'), sample) };
}

export interface Fed {
  readonly feed: Feed;
  readonly note: string | null;
}

/** What to hand over, decided by whether the loss normalises by itself; what the code does with its parameter decides the rest. */
export function feedFor(site: LossSite, raw: Box, sample: Sample): Fed {
  const told = predictionsTold(site);
  if (told !== null && isPredictionForm(told)) return { feed: told, note: null };
  const kind: LossInput = inputOf(raw, sample.logits[0]?.length ?? 0);
  const uses = new Set([...site.uses.values()].flat());
  if (kind === 'logProbabilities' || (kind === 'unknown' && uses.has('logProbabilities') && !uses.has('logits')))
    return {
      feed: 'logProbabilities',
      note: 'It does not normalise its input itself, so it was given log_softmax(logits), as its caller must.',
    };
  if (kind === 'probabilities' || (kind === 'unknown' && uses.has('probabilities') && !uses.has('logits')))
    return { feed: 'probabilities', note: 'It takes probabilities: it was given softmax(logits), as its caller must.' };
  if (kind === 'sigmoids')
    return { feed: 'sigmoids', note: 'It takes a probability for each class: it was given sigmoid(logits), as its caller must.' };
  const wanted = kind === 'unknown' ? takenByCall(site) : null;
  if (wanted === 'probabilities')
    return { feed: 'probabilities', note: 'It takes probabilities: it was given softmax(logits), as its caller must.' };
  return { feed: 'logits', note: null };
}

/** What a library's loss is documented to take, where running it does not tell: Keras's take probabilities unless they are told otherwise. */
function takenByCall({ definition }: LossSite): Feed | null {
  if (definition.kind !== 'call') return null;
  const { callee, keywords } = definition.call;
  const name = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : '';
  const fromLogits = keywords.find((keyword) => keyword.name === 'from_logits')?.value;
  if (fromLogits !== undefined && !(fromLogits.kind === 'constant' && fromLogits.value.type === 'bool' && !fromLogits.value.value))
    return null;
  return crossEntropies.get(canonical(name))?.takes ?? null;
}

export interface MeasuredLoss {
  readonly measurement: Measurement | null;
  readonly comparisons: readonly Comparison[];
  readonly baseline: Baseline | null;
  readonly problem: string | null;
}

export interface SeenLoss {
  readonly box: Box;
  /** The loss itself, where its caller hands it targets: how it takes them shows once it has run. */
  readonly prepared?: PreparedLoss;
}

export function measured(task: Task, smoothing: ChosenSmoothing, sample: UsedSample, { box, prepared }: SeenLoss): MeasuredLoss {
  try {
    const measurement = measurementOn(task, smoothing, sample, { box, ...(prepared === undefined ? {} : { prepared }) });
    const compared = { measurement, sample, smoothing: smoothing.value };
    const { baseline } = task.request;
    return {
      measurement,
      comparisons: compare(compared),
      baseline: baseline === undefined ? null : baselineOf(baseline, compared),
      problem: null,
    };
  } catch (error) {
    if (error instanceof NoGradient) return { ...unmeasured, problem: `It could not be measured: ${error.message}.` };
    const { message } = task.session.problemOf(error);
    return { ...unmeasured, problem: `It could not be measured: ${message}` };
  }
}

/** The measurement without comparisons, as what tries an edit needs it; null when the loss cannot be measured. */
export function measuredAlone(task: Task, smoothing: ChosenSmoothing, sample: UsedSample, box: Box): Measurement | null {
  try {
    return measurementOn(task, smoothing, sample, { box });
  } catch {
    return null;
  }
}

function measurementOn({ site, classes }: Task, smoothing: ChosenSmoothing, sample: UsedSample, { box, prepared }: SeenLoss): Measurement {
  const { logits, targets, classWeights, ignoreIndex, paddingIndex } = sample;
  return measure(box, {
    logits,
    targets,
    smoothing: smoothing.value,
    ...(classWeights === undefined ? {} : { classWeights }),
    ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
    ...(paddingIndex === undefined ? {} : { paddingIndex }),
    ...(site.role === 'target' ? { makesTargets: true as const } : {}),
    ...(classes?.isOnly ? { onlyTheseClasses: true as const } : {}),
    ...(prepared === undefined ? {} : { softened: { share: triedShare, run: () => softenedBox(prepared) } }),
  });
}

/** Whether its targets are handed over as distributions: what they are is their maker's, and they were made one-hot here. */
export function takesDistributions({ targetForm }: OpenLoss): boolean {
  return targetForm() === 'oneHot';
}

const triedShare = 0.25;

function softenedBox({ loss, fed }: PreparedLoss): Box | null {
  return takesDistributions(loss.open) ? loss.variant({ softened: triedShare }, fed.feed) : null;
}

const unmeasured = { measurement: null, comparisons: [], baseline: null } as const;

export function chooseSample(task: Task): UsedSample {
  const sample = sampleOf(task);
  const weights = weightsTold(task.site);
  return weights?.length === sample.logits[0]?.length && sample.classWeights === undefined ? { ...sample, classWeights: weights! } : sample;
}

function sampleOf({ request, fileSample, site, session, found, classes: settled }: Task): UsedSample {
  const padding = request.paddingIndex ?? paddingOfConstructor(session, site);
  if (request.sample) {
    const sample: Sample = request.paddingIndex === undefined ? request.sample : { ...request.sample, paddingIndex: request.paddingIndex };
    return { ...sample, origin: 'user', ...discriminating(sample) };
  }
  const wanted = request.classes ?? settled?.classes ?? classesOfProgram(session, site);
  const fits = fileSample && (wanted === undefined || wanted === fileSample.sample.logits[0]!.length);
  if (fits) {
    const sample: Sample =
      request.paddingIndex === undefined ? fileSample.sample : { ...fileSample.sample, paddingIndex: request.paddingIndex };
    return { ...sample, origin: 'file', range: found.place(fileSample.range), ...discriminating(sample) };
  }
  const classes = wanted ?? defaultClasses(session, site);
  const sample = defaultSample(classes, rowsFor(classes), padding === null || padding >= classes ? {} : { paddingIndex: padding });
  return { ...sample, origin: 'default', ...discriminating(sample) };
}

/** Of many classes the fewest rows that still tell a sum from a mean, and one target from another. */
const rowsFor = (classes: number): number => (classes > manyClasses ? 2 : 4);
