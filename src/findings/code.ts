/** Looking at the code of a loss. */
import type { Callable, LossSite } from '../detection/sites';
import { canonical } from '../detection/vocabulary';
import { walk } from '../detection/walk';
import type { Binary, Call, Comparison, Expression, Range, Statement } from '../language/program';
import { textOf as sourceText } from '../language/source';
import type { Edit } from './rule';
import { lineStartOf } from './suppression';

export function statementsOf({ definition }: LossSite): readonly Statement[] {
  const asStatement = (expression: Expression): Statement => ({ kind: 'expression', expression, silent: true, range: expression.range });
  switch (definition.kind) {
    case 'class':
      return [definition.definition];
    case 'function': {
      const bodyOf = ({ body }: Callable): readonly Statement[] => ('kind' in body ? [asStatement(body)] : body);
      const { callable, factory } = definition;
      if (factory === null) return bodyOf(callable);
      const around = bodyOf(factory);
      return holds(around, callable) ? around : [...bodyOf(callable), ...around];
    }
    case 'call':
      return [asStatement(definition.call)];
    case 'script':
      return definition.statements;
  }
}

function holds(statements: readonly Statement[], callable: Callable): boolean {
  let isHeld = false;
  walk(statements, (node) => {
    isHeld ||= node === callable;
  });
  return isHeld;
}

const statementKinds: ReadonlySet<string> = new Set<Statement['kind']>([
  'expression',
  'assign',
  'augmentedAssign',
  'return',
  'if',
  'for',
  'while',
  'try',
  'with',
  'raise',
  'assert',
  'delete',
]);

/** Every statement of the loss below its outermost ones, and these. */
export function everyStatementOf(site: LossSite): readonly Statement[] {
  return everyStatementIn(statementsOf(site));
}

export function everyStatementIn(statements: readonly Statement[]): readonly Statement[] {
  const found: Statement[] = [];
  walk(statements, (node) => {
    if (statementKinds.has(node.kind)) found.push(node as Statement);
  });
  return found;
}

/** The innermost of the statements around a place. */
export function statementAround(statements: readonly Statement[], { start, end }: Range): Statement | null {
  const around = statements.filter(({ range }) => range.start <= start && end <= range.end);
  return around.reduce<Statement | null>(
    (inner, one) => (inner === null || one.range.end - one.range.start < inner.range.end - inner.range.start ? one : inner),
    null,
  );
}

/** The edit that puts a simple statement before another: on a line of its own, or on the same line where the other does not begin one. */
export function statementBefore({ program: { text } }: LossSite, statement: Statement, code: string): Edit {
  const { start } = statement.range;
  const lineStart = lineStartOf(text, start);
  const indent = text.slice(lineStart, start);
  const lineEnd = /\r\n|\r|\n/u.exec(text.slice(start))?.[0] ?? '\n';
  return { range: { start, end: start }, newText: indent.trim() === '' ? `${code}${lineEnd}${indent}` : `${code}; ` };
}

/** Statements on lines of their own before another; null where the other does not begin a line. Lines' own indentation is four spaces a step. */
export function linesBefore({ program: { text } }: LossSite, { range: { start } }: Statement, lines: readonly string[]): Edit | null {
  const indent = text.slice(lineStartOf(text, start), start);
  if (indent.trim() !== '') return null;
  const lineEnd = /\r\n|\r|\n/u.exec(text.slice(start))?.[0] ?? '\n';
  const step = indent.startsWith('\t') ? '\t' : '    ';
  const written = lines.map((line) => line.replace(/^ {4}/u, step));
  return { range: { start, end: start }, newText: written.map((line) => `${line}${lineEnd}${indent}`).join('') };
}

export function callsOf(site: LossSite): readonly Call[] {
  const calls: Call[] = [];
  walk(statementsOf(site), (node) => {
    if (node.kind === 'call') calls.push(node);
  });
  return calls;
}

export function divisionsOf(site: LossSite): readonly Binary[] {
  const divisions: Binary[] = [];
  walk(statementsOf(site), (node) => {
    if (node.kind === 'binary' && node.operator === '/') divisions.push(node);
  });
  return divisions;
}

export function comparisonsOf(site: LossSite): readonly Comparison[] {
  const comparisons: Comparison[] = [];
  walk(statementsOf(site), (node) => {
    if (node.kind === 'comparison') comparisons.push(node);
  });
  return comparisons;
}

/** The last part of what is called, without case and underscores: `F.log_softmax(…)` and `LogSoftmax(…)` are both 'logsoftmax'. */
export function operationOf({ callee }: Call): string {
  if (callee.kind === 'attribute') return canonical(callee.name);
  return callee.kind === 'name' ? canonical(callee.name) : '';
}

export function keyword(call: Call, name: string): Expression | null {
  return call.keywords.find((argument) => argument.name === name)?.value ?? null;
}

export function stringValue(expression: Expression | null): string | null {
  return expression?.kind === 'constant' && expression.value.type === 'string' ? expression.value.value : null;
}

export function boolValue(expression: Expression | null): boolean | null {
  return expression?.kind === 'constant' && expression.value.type === 'bool' ? expression.value.value : null;
}

export function numberValue(expression: Expression | null): number | null {
  if (expression?.kind === 'unary' && expression.operator === '-') {
    const value = numberValue(expression.operand);
    return value === null ? null : -value;
  }
  if (expression?.kind !== 'constant') return null;
  return expression.value.type === 'int' || expression.value.type === 'float' ? Number(expression.value.value) : null;
}

export function textOf({ program }: LossSite, { range }: Expression): string {
  return sourceText(program, { range });
}

/** Text that stays one operand wherever it is put. */
export function asOperand(site: LossSite, expression: Expression): string {
  const text = textOf(site, expression);
  return isOperand(expression) ? text : `(${text})`;
}

export function isOperand(expression: Expression): boolean {
  return ['name', 'attribute', 'subscript', 'call', 'constant'].includes(expression.kind);
}

/** One more keyword argument, behind the last argument. */
export function withKeyword(call: Call, argument: string): Edit {
  const last = [...call.arguments, ...call.keywords].map(({ range }) => range.end).reduce((a, b) => Math.max(a, b), -1);
  const at = last < 0 ? call.range.end - 1 : last;
  return { range: { start: at, end: at }, newText: last < 0 ? argument : `, ${argument}` };
}
