/** The tensors a translation is made from and tried on: other numbers of rows, other targets, and ignored or padded ones where there are any. */
import type { Matrix } from '../execution/bridge';
import { farLogits } from '../identification/probes';
import type { Sample } from '../inspection';
import type { TriedSample } from './tfjsCheck';

export interface RandomSample {
  readonly logits: Matrix;
  readonly targets: readonly number[];
}

/** A small generator (mulberry32), so that a translation is the same each time it is made. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rows whose targets are random classes, with each `special` one (a padding or ignored class) at so many of them, and at no others. */
function randomSample(rows: number, classes: number, special: readonly number[], each: number, seed: number): RandomSample {
  const draw = generator(seed);
  const logits = Array.from({ length: rows }, () => Array.from({ length: classes }, () => Math.round((draw() * 5 - 2.5) * 1e4) / 1e4));
  const plain = Array.from({ length: classes }, (_, k) => k).filter((k) => !special.includes(k));
  const targets = Array.from({ length: rows }, () => (plain.length === 0 ? 0 : plain[Math.floor(draw() * plain.length)]!));
  // Spread over the rows, never the first alone.
  special.forEach((value, i) => {
    for (let k = 0; k < each; k++) targets[((k * special.length + i) * 2 + 1) % rows] = value;
  });
  return { logits, targets };
}

/** Class 0 is the padding of many losses that nobody tells so. */
const specialTargets = ({ paddingIndex, ignoreIndex }: Sample): readonly number[] =>
  [...new Set([0, paddingIndex, ignoreIndex])].filter((value) => value !== undefined);

/** Numbers of rows that are no divisor of the number of classes, so that one is never taken for the other. */
const rowCounts = (classes: number): readonly number[] => [13, 17, 19, 23, 29].filter((rows) => classes % rows !== 0);

/**
 * Two samples to trace: whatever differs between the traces depends on the rows or on the data. The special targets are there twice and three
 * times, which no number of rows explains.
 */
export function tracedSamples(sample: Sample): readonly [RandomSample, RandomSample] {
  const classes = sample.logits[0]!.length;
  const [first, second] = rowCounts(classes);
  const special = specialTargets(sample);
  return [randomSample(first!, classes, special, 2, 11), randomSample(second!, classes, special, 3, 12)];
}

/** The target that torch's losses leave out. */
export const torchIgnored = -100;

/** What the generated code is tried on: the sample itself, and others that it was not made from; fewer rows where gradients are differences. */
export function triedSamples(sample: Sample, byDifferences: boolean): readonly TriedSample[] {
  const classes = sample.logits[0]!.length;
  const special = specialTargets(sample);
  const [fewer, more] = byDifferences ? [3, 5] : [6, 9];
  const random = (rows: number, at: readonly number[], each: number, seed: number): TriedSample => ({
    ...randomSample(rows, classes, at, each, seed),
    onlyIfIgnored: null,
  });
  const ignoring: TriedSample = { ...random(4, [torchIgnored], 2, 23), onlyIfIgnored: torchIgnored };
  return [
    { logits: sample.logits, targets: sample.targets, onlyIfIgnored: null },
    random(fewer, special, 1, 21),
    random(more, special, special.length * 2 < more ? 2 : 1, 22),
    ...(special.includes(torchIgnored) ? [] : [ignoring]),
    // A gradient of differences is too coarse on so large values.
    ...(byDifferences
      ? []
      : [{ logits: farLogits(sample.targets, classes), targets: sample.targets, onlyIfIgnored: null, isFar: true as const }]),
  ];
}
