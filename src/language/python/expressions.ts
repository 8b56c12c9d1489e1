import type {
  Binary,
  BinaryOperator,
  Comparison,
  ComparisonOperator,
  ComprehensionClause,
  Expression,
  Keyword,
  MappingEntry,
  Range,
} from '../program';
import { SyntaxFailure } from './failure';
import { parseParameters } from './parameters';
import {
  deeper,
  endOfPrevious,
  expectName,
  expectOperator,
  isKeyword,
  isOperator,
  next,
  peek,
  rangeFrom,
  takeKeyword,
  takeOperator,
  textOfToken,
  unexpected,
  type Parser,
} from './parser';
import { parseStrings } from './strings';
import type { Token } from './tokens';

// The grammar, loosest first. Names follow CPython's: https://docs.python.org/3/reference/grammar.html

/** `a, *b, c`: one expression, or the tuple of several (star_expressions). */
export function parseStarExpressions(parser: Parser): Expression {
  return parseTupleOf(parser, parseStarExpression);
}

/** As parseStarExpressions, where `:=` may stand too: in subscripts and displays. */
function parseStarNamedExpression(parser: Parser): Expression {
  return isOperator(parser, '*') ? parseStarred(parser) : parseNamedExpression(parser);
}

function parseStarExpression(parser: Parser): Expression {
  return isOperator(parser, '*') ? parseStarred(parser) : parseExpression(parser);
}

function parseStarred(parser: Parser): Expression {
  const { start } = next(parser);
  const value = parseBinary(parser, 0);
  return { kind: 'starred', range: rangeFrom(parser, start), value };
}

/** Items separated by commas; a single one without a comma is itself. */
export function parseTupleOf(parser: Parser, parseItem: (parser: Parser) => Expression): Expression {
  const start = peek(parser).start;
  const first = parseItem(parser);
  if (!isOperator(parser, ',')) return first;
  const items = [first];
  while (takeOperator(parser, ',') && startsExpression(parser)) items.push(parseItem(parser));
  return { kind: 'sequence', range: rangeFrom(parser, start), type: 'tuple', items };
}

const keywordsThatStart = new Set(['False', 'None', 'True', 'await', 'lambda', 'not', 'yield']);
const operatorsThatStart = new Set(['(', '[', '{', '+', '-', '~', '*', '...']);

function startsExpression(parser: Parser): boolean {
  const token = peek(parser);
  switch (token.kind) {
    case 'name':
    case 'number':
    case 'string':
      return true;
    case 'keyword':
      return keywordsThatStart.has(token.value);
    case 'operator':
      return operatorsThatStart.has(token.value);
    case 'error':
      return true;
    case 'dedent':
    case 'end':
    case 'indent':
    case 'magic':
    case 'newline':
      return false;
  }
}

/** `name := value`, or an expression. */
export function parseNamedExpression(parser: Parser): Expression {
  if (peek(parser).kind === 'name' && peek(parser, 1).kind === 'operator' && peek(parser, 1).value === ':=') {
    const target = nameOf(next(parser));
    next(parser);
    const value = parseExpression(parser);
    return { kind: 'assignment', range: rangeFrom(parser, target.range.start), target, operator: null, value };
  }
  return parseExpression(parser);
}

export function parseExpression(parser: Parser): Expression {
  return deeper(parser, parseConditional);
}

function parseConditional(parser: Parser): Expression {
  if (isKeyword(parser, 'lambda')) return parseLambda(parser);
  const start = peek(parser).start;
  const then = parseOr(parser);
  if (!takeKeyword(parser, 'if')) return then;
  const test = parseOr(parser);
  if (!takeKeyword(parser, 'else')) unexpected(parser, "expected 'else' after 'if' expression");
  const otherwise = parseExpression(parser);
  return { kind: 'conditional', range: { start, end: endOfPrevious(parser) }, test, then, otherwise };
}

function parseLambda(parser: Parser): Expression {
  const { start } = next(parser);
  const parameters = parseParameters(parser, { close: ':', parseDefault: parseExpression, parseAnnotation: null });
  expectOperator(parser, ':');
  const outer = parser.surroundings;
  parser.surroundings = { inFunction: true, isAsync: false, inLoop: false, inClass: false, sawYield: false };
  const body = parseExpression(parser);
  const { sawYield } = parser.surroundings;
  parser.surroundings = outer;
  const range = rangeFrom(parser, start);
  if (sawYield) return { kind: 'unsupported', range, what: 'a lambda that yields', invalid: false };
  return { kind: 'lambda', range, parameters, body, bindsThis: false };
}

