/** Whether an expression is the loss: computed on the probes, it must have the loss's values. */
import { greatest, least } from './extremes';
import type { Measured } from '../inspection';
import { isFiniteRun, rowValues, total, type Probe } from './blackBox';
import { evaluateLoss, minus, number, plus, times, type Expression, type LossExpression } from './expression';
import type { Measurement } from './measurement';
import { chainError } from './precision';

/** What is known of a loss before its formula is written. */
export interface Known {
  readonly measured: Omit<Measured, 'verdict' | 'formula'>;
  readonly measurement: Omit<Measurement, 'measured'>;
  /** The targets of the batch that `measurement.shape` is of. */
  readonly shapeTargets: readonly number[];
}

/** The probes that a formula must agree with: at the sample's K, with targets that are classes or that the sample has. */
export function probesOf({ measurement: { probes, classes } }: Known): readonly Probe[] {
  const own = new Set(probes[0]!.targets);
  return probes.filter(
    ({ logits, targets, run }) =>
      isFiniteRun(run) && logits[0]!.length === classes && targets.every((target) => (target >= 0 && target < classes) || own.has(target)),
  );
}

export function holds(loss: LossExpression, { logits, targets, run }: Probe): boolean {
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
  const spread = greatest(logits.map((row) => greatest(row) - least(row)));
  const rows = divisor === 'one' && reduced ? targets.length : 1;
  return Math.abs(factor) * rows * (spread + Math.log(logits[0]!.length));
}

/** What most expressions have. */
export const plainLoss = { constant: 0, smoothed: null, classWeights: null, temperature: 1 } as const;

/** The terms of a sum; anything else is one term. */
export const terms = (expression: Expression): readonly Expression[] => (expression.op === 'plus' ? expression.terms : [expression]);

/** −Σ factor·term, without the terms whose factor is zero. */
export function negativeSum(products: readonly (readonly [Expression, Expression])[]): Expression {
  const made = products.flatMap(([factor, term]): readonly Expression[] => {
    const value = factor.op === 'number' ? factor.value : factor.op === 'share' ? factor.of : NaN;
    if (value === 0) return [];
    if (!(value < 0)) return [minus(times(factor, term))];
    return [times(factor.op === 'share' ? { ...factor, of: -value } : number(-value), term)];
  });
  return made.length === 0 ? number(0) : plus(...made);
}
