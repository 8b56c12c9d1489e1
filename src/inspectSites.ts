/** Runs the losses of one program and puts together what is known of each. */
import type { StudiedSite } from './detection/losses';
import { isCalledLoss, isCalledMeasure } from './detection/plainSites';
import type { EvidenceReason, LossSite } from './detection/sites';
import { assumedSmoothing, chooseSmoothing, givenSmoothing } from './execution/chooseSmoothing';
import type { ChosenSmoothing } from './execution/chooseSmoothing';
import { sampleInFile } from './execution/fileSample';
import { definedBy } from './detection/siteNames';
import { withoutReceiver } from './execution/openLoss';
import { callRoles } from './execution/roles';
import { readSample } from './execution/sample';
import { MeantForOthers } from './execution/likelyClasses';
import { families } from './families/catalogue';
import { findingsAmong } from './findings/findings';
import type { Family } from './families/family';
import { languageModel } from './families/languageModel';
import { withSession } from './execution/openSession';
import type { Box, SampleRun } from './execution/runSite';
import { NoGradient, rowsBehind } from './execution/runSite';
import { scriptBox } from './execution/scriptBox';
import type { RecordedStep } from './execution/session';
import type { TargetBox } from './execution/targetBox';
import { ReducedTargets, targetBox } from './execution/targetBox';
import { num } from './execution/tensorData';
import type { Measurement } from './identification/measurement';
import type { Statement } from './language/program';
import { knownInWords } from './formulations/knownLosses';
import { explains } from './identification/verdict';
import { discriminating } from './identification/sample';
import type { FoundProgram } from './detection/foundProgram';
import type { InspectRequest, Inspection, Measured, Num, OtherUse, Problem, Running, UsedSample } from './inspection';
import type { MeasuredLoss, PreparedLoss, Task } from './measuring/measureSite';
import { confirmedSmoothing } from './measuring/confirmedSmoothing';
import { writtenSmoothing } from './measuring/writtenSmoothing';
import { leavesClassesOpen, noteOnClasses, withClasses } from './measuring/classesOf';
import { meantFor, noteOnMeantClasses, ofProgramAlone } from './measuring/meantClasses';
import { chooseSample, corrected, measured, measuredAlone, prepareLoss } from './measuring/measureSite';
import { problemOfRun } from './failedRun';
import { constantInRun } from './constantInRun';
import type { RanSites } from './inspectDocument';
import { inspectFamily } from './inspectFamily';
import { asUnrecognised, inspectUnrecognised } from './inspectUnrecognised';
import { inputsOfFailed, runInputs } from './runInputs';
import { chosenInWords, described, failed, gradientOf, ofLabelSmoothing, printedOf, said, stepsOf } from './presentSite';
import { findings, findingsOfFailed } from './siteFindings';
import { within } from './tensor/meter';
import { rewrites } from './rewriting/siteRewrites';
import { translations } from './siteTranslations';

export function inspectSites(
  found: FoundProgram,
  chosen: readonly StudiedSite[],
  request: InspectRequest,
  watch: (running: Running) => void,
): RanSites {
  watch({ name: null, range: found.place(chosen[0]!.site.nameRange) });
  // Whoever waits for one loss ends it by a clock of their own; of many files none may hold up the rest.
  const bounded = <T>(milliseconds: number, body: () => T): T => (request.brief === true ? within(milliseconds, body) : body());
  return bounded(longestFile, () =>
    withSession(found.program, (session) => {
      const script = found.studied.find(({ site }) => site.kind === 'script')?.site ?? null;
      const fileSample = sampleInFile(session, script);
      const isPlain = new Set(found.plain.map(({ site }) => site));
      const losses = chosen.flatMap(({ site }) => {
        watch({ name: site.name, range: found.place(site.nameRange) });
        const { task, dropped } = corrected({
          found,
          session: session.forSite(site),
          site,
          request: withSampleOf(site, request),
          fileSample,
        });
        const loss = isPlain.has(site)
          ? bounded(longestPlain, () => plainLoss(task))
          : // Who asks for this very one is told why there is nothing of it.
            (bounded(longestLoss, () => inspectSite(task)) ??
            (request.only === site.name ? (unrecognisedOf(task) ?? failed(task, noTargets)) : null));
        return loss === null ? [] : withDropped(task.site.told === undefined ? loss : { ...loss, corrected: task.site.told }, dropped);
      });
      return {
        losses: among(losses, found, chosen),
        smoothingConstants: found.constants.map((c) => ({ ...constantInRun(c, found, session), site: c.site })),
      };
    }),
  );
}

