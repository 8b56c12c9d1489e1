/** The literals of Python: where a number or a string ends, and what it means. */
import { isIdentifierPart } from './identifiers';

export interface ScannedNumber {
  readonly end: number;
  readonly error: string | null;
}

const numberForms =
  /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*\.?)(?:[eE][+-]?[0-9](?:_?[0-9])*)?[jJ]?/y;

/** Keywords that may stand right behind a number, as in `1if x else 2`. */
const mayFollow = /(?:and|else|for|if|in|is|not|or)\b/y;

export function scanNumber(text: string, start: number, limit: number): ScannedNumber {
  numberForms.lastIndex = start;
  const found = numberForms.exec(text);
  let end = Math.min(limit, start + (found?.[0].length ?? 1));
  const literal = text.slice(start, end);
  mayFollow.lastIndex = end;
  const code = end < limit ? text.codePointAt(end)! : -1;
  if (code !== -1 && isIdentifierPart(code) && !mayFollow.test(text)) {
    while (end < limit && isIdentifierPart(text.codePointAt(end)!)) end++;
    const kind = /^0[xX]/.test(literal + text[start + 1]!)
      ? 'hexadecimal'
      : /^0[oO]/.test(text.slice(start, start + 2))
        ? 'octal'
        : 'decimal';
    return { end, error: `invalid ${kind} literal` };
  }
  if (/^0[0-9_]*[1-9][0-9_]*$/.test(literal)) {
    return { end, error: 'leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers' };
  }
  if (/^[0-9_]+$/.test(literal) && literal.length > 4300) return { end, error: 'an integer of more than 4300 digits' };
  return { end, error: null };
}

export interface ScannedString {
  readonly end: number;
  readonly terminated: boolean;
  readonly triple: boolean;
}

/** Where the string that starts here (prefix at start, quotes at quote) ends. A field of an f-string may hold strings of its own, whatever their quotes. */
export function scanString(text: string, start: number, quote: number, limit: number, depth = 0): ScannedString {
  const mark = text[quote]!;
  const triple = text.startsWith(mark.repeat(3), quote) && quote + 3 <= limit;
  const close = triple ? mark.repeat(3) : mark;
  const isFormat = /f/i.test(text.slice(start, quote));
  let position = quote + close.length;
  while (position < limit) {
    const char = text[position]!;
    if (char === '\\') {
      // A backslash hides no brace of an f-string.
      const hidesNothing = isFormat && (text[position + 1] === '{' || text[position + 1] === '}');
      position += hidesNothing ? 1 : text.startsWith('\r\n', position + 1) ? 3 : 2;
    } else if (char === mark && text.startsWith(close, position)) {
      const end = position + close.length;
      return { end, terminated: end <= limit, triple };
    } else if (!triple && (char === '\n' || char === '\r')) {
      break;
    } else if (isFormat && char === '{') {
      const after = text[position + 1] === '{' ? position + 2 : scanField(text, position + 1, limit, close, depth);
      if (after === null) return { end: limit, terminated: false, triple };
      position = after;
    } else position++;
  }
  return { end: Math.min(position, limit), terminated: false, triple };
}

const maximumNesting = 20;

/** Past the `}` of a field; null where it is never closed. */
function scanField(text: string, start: number, limit: number, close: string, depth: number): number | null {
  if (depth > maximumNesting) return null;
  const isSingleLine = close.length === 1;
  let nesting = 0;
  for (let position = start; position < limit; position++) {
    const char = text[position]!;
    if (char === '"' || char === "'") {
      const prefix = /[a-zA-Z]{1,2}$/.exec(text.slice(Math.max(start, position - 2), position))?.[0].length ?? 0;
      const inner = scanString(text, position - prefix, position, limit, depth + 1);
      if (!inner.terminated) return null;
      position = inner.end - 1;
    } else if (char === '(' || char === '[' || char === '{') nesting++;
    else if (char === '}' && nesting === 0) return position + 1;
    else if (char === ')' || char === ']' || char === '}') nesting--;
    else if (char === ':' && nesting === 0) return scanFormat(text, position + 1, limit, close, depth);
    else if (char === '#') while (position + 1 < limit && text[position + 1] !== '\n') position++;
    else if (isSingleLine && nesting < 0) return null;
  }
  return null;
}

