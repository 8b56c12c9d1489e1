/** Sample tensors: which ones can tell the formulations apart, and ones that can. */
import type { Sample } from '../inspection';
import { mean, type Matrix } from './blackBox';
import { negativeLogLikelihoods, uniformCrossEntropies } from './softmax';

export interface Discrimination {
  readonly discriminating: boolean;
  /** Why not, or what the sample hides although it tells the formulations apart. */
  readonly note?: string;
  readonly betterSample?: Sample;
}

/** n and u this close leave fill/scatter and the uniform mixture equal to two digits at ε = 0.1, whatever else differs. */
const closeness = 0.02;

/**
 * Whether values on this sample can show a difference between the formulations. fill/scatter − mixture = ε/(K−1)·(u − n), so a batch
 * whose mean u equals its mean n hides it for every ε, and K = 2 makes one the other at twice the ε.
 */
export function discriminating(sample: Sample): Discrimination {
  const classes = sample.logits[0]?.length ?? 0;
  const rows = sample.logits.length;
  const wanted = {
    ...(sample.ignoreIndex === undefined ? {} : { ignoreIndex: sample.ignoreIndex }),
    ...(sample.paddingIndex === undefined ? {} : { paddingIndex: sample.paddingIndex }),
  };
  const setApart = new Set([sample.ignoreIndex, sample.paddingIndex].filter((k) => k !== undefined && k >= 0));
  // Two classes must be left to be targets.
  const enough = Math.max(classes, setApart.size < 2 ? 3 : 4);
  const not = (note: string, betterClasses = enough): Discrimination => ({
    discriminating: false,
    note,
    betterSample: {
      ...defaultSample(betterClasses, Math.max(rows, 3), wanted),
      ...(sample.classWeights?.length === betterClasses ? { classWeights: sample.classWeights } : {}),
    },
  });
  if (rows === 0) return not('The sample has no rows.');
  if (classes < 2) return not('With one class log p is 0 for every input: no loss can be told from another.');
  if (classes === 2)
    return not('With two classes fill/scatter at ε is exactly the uniform mixture at 2ε: take three or more to tell them apart.');

  const counted = sample.targets.map(
    (target) => target >= 0 && target < classes && target !== sample.ignoreIndex && target !== sample.paddingIndex,
  );
  const pick = <T>(values: readonly T[]): readonly T[] => values.filter((_, row) => counted[row]!);
  const [n, u] = [pick(negativeLogLikelihoods(sample.logits, sample.targets)), pick(uniformCrossEntropies(sample.logits))];
  const rowNumbers = pick(sample.targets.map((_, row) => row));
  if (n.length === 0) return not('Every target of this sample is ignored.');
  if (![...n, ...u].every(Number.isFinite)) return not('A log-probability of this sample is not finite, so every difference drowns in it.');
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= closeness * Math.max(Math.abs(a), Math.abs(b));
  const degenerate = rowNumbers.filter((_, m) => close(n[m]!, u[m]!));
  const flat = sample.logits.every((row) => row.every((z) => z === row[0]));
  if (flat)
    return not('All logits of a row are equal: n = u = log K on every row, so fill/scatter and the uniform mixture agree for every ε.');
  if (degenerate.length === n.length) {
    return not(
      `On ${rowsInWords(degenerate)} n = u (−log p of the target equals its mean over the classes), so fill/scatter and the uniform mixture agree for every ε.`,
    );
  }
  if (close(mean(n), mean(u))) {
    return not(
      'Averaged over these rows n = u (−log p of the target equals its mean over the classes), so fill/scatter and the uniform mixture have the same mean for every ε.',
    );
  }

  const blind: string[] = [];
  if (degenerate.length > 0)
    blind.push(`on ${rowsInWords(degenerate)} n = u, so fill/scatter and the uniform mixture agree there for every ε`);
  if (rows === 1) blind.push('with one row sum, mean and batchmean are the same number');
  else if (new Set(pick(sample.targets)).size === 1) blind.push('all targets are equal, so class weights and a padding class do not show');
  if (blind.length === 0) return { discriminating: true };
  const note = `This sample tells the formulations apart, but ${blind.join('; ')}.`;
  return { discriminating: true, note, betterSample: not('').betterSample! };
}

function rowsInWords(rows: readonly number[]): string {
  return rows.length === 1 ? `row ${rows[0]!}` : `rows ${rows.slice(0, -1).join(', ')} and ${rows.at(-1)!}`;
}

/**
 * Readable logits (one decimal) and distinct targets where K allows it, on which u ≠ n on every row, every second prediction is wrong, and
 * no two rows are alike. With an ignore index or padding index and more than two rows, one row is of that target.
 */
export function defaultSample(
  classes: number,
  rows = 4,
  options: { readonly ignoreIndex?: number; readonly paddingIndex?: number } = {},
): Sample {
  const special = options.ignoreIndex ?? options.paddingIndex;
  const usable = Array.from({ length: classes }, (_, k) => k).filter((k) => k !== options.paddingIndex && k !== options.ignoreIndex);
  const step = [3, 5, 7, 2, 1].find((candidate) => usable.length % candidate !== 0) ?? 1;
  const targets = Array.from({ length: rows }, (_, row) =>
    special !== undefined && rows > 2 && row === rows - 1 ? special : (usable[(1 + row * step) % Math.max(1, usable.length)] ?? 0),
  );
  const logits = targets.map((target, row) => rowOf(classes, target, row));
  return { logits, targets, ...options };
}

function rowOf(classes: number, target: number, row: number): readonly number[] {
  const background = Array.from(
    { length: classes },
    (_, k) => Math.round(30 * (((row * 7 + 1) * 0.7548776662 + k * 0.5698402909) % 1) - 15) / 10,
  );
  if (classes < 2) return background;
  const right = row % 2 === 0;
  const height = right ? 2.4 : -0.9;
  // Raise or lower the target until the row shows what it should: the right class on top and n < u, or below it and n > u.
  for (let extra = 0; extra < 40; extra++) {
    const z = background.map((value, k) => (k === target ? Math.round(10 * (height + (right ? extra : -extra) / 10)) / 10 : value));
    const shown: Matrix = [z];
    const [n, u] = [negativeLogLikelihoods(shown, [target])[0]!, uniformCrossEntropies(shown)[0]!];
    const onTop = z.every((value, k) => k === target || value < (z[target] ?? -Infinity));
    // With thousands of classes, rows equally far on both sides of u would make n = u on average.
    const apart = Math.abs(n - u) > (right ? 0.35 : 0.2) * Math.max(n, u);
    if (target < 0 || target >= classes || (apart && onTop === right)) return z;
  }
  return background;
}
