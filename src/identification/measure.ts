/** Runs a loss on a few small probes and reads off what it computes. */
import type { Measured, Reduction } from '../inspection';
import { isFiniteRun, largest, mean, perSampleValues, sum, total, type BlackBox, type LossRun, type Matrix, type Probe } from './blackBox';
import { fitAffine, type AffineFit } from './fit';
import { findLaw, type LawFound, type Observation } from './law';
import { otherFamily, type OtherFamily } from './otherFamilies';
import { chainError, shortestDecimal, toNum } from './precision';
import { coveringTargets, probeLogits } from './probes';
import { divisorValue, explainingDivisors, isZeroRow, type Divisor } from './reduction';
import { crossEntropyFloor } from './softmax';
import { targetShape, type TargetShape } from './targetShape';
import { verdictOf } from './verdict';

export interface MeasureRequest {
  readonly logits: Matrix;
  readonly targets: readonly number[];
  /** The smoothing factor the code was given, where it has one: it decides what the numbers alone leave open. */
  readonly smoothing: number | null;
  readonly classWeights?: readonly number[];
  readonly ignoreIndex?: number;
  readonly paddingIndex?: number;
}

/** A batch of probes that share their targets, with the model fitted to them. */
interface Batch {
  readonly probes: readonly Probe[];
  readonly fit: AffineFit;
}

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

export interface Measurement {
  readonly measured: Measured;
  /** Every run made, the sample's first. */
  readonly probes: readonly Probe[];
  /** Of the sample's targets; null when too few runs succeeded. */
  readonly fit: AffineFit | null;
  readonly shape: TargetShape | null;
  readonly law: LawFound | null;
  /** on and off values at the sample's K as fractions of the mass 1 distribution, for solving ε; null where the targets have no such form. */
  readonly distribution: { readonly on: number; readonly off: number; readonly error: number } | null;
  readonly offsetKind: OffsetKind;
  readonly divisor: Divisor | null;
  readonly otherFamily: OtherFamily | null;
  readonly crossRow: CrossRow | null;
  readonly ignored: IgnoredRows | null;
  readonly deterministic: boolean;
  readonly classes: number;
  /** The numbers of classes it was measured at. */
  readonly measuredAt: readonly number[];
  readonly smoothing: number | null;
  readonly classWeights: readonly number[] | null;
  /** Ids of the formulations that remain where the measurement cannot decide between several. */
  readonly remaining: readonly string[];
}

/** Added to Σ a(−log p): nothing; minus the targets' entropy, which makes a KL divergence of a cross entropy; something else. */
export type OffsetKind = 'none' | 'entropy' | 'constant';

/**
 * Measures `loss` with about a dozen runs at tiny shapes around the sample. Throws only what the run on the sample itself throws; a probe
 * that fails is left out, and what it would have told is then unknown.
 */
