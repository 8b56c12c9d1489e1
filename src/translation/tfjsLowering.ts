/** A traced loss as one expression of tfjs operations: contents of memory become terms, views of them become reshapes and slices. */
import { contiguousStrides, elementCount, forEachPosition, isContiguous, sameShape, type Shape } from '../tensor/shapes';
import type { Dtype } from '../tensor/dtype';
import { isFloatDtype } from '../tensor/dtype';
import { kernels } from './tfjsKernels';
import {
  broadcastTo,
  cast,
  concat,
  constant,
  detach,
  fill,
  filledWith,
  NotSaid,
  reshape,
  slice,
  term,
  type Term,
  type TfDtype,
  transpose,
  where,
} from './tfjsTerms';
import type { Content, LossTrace, Reading } from './tfjsTrace';
import { readingValues } from './tfjsTrace';
import { type Box, boxOf, viewOf } from './tfjsViews';

export const tfDtype = (dtype: Dtype): TfDtype => (isFloatDtype(dtype) ? 'float32' : dtype === 'bool' ? 'bool' : 'int32');

/** What the emission of an operation sees. */
export interface Lowering {
  readonly rows: number;
  /** An operand as a term. */
  readonly term: (input: Reading | number) => Term;
  /** A mask of whose true positions this tensor is a column; null for any other. */
  readonly maskBehind: (reading: Reading | number) => MaskColumn | null;
}

export interface MaskColumn {
  readonly positions: Content;
  readonly mask: Reading;
  readonly column: number;
}

export interface Lowered {
  readonly result: Term;
  readonly taken: readonly { readonly term: () => Term; readonly value: number }[];
}

/** Says what was traced in tfjs operations; throws NotSaid with the operation that cannot be. */
export function lower({ rows, result, taken }: LossTrace, tracksGradient: boolean): Lowered {
  const contents = new Map<Content, Term>();
  const readings = new Map<Content, Map<string, Term>>();

  const ofContent = (content: Content): Term => {
    const known = contents.get(content);
    if (known !== undefined) return known;
    const made = located(content, () => contentTerm(content));
    const typed: Term = { ...made, range: content.range, values: content.values };
    const kept = made.op === 'fill' || made.op === 'literal' ? made : typed;
    contents.set(content, kept);
    return kept;
  };

  const contentTerm = (content: Content): Term => {
    const { kernel, inputs, shape, values } = content;
    const dtype = tfDtype(content.dtype);
    if (kernel === 'logits') return { ...term('logits', [], shape, 'float32'), live: true };
    if (kernel === 'targets') return term('targets', [], shape, 'int32');
    if (content.constant) return constant(values, shape, dtype, rows);
    if (kernel === 'write') return written(content);
    const emit = kernels[kernel];
    if (emit === undefined) throw new NotSaid(`the operation ${kernel}`);
    const made = emit(lowering, inputs, content);
    return sameShape(made.shape, shape) ? made : reshape(made, shape);
  };

  const ofReading = (reading: Reading): Term => {
    const { content, shape, strides, offset, flows } = reading;
    if (content.constant) return constant(readingValues(reading), shape, tfDtype(content.dtype), rows);
    let views = readings.get(content);
    if (views === undefined) readings.set(content, (views = new Map<string, Term>()));
    const cut = tracksGradient && !flows && ofContent(content).live;
    const key = `${shape.join()}|${strides.join()}|${offset}|${cut}`;
    let made = views.get(key);
    if (made === undefined) {
      const base = ofContent(content);
      const view = located(content, () => viewOf(cut ? detach(base) : base, reading));
      // The code may have a name for the view, too.
      made = view === base || view.op === 'fill' ? view : { ...view, values: readingValues(reading) };
      views.set(key, made);
    }
    return made;
  };

  const lowering: Lowering = {
    rows,
    term: (input) => (typeof input === 'number' ? fill(input, [], 'float32') : ofReading(input)),
    maskBehind,
  };

  /** A content after a write: the value itself, or chosen where it was written. */
  const written = (content: Content): Term => {
    const [before, value] = content.inputs as readonly [Reading, Reading];
    const layout = content.attributes as unknown as { readonly shape: Shape; readonly strides: Shape; readonly offset: number };
    const dtype = tfDtype(content.dtype);
    const source = cast(ofReading(value), dtype);
    const total = elementCount(content.shape);
    const whole = elementCount(layout.shape) === total;
    if (whole && isContiguous(layout.shape, layout.strides)) return reshape(source, content.shape);
    const box = boxOf(layout, total);
    if (box === null) throw new NotSaid('writing into a view that steps over elements');
    const inView = box.dims.filter((d) => d >= 0);
    const lined = transpose(
      reshape(
        source,
        layout.shape.filter((_, d) => inView.includes(d)),
      ),
      inView.map((d) => [...inView].sort((a, b) => a - b).indexOf(d)),
    );
    const boxed = reshape(lined, box.size);
    if (whole) return reshape(boxed, content.shape);
    const old = reshape(ofReading(before), box.memory);
    const cuts = [...box.memory.keys()].filter((k) => box.size[k] !== box.memory[k]);
    const number = filledWith(boxed);
    if (number === null && cuts.length === 1) return reshape(putBetween(old, boxed, cuts[0]!, box), content.shape);
    const isUniform = box.size.every((n, k) => n === 1 || n === box.memory[k]);
    if (number === null && !isUniform) throw new NotSaid('writing different numbers into a part of several dimensions');
    const mask = constant(maskOf(box), box.memory, 'bool', rows);
    const everywhere = number === null ? broadcastTo(boxed, box.memory) : fill(number, box.memory, dtype);
    return reshape(where(mask, everywhere, old), content.shape);
  };

  return {
    result: ofReading(result),
    taken: taken.map(({ reading, value }) => ({ term: () => ofReading(reading), value })),
  };
}

