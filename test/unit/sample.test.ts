import assert from 'node:assert/strict';
import { readSample, smoothingProblem } from '../../src/execution/sample';

const good = {
  logits: [
    [1, 2, 3],
    [4, 2, 1],
  ],
  targets: [1, 0],
};

/** What is wrong → the place and the message a person gets. */
const refused: readonly (readonly [string, unknown, string, RegExp])[] = [
  ['a list', [], '', /must be an object .* not a list/],
  ['nothing', null, '', /not null/],
  ['no logits', { targets: [0] }, 'logits', /logits must be a list of rows, not missing/],
  ['no rows', { logits: [], targets: [] }, 'logits', /no rows/],
  ['an empty row', { logits: [[]], targets: [0] }, 'logits[0]', /logits\[0\] is empty/],
  ['a row that is a number', { logits: [1, 2], targets: [0, 0] }, 'logits[0]', /logits\[0\] must be a list of numbers, not number 1/],
  [
    'ragged rows',
    {
      logits: [
        [1, 2, 3, 4, 5],
        [1, 2, 3, 4, 5],
        [1, 2, 3, 4],
      ],
      targets: [0, 0, 0],
    },
    'logits[2]',
    /logits\[2\] has 4 values, the first row has 5/,
  ],
  ['text', { logits: [[1, 'two']], targets: [0] }, 'logits[0][1]', /logits\[0\]\[1\] is the text "two", not a number/],
  ['NaN', { logits: [[1, NaN]], targets: [0] }, 'logits[0][1]', /logits\[0\]\[1\] is NaN: the sample must hold finite numbers/],
  ['infinity in words', { logits: [[1, '-inf']], targets: [0] }, 'logits[0][1]', /logits\[0\]\[1\] is -inf/],
  ['null', { logits: [[1, null]], targets: [0] }, 'logits[0][1]', /is null, not a number/],
  ['fewer targets than rows', { ...good, targets: [1] }, 'targets', /targets has 1 value, logits has 2 rows/],
  ['a target out of range', { ...good, targets: [1, 3] }, 'targets[1]', /targets\[1\] is 3, but the 3 classes are numbered 0 to 2/],
  ['a negative target', { ...good, targets: [1, -1] }, 'targets[1]', /targets\[1\] is -1/],
  ['a target between classes', { ...good, targets: [1, 0.5] }, 'targets[1]', /a whole number/],
  ['weights for other classes', { ...good, classWeights: [1, 2] }, 'classWeights', /classWeights has 2 values, logits has 3 classes/],
  ['a negative weight', { ...good, classWeights: [1, -2, 1] }, 'classWeights[1]', /not negative/],
  ['a padding index that is no class', { ...good, paddingIndex: 3 }, 'paddingIndex', /paddingIndex is 3, but the logits have 3 classes/],
  ['a key of another name', { ...good, labels: [1] }, 'labels', /a key "labels"/],
  ['too much', { logits: Array.from({ length: 1001 }, () => new Array<number>(1000).fill(0)), targets: [] }, 'logits', /at most 1000000/],
];

describe('sample', () => {
  for (const [name, json, place, message] of refused) {
    it(`refuses ${name}`, () => {
      const reading = readSample(json);
      assert.ok(!reading.ok);
      assert.equal(reading.place, place);
      assert.match(reading.message, message);
    });
  }

  it('takes tensors, weights and indices as they are', () => {
    const sample = { ...good, targets: [1, -100], classWeights: [1, 2, 0], ignoreIndex: -100, paddingIndex: 2 };
    assert.deepEqual(readSample(JSON.parse(JSON.stringify(sample))), { ok: true, sample });
  });

  it('takes a single class', () => {
    assert.ok(readSample({ logits: [[1], [2]], targets: [0, 0] }).ok);
  });

  for (const [smoothing, message] of [
    [0, null],
    [0.999, null],
    [1, /less than 1/],
    [-0.1, /not be negative/],
    [NaN, /not a number/],
  ] as const) {
    it(`${message === null ? 'takes' : 'refuses'} ε = ${String(smoothing)}`, () => {
      const problem = smoothingProblem(smoothing);
      if (message === null) assert.equal(problem, null);
      else assert.match(problem ?? '', message);
    });
  }
});
