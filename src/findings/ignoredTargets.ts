/** Targets that the code leaves out, whatever their number: what a row of each does to the loss, measured. */
import { walk } from '../detection/walk';
import { largest, isFiniteRun } from '../identification/blackBox';
import { fitAffine } from '../identification/fit';
import { measure } from '../identification/measure';
import type { IgnoredFailure, IgnoredRows, Measurement } from '../identification/measurement';
import type { Expression } from '../language/program';
import { everyStatementOf, numberValue, operationOf, statementsOf, textOf } from './code';
import { isIgnored } from './ignored';
import type { Subject } from './rule';
import { mentions, spellingsOf } from './spelling';

export interface IgnoredTarget {
  readonly target: number;
  /** Measured with a row of this target. */
  readonly measurement: Measurement;
  readonly rows: IgnoredRows | null;
  readonly failure: IgnoredFailure | null;
}

/** A loss is looked at by several rules: what its code says is measured once. */
const known = new WeakMap<Measurement, readonly IgnoredTarget[]>();

/** The target that a parameter or the sample names, and those that the code compares its targets with. */
export function ignoredTargets(subject: Subject): readonly IgnoredTarget[] {
  const { measurement } = subject;
  // A row of a distribution says no number of a class: none of them is −100.
  if (measurement === null || subject.takesDistributions === true) return [];
  const seen = known.get(measurement);
  if (seen !== undefined) return seen;
  const { ignored, ignoredFailure } = measurement;
  const named = [ignored?.target, ignoredFailure?.target].find((target) => target !== undefined && isIgnored(subject, target));
  const first: readonly IgnoredTarget[] =
    named === undefined ? [] : [{ target: named, measurement, rows: ignored, failure: ignoredFailure }];
  const others = comparedTargets(subject)
    .filter((target) => target !== named)
    .slice(0, 2)
    .flatMap((target) => measuredWith(target, subject) ?? []);
  const found = [...first, ...others];
  known.set(measurement, found);
  return found;
}

function measuredWith(target: number, { run, sample, smoothing }: Subject): IgnoredTarget | null {
  if (run === null || sample === null) return null;
  try {
    const { logits, targets } = sample;
    const measurement = measure(run, { logits, targets, smoothing, ignoreIndex: target });
    const { ignored, ignoredFailure } = measurement;
    // A comparison may be a check as well: only what cannot be used as an index was meant to be left out.
    const failure = ignoredFailure !== null && /index|indices|out of (range|bounds)/i.test(ignoredFailure.message) ? ignoredFailure : null;
    // … or a weight of the row: only a row that has the uniform term alone was meant to be left out of the loss.
    const rows = ignored !== null && (ignored.zeroed || isUniformAlone(measurement, target)) ? ignored : null;
    return { target, measurement, rows, failure };
  } catch {
    return null;
  }
}

/** What a row of a target does to the loss, whatever its number; null where that cannot be measured. */
export function ofTarget(target: number, { run, sample, smoothing }: Subject): Omit<IgnoredTarget, 'target'> | null {
  if (run === null || sample === null) return null;
  try {
    const { logits, targets } = sample;
    const measurement = measure(run, { logits, targets, smoothing, ignoreIndex: target });
    return { measurement, rows: measurement.ignored, failure: measurement.ignoredFailure };
  } catch {
    return null;
  }
}

function isUniformAlone({ probes }: Measurement, target: number): boolean {
  const having = probes.filter(({ targets, run }) => targets[0] === target && isFiniteRun(run));
  if (having.length < 2) return false;
  const { weights, errors } = fitAffine(having.filter(({ targets }) => targets.join() === having[0]!.targets.join()));
  const [row, error] = [weights[0]!, largest(errors[0]!)];
  return row.every((value) => value > error && Math.abs(value - row[0]!) <= 2 * error);
}

/** Numbers that are no class, which the targets are compared with: `y != 255`, `y >= 0`, `y.ne(self.pad)`. */
export function comparedTargets(subject: Subject): readonly number[] {
  const { site, measurement } = subject;
  const names = new Set(spellingsOf(subject, 'targets'));
  for (const statement of everyStatementOf(site)) {
    if (statement.kind !== 'assign' || statement.value === null) continue;
    const [target] = statement.targets;
    if (target?.kind === 'name' && [...names].some((name) => mentions(statement.value!, name))) names.add(target.name);
  }
  const isTarget = (expression: Expression): boolean => {
    const base = expression.kind === 'call' && expression.callee.kind === 'attribute' ? expression.callee.object : expression;
    return names.has(textOf(site, base));
  };
  const values: number[] = [];
  const add = (operator: string, expression: Expression | undefined): void => {
    const value = expression === undefined ? null : numberOf(expression, subject);
    if (value === null || !Number.isInteger(value)) return;
    if (operator === '!=' || operator === '==' || operator === 'ne' || operator === 'eq') values.push(value);
    else if (value === 0 && ['>=', '<', 'ge', 'lt'].includes(operator)) values.push(-1);
    else if (value === -1 && ['>', '<=', 'gt', 'le'].includes(operator)) values.push(-1);
  };
  walk(statementsOf(site), (node) => {
    if (node.kind === 'comparison' && node.operands.length === 2 && isTarget(node.operands[0]!)) add(node.operators[0]!, node.operands[1]);
    if (node.kind === 'call' && node.callee.kind === 'attribute' && isTarget(node.callee.object)) add(operationOf(node), node.arguments[0]);
  });
  return [...new Set(values)].filter((value) => value < 0 || value >= (measurement?.classes ?? 0) + 3);
}

function numberOf(expression: Expression, { site, parameters, numberAt, sample, given }: Subject): number | null {
  if (expression.kind === 'unary') {
    const inner = numberValue(expression.operand);
    return inner === null || expression.operator !== '-' ? null : -inner;
  }
  if (expression.kind === 'constant') return numberValue(expression);
  const text = textOf(site, expression);
  const last = text.slice(text.lastIndexOf('.') + 1);
  const parameter = parameters.find(({ name }) => name === last);
  // The loss was made with the sample's own padding or ignored class.
  const isOfSample = sample?.ignoreIndex !== undefined || sample?.paddingIndex !== undefined;
  if (isOfSample && (parameter?.role === 'ignoreIndex' || parameter?.role === 'padding')) return null;
  if (parameter !== undefined) return given?.(last) ?? (parameter.defaultValue === null ? null : numberAt(parameter.defaultValue));
  return expression.kind === 'name' ? numberAt(expression) : null;
}
