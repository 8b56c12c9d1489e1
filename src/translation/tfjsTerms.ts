/** Expressions of tfjs operations. They are made by functions that leave out what changes nothing and say common idioms plainly. */
import { broadcastShapes, elementCount, sameShape, type Shape } from '../tensor/shapes';
import type { Values } from '../tensor/dtype';
import type { Range } from '../language/program';

export type TfDtype = 'float32' | 'int32' | 'bool';

export type Argument = Term | number | boolean | string | readonly number[];

export interface Term {
  /** A function of tfjs, or 'logits', 'targets', 'fill', 'literal', 'range', and the helpers 'nonzero' and 'detach'. */
  readonly op: string;
  readonly args: readonly Argument[];
  readonly shape: Shape;
  readonly dtype: TfDtype;
  /** Whether tfjs's gradient reaches the logits through it. */
  readonly live: boolean;
  /** Where the code did this, and what it gave: for names and messages. */
  readonly range: Range | null;
  readonly values: Values | null;
}

export class NotSaid extends Error {
  readonly range: Range | null;
  constructor(message: string, range: Range | null = null) {
    super(message);
    this.range = range;
  }
}

export const isTerm = (argument: Argument): argument is Term => typeof argument === 'object' && 'op' in argument;

export function term(op: string, args: readonly Argument[], shape: Shape, dtype: TfDtype): Term {
  return { op, args, shape, dtype, live: args.some((arg) => isTerm(arg) && arg.live), range: null, values: null };
}

export const notLive = (made: Term): Term => (made.live ? { ...made, live: false } : made);

// ------------------------------------------------------------------------------------------------------------ constants

export const fill = (value: number, shape: Shape, dtype: TfDtype): Term => term('fill', [shape, value], shape, dtype);

/** The number that every element is, of a term that is filled with one. */
export const filledWith = ({ op, args }: Term): number | null => (op === 'fill' ? (args[1] as number) : null);

/** Positions 0, 1, 2, … */
export const range = (count: number, dtype: TfDtype = 'int32'): Term => term('range', [count], [count], dtype);

const isCounting = (values: Values): boolean => values.every((value, i) => value === i);

/** The place of the one element that is not like all others; −1 where there is no such. */
function oddPlace(values: Values): number {
  const usual = values[0] === values[1] ? values[0] : values[2];
  const odd = values.findIndex((value) => !Object.is(value, usual));
  return values.length > 2 && odd >= 0 && values.every((value, i) => i === odd || Object.is(value, usual)) ? odd : -1;
}

/** From this many numbers on a constant is said by a rule, where there is one. */
const longConstant = 9;

/** A tensor of known numbers. What repeats for every row is said once, so that it holds for any number of rows. */
export function constant(values: Values, shape: Shape, dtype: TfDtype, rows: number): Term {
  const first = values[0];
  if (first !== undefined && values.every((value) => Object.is(value, first))) return fill(first, shape, dtype);
  if (isCounting(values) && dtype !== 'bool') return reshape(range(values.length, dtype), shape);
  if (shape.length > 1 && shape[0] === rows && rows > 1) {
    const width = values.length / rows;
    const repeats = values.every((value, i) => Object.is(value, values[i % width]));
    if (repeats) return broadcastTo(constant(values.slice(0, width), shape.slice(1), dtype, rows), shape);
  }
  const odd = shape.length === 1 && (dtype === 'bool' || values.length >= longConstant) ? oddPlace(values) : -1;
  if (odd >= 0) {
    const here = binary('equal', range(values.length), fill(odd, [], 'float32'), 'bool');
    const usual = values[odd === 0 ? 1 : 0]!;
    if (dtype !== 'bool') return cast(where(here, fill(values[odd]!, [], dtype), fill(usual, [], dtype)), dtype);
    return usual === 0 ? here : unary('logicalNot', here, 'bool');
  }
  return term('literal', [Array.from(values), shape], shape, dtype);
}

// ---------------------------------------------------------------------------------------------------------------- shapes

const shapeOps = new Set(['reshape', 'expandDims', 'squeeze']);

