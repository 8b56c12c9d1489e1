/** numpy's text of an array: shortest digits up to eight, one width for all, `array(…)` with the dtype where it is not the usual one. */
import { toArray } from '../../../tensor/creation';
import { type Dtype, isFloatDtype } from '../../../tensor/dtype';
import type { Tensor } from '../../../tensor/tensor';

/** The shortest decimal that rounds to the number in its own precision, with at most eight digits behind the point. */
function shortest(x: number, dtype: Dtype): string {
  let text = String(x);
  if (dtype !== 'float64') {
    for (let digits = 1; digits <= 9; digits++) {
      text = String(Number(x.toPrecision(digits)));
      if (Math.fround(Number(text)) === x) break;
    }
  }
  const fraction = /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
  return fraction > 8 ? String(Number(x.toFixed(8))) : text;
}

function special(x: number): string | null {
  if (Number.isNaN(x)) return 'nan';
  return x === Infinity ? 'inf' : x === -Infinity ? '-inf' : null;
}

const exponentText = (x: number, digits: number): string =>
  x
    .toExponential(digits)
    .replace(/e([+-])(\d)$/, 'e$10$2')
    .replace(/\.?0*e/, (zeros) => (zeros === 'e' ? '.e' : zeros));

function floatTexts(numbers: readonly number[], dtype: Dtype): string[] {
  const finite = numbers.filter((x) => Number.isFinite(x) && x !== 0).map(Math.abs);
  const largest = Math.max(0, ...finite);
  const smallest = Math.min(Infinity, ...finite);
  if (finite.length > 0 && (largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000)) {
    const digits = Math.max(
      0,
      ...finite.map((x) => {
        const mantissa = /^\d(?:\.(\d+))?e/.exec(Number(shortestDigits(x, dtype)).toExponential())?.[1] ?? '';
        return Math.min(mantissa.length, 8);
      }),
    );
    if (largest >= 1e8 || smallest < 1e-4)
      return numbers.map(
        (x) => special(x) ?? (digits === 0 ? exponentText(x, 0) : x.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2')),
      );
  }
  const parts = numbers.map((x) => special(x) ?? shortest(Object.is(x, -0) ? 0 : x, dtype));
  const decimals = Math.max(0, ...parts.map((text) => /\.(\d+)$/.exec(text)?.[1]?.length ?? 0));
  return parts.map((text, i) => {
    if (special(numbers[i]!) !== null) return text;
    const signed = Object.is(numbers[i], -0) ? `-${text}` : text;
    const [whole = '', fraction = ''] = signed.split('.');
    return `${whole}.${fraction
      .padEnd(decimals, ' ')
      .trimEnd()
      .padEnd(decimals, decimals > fraction.length ? ' ' : '')}`;
  });
}

function shortestDigits(x: number, dtype: Dtype): string {
  if (dtype === 'float64') return String(x);
  for (let digits = 1; digits <= 9; digits++) {
    const text = x.toPrecision(digits);
    if (Math.fround(Number(text)) === x) return text;
  }
  return String(x);
}

function texts(tensor: Tensor): string[] {
  const numbers = toArray(tensor);
  const raw = isFloatDtype(tensor.dtype)
    ? floatTexts(numbers, tensor.dtype)
    : numbers.map((x) => (tensor.dtype === 'bool' ? (x !== 0 ? 'True' : 'False') : String(x)));
  const width = Math.max(0, ...raw.map((text) => text.length));
  const pointed = isFloatDtype(tensor.dtype);
  const whole = pointed ? Math.max(0, ...raw.map((text) => text.split(/[.e]|(?=nan|inf)/)[0]!.length)) : 0;
  return raw.map((text) => {
    if (!pointed || special(Number(text.trim())) !== null) return text.padStart(width);
    const lead = text.split(/[.e]/)[0]!.length;
    return ' '.repeat(Math.max(0, whole - lead)) + text;
  });
}

function layout(items: readonly string[], shape: readonly number[], separator: string, indent: number): string {
  let at = 0;
  const build = (dim: number): string => {
    if (dim === shape.length) return items[at++]!;
    const parts = Array.from({ length: shape[dim]! }, () => build(dim + 1));
    if (dim === shape.length - 1) return wrapped(parts, separator, indent + dim + 1);
    const gap = '\n'.repeat(shape.length - dim - 1);
    return `[${parts.join(`${separator.trimEnd()}${gap}${' '.repeat(indent + dim + 1)}`)}]`;
  };
  return build(0);
}

/** Breaks a row at 75 columns, as numpy does. */
function wrapped(parts: readonly string[], separator: string, indent: number): string {
  let line = '';
  const lines: string[] = [];
  for (const [i, part] of parts.entries()) {
    const piece = i === parts.length - 1 ? part : part + separator;
    if (line !== '' && indent + (line + piece).trimEnd().length > 74) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  lines.push(line);
  return `[${lines.join(`\n${' '.repeat(indent)}`)}]`;
}

export function arrayText(tensor: Tensor): string {
  if (tensor.shape.length === 0) return texts(tensor)[0]!.trim();
  return layout(texts(tensor), tensor.shape, ' ', 0);
}

export function arrayRepr(tensor: Tensor): string {
  const usual = tensor.dtype === 'float64' || tensor.dtype === 'int64' || tensor.dtype === 'bool';
  const body = tensor.shape.length === 0 ? texts(tensor)[0]!.trim() : layout(texts(tensor), tensor.shape, ', ', 6);
  const empty = tensor.shape.includes(0);
  return `array(${body}${usual && !(empty && tensor.dtype !== 'float64') ? '' : `, dtype=${tensor.dtype}`})`;
}