/** What stood before, the value, and what stands behind it, along the one dimension that is cut. */
function putBetween(old: Term, value: Term, dim: number, { memory, begin, size }: Box): Term {
  const part = (from: number, to: number): readonly Term[] =>
    from === to
      ? []
      : [
          slice(
            old,
            memory.map((_, k) => (k === dim ? from : 0)),
            memory.with(dim, to - from),
          ),
        ];
  const start = begin[dim]!;
  return concat([...part(0, start), value, ...part(start + size[dim]!, memory[dim]!)], dim);
}

/** 1 where the box covers the memory. */
function maskOf({ memory, begin, size }: Box): Uint8Array {
  const mask = new Uint8Array(elementCount(memory));
  const offset = begin.reduce((sum, at, k) => sum + at * contiguousStrides(memory)[k]!, 0);
  forEachPosition(size, contiguousStrides(memory), offset, (position) => {
    mask[position] = 1;
  });
  return mask;
}

/** What fails says where in the code it was done. */
function located(content: Content, make: () => Term): Term {
  try {
    return make();
  } catch (error) {
    if (error instanceof NotSaid && error.range === null) throw new NotSaid(error.message, content.range);
    throw error;
  }
}

function maskBehind(reading: Reading | number): MaskColumn | null {
  if (typeof reading === 'number') return null;
  const { content, shape, strides, offset } = reading;
  const count = elementCount(shape);
  if (content.kernel === 'Clone' && count === elementCount(content.shape) && isContiguous(shape, strides))
    return maskBehind(content.inputs[0]!);
  if (content.kernel !== 'Nonzero' && content.kernel !== 'FlatNonzero') return null;
  const columns = content.kernel === 'Nonzero' ? content.shape[1]! : 1;
  if (count !== elementCount(content.shape) / columns) return null;
  const stepping = shape.every((size, d) => size === 1 || strides[d] === columns);
  return stepping ? { positions: content, mask: content.inputs[0] as Reading, column: offset } : null;
}
