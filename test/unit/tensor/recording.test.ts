import assert from 'node:assert/strict';
import { fromNumbers, item, truth } from '../../../src/tensor/creation';
import { eq } from '../../../src/tensor/comparison';
import { add, exp, mul } from '../../../src/tensor/elementwise';
import { copyInto, inPlace } from '../../../src/tensor/inplace';
import { floatScalar, intScalar } from '../../../src/tensor/promotion';
import { type Recorder, withRecorder } from '../../../src/tensor/recording';
import { sum } from '../../../src/tensor/reductions';
import { withTensors } from '../../../src/tensor/run';
import { logSoftmax } from '../../../src/tensor/softmax';
import { select } from '../../../src/tensor/views';

function recorder(): { readonly seen: string[]; readonly recorder: Recorder } {
  const seen: string[] = [];
  return {
    seen,
    recorder: {
      operation: ({ kernel, operands, attributes }, outputs) => {
        const given = Object.entries(attributes).map(([name, value]) => `${name}=${String(value)}`);
        seen.push([kernel, operands.length, ...given, '→', outputs[0]!.shape.join('×') || 'scalar'].join(' '));
      },
      write: (target, value) =>
        seen.push(`write ${target.shape.join('×')} ← ${value.cell.values.join()} over ${target.cell.values.join()}`),
      item: (_, value) => seen.push(`item ${value}`),
      truth: () => seen.push('truth'),
    },
  };
}

describe('a recorder', () => {
  it('sees operations with what decides their result, on the tape or not', () => {
    const { seen, recorder: watching } = recorder();
    withTensors(() => {
      const x = fromNumbers([1, 2, 3, 4, 5, 6], [2, 3], 'float32');
      withRecorder(watching, () => {
        const logProbabilities = logSoftmax(x, -1);
        const total = sum(mul(logProbabilities, floatScalar(2)), [1], true);
        item(sum(eq(total, intScalar(0))));
        truth(eq(sum(x), intScalar(21)));
      });
    });
    assert.deepEqual(seen, [
      'LogSoftmax 1 dim=1 → 2×3',
      'Mul 2 → 2×3',
      'Sum 1 dims=1 keepdim=true → 2×1',
      'Eq 2 → 2×1',
      'Sum 1 dims=0,1 keepdim=false → scalar',
      'item 0',
      'Sum 1 dims=0,1 keepdim=false → scalar',
      'Eq 2 → scalar',
      'truth',
    ]);
  });

  it('sees a write before the memory changes', () => {
    const { seen, recorder: watching } = recorder();
    withTensors(() => {
      const x = fromNumbers([1, 2, 3, 4], [2, 2], 'float32');
      withRecorder(watching, () => {
        copyInto(select(x, 0, 1), fromNumbers([9], [], 'float32'));
        inPlace(x, (input) => add(input, intScalar(1)));
      });
      assert.deepEqual([...x.cell.values], [2, 3, 10, 10]);
    });
    assert.deepEqual(seen, ['write 2 ← 9 over 1,2,3,4', 'Add 2 → 2×2', 'write 2×2 ← 2,3,10,10 over 1,2,9,9']);
  });

  it('sees nothing outside of its body, also when that throws', () => {
    const { seen, recorder: watching } = recorder();
    withTensors(() => {
      const x = fromNumbers([1], [1], 'float32');
      exp(x);
      assert.throws(() =>
        withRecorder(watching, () => {
          throw new Error('stopped');
        }),
      );
      exp(x);
    });
    assert.deepEqual(seen, []);
  });
});
