/** The inputs a loss is measured on: logits that are exact in float32 and that move a lot of probability from one to the next. */
import type { Matrix } from './blackBox';

/** A fixed sequence of fractions spread over [0, 1): multiples of the golden ratio. */
function spread(index: number): number {
  return (index * 0.6180339887498949 + 0.5) % 1;
}

/**
 * Logits number `variant` for a batch: background values in [−1, 1] and one class of each row raised, a different one in each variant and
 * by a different amount, so that its probability is about one half, then nine tenths, then what the others have. That spread is what
 * tells a loss that is affine in log p from one that only looks so nearby. Multiples of 1/8, so that float32 holds them exactly.
 */
export function probeLogits(rows: number, classes: number, variant: number): Matrix {
  const height = [Math.log(classes), Math.log(classes) + 2.5, 0][variant % 3]!;
  return Array.from({ length: rows }, (_, row) => {
    const raised = (row * 3 + variant * (1 + (row % 2)) + Math.floor(variant / classes)) % classes;
    return Array.from({ length: classes }, (_, column) => {
      const background = 2 * spread(1 + variant * 7919 + row * 104729 + column * 13) - 1;
      return Math.round(8 * (background + (column === raised ? height : 0))) / 8;
    });
  });
}

/** Targets that cover every class where that is a small number, else the classes at both ends, some between, and those asked for. */
export function coveringTargets(classes: number, wanted: readonly number[]): readonly number[] {
  const few = 8;
  const candidates =
    classes <= few
      ? // Class 0, the commonest padding, comes last: some code overlooks a padding row when it is the first.
        Array.from({ length: classes }, (_, k) => (k + 1) % classes)
      : [...wanted.slice(0, 4), 0, 1, classes - 1, 2, Math.floor(classes / 2), Math.floor(classes / 3), Math.floor((2 * classes) / 3)];
  const distinct = [...new Set(candidates)].filter((target) => target >= 0 && target < classes).slice(0, few);
  // Two classes make too small a batch to halve.
  return distinct.length < 4 ? [...distinct, ...distinct].slice(0, 4) : distinct;
}
