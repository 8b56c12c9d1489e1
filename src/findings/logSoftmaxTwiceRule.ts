/** A log_softmax whose result another one, or a cross entropy, takes for logits. */
import { walk } from '../detection/walk';
import type { Call, Expression } from '../language/program';
import { asOperand, callsOf, everyStatementOf, operationOf, statementAround } from './code';
import { whereMade } from './givenInput';
import type { Found, Rule, Subject } from './rule';
import { sameOnEveryRun } from './sameNumbers';
import { mentions } from './spelling';

export const logSoftmaxTwice: Rule = {
  id: 'log-softmax-twice',
  severity: 'hint',
  title: 'log_softmax is applied twice',
  look(subject) {
    const given = givenLogProbabilities(subject);
    return given.length > 0 ? given : insideTheLoss(subject);
  },
};

/** The loss normalises its input, and the program gives it what comes out of a log_softmax. */
function givenLogProbabilities({ measurement, feed, input, site }: Subject): readonly Found[] {
  if (measurement?.measured.affine !== true || feed !== 'logits' || input?.nature !== 'logSoftmax') return [];
  const where = whereMade(input);
  const message = `What it is given comes out of a log_softmax${where}, and it takes log_softmax of that again. That changes nothing, since log_softmax of log-probabilities is those log-probabilities: one of the two can go.`;
  return [{ range: input.range ?? site.nameRange, message }];
}

function insideTheLoss(subject: Subject): readonly Found[] {
  const { measurement, site } = subject;
  if (site.framework !== 'torch' || measurement === null || site.kind === 'call') return [];
  const calls = callsOf(site);
  const made = madeLosses(site);
  const takers = calls.filter(
    (call) => ['logsoftmax', 'crossentropy', 'crossentropyloss'].includes(operationOf(call)) || takesLogits(call, made),
  );
  return calls.flatMap((call) => {
    const [inner] = call.arguments;
    const own = operationOf(call) === 'logsoftmax' && call.callee.kind === 'attribute' ? call.callee.object : null;
    // `F.log_softmax(x)` has its logits as the argument, `x.log_softmax(1)` before the dot.
    const logits =
      inner !== undefined && (own === null || own.kind === 'name' || own.kind === 'attribute') && inner.kind !== 'constant' ? inner : own;
    if (operationOf(call) !== 'logsoftmax' || logits === null || logits.kind === 'starred') return [];
    const taker = takers.find((one) => one !== call && feeds(call, one, subject));
    if (taker === undefined) return [];
    const message =
      'Its result goes through log_softmax again. That changes nothing, since log_softmax of log-probabilities is those log-probabilities: one of the two can go.';
    const fix = {
      title: 'Hand on the logits',
      edits: [{ range: call.range, newText: asOperand(site, logits) }],
      keepsNumbers: true,
      promise: (after: NonNullable<Subject['measurement']>) => sameOnEveryRun(measurement, after),
    };
    return [{ range: call.range, message, fixes: [fix], provedByFix: true as const }];
  });
}

/** `self.criterion(…)` of a loss object that this class makes. */
function takesLogits({ callee }: Call, made: ReadonlySet<string>): boolean {
  return callee.kind === 'attribute' && callee.object.kind === 'name' && callee.object.name === 'self' && made.has(callee.name);
}

/** The attributes that hold a CrossEntropyLoss, and never anything else. */
function madeLosses(site: Subject['site']): ReadonlySet<string> {
  const made = new Set<string>();
  const others = new Set<string>();
  for (const statement of everyStatementOf(site)) {
    if (statement.kind !== 'assign') continue;
    const isOne = statement.value?.kind === 'call' && operationOf(statement.value) === 'crossentropyloss';
    for (const target of statement.targets) if (target.kind === 'attribute') (isOne ? made : others).add(target.name);
  }
  return new Set([...made].filter((name) => !others.has(name)));
}

/** Does the result reach the other's first argument, directly or under a name? Only code that was executed counts. */
function feeds(call: Call, taker: Call, { site, wasExecuted }: Subject): boolean {
  const statements = everyStatementOf(site);
  const [own, its] = [statementAround(statements, call.range), statementAround(statements, taker.range)];
  if (own === null || its === null || !wasExecuted(own.range) || !wasExecuted(its.range)) return false;
  const [given] = taker.arguments;
  const receiver = taker.callee.kind === 'attribute' ? taker.callee.object : null;
  return [given, receiver].some((operand) => {
    if (operand === null || operand === undefined) return false;
    if (contains(operand, call)) return true;
    return (
      own.kind === 'assign' &&
      own.targets.some((target) => target.kind === 'name' && own.range.end <= its.range.start && mentions(operand, target.name))
    );
  });
}

function contains(expression: Expression, wanted: Call): boolean {
  let found = false;
  walk([{ kind: 'expression', expression, silent: true, range: expression.range }], (node) => {
    if (node === wanted) found = true;
  });
  return found;
}
