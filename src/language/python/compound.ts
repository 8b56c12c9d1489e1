import type {
  ExceptHandler,
  Expression,
  MatchCase,
  Statement,
  UnsupportedExpression,
  UnsupportedStatement,
  WithStatement,
} from '../program';
import { measureDepth } from '../source';
import { parseClass, parseFunction, type ParseBlock } from './definitions';
import { checkTarget, parseExpression, parseNamedExpression, parseStarExpressions, parseTargets, parseTupleOf } from './expressions';
import { SyntaxFailure } from './failure';
import {
  attempt,
  deeper,
  expectName,
  expectOperator,
  isKeyword,
  isOperator,
  next,
  peek,
  rangeFrom,
  takeKeyword,
  takeOperator,
  unexpected,
  type Parser,
} from './parser';
import { parseCasePattern } from './patterns';
import { placeOf, recover, report, type Place } from './recovery';
import { parseSimpleLine } from './simple';
import { failureOf } from './tokens';

const longChain = 200;
const maximumTreeDepth = 400;

/** Statements up to the end of their block (or of the text). A broken one becomes an unsupported statement in its place. */
export function parseStatements(parser: Parser): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    const { kind } = peek(parser);
    if (kind === 'end' || kind === 'dedent') return statements;
    if (kind === 'newline') next(parser);
    else if (kind === 'indent') parseUnexpectedIndent(parser, statements);
    else parseStatement(parser, statements);
  }
}

function parseUnexpectedIndent(parser: Parser, into: Statement[]): void {
  next(parser);
  const { start, end } = peek(parser);
  const message = 'unexpected indent';
  report(parser, { type: 'IndentationError', message, range: { start, end } });
  into.push({ kind: 'unsupported', range: { start, end: start }, what: message, invalid: true });
  into.push(...deeper(parser, parseStatements));
  if (peek(parser).kind === 'dedent') next(parser);
}

function parseStatement(parser: Parser, into: Statement[]): void {
  const place = placeOf(parser);
  const first = into.length;
  try {
    const compound = parseCompound(parser, place);
    if (compound === null) parseSimpleLine(parser, into);
    else into.push(...compound);
    if (parser.longestChain > longChain) refuseDeepTrees(parser, into, first);
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error;
    into.push(recover(parser, place, error, false));
  }
}

/** A chain of thousands of operators is a tree as deep: whoever walks it would exhaust the stack. */
function refuseDeepTrees(parser: Parser, into: Statement[], first: number): void {
  parser.longestChain = 0;
  for (let index = first; index < into.length; index++) {
    const { range } = into[index]!;
    if (measureDepth(into[index]!) <= maximumTreeDepth) continue;
    const message = `nested more than ${maximumTreeDepth} levels deep`;
    report(parser, { type: 'SyntaxError', message, range });
    into[index] = { kind: 'unsupported', range, what: message, invalid: true };
  }
}

function parseCompound(parser: Parser, place: Place): readonly Statement[] | null {
  const token = peek(parser);
  if (token.kind === 'name') return token.value === 'match' && startsMatch(parser) ? [parseMatch(parser, place)] : null;
  if (token.kind === 'operator') return token.value === '@' ? parseDecorated(parser, place) : null;
  if (token.kind === 'error') throw failureOf(next(parser));
  if (token.kind !== 'keyword') return null;
  switch (token.value) {
    case 'if':
      return [parseIf(parser, place)];
    case 'while':
      return [parseWhile(parser, place)];
    case 'for':
      return [parseFor(parser, place)];
    case 'try':
      return [parseTry(parser, place)];
    case 'with':
      return [parseWith(parser, place)];
    case 'def':
      return [parseFunction(parser, place, [], false, headers)];
    case 'class':
      return [parseClass(parser, place, [], headers)];
    case 'async':
      return [parseAsync(parser, place)];
    default:
      return null;
  }
}

// --------------------------------------------------------------------------------------------- headers and blocks

export interface Header<T> {
  readonly value: T | null;
  /** What stands in place of a header that is not valid. */
  readonly broken: UnsupportedStatement | null;
}

