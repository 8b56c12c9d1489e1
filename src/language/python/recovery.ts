import type { UnsupportedStatement } from '../program';
import type { SyntaxFailure } from './failure';
import { endOfPrevious, peek, type Parser, type Surroundings } from './parser';
import { lineEnd, measureIndentation, nextLine, restartAt, type Token } from './tokens';

/** Where a statement began: enough to give it up and go on behind it. */
export interface Place {
  readonly index: number;
  readonly start: number;
  readonly depth: number;
  readonly indents: readonly number[];
  readonly tabIndents: readonly number[];
  readonly surroundings: Surroundings;
}

export function placeOf(parser: Parser): Place {
  const { start } = peek(parser);
  const { stream, index, depth, surroundings } = parser;
  return { index, start, depth, indents: [...stream.indents], tabIndents: [...stream.tabIndents], surroundings };
}

/**
 * Going back to read lines again that an open bracket had swallowed costs; a file of noise would do it on every line. Once this many tokens
 * have been read twice, nothing is read again: what an open bracket holds is then lost, up to the next statement that shows it was open.
 */
const patience = 200_000;
const farthestLook = 2000;

/**
 * Reports the failure and puts the parser behind the broken statement: at the end of its line (brackets included), or, where a bracket was
 * never closed, at the next line that does not belong to it. A broken header of a block ends with its colon.
 */
export function recover(parser: Parser, place: Place, failure: SyntaxFailure, isHeader: boolean): UnsupportedStatement {
  const { stream } = parser;
  parser.depth = place.depth;
  parser.surroundings = place.surroundings;
  parser.longestChain = 0;
  const openBracket = skipStatement(parser, place);
  let problem = failure.problem;
  let end = endOfPrevious(parser);
  if (openBracket !== null) {
    problem = {
      type: 'SyntaxError',
      message: `'${stream.text[openBracket] ?? '('}' was never closed`,
      range: { start: openBracket, end: openBracket + 1 },
    };
    const line = parser.reread < patience ? lineBehind(parser, place, isHeader) : null;
    if (line !== null) {
      parser.reread += parser.index - place.index;
      restartAt(stream, place.index, line, place.indents, place.tabIndents);
      parser.index = place.index;
      end = place.start + stream.text.slice(place.start, line).trimEnd().length;
    }
  }
  report(parser, problem);
  if (peek(parser).kind === 'newline') parser.index++;
  const range = { start: place.start, end: Math.max(place.start, end) };
  return { kind: 'unsupported', range, what: problem.message, invalid: true };
}

/** One problem for one place. */
export function report(parser: Parser, problem: Parser['problems'][number]): void {
  const { problems } = parser;
  if (problems.at(-1)?.range.start !== problem.range.start) problems.push(problem);
}

/** Goes to the end of the logical line. Where a bracket stays open, gives its place. */
function skipStatement(parser: Parser, place: Place): number | null {
  const { stream } = parser;
  const isPatient = parser.reread < patience;
  let unclosed: Token | null = null;
  for (let steps = 0; ; steps++) {
    const token = peek(parser);
    if (token.kind === 'newline' || token.kind === 'end') break;
    if (token.kind === 'error' && token.value.endsWith('was never closed')) unclosed ??= token;
    if (isPatient && steps >= farthestLook && stream.brackets.length > 0) {
      return stream.brackets.find((bracket) => bracket.start >= place.start)?.start ?? null;
    }
    parser.index++;
  }
  return unclosed === null ? null : unclosed.start;
}

function lineBehind(parser: Parser, place: Place, isHeader: boolean): number | null {
  const { stream } = parser;
  const level = place.indents.at(-1)!;
  for (let line = nextLine(stream, place.start); line < stream.end; line = nextLine(stream, line)) {
    if (isHeader && endsWithColon(stream.text, line)) return line;
    const { contentStart, column } = measureIndentation(stream, line);
    const char = contentStart < stream.end ? stream.text[contentStart]! : '\n';
    if (column <= level && !/[\r\n#)\]}]/.test(char)) return line;
    if (line > stream.position) return null;
    if (lineEnd(stream, line) >= stream.end) break;
  }
  return null;
}

function endsWithColon(text: string, lineStart: number): boolean {
  let end = lineStart - 1;
  while (end > 0 && /\s/.test(text[end]!)) end--;
  return text[end] === ':';
}
