/** TOML text → values with their places. Dates are not known values: nothing a loss is configured with. */
import type { Context } from '../../context';
import { Dictionary } from '../../dictionary';
import type { DictValue, ListValue, Value } from '../../value';
import { FALSE, TRUE, dict, float, int, list, str } from '../../value';
import { notKnown } from './outside';
import type { Source } from './source';

export class TomlError extends Error {}

/** Throws TomlError. */
export function readToml(context: Context, source: Source): DictValue {
  const { text } = source;
  const root = dict(new Dictionary());
  let table = root;
  let at = 0;

  const fail = (message: string): never => {
    const before = text.slice(0, at);
    throw new TomlError(`${message} (at line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')})`);
  };
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return null;
    at += found[0].length;
    return found[0];
  };
  const blank = (): void => void match(/[ \t]*/y);
  /** Blanks, line ends and comments. */
  const gap = (): void => void match(/(?:[ \t\r\n]|#[^\n]*)*/y);
  const lineEnd = (): void => {
    if (match(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y) === null) fail('Expected newline or end of document after a statement');
  };

  function keyPart(): string {
    if (text[at] === '"' || text[at] === "'") return string();
    return match(/[A-Za-z0-9_-]+/y) ?? fail('Invalid initial character for a key part');
  }

  function key(): readonly string[] {
    const parts = [keyPart()];
    blank();
    while (text[at] === '.') {
      at++;
      blank();
      parts.push(keyPart());
      blank();
    }
    return parts;
  }

  /** The table at a path below another, made where it is not there; of an array of tables it is the last. */
  function below(from: DictValue, path: readonly string[]): DictValue {
    let here = from;
    for (const part of path) {
      let next = here.entries.getString(part);
      if (next === undefined) {
        next = dict(new Dictionary());
        here.entries.setString(part, next);
      }
      if (next.kind === 'list') next = next.items.at(-1) ?? next;
      if (next.kind !== 'dict') return fail('Cannot overwrite a value');
      here = next;
    }
    return here;
  }

  function assign(into: DictValue): void {
    const start = at;
    const path = key();
    blank();
    if (text[at] !== '=') fail("Expected '=' after a key in a key/value pair");
    at++;
    blank();
    const owner = below(into, path.slice(0, -1));
    const last = path.at(-1)!;
    if (owner.entries.getString(last) !== undefined) fail('Cannot overwrite a value');
    owner.entries.setString(last, value(start));
  }

  function string(): string {
    const quote = text[at]!;
    if (text.startsWith(quote.repeat(3), at)) {
      at += 3;
      match(/\r?\n/y);
      const end = text.indexOf(quote.repeat(3), at);
      if (end < 0) fail('Expected closing quotes');
      const extra = /^"{0,2}|^'{0,2}/.exec(text.slice(end + 3))?.[0].length ?? 0;
      const body = text.slice(at, end) + quote.repeat(extra);
      at = end + 3 + extra;
      return quote === '"' ? unescaped(body.replace(/\\[ \t]*\r?\n\s*/g, '')) : body;
    }
    const body = match(quote === '"' ? /"(?:[^"\\\n]|\\.)*"/y : /'[^'\n]*'/y) ?? fail('Unterminated string');
    const inner = body.slice(1, -1);
    return quote === '"' ? unescaped(inner) : inner;
  }

  function value(keyStart?: number): Value {
    context.tick();
    const start = at;
    const placed = (read: Value): Value => source.placed(read, start, at, keyStart);
    const first = text[at];
    if (first === '"' || first === "'") {
      const read = str(string());
      return placed(read);
    }
    if (first === '[') return array();
    if (first === '{') return inlineTable();
    const word = match(/[-+\w.:]+(?: \d\d:[\d:.Z+-]+)?/y) ?? fail('Invalid value');
    return placed(scalar(word) ?? fail('Invalid value'));
  }

  function scalar(word: string): Value | null {
    if (word === 'true' || word === 'false') return word === 'true' ? TRUE : FALSE;
    if (/^[-+]?(?:inf|nan)$/.test(word)) return float(word.endsWith('nan') ? NaN : word.startsWith('-') ? -Infinity : Infinity);
    const digits = word.replaceAll('_', '').replace(/^\+/, '');
    if (/^-?(?:0|[1-9]\d*)$/.test(digits) || /^0x[\da-fA-F]+$|^0o[0-7]+$|^0b[01]+$/.test(digits))
      return int(digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits));
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(digits)) return float(Number(digits));
    return /^\d\d\d\d-\d\d-\d\d|^\d\d:\d\d/.test(word) ? notKnown(context, `the date ${word}`) : null;
  }

  function array(): ListValue {
    const items: Value[] = [];
    at++;
    gap();
    while (text[at] !== ']') {
      items.push(value());
      gap();
      if (text[at] === ',') at++;
      else if (text[at] !== ']') fail('Unclosed array');
      gap();
    }
    at++;
    return list(items);
  }

  function inlineTable(): DictValue {
    const made = dict(new Dictionary());
    at++;
    gap();
    while (text[at] !== '}') {
      assign(made);
      gap();
      if (text[at] === ',') at++;
      else if (text[at] !== '}') fail('Unclosed inline table');
      gap();
    }
    at++;
    return made;
  }

  function header(): void {
    const isArray = text.startsWith('[[', at);
    at += isArray ? 2 : 1;
    blank();
    const path = key();
    blank();
    if (match(isArray ? /\]\]/y : /\]/y) === null) fail("Expected ']' at the end of a table declaration");
    if (!isArray) {
      table = below(root, path);
      return;
    }
    const owner = below(root, path.slice(0, -1));
    const last = path.at(-1)!;
    const found = owner.entries.getString(last) ?? list([]);
    if (found.kind !== 'list') return fail('Cannot overwrite a value');
    owner.entries.setString(last, found);
    table = dict(new Dictionary());
    found.items.push(table);
  }

  gap();
  while (at < text.length) {
    if (text[at] === '[') header();
    else assign(table);
    lineEnd();
    gap();
  }
  return root;
}

const escapes: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', '\\': '\\' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs, (_, short?: string, long?: string, letter?: string) => {
    const code = short ?? long;
    if (code !== undefined) return String.fromCodePoint(Math.min(parseInt(code, 16), 0x10ffff));
    const found = escapes[letter ?? ''];
    if (found === undefined) throw new TomlError("Unescaped '\\' in a string");
    return found;
  });
}
