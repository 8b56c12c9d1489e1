import type { Range } from './program';

/** JSON that remembers where everything stands: what a notebook file is read with. */
export type JsonNode =
  | { readonly type: 'string'; readonly value: string; readonly range: Range }
  | { readonly type: 'number' | 'literal'; readonly value: number | boolean | null; readonly range: Range }
  | { readonly type: 'array'; readonly items: readonly JsonNode[]; readonly range: Range }
  | { readonly type: 'object'; readonly entries: ReadonlyMap<string, JsonNode>; readonly range: Range };

export type JsonReading =
  { readonly ok: true; readonly root: JsonNode } | { readonly ok: false; readonly message: string; readonly range: Range };

class JsonFailure extends Error {
  readonly range: Range;
  constructor(message: string, start: number, end: number) {
    super(message);
    this.range = { start, end };
  }
}

const maximumDepth = 200;
const blank = /[ \t\r\n]*/y;
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordForm = /true|false|null|NaN|-?Infinity/y;
const stringForm = /"(?:[^"\\]|\\[^])*"/y;
const literals: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Reads a JSON text; Python's NaN and Infinity are let pass, as notebooks hold them. */
export function readJson(text: string): JsonReading {
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  try {
    const root = readValue(0);
    skipBlank();
    if (position < text.length) fail('unexpected text behind the end of the JSON');
    return { ok: true, root };
  } catch (error) {
    if (!(error instanceof JsonFailure)) throw error;
    return { ok: false, message: error.message, range: error.range };
  }

  function fail(message: string, start = position, end = Math.min(start + 1, text.length)): never {
    throw new JsonFailure(start >= text.length ? 'the JSON ends too early' : message, Math.min(start, text.length), end);
  }

  /** The next character that is not white space. */
  function next(): string | undefined {
    skipBlank();
    return text[position];
  }

  function skipBlank(): void {
    blank.lastIndex = position;
    blank.exec(text);
    position = blank.lastIndex;
  }

  function take(form: RegExp): string | null {
    form.lastIndex = position;
    const found = form.exec(text)?.[0] ?? null;
    if (found !== null) position += found.length;
    return found;
  }

  function readValue(depth: number): JsonNode {
    skipBlank();
    const start = position;
    if (depth > maximumDepth) fail('nested too deeply');
    const char = text[position];
    if (char === '{') return readObject(depth);
    if (char === '[') return readArray(depth);
    if (char === '"') return readString();
    const word = take(wordForm);
    if (word !== null)
      return { type: 'literal', value: word in literals ? literals[word]! : Number(word), range: { start, end: position } };
    const number = take(numberForm);
    if (number === null) fail('a JSON value is expected here');
    return { type: 'number', value: Number(number), range: { start, end: position } };
  }

  function readString(): Extract<JsonNode, { type: 'string' }> {
    const start = position;
    const found = take(stringForm);
    if (found === null) fail('this string is never closed', start, start + 1);
    try {
      return { type: 'string', value: JSON.parse(found) as string, range: { start, end: position } };
    } catch {
      return fail('this string is not valid JSON', start, position);
    }
  }

  function readArray(depth: number): JsonNode {
    const start = position++;
    const items: JsonNode[] = [];
    while (next() !== ']') {
      if (items.length > 0) expectComma(']');
      items.push(readValue(depth + 1));
    }
    position++;
    return { type: 'array', items, range: { start, end: position } };
  }

  function readObject(depth: number): JsonNode {
    const start = position++;
    const entries = new Map<string, JsonNode>();
    let count = 0;
    while (next() !== '}') {
      if (count++ > 0) expectComma('}');
      skipBlank();
      if (text[position] !== '"') fail('a property name in double quotes is expected here');
      const name = readString().value;
      skipBlank();
      if (text[position] !== ':') fail("':' is expected here");
      position++;
      entries.set(name, readValue(depth + 1));
    }
    position++;
    return { type: 'object', entries, range: { start, end: position } };
  }

  function expectComma(close: string): void {
    if (text[position] !== ',') fail(`',' or '${close}' is expected here`);
    position++;
  }
}

const escapeForm = /\\u[0-9a-fA-F]{4}|\\[^]|[^\\]/gy;

/** For each UTF-16 unit of a string's value, where it stands in the JSON text; behind them, where the closing quote stands. */
export function unitPlaces(text: string, node: Extract<JsonNode, { type: 'string' }>): readonly number[] {
  const places: number[] = [];
  const { start, end } = node.range;
  for (let position = start + 1; position < end - 1;) {
    places.push(position);
    escapeForm.lastIndex = position;
    const found = escapeForm.exec(text);
    position += found?.[0].length ?? 1;
  }
  places.push(end - 1);
  return places;
}

export function entryOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.type === 'object' ? node.entries.get(name) : undefined;
}

export function itemsOf(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.type === 'array' ? node.items : [];
}

export function stringOf(node: JsonNode | undefined): string | null {
  return node?.type === 'string' ? node.value : null;
}
