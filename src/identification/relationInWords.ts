/** A relation as the sentence a teacher would say. */
import type { Formulation } from '../formulations/formulation';
import type { Evaluation } from '../formulations/evaluate';
import type { Relation } from '../inspection';
import { largest, mean, sum } from './blackBox';
import type { Measurement } from './measurement';
import { chainError, toNum, ulpDistance } from './precision';
import { farthest } from './probes';
import { entropyOf, negativeLogLikelihoods, uniformCrossEntropies } from './softmax';
import type { BatchRelation, Outcome } from './relate';
import { show } from './verdict';

export interface Related {
  readonly relation: Relation;
  readonly batches: readonly BatchRelation[];
  /** Number of probes it holds on. */
  readonly evidence: number;
  /** It holds at the sample's K and fails at another. */
  readonly onlyAtTheseClasses: boolean;
  /** The ε at which it would hold at the sample's K, where at another K none of the formulation's does. */
  readonly onlyHere?: { readonly smoothing: number };
  /** What the relation is on ordinary logits, where it does not hold on large ones or near the floor, and the two values there. */
  readonly farAway?: {
    readonly where: 'large' | 'floor';
    readonly ordinary: Relation;
    readonly mine: number;
    readonly theirs: number;
  };
}

export interface Context {
  readonly formulation: Formulation;
  readonly smoothing: number;
  readonly measurement: Measurement;
  readonly mine: Outcome;
  readonly theirs: Evaluation;
  readonly view: View;
}

/**
 * Who is compared with whom: a formulation with the person's loss; one formulation with another, which stands in the place of the loss; or
 * the person's loss with a formulation, the first of these turned round.
 */
export type View = 'withYours' | 'withFormulation' | 'yoursWithFormulation';

/** What was measured is the person's loss, or the formulation that others are compared with. */
const measuredName = ({ view }: Context): string => (view === 'withFormulation' ? 'the baseline' : 'yours');
const otherName = ({ view }: Context): string => (view === 'yoursWithFormulation' ? 'the baseline' : 'it');
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export function relationInWords(related: Related | null, context: Context): string {
  if (related === null) return withoutRelation(context);
  if (related.farAway !== undefined) return onlyNearby(related, related.farAway, context);
  const words = `${relationAlone(related, context)}${otherClasses(related, context)}`;
  return `${words}${coincidence(related, context)}${ignoredAlike(related, context)}${shiftedAlike(related, context)}${unreduced(context)}.`;
}

function onlyNearby(related: Related, { where, ordinary, mine, theirs }: NonNullable<Related['farAway']>, context: Context): string {
  const nearby = relationAlone({ ...related, relation: ordinary }, context);
  const values =
    Math.abs(mine - theirs) <= 1e-3 * Math.abs(theirs)
      ? 'the gradients part'
      : `${measuredName(context)} is ${show(toNum(mine))}, ${otherName(context) === 'it' ? 'the formulation' : otherName(context)} ${show(toNum(theirs))}`;
  const there = where === 'large' ? `logits are large: at ±${farthest}` : 'every prediction is nearly right: there';
  return `Different where ${there} ${values}. On ordinary logits: ${nearby.charAt(0).toLowerCase()}${nearby.slice(1)}${unreduced(context)}.`;
}

function withoutRelation(context: Context): string {
  const { measurement, mine, theirs } = context;
  const name = measuredName(context);
  if (!measurement.deterministic)
    return `${capital(name)} gives another number at every call, so nothing can be said about how the two relate.`;
  if (!Number.isFinite(mine.value)) return `${capital(name)} is not finite on this sample.`;
  if (!Number.isFinite(theirs.value)) return 'The formulation is not finite on this sample.';
  return `The gradient of ${name} is not finite on this sample.`;
}

function relationAlone(related: Related, context: Context): string {
  const { relation } = related;
  switch (relation.kind) {
    case 'equal':
      return equal(context);
    case 'equalWithSmoothing':
      return context.view === 'yoursWithFormulation'
        ? `Equal to the baseline at its ${otherSmoothing(relation.smoothing, context)}`
        : `Equal at ${otherSmoothing(relation.smoothing, context)}`;
    case 'sameGradientOffset':
      return `${atSmoothing(relation.smoothing, context)}${sentence(relation.smoothing, `same gradient, ${offsetInWords(related, context)}`)}`;
    case 'scaled':
    case 'scaledByBatch':
      return `Scaled: ${factorInWords(related, context)}`;
    case 'scaledWithSmoothing':
      return `${atSmoothing(relation.smoothing, context)}${factorInWords(related, context)}`;
    case 'scaledOffset':
      return `${atSmoothing(relation.smoothing, context)}${sentence(relation.smoothing, `gradient ${factorInWords(related, context)}; value ${offsetInWords(related, context)} after that`)}`;
    case 'indistinguishable':
      return 'The probes that could be run do not tell the two apart';
    case 'different':
      return related.onlyHere === undefined ? different(context) : differentElsewhere(related.onlyHere.smoothing, context);
  }
}

