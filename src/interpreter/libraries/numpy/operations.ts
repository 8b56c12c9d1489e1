/** numpy's functions and array methods, over the tensor room. */
import * as c from '../../../tensor/comparison';
import * as make from '../../../tensor/creation';
import { type Dtype, isIntegralDtype } from '../../../tensor/dtype';
import * as e from '../../../tensor/elementwise';
import * as x from '../../../tensor/extremes';
import { copyInto } from '../../../tensor/inplace';
import * as join from '../../../tensor/joining';
import { einsum, matmul } from '../../../tensor/matmul';
import * as r from '../../../tensor/reductions';
import { noGrad } from '../../../tensor/run';
import * as s from '../../../tensor/scatter';
import type { Tensor } from '../../../tensor/tensor';
import * as views from '../../../tensor/views';
import { TensorError } from '../../../tensor/errors';
import type { Context } from '../../context';
import { exceptionClass } from '../../exceptions';
import { nativeClass, type Operation } from '../../library';
import type { Arguments } from '../../signature';
import { bool, type ClassValue, int, list, NONE, tuple, type Value } from '../../value';
import { arrayFromData, binary, type BinaryRule, binaryValue, inFloats, type Operand, operandOf, promote } from './arrays';
import { dtypeArgument, resultValue, shapeTuple } from './scalars';
import { nestedList } from '../torch/conversion';
import { scalarValue } from '../torch/operation';
import { NDARRAY } from '../torch/tensors';

/** 'n name' is numpy.name, 'a name' a method of ndarray. */
const owners: Readonly<Record<string, string>> = { n: 'numpy', a: 'numpy.ndarray', l: 'numpy.linalg' };

function operation(where: string, signature: string | readonly string[], call: Operation['call']): Operation {
  const spellings = where.split(',').flatMap((part) => {
    const [letters = '', name = ''] = part.trim().split(' ');
    return Array.from(letters).map((letter) => `${owners[letter]!}.${name}`);
  });
  const name = where.split(',')[0]!.trim().split(' ')[1]!;
  const page = spellings[0]!.startsWith('numpy.ndarray') ? `numpy.ndarray.${name}` : spellings[0]!;
  return {
    name: `numpy.${name}`,
    spellings,
    signature,
    call: (context, args) => noGrad(() => inNumpysErrors(context, () => call(context, args))),
    docs: `https://numpy.org/doc/stable/reference/generated/${page}.html`,
  };
}

export const AXIS_ERROR: ClassValue = nativeClass(
  'numpy.exceptions.AxisError',
  [exceptionClass('ValueError'), exceptionClass('IndexError')],
  {},
  { sealed: true },
);

/** What torch calls a RuntimeError is a ValueError in numpy, and a wrong dimension an AxisError. */
export function inNumpysErrors<T>(context: Context, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof TensorError)) throw error;
    if (error.type === 'IndexError' && error.message.startsWith('Dimension out of range'))
      return context.raiseClass(AXIS_ERROR, error.message);
    return context.raise(error.type === 'RuntimeError' ? 'ValueError' : error.type, error.message);
  }
}

const newArray = (tensor: Tensor): Value => ({ kind: 'tensor', tensor, class: NDARRAY, attributes: new Map() });

function operand(context: Context, args: Arguments, name: string): Operand {
  const value = args.value(name);
  return operandOf(context, value) ?? context.raise('TypeError', `unsupported operand type for numpy: '${context.typeOf(value).name}'`);
}

const array = (context: Context, args: Arguments, name = 'a'): Tensor => operand(context, args, name).tensor;

const optionalDtype = (context: Context, args: Arguments): Dtype | null =>
  args.optional('dtype') === null ? null : dtypeArgument(context, args.value('dtype'));

const axes = (args: Arguments): number[] | null => args.intsOrNull('axis');

// ------------------------------------------------------------------------------------------------------ elementwise

const unary = (where: string, compute: (a: Tensor) => Tensor, floats = true): Operation =>
  operation(where, 'a|x, *, out=None, where=True, dtype=None', (context, args) => {
    const input = array(context, args);
    return resultValue(compute(floats ? make.to(input, inFloats(input.dtype)) : input));
  });