export function measure(loss: BlackBox, request: MeasureRequest): Measurement {
  const classes = request.logits[0]?.length ?? 0;
  const sampleRun: Probe = { logits: request.logits, targets: request.targets, run: loss(request.logits, request.targets) };
  const probes: Probe[] = [sampleRun];
  const attempt = (logits: Matrix, targets: readonly number[]): Probe | null => {
    try {
      const probe = { logits, targets, run: loss(logits, targets) };
      probes.push(probe);
      return isFiniteRun(probe.run) && probe.run.gradient.length === targets.length ? probe : null;
    } catch {
      return null;
    }
  };
  const batchOf = (targets: readonly number[], count: number, variants: number): Batch | null => {
    const made = Array.from({ length: variants }, (_, variant) => attempt(probeLogits(targets.length, count, variant), targets));
    const finite = made.filter((probe) => probe !== null);
    return finite.length < 2 ? null : { probes: finite, fit: fitAffine(finite) };
  };
  if (classes < 2) return unmeasurable(probes, request, classes);

  const wanted = [...request.targets.slice(0, 4), ...(request.paddingIndex === undefined ? [] : [request.paddingIndex])];
  const covering = coveringTargets(classes, wanted);
  // A sample of many rows is measured on its first ones: the rest would only cost time.
  const rows = Math.max(1, Math.min(request.targets.length, Math.floor(16384 / classes)));
  const sample = batchOf(request.targets.slice(0, rows), classes, 3);
  const cover = batchOf(covering, classes, 3);
  if (sample === null) return unmeasurable(probes, request, classes);
  const main = cover ?? sample;
  const deterministic = sameRun(main.probes[0]!.run, attempt(main.probes[0]!.logits, main.probes[0]!.targets)?.run);
  const crossRow = dependenceBetweenRows(main, request.smoothing, attempt);
  const affine = deterministic && sample.fit.gradientFits && main.fit.gradientFits;
  const family = affine && main.fit.valueFits ? null : deterministic ? otherFamily(main.probes) : null;

  const half = cover === null ? null : batchOf(covering.slice(0, Math.ceil(covering.length / 2)), classes, 2);
  const ignoreTarget = request.ignoreIndex ?? -100;
  const withIgnored = cover === null ? null : batchOf([ignoreTarget, ...covering.slice(1)], classes, 2);
  const otherClasses = classes > 8 ? 5 : classes + 3;
  const other = batchOf(coveringTargets(otherClasses, []), otherClasses, 2);

  const weights = request.classWeights ?? null;
  const sameClasses = [cover, half, withIgnored].filter((batch) => batch !== null).map((batch) => batch.fit);
  const explaining = sameClasses.length > 1 ? explainingDivisors(sameClasses, weights) : null;
  const divisor = explaining === null ? divisorByNumber(sample.fit, weights) : (explaining[0] ?? null);
  const ignored = withIgnored === null ? null : ignoredRows(withIgnored.fit, main.fit, ignoreTarget);

  const shapeOf = (batch: Batch): TargetShape => {
    const share = divisor === null ? 1 : divisorValue(divisor, batch.fit, weights);
    const times = (matrix: Matrix): Matrix => matrix.map((row) => row.map((value) => value * share));
    const fits = batch.fit.classes === classes ? weights : null;
    return targetShape({ targets: batch.fit.targets, q: times(batch.fit.weights), errors: times(batch.fit.errors) }, fits);
  };
  const shape = shapeOf(main);
  const observations = [main, ...(other === null ? [] : [other])].map((batch) => observationOf(shapeOf(batch), batch.fit.classes));
  const law = observations[0]
    ? findLaw(
        observations.filter((observation) => observation !== null),
        request.smoothing,
      )
    : null;

  return assemble({
    request,
    probes,
    sample,
    main,
    shape,
    law,
    divisor,
    affine,
    family,
    crossRow,
    ignored,
    deterministic,
    classes,
    measuredAt: other === null ? [classes] : [classes, otherClasses],
  });
}

function observationOf(shape: TargetShape, classes: number): Observation | null {
  if (shape.kind !== 'plain' && shape.kind !== 'weighted' && shape.kind !== 'mixup') return null;
  const { on, off, onError, offError, zeroColumn } = shape;
  return { classes, on, off, onError, offError, offCount: classes - 1 - (zeroColumn === null ? 0 : 1) };
}

/** Without batches to compare, take the divisor that makes the sample's rows sum to one (or to 1/K, a mean over all elements). */
function divisorByNumber(fit: AffineFit, classWeights: readonly number[] | null): Divisor | null {
  const row = fit.targets.findIndex((_, i) => !isZeroRow(fit, i));
  if (row < 0) return null;
  const share = sum(fit.weights[row]!);
  const error = sum(fit.errors[row]!);
  const makesOne = (divisor: Divisor, factor: number): boolean => {
    const size = divisorValue(divisor, fit, classWeights) * factor;
    return Math.abs(share * size - 1) <= error * size;
  };
  const candidates: readonly Divisor[] = ['one', 'rows', 'active'];
  return candidates.find((divisor) => makesOne(divisor, 1) || makesOne(divisor, fit.classes)) ?? null;
}

