/** Gradients of code that keeps no tape, from differences of its own values. */
import type { Value } from '../interpreter/value';
import type { DifferentiatedByAll, PlainTensor } from './bridge';

/** Central differences with this step are right to about 1e-9 in float64. */
const step = 1e-4;
const mostDifferences = 64;

/** @param totalOf the sum of a result's numbers */
export function byDifferences(
  tensors: readonly PlainTensor[],
  call: (tensors: readonly PlainTensor[]) => Value,
  totalOf: (value: Value) => number,
): DifferentiatedByAll {
  const result = call(tensors);
  const gradients = tensors.map(({ values, dtype }, t) => {
    if (dtype === 'int' || values.length > mostDifferences) return null;
    return values.map((value, i) => {
      const moved = (by: number): number => totalOf(call(tensors.with(t, { ...tensors[t]!, values: values.with(i, value + by) })));
      return (moved(step) - moved(-step)) / (2 * step);
    });
  });
  return { result, gradients };
}
