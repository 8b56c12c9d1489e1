import type { SyntaxNode } from '@lezer/common';
import type { Expression, Range, Statement, SyntaxProblem } from '../program';

/** What lowering a parsed tree carries along. */
export interface Lowering {
  readonly text: string;
  /** Where the parsed stretch begins in the text. */
  readonly offset: number;
  readonly problems: SyntaxProblem[];
  /** Lowers a block's statements: handed in, since expressions hold functions and functions hold statements. */
  readonly lowerBlock: (lowering: Lowering, block: SyntaxNode) => readonly Statement[];
  readonly lowerExpression: (lowering: Lowering, node: SyntaxNode) => Expression;
  /** How deep in the tree this is: bounded, since lowering recurses. */
  depth: number;
}

export function createLowering(text: string, offset: number, by: Pick<Lowering, 'lowerBlock' | 'lowerExpression'>): Lowering {
  return { text, offset, problems: [], depth: 0, ...by };
}

const maximumDepth = 400;

/** The node's place in the text. Where the parser gave up inside a node, it may hold the white space behind it: that is left out. */
export function rangeOf(lowering: Lowering, node: SyntaxNode): Range {
  const start = node.from + lowering.offset;
  let end = node.to + lowering.offset;
  while (end > start && /\s/.test(lowering.text[end - 1]!)) end--;
  return { start, end };
}

export function sourceOf(lowering: Lowering, node: SyntaxNode): string {
  const { start, end } = rangeOf(lowering, node);
  return lowering.text.slice(start, end);
}

/** All children in order, punctuation and keywords too, comments and broken places left out. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (!child.type.isError && child.name !== 'LineComment' && child.name !== 'BlockComment') children.push(child);
  }
  return children;
}

export function childNamed(node: SyntaxNode, ...names: readonly string[]): SyntaxNode | null {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) if (names.includes(child.name)) return child;
  return null;
}

export const isExpression = (node: SyntaxNode): boolean => node.type.is('Expression');
export const isPattern = (node: SyntaxNode): boolean => /^(VariableDefinition|ArrayPattern|ObjectPattern)$/.test(node.name);

export function unsupportedExpression(lowering: Lowering, node: SyntaxNode, what: string): Expression {
  return { kind: 'unsupported', range: rangeOf(lowering, node), what, invalid: false };
}

export function unsupportedStatement(lowering: Lowering, node: SyntaxNode, what: string): Statement {
  return { kind: 'unsupported', range: rangeOf(lowering, node), what, invalid: false };
}

/** An expression that cannot be lowered because the text is broken there. */
export function invalidExpression(lowering: Lowering, node: SyntaxNode, what = 'invalid syntax'): Expression {
  return { kind: 'unsupported', range: rangeOf(lowering, node), what, invalid: true };
}

/** Lowers one level deeper, or refuses. */
export function deeper(lowering: Lowering, node: SyntaxNode, lower: () => Expression): Expression {
  if (lowering.depth >= maximumDepth) {
    const what = `nested more than ${maximumDepth} levels deep`;
    if (lowering.problems.at(-1)?.message !== what) {
      const { start } = rangeOf(lowering, node);
      lowering.problems.push({ type: 'SyntaxError', message: what, range: { start, end: start + 1 } });
    }
    return invalidExpression(lowering, node, what);
  }
  lowering.depth++;
  const lowered = lower();
  lowering.depth--;
  return lowered;
}

/** The first place inside the node, but not inside a statement or class member of its own, where the parser found the text broken. */
export function brokenPlace(node: SyntaxNode, depth = 0): SyntaxNode | null {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.type.isError) return child;
    if (child.type.is('Statement') || child.type.is('ClassItem') || depth > maximumDepth) continue;
    const broken = brokenPlace(child, depth + 1);
    if (broken !== null) return broken;
  }
  return null;
}

const token = /\s*((?:[\p{ID_Start}_$][\p{ID_Continue}$]*)|[\d.]*\d[\w.]*|"[^"\n]*"?|'[^'\n]*'?|[^\s])/uy;

/** Reports a broken place at the token that stands there. */
export function reportBroken(lowering: Lowering, place: SyntaxNode): SyntaxProblem {
  token.lastIndex = place.from + lowering.offset;
  const found = token.exec(lowering.text)?.[1];
  const end = found === undefined ? rangeOf(lowering, place).start : token.lastIndex;
  const shown = found !== undefined && found.length > 30 ? `${found.slice(0, 30)}…` : found;
  const problem: SyntaxProblem = {
    type: 'SyntaxError',
    message: shown === undefined ? 'invalid syntax: the code ends too early' : `invalid syntax: unexpected '${shown}'`,
    range: { start: end - (found?.length ?? 0), end },
  };
  if (lowering.problems.at(-1)?.range.start !== problem.range.start) lowering.problems.push(problem);
  return problem;
}
