/** The measured loss as a formula with its own constants. A formula is given only when computing it gives the loss's values again. */
import type { Formula, Measured } from '../inspection';
import { holds, negativeSum, plainLoss, probesOf, terms, type Known } from './checkedFormula';
import { asMade, shareOf, shortOrMeasured, tidy, type OnAndOff } from './writtenConstants';
import { minus, number, of, overClasses, plus, times, type Expression, type LossExpression } from './expression';
import { familyExpression } from './familyFormula';
import type { Measurement } from './measurement';
import { formulaOfExpression } from './notation';
import { chainError, shortestDecimal } from './precision';
import { divisorValue, isZeroRow } from './reduction';
import type { TargetShape } from './targetShape';

/** Null where no formula was found whose value is the loss's on every probe. */
export function formulaOf(known: Known): Formula | null {
  const loss = lossExpression(known);
  if (loss === null) return null;
  const { logits, targets } = known.measurement.probes[0]!;
  const { makesTargets, far } = known.measurement;
  return formulaOfExpression({ loss, logits, targets, makesTargets, onlyNearby: far?.kind === 'departs' });
}

/** The first expression that has the loss's values: the simplest one, then one with the targets as they were measured. */
function lossExpression(known: Known): LossExpression | null {
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

// ------------------------------------------------------------------------------------------- affine in log p

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
