/** Runs the losses of one program and puts together what is known of each. */
import type { SmoothingConstantSite } from './detection/constants';
import type { StudiedSite } from './detection/losses';
import type { LossSite } from './detection/sites';
import { chooseSmoothing } from './execution/chooseSmoothing';
import type { ChosenSmoothing } from './execution/chooseSmoothing';
import type { FileSample } from './execution/fileSample';
import { sampleInFile } from './execution/fileSample';
import { withSession } from './execution/openSession';
import { NoGradient, rowsBehind, runnable } from './execution/runSite';
import { defaultClasses, paddingOfConstructor } from './execution/siteDefaults';
import type { RecordedStep, PrintedText, Session } from './execution/session';
import { num, tensorData } from './execution/tensorData';
import { targetBox } from './execution/targetBox';
import type { Feed, Matrix } from './execution/bridge';
import { scriptBox } from './execution/scriptBox';
import { compare } from './identification/compare';
import { inputOf } from './identification/inputOf';
import type { LossInput } from './identification/inputOf';
import type { Measurement } from './identification/measurement';
import { measure } from './identification/measure';
import type { FoundProgram } from './inspectDocument';
import { defaultSample, discriminating } from './identification/sample';
import type {
  Comparison,
  InspectRequest,
  Inspection,
  Num,
  Printed,
  Problem,
  Sample,
  SmoothingConstant,
  Step,
  UsedSample,
} from './inspection';

export function inspectSites(found: FoundProgram, chosen: readonly StudiedSite[], request: InspectRequest): readonly Inspection[] {
  return withSession(found.program, (session) => {
    const script = found.studied.find(({ site }) => site.kind === 'script')?.site ?? null;
    const fileSample = sampleInFile(session, script);
    return chosen.map(({ site }) => inspectSite({ found, session, site, request, fileSample }));
  });
}

interface Task {
  readonly found: FoundProgram;
  readonly session: Session;
  readonly site: LossSite;
  readonly request: InspectRequest;
  readonly fileSample: FileSample | null;
}

function inspectSite(task: Task): Inspection {
  const { site, found, session } = task;
  const [broken] = site.broken;
  if (broken) return failed(task, { type: 'syntax', message: broken.message, range: found.place(broken.range) });
  try {
    return site.kind === 'script' ? inspectScript(task) : site.role === 'target' ? inspectTargets(task) : inspectLoss(task);
  } catch (error) {
    const { type, message, range } = session.problemOf(error);
    return failed(task, { type, message, range: range && found.place(range) });
  }
}

// ------------------------------------------------------------------------------------------------------------ losses

function inspectLoss(task: Task): Inspection {
  const { session, site, request, found } = task;
  const smoothing = chooseSmoothing(site, found.constants, request.smoothing);
  const sample = chooseSample(task);
  const loss = runnable(session, site, { smoothing: smoothing.passed, sample });
  const feed = feedFor(site, loss.box('logits'), sample);
  const run = loss.runSample(feed.feed);
  const { measurement, comparisons, problem } = measured(task, smoothing, sample, loss.box(feed.feed));
  const value = run.outcome.value;
  return {
    ...described(task),
    smoothing: smoothing.value,
    classes: sample.logits[0]?.length ?? null,
    sample,
    status: 'measured',
    problem: null,
    value: value === null ? null : num(value),
    perSample: run.perSample?.map(num) ?? null,
    gradient: run.gradient ? gradientOf(run.gradient) : null,
    steps: stepsOf(run.steps, task),
    printed: printedOf(run.printed, task),
    measured: measurement?.measured ?? null,
    comparisons,
    findings: [],
    notes: notesOf(task, [smoothing.note, feed.note, run.perSampleNote, run.gradientProblem, problem, ...loss.open.notes]),
  };
}

const gradientOf = (gradient: Matrix) =>
  tensorData({ dtype: 'float32', shape: [gradient.length, gradient[0]?.length ?? 0], values: gradient.flat() });

interface Fed {
  readonly feed: Feed;
  readonly note: string | null;
}

/** What to hand over, decided by whether the loss normalises by itself; what the code does with its parameter decides the rest. */
function feedFor(
  site: LossSite,
  raw: (logits: Sample['logits'], targets: readonly number[]) => ReturnType<ReturnType<ReturnType<typeof runnable>['box']>>,
  sample: Sample,
): Fed {
  const kind: LossInput = inputOf(raw, sample.logits[0]?.length ?? 0);
  const uses = new Set([...site.uses.values()].flat());
  if (kind === 'logProbabilities' || (kind === 'unknown' && uses.has('logProbabilities') && !uses.has('logits')))
    return {
      feed: 'logProbabilities',
      note: 'It does not normalise its input itself, so it was given log_softmax(logits), as its caller must.',
    };
  if (kind === 'probabilities' || (kind === 'unknown' && uses.has('probabilities') && !uses.has('logits')))
    return { feed: 'probabilities', note: 'It takes probabilities: it was given softmax(logits), as its caller must.' };
  return { feed: 'logits', note: null };
}

