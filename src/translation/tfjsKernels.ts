/** How each traced operation is said in tfjs. What is not here cannot be translated. */
import { elementCount } from '../tensor/shapes';
import type { Attribute } from '../tensor/recording';
import { classLosses } from './tfjsClassLosses';
import { indexing } from './tfjsIndexing';
import type { Lowering } from './tfjsLowering';
import {
  asBool,
  binary,
  cast,
  concat,
  detach,
  fill,
  filledWith,
  notLive,
  NotSaid,
  oneHot,
  reduce,
  reshape,
  slice,
  term,
  type Term,
  type TfDtype,
  transpose,
  unary,
  where,
} from './tfjsTerms';
import type { Content, Reading } from './tfjsTrace';

export type Emit = (lowering: Lowering, inputs: readonly (Reading | number)[], content: Content) => Term;

type OnTerms = (operands: readonly Term[], content: Content) => Term;

const onTerms =
  (emit: OnTerms): Emit =>
  (lowering, inputs, content) =>
    emit(inputs.map(lowering.term), content);

const number = (attribute: Attribute | undefined): number => attribute as number;
const numbers = (attribute: Attribute | undefined): readonly number[] => attribute as readonly number[];

const typeOf = ({ dtype }: Content): TfDtype => (dtype === 'bool' ? 'bool' : /float/.test(dtype) ? 'float32' : 'int32');

/** An operation on floating numbers, also where the code handed over whole ones. */
const float = (x: Term): Term => cast(x, 'float32');

const elementwise = (op: string): Emit => onTerms(([x]) => unary(op, float(x!)));

const arithmetic = (op: string, ofBool: string | null = null): Emit =>
  onTerms(([a, b], content) => {
    if (typeOf(content) === 'bool') {
      if (ofBool === null) throw new NotSaid(`${op} of truth values`);
      return binary(ofBool, asBool(a!), asBool(b!), 'bool');
    }
    return binary(op, a!, b!);
  });

/** Comparisons have no gradient, and tfjs has none registered for them: what is compared is cut off. */
const comparison = (op: string): Emit => onTerms(([a, b]) => binary(op, detach(a!), detach(b!), 'bool'));

const test = (op: string): Emit => onTerms(([x]) => unary(op, detach(float(x!)), 'bool'));

const logic = (op: string): Emit => onTerms(([a, b]) => binary(op, asBool(detach(a!)), asBool(detach(b!)), 'bool'));

const reduction = (op: string): Emit =>
  onTerms(([x], { attributes }) => reduce(op, x!, numbers(attributes['dims']), attributes['keepdim'] === true));

/** Along the last dimension, which is the only one that tfjs has the operation for. */
function lastAxis(op: string): Emit {
  return onTerms(([x], { attributes }) => {
    const source = float(x!);
    const last = source.shape.length - 1;
    const dim = number(attributes['dim']);
    const along = (y: Term): Term => term(op, [y], y.shape, 'float32');
    if (dim === last) return along(source);
    const swap = source.shape.map((_, d) => (d === dim ? last : d === last ? dim : d));
    return transpose(along(transpose(source, swap)), swap);
  });
}

const scaled = (op: string, factor: number): Emit => onTerms(([x]) => binary('mul', unary(op, float(x!)), fill(factor, [], 'float32')));

const clip: OnTerms = (operands, { attributes }) => {
  const x = operands[0]!;
  if (operands.length === 2) return binary(attributes['side'] === 'min' ? 'maximum' : 'minimum', x, operands[1]!);
  const low = number(attributes['low']);
  const high = number(attributes['high']);
  if (x.op === 'oneHot') {
    const [labels, depth, on, off] = x.args as readonly [Term, number, number, number];
    const limited = (value: number): number => Math.min(Math.max(value, low), high);
    return oneHot(labels, depth, limited(on), limited(off));
  }
  if (high === Infinity) return binary('maximum', x, fill(low, [], 'float32'));
  if (low === -Infinity) return binary('minimum', x, fill(high, [], 'float32'));
  return term('clipByValue', [x, low, high], x.shape, x.dtype);
};

const power: OnTerms = ([base, exponent]) => {
  const by = filledWith(exponent!);
  if (by === 1) return base!;
  if (by === 2) return unary('square', base!);
  if (by === 0.5) return unary('sqrt', float(base!));
  return binary('pow', float(base!), float(exponent!));
};

const divide: OnTerms = ([a, b], { attributes }) => {
  if (attributes['rounding'] !== undefined) throw new NotSaid('division that rounds towards zero');
  // tfjs divides whole numbers by whole numbers without the fraction.
  return binary('div', float(a!), float(b!));
};

