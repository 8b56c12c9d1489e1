/** What is known of a value that is not there, and what the operations of the libraries make of it. */
import type { Place } from '../provenance';
import type { Layer } from './layers';
import type { UnknownValue, Value } from '../value';
import { NONE as none, bigintOf, int, numberOf } from '../value';

/** What an operation made a tensor to be. */
export type Nature = 'softmax' | 'logSoftmax' | 'sigmoid' | 'indices' | 'oneHot' | 'smoothed' | 'scores';

/** What the class of the label holds, and what each other class holds. */
export interface Levels {
  readonly on: number;
  readonly off: number;
}

/** A number that an operation filled up a tensor with. */
export interface Filling {
  readonly value: number;
  readonly at: Place;
}

export interface Facts {
  /** Sizes by axis, ints with their ways; null for a size that is not known. Absent where the rank is not known either. */
  readonly sizes?: readonly (Value | null)[];
  /** Size of the last axis, where the rank is not known. */
  readonly lastSize?: Value;
  readonly isTensor?: true;
  readonly nature?: Nature;
  /** Where it was made to be that. */
  readonly natureAt?: Place;
  /** The axis of the softmax, as written; null for the library's choice. */
  readonly axis?: number | null;
  /** Of a tensor that holds one number throughout, but for the classes of the labels. */
  readonly levels?: Levels;
  /** Numbers that were written into parts of it, all of them still there: paddings of labels, places that a mask names. */
  readonly filled?: readonly Filling[];
  /** A loss of torch's averaged it over its rows. */
  readonly isMean?: true;
  /** It is the size of the first axis of this one. */
  readonly lengthOf?: Value;
  /** It was read as an attribute of this one. */
  readonly member?: { readonly of: UnknownValue; readonly name: string };
  /** It is one of these: branches that were taken both ways, entries of a table whose key is not known. */
  readonly alternatives?: readonly Value[];
  /** A foreign library was handed this and gave it back changed (`DataParallel(model)`, `jit(step)`). */
  readonly wraps?: Value;
  /** A table whose keys are not known: one of its items. */
  readonly items?: Value;
  /** It is a layer, or a model made of layers, of a library that is not interpreted. */
  readonly layer?: Layer;
  /** Size of the last axis of what calling it gives: the head that the program put on a foreign model. */
  readonly gives?: Value;
}

export const factsOf = (value: Value): Facts | null => (value.kind === 'unknown' ? (value.facts ?? null) : null);

/** What tensors were made with: sizes have a way there, where a tensor's own shape has none. */
const madeWith = new WeakMap<object, Facts>();

/** Keeps with what sizes, and of what numbers, a tensor was made. */
export function keepMaking(value: Value, call: OperationCall): void {
  if (value.kind !== 'tensor' || !keeping.has(call.name)) return;
  madeWith.set(value.tensor.cell, rules.get(call.name)!(call));
}

/** A tensor that is there was changed in place by what is not. */
export function changeTensor(value: Value, facts: Facts): void {
  if (value.kind === 'tensor') madeWith.set(value.tensor.cell, facts);
}

/** Parts of a tensor, there or not, are given other numbers. Where a bounded stretch of it is, what it was filled with may stand behind that; else it may be gone. */
export function writtenInto(object: Value, index: Value, filling: Filling | null): void {
  const facts = made(object);
  const parts = index.kind === 'tuple' ? index.items : [index];
  const isStretch = parts.some((part) => part.kind === 'slice' && (part.start.kind !== 'none' || part.stop.kind !== 'none'));
  if (index.kind === 'str' || (facts?.filled === undefined && filling === null)) return;
  const filled = [...(isStretch ? (facts?.filled ?? []) : []), ...(filling === null ? [] : [filling])];
  const after = { ...withoutFillings(facts ?? {}), ...(filled.length > 0 ? { filled } : {}) };
  if (object.kind === 'unknown') Object.assign(object, { facts: after });
  else changeTensor(object, after);
}

