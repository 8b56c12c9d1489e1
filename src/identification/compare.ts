/** A measured loss beside the reference formulations. */
import { defaultComparison, formulationById } from '../formulations/catalogue';
import { evaluate, valueAndGradient, type Evaluation, type EvaluationRequest } from '../formulations/evaluate';
import type { Formulation } from '../formulations/formulation';
import type { Comparison, Num, Relation, Sample, Standing, TensorData } from '../inspection';
import { isFiniteRun, largest, type Matrix, type Probe } from './blackBox';
import type { Measurement } from './measurement';
import { shortestDecimal, toNum, ulpDistance } from './precision';
import { keepsTo, outcomeOf, relateBatch, relationOf, turnedBatch, type BatchRelation, type Outcome, type Pair } from './relate';
import { relationInWords, type Related, type View } from './relationInWords';

export interface CompareRequest {
  readonly measurement: Measurement;
  readonly sample: Sample;
  /** The ε the formulations are given; where the code has none, the measured one. */
  readonly smoothing: number | null;
  /** In place of the default set; the formulation it was measured to be is added to either. */
  readonly formulations?: readonly Formulation[];
  /** What stands in the loss's place: 'withFormulation' where that is a formulation. */
  readonly view?: View;
  /** Of the formulations, in place of what the loss was seen to do. */
  readonly settings?: Settings;
}

/** One comparison for each formulation: its numbers on the sample, and how it relates to the loss on every probe the measurement made. */
export function compare(request: CompareRequest): readonly Comparison[] {
  const { measurement } = request;
  const chosen = request.formulations ?? defaultComparison;
  const own = measurement.measured.formulation === null ? null : formulationById(measurement.measured.formulation);
  const all = own === null || chosen.some(({ id }) => id === own.id) ? chosen : [...chosen, own];
  const smoothing = smoothingOf(request);
  return all.map((formulation) => comparison(formulation, smoothing, request));
}

/** The ε that formulations are given. */
export function smoothingOf({ smoothing, measurement }: CompareRequest): number {
  return smoothing ?? measuredSmoothing(measurement) ?? 0.1;
}

/** How the loss stands to one formulation: `compare`'s relation turned round. Null where the formulation has no value on the sample. */
export function standingTo(formulation: Formulation, request: CompareRequest): Standing | null {
  const { measurement, sample } = request;
  const smoothing = smoothingOf(request);
  const probe = measurement.probes[0]!;
  const settings = request.settings ?? settingsOf(measurement, sample);
  const theirs = evaluate(formulation, { logits: probe.logits, targets: probe.targets, smoothing, ...settings });
  if ('problem' in theirs) return null;
  const mine = outcomeOf(probe.run);
  const related = relate(formulation, smoothing, measurement, settings, theirs);
  const turned = related === null ? null : turnedRound(related);
  const detail = relationInWords(turned, { formulation, smoothing, measurement, mine, theirs, view: 'yoursWithFormulation' });
  return { ...distances(theirs, mine), relation: turned?.relation ?? null, detail };
}

/** b − a, and relative to a. */
function distances(a: Outcome, b: Outcome): Omit<Standing, 'relation' | 'detail'> {
  const difference = b.value - a.value;
  return {
    difference: toNum(difference),
    relativeDifference: toNum(difference === 0 ? 0 : difference / Math.abs(a.value)),
    ulp: toNum(ulpDistance(a.value, b.value)),
    gradientDifference: toNum(largest(a.gradient.flatMap((row, i) => row.map((g, k) => (b.gradient[i]?.[k] ?? NaN) - g)))),
  };
}

/** theirs = factor · mine + offset, read as mine = theirs/factor − offset/factor. */
function turnedRound(related: Related): Related {
  const batches = related.batches.map(turnedBatch);
  const turn = (relation: Relation): Relation =>
    batches.length === 0 ? relation : (relationOf(batches, 'smoothing' in relation ? (relation.smoothing ?? null) : null) ?? relation);
  const { farAway } = related;
  return {
    ...related,
    batches,
    relation: farAway === undefined ? turn(related.relation) : related.relation,
    ...(farAway === undefined ? {} : { farAway: { ...farAway, ordinary: turn(farAway.ordinary) } }),
  };
}

function measuredSmoothing({ law }: Measurement): number | null {
  switch (law?.law.kind) {
    case 'hard':
      return 0;
    case 'fillScatter':
    case 'uniformMixture':
      return law.law.smoothing;
    case 'either':
      return law.law.fillScatter;
    default:
      return null;
  }
}