function ignoredRows(withIgnored: AffineFit, base: AffineFit, target: number): IgnoredRows {
  const zeroed = isZeroRow(withIgnored, 0);
  const share = sum(withIgnored.weights[1]!) / sum(base.weights[1]!);
  const error = (sum(withIgnored.errors[1]!) + sum(base.errors[1]!)) / Math.abs(sum(base.weights[1]!));
  const counted = Math.abs(share - 1) <= error ? true : share > 1 ? false : null;
  return { target, zeroed, counted };
}

/** Two runs of one input must agree to the last bit: everything here is deterministic unless the loss draws random numbers or keeps state. */
function sameRun(first: LossRun, second: LossRun | undefined): boolean {
  if (second === undefined) return false;
  const [left, right] = [first, second].map((run) => [total(run), ...run.gradient.flat()]);
  return left!.every((value, m) => Object.is(value, right![m]));
}

/** Moves one row's logits and watches the other rows' losses. Null when the loss shows no per-row values, or they stay as they were. */
function dependenceBetweenRows(
  batch: Batch,
  smoothing: number | null,
  attempt: (logits: Matrix, targets: readonly number[]) => Probe | null,
): CrossRow | null {
  const first = batch.probes[0]!;
  const before = perSampleValues(first.run);
  if (before === null || before.length < 2 || before.length !== first.targets.length) return null;
  // Far enough that even a thousandth of it shows in the other rows.
  const moved = 0;
  const shift = 16;
  const logits = first.logits.map((row, i) => (i === moved ? row.map((z, k) => (k === 0 ? z + shift : z)) : row));
  const after = attempt(logits, first.targets);
  const values = after === null ? null : perSampleValues(after.run);
  if (values?.length !== before.length) return null;
  const changes = values.map((value, row) => (row === moved ? 0 : value - before[row]!));
  const change = largest(changes);
  const others = before.map((_, row) => row).filter((row) => row !== moved);
  const rounding = 2 * chainError * Math.max(...others.map((row) => Math.abs(before[row]!) + Math.abs(values[row]!)));
  if (!(change > rounding)) return null;
  const uniform = (row: readonly number[]): number => Math.log(sum(row.map(Math.exp))) - mean(row);
  const expected = ((smoothing ?? NaN) * (uniform(logits[moved]!) - uniform(first.logits[moved]!))) / before.length;
  const isBatchUniformTerm = others.every((row) => Math.abs(changes[row]! - expected) <= 4 * rounding);
  const row = changes.findIndex((value) => Math.abs(value) === change);
  return { movedRow: moved, row, change: changes[row]!, isBatchUniformTerm };
}

interface Parts {
  readonly request: MeasureRequest;
  readonly probes: readonly Probe[];
  readonly sample: Batch;
  readonly main: Batch;
  readonly shape: TargetShape;
  readonly law: LawFound | null;
  readonly divisor: Divisor | null;
  readonly affine: boolean;
  readonly family: OtherFamily | null;
  readonly crossRow: CrossRow | null;
  readonly ignored: IgnoredRows | null;
  readonly deterministic: boolean;
  readonly classes: number;
  readonly measuredAt: readonly number[];
}

