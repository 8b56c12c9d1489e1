import type { SyntaxProblem } from '../program';
import { SyntaxFailure } from './failure';
import { isIdentifierPart, isIdentifierStart } from './identifiers';
import { scanNumber, scanString } from './literals';

/**
 * Python's tokens, made on demand from one stretch of text. As in CPython's tokenizer, a line break inside brackets is white space and
 * indentation becomes tokens of its own; unlike it, what is wrong becomes an 'error' token and the stream goes on behind it.
 */
export interface Token {
  readonly kind: 'name' | 'keyword' | 'number' | 'string' | 'operator' | 'newline' | 'indent' | 'dedent' | 'magic' | 'end' | 'error';
  readonly start: number;
  readonly end: number;
  /** The name, keyword or operator; the message of an error; else ''. */
  readonly value: string;
  readonly failure?: SyntaxProblem;
}

interface Bracket {
  readonly char: string;
  readonly start: number;
}

export interface TokenStream {
  readonly text: string;
  readonly end: number;
  /** Where the next token is read. */
  position: number;
  /** All tokens read so far; the parser walks them by index and may step back. */
  readonly tokens: Token[];
  indents: number[];
  /** The same columns with a tab counted as one: the two must order lines alike, or tabs and spaces are mixed. */
  tabIndents: number[];
  brackets: Bracket[];
  atLineStart: boolean;
  /** A script's lines begin at the margin; a snippet's where its first line does; an f-string's field has no lines. */
  readonly mode: 'script' | 'snippet' | 'field';
}

export function tokenStream(text: string, start: number, end: number, mode: TokenStream['mode']): TokenStream {
  const position = start === 0 && text.charCodeAt(0) === 0xfeff ? 1 : start;
  return { text, end, position, tokens: [], indents: [0], tabIndents: [0], brackets: [], atLineStart: mode !== 'field', mode };
}

const keywords = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if import in is ' +
    'lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/** Keywords no expression holds: at the start of a line they end every open bracket. */
const startsStatement = new Set(
  'assert break class continue def del elif except finally global import nonlocal pass raise return try while with'.split(' '),
);

const operators = [
  ...['**=', '//=', '>>=', '<<=', '...'],
  ...['**', '//', '>>', '<<', '<=', '>=', '==', '!=', '->', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '@=', ':='],
  ...'+ - * / % @ & | ^ ~ < > ( ) [ ] { } , : . ; = ! ?'.split(' '),
];
const operatorsByFirst = new Map<string, readonly string[]>();
for (const operator of operators) operatorsByFirst.set(operator[0]!, [...(operatorsByFirst.get(operator[0]!) ?? []), operator]);

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const maximumIndents = 100;
const maximumBrackets = 200;

/** The code point at a position; what lies beyond the stream's end reads as −1. */
function codeAt(stream: TokenStream, position: number): number {
  return position < stream.end ? stream.text.codePointAt(position)! : -1;
}

function push(stream: TokenStream, kind: Token['kind'], start: number, end: number, value = ''): Token {
  const token: Token = { kind, start, end, value };
  stream.tokens.push(token);
  return token;
}

function pushError(stream: TokenStream, message: string, start: number, end: number, type: SyntaxProblem['type'] = 'SyntaxError'): Token {
  const range = { start, end };
  const token: Token = { kind: 'error', start, end, value: message, failure: { message, range, type } };
  stream.tokens.push(token);
  return token;
}

/** Reads on until the token of this index exists, and gives it. */
export function tokenAt(stream: TokenStream, index: number): Token {
  while (stream.tokens.length <= index) {
    const last = stream.tokens.at(-1);
    if (last?.kind === 'end') return last;
    readToken(stream);
  }
  return stream.tokens[index]!;
}