/** With what is to be said of several losses together. */
function among(losses: readonly Inspection[], { place }: FoundProgram, chosen: readonly StudiedSite[]): readonly Inspection[] {
  return losses.map((loss) => {
    const site = chosen.find((one) => one.site.name === loss.name)?.site;
    const found = site === undefined ? [] : findingsAmong(loss, losses, site, place);
    return found.length === 0
      ? loss
      : { ...loss, findings: [...loss.findings, ...found].toSorted((a, b) => a.range.start - b.range.start) };
  });
}

/** With a word of what was said of parameters that are gone. */
function withDropped(loss: Inspection, dropped: readonly string[]): Inspection {
  if (dropped.length === 0) return loss;
  const notes = dropped.map((name) => `${name} is no parameter of it any more: what was chosen for it is not used.`);
  return { ...loss, dropped, notes: [...notes, ...loss.notes] };
}

/** Tensors by the names of the loss's parameters are logits and targets where it has such. */
function withSampleOf(site: LossSite, request: InspectRequest): InspectRequest {
  const { tensors, sample } = request;
  const { definition } = site;
  if (tensors === undefined || sample !== undefined || (definition.kind !== 'class' && definition.kind !== 'function')) return request;
  const callable = definition.kind === 'class' ? definition.method : definition.callable;
  const roles = callRoles(site, callable.parameters);
  const given = (role: 'logits' | 'targets') => tensors[roles.find((one) => one.role === role)?.parameter.name ?? role] ?? tensors[role];
  const reading = readSample({ logits: given('logits'), targets: given('targets') });
  return reading.ok ? { ...request, sample: reading.sample } : request;
}

/**
 * One number for a batch is a loss; a distance of each row, or what grows as predictions get better, may be anything, unless it is called a loss or
 * was asked for.
 */
function asLoss(inspection: Inspection | null, { only }: InspectRequest): Inspection | null {
  if (inspection === null || only === inspection.name || isCalledLoss(inspection.name)) return inspection;
  const { value, problem, recognised, name } = inspection;
  const falls = typeof recognised?.scale === 'number' && recognised.scale > 0;
  return problem !== null || (value !== null && falls && !isCalledMeasure(name)) ? inspection : null;
}

/** What cannot be run as any family's loss is none that can be told here. */
function familyOf(task: Task, among: readonly Family[]): Inspection | null {
  try {
    const { result, notes } = task.session.noting(() => inspectFamily(task, among));
    return result === null ? null : { ...result, notes: [...new Set([...result.notes, ...notes])] };
  } catch {
    return null;
  }
}

/** Of what no family explains only those are told who ask for it. */
const speaksOfAll = ({ only, speakOf }: InspectRequest, { name }: LossSite): boolean => only === name || speakOf === 'all';

function plainLoss(task: Task): Inspection | null {
  const family = familyOf(task, families);
  return speaksOfAll(task.request, task.site) ? (family ?? unrecognisedOf(task)) : asLoss(family, task.request);
}

/** Null where there is nothing that it could be run on. */
function unrecognisedOf(task: Task): Inspection | null {
  try {
    const { result, notes } = task.session.noting(() => inspectUnrecognised(task));
    return result === null ? null : { ...result, notes: [...new Set([...result.notes, ...notes])] };
  } catch (error) {
    return failed(task, problemOfRun(task, error));
  }
}

