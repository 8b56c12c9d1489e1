/** Hands a run loss to the rules, and lets them try their fixes. */
import type { LossSite } from './detection/sites';
import { withEditedSite } from './measuring/editedSite';
import type { Feed, Matrix } from './execution/bridge';
import { chooseSmoothing, givenSmoothing } from './execution/chooseSmoothing';
import { callRoles, constructorRoles } from './execution/roles';
import type { RoleOf } from './execution/roles';
import { runnable } from './execution/runSite';
import type { Box, RunnableSite } from './execution/runSite';
import { scriptBox } from './execution/scriptBox';
import type { RunProblem } from './execution/session';
import { classesInFile } from './execution/siteDefaults';
import { targetBox } from './execution/targetBox';
import { findingsFor } from './findings/findings';
import type { Edit, KnownParameter, PlaceOfProgram, Subject, TargetFlow, TargetMaker } from './findings/rule';
import type { Measurement } from './identification/measurement';
import type { Finding, Sample } from './inspection';
import type { Place } from './interpreter/provenance';
import { originOf } from './interpreter/provenance';
import { numberOf } from './interpreter/value';
import type { Range } from './language/program';
import { chooseSample, measuredAlone, prepareLoss, takesDistributions } from './measuring/measureSite';
import type { Task } from './measuring/measureSite';
import { linkIn } from './runInputs';
import { smoothedOnce } from './measuring/smoothedOnce';

export interface Measuring {
  /** Asked for once it is needed, where trying an edit may do without. */
  readonly measurement: Measurement | null;
  readonly smoothing: number | null;
  readonly sample: Sample | null;
  readonly feed: Feed;
  readonly box: Box | null;
  /** Where the loss can be made with other settings. */
  readonly loss?: RunnableSite;
  readonly targets?: Matrix | null;
  readonly failure?: RunProblem;
}

export function findings(task: Task, measuring: Measuring): readonly Finding[] {
  const { found } = task;
  const { place } = found;
  // A fix is tried on the text; the text of a notebook is not the document's own, so its fixes are not.
  const canEdit = found.program.locate === undefined;
  const tryEdits = (edits: readonly Edit[], check: (again: Subject) => boolean) =>
    // What stands in another file is not edited from here.
    edits.every(({ range }) => range.file === undefined) && tryEdited(task, edits, check);
  const smoothsOnce = (edits: readonly Edit[], flow: TargetFlow) => smoothedOnce(task, edits, flow);
  return findingsFor(subjectOf(task, measuring), { place, ...(canEdit ? { tryEdits, smoothsOnce } : {}) });
}

/** What a loss that cannot be run can be told all the same. */
export function findingsOfFailed(task: Task, failure: RunProblem): readonly Finding[] {
  return findings(task, { measurement: null, smoothing: null, sample: null, feed: 'logits', box: null, failure });
}

function subjectOf(task: Task, measuring: Measuring): Subject {
  const { smoothing, sample, feed, box, loss, targets, failure } = measuring;
  const { site, found, session, request, fileSample } = task;
  let executed: readonly Range[] | null = null;
  const classesOfProgram = session.useOf(site).classes?.value ?? classesInFile(session, site);
  return {
    site,
    get measurement() {
      return measuring.measurement;
    },
    smoothing,
    sample,
    feed,
    constants: found.constants.filter((c) => c.site === site.name),
    run: box,
    parameters: parametersOf(site),
    failure: failure ?? null,
    classesSaid: (request.sample ?? fileSample?.sample)?.logits[0]?.length ?? request.classes ?? classesOfProgram,
    classesOfProgram: fileSample?.sample.logits[0]?.length ?? classesOfProgram,
    given: (parameter) => {
      const taken = session.useOf(site).taken;
      const value = taken?.made.get(parameter) ?? taken?.called.get(parameter);
      return value === undefined ? null : numberOf(value);
    },
    ...seenByProgram(task),
    wasExecuted(range) {
      if (box === null || sample === null) return false;
      executed ??= session.recording(() => box(sample.logits, sample.targets)).steps.map((step) => step.range);
      return executed.some(({ file, start, end }) => file === range.file && start === range.start && end === range.end);
    },
    tensorNamed(name) {
      const value = session.lookup(name);
      return value === null ? null : session.bridge.read(value);
    },
    numberAt(expression) {
      try {
        return numberOf(session.evaluate(expression));
      } catch {
        return null;
      }
    },
    targetMakers: found.studied.flatMap(({ site: other }) => targetMaker(other, found)),
    ...(loss
      ? {
          takesSequences: loss.open.takesSequences(),
          takesDistributions: takesDistributions(loss.open),
          assumesNumbers: loss.open.assumesNumbers,
          variant: (settings) => loss.variant(settings, feed),
          changedBy: (logits, labels, settings) => loss.changedBy(logits, labels, settings, feed),
        }
      : {}),
    ...(targets === undefined || sample === null ? {} : { targets, changedBy: changedByMaker(task, smoothing, sample) }),
  };
}