function parseOr(parser: Parser): Expression {
  return parseLogical(parser, 'or', parseAnd);
}

function parseAnd(parser: Parser): Expression {
  return parseLogical(parser, 'and', parseNot);
}

function parseLogical(parser: Parser, operator: 'and' | 'or', parseOperand: (parser: Parser) => Expression): Expression {
  const start = peek(parser).start;
  let left = parseOperand(parser);
  for (let links = 1; isKeyword(parser, operator); links++) {
    next(parser);
    const right = parseOperand(parser);
    left = { kind: 'logical', range: rangeFrom(parser, start), operator, left, right };
    noteChain(parser, links);
  }
  return left;
}

function noteChain(parser: Parser, links: number): void {
  if (links > parser.longestChain) parser.longestChain = links;
}

function parseNot(parser: Parser): Expression {
  if (!isKeyword(parser, 'not')) return parseComparison(parser);
  const { start } = next(parser);
  const operand = deeper(parser, parseNot);
  return { kind: 'unary', range: rangeFrom(parser, start), operator: 'not', operand };
}

const comparisonOperators: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);

function parseComparison(parser: Parser): Expression {
  const start = peek(parser).start;
  const first = parseBinary(parser, 0);
  let operator = takeComparisonOperator(parser);
  if (operator === null) return first;
  const operands = [first];
  const operators: ComparisonOperator[] = [];
  while (operator !== null) {
    operators.push(operator);
    operands.push(parseBinary(parser, 0));
    operator = takeComparisonOperator(parser);
  }
  const comparison: Comparison = { kind: 'comparison', range: rangeFrom(parser, start), operands, operators };
  return comparison;
}

function takeComparisonOperator(parser: Parser): ComparisonOperator | null {
  const token = peek(parser);
  if (token.kind === 'operator' && comparisonOperators.has(token.value)) return next(parser).value as ComparisonOperator;
  if (token.kind !== 'keyword') return null;
  if (token.value === 'in') {
    next(parser);
    return 'in';
  }
  if (token.value === 'is') {
    next(parser);
    return takeKeyword(parser, 'not') ? 'is not' : 'is';
  }
  if (token.value === 'not' && peek(parser, 1).kind === 'keyword' && peek(parser, 1).value === 'in') {
    next(parser);
    next(parser);
    return 'not in';
  }
  return null;
}

const precedence: Readonly<Partial<Record<string, number>>> = {
  '|': 1,
  '^': 2,
  '&': 3,
  '<<': 4,
  '>>': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '//': 6,
  '%': 6,
  '@': 6,
};

/** The left-associative operators that bind more tightly than `above`. */
export function parseBinary(parser: Parser, above: number): Expression {
  const start = peek(parser).start;
  let left = parseUnary(parser);
  for (let links = 1; ; links++) {
    const token = peek(parser);
    const level = token.kind === 'operator' ? precedence[token.value] : undefined;
    if (level === undefined || level <= above) return left;
    next(parser);
    const right = parseBinary(parser, level);
    left = binary(token, left, right, rangeFrom(parser, start));
    noteChain(parser, links);
  }
}

function binary(token: Token, left: Expression, right: Expression, range: Range): Binary {
  const operatorRange = { start: token.start, end: token.end };
  return { kind: 'binary', range, operator: token.value as BinaryOperator, left, right, operatorRange };
}

function parseUnary(parser: Parser): Expression {
  const token = peek(parser);
  if (token.kind !== 'operator' || (token.value !== '-' && token.value !== '+' && token.value !== '~')) return parsePower(parser);
  const operator = token.value;
  next(parser);
  const operand = deeper(parser, parseUnary);
  return { kind: 'unary', range: rangeFrom(parser, token.start), operator, operand };
}

/** `**` binds more tightly than a sign on its left, less than one on its right, and groups to the right. */
function parsePower(parser: Parser): Expression {
  const start = peek(parser).start;
  const base = parseAwait(parser);
  const token = takeOperator(parser, '**');
  if (token === null) return base;
  const exponent = deeper(parser, parseUnary);
  return binary(token, base, exponent, rangeFrom(parser, start));
}

