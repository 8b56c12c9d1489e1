import type { SyntaxNode } from '@lezer/common';
import type { Expression, Statement } from '../program';
import { childNamed, childrenOf, invalidExpression, isExpression, rangeOf, unsupportedStatement, type Lowering } from './lowering';

interface Branch {
  /** null: the default, alone or among other labels. */
  readonly tests: readonly (Expression | null)[];
  readonly start: number;
  readonly body: readonly Statement[];
}

type LowerList = (lowering: Lowering, nodes: readonly SyntaxNode[]) => readonly Statement[];

/** No name can be spelt so. */
const subjectName = '%switch';

/** A switch is nested ifs on its subject. One whose cases run into each other, or that breaks from inside a case, is not supported. */
export function lowerSwitch(lowering: Lowering, node: SyntaxNode, lowerList: LowerList): Statement {
  const range = rangeOf(lowering, node);
  const subjectNode = childNamed(node, 'ParenthesizedExpression');
  const body = childNamed(node, 'SwitchBody');
  if (subjectNode === null || body === null) return unsupportedStatement(lowering, node, 'this switch');
  const branches = lowerBranches(lowering, body, lowerList);
  const isLast = (index: number): boolean => index === branches.length - 1;
  if (branches.some((branch, index) => !isLast(index) && !leaves(branch.body))) {
    return unsupportedStatement(lowering, node, 'a switch whose case falls through to the next');
  }
  const bodies = branches.map((branch) => withoutBreak(branch.body));
  if (bodies.some((statements) => statements.some(breaks))) {
    return unsupportedStatement(lowering, node, 'a switch with a break inside a case');
  }
  const subject = lowering.lowerExpression(lowering, subjectNode);
  const isPure = subject.kind === 'name' || (subject.kind === 'attribute' && subject.object.kind === 'name');
  const asked: Expression = isPure ? subject : { kind: 'name', range: subject.range, name: subjectName };
  const fallback = branches.findIndex((branch) => branch.tests.includes(null));
  let otherwise: readonly Statement[] = fallback < 0 ? [] : bodies[fallback]!;
  for (const [index, branch] of [...branches.entries()].reverse()) {
    const tests = branch.tests.filter((test) => test !== null);
    if (index === fallback || tests.length === 0) continue;
    const test = tests.map((value) => equals(asked, value)).reduce(either);
    otherwise = [{ kind: 'if', range: { start: branch.start, end: range.end }, test, then: bodies[index]!, otherwise }];
  }
  if (isPure) return { kind: 'block', range, body: otherwise };
  const targets: readonly Expression[] = [{ kind: 'name', range: subject.range, name: subjectName }];
  const keep: Statement = { kind: 'assign', range: subject.range, targets, value: subject, annotation: null, declaration: 'const' };
  return { kind: 'block', range, body: [keep, ...otherwise] };
}

function lowerBranches(lowering: Lowering, body: SyntaxNode, lowerList: LowerList): readonly Branch[] {
  const branches: Branch[] = [];
  let tests: (Expression | null)[] = [];
  let start = 0;
  let nodes: SyntaxNode[] = [];
  const finish = (): void => {
    if (tests.length > 0) branches.push({ tests, start, body: lowerList(lowering, nodes) });
    tests = [];
    nodes = [];
  };
  for (const child of childrenOf(body)) {
    if (child.name === 'CaseLabel' || child.name === 'DefaultLabel') {
      if (nodes.length > 0) finish();
      if (tests.length === 0) start = rangeOf(lowering, child).start;
      const value = childrenOf(child).find(isExpression);
      if (child.name === 'DefaultLabel') tests.push(null);
      else tests.push(value === undefined ? invalidExpression(lowering, child) : lowering.lowerExpression(lowering, value));
    } else if (child.type.is('Statement')) nodes.push(child);
  }
  finish();
  return branches;
}

function equals(subject: Expression, value: Expression): Expression {
  return { kind: 'comparison', range: value.range, operands: [moved(subject, value), value], operators: ['==='] };
}

/** The subject as it is asked for at a case: it stands, without width, where the case's value begins. */
function moved(subject: Expression, { range: { start } }: Expression): Expression {
  const range = { start, end: start };
  if (subject.kind === 'name') return { ...subject, range };
  if (subject.kind !== 'attribute' || subject.object.kind !== 'name') return subject;
  return { ...subject, range, nameRange: range, object: { ...subject.object, range } };
}

function either(left: Expression, right: Expression): Expression {
  return { kind: 'logical', range: { start: left.range.start, end: right.range.end }, operator: 'or', left, right };
}

/** Does control surely leave the case at its end? */
function leaves(body: readonly Statement[]): boolean {
  const last = body.at(-1);
  switch (last?.kind) {
    case 'break':
    case 'continue':
    case 'raise':
    case 'return':
      return true;
    case 'block':
      return leaves(last.body);
    case 'if':
      return leaves(last.then) && leaves(last.otherwise);
    default:
      return false;
  }
}

/** The case without the `break` that ends it. */
function withoutBreak(body: readonly Statement[]): readonly Statement[] {
  const last = body.at(-1);
  if (last?.kind === 'break') return body.slice(0, -1);
  if (last?.kind === 'block') return [...body.slice(0, -1), { ...last, body: withoutBreak(last.body) }];
  if (last?.kind === 'if')
    return [...body.slice(0, -1), { ...last, then: withoutBreak(last.then), otherwise: withoutBreak(last.otherwise) }];
  return body;
}

/** Is there still a `break` of the switch in it? Loops have breaks of their own. */
function breaks(statement: Statement): boolean {
  switch (statement.kind) {
    case 'break':
      return true;
    case 'block':
      return statement.body.some(breaks);
    case 'if':
      return statement.then.some(breaks) || statement.otherwise.some(breaks);
    case 'try':
      return [...statement.body, ...statement.handlers.flatMap((handler) => handler.body), ...statement.finally].some(breaks);
    default:
      return false;
  }
}
