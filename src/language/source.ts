import type { Expression, Program, Range, Statement } from './program';

/** The text a node was lowered from. */
export function textOf(program: SourceProgram, { range }: { readonly range: Range }): string {
  const isElsewhere = range.file !== undefined && range.file !== program.file;
  const text = isElsewhere ? (program.workspace?.read(range.file) ?? '') : program.text;
  return text.slice(range.start, range.end);
}

/** What a node's text is found by: the node may stand in a module that the program imports. */
type SourceProgram = Pick<Program, 'text' | 'file' | 'workspace'>;

export type ProgramNode = Statement | Expression;

/** Visits every statement and expression below these, outermost first, in the order of the text; `false` from the visitor leaves out what is below. */
export function walk(nodes: readonly ProgramNode[], visit: (node: ProgramNode) => boolean | undefined): void {
  const stack: unknown[] = [...nodes].reverse();
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue;
    if ('kind' in value && 'range' in value && visit(value as ProgramNode) === false) continue;
    const children = childrenOf(value);
    for (let index = children.length - 1; index >= 0; index--) stack.push(children[index]);
  }
}

/** The patterns of a match are no statements or expressions: of a case, only the guard and the body are below. */
function childrenOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return 'guard' in value && 'body' in value ? [value.guard, value.body] : Object.values(value);
}

/** An expression on one line, cut where it is long: how messages and labels name it. */
export function describe(program: SourceProgram, node: { readonly range: Range }, limit = 60): string {
  const line = textOf(program, node).replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

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
