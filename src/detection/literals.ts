/** Numbers and names as the source writes them. */
import type { Expression } from '../language/program';

export function isNumber(expression: Expression | null): boolean {
  if (expression === null) return false;
  if (expression.kind === 'unary') return isNumber(expression.operand);
  return expression.kind === 'constant' && (expression.value.type === 'int' || expression.value.type === 'float');
}

/** The number that an expression says literally, else null. */
export function numberOf(expression: Expression | null): number | null {
  if (expression === null) return null;
  if (expression.kind === 'unary' && expression.operator === '-') {
    const operand = numberOf(expression.operand);
    return operand === null ? null : -operand;
  }
  if (expression.kind !== 'constant') return null;
  return expression.value.type === 'float' || expression.value.type === 'int' ? Number(expression.value.value) : null;
}

export function keyOf(key: Expression): string | null {
  if (key.kind === 'name') return key.name;
  return key.kind === 'constant' && key.value.type === 'string' ? key.value.value : null;
}
