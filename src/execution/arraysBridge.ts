/** TypeScript without a tensor library: arrays of numbers, in float64, and gradients from differences of the code's own values. */
import { withTfjs } from '../interpreter/libraries/tfjs/run';
import type { Value } from '../interpreter/value';
import { float, list, numberOf } from '../interpreter/value';
import type { Bridge, Feed, Matrix } from './bridge';
import { byDifferences } from './differences';
import type { ReadTensor } from './tensorData';
import { rowsOf } from './tensorData';

function nested(values: readonly number[], shape: readonly number[]): Value {
  const [size, ...inner] = shape;
  if (size === undefined) return float(values[0] ?? NaN);
  const width = values.length / Math.max(1, size);
  return list(Array.from({ length: size }, (_, i) => nested(values.slice(i * width, (i + 1) * width), inner)));
}

/** Numbers in arrays of one shape; null for anything else. */
function read(value: Value): ReadTensor | null {
  if (value.kind !== 'list') return null;
  const numbers: number[] = [];
  const shape = gathered(value, numbers);
  return shape === null ? null : { dtype: 'float64', shape, values: numbers };
}

function gathered(value: Value, into: number[]): readonly number[] | null {
  if (value.kind !== 'list') {
    const number = value.kind === 'bool' ? null : numberOf(value);
    if (number === null) return null;
    into.push(number);
    return [];
  }
  const shapes = value.items.map((item) => gathered(item, into));
  const [first] = shapes;
  if (first === undefined || first === null || shapes.some((shape) => shape?.join() !== first.join())) return null;
  return [value.items.length, ...first];
}

function fedRow(row: readonly number[], feed: Feed): readonly number[] {
  if (feed === 'logits') return row;
  if (feed === 'sigmoids') return row.map((z) => 1 / (1 + Math.exp(-z)));
  const largest = Math.max(...row);
  const logSum = largest + Math.log(row.reduce((sum, z) => sum + Math.exp(z - largest), 0));
  return row.map((z) => (feed === 'logProbabilities' ? z - logSum : Math.exp(z - logSum)));
}

/** Central differences with this step are right to about 1e-9 in float64. */
const step = 1e-4;
const mostDifferences = 64;

export const arraysBridge: Bridge = {
  withTensors: withTfjs,
  runsOften: true,
  floats: (_context, values, shape) => nested(values, shape),
  integers: (_context, values, shape) => nested(values, shape),
  switches: (_context, values, shape) => nested(values, shape),
  read,
  wasRandom: () => false,
  differentiate(_context, logits, shape, feed, call) {
    const at = (rows: Matrix): Value =>
      call(
        nested(
          rows.flatMap((row) => fedRow(row, feed)),
          shape,
        ),
      );
    const total = (value: Value): number => numberOf(value) ?? read(value)?.values.reduce((a, b) => a + b, 0) ?? NaN;
    const result = at(logits);
    // JavaScript makes NaN of arrays where it wants numbers: that is how it refuses them.
    if (Number.isNaN(total(result))) throw new Error('Could not be run: NaN comes of arrays of numbers in the shapes that were tried');
    const width = logits[0]?.length ?? 0;
    if (logits.length * width > mostDifferences)
      return { result, gradient: null, problem: 'plain numbers have no gradients, and this is too large to take them by differences' };
    const derivatives = logits.flatMap((row, i) =>
      row.map((z, k) => {
        const moved = (by: number): number => total(at(logits.with(i, row.with(k, z + by))));
        return (moved(step) - moved(-step)) / (2 * step);
      }),
    );
    const gradient = rowsOf({ dtype: 'float64', shape: [logits.length, width], values: derivatives });
    return { result, gradient, problem: 'plain numbers have no gradients: the gradient was taken from differences of the values' };
  },
  differentiateAll: (_context, tensors, call) =>
    byDifferences(
      tensors,
      (moved) => call(moved.map(({ values, shape }) => nested(values, shape))),
      (value) => numberOf(value) ?? read(value)?.values.reduce((a, b) => a + b, 0) ?? NaN,
    ),
};