/** Milliseconds that all runs of one loss may take together, and those of one file. */
const longestLoss = 10_000;
const longestPlain = 3_000;
const longestFile = 50_000;

const noTargets: Problem = {
  type: 'unsupported',
  message: 'Unsupported: it makes no targets and no loss of a row of classes by itself, so there is nothing to measure',
  range: null,
};

/** Null where running it shows that it is no loss. */
function inspectSite(task: Task): Inspection | null {
  const asSmoothing = inspectAsSmoothing(task);
  const { site } = task;
  if (site.kind === 'script' || site.kind === 'call' || site.role === 'target') return asSmoothing;
  const formulation = asSmoothing?.measured?.formulation ?? null;
  if (formulation !== null && formulation !== 'hard-labels') return asSmoothing;
  // No other tensors keep it within its budget.
  if (asSmoothing?.problem?.type === 'budget') return asSmoothing;
  // Of hard labels a language model's shift is what there is to say.
  const family = familyOf(task, formulation === null ? families : [languageModel]);
  if (family === null && asSmoothing?.problem?.assumed === true && task.request.only === site.name) {
    // What did not fit may be what was assumed: other tensors may.
    const other = unrecognisedOf(task);
    return other?.status === 'measured' ? { ...other, findings: asSmoothing.findings } : asSmoothing;
  }
  if (family === null || (formulation !== null && family.recognised?.formulation === 'same-token')) return asSmoothing;
  // What the rules have found of its inputs and its program holds all the same.
  const isMistaken = family.findings.some(({ rule }) => rule === 'known-mistake');
  const others = (asSmoothing?.findings ?? []).filter(({ rule }) => !(isMistaken && rule === 'rows-depend'));
  return { ...family, findings: [...family.findings, ...others] };
}

function inspectAsSmoothing(task: Task): Inspection | null {
  const { session, site } = task;
  const { result, notes } = session.noting(() => inspectNoting(task));
  if (result === null) return null;
  const ofModule = site.kind === 'script' || result.sample?.origin === 'file' ? session.moduleNotes : [];
  return { ...result, notes: [...new Set([...result.notes, ...notes, ...ofModule])] };
}

function inspectNoting(task: Task): Inspection | null {
  const { site, found, session } = task;
  const [broken] = site.broken;
  if (broken) return failed(task, { type: 'syntax', message: broken.message, range: found.place(broken.range) });
  try {
    return site.kind === 'script' ? inspectScript(task) : site.role === 'target' ? inspectTargets(task) : inspectLoss(task);
  } catch (error) {
    if (error instanceof ReducedTargets) return inspectReduced(task);
    if (error instanceof MeantForOthers && leavesClassesOpen(task)) return inspectNoting(withClasses(task, error));
    const raised = error instanceof MeantForOthers ? error.raised : error;
    const findings = findingsOfFailed(task, session.problemOf(raised));
    return findings.length > 0 || isShownUnmeasured(task)
      ? { ...failed(task, problemOfRun(task, raised)), inputs: inputsOfFailed(task), findings, notes: said([knownOf(task)]) }
      : null;
  }
}

/** What cannot be run was taken for a loss by its look only: it is shown where it holds a smoothing factor or calls a cross entropy, or was asked for. */
function isShownUnmeasured(task: Task): boolean {
  const { site, request } = task;
  const isCrossEntropy = site.evidence.some(({ reason }) => telling.includes(reason));
  return (
    isCrossEntropy ||
    site.kind === 'call' ||
    site.kind === 'script' ||
    request.only === site.name ||
    described(task).smoothingConstants.length > 0
  );
}

const telling: readonly EvidenceReason[] = ['cross entropy', 'log-softmax', 'smoothing argument'];

/** What is known of a library's loss that cannot be run. */
function knownOf({ site: { definition } }: Task): string | null {
  return definition.kind === 'call' ? knownInWords(definition.real) : null;
}

