import type { FileInspection, Inspection, Num } from '../inspection';

/** Does every loss that is measured in the one compute the same in the other? To what float32 computations agree by. */
export function sameNumbers(before: FileInspection, after: FileInspection): boolean {
  if (before.losses.length !== after.losses.length) return false;
  return before.losses.every((loss, i) => sameLoss(loss, after.losses[i]!));
}

function sameLoss(a: Inspection, b: Inspection): boolean {
  if (a.name !== b.name || a.status !== b.status) return false;
  return (
    same([a.value], [b.value]) && same(a.perSample, b.perSample) && same(a.gradient?.values, b.gradient?.values) && a.classes === b.classes
  );
}

function same(a: readonly (Num | null)[] | null | undefined, b: readonly (Num | null)[] | null | undefined): boolean {
  if (!a || !b) return (a ?? null) === (b ?? null);
  return a.length === b.length && a.every((value, i) => isClose(value, b[i]!));
}

function isClose(a: Num | null, b: Num | null): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= 1e-5 + 1.3e-6 * Math.abs(b);
}
