/** Numbers as the page writes them. Made once; every figure on the page goes through here. */
import type { Num } from '../src/inspection';

const minus = '−';
const withMinus = (text: string): string => text.replace(/^-/, minus).replace(/e-/, `e${minus}`).replace(/e\+/, 'e');

/** The number itself; NaN and infinities where JSON could only carry words. */
export function toNumber(value: Num): number {
  return value === 'nan' ? NaN : value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value;
}

function special(value: number): string | null {
  return Number.isNaN(value) ? 'NaN' : value === Infinity ? '∞' : value === -Infinity ? `${minus}∞` : null;
}

/** A loss: six decimals, as many as a 32-bit float of its size can vouch for; `–` where there is none. */
export function formatLoss(value: Num | null): string {
  if (value === null) return '–';
  const number = toNumber(value);
  const size = Math.abs(number);
  return special(number) ?? withMinus(size !== 0 && (size < 1e-3 || size >= 1e5) ? number.toExponential(5) : number.toFixed(6));
}

/** The same with its sign always shown; zero has none. A tiny one is a matter of rounding: more digits of it are noise. */
export function formatDifference(value: Num | null): string {
  const isTiny = typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-3;
  const text = value === 0 ? '0' : isTiny ? formatSignificant(value, 4) : formatLoss(value);
  return value !== null && toNumber(value) > 0 ? `+${text}` : text;
}

export function formatPercent(value: Num | null): string {
  if (value === null) return '–';
  const percent = toNumber(value) * 100;
  const size = Math.abs(percent);
  const text = special(percent) ?? withMinus(size !== 0 && size < 0.01 ? percent.toExponential(1) : percent.toFixed(2));
  return `${percent > 0 ? '+' : ''}${text} %`;
}

/** A distance: three significant digits. */
export function formatDistance(value: Num | null): string {
  if (value === null) return '–';
  return formatSignificant(value, 3);
}

export function formatCount(value: Num | null): string {
  if (value === null) return '–';
  const number = toNumber(value);
  return special(number) ?? (number < 1e6 ? number.toLocaleString('en').replaceAll(',', '\u202f') : withMinus(number.toExponential(1)));
}

/** A constant: as few digits as say it to `digits` significant ones (0.9, not 0.900000). */
export function formatConstant(value: Num, digits = 6): string {
  const number = toNumber(value);
  return special(number) ?? withMinus(plainDigits(number, digits));
}

/** The constant for TeX and for text that programs read: an ASCII minus, no thin spaces. */
export function plainDigits(number: number, digits: number): string {
  if (!Number.isFinite(number)) return String(number);
  const size = Math.abs(number);
  const text = size !== 0 && (size < 1e-4 || size >= 10 ** digits) ? number.toExponential(digits - 1) : number.toPrecision(digits);
  const [mantissa = '', exponent] = text.split('e');
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return exponent === undefined ? trimmed : `${trimmed}e${exponent}`;
}

/** A tensor's entries, all to the same number of decimals, as torch prints them. */
export function tensorFormatter(values: readonly Num[], integral: boolean): (value: Num) => string {
  const finite = values.map(toNumber).filter(Number.isFinite);
  const largest = Math.max(0, ...finite.map(Math.abs));
  const smallest = Math.min(Infinity, ...finite.filter((v) => v !== 0).map(Math.abs));
  const whole = integral || finite.every(Number.isInteger);
  const exponent = largest >= 1e5 || (smallest < 1e-4 && !whole);
  return (value) => {
    const number = toNumber(value);
    return (
      special(number) ??
      withMinus(whole && largest < 1e7 ? number.toFixed(0) : exponent && number !== 0 ? number.toExponential(2) : number.toFixed(4))
    );
  };
}

export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function formatSignificant(value: Num, digits: number): string {
  const number = toNumber(value);
  const size = Math.abs(number);
  return (
    special(number) ??
    withMinus(size !== 0 && (size < 1e-3 || size >= 1e5) ? number.toExponential(digits - 1) : plainDigits(number, digits))
  );
}
