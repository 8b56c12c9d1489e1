/** JSON text → values with their places, as Python's json reads it (NaN and Infinity are numbers). */
import type { Context } from '../../context';
import { Dictionary } from '../../dictionary';
import type { Value } from '../../value';
import { FALSE, NONE, TRUE, dict, float, int, list, str } from '../../value';
import type { Source } from './source';

export class JsonError extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['null', NONE],
  ['true', TRUE],
  ['false', FALSE],
  ['NaN', float(NaN)],
  ['Infinity', float(Infinity)],
  ['-Infinity', float(-Infinity)],
]);

/** Throws JsonError. */
export function readJson(context: Context, source: Source): Value {
  const { text } = source;
  let at = 0;

  const space = (): void => {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
  };
  const fail = (message: string, position = at): never => {
    throw new JsonError(message, position);
  };

  function string(): string {
    const start = at;
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length || text[at] === '\n') fail('Unterminated string starting at', start);
      if (text[at] === '\\') at++;
    }
    at++;
    try {
      return JSON.parse(text.slice(start, at).replaceAll('\t', '\\t')) as string;
    } catch {
      return fail('Invalid \\escape', start);
    }
  }

  function value(keyStart?: number): Value {
    space();
    context.tick();
    const start = at;
    const placed = (read: Value): Value => source.placed(read, start, at, keyStart);
    if (text[at] === '{') return object();
    if (text[at] === '[') return array();
    if (text[at] === '"') {
      const read = str(string());
      return placed(read);
    }
    const word = /[-+\w.]*/y;
    word.lastIndex = at;
    const [found = ''] = word.exec(text) ?? [];
    const constant = constants.get(found);
    const number = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.exec(found);
    if (constant === undefined && number === null) return fail('Expecting value');
    at += found.length;
    if (constant !== undefined) return placed(constant);
    return placed(number?.[1] === undefined && number?.[2] === undefined ? int(BigInt(found)) : float(Number(found)));
  }

  function array(): Value {
    const items: Value[] = [];
    at++;
    space();
    if (text[at] === ']') {
      at++;
      return list(items);
    }
    for (;;) {
      items.push(value());
      space();
      if (text[at] === ']') break;
      if (text[at] !== ',') fail("Expecting ',' delimiter");
      at++;
    }
    at++;
    return list(items);
  }

  function object(): Value {
    const entries = new Dictionary();
    at++;
    space();
    if (text[at] === '}') {
      at++;
      return dict(entries);
    }
    for (;;) {
      space();
      const keyStart = at;
      if (text[at] !== '"') fail('Expecting property name enclosed in double quotes');
      const key = string();
      space();
      if (text[at] !== ':') fail("Expecting ':' delimiter");
      at++;
      entries.setString(key, value(keyStart));
      space();
      if (text[at] === '}') break;
      if (text[at] !== ',') fail("Expecting ',' delimiter");
      at++;
    }
    at++;
    return dict(entries);
  }

  const read = value();
  space();
  if (at < text.length) fail('Extra data');
  return read;
}
