/** Format specifications: format(), f-strings and str.format for numbers and text; and the % operator of strings. */
import type { Context } from './context';
import { exponential, fixed, floatRepr, general } from './floatText';
import type { Value } from './value';
import { bigintOf, numberOf } from './value';

interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | null;
  readonly type: string;
}

const largestWidth = 100_000;

function parseSpec(context: Context, text: string, typeName: string): Spec {
  const match = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su.exec(text);
  if (match === null) return context.raise('ValueError', `Invalid format specifier '${text}' for object of type '${typeName}'`);
  const [, fill, align, sign, , alternate, zero, width, grouping, precision, type] = match;
  const numbers = { width: Number(width ?? 0), precision: precision === undefined ? null : Number(precision) };
  if (numbers.width > largestWidth || (numbers.precision ?? 0) > 2000)
    context.raise('ValueError', 'Too many decimal digits in format string');
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: align ?? (zero === undefined ? '' : '='),
    sign: sign ?? '-',
    alternate: alternate !== undefined,
    grouping: grouping ?? '',
    type: type ?? '',
    ...numbers,
  };
}

function pad(body: string, spec: Spec, fallback: string, prefix = ''): string {
  // A text longer than the width twice over, in UTF-16, is longer in code points too.
  if (body.length >= 2 * spec.width) return prefix + body;
  const missing = spec.width - Array.from(body).length - prefix.length;
  if (missing <= 0) return prefix + body;
  const align = spec.align === '' ? fallback : spec.align;
  if (align === '<') return prefix + body + spec.fill.repeat(missing);
  if (align === '>') return spec.fill.repeat(missing) + prefix + body;
  if (align === '=') return prefix + spec.fill.repeat(missing) + body;
  const left = Math.floor(missing / 2);
  return spec.fill.repeat(left) + prefix + body + spec.fill.repeat(missing - left);
}

function group(digits: string, separator: string, every = 3): string {
  return separator === '' ? digits : digits.replace(new RegExp(`\\B(?=(.{${every}})+(?!.))`, 'g'), separator);
}

/** Zero padding of a grouped number has separators too: f'{1234:08,}' is '0,001,234'. */
function padGrouped(whole: string, rest: string, prefix: string, spec: Spec): string {
  let digits = whole;
  if (spec.fill === '0' && spec.align === '=' && spec.grouping !== '') {
    while (group(digits, spec.grouping).length + rest.length + prefix.length < spec.width) digits = `0${digits}`;
  }
  return pad(group(digits, spec.grouping) + rest, spec, '>', prefix);
}

export function formatValue(context: Context, value: Value, text: string): string {
  switch (value.kind) {
    case 'str':
      return formatString(context, value.value, text);
    case 'bool':
      return text === '' ? context.str(value) : formatInt(context, value.value ? 1n : 0n, text);
    case 'int':
      return formatInt(context, value.value, text);
    case 'float':
      return formatFloat(context, value.value, text);
    default:
      if (text !== '') context.raise('TypeError', `unsupported format string passed to ${context.typeOf(value).name}.__format__`);
      return context.str(value);
  }
}

function formatString(context: Context, value: string, text: string): string {
  if (text === '') return value;
  const spec = parseSpec(context, text, 'str');
  if (spec.type !== '' && spec.type !== 's') context.raise('ValueError', `Unknown format code '${spec.type}' for object of type 'str'`);
  if (spec.align === '=' && !text.startsWith('0') && !/^\d/.test(text))
    context.raise('ValueError', "'=' alignment not allowed in string format specifier");
  const cut =
    spec.precision === null
      ? value
      : Array.from(value.slice(0, 2 * spec.precision))
          .slice(0, spec.precision)
          .join('');
  return pad(cut, spec.align === '=' ? { ...spec, align: '<' } : spec, '<');
}

function formatInt(context: Context, value: bigint, text: string): string {
  if (text === '') return value.toString();
  const spec = parseSpec(context, text, 'int');
  if (spec.type !== '' && 'eEfFgG%'.includes(spec.type)) return formatFloat(context, Number(value), text);
  if (spec.precision !== null) context.raise('ValueError', 'Precision not allowed in integer format specifier');
  const sign = value < 0n ? '-' : spec.sign === '-' ? '' : spec.sign;
  const magnitude = value < 0n ? -value : value;
  switch (spec.type) {
    case '':
    case 'd':
    case 'n':
      return padGrouped(magnitude.toString(), '', sign, spec);
    case 'b':
    case 'o':
    case 'x':
    case 'X': {
      const radix = spec.type === 'b' ? 2 : spec.type === 'o' ? 8 : 16;
      const digits = group(magnitude.toString(radix), spec.grouping, 4);
      const prefix = sign + (spec.alternate ? `0${spec.type}` : '');
      return pad(spec.type === 'X' ? digits.toUpperCase() : digits, spec, '>', prefix);
    }
    case 'c':
      return pad(String.fromCodePoint(Number(value)), spec, '<');
    default:
      return context.raise('ValueError', `Unknown format code '${spec.type}' for object of type 'int'`);
  }
}

function formatFloat(context: Context, value: number, text: string): string {
  if (text === '') return floatRepr(value);
  const spec = parseSpec(context, text, 'float');
  const body = floatBody(context, value, spec);
  const negative = body.startsWith('-');
  const sign = negative ? '-' : spec.sign === '-' ? '' : spec.sign;
  const unsigned = negative ? body.slice(1) : body;
  const point = unsigned.search(/[.e%]|$/);
  if (!Number.isFinite(value))
    return pad(unsigned, spec.fill === '0' ? { ...spec, fill: spec.align === '=' ? '0' : spec.fill } : spec, '>', sign);
  return padGrouped(unsigned.slice(0, point), unsigned.slice(point), sign, spec);
}