/** What opens a block, with its colon. Broken, it is reported and left behind; its block is parsed all the same. */
function parseHeader<T>(parser: Parser, place: Place, parse: (parser: Parser) => T): Header<T> {
  try {
    const value = parse(parser);
    expectOperator(parser, ':', "expected ':'");
    return { value, broken: null };
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error;
    return { value: null, broken: recover(parser, place, error, true) };
  }
}

/** The block of a header: indented lines, or statements on the header's own line. */
function parseBlock(parser: Parser, header: Header<unknown>, what: string): readonly Statement[] {
  const { broken } = header;
  if (broken !== null) {
    if (peek(parser).kind !== 'indent') return [broken];
    return [broken, ...parseIndented(parser)];
  }
  if (peek(parser).kind !== 'newline') {
    const statements: Statement[] = [];
    const place = placeOf(parser);
    try {
      parseSimpleLine(parser, statements);
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error;
      statements.push(recover(parser, place, error, false));
    }
    return statements;
  }
  next(parser);
  if (peek(parser).kind === 'indent') {
    const statements = parseIndented(parser);
    // A line that is continued by nothing is indented, and holds nothing.
    if (statements.length > 0) return statements;
  }
  const { start, end } = peek(parser);
  const message = `expected an indented block after ${what}`;
  report(parser, { type: 'IndentationError', message, range: { start, end } });
  return [{ kind: 'unsupported', range: { start, end: start }, what: message, invalid: true }];
}

function parseIndented(parser: Parser): readonly Statement[] {
  next(parser);
  const statements = deeper(parser, parseStatements);
  if (peek(parser).kind === 'dedent') next(parser);
  return statements;
}

const headers: ParseBlock = { parseHeader, parseBlock };

/** A block in which `break` and `continue` have a loop. */
function parseLoopBlock(parser: Parser, header: Header<unknown>, what: string): readonly Statement[] {
  const outer = parser.surroundings;
  const surroundings = { ...outer, inLoop: true };
  parser.surroundings = surroundings;
  const body = parseBlock(parser, header, what);
  parser.surroundings = outer;
  outer.sawYield ||= surroundings.sawYield;
  return body;
}

function invalidExpression({ range, what }: UnsupportedStatement): UnsupportedExpression {
  return { kind: 'unsupported', range, what, invalid: true };
}

// ------------------------------------------------------------------------------------------------------ statements

function parseIf(parser: Parser, place: Place): Statement {
  const branches: { readonly start: number; readonly test: Expression; readonly then: readonly Statement[] }[] = [];
  let branch = place;
  let keyword = 'if';
  do {
    next(parser);
    const header = parseHeader(parser, branch, parseNamedExpression);
    const then = parseBlock(parser, header, `'${keyword}' statement`);
    branches.push({ start: branch.start, test: header.broken ? invalidExpression(header.broken) : header.value!, then });
    branch = placeOf(parser);
    keyword = 'elif';
  } while (isKeyword(parser, 'elif'));
  let otherwise = parseElse(parser);
  parser.longestChain = Math.max(parser.longestChain, branches.length);
  const end = endOf(otherwise.at(-1) ?? branches.at(-1)!.then.at(-1)!);
  for (const { start, test, then } of branches.reverse()) {
    otherwise = [{ kind: 'if', range: { start, end }, test, then, otherwise }];
  }
  return otherwise[0]!;
}

const endOf = (statement: Statement): number => statement.range.end;

function parseElse(parser: Parser): readonly Statement[] {
  return parseClause(parser, 'else');
}

function parseClause(parser: Parser, keyword: 'else' | 'finally'): readonly Statement[] {
  if (!isKeyword(parser, keyword)) return [];
  const place = placeOf(parser);
  const header = parseHeader(parser, place, next);
  return parseBlock(parser, header, `'${keyword}' statement`);
}

function parseWhile(parser: Parser, place: Place): Statement {
  next(parser);
  const header = parseHeader(parser, place, parseNamedExpression);
  const test = header.broken ? invalidExpression(header.broken) : header.value!;
  const body = parseLoopBlock(parser, header, "'while' statement");
  const otherwise = parseElse(parser);
  const range = { start: place.start, end: endOf(otherwise.at(-1) ?? body.at(-1)!) };
  return { kind: 'while', range, test, body, otherwise, update: null, testAfter: false };
}

