/** Smoothing factors that are written as a name: the number that the program has there, where it has one. */
import assert from 'node:assert/strict';
import { inspect } from '../../src/inspect';

const loss = `import argparse
import torch
import torch.nn.functional as F

def spread(scores, labels, smoothing):
    width = scores.size(1)
    q = torch.full_like(scores, smoothing / (width - 1)).scatter_(1, labels.unsqueeze(1), 1 - smoothing)
    return -(q * F.log_softmax(scores, 1)).sum(1).mean()

`;

interface Row {
  readonly what: string;
  readonly rest: string;
  readonly file?: string;
  readonly text?: string;
  /** Expression, value, and the texts and lines of the chain; null where it has none. */
  readonly constants: readonly (readonly [string, number | null, string | null])[];
}

const rows: readonly Row[] = [
  {
    what: 'an option of the command line',
    rest: `x, y = load()
parser = argparse.ArgumentParser()
parser.add_argument('--smoothing', type=float, default=0.35)
options = parser.parse_args()
total = spread(x, y, smoothing=options.smoothing)
`,
    constants: [['options.smoothing', 0.35, '0.35@12 … smoothing=options.smoothing@14']],
  },
  {
    what: 'what is not there',
    rest: 'total = spread(x, y, smoothing=settings.of.loss)\n',
    constants: [['settings.of.loss', null, null]],
  },
  {
    what: 'two numbers at one place',
    rest: 'def step(x, y, much):\n    return spread(x, y, smoothing=much)\na, b = load()\nstep(a, b, 0.1)\nstep(a, b, 0.3)\n',
    constants: [
      ['much', null, null],
      ['0.1', 0.1, '0.1@13'],
      ['0.3', 0.3, '0.3@14'],
    ],
  },
  {
    what: 'one number, twice at one place',
    rest: 'def step(x, y, much):\n    return spread(x, y, smoothing=much)\na, b = load()\nstep(a, b, 0.3)\nstep(a, b, 0.3)\n',
    constants: [
      ['much', 0.3, '0.3@13 … smoothing=much@11'],
      ['0.3', 0.3, '0.3@13'],
      ['0.3', 0.3, '0.3@14'],
    ],
  },
  { what: 'a number', rest: 'total = spread(x, y, smoothing=0.25)\n', constants: [['0.25', 0.25, '0.25@10']] },
  {
    what: 'a configuration',
    file: 'run.yaml',
    text: 'loss:\n  label_smoothing: 0.07\n',
    rest: '',
    constants: [['0.07', 0.07, '0.07@2']],
  },
];

describe('the number that a smoothing factor is in the program', function () {
  this.timeout(20_000);
  for (const { what, rest, file = 'train.py', text = loss + rest, constants } of rows)
    it(what, () => {
      const { smoothingConstants, losses } = inspect({ file, text, brief: true });
      const found = smoothingConstants.map(({ expression, value, chain }) => {
        const stops = chain?.map((stop) => `${stop.text}@${stop.range.line}`) ?? null;
        return [expression, value, stops === null ? null : [...new Set([stops[0], stops.at(-1)])].join(' … ')];
      });
      assert.deepEqual(found, constants);
      // The loss has the same of it.
      for (const own of losses.flatMap((one) => one.smoothingConstants)) {
        const same = smoothingConstants.find(({ range }) => range.start === own.range.start);
        assert.deepEqual([own.value, own.chain], [same?.value, same?.chain]);
      }
    });
});
