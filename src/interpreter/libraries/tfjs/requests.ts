/** How large a call of tfjs will be, before it is made: tfjs takes the memory, and the time, before its result is seen. */
import * as tf from '@tensorflow/tfjs-core';
import type { Context } from '../../context';

/** Multiplications in one product: tfjs's cpu backend makes some hundred million a second, and nothing stops it on the way. */
const mostProducts = 1e9;

/** An argument's shape: tfjs takes arrays and numbers wherever it takes tensors. */
function shapeOf(argument: unknown): readonly number[] {
  if (argument instanceof tf.Tensor) return (argument as tf.Tensor).shape;
  const shape: number[] = [];
  for (let inner = argument; Array.isArray(inner); inner = inner[0] as unknown) shape.push(inner.length);
  return shape;
}

const product = (sizes: readonly unknown[]): number => sizes.reduce<number>((total, size) => total * Math.max(0, Number(size)), 1);

const sizeOf = (argument: unknown): number => product(shapeOf(argument));

/** A shape that is given as an array, or as one number. */
const sizeAsked = (shape: unknown): number => product(Array.isArray(shape) ? shape : [shape]);

/** What arguments come to where they are broadcast to each other. */
function broadcastSize(args: readonly unknown[]): number {
  const shapes = args.filter((arg) => arg instanceof tf.Tensor || Array.isArray(arg)).map(shapeOf);
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const sizes = Array.from({ length: rank }, (_, d) => Math.max(1, ...shapes.map((shape) => shape[shape.length - 1 - d] ?? 1)));
  return product(sizes);
}

function padded([input, paddings]: readonly unknown[]): number {
  if (!Array.isArray(paddings)) return 0;
  const pairs: readonly unknown[] = Array.isArray(paddings[0]) ? paddings : [paddings];
  return product(shapeOf(input).map((size, d) => size + (Array.isArray(pairs[d]) ? Number(pairs[d][0]) + Number(pairs[d][1]) : 0)));
}

/** Every letter of the equation is a loop. */
function einsumProducts([equation, ...tensors]: readonly unknown[]): number {
  const names = String(equation).split('->')[0]!.split(',');
  const sizes = new Map<string, number>();
  tensors.forEach((tensor, i) => {
    Array.from((names[i] ?? '').trim()).forEach((letter, d) => sizes.set(letter, shapeOf(tensor)[d] ?? 1));
  });
  return product([...sizes.values()]);
}

/** Elements of the result, by name, where they are not those of the arguments broadcast to each other. */
const results: Readonly<Record<string, (args: readonly unknown[]) => number>> = {
  oneHot: ([indices, depth]) => sizeOf(indices) * Number(depth),
  zeros: ([shape]) => sizeAsked(shape),
  ones: ([shape]) => sizeAsked(shape),
  fill: ([shape]) => sizeAsked(shape),
  broadcastTo: ([, shape]) => sizeAsked(shape),
  eye: ([rows, columns]) => Number(rows) * Number(columns ?? rows),
  range: ([start, stop, step]) => Math.abs((Number(stop) - Number(start)) / Number(step ?? 1)),
  linspace: ([, , count]) => Number(count),
  tile: ([input, reps]) => sizeOf(input) * sizeAsked(reps),
  pad: padded,
  outerProduct: ([a, b]) => sizeOf(a) * sizeOf(b),
  meshgrid: (args) => product(args.map((arg) => Math.max(1, sizeOf(arg)))),
  scatterND: ([, , shape]) => sizeAsked(shape),
  sparseToDense: ([, , shape]) => sizeAsked(shape),
  gather: ([input, indices, axis]) => {
    const shape = shapeOf(input);
    return (sizeOf(input) / Math.max(1, shape.at(Number(axis ?? 0)) ?? 1)) * sizeOf(indices);
  },
  gatherND: ([input, indices]) => {
    const depth = shapeOf(indices).at(-1) ?? 1;
    return (sizeOf(indices) / Math.max(1, depth)) * product(shapeOf(input).slice(depth));
  },
  matMul: () => 0,
  dot: () => 0,
  einsum: () => 0,
  concat: () => 0,
  stack: () => 0,
  reshape: () => 0,
  slice: () => 0,
  stridedSlice: () => 0,
  transpose: () => 0,
};

/** Multiplications of a product. */
const products: Readonly<Record<string, (args: readonly unknown[]) => number>> = {
  matMul: ([a, b, , transposeB]) => {
    const columns = shapeOf(b).at(transposeB === true ? -2 : -1) ?? 1;
    const batch = Math.max(1, product(shapeOf(b).slice(0, -2)) / Math.max(1, product(shapeOf(a).slice(0, -2))));
    return sizeOf(a) * columns * batch;
  },
  dot: ([a, b]) => sizeOf(a) * (shapeOf(b).length > 1 ? (shapeOf(b).at(-1) ?? 1) : 1),
  einsum: einsumProducts,
};

/** Counts what a call asks for. */
export function chargeRequest(context: Context, name: string, args: readonly unknown[]): void {
  const elements = (results[name] ?? broadcastSize)(args);
  if (Number.isFinite(elements)) context.charge(elements, 0);
  else if (elements === Infinity) context.budgetExceeded(`the result of tf.${name}`);
  const multiplications = products[name]?.(args) ?? 0;
  if (multiplications > mostProducts) context.budgetExceeded(`the ${multiplications} multiplications of tf.${name}`);
}