function parseAwait(parser: Parser): Expression {
  if (!isKeyword(parser, 'await')) return parsePrimary(parser);
  const { start } = next(parser);
  const value = parsePrimary(parser);
  return { kind: 'await', range: rangeFrom(parser, start), value };
}

/** An atom and what hangs on it: `.name`, `(…)`, `[…]`. */
function parsePrimary(parser: Parser): Expression {
  const start = peek(parser).start;
  let object = parseAtom(parser);
  for (let links = 1; ; links++) {
    const token = peek(parser);
    if (token.kind !== 'operator') return object;
    if (token.value === '.') {
      next(parser);
      const name = expectName(parser, 'a name after the dot');
      object = {
        kind: 'attribute',
        range: rangeFrom(parser, start),
        object,
        name: name.value,
        nameRange: { start: name.start, end: name.end },
        optional: false,
      };
    } else if (token.value === '(') {
      next(parser);
      const { positional, keywords } = parseArguments(parser);
      object = {
        kind: 'call',
        range: rangeFrom(parser, start),
        callee: object,
        arguments: positional,
        keywords,
        optional: false,
        isNew: false,
      };
    } else if (token.value === '[') {
      next(parser);
      const index = parseSubscriptIndex(parser);
      object = { kind: 'subscript', range: rangeFrom(parser, start), object, index, optional: false };
    } else return object;
    noteChain(parser, links);
  }
}

function parseSubscriptIndex(parser: Parser): Expression {
  const start = peek(parser).start;
  const first = parseSubscriptItem(parser);
  const items = [first];
  let end = endOfPrevious(parser);
  while (takeOperator(parser, ',')) {
    end = endOfPrevious(parser);
    if (isOperator(parser, ']')) break;
    items.push(parseSubscriptItem(parser));
    end = endOfPrevious(parser);
  }
  const single = items.length === 1 && first.kind !== 'starred' && parser.stream.tokens[parser.index - 1]!.value !== ',';
  expectOperator(parser, ']', "invalid syntax: expected ',' or ']'");
  return single ? first : { kind: 'sequence', range: { start, end }, type: 'tuple', items };
}

function parseSubscriptItem(parser: Parser): Expression {
  const start = peek(parser).start;
  const bound = (): Expression | null =>
    isOperator(parser, ':') || isOperator(parser, ']') || isOperator(parser, ',') ? null : parseExpression(parser);
  const lower = isOperator(parser, ':') ? null : parseStarNamedExpression(parser);
  if (!takeOperator(parser, ':')) return lower!;
  const upper = bound();
  const step = takeOperator(parser, ':') ? bound() : null;
  return { kind: 'slice', range: rangeFrom(parser, start), lower, upper, step };
}

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly keywords: readonly Keyword[];
}

/** The arguments of a call or the bases of a class, behind their `(` and up to their `)`. */
export function parseArguments(parser: Parser): Arguments {
  const positional: Expression[] = [];
  const keywords: Keyword[] = [];
  const open = parser.stream.tokens[parser.index - 1]!;
  while (!isOperator(parser, ')')) {
    const start = peek(parser).start;
    if (takeOperator(parser, '**')) {
      const value = parseExpression(parser);
      keywords.push({ range: rangeFrom(parser, start), name: null, value });
    } else if (peek(parser).kind === 'name' && peek(parser, 1).kind === 'operator' && peek(parser, 1).value === '=') {
      keywords.push(parseKeywordArgument(parser, keywords));
    } else {
      positional.push(parsePositionalArgument(parser, keywords, open, positional.length === 0));
    }
    if (!takeOperator(parser, ',')) break;
  }
  expectOperator(parser, ')', "invalid syntax: expected ',' or ')'");
  return { positional, keywords };
}

function parseKeywordArgument(parser: Parser, before: readonly Keyword[]): Keyword {
  const name = next(parser);
  next(parser);
  if (before.some((keyword) => keyword.name === name.value)) {
    throw new SyntaxFailure(`keyword argument repeated: ${name.value}`, { start: name.start, end: name.end });
  }
  const value = parseExpression(parser);
  return { range: rangeFrom(parser, name.start), name: name.value, value };
}

