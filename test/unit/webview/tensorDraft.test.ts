import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Inspection, RunInput } from '../../../src/inspection';
import { pastedBlock } from '../../../webview/sampleDraft';
import {
  checkTensors,
  gridGroups,
  sameTensors,
  tensorsDraftOf,
  withNumber,
  withPasted,
  withRowAdded,
  withRowRemoved,
  type TensorsDraft,
} from '../../../webview/tensorDraft';

const fixture = (name: string): Inspection => JSON.parse(readFileSync(`test/fixtures/inspection/${name}.json`, 'utf8')) as Inspection;
const draftOf = (name: string): TensorsDraft => tensorsDraftOf(fixture(name))!;
const tensorsOf = (draft: TensorsDraft) => {
  const checked = checkTensors(draft);
  assert.ok(checked.valid, JSON.stringify(checked));
  return checked.tensors;
};
const small: TensorsDraft = [
  { name: 'scores', meaning: null, isWhole: false, shape: [2, 3], cells: ['1', '2', '3', '4', '2', '1'] },
  { name: 'labels', meaning: null, isWhole: true, shape: [2], cells: ['0', '2'] },
];
const pasted = (text: string) => pastedBlock(text)!;

describe('the tensors of a loss as they are typed', () => {
  it('are those that the inspection ran on', () => {
    for (const name of ['focal', 'preference', 'overlap', 'contrastive']) {
      const tensors = tensorsOf(draftOf(name));
      const held = fixture(name).inputs.filter(({ role }) => role === 'tensor');
      assert.deepEqual(
        Object.entries(tensors).map(([key, nested]) => [key, [nested].flat(4)]),
        held.map((input) => [input.name, input.values!.values]),
      );
    }
  });

  it('are nested as their shapes say', () => {
    assert.deepEqual(tensorsOf(small), {
      scores: [
        [1, 2, 3],
        [4, 2, 1],
      ],
      labels: [0, 2],
    });
    const cube = [
      { ...small[0]!, shape: [1, 2, 3] },
      { ...small[1]!, shape: [], cells: ['5'] },
    ];
    assert.deepEqual(tensorsOf(cube), {
      scores: [
        [
          [1, 2, 3],
          [4, 2, 1],
        ],
      ],
      labels: 5,
    });
  });

  it('are none of a loss of logits and targets, nor where not all numbers are here or can be typed', () => {
    assert.equal(tensorsDraftOf(fixture('fill-scatter')), null);
    const { inputs } = fixture('focal');
    const withValues = (change: object): { readonly inputs: readonly RunInput[] } => ({
      inputs: inputs.map((input) => (input.values ? { ...input, values: { ...input.values, ...change } } : input)),
    });
    assert.equal(tensorsDraftOf(withValues({ truncated: true })), null);
    assert.equal(tensorsDraftOf(withValues({ values: ['inf'] })), null);
  });

  for (const [name, text, problem] of [
    ['scores', '', 'empty'],
    ['scores', 'x', 'notANumber'],
    ['scores', 'inf', 'notFinite'],
    ['labels', '1.5', 'notAnInteger'],
  ] as const) {
    it(`refuses “${text}” in ${name}`, () => {
      const checked = checkTensors(withNumber(small, name, 1, text));
      assert.deepEqual(checked, { valid: false, problems: [{ name, at: 1, text, problem }] });
    });
  }

  it('a row goes with the rows of all tensors that have as many', () => {
    const three = [...small, { name: 'centres', meaning: null, isWhole: false, shape: [4, 1], cells: ['7', '8', '9', '6'] }];
    assert.deepEqual(tensorsOf(withRowAdded(three, 2)), {
      scores: [
        [1, 2, 3],
        [4, 2, 1],
        [4, 2, 1],
      ],
      labels: [0, 2, 2],
      centres: [[7], [8], [9], [6]],
    });
    assert.deepEqual(tensorsOf(withRowRemoved(three, 2, 0)), { scores: [[4, 2, 1]], labels: [2], centres: [[7], [8], [9], [6]] });
    assert.ok(sameTensors(withRowRemoved(withRowAdded(three, 2), 3, 2), three));
    assert.ok(!sameTensors(withRowAdded(three, 2), three));
  });

  for (const [name, at, text, wanted] of [
    [
      'scores',
      4,
      '[[5, 6], [7, 8]]',
      [
        [5, 6],
        [7, 8],
      ],
    ],
    [
      'scores',
      1,
      '8\t9',
      [
        [1, 8, 9],
        [4, 2, 1],
      ],
    ],
    [
      'scores',
      2,
      '8\t9',
      [
        [1, 2, 8],
        [4, 2, 1],
      ],
    ],
    [
      'scores',
      1,
      '7\n8',
      [
        [1, 7, 3],
        [4, 8, 1],
      ],
    ],
    ['labels', 1, '[1, 1, 0]', [1, 1, 0]],
    ['labels', 0, '2\t1', [2, 1]],
    ['labels', 1, '1\n0', [0, 1]],
  ] as const) {
    it(`${JSON.stringify(text)} pasted into ${name}[${at}]`, () => {
      assert.deepEqual(tensorsOf(withPasted(small, name, at, pasted(text)))[name], wanted);
    });
  }

  it('brackets of several matrices keep the sizes between rows and columns', () => {
    const cube = [{ ...small[0]!, shape: [1, 2, 3] }];
    const text = '[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]';
    assert.deepEqual(tensorsOf(withPasted(cube, 'scores', 0, pasted(text))), {
      scores: [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    });
    assert.deepEqual(withPasted(cube, 'scores', 0, pasted('[[1, 2], [3, 4], [5, 6]]')), cube);
  });

  it('stand row by row in one grid where they have a number for each row', () => {
    const names = (name: string) => gridGroups(draftOf(name)).map(({ rows, tensors }) => [rows, ...tensors.map((one) => one.name)]);
    assert.deepEqual(names('focal'), [[4, 'scores', 'labels']]);
    assert.deepEqual(names('preference'), [[4, 'policy_chosen', 'policy_rejected', 'reference_chosen', 'reference_rejected']]);
    assert.deepEqual(names('overlap'), [
      [4, 'logits'],
      [4, 'masks'],
    ]);
  });
});