function floatBody(context: Context, value: number, spec: Spec): string {
  const upper = spec.type !== '' && spec.type === spec.type.toUpperCase() && spec.type !== '%';
  if (!Number.isFinite(value)) {
    const name = floatRepr(value) + (spec.type === '%' ? '%' : '');
    return upper ? name.toUpperCase() : name;
  }
  const precision = spec.precision ?? 6;
  switch (spec.type.toLowerCase()) {
    case 'f':
      return fixed(value, precision);
    case 'e':
      return upper ? exponential(value, precision).toUpperCase() : exponential(value, precision);
    case 'g':
    case 'n':
      return upper ? general(value, precision, spec.alternate).toUpperCase() : general(value, precision, spec.alternate);
    case '%':
      return `${fixed(value * 100, precision)}%`;
    case '': {
      if (spec.precision === null) return floatRepr(value);
      // Like 'g', but a number that looks like an int keeps one decimal.
      const shown = general(value, spec.precision);
      return /[.e]/.test(shown) ? shown : Math.abs(value) < 10 ** spec.precision ? `${shown}.0` : shown;
    }
    default:
      return context.raise('ValueError', `Unknown format code '${spec.type}' for object of type 'float'`);
  }
}

/** 'text' % arguments */
export function percentFormat(context: Context, template: string, values: Value): string {
  const args = values.kind === 'tuple' ? values.items : [values];
  let next = 0;
  const take = (): Value => args[next++] ?? context.raise('TypeError', 'not enough arguments for format string');
  const result = template.replace(
    /%(?:\((\w*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?(.|$)/gsu,
    (_, name: string | undefined, flags: string, width: string | undefined, precision: string | undefined, type: string) => {
      if (type === '%') return '%';
      const widthNumber = width === '*' ? Number(bigintOf(take()) ?? 0n) : Number(width ?? 0);
      const precisionNumber = precision === undefined ? null : precision === '*' ? Number(bigintOf(take()) ?? 0n) : Number(precision);
      if (Math.abs(widthNumber) > largestWidth || (precisionNumber ?? 0) > 2000) context.raise('ValueError', 'width too big');
      const value = name === undefined ? take() : context.getItem(values, { kind: 'str', value: name, class: null, attributes: null });
      const shown = percentItem(context, value, flags, widthNumber, precisionNumber, type);
      context.charge(shown.length, 1);
      return shown;
    },
  );
  // Anything with keys or items may be a mapping, whose entries need not all be used.
  const mayBeMapping = values.kind === 'dict' || values.kind === 'list' || values.kind === 'instance';
  if (next < args.length && !mayBeMapping) context.raise('TypeError', 'not all arguments converted during string formatting');
  return result;
}

function percentItem(context: Context, value: Value, flags: string, width: number, precision: number | null, type: string): string {
  const left = flags.includes('-') || width < 0;
  const spec: Spec = {
    fill: flags.includes('0') && !left && !'rsa'.includes(type) ? '0' : ' ',
    align: left ? '<' : flags.includes('0') && !'rsa'.includes(type) ? '=' : '>',
    sign: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '-',
    alternate: flags.includes('#'),
    width: Math.abs(width),
    grouping: '',
    precision,
    type,
  };
  switch (type) {
    case 's':
    case 'r':
    case 'a': {
      const shown = type === 's' ? context.str(value) : context.repr(value);
      return pad(precision === null ? shown : shown.slice(0, precision), spec, '>');
    }
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
      const number = type === 'x' || type === 'X' || type === 'o' ? bigintOf(value) : integral(context, value);
      if (number === null)
        return context.raise('TypeError', `%${type} format: a real number is required, not ${context.typeOf(value).name}`);
      const sign = number < 0n ? '-' : spec.sign === '-' ? '' : spec.sign;
      const magnitude = number < 0n ? -number : number;
      const digits = magnitude
        .toString(type === 'o' ? 8 : type === 'd' || type === 'i' || type === 'u' ? 10 : 16)
        .padStart(precision ?? 0, '0');
      const prefix = spec.alternate && 'xXo'.includes(type) ? `0${type}` : '';
      return pad(type === 'X' ? digits.toUpperCase() : digits, spec, '>', sign + prefix);
    }
    case 'c':
      return pad(value.kind === 'str' ? value.value : String.fromCodePoint(Number(bigintOf(value) ?? 63n)), spec, '>');
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      const number = realNumber(context, value);
      if (number === null) return context.raise('TypeError', `must be real number, not ${context.typeOf(value).name}`);
      const body = floatBody(context, number, spec);
      const negative = body.startsWith('-');
      return pad(negative ? body.slice(1) : body, spec, '>', negative ? '-' : spec.sign === '-' ? '' : spec.sign);
    }
    default:
      return context.raise('ValueError', `unsupported format character '${type}'`);
  }
}

/** A number, or what the object's own `__float__` gives (a 0-d tensor). */
function realNumber(context: Context, value: Value): number | null {
  const plain = numberOf(value);
  if (plain !== null || value.kind === 'str') return plain;
  const method = context.findAttribute(value, '__float__');
  return method === null ? null : numberOf(context.call(method));
}

function integral(context: Context, value: Value): bigint | null {
  const exact = bigintOf(value);
  if (exact !== null) return exact;
  const real = realNumber(context, value);
  return real === null || !Number.isFinite(real) ? null : BigInt(Math.trunc(real));
}