export function reshape(x: Term, shape: Shape): Term {
  if (sameShape(x.shape, shape)) return x;
  if (x.op === 'fill') return fill(x.args[1] as number, shape, x.dtype);
  if (x.op === 'literal') return { ...x, args: [x.args[0]!, shape], shape };
  if (shapeOps.has(x.op)) return reshape(x.args[0] as Term, shape);
  if (x.op === 'broadcastTo') {
    const plain = (sizes: Shape): Shape => sizes.filter((size) => size !== 1);
    const from = x.args[0] as Term;
    // The same repetition, seen without the dimensions of size 1.
    if (sameShape(plain(x.shape), plain(shape))) {
      const kept = alignedSizes(x.shape, from.shape, shape);
      if (kept !== null) return broadcastTo(reshape(from, kept), shape);
    }
  }
  const closed = withoutKeptDims(x, shape);
  if (closed !== null) return closed;
  const inserted = shape.findIndex((size, d) => size === 1 && sameShape(shape.toSpliced(d, 1), x.shape));
  // Of several places that give the same shape, the last is the customary one: [N, 1] is expandDims(-1).
  if (inserted >= 0) {
    const last = shape.findLastIndex((size, d) => size === 1 && sameShape(shape.toSpliced(d, 1), x.shape));
    return term('expandDims', [x, last === shape.length - 1 ? -1 : last], shape, x.dtype);
  }
  const removed = x.shape.findLastIndex((size, d) => size === 1 && sameShape(x.shape.toSpliced(d, 1), shape));
  if (removed >= 0) return term('squeeze', [x, [removed === x.shape.length - 1 ? -1 : removed]], shape, x.dtype);
  return term('reshape', [x, shape], shape, x.dtype);
}

/** A reduction that kept its dimensions only to lose them: one that does not keep them. */
function withoutKeptDims(x: Term, shape: Shape): Term | null {
  if (x.op === 'neg') {
    const inner = withoutKeptDims(x.args[0] as Term, shape);
    return inner && term('neg', [inner], shape, x.dtype);
  }
  const [from, axis, keeps] = x.args;
  if (keeps !== true || typeof axis !== 'number' || from === undefined || !isTerm(from)) return null;
  const dim = axis < 0 ? axis + from.shape.length : axis;
  return sameShape(from.shape.toSpliced(dim, 1), shape) ? { ...x, args: [from, axis], shape, values: null } : null;
}

/** The sizes that `from` has before it is repeated to the sizes of `repeated`, laid out as `to`: both differ in dimensions of size 1 alone. */
function alignedSizes(repeated: Shape, from: Shape, to: Shape): Shape | null {
  const lead = repeated.length - from.length;
  const sizes: number[] = [];
  repeated.forEach((size, d) => {
    if (size !== 1) sizes.push(from[d - lead] ?? 1);
  });
  let next = 0;
  const aligned = to.map((size) => (size === 1 ? 1 : sizes[next++]!));
  return elementCount(aligned) === elementCount(from) ? aligned : null;
}

export function broadcastTo(x: Term, shape: Shape): Term {
  if (sameShape(x.shape, shape)) return x;
  if (x.op === 'fill') return fill(x.args[1] as number, shape, x.dtype);
  if (x.op === 'broadcastTo') return broadcastTo(x.args[0] as Term, shape);
  return term('broadcastTo', [x, shape], shape, x.dtype);
}

export function transpose(x: Term, order: readonly number[]): Term {
  if (order.every((d, k) => d === k)) return x;
  const shape = order.map((d) => x.shape[d]!);
  if (x.op === 'fill') return fill(x.args[1] as number, shape, x.dtype);
  if (x.op === 'literal' && shape.length === 2) {
    const from = x.args[0] as readonly number[];
    const [rows = 0, columns = 0] = shape;
    return { ...x, args: [Array.from(from, (_, i) => from[(i % columns) * rows + Math.floor(i / columns)]!), shape], shape };
  }
  if (x.op === 'transpose') {
    const inner = x.args[1] as readonly number[];
    return transpose(
      x.args[0] as Term,
      order.map((d) => inner[d]!),
    );
  }
  return term('transpose', [x, order], shape, x.dtype);
}

export function slice(x: Term, begin: readonly number[], size: Shape): Term {
  if (sameShape(x.shape, size)) return x;
  // −1 reaches to the end, however many rows there are.
  const sizes = size.map((n, d) => (begin[d]! + n === x.shape[d] ? -1 : n));
  return term('slice', [x, begin, sizes], size, x.dtype);
}