/** What is known of a tensor, there or not, besides its shape. */
function made(value: Value | null): Facts | null {
  if (value === null) return null;
  return value.kind === 'tensor' ? (madeWith.get(value.tensor.cell) ?? null) : factsOf(value);
}

/** What is known of the numbers of a tensor, there or not. */
export const contentOf = (value: Value): Facts | null => made(value);

/** Sizes of a tensor, there or not; null where the rank is not known. */
export function sizesOf(value: Value): readonly (Value | null)[] | null {
  if (value.kind === 'tensor') {
    const sizes = madeWith.get(value.tensor.cell)?.sizes;
    return value.tensor.shape.map((size, axis) => {
      const known = sizes?.[axis];
      return known !== undefined && known !== null && bigintOf(known) === BigInt(size) ? known : int(size);
    });
  }
  return factsOf(value)?.sizes ?? null;
}

export function lastSizeOf(value: Value): Value | null {
  const sizes = sizesOf(value);
  if (sizes !== null) return sizes.at(-1) ?? null;
  return factsOf(value)?.lastSize ?? null;
}

/** The same tensor as far as its shape goes. */
function shapeFacts(value: Value): Facts {
  const sizes = sizesOf(value);
  const lastSize = lastSizeOf(value);
  return { isTensor: true, ...(sizes !== null ? { sizes } : lastSize !== null ? { lastSize } : {}) };
}

/** What is left where the numbers may be any. */
export const shapeAlone = ({ sizes, lastSize }: Facts): Facts => ({
  isTensor: true,
  ...(sizes ? { sizes } : {}),
  ...(lastSize ? { lastSize } : {}),
});

/** All but what parts of it were filled with. */
export function withoutFillings(facts: Facts): Facts {
  const { filled, ...others } = facts;
  return filled === undefined ? facts : others;
}

export interface OperationCall {
  /** The operation's plain name: `softmax`, `log_softmax`, `view`. */
  readonly name: string;
  /** The receiver of a method first. */
  readonly args: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  readonly place: Place;
}

type Rule = (call: OperationCall) => Facts;

const numberOfInt = (value: Value | undefined | null): number | null => {
  const found = value === undefined || value === null ? null : bigintOf(value);
  return found === null ? null : Number(found);
};

const argument = ({ args, keywords }: OperationCall, position: number, ...names: readonly string[]): Value | null =>
  names.map((name) => keywords.get(name)).find((value) => value !== undefined) ?? args[position] ?? null;

const input = (call: OperationCall): Value | null => argument(call, 0, 'input', 'x', 'logits', 'a', 'inputs', 'tensor');

/** Pointwise: the shape stays, what the numbers mean does not. */
const pointwise: Rule = (call) => {
  const value = input(call);
  return value === null ? { isTensor: true } : shapeFacts(value);
};

/** Another device, dtype or memory: all that is known stays. */
const same: Rule = (call) => ({ ...pointwise(call), ...contentLeft(input(call)) });

/** What the numbers are, where they stay what they are. */
function contentLeft(value: Value | null): Facts {
  const { nature, natureAt, axis, levels, filled } = made(value) ?? {};
  return {
    ...(nature ? { nature } : {}),
    ...(natureAt ? { natureAt } : {}),
    ...(axis !== undefined ? { axis } : {}),
    ...(levels ? { levels } : {}),
    ...(filled ? { filled } : {}),
  };
}

/** With one more number in it, in parts that the operation names. What stood there before may be gone: only what is written now is known to be there. */
const filledWith =
  (shape: Rule, fill: (call: OperationCall) => Value | null): Rule =>
  (call) => {
    const value = numberOf(fill(call) ?? none);
    return { ...shape(call), ...(value === null ? {} : { filled: [{ value, at: call.place }] }) };
  };