function parseFor(parser: Parser, place: Place): Statement {
  next(parser);
  const header = parseHeader(parser, place, (inner) => {
    const target = parseTargets(inner);
    if (!takeKeyword(inner, 'in')) unexpected(inner, "expected 'in'");
    return { target, iterable: parseStarExpressions(inner) };
  });
  const { target, iterable } = header.value ?? { target: invalidExpression(header.broken!), iterable: invalidExpression(header.broken!) };
  const body = parseLoopBlock(parser, header, "'for' statement");
  const otherwise = parseElse(parser);
  const range = { start: place.start, end: endOf(otherwise.at(-1) ?? body.at(-1)!) };
  return { kind: 'for', range, target, iterable, body, otherwise, declaration: null };
}

function parseTry(parser: Parser, place: Place): Statement {
  const body = parseBlock(parser, parseHeader(parser, place, next), "'try' statement");
  const handlers: ExceptHandler[] = [];
  let group = false;
  while (isKeyword(parser, 'except')) {
    if (peek(parser, 1).kind === 'operator' && peek(parser, 1).value === '*') group = true;
    handlers.push(parseHandler(parser));
  }
  const otherwise = handlers.length > 0 ? parseElse(parser) : [];
  const final = parseClause(parser, 'finally');
  const range = {
    start: place.start,
    end: endOf([...body, ...handlers.flatMap((handler) => handler.body), ...otherwise, ...final].at(-1)!),
  };
  if (group) return { kind: 'unsupported', range, what: 'except*', invalid: false };
  if (handlers.length > 0 || final.length > 0) return { kind: 'try', range, body, handlers, otherwise, finally: final };
  const message = "expected 'except' or 'finally' block";
  report(parser, { type: 'SyntaxError', message, range: { start: place.start, end: place.start + 3 } });
  return { kind: 'unsupported', range, what: message, invalid: true };
}

function parseHandler(parser: Parser): ExceptHandler {
  const place = placeOf(parser);
  next(parser);
  const header = parseHeader(parser, place, (inner): { readonly type: Expression | null; readonly name: string | null } => {
    takeOperator(inner, '*');
    if (isOperator(inner, ':')) return { type: null, name: null };
    const type = parseExpression(inner);
    if (isOperator(inner, ','))
      throw new SyntaxFailure('multiple exception types must be parenthesized', rangeFrom(inner, type.range.start));
    const name = takeKeyword(inner, 'as') ? expectName(inner, 'a name after as').value : null;
    return { type, name };
  });
  const { type, name } = header.value ?? { type: invalidExpression(header.broken!), name: null };
  const body = parseBlock(parser, header, "'except' statement");
  return { range: { start: place.start, end: endOf(body.at(-1)!) }, type, name, body };
}

type WithItems = WithStatement['items'];

function parseWith(parser: Parser, place: Place): Statement {
  next(parser);
  const header = parseHeader(parser, place, (inner) => attempt(inner, parseBracketedItems) ?? parseItems(inner));
  const items = header.value ?? [{ context: invalidExpression(header.broken!), target: null }];
  const body = parseBlock(parser, header, "'with' statement");
  return { kind: 'with', range: { start: place.start, end: endOf(body.at(-1)!) }, items, body };
}

/** `with (open(a) as x, open(b) as y):`. Brackets around one expression alone are that expression's. */
function parseBracketedItems(parser: Parser): WithItems | null {
  if (!takeOperator(parser, '(')) return null;
  const items: WithItems[number][] = [];
  do {
    if (isOperator(parser, ')')) break;
    items.push(parseItem(parser));
  } while (takeOperator(parser, ','));
  expectOperator(parser, ')');
  return isOperator(parser, ':') && items.length > 0 ? items : null;
}

function parseItems(parser: Parser): WithItems {
  const items: WithItems[number][] = [];
  do items.push(parseItem(parser));
  while (takeOperator(parser, ','));
  return items;
}

