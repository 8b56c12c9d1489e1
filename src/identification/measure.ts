/** Runs a loss on a few small probes and reads off what it computes. */
import { greatest } from './extremes';
import { isFiniteRun, largest, mean, perSampleValues, sum, total, type BlackBox, type LossRun, type Matrix, type Probe } from './blackBox';
import { inferClassWeights } from './classWeights';
import { farBehaviour } from './far';
import { fitAffine, type AffineFit } from './fit';
import { findLaw, type LawFound } from './law';
import type { CrossRow, IgnoredRows, Measurement } from './measurement';
import { otherFamily } from './otherFamilies';
import { givenTargets } from './givenTargets';
import { besideItsLabel, followsNextRow, sampleBesideLabels } from './nextRow';
import { chainError, coarseType } from './precision';
import { coveringTargets, probeLogits } from './probes';
import { observationOf, read, type Batch } from './read';
import { oddClasses } from './rollCall';
import { divisorValue, explainingDivisors, isZeroRow, meanMass, type Divisor } from './reduction';
import { rangeOfBoth, targetShape, type TargetShape } from './targetShape';

export interface MeasureRequest {
  readonly logits: Matrix;
  readonly targets: readonly number[];
  /** The smoothing factor the code was given, where it has one: it decides what the numbers alone leave open. */
  readonly smoothing: number | null;
  readonly classWeights?: readonly number[];
  readonly ignoreIndex?: number;
  readonly paddingIndex?: number;
  /** The code makes targets, and what is measured is the cross entropy they give. */
  readonly makesTargets?: true;
  /** The code is meant for this number of classes alone. */
  readonly onlyTheseClasses?: true;
  /** How to run the loss with this share of each one-hot target given to its next class; null where it takes no distributions. Asked once it has run. */
  readonly softened?: { readonly share: number; readonly run: () => BlackBox | null };
}

/**
 * Measures `loss` with about a dozen runs at tiny shapes around the sample. Throws only what the run on the sample itself throws; a probe
 * that fails is left out, and what it would have told is then unknown.
 */
export function measure(loss: BlackBox, request: MeasureRequest): Measurement {
  const asGiven = measureRows(loss, request, false);
  return followsNextRow(asGiven) ? measureRows(besideItsLabel(loss), sampleBesideLabels(request), true) : asGiven;
}

