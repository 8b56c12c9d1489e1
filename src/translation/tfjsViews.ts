/** Views of a memory's content as tfjs operations: reshape, slice, transpose, broadcastTo. */
import { contiguousStrides, elementCount, isContiguous, type Shape } from '../tensor/shapes';
import { broadcastTo, NotSaid, reshape, slice, type Term, transpose } from './tfjsTerms';

export interface Layout {
  readonly shape: Shape;
  readonly strides: Shape;
  readonly offset: number;
}

/** A view's dimensions in the order in which they lie in memory, and the box of memory that they cover. */
export interface Box {
  /** The memory as a tensor of these sizes, of which `begin` and `size` cut out the view. */
  readonly memory: Shape;
  readonly begin: readonly number[];
  readonly size: Shape;
  /** Which of the view's dimensions each dimension of the box is; −1 for one that the view lacks. */
  readonly dims: readonly number[];
}

/** The box a view covers, or null where it steps over elements or repeats them in another way than whole dimensions. */
export function boxOf({ shape, strides, offset }: Layout, total: number): Box | null {
  const dims = [...shape.keys()].filter((d) => shape[d] !== 1 && strides[d] !== 0).sort((a, b) => strides[b]! - strides[a]!);
  const memory: number[] = [];
  let rest = total;
  for (const d of dims) {
    const stride = strides[d]!;
    if (rest % stride !== 0) return null;
    memory.push(rest / stride);
    rest = stride;
  }
  const all = rest === 1 ? dims : [...dims, -1];
  if (rest !== 1 || dims.length === 0) memory.push(rest);
  const places = dims.length === 0 && rest === 1 ? [-1] : all;
  const begin: number[] = [];
  let left = offset;
  const steps = contiguousStrides(memory);
  memory.forEach((_, k) => {
    begin.push(Math.floor(left / steps[k]!));
    left %= steps[k]!;
  });
  const size = places.map((d) => (d < 0 ? 1 : shape[d]!));
  return size.every((n, k) => begin[k]! + n <= memory[k]!) ? { memory, begin, size, dims: places } : null;
}

/** The view of a content that the term computes. */
export function viewOf(content: Term, layout: Layout): Term {
  const { shape, strides, offset } = layout;
  const total = elementCount(content.shape);
  if (offset === 0 && elementCount(shape) === total && isContiguous(shape, strides)) return reshape(content, shape);
  const box = boxOf(layout, total);
  if (box === null) throw new NotSaid('a view that steps over elements (a diagonal, every second row)');
  const cut = slice(reshape(content, box.memory), box.begin, box.size);
  const inView = box.dims.filter((d) => d >= 0);
  const kept = reshape(
    cut,
    inView.map((d) => shape[d]!),
  );
  const order = [...inView].sort((a, b) => a - b).map((d) => inView.indexOf(d));
  const ordered = transpose(kept, order);
  const once = shape.map((size, d) => (strides[d] === 0 ? 1 : size));
  return broadcastTo(reshape(ordered, once), shape);
}