/** Past the `}` behind a format specification, which may hold fields; null where it is never closed. */
function scanFormat(text: string, start: number, limit: number, close: string, depth: number): number | null {
  let position = start;
  while (position < limit) {
    const char = text[position]!;
    if (char === '}') return position + 1;
    if (text.startsWith(close, position) || (close.length === 1 && (char === '\n' || char === '\r'))) return null;
    if (char === '{') {
      const after = scanField(text, position + 1, limit, close, depth + 1);
      if (after === null) return null;
      position = after;
    } else position++;
  }
  return null;
}

export interface StringLiteral {
  readonly isBytes: boolean;
  readonly isFormat: boolean;
  readonly isRaw: boolean;
  readonly contentStart: number;
  readonly contentEnd: number;
}

/** The parts of a string token: its prefix and where its content lies. */
export function stringLiteral(text: string, start: number, end: number): StringLiteral {
  let quote = start;
  while (text[quote] !== '"' && text[quote] !== "'") quote++;
  const prefix = text.slice(start, quote).toLowerCase();
  const width = end - quote >= 6 && text.startsWith(text[quote]!.repeat(3), quote) ? 3 : 1;
  return {
    isBytes: prefix.includes('b'),
    isFormat: prefix.includes('f'),
    isRaw: prefix.includes('r'),
    contentStart: quote + width,
    contentEnd: end - width,
  };
}

export type Decoded =
  | { readonly type: 'value'; readonly value: string }
  | { readonly type: 'invalid'; readonly message: string; readonly at: number }
  | { readonly type: 'unsupported'; readonly message: string; readonly at: number };

const simpleEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * The characters a stretch of string content stands for. Bytes decode to characters 0–255. Line breaks read as '\n', as Python reads files.
 * An f-string's doubled braces are undone too.
 */
export function decodeString(
  text: string,
  start: number,
  end: number,
  kind: { isRaw: boolean; isBytes: boolean; isFormat: boolean },
): Decoded {
  const body = text.slice(start, end).replace(/\r\n?/g, '\n');
  const braces = (plain: string): string => (kind.isFormat ? plain.replace(/\{\{/g, '{').replace(/\}\}/g, '}') : plain);
  if (kind.isBytes && /[^\x00-\x7f]/.test(body))
    return { type: 'invalid', message: 'bytes can only contain ASCII literal characters', at: start };
  if (kind.isRaw || !body.includes('\\')) return { type: 'value', value: braces(body) };
  const failures: Decoded[] = [];
  const fail = (type: 'invalid' | 'unsupported', message: string, at: number): string => {
    failures.push({ type, message, at: start + at });
    return '';
  };
  const escape = /\\(?:\n|([0-7]{1,3})|x([0-9a-fA-F]{0,2})|u([0-9a-fA-F]{0,4})|U([0-9a-fA-F]{0,8})|N(\{[^}]*\})?|([^{}]))|([^\\]+)|\\/g;
  const value = body.replace(
    escape,
    (
      match: string,
      octal: string | undefined,
      hex: string | undefined,
      short: string | undefined,
      long: string | undefined,
      named: string | undefined,
      other: string | undefined,
      plain: string | undefined,
      at: number,
    ) => {
      if (plain !== undefined) return braces(plain);
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & (kind.isBytes ? 0xff : 0x1ff));
      if (hex !== undefined)
        return hex.length === 2 ? String.fromCharCode(parseInt(hex, 16)) : fail('invalid', 'truncated \\xXX escape', at);
      if (other !== undefined) return simpleEscapes[other] ?? match;
      // A backslash before a brace is itself, and the brace is a format's own.
      if (match === '\\') return match;
      if (match === '\\\n') return '';
      if (kind.isBytes) return match;
      if (short !== undefined) {
        return short.length === 4 ? String.fromCharCode(parseInt(short, 16)) : fail('invalid', 'truncated \\uXXXX escape', at);
      }
      if (long !== undefined) {
        const code = parseInt(long, 16);
        return long.length === 8 && code <= 0x10ffff ? String.fromCodePoint(code) : fail('invalid', 'illegal \\UXXXXXXXX escape', at);
      }
      return named === undefined
        ? fail('invalid', 'malformed \\N character escape', at)
        : fail('unsupported', `the named character \\N${named}`, at);
    },
  );
  return failures[0] ?? { type: 'value', value };
}
