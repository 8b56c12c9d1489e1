/** Looking at the code of a loss. */
import type { LossSite } from '../detection/sites';
import { canonical } from '../detection/vocabulary';
import { walk } from '../detection/walk';
import type { Binary, Call, Comparison, Expression, Statement } from '../language/program';

export function statementsOf({ definition }: LossSite): readonly Statement[] {
  const asStatement = (expression: Expression): Statement => ({ kind: 'expression', expression, silent: true, range: expression.range });
  switch (definition.kind) {
    case 'class':
      return [definition.definition];
    case 'function':
      return [definition.callable, definition.factory].flatMap((callable) => {
        if (callable === null) return [];
        const { body } = callable;
        return 'kind' in body ? [asStatement(body)] : body;
      });
    case 'call':
      return [asStatement(definition.call)];
    case 'script':
      return definition.statements;
  }
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
  return program.text.slice(range.start, range.end);
}