function measureRows(loss: BlackBox, request: MeasureRequest, nextRow: boolean): Measurement {
  const classes = request.logits[0]?.length ?? 0;
  const sampleRun: Probe = { logits: request.logits, targets: request.targets, run: loss(request.logits, request.targets) };
  const probes: Probe[] = [sampleRun];
  const failures: string[] = [];
  const attempt = (logits: Matrix, targets: readonly number[]): Probe | null => {
    try {
      const probe = { logits, targets, run: loss(logits, targets) };
      probes.push(probe);
      return isFiniteRun(probe.run) && probe.run.gradient.length === targets.length ? probe : null;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : 'it could not be run');
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
  const first = coveringTargets(classes, wanted);
  // A sample of many rows is measured on its first ones: the rest would only cost time.
  const rows = Math.min(request.targets.length, Math.max(8, Math.floor(16384 / classes)));
  const sample = batchOf(request.targets.slice(0, rows), classes, 3);
  const firstCover = batchOf(first, classes, 3);
  if (sample === null) return unmeasurable(probes, request, classes);
  const odd = firstCover === null ? [] : oddClasses(firstCover.fit, (logits, targets) => tried(loss, logits, targets));
  const covering = odd.length === 0 ? first : [...first.slice(0, 4), ...odd.slice(0, 4)];
  const cover = odd.length === 0 ? firstCover : (batchOf(covering, classes, 3) ?? firstCover);
  const main = cover ?? sample;
  const deterministic = sameRun(main.probes[0]!.run, attempt(main.probes[0]!.logits, main.probes[0]!.targets)?.run);
  const crossRow = dependenceBetweenRows(main, request.smoothing, attempt);
  const affine = deterministic && sample.fit.gradientFits && main.fit.gradientFits;
  const family = affine && main.fit.valueFits ? null : deterministic ? otherFamily(main.probes, sample.probes, request.smoothing) : null;

  const smaller = cover === null ? null : batchOf(smallerBatch(cover.fit), classes, 2);
  const ignoreTarget = request.ignoreIndex ?? -100;
  const before = failures.length;
  const withIgnored = cover === null ? null : batchOf([ignoreTarget, ...covering.slice(1)], classes, 2);
  const whyIgnoredFails = failures[before];
  const ignoredFailure = whyIgnoredFails === undefined ? null : { target: ignoreTarget, message: whyIgnoredFails };
  const otherClasses = classes > 8 ? 5 : classes + 3;
  const otherTargets = coveringTargets(otherClasses, []);
  // One row more than a covering batch has, so that neither N nor N − 1 goes with K.
  const firstOther = request.onlyTheseClasses ? null : batchOf([...otherTargets, otherTargets[1]!], otherClasses, 2);
  // A label that only more classes have may be the one that is ignored: of the targets' law its rows say nothing.
  const leftOut = firstOther === null ? [] : leftOutTargets(firstOther.fit).filter((target) => target >= classes);
  const kept = otherTargets.filter((target) => !leftOut.includes(target));
  const other = leftOut.length === 0 ? firstOther : batchOf([...kept, kept[1]!], otherClasses, 2);

  const supposed = request.classWeights ?? inferClassWeights(main.fit);
  // Where no smaller batch can be run, the sample may still have another number of rows.
  const asSmall = smaller ?? (cover !== null && cover.fit.targets.length !== sample.fit.targets.length ? sample : null);
  const sameClasses = [cover, asSmall, withIgnored].filter((batch) => batch !== null).map((batch) => batch.fit);
  const together = sameClasses.length > 1 ? explainingDivisors(sameClasses, supposed) : null;
  // A loss that leaves ignored rows out of one of its terms only divides as no rule says there; without such rows it still follows one.
  const plain = [cover, asSmall].filter((batch) => batch !== null).map((batch) => batch.fit);
  const explaining = together?.length === 0 && plain.length > 1 ? explainingDivisors(plain, supposed) : together;
  const divisor = explaining === null ? divisorByNumber(sample.fit, supposed) : (explaining[0] ?? null);
  // Weights read off one batch are the loss's own only when they explain another batch too.
  const upToAFactor = divisor === null ? (request.classWeights ?? null) : supposed;
  const ignored = withIgnored === null ? null : ignoredRows(withIgnored.fit, main.fit, ignoreTarget);

  const shapeWith = (classWeights: readonly number[] | null, batch: Batch): TargetShape => {
    // Where no rule says what it divides by, the mean mass of its rows is as good a unit as any.
    const share = divisor === null ? 1 / meanMass(batch.fit) : divisorValue(divisor, batch.fit, classWeights);
    const times = (matrix: Matrix): Matrix => matrix.map((row) => row.map((value) => value * share));
    const fits = batch.fit.classes === classes ? classWeights : null;
    return targetShape({ targets: batch.fit.targets, q: times(batch.fit.weights), errors: times(batch.fit.errors) }, fits);
  };
  const lawWith = (classWeights: readonly number[] | null): LawFound | null => {
    const batches = [main, ...(other === null ? [] : [other])];
    const observations = batches.map((batch) => observationOf(shapeWith(classWeights, batch), batch.fit.classes));
    return observations[0]
      ? findLaw(
          observations.filter((observation) => observation !== null),
          request.smoothing,
        )
      : null;
  };
  const isInferred = request.classWeights === undefined && upToAFactor !== null && shapeWith(upToAFactor, main).kind === 'weighted';
  const weights = isInferred ? withFactor(upToAFactor, lawWith(upToAFactor), classes) : upToAFactor;
  const shapeOf = (batch: Batch): TargetShape => shapeWith(weights, batch);
  const found = shapeOf(main);
  const fewer = smaller === null ? null : shapeOf(smaller);
  const variesWithRows =
    fewer !== null && rowsDiffer(found, main.fit, smaller!.fit, weights, divisor)
      ? ([main, smaller!].map(({ fit }) => fit.targets.length) as [number, number])
      : null;
  const zeroTargets = targetsOf(main.fit, (row) => found.zeroRows[row] === true);
  const isOnlySometimesZero = targetsOf(main.fit, (row) => found.zeroRows[row] === false).some((target) => zeroTargets.includes(target));
  const moved = zeroTargets.length === 0 || isOnlySometimesZero ? 'zero' : whenFirst(zeroTargets, main, attempt);
  const zeroRowsByPosition = moved === 'position' || isOnlySometimesZero;
  const missesFirstPaddingRow = moved === 'missed';
  const isModelled = affine && main.fit.valueFits;
  const far = isModelled || family?.kind === 'binary' ? farBehaviour(loss, main.fit, isModelled) : null;
  const shape: TargetShape = variesWithRows === null ? found : rangeOfBoth(found, fewer!);
  const law = lawWith(weights);

  return read({
    smoothing: request.smoothing,
    classWeights: weights,
    makesTargets: request.makesTargets === true,
    given: law?.law.kind === 'hard' && divisor !== null ? givenTargets(request, main) : null,
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
    ignoredFailure,
    missesFirstPaddingRow,
    zeroRowsByPosition,
    variesWithRows,
    far,
    coarse: coarseType(probes.filter(({ run }) => isFiniteRun(run)).flatMap(({ run }) => run.value)),
    deterministic,
    nextRow,
    classes,
    measuredAt: other === null ? [classes] : [classes, otherClasses],
  });
}

/** Targets whose rows count nothing, where those of others do. */
function leftOutTargets({ targets, weights }: AffineFit): readonly number[] {
  const isNothing = (row: readonly number[]): boolean => row.every((weight) => Math.abs(weight) < 1e-9);
  const out = targets.filter((_, row) => isNothing(weights[row]!));
  return out.length === targets.length ? [] : out;
}

/** Weights read off the loss are known up to a factor: what the targets need to sum to one is the weights' own size, and no part of the reduction. */
function withFactor(weights: readonly number[], law: LawFound | null, classes: number): readonly number[] {
  if (law === null || law.law.kind === 'none') return weights;
  const factor = law.factor / (law.dividesByClasses ? classes : 1);
  return factor === 1 ? weights : weights.map((weight) => weight * factor);
}

/**
 * Targets of a smaller batch of rows that take part, so that its size, the number of its rows that count and the mean of their weights all differ
 * from those of the batch before.
 */
function smallerBatch(fit: AffineFit): readonly number[] {
  const active = fit.targets.filter((_, row) => !isZeroRow(fit, row));
  const [first = 0, second = first] = active;
  // Another class than in the batch before is there twice: weights that are counted from the batch change.
  return active.length === 3 ? [first, first] : [second, first, second];
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

/** Null where the row's label has no part in the row's targets, as when labels and rows are shifted against each other. */
function ignoredRows(withIgnored: AffineFit, base: AffineFit, target: number): IgnoredRows | null {
  const zeroed = isZeroRow(withIgnored, 0);
  const others = withIgnored.targets.map((_, row) => row).filter((row) => row > 0);
  if (!zeroed && others.some((row) => isZeroRow(withIgnored, row) && !isZeroRow(base, row))) return null;
  const share = sum(withIgnored.weights[1]!) / sum(base.weights[1]!);
  const error = (sum(withIgnored.errors[1]!) + sum(base.errors[1]!)) / Math.abs(sum(base.weights[1]!));
  const counted = Math.abs(share - 1) <= error ? true : share > 1 ? false : null;
  return { target, zeroed, counted };
}

/**
 * Whether rows of the same target were given other targets, or weights, in a batch of another size. Only for losses whose rows are otherwise
 * alike; what the sum is divided by is taken out where it is known.
 */
function rowsDiffer(
  shape: TargetShape,
  left: AffineFit,
  right: AffineFit,
  classWeights: readonly number[] | null,
  divisor: Divisor | null,
): boolean {
  if (shape.kind !== 'plain' && shape.kind !== 'weighted') return false;
  const unit = (fit: AffineFit, row: number): number =>
    divisor === null ? sum(fit.weights[row]!) : 1 / divisorValue(divisor, fit, classWeights);
  return right.targets.some((target, j) => {
    const i = left.targets.indexOf(target);
    if (i < 0 || isZeroRow(left, i) || isZeroRow(right, j)) return false;
    const [mine, theirs] = [unit(left, i), unit(right, j)];
    return left.weights[i]!.some((value, k) => {
      const error = left.errors[i]![k]! / Math.abs(mine) + right.errors[j]![k]! / Math.abs(theirs);
      // A unit that is measured has an error of its own, relative to the entry.
      const ofUnit = divisor === null ? 8 * chainError * Math.abs(value / mine) : 0;
      return Math.abs(value / mine - right.weights[j]![k]! / theirs) > 2 * error + ofUnit;
    });
  });
}

function targetsOf({ targets, classes }: AffineFit, isWanted: (row: number) => boolean): readonly number[] {
  return targets.filter((target, row) => target >= 0 && target < classes && isWanted(row));
}

/**
 * What becomes of the row that gets nothing when its class comes first: still nothing ('zero'); something, as when row 0 is taken for no row
 * ('missed'); or it is another row now that gets nothing, because of its place in the batch and not of its class ('position').
 */
function whenFirst(
  zeroTargets: readonly number[],
  batch: Batch,
  attempt: (logits: Matrix, targets: readonly number[]) => Probe | null,
): 'zero' | 'missed' | 'position' {
  const others = batch.fit.targets.filter((target) => !zeroTargets.includes(target));
  const probe = attempt(batch.probes[0]!.logits.slice(0, others.length + 1), [zeroTargets[0]!, ...others]);
  if (probe === null) return 'zero';
  const isZero = probe.run.gradient.map((row) => largest(row) <= batch.fit.tolerance);
  if (isZero.slice(1).includes(true)) return 'position';
  return isZero[0] === true ? 'zero' : 'missed';
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
  const rounding = 2 * chainError * greatest(others.map((row) => Math.abs(before[row]!) + Math.abs(values[row]!)));
  if (!(change > rounding)) return null;
  const uniform = (row: readonly number[]): number => Math.log(sum(row.map(Math.exp))) - mean(row);
  const expected = ((smoothing ?? NaN) * (uniform(logits[moved]!) - uniform(first.logits[moved]!))) / before.length;
  const isBatchUniformTerm = others.every((row) => Math.abs(changes[row]! - expected) <= 4 * rounding);
  const row = changes.findIndex((value) => Math.abs(value) === change);
  return { movedRow: moved, row, change: changes[row]!, isBatchUniformTerm };
}

function tried(loss: BlackBox, logits: Matrix, targets: readonly number[]): LossRun | null {
  try {
    const run = loss(logits, targets);
    return isFiniteRun(run) ? run : null;
  } catch {
    return null;
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
      formula: null,
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
    ignoredFailure: null,
    missesFirstPaddingRow: false,
    variesWithRows: null,
    far: null,
    coarse: null,
    deterministic: true,
    nextRow: false,
    classes,
    measuredAt: [],
    smoothing: request.smoothing,
    classWeights: request.classWeights ?? null,
    makesTargets: request.makesTargets === true,
    given: null,
    remaining: [],
  };
}