const numeric = (dtype: Dtype): Dtype => (dtype === 'bool' ? 'int64' : dtype);

const rules: Readonly<Record<string, BinaryRule>> = {
  add: { compute: e.add },
  subtract: { compute: e.sub },
  multiply: { compute: e.mul },
  divide: { compute: (a, b) => e.div(a, b), domain: inFloats },
  floor_divide: { compute: e.floorDivide, domain: numeric },
  remainder: { compute: e.remainder, domain: numeric },
  fmod: { compute: e.fmod, domain: numeric },
  power: { compute: e.pow, domain: numeric },
  maximum: { compute: e.maximum },
  minimum: { compute: e.minimum },
  arctan2: { compute: e.atan2, domain: inFloats },
  logaddexp: { compute: e.logaddexp, domain: inFloats },
  equal: { compute: c.eq },
  not_equal: { compute: c.ne },
  less: { compute: c.lt },
  less_equal: { compute: c.le },
  greater: { compute: c.gt },
  greater_equal: { compute: c.ge },
  logical_and: { compute: c.logicalAnd },
  logical_or: { compute: c.logicalOr },
  logical_xor: { compute: c.logicalXor },
  bitwise_and: { compute: c.bitwiseAnd },
  bitwise_or: { compute: c.bitwiseOr },
  bitwise_xor: { compute: c.bitwiseXor },
  left_shift: { compute: c.bitwiseLeftShift },
  right_shift: { compute: c.bitwiseRightShift },
};

const aliases: Readonly<Record<string, readonly string[]>> = {
  divide: ['true_divide'],
  remainder: ['mod'],
  power: ['float_power'],
  maximum: ['fmax'],
  minimum: ['fmin'],
};

export const binaryRules = rules;

const binaryFunctions: readonly Operation[] = Object.entries(rules).map(([name, rule]) =>
  operation([name, ...(aliases[name] ?? [])].map((n) => `n ${n}`).join(', '), 'a|x1, b|x2, *, out=None, dtype=None', (context, args) =>
    binaryValue(context, rule, operand(context, args, 'a'), operand(context, args, 'b')),
  ),
);

// ------------------------------------------------------------------------------------------------------- reductions

const reduction = (
  where: string,
  compute: (input: Tensor, axes: number[] | null, keepdims: boolean, dtype: Dtype | null, args: Arguments) => Tensor,
): Operation =>
  operation(where, 'a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True, ddof|correction=0', (context, args) =>
    resultValue(compute(array(context, args), axes(args), args.bool('keepdims'), optionalDtype(context, args), args)),
  );

/** min, max, any, all: their third positional parameter is `out`. */
const plainReduction = (where: string, compute: (input: Tensor, axes: number[] | null, keepdims: boolean) => Tensor): Operation =>
  operation(where, 'a, axis=None, out=None, keepdims=False, initial=None, where=True', (context, args) =>
    resultValue(compute(array(context, args), axes(args), args.bool('keepdims'))),
  );

const argReduction = (where: string, compute: (input: Tensor, axis: number | null, keepdims: boolean) => Tensor): Operation =>
  operation(where, 'a, axis=None, out=None, *, keepdims=False', (context, args) =>
    resultValue(compute(array(context, args), args.intOrNull('axis'), args.bool('keepdims'))),
  );

const inFloatsTensor = (input: Tensor): Tensor => make.to(input, inFloats(input.dtype));

function product(input: Tensor, over: number[] | null, keepdims: boolean, dtype: Dtype | null): Tensor {
  if (over === null) return r.prod(input, null, keepdims, dtype ?? undefined);
  const [axis = 0] = over;
  return r.prod(input, axis, keepdims, dtype ?? undefined);
}

function median(input: Tensor, axis: number | null, keepdims: boolean): Tensor {
  const source = inFloatsTensor(axis === null ? views.flatten(input) : input);
  const d = axis ?? 0;
  const n = source.shape.at(d)!;
  const sorted = x.sort(source, d).values;
  const middle = e.add(views.select(sorted, d, (n - 1) >> 1), views.select(sorted, d, n >> 1));
  const half = e.div(middle, { kind: 'float', value: 2 });
  return keepdims ? views.unsqueeze(half, d) : half;
}