interface MeasuredLoss {
  readonly measurement: Measurement | null;
  readonly comparisons: readonly Comparison[];
  readonly problem: string | null;
}

function measured(task: Task, smoothing: ChosenSmoothing, sample: UsedSample, box: Parameters<typeof measure>[0]): MeasuredLoss {
  try {
    const { logits, targets, classWeights, ignoreIndex, paddingIndex } = sample;
    const measurement = measure(box, {
      logits,
      targets,
      smoothing: smoothing.value,
      ...(classWeights === undefined ? {} : { classWeights }),
      ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
      ...(paddingIndex === undefined ? {} : { paddingIndex }),
      ...(task.site.role === 'target' ? { makesTargets: true as const } : {}),
    });
    return { measurement, comparisons: compare({ measurement, sample, smoothing: smoothing.value }), problem: null };
  } catch (error) {
    if (error instanceof NoGradient) return { measurement: null, comparisons: [], problem: `It could not be measured: ${error.message}.` };
    const { message } = task.session.problemOf(error);
    return { measurement: null, comparisons: [], problem: `It could not be measured: ${message}` };
  }
}

function chooseSample({ request, fileSample, site, session, found }: Task): UsedSample {
  const padding = request.paddingIndex ?? paddingOfConstructor(session, site);
  if (request.sample) {
    const sample: Sample = request.paddingIndex === undefined ? request.sample : { ...request.sample, paddingIndex: request.paddingIndex };
    return { ...sample, origin: 'user', ...discriminating(sample) };
  }
  const fits = fileSample && (request.classes === undefined || request.classes === fileSample.sample.logits[0]!.length);
  if (fits) {
    const sample: Sample =
      request.paddingIndex === undefined ? fileSample.sample : { ...fileSample.sample, paddingIndex: request.paddingIndex };
    return { ...sample, origin: 'file', range: found.place(fileSample.range), ...discriminating(sample) };
  }
  const classes = request.classes ?? defaultClasses(session, site);
  const sample = defaultSample(classes, 4, padding === null || padding >= classes ? {} : { paddingIndex: padding });
  return { ...sample, origin: 'default', ...discriminating(sample) };
}

// ---------------------------------------------------------------------------------------------------------- targets

/** A maker of smoothed targets is measured by the cross entropy that its targets give. */
function inspectTargets(task: Task): Inspection {
  const { session, site, request, found } = task;
  const smoothing = chooseSmoothing(site, found.constants, request.smoothing);
  const sample = chooseSample(task);
  const targets = targetBox(session, site, smoothing.passed, sample);
  const shown = targets.onSample();
  const { measurement, comparisons, problem } = measured(task, smoothing, sample, targets.box);
  return {
    ...described(task),
    smoothing: smoothing.value,
    classes: sample.logits[0]?.length ?? null,
    sample,
    status: 'measured',
    problem: null,
    value: null,
    perSample: null,
    gradient: null,
    steps: stepsOf(shown.steps, task),
    printed: printedOf(shown.printed, task),
    measured: measurement?.measured ?? null,
    comparisons: comparisons.map((c) => ({ ...c, difference: null, relativeDifference: null, ulp: null, gradientDifference: null })),
    findings: [],
    notes: notesOf(task, [
      smoothing.note,
      'It makes targets, not a loss: measured by the cross entropy of its targets.',
      problem,
      ...targets.notes(),
    ]),
  };
}

// ------------------------------------------------------------------------------------------- module-level demonstration

function inspectScript(task: Task): Inspection {
  const { session, site, fileSample, found } = task;
  const { start, end } = site.nameRange;
  const last = session.steps.filter((step) => step.range.start === start && step.range.end === end && step.depth === 0).at(-1);
  const failure = session.problems.find((p) => p.range && site.range.start <= p.range.start && p.range.end <= site.range.end);
  if (!last && failure) {
    const problem: Problem = { ...failure, range: failure.range && found.place(failure.range) };
    return failed(task, problem, session.steps, session.printed);
  }
  const constant = found.constants.find((c) => c.site === site.name && c.value !== null);
  const smoothing: ChosenSmoothing = { value: constant?.value ?? null, passed: null, note: null };
  const sample = scriptSample(task);
  const shown = sample && fileSample ? measuredScript(task, smoothing, sample, fileSample) : null;
  return {
    ...described(task),
    smoothing: smoothing.value,
    classes: sample?.logits[0]?.length ?? null,
    sample,
    status: 'measured',
    problem: null,
    ...lastLoss(session.steps, last ?? null, sample?.logits.length ?? null),
    gradient: shown?.measurement ? gradientOf(shown.measurement.probes[0]!.run.gradient) : null,
    steps: stepsOf(session.steps, task),
    printed: printedOf(session.printed, task),
    measured: shown?.measurement?.measured ?? null,
    comparisons: shown?.comparisons ?? [],
    findings: [],
    notes: notesOf(task, [shown?.problem ?? null]),
  };
}

