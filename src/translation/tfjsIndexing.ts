/** Picking and writing at positions: with one-hot rows and masks where that is possible, because their gradients are right on every backend. */
import { broadcastShapes, elementCount, sameShape } from '../tensor/shapes';
import type { Emit } from './tfjsKernels';
import type { Lowering, MaskColumn } from './tfjsLowering';
import {
  asBool,
  binary,
  broadcastTo,
  cast,
  detach,
  fill,
  filledWith,
  NotSaid,
  oneHot,
  reduce,
  reshape,
  term,
  type Term,
  transpose,
  where,
} from './tfjsTerms';
import type { Content, Reading } from './tfjsTrace';

type Inputs = readonly (Reading | number)[];

const dimOf = ({ attributes }: Content): number => attributes['dim'] as number;

/** One-hot rows of labels with the classes in the given dimension. */
function hotAlong(labels: Term, dim: number, depth: number, on = 1, off = 0): Term {
  const rows = oneHot(labels, depth, on, off);
  const last = rows.shape.length - 1;
  const order = [...rows.shape.keys()].filter((d) => d !== last);
  return transpose(rows, order.toSpliced(dim, 0, last));
}

/** The labels in an index of one column along a dimension; null for an index of several. */
function oneColumn(index: Term, dim: number): Term | null {
  return index.shape[dim] === 1 ? reshape(index, index.shape.toSpliced(dim, 1)) : null;
}

const withoutDim = (x: Term, dim: number): readonly number[] => x.shape.toSpliced(dim, 1);

const gather: Emit = (lowering, inputs, content) => {
  const x = lowering.term(inputs[0]!);
  const dim = dimOf(content);
  const column = lowering.maskBehind(inputs[1]!);
  if (column !== null && x.shape.length === 1) return pick(x, positions(lowering, column));
  const index = lowering.term(inputs[1]!);
  if (x.shape.length === 1 && index.shape.length === 1) return pick(x, index);
  const labels = oneColumn(index, dim);
  if (labels === null || !sameShape(withoutDim(x, dim), labels.shape)) throw new NotSaid('gather with several positions in a row');
  return reduce('sum', binary('mul', x, hotAlong(labels, dim, x.shape[dim]!)), [dim], true);
};

/** Rows at positions along the first dimension. */
const pick = (x: Term, at: Term): Term => term('gather', [x, cast(at, 'int32')], [...at.shape, ...x.shape.slice(1)], x.dtype);

/** The true places of a mask, counted in the flattened mask. */
function positions(lowering: Lowering, { mask, positions: content }: MaskColumn): Term {
  const flat = asBool(detach(lowering.term(mask)));
  const columns = content.kernel === 'Nonzero' ? content.shape[1]! : 1;
  return term('nonzero', [reshape(flat, [elementCount(flat.shape)])], [elementCount(content.shape) / columns], 'int32');
}

const scatter: Emit = (lowering, inputs, content) => {
  const [x, index, src] = inputs.map(lowering.term) as [Term, Term, Term];
  const { reduce: reduction } = content.attributes;
  const dim = dimOf(content);
  const labels = oneColumn(index, dim);
  const depth = x.shape[dim];
  if (labels === null || depth === undefined || !sameShape(withoutDim(x, dim), labels.shape))
    throw new NotSaid('scatter to several positions in a row');
  const on = filledWith(src);
  const off = filledWith(x);
  if (reduction === null && on !== null && off !== null) return cast(hotAlong(labels, dim, depth, on, off), x.dtype);
  const hot = hotAlong(labels, dim, depth);
  const source = on === null ? reshape(croppedTo(src, index), index.shape) : fill(on, [], x.dtype);
  if (reduction === 'add') return binary('add', x, binary('mul', hot, source));
  if (reduction === 'multiply') return where(asBool(hot), binary('mul', x, source), x);
  return where(asBool(hot), source, x);
};

