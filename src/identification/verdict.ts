/** The measurement as one sentence with its numbers. */
import { greatest, least } from './extremes';
import type { Measured, Num } from '../inspection';
import type { AffineFit } from './fit';
import type { GivenTargets } from './givenTargets';
import type { Measurement } from './measurement';
import type { OtherFamily } from './otherFamilies';
import type { Penalised } from './penalties';
import { chainError, coarseRoundoff, toNum, type CoarseType } from './precision';
import { farthest } from './probes';
import type { ShiftedLogits } from './shiftedLogits';

/** A number for a sentence: four significant digits. */
export function show(value: Num | number): string {
  if (typeof value === 'string') return value;
  if (value === 0) return '0';
  return String(Number(value.toPrecision(4)));
}

/** Whether a measurement says what the loss is: a cross entropy with some targets, one of the other forms that are known here, or one of them but for its value. */
export function explains({ measured, otherFamily, fit, coarse, deterministic }: Measurement): boolean {
  if (!deterministic || otherFamily !== null || measured.affine) return true;
  if (fit === null || fit.tolerance === 0) return false;
  return fit.gradientFits || (coarse !== null && fitsCoarsely(fit, coarse));
}

export function verdictOf(measured: Omit<Measured, 'verdict'>, m: Omit<Measurement, 'measured'>): string {
  if (!m.deterministic) {
    return 'Two runs on the same input give different numbers: it draws random numbers or keeps state between calls, so what it is cannot be measured.';
  }
  if (m.otherFamily !== null) return familyInWords(m.otherFamily);
  if (!measured.affine) return notAffine(measured, m);
  if (m.variesWithRows !== null) return variesWithRows(m.variesWithRows, m);
  if (m.makesTargets) return `Makes smoothed targets: ${coreOfVerdict(measured, m)}${padding(measured, m)}${nominal(m)}.`;
  return `${capital(coreOfVerdict(measured, m))}${reductionInWords(measured, m)}${padding(measured, m)}${ignoredRows(m)}${zeroByPosition(measured, m)}${shiftedLabels(m)}${nominal(m)}${withoutSmoothing(m)}${perSample(m)}${farAway(m)}.`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** At ε = 0 every label smoothing is the plain cross entropy, so the numbers cannot say which it would be. */
function withoutSmoothing(m: Omit<Measurement, 'measured'>): string {
  return m.law?.law.kind === 'hard' && m.smoothing === 0 && m.remaining.length > 1
    ? '; at ε = 0 fill/scatter and the uniform mixture are this too, so give it an ε above 0 to tell which it is'
    : '';
}

function familyInWords(family: OtherFamily): string {
  switch (family.kind) {
    case 'binary': {
      const smoothing =
        Math.abs(family.on + family.off - 1) < 1e-4 && family.off > 0 ? `, which is y(1−ε) + ε/2 with ε = ${show(2 * family.off)}` : '';
      return `Not a softmax loss: one binary cross entropy per class, with target ${show(family.on)} for the labelled class and ${show(family.off)} for the others${smoothing}.`;
    }
    case 'sigmoidAlone':
      return family.off === 0
        ? 'Not a softmax loss: −log σ(z) of the labelled class alone. The other classes get no gradient, so nothing holds their logits down.'
        : `Not a softmax loss: −Σ q·log σ(z) with q in the proportion ${show(family.on)} for the labelled class to ${show(family.off)} for the others. Every logit is pulled up, and nothing holds any down.`;
    case 'sigmoidTwice':
      return 'A sigmoid is applied twice: a binary cross entropy of σ(σ(z)), where the second sigmoid sees only values between 0 and 1 and so gives at least 0.5 for every class.';
    case 'functionOfMean':
      return `Not a plain label smoothing: a function of the batch’s mean cross entropy, and not a mean of the rows’ losses. Every row’s gradient has one factor, ${show(family.factors[0])} to ${show(family.factors[1])} on the probes, which the whole batch decides.`;
    case 'linear':
      return 'Not normalised: the loss is linear in its input, so it expects log-probabilities and the logits it got have no softmax behind them.';
    case 'linearInProbabilities':
      return 'Not a cross entropy: the loss is linear in the probabilities, where −Σ q log p needs their logarithm.';
    case 'softmaxTwice':
      return 'Softmax is applied twice: the loss is a cross entropy of softmax(softmax(logits)), whose gradient nearly vanishes.';
    case 'softmaxOverRows':
      return 'The softmax runs over the rows of the batch, not over the classes.';
    case 'focal':
      return `Not a plain label smoothing: a focal loss with γ = ${show(family.gamma)}, which weights −log p of the target by (1−p)^γ.`;
    case 'smoothedPrediction':
      return `Not a label smoothing: the loss is −log(p + ${show(family.added)}) of the target's probability, as when the prediction is smoothed, (1−ε)p + ε/K with ε = ${show(family.smoothing)}, in place of the target.`;
    case 'smoothedFocal':
      return `Not a plain label smoothing: a focal loss with γ = ${show(family.gamma)} over smoothed targets, which weights each −log p by (1−p)^γ.`;
    case 'penalised':
      return penalisedInWords(family);
    case 'shiftedLogits':
      return shiftedInWords(family);
    case 'temperature':
      return `Not a plain label smoothing: a cross entropy of the logits divided by a temperature of ${show(family.temperature)}.`;
  }
}

const termWords: Readonly<Record<Penalised['term'], readonly [string, string]>> = {
  entropy: ['the entropy of the prediction', ', a confidence penalty'],
  missedProbability: ['1 − p of the target', ', as in poly-1 and in symmetric cross entropy'],
  squaredLogSumExp: ['the square of log Σ exp(z), a z-loss', ''],
  squaredLogits: ['the sum of the squared logits', ''],
};

function penalisedInWords({ term, factor, target, gain, changesWithRows }: Penalised): string {
  const of =
    target === null ? '' : target.off === 0 ? ' with hard labels' : ` with target ${show(target.on)} and ${show(target.off)} elsewhere`;
  const [what, name] = termWords[term];
  // Taking the entropy away rewards a flat prediction; adding it makes the prediction its own teacher.
  // To first order a factor on the logits is the same, and the second order of so little is lost in rounding.
  const orScaled = `, or of logits times ${Number((1 - factor).toPrecision(7))}, which so small a part does not tell apart`;
  const note =
    term === 'entropy' && Math.abs(factor) < 3e-3
      ? orScaled
      : term === 'entropy' && factor > 0
        ? ', as when the prediction itself is mixed into the targets'
        : name;
  const times = show(gain) === '1' ? '' : `${show(gain)} times `;
  return `Not a plain label smoothing: ${times}a cross entropy${of}, ${factor < 0 ? 'minus' : 'plus'} ${show(Math.abs(gain * factor))} times ${what}${note}${changesWithRows ? '; that is so for as many rows as the sample has, and the factor changes with their number' : ''}.`;
}

function shiftedInWords({ factor, margin, added }: ShiftedLogits): string {
  const [low, high] = [least(added), greatest(added)];
  const moves = [
    ...(margin === 0 ? [] : [`with ${show(Math.abs(margin))} ${margin > 0 ? 'taken from' : 'added to'} that of the target, a margin`]),
    ...(low === high ? [] : [`with a constant of its own added to each class (${show(low)} to ${show(high)}), as logit adjustment does`]),
    ...(factor === 1 ? [] : [`times ${show(factor)}`]),
  ];
  return `Not a plain label smoothing: a cross entropy of other logits, those given ${moves.join(', and ')}.`;
}

/** Whether a few roundings to the type, of the terms and of their sum, explain what the model leaves. */
function fitsCoarsely(fit: AffineFit, type: CoarseType): boolean {
  const rounding = 8 * coarseRoundoff(type);
  const size = greatest([...fit.weights.flat(), ...fit.slopes].map(Math.abs));
  const valueSize = fit.offsetError / (8 * chainError);
  return fit.residual <= rounding * size && fit.valueResidual <= rounding * valueSize;
}

/** What float16 arithmetic on the way to a float32 value leaves is as small. */
function orCoarse(fit: AffineFit): string {
  return fitsCoarsely(fit, 'float16') ? '; it departs by so little that arithmetic in float16 on the way may be all there is to it' : '';
}

function notAffine(measured: Omit<Measured, 'verdict'>, m: Omit<Measurement, 'measured'>): string {
  const fit = m.fit;
  if (fit !== null && fit.tolerance === 0) {
    return 'Its gradient is zero whatever the logits are, so it teaches nothing: its value no longer depends on them in a way that can be differentiated (a detach, an argmax, a comparison).';
  }
  if (fit !== null && m.coarse !== null && fitsCoarsely(fit, m.coarse)) {
    return `Its values are ${m.coarse} numbers, which have ${m.coarse === 'float16' ? 'three' : 'two'} digits. As far as they tell it is a cross entropy with target ${show(measured.onValue)} and ${show(measured.offValue)} elsewhere; compute it in float32 to have it measured.`;
  }
  if (fit?.gradientFits === true) {
    const times = m.law === null || m.law.factor === 1 ? '' : `${showFactor(m.law.factor)} times `;
    return `Its gradient is that of ${times}a cross entropy with target ${show(measured.onValue)} and ${show(measured.offValue)} elsewhere, but its value is not: value minus that cross entropy moves by ${show(fit.valueResidual)} as the logits change.`;
  }
  if (fit?.normalised === false) {
    return `Not a plain label smoothing: its gradient does not sum to zero over the classes, so the logits enter otherwise than through one softmax (none is taken, or a penalty on the logits is added)${orCoarse(fit)}.`;
  }
  const where = fit === null ? '' : ` (row ${fit.worst.row}, class ${fit.worst.column})`;
  return `Not a plain label smoothing: its gradient departs from scale·(Q·p − q), which every fixed target distribution gives, by ${show(measured.residual)}${where}, where rounding explains ${show(fit?.tolerance ?? NaN)}${fit === null ? '' : orCoarse(fit)}.`;
}

/** The targets and the form of the loss, without reduction, padding and caveats. */
function coreOfVerdict(measured: Omit<Measured, 'verdict'>, m: Omit<Measurement, 'measured'>): string {
  const { shape, law } = m;
  const on = show(measured.onValue);
  const off = show(measured.offValue);
  const values = `target ${on}, every other class ${off}`;
  const byClasses = law?.dividesByClasses === true && measured.reduction !== 'elementMean';
  const factor = `${law !== null && law.factor !== 1 ? `${showFactor(law.factor)} times ` : ''}${byClasses ? '1/K of ' : ''}`;
  const base = offsetPrefix(measured, m);
  if (shape === null || shape.kind === 'zero') return 'No row of the probes gets a gradient: nothing to measure';
  if (shape.kind === 'normal') {
    return `${base}targets spread over neighbouring classes as a normal distribution with σ = ${show(shape.sigma)}${massNote(measured)}`;
  }
  if (shape.kind === 'general') {
    return `${base}targets that differ from class to class or row to row: ${fromTo(shape.onRange)} on the target, ${fromTo(shape.offRange)} elsewhere (class weights, a teacher, or class similarity); no single ε describes it`;
  }
  const mixed = shape.kind === 'mixup' ? `, mixed with the reversed batch at λ = ${show(shape.lambda)}` : '';
  const weights = m.classWeights === null || m.classWeights.length > 8 ? '' : ` (${m.classWeights.map(show).join(' : ')})`;
  const weighted =
    shape.kind !== 'weighted'
      ? ''
      : shape.by === 'class'
        ? `, times each class’s weight${weights}`
        : `, times the weight of the row’s target${weights}`;
  const tail = `${mixed}${weighted}`;
  switch (law?.law.kind) {
    case 'hard':
      if (m.given !== null && mixed === '') return `${factor}${base}${givenInWords[m.given]}: target ${on}, every other class 0${tail}`;
      return `${factor}${base}${mixed === '' && !m.makesTargets ? 'cross entropy with hard labels' : 'hard labels'}: target ${on}, every other class 0${tail}`;
    case 'fillScatter':
      return law.law.padded
        ? `${factor}${base}fill/scatter over K−2 classes with ε = ${show(law.law.smoothing)}: ${values}${tail}`
        : `${factor}${base}fill/scatter with ε = ${show(law.law.smoothing)}: ${values}${tail}`;
    case 'uniformMixture':
      // At ε = 1 nothing of the label is left.
      if (law.law.smoothing === 1) return `${base}${on} for every class, the target included: the labels make no difference${tail}`;
      return `${factor}${base}uniform mixture with ε = ${show(law.law.smoothing)}: ${values}${tail}`;
    case 'either':
      return `${factor}${base}${values} at K = ${m.classes}: fill/scatter with ε = ${show(law.law.fillScatter)} or the uniform mixture with ε = ${show(law.law.uniformMixture)}, which ${law.numbersOfClasses > 1 ? 'float32 cannot tell apart at so small an ε' : 'one number of classes cannot tell apart'}${tail}`;
    default:
      return `${base}targets of its own: ${values}${tail}${massNote(measured)}${onlyHere(measured, m)}`;
  }
}

/** What one-hot targets alone would be called hard labels. */
const givenInWords: Readonly<Record<GivenTargets, string>> = {
  crossEntropy: 'cross entropy with the targets as they are given, here one-hot',
  divergence: 'KL divergence from the targets as they are given, here one-hot',
  other: 'cross entropy while the targets it is given are one-hot, and something else where they are not',
};

/** Targets that a convention explains at the sample's number of classes, and not at another. */
function onlyHere(measured: Omit<Measured, 'verdict'>, { measuredAt, classes }: Omit<Measurement, 'measured'>): string {
  const { fillScatter, uniformMixture } = measured.effectiveSmoothing;
  if (measuredAt.length < 2 || Math.abs(Number(measured.mass) - 1) >= 1e-5 || fillScatter === null || uniformMixture === null) return '';
  return `; at K = ${classes} that is fill/scatter with ε = ${show(fillScatter)} or the uniform mixture with ε = ${show(uniformMixture)}, but with the number of classes it changes as neither does`;
}

/** Four digits, or as many as show that it is not 1. */
function showFactor(factor: number): string {
  return show(factor) === '1' ? String(Number(factor.toPrecision(7))) : show(factor);
}

function fromTo([low, high]: readonly [number, number]): string {
  return show(low) === show(high) ? show(low) : `${show(low)} to ${show(high)}`;
}

function massNote(measured: Omit<Measured, 'verdict'>): string {
  const mass = Number(measured.mass);
  return Math.abs(mass - 1) < 1e-5 ? '' : `; they sum to ${show(measured.mass)}, not 1`;
}

function offsetPrefix(measured: Omit<Measured, 'verdict'>, m: Omit<Measurement, 'measured'>): string {
  if (m.offsetKind === 'none') return '';
  if (m.offsetKind === 'constant') return `a constant ${show(measured.offset)} per row on top of `;
  const entropy = typeof measured.offset === 'number' ? -measured.offset : measured.offset;
  return `KL divergence (cross entropy minus the targets’ entropy H(q) = ${show(entropy)}) from `;
}

function reductionInWords(measured: Omit<Measured, 'verdict'>, { nextRow }: Omit<Measurement, 'measured'>): string {
  switch (measured.reduction) {
    case 'none':
      return '; one value per row';
    case 'mean':
    case 'batchmean':
      return '; mean over the rows';
    case 'sum':
      return '; summed over the rows';
    case 'elementMean':
      return '; divided by N·K, the number of elements, not by the number of rows';
    case 'activeMean':
      return '; mean over the rows that are not ignored';
    case 'weightedMean':
      return '; divided by the sum of the targets’ weights';
    case 'unknown':
      return `; what it divides by does not follow the number of rows${nextRow ? ' that have a label' : ''}`;
  }
}

/** A target distribution is a row's own; one that depends on how many rows there are is a slip, such as N taken for K. */
function variesWithRows([more, fewer]: readonly [number, number], { shape }: Omit<Measurement, 'measured'>): string {
  if (shape?.kind !== 'general') return 'Its targets change with the number of rows';
  const isSteady = [shape.onRange, shape.offRange].every(([low, high]) => show(low) === show(high));
  const numbers = isSteady
    ? ''
    : ` Between ${fewer} and ${more} rows the target’s own share is ${fromTo(shape.onRange)}, that of every other class ${fromTo(shape.offRange)}.`;
  return `Not a fixed label smoothing: its targets change with the number of rows.${numbers} So it is when the number of rows is taken for that of classes, one term is summed and another averaged, or class weights are counted from the batch.`;
}

/** Rows without a gradient because of where they stand, as when predictions and targets are shifted against each other. */
function zeroByPosition(measured: Omit<Measured, 'verdict'>, { shape }: Omit<Measurement, 'measured'>): string {
  if (measured.paddingIndex !== null || shape === null) return '';
  const rows = shape.zeroRows.flatMap((zero, row) => (zero ? [row] : []));
  if (rows.length === 0) return '';
  const which = rows.length === 1 ? `row ${rows[0]!}` : `rows ${rows.slice(0, -1).join(', ')} and ${rows.at(-1)!}`;
  return `; of ${shape.zeroRows.length} rows, ${which} ${rows.length === 1 ? 'gets' : 'get'} nothing`;
}

function shiftedLabels(m: Omit<Measurement, 'measured'>): string {
  return m.nextRow
    ? '; each row is held against the label of the next one and the last against none, as a language model’s tokens are'
    : '';
}

function farAway({ far }: Omit<Measurement, 'measured'>): string {
  if (far?.kind !== 'departs') return '';
  const close = Math.abs(far.value - far.expected) <= 1e-3 * Math.abs(far.expected);
  const what = close ? 'its gradient is not this any more' : `its value is ${show(toNum(far.value))} and not ${show(far.expected)}`;
  if (far.where === 'floor')
    return `; that is so while the loss is large: where every prediction is nearly right ${what}, as when the loss is kept above a level (flooding) or clipped`;
  return `; that is so on ordinary logits: where they reach ±${farthest} ${what}, as when a probability or the loss is clipped, or a small number is added before the logarithm`;
}

function padding(measured: Omit<Measured, 'verdict'>, m: Omit<Measurement, 'measured'>): string {
  if (measured.paddingIndex === null || m.shape === null) return '';
  const column = m.shape.zeroColumn !== null;
  const rows = m.shape.zeroRows.includes(true);
  const what = column && rows ? 'its column and its rows get nothing' : column ? 'its column gets nothing' : 'its rows get nothing';
  return `; class ${measured.paddingIndex} is padding: ${what}`;
}

/** Rows of the ignored target that are not left out altogether, where the sample has such rows. */
function ignoredRows({ ignored, probes }: Omit<Measurement, 'measured'>): string {
  if (ignored === null || ignored.zeroed || probes[0]?.targets.includes(ignored.target) !== true) return '';
  return `; rows of the ignored target ${ignored.target} still get a part of it`;
}

/** Says when the number the code calls its smoothing is not the ε that was measured. */
function nominal(m: Omit<Measurement, 'measured'>): string {
  const law = m.law?.law;
  if (m.smoothing === null || m.distribution === null || law === undefined) return '';
  const measured = law.kind === 'fillScatter' || law.kind === 'uniformMixture' ? law.smoothing : law.kind === 'hard' ? 0 : null;
  if (measured === null || Math.abs(measured - m.smoothing) <= 4 * m.classes * m.distribution.error + 1e-7) return '';
  return ` (its parameter says ${show(m.smoothing)})`;
}

function perSample(m: Omit<Measurement, 'measured'>): string {
  if (m.crossRow === null) return '';
  const { row, movedRow, change, isBatchUniformTerm } = m.crossRow;
  const why = isBatchUniformTerm
    ? 'every row carries the uniform term of the whole batch, as a mean without dim gives'
    : 'the rows are not independent of each other';
  return `; so it is for the batch as a whole, but not per sample: changing only row ${movedRow}’s logits moves row ${row}’s loss by ${show(change)}; ${why}`;
}
