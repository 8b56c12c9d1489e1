/** The arithmetic that reference losses are written in: nodes and plain numbers side by side, every step differentiable. */
import type { Node } from './graph';
import { broadcast, constantOf, moves, node, placesIn, sizeOf, stridesOf } from './graph';

export type Term = Node | number;

const nodeOf = (term: Term): Node => (typeof term === 'number' ? constantOf([], [term]) : term);

/** @param slopes d/da and d/db of f at a and b, where f is y */
function binary(
  left: Term,
  right: Term,
  f: (a: number, b: number) => number,
  slopes: readonly [(a: number, b: number, y: number) => number, (a: number, b: number, y: number) => number],
): Node {
  const [a, b] = [nodeOf(left), nodeOf(right)];
  const shape = broadcast(a.shape, b.shape);
  const [ofA, ofB] = [placesIn(a.shape, shape), placesIn(b.shape, shape)];
  const values = new Float64Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = f(a.values[ofA ? ofA[i]! : i]!, b.values[ofB ? ofB[i]! : i]!);
  const gradientOf = (to: Node, places: Int32Array | null, slope: (typeof slopes)[0], dy: Float64Array): Float64Array | null => {
    if (!moves(to)) return null;
    const gradient = new Float64Array(to.values.length);
    for (let i = 0; i < values.length; i++) {
      if (dy[i] === 0) continue;
      const place = places ? places[i]! : i;
      gradient[place]! += dy[i]! * slope(a.values[ofA ? ofA[i]! : i]!, b.values[ofB ? ofB[i]! : i]!, values[i]!);
    }
    return gradient;
  };
  return node(shape, values, {
    from: [a, b],
    gradients: (dy) => [gradientOf(a, ofA, slopes[0], dy), gradientOf(b, ofB, slopes[1], dy)],
  });
}

function unary(a: Node, f: (x: number) => number, slope: (x: number, y: number) => number): Node {
  const values = a.values.map(f);
  return node(a.shape, values, {
    from: [a],
    gradients: (dy) => [dy.map((d, i) => (d === 0 ? 0 : d * slope(a.values[i]!, values[i]!)))],
  });
}

export const plus = (a: Term, b: Term): Node => binary(a, b, (x, y) => x + y, [() => 1, () => 1]);
export const minus = (a: Term, b: Term): Node => binary(a, b, (x, y) => x - y, [() => 1, () => -1]);
export const times = (a: Term, b: Term): Node => binary(a, b, (x, y) => x * y, [(_, y) => y, (x) => x]);
export const over = (a: Term, b: Term): Node => binary(a, b, (x, y) => x / y, [(_, y) => 1 / y, (_, y, q) => -q / y]);
export const power = (a: Term, b: Term): Node =>
  binary(a, b, Math.pow, [(x, y) => (y === 0 ? 0 : y * x ** (y - 1)), (x, _, p) => (p === 0 ? 0 : p * Math.log(x))]);
/** Of two equal ones each gets half of the gradient. */
export const larger = (a: Term, b: Term): Node =>
  binary(a, b, Math.max, [(x, y) => (x > y ? 1 : x === y ? 0.5 : 0), (x, y) => (y > x ? 1 : x === y ? 0.5 : 0)]);
export const smaller = (a: Term, b: Term): Node =>
  binary(a, b, Math.min, [(x, y) => (x < y ? 1 : x === y ? 0.5 : 0), (x, y) => (y < x ? 1 : x === y ? 0.5 : 0)]);

export const negative = (a: Node): Node =>
  unary(
    a,
    (x) => -x,
    () => -1,
  );
export const square = (a: Node): Node =>
  unary(
    a,
    (x) => x * x,
    (x) => 2 * x,
  );
export const exp = (a: Node): Node => unary(a, Math.exp, (_, y) => y);
export const log = (a: Node): Node => unary(a, Math.log, (x) => 1 / x);
export const log1p = (a: Node): Node => unary(a, Math.log1p, (x) => 1 / (1 + x));
export const sqrt = (a: Node): Node => unary(a, Math.sqrt, (_, y) => 0.5 / y);
export const abs = (a: Node): Node => unary(a, Math.abs, (x) => Math.sign(x));
export const relu = (a: Node): Node =>
  unary(
    a,
    (x) => Math.max(0, x),
    (x) => Number(x > 0),
  );
export const tanh = (a: Node): Node => unary(a, Math.tanh, (_, y) => 1 - y * y);
export const cos = (a: Node): Node => unary(a, Math.cos, (x) => -Math.sin(x));
export const acos = (a: Node): Node => unary(a, Math.acos, (x) => -1 / Math.sqrt(1 - x * x));
export const atan = (a: Node): Node => unary(a, Math.atan, (x) => 1 / (1 + x * x));
export const sigmoid = (a: Node): Node => unary(a, logistic, (x) => logistic(x) * logistic(-x));
/** log(1 + e^x), without overflow. */
export const softplus = (a: Node): Node => unary(a, (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))), logistic);
/** Between two bounds; its gradient is zero beyond them. */
export const clamped = (a: Node, low: number, high: number): Node =>
  unary(
    a,
    (x) => Math.min(high, Math.max(low, x)),
    (x) => Number(x >= low && x <= high),
  );

