/** From fitted batches to what the loss computes. */
import { greatest } from './extremes';
import type { Measured, Reduction } from '../inspection';
import { mean, sum, type Matrix, type Probe } from './blackBox';
import type { FarBehaviour } from './far';
import type { AffineFit } from './fit';
import { formulaOf } from './formula';
import type { GivenTargets } from './givenTargets';
import type { LawFound, Observation } from './law';
import type { CrossRow, IgnoredFailure, IgnoredRows, Measurement, OffsetKind, Distribution } from './measurement';
import type { OtherFamily } from './otherFamilies';
import { chainError, shortestDecimal, toNum, type CoarseType } from './precision';
import { divisorValue, isZeroRow, meanMass, type Divisor } from './reduction';
import { crossEntropyFloor, entropyOf } from './softmax';
import type { TargetShape } from './targetShape';
import { verdictOf } from './verdict';

/** A batch of probes that share their targets, with the model fitted to them. */
export interface Batch {
  readonly probes: readonly Probe[];
  readonly fit: AffineFit;
}

export function observationOf(shape: TargetShape, classes: number): Observation | null {
  if (shape.kind !== 'plain' && shape.kind !== 'weighted' && shape.kind !== 'mixup') return null;
  const { on, off, onError, offError, zeroColumn } = shape;
  return { classes, on, off, onError, offError, offCount: classes - 1 - (zeroColumn === null ? 0 : 1) };
}

export interface Readings {
  readonly smoothing: number | null;
  readonly classWeights: readonly number[] | null;
  readonly makesTargets: boolean;
  readonly given: GivenTargets | null;
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
  readonly ignoredFailure: IgnoredFailure | null;
  readonly missesFirstPaddingRow: boolean;
  readonly zeroRowsByPosition: boolean;
  readonly variesWithRows: readonly [number, number] | null;
  readonly far: FarBehaviour | null;
  readonly coarse: CoarseType | null;
  readonly deterministic: boolean;
  readonly nextRow: boolean;
  readonly classes: number;
  readonly measuredAt: readonly number[];
}

/** Puts scale, mass and offset apart, and names what it is. */
export function read(parts: Readings): Measurement {
  const { sample, main, shape, law, divisor, classes } = parts;
  const weights = parts.classWeights;
  const fit = sample.fit;
  const share = divisor === null ? 1 / meanMass(fit) : divisorValue(divisor, fit, weights);
  const scale = ((law?.factor ?? 1) / share) * (law?.dividesByClasses === true ? 1 / classes : 1);
  const q = fit.weights.map((row) => row.map((value) => value / scale));
  const errors = fit.errors.map((row) => row.map((value) => value / Math.abs(scale)));
  const activeRows = q.filter((_, row) => !isZeroRow(fit, row));
  const plain = observationOf(shape, classes);
  const unit = scale * share; // The shape is in units of one row's share; take out what the law says is factor or ÷K.
  const seen: OnAndOff =
    plain === null
      ? { on: mean(activeRows.map((row) => greatest(row))), off: offMean(q, fit.targets), onError: NaN, offError: NaN }
      : { on: plain.on / unit, off: plain.off / unit, onError: plain.onError / Math.abs(unit), offError: plain.offError / Math.abs(unit) };
  const offCount = plain?.offCount ?? 0;
  const named = law === null || plain === null || law.mass !== 1 ? null : onAndOffOf(law, classes, offCount);
  const on = named?.on ?? shortestDecimal(seen.on, seen.onError);
  const off = named?.off ?? shortestDecimal(seen.off, seen.offError);
  const mass = plain === null ? mean(activeRows.map(sum)) : named === null ? seen.on + offCount * seen.off : 1;
  const targets = q.map((row, i) =>
    shape.kind === 'plain' && fit.targets[i]! >= 0 && fit.targets[i]! < classes
      ? row.map((_, k) => (isZeroRow(fit, i) ? 0 : k === fit.targets[i] ? on : k === shape.zeroColumn ? 0 : off))
      : row.map((value, k) => shortestDecimal(value, errors[i]![k]!)),
  );

  const activeTargets = targets.filter((_, row) => !isZeroRow(fit, row));
  const offset = activeRows.length === 0 ? 0 : fit.offset / (scale * activeRows.length);
  const offsetError = activeRows.length === 0 ? 0 : fit.offsetError / Math.abs(scale * activeRows.length);
  const entropy = activeTargets.length === 0 ? 0 : mean(activeTargets.map(entropyOf));
  const offsetKind: OffsetKind =
    Math.abs(offset) <= offsetError ? 'none' : Math.abs(offset + entropy) <= 2 * offsetError ? 'entropy' : 'constant';
  const shownOffset = { none: 0, entropy: tidy(-entropy), constant: shortestDecimal(offset, offsetError) }[offsetKind];

  const error = Math.max(seen.onError, seen.offError * classes);
  const distribution = parts.affine && plain !== null && mass > 0 ? { on: on / mass, off: off / mass, error, named: named !== null } : null;
  const sumsToOne = Math.abs(mass - 1) <= 1e-5;
  const smoothing = distribution === null || !sumsToOne ? null : effectiveSmoothing(distribution, classes, offCount);
  const reduction = reductionOf(parts, sample, offsetKind);
  // A loss without a reduction is shown by the mean of its rows, and so is its floor.
  const floor = (reduction === 'none' ? scale / targets.length : scale) * sum(activeTargets.map(crossEntropyFloor));
  const paddingIndex = parts.zeroRowsByPosition ? null : paddingOf(shape, main.fit);
  const affine = parts.affine && main.fit.valueFits && sample.fit.valueFits;
  const [formulation, remaining] = formulationOf(
    affine && !parts.zeroRowsByPosition,
    law,
    shape,
    offsetKind,
    reduction,
    parts.family,
    parts.smoothing,
  );

  const numbers: Omit<Measured, 'verdict' | 'formula'> = {
    affine,
    onValue: toNum(tidy(on)),
    offValue: toNum(tidy(off)),
    mass: toNum(shortestDecimal(mass, plain === null ? chainError * 8 : seen.onError + offCount * seen.offError)),
    scale: toNum(divisor !== null && (law?.factor ?? 1) === 1 ? scale : shortestDecimal(scale, chainError * Math.abs(scale))),
    reduction,
    offset: toNum(shownOffset),
    paddingIndex,
    residual: toNum(Math.max(sample.fit.residual, main.fit.residual)),
    effectiveSmoothing: smoothing ?? { fillScatter: null, uniformMixture: null },
    targetDistribution: targets.map((row) => row.map((value) => toNum(tidy(value)))),
    entropyFloor: toNum(tidy(floor)),
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
    ignoredFailure: parts.ignoredFailure,
    missesFirstPaddingRow: parts.missesFirstPaddingRow,
    variesWithRows: parts.variesWithRows,
    far: parts.far,
    coarse: parts.coarse,
    deterministic: parts.deterministic,
    nextRow: parts.nextRow,
    classes,
    measuredAt: parts.measuredAt,
    smoothing: parts.smoothing,
    classWeights: parts.classWeights,
    makesTargets: parts.makesTargets,
    given: parts.given,
    remaining,
  };
  const unverified = { ...numbers, formula: formulaOf({ measured: numbers, measurement, shapeTargets: main.fit.targets }) };
  return { ...measurement, measured: { ...unverified, verdict: verdictOf(unverified, measurement) } };
}