/** x · (1/y) is x/y. */
const multiply: OnTerms = ([a, b], content) => {
  if (typeOf(content) === 'bool') return binary('logicalAnd', asBool(a!), asBool(b!), 'bool');
  if (a!.op === 'reciprocal') return binary('div', b!, a!.args[0] as Term);
  return b!.op === 'reciprocal' ? binary('div', a!, b!.args[0] as Term) : binary('mul', a!, b!);
};

/** q (log q − x), with nothing where q is 0. */
const divergence: OnTerms = ([x, q]) => {
  const [, , on, off] = q!.args as readonly [unknown, unknown, number, number];
  const alwaysPositive = q!.op === 'oneHot' && on > 0 && off > 0;
  const zero = fill(0, [], 'float32');
  const safe = alwaysPositive ? q! : where(binary('greater', q!, zero, 'bool'), q!, fill(1, [], 'float32'));
  return binary('mul', q!, binary('sub', unary('log', safe), x!));
};

/**
 * −t·log p − (1 − t)·log(1 − p), the logarithms no lower than −100, as in torch. Where p is 0 or 1 exactly the logarithm is not taken at all:
 * its slope there is infinite, and the zero that it is multiplied by makes it NaN.
 */
const binaryCrossEntropy: OnTerms = ([p, t]) => {
  const zero = fill(0, [], 'float32');
  const one = fill(1, [], 'float32');
  const least = fill(-100, [], 'float32');
  const logWhere = (inside: Term, otherwise: Term, log: (x: Term) => Term): Term =>
    where(inside, binary('maximum', log(where(inside, p!, otherwise)), least), least);
  const positive = binary(
    'mul',
    t!,
    logWhere(binary('greater', detach(p!), zero, 'bool'), one, (x) => unary('log', x)),
  );
  const negative = binary(
    'mul',
    binary('sub', one, t!),
    logWhere(binary('less', detach(p!), one, 'bool'), zero, (x) => unary('log1p', unary('neg', x))),
  );
  return unary('neg', binary('add', positive, negative));
};

const xlogy: OnTerms = ([a, b]) => {
  const isZero = binary('equal', detach(a!), fill(0, [], 'float32'), 'bool');
  return binary('mul', a!, unary('log', where(isZero, fill(1, [], 'float32'), float(b!))));
};

const spread =
  (root: boolean): OnTerms =>
  ([x], { attributes }) => {
    const dims = numbers(attributes['dims']);
    const count = elementCount(dims.map((d) => x!.shape[d]!));
    const squares = unary('square', binary('sub', x!, reduce('mean', x!, dims, true)));
    const total = reduce('sum', squares, dims, attributes['keepdim'] === true);
    const variance =
      number(attributes['divisor']) === count
        ? reduce('mean', squares, dims, attributes['keepdim'] === true)
        : binary('div', total, fill(number(attributes['divisor']), [], 'float32'));
    return root ? unary('sqrt', variance) : variance;
  };

const norm: OnTerms = ([x], { attributes }) => {
  const p = number(attributes['p']);
  if (p !== 1 && p !== 2) throw new NotSaid(`the ${p}-norm`);
  const total = reduce('sum', unary(p === 2 ? 'square' : 'abs', x!), numbers(attributes['dims']), attributes['keepdim'] === true);
  return p === 2 ? unary('sqrt', total) : total;
};

/** What falls off at the end comes back at the start. */
const roll: OnTerms = ([x], { attributes }) => {
  const shifts = numbers(attributes['shifts']);
  return numbers(attributes['dims']).reduce((rolled, dim, k) => {
    const size = rolled.shape[dim]!;
    const shift = ((shifts[k]! % size) + size) % size;
    if (shift === 0) return rolled;
    const part = (from: number, count: number): Term =>
      slice(
        rolled,
        rolled.shape.map((_, d) => (d === dim ? from : 0)),
        rolled.shape.with(dim, count),
      );
    return concat([part(size - shift, shift), part(0, size - shift)], dim);
  }, x!);
};

const matrixProduct: OnTerms = ([a, b], { shape }) => term('matMul', [a!, b!], shape, 'float32');

const argument = (op: string): Emit =>
  onTerms(([x], { attributes, shape }) => {
    const dims = numbers(attributes['dims']);
    if (dims.length !== 1) throw new NotSaid(`${op} over several dimensions at once`);
    const source = detach(float(x!));
    const along = dims[0]! === source.shape.length - 1 ? -1 : dims[0]!;
    return reshape(term(op, [source, along], source.shape.toSpliced(dims[0]!, 1), 'int32'), shape);
  });

const whole = (x: Term): Term => x;