function assemble(parts: Parts): Measurement {
  const { request, sample, main, shape, law, divisor, classes } = parts;
  const weights = request.classWeights ?? null;
  const fit = sample.fit;
  const share = divisor === null ? 1 : divisorValue(divisor, fit, weights);
  const scale = ((law?.factor ?? 1) / share) * (law?.dividesByClasses === true ? 1 / classes : 1);
  const q = fit.weights.map((row) => row.map((value) => value / scale));
  const errors = fit.errors.map((row) => row.map((value) => value / Math.abs(scale)));
  const activeRows = q.filter((_, row) => !isZeroRow(fit, row));
  const plain = observationOf(shape, classes);
  const unit = scale * share; // The shape is in units of one row's share; take out what the law says is factor or ÷K.
  const on = plain === null ? mean(activeRows.map((row) => Math.max(...row))) : plain.on / unit;
  const off = plain === null ? offMean(q, fit.targets) : plain.off / unit;
  const onError = plain === null ? NaN : plain.onError / unit;
  const offError = plain === null ? NaN : plain.offError / unit;
  const mass = plain === null ? mean(activeRows.map(sum)) : on + plain.offCount * off;

  const offset = activeRows.length === 0 ? 0 : fit.offset / (scale * activeRows.length);
  const offsetError = activeRows.length === 0 ? 0 : fit.offsetError / Math.abs(scale * activeRows.length);
  const entropy = mean(activeRows.map((row) => sum(row.map((value) => (value > 0 ? -value * Math.log(value) : 0)))));
  const offsetKind: OffsetKind =
    Math.abs(offset) <= offsetError ? 'none' : Math.abs(offset + entropy) <= 2 * offsetError ? 'entropy' : 'constant';
  const floor = scale * sum(activeRows.map(crossEntropyFloor));

  const distribution =
    parts.affine && plain !== null && mass > 0 ? { on: on / mass, off: off / mass, error: Math.max(onError, offError * classes) } : null;
  const smoothing = distribution === null ? null : effectiveSmoothing(distribution, classes, plain?.offCount ?? 0);
  const reduction = reductionOf(parts, sample, offsetKind);
  const paddingIndex = paddingOf(shape, main.fit);
  const affine = parts.affine && main.fit.valueFits && sample.fit.valueFits;
  const [formulation, remaining] = formulationOf(affine, law, shape, offsetKind, reduction, parts.family, request.smoothing);

  const [cleanOn, cleanOff] = [shortestDecimal(on, onError), shortestDecimal(off, offError)];
  const unverified: Omit<Measured, 'verdict'> = {
    affine,
    onValue: toNum(cleanOn),
    offValue: toNum(cleanOff),
    mass: toNum(shortestDecimal(mass, plain === null ? chainError * 8 : onError + plain.offCount * offError)),
    scale: toNum(shortestDecimal(scale, chainError * Math.abs(scale))),
    reduction,
    offset: toNum(shortestDecimal(offset, offsetError)),
    paddingIndex,
    residual: toNum(Math.max(sample.fit.residual, main.fit.residual)),
    effectiveSmoothing: smoothing ?? { fillScatter: null, uniformMixture: null },
    targetDistribution: q.map((row, i) =>
      shape.kind === 'plain' && isPlainTarget(fit.targets[i]!, classes)
        ? row.map((_, k) => toNum(isZeroRow(fit, i) ? 0 : k === fit.targets[i] ? cleanOn : k === shape.zeroColumn ? 0 : cleanOff))
        : row.map((value, k) => toNum(shortestDecimal(value, errors[i]![k]!))),
    ),
    entropyFloor: toNum(shortestDecimal(floor, chainError * floor)),
    formulation,
  };
  const measurement: Omit<Measurement, 'measured'> = {
    probes: parts.probes,
    fit,
    shape,
    law,
    distribution,
    offsetKind,
    divisor,
    otherFamily: parts.family,
    crossRow: parts.crossRow,
    ignored: parts.ignored,
    deterministic: parts.deterministic,
    classes,
    measuredAt: parts.measuredAt,
    smoothing: request.smoothing,
    classWeights: request.classWeights ?? null,
    remaining,
  };
  return { ...measurement, measured: { ...unverified, verdict: verdictOf(unverified, measurement) } };
}

function isPlainTarget(target: number, classes: number): boolean {
  return target >= 0 && target < classes;
}

function offMean(q: Matrix, targets: readonly number[]): number {
  const offs = q.flatMap((row, i) => row.filter((_, k) => k !== targets[i]));
  return offs.length === 0 ? 0 : mean(offs);
}

function effectiveSmoothing(
  distribution: { readonly on: number; readonly off: number; readonly error: number },
  classes: number,
  offCount: number,
): Measured['effectiveSmoothing'] {
  const clean = (value: number): number => shortestDecimal(value, distribution.error);
  // A zeroed column has no counterpart in the uniform mixture, which gives every class its share.
  const mixture = offCount === classes - 1 ? clean(distribution.off * classes) : null;
  return { fillScatter: clean(distribution.off * offCount), uniformMixture: mixture };
}

