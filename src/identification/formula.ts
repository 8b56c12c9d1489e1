/** The measured loss as a formula with its own constants. A formula is given only when computing it gives the loss's values again. */
import type { Formula, Measured } from '../inspection';
import { isFiniteRun, rowValues, sum, total, type Probe } from './blackBox';
import { evaluateLoss, minus, number, of, overClasses, plus, times, type Expression, type LossExpression } from './expression';
import { fitAffine } from './fit';
import type { Measurement } from './measurement';
import { formulaOfExpression } from './notation';
import type { OtherFamily } from './otherFamilies';
import { chainError, shortestDecimal } from './precision';
import { divisorValue, isZeroRow } from './reduction';
import { targetShape, type TargetShape } from './targetShape';

/** What is known of a loss before its formula is written. */
export interface Known {
  readonly measured: Omit<Measured, 'verdict' | 'formula'>;
  readonly measurement: Omit<Measurement, 'measured'>;
  /** The targets of the batch that `measurement.shape` is of. */
  readonly shapeTargets: readonly number[];
}

/** Null where no formula was found whose value is the loss's on every probe. */
export function formulaOf(known: Known): Formula | null {
  const loss = lossExpression(known);
  if (loss === null) return null;
  const { logits, targets } = known.measurement.probes[0]!;
  const { makesTargets, far } = known.measurement;
  return formulaOfExpression({ loss, logits, targets, makesTargets, onlyNearby: far?.kind === 'departs' });
}

/** The first expression that has the loss's values: the simplest one, then one with the targets as they were measured. */
export function lossExpression(known: Known): LossExpression | null {
  const { measurement } = known;
  if (!measurement.deterministic) return null;
  if (measurement.otherFamily !== null) return familyExpression(measurement.otherFamily, known);
  if (!known.measured.affine || measurement.shape === null || measurement.shape.kind === 'zero') return null;
  const exact = affineExpression(known);
  if (exact !== null && probesOf(known).every((probe) => holds(exact, probe))) return exact;
  const onSample = probesOf(known).filter(({ targets }) => targets.join() === measurement.fit?.targets.join());
  const table = asMeasured(known);
  return onSample.length > 1 && onSample.every((probe) => holds(table, probe)) ? table : null;
}

/** The probes that a formula must agree with: at the sample's K, with targets that are classes or that the sample has. */
function probesOf({ measurement: { probes, classes } }: Known): readonly Probe[] {
  const own = new Set(probes[0]!.targets);
  return probes.filter(
    ({ logits, targets, run }) =>
      isFiniteRun(run) && logits[0]!.length === classes && targets.every((target) => (target >= 0 && target < classes) || own.has(target)),
  );
}

function holds(loss: LossExpression, { logits, targets, run }: Probe): boolean {
  const values = loss.reduced ? [total(run)] : (rowValues(run) ?? []);
  const computed = evaluateLoss(loss, { logits, targets });
  // Rounding is relative to the terms, and a row's terms are about as large as its loss with every logit's size added.
  const size = largestTerm(loss, { logits, targets });
  return (
    computed.length === values.length &&
    values.every((value, n) => Math.abs(value - computed[n]!) <= 8 * chainError * (Math.abs(value) + size))
  );
}

function largestTerm({ factor, divisor, reduced }: LossExpression, { logits, targets }: Pick<Probe, 'logits' | 'targets'>): number {
  const spread = Math.max(...logits.map((row) => Math.max(...row) - Math.min(...row)));
  const rows = divisor === 'one' && reduced ? targets.length : 1;
  return Math.abs(factor) * rows * (spread + Math.log(logits[0]!.length));
}

// ------------------------------------------------------------------------------------------- affine in log p

const plainLoss = { constant: 0, smoothed: null, classWeights: null, temperature: 1 } as const;