function parsePositionalArgument(parser: Parser, keywords: readonly Keyword[], open: Token, first: boolean): Expression {
  const start = peek(parser).start;
  const value = isOperator(parser, '*') ? parseStarredArgument(parser) : parseNamedExpression(parser);
  if (startsComprehension(parser) && value.kind !== 'starred') {
    const clauses = parseClauses(parser);
    const alone = first && isOperator(parser, ')');
    if (!first || (!alone && !(isOperator(parser, ',') && peek(parser, 1).value === ')'))) {
      throw new SyntaxFailure('Generator expression must be parenthesized', rangeFrom(parser, start));
    }
    // The call's own brackets are the generator's.
    const range = alone ? { start: open.start, end: peek(parser).end } : rangeFrom(parser, start);
    return comprehension(range, 'generator', null, value, clauses);
  }
  if (isOperator(parser, '=')) {
    throw new SyntaxFailure('expression cannot contain assignment, perhaps you meant "=="?', rangeFrom(parser, start));
  }
  if (keywords.length > 0 && value.kind !== 'starred') {
    const unpacked = keywords.every((keyword) => keyword.name === null);
    throw new SyntaxFailure(`positional argument follows keyword argument${unpacked ? ' unpacking' : ''}`, rangeFrom(parser, start));
  }
  return value;
}

function parseStarredArgument(parser: Parser): Expression {
  const { start } = next(parser);
  const value = parseExpression(parser);
  return { kind: 'starred', range: rangeFrom(parser, start), value };
}

// ----------------------------------------------------------------------------------------------------------- atoms

function parseAtom(parser: Parser): Expression {
  const token = peek(parser);
  switch (token.kind) {
    case 'name':
      return nameOf(next(parser));
    case 'number':
      return parseNumber(parser);
    case 'string':
      return parseStrings(parser, parseFieldExpression);
    case 'keyword':
      return parseKeywordAtom(parser, token);
    case 'operator':
      if (token.value === '(') return deeper(parser, parseParenthesised);
      if (token.value === '[') return deeper(parser, parseListDisplay);
      if (token.value === '{') return deeper(parser, parseBraceDisplay);
      if (token.value === '...') {
        next(parser);
        return { kind: 'constant', range: { start: token.start, end: token.end }, value: { type: 'ellipsis' } };
      }
      return unexpected(parser);
    case 'dedent':
    case 'end':
    case 'error':
    case 'indent':
    case 'magic':
    case 'newline':
      return unexpected(parser);
  }
}

/** What stands in an f-string's field: no unparenthesised `:=`, whose colon begins the format. */
function parseFieldExpression(parser: Parser): Expression {
  return isKeyword(parser, 'yield') ? parseYield(parser) : parseStarExpressions(parser);
}

export function nameOf(token: Token): Extract<Expression, { kind: 'name' }> {
  return { kind: 'name', range: { start: token.start, end: token.end }, name: token.value };
}

function parseKeywordAtom(parser: Parser, token: Token): Expression {
  const range = { start: token.start, end: token.end };
  switch (token.value) {
    case 'None':
      next(parser);
      return { kind: 'constant', range, value: { type: 'none' } };
    case 'True':
    case 'False':
      next(parser);
      return { kind: 'constant', range, value: { type: 'bool', value: token.value === 'True' } };
    default:
      return unexpected(parser);
  }
}

function parseNumber(parser: Parser): Expression {
  const token = next(parser);
  const range = { start: token.start, end: token.end };
  const literal = textOfToken(parser, token).replaceAll('_', '');
  if (/^0[xob]/i.test(literal)) return { kind: 'constant', range, value: { type: 'int', value: BigInt(literal.toLowerCase()) } };
  if (/j$/i.test(literal)) return { kind: 'constant', range, value: { type: 'complex', imaginary: Number(literal.slice(0, -1)) } };
  if (/[.e]/i.test(literal)) return { kind: 'constant', range, value: { type: 'float', value: Number(literal) } };
  return { kind: 'constant', range, value: { type: 'int', value: BigInt(literal) } };
}