function reductionOf(parts: Parts, sample: Batch, offsetKind: OffsetKind): Reduction {
  if (typeof sample.probes[0]!.run.value !== 'number') return 'none';
  if (parts.law?.dividesByClasses === true) return 'elementMean';
  switch (parts.divisor) {
    case 'one':
      return 'sum';
    case 'rows':
      return offsetKind === 'entropy' ? 'batchmean' : 'mean';
    case 'active':
      // Rows that never drop out make it the plain mean, for all that this sample shows.
      if (sample.fit.targets.some((_, row) => isZeroRow(sample.fit, row)) || parts.shape.zeroRows.includes(true)) return 'activeMean';
      return offsetKind === 'entropy' ? 'batchmean' : 'mean';
    case 'weights':
      return 'weightedMean';
    case null:
      return 'unknown';
  }
}

/** The class whose column is zero, or, failing that, the only one whose rows are. */
function paddingOf(shape: TargetShape, fit: AffineFit): number | null {
  if (shape.zeroColumn !== null) return shape.zeroColumn;
  const zeroTargets = new Set(fit.targets.filter((target, row) => shape.zeroRows[row]! && target >= 0));
  return zeroTargets.size === 1 ? [...zeroTargets][0]! : null;
}

/** The id of the formulation it is, and those that remain where several do. */
function formulationOf(
  affine: boolean,
  law: LawFound | null,
  shape: TargetShape,
  offsetKind: OffsetKind,
  reduction: Reduction,
  family: OtherFamily | null,
  nominal: number | null,
): readonly [string | null, readonly string[]] {
  if (family?.kind === 'binary') return ['binary', []];
  if (!affine || offsetKind === 'constant') return [null, []];
  if (shape.kind === 'normal') return ['normal', []];
  if (law === null || shape.kind === 'general' || shape.kind === 'zero') return [null, []];
  const divergence = offsetKind === 'entropy';
  const kl = (base: string): string => `kldiv-${base}/${reduction === 'elementMean' ? 'mean' : reduction}`;
  const named = (base: string): string => (divergence ? kl(base) : shape.kind === 'mixup' ? 'mixup-target' : base);
  switch (law.law.kind) {
    case 'hard':
      if (shape.kind === 'mixup') return ['mixup-target', []];
      return ['hard-labels', nominal === 0 ? ['hard-labels', 'fill-scatter', 'uniform-mixture'] : []];
    case 'fillScatter':
      if (law.law.padded) return divergence ? ['annotated-transformer', []] : [null, []];
      return [named('fill-scatter'), []];
    case 'uniformMixture':
      return [named('uniform-mixture'), []];
    case 'either':
      return [null, [named('fill-scatter'), named('uniform-mixture')]];
    case 'none':
      return [null, []];
  }
}

/** One class, or no finite probe: nothing can be read off. */
function unmeasurable(probes: readonly Probe[], request: MeasureRequest, classes: number): Measurement {
  const why =
    classes < 2
      ? 'With one class log p is 0 for every input, so there is nothing to measure; fill/scatter divides by K−1 = 0 there.'
      : 'Its values are not finite on ordinary logits, or it could not be run on other logits than the sample’s, so it was not measured.';
  return {
    measured: {
      affine: false,
      onValue: 'nan',
      offValue: 'nan',
      mass: 'nan',
      scale: 'nan',
      reduction: 'unknown',
      offset: 'nan',
      paddingIndex: null,
      residual: 'nan',
      effectiveSmoothing: { fillScatter: null, uniformMixture: null },
      targetDistribution: [],
      entropyFloor: 'nan',
      verdict: why,
      formulation: null,
    },
    probes,
    fit: null,
    shape: null,
    law: null,
    distribution: null,
    offsetKind: 'none',
    divisor: null,
    otherFamily: null,
    crossRow: null,
    ignored: null,
    deterministic: true,
    classes,
    measuredAt: [],
    smoothing: request.smoothing,
    classWeights: request.classWeights ?? null,
    remaining: [],
  };
}