function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

const compared = (a: Term, b: Term, holds: (x: number, y: number) => boolean): Node =>
  binary(held(nodeOf(a)), held(nodeOf(b)), (x, y) => Number(holds(x, y)), [() => 0, () => 0]);

/** Conditions are 1 and 0. */
export const equals = (a: Term, b: Term): Node => compared(a, b, (x, y) => x === y);
export const above = (a: Term, b: Term): Node => compared(a, b, (x, y) => x > y);
export const below = (a: Term, b: Term): Node => compared(a, b, (x, y) => x < y);

/** `yes` where the condition is not 0, `no` elsewhere; only the chosen side gets a gradient. */
export function choose(condition: Node, yes: Term, no: Term): Node {
  const [a, b] = [nodeOf(yes), nodeOf(no)];
  const shape = broadcast(broadcast(condition.shape, a.shape), b.shape);
  const [ofCondition, ofA, ofB] = [condition, a, b].map((one) => placesIn(one.shape, shape));
  const isYes = (i: number): boolean => condition.values[ofCondition ? ofCondition[i]! : i] !== 0;
  const values = new Float64Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = isYes(i) ? a.values[ofA ? ofA[i]! : i]! : b.values[ofB ? ofB[i]! : i]!;
  const gradientOf = (to: Node, places: Int32Array | null, side: boolean, dy: Float64Array): Float64Array | null => {
    if (!moves(to)) return null;
    const gradient = new Float64Array(to.values.length);
    for (let i = 0; i < values.length; i++) if (isYes(i) === side) gradient[places ? places[i]! : i]! += dy[i]!;
    return gradient;
  };
  return node(shape, values, { from: [a, b], gradients: (dy) => [gradientOf(a, ofA!, true, dy), gradientOf(b, ofB!, false, dy)] });
}

/** The same numbers, through which no gradient passes. */
export const held = (a: Node): Node => (moves(a) ? node(a.shape, a.values) : a);

const axis = (dim: number, rank: number): number => (dim < 0 ? dim + rank : dim);

/** Groups of elements that a reduction over some axes puts together: the group of every element. */
function groups(shape: readonly number[], dims: readonly number[] | null): { readonly of: Int32Array; readonly shape: readonly number[] } {
  const reduced = new Set((dims ?? shape.map((_, d) => d)).map((dim) => axis(dim, shape.length)));
  const kept = shape.map((size, d) => (reduced.has(d) ? 1 : size));
  return { of: placesIn(kept, shape) ?? Int32Array.from({ length: sizeOf(shape) }, (_, i) => i), shape: kept };
}

const without = (shape: readonly number[], dims: readonly number[] | null): readonly number[] => {
  const reduced = new Set((dims ?? shape.map((_, d) => d)).map((dim) => axis(dim, shape.length)));
  return shape.filter((_, d) => !reduced.has(d));
};

/** Over all axes, or some. */
export function sum(a: Node, dims: readonly number[] | null = null, keep = false): Node {
  const { of, shape } = groups(a.shape, dims);
  const values = new Float64Array(sizeOf(shape));
  for (let i = 0; i < of.length; i++) values[of[i]!]! += a.values[i]!;
  return node(keep ? shape : without(a.shape, dims), values, {
    from: [a],
    gradients: (dy) => [Float64Array.from({ length: of.length }, (_, i) => dy[of[i]!]!)],
  });
}

export function mean(a: Node, dims: readonly number[] | null = null, keep = false): Node {
  const total = sum(a, dims, keep);
  return over(total, a.values.length / total.values.length);
}

/** The largest along an axis; the first of several equal ones gets the gradient. */
export function largest(a: Node, dim: number, keep = false): Node {
  const { of, shape } = groups(a.shape, [dim]);
  const at = new Int32Array(sizeOf(shape)).fill(-1);
  for (let i = 0; i < of.length; i++) if (at[of[i]!] === -1 || a.values[i]! > a.values[at[of[i]!]!]!) at[of[i]!] = i;
  const values = Float64Array.from(at, (i) => a.values[i]!);
  return node(keep ? shape : without(a.shape, [dim]), values, {
    from: [a],
    gradients(dy) {
      const gradient = new Float64Array(a.values.length);
      at.forEach((i, group) => (gradient[i]! += dy[group]!));
      return [gradient];
    },
  });
}

export const smallest = (a: Node, dim: number, keep = false): Node => negative(largest(negative(a), dim, keep));

export function logSumExp(a: Node, dim = -1, keep = false): Node {
  const top = held(largest(a, dim, true));
  const total = plus(log(sum(exp(minus(a, top)), [dim], true)), top);
  return keep ? total : reshape(total, without(a.shape, [dim]));
}

export const logSoftmax = (a: Node, dim = -1): Node => minus(a, logSumExp(a, dim, true));
export const softmax = (a: Node, dim = -1): Node => exp(logSoftmax(a, dim));

