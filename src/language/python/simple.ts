import type { BinaryOperator, Expression, ImportedName, Statement } from '../program';
import { checkTarget, parseExpression, parseStarExpressions, parseTupleOf, parseYield } from './expressions';
import { SyntaxFailure } from './failure';
import {
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
import { lineEnd } from './tokens';

/** The simple statements of one line, separated by semicolons, and the end of the line. */
export function parseSimpleLine(parser: Parser, into: Statement[]): void {
  for (;;) {
    const statements = parseSimple(parser);
    const silent = takeOperator(parser, ';') !== null;
    if (!silent && peek(parser).kind !== 'newline') unexpectedBehind(parser, statements[0]);
    for (const statement of statements) into.push(silent && statement.kind === 'expression' ? { ...statement, silent } : statement);
    if (peek(parser).kind !== 'newline') continue;
    next(parser);
    return;
  }
}

function unexpectedBehind(parser: Parser, statement: Statement | undefined): never {
  const token = peek(parser);
  if (statement?.kind === 'expression' && statement.expression.kind === 'name') {
    const { name, range } = statement.expression;
    if ((name === 'print' || name === 'exec') && token.kind !== 'operator' && token.kind !== 'error') {
      throw new SyntaxFailure(`Missing parentheses in call to '${name}'. Did you mean ${name}(...)?`, {
        start: range.start,
        end: token.end,
      });
    }
  }
  if (token.kind === 'operator' && token.value === '=') unexpected(parser);
  const startsOperand = token.kind === 'name' || token.kind === 'number' || token.kind === 'string';
  return unexpected(parser, startsOperand ? 'invalid syntax (is an operator or a comma missing before it?)' : 'invalid syntax');
}

function parseSimple(parser: Parser): readonly Statement[] {
  const token = peek(parser);
  if (token.kind === 'magic') {
    next(parser);
    return [{ kind: 'pass', range: { start: token.start, end: token.end } }];
  }
  if (token.kind !== 'keyword') return [parseTypeAlias(parser) ?? parseExpressionStatement(parser)];
  switch (token.value) {
    case 'pass':
    case 'break':
    case 'continue':
      return [parseKeywordStatement(parser, token.value)];
    case 'return':
      return [parseReturn(parser)];
    case 'raise':
      return [parseRaise(parser)];
    case 'assert':
      return [parseAssert(parser)];
    case 'del':
      return [parseDelete(parser)];
    case 'global':
    case 'nonlocal':
      return [parseScope(parser, token.value)];
    case 'import':
      return parseImport(parser);
    case 'from':
      return [parseFromImport(parser)];
    default:
      return [parseExpressionStatement(parser)];
  }
}

function parseKeywordStatement(parser: Parser, kind: 'pass' | 'break' | 'continue'): Statement {
  const { start, end } = next(parser);
  if (kind !== 'pass' && !parser.surroundings.inLoop) {
    throw new SyntaxFailure(kind === 'break' ? "'break' outside loop" : "'continue' not properly in loop", { start, end });
  }
  return { kind, range: { start, end } };
}

function parseReturn(parser: Parser): Statement {
  const { start, end } = next(parser);
  if (!parser.surroundings.inFunction) throw new SyntaxFailure("'return' outside function", { start, end });
  const value = endsStatement(parser) ? null : parseStarExpressions(parser);
  return { kind: 'return', range: rangeFrom(parser, start), value };
}

function endsStatement(parser: Parser): boolean {
  return peek(parser).kind === 'newline' || isOperator(parser, ';');
}

function parseRaise(parser: Parser): Statement {
  const { start } = next(parser);
  const exception = endsStatement(parser) ? null : parseExpression(parser);
  const cause = exception !== null && takeKeyword(parser, 'from') ? parseExpression(parser) : null;
  return { kind: 'raise', range: rangeFrom(parser, start), exception, cause };
}

function parseAssert(parser: Parser): Statement {
  const { start } = next(parser);
  const test = parseExpression(parser);
  const message = takeOperator(parser, ',') ? parseExpression(parser) : null;
  return { kind: 'assert', range: rangeFrom(parser, start), test, message };
}

function parseDelete(parser: Parser): Statement {
  const { start } = next(parser);
  const target = parseTupleOf(parser, parseExpression);
  checkTarget(target, 'delete');
  const targets = target.kind === 'sequence' ? target.items : [target];
  return { kind: 'delete', range: rangeFrom(parser, start), targets };
}

function parseScope(parser: Parser, kind: 'global' | 'nonlocal'): Statement {
  const { start, end } = next(parser);
  if (kind === 'nonlocal' && !parser.surroundings.inFunction && !parser.surroundings.inClass) {
    throw new SyntaxFailure('nonlocal declaration not allowed at module level', { start, end });
  }
  const names: string[] = [];
  do names.push(expectName(parser, 'a name').value);
  while (takeOperator(parser, ','));
  return { kind, range: rangeFrom(parser, start), names };
}

/** `type X = …`: declared, never evaluated. */
function parseTypeAlias(parser: Parser): Statement | null {
  const token = peek(parser);
  if (token.kind !== 'name' || token.value !== 'type' || peek(parser, 1).kind !== 'name') return null;
  next(parser);
  const name = next(parser);
  skipTypeParameters(parser);
  expectOperator(parser, '=');
  const annotation = parseExpression(parser);
  const target: Expression = { kind: 'name', range: { start: name.start, end: name.end }, name: name.value };
  return { kind: 'assign', range: rangeFrom(parser, token.start), targets: [target], value: null, annotation, declaration: null };
}

/** `[T, *Ts, **P]` behind the name of a definition: types say nothing about what runs. */
export function skipTypeParameters(parser: Parser): void {
  if (!isOperator(parser, '[')) return;
  for (let nesting = 0; ;) {
    if (peek(parser).kind === 'newline' || peek(parser).kind === 'end') unexpected(parser);
    const { kind, value } = next(parser);
    if (kind !== 'operator') continue;
    if (value === '[' || value === '(' || value === '{') nesting++;
    else if (value === ']' || value === ')' || value === '}') nesting--;
    if (nesting === 0) return;
  }
}

// --------------------------------------------------------------------------------------------------------- imports

function parseImport(parser: Parser): readonly Statement[] {
  const { start } = next(parser);
  const imports: Extract<Statement, { kind: 'import' }>[] = [];
  do {
    const nameStart = peek(parser).start;
    const module = parseDottedName(parser);
    const alias = takeKeyword(parser, 'as') ? expectName(parser, 'a name after as').value : null;
    imports.push({ kind: 'import', range: rangeFrom(parser, nameStart), module, level: 0, alias, names: null });
  } while (takeOperator(parser, ','));
  const [only] = imports;
  return imports.length === 1 && only !== undefined ? [{ ...only, range: rangeFrom(parser, start) }] : imports;
}

function parseDottedName(parser: Parser): string {
  const names = [expectName(parser, 'the name of a module').value];
  while (takeOperator(parser, '.')) names.push(expectName(parser, 'a name after the dot').value);
  return names.join('.');
}

function parseFromImport(parser: Parser): Statement {
  const { start } = next(parser);
  let level = 0;
  for (let dots = takeDots(parser); dots > 0; dots = takeDots(parser)) level += dots;
  const module = level > 0 && isKeyword(parser, 'import') ? '' : parseDottedName(parser);
  if (!takeKeyword(parser, 'import')) unexpected(parser, "expected 'import'");
  const star = takeOperator(parser, '*');
  const names: ImportedName[] = [];
  if (star) names.push({ range: { start: star.start, end: star.end }, name: '*', alias: null });
  else {
    const bracket = takeOperator(parser, '(') !== null;
    do {
      if (bracket && names.length > 0 && isOperator(parser, ')')) break;
      names.push(parseImportedName(parser));
    } while (takeOperator(parser, ','));
    if (bracket) expectOperator(parser, ')');
  }
  return { kind: 'import', range: rangeFrom(parser, start), module, level, alias: null, names };
}

function takeDots(parser: Parser): number {
  return takeOperator(parser, '...') ? 3 : takeOperator(parser, '.') ? 1 : 0;
}

function parseImportedName(parser: Parser): ImportedName {
  const { value: name, start } = expectName(parser, 'a name to import');
  const alias = takeKeyword(parser, 'as') ? expectName(parser, 'a name after as').value : null;
  return { range: rangeFrom(parser, start), name, alias };
}

// ----------------------------------------------------------------------------------- expressions and assignments

const augmented = /^(?:\+|-|\*|\/|\/\/|%|@|&|\||\^|>>|<<|\*\*)=$/;

function parseExpressionStatement(parser: Parser): Statement {
  const { start } = peek(parser);
  const first = parseValue(parser);
  const token = peek(parser);
  if (token.kind === 'operator') {
    if (token.value === '=') return parseAssignment(parser, start, first);
    if (token.value === ':') return parseAnnotated(parser, start, first);
    if (augmented.test(token.value)) return parseAugmented(parser, start, first);
    if (token.value === '?') return parseHelp(parser, start);
  }
  if (first.kind === 'starred') throw new SyntaxFailure("can't use starred expression here", first.range);
  return { kind: 'expression', range: rangeFrom(parser, start), expression: first, silent: false };
}

function parseValue(parser: Parser): Expression {
  return isKeyword(parser, 'yield') ? parseYield(parser) : parseStarExpressions(parser);
}

function parseAssignment(parser: Parser, start: number, first: Expression): Statement {
  const targets: Expression[] = [];
  let value = first;
  while (takeOperator(parser, '=')) {
    checkAssigned(value);
    targets.push(value);
    value = parseCommand(parser) ?? parseValue(parser);
  }
  if (value.kind === 'starred') throw new SyntaxFailure("can't use starred expression here", value.range);
  return { kind: 'assign', range: rangeFrom(parser, start), targets, value, annotation: null, declaration: null };
}

function checkAssigned(target: Expression): void {
  if (target.kind === 'starred') throw new SyntaxFailure('starred assignment target must be in a list or tuple', target.range);
  checkTarget(target, 'assign to');
}

/** IPython's `files = !ls` and `x = %sql …`. */
function parseCommand(parser: Parser): Expression | null {
  if (!isOperator(parser, '!') && !isOperator(parser, '%')) return null;
  const { stream } = parser;
  const { start } = next(parser);
  const end = lineEnd(stream, start);
  stream.tokens.length = parser.index - 1;
  stream.tokens.push({ kind: 'magic', start, end, value: '' });
  stream.position = end;
  return { kind: 'unsupported', range: { start, end }, what: 'a notebook command', invalid: false };
}

/** IPython's `name?`: asks for help, computes nothing. */
function parseHelp(parser: Parser, start: number): Statement {
  while (takeOperator(parser, '?'));
  return { kind: 'pass', range: rangeFrom(parser, start) };
}

function parseAnnotated(parser: Parser, start: number, target: Expression): Statement {
  if (target.kind !== 'name' && target.kind !== 'attribute' && target.kind !== 'subscript') {
    if (target.kind === 'sequence') throw new SyntaxFailure(`only single target (not ${target.type}) can be annotated`, target.range);
    throw new SyntaxFailure('illegal target for annotation', target.range);
  }
  next(parser);
  const annotation = parseExpression(parser);
  const value = takeOperator(parser, '=') ? parseValue(parser) : null;
  return { kind: 'assign', range: rangeFrom(parser, start), targets: [target], value, annotation, declaration: null };
}

function parseAugmented(parser: Parser, start: number, target: Expression): Statement {
  if (target.kind !== 'name' && target.kind !== 'attribute' && target.kind !== 'subscript') {
    throw new SyntaxFailure(
      `'${textOfToken(parser, { ...peek(parser), ...target.range })}' is an illegal expression for augmented assignment`,
      target.range,
    );
  }
  const operator = next(parser).value.slice(0, -1) as BinaryOperator;
  const value = parseValue(parser);
  return { kind: 'augmentedAssign', range: rangeFrom(parser, start), target, operator, value };
}