/** The sizes that are padded are not known any more. */
const padded: Rule = (call) => {
  const sizes = sizesOf(input(call) ?? int(0));
  const mode = argument(call, 2, 'mode');
  const isConstant = mode === null || (mode.kind === 'str' && mode.value === 'constant') || call.keywords.has('constant_values');
  const shape: Facts = sizes === null ? { isTensor: true } : { isTensor: true, sizes: sizes.map(() => null) };
  const value = isConstant ? numberOf(argument(call, 3, 'value', 'constant_values') ?? none) : null;
  const before = made(input(call))?.filled ?? [];
  const filled = value === null ? before : [...before, { value, at: call.place }];
  return { ...shape, ...(filled.length > 0 ? { filled } : {}) };
};

/** What is joined to others stays in what is made. */
const fillingsOf = (parts: readonly Value[]): Facts => {
  const filled = parts.flatMap((part) => made(part)?.filled ?? []);
  return filled.length > 0 ? { filled: filled.filter((one, i) => filled.findIndex(({ at }) => at === one.at) === i) } : {};
};

/** Labels as rows of two numbers: one-hot, or smoothed where each class has its share. */
function ofLevels(levels: Levels, natureAt: Place | undefined): Facts {
  const { on, off } = levels;
  const nature: Nature | null = off > 0 && on > off ? 'smoothed' : on === 1 && off === 0 ? 'oneHot' : null;
  return { levels, ...(nature === null ? {} : { nature, ...(natureAt ? { natureAt } : {}) }) };
}

/** A tensor of one number throughout. */
const constant =
  (shape: Rule, fill: (call: OperationCall) => Value | number | null): Rule =>
  (call) => {
    const given = fill(call);
    const number = typeof given === 'number' || given === null ? given : numberOf(given);
    return {
      ...shape(call),
      ...(number === null ? {} : { levels: { on: number, off: number }, filled: [{ value: number, at: call.place }] }),
    };
  };

/** A number written where the labels' classes are, into a tensor of one number. */
const scattered: Rule = (call) => {
  const value = input(call);
  const number = numberOf(argument(call, 3, 'value', 'src') ?? none);
  const levels = made(value)?.levels;
  if (number === null || levels === undefined || levels.on !== levels.off || call.keywords.has('reduce')) return pointwise(call);
  return { ...pointwise(call), ...ofLevels({ on: number, off: levels.off }, call.place) };
};

const chosen: Rule = (call) => {
  const levels = made(argument(call, 0, 'condition'))?.levels;
  const [on, off] = [numberOf(argument(call, 1, 'input', 'x') ?? none), numberOf(argument(call, 2, 'other', 'y') ?? none)];
  const isMask = levels !== undefined && levels.on === 1 && levels.off === 0;
  const written = [on, off].filter((value) => value !== null);
  // Of two numbers and a condition both are there, or one of them is.
  if (!isMask && written.length === 1) return { ...pointwise(call), filled: [{ value: written[0]!, at: call.place }] };
  return { ...pointwise(call), ...(isMask && on !== null && off !== null ? ofLevels({ on, off }, call.place) : {}) };
};

type Arithmetic = '+' | '-' | '*' | '/';

const combined =
  (operator: Arithmetic): Rule =>
  (call) => {
    const [left, right] = [input(call), argument(call, 1, 'other', 'y', 'value')];
    return { ...pointwise(call), ...(left === null || right === null ? {} : contentOfArithmetic(operator, left, right, call.place)) };
  };

/** What arithmetic makes of labels that are rows of two numbers. */
function contentOfArithmetic(operator: string, left: Value, right: Value, place: Place): Facts {
  const [a, b] = [made(left), made(right)];
  const [x, y] = [numberOf(left), numberOf(right)];
  const compute = arithmetic.get(operator);
  if (compute === undefined) return {};
  const at = a?.natureAt ?? b?.natureAt;
  // The place where one-hots become something else tells more than where they were made.
  if (a?.levels !== undefined && y !== null)
    return ofLevels({ on: compute(a.levels.on, y), off: compute(a.levels.off, y) }, a.nature === 'smoothed' ? at : place);
  if (b?.levels !== undefined && x !== null)
    return ofLevels({ on: compute(x, b.levels.on), off: compute(x, b.levels.off) }, b.nature === 'smoothed' ? at : place);
  // Mixed by shares that are not known: what is smoothed stays so.
  const isShare = (value: Value): boolean => value.kind === 'unknown' && value.facts?.isTensor !== true;
  const kept = (facts: Facts): Facts => ({ nature: 'smoothed', ...(facts.natureAt ? { natureAt: facts.natureAt } : {}) });
  if (operator === '*' && a?.nature === 'smoothed' && isShare(right)) return kept(a);
  if (operator === '*' && b?.nature === 'smoothed' && isShare(left)) return kept(b);
  if (operator === '+' && a?.nature === 'smoothed' && b?.nature === 'smoothed') return kept(a);
  return {};
}

