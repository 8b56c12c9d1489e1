/** Methods of str and bytes. */
import type { Context } from '../context';
import type { Arguments } from '../signature';
import { formatTemplate } from '../templates';
import { method, native, staticMethod } from '../library';
import { STR } from '../types';
import type { NativeFunction, Value } from '../value';
import { NONE, NOT_IMPLEMENTED, bigintOf, bool, bytes, int, list, str, tuple, dict } from '../value';
import { hashNumber } from '../hashing';
import { Dictionary } from '../dictionary';
import { quoted } from '../representation';

/** A string of its own in a list. */
const bytesOfPart = 64;

const self = (args: Arguments): string => args.string('self');
const whitespace = '\\s\\x1c-\\x1f\\x85';

const simple = (name: string, change: (text: string) => string): NativeFunction =>
  method(name, 'self', (_, args) => str(change(self(args))));
const test = (name: string, holds: (text: string) => boolean): NativeFunction => method(name, 'self', (_, args) => bool(holds(self(args))));

function stripped(text: string, characters: string | null, left: boolean, right: boolean): string {
  const inSet = characters === null ? new RegExp(`[${whitespace}]`, 'u') : null;
  const strip = (c: string): boolean => (inSet === null ? (characters ?? '').includes(c) : inSet.test(c));
  let from = 0;
  let to = text.length;
  while (left && from < to && strip(text[from]!)) from++;
  while (right && to > from && strip(text[to - 1]!)) to--;
  return text.slice(from, to);
}

/** start and end as slices take them. */
function within(args: Arguments, length: number): { start: number; end: number } {
  const clamp = (value: number): number => Math.min(Math.max(value < 0 ? value + length : value, 0), length);
  return { start: clamp(args.intOrNull('start') ?? 0), end: clamp(args.intOrNull('end') ?? length) };
}

function find(args: Arguments, last: boolean): number {
  const text = self(args);
  const { start, end } = within(args, text.length);
  const sub = args.string('sub');
  if (start > end) return -1;
  const part = text.slice(start, end);
  const at = last ? part.lastIndexOf(sub) : part.indexOf(sub);
  return at < 0 ? -1 : at + start;
}

function splitText(context: Context, args: Arguments, fromRight: boolean): Value {
  const text = self(args);
  const separator = args.stringOrNull('sep');
  const most = args.int('maxsplit');
  if (separator === '') return context.raise('ValueError', 'empty separator');
  context.charge(text.length, 1);
  let parts: string[];
  if (separator === null) {
    const trimmed = stripped(text, null, true, true);
    parts = trimmed === '' ? [] : trimmed.split(new RegExp(`[${whitespace}]+`, 'u'));
    if (most >= 0 && parts.length > most + 1) parts = cutByWhitespace(trimmed, most, fromRight);
  } else {
    parts = text.split(separator);
    if (most >= 0 && parts.length > most + 1)
      parts = fromRight
        ? [parts.slice(0, parts.length - most).join(separator), ...parts.slice(parts.length - most)]
        : [...parts.slice(0, most), parts.slice(most).join(separator)];
  }
  context.charge(parts.length, bytesOfPart);
  return list(parts.map(str));
}

function cutByWhitespace(text: string, most: number, fromRight: boolean): string[] {
  const parts: string[] = [];
  let rest = text;
  for (let i = 0; i < most; i++) {
    const match = fromRight
      ? new RegExp(`^(.*?)[${whitespace}]+([^${whitespace}]+)$`, 'su').exec(rest)
      : new RegExp(`^([^${whitespace}]+)[${whitespace}]+(.*)$`, 'su').exec(rest);
    if (match === null) break;
    const [, head = '', tail = ''] = match;
    if (fromRight) parts.unshift(tail);
    else parts.push(head);
    rest = fromRight ? head : tail;
  }
  return fromRight ? [rest, ...parts] : [...parts, rest];
}

function affix(context: Context, args: Arguments, matches: (text: string, part: string) => boolean): Value {
  const text = self(args);
  const { start, end } = within(args, text.length);
  const wanted = args.value('prefix');
  const options = wanted.kind === 'tuple' ? wanted.items : [wanted];
  return bool(
    options.some((option) => {
      if (option.kind !== 'str')
        return context.raise('TypeError', `first arg must be str or a tuple of str, not ${context.typeOf(option).name}`);
      return start <= end && matches(text.slice(start, end), option.value);
    }),
  );
}