function parseItem(parser: Parser): WithItems[number] {
  const context = parseExpression(parser);
  if (!takeKeyword(parser, 'as')) return { context, target: null };
  const target = isOperator(parser, '*') ? unexpected(parser) : parseTargetItem(parser);
  return { context, target };
}

function parseTargetItem(parser: Parser): Expression {
  const target = parseExpression(parser);
  checkTarget(target, 'assign to');
  return target;
}

function parseAsync(parser: Parser, place: Place): Statement {
  next(parser);
  if (isKeyword(parser, 'def')) return parseFunction(parser, place, [], true, headers);
  const what = peek(parser).value;
  if (!isKeyword(parser, 'for') && !isKeyword(parser, 'with')) unexpected(parser);
  const { range } = isKeyword(parser, 'for') ? parseFor(parser, place) : parseWith(parser, place);
  return { kind: 'unsupported', range, what: `async ${what}`, invalid: false };
}

function parseDecorated(parser: Parser, place: Place): readonly Statement[] {
  const decorators: Expression[] = [];
  while (isOperator(parser, '@')) {
    next(parser);
    decorators.push(parseNamedExpression(parser));
    if (peek(parser).kind !== 'newline') unexpected(parser);
    next(parser);
  }
  if (isKeyword(parser, 'class')) return [parseClass(parser, place, decorators, headers)];
  const isAsync = takeKeyword(parser, 'async') !== null;
  if (!isKeyword(parser, 'def')) unexpected(parser, 'expected a function or class definition after its decorators');
  return [parseFunction(parser, place, decorators, isAsync, headers)];
}

// ---------------------------------------------------------------------------------------------------------- match

/** `match` is a name too: it is a statement's first word only where a subject, a colon and an indented `case` follow. */
function startsMatch(parser: Parser): boolean {
  const after = peek(parser, 1);
  if (after.kind === 'newline' || after.kind === 'end' || (after.kind === 'operator' && /^[=.,:;)\]}]$|^[^=]+=$/.test(after.value)))
    return false;
  const { index } = parser;
  const found = attempt(parser, (inner) => {
    next(inner);
    parseTupleOf(inner, parseSubject);
    return (
      takeOperator(inner, ':') && peek(inner).kind === 'newline' && peek(inner, 1).kind === 'indent' && peek(inner, 2).value === 'case'
    );
  });
  parser.index = index;
  return found === true;
}

function parseSubject(parser: Parser): Expression {
  if (!isOperator(parser, '*')) return parseNamedExpression(parser);
  const { start } = next(parser);
  const value = parseExpression(parser);
  return { kind: 'starred', range: rangeFrom(parser, start), value };
}

function parseMatch(parser: Parser, place: Place): Statement {
  next(parser);
  const subject = parseTupleOf(parser, parseSubject);
  expectOperator(parser, ':');
  next(parser);
  next(parser);
  const cases: MatchCase[] = [];
  while (peek(parser).kind !== 'dedent' && peek(parser).kind !== 'end') {
    const found = parseCase(parser);
    if (found !== null) cases.push(found);
  }
  if (peek(parser).kind === 'dedent') next(parser);
  const end = cases.length > 0 ? cases.at(-1)!.range.end : subject.range.end;
  return { kind: 'match', range: { start: place.start, end }, subject, cases };
}

function parseCase(parser: Parser): MatchCase | null {
  const place = placeOf(parser);
  const header = parseHeader(parser, place, (inner) => {
    const keyword = peek(inner);
    if (keyword.kind !== 'name' || keyword.value !== 'case') unexpected(inner, "expected 'case'");
    next(inner);
    const pattern = parseCasePattern(inner);
    return { pattern, guard: takeKeyword(inner, 'if') ? parseNamedExpression(inner) : null };
  });
  const body = parseBlock(parser, header, "'case' statement");
  const range = { start: place.start, end: endOf(body.at(-1)!) };
  if (header.value !== null) return { range, ...header.value, body };
  return { range, pattern: { kind: 'unsupported', range: header.broken!.range, what: header.broken!.what }, guard: null, body };
}
