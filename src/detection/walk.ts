/** Every expression and statement below some, and these, outermost first. */
import type { Expression, Statement } from '../language/program';

export function walk(statements: readonly (Expression | Statement)[], visit: (node: Expression | Statement) => void): void {
  const stack: unknown[] = [...statements].reverse();
  while (stack.length > 0) {
    const node = stack.pop();
    if (Array.isArray(node)) {
      for (let i = node.length - 1; i >= 0; i--) stack.push(node[i]);
    } else if (typeof node === 'object' && node !== null) {
      if ('kind' in node && typeof node.kind === 'string') visit(node as Expression | Statement);
      const keys = Object.keys(node);
      for (let i = keys.length - 1; i >= 0; i--) {
        const key = keys[i]!;
        // Places hold no nodes, and every node has one.
        if (key === 'range' || key === 'nameRange' || key === 'operatorRange') continue;
        const child = (node as Record<string, unknown>)[key];
        if (typeof child === 'object' && child !== null) stack.push(child);
      }
    }
  }
}