const arithmetic: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['+', (a: number, b: number) => a + b],
  ['-', (a: number, b: number) => a - b],
  ['*', (a: number, b: number) => a * b],
  ['/', (a: number, b: number) => a / b],
]);

/** Accelerate's, of all processes, gathers a tensor as it is; torch's, by an index, picks from it. */
const gathered: Rule = (call) => (call.args.length === 1 && call.keywords.size === 0 ? same(call) : pointwise(call));

/** Rows in another order. */
const reordered: Rule = (call) => {
  const axis = argument(call, 1, 'dims', 'dim', 'axis');
  const only = axis !== null && (axis.kind === 'tuple' || axis.kind === 'list') && axis.items.length === 1 ? axis.items[0]! : axis;
  return numberOfInt(only) === 0 ? same(call) : pointwise(call);
};

const normalised =
  (nature: Nature): Rule =>
  (call) => ({
    ...pointwise(call),
    nature,
    natureAt: call.place,
    axis: numberOfInt(argument(call, 1, 'dim', 'axis')),
  });

const logarithm: Rule = (call) => {
  const value = input(call);
  const facts = value === null ? null : factsOf(value);
  if (facts?.nature !== 'softmax') return pointwise(call);
  return { ...pointwise(call), nature: 'logSoftmax', ...(facts.natureAt ? { natureAt: facts.natureAt } : {}), axis: facts.axis ?? null };
};

const exponential: Rule = (call) => {
  const value = input(call);
  const facts = value === null ? null : factsOf(value);
  if (facts?.nature !== 'logSoftmax') return pointwise(call);
  return { ...pointwise(call), nature: 'softmax', ...(facts.natureAt ? { natureAt: facts.natureAt } : {}), axis: facts.axis ?? null };
};

const indices: Rule = (call) => ({ ...pointwise(call), ...fillingsOf([input(call) ?? none]), nature: 'indices' });

/** One axis fewer, by an index of the largest. */
const picked: Rule = (call) => {
  const value = input(call);
  const sizes = value === null ? null : sizesOf(value);
  const axis = numberOfInt(argument(call, 1, 'dim', 'axis'));
  if (sizes === null || axis === null) return { isTensor: true, nature: 'indices' };
  return { isTensor: true, nature: 'indices', sizes: without(sizes, axis) };
};

function without<T>(sizes: readonly T[], axis: number): readonly T[] {
  const at = axis < 0 ? axis + sizes.length : axis;
  return sizes.filter((_, i) => i !== at);
}

/** Replaces the size of the last axis. */
function withLast(value: Value | null, last: Value | null): Facts {
  const sizes = value === null ? null : sizesOf(value);
  if (sizes !== null && sizes.length > 0) return { isTensor: true, sizes: [...sizes.slice(0, -1), last] };
  return { isTensor: true, ...(last !== null ? { lastSize: last } : {}) };
}

const linear: Rule = (call) => ({
  ...withLast(input(call), sizesFirst(argument(call, 1, 'weight'))),
  nature: 'scores',
  natureAt: call.place,
});
const sizesFirst = (weight: Value | null): Value | null => (weight === null ? null : (sizesOf(weight)?.[0] ?? null));

const product: Rule = (call) => withLast(input(call), lastSizeOf(argument(call, 1, 'other', 'mat2', 'b') ?? int(0)));

