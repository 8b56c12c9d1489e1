import type { Expression, Program, Range, Statement } from './program';

/** The text a node was lowered from. */
export function textOf(program: Pick<Program, 'text'>, node: { readonly range: Range }): string {
  return program.text.slice(node.range.start, node.range.end);
}

export type ProgramNode = Statement | Expression;

/** How many nodes lie on the longest way from this one to a leaf. Walks without recursion, so that it can be asked of any tree. */
export function measureDepth(root: ProgramNode): number {
  const stack: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }];
  let deepest = 0;
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value } = top;
    if (typeof value !== 'object' || value === null) continue;
    const depth = 'kind' in value ? top.depth + 1 : top.depth;
    deepest = Math.max(deepest, depth);
    for (const child of Object.values(value)) stack.push({ value: child, depth });
  }
  return deepest;
}
