/**
 * Small differentiable arrays in float64, without a tensor library: what reference losses are computed with. A node holds its numbers and, where
 * something it was made of is differentiated, how a gradient goes back to that. Samples are small, so plain loops are the fastest there is.
 */

export interface Node {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  /** Counts up: a node is made after all that it is made of. */
  readonly order: number;
  /** Null for a constant. */
  readonly back: Back | null;
}

interface Back {
  readonly from: readonly Node[];
  /** The gradients of `from`; null for those that need none. */
  readonly gradients: (dy: Float64Array) => readonly (Float64Array | null)[];
}

let made = 0;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export function node(shape: readonly number[], values: Float64Array, back: Back | null = null): Node {
  made += 1;
  return { shape, values, order: made, back: back !== null && back.from.some(moves) ? back : null };
}

/** Numbers that nothing is differentiated by. */
export const constantOf = (shape: readonly number[], values: ArrayLike<number>): Node => node(shape, Float64Array.from(values));

/** Numbers that gradients are asked of. */
export function leaf(shape: readonly number[], values: ArrayLike<number>): Node {
  made += 1;
  return { shape, values: Float64Array.from(values), order: made, back: { from: [], gradients: () => [] } };
}

export const moves = ({ back }: Node): boolean => back !== null;

/** d(sum of the result)/d(each leaf); null where the result does not depend on one. */
export function gradientsOf(result: Node, leaves: readonly Node[]): readonly (Float64Array | null)[] {
  const gradients = new Map<Node, Float64Array>();
  if (moves(result)) gradients.set(result, new Float64Array(result.values.length).fill(1));
  for (const at of inReverse(result)) {
    const dy = gradients.get(at);
    if (dy === undefined || at.back === null) continue;
    const { from, gradients: gradientsFrom } = at.back;
    gradientsFrom(dy).forEach((gradient, i) => {
      const to = from[i]!;
      if (gradient === null || !moves(to)) return;
      const sofar = gradients.get(to);
      if (sofar === undefined) gradients.set(to, gradient === dy ? gradient.slice() : gradient);
      else for (let j = 0; j < sofar.length; j++) sofar[j]! += gradient[j]!;
    });
  }
  return leaves.map((one) => gradients.get(one) ?? null);
}

/** All that the result is made of and that moves, the latest first. */
function inReverse(result: Node): readonly Node[] {
  const seen = new Set<Node>();
  const open = [result];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at) || at.back === null) continue;
    seen.add(at);
    open.push(...at.back.from);
  }
  return [...seen].sort((a, b) => b.order - a.order);
}

export const stridesOf = (shape: readonly number[]): readonly number[] => {
  const strides = new Array<number>(shape.length).fill(1);
  for (let d = shape.length - 2; d >= 0; d--) strides[d] = strides[d + 1]! * shape[d + 1]!;
  return strides;
};

export function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === b.length && a.every((size, d) => size === b[d])) return a;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, d) => {
    const [left, right] = [a[d - rank + a.length] ?? 1, b[d - rank + b.length] ?? 1];
    if (left !== right && left !== 1 && right !== 1) throw new Error(`sizes ${left} and ${right} do not go together`);
    return left === 1 ? right : left;
  });
}

/** For every element of `to` the element of `from` that stands there; null where they are the same. */
export function placesIn(from: readonly number[], to: readonly number[]): Int32Array | null {
  if (sizeOf(from) === sizeOf(to)) return null;
  const places = new Int32Array(sizeOf(to));
  if (sizeOf(from) === 1) return places;
  const strides = stridesOf(from);
  const offset = to.length - from.length;
  const own = stridesOf(to);
  for (let i = 0; i < places.length; i++) {
    let place = 0;
    for (let d = 0; d < from.length; d++) {
      if (from[d] === 1) continue;
      place += (Math.floor(i / own[d + offset]!) % to[d + offset]!) * strides[d]!;
    }
    places[i] = place;
  }
  return places;
}