/** What seemed to make smoothed targets and returns a number: a loss with a gradient is one; all else (an accuracy, an entropy) is left alone. */
function inspectReduced(task: Task): Inspection | null {
  try {
    const inspection = inspectLoss({ ...task, site: { ...task.site, role: 'loss' } });
    const { gradient } = inspection;
    return gradient?.values.some((value) => value !== 0) === true ? inspection : null;
  } catch {
    return null;
  }
}

// ------------------------------------------------------------------------------------------------------------ losses

interface FirstRun {
  readonly prepared: PreparedLoss;
  readonly run: SampleRun;
  readonly note: string | null;
}

/** The run on the sample. A loss that cannot run with its own padding or ignored class is run with class 0 as that. */
function firstRun(task: Task): FirstRun {
  const prepared = prepareLoss(task);
  try {
    return { prepared, run: prepared.loss.runSample(prepared.fed.feed), note: null };
  } catch (error) {
    const { request, session } = task;
    if (error instanceof MeantForOthers && leavesClassesOpen(task)) throw error;
    if (!prepared.loss.open.takesPadding || request.paddingIndex !== undefined || request.sample !== undefined) throw error;
    const padded = prepareLoss({ ...task, request: { ...request, paddingIndex: 0 } });
    try {
      const run = padded.loss.runSample(padded.fed.feed);
      return {
        prepared: padded,
        run,
        note: `With its own padding or ignored class it cannot run (${session.problemOf(error).message}): run with class 0 as that.`,
      };
    } catch {
      throw error;
    }
  }
}

function inspectLoss(task: Task): Inspection {
  const { prepared, run, note } = firstRun(task);
  const { sample, loss, fed } = prepared;
  const seen = { box: loss.box(fed.feed), prepared };
  const first = measured(task, prepared.smoothing, sample, seen);
  const confirmed = confirmedSmoothing(task.site, prepared.smoothing, first.measurement, (other) => {
    const box = loss.variant({ smoothing: other }, fed.feed);
    return box && measuredAlone(task, { ...prepared.smoothing, value: other }, sample, box);
  });
  const smoothing = writtenSmoothing(task.session, task.site, confirmed, first.measurement);
  // What is no smoothing factor is no ε to compare with.
  const { measurement, comparisons, baseline, problem } =
    smoothing === prepared.smoothing ? first : measured(task, smoothing, sample, seen);
  const { inputs, otherUses, assumed } = runInputs(task, smoothing, sample, { open: loss.open, feed: fed.feed });
  const elsewhere =
    ofProgramAlone(task, measurement) ??
    meantFor(task, measurement, (other) => {
      const again = prepareLoss(other);
      return measuredAlone(other, again.smoothing, again.sample, again.loss.box(again.fed.feed));
    });
  if (elsewhere !== null) return inspectLoss(elsewhere);
  const { value } = run.outcome;
  const isSlow = task.request.brief !== true && (isLarge(sample) || takesLong(() => loss.box(fed.feed)(sample.logits, sample.targets)));
  const translated = translations(task, {
    measurement,
    sample,
    feed: fed.feed,
    smoothing: smoothing.value,
    passedSmoothing: smoothing.passed,
    run: { loss, onSample: run, isSlow },
  });
  const inspection = ofLabelSmoothing({
    ...described(task),
    inputs,
    otherUses,
    smoothing: smoothingShown(task, smoothing, measurement),
    classes: sample.logits[0]?.length ?? null,
    sample,
    status: 'measured',
    problem: null,
    value: value === null ? null : num(value),
    perSample: run.perSample?.map(num) ?? null,
    gradient: run.gradient ? gradientOf(run.gradient) : null,
    steps: stepsOf(run.steps, task),
    printed: printedOf(run.printed, task),
    measured: inContext(
      measurement,
      [chosenInWords(task), assumed, noteOnMeantClasses(task, measurement)],
      whatIf(task, smoothing, measurement),
    ),
    comparisons,
    ...(baseline === null ? {} : { baseline }),
    findings: findings(task, { measurement, smoothing: smoothing.value, sample, feed: fed.feed, box: loss.box(fed.feed), loss }),
    rewrites: rewrites(task, { measurement, sample, feed: fed.feed, smoothing, isSlow, builtin: translated?.builtin ?? null }),
    translations: translated,
    notes: said([
      smoothing.note,
      ...usesInWords(otherUses),
      noteOnClasses(task),
      note,
      fed.note,
      run.perSampleNote,
      run.gradientProblem,
      problem,
      ...loss.open.notes,
    ]),
  });
  return measurement === null || explains(measurement) || smooths(task, inspection)
    ? inspection
    : asUnrecognised(inspection, loss.box(fed.feed), tensorNames(task));
}