/** What the program makes of the loss, where the use that is looked at was followed all the way. */
function seenByProgram({
  site,
  session,
  found,
}: Task): Pick<Subject, 'input' | 'smoothedTargets' | 'filledTargets' | 'evaluation' | 'told' | 'afterwards'> {
  const { taken, sureInput, filledTargets: filled, targets, evaluation, classes, toldClasses, afterwards: steps } = session.useOf(site);
  const placed = placedIn(found);
  const nature = sureInput?.nature;
  const isOfInput = nature === 'softmax' || nature === 'logSoftmax' || nature === 'sigmoid' || nature === 'scores';
  const supposing = sureInput?.supposing;
  const input = isOfInput ? { nature, ...placed(sureInput!.place), ...(supposing === undefined ? {} : { supposing }) } : null;
  const afterwards = steps.map(({ kind, place, smoothing, use }) => ({ kind, smoothing, isWithin: use === null, ...placed(place) }));
  const filledTargets = filled.map(({ value, at }) => ({ value, ...placed(at) }));
  if (taken?.sure !== true) return { input, filledTargets, smoothedTargets: null, evaluation: null, told: null, afterwards };
  const where = (way: readonly Place[]): string | null => placed(originOf(way)).where;
  return {
    input,
    afterwards,
    filledTargets,
    smoothedTargets: targets?.nature === 'smoothed' ? placed(targets.place) : null,
    evaluation: evaluation === null ? null : { smoothing: evaluation.smoothing, ...placed(evaluation.call) },
    told:
      toldClasses?.certain === true && classes?.certain === true
        ? { told: toldClasses.value, toldWhere: where(toldClasses.way), classes: classes.value, classesWhere: where(classes.way) }
        : null,
  };
}

/** A place of the program run, for a finding and in words. */
function placedIn(found: Task['found']): (place: Place | null) => PlaceOfProgram {
  const link = linkIn(found);
  return (place) => {
    if (place === null) return { range: null, where: null };
    const { range, file } = link(place);
    const isNotebook = found.program.locate !== undefined && file === undefined;
    const line = isNotebook ? `\`${place.text.split('\n')[0]!}\`` : `line ${range.line}`;
    const own = file === undefined ? place.range : { ...place.range, file: place.file! };
    return { range: own, where: file === undefined ? line : `${file}, ${line}` };
  };
}

function changedByMaker({ session, site }: Task, smoothing: number | null, sample: Sample): NonNullable<Subject['changedBy']> {
  const maker = runnable(session, site, { smoothing, sample });
  return (logits, labels, settings) => maker.changedBy(logits, labels, settings, 'logits');
}

/** A function that makes targets, where the smoothing factor that it uses unless told otherwise is above 0. */
function targetMaker({ name, role, definition, smoothingParameters }: LossSite, { constants }: Task['found']): readonly TargetMaker[] {
  if (role !== 'target' || definition.kind !== 'function' || definition.factory !== null) return [];
  const { parameters } = definition.callable;
  const at = parameters.findIndex((parameter) => smoothingParameters.some((one) => one.where === 'call' && one.name === parameter.name));
  const own = constants.find((one) => one.site === name && one.kind === 'parameterDefault')?.value ?? 0;
  return at >= 0 && own > 0 ? [{ name, needed: at }] : [];
}

const telling = new Set<string>(['logits', 'targets', 'weight', 'reduction', 'padding', 'ignoreIndex', 'smoothing']);

function parametersOf(site: LossSite): readonly KnownParameter[] {
  const { definition } = site;
  if (definition.kind !== 'class' && definition.kind !== 'function') return [];
  const known =
    (where: KnownParameter['where']) =>
    ({ parameter: { name, range, defaultValue }, role }: RoleOf): KnownParameter => ({
      name,
      range,
      defaultValue,
      where,
      role: telling.has(role) ? (role as KnownParameter['role']) : 'other',
    });
  const ofMethod = definition.kind === 'class' && site.program.language === 'python' ? 1 : 0;
  const [maker, callable] =
    definition.kind === 'class' ? [definition.constructor, definition.method] : [definition.factory, definition.callable];
  return [
    ...constructorRoles(site, maker?.parameters.slice(ofMethod) ?? []).map(known('constructor')),
    ...callRoles(site, callable.parameters.slice(ofMethod)).map(known('call')),
  ];
}

/** Has `check` look at the loss of the same name after the edits, measured as before; false when it no longer runs. */
function tryEdited(task: Task, edits: readonly Edit[], check: (again: Subject) => boolean): boolean {
  const kept = withEditedSite(task, edits, (edited) => {
    const measuring = measureAgain(edited);
    return measuring !== null && check(subjectOf(edited, measuring));
  });
  return kept === true;
}

function measureAgain(task: Task): Measuring | null {
  const { session, site, found, request, fileSample } = task;
  if (site.definition.kind === 'script') {
    const smoothing = found.constants.find((c) => c.site === site.name && c.value !== null)?.value ?? null;
    if (fileSample === null) return null;
    const sample = chooseSample({ ...task, request: { file: request.file, text: request.text } });
    const box = scriptBox(session, site.definition.last, fileSample);
    return measuredLater({ smoothing, sample, feed: 'logits', box }, () => measuredAlone(task, givenSmoothing(smoothing), sample, box));
  }
  if (site.role === 'target') {
    const smoothing = chooseSmoothing(session, site, found.constants, request.smoothing);
    const sample = chooseSample(task);
    const made = targetBox(session, site, smoothing.passed, sample);
    const { q } = made.onSample();
    return measuredLater({ smoothing: smoothing.value, sample, feed: 'logits', box: made.box, targets: q }, () =>
      measuredAlone(task, smoothing, sample, made.box),
    );
  }
  const { smoothing, sample, loss, fed } = prepareLoss(task);
  const box = loss.box(fed.feed);
  return measuredLater({ smoothing: smoothing.value, sample, feed: fed.feed, box, loss }, () =>
    measuredAlone(task, smoothing, sample, box),
  );
}

function measuredLater(known: Omit<Measuring, 'measurement'>, measure: () => Measurement | null): Measuring {
  let measured: { readonly measurement: Measurement | null } | null = null;
  return {
    ...known,
    get measurement() {
      measured ??= { measurement: measure() };
      return measured.measurement;
    },
  };
}
