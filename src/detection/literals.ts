/** Numbers and names as the source writes them. */
import type { Expression, Range } from '../language/program';

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

/** What tells a place from all others, in this file or another. */
export const placeKey = ({ file, start }: Range): string => (file === undefined ? String(start) : `${file}:${String(start)}`);

export function keyOf(key: Expression): string | null {
  if (key.kind === 'name') return key.name;
  return key.kind === 'constant' && key.value.type === 'string' ? key.value.value : null;
}

/** The number that an expression comes to without running anything: `3 / 20`, `float('0.15')`, `1 - 0.9`; else null. */
export function foldedNumber(expression: Expression | null): number | null {
  const literal = numberOf(expression);
  if (literal !== null || expression === null) return literal;
  switch (expression.kind) {
    case 'binary': {
      const left = foldedNumber(expression.left);
      const right = foldedNumber(expression.right);
      return left === null || right === null ? null : arithmetic(expression.operator, left, right);
    }
    case 'unary': {
      const operand = foldedNumber(expression.operand);
      if (operand === null) return null;
      return expression.operator === '-' ? -operand : expression.operator === '+' ? operand : null;
    }
    case 'call': {
      const { callee, arguments: given, keywords } = expression;
      const [only] = given;
      const isFloat = callee.kind === 'name' && /^(float|Number|parseFloat)$/.test(callee.name);
      if (!isFloat || !only || given.length > 1 || keywords.length > 0) return null;
      return only.kind === 'constant' && only.value.type === 'string' ? numberInText(only.value.value) : foldedNumber(only);
    }
    default:
      return null;
  }
}

function arithmetic(operator: string, left: number, right: number): number | null {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : left / right;
    case '**':
      return left ** right;
    default:
      return null;
  }
}

/** A number that stands in a text by itself: `'0.15'`. */
export function numberInText(text: string): number | null {
  return /^\s*[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text.replaceAll('_', '')) : null;
}
