import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Sample } from '../../../src/inspection';
import {
  checkDraft,
  draftOf,
  pastedBlock,
  withBlock,
  withCell,
  withClass,
  withoutClass,
  withoutRow,
  withRow,
  withWeights,
} from '../../../webview/sampleDraft';

const sample: Sample = {
  logits: [
    [1, 2, 3],
    [4, 2, 1],
  ],
  targets: [1, 0],
};
const draft = draftOf(sample);
const read = (d: typeof draft): Sample => {
  const checked = checkDraft(d);
  assert.ok(checked.valid, JSON.stringify(checked));
  return checked.sample;
};

describe('the sample as it is typed', () => {
  it('reads back what it wrote', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), fc.infiniteStream(value), (classes, rows, stream) => {
        const next = (): number => stream.next().value as number;
        const given: Sample = {
          logits: Array.from({ length: rows }, () => Array.from({ length: classes }, next)),
          targets: Array.from({ length: rows }, (_, row) => row % classes),
          classWeights: Array.from({ length: classes }, next),
          ignoreIndex: -100,
        };
        const same = (a: number, b: number): boolean => a === b || Math.fround(a) === Math.fround(b);
        const back = read(draftOf(given));
        assert.ok(
          back.logits.flat().every((x, i) => same(x, given.logits.flat()[i]!)),
          JSON.stringify([given, back]),
        );
        assert.ok(
          back.classWeights!.every((x, k) => same(x, given.classWeights![k]!)),
          JSON.stringify([given, back]),
        );
        assert.deepEqual([back.targets, back.ignoreIndex], [given.targets, given.ignoreIndex]);
      }),
    );
  });

  it('writes a 32-bit float with the digits it has', () => {
    assert.deepEqual(draftOf({ logits: [[Math.fround(0.1), Math.fround(1.632168), 0.1, 1e-20, 100]], targets: [0] }).logits, [
      ['0.1', '1.632168', '0.1', '1e-20', '100'],
    ]);
  });

  for (const [text, value] of [
    ['1', 1],
    [' -2.5 ', -2.5],
    ['−2.5', -2.5],
    ['1e-3', 0.001],
    ['.5', 0.5],
  ] as const) {
    it(`reads “${text}”`, () => {
      assert.equal(read(withCell(draft, { kind: 'logit', row: 0, k: 0 }, text)).logits[0]![0], value);
    });
  }

  for (const [text, problem] of [
    ['', 'empty'],
    ['   ', 'empty'],
    ['x', 'notANumber'],
    ['1,5', 'notANumber'],
    ['0x1f', 'notANumber'],
    ['nan', 'notFinite'],
    ['-Infinity', 'notFinite'],
    ['1e400', 'notFinite'],
  ] as const) {
    it(`refuses “${text}” as ${problem}`, () => {
      const checked = checkDraft(withCell(draft, { kind: 'logit', row: 1, k: 2 }, text));
      assert.deepEqual(checked, { valid: false, problems: [{ cell: { kind: 'logit', row: 1, k: 2 }, text: text.trim(), problem }] });
    });
  }

  it('a target is a class, or the ignored one', () => {
    const at = (target: string, ignoreIndex = '') => checkDraft({ ...withCell(draft, { kind: 'target', row: 0 }, target), ignoreIndex });
    assert.equal(at('2').valid, true);
    assert.equal(at('3').valid, false);
    assert.equal(at('-100').valid, false);
    assert.equal(at('-100', '-100').valid, true);
    assert.equal(at('1.5').valid, false);
  });

  it('ε is within [0, 1), or what the code says', () => {
    const at = (smoothing: string | null) => checkDraft({ ...draft, smoothing });
    const of = (smoothing: string | null) => {
      const checked = at(smoothing);
      return checked.valid ? checked.smoothing : checked.problems.map(({ problem }) => problem);
    };
    assert.deepEqual(
      [of(null), of('0'), of('0.999'), of('1'), of('-0.1'), of('e')],
      [null, 0, 0.999, ['smoothingRange'], ['smoothingRange'], ['notANumber']],
    );
  });

  it('a removed class takes its weight with it', () => {
    const weighted = withCell(withWeights(draft, true), { kind: 'weight', k: 1 }, '5');
    assert.deepEqual(read(withoutClass({ ...weighted, targets: ['0', '0'] }, 1)), {
      logits: [
        [1, 3],
        [4, 1],
      ],
      targets: [0, 0],
      classWeights: [1, 1],
    });
  });

  it('a removed class leaves targets that have none, marked', () => {
    const checked = checkDraft(withoutClass(withCell(draft, { kind: 'target', row: 0 }, '2'), 2));
    assert.deepEqual(checked.valid ? [] : checked.problems.map(({ problem }) => problem), ['outOfRange']);
  });

  it('an added row tells formulations apart: it is no row of equal logits', () => {
    const { logits, targets } = read(withRow(draft));
    assert.deepEqual([logits[2], targets[2]], [[1, 4, 2], 1]);
    assert.deepEqual(read(withoutRow(withRow(draft), 2)), sample);
    assert.deepEqual(read(withoutClass(withClass(draft), 3)), sample);
  });
});

describe('what is pasted', () => {
  for (const [text, cells] of [
    [
      '1\t2\r\n3\t4\r\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      '1,2\n3,4',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['1; 2; 3', [['1', '2', '3']]],
    ['1 2 3', [['1', '2', '3']]],
    [
      '[[1, 2], [3, 4]]',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'tensor([[ 1.0000, -2.0000],\n        [ 0.5000,  1.0000]])',
      [
        ['1.0000', '-2.0000'],
        ['0.5000', '1.0000'],
      ],
    ],
    ['np.array([1, 2])', [['1', '2']]],
    ['[\n  [1, 2,],\n]', [['1', '2']]],
    ['1\n2', [['1'], ['2']]],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(pastedBlock(text)?.cells, cells);
    });
  }
  for (const text of ['1', ' 2.5 ', 'abc', '']) {
    it(`leaves ${JSON.stringify(text)} to the cell`, () => {
      assert.equal(pastedBlock(text), null);
    });
  }

  it('brackets replace the logits; targets and weights fit themselves to them', () => {
    const next = withBlock(withWeights(draft, true), { kind: 'logit', row: 1, k: 1 }, pastedBlock('[[5, 6], [7, 8], [9, 10]]')!);
    assert.deepEqual(read(next), {
      logits: [
        [5, 6],
        [7, 8],
        [9, 10],
      ],
      targets: [1, 0, 0],
      classWeights: [1, 1],
    });
  });

  it('a block goes from the cell on and grows the grid; what it leaves open is empty', () => {
    const next = withBlock(draft, { kind: 'logit', row: 1, k: 2 }, pastedBlock('7\t8\n9\t10')!);
    assert.deepEqual(next.logits, [
      ['1', '2', '3', ''],
      ['4', '2', '7', '8'],
      ['', '', '9', '10'],
    ]);
  });

  it('a ragged block leaves its holes marked', () => {
    const checked = checkDraft(withBlock(draft, { kind: 'logit', row: 0, k: 0 }, pastedBlock('[[1, 2, 3], [4, 5]]')!));
    assert.deepEqual(checked.valid ? [] : checked.problems.map(({ cell }) => cell), [{ kind: 'logit', row: 1, k: 2 }]);
  });

  it('targets may be pasted as a column or as a list', () => {
    for (const text of ['2\n1', '[2, 1]', '2, 1']) {
      assert.deepEqual(read(withBlock(draft, { kind: 'target', row: 0 }, pastedBlock(text)!)).targets, [2, 1], text);
    }
  });
});