function affineExpression(known: Known): LossExpression | null {
  const { measured, measurement } = known;
  const { shape, law, divisor, classes } = measurement;
  if (shape === null) return null;
  const reduced = measured.reduction !== 'none';
  const factor = law?.factor ?? 1;
  const smoothed = shape.kind === 'normal' ? ({ kind: 'normal', sigma: shape.sigma } as const) : null;
  const crossEntropy = crossEntropyOf(shape, known);
  if (crossEntropy === null || (law?.dividesByClasses === true && divisor !== 'rows' && divisor !== 'one')) return null;
  const byClasses = law?.dividesByClasses === true;
  const offset = offsetOf(known);
  const common = {
    ...plainLoss,
    reduced,
    // Where nothing explains the divisor, the scale is what it is on this batch.
    factor: divisor === null ? Number(measured.scale) : byClasses && divisor === 'one' ? factor / classes : factor,
    divisor: byClasses && divisor === 'rows' ? 'elements' : shownDivisor(divisor, measured.reduction),
    silent: silentTargets(known),
    smoothed: smoothed ?? targetsMade(known),
    classWeights: measurement.classWeights,
  } as const;
  switch (measurement.offsetKind) {
    case 'none':
      return { ...common, row: crossEntropy };
    case 'entropy':
      return { ...common, row: plus(...terms(crossEntropy), minus({ op: 'entropy', of: crossEntropy })) };
    case 'constant': {
      const inRows = { ...common, row: plus(...terms(crossEntropy), number(offset)) };
      if (!reduced || probesOf(known).every((probe) => holds(inRows, probe))) return inRows;
      const { fit } = measurement;
      return { ...common, row: crossEntropy, constant: shortOrMeasured(fit?.offset ?? NaN, fit?.offsetError ?? 0) };
    }
  }
}

/** Rows that never drop out make the mean over those that count the plain one. */
function shownDivisor(divisor: Measurement['divisor'], reduction: Measured['reduction']): LossExpression['divisor'] {
  return divisor === 'active' && reduction !== 'activeMean' ? 'rows' : (divisor ?? 'one');
}

const terms = (expression: Expression): readonly Expression[] => (expression.op === 'plus' ? expression.terms : [expression]);

/** Σ_k q_k(−log p_k) of one row. */
function crossEntropyOf(shape: TargetShape, known: Known): Expression | null {
  switch (shape.kind) {
    case 'plain':
      return ofOnAndOff(known, shape.zeroColumn, (at) => of('logProbability', at));
    case 'weighted':
      return shape.by === 'class'
        ? ofOnAndOff(known, shape.zeroColumn, (at) => times(of('weight', at), of('logProbability', at)))
        : weighted(ofOnAndOff(known, shape.zeroColumn, (at) => of('logProbability', at)));
    case 'mixup':
      return mixed(known, shape.lambda);
    case 'normal':
      return minus(times(number(tidy(shortestDecimal(shape.mass, 8 * chainError * shape.mass))), overClasses(ofSmoothed())));
    case 'general':
    case 'zero':
      return null;
  }
}

const ofSmoothed = (): Expression => times(of('smoothed', 'each'), of('logProbability', 'each'));

/** w_y times every term. */
function weighted(expression: Expression): Expression {
  return plus(...terms(expression).map((term) => (term.op === 'minus' ? minus(timesWeight(term.of)) : timesWeight(term))));
}

function timesWeight(term: Expression): Expression {
  const weight = of('weight', 'target');
  if (term.op !== 'times') return times(weight, term);
  const [first, ...rest] = term.factors;
  return times(first!, weight, ...rest);
}

/**
 * −on·log p_y − off·Σ log p_k. The uniform mixture is written as it is made, (1−ε) for the target and ε/K for every class, the target
 * included.
 */
function ofOnAndOff(known: Known, zeroColumn: number | null, term: (at: 'target' | 'each') => Expression): Expression {
  const { classes } = known.measurement;
  const { measurement } = known;
  const law = measurement.law?.law;
  const others = classes - 1 - (zeroColumn === null ? 0 : 1);
  switch (law?.kind) {
    case 'hard':
      return minus(term('target'));
    case 'fillScatter':
      return negativeSum([
        [number(tidy(1 - law.smoothing)), term('target')],
        [shareOf(law.smoothing, others), overClasses(term('each'), true, zeroColumn)],
      ]);
    case 'uniformMixture':
      return negativeSum([
        [number(tidy(1 - law.smoothing)), term('target')],
        [shareOf(law.smoothing, classes), overClasses(term('each'))],
      ]);
    default: {
      const { on, off } = onAndOff(known);
      return negativeSum([
        [on, term('target')],
        [off, overClasses(term('each'), true, zeroColumn)],
      ]);
    }
  }
}

