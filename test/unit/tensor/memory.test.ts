import assert from 'node:assert/strict';
import { arange, clone, fromNumbers, to, toArray, zeros } from '../../../src/tensor/creation';
import { add, mul } from '../../../src/tensor/elementwise';
import { getIndex, type IndexPart, setIndex } from '../../../src/tensor/indexing';
import { copyInto, inPlace } from '../../../src/tensor/inplace';
import { intScalar, type Scalar } from '../../../src/tensor/promotion';
import { withTensors } from '../../../src/tensor/run';
import type { Tensor } from '../../../src/tensor/tensor';
import * as v from '../../../src/tensor/views';

const counting = (...shape: number[]): Tensor => {
  const count = shape.reduce((a, b) => a * b, 1);
  return v.view(to(arange(intScalar(0), intScalar(count), intScalar(1)), 'float32'), shape);
};
const nine = (target: Tensor): Tensor => copyInto(target, fromNumbers([9], [], 'float32'));
const run = (body: () => void) => () => {
  withTensors(body);
};

describe('views share memory', () => {
  const views: readonly (readonly [string, (a: Tensor) => Tensor, readonly number[]])[] = [
    ['view', (a) => v.select(v.view(a, [6]), 0, 4), [0, 1, 2, 3, 9, 5]],
    ['reshape of contiguous memory', (a) => v.select(v.reshape(a, [3, 2]), 0, 1), [0, 1, 9, 9, 4, 5]],
    ['transpose', (a) => v.select(v.transpose(a, 0, 1), 0, 1), [0, 9, 2, 3, 9, 5]],
    ['a slice with a step', (a) => v.slice(a, 1, 0, 3, 2), [9, 1, 9, 9, 4, 9]],
    ['a row', (a) => v.select(a, 0, -1), [0, 1, 2, 9, 9, 9]],
    ['narrow', (a) => v.narrow(a, 1, 1, 1), [0, 9, 2, 3, 9, 5]],
    ['diagonal', (a) => v.diagonal(a), [9, 1, 2, 3, 9, 5]],
    ['chunk', (a) => v.chunk(a, 2, 1)[1]!, [0, 1, 9, 3, 4, 9]],
    ['split', (a) => v.split(a, [1, 2], 1)[1]!, [0, 9, 9, 3, 9, 9]],
    ['unbind', (a) => v.unbind(a, 1)[0]!, [9, 1, 2, 9, 4, 5]],
    ['squeeze of unsqueeze', (a) => v.select(v.squeeze(v.unsqueeze(a, 1), [1]), 0, 0), [9, 9, 9, 3, 4, 5]],
    ['detach', (a) => v.select(v.detach(a), 0, 0), [9, 9, 9, 3, 4, 5]],
    ['flatten', (a) => v.slice(v.flatten(a), 0, 5, null), [0, 1, 2, 3, 4, 9]],
    ['permute, then a window', (a) => v.select(v.unfold(v.permute(a, [1, 0]), 0, 2, 1), 0, 1), [0, 9, 9, 3, 9, 9]],
    ['itself, when nothing is to be done', (a) => v.select(to(v.contiguous(a), 'float32'), 0, 0), [9, 9, 9, 3, 4, 5]],
  ];
  for (const [name, view, expected] of views) {
    it(
      name,
      run(() => {
        const a = counting(2, 3);
        nine(view(a));
        assert.deepEqual(toArray(a), expected);
      }),
    );
  }

  const copies: readonly (readonly [string, (a: Tensor) => Tensor])[] = [
    ['clone', clone],
    ['another type', (a) => to(a, 'float64')],
    ['reshape of a transpose', (a) => v.reshape(v.t(a), [6])],
    ['contiguous of a transpose', (a) => v.contiguous(v.t(a))],
    ['an index tensor', (a) => getIndex(a, [{ kind: 'tensor', tensor: fromNumbers([0, 1], [2], 'int64') }])],
    ['a sum', (a) => add(a, intScalar(0))],
  ];
  for (const [name, copy] of copies) {
    it(
      `not ${name}`,
      run(() => {
        const a = counting(2, 3);
        nine(copy(a));
        assert.deepEqual(toArray(a), [0, 1, 2, 3, 4, 5]);
      }),
    );
  }

  it(
    'a write that reads the same memory in another order sees it as it was',
    run(() => {
      const a = counting(2, 2);
      copyInto(a, v.t(a));
      assert.deepEqual(toArray(a), [0, 2, 1, 3]);
      const b = counting(3);
      inPlace(v.slice(b, 0, 1, null), (tail) => add(tail, v.slice(b, 0, 0, 2)));
      assert.deepEqual(toArray(b), [0, 1, 3]);
    }),
  );
  it(
    'a view that no strides can show is refused',
    run(() => {
      assert.throws(() => v.view(v.t(counting(2, 3)), [6]), { name: 'TensorError', message: /view size is not compatible/ });
      assert.deepEqual(v.view(v.slice(counting(4, 6), 0, 0, 4, 2), [2, 2, 3]).strides, [12, 3, 1]);
    }),
  );
});

