/** Follows arithmetic: differences that are 1 − ε, quotients that are ε/K, products that are a cross entropy. */
import type { Expression, Range } from '../language/program';
import type { Flow, Origin } from './flow';
import { has, merge, nothing, trait, withTraits } from './flow';
import type { Context } from './followContext';
import { isNumber, numberOf, placeKey } from './literals';
import { note, noteConstant, noteLoss, noteUse } from './study';

export function literalOrigin(kind: Origin['kind'], name: string, nameRange: Range, value: Expression): Origin {
  return { key: `${kind}:${placeKey(value.range)}`, name, kind, where: 'body', nameRange, value };
}

export function combine(
  operator: string,
  left: Flow,
  right: Flow,
  leftNode: Expression | null,
  rightNode: Expression,
  range: Range,
  context: Context,
): Flow {
  switch (operator) {
    case '-':
      return difference(left, right, leftNode, rightNode, range, context);
    case '/':
      return quotient(left, right, rightNode, range, context);
    case '*':
    case '@':
      return product(left, right, range, context);
    default: {
      // 1 − ε + ε/K is a confidence too.
      const confidence = left.complementOf ?? right.complementOf;
      const scalar = ((left.traits | right.traits) & ~(trait.number | trait.metadata)) === 0;
      const both = withTraits(merge(left, right), 0);
      return confidence !== null && scalar ? { ...both, complementOf: confidence } : both;
    }
  }
}

export function difference(
  left: Flow,
  right: Flow,
  leftNode: Expression | null,
  rightNode: Expression,
  range: Range,
  context: Context,
): Flow {
  const one = leftNode !== null && numberOf(leftNode) === 1;
  const origin =
    right.origin ??
    (one ? right.scaledFrom : null) ??
    (one && isFraction(rightNode) ? literalOrigin('literal', numberOf(rightNode)!.toString(), rightNode.range, rightNode) : null);
  if (one && origin) {
    noteConstant(context.study, origin).complement = range;
    return { ...nothing, from: right.from, complementOf: origin };
  }
  // x − logsumexp(x), in either order; with the target's own logit it is a cross entropy.
  const isOfOne = (left.from & right.from) !== 0 || (left.from | right.from) === 0;
  if (has(left, trait.logSumExp) !== has(right, trait.logSumExp) && isOfOne) {
    const logits = has(left, trait.logSumExp) ? right : left;
    const both = merge(left, right);
    if (!has(logits, trait.picked)) return logSoftmaxOf(both, logits, range, context);
    if (!has(both, trait.opaque)) {
      note(context.study, 'cross entropy', range);
      noteLoss(context.study, both, true);
    }
    return withTraits({ ...both, traits: both.traits & ~trait.logSumExp }, trait.crossEntropy);
  }
  // (1 − ε) − ε/(K−1) stays what it is: a confidence.
  if (left.complementOf) return { ...nothing, from: left.from | right.from, complementOf: left.complementOf };
  return withTraits(merge(left, right), one && (right.from !== 0 || has(right, trait.oneHot)) ? trait.negated : 0);
}

function isFraction(expression: Expression): boolean {
  const value = numberOf(expression);
  return value !== null && value > 0 && value < 1;
}

export function quotient(left: Flow, divisor: Flow, rightNode: Expression, range: Range, context: Context): Flow {
  // A setting that divides data (a temperature) takes no part in what they are.
  const right = divisor.origin !== null && left.from !== 0 ? { ...divisor, from: divisor.from & left.from } : divisor;
  const { divides } = context.study;
  if (right.origin !== null && left.from !== 0) divides.set(right.origin.key, (divides.get(right.origin.key) ?? 0) | left.from);
  // ε/(1 − ε) is an odds ratio.
  if (left.origin && right.complementOf === null && numberOf(rightNode) === null) {
    noteConstant(context.study, left.origin).spread = range;
    return { ...nothing, from: left.from | right.from, traits: trait.number };
  }
  if (left.origin && isNumber(rightNode)) noteConstant(context.study, left.origin).spread = range;
  if (has(left, trait.exponential) && has(right, trait.exponential)) {
    if (!has(left, trait.byLabel)) noteUse(context.study, left.from, 'logits');
    return withTraits(merge(left, right), trait.softmax);
  }
  return {
    ...withTraits(merge(left, { ...right, traits: right.traits & trait.opaque }), 0),
    ...scaled(left.scaledFrom),
    ...(left.isTotal ? { isTotal: true as const } : {}),
  };
}

/** A parameter that every call gives: a tensor as far as is known, and no setting. */
export const isData = ({ kind, where, value }: Origin): boolean => kind === 'parameter' && where === 'call' && value === null;

const scaled = (origin: Origin | null | undefined): Pick<Flow, 'scaledFrom'> => (origin ? { scaledFrom: origin } : {});

export function product(left: Flow, right: Flow, range: Range, context: Context): Flow {
  const { study } = context;
  for (const [constant, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const origin = constant.origin ?? constant.complementOf;
    if (origin === null || constant.complementOf !== null) continue;
    const notes = noteConstant(study, origin);
    notes.times |= other.traits;
    notes.timesPlain = true;
  }
  for (const [constant, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const { complementOf } = constant;
    const isNegated = has(other, trait.negated) || (other.complementOf !== null && isData(other.complementOf));
    if (complementOf !== null && isNegated && !isData(complementOf)) noteConstant(study, complementOf).weighs = true;
  }
  const logarithm = [left, right].find((f) => has(f, trait.logSoftmax | trait.logarithm) && !has(f, trait.crossEntropy | trait.uniform));
  const other = logarithm === left ? right : left;
  const distribution = logarithm && !other.complementOf && (has(other, trait.oneHot) || (other.from & ~logarithm.from) !== 0);
  if (logarithm && distribution) {
    const isWeight = !has(other, trait.oneHot) && has(other, trait.metadata);
    if (!isWeight) {
      if (!has(other, trait.oneHot)) noteUse(study, other.from, 'targetDistribution');
      const both = merge(left, right);
      if (!has(both, trait.opaque)) {
        note(study, 'cross entropy', range);
        noteLoss(study, both, has(logarithm, trait.logSoftmax));
      }
      return withTraits(both, trait.crossEntropy);
    }
  }
  const plain = ((left.traits | right.traits) & ~(trait.number | trait.metadata)) === 0;
  const constant = left.origin ?? left.scaledFrom ?? right.origin ?? right.scaledFrom;
  return { ...withTraits(merge(left, right), 0), ...(plain ? scaled(constant) : {}) };
}

export function logSoftmaxOf(result: Flow, logits: Flow, range: Range, context: Context): Flow {
  noteUse(context.study, logits.from, 'logits');
  if (!has(result, trait.opaque)) note(context.study, 'log-softmax', range);
  return withTraits({ ...result, traits: result.traits & ~(trait.logSumExp | trait.softmax) }, trait.logSoftmax);
}

export function picked(values: Flow, index: Flow, range: Range, context: Context): Flow {
  const { study } = context;
  noteUse(study, index.from, 'targetIndices');
  if (!has(values, trait.logSoftmax)) noteUse(study, values.from, 'logProbabilities');
  if (!has(values, trait.opaque)) {
    note(study, 'target picked', range);
    noteLoss(study, merge(values, index), has(values, trait.logSoftmax));
  }
  return withTraits(merge(values, index), trait.picked | trait.crossEntropy);
}
