import type { Cell, Program, Range, SyntaxProblem } from './program';
import { parseStatements } from './python/compound';
import type { Parser } from './python/parser';
import { peek } from './python/parser';
import { tokenStream } from './python/tokens';

/**
 * Lowers Python source. Never throws: what is not valid Python is reported as a problem at the offending token and stands in the tree as an
 * unsupported statement, its neighbours undisturbed. IPython's `%magic`, `!shell` and `name?` lines are accepted and do nothing.
 * Reading begins at the offset; positions are those of the whole text.
 */
export function parsePython(text: string, offset = 0): Program {
  const { cell, problems } = parsePythonCell(text, { start: offset, end: text.length }, 'script');
  return { language: 'python', text, cells: [cell], problems };
}

/** Lowers the Python in one stretch of a text, with positions in the whole text. A snippet's lines may all be indented. */
export function parsePythonCell(
  text: string,
  range: Range,
  mode: 'script' | 'snippet',
): { readonly cell: Cell; readonly problems: readonly SyntaxProblem[] } {
  const parser: Parser = {
    stream: tokenStream(text, range.start, range.end, mode),
    problems: [],
    index: 0,
    depth: 0,
    reread: 0,
    longestChain: 0,
    surroundings: { inFunction: false, isAsync: false, inLoop: false, inClass: false, sawYield: false },
  };
  const body = parseStatements(parser);
  while (peek(parser).kind === 'dedent') {
    parser.index++;
    body.push(...parseStatements(parser));
  }
  return { cell: { range, body }, problems: parser.problems };
}
