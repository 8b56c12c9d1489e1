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

/** The largest logits a trained network gives its classes as a matter of course. */
export const farthest = 20;

/**
 * Logits as a network gives when it is sure: every second row is sure of its target, the others of another class, and the rest are spread down
 * to −20. Where a probability is clipped, or has a small number added before its logarithm, is seen only here.
 */
export function farLogits(targets: readonly number[], classes: number): Matrix {
  return targets.map((target, row) => {
    const top = row % 2 === 0 ? (target + 1 + (row % Math.max(1, classes - 1))) % classes : target;
    return Array.from({ length: classes }, (_, column) => {
      if (column === top) return farthest;
      if (column === target) return -farthest;
      return Math.round(8 * (farthest * (spread(row * 7919 + column * 13) - 1))) / 8;
    });
  });
}

/** Up to so many classes, each is a target of a covering batch. */
export const fewClasses = 24;

/** Rows of more classes than this are long: as few of them as will do. */
export const manyClasses = 4_096;

/**
 * Targets that cover every class where that is a small number, else the classes at both ends, some between, and those asked for. They are never
 * as many as the classes: code that takes one number for the other would not show.
 */
export function coveringTargets(classes: number, wanted: readonly number[]): readonly number[] {
  const isMany = classes > manyClasses;
  const candidates =
    classes <= fewClasses
      ? // Class 0, the commonest padding, comes last: some code overlooks a padding row when it is the first.
        Array.from({ length: classes }, (_, k) => (k + 1) % classes)
      : [
          ...(isMany ? [...wanted.slice(0, 1), ...wanted.slice(-1)] : wanted.slice(0, 4)),
          0,
          1,
          classes - 1,
          2,
          Math.floor(classes / 2),
          Math.floor(classes / 3),
          Math.floor((2 * classes) / 3),
        ];
  const distinct = [...new Set(candidates)]
    .filter((target) => target >= 0 && target < classes)
    .slice(0, classes <= fewClasses ? classes : isMany ? 5 : 8);
  // Two classes make too small a batch to halve.
  if (distinct.length < 4) return [...distinct, ...distinct].slice(0, 4);
  return distinct.length === classes ? [...distinct, distinct[0]!] : distinct;
}