/** A source may be larger than the index that uses its leading part. */
function croppedTo(src: Term, index: Term): Term {
  if (sameShape(src.shape, index.shape)) return src;
  return term('slice', [src, src.shape.map(() => 0), index.shape], index.shape, src.dtype);
}

const scatterAdd: Emit = (lowering, inputs, content) =>
  scatter(lowering, inputs, { ...content, attributes: { ...content.attributes, reduce: 'add' } });

const indexSelect: Emit = (lowering, inputs, content) => {
  const x = lowering.term(inputs[0]!);
  const dim = dimOf(content);
  const column = lowering.maskBehind(inputs[1]!);
  const at = column === null ? lowering.term(inputs[1]!) : positions(lowering, column);
  const order = [dim, ...x.shape.keys()].filter((d, i) => i === 0 || d !== dim);
  const rows = transpose(x, order);
  const labels = reshape(at, [elementCount(at.shape)]);
  const picked = rowsOfEye(rows, labels) ?? pick(rows, labels);
  return transpose(
    picked,
    [...order.keys()].map((d) => order.indexOf(d)),
  );
};

/** A mask over one dimension, laid out so that it broadcasts against the whole tensor. */
function maskAlong(lowering: Lowering, index: Reading | number, x: Term, dim: number): Term {
  const column = lowering.maskBehind(index);
  if (column !== null) {
    const mask = asBool(detach(lowering.term(column.mask)));
    if (mask.shape.length !== 1 || mask.shape[0] !== x.shape[dim]) throw new NotSaid('positions of a mask of another shape');
    return reshape(
      mask,
      x.shape.map((size, d) => (d === dim ? size : 1)),
    );
  }
  const at = lowering.term(index);
  const only = filledWith(at);
  const places = only !== null ? [only] : at.op === 'literal' ? [...(at.args[0] as readonly number[])] : null;
  if (places === null) throw new NotSaid('writing to rows at computed positions');
  const hits = oneHot(fill(places[0]!, [1], 'int32'), x.shape[dim]!, 1, 0);
  if (places.length > 1) throw new NotSaid('writing to several fixed positions');
  return asBool(
    reshape(
      hits,
      x.shape.map((size, d) => (d === dim ? size : 1)),
    ),
  );
}

const indexFill: Emit = (lowering, inputs, content) => {
  const x = lowering.term(inputs[0]!);
  return where(maskAlong(lowering, inputs[1]!, x, dimOf(content)), cast(lowering.term(inputs[2]!), x.dtype), x);
};

const maskedFill: Emit = (lowering, inputs) => {
  const [x, mask, value] = inputs.map(lowering.term) as [Term, Term, Term];
  return where(asBool(detach(mask)), cast(value, x.dtype), x);
};

/** What several index tensors point at together. */
type Places =
  | { readonly kind: 'mask'; readonly mask: MaskColumn }
  | { readonly kind: 'rows'; readonly at: Term }
  /** x[arange(N), labels] */
  | { readonly kind: 'labels'; readonly labels: Term };

function placesOf(lowering: Lowering, x: Term, indices: Inputs): Places {
  const columns = indices.map(lowering.maskBehind);
  const [first] = columns;
  if (first !== null && first !== undefined) {
    const ofOneMask = columns.every((column, k) => column?.positions === first.positions && column.column === k);
    if (ofOneMask && first.mask.shape.length === columns.length) return { kind: 'mask', mask: first };
    throw new NotSaid('indices from a part of a mask');
  }
  const terms = indices.map(lowering.term);
  if (terms.length === 1) return { kind: 'rows', at: terms[0]! };
  if (terms.length === 2 && terms[0]!.shape.length === 1 && sameShape(terms[0]!.shape, terms[1]!.shape)) {
    const [rows, labels] = terms as [Term, Term];
    if (rows.op === 'range' && rows.shape[0] === x.shape[0]) return { kind: 'labels', labels };
  }
  throw new NotSaid('indexing with several index tensors');
}

