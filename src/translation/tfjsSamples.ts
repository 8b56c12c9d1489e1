/** The tensors a translation is made from and tried on: other numbers of rows, other targets, and ignored or padded ones where there are any. */
import type { Matrix } from '../execution/bridge';
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

/** Rows whose targets are random classes, with `special` (a padding or ignored class) at some of them. */
function randomSample(rows: number, classes: number, special: readonly number[], specialRows: number, seed: number): RandomSample {
  const draw = generator(seed);
  const logits = Array.from({ length: rows }, () => Array.from({ length: classes }, () => Math.round((draw() * 5 - 2.5) * 1e4) / 1e4));
  const targets = Array.from({ length: rows }, () => Math.floor(draw() * classes));
  special.forEach((value, i) => {
    for (let k = 0; k < specialRows; k++) targets[(2 * k + 1 + i * 2 * specialRows) % rows] = value;
  });
  return { logits, targets };
}

const specialTargets = ({ paddingIndex, ignoreIndex }: Sample): readonly number[] =>
  [...new Set([paddingIndex, ignoreIndex])].filter((value) => value !== undefined);

/** Numbers of rows that are no divisor of the number of classes, so that one is never taken for the other. */
const rowCounts = (classes: number): readonly number[] => [5, 7, 11, 13, 17].filter((rows) => classes % rows !== 0);

/** Two samples to trace: whatever differs between the traces depends on the rows or on the data. */
export function tracedSamples(sample: Sample): readonly [RandomSample, RandomSample] {
  const classes = sample.logits[0]!.length;
  const [first, second] = rowCounts(classes);
  const special = specialTargets(sample);
  return [randomSample(first!, classes, special, 2, 11), randomSample(second!, classes, special, 3, 12)];
}

/** What the generated code is tried on: the sample itself, and others that it was not made from. */
export function triedSamples(sample: Sample): readonly TriedSample[] {
  const classes = sample.logits[0]!.length;
  const special = specialTargets(sample);
  const tried = (random: RandomSample, optional: boolean): TriedSample => ({ ...random, optional });
  return [
    { logits: sample.logits, targets: sample.targets, optional: false },
    tried(randomSample(6, classes, special, 1, 21), false),
    tried(randomSample(9, classes, special, 3, 22), false),
    ...(special.includes(-100) ? [] : [tried(randomSample(4, classes, [-100], 2, 23), true)]),
  ];
}