/** What its person takes for a label smoothing is told how it departs from one. */
const smooths = ({ site }: Task, { smoothing, smoothingConstants }: Inspection): boolean =>
  smoothing !== null || smoothingConstants.length > 0 || site.smoothingParameters.length > 0 || site.smoothingValues.length > 0;

/** The loss's own names for its predictions and targets. */
function tensorNames({ site: asked }: Task): readonly [string, string] {
  const { site } = definedBy(asked);
  const { definition } = site;
  if (definition.kind !== 'class' && definition.kind !== 'function') return ['logits', 'targets'];
  const roles = callRoles(site, withoutReceiver(site, definition.kind === 'class' ? definition.method : definition.callable));
  const named = (role: 'logits' | 'targets'): string => roles.find((one) => one.role === role)?.parameter.name ?? role;
  return [named('logits'), named('targets')];
}

/** A built-in that was given no factor smooths nothing, as its measured targets show. */
function smoothingShown({ site }: Task, { value }: ChosenSmoothing, measurement: Measurement | null): number | null {
  if (value !== null || site.definition.kind !== 'call' || site.smoothingValues.length > 0 || measurement === null) return value;
  const { affine, onValue, offValue } = measurement.measured;
  return affine && Math.abs(Number(onValue) - 1) < 1e-6 && Math.abs(Number(offValue)) < 1e-6 ? 0 : null;
}

/** A measurement with what it rests on said first, and what would be otherwise last. */
function inContext(measurement: Measurement | null, first: readonly (string | null)[], otherwise: string | null): Measured | null {
  if (measurement === null) return null;
  const { measured } = measurement;
  return { ...measured, verdict: [...first, measured.verdict, otherwise].filter((part) => part !== null).join(' ') };
}

/** A factor of 0 smooths nothing: what the loss would be with another tells which smoothing its code has. */
function whatIf(task: Task, { smoothsNothing, source, value }: ChosenSmoothing, measurement: Measurement | null): string | null {
  const { site, found, request } = task;
  const shows = measurement?.measured ?? null;
  const isHard = shows !== null && Math.abs(Number(shows.onValue) - 1) < 1e-6 && Math.abs(Number(shows.offValue)) < 1e-6;
  if (!(smoothsNothing || (value === null && isHard)) || source === 'person' || site.smoothingParameters.length === 0) return null;
  const names = site.smoothingParameters.map(({ name }) => name);
  const elsewhere = found.constants.find(({ name, value }) => names.includes(name) && value !== null && value > 0 && value < 1);
  const smoothing = elsewhere?.value ?? assumedSmoothing;
  const other: Task = { ...task, request: { ...request, smoothing } };
  const otherwise = site.role === 'target' ? targetsMeasured(other) : lossMeasured(other);
  return otherwise === null ? null : `What if ε = ${smoothing}: ${otherwise.measured.verdict}`;
}

function lossMeasured(task: Task): Measurement | null {
  try {
    const { smoothing, sample, loss, fed } = prepareLoss(task);
    return measuredAlone(task, smoothing, sample, loss.box(fed.feed));
  } catch {
    return null;
  }
}