function parseParenthesised(parser: Parser): Expression {
  const { start } = next(parser);
  if (takeOperator(parser, ')')) return { kind: 'sequence', range: rangeFrom(parser, start), type: 'tuple', items: [] };
  if (isKeyword(parser, 'yield')) {
    const value = parseYield(parser);
    expectOperator(parser, ')');
    return value;
  }
  const first = parseStarNamedExpression(parser);
  if (startsComprehension(parser)) {
    const clauses = parseClauses(parser);
    expectOperator(parser, ')');
    return comprehension(rangeFrom(parser, start), 'generator', null, first, clauses);
  }
  if (!isOperator(parser, ',')) {
    expectOperator(parser, ')', 'invalid syntax');
    if (first.kind === 'starred') throw new SyntaxFailure('cannot use starred expression here', first.range);
    return first;
  }
  const items = parseRest(parser, first, ')');
  return { kind: 'sequence', range: rangeFrom(parser, start), type: 'tuple', items };
}

/** Behind the first item of a display: the others, and the closing bracket. */
function parseRest(parser: Parser, first: Expression, close: string): readonly Expression[] {
  const items = [first];
  while (takeOperator(parser, ',') && !isOperator(parser, close)) items.push(parseStarNamedExpression(parser));
  expectOperator(parser, close, `invalid syntax: expected ',' or '${close}'`);
  return items;
}

function parseListDisplay(parser: Parser): Expression {
  const { start } = next(parser);
  if (takeOperator(parser, ']')) return { kind: 'sequence', range: rangeFrom(parser, start), type: 'list', items: [] };
  const first = parseStarNamedExpression(parser);
  if (startsComprehension(parser)) {
    const clauses = parseClauses(parser);
    expectOperator(parser, ']');
    return comprehension(rangeFrom(parser, start), 'list', null, first, clauses);
  }
  const items = parseRest(parser, first, ']');
  return { kind: 'sequence', range: rangeFrom(parser, start), type: 'list', items };
}

function parseBraceDisplay(parser: Parser): Expression {
  const { start } = next(parser);
  if (takeOperator(parser, '}')) return { kind: 'mapping', range: rangeFrom(parser, start), entries: [] };
  if (isOperator(parser, '**')) return parseDictRest(parser, start, []);
  const first = parseStarNamedExpression(parser);
  if (takeOperator(parser, ':')) {
    const value = parseExpression(parser);
    if (startsComprehension(parser)) {
      const clauses = parseClauses(parser);
      expectOperator(parser, '}');
      return comprehension(rangeFrom(parser, start), 'dict', first, value, clauses);
    }
    const entry = { range: { start: first.range.start, end: endOfPrevious(parser) }, key: first, value };
    return takeOperator(parser, ',') ? parseDictRest(parser, start, [entry]) : closeDict(parser, start, [entry]);
  }
  if (startsComprehension(parser)) {
    const clauses = parseClauses(parser);
    expectOperator(parser, '}');
    return comprehension(rangeFrom(parser, start), 'set', null, first, clauses);
  }
  const items = parseRest(parser, first, '}');
  return { kind: 'sequence', range: rangeFrom(parser, start), type: 'set', items };
}

function parseDictRest(parser: Parser, start: number, entries: MappingEntry[]): Expression {
  while (!isOperator(parser, '}')) {
    const entryStart = peek(parser).start;
    if (takeOperator(parser, '**')) {
      const value = parseBinary(parser, 0);
      entries.push({ range: rangeFrom(parser, entryStart), key: null, value });
    } else {
      const key = parseExpression(parser);
      expectOperator(parser, ':', "':' expected after dictionary key");
      const value = parseExpression(parser);
      entries.push({ range: rangeFrom(parser, entryStart), key, value });
    }
    if (!takeOperator(parser, ',')) break;
  }
  return closeDict(parser, start, entries);
}

function closeDict(parser: Parser, start: number, entries: readonly MappingEntry[]): Expression {
  expectOperator(parser, '}', "invalid syntax: expected ',' or '}'");
  return { kind: 'mapping', range: rangeFrom(parser, start), entries };
}

// -------------------------------------------------------------------------------------------------- comprehensions

function startsComprehension(parser: Parser): boolean {
  return isKeyword(parser, 'for') || (isKeyword(parser, 'async') && peek(parser, 1).value === 'for');
}

interface Clauses {
  readonly clauses: readonly ComprehensionClause[];
  readonly isAsync: boolean;
}

