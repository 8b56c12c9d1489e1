/** Remembers what tensors held when they were handed over, and tells which hold something else now. */
import type { Value } from '../interpreter/value';
import type { Bridge } from './bridge';
import type { ReadTensor } from './tensorData';

export type HandedTensor = 'logits' | 'targets' | 'class weights';

export interface Watch {
  readonly hand: (what: HandedTensor, value: Value) => void;
  readonly changed: () => readonly HandedTensor[];
}

export function createWatch({ read }: Bridge): Watch {
  const handed: { readonly what: HandedTensor; readonly value: Value; readonly before: ReadTensor }[] = [];
  return {
    hand(what, value) {
      const before = read(value);
      if (before !== null) handed.push({ what, value, before });
    },
    changed() {
      const found = handed.filter(({ value, before }) => {
        const now = read(value);
        return now !== null && !isSame(before, now);
      });
      return [...new Set(found.map(({ what }) => what))];
    },
  };
}

/** Bit for bit: a write that changes nothing is none. */
function isSame(a: ReadTensor, b: ReadTensor): boolean {
  return a.shape.join() === b.shape.join() && a.values.every((value, i) => Object.is(value, b.values[i]));
}