// --------------------------------------------------------------------------------------------------------- creation

const filled = (name: string, fill: (shape: readonly number[], dtype: Dtype) => Tensor): Operation =>
  operation(`n ${name}`, "shape, dtype=None, order='C', *, like=None, device=None", (context, args) =>
    newArray(fill(args.ints('shape'), optionalDtype(context, args) ?? 'float64')),
  );

const like = (name: string, fill: (shape: readonly number[], dtype: Dtype) => Tensor): Operation =>
  operation(`n ${name}`, "a, dtype=None, order='K', subok=True, shape=None", (context, args) => {
    const input = array(context, args);
    return newArray(fill(args.intsOrNull('shape') ?? input.shape, optionalDtype(context, args) ?? input.dtype));
  });

function arange(context: Context, args: Arguments): Value {
  const given = ['start', 'stop', 'step'].map((name) => (args.given(name) ? args.optional(name) : null));
  const [first, second, third] = given.map((value) => (value === null ? null : operandOf(context, value)));
  if (!first) return context.raise('TypeError', 'arange() requires stop to be specified.');
  const scalarOf = (o: Operand | null | undefined, fallback: number): { kind: 'int' | 'float'; value: number } => {
    const number = o?.tensor;
    if (number === undefined) return { kind: 'int', value: fallback };
    return { kind: isIntegralDtype(number.dtype) ? 'int' : 'float', value: make.toArray(number)[0] ?? fallback };
  };
  const [start, stop] = !second ? [scalarOf(null, 0), scalarOf(first, 0)] : [scalarOf(first, 0), scalarOf(second, 0)];
  const step = scalarOf(third, 1);
  const natural: Dtype = [start, stop, step].some(({ kind }) => kind === 'float') ? 'float64' : 'int64';
  if ((stop.value - start.value) * step.value <= 0) return newArray(make.zeros([0], optionalDtype(context, args) ?? natural));
  return newArray(make.arange(start, stop, step, optionalDtype(context, args) ?? natural));
}

const several = (context: Context, args: Arguments, name = 'arrays'): Tensor[] => {
  const tensors = args.items(name).map((item) => arrayFromData(context, item, null));
  return tensors;
};

const joined = (where: string, signature: string, compute: (tensors: Tensor[], args: Arguments) => Tensor): Operation =>
  operation(where, signature, (context, args) => newArray(compute(several(context, args), args)));

/** Shape given as one tuple or as several ints: `a.reshape(2, 3)`. */
function shapeOf(args: Arguments): number[] {
  const [first] = args.rest;
  const items = args.rest.length === 1 && (first?.kind === 'tuple' || first?.kind === 'list') ? first.items : args.rest;
  return items.map((item) => (item.kind === 'int' ? Number(item.value) : 1));
}