interface OnAndOff {
  readonly on: Expression;
  readonly off: Expression;
}

/** The measured on and off values, as near to how they were made as the measurement allows. */
function onAndOff({ measured, measurement }: Known): OnAndOff {
  const { shape } = measurement;
  if (shape === null || !('onError' in shape)) return { on: number(Number(measured.onValue)), off: number(Number(measured.offValue)) };
  const unit = 1 / unitOf(measurement);
  const size = Math.abs(unit);
  return asMade(measurement, {
    on: shape.on * unit,
    off: shape.off * unit,
    onError: shape.onError * size,
    offError: shape.offError * size,
  });
}

interface OnAndOffValues {
  readonly on: number;
  readonly off: number;
  readonly onError: number;
  readonly offError: number;
}

/** The off value as a share of ε or as a person would have written it; the on value likewise, or as something more than the off value. */
function asMade({ classes, smoothing }: Pick<Measurement, 'classes' | 'smoothing'>, values: OnAndOffValues): OnAndOff {
  const onError = Math.max(values.onError, 4 * chainError * Math.abs(values.on));
  const offError = Math.max(values.offError, 4 * chainError * Math.abs(values.off));
  const near = (value: number, wanted: number, error: number): boolean => Math.abs(value - wanted) <= error;
  const counts = [classes, classes - 1, classes - 2].filter((count) => count > 1);
  const among = smoothing === null || smoothing === 0 ? undefined : counts.find((count) => near(values.off, smoothing / count, offError));
  const off = among === undefined ? asWritten(values.off, offError, counts) : shareOf(smoothing!, among);
  const own = [1, ...(smoothing === null ? [] : [tidy(1 - smoothing)])].find((value) => near(values.on, value, onError));
  if (own !== undefined) return { on: number(own), off };
  const offValue = off.op === 'share' ? off.of / off.among : values.off;
  const more = Number((values.on - offValue).toPrecision(3));
  const isMore =
    off.op === 'share' && !near(values.on, Number(values.on.toPrecision(3)), onError) && near(values.on - offValue, more, onError);
  return { on: isMore ? plus(number(more), off) : asWritten(values.on, onError, counts), off };
}

/** Own and mirrored target share what the target has more than the others. */
function mixed(known: Known, measuredLambda: number): Expression {
  const { classes, law } = known.measurement;
  const lambda = shortestDecimal(measuredLambda, 16 * chainError);
  const smoothing = law !== null && 'smoothing' in law.law ? law.law.smoothing : null;
  const raise = tidy(Number(known.measured.onValue) - Number(known.measured.offValue));
  const among = law?.law.kind === 'uniformMixture' ? classes : classes - 1;
  const both = plus(
    times(number(lambda), of('logProbability', 'target')),
    times(number(tidy(1 - lambda)), of('logProbability', 'mirrored')),
  );
  return negativeSum([
    [number(raise), both],
    [smoothing === null ? onAndOff(known).off : shareOf(smoothing, among), overClasses(of('logProbability', 'each'))],
  ]);
}

/** −Σ factor·term, without the terms whose factor is zero. */
function negativeSum(products: readonly (readonly [Expression, Expression])[]): Expression {
  const made = products.flatMap(([factor, term]): readonly Expression[] => {
    const value = factor.op === 'number' ? factor.value : factor.op === 'share' ? factor.of : NaN;
    if (value === 0) return [];
    if (!(value < 0)) return [minus(times(factor, term))];
    return [times(factor.op === 'share' ? { ...factor, of: -value } : number(-value), term)];
  });
  return made.length === 0 ? number(0) : plus(...made);
}

/** Without the last digits, which float64 arithmetic makes up. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

const isShort = (value: number): boolean => Math.abs(Number(value.toPrecision(3)) - value) <= 1e-12 * Math.abs(value);

/** ε shared by several classes: the decimal where it is a short one, else the fraction. */
function shareOf(smoothing: number, among: number): Expression {
  const value = smoothing / among;
  return among <= 1 || isShort(value) ? number(tidy(value)) : { op: 'share', of: smoothing, among };
}

