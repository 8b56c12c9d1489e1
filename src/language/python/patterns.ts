import type { Expression, Pattern } from '../program';
import { nameOf, parseBinary } from './expressions';
import { SyntaxFailure } from './failure';
import {
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

/** The pattern of a `case`: an open sequence needs no brackets. */
export function parseCasePattern(parser: Parser): Pattern {
  const start = peek(parser).start;
  const first = parseMaybeStar(parser);
  if (!isOperator(parser, ',')) {
    if (first.kind === 'star') unexpected(parser, "expected ','");
    return first;
  }
  const items = [first];
  while (takeOperator(parser, ',') && !isOperator(parser, ':') && !isKeyword(parser, 'if')) items.push(parseMaybeStar(parser));
  return { kind: 'sequence', range: rangeFrom(parser, start), items };
}

function parseMaybeStar(parser: Parser): Pattern {
  const star = takeOperator(parser, '*');
  if (!star) return parsePattern(parser);
  const { value } = expectName(parser, 'a name');
  return { kind: 'star', range: rangeFrom(parser, star.start), name: value === '_' ? null : value };
}

function parsePattern(parser: Parser): Pattern {
  return deeper(parser, parseAsPattern);
}

function parseAsPattern(parser: Parser): Pattern {
  const start = peek(parser).start;
  const pattern = parseOrPattern(parser);
  if (!takeKeyword(parser, 'as')) return pattern;
  const name = expectName(parser, 'a name after as');
  if (name.value === '_') throw new SyntaxFailure("cannot use '_' as a target", { start: name.start, end: name.end });
  return { kind: 'as', range: rangeFrom(parser, start), pattern, name: name.value };
}

function parseOrPattern(parser: Parser): Pattern {
  const start = peek(parser).start;
  const alternatives = [parseClosedPattern(parser)];
  while (takeOperator(parser, '|')) alternatives.push(parseClosedPattern(parser));
  return alternatives.length === 1 ? alternatives[0]! : { kind: 'or', range: rangeFrom(parser, start), alternatives };
}

function parseClosedPattern(parser: Parser): Pattern {
  const token = peek(parser);
  if (token.kind === 'name') return parseNamePattern(parser);
  if (token.kind === 'operator') {
    if (token.value === '(' || token.value === '[') return parseSequencePattern(parser, token.value);
    if (token.value === '{') return parseMappingPattern(parser);
  }
  const isLiteral = token.kind === 'number' || token.kind === 'string' || (token.kind === 'operator' && token.value === '-');
  if (!isLiteral && !(token.kind === 'keyword' && /^(None|True|False)$/.test(token.value))) unexpected(parser);
  const value = parseLiteral(parser);
  return { kind: 'value', range: value.range, value };
}

/** Numbers (also `-1` and `1+2j`), strings and the three constants; `|` separates patterns here. */
function parseLiteral(parser: Parser): Expression {
  const tighterThanOr = 4;
  return parseBinary(parser, tighterThanOr);
}

function parseNamePattern(parser: Parser): Pattern {
  const first = next(parser);
  const start = first.start;
  if (!isOperator(parser, '.') && !isOperator(parser, '(')) {
    return { kind: 'capture', range: { start, end: first.end }, name: first.value === '_' ? null : first.value };
  }
  let value: Expression = nameOf(first);
  while (takeOperator(parser, '.')) {
    const name = expectName(parser, 'a name after the dot');
    const nameRange = { start: name.start, end: name.end };
    value = { kind: 'attribute', range: rangeFrom(parser, start), object: value, name: name.value, nameRange, optional: false };
  }
  return isOperator(parser, '(') ? parseClassPattern(parser, value) : { kind: 'value', range: value.range, value };
}

function parseClassPattern(parser: Parser, type: Expression): Pattern {
  next(parser);
  const positional: Pattern[] = [];
  const keywords: { name: string; pattern: Pattern }[] = [];
  while (!isOperator(parser, ')')) {
    if (peek(parser).kind === 'name' && peek(parser, 1).kind === 'operator' && peek(parser, 1).value === '=') {
      const name = next(parser).value;
      next(parser);
      keywords.push({ name, pattern: parsePattern(parser) });
    } else if (keywords.length > 0) unexpected(parser, 'positional patterns follow keyword patterns');
    else positional.push(parsePattern(parser));
    if (!takeOperator(parser, ',')) break;
  }
  expectOperator(parser, ')');
  return { kind: 'class', range: rangeFrom(parser, type.range.start), class: type, positional, keywords };
}

function parseSequencePattern(parser: Parser, open: '(' | '['): Pattern {
  const { start } = next(parser);
  const close = open === '(' ? ')' : ']';
  const items: Pattern[] = [];
  let comma = false;
  while (!isOperator(parser, close)) {
    items.push(parseMaybeStar(parser));
    comma = takeOperator(parser, ',') !== null;
    if (!comma) break;
  }
  expectOperator(parser, close);
  const [only] = items;
  if (open === '(' && items.length === 1 && !comma && only !== undefined && only.kind !== 'star') return only;
  return { kind: 'sequence', range: rangeFrom(parser, start), items };
}

function parseMappingPattern(parser: Parser): Pattern {
  const { start } = next(parser);
  const entries: { key: Expression; pattern: Pattern }[] = [];
  let rest: string | null = null;
  while (!isOperator(parser, '}')) {
    if (takeOperator(parser, '**')) rest = expectName(parser, 'a name').value;
    else {
      const key = parseBinary(parser, 4);
      if (key.kind === 'name') throw new SyntaxFailure('a mapping pattern’s key is a literal or a dotted name', key.range);
      expectOperator(parser, ':');
      entries.push({ key, pattern: parsePattern(parser) });
    }
    if (!takeOperator(parser, ',')) break;
  }
  expectOperator(parser, '}');
  return { kind: 'mapping', range: rangeFrom(parser, start), entries, rest };
}