/** A node whose elements are some of another's, by their places. */
function taken(a: Node, shape: readonly number[], places: Int32Array): Node {
  return node(
    shape,
    Float64Array.from(places, (place) => a.values[place]!),
    {
      from: [a],
      gradients(dy) {
        const gradient = new Float64Array(a.values.length);
        places.forEach((place, i) => (gradient[place]! += dy[i]!));
        return [gradient];
      },
    },
  );
}

/** The entry of each row (along the last axis) that an index names. */
export function picked(rows: Node, index: Node): Node {
  const width = rows.shape.at(-1)!;
  return taken(
    rows,
    index.shape,
    Int32Array.from(index.values, (k, row) => row * width + k),
  );
}

/** Indices as rows of 0 and 1. */
export function oneHot(index: Node, classes: number): Node {
  const values = new Float64Array(index.values.length * classes);
  index.values.forEach((k, row) => (values[row * classes + k] = 1));
  return node([...index.shape, classes], values);
}

export function reshape(a: Node, shape: readonly number[]): Node {
  const rest = shape.reduce((size, one) => (one === -1 ? size : size * one), 1);
  const full = shape.map((size) => (size === -1 ? a.values.length / rest : size));
  return node(full, a.values, { from: [a], gradients: (dy) => [dy.slice()] });
}

export function unsqueeze(a: Node, dim: number): Node {
  return reshape(a, a.shape.toSpliced(axis(dim, a.shape.length + 1), 0, 1));
}

export function slice(a: Node, dim: number, start: number, end: number | null): Node {
  const d = axis(dim, a.shape.length);
  const size = (end ?? a.shape[d]!) - start;
  const shape = a.shape.with(d, size);
  const [strides, own] = [stridesOf(a.shape), stridesOf(shape)];
  const places = Int32Array.from({ length: sizeOf(shape) }, (_, i) => {
    let place = start * strides[d]!;
    for (let k = 0; k < shape.length; k++) place += (Math.floor(i / own[k]!) % shape[k]!) * strides[k]!;
    return place;
  });
  return taken(a, shape, places);
}

export const select = (a: Node, dim: number, index: number): Node =>
  reshape(slice(a, dim, index, index + 1), a.shape.toSpliced(axis(dim, a.shape.length), 1));

export function join(parts: readonly Node[], dim = 0): Node {
  const d = axis(dim, parts[0]!.shape.length);
  const inner = sizeOf(parts[0]!.shape.slice(d + 1));
  const outer = sizeOf(parts[0]!.shape.slice(0, d));
  const shape = parts[0]!.shape.with(
    d,
    parts.reduce((total, part) => total + part.shape[d]!, 0),
  );
  const values = new Float64Array(sizeOf(shape));
  /** Copies between the parts and the whole, one way or the other. */
  const each = (copy: (part: number, from: number, to: number, length: number) => void): void => {
    let to = 0;
    for (let o = 0; o < outer; o++)
      parts.forEach((part, p) => {
        const length = part.shape[d]! * inner;
        copy(p, o * length, to, length);
        to += length;
      });
  };
  each((p, from, to, length) => {
    values.set(parts[p]!.values.subarray(from, from + length), to);
  });
  return node(shape, values, {
    from: parts,
    gradients(dy) {
      const gradients = parts.map((part) => new Float64Array(part.values.length));
      each((p, from, to, length) => {
        gradients[p]!.set(dy.subarray(to, to + length), from);
      });
      return gradients;
    },
  });
}

export function transpose(a: Node): Node {
  const [rows, columns] = a.shape as readonly [number, number];
  return taken(
    a,
    [columns, rows],
    Int32Array.from({ length: rows * columns }, (_, i) => (i % rows) * columns + Math.floor(i / rows)),
  );
}

/** [n, k] · [k, m]. */
export function matmul(a: Node, b: Node): Node {
  const [n, k] = a.shape as readonly [number, number];
  const m = b.shape[1]!;
  const product = (left: Float64Array, right: Float64Array, [rows, inner, columns]: readonly [number, number, number]): Float64Array => {
    const values = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < inner; j++) {
        const x = left[i * inner + j]!;
        for (let c = 0; c < columns; c++) values[i * columns + c]! += x * right[j * columns + c]!;
      }
    return values;
  };
  const turned = (values: Float64Array, rows: number, columns: number): Float64Array =>
    Float64Array.from({ length: values.length }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
  return node([n, m], product(a.values, b.values, [n, k, m]), {
    from: [a, b],
    gradients: (dy) => [product(dy, turned(b.values, k, m), [n, m, k]), product(turned(a.values, n, k), dy, [k, n, m])],
  });
}

/** Rows divided by their Euclidean length, as torch's normalize does: by 1e-12 at least. */
export const normalised = (a: Node, dim = -1): Node => over(a, clamped(sqrt(sum(square(a), [dim], true)), 1e-12, Infinity));

/** A constant matrix. */
export const matrix = (rows: number, columns: number, at: (row: number, column: number) => number): Node =>
  constantOf(
    [rows, columns],
    Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns)),
  );