/** A measured number as a person would have written it: a short decimal, or one divided by K, K−1 or K−2, where the measurement allows it. */
function asWritten(value: number, error: number, counts: readonly number[]): Expression {
  const short = Number(value.toPrecision(3));
  if (Math.abs(short - value) <= error) return number(short);
  const among = counts.find((count) => Math.abs(Number((value * count).toPrecision(3)) - value * count) <= error * count);
  return among === undefined ? number(tidy(value)) : { op: 'share', of: Number((value * among).toPrecision(3)), among };
}

/** What two losses may differ by and still count as equal: torch's own absolute tolerance for float32. */
const absoluteTolerance = 1e-5;

/** A short decimal where the measurement allows it, else the number as it was measured. */
function shortOrMeasured(value: number, error: number): number {
  const short = Number(value.toPrecision(3));
  // The error is a bound, and the number mostly much nearer than that.
  return Math.abs(short - value) <= Math.min(error, absoluteTolerance) ? short : tidy(value);
}

/** What the shape is a multiple of: the constant factor, and 1/K where the loss also divides by K. */
function unitOf({ law, classes }: Pick<Measurement, 'law' | 'classes'>): number {
  return (law?.factor ?? 1) * (law?.dividesByClasses === true ? 1 / classes : 1);
}

/** The constant of one row that counts, once factor and divisor are taken out. */
function offsetOf({ measured, measurement }: Known): number {
  const { fit, divisor, classWeights } = measurement;
  if (fit === null || measurement.offsetKind !== 'constant') return Number(measured.offset);
  const share = divisor === null ? 1 / Number(measured.scale) : divisorValue(divisor, fit, classWeights) / unitOf(measurement);
  const active = fit.targets.filter((_, row) => !isZeroRow(fit, row)).length;
  return shortOrMeasured((fit.offset * share) / active, (fit.offsetError * Math.abs(share)) / active);
}

/** Targets whose rows were seen to count for nothing. */
function silentTargets({ measurement, shapeTargets }: Known): readonly number[] {
  const { shape, ignored, probes } = measurement;
  const zero = shapeTargets.filter((_, row) => shape?.zeroRows[row] === true);
  const own = ignored !== null && ignored.zeroed && probes[0]!.targets.includes(ignored.target) ? [ignored.target] : [];
  return [...new Set([...zero, ...own])].sort((a, b) => a - b);
}

/** Code that makes targets is told them, where they are one value at the target and one elsewhere. */
function targetsMade(known: Known): LossExpression['smoothed'] {
  const { makesTargets, shape, law, classes } = known.measurement;
  if (!makesTargets || shape?.kind !== 'plain' || shape.zeroColumn !== null) return null;
  switch (law?.law.kind) {
    case 'hard':
      return { kind: 'onAndOff', on: number(1), off: number(0) };
    case 'fillScatter':
      return { kind: 'onAndOff', on: number(tidy(1 - law.law.smoothing)), off: shareOf(law.law.smoothing, classes - 1) };
    case 'uniformMixture': {
      const off = shareOf(law.law.smoothing, classes);
      const on = off.op === 'share' ? plus(number(tidy(1 - law.law.smoothing)), off) : number(Number(known.measured.onValue));
      return { kind: 'onAndOff', on, off };
    }
    default:
      return { kind: 'onAndOff', ...onAndOff(known) };
  }
}

/** Σ q(−log p) with q row by row as measured on the sample: true of that batch, whatever made it. */
function asMeasured({ measured, measurement }: Known): LossExpression {
  const { targetDistribution, reduction, scale, offset } = measured;
  const rows = targetDistribution.map((row) => row.map(Number));
  const crossEntropy = minus(overClasses(ofSmoothed()));
  const silent = measurement.fit!.targets.filter((_, n) => rows[n]!.every((q) => q === 0));
  const perRow = Number(offset);
  return {
    ...plainLoss,
    row: perRow === 0 ? crossEntropy : plus(crossEntropy, number(tidy(perRow))),
    reduced: reduction !== 'none',
    ...scaleAs(measurement, Number(scale)),
    silent: [...new Set(silent)],
    smoothed: { kind: 'table', rows },
    classWeights: measurement.classWeights,
  };
}

