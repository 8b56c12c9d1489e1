import type { Expression, Parameter, Range, Statement, UnsupportedStatement } from '../program';
import { parseArguments, parseExpression, type Arguments } from './expressions';
import { parseParameters } from './parameters';
import { expectName, expectOperator, isOperator, next, rangeFrom, takeOperator, type Parser, type Surroundings } from './parser';
import type { Place } from './recovery';
import { skipTypeParameters } from './simple';
import type { Token } from './tokens';

interface Header<T> {
  readonly value: T | null;
  readonly broken: UnsupportedStatement | null;
}

/** How blocks are parsed: handed in, since a block holds definitions again. */
export interface ParseBlock {
  readonly parseHeader: <T>(parser: Parser, place: Place, parse: (parser: Parser) => T) => Header<T>;
  readonly parseBlock: (parser: Parser, header: Header<unknown>, what: string) => readonly Statement[];
}

/** `def …`, its decorators and `async` taken already. */
export function parseFunction(
  parser: Parser,
  place: Place,
  decorators: readonly Expression[],
  isAsync: boolean,
  { parseHeader, parseBlock }: ParseBlock,
): Statement {
  next(parser);
  let name: Token | null = null;
  let parameters: readonly Parameter[] = [];
  const header = parseHeader(parser, place, (inner) => {
    name = expectName(inner, 'the name of the function');
    skipTypeParameters(inner);
    expectOperator(inner, '(');
    parameters = parseParameters(inner, { close: ')', parseDefault: parseExpression, parseAnnotation });
    expectOperator(inner, ')', "invalid syntax: expected ',' or ')'");
    if (takeOperator(inner, '->')) parseExpression(inner);
  });
  const surroundings = { inFunction: true, isAsync, inLoop: false, inClass: false, sawYield: false };
  const { statements, docstring, end } = parseBody(parser, surroundings, () => parseBlock(parser, header, 'function definition'));
  const range = { start: place.start, end };
  const found = name as Token | null;
  if (found === null) return header.broken!;
  return {
    kind: 'function',
    range,
    name: found.value,
    nameRange: { start: found.start, end: found.end },
    parameters: within(parameters, header.broken),
    body: statements,
    decorators,
    docstring,
    isAsync,
    isGenerator: surroundings.sawYield,
    modifier: null,
  };
}

/** Of a broken header, what lies in the part of it that was not given up for the lines behind it. */
function within<T extends { readonly range: Range }>(parts: readonly T[], broken: UnsupportedStatement | null): readonly T[] {
  return broken === null ? parts : parts.filter(({ range }) => range.end <= broken.range.end);
}

function parseAnnotation(parser: Parser, variadic: boolean): Expression {
  if (!variadic || !isOperator(parser, '*')) return parseExpression(parser);
  const { start } = next(parser);
  const value = parseExpression(parser);
  return { kind: 'starred', range: rangeFrom(parser, start), value };
}

/** `class …`, its decorators taken already. */
export function parseClass(
  parser: Parser,
  place: Place,
  decorators: readonly Expression[],
  { parseHeader, parseBlock }: ParseBlock,
): Statement {
  next(parser);
  let name: Token | null = null;
  let bases: Arguments = { positional: [], keywords: [] };
  const header = parseHeader(parser, place, (inner) => {
    name = expectName(inner, 'the name of the class');
    skipTypeParameters(inner);
    if (takeOperator(inner, '(')) bases = parseArguments(inner);
  });
  const surroundings = { inFunction: false, isAsync: false, inLoop: false, inClass: true, sawYield: false };
  const { statements, docstring, end } = parseBody(parser, surroundings, () => parseBlock(parser, header, 'class definition'));
  const found = name as Token | null;
  if (found === null) return header.broken!;
  return {
    kind: 'class',
    range: { start: place.start, end },
    name: found.value,
    nameRange: { start: found.start, end: found.end },
    bases: within(bases.positional, header.broken),
    keywords: within(bases.keywords, header.broken),
    body: statements,
    decorators,
    docstring,
  };
}

interface Body {
  readonly statements: readonly Statement[];
  readonly docstring: string | null;
  readonly end: number;
}

function parseBody(parser: Parser, surroundings: Surroundings, parse: () => readonly Statement[]): Body {
  const outer = parser.surroundings;
  parser.surroundings = surroundings;
  const all = parse();
  parser.surroundings = outer;
  const end = all.at(-1)!.range.end;
  const [first] = all;
  if (first?.kind === 'expression' && first.expression.kind === 'constant' && first.expression.value.type === 'string') {
    return { statements: all.slice(1), docstring: first.expression.value.value, end };
  }
  return { statements: all, docstring: null, end };
}