function readToken(stream: TokenStream): void {
  if (stream.atLineStart && readIndentation(stream)) return;
  skipSpace(stream);
  const start = stream.position;
  const code = codeAt(stream, start);
  if (code === -1) {
    readEnd(stream);
  } else if (code === 10 || code === 13) {
    stream.position += code === 13 && codeAt(stream, start + 1) === 10 ? 2 : 1;
    if (stream.brackets.length > 0 || stream.mode === 'field') checkUnclosed(stream);
    else {
      stream.atLineStart = true;
      push(stream, 'newline', start, start);
    }
  } else if (isIdentifierStart(code)) {
    readName(stream, start);
  } else if ((code >= 48 && code <= 57) || (code === 46 && isDigit(codeAt(stream, start + 1)))) {
    const { end, error } = scanNumber(stream.text, start, stream.end);
    stream.position = end;
    if (error === null) push(stream, 'number', start, end);
    else pushError(stream, error, start, end);
  } else if (code === 34 || code === 39) {
    readString(stream, start, start);
  } else {
    readOperator(stream, start, code);
  }
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function skipSpace(stream: TokenStream): void {
  for (;;) {
    const code = codeAt(stream, stream.position);
    if (code === 32 || code === 9 || code === 12) stream.position++;
    else if (code === 35) stream.position = lineEnd(stream, stream.position);
    else if (code === 92) {
      const next = codeAt(stream, stream.position + 1);
      if (next !== 10 && next !== 13) return;
      stream.position += next === 13 && codeAt(stream, stream.position + 2) === 10 ? 3 : 2;
    } else return;
  }
}

/** Where the line holding this position ends (its line break not included). */
export function lineEnd(stream: Pick<TokenStream, 'text' | 'end'>, position: number): number {
  let end = position;
  while (end < stream.end) {
    const code = stream.text.charCodeAt(end);
    if (code === 10 || code === 13) break;
    end++;
  }
  return end;
}

interface Indentation {
  readonly contentStart: number;
  readonly column: number;
  readonly tabColumn: number;
}

/** Tabs reach to the next multiple of eight, as CPython has it; a form feed starts the count again. */
export function measureIndentation(stream: Pick<TokenStream, 'text' | 'end'>, lineStart: number): Indentation {
  let column = 0;
  let tabColumn = 0;
  let position = lineStart;
  for (; position < stream.end; position++) {
    const code = stream.text.charCodeAt(position);
    if (code === 32) {
      column++;
      tabColumn++;
    } else if (code === 9) {
      column = (Math.floor(column / 8) + 1) * 8;
      tabColumn++;
    } else if (code === 12) {
      column = tabColumn = 0;
    } else break;
  }
  return { contentStart: position, column, tabColumn };
}

/** At the start of a line: skips blank lines and turns indentation into tokens. True when it made one. */
function readIndentation(stream: TokenStream): boolean {
  for (;;) {
    const { contentStart, column, tabColumn } = measureIndentation(stream, stream.position);
    const code = codeAt(stream, contentStart);
    if (code === 35) stream.position = lineEnd(stream, contentStart);
    else stream.position = contentStart;
    const after = codeAt(stream, stream.position);
    if (after === -1) {
      stream.atLineStart = false;
      return false;
    }
    if (after === 10 || after === 13) {
      stream.position += after === 13 && codeAt(stream, stream.position + 1) === 10 ? 2 : 1;
      continue;
    }
    stream.atLineStart = false;
    return compareIndentation(stream, contentStart, column, tabColumn) || readMagic(stream, contentStart, code);
  }
}

function compareIndentation(stream: TokenStream, start: number, column: number, tabColumn: number): boolean {
  const { indents, tabIndents } = stream;
  const made = stream.tokens.length;
  const top = indents.at(-1)!;
  const tabTop = tabIndents.at(-1)!;
  if (stream.mode === 'snippet' && made === 0) {
    indents[0] = column;
    tabIndents[0] = tabColumn;
  } else if (column > top) {
    indent(stream, start, column, tabColumn);
    if (tabColumn <= tabTop) mixed(stream, start);
  } else if (column < top) {
    unindent(stream, start, column, tabColumn);
  } else if (tabColumn !== tabTop) mixed(stream, start);
  return stream.tokens.length > made;
}

function indent(stream: TokenStream, start: number, column: number, tabColumn: number): void {
  if (stream.indents.length >= maximumIndents) {
    pushError(stream, 'too many levels of indentation', start, start + 1, 'IndentationError');
    return;
  }
  stream.indents.push(column);
  stream.tabIndents.push(tabColumn);
  push(stream, 'indent', start, start);
}

function unindent(stream: TokenStream, start: number, column: number, tabColumn: number): void {
  const { indents, tabIndents } = stream;
  while (indents.length > 1 && indents.at(-1)! > column) {
    if (indents.at(-2)! < column) {
      // Between two levels: the line stays in the inner block, whose level it now sets.
      indents[indents.length - 1] = column;
      tabIndents[tabIndents.length - 1] = tabColumn;
      pushError(stream, 'unindent does not match any outer indentation level', start, start + 1, 'IndentationError');
      return;
    }
    indents.pop();
    tabIndents.pop();
    push(stream, 'dedent', start, start);
  }
  if (indents.at(-1)! > column) {
    // Left of where a snippet began: that becomes its margin.
    indents[0] = column;
    tabIndents[0] = tabColumn;
  } else if (tabColumn !== tabIndents.at(-1)) mixed(stream, start);
}

function mixed(stream: TokenStream, start: number): void {
  pushError(stream, 'inconsistent use of tabs and spaces in indentation', start, start + 1, 'TabError');
}

const magicsOverPython = /^%%((time|timeit|capture|prun|memit|heat)\b|writefile\s.*\.py\s*$)/;

/** IPython's `%magic`, `!shell` and `?help` lines; `%%html` and its like make the whole cell something other than Python. */
function readMagic(stream: TokenStream, start: number, code: number): boolean {
  if (code !== 37 && code !== 33 && code !== 63) return false;
  const line = stream.text.slice(start, lineEnd(stream, start));
  if (/^(%\s|%$|!$|!=)/.test(line)) return false;
  const wholeCell = line.startsWith('%%') && !magicsOverPython.test(line) && stream.tokens.length === 0;
  stream.position = wholeCell ? stream.end : start + line.length;
  while (!wholeCell && stream.text[stream.position - 1] === '\\' && stream.position < stream.end) {
    stream.position = lineEnd(stream, stream.position + 1);
  }
  push(stream, 'magic', start, stream.position);
  return true;
}

function readName(stream: TokenStream, start: number): void {
  const { text } = stream;
  let position = start;
  let ascii = true;
  for (;;) {
    const code = codeAt(stream, position);
    if (code === -1 || !isIdentifierPart(code)) break;
    if (code > 127) ascii = false;
    position += code > 0xffff ? 2 : 1;
  }
  const quote = text.charCodeAt(position);
  if (position < stream.end && (quote === 34 || quote === 39) && /^(r|u|b|f|br|rb|fr|rf)$/i.test(text.slice(start, position))) {
    readString(stream, start, position);
    return;
  }
  stream.position = position;
  const raw = text.slice(start, position);
  const name = ascii ? raw : raw.normalize('NFKC');
  push(stream, keywords.has(name) ? 'keyword' : 'name', start, position, name);
}

function readString(stream: TokenStream, start: number, quote: number): void {
  const { end, terminated, triple } = scanString(stream.text, start, quote, stream.end);
  if (terminated) {
    stream.position = end;
    push(stream, 'string', start, end);
    return;
  }
  const what = /f/i.test(stream.text.slice(start, quote)) ? 'f-string' : triple ? 'triple-quoted string' : 'string';
  stream.position = triple ? afterUnterminated(stream, start) : lineEnd(stream, start);
  pushError(stream, `unterminated ${what} literal`, start, triple ? quote + 3 : lineEnd(stream, start));
}

/** A triple quote that nothing closes: reading goes on at the next line that clearly starts a definition, at the level of its own line or left of it. */
function afterUnterminated(stream: TokenStream, start: number): number {
  const lineStart = Math.max(stream.text.lastIndexOf('\n', start - 1), stream.text.lastIndexOf('\r', start - 1)) + 1;
  const level = measureIndentation(stream, lineStart).column;
  for (let line = nextLine(stream, start); line < stream.end; line = nextLine(stream, line)) {
    const { contentStart, column } = measureIndentation(stream, line);
    if (
      column <= level &&
      /^(def|class|async\s+def|import|from\s+[\w.]+\s+import)\b/.test(stream.text.slice(contentStart, contentStart + 80))
    ) {
      return line - 1;
    }
  }
  return stream.end;
}

export function nextLine(stream: Pick<TokenStream, 'text' | 'end'>, position: number): number {
  const end = lineEnd(stream, position);
  return Math.min(stream.end, end + (stream.text.startsWith('\r\n', end) ? 2 : 1));
}

function readOperator(stream: TokenStream, start: number, code: number): void {
  const candidates = operatorsByFirst.get(String.fromCodePoint(code));
  const value = candidates?.find((candidate) => stream.text.startsWith(candidate, start) && start + candidate.length <= stream.end);
  if (value === undefined) {
    readInvalid(stream, start, code);
    return;
  }
  const end = start + value.length;
  stream.position = end;
  if (closing[value] !== undefined) {
    if (stream.brackets.length >= maximumBrackets) {
      pushError(stream, 'too many nested parentheses', start, end);
      return;
    }
    stream.brackets.push({ char: value, start });
  } else if (value === ')' || value === ']' || value === '}') {
    const open = stream.brackets.at(-1);
    if (open === undefined && stream.mode === 'field') {
      // The end of the field: nothing behind it is an expression.
      stream.position = stream.end;
    } else if (open === undefined) {
      pushError(stream, `unmatched '${value}'`, start, end);
      return;
    } else if (closing[open.char] !== value) {
      stream.brackets.pop();
      pushError(stream, `closing parenthesis '${value}' does not match opening parenthesis '${open.char}'`, start, end);
      return;
    } else stream.brackets.pop();
  }
  push(stream, 'operator', start, end, value);
}

function readInvalid(stream: TokenStream, start: number, code: number): void {
  const end = start + (code > 0xffff ? 2 : 1);
  stream.position = end;
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (code === 0) pushError(stream, 'source code cannot contain null bytes', start, end);
  else if (code === 92) pushError(stream, 'unexpected character after line continuation character', start, end);
  else if (/[\p{C}\p{Z}]/u.test(String.fromCodePoint(code))) pushError(stream, `invalid non-printable character ${point}`, start, end);
  else pushError(stream, `invalid character '${String.fromCodePoint(code)}' (${point})`, start, end);
}

/** Inside brackets, at a new line: one that begins with a statement's keyword shows that the bracket was never closed. */
function checkUnclosed(stream: TokenStream): void {
  if (stream.mode === 'field') return;
  const lineStart = stream.position;
  const { contentStart } = measureIndentation(stream, lineStart);
  const word = /^[a-z]+\b(?!\s*=[^=])/.exec(stream.text.slice(contentStart, Math.min(stream.end, contentStart + 12)))?.[0];
  if (word === undefined || !startsStatement.has(word)) return;
  pushUnclosed(stream);
  push(stream, 'newline', lineStart, lineStart);
  stream.atLineStart = true;
}

function pushUnclosed(stream: TokenStream): void {
  const open = stream.brackets.at(-1)!;
  stream.brackets = [];
  pushError(stream, `'${open.char}' was never closed`, open.start, open.start + 1);
}

function readEnd(stream: TokenStream): void {
  const { end } = stream;
  if (stream.mode === 'field') {
    push(stream, 'end', end, end);
    return;
  }
  if (stream.brackets.length > 0) {
    pushUnclosed(stream);
    return;
  }
  const last = stream.tokens.at(-1);
  if (last !== undefined && last.kind !== 'newline' && last.kind !== 'dedent') push(stream, 'newline', end, end);
  while (stream.indents.length > 1) {
    stream.indents.pop();
    stream.tabIndents.pop();
    push(stream, 'dedent', end, end);
  }
  push(stream, 'end', end, end);
}

/** Forgets the tokens from this index on and reads again from the start of a line, with the indentation and no bracket open. */
export function restartAt(
  stream: TokenStream,
  index: number,
  lineStart: number,
  indents: readonly number[],
  tabIndents: readonly number[],
): void {
  stream.tokens.length = index;
  stream.position = lineStart;
  stream.indents = [...indents];
  stream.tabIndents = [...tabIndents];
  stream.brackets = [];
  stream.atLineStart = true;
}

export function failureOf(token: Token): SyntaxFailure {
  const { message, range, type } = token.failure!;
  return new SyntaxFailure(message, range, type);
}
