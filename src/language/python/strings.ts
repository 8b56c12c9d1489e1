import type { Expression, FormattedPart, JoinedString, Range } from '../program';
import { SyntaxFailure } from './failure';
import { decodeString, stringLiteral, type StringLiteral } from './literals';
import { next, peek, type Parser } from './parser';
import { tokenAt, tokenStream } from './tokens';

type ParseField = (parser: Parser) => Expression;
type Part = JoinedString['parts'][number];

/** One or several adjacent string literals: a string, bytes, or a joined string when one of them is an f-string. */
export function parseStrings(parser: Parser, parseField: ParseField): Expression {
  const { text } = parser.stream;
  const first = next(parser);
  const tokens = [first];
  while (peek(parser).kind === 'string') tokens.push(next(parser));
  const range = { start: first.start, end: tokens.at(-1)!.end };
  const literals = tokens.map((token) => stringLiteral(text, token.start, token.end));
  if (literals.some((literal) => literal.isBytes !== literals[0]!.isBytes)) {
    throw new SyntaxFailure('cannot mix bytes and nonbytes literals', range);
  }
  const parts: Part[] = [];
  for (const literal of literals) {
    const unsupported = literal.isFormat
      ? readFormat(parser, literal, parseField, parts)
      : addText(parser, literal, literal.contentStart, literal.contentEnd, parts);
    if (unsupported !== null) return { kind: 'unsupported', range, what: unsupported, invalid: false };
  }
  if (literals.some((literal) => literal.isFormat)) return { kind: 'joinedString', range, parts };
  const value = parts.length === 0 ? '' : (parts[0] as string);
  if (!literals[0]!.isBytes) return { kind: 'constant', range, value: { type: 'string', value } };
  return { kind: 'constant', range, value: { type: 'bytes', value: Uint8Array.from(value, (char) => char.charCodeAt(0)) } };
}

/** Adds plain text to the parts, joined to the text before it. Gives what is not supported in it, or null. */
function addText(parser: Parser, literal: StringLiteral, start: number, end: number, parts: Part[]): string | null {
  const decoded = decodeString(parser.stream.text, start, end, literal);
  if (decoded.type === 'unsupported') return decoded.message;
  if (decoded.type !== 'value') throw new SyntaxFailure(decoded.message, { start: decoded.at, end: Math.min(end, decoded.at + 2) });
  const last = parts.at(-1);
  if (typeof last === 'string') parts[parts.length - 1] = last + decoded.value;
  else if (decoded.value !== '') parts.push(decoded.value);
  return null;
}

function readFormat(parser: Parser, literal: StringLiteral, parseField: ParseField, parts: Part[]): string | null {
  const format: FormatReader = { parser, literal, parseField, nesting: 0 };
  let position = literal.contentStart;
  while (position < literal.contentEnd) {
    const end = endOfText(format, position, false);
    const unsupported = addText(parser, literal, position, end, parts);
    if (unsupported !== null) return unsupported;
    if (end >= literal.contentEnd) break;
    const { part, after } = readField(format, end);
    parts.push(part);
    position = after;
  }
  return null;
}

interface FormatReader {
  readonly parser: Parser;
  readonly literal: StringLiteral;
  readonly parseField: ParseField;
  nesting: number;
}

/** Where the plain text ends: at a field, or (in a format specification) at the field's closing brace. Doubled braces are text. */
function endOfText({ parser, literal }: FormatReader, start: number, inSpecification: boolean): number {
  const { text } = parser.stream;
  let position = start;
  while (position < literal.contentEnd) {
    const char = text[position];
    if (char === '\\' && !literal.isRaw && text[position + 1] !== '{' && text[position + 1] !== '}') {
      position += text[position + 1] === 'N' && text[position + 2] === '{' ? Math.max(2, text.indexOf('}', position) + 1 - position) : 2;
    } else if (char === '{') {
      if (text[position + 1] !== '{' || inSpecification) return position;
      position += 2;
    } else if (char === '}') {
      if (inSpecification) return position;
      if (text[position + 1] !== '}')
        throw new SyntaxFailure("f-string: single '}' is not allowed", { start: position, end: position + 1 });
      position += 2;
    } else position++;
  }
  return Math.min(position, literal.contentEnd);
}

/** A replacement field, from its `{` to behind its `}`: expression, `=`, `!r`, `:specification`. */
function readField(format: FormatReader, open: number): { readonly part: FormattedPart; readonly after: number } {
  const { parser, literal, parseField } = format;
  const { text } = parser.stream;
  if (++format.nesting > 5) throw new SyntaxFailure('f-string: expressions nested too deeply', { start: open, end: open + 1 });
  const stream = tokenStream(text, open + 1, literal.contentEnd, 'field');
  const field: Parser = { ...parser, stream, index: 0 };
  const first = tokenAt(stream, 0);
  if (first.kind === 'end' || (first.kind === 'operator' && /^[}!:=]$/.test(first.value))) {
    throw new SyntaxFailure(`f-string: valid expression required before '${first.value || '}'}'`, { start: open, end: open + 1 });
  }
  const expression = parseField(field);
  parser.longestChain = Math.max(parser.longestChain, field.longestChain);
  let label: string | null = null;
  let conversion: FormattedPart['conversion'] = null;
  let token = peek(field);
  if (token.kind === 'operator' && token.value === '=') {
    next(field);
    token = peek(field);
    label = text.slice(open + 1, token.start);
  }
  if (token.kind === 'operator' && token.value === '!') {
    conversion = conversionAt(text, token.end);
    next(field);
    next(field);
    token = peek(field);
  }
  let specification: JoinedString | null = null;
  let close = token.start;
  if (token.kind === 'operator' && (token.value === ':' || token.value === ':=')) {
    const read = readSpecification(format, token.start + 1);
    specification = read.specification;
    close = read.end;
  }
  if (text[close] !== '}' || close >= literal.contentEnd) {
    throw new SyntaxFailure("f-string: expecting '}'", {
      start: Math.min(close, literal.contentEnd),
      end: Math.min(close + 1, literal.contentEnd + 1),
    });
  }
  format.nesting--;
  if (label !== null && conversion === null && specification === null) conversion = 'r';
  const range: Range = { start: open, end: close + 1 };
  return { part: { range, expression, conversion, format: specification, label }, after: close + 1 };
}

function conversionAt(text: string, position: number): 'r' | 's' | 'a' {
  const found = text[position];
  if ((found === 'r' || found === 's' || found === 'a') && !/\w/.test(text[position + 1] ?? '')) return found;
  throw new SyntaxFailure("f-string: invalid conversion character: expected 's', 'r', or 'a'", { start: position, end: position + 1 });
}

function readSpecification(format: FormatReader, start: number): { readonly specification: JoinedString; readonly end: number } {
  const parts: Part[] = [];
  const { parser, literal } = format;
  let position = start;
  for (;;) {
    const end = endOfText(format, position, true);
    const unsupported = addText(parser, literal, position, end, parts);
    if (unsupported !== null) throw new SyntaxFailure(`${unsupported} in a format specification`, { start: position, end });
    position = end;
    if (parser.stream.text[end] !== '{' || end >= literal.contentEnd) break;
    const { part, after } = readField(format, end);
    parts.push(part);
    position = after;
  }
  return { specification: { kind: 'joinedString', range: { start, end: position }, parts }, end: position };
}