function targetsMeasured(task: Task): Measurement | null {
  try {
    const smoothing = chooseSmoothing(task.session, task.site, task.found.constants, task.request.smoothing);
    const sample = chooseSample(task);
    return measuredAlone(task, smoothing, sample, targetBox(task.session, task.site, smoothing.passed, sample).box);
  } catch {
    return null;
  }
}

const usesInWords = (uses: readonly OtherUse[]): readonly string[] =>
  uses.map(
    ({ smoothing, range, file }) =>
      `The program also uses it with ε = ${smoothing} (${file === undefined ? '' : `${file}, `}line ${range.line}).`,
  );

/** Milliseconds: what a translation or a rewrite is proven with is some dozens of runs. */
const longRun = 200;

/** So many classes that dozens of runs keep the reader waiting on any machine. */
const longestRow = 40_000;
const isLarge = ({ logits }: UsedSample): boolean => (logits[0]?.length ?? 0) > longestRow;

/** Whether one run is so long that dozens of them would keep the reader waiting. A busy machine may make one slow, hardly three. */
function takesLong(run: () => unknown): boolean {
  const isLong = (): boolean => {
    const started = performance.now();
    try {
      run();
    } catch {
      // A loss without a gradient has a time all the same.
    }
    return performance.now() - started > longRun;
  };
  return isLong() && isLong() && isLong();
}

// ---------------------------------------------------------------------------------------------------------- targets

/** A maker of smoothed targets is measured by the cross entropy that its targets give. */
function inspectTargets(task: Task): Inspection {
  const { session, site, request, found } = task;
  const smoothing = chooseSmoothing(session, site, found.constants, request.smoothing);
  const sample = chooseSample(task);
  const targets = targetBox(session, site, smoothing.passed, sample);
  const shown = targets.onSample();
  const { inputs, otherUses, assumed } = runInputs(task, smoothing, sample, { open: targets.open, feed: null });
  const { measurement, comparisons, baseline, problem } = measured(task, smoothing, sample, { box: targets.box });
  const elsewhere =
    ofProgramAlone(task, measurement) ??
    meantFor(task, measurement, (other) => {
      const there = chooseSample(other);
      return measuredAlone(other, smoothing, there, targetBox(session, site, smoothing.passed, there).box);
    });
  if (elsewhere !== null) return inspectTargets(elsewhere);
  return ofLabelSmoothing({
    ...described(task),
    inputs,
    otherUses,
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
    measured: inContext(
      measurement,
      [chosenInWords(task), assumed, noteOnMeantClasses(task, measurement)],
      whatIf(task, smoothing, measurement),
    ),
    comparisons: comparisons.map((c) => ({ ...c, ...noNumbers })),
    ...(baseline === null ? {} : { baseline: { ...baseline, own: { ...baseline.own, ...noNumbers } } }),
    findings: findings(task, { measurement, smoothing: smoothing.value, sample, feed: 'logits', box: targets.box, targets: shown.q }),
    rewrites: [],
    translations: translations(task, {
      measurement,
      sample,
      feed: 'logits',
      smoothing: smoothing.value,
      passedSmoothing: smoothing.passed,
    }),
    notes: said([
      smoothing.note,
      ...usesInWords(otherUses),
      noteOnClasses(task),
      'It makes targets, not a loss: measured by the cross entropy of its targets.',
      mixingNote(task, smoothing, sample, targets),
      problem,
      ...targets.notes(),
    ]),
  });
}

/** Targets have no value of their own to compare with the formulations'. */
const noNumbers = { difference: null, relativeDifference: null, ulp: null, gradientDifference: null } as const;

const triedMixing = 0.7;

