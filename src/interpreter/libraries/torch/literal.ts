/** What `torch.tensor` and `numpy.array` make of Python data: nested sequences of numbers, tensors and arrays. */
import { fromNumbers, toArray } from '../../../tensor/creation';
import type { Dtype } from '../../../tensor/dtype';
import { promoteTypes } from '../../../tensor/promotion';
import type { Tensor } from '../../../tensor/tensor';
import type { Context } from '../../context';
import { type FloatValue, type IntValue, numberOf, type Value } from '../../value';

/** The dtype a numpy scalar class stands for; plain Python numbers have none. */
const scalarDtypes = new WeakMap<object, Dtype>();

export function registerScalarClass(cls: object, dtype: Dtype): void {
  scalarDtypes.set(cls, dtype);
}

export function scalarClassDtype(value: FloatValue | IntValue): Dtype | null {
  return value.class === null ? null : (scalarDtypes.get(value.class) ?? null);
}

interface Gathered {
  readonly shape: readonly number[];
  readonly numbers: number[];
  /** What the numbers are by themselves: null when there are none. */
  readonly kind: Dtype | null;
}

export interface LiteralRules {
  readonly floatDtype: Dtype;
  readonly ragged: (context: Context, expected: number, dim: number, got: number | null) => never;
  readonly invalid: (context: Context, value: Value) => never;
  /** For data nested deeper than any array: it holds itself, as a rule. */
  readonly tooDeep: (context: Context, value: Value) => never;
  readonly mostDims: number;
}

const torchRules: LiteralRules = {
  floatDtype: 'float32',
  mostDims: 128,
  tooDeep: (context, value) => context.raise('ValueError', `too many dimensions '${context.typeOf(value).name}'`),
  ragged: (context, expected, dim, got) =>
    got === null
      ? context.raise('TypeError', 'not a sequence')
      : context.raise('ValueError', `expected sequence of length ${expected} at dim ${dim} (got ${got})`),
  invalid: (context, value) => {
    if (value.kind === 'str') return context.raise('TypeError', "new(): invalid data type 'str'");
    if (value.kind === 'complex') return context.unsupported('complex tensors');
    return context.raise('RuntimeError', `Could not infer dtype of ${context.typeOf(value).name}`);
  },
};

/** Reads numbers out of nested data. `dtype` null infers it: float if any is, else int, else bool. */
export function tensorFromData(context: Context, data: Value, dtype: Dtype | null, rules: LiteralRules = torchRules): Tensor {
  const { shape, numbers, kind } = gather(context, data, rules);
  return fromNumbers(numbers, shape, dtype ?? kind ?? rules.floatDtype);
}

function gather(context: Context, data: Value, rules: LiteralRules): Gathered {
  const shape = shapeOf(context, data, rules);
  // Shared parts are read as often as they stand there: what they come to is counted before any of it is made.
  context.charge(shape.reduce((product, size) => product * size, 1));
  const numbers: number[] = [];
  let kind: Dtype | null = null;
  const see = (found: Dtype): void => {
    kind = kind === null ? found : promoteTypes(kind, found);
  };
  const visit = (value: Value, dim: number): void => {
    if (value.kind === 'tensor' && (dim === shape.length || value.tensor.shape.length > 0)) {
      const wanted = shape.slice(dim);
      const own = value.tensor.shape;
      const items = toArray(value.tensor);
      if (own.length !== wanted.length && items.length === 1 && wanted.length === 0) {
        numbers.push(items[0]!);
      } else if (own.length !== wanted.length || own.some((n, d) => n !== wanted[d])) {
        if (wanted.length === 0) context.raise('ValueError', 'only one element tensors can be converted to Python scalars');
        rules.ragged(context, wanted[0]!, dim, own[0] ?? null);
      } else for (const item of items) numbers.push(item);
      see(value.tensor.dtype);
      return;
    }
    if (dim < shape.length) {
      const items = sequenceItems(context, value);
      if (items === null || items.length !== shape[dim]) return rules.ragged(context, shape[dim]!, dim, items?.length ?? null);
      for (const item of items) visit(item, dim + 1);
      return;
    }
    const number = numberOf(value);
    if (number === null) {
      if (sequenceItems(context, value) !== null) rules.ragged(context, 0, dim, sequenceItems(context, value)!.length);
      return rules.invalid(context, value);
    }
    numbers.push(number);
    if (value.kind === 'float') see(scalarClassDtype(value) ?? rules.floatDtype);
    else if (value.kind === 'int') see(scalarClassDtype(value) ?? 'int64');
    else see('bool');
  };
  visit(data, 0);
  return { shape, numbers, kind };
}

/** The shape that the first elements say. */
function shapeOf(context: Context, data: Value, rules: LiteralRules): number[] {
  const shape: number[] = [];
  let value: Value | undefined = data;
  while (value !== undefined) {
    if (shape.length > rules.mostDims) return rules.tooDeep(context, value);
    if (value.kind === 'tensor') return [...shape, ...value.tensor.shape];
    const items = sequenceItems(context, value);
    if (items === null) break;
    shape.push(items.length);
    value = items[0];
  }
  return shape;
}

function sequenceItems(context: Context, value: Value): readonly Value[] | null {
  if (value.kind === 'list' || value.kind === 'tuple') return value.items;
  return value.kind === 'range' ? context.toArray(value) : null;
}
