/** Sizes of samples, and the pieces that layouts are written with. */
import type { LaidInput, Layout, Nodes, Sizes } from './family';
import type { Role } from './roles';
import { seeded } from './roles';

/** A tensor as plain numbers. */
export interface PlainTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: readonly number[];
  readonly dtype: 'float' | 'int';
}

export type PlainTensors = Readonly<Record<string, PlainTensor>>;

/** Sizes that differ in every axis, so that what divides by one of them shows. */
export const sampleSizes: readonly Sizes[] = [
  { rows: 4, width: 5, spread: 1 },
  { rows: 6, width: 3, spread: 1 },
  { rows: 2, width: 4, spread: 1 },
];

/** Far out and close in: what a threshold or a clamp makes of a loss shows there. */
export const unusualSizes: readonly Sizes[] = [
  { rows: 4, width: 5, spread: 12 },
  { rows: 4, width: 5, spread: 0.05 },
];

export const input = (name: string, role: Role, shape: LaidInput['shape'], moves: LaidInput['moves'] = 'moves'): LaidInput => ({
  name,
  role,
  shape,
  moves,
});
/** Labels, targets and masks: no gradient is asked of them. */
export const fixed = (name: string, role: Role, shape: LaidInput['shape']): LaidInput => input(name, role, shape, 'fixed');

export const rowsAndWidth = ({ rows, width }: Sizes): readonly number[] => [rows, width];
export const rowsOnly = ({ rows }: Sizes): readonly number[] => [rows];

export const layout = (id: string, inputs: readonly LaidInput[], made?: (given: Nodes) => Nodes): Layout => ({
  id,
  inputs,
  ...(made === undefined ? {} : { made }),
});

/** Natural tensors for a layout: the same for the same sizes and seed. */
export function sampleOf({ inputs }: Layout, sizes: Sizes, seed: number): PlainTensors {
  const random = seeded(seed);
  return Object.fromEntries(
    inputs.map(({ name, role, shape }): readonly [string, PlainTensor] => {
      const sized = shape(sizes);
      return [name, { shape: sized, dtype: role.dtype, values: role.values(sized, random, sizes) }];
    }),
  );
}