function parseClauses(parser: Parser): Clauses {
  const clauses: ComprehensionClause[] = [];
  let isAsync = false;
  while (startsComprehension(parser)) {
    const start = peek(parser).start;
    if (takeKeyword(parser, 'async')) isAsync = true;
    next(parser);
    const target = parseTargets(parser);
    if (!takeKeyword(parser, 'in')) unexpected(parser, "'in' expected after for-loop variables");
    const iterable = parseOr(parser);
    const conditions: Expression[] = [];
    while (takeKeyword(parser, 'if')) conditions.push(parseCondition(parser));
    clauses.push({ range: rangeFrom(parser, start), target, iterable, conditions });
  }
  return { clauses, isAsync };
}

/** A comprehension's condition takes no `if … else …`: its `if` would begin the next condition. */
function parseCondition(parser: Parser): Expression {
  if (peek(parser).kind === 'name' && peek(parser, 1).value === ':=' && peek(parser, 1).kind === 'operator')
    return parseNamedExpression(parser);
  return parseOr(parser);
}

function comprehension(
  range: Range,
  type: 'list' | 'set' | 'dict' | 'generator',
  key: Expression | null,
  element: Expression,
  { clauses, isAsync }: Clauses,
): Expression {
  if (element.kind === 'starred') throw new SyntaxFailure('iterable unpacking cannot be used in comprehension', element.range);
  if (isAsync) return { kind: 'unsupported', range, what: 'an asynchronous comprehension', invalid: false };
  return { kind: 'comprehension', range, type, key, element, clauses };
}

/** `a, (b, *c)` of a for loop: what may be assigned to. Its operands stop before `in`. */
export function parseTargets(parser: Parser): Expression {
  const target = parseTupleOf(parser, (inner) => (isOperator(inner, '*') ? parseStarred(inner) : parseBinary(inner, 0)));
  checkTarget(target, 'assign to');
  return target;
}

export function parseYield(parser: Parser): Expression {
  const { start, end } = next(parser);
  if (!parser.surroundings.inFunction) throw new SyntaxFailure("'yield' outside function", { start, end });
  parser.surroundings.sawYield = true;
  if (takeKeyword(parser, 'from')) {
    const value = parseExpression(parser);
    return { kind: 'yield', range: rangeFrom(parser, start), value, delegate: true };
  }
  const value = startsExpression(parser) ? parseStarExpressions(parser) : null;
  return { kind: 'yield', range: rangeFrom(parser, start), value, delegate: false };
}

/** Fails where something that cannot be assigned to (or deleted) is. */
export function checkTarget(target: Expression, what: 'assign to' | 'delete'): void {
  if (target.kind === 'name' || target.kind === 'attribute' || target.kind === 'subscript') return;
  if (target.kind === 'starred' && what === 'assign to') {
    checkTarget(target.value, what);
    return;
  }
  if (target.kind === 'sequence' && target.type !== 'set') {
    if (what === 'assign to' && target.items.filter((item) => item.kind === 'starred').length > 1) {
      throw new SyntaxFailure('multiple starred expressions in assignment', target.range);
    }
    for (const item of target.items) checkTarget(item, what);
    return;
  }
  throw new SyntaxFailure(`cannot ${what} ${nounOf(target)}`, target.range);
}

function nounOf(expression: Expression): string {
  switch (expression.kind) {
    case 'constant':
      return expression.value.type === 'bool' || expression.value.type === 'none'
        ? `the constant ${constantName(expression.value)}`
        : 'a literal';
    case 'call':
      return 'a function call';
    case 'comparison':
      return 'a comparison';
    case 'conditional':
      return 'a conditional expression';
    case 'comprehension':
      return 'a comprehension';
    case 'joinedString':
      return 'an f-string';
    case 'lambda':
      return 'a lambda';
    case 'mapping':
      return 'a dict';
    case 'sequence':
      return 'a set';
    case 'starred':
      return 'a starred expression';
    case 'assignment':
      return 'a named expression';
    case 'attribute':
    case 'await':
    case 'binary':
    case 'logical':
    case 'name':
    case 'slice':
    case 'subscript':
    case 'unary':
    case 'unsupported':
    case 'yield':
      return 'an expression';
  }
}

function constantName(value: { readonly type: 'none' } | { readonly type: 'bool'; readonly value: boolean }): string {
  return value.type === 'none' ? 'None' : value.value ? 'True' : 'False';
}
