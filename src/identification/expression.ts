/** A loss as an expression that can be computed: what is typeset as its formula is what was checked against its numbers. */
import { sum, type Matrix } from './blackBox';
import { logSoftmax } from './softmax';

/** y, the row's target; y′, the target of the row at the same place in the reversed batch; k, the class a sum runs over. */
export type ClassIndex = 'target' | 'mirrored' | 'each';

export type Quantity =
  'logProbability' | 'probability' | 'logit' | 'logSigmoid' | 'logOneMinusSigmoid' | 'weight' | 'smoothed' | 'unsmoothed';

export type Expression =
  | { readonly op: 'number'; readonly value: number }
  /** A part of something given to several classes alike, kept as the fraction it is: ε/(K−1). */
  | { readonly op: 'share'; readonly of: number; readonly among: number }
  /** log p_k, w_k, … of one class; smoothed is q_k and unsmoothed 1 − q_k. */
  | { readonly op: 'quantity'; readonly quantity: Quantity; readonly at: ClassIndex }
  | { readonly op: 'minus'; readonly of: Expression }
  | { readonly op: 'plus'; readonly terms: readonly Expression[] }
  | { readonly op: 'times'; readonly factors: readonly Expression[] }
  | { readonly op: 'power'; readonly base: Expression; readonly exponent: number }
  | { readonly op: 'log'; readonly of: Expression }
  /** Over the classes, without the row's target or a padding class. */
  | { readonly op: 'overClasses'; readonly withoutTarget: boolean; readonly without: number | null; readonly of: Expression }
  /** H(q) of the targets q with which `of` is −Σ q log p. */
  | { readonly op: 'entropy'; readonly of: Expression };

/** What q_k stands for, where the expression names it. */
export type Smoothed =
  | { readonly kind: 'onAndOff'; readonly on: Expression; readonly off: Expression }
  | { readonly kind: 'normal'; readonly sigma: number }
  /** As measured, row by row. */
  | { readonly kind: 'table'; readonly rows: Matrix };

export interface LossExpression {
  /** The loss of one row. */
  readonly row: Expression;
  readonly reduced: boolean;
  readonly factor: number;
  readonly divisor: 'one' | 'rows' | 'elements' | 'active' | 'weights';
  /** Added to the reduced loss. */
  readonly constant: number;
  /** Rows of these targets count for nothing. */
  readonly silent: readonly number[];
  readonly smoothed: Smoothed | null;
  readonly classWeights: readonly number[] | null;
  /** p = softmax(z/T) */
  readonly temperature: number;
}

export interface LogitsAndTargets {
  readonly logits: Matrix;
  readonly targets: readonly number[];
}

/** One value, or one for each row where the loss is not reduced. */
export function evaluateLoss(loss: LossExpression, batch: LogitsAndTargets): readonly number[] {
  const { targets } = batch;
  const rows = targets.map((target, n) => (loss.silent.includes(target) ? 0 : evaluateRow(loss.row, rowOf(loss, batch, n))));
  const scale = loss.factor / divisorOf(loss, batch);
  return loss.reduced ? [scale * sum(rows) + loss.constant] : rows.map((value) => scale * value + loss.constant);
}

function divisorOf({ divisor, silent, classWeights }: LossExpression, { logits, targets }: LogitsAndTargets): number {
  const active = targets.filter((target) => !silent.includes(target));
  switch (divisor) {
    case 'one':
      return 1;
    case 'rows':
      return targets.length;
    case 'elements':
      return targets.length * logits[0]!.length;
    case 'active':
      return active.length;
    case 'weights':
      return sum(active.map((target) => classWeights?.[target] ?? NaN));
  }
}

/** What an expression is evaluated at. */
interface Row {
  readonly target: number;
  readonly mirrored: number;
  readonly logits: readonly number[];
  readonly logProbabilities: readonly number[];
  readonly classWeights: readonly number[] | null;
  readonly smoothed: readonly number[] | null;
}

function rowOf({ temperature, classWeights, smoothed }: LossExpression, { logits, targets }: LogitsAndTargets, n: number): Row {
  const target = targets[n]!;
  return {
    target,
    mirrored: targets[targets.length - 1 - n]!,
    logits: logits[n]!,
    logProbabilities: logSoftmax(logits[n]!.map((z) => z / temperature)),
    classWeights,
    smoothed: smoothed === null ? null : smoothedRow(smoothed, target, n, logits[n]!.length),
  };
}

/** The value of an expression of numbers alone. */
function constantValue(expression: Expression): number {
  return evaluateRow(expression, {
    target: NaN,
    mirrored: NaN,
    logits: [],
    logProbabilities: [],
    classWeights: null,
    smoothed: null,
  });
}

function smoothedRow(smoothed: Smoothed, target: number, n: number, classes: number): readonly number[] {
  const each = Array.from({ length: classes }, (_, k) => k);
  switch (smoothed.kind) {
    case 'onAndOff': {
      const [on, off] = [constantValue(smoothed.on), constantValue(smoothed.off)];
      return each.map((k) => (k === target ? on : off));
    }
    case 'normal': {
      const heights = each.map((k) => Math.exp(-((k - target) ** 2) / (2 * smoothed.sigma ** 2)));
      const total = sum(heights);
      return heights.map((height) => height / total);
    }
    case 'table':
      return smoothed.rows[n] ?? each.map(() => NaN);
  }
}

