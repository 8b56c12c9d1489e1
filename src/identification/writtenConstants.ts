/** Measured constants as a person would have written them. */
import { number, plus, type Expression } from './expression';
import type { Measurement } from './measurement';
import { chainError } from './precision';

/** Without the last digits, which float64 arithmetic makes up. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

const isShort = (value: number): boolean => Math.abs(Number(value.toPrecision(3)) - value) <= 1e-12 * Math.abs(value);

/** ε shared by several classes: the decimal where it is a short one, else the fraction. */
export function shareOf(smoothing: number, among: number): Expression {
  const value = smoothing / among;
  return among <= 1 || isShort(value) ? number(tidy(value)) : { op: 'share', of: smoothing, among };
}

/** A measured number as a person would have written it: a short decimal, or one divided by K, K−1 or K−2, where the measurement allows it. */
function asWritten(value: number, error: number, counts: readonly number[]): Expression {
  const short = Number(value.toPrecision(3));
  if (Math.abs(short - value) <= error) return number(short);
  const among = counts.find((count) => Math.abs(Number((value * count).toPrecision(3)) - value * count) <= error * count);
  return among === undefined ? number(tidy(value)) : { op: 'share', of: Number((value * among).toPrecision(3)), among };
}

/** What two losses may differ by and still count as equal: torch's own absolute tolerance for float32. */
const absoluteTolerance = 1e-5;

/** A short decimal where the measurement allows it, else the number as it was measured. */
export function shortOrMeasured(value: number, error: number): number {
  const short = Number(value.toPrecision(3));
  // The error is a bound, and the number mostly much nearer than that.
  return Math.abs(short - value) <= Math.min(error, absoluteTolerance) ? short : tidy(value);
}

export interface OnAndOff {
  readonly on: Expression;
  readonly off: Expression;
}

interface OnAndOffValues {
  readonly on: number;
  readonly off: number;
  readonly onError: number;
  readonly offError: number;
}

/** The off value as a share of ε or as a person would have written it; the on value likewise, or as something more than the off value. */
export function asMade({ classes, smoothing }: Pick<Measurement, 'classes' | 'smoothing'>, values: OnAndOffValues): OnAndOff {
  const onError = Math.max(values.onError, 4 * chainError * Math.abs(values.on));
  const offError = Math.max(values.offError, 4 * chainError * Math.abs(values.off));
  const near = (value: number, wanted: number, error: number): boolean => Math.abs(value - wanted) <= error;
  const counts = [classes, classes - 1, classes - 2].filter((count) => count > 1);
  const among = smoothing === null || smoothing === 0 ? undefined : counts.find((count) => near(values.off, smoothing / count, offError));
  const off = among === undefined ? asWritten(values.off, offError, counts) : shareOf(smoothing!, among);
  const own = [1, ...(smoothing === null ? [] : [tidy(1 - smoothing)])].find((value) => near(values.on, value, onError));
  if (own !== undefined) return { on: number(own), off };
  const offValue = off.op === 'share' ? off.of / off.among : values.off;
  const more = Number((values.on - offValue).toPrecision(3));
  const isMore =
    off.op === 'share' && !near(values.on, Number(values.on.toPrecision(3)), onError) && near(values.on - offValue, more, onError);
  return { on: isMore ? plus(number(more), off) : asWritten(values.on, onError, counts), off };
}