/** Rows of a matrix with one number on its diagonal and another beside it are one-hot rows. */
function rowsOfEye(x: Term, at: Term): Term | null {
  if (x.op !== 'literal' || x.shape.length !== 2 || x.shape[0] !== x.shape[1]) return null;
  const size = x.shape[0]!;
  const values = x.args[0] as readonly number[];
  const [on, off] = values;
  const isEye = values.every((value, i) => value === (Math.floor(i / size) === i % size ? on : off));
  return isEye && size > 1 ? oneHot(at, size, on!, off!) : null;
}

const index: Emit = (lowering, inputs) => {
  const x = lowering.term(inputs[0]!);
  const indices = inputs.slice(1);
  const places = placesOf(lowering, x, indices);
  switch (places.kind) {
    case 'rows':
      return rowsOfEye(x, places.at) ?? pick(x, places.at);
    case 'mask': {
      const covered = elementCount(x.shape.slice(0, indices.length));
      return pick(reshape(x, [covered, ...x.shape.slice(indices.length)]), positions(lowering, places.mask));
    }
    case 'labels': {
      if (x.shape.length !== 2) throw new NotSaid('indexing more than two dimensions at once');
      return reduce('sum', binary('mul', x, oneHot(places.labels, x.shape[1]!, 1, 0)), [1], false);
    }
  }
};

const indexPut: Emit = (lowering, inputs, { attributes }) => {
  const [x, rows] = inputs.slice(0, 2).map(lowering.term) as [Term, Term];
  const indices = inputs.slice(2);
  const places = placesOf(lowering, x, indices);
  const adds = attributes['accumulate'] === true;
  if (places.kind === 'labels' && x.shape.length === 2) {
    const hot = oneHot(places.labels, x.shape[1]!, 1, 0);
    const number = filledWith(rows);
    const background = filledWith(x);
    if (!adds && number !== null && background !== null) return cast(oneHot(places.labels, x.shape[1]!, number, background), x.dtype);
    const source = number === null ? reshape(rows, [x.shape[0]!, 1]) : fill(number, [], x.dtype);
    return adds ? binary('add', x, binary('mul', hot, source)) : where(asBool(hot), source, x);
  }
  if (places.kind === 'mask' && !adds) {
    const mask = asBool(detach(lowering.term(places.mask.mask)));
    const laid = reshape(mask, [...mask.shape, ...x.shape.slice(mask.shape.length).map(() => 1)]);
    const source = sameRow(rows, x, indices.length);
    return where(laid, source, x);
  }
  throw new NotSaid('writing to rows at computed positions');
};

/** What is written where each masked place gets the same. */
function sameRow(rows: Term, x: Term, indexed: number): Term {
  const number = filledWith(rows);
  if (number !== null) return fill(number, [], x.dtype);
  if (rows.op === 'broadcastTo') {
    const inner = rows.args[0] as Term;
    const lead = rows.shape.length - inner.shape.length;
    if (lead >= 1 || inner.shape[0] === 1) {
      const rest = x.shape.slice(indexed);
      return broadcastTo(reshape(inner, broadcastShapes(inner.shape.slice(Math.max(1 - lead, 0)), [])), rest);
    }
  }
  throw new NotSaid('writing different numbers to masked places');
}

const hot: Emit = (lowering, inputs, { attributes }) => oneHot(lowering.term(inputs[0]!), attributes['classes'] as number, 1, 0);

const nonzero: Emit = (lowering, inputs, content) => {
  if (content.kernel === 'Nonzero' && content.shape[1] !== 1) throw new NotSaid('positions in several dimensions');
  const mask = inputs[0] as Reading;
  return reshape(positions(lowering, { mask, positions: content, column: 0 }), content.shape);
};

export const indexing: Readonly<Record<string, Emit>> = {
  Gather: gather,
  Scatter: scatter,
  ScatterAdd: scatterAdd,
  IndexSelect: indexSelect,
  IndexFill: indexFill,
  MaskedFill: maskedFill,
  Index: index,
  IndexPut: indexPut,
  OneHot: hot,
  Nonzero: nonzero,
  FlatNonzero: nonzero,
};