export const numpyOperations: readonly Operation[] = [
  ...binaryFunctions,
  operation(
    'n array, n asarray, n asanyarray, n ascontiguousarray',
    "a|object, dtype=None, *, copy=..., order='K', ndmin=0, like=None, device=None",
    (context, args) => {
      const data = args.value('a');
      const dtype = optionalDtype(context, args);
      if (data.kind === 'tensor' && data.tensor.requiresGrad) {
        context.raise('RuntimeError', "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.");
      }
      const made = arrayFromData(context, data, dtype);
      return newArray(data.kind === 'tensor' && made === data.tensor && !args.given('copy') ? make.clone(made) : made);
    },
  ),
  filled('zeros', make.zeros),
  filled('ones', make.ones),
  filled('empty', make.empty),
  operation('n full', "shape, fill_value, dtype=None, order='C'", (context, args) => {
    const fill = operand(context, args, 'fill_value');
    const target = make.zeros(args.ints('shape'), optionalDtype(context, args) ?? fill.tensor.dtype);
    return newArray(copyInto(target, fill.tensor));
  }),
  like('zeros_like', make.zeros),
  like('ones_like', make.ones),
  like('empty_like', make.empty),
  operation('n full_like', 'a, fill_value, dtype=None', (context, args) => {
    const input = array(context, args);
    return newArray(copyInto(make.zeros(input.shape, optionalDtype(context, args) ?? input.dtype), array(context, args, 'fill_value')));
  }),
  operation('n arange', 'start=..., stop=..., step=..., dtype=None', arange),
  operation('n linspace', 'start, stop, num=50, endpoint=True, retstep=False, dtype=None', (context, args) => {
    const [start, stop, num] = [args.float('start'), args.float('stop'), args.int('num')];
    const end = args.bool('endpoint') ? stop : start + ((stop - start) * (num - 1)) / num;
    return newArray(make.linspace(start, end, num, optionalDtype(context, args) ?? 'float64'));
  }),
  operation('n eye, n identity', 'N|n, M=None, k=0, dtype=None', (context, args) =>
    newArray(make.eye(args.int('N'), args.intOrNull('M') ?? args.int('N'), optionalDtype(context, args) ?? 'float64')),
  ),
  operation('n copy, a copy', "a, order='K'", (context, args) => newArray(make.clone(array(context, args)))),

  unary('n exp', e.exp),
  unary('n expm1', e.expm1),
  unary('n exp2', e.exp2),
  unary('n log', e.log),
  unary('n log2', e.log2),
  unary('n log10', e.log10),
  unary('n log1p', e.log1p),
  unary('n sqrt', e.sqrt),
  unary('n sin', e.sin),
  unary('n cos', e.cos),
  unary('n tan', e.tan),
  unary('n arcsin', e.asin),
  unary('n arccos', e.acos),
  unary('n arctan', e.atan),
  unary('n sinh', e.sinh),
  unary('n cosh', e.cosh),
  unary('n tanh', e.tanh),
  unary('n rint', (a) => e.round(a)),
  unary('n fabs', e.abs),
  unary('n square', e.square, false),
  unary('n abs, n absolute', e.abs, false),
  unary('n negative', e.neg, false),
  unary('n sign', e.sign, false),
  unary('n floor', e.floor, false),
  unary('n ceil', e.ceil, false),
  unary('n trunc', e.trunc, false),
  unary('n reciprocal', e.reciprocal),
  unary('n isnan', c.isnan, false),
  unary('n isinf', c.isinf, false),
  unary('n isfinite', c.isfinite, false),
  unary('n logical_not', c.logicalNot, false),
  unary('n invert, n bitwise_not', c.bitwiseNot, false),
  operation('na round, n around', 'a, decimals=0, out=None', (context, args) => {
    const input = array(context, args);
    return resultValue(isIntegralDtype(input.dtype) ? input : e.round(input, args.int('decimals')));
  }),
  operation('na clip', 'a, a_min|min=None, a_max|max=None, out=None', (context, args) => {
    const bound = (name: string): Operand | null => (args.optional(name) === null ? null : operand(context, args, name));
    const [low, high] = [bound('a_min'), bound('a_max')];
    const raised =
      low === null
        ? operand(context, args, 'a')
        : { tensor: binary(context, rules['maximum']!, operand(context, args, 'a'), low), weak: null };
    return high === null ? resultValue(raised.tensor) : binaryValue(context, rules['minimum']!, raised, high);
  }),
  operation('n where', 'condition, x=..., y=...', (context, args) => {
    const condition = make.to(array(context, args, 'condition'), 'bool');
    if (!args.given('x')) return tuple(views.unbind(s.nonzero(condition), 1).map(newArray));
    return resultValue(
      binary(context, { compute: (a, b) => e.where(condition, a, b) }, operand(context, args, 'x'), operand(context, args, 'y')),
    );
  }),
  operation('n nan_to_num', 'a|x, copy=True, nan=0.0, posinf=None, neginf=None', (context, args) =>
    resultValue(e.nanToNum(array(context, args), args.float('nan'), args.floatOrNull('posinf'), args.floatOrNull('neginf'))),
  ),

  reduction('na sum', (a, over, keep, dtype) => r.sum(a, over, keep, dtype ?? undefined)),
  reduction('na mean, n average', (a, over, keep, dtype) => r.mean(inFloatsTensor(a), over, keep, dtype ?? undefined)),
  reduction('na prod', product),
  reduction('na std', (a, over, keep, _, args) => r.standardDeviation(inFloatsTensor(a), over, args.float('ddof'), keep)),
  reduction('na var', (a, over, keep, _, args) => r.variance(inFloatsTensor(a), over, args.float('ddof'), keep)),
  reduction('n nansum', (a, over, keep) => r.nansum(a, over, keep)),
  reduction('n nanmean', (a, over, keep) => r.nanmean(inFloatsTensor(a), over, keep)),
  plainReduction('na max, n amax', (a, over, keep) => x.amax(a, over, keep)),
  plainReduction('na min, n amin', (a, over, keep) => x.amin(a, over, keep)),
  plainReduction('na any', (a, over, keep) => c.any(a, over, keep)),
  plainReduction('na all', (a, over, keep) => c.all(a, over, keep)),
  argReduction('na argmax', (a, axis, keep) => x.argmax(a, axis, keep)),
  argReduction('na argmin', (a, axis, keep) => x.argmin(a, axis, keep)),
  argReduction('n median', median),
  operation('na cumsum', 'a, axis=None, dtype=None', (context, args) => {
    const axis = args.intOrNull('axis');
    const input = array(context, args);
    return newArray(r.cumsum(axis === null ? views.flatten(input) : input, axis ?? 0, optionalDtype(context, args) ?? undefined));
  }),
  operation('n count_nonzero', 'a, axis=None', (context, args) => resultValue(r.countNonzero(array(context, args), axes(args)))),
  operation('n allclose', 'a, b, rtol=1e-05, atol=1e-08, equal_nan=False', (context, args) => {
    const [a, b] = [array(context, args, 'a'), array(context, args, 'b')].map((t) => make.to(t, 'float64'));
    return bool(c.allclose(a!, b!, { rtol: args.float('rtol'), atol: args.float('atol'), equalNan: args.bool('equal_nan') }));
  }),
  operation('n isclose', 'a, b, rtol=1e-05, atol=1e-08, equal_nan=False', (context, args) => {
    const [a, b] = [array(context, args, 'a'), array(context, args, 'b')].map((t) => make.to(t, 'float64'));
    return resultValue(c.isclose(a!, b!, { rtol: args.float('rtol'), atol: args.float('atol'), equalNan: args.bool('equal_nan') }));
  }),
  operation('n array_equal', 'a, b', (context, args) => {
    const [a, b] = [array(context, args, 'a'), array(context, args, 'b')].map((t) => make.to(t, 'float64'));
    return bool(c.equal(a!, b!));
  }),

  operation('a reshape', "a, *shape, order='C'", (context, args) => newArray(views.reshape(array(context, args), shapeOf(args)))),
  operation('n reshape', "a, shape|newshape, order='C'", (context, args) =>
    newArray(views.reshape(array(context, args), args.ints('shape'))),
  ),
  operation('na ravel', "a, order='C'", (context, args) => newArray(views.reshape(array(context, args), [-1]))),
  operation('a flatten', "a, order='C'", (context, args) => newArray(make.clone(views.reshape(array(context, args), [-1])))),
  operation('a transpose', 'a, *axes', (context, args) => {
    const input = array(context, args);
    return newArray(args.rest.length === 0 ? views.reverseDims(input) : views.permute(input, shapeOf(args)));
  }),
  operation('n transpose', 'a, axes=None', (context, args) => {
    const order = args.intsOrNull('axes');
    const input = array(context, args);
    return newArray(order === null ? views.reverseDims(input) : views.permute(input, order));
  }),
  operation('na swapaxes', 'a, axis1, axis2', (context, args) =>
    newArray(views.transpose(array(context, args), args.int('axis1'), args.int('axis2'))),
  ),
  operation('n moveaxis', 'a, source, destination', (context, args) =>
    newArray(views.movedim(array(context, args), args.ints('source'), args.ints('destination'))),
  ),
  operation('na squeeze', 'a, axis=None', (context, args) => newArray(views.squeeze(array(context, args), axes(args)))),
  operation('n expand_dims', 'a, axis', (context, args) => newArray(views.unsqueeze(array(context, args), args.int('axis')))),
  operation('n broadcast_to', 'a, shape', (context, args) => newArray(views.expand(array(context, args), args.ints('shape')))),
  joined('n concatenate', 'arrays, axis=0, out=None, *, dtype=None', (tensors, args) => {
    const axis = args.intOrNull('axis');
    return axis === null ? join.cat(tensors.map((t) => views.flatten(t))) : join.cat(tensors, axis);
  }),
  joined('n stack', 'arrays, axis=0, out=None', (tensors, args) => join.stack(tensors, args.int('axis'))),
  joined('n vstack, n row_stack', 'arrays', (tensors) => join.vstack(tensors)),
  joined('n hstack', 'arrays', (tensors) => join.hstack(tensors)),
  joined('n column_stack', 'arrays', (tensors) => join.columnStack(tensors)),
  operation('n tile', 'a, reps', (context, args) => newArray(join.tile(array(context, args), args.ints('reps')))),
  operation('na repeat', 'a, repeats, axis=None', (context, args) => {
    const repeats = args.value('repeats');
    const counts = repeats.kind === 'int' ? Number(repeats.value) : array(context, args, 'repeats');
    return newArray(join.repeatInterleave(array(context, args), counts, args.intOrNull('axis')));
  }),
  operation('n flip', 'a, axis=None', (context, args) => {
    const input = array(context, args);
    return newArray(join.flip(input, axes(args) ?? input.shape.map((_, d) => d)));
  }),
  operation('n fliplr', 'a', (context, args) => newArray(join.fliplr(array(context, args)))),
  operation('n flipud', 'a', (context, args) => newArray(join.flipud(array(context, args)))),
  operation('n roll', 'a, shift, axis=None', (context, args) =>
    newArray(join.roll(array(context, args), args.ints('shift'), axes(args) ?? [])),
  ),
  operation('n sort', 'a, axis=-1', (context, args) => newArray(x.sort(array(context, args), args.int('axis')).values)),
  operation('a sort', 'a, axis=-1', (context, args) => {
    const input = array(context, args);
    copyInto(input, x.sort(input, args.int('axis')).values);
    return NONE;
  }),
  operation('na argsort', 'a, axis=-1', (context, args) => newArray(x.argsort(array(context, args), args.int('axis')))),
  operation('n unique', 'a, return_index=False, return_inverse=False, return_counts=False', (context, args) => {
    if (args.bool('return_index')) return context.unsupported('numpy.unique(return_index=True)');
    const { values, inverse, counts } = x.unique(array(context, args));
    const extra = [...(args.bool('return_inverse') ? [inverse] : []), ...(args.bool('return_counts') ? [counts] : [])];
    return extra.length === 0 ? newArray(values) : tuple([values, ...extra].map(newArray));
  }),
  operation('na nonzero', 'a', (context, args) => tuple(views.unbind(s.nonzero(array(context, args)), 1).map(newArray))),
  operation('n argwhere', 'a', (context, args) => newArray(s.nonzero(array(context, args)))),
  operation('n bincount', 'a|x, weights=None, minlength=0', (context, args) =>
    newArray(
      x.bincount(array(context, args), args.optional('weights') === null ? null : array(context, args, 'weights'), args.int('minlength')),
    ),
  ),
  operation('na take', 'a, indices, axis=None', (context, args) => {
    const input = array(context, args);
    const axis = args.intOrNull('axis');
    const at = array(context, args, 'indices');
    if (axis === null) return resultValue(s.take(input, at));
    const picked = s.indexSelect(input, axis, views.reshape(at, [-1]));
    return resultValue(at.shape.length === 0 ? views.squeeze(picked, [axis]) : picked);
  }),
  operation('n take_along_axis', 'a, indices, axis=-1', (context, args) => {
    const [input, indices, axis] = [array(context, args), array(context, args, 'indices'), args.intOrNull('axis')];
    if (axis !== null && input.shape.length !== indices.shape.length)
      context.raise('ValueError', '`indices` and `arr` must have the same number of dimensions');
    return newArray(s.takeAlongDim(input, indices, axis));
  }),
  operation('n put_along_axis', 'a, indices, values, axis', (context, args) => {
    const input = array(context, args);
    const at = array(context, args, 'indices');
    const source = make.to(views.expand(array(context, args, 'values'), at.shape), input.dtype);
    copyInto(input, s.scatter(input, args.int('axis'), at, source));
    return NONE;
  }),
  operation('na diagonal', 'a, offset=0', (context, args) => newArray(views.diagonal(array(context, args), args.int('offset')))),
  operation('n diag', 'a|v, k=0', (context, args) => newArray(join.diag(array(context, args), args.int('k')))),
  operation('n tril', 'a|m, k=0', (context, args) => newArray(join.triangle(array(context, args), true, args.int('k')))),
  operation('n triu', 'a|m, k=0', (context, args) => newArray(join.triangle(array(context, args), false, args.int('k')))),
  operation('na trace', 'a', (context, args) => resultValue(r.sum(join.diag(array(context, args))))),
  operation('na dot, n matmul, n inner', 'a, b', (context, args) => {
    const [a, b] = [operand(context, args, 'a'), operand(context, args, 'b')];
    if (a.tensor.shape.length === 0 || b.tensor.shape.length === 0) return binaryValue(context, rules['multiply']!, a, b);
    const dtype = promote(a.tensor.dtype, b.tensor.dtype);
    return resultValue(matmul(make.to(a.tensor, dtype), make.to(b.tensor, dtype)));
  }),
  operation('n outer', 'a, b', (context, args) =>
    resultValue(
      e.mul(views.unsqueeze(views.flatten(array(context, args, 'a')), 1), views.unsqueeze(views.flatten(array(context, args, 'b')), 0)),
    ),
  ),
  operation('l norm', 'a|x, ord=None, axis=None, keepdims=False', (context, args) =>
    resultValue(r.norm(inFloatsTensor(array(context, args)), args.floatOrNull('ord') ?? 2, axes(args), args.bool('keepdims'))),
  ),
  operation('n split, n array_split', 'a, indices_or_sections, axis=0', (context, args) => {
    const given = args.value('indices_or_sections');
    const amount = given.kind === 'int' ? Number(given.value) : args.ints('indices_or_sections');
    return list(views.tensorSplit(array(context, args), amount, args.int('axis')).map(newArray));
  }),
  operation('n meshgrid', "*arrays, indexing='xy'", (context, args) => {
    const tensors = args.rest.map((value) => arrayFromData(context, value, null));
    return tuple(join.meshgrid(tensors, args.string('indexing') === 'ij' ? 'ij' : 'xy').map(newArray));
  }),
  operation('n ndim', 'a', (context, args) => int(array(context, args).shape.length)),
  operation('n shape', 'a', (context, args) => shapeTuple(array(context, args).shape)),
  operation('n size', 'a', (context, args) => int(array(context, args).shape.reduce((p, n) => p * n, 1))),
  operation('n isscalar', 'a', (_, args) => bool(args.value('a').kind === 'float' || args.value('a').kind === 'int')),

  operation('a astype', 'a, dtype, copy=True', (context, args) =>
    resultValue(make.to(array(context, args), dtypeArgument(context, args.value('dtype')), true)),
  ),
  operation('a item', 'a, *index', (context, args) => {
    const input = array(context, args);
    const [first] = args.rest;
    const one =
      first === undefined ? input : s.take(input, make.fromNumbers([Number(first.kind === 'int' ? first.value : 0)], [1], 'int64'));
    if (make.toArray(one).length !== 1) return context.raise('ValueError', 'can only convert an array of size 1 to a Python scalar');
    return scalarValue(make.item(one));
  }),
  operation('n einsum', 'subscripts, *operands', (context, args) =>
    resultValue(
      einsum(
        args.string('subscripts'),
        args.rest.map((value) => arrayFromData(context, value, null)),
      ),
    ),
  ),
  operation('a tolist', 'a', (context, args) => nestedList(array(context, args))),
  operation('a fill', 'a, value', (context, args) => {
    copyInto(array(context, args), array(context, args, 'value'));
    return NONE;
  }),
];