function scaleAs({ divisor, law }: Known['measurement'], scale: number): Pick<LossExpression, 'factor' | 'divisor'> {
  if (divisor === null || law?.dividesByClasses === true) return { factor: scale, divisor: 'one' };
  return { factor: law?.factor ?? 1, divisor };
}

// ------------------------------------------------------------------------------------------------- other families

function familyExpression(family: OtherFamily, known: Known): LossExpression | null {
  switch (family.kind) {
    case 'focal': {
      const surprise = plus(number(1), minus(of('probability', 'target')));
      return scaled(minus(times({ op: 'power', base: surprise, exponent: family.gamma }, of('logProbability', 'target'))), known);
    }
    case 'smoothedPrediction': {
      const smoothing = family.smoothing;
      const mixture = plus(times(number(tidy(1 - smoothing)), of('probability', 'target')), shareOf(smoothing, known.measurement.classes));
      const added = plus(of('probability', 'target'), number(family.added));
      return scaled(minus({ op: 'log', of: mixture }), known) ?? scaled(minus({ op: 'log', of: added }), known);
    }
    case 'binary': {
      const summed = plus(
        times(of('smoothed', 'each'), of('logSigmoid', 'each')),
        times(of('unsmoothed', 'each'), of('logOneMinusSigmoid', 'each')),
      );
      const error = 4 * chainError;
      const values = asMade(known.measurement, { on: family.on, off: family.off, onError: error, offError: error });
      const measured = { on: number(family.on), off: number(family.off) };
      const row = minus(overClasses(summed));
      return (
        scaled(row, known, { smoothed: { kind: 'onAndOff', ...values } }) ??
        scaled(row, known, { smoothed: { kind: 'onAndOff', ...measured } })
      );
    }
    case 'temperature':
      return tempered(family.temperature, known);
    case 'linear':
    case 'linearInProbabilities':
    case 'softmaxTwice':
    case 'softmaxOverRows':
    case 'smoothedFocal':
    case 'penalised':
    case 'shiftedLogits':
      return null;
  }
}

/** The row's loss with the divisor and the factor that explain every probe; the plainest that do. */
function scaled(row: Expression, known: Known, more: Partial<LossExpression> = {}): LossExpression | null {
  const probes = probesOf(known);
  const reduced = typeof probes[0]?.run.value === 'number';
  const base = { ...plainLoss, row, reduced, factor: 1, silent: [], ...more };
  const divisors = reduced ? (['rows', 'one', 'elements'] as const) : (['one', 'elements'] as const);
  const plain = divisors.map((divisor): LossExpression => ({ ...base, divisor }));
  const withFactor = plain.map((loss): LossExpression => ({ ...loss, factor: factorOf(loss, probes[0]) }));
  return [...plain, ...withFactor].find((loss) => probes.length > 1 && probes.every((probe) => holds(loss, probe))) ?? null;
}

function factorOf(loss: LossExpression, probe: Probe | undefined): number {
  if (probe === undefined) return NaN;
  const factor = total(probe.run) / sum(evaluateLoss(loss, probe));
  return shortestDecimal(factor, 4 * chainError * Math.abs(factor));
}

/** On and off values of a cross entropy of z/T, from the probes rescaled. */
function tempered(temperature: number, known: Known): LossExpression | null {
  const { measurement } = known;
  const rescaled = probesOf(known)
    .filter(({ targets }) => targets.join() === measurement.fit?.targets.join())
    .map((probe): Probe => ({
      ...probe,
      logits: probe.logits.map((row) => row.map((z) => z / temperature)),
      run: { ...probe.run, gradient: probe.run.gradient.map((row) => row.map((g) => g * temperature)) },
    }));
  if (rescaled.length < 2) return null;
  const fit = fitAffine(rescaled);
  const shape = targetShape({ targets: fit.targets, q: fit.weights, errors: fit.errors }, null);
  if (shape.kind !== 'plain') return null;
  const mass = shape.on + (measurement.classes - 1) * shape.off;
  const share = (value: number): number => value / mass;
  const values = { on: share(shape.on), off: share(shape.off), onError: share(shape.onError), offError: share(shape.offError) };
  const { on, off } = asMade(measurement, values);
  const row = negativeSum([
    [on, of('logProbability', 'target')],
    [off, overClasses(of('logProbability', 'each'), true)],
  ]);
  return scaled(row, known, { temperature });
}