describe('indices', () => {
  const all: IndexPart = { kind: 'slice', start: null, stop: null, step: null };
  const at = (value: number): IndexPart => ({ kind: 'int', value });
  const list = (...numbers: number[]): IndexPart => ({ kind: 'tensor', tensor: fromNumbers(numbers, [numbers.length], 'int64') });
  const mask = (...numbers: number[]): IndexPart => ({ kind: 'tensor', tensor: fromNumbers(numbers, [numbers.length], 'bool') });

  const reads: readonly (readonly [string, () => readonly IndexPart[], readonly number[], readonly number[]])[] = [
    ['x[1, -1]', () => [at(1), at(-1)], [4], [20, 21, 22, 23]],
    ['x[..., 0]', () => [{ kind: 'ellipsis' }, at(0)], [2, 3], [0, 4, 8, 12, 16, 20]],
    ['x[0, None, :, 1]', () => [at(0), { kind: 'none' }, all, at(1)], [1, 3], [1, 5, 9]],
    ['x[:, [2, 0], 1]', () => [all, list(2, 0), at(1)], [2, 2], [9, 1, 21, 13]],
    ['x[[0, 1], :, [3, 0]]: index dimensions first', () => [list(0, 1), all, list(3, 0)], [2, 3], [3, 7, 11, 12, 16, 20]],
    ['x[:, [0, -1], [1, 1]]: in their place', () => [all, list(0, -1), list(1, 1)], [2, 2], [1, 9, 13, 21]],
    ['x[mask]', () => [mask(0, 1)], [1, 3, 4], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]],
    ['x[1, mask, 0]', () => [at(1), mask(1, 0, 1), at(0)], [2], [12, 20]],
    ['x[True]', () => [{ kind: 'bool', value: true }, at(0), at(0), at(0)], [1], [0]],
    ['x[0:0]', () => [{ kind: 'slice', start: 0, stop: 0, step: null }], [0, 3, 4], []],
  ];
  for (const [what, parts, shape, numbers] of reads) {
    it(
      what,
      run(() => {
        const result = getIndex(counting(2, 3, 4), parts());
        assert.deepEqual([result.shape, toArray(result)], [shape, numbers]);
      }),
    );
  }

  const writes: readonly (readonly [string, () => readonly IndexPart[], () => Tensor | Scalar, readonly number[]])[] = [
    ['y[0] = 5', () => [at(0)], () => intScalar(5), [5, 5, 5, 0, 0, 0]],
    [
      'y[:, 1:] = row',
      () => [all, { kind: 'slice', start: 1, stop: null, step: null }],
      () => fromNumbers([1, 2], [2], 'float32'),
      [0, 1, 2, 0, 1, 2],
    ],
    ['y[[0, 1], [2, 0]] = 1', () => [list(0, 1), list(2, 0)], () => intScalar(1), [0, 0, 1, 1, 0, 0]],
    ['the last of repeated places stays', () => [at(0), list(1, 1)], () => fromNumbers([3, 4], [2], 'float32'), [0, 4, 0, 0, 0, 0]],
    ['y[mask] = rows', () => [mask(0, 1)], () => fromNumbers([7, 8, 9], [1, 3], 'float32'), [0, 0, 0, 7, 8, 9]],
  ];
  for (const [what, parts, value, numbers] of writes) {
    it(
      what,
      run(() => {
        const y = zeros([2, 3]);
        setIndex(y, parts(), value());
        assert.deepEqual(toArray(y), numbers);
      }),
    );
  }
  it(
    'y[0] = 2.9 of int64 truncates',
    run(() => {
      const y = zeros([2], 'int64');
      setIndex(y, [at(0)], { kind: 'float', value: 2.9 });
      assert.deepEqual(toArray(y), [2, 0]);
    }),
  );

  const refused: readonly (readonly [string, () => readonly IndexPart[], string, RegExp])[] = [
    ['an index past the end', () => [at(2)], 'IndexError', /index 2 is out of bounds for dimension 0 with size 2/],
    ['a listed index past the end', () => [all, list(0, 3)], 'IndexError', /index 3 is out of bounds for dimension 1 with size 3/],
    ['too many indices', () => [at(0), at(0), at(0), at(0)], 'IndexError', /too many indices for tensor of dimension 3/],
    ['a mask of another length', () => [mask(1, 0, 1)], 'IndexError', /shape of the mask \[3\] at index 0 does not match/],
    [
      'float indices',
      () => [{ kind: 'tensor', tensor: fromNumbers([1], [1], 'float32') }],
      'IndexError',
      /must be long, int, byte or bool/,
    ],
    ['a step backwards', () => [{ kind: 'slice', start: null, stop: null, step: -1 }], 'ValueError', /step must be greater than zero/],
    ['lists that do not broadcast', () => [list(0, 1), list(0, 1, 2)], 'IndexError', /shape mismatch/],
  ];
  for (const [what, parts, type, message] of refused) {
    it(
      `${what}: ${type}`,
      run(() => {
        assert.throws(() => getIndex(counting(2, 3, 4), parts()), { name: 'TensorError', type, message });
      }),
    );
  }
  it(
    'in-place arithmetic through an index changes the memory',
    run(() => {
      const y = counting(2, 3);
      inPlace(getIndex(y, [all, at(1)]), (column) => mul(column, intScalar(10)));
      assert.deepEqual(toArray(y), [0, 10, 2, 3, 40, 5]);
    }),
  );
});