function differentElsewhere(smoothing: number, context: Context): string {
  const { measurement } = context;
  const [here, other] = measurement.measuredAt;
  return `Different: the targets of ${measuredName(context)} are these at ε′ = ${show(smoothing)} for K = ${here ?? measurement.classes} only; at K = ${other ?? '?'} that ε does not give them, and no rule for it that depends on K as the formulation's does`;
}

/** Capital letter unless something stands before it. */
function sentence(smoothing: number | undefined, words: string): string {
  return smoothing === undefined ? words.charAt(0).toUpperCase() + words.slice(1) : words;
}

function equal({ formulation, smoothing, mine, theirs }: Context): string {
  const ulp = ulpDistance(mine.value, theirs.value);
  const precision = ulp === 0 ? 'to the last bit' : `within ${ulp} ULP`;
  if (smoothing === 0 && formulation.convention !== 'none') return `Equal (${precision}): at ε = 0 there is no smoothing left to differ in`;
  return `Equal, value ${precision} and gradient`;
}

function atSmoothing(smoothing: number | undefined, context: Context): string {
  const whose = context.view === 'yoursWithFormulation' ? 'the baseline’s ' : '';
  return smoothing === undefined ? '' : `At ${whose}${otherSmoothing(smoothing, context)}: `;
}

/** ε′ with the formula that gives it from the loss's own ε, where there is one. */
function otherSmoothing(other: number, { measurement, smoothing, formulation }: Context): string {
  const K = measurement.classes;
  const law = measurement.law?.law;
  const own = law?.kind === 'fillScatter' || law?.kind === 'uniformMixture' ? law.smoothing : smoothing;
  const formulas: readonly (readonly [string, number])[] = [
    ['ε·K/(K−1)', (own * K) / (K - 1)],
    ['ε·(K−1)/K', (own * (K - 1)) / K],
  ];
  const formula = own === 0 ? undefined : formulas.find(([, value]) => Math.abs(value - other) <= 1e-4 * Math.abs(other));
  const limits = other > 1 ? ', more than 1, which no library accepts' : other < 0 ? ', a negative ε' : '';
  const subject = formulation.convention === 'none' ? 'ε' : 'ε′';
  return `${subject} = ${formula === undefined ? '' : `${formula[0]} = `}${show(other)}${limits}`;
}

// -------------------------------------------------------------------------------------------------------- factor

/** What the factor between two losses can be made of, for one batch. */
interface BatchNumbers {
  readonly rows: number;
  readonly classes: number;
  readonly active: number;
  readonly weights: number;
}

interface FactorName {
  readonly name: string;
  readonly value: (n: BatchNumbers) => number;
}

const factors: readonly FactorName[] = [
  { name: 'N', value: (n) => n.rows },
  { name: '1/N', value: (n) => 1 / n.rows },
  { name: '1/K', value: (n) => 1 / n.classes },
  { name: 'K', value: (n) => n.classes },
  { name: 'N·K', value: (n) => n.rows * n.classes },
  { name: '1/(N·K)', value: (n) => 1 / (n.rows * n.classes) },
  { name: 'N/Σw[y]', value: (n) => n.rows / n.weights },
  { name: 'Σw[y]/N', value: (n) => n.weights / n.rows },
  { name: 'Σw[y]', value: (n) => n.weights },
  { name: '1/Σw[y]', value: (n) => 1 / n.weights },
  { name: 'N/active', value: (n) => n.rows / n.active },
  { name: 'active/N', value: (n) => n.active / n.rows },
  { name: 'active', value: (n) => n.active },
  { name: '1/active', value: (n) => 1 / n.active },
];

/** What one of the two divides the sum over its rows by. */
interface Division {
  readonly words: string;
  readonly value: (n: BatchNumbers) => number;
}

