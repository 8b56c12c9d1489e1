import type { Range, SyntaxProblem } from '../program';
import { SyntaxFailure } from './failure';
import { failureOf, tokenAt, type Token, type TokenStream } from './tokens';

/** What surrounds the code being parsed, as far as it decides what is valid there. */
export interface Surroundings {
  readonly inFunction: boolean;
  readonly isAsync: boolean;
  readonly inLoop: boolean;
  readonly inClass: boolean;
  /** Set when a yield is met: the function is a generator. */
  sawYield: boolean;
}

/** A place in a token stream and what has been found wrong so far. */
export interface Parser {
  readonly stream: TokenStream;
  readonly problems: SyntaxProblem[];
  index: number;
  /** How many expressions and blocks are open around this place. */
  depth: number;
  /** How many tokens were read a second time because a bracket before them was never closed. */
  reread: number;
  /** The longest chain of operators, attributes or calls seen: each link makes the tree one deeper. */
  longestChain: number;
  surroundings: Surroundings;
}

const maximumDepth = 200;

export function peek(parser: Parser, ahead = 0): Token {
  return parser.index + ahead < parser.stream.tokens.length
    ? parser.stream.tokens[parser.index + ahead]!
    : tokenAt(parser.stream, parser.index + ahead);
}

/** Takes the token under the parser; an error token is thrown as what it reports. */
export function next(parser: Parser): Token {
  const token = peek(parser);
  if (token.kind === 'error') throw failureOf(token);
  parser.index++;
  return token;
}

export function isOperator(parser: Parser, value: string): boolean {
  const token = peek(parser);
  return token.kind === 'operator' && token.value === value;
}

export function isKeyword(parser: Parser, value: string): boolean {
  const token = peek(parser);
  return token.kind === 'keyword' && token.value === value;
}

export function takeOperator(parser: Parser, value: string): Token | null {
  return isOperator(parser, value) ? next(parser) : null;
}

export function takeKeyword(parser: Parser, value: string): Token | null {
  return isKeyword(parser, value) ? next(parser) : null;
}

export function expectOperator(parser: Parser, value: string, why?: string): Token {
  return takeOperator(parser, value) ?? unexpected(parser, why ?? `expected '${value}'`);
}

export function expectName(parser: Parser, what: string): Token {
  return peek(parser).kind === 'name' ? next(parser) : unexpected(parser, `expected ${what}`);
}

/** The end of the last token taken. */
export function endOfPrevious(parser: Parser): number {
  return parser.index > 0 ? parser.stream.tokens[parser.index - 1]!.end : parser.stream.position;
}

export function rangeFrom(parser: Parser, start: number): Range {
  return { start, end: endOfPrevious(parser) };
}

export function textOfToken(parser: Parser, token: Token): string {
  return parser.stream.text.slice(token.start, token.end);
}

/** Fails at the token under the parser, saying what stands there. */
export function unexpected(parser: Parser, message = 'invalid syntax'): never {
  const token = peek(parser);
  if (token.kind === 'error') throw failureOf(token);
  throw new SyntaxFailure(`${message}${found(parser, token)}`, placeOf(parser, token));
}

/** A token without width is shown at the end of the line it stands behind. */
function placeOf(parser: Parser, token: Token): Range {
  if (token.end > token.start) return { start: token.start, end: token.end };
  const end = token.kind === 'newline' || token.kind === 'end' ? endOfPrevious(parser) : token.start;
  return { start: end, end };
}

function found(parser: Parser, token: Token): string {
  switch (token.kind) {
    case 'newline':
      return ': the line ends too early';
    case 'end':
      return ': the code ends too early';
    case 'indent':
      return ': unexpected indent';
    case 'dedent':
      return ': unexpected unindent';
    case 'magic':
      return ': unexpected notebook command';
    case 'error':
    case 'keyword':
    case 'name':
    case 'number':
    case 'operator':
    case 'string': {
      const shown = textOfToken(parser, token);
      return `: unexpected '${shown.length > 30 ? `${shown.slice(0, 30)}…` : shown}'`;
    }
  }
}

/** Runs a part of the parse one level deeper, within the bound that keeps hostile nesting from exhausting the stack. Who catches a failure resets the depth. */
export function deeper<T>(parser: Parser, parse: (parser: Parser) => T): T {
  if (parser.depth >= maximumDepth) {
    const { start, end } = peek(parser);
    throw new SyntaxFailure(`nested more than ${maximumDepth} levels deep`, { start, end });
  }
  parser.depth++;
  const result = parse(parser);
  parser.depth--;
  return result;
}

/** Tries a reading; where it fails, the parser stands where it stood and null comes back. */
export function attempt<T>(parser: Parser, parse: (parser: Parser) => T | null): T | null {
  const { index, depth, surroundings } = parser;
  const problems = parser.problems.length;
  try {
    const result = parse(parser);
    if (result !== null) return result;
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error;
  }
  parser.index = index;
  parser.depth = depth;
  parser.surroundings = surroundings;
  parser.problems.length = problems;
  return null;
}