/** Shares in the digits that float32 has. A row of many classes has few different ones. */
function asWritten(row: readonly number[]): readonly Num[] {
  const known = new Map<number, Num>();
  return row.map((value) => {
    const short = known.get(value) ?? toNum(shortestDecimal(value, 2 ** -24 * Math.abs(value)));
    known.set(value, short);
    return short;
  });
}

function comparison(formulation: Formulation, smoothing: number, request: CompareRequest): Comparison {
  const { measurement, sample, view = 'withYours' } = request;
  const probe = measurement.probes[0]!;
  const settings = request.settings ?? settingsOf(measurement, sample);
  const theirs = evaluate(formulation, { logits: probe.logits, targets: probe.targets, smoothing, ...settings });
  const base = { formulation: formulation.id, title: formulation.title, tex: formulation.tex, smoothing };
  if ('problem' in theirs) {
    return {
      ...base,
      value: null,
      perSample: null,
      gradient: null,
      targetDistribution: null,
      difference: null,
      relativeDifference: null,
      ulp: null,
      gradientDifference: null,
      relation: null,
      detail: theirs.problem,
    };
  }
  const mine = outcomeOf(probe.run);
  const related = relate(formulation, smoothing, measurement, settings, theirs);
  return {
    ...base,
    value: toNum(theirs.value),
    perSample: theirs.perSample.map(toNum),
    gradient: tensorOf(theirs.gradient),
    targetDistribution: theirs.targetDistribution.map(asWritten),
    ...distances(mine, theirs),
    relation: related?.relation ?? null,
    detail: relationInWords(related, { formulation, smoothing, measurement, mine, theirs, view }),
  };
}

export type Settings = Pick<EvaluationRequest, 'classWeights' | 'ignoreIndex' | 'paddingIndex' | 'lambda' | 'sigma'>;

/** What the loss was seen to do, for formulations that have the same setting. */
export function settingsOf({ measured, shape }: Measurement, sample: Sample): Settings {
  const paddingRows = shape?.zeroRows.includes(true) === true ? measured.paddingIndex : null;
  const ignoreIndex = sample.ignoreIndex ?? paddingRows ?? undefined;
  const paddingIndex = measured.paddingIndex ?? sample.paddingIndex;
  return {
    ...(sample.classWeights === undefined ? {} : { classWeights: sample.classWeights }),
    ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
    ...(paddingIndex === undefined ? {} : { paddingIndex }),
    ...(shape?.kind === 'mixup' ? { lambda: shape.lambda } : {}),
    ...(shape?.kind === 'normal' ? { sigma: shape.sigma } : {}),
  };
}

/** Tries the formulation at its ε, then at the ε that gives the measured targets; whatever it finds has been run. */
function relate(
  formulation: Formulation,
  smoothing: number,
  measurement: Measurement,
  settings: Settings,
  onSample: Evaluation,
): Related | null {
  const { probes, classes, deterministic } = measurement;
  if (!isFiniteRun(probes[0]!.run) || !Number.isFinite(onSample.value) || !deterministic) return null;
  const usable = probes.filter((probe) => isFiniteRun(probe.run) && inRange(probe, settings, measurement));
  const here = usable.filter((probe) => probe.logits[0]!.length === classes);
  const elsewhere = usable.filter((probe) => probe.logits[0]!.length !== classes);
  const at = (epsilon: number, on: readonly Probe[]): readonly BatchRelation[] | null =>
    relationsOf(formulation, epsilon, batchesOf(on), settings);

  const checked = (related: Related, epsilon: number): Related => farAway(related, formulation, epsilon, measurement, settings);

  const asGiven = relationIn(at(smoothing, here), null);
  if (asGiven !== null) {
    const there = elsewhere.length === 0 ? asGiven : relationIn(at(smoothing, elsewhere), null);
    // Ignored rows stand in some batches only, so a factor may come and go with them; an equality may not.
    const holdsElsewhere = there !== null && (asGiven.relation.kind !== 'equal' || there.relation.kind === 'equal');
    return checked({ ...asGiven, evidence: here.length, onlyAtTheseClasses: !holdsElsewhere }, smoothing);
  }
  const solved = smoothingThatGives(formulation, measurement);
  if (solved === null || solved === smoothing)
    return { relation: { kind: 'different' }, batches: [], evidence: here.length, onlyAtTheseClasses: false };
  const asSolved = relationIn(at(solved, here), solved);
  if (asSolved === null) return { relation: { kind: 'different' }, batches: [], evidence: here.length, onlyAtTheseClasses: false };
  // Targets that follow neither convention as K varies are those of each at one K only, and no ε makes the two losses equal.
  const { kind } = asSolved.relation;
  if (elsewhere.length > 0 && measurement.law?.law.kind === 'none' && (kind === 'equalWithSmoothing' || kind === 'sameGradientOffset')) {
    return {
      relation: { kind: 'different' },
      batches: [],
      evidence: here.length,
      onlyAtTheseClasses: false,
      onlyHere: { smoothing: solved },
    };
  }
  return checked({ ...asSolved, evidence: here.length, onlyAtTheseClasses: false }, solved);
}

