import type { Tree } from '@lezer/common';
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
  const lowering = createLowering(text, start, { lowerBlock: lowerStatements, lowerExpression });
  const { tree, stopped } = parseInTime(jsx ? withJsx : plain, text.slice(start, range.end));
  if (stopped !== null) {
    const place = start + stopped;
    lowering.problems.push({
      type: 'SyntaxError',
      message: 'reading stopped here: too much of this is not valid code',
      range: { start: place, end: place },
    });
  }
  const body = lowerStatements(lowering, tree.topNode);
  return { cell: { range, body }, problems: lowering.problems };
}

/** The parser's recovery gets slow on noise: past this time it stops where it is, and what it has is lowered. */
const patience = 3000;

function parseInTime(parser: typeof plain, text: string): { readonly tree: Tree; readonly stopped: number | null } {
  const parse = parser.startParse(text);
  const until = Date.now() + patience;
  let stopped: number | null = null;
  for (let steps = 1; ; steps++) {
    const tree = parse.advance();
    if (tree !== null) return { tree, stopped };
    if (stopped === null && steps % 256 === 0 && Date.now() > until) {
      stopped = parse.parsedPos;
      parse.stopAt(stopped);
    }
  }
}