const lookedUp: Rule = (call) => {
  const labels = sizesOf(input(call) ?? int(0));
  const width = lastSizeOf(argument(call, 1, 'weight') ?? int(0));
  if (labels !== null) return { isTensor: true, sizes: [...labels, width] };
  return { isTensor: true, ...(width === null ? {} : { lastSize: width }) };
};

const convolved: Rule = (call) => {
  const weight = sizesOf(argument(call, 1, 'weight') ?? int(0));
  if (weight === null) return { isTensor: true };
  return { isTensor: true, sizes: [sizesOf(input(call) ?? int(0))?.[0] ?? null, weight[0] ?? null, ...weight.slice(2).map(() => null)] };
};

const pooled: Rule = (call) => {
  const sizes = sizesOf(input(call) ?? int(0));
  return sizes === null ? { isTensor: true } : { isTensor: true, sizes: sizes.map((size, i) => (i < 2 ? size : null)) };
};

const oneHot: Rule = (call) => {
  const labels = sizesOf(input(call) ?? int(0));
  const classes = argument(call, 1, 'num_classes', 'depth');
  const last = classes !== null && (numberOfInt(classes) ?? -1) >= 0 ? classes : null;
  const facts: Facts = { isTensor: true, nature: 'oneHot', natureAt: call.place, levels: { on: 1, off: 0 } };
  if (labels !== null) return { ...facts, sizes: [...labels, last] };
  return last === null ? facts : { ...facts, lastSize: last };
};

const reshaped: Rule = (call) => {
  const [, first, ...more] = call.args;
  const given =
    first !== undefined && (first.kind === 'tuple' || first.kind === 'list') ? first.items : first === undefined ? [] : [first, ...more];
  const named = call.keywords.get('shape') ?? call.keywords.get('size');
  const wanted = named !== undefined && (named.kind === 'tuple' || named.kind === 'list') ? named.items : given;
  if (wanted.length === 0) return { isTensor: true };
  return { isTensor: true, sizes: wanted.map((size) => ((numberOfInt(size) ?? -1) >= 0 ? size : null)), ...contentLeft(input(call)) };
};

/** The same numbers in another shape. */
const sameNumbers =
  (shape: Rule): Rule =>
  (call) => ({ ...shape(call), ...fillingsOf([input(call) ?? none]) });

const flattened: Rule = (call) => {
  const sizes = sizesOf(input(call) ?? int(0));
  const start = numberOfInt(argument(call, 1, 'start_dim')) ?? 0;
  if (sizes === null) return start === 1 ? { isTensor: true, sizes: [null, null] } : { isTensor: true };
  const end = numberOfInt(argument(call, 2, 'end_dim')) ?? -1;
  const from = start < 0 ? start + sizes.length : start;
  const to = end < 0 ? end + sizes.length : end;
  const joined = sizes.slice(from, to + 1);
  return { isTensor: true, sizes: [...sizes.slice(0, from), joined.length === 1 ? joined[0]! : null, ...sizes.slice(to + 1)] };
};

const swapped: Rule = (call) => {
  const value = input(call) ?? int(0);
  const sizes = sizesOf(value);
  const [a, b] = [numberOfInt(argument(call, 1, 'dim0')), numberOfInt(argument(call, 2, 'dim1'))];
  if (sizes === null || a === null || b === null) return { isTensor: true };
  const [i, j] = [a < 0 ? a + sizes.length : a, b < 0 ? b + sizes.length : b];
  const moved = [...sizes];
  [moved[i], moved[j]] = [sizes[j] ?? null, sizes[i] ?? null];
  return { ...same(call), sizes: moved };
};

const permuted: Rule = (call) => {
  const sizes = sizesOf(input(call) ?? int(0));
  const [, first, ...more] = call.args;
  const order =
    first !== undefined && (first.kind === 'tuple' || first.kind === 'list') ? first.items : first === undefined ? [] : [first, ...more];
  const axes = order.map((axis) => numberOfInt(axis));
  if (sizes === null || axes.some((axis) => axis === null)) return { isTensor: true };
  return { ...same(call), sizes: axes.map((axis) => sizes[axis! < 0 ? axis! + sizes.length : axis!] ?? null) };
};

