/** The measured loss as a formula with its own constants. A formula is given only when computing it gives the loss's values again. */
import type { Formula, Measured } from '../inspection';
import { isFiniteRun, rowValues, sum, total, type Probe } from './blackBox';
import { evaluateLoss, minus, number, of, overClasses, plus, times, type Expression, type LossExpression } from './expression';
import { fitAffine } from './fit';
import type { Measurement } from './measurement';
import { formulaOfExpression } from './notation';
import type { OtherFamily } from './otherFamilies';
import { chainError, shortestDecimal } from './precision';
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
  return formulaOfExpression({ loss, logits, targets, makesTargets: known.measurement.makesTargets });
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
  const offset = Number(measured.offset);
  const common = {
    ...plainLoss,
    reduced,
    // Where nothing explains the divisor, the scale is what it is on this batch.
    factor: divisor === null ? Number(measured.scale) : byClasses && divisor === 'one' ? factor / classes : factor,
    divisor: byClasses && divisor === 'rows' ? 'elements' : (divisor ?? 'one'),
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
      return { ...common, row: crossEntropy, constant: shortestDecimal(fit?.offset ?? NaN, fit?.offsetError ?? 0) };
    }
  }
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
function ofOnAndOff({ measured, measurement }: Known, zeroColumn: number | null, term: (at: 'target' | 'each') => Expression): Expression {
  const { classes } = measurement;
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
    default:
      return negativeSum([
        [asWritten(Number(measured.onValue), classes), term('target')],
        [asWritten(Number(measured.offValue), classes), overClasses(term('each'), true, zeroColumn)],
      ]);
  }
}

/** Own and mirrored target share what the target has more than the others. */
function mixed({ measured, measurement }: Known, measuredLambda: number): Expression {
  const { classes } = measurement;
  const law = measurement.law?.law;
  const [on, off] = [Number(measured.onValue), Number(measured.offValue)];
  const lambda = shortestDecimal(measuredLambda, 16 * chainError);
  const raise = law?.kind === 'uniformMixture' ? number(tidy(1 - law.smoothing)) : asWritten(tidy(on - off), classes);
  const share =
    law?.kind === 'uniformMixture'
      ? shareOf(law.smoothing, classes)
      : law?.kind === 'fillScatter'
        ? shareOf(law.smoothing, classes - 1)
        : asWritten(off, classes);
  const both = plus(
    times(number(lambda), of('logProbability', 'target')),
    times(number(tidy(1 - lambda)), of('logProbability', 'mirrored')),
  );
  return negativeSum([
    [raise, both],
    [share, overClasses(of('logProbability', 'each'))],
  ]);
}

/** −Σ factor·term, without the terms whose factor is zero. */
function negativeSum(products: readonly (readonly [Expression, Expression])[]): Expression {
  const made = products.flatMap(([factor, term]): readonly Expression[] => {
    const value = factor.op === 'number' ? factor.value : factor.op === 'share' ? factor.of : NaN;
    if (value === 0) return [];
    return value < 0 ? [times(negated(factor), term)] : [minus(times(factor, term))];
  });
  return made.length === 0 ? number(0) : plus(...made);
}

function negated(factor: Expression): Expression {
  return factor.op === 'number' ? number(-factor.value) : factor.op === 'share' ? { ...factor, of: -factor.of } : minus(factor);
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
function asWritten(value: number, classes: number): Expression {
  const error = 4 * chainError * Math.abs(value);
  const short = Number(value.toPrecision(3));
  if (Math.abs(short - value) <= error) return number(short);
  const among = [classes, classes - 1, classes - 2].find(
    (count) => count > 1 && Math.abs(Number((value * count).toPrecision(3)) - value * count) <= error * count,
  );
  return among === undefined ? number(value) : { op: 'share', of: Number((value * among).toPrecision(3)), among };
}

/** Targets whose rows were seen to count for nothing. */
function silentTargets({ measurement, shapeTargets }: Known): readonly number[] {
  const { shape, ignored, probes } = measurement;
  const zero = shapeTargets.filter((_, row) => shape?.zeroRows[row] === true);
  const own = ignored !== null && ignored.zeroed && probes[0]!.targets.includes(ignored.target) ? [ignored.target] : [];
  return [...new Set([...zero, ...own])].sort((a, b) => a - b);
}

/** Code that makes targets is told them, where they are one value at the target and one elsewhere. */
function targetsMade({ measured, measurement }: Known): LossExpression['smoothed'] {
  return measurement.makesTargets && measurement.shape?.kind === 'plain' && measurement.shape.zeroColumn === null
    ? { kind: 'onAndOff', on: Number(measured.onValue), off: Number(measured.offValue) }
    : null;
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
      return scaled(minus(overClasses(summed)), known, { smoothed: { kind: 'onAndOff', on: family.on, off: family.off } });
    }
    case 'temperature':
      return tempered(family.temperature, known);
    case 'linear':
    case 'linearInProbabilities':
    case 'softmaxTwice':
    case 'softmaxOverRows':
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
  const [on, off] = [shape.on / mass, shape.off / mass].map((value) =>
    asWritten(shortestDecimal(value, 4 * chainError), measurement.classes),
  );
  const row = negativeSum([
    [on!, of('logProbability', 'target')],
    [off!, overClasses(of('logProbability', 'each'), true)],
  ]);
  return scaled(row, known, { temperature });
}
