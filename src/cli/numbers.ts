/** Numbers as the command line prints them. */
import type { Num, TensorData } from '../inspection';

/** Up to six significant digits, without trailing zeros: 0.913726, 1.2e-7, 3. */
export function shown(value: Num | null, digits = 6): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  if (Object.is(value, -0)) return '0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7))
    return value
      .toExponential(digits === 5 ? 4 : Math.min(2, digits - 1))
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  return String(Number(value.toPrecision(digits)));
}

export const signed = (value: Num | null): string => (typeof value === 'number' && value > 0 ? `+${shown(value)}` : shown(value));

export function percent(value: Num | null): string {
  if (typeof value !== 'number') return shown(value);
  return value === 0 ? '0 %' : `${value > 0 ? '+' : ''}${shown(value * 100, 3)} %`;
}

/** `[[0.05, 0.9, 0.05], [0.9, 0.05, 0.05]]` */
export function tensorText({ shape, values, dtype, truncated }: TensorData): string {
  const text = (value: Num): string => (dtype === 'bool' ? (value === 0 ? 'False' : 'True') : shown(value, 5));
  let at = 0;
  const nested = (depth: number): string => {
    if (depth === shape.length) return at < values.length ? text(values[at++]!) : '…';
    const items: string[] = [];
    for (let i = 0; i < shape[depth]!; i++) {
      if (at >= values.length) {
        items.push('…');
        break;
      }
      items.push(nested(depth + 1));
    }
    return `[${items.join(', ')}]`;
  };
  return nested(0) + (truncated ? ' (cut)' : '');
}
