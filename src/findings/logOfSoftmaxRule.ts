/** The logarithm of a softmax, taken in two steps. */
import { isFiniteRun, type LossRun, type Matrix } from '../identification/blackBox';
import type { Call, Expression } from '../language/program';
import { asOperand, callsOf, everyStatementOf, numberValue, operationOf, textOf } from './code';
import type { Fix, Rule, Subject } from './rule';

/** Found by running: a logit 200 below the largest underflows to p = 0, whose logarithm is −inf, or where something keeps p above 0, has no gradient. */
export const logOfSoftmax: Rule = {
  id: 'log-of-softmax',
  severity: 'warning',
  title: 'The logarithm of a softmax fails for large logits',
  look(subject) {
    const { measurement, site, run, feed } = subject;
    const K = measurement?.classes ?? 0;
    if (run === null || feed === 'probabilities' || measurement?.measured.affine !== true || K < 2 || measurement.makesTargets) return [];
    const target = measurement.measured.paddingIndex === 0 ? 1 : 0;
    const apart = (by: number): Matrix => [-by, by].map((z) => Array.from({ length: K }, (_, k) => (k === target ? z : -z)));
    const [near, outcome] = [attempt(run, apart(1), [target, target]), attempt(run, apart(100), [target, target])];
    if (near === null || !isFiniteRun(near) || outcome === null) return [];
    const pattern = patternIn(site);
    const harm = isFiniteRun(outcome) ? lostGradient(near, outcome, target) : notFinite(outcome);
    // A gradient may vanish for other reasons, a loss that is not finite is one anyway.
    if (harm === null || (isFiniteRun(outcome) && pattern === null)) return [];
    return [{ range: pattern?.log.range ?? site.nameRange, message: harm, fixes: pattern === null ? [] : asLogSoftmax(site, pattern) }];
  },
};

function notFinite({ value }: LossRun): string {
  const one = [value].flat().find((number) => !Number.isFinite(number));
  const shown = one === undefined ? 'a gradient that is not finite' : `a loss of ${Number.isNaN(one) ? 'nan' : one > 0 ? 'inf' : '-inf'}`;
  return `Logits 200 apart give ${shown}: the softmax underflows to 0 before the logarithm is taken. log_softmax does not.`;
}

/** The gradient pulls a target up however far down it is; where p is kept above 0 by a small number it does not. */
function lostGradient(near: LossRun, far: LossRun, target: number): string | null {
  const [before, after] = [near, far].map((run) => Math.abs(run.gradient[0]![target]!));
  if (!(before! > 0) || after! > 1e-3 * before!) return null;
  return 'With its logit 200 below the others the target gets no gradient any more: the softmax underflows, and a small number or a clamp stands in its place under the logarithm. log_softmax keeps the gradient.';
}

function attempt(run: NonNullable<Subject['run']>, ...input: Parameters<NonNullable<Subject['run']>>): LossRun | null {
  try {
    return run(...input);
  } catch {
    return null;
  }
}

interface Pattern {
  readonly log: Call;
  readonly softmax: Call;
}

/** `log(softmax(x))`, `softmax(x).log()`, `log(softmax(x) + 1e-8)`, `log(p)` of a p that is one. */
function patternIn(site: Subject['site']): Pattern | null {
  const assigned = new Map<string, Expression>();
  for (const statement of everyStatementOf(site))
    if (statement.kind === 'assign' && statement.value !== null)
      for (const target of statement.targets)
        if (target.kind === 'name' && !assigned.has(target.name)) assigned.set(target.name, statement.value);
  for (const call of callsOf(site)) {
    if (operationOf(call) !== 'log') continue;
    const [argument] = call.arguments;
    const of = argument ?? (call.callee.kind === 'attribute' ? call.callee.object : null);
    const softmax = of === null ? null : softmaxUnder(of, assigned, 6);
    if (softmax !== null) return { log: call, softmax };
  }
  return null;
}

const keepsAbove = new Set(['clamp', 'clip', 'clampmin', 'maximum', 'clipbyvalue']);

function softmaxUnder(expression: Expression, assigned: ReadonlyMap<string, Expression>, depth: number): Call | null {
  if (depth === 0) return null;
  const under = (inner: Expression): Call | null => softmaxUnder(inner, assigned, depth - 1);
  if (expression.kind === 'name') {
    const value = assigned.get(expression.name);
    return value === undefined ? null : under(value);
  }
  if (expression.kind === 'binary' && expression.operator === '+') return under(expression.left) ?? under(expression.right);
  if (expression.kind !== 'call') return null;
  const operation = operationOf(expression);
  if (operation === 'softmax') return expression;
  if (expression.callee.kind === 'call' && operationOf(expression.callee) === 'softmax') return expression;
  if (!keepsAbove.has(operation)) return null;
  const [first] = expression.arguments;
  const own = expression.callee.kind === 'attribute' ? under(expression.callee.object) : null;
  return own ?? (first === undefined ? null : under(first));
}

/** The same function with a log before its name; else the method, along the same dimension. */
function asLogSoftmax(site: Subject['site'], { log, softmax }: Pattern): readonly Fix[] {
  const isTypeScript = site.program.language === 'typescript';
  const spelled = isTypeScript ? 'logSoftmax' : 'log_softmax';
  const named = softmax.callee.kind === 'call' ? softmax.callee.callee : softmax.callee;
  const name = named.kind === 'attribute' ? named.nameRange : named.range;
  const text = textOf(site, softmax);
  const at = name.start - softmax.range.start;
  const isModule = softmax.callee.kind === 'call';
  const renamed = `${text.slice(0, at)}${isModule ? 'LogSoftmax' : spelled}${text.slice(at + (name.end - name.start))}`;
  const [argument] = softmax.arguments;
  const dims = softmax.arguments.slice(1).map(numberValue);
  const method = isTypeScript || argument === undefined || dims.length > 0 ? [] : [`${asOperand(site, argument)}.log_softmax(dim=-1)`];
  return [renamed, ...method].flatMap((newText) =>
    [true, false].map((keepsNumbers) => ({
      title: `Use ${isModule ? 'LogSoftmax' : spelled}`,
      edits: [{ range: log.range, newText }],
      keepsNumbers,
      promise: (after, before) =>
        after.measured.reduction === before.measured.reduction &&
        after.measured.affine &&
        (after.measured.formulation === before.measured.formulation || before.measured.formulation === null),
    })),
  );
}
