/** Formulas of losses that are not affine in the log-probabilities. */
import { sum, total, type Probe } from './blackBox';
import { holds, negativeSum, plainLoss, probesOf, terms, type Known } from './checkedFormula';
import { asMade, shareOf, tidy } from './writtenConstants';
import { evaluateLoss, minus, number, of, overClasses, plus, times, type Expression, type LossExpression } from './expression';
import { fitAffine } from './fit';
import type { OtherFamily } from './otherFamilies';
import type { Penalised } from './penalties';
import { chainError, shortestDecimal } from './precision';
import { targetShape } from './targetShape';

export function familyExpression(family: OtherFamily, known: Known): LossExpression | null {
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
    case 'sigmoidAlone':
    case 'sigmoidTwice':
    case 'functionOfMean':
    case 'linear':
    case 'linearInProbabilities':
    case 'softmaxTwice':
    case 'softmaxOverRows':
    case 'shiftedLogits':
      return null;
    case 'smoothedFocal':
      return smoothedFocal(family.gamma, known);
    case 'penalised':
      return withPenalty(family, known);
  }
}

/** −Σ q_k (1−p_k)^γ log p_k; the q of one of the two smoothings at the code's own ε. */
function smoothedFocal(gamma: number, known: Known): LossExpression | null {
  const { smoothing, classes } = known.measurement;
  if (smoothing === null) return null;
  const surprise = plus(number(1), minus(of('probability', 'each')));
  const focal = times(of('smoothed', 'each'), { op: 'power', base: surprise, exponent: gamma }, of('logProbability', 'each'));
  const own = number(tidy(1 - smoothing));
  const [shared, mixed] = [shareOf(smoothing, classes - 1), shareOf(smoothing, classes)];
  const smoothings = [
    { on: own, off: shared },
    { on: plus(own, mixed), off: mixed },
  ];
  for (const values of smoothings) {
    const found = scaled(minus(overClasses(focal)), known, { smoothed: { kind: 'onAndOff', ...values } });
    if (found !== null) return found;
  }
  return null;
}

/** A cross entropy with fixed targets and a multiple of something else. */
function withPenalty({ term, factor, target, changesWithRows }: Penalised, known: Known): LossExpression | null {
  if (target === null || changesWithRows) return null;
  const penalty = penaltyTerm(term);
  if (penalty === null) return null;
  const error = 8 * chainError;
  const { on, off } = asMade(known.measurement, { ...target, onError: error, offError: error });
  const crossEntropy = negativeSum([
    [on, of('logProbability', 'target')],
    [off, overClasses(of('logProbability', 'each'), true)],
  ]);
  const isAdded = factor > 0 !== penalty.isNegative;
  const added = times(number(Math.abs(factor)), penalty.of);
  return scaled(plus(...terms(crossEntropy), isAdded ? added : minus(added)), known);
}

/** The term, or what it is the negative of; null where it is none of the notation's. */
function penaltyTerm(term: Penalised['term']): { readonly of: Expression; readonly isNegative: boolean } | null {
  switch (term) {
    case 'entropy':
      return { of: overClasses(times(of('probability', 'each'), of('logProbability', 'each'))), isNegative: true };
    case 'missedProbability':
      return { of: plus(number(1), minus(of('probability', 'target'))), isNegative: false };
    case 'squaredLogits':
      return { of: overClasses({ op: 'power', base: of('logit', 'each'), exponent: 2 }), isNegative: false };
    case 'squaredLogSumExp':
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