const divisions = {
  one: { words: 'sums over the rows', value: () => 1 },
  rows: { words: 'takes the mean over the rows', value: (n) => n.rows },
  elements: { words: 'divides by N·K', value: (n) => n.rows * n.classes },
  active: { words: 'takes the mean of the rows that are not ignored', value: (n) => n.active },
  weights: { words: 'divides by the sum of the targets’ weights', value: (n) => n.weights },
  classes: { words: 'divides the sum over the rows by K', value: (n) => n.classes },
} as const satisfies Readonly<Record<string, Division>>;

function divisionOfMeasured({ divisor, law }: Measurement, isPlainMean: boolean): Division | null {
  if (divisor === null || (law !== null && law.factor !== 1)) return null;
  if (law?.dividesByClasses === true) return divisor === 'one' ? divisions.classes : divisor === 'rows' ? divisions.elements : null;
  return divisor === 'active' && isPlainMean ? divisions.rows : divisions[divisor];
}

function divisionOfTheirs({ divides }: Formulation, isPlainMean: boolean, isWeighted: boolean): Division {
  if (divides === 'weights' && !isWeighted) return isPlainMean ? divisions.rows : divisions.active;
  return divides === 'active' && isPlainMean ? divisions.rows : divisions[divides];
}

function factorInWords({ relation, batches }: Related, context: Context): string {
  const { measurement, formulation, view } = context;
  const turned = view === 'yoursWithFormulation';
  const factor = 'factor' in relation ? Number(relation.factor) : NaN;
  const compared = turned ? otherName(context) : measuredName(context);
  const numbers = batches.map((batch) => batchNumbers(batch, measurement));
  const explains = (value: (n: BatchNumbers) => number): boolean =>
    batches.every(
      (batch, m) => Math.abs(batch.factor - value(numbers[m]!)) <= 2 * batch.factorError + 2 * chainError * Math.abs(batch.factor),
    );
  // A name must hold on batches of different sizes; one batch alone may fit by accident, and is then named by the likeliest.
  const named = factors.find(({ value }) => explains(value));
  if (named !== undefined) {
    const isPlainMean = numbers.every((n) => n.active === n.rows);
    const theirs = divisionOfTheirs(formulation, isPlainMean, measurement.classWeights !== null);
    const own = divisionOfMeasured(measurement, isPlainMean);
    const explained = own !== null && explains((n) => (turned ? theirs.value(n) / own.value(n) : own.value(n) / theirs.value(n)));
    const [first, second] = [`${otherName(context)} ${theirs.words}`, `${measuredName(context)} ${own?.words ?? ''}`];
    const why = !explained ? '' : turned ? `: ${second}, ${first}` : `: ${first}, ${second}`;
    return `${named.name} = ${show(factor)} times ${compared}${why}`;
  }
  const steady = batches.every((batch) => Math.abs(batch.factor - batches[0]!.factor) <= batch.factorError + batches[0]!.factorError);
  return `${show(factor)} times ${compared}${steady ? '' : ' on this sample; the factor changes with the batch'}`;
}

function batchNumbers(batch: BatchRelation, { measured, shape, classWeights }: Measurement): BatchNumbers {
  const paddingRows = shape?.zeroRows.includes(true) === true ? measured.paddingIndex : null;
  const counts = (target: number): boolean => target >= 0 && target < batch.classes && target !== paddingRows;
  const active = batch.targets.filter(counts);
  const weights = classWeights === null ? NaN : sum(active.map((target) => classWeights[target] ?? NaN));
  return { rows: batch.targets.length, classes: batch.classes, active: active.length, weights };
}

// -------------------------------------------------------------------------------------------------------- offset

function offsetInWords({ relation, batches }: Related, context: Context): string {
  const offset = 'offset' in relation ? Number(relation.offset) : NaN;
  const direction = offset < 0 ? 'lower' : 'higher';
  const size = Math.abs(offset);
  const entropy = meanEntropy(context);
  const rows = context.theirs.perSample.length;
  const tolerance = 2 * batches[0]!.offsetError + 8 * chainError * size;
  // The targets at ε′ have the same entropy as the loss's own, so measured targets serve for both.
  const parts: readonly (readonly [string, number])[] = [
    ['the entropy H(q)', entropy],
    ['N·H(q)', entropy * rows],
    ['H(q)/K', entropy / context.measurement.classes],
  ];
  const named = entropy > 0 ? parts.find(([, value]) => Math.abs(value - size) <= tolerance) : undefined;
  return named === undefined ? `${direction} by a constant ${show(size)}` : `${direction} by ${named[0]} = ${show(named[1])}`;
}