/** `each`: the class that a sum stands at. */
function evaluateRow(expression: Expression, row: Row, each = NaN): number {
  switch (expression.op) {
    case 'number':
      return expression.value;
    case 'share':
      return expression.of / expression.among;
    case 'quantity':
      return quantityOf(expression.quantity, classAt(expression.at, row, each), row);
    case 'minus':
      return -evaluateRow(expression.of, row, each);
    case 'plus':
      return sum(expression.terms.map((term) => evaluateRow(term, row, each)));
    case 'times':
      return expression.factors.reduce((product, factor) => product * evaluateRow(factor, row, each), 1);
    case 'power':
      return evaluateRow(expression.base, row, each) ** expression.exponent;
    case 'log':
      return Math.log(evaluateRow(expression.of, row, each));
    case 'overClasses':
      return sum(classesOf(expression, row).map((k) => evaluateRow(expression.of, row, k)));
    case 'entropy':
      return sum(targetsIn(expression.of, row).map((q) => (q > 0 ? -q * Math.log(q) : 0)));
  }
}

const classAt = (at: ClassIndex, row: Row, each: number): number => (at === 'each' ? each : row[at]);

function quantityOf(quantity: Quantity, k: number, row: Row): number {
  switch (quantity) {
    case 'logProbability':
      return row.logProbabilities[k] ?? NaN;
    case 'probability':
      return Math.exp(row.logProbabilities[k] ?? NaN);
    case 'logit':
      return row.logits[k] ?? NaN;
    case 'logSigmoid':
      return logSigmoid(row.logits[k] ?? NaN);
    case 'logOneMinusSigmoid':
      return logSigmoid(-(row.logits[k] ?? NaN));
    case 'weight':
      return row.classWeights?.[k] ?? NaN;
    case 'smoothed':
      return row.smoothed?.[k] ?? NaN;
    case 'unsmoothed':
      return 1 - (row.smoothed?.[k] ?? NaN);
  }
}

function logSigmoid(z: number): number {
  return Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
}

/** q of an expression −Σ q log p. */
function targetsIn(expression: Expression, row: Row): readonly number[] {
  const q = row.logits.map(() => 0);
  const add = (part: Expression, factor: number, each: number): void => {
    switch (part.op) {
      case 'quantity': {
        const k = classAt(part.at, row, each);
        if (part.quantity === 'logProbability') q[k] = (q[k] ?? 0) - factor;
        return;
      }
      case 'minus':
        add(part.of, -factor, each);
        return;
      case 'plus':
        for (const term of part.terms) add(term, factor, each);
        return;
      case 'times': {
        const constants = part.factors.filter((one) => !hasLogProbability(one));
        const scaled = constants.reduce((product, one) => product * evaluateRow(one, row, each), factor);
        for (const one of part.factors) if (hasLogProbability(one)) add(one, scaled, each);
        return;
      }
      case 'overClasses':
        for (const k of classesOf(part, row)) add(part.of, factor, k);
        return;
      default:
        return;
    }
  };
  add(expression, 1, NaN);
  return q;
}

/** The expressions that one is directly made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case 'minus':
    case 'log':
    case 'overClasses':
    case 'entropy':
      return [expression.of];
    case 'plus':
      return expression.terms;
    case 'times':
      return expression.factors;
    case 'power':
      return [expression.base];
    default:
      return [];
  }
}

function hasLogProbability(expression: Expression): boolean {
  return (expression.op === 'quantity' && expression.quantity === 'logProbability') || partsOf(expression).some(hasLogProbability);
}

function classesOf({ withoutTarget, without }: Extract<Expression, { readonly op: 'overClasses' }>, row: Row): readonly number[] {
  return row.logits.map((_, k) => k).filter((k) => !(withoutTarget && k === row.target) && k !== without);
}

/** H(q) of each row, where the loss subtracts it; null where it does not. */
export function entropies(loss: LossExpression, batch: LogitsAndTargets): readonly number[] | null {
  const { row } = loss;
  if (row.op !== 'plus') return null;
  const entropy = row.terms.flatMap((term) => (term.op === 'minus' && term.of.op === 'entropy' ? [term.of] : []))[0];
  if (entropy === undefined) return null;
  return batch.targets.flatMap((target, n) => (loss.silent.includes(target) ? [] : [evaluateRow(entropy, rowOf(loss, batch, n))]));
}

// ------------------------------------------------------------------------------------------------------- making them

export const number = (value: number): Expression => ({ op: 'number', value });
export const of = (quantity: Quantity, at: ClassIndex): Expression => ({ op: 'quantity', quantity, at });
export const minus = (expression: Expression): Expression => ({ op: 'minus', of: expression });
/** A sum; one term alone is that term. */
export const plus = (...terms: readonly Expression[]): Expression => (terms.length === 1 ? terms[0]! : { op: 'plus', terms });
/** A product without its factors 1. */
export function times(...factors: readonly Expression[]): Expression {
  const telling = factors.filter((factor) => factor.op !== 'number' || factor.value !== 1);
  return telling.length === 1 ? telling[0]! : telling.length === 0 ? number(1) : { op: 'times', factors: telling };
}
export const overClasses = (expression: Expression, withoutTarget = false, without: number | null = null): Expression => ({
  op: 'overClasses',
  withoutTarget,
  without,
  of: expression,
});