function scriptSample({ fileSample, found }: Task): UsedSample | null {
  if (!fileSample) return null;
  return { ...fileSample.sample, origin: 'file', range: found.place(fileSample.range), ...discriminating(fileSample.sample) };
}

/** A demonstration is run a dozen times to be measured; one that takes longer than this, all runs together, is only shown. */
const longestMeasuring = 3_000;

function measuredScript(task: Task, smoothing: ChosenSmoothing, sample: UsedSample, fileSample: FileSample): MeasuredLoss {
  const { session, site } = task;
  if (site.definition.kind !== 'script') return { measurement: null, comparisons: [], problem: null };
  const box = scriptBox(session, site.definition.last, fileSample);
  const deadline = performance.now() + longestMeasuring;
  return measured(task, smoothing, sample, (logits, targets) => {
    if (performance.now() > deadline) throw new NoGradient('running it takes too long');
    return box(logits, targets);
  });
}

/** The value of the last loss expression; per-row values are the last rows whose mean or sum it is. */
function lastLoss(
  steps: readonly RecordedStep[],
  last: RecordedStep | null,
  rows: number | null,
): { readonly value: Num | null; readonly perSample: readonly Num[] | null } {
  const tensor = last?.tensor;
  if (!tensor) return { value: null, perSample: null };
  if (tensor.shape.length > 0) return { value: null, perSample: tensor.values.map(num) };
  const value = tensor.values[0]!;
  const behind = rows === null ? null : rowsBehind(value, steps.slice(0, steps.indexOf(last)), rows);
  return { value: num(value), perSample: behind?.map(num) ?? null };
}

// ------------------------------------------------------------------------------------------------------------ common

type Described = Pick<Inspection, 'name' | 'kind' | 'language' | 'framework' | 'range' | 'nameRange' | 'smoothingConstants'>;

function described({ site, found }: Task): Described {
  return {
    name: site.name,
    kind: site.kind,
    language: found.program.language,
    framework: site.framework,
    range: found.place(site.range),
    nameRange: found.place(site.nameRange),
    smoothingConstants: found.constants.filter((c) => c.site === site.name || inside(c, site)).map((c) => constantOf(c, found)),
  };
}

const inside = (constant: SmoothingConstantSite, site: LossSite) =>
  site.kind !== 'script' && site.range.start <= constant.range.start && constant.range.end <= site.range.end;

function constantOf(constant: SmoothingConstantSite, { place }: FoundProgram): SmoothingConstant {
  const { name, kind, value, expression } = constant;
  return { name, kind, range: place(constant.range), nameRange: place(constant.nameRange), value, expression };
}

function failed(task: Task, problem: Problem, steps: readonly RecordedStep[] = [], printed: readonly PrintedText[] = []): Inspection {
  return {
    ...described(task),
    smoothing: null,
    classes: null,
    sample: null,
    status: problem.type === 'unsupported' ? 'unsupported' : 'error',
    problem,
    value: null,
    perSample: null,
    gradient: null,
    steps: stepsOf(steps, task),
    printed: printedOf(printed, task),
    measured: null,
    comparisons: [],
    findings: [],
    notes: notesOf(task, []),
  };
}

function notesOf({ session }: Task, own: readonly (string | null)[]): readonly string[] {
  return [...new Set([...own.filter((note) => note !== null), ...session.notes()])];
}

const valuesInStep = 512;

function stepsOf(steps: readonly RecordedStep[], { found }: Task): readonly Step[] {
  const telling = steps.filter(({ tensor, text, label, range }) => tensor !== null || !isNothing(text) || label !== codeAt(range, found));
  return telling.map(({ range, label, tensor, text, depth }) => ({
    range: found.place(range),
    code: codeAt(range, found),
    label,
    depth,
    ...(tensor ? { tensor: tensorData(tensor, valuesInStep) } : {}),
    ...(text !== null && !tensor ? { text } : {}),
  }));
}

/** A statement that is run for what it does (`print(…)`, `super().__init__()`) made no value to show. */
const isNothing = (text: string | null) => text === null || text === 'None' || text === 'undefined';
const codeAt = ({ start, end }: RecordedStep['range'], { program }: FoundProgram) => program.text.slice(start, end);

function printedOf(printed: readonly PrintedText[], { found }: Task): readonly Printed[] {
  return printed.map(({ range, text, source, recorded }) => ({
    range: found.place(range),
    text,
    source,
    ...(recorded ? { recorded } : {}),
  }));
}