/** A relation must hold where logits are large, too: a loss that clips probabilities is another one there. */
function farAway(related: Related, formulation: Formulation, epsilon: number, { far }: Measurement, settings: Settings): Related {
  if (far === null || far.kind === 'failed') return related;
  const where = far.kind === 'departs' ? far.where : 'large';
  const { logits, targets, run } = far.probe;
  const near = related.batches.find((batch) => batch.classes === logits[0]!.length && batch.targets.join() === targets.join());
  const theirs = valueAndGradient(formulation, { logits, targets, smoothing: epsilon, ...settings });
  if (near === undefined || 'problem' in theirs) return related;
  const mine = outcomeOf(run);
  if (keepsTo(near, { logits, targets, mine, theirs })) return related;
  const ordinary = related.relation;
  return { ...related, relation: { kind: 'different' }, farAway: { where, ordinary, mine: mine.value, theirs: theirs.value } };
}

interface InBatches {
  readonly relation: Relation;
  readonly batches: readonly BatchRelation[];
}

function relationIn(batches: readonly BatchRelation[] | null, smoothing: number | null): InBatches | null {
  const relation = batches === null || batches.length === 0 ? null : relationOf(batches, smoothing);
  return relation === null ? null : { relation, batches: batches! };
}

/** Probes with targets that are no class are about ignored rows; they count only when the sample has such rows. */
function inRange(probe: Probe, { ignoreIndex }: Settings, { probes, classes }: Measurement): boolean {
  const isClass = (target: number, count: number): boolean => target >= 0 && target < count;
  if (probe.targets.every((target) => isClass(target, probe.logits[0]!.length))) return true;
  return ignoreIndex !== undefined && probes[0]!.targets.includes(ignoreIndex) && !isClass(ignoreIndex, classes);
}

/** Batches of the same targets, two probes of each: enough to tell a constant from a coincidence, and each costs a run of the formulation. */
function batchesOf(probes: readonly Probe[]): readonly (readonly Probe[])[] {
  const batches = new Map<string, Probe[]>();
  for (const probe of probes) {
    const key = `${probe.logits[0]?.length ?? 0}:${probe.targets.join(',')}`;
    batches.set(key, [...(batches.get(key) ?? []), probe]);
  }
  return [...batches.values()].map((batch) => batch.slice(0, 2));
}

/** The relation in every batch; null as soon as there is none in one. */
function relationsOf(
  formulation: Formulation,
  smoothing: number,
  batches: readonly (readonly Probe[])[],
  settings: Settings,
): readonly BatchRelation[] | null {
  const relations: BatchRelation[] = [];
  for (const batch of batches) {
    const pairs: Pair[] = [];
    for (const { logits, targets, run } of batch) {
      const { classWeights, ...rest } = settings;
      const weights = classWeights?.length === logits[0]!.length ? { classWeights } : {};
      const theirs = valueAndGradient(formulation, { logits, targets, smoothing, ...rest, ...weights });
      if ('problem' in theirs) return null;
      pairs.push({ logits, targets, mine: outcomeOf(run), theirs });
    }
    const relation = relateBatch(pairs);
    if (relation === null) return null;
    relations.push(relation);
  }
  return relations;
}

/** The ε at which the formulation has the measured on and off values. */
function smoothingThatGives({ convention }: Formulation, { distribution, classes, shape }: Measurement): number | null {
  if (distribution === null) return null;
  // Where a class gets nothing, neither convention has the targets at any ε.
  const reachesAll = shape?.zeroColumn === null;
  const { on, off, named } = distribution;
  const error = named ? 1e-12 : distribution.error;
  switch (convention) {
    case 'fillScatter':
      return reachesAll ? shortestDecimal(off * (classes - 1), error) : null;
    case 'uniformMixture':
      return reachesAll ? shortestDecimal(off * classes, error) : null;
    case 'padded':
      return shortestDecimal(1 - on, error);
    default:
      return null;
  }
}

function tensorOf(matrix: Matrix): TensorData {
  return { dtype: 'float32', shape: [matrix.length, matrix[0]?.length ?? 0], values: matrix.flat().map(toNum) };
}