const unsqueezed: Rule = (call) => {
  const sizes = sizesOf(input(call) ?? int(0));
  const axis = numberOfInt(argument(call, 1, 'dim', 'axis'));
  if (sizes === null || axis === null) return { isTensor: true };
  const at = axis < 0 ? axis + sizes.length + 1 : axis;
  return { ...same(call), sizes: [...sizes.slice(0, at), int(1), ...sizes.slice(at)] };
};

const squeezed: Rule = (call) => {
  const sizes = sizesOf(input(call) ?? int(0));
  const axis = numberOfInt(argument(call, 1, 'dim', 'axis'));
  if (sizes === null || axis === null) {
    const lastSize = lastSizeOf(input(call) ?? int(0));
    return { isTensor: true, ...(lastSize === null ? {} : { lastSize }) };
  }
  return { ...same(call), sizes: without(sizes, axis) };
};

const reduced: Rule = (call) => {
  const value = input(call) ?? int(0);
  const sizes = sizesOf(value);
  const axis = argument(call, 1, 'dim', 'axis');
  if (axis === null || axis.kind === 'none') return { isTensor: true, sizes: [] };
  const keeps = argument(call, 2, 'keepdim', 'keepdims');
  const at = numberOfInt(axis);
  if (keeps !== null && keeps.kind === 'bool' && keeps.value) return pointwise(call);
  if (sizes === null || at === null) return { isTensor: true };
  return { isTensor: true, sizes: without(sizes, at) };
};

const joined: Rule = (call) => {
  const parts = argument(call, 0, 'tensors');
  const [first] = parts !== null && (parts.kind === 'list' || parts.kind === 'tuple') ? parts.items : [];
  const axis = numberOfInt(argument(call, 1, 'dim', 'axis')) ?? 0;
  const sizes = first === undefined ? null : sizesOf(first);
  const fillings = fillingsOf(partsOf(parts));
  if (sizes === null) return { isTensor: true, ...fillings };
  const at = axis < 0 ? axis + sizes.length : axis;
  return { isTensor: true, sizes: sizes.map((size, i) => (i === at ? null : size)), ...fillings };
};

const partsOf = (parts: Value | null): readonly Value[] =>
  parts !== null && (parts.kind === 'list' || parts.kind === 'tuple') ? parts.items : [];

const stacked: Rule = (call) => ({ isTensor: true, ...fillingsOf(partsOf(argument(call, 0, 'tensors', 'arrays'))) });

/** Tensors made of a size: those too large to be made here. */
const created: Rule = (call) => {
  const [first, ...more] = call.args;
  const given =
    first !== undefined && (first.kind === 'tuple' || first.kind === 'list') ? first.items : first === undefined ? [] : [first, ...more];
  const named = call.keywords.get('size');
  const wanted = named !== undefined && (named.kind === 'tuple' || named.kind === 'list') ? named.items : given;
  return { isTensor: true, sizes: wanted.map((size) => (bigintOf(size) !== null ? size : null)) };
};

/** torch's losses give a number, unless they are told to leave the rows alone. */
const lossOfTorch: Rule = (call) => {
  const given = call.keywords.get('reduction');
  const isOld = call.keywords.has('reduce') || call.keywords.has('size_average') || call.args.length > 2;
  const reduction = isOld ? 'none' : given === undefined ? 'mean' : given.kind === 'str' ? given.value : 'none';
  const isReduced = reduction !== 'none';
  const isMean = reduction === 'mean';
  return { isTensor: true, ...(isReduced ? { sizes: [] } : {}), ...(isMean ? { isMean: true } : {}) };
};