/** Mean entropy of the measured targets, or of the formulation's where the loss has none. */
function meanEntropy({ measurement, theirs }: Context): number {
  const measured = measurement.measured.targetDistribution.map((row) => row.map(Number));
  const q = measured.length > 0 && measurement.distribution !== null ? measured : theirs.targetDistribution;
  return mean(q.map(entropyOf));
}

// ----------------------------------------------------------------------------------------------------- different

function different(context: Context): string {
  const { formulation, measurement, mine, theirs } = context;
  const { measured } = measurement;
  const name = measuredName(context);
  const differences = theirs.gradient.flatMap((row, i) =>
    row.map((g, k) => ({ size: Math.abs(g - (mine.gradient[i]?.[k] ?? NaN)), i, k })),
  );
  const worst = differences.reduce((left, right) => (right.size > left.size ? right : left), { size: 0, i: 0, k: 0 });
  const evidence = `gradients differ by up to ${show(worst.size)} (row ${worst.i}, class ${worst.k})`;
  if (!measured.affine) return `Different: ${name} is not a cross entropy with fixed targets; ${evidence}`;
  if (measurement.distribution === null) return `Different: ${name} has targets of another form; ${evidence}`;
  const off = Number(measured.offValue);
  if (formulation.convention === 'none')
    return `Different: hard labels give the other classes nothing, ${name} gives each ${show(off)}; ${evidence}`;
  if (Math.abs(Number(measured.mass) - 1) > 1e-5) {
    return `Different: the targets of ${name} sum to ${show(measured.mass)}, not 1; ${evidence}`;
  }
  if (formulation.convention === 'binary' || formulation.family === 'binary')
    return `Different: a sigmoid for each class instead of one softmax; ${evidence}`;
  return `Different: no ε, factor or constant makes them agree; ${evidence}`;
}

// ------------------------------------------------------------------------------------------------------ addenda

function otherClasses({ onlyAtTheseClasses }: Related, { measurement }: Context): string {
  if (!onlyAtTheseClasses) return '';
  const [here, other] = measurement.measuredAt;
  return ` at K = ${here ?? measurement.classes}, but not at K = ${other ?? '?'}`;
}

const madeOfBoth: readonly Formulation['convention'][] = ['none', 'fillScatter', 'uniformMixture'];

/** Values that agree on the sample although the losses differ deserve a word. */
function coincidence({ relation }: Related, { mine, theirs, measurement, formulation }: Context): string {
  if (relation.kind === 'equal') return '';
  const rounding = chainError * (Math.abs(mine.value) + Math.abs(theirs.value));
  if (!(Math.abs(mine.value - theirs.value) <= rounding)) return '';
  const gradients = mine.gradient.map((row, i) => largest(row.map((g, k) => g - (theirs.gradient[i]?.[k] ?? NaN))));
  if (largest(gradients) <= 1e-3 * largest(mine.gradient.map(largest))) return '; the difference is too small to show in the values';
  const { logits, targets } = measurement.probes[0]!;
  const [n, u] = [mean(negativeLogLikelihoods(logits, targets)), mean(uniformCrossEntropies(logits))];
  // Only losses that are made of n and u alone are the same where the two are.
  const { shape } = measurement;
  const bothMadeOfThese = shape?.kind === 'plain' && shape.zeroColumn === null && madeOfBoth.includes(formulation.convention);
  const why = bothMadeOfThese && Math.abs(n - u) <= 1e-3 * Math.abs(n);
  return `; that the values agree on this sample is a coincidence of the sample${why ? ' (n = u)' : ''}`;
}

/** A formulation that can ignore a target was told to ignore the one that the loss leaves out. */
function ignoredAlike({ relation }: Related, { measurement, formulation }: Context): string {
  const { measured, shape } = measurement;
  const leftOut = shape?.zeroRows.includes(true) === true ? measured.paddingIndex : null;
  if (leftOut === null || relation.kind === 'different' || formulation.convention === 'padded') return '';
  return `; both with the rows of class ${leftOut} left out`;
}

/** What rows a loss that shifts its labels was compared on. */
function shiftedAlike({ relation }: Related, { measurement }: Context): string {
  return measurement.nextRow && relation.kind !== 'different' ? ', of rows beside the next row’s labels' : '';
}

function unreduced(context: Context): string {
  const { measurement } = context;
  return measurement.measured.reduction === 'none' && !measurement.makesTargets
    ? '; yours is not reduced, so its mean over the rows is compared'
    : '';
}
