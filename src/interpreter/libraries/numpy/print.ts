/** numpy's text of an array: shortest digits up to eight, one width for all, `array(…)` with the dtype where it is not the usual one. */
import { toArray } from '../../../tensor/creation';
import { type Dtype, isFloatDtype } from '../../../tensor/dtype';
import type { Tensor } from '../../../tensor/tensor';

const precision = 8;
const lineWidth = 75;

/** Mantissa digits and exponent of the shortest decimal that rounds to the number in its own type. */
function shortest(x: number, dtype: Dtype): { readonly digits: string; readonly exponent: number } {
  let text = x.toExponential();
  if (dtype !== 'float64') {
    for (let n = 0; n < 9; n++) {
      text = x.toExponential(n);
      if (Math.fround(Number(text)) === x) break;
    }
  }
  const [mantissa = '', exponent = '0'] = text.replace('-', (sign, at: number) => (at === 0 ? '' : sign)).split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

const isSpecial = (x: number): boolean => !Number.isFinite(x);
const specialText = (x: number): string => (Number.isNaN(x) ? 'nan' : x > 0 ? 'inf' : '-inf');
const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0);

interface Parts {
  readonly whole: string;
  readonly fraction: string;
  readonly suffix: string;
}

function positional(x: number, dtype: Dtype): Parts {
  const { digits, exponent } = shortest(Math.abs(x), dtype);
  const places = Math.max(0, digits.length - 1 - exponent);
  const rounded = places > precision ? Math.abs(x).toFixed(precision) : Math.abs(x).toFixed(Math.min(places, 100));
  const [whole = '', fraction = ''] = (places > precision ? rounded.replace(/0+$/, '') : rounded).split('.');
  return { whole: (isNegative(x) ? '-' : '') + whole, fraction, suffix: '' };
}

function scientific(x: number, dtype: Dtype, places: number): Parts {
  const text = dtype === 'float64' ? Math.abs(x).toExponential(places) : Number(Math.abs(x).toPrecision(9)).toExponential(places);
  const [mantissa = '', exponent = '+0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return { whole: (isNegative(x) ? '-' : '') + whole, fraction, suffix: `e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}` };
}

function needsExponent(finite: readonly number[]): boolean {
  const sizes = finite.filter((x) => x !== 0).map(Math.abs);
  if (sizes.length === 0) return false;
  const [largest, smallest] = [Math.max(...sizes), Math.min(...sizes)];
  return largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000;
}

function floatTexts(numbers: readonly number[], dtype: Dtype): string[] {
  const finite = numbers.filter((x) => !isSpecial(x));
  const exponential = needsExponent(finite);
  const places = exponential ? Math.min(precision, Math.max(0, ...finite.map((x) => shortest(Math.abs(x), dtype).digits.length - 1))) : 0;
  const parts = numbers.map((x) => (isSpecial(x) ? null : exponential ? scientific(x, dtype, places) : positional(x, dtype)));
  const right = Math.max(0, ...parts.map((part) => (part === null ? 0 : part.fraction.length + part.suffix.length)));
  const specials = numbers.filter(isSpecial).map((x) => specialText(x).length - right - 1);
  const left = Math.max(0, ...parts.map((part) => part?.whole.length ?? 0), ...specials);
  return numbers.map((x, i) => {
    const part = parts[i];
    if (part === null || part === undefined) return specialText(x).padStart(left + right + 1);
    return `${part.whole.padStart(left)}.${part.fraction}${part.suffix}`.padEnd(left + right + 1);
  });
}

function texts(tensor: Tensor): string[] {
  const numbers = toArray(tensor);
  if (isFloatDtype(tensor.dtype)) return floatTexts(numbers, tensor.dtype);
  const raw = numbers.map((x) => (tensor.dtype === 'bool' ? (x !== 0 ? 'True' : 'False') : String(x)));
  const width = Math.max(0, ...raw.map((text) => text.length));
  return raw.map((text) => text.padStart(width));
}

/** Rows in brackets; a row longer than a line is broken. */
function layout(items: readonly string[], shape: readonly number[], separator: string, indent: number, close: number): string {
  let at = 0;
  const build = (dim: number): string => {
    if (dim === shape.length) return items[at++]!;
    const parts = Array.from({ length: shape[dim]! }, () => build(dim + 1));
    if (dim === shape.length - 1) return broken(parts, separator, indent + dim + 1, close + shape.length - dim);
    const gap = '\n'.repeat(shape.length - dim - 1) + ' '.repeat(indent + dim + 1);
    return `[${parts.join(separator.trimEnd() + gap)}]`;
  };
  return build(0);
}

function broken(parts: readonly string[], separator: string, indent: number, closing: number): string {
  const lines: string[] = [];
  let line = '';
  parts.forEach((part, i) => {
    const isLast = i === parts.length - 1;
    const room = lineWidth - indent - (isLast ? closing : separator.trimEnd().length);
    if (line !== '' && line.length + part.length > room) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += isLast ? part : part + separator;
  });
  lines.push(line);
  return `[${lines.join(`\n${' '.repeat(indent)}`)}]`;
}

export function arrayText(tensor: Tensor): string {
  if (tensor.shape.length === 0) return texts(tensor)[0]!.trim();
  return layout(texts(tensor), tensor.shape, ' ', 0, 0);
}

export function arrayRepr(tensor: Tensor): string {
  const isEmpty = tensor.shape.includes(0);
  const usual = (tensor.dtype === 'float64' || tensor.dtype === 'int64' || tensor.dtype === 'bool') && !isEmpty;
  const body = tensor.shape.length === 0 ? texts(tensor)[0]!.trim() : layout(texts(tensor), tensor.shape, ', ', 6, 1);
  const shown = isEmpty && tensor.shape.length > 1 ? `[], shape=(${tensor.shape.join(', ')})` : body;
  return `array(${shown}${usual ? '' : `, dtype=${tensor.dtype}`})`;
}
