import assert from 'node:assert/strict';
import { fromNumbers, toArray } from '../../../src/tensor/creation';
import type { Dtype } from '../../../src/tensor/dtype';
import { add, div, floorDivide, maximum, mul, neg, pow, remainder, round, sub, where } from '../../../src/tensor/elementwise';
import { inPlace } from '../../../src/tensor/inplace';
import { boolScalar, floatScalar, intScalar, type Operand, promoteTypes, resultType } from '../../../src/tensor/promotion';
import { mean, sum } from '../../../src/tensor/reductions';
import { withTensors } from '../../../src/tensor/run';
import type { Tensor } from '../../../src/tensor/tensor';

const vector = (dtype: Dtype, ...numbers: number[]) => fromNumbers(numbers, [numbers.length], dtype);
const zeroDim = (dtype: Dtype, number: number) => fromNumbers([number], [], dtype);

describe('type promotion', () => {
  const pairs: readonly (readonly [Dtype, Dtype, Dtype])[] = [
    ['bool', 'uint8', 'uint8'],
    ['uint8', 'int8', 'int16'],
    ['uint8', 'int64', 'int64'],
    ['int64', 'float16', 'float16'],
    ['float16', 'bfloat16', 'float32'],
    ['float32', 'float64', 'float64'],
    ['int32', 'int16', 'int32'],
  ];
  for (const [a, b, expected] of pairs) {
    it(`${a} and ${b} make ${expected}`, () => {
      assert.equal(promoteTypes(a, b), expected);
      assert.equal(promoteTypes(b, a), expected);
    });
  }

  const operands: readonly (readonly [string, () => readonly Operand[], Dtype])[] = [
    ['a number without dimensions does not widen within its kind', () => [vector('float32', 1), zeroDim('float64', 1)], 'float32'],
    ['but one of a higher kind does', () => [vector('int64', 1), zeroDim('float32', 1)], 'float32'],
    ['a Python float makes integers float32', () => [vector('int32', 1), floatScalar(1)], 'float32'],
    ['a Python int keeps int16', () => [vector('int16', 1), intScalar(1)], 'int16'],
    ['a Python int makes bool int64', () => [vector('bool', 1), intScalar(1)], 'int64'],
    ['a Python float keeps float16', () => [vector('float16', 1), floatScalar(1)], 'float16'],
    ['a Python float beside a double without dimensions', () => [zeroDim('float64', 1), floatScalar(1)], 'float64'],
    ['a Python bool keeps uint8', () => [vector('uint8', 1), boolScalar(true)], 'uint8'],
  ];
  for (const [what, make, expected] of operands) {
    it(what, () => {
      withTensors(() => {
        assert.equal(resultType(...make()), expected);
      });
    });
  }
});

describe('arithmetic of types', () => {
  const table: readonly (readonly [string, () => Tensor, Dtype, readonly number[]])[] = [
    ['bool + bool stays bool', () => add(vector('bool', 1, 0), vector('bool', 1, 0)), 'bool', [1, 0]],
    ['int / int is float', () => div(vector('int64', 1, 3), intScalar(2)), 'float32', [0.5, 1.5]],
    ['// rounds down', () => floorDivide(vector('int64', 7, -7), intScalar(2)), 'int64', [3, -4]],
    ['% has the sign of the divisor', () => remainder(vector('int64', 7, -7), intScalar(3)), 'int64', [1, 2]],
    ['% of floats', () => remainder(vector('float32', -7.5), floatScalar(2)), 'float32', [0.5]],
    ['uint8 wraps', () => add(vector('uint8', 200), intScalar(100)), 'uint8', [44]],
    ['no integer is −0', () => neg(vector('int64', 0)), 'int64', [0]],
    ['int ** int', () => pow(vector('int64', 3), intScalar(2)), 'int64', [9]],
    ['the sum of bools counts', () => sum(vector('bool', 1, 0, 1)), 'int64', [2]],
    ['the sum of int32 is int64', () => sum(vector('int32', 1, 2)), 'int64', [3]],
    ['where promotes', () => where(vector('bool', 1, 0), vector('int64', 1, 2), floatScalar(0.5)), 'float32', [1, 0.5]],
    ['halves round to even, ties and all', () => round(vector('float32', 0.5, 1.5, -0.5, 2.5)), 'float32', [0, 2, -0, 2]],
    ['float16 rounds after each operation', () => mul(vector('float16', 1), floatScalar(0.1)), 'float16', [0.0999755859375]],
    ['NaN wins a maximum', () => maximum(vector('float32', NaN, 1), vector('float32', 0, NaN)), 'float32', [NaN, NaN]],
    ['float32 keeps what it can hold of a number', () => add(vector('float32', 0), floatScalar(0.1)), 'float32', [Math.fround(0.1)]],
  ];
  for (const [what, compute, dtype, numbers] of table) {
    it(what, () => {
      withTensors(() => {
        const result = compute();
        assert.equal(result.dtype, dtype);
        assert.deepEqual(toArray(result), numbers);
      });
    });
  }

  const refused: readonly (readonly [string, () => unknown, string, RegExp])[] = [
    ['bool − bool', () => sub(vector('bool', 1), vector('bool', 0)), 'RuntimeError', /two bool tensors is not supported/],
    ['1 − bool', () => sub(intScalar(1), vector('bool', 0)), 'RuntimeError', /with a bool tensor is not supported/],
    ['−bool', () => neg(vector('bool', 0)), 'RuntimeError', /Negation/],
    ['int // 0', () => floorDivide(vector('int64', 1), intScalar(0)), 'RuntimeError', /ZeroDivisionError/],
    ['int ** −1', () => pow(vector('int64', 2), intScalar(-1)), 'RuntimeError', /negative integer powers/],
    ['the mean of integers', () => mean(vector('int64', 1)), 'RuntimeError', /could not infer output dtype/],
    ['int += float', () => inPlace(vector('int64', 1), (a) => add(a, floatScalar(0.5))), 'RuntimeError', /result type Float can't be cast/],
    [
      'a += b of a larger shape',
      () => inPlace(vector('float32', 1), (a) => add(a, vector('float32', 1, 2))),
      'RuntimeError',
      /output with shape \[1\] doesn't match the broadcast shape \[2\]/,
    ],
    [
      'shapes that do not broadcast',
      () => add(vector('float32', 1, 2, 3), vector('float32', 1, 2)),
      'RuntimeError',
      /\(3\) must match .* \(2\)/,
    ],
  ];
  for (const [what, compute, type, message] of refused) {
    it(`${what} raises ${type}`, () => {
      withTensors(() => {
        assert.throws(compute, { name: 'TensorError', type, message });
      });
    });
  }
});