interface OnAndOff {
  readonly on: number;
  readonly off: number;
  readonly onError: number;
  readonly offError: number;
}

/** The values that the law says, which the measurement only knows to its error. */
function onAndOffOf({ law }: LawFound, classes: number, offCount: number): { readonly on: number; readonly off: number } | null {
  switch (law.kind) {
    case 'hard':
      return { on: 1, off: 0 };
    case 'fillScatter':
      return { on: 1 - law.smoothing, off: law.smoothing / offCount };
    case 'uniformMixture':
      return { on: 1 - law.smoothing + law.smoothing / classes, off: law.smoothing / classes };
    default:
      return null;
  }
}

/** Without the last digits, which float64 arithmetic makes up. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function offMean(q: Matrix, targets: readonly number[]): number {
  const offs = q.flatMap((row, i) => row.filter((_, k) => k !== targets[i]));
  return offs.length === 0 ? 0 : mean(offs);
}

function effectiveSmoothing(distribution: Distribution, classes: number, offCount: number): Measured['effectiveSmoothing'] {
  const clean = (value: number): number => (distribution.named ? tidy(value) : shortestDecimal(value, distribution.error));
  // A zeroed column has no counterpart in the uniform mixture, which gives every class its share.
  const mixture = offCount === classes - 1 ? clean(distribution.off * classes) : null;
  return { fillScatter: clean(distribution.off * offCount), uniformMixture: mixture };
}

function reductionOf(parts: Readings, sample: Batch, offsetKind: OffsetKind): Reduction {
  if (typeof sample.probes[0]!.run.value !== 'number') return 'none';
  switch (parts.divisor) {
    case 'one':
      return 'sum';
    case 'rows':
      if (parts.law?.dividesByClasses === true) return 'elementMean';
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
      // Labels that make no difference were hardly meant, unless ε = 1 was.
      if (law.law.smoothing === 1 && nominal !== 1) return [null, []];
      return [named('uniform-mixture'), []];
    case 'either':
      return [null, [named('fill-scatter'), named('uniform-mixture')]];
    case 'none':
      return [null, []];
  }
}