export const kernels: Readonly<Record<string, Emit | undefined>> = {
  ...classLosses,
  ...indexing,
  Clone: onTerms(([x]) => whole(x!)),
  AsStrided: onTerms(([x]) => whole(x!)),
  ToCopy: onTerms(([x], content) => cast(x!, typeOf(content))),

  Add: arithmetic('add', 'logicalOr'),
  Sub: arithmetic('sub'),
  Rsub: arithmetic('sub'),
  Mul: onTerms(multiply),
  Div: onTerms(divide),
  Maximum: arithmetic('maximum', 'logicalOr'),
  Minimum: arithmetic('minimum', 'logicalAnd'),
  Pow: onTerms(power),
  Xlogy: onTerms(xlogy),
  Clamp: onTerms(clip),
  Where: onTerms(([c, a, b]) => where(c!, a!, b!)),
  KlDiv: onTerms(divergence),
  BinaryCrossEntropy: onTerms(binaryCrossEntropy),

  Neg: onTerms(([x]) => unary('neg', x!)),
  Abs: onTerms(([x]) => unary('abs', x!)),
  Sign: onTerms(([x]) => unary('sign', x!)),
  Exp: elementwise('exp'),
  Expm1: elementwise('expm1'),
  Log: elementwise('log'),
  Log1P: elementwise('log1p'),
  Log2: scaled('log', 1 / Math.LN2),
  Log10: scaled('log', 1 / Math.LN10),
  Sqrt: elementwise('sqrt'),
  Rsqrt: elementwise('rsqrt'),
  Reciprocal: elementwise('reciprocal'),
  Sin: elementwise('sin'),
  Cos: elementwise('cos'),
  Tanh: elementwise('tanh'),
  Sigmoid: elementwise('sigmoid'),
  Relu: elementwise('relu'),
  LogSigmoid: elementwise('logSigmoid'),
  Erf: elementwise('erf'),
  Floor: elementwise('floor'),
  Ceil: elementwise('ceil'),
  Softplus: onTerms(([x], { attributes }) => {
    if (attributes['beta'] !== 1) throw new NotSaid('softplus with a beta of its own');
    return unary('softplus', x!);
  }),

  Eq: comparison('equal'),
  Ne: comparison('notEqual'),
  Lt: comparison('less'),
  Le: comparison('lessEqual'),
  Gt: comparison('greater'),
  Ge: comparison('greaterEqual'),
  LogicalAnd: logic('logicalAnd'),
  LogicalOr: logic('logicalOr'),
  LogicalXor: logic('logicalXor'),
  LogicalNot: onTerms(([x]) => unary('logicalNot', asBool(detach(x!)), 'bool')),
  Bitwise_and: bitwise('logicalAnd'),
  Bitwise_or: bitwise('logicalOr'),
  Bitwise_xor: bitwise('logicalXor'),
  Isnan: test('isNaN'),
  Isinf: test('isInf'),
  Isfinite: test('isFinite'),

  Sum: reduction('sum'),
  Mean: reduction('mean'),
  Prod: reduction('prod'),
  Max: reduction('max'),
  Amax: reduction('max'),
  Min: reduction('min'),
  Amin: reduction('min'),
  Logsumexp: reduction('logSumExp'),
  Any: onTerms(([x], { attributes }) =>
    notLive(reduce('any', asBool(detach(x!)), numbers(attributes['dims']), attributes['keepdim'] === true)),
  ),
  All: onTerms(([x], { attributes }) =>
    notLive(reduce('all', asBool(detach(x!)), numbers(attributes['dims']), attributes['keepdim'] === true)),
  ),
  CountNonzero: onTerms(([x], { attributes }) => {
    const present = x!.dtype === 'bool' ? x! : binary('notEqual', detach(x!), fill(0, [], 'float32'), 'bool');
    return reduce('sum', present, numbers(attributes['dims']), false, 'int32');
  }),
  Var: onTerms(spread(false)),
  Std: onTerms(spread(true)),
  LinalgVectorNorm: onTerms(norm),
  Argmax: argument('argMax'),
  Argmin: argument('argMin'),

  LogSoftmax: lastAxis('logSoftmax'),
  Softmax: lastAxis('softmax'),

  Cat: onTerms((parts, { attributes }) => concat(parts, number(attributes['dim']))),
  Roll: onTerms(roll),
  Cumsum: onTerms(([x], { attributes }) => term('cumsum', [x!, number(attributes['dim'])], x!.shape, x!.dtype)),
  Flip: onTerms(([x], { attributes }) => term('reverse', [x!, numbers(attributes['dims'])], x!.shape, x!.dtype)),
  Mm: onTerms(matrixProduct),
  Bmm: onTerms(matrixProduct),
  Dot: onTerms(([a, b]) => reduce('sum', binary('mul', a!, b!), [0], false)),
};

function bitwise(op: string): Emit {
  return onTerms(([a, b], content) => {
    if (typeOf(content) !== 'bool') throw new NotSaid('operations on the bits of whole numbers');
    return binary(op, asBool(a!), asBool(b!), 'bool');
  });
}
