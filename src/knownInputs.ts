/** What an Inspection says of the things that a loss was run with, for whatever shows it. */
import type { ChainLink, Inspection, RunInput } from './inspection';

type Run = Pick<Inspection, 'inputs' | 'measured' | 'classes' | 'smoothing' | 'smoothingConstants'>;

/** Whether the smoothing factor, or the number of classes, is not what the program or the person says: what rests on it is no fact of the code. */
export const isAssumed = ({ inputs }: Pick<Inspection, 'inputs'>, role: 'smoothing' | 'classes'): boolean =>
  inputs.some((input) => input.role === role && input.source.kind === 'assumption');

/** The number of classes, where it is assumed and the measured numbers would be others with another one. */
export function assumedClasses(run: Run): number | null {
  const { measured, classes, smoothing, smoothingConstants } = run;
  if (measured === null || classes === null || !isAssumed(run, 'classes')) return null;
  const isHard = measured.affine && Math.abs(Number(measured.offValue)) < 1e-6;
  return isHard && smoothing === null && smoothingConstants.length === 0 ? null : classes;
}

/** Told by the measured ε: the convention in which the loss has the very ε that it was run with. */
export function conventionOf({ smoothing, measured }: Run): 'fillScatter' | 'uniformMixture' | null {
  if (measured === null || smoothing === null || smoothing === 0) return null;
  if (typeof measured.mass !== 'number' || Math.abs(measured.mass - 1) > 1e-5) return null;
  const same = (value: unknown): boolean => typeof value === 'number' && Math.abs(value - smoothing) <= 1e-4 * smoothing + 1e-6;
  const { fillScatter, uniformMixture } = measured.effectiveSmoothing;
  if (same(fillScatter) === same(uniformMixture)) return null;
  return same(fillScatter) ? 'fillScatter' : 'uniformMixture';
}

/** ε in the other convention, for any number of classes. */
export const otherConvention = { fillScatter: 'ε·K/(K−1)', uniformMixture: 'ε·(K−1)/K' } as const;

/** Assumptions first; the tensors, which are made for every run, last. */
const place = ({ role, shape, source }: RunInput): number =>
  shape !== undefined ? 9 : (source.kind === 'assumption' ? 0 : 3) + (role === 'smoothing' ? 0 : role === 'classes' ? 1 : 2);

export const inOrder = (inputs: readonly RunInput[]): readonly RunInput[] => [...inputs].sort((a, b) => place(a) - place(b));

/** Stops shown of a way, and how many of them stand at its beginning. */
const mostStops = 5;
const stopsAtBeginning = 2;

/**
 * The stops of a way worth showing: one for each line that it passes, of a long way its beginning and its end. Null stands for what is left out.
 * Of the line where a value is written the value itself is shown, of the others what holds it at the end.
 */
export function stopsOf(chain: readonly ChainLink[]): readonly (ChainLink | null)[] {
  const stops: ChainLink[] = [];
  for (const link of chain) {
    const last = stops.at(-1);
    if (last === undefined || last.file !== link.file || last.range.line !== link.range.line) stops.push(link);
    else if (stops.length > 1) stops[stops.length - 1] = link;
  }
  if (stops.length <= mostStops) return stops;
  return [...stops.slice(0, stopsAtBeginning), null, ...stops.slice(stops.length - (mostStops - 1 - stopsAtBeginning))];
}

const longestStop = 40;

/** A stop's text on one line. */
export function stopText({ text }: ChainLink): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length <= longestStop ? line : `${line.slice(0, longestStop - 1)}…`;
}

/** `0.15 (options.py:13) → args.smoothing (train.py:42)`; `file` is what the inspected document is called. */
export const chainText = (chain: readonly ChainLink[], file: string): string =>
  stopsOf(chain)
    .map((stop) => (stop === null ? '…' : `${stopText(stop)} (${stop.file ?? file}:${stop.range.line})`))
    .join(' → ');

/** `0.15`, `[4, 10]`, `'mean'`. */
export function inputValue({ value, shape }: RunInput): string {
  if (shape !== undefined) return `[${shape.join(', ')}]`;
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  return typeof value === 'string' && !['nan', 'inf', '-inf'].includes(value) ? `'${value}'` : String(value ?? 'none');
}