/** `len(x)`, `x.size(0)`. */
const length: Rule = (call) => {
  const [of, axis] = call.args;
  return of === undefined || (axis !== undefined && numberOfInt(axis) !== 0) ? {} : { lengthOf: of };
};

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...'cross_entropy nll_loss binary_cross_entropy binary_cross_entropy_with_logits kl_div mse_loss l1_loss smooth_l1_loss'
    .split(' ')
    .map((name) => [name, lossOfTorch] as const),
  ['len', length],
  ['size', (call) => (call.args.length === 2 ? length(call) : {})],
  ...(
    'relu gelu silu elu selu leaky_relu relu6 hardtanh tanh dropout clamp clip layer_norm ' +
    'batch_norm group_norm instance_norm normalize neg abs sqrt square rand_like randn_like empty_like pow scatter_add index_fill uniform_ normal_ ' +
    'kaiming_uniform_ kaiming_normal_ xavier_uniform_ xavier_normal_ trunc_normal_ constant_ zeros_ ones_ roll sort'
  )
    .split(' ')
    .map((name) => [name, pointwise] as const),
  ...'to float double half bfloat16 cuda cpu detach detach_ contiguous clone type requires_grad_ data numpy Parameter gather_for_metrics npu xpu cast stop_gradient identity type_as'
    .split(' ')
    .map((name) => [name, same] as const),
  ...'from_numpy as_tensor tensor LongTensor'.split(' ').map((name) => [name, same] as const),
  ['softmax', normalised('softmax')],
  ['log_softmax', normalised('logSoftmax')],
  ['softmin', normalised('softmax')],
  ['sigmoid', normalised('sigmoid')],
  ['expit', normalised('sigmoid')],
  ['log', logarithm],
  ['exp', exponential],
  ['long', indices],
  ['int', indices],
  ['argmax', picked],
  ['argmin', picked],
  ['linear', linear],
  ['matmul', product],
  ['mm', product],
  ['bmm', product],
  ['__matmul__', product],
  ['dot', product],
  ['embedding', lookedUp],
  ...'conv1d conv2d conv3d'.split(' ').map((name) => [name, convolved] as const),
  ...'max_pool1d max_pool2d avg_pool1d avg_pool2d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool2d interpolate upsample'
    .split(' ')
    .map((name) => [name, pooled] as const),
  ['one_hot', oneHot],
  ['eye', created],
  ['view', reshaped],
  ['reshape', reshaped],
  ['flatten', sameNumbers(flattened)],
  ['ravel', sameNumbers(flattened)],
  ['transpose', swapped],
  ['swapaxes', swapped],
  ['permute', permuted],
  ['unsqueeze', unsqueezed],
  ['expand_dims', unsqueezed],
  ['squeeze', sameNumbers(squeezed)],
  ['mean', reduced],
  ['sum', reduced],
  ['amax', reduced],
  ['logsumexp', reduced],
  ...'cat concat concatenate'.split(' ').map((name) => [name, joined] as const),
  ['stack', stacked],
  ['pad', padded],
  ...'masked_fill masked_fill_'.split(' ').map((name) => [name, filledWith(pointwise, (call) => argument(call, 2, 'value'))] as const),
  [
    'new_full',
    filledWith(
      () => ({ isTensor: true }),
      (call) => argument(call, 2, 'fill_value'),
    ),
  ],
  ...'empty randn rand randint new_empty'.split(' ').map((name) => [name, created] as const),
  ['zeros', constant(created, () => 0)],
  ['ones', constant(created, () => 1)],
  ['full', constant(created, (call) => argument(call, 1, 'fill_value'))],
  ['zeros_like', constant(pointwise, () => 0)],
  ['ones_like', constant(pointwise, () => 1)],
  ['full_like', constant(pointwise, (call) => argument(call, 1, 'fill_value'))],
  ['fill_', constant(pointwise, (call) => argument(call, 1, 'value'))],
  ['zero_', constant(pointwise, () => 0)],
  ['scatter', scattered],
  ['scatter_', scattered],
  ['where', chosen],
  ['flip', reordered],
  ['gather', gathered],
  ...(
    [
      ['+', 'add add_'],
      ['-', 'sub sub_ subtract'],
      ['*', 'mul mul_ multiply'],
      ['/', 'div div_ true_divide divide'],
    ] as const
  ).flatMap(([operator, names]) => names.split(' ').map((name) => [name, combined(operator)] as const)),
]);