/** A λ of 1 mixes nothing, so what λ does is measured at another one. */
function mixingNote(task: Task, smoothing: ChosenSmoothing, sample: UsedSample, { mixed }: TargetBox): string | null {
  if (mixed === null) return null;
  const shape = measuredAlone(task, smoothing, sample, mixed.box(triedMixing))?.shape;
  const { name } = mixed;
  if (shape?.kind !== 'mixup') return `${name} = ${triedMixing} gives no mixture of a row's targets with those of the reversed batch.`;
  const lambda = Number(shape.lambda.toPrecision(4));
  return `${name} is mixup's λ: with ${name} = ${triedMixing} each row has ${lambda} of its own targets and ${Number((1 - lambda).toPrecision(4))} of those of the reversed batch (measured λ = ${lambda}).`;
}

// ------------------------------------------------------------------------------------------- module-level demonstration

function inspectScript(task: Task): Inspection | null {
  const { session, site, found } = task;
  const { start, end } = site.nameRange;
  const own = session.steps.filter(({ range }) => range.file === undefined);
  const last = own.filter((step) => step.range.start === start && step.range.end === end && step.depth === 0).at(-1);
  const failure = session.problems.find(
    (p) => p.range && p.range.file === undefined && site.range.start <= p.range.start && p.range.end <= site.range.end,
  );
  // What raises before it leaves it unreached; that is told, not an empty run.
  const before = session.problems.find((p) => p.range !== null && p.range.file === undefined && p.range.start <= end) ?? null;
  if (!last && failure === undefined && before !== null) {
    // A demonstration of a loss of this file that does not come so far says nothing of that loss, which is looked at by itself.
    if (task.request.only !== site.name && site.evidence.some(({ reason }) => reason === 'uses a loss of this file')) return null;
    const range = before.range && found.place(before.range);
    return failed(task, { ...before, message: `It was not reached: ${before.message}`, range }, session.steps, session.printed);
  }
  if (!last && failure) {
    const problem: Problem = { ...failure, range: failure.range && found.place(failure.range) };
    return failed(task, problem, session.steps, session.printed);
  }
  const constant = found.constants.find((c) => c.site === site.name && c.value !== null);
  const smoothing = givenSmoothing(constant?.value ?? null);
  const sample = scriptSample(task);
  const box = boxOfScript(task);
  const inputs = sample === null ? [] : runInputs(task, smoothing, sample).inputs;
  const shown: MeasuredLoss | null = sample && box ? measured(task, smoothing, sample, { box }) : null;
  return ofLabelSmoothing({
    ...described(task),
    inputs,
    otherUses: [],
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
    ...(shown?.baseline ? { baseline: shown.baseline } : {}),
    findings: findings(task, { measurement: shown?.measurement ?? null, smoothing: smoothing.value, sample, feed: 'logits', box }),
    rewrites: [],
    translations: translations(task, {
      measurement: shown?.measurement ?? null,
      sample,
      feed: 'logits',
      smoothing: smoothing.value,
      passedSmoothing: smoothing.passed,
    }),
    notes: said([shown?.problem ?? null]),
  });
}

/** `loss.backward()`: what it is asked of is the loss, and nothing comes back. */
const givesNothing = (statement: Statement): boolean =>
  statement.kind === 'expression' &&
  statement.expression.kind === 'call' &&
  statement.expression.callee.kind === 'attribute' &&
  statement.expression.callee.name === 'backward';

function scriptSample({ fileSample, found }: Task): UsedSample | null {
  if (!fileSample) return null;
  return { ...fileSample.sample, origin: 'file', range: found.place(fileSample.range), ...discriminating(fileSample.sample) };
}

/** A demonstration is run a dozen times to be measured; one that takes longer than this, all runs together, is only shown. */
const longestMeasuring = 3_000;

function boxOfScript({ session, site, fileSample }: Task): Box | null {
  if (site.definition.kind !== 'script' || fileSample === null || givesNothing(site.definition.last)) return null;
  const box = scriptBox(session, site.definition.last, fileSample);
  const deadline = performance.now() + longestMeasuring;
  return (logits, targets) => {
    if (performance.now() > deadline) throw new NoGradient('running it takes too long');
    return box(logits, targets);
  };
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