function padded(context: Context, args: Arguments, side: 'left' | 'right' | 'both'): Value {
  const text = self(args);
  const missing = args.int('width') - text.length;
  if (missing <= 0) return str(text);
  context.charge(missing, 1);
  const fill = args.string('fillchar');
  if (side === 'left') return str(text + fill.repeat(missing));
  if (side === 'right') return str(fill.repeat(missing) + text);
  // CPython puts the odd one to the left when the width is odd.
  const left = Math.floor(missing / 2) + (missing & args.int('width') & 1);
  return str(fill.repeat(left) + text + fill.repeat(missing - left));
}

function partition(args: Arguments, last: boolean): Value {
  const text = self(args);
  const separator = args.string('sep');
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return tuple((last ? ['', '', text] : [text, '', '']).map(str));
  return tuple([text.slice(0, at), separator, text.slice(at + separator.length)].map(str));
}

const capitalize = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
const cased = /\p{L}/u;

export const strMembers: readonly (readonly [string, Value])[] = [
  method('str.__new__', 'cls, object=..., encoding=None, errors=None', (context, args) => {
    const cls = args.value('cls');
    const object = args.given('object') ? args.value('object') : null;
    const text =
      object === null
        ? ''
        : object.kind === 'bytes' && args.given('encoding') && args.optional('encoding') !== null
          ? decode(object.value)
          : context.str(object);
    return cls.kind !== 'class' || cls === STR ? str(text) : { kind: 'str', value: text, class: cls, attributes: new Map() };
  }),
  simple('str.lower', (s) => s.toLowerCase()),
  simple('str.upper', (s) => s.toUpperCase()),
  simple('str.casefold', (s) => s.toLowerCase()),
  simple('str.capitalize', capitalize),
  simple('str.title', (s) => s.replace(/\p{L}+/gu, capitalize)),
  simple('str.swapcase', (s) => Array.from(s, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('')),
  test('str.isupper', (s) => cased.test(s) && s === s.toUpperCase() && s !== s.toLowerCase()),
  test('str.islower', (s) => cased.test(s) && s === s.toLowerCase() && s !== s.toUpperCase()),
  test('str.isdigit', (s) => /^\p{Nd}+$/u.test(s)),
  test('str.isdecimal', (s) => /^\p{Nd}+$/u.test(s)),
  test('str.isnumeric', (s) => /^\p{N}+$/u.test(s)),
  test('str.isalpha', (s) => /^\p{L}+$/u.test(s)),
  test('str.isalnum', (s) => /^[\p{L}\p{N}]+$/u.test(s)),
  test('str.isascii', (s) => /^[\x00-\x7f]*$/.test(s)),
  test('str.isspace', (s) => new RegExp(`^[${whitespace}]+$`, 'u').test(s)),
  test('str.isidentifier', (s) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(s)),
  test('str.istitle', (s) => cased.test(s) && s === s.replace(/\p{L}+/gu, capitalize)),
  method('str.strip', 'self, chars=None, /', (_, args) => str(stripped(self(args), args.stringOrNull('chars'), true, true))),
  method('str.lstrip', 'self, chars=None, /', (_, args) => str(stripped(self(args), args.stringOrNull('chars'), true, false))),
  method('str.rstrip', 'self, chars=None, /', (_, args) => str(stripped(self(args), args.stringOrNull('chars'), false, true))),
  method('str.split', 'self, sep=None, maxsplit=-1', (context, args) => splitText(context, args, false)),
  method('str.rsplit', 'self, sep=None, maxsplit=-1', (context, args) => splitText(context, args, true)),
  method('str.splitlines', 'self, keepends=False', (context, args) => {
    context.charge(self(args).length, 1);
    const lines = self(args).match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
    context.charge(lines.length, bytesOfPart);
    return list(lines.map((line) => str(args.bool('keepends') ? line : line.replace(/[\r\n]+$/, ''))));
  }),
  method('str.join', 'self, iterable, /', (context, args) => {
    const items = args.items('iterable');
    const parts = items.map((item, i) =>
      item.kind === 'str'
        ? item.value
        : context.raise('TypeError', `sequence item ${i}: expected str instance, ${context.typeOf(item).name} found`),
    );
    const separator = self(args);
    const separators = Math.max(0, parts.length - 1) * separator.length;
    context.charge(
      parts.reduce((sum, part) => sum + part.length, separators),
      1,
    );
    return str(parts.join(separator));
  }),
  method('str.replace', 'self, old, new, count=-1, /', (context, args) => {
    const most = args.int('count');
    const text = self(args);
    context.charge(text.length, 1);
    const parts = text.split(args.string('old'));
    const fresh = args.string('new');
    context.charge(parts.length, bytesOfPart);
    context.charge(text.length + Math.min(parts.length - 1, most < 0 ? Infinity : most) * fresh.length, 1);
    const result =
      most < 0 || parts.length <= most + 1
        ? parts.join(fresh)
        : parts.slice(0, most + 1).join(fresh) + args.string('old') + parts.slice(most + 1).join(args.string('old'));
    return str(result);
  }),
  method('str.startswith', 'self, prefix, start=None, end=None, /', (context, args) =>
    affix(context, args, (text, part) => text.startsWith(part)),
  ),
  method('str.endswith', 'self, prefix, start=None, end=None, /', (context, args) =>
    affix(context, args, (text, part) => text.endsWith(part)),
  ),
  method('str.find', 'self, sub, start=None, end=None, /', (_, args) => int(find(args, false))),
  method('str.rfind', 'self, sub, start=None, end=None, /', (_, args) => int(find(args, true))),
  method('str.index', 'self, sub, start=None, end=None, /', (context, args) => int(found(context, find(args, false)))),
  method('str.rindex', 'self, sub, start=None, end=None, /', (context, args) => int(found(context, find(args, true)))),
  method('str.count', 'self, sub, start=None, end=None, /', (_, args) => {
    const text = self(args);
    const { start, end } = within(args, text.length);
    const sub = args.string('sub');
    return int(start > end ? 0 : sub === '' ? end - start + 1 : text.slice(start, end).split(sub).length - 1);
  }),
  method('str.partition', 'self, sep, /', (_, args) => partition(args, false)),
  method('str.rpartition', 'self, sep, /', (_, args) => partition(args, true)),
  method('str.removeprefix', 'self, prefix, /', (_, args) => {
    const prefix = args.string('prefix');
    return str(self(args).startsWith(prefix) ? self(args).slice(prefix.length) : self(args));
  }),
  method('str.removesuffix', 'self, suffix, /', (_, args) => {
    const suffix = args.string('suffix');
    return str(suffix !== '' && self(args).endsWith(suffix) ? self(args).slice(0, -suffix.length) : self(args));
  }),
  method('str.zfill', 'self, width, /', (context, args) => {
    const text = self(args);
    context.charge(Math.max(0, args.int('width')), 1);
    const sign = /^[+-]/.exec(text)?.[0] ?? '';
    return str(sign + text.slice(sign.length).padStart(args.int('width') - sign.length, '0'));
  }),
  method('str.center', "self, width, fillchar=' ', /", (context, args) => padded(context, args, 'both')),
  method('str.ljust', "self, width, fillchar=' ', /", (context, args) => padded(context, args, 'left')),
  method('str.rjust', "self, width, fillchar=' ', /", (context, args) => padded(context, args, 'right')),
  method('str.expandtabs', 'self, tabsize=8', (context, args) => {
    const size = args.int('tabsize');
    context.charge(self(args).length + (self(args).split('\t').length - 1) * Math.max(0, size), 1);
    return str(
      self(args)
        .split('\n')
        .map((line) => {
          let out = '';
          for (const c of line) out += c === '\t' ? ' '.repeat(size > 0 ? size - (out.length % size) : 0) : c;
          return out;
        })
        .join('\n'),
    );
  }),
  method('str.format', 'self, /, *args, **kwargs', (context, args) => str(formatTemplate(context, self(args), args.rest, args.keywords))),
  method('str.format_map', 'self, mapping, /', (context, args) => {
    const mapping = args.value('mapping');
    const names = new Map(mapping.kind === 'dict' ? Array.from(mapping.entries, ([k, v]) => [context.str(k), v] as const) : []);
    return str(formatTemplate(context, self(args), [], names));
  }),
  method('str.translate', 'self, table, /', (context, args) => {
    const table = args.value('table');
    if (table.kind !== 'dict') return context.unsupported('str.translate with this table');
    let out = '';
    for (const c of self(args)) {
      const to = table.entries.get(int(c.codePointAt(0)!), context);
      if (to === undefined) out += c;
      else if (to.kind === 'str') {
        context.charge(to.value.length, 1);
        out += to.value;
      } else if (to.kind === 'int') out += String.fromCodePoint(Number(to.value));
    }
    return str(out);
  }),
  method('str.encode', "self, encoding='utf-8', errors='strict'", (context, args) => {
    if (!/^(utf-?8|ascii|latin-?1)$/i.test(args.string('encoding'))) return context.unsupported(`the encoding ${args.string('encoding')}`);
    return { kind: 'bytes', value: encode(self(args)) };
  }),
  method('str.__str__', 'self', (_, args) => str(self(args))),
  method('str.__len__', 'self', (context, args) => int(context.length(str(self(args))))),
  method('str.__contains__', 'self, item, /', (_, args) => bool(self(args).includes(args.string('item')))),
  method('str.__getitem__', 'self, index, /', (context, args) => context.getItem(str(self(args)), args.value('index'))),
  method('str.__eq__', 'self, other, /', (_, args) => {
    const other = args.value('other');
    return other.kind === 'str' ? bool(other.value === self(args)) : NOT_IMPLEMENTED;
  }),
  method('str.__add__', 'self, other, /', (context, args) => context.binary('+', str(self(args)), args.value('other'))),
  method('str.__hash__', 'self', (context, args) => int(hashNumber(context.hash(str(self(args)))))),
].map((fn) => [fn.name, fn] as const);

/** str.maketrans('ab', 'xy') or of a dict. */
export const maketrans = staticMethod(
  method('str.maketrans', 'x, y=None, z=None, /', (context, args) => {
    const entries = new Dictionary();
    const x = args.value('x');
    if (x.kind === 'dict')
      for (const [key, value] of x.entries) entries.set(key.kind === 'str' ? int(key.value.codePointAt(0) ?? 0) : key, value, context);
    else {
      const to = Array.from(args.string('y'));
      Array.from(args.string('x')).forEach((c, i) => {
        entries.set(int(c.codePointAt(0)!), str(to[i] ?? ''), context);
      });
      for (const c of args.stringOrNull('z') ?? '') entries.set(int(c.codePointAt(0)!), NONE, context);
    }
    return dict(entries);
  }),
);

const found = (context: Context, at: number): number => (at < 0 ? context.raise('ValueError', 'substring not found') : at);

/** UTF-8 without the host's encoder, which not every host has. */
function encode(text: string): Uint8Array {
  const out: number[] = [];
  for (const c of text) {
    const code = c.codePointAt(0)!;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(out);
}

function decode(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i++]!;
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let code = more === 0 ? first : first & (63 >> more);
    for (let k = 0; k < more; k++) code = (code << 6) | ((bytes[i++] ?? 0x80) & 63);
    out += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return out;
}

export const bytesMembers: readonly (readonly [string, Value])[] = [
  native('bytes.__new__', 'cls, source=..., encoding=None, errors=None', (context, args) => {
    const source = args.given('source') ? args.value('source') : bytes(new Uint8Array());
    if (source.kind === 'str') return bytes(encode(source.value));
    if (source.kind === 'bytes') return source;
    if (source.kind === 'int') {
      context.charge(Number(source.value), 1);
      return bytes(new Uint8Array(Math.max(0, Number(source.value))));
    }
    return bytes(
      Uint8Array.from(context.toArray(source), (item) => {
        const byte = bigintOf(item);
        if (byte === null || byte < 0n || byte > 255n) return context.raise('ValueError', 'bytes must be in range(0, 256)');
        return Number(byte);
      }),
    );
  }),
  method('bytes.decode', "self, encoding='utf-8', errors='strict'", (context, args) => {
    const value = args.value('self');
    return value.kind === 'bytes' ? str(decode(value.value)) : context.raise('TypeError', "descriptor 'decode' requires a 'bytes' object");
  }),
  method('bytes.hex', 'self', (context, args) => {
    const value = args.value('self');
    return value.kind === 'bytes'
      ? str(Array.from(value.value, (b) => b.toString(16).padStart(2, '0')).join(''))
      : context.raise('TypeError', "descriptor 'hex' requires a 'bytes' object");
  }),
].map((fn) => [fn.name, fn] as const);

export const asciiOf = (text: string): string =>
  quoted(text).replace(/[\u0080-\u{10ffff}]/gu, (c) => {
    const code = c.codePointAt(0)!;
    return code < 256
      ? `\\x${code.toString(16)}`
      : code < 0x10000
        ? `\\u${code.toString(16).padStart(4, '0')}`
        : `\\U${code.toString(16).padStart(8, '0')}`;
  });