export const concat = (parts: readonly Term[], axis: number): Term => {
  const [first] = parts;
  const total = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
  return term('concat', [...parts, axis], first!.shape.with(axis, total), first!.dtype);
};

// ---------------------------------------------------------------------------------------------------------------- types

export function cast(x: Term, dtype: TfDtype): Term {
  if (x.dtype === dtype) return x;
  if (x.op === 'fill') return fill(x.args[1] as number, x.shape, dtype);
  if (x.op === 'literal') return { ...x, dtype };
  if (x.op === 'cast' && dtype === 'float32') return cast(x.args[0] as Term, dtype);
  if (x.op === 'toBool') return cast(x.args[0] as Term, dtype);
  return term('cast', [x, dtype], x.shape, dtype);
}

// --------------------------------------------------------------------------------------------------------- element by element

/** A number where one does, instead of a tensor filled with it. */
const operandOf = (x: Term, other: Term): Term | number => {
  const value = filledWith(x);
  if (value !== null && other.op !== 'fill' && sameShape(broadcastShapes(x.shape, other.shape), other.shape)) return value;
  return unrepeated(x, other.shape);
};

/** What broadcasts by itself against another shape needs no repeating, and a constant no leading dimensions of size 1. */
function unrepeated(x: Term, other: Shape): Term {
  const inner = x.op === 'broadcastTo' ? (x.args[0] as Term) : x;
  const shape = broadcastShapes(x.shape, other);
  if (inner !== x && !sameShape(broadcastShapes(inner.shape, other), shape)) return x;
  if (inner.op !== 'literal' || inner.shape[0] !== 1 || inner.shape.length < 2) return inner;
  const bare = reshape(inner, inner.shape.slice(inner.shape.findIndex((size) => size !== 1)));
  return sameShape(broadcastShapes(bare.shape, other), shape) ? bare : inner;
}

const typeOfResult = (a: Term | number, b: Term | number): TfDtype => {
  if (typeof a === 'number' || typeof b === 'number' || a.dtype === 'float32' || b.dtype === 'float32') return 'float32';
  return a.dtype === 'int32' || b.dtype === 'int32' ? 'int32' : 'bool';
};

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

/** One-hot rows under an operation with a number are one-hot rows with other numbers. */
function throughOneHot(op: string, a: Term | number, b: Term | number): Term | null {
  const f = arithmetic[op];
  const rows = typeof a === 'number' ? b : a;
  if (f === undefined || typeof rows === 'number' || rows.op !== 'oneHot') return null;
  const [labels, depth, on, off] = rows.args as readonly [Term, number, number, number];
  if (typeof b === 'number') return oneHot(labels, depth, f(on, b), f(off, b));
  return typeof a === 'number' && op !== 'div' ? oneHot(labels, depth, f(a, on), f(a, off)) : null;
}

/** One-hot rows of the same labels, added. */
function sumOfOneHot(op: string, a: Term | number, b: Term | number): Term | null {
  if (op !== 'add' || typeof a === 'number' || typeof b === 'number' || a.op !== 'oneHot' || b.op !== 'oneHot') return null;
  const [labels, depth, on, off] = a.args as readonly [Term, number, number, number];
  const [otherLabels, otherDepth, otherOn, otherOff] = b.args as readonly [Term, number, number, number];
  return labels === otherLabels && depth === otherDepth ? oneHot(labels, depth, on + otherOn, off + otherOff) : null;
}

/** `labels[:, None] == arange(K)` is one-hot rows. */
function comparedWithClasses(op: string, a: Term | number, b: Term | number): Term | null {
  if (op !== 'equal' || typeof a === 'number' || typeof b === 'number') return null;
  const [column, classes] = b.op === 'expandDims' ? [b, a] : [a, b];
  const counts = shapeOps.has(classes.op) ? (classes.args[0] as Term) : classes;
  if (counts.op !== 'range' || classes.shape.at(-1) !== counts.shape[0]) return null;
  if (column.op !== 'expandDims' || column.args[1] !== -1 || classes.shape.length > column.shape.length) return null;
  const labels = column.args[0] as Term;
  return labels.dtype === 'int32' ? asBool(oneHot(labels, classes.shape.at(-1)!, 1, 0)) : null;
}

const neutral: Readonly<Record<string, number>> = { add: 0, sub: 0, mul: 1, div: 1 };

