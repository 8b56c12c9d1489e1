import { parser as lezer } from '@lezer/javascript';
import type { Cell, Program, Range, SyntaxProblem } from './program';
import { createLowering } from './typescript/lowering';
import { lowerExpression } from './typescript/expressions';
import { lowerStatements } from './typescript/statements';

const plain = lezer.configure({ dialect: 'ts' });
const withJsx = lezer.configure({ dialect: 'ts jsx' });

export interface TypeScriptOptions {
  /** Are `<a>…</a>` elements? Then `<T>value` is no cast. */
  readonly jsx?: boolean;
}

/**
 * Lowers TypeScript or JavaScript source; types are dropped, but for simple annotations of parameters and variables. Never throws: what is
 * not valid is reported as a problem and stands in the tree as an unsupported statement, its neighbours undisturbed.
 */
export function parseTypeScript(text: string, options: TypeScriptOptions = {}): Program {
  const { cell, problems } = parseTypeScriptCell(text, { start: 0, end: text.length }, options);
  return { language: 'typescript', text, cells: [cell], problems };
}

/** Lowers the TypeScript in one stretch of a text, with positions in the whole text. */
export function parseTypeScriptCell(
  text: string,
  range: Range,
  { jsx = false }: TypeScriptOptions = {},
): { readonly cell: Cell; readonly problems: readonly SyntaxProblem[] } {
  const start = text.charCodeAt(range.start) === 0xfeff ? range.start + 1 : range.start;
  const tree = (jsx ? withJsx : plain).parse(text.slice(start, range.end));
  const lowering = createLowering(text, start, { lowerBlock: lowerStatements, lowerExpression });
  const body = lowerStatements(lowering, tree.topNode);
  return { cell: { range, body }, problems: lowering.problems };
}