/** Operations after which a tensor that is there is told by what it was made of. */
const keeping: ReadonlySet<string> = new Set([
  ...'empty zeros ones randn rand randint full new_empty eye'.split(' '),
  ...'zeros_like ones_like full_like'.split(' '),
  ...[...rules].filter(([, rule]) => rule === same || rule === indices).map(([name]) => name),
  ...'stack cat flatten pad'.split(' '),
]);

/** What an operation of this name makes of what is known of its arguments; nothing where the name is not one of these. */
export const factsOfOperation = (call: OperationCall): Facts => rules.get(call.name)?.(call) ?? {};

/** What indexing leaves of a tensor that is not there. */
export function factsOfItem(value: Value, index: Value): Facts {
  const facts = factsOf(value);
  if (facts?.isTensor !== true) return {};
  // A row, a part: what the whole was filled with is in it or in another one. What a mask picks may be just what is left.
  const isPart = (part: Value): boolean => ['int', 'slice', 'none', 'ellipsis'].includes(part.kind);
  const isPlain = (index.kind === 'tuple' ? index.items : [index]).every(isPart);
  return { ...shapeOfItem(facts, value, index), ...(isPlain && facts.filled ? { filled: facts.filled } : {}) };
}

function shapeOfItem(facts: Facts, value: Value, index: Value): Facts {
  const parts = index.kind === 'tuple' ? index.items : [index];
  const sizes = facts.sizes;
  if (parts.some((part) => part.kind === 'ellipsis')) {
    const after = parts.slice(parts.findIndex((part) => part.kind === 'ellipsis') + 1);
    const keepsLast = after.length === 0;
    return keepsLast && lastSizeOf(value) !== null ? { isTensor: true, lastSize: lastSizeOf(value)! } : { isTensor: true };
  }
  const isWhole = (part: Value) => part.kind === 'slice' && part.start.kind === 'none' && part.stop.kind === 'none';
  if (sizes === undefined) {
    // `x[:, 0]`, `x[mask]` of a rank that is not known: the last axis is not touched where nothing but leading axes are.
    const keepsLast = parts.length === 1 || isWhole(parts.at(-1)!);
    return keepsLast && facts.lastSize !== undefined ? { isTensor: true, lastSize: facts.lastSize } : { isTensor: true };
  }
  const left: (Value | null)[] = [];
  let axis = 0;
  for (const part of parts) {
    if (part.kind === 'none') {
      left.push(int(1));
      continue;
    }
    const size = sizes[axis++] ?? null;
    if (part.kind === 'slice') left.push(isWhole(part) ? size : null);
    else if (part.kind !== 'int') left.push(null);
  }
  return { isTensor: true, sizes: [...left, ...sizes.slice(axis)] };
}

/** What arithmetic leaves: the shape of the larger operand, and rows of two numbers as such rows. */
export function factsOfArithmetic(operator: string, left: Value, right: Value, place: Place): Facts {
  const sized = [left, right].filter((value) => factsOf(value)?.isTensor === true || value.kind === 'tensor');
  if (sized.length === 0) return {};
  const rank = (value: Value) => sizesOf(value)?.length ?? -1;
  const [first, second] = sized;
  const larger = second !== undefined && rank(second) > rank(first!) ? second : first!;
  // A number with something whose rank is not known may be of any shape.
  const isOpen = (value: Value): boolean => value.kind === 'unknown' && sizesOf(value) === null;
  if (rank(larger) === 0 && (isOpen(left) || isOpen(right)))
    return { isTensor: true, ...contentOfArithmetic(operator, left, right, place) };
  return { ...shapeFacts(larger), ...contentOfArithmetic(operator, left, right, place) };
}