export function binary(op: string, first: Term, second: Term, dtype?: TfDtype): Term {
  const shape = broadcastShapes(first.shape, second.shape);
  const a = operandOf(first, second);
  // What is left of the first decides what the second must keep.
  const b = typeof a === 'number' ? second : operandOf(second, a);
  const hot = throughOneHot(op, a, b) ?? sumOfOneHot(op, a, b) ?? comparedWithClasses(op, a, b);
  if (hot !== null) return hot;
  if (op === 'mul' && typeof a !== 'number' && a.op === 'neg' && (a.args[0] as Term).op === 'oneHot')
    return unary('neg', binary('mul', a.args[0] as Term, second));
  if (typeof b === 'number' && typeof a !== 'number' && neutral[op] === b && a.dtype === 'float32' && sameShape(a.shape, shape)) return a;
  if (typeof a === 'number' && typeof b !== 'number' && (op === 'add' || op === 'mul') && b.dtype === 'float32')
    return neutral[op] === a && sameShape(b.shape, shape) ? b : term(op, [b, a], shape, dtype ?? 'float32');
  return term(op, [a, b], shape, dtype ?? typeOfResult(a, b));
}

export const unary = (op: string, x: Term, dtype: TfDtype = x.dtype): Term => {
  const inner = x.op === op && op === 'neg' ? (x.args[0] as Term) : null;
  return inner ?? term(op, [x], x.shape, dtype);
};

export function where(condition: Term, a: Term, b: Term): Term {
  const shape = broadcastShapes(broadcastShapes(condition.shape, a.shape), b.shape);
  const plain = (x: Term, ...others: readonly Term[]): Term | number => {
    const value = filledWith(x);
    const rest = others.reduce<Shape>((s, other) => broadcastShapes(s, other.shape), []);
    return value !== null && sameShape(broadcastShapes(rest, x.shape), rest) ? value : x;
  };
  const chosen = plain(a, condition, b);
  const other = plain(b, condition, ...(typeof chosen === 'number' ? [] : [a]));
  if (condition.op === 'toBool' && typeof chosen === 'number' && typeof other === 'number') {
    const [labels, depth, on, off] = (condition.args[0] as Term).args as readonly [Term, number, number, number];
    if (on === 1 && off === 0) return oneHot(labels, depth, chosen, other);
  }
  const rest = [chosen, other].reduce<Shape>((s, x) => (typeof x === 'number' ? s : broadcastShapes(s, x.shape)), []);
  const mask = unrepeated(asBool(condition), rest);
  const against = (x: Term | number, y: Term | number): Term | number =>
    typeof x === 'number' ? x : unrepeated(x, typeof y === 'number' ? mask.shape : broadcastShapes(mask.shape, y.shape));
  // One after the other: something must keep the shape.
  const first = against(chosen, other);
  return term('where', [mask, first, against(other, first)], shape, typeOfResult(chosen, other));
}

export const asBool = (x: Term): Term => (x.op === 'oneHot' ? term('toBool', [x], x.shape, 'bool') : cast(x, 'bool'));

/** Rows with `on` at their label and `off` elsewhere; a label outside of the classes has `off` alone. */
export function oneHot(labels: Term, depth: number, on: number, off: number): Term {
  return notLive(term('oneHot', [cast(labels, 'int32'), depth, on, off], [...labels.shape, depth], 'float32'));
}

// ------------------------------------------------------------------------------------------------------------ reductions

export function reduce(op: string, x: Term, dims: readonly number[], keepDims: boolean, dtype: TfDtype = x.dtype): Term {
  const shape = keepDims ? x.shape.map((size, d) => (dims.includes(d) ? 1 : size)) : x.shape.filter((_, d) => !dims.includes(d));
  if (dims.length === 0) return x;
  const all = dims.length === x.shape.length;
  if (all && !keepDims) return term(op, [x], shape, dtype);
  // tfjs's gradient of a product takes no axis from the end.
  const axes = dims.map((d) => (d === x.shape.length - 1 && op !== 'prod' ? -1 : d));
  const axis = all ? 'undefined' : axes.length === 1 ? axes[0]! : axes;
  return term(op, keepDims ? [x, axis, true] : [x, axis], shape, dtype);
}

// --------------------------------------------------------------------------------------------------------------- gradient

/** The same numbers, where the code cut the gradient off. */
export const detach = (x: Term): Term => (x.live ? notLive(term('detach', [x], x.shape, x.dtype)) : x);
