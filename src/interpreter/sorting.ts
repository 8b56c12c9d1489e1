/** Python's sort: stable, by `<` alone, with key and reverse. */
import type { Context } from './context';
import type { Value } from './value';

export function sortValues(context: Context, items: readonly Value[], key: Value | null, reverse: boolean): Value[] {
  const keyed = items.map((item) => ({ item, key: key === null ? item : context.call(key, [item]) }));
  const less = (a: Value, b: Value): boolean => {
    context.tick();
    return context.truthy(context.compare(a, '<', b));
  };
  // Reversing before and after a stable sort keeps equal items in their order.
  if (reverse) keyed.reverse();
  keyed.sort((a, b) => (less(a.key, b.key) ? -1 : less(b.key, a.key) ? 1 : 0));
  if (reverse) keyed.reverse();
  return keyed.map((entry) => entry.item);
}
