/** Follows arithmetic: differences that are 1 − ε, quotients that are ε/K, products that are a cross entropy. */
import type { Expression, Range } from '../language/program';
import type { Flow, Origin, Share } from './flow';
import { has, merge, nothing, trait, withTraits } from './flow';
import type { Context } from './followContext';
import { isNumber, numberOf, placeKey } from './literals';
import { note, noteConstant, noteLoss, noteUse, smoothingOrigins } from './study';
import { isPlainlySmoothing } from './vocabulary';

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
      if (operator === '+') noteShares(left, right, context);
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
  noteShares(left, right, context);
  // (1 − ε) − ε/(K−1) stays what it is: a confidence.
  if (left.complementOf) return { ...nothing, from: left.from | right.from, complementOf: left.complementOf };
  return withTraits(merge(left, right), one && (right.from !== 0 || has(right, trait.oneHot)) ? trait.negated : 0);
}

/**
 * `q * 0.9 + 0.1 / K`, `0.9 * nll - 0.1 * logp.mean()`: shares that are written down and come to one, one of a distribution and the other
 * spread over the classes, are 1 − ε and ε. `q * 0.9 + 0.05` gives each of two outcomes its half.
 */
function noteShares(left: Flow, right: Flow, { study }: Context): void {
  for (const [most, rest] of [
    [left, right],
    [right, left],
  ] as const) {
    const { kept } = most;
    if (kept === undefined) continue;
    const half = rest.literal && numberOf(rest.literal);
    const uniform = has(rest, trait.uniform) && has(most, trait.crossEntropy | trait.picked) ? rest.kept : undefined;
    const share = rest.spread ?? uniform ?? (half ? { value: 2 * half, range: rest.literal.range } : undefined);
    if (share === undefined || Math.abs(kept.value + share.value - 1) > 1e-9) continue;
    const value: Expression = { kind: 'constant', value: { type: 'float', value: share.value }, range: share.range };
    const notes = noteConstant(study, literalOrigin('literal', String(share.value), share.range, value));
    notes.complement = kept.range;
    notes.spread = share.range;
  }
}

export function isFraction(expression: Expression): boolean {
  const value = numberOf(expression);
  return value !== null && value > 0 && value < 1;
}

export function quotient(left: Flow, divisor: Flow, rightNode: Expression, range: Range, context: Context): Flow {
  // A setting that divides data (a temperature) takes no part in what they are.
  const right = divisor.origin !== null && left.from !== 0 ? { ...divisor, from: divisor.from & left.from } : divisor;
  const { divides } = context.study;
  if (right.origin !== null && left.from !== 0) divides.set(right.origin.key, (divides.get(right.origin.key) ?? 0) | left.from);
  // ε/(1 − ε) is an odds ratio.
  const constant = left.origin ?? left.scaledFrom ?? left.onOthers ?? null;
  if (constant && right.complementOf === null && numberOf(rightNode) === null) {
    const notes = noteConstant(context.study, constant);
    notes.spread = range;
    // What only divides it counts the classes.
    if (divisor.origin?.kind === 'parameter' && divisor.from !== left.from) notes.among |= divisor.from;
  }
  if (left.origin && right.complementOf === null && numberOf(rightNode) === null) {
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
    ...(left.literal ? { spread: shareOf(left.literal) } : {}),
    ...(left.isTotal ? { isTotal: true as const } : {}),
  };
}

/** A parameter that every call gives: a tensor as far as is known, and no setting. */
export const isData = ({ kind, where, value }: Origin): boolean => kind === 'parameter' && where === 'call' && value === null;

/** A parameter that is a number, by its default or its name, is no distribution. */
const isSetting = ({ origin }: Flow): boolean =>
  origin?.kind === 'parameter' && (isNumber(origin.value) || (origin.value === null && isPlainlySmoothing(origin.name)));

/** A parameter of the loss as it is: nothing was done to it. */
const isHandedIn = ({ origin, traits, object }: Flow): boolean => origin !== null && isData(origin) && traits === 0 && object === null;

/** `1 - onehot`: the classes that are not the label's. */
const isOfOthers = (flow: Flow): boolean => has(flow, trait.negated) && has(flow, trait.oneHot);

const shareOf = (literal: Expression): Share => ({ value: numberOf(literal)!, range: literal.range });

/** The share of the other factor that a factor keeps, where it is written down: `0.9`, `1 - 0.1`. */
function keptBy({ literal, complementOf }: Flow): Share | undefined {
  if (literal) return shareOf(literal);
  const value = complementOf?.kind === 'literal' ? numberOf(complementOf.value) : null;
  return value === null ? undefined : { value: 1 - value, range: complementOf!.nameRange };
}

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
    notes.timesFrom |= other.from;
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
  const isSmoothed = [left, right].some((one) => has(one, trait.oneHot)) && smoothingOrigins(study).length > 0;
  // Of log-probabilities nobody takes 1 − x: what that is taken of is a share.
  const isShare = ({ origin }: Flow): boolean => origin !== null && (study.constants.get(origin.key)?.complement ?? null) !== null;
  const handed = isSmoothed ? [left, right].find((one) => isHandedIn(one) && !isShare(one)) : undefined;
  if (handed !== undefined) {
    // Smoothed targets and what the caller hands in: log-probabilities that were made elsewhere.
    const both = merge(left, right);
    if ((both.from & ~handed.from) !== 0 && !has(both, trait.opaque)) {
      noteUse(study, handed.from, 'logProbabilities');
      note(study, 'cross entropy', range);
      noteLoss(study, both, false);
      return withTraits(both, trait.crossEntropy);
    }
  }
  const logarithm = [left, right].find((f) => has(f, trait.logSoftmax | trait.logarithm) && !has(f, trait.crossEntropy | trait.uniform));
  const other = logarithm === left ? right : left;
  const distribution =
    logarithm && !other.complementOf && !isSetting(other) && (has(other, trait.oneHot) || (other.from & ~logarithm.from) !== 0);
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
  for (const [factor, named] of [
    [left, right],
    [right, left],
  ] as const)
    // Half of ε for each of two outcomes.
    if (factor.literal && numberOf(factor.literal) === 0.5 && named.origin && isPlainlySmoothing(named.origin.name))
      noteConstant(study, named.origin).spread = range;
  const kept = keptBy(left) ?? keptBy(right);
  const others = isOfOthers(right) ? left.origin : isOfOthers(left) ? right.origin : null;
  return {
    ...withTraits(merge(left, right), 0),
    ...(plain ? scaled(constant) : {}),
    ...(kept ? { kept } : {}),
    ...(others ? { onOthers: others } : {}),
  };
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
