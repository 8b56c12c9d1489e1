/** What a tensor stands for in a loss, and natural numbers for it: a loss is measured only on what it is meant for. */
import type { Sizes } from './family';

export interface Role {
  readonly id: string;
  /** For the reader: 'probabilities'. */
  readonly title: string;
  readonly dtype: 'float' | 'int';
  /** Row-major values for a shape. `random` gives numbers of [0, 1). */
  readonly values: (shape: readonly number[], random: () => number, sizes: Sizes) => readonly number[];
}

/** Numbers of [0, 1), the same every time: a linear congruential generator (the constants of Numerical Recipes), its upper bits. */
export function seeded(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** To three digits: the numbers that a person reads are those that are run. */
const round = (value: number): number => Math.round(value * 1000) / 1000;

const each =
  (value: (random: () => number) => number): Role['values'] =>
  (shape, random) =>
    Array.from({ length: count(shape) }, () => round(value(random)));

/** Of a normal distribution (Box and Muller). */
const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const floating = (id: string, title: string, value: (random: () => number) => number): Role => ({
  id,
  title,
  dtype: 'float',
  values: each(value),
});

/** Without bounds: spread out as the sample asks. */
const unbounded = (id: string, title: string, value: (random: () => number) => number): Role => ({
  id,
  title,
  dtype: 'float',
  values: (shape, random, { spread }) => Array.from({ length: count(shape) }, () => round(spread * value(random))),
});

export const logits = unbounded('logits', 'logits', (random) => 1.5 * normal(random));
export const predictions = unbounded('predictions', 'predicted values', (random) => 1.4 * normal(random));
export const trueValues = unbounded('trueValues', 'true values', (random) => 1.4 * normal(random));
export const probabilities = floating('probabilities', 'probabilities', (random) => 0.04 + 0.92 * random());
export const positives = floating('positives', 'positive values', (random) => 0.05 + 2 * random());
export const features = unbounded('features', 'feature vectors', normal);
/** Of single tokens. */
export const logProbabilities = floating('logProbabilities', 'log-probabilities', (random) => -0.05 - 2 * random());
/** Of whole sequences: well below 0. */
export const sequenceLogProbabilities = floating(
  'sequenceLogProbabilities',
  'log-probabilities of sequences',
  (random) => -2 - 6 * random(),
);
/** Close to 1 and −1 too: margins bend there. */
export const cosines = floating('cosines', 'cosines', (random) => 0.99 * Math.sin(Math.PI * (random() - 0.5)));
export const advantages = floating('advantages', 'advantages', normal);
export const scores = unbounded('scores', 'scores', (random) => 1.5 * normal(random));

/** Classes of rows, spread over all of them. */
export const classIndices: Role = {
  id: 'classIndices',
  title: 'class indices',
  dtype: 'int',
  values: (shape, random, { width }) => Array.from({ length: count(shape) }, () => Math.floor(random() * width) % width),
};

/** Rows of 0 and one 1. */
export const oneHots: Role = {
  id: 'oneHots',
  title: 'one-hot targets',
  dtype: 'float',
  values: (shape, random) => {
    const width = shape.at(-1) ?? 1;
    return Array.from({ length: count(shape) / width }, () => Math.floor(random() * width) % width).flatMap((hot) =>
      Array.from({ length: width }, (_, k) => Number(k === hot)),
    );
  },
};

/** 0 and 1, both in every sample. */
export const binaryTargets: Role = {
  id: 'binaryTargets',
  title: 'targets of 0 and 1',
  dtype: 'float',
  values: (shape, random) => {
    const values = Array.from({ length: count(shape) }, () => Number(random() < 0.45));
    return values.map((value, i) => (i === 0 ? 1 : i === values.length - 1 ? 0 : value));
  },
};

/** 0 and 1, with a 1 in every row: a row that is left out altogether is a case of its own. */
export const masks: Role = {
  id: 'masks',
  title: 'a mask of 0 and 1',
  dtype: 'float',
  values: (shape, random) => {
    const width = shape.at(-1) ?? 1;
    return Array.from({ length: count(shape) }, (_, i) => Number(i % width === 0 || random() < 0.6));
  },
};

/** Labels of rows for losses of pairs: each label has two rows. */
export const pairedLabels: Role = {
  id: 'pairedLabels',
  title: 'labels, two rows of each',
  dtype: 'int',
  values: (shape) => Array.from({ length: count(shape) }, (_, i) => i % Math.max(1, Math.floor(count(shape) / 2))),
};

/** Corners (x1, y1, x2, y2) with x1 < x2 and y1 < y2; most overlap. */
export const boxes: Role = {
  id: 'boxes',
  title: 'boxes (x1, y1, x2, y2)',
  dtype: 'float',
  values: (shape, random) =>
    Array.from({ length: count(shape) / 4 }, () => {
      const [x, y, width, height] = [2 * random(), 2 * random(), 2 + 3 * random(), 2 + 3 * random()];
      return [x, y, x + width, y + height].map(round);
    }).flat(),
};
