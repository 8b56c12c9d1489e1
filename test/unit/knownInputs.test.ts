/** What is said of the things a loss was run with: ways in one line, assumptions first, numbers of an assumed K. */
import assert from 'node:assert/strict';
import { runWith } from '../../src/cli/runWith';
import { reportText } from '../../src/cli/report';
import { inspect } from '../../src/inspect';
import type { ChainLink, Inspection, RunInput } from '../../src/inspection';
import { assumedClasses, chainText, inOrder, inputValue, stopsOf } from '../../src/knownInputs';

const link = (text: string, line: number, file?: string): ChainLink => ({
  text,
  range: { start: line * 10, end: line * 10 + 1, line, column: 1, endLine: line, endColumn: 2, ...(file === undefined ? {} : { file }) },
  ...(file === undefined ? {} : { file }),
});

const ways: readonly { readonly what: string; readonly chain: readonly ChainLink[]; readonly said: string }[] = [
  { what: 'nothing', chain: [], said: '' },
  {
    what: 'two files',
    chain: [link('0.15', 13, 'options.py'), link('args.smoothing', 42)],
    said: '0.15 (options.py:13) → args.smoothing (train.py:42)',
  },
  {
    what: 'stops on one line',
    chain: [link('0.15', 13), link('default=0.15', 13), link('eps', 20), link('self.eps', 20)],
    said: '0.15 (train.py:13) → self.eps (train.py:20)',
  },
  {
    what: 'one line in two files',
    chain: [link('0.15', 13, 'a.py'), link('eps', 13, 'b.py'), link('self.eps', 13)],
    said: '0.15 (a.py:13) → eps (b.py:13) → self.eps (train.py:13)',
  },
  {
    what: 'a long way',
    chain: [1, 2, 3, 4, 5, 6, 7].map((line) => link(`at${line}`, line)),
    said: 'at1 (train.py:1) → at2 (train.py:2) → … → at6 (train.py:6) → at7 (train.py:7)',
  },
  {
    what: 'five stops',
    chain: [1, 2, 3, 4, 5].map((line) => link(`at${line}`, line)),
    said: [1, 2, 3, 4, 5].map((line) => `at${line} (train.py:${line})`).join(' → '),
  },
  { what: 'code of several lines', chain: [link('f(\n    0.15,\n)', 3)], said: 'f( 0.15, ) (train.py:3)' },
  { what: 'a long text', chain: [link('x'.repeat(60), 3)], said: `${'x'.repeat(39)}… (train.py:3)` },
];

describe('the way of a value in one line', () => {
  for (const { what, chain, said } of ways)
    it(what, () => {
      assert.equal(chainText(chain, 'train.py'), said);
      assert.ok(stopsOf(chain).length <= 5);
    });
});

describe('the value of an input in words', () => {
  for (const [input, said] of [
    [{ value: 0.1 }, '0.1'],
    [{ value: 1 / 3 }, '0.333333'],
    [{ value: 'mean' }, "'mean'"],
    [{ value: 'inf' }, 'inf'],
    [{ value: false }, 'false'],
    [{ value: null }, 'none'],
    [{ shape: [4, 'K'] }, '[4, K]'],
  ] as const)
    it(said, () => {
      assert.equal(inputValue({ name: 'x', role: 'parameter', source: { kind: 'person', chain: [] }, ...input }), said);
    });
});

const code = (rest: string, smoothing = ''): string => `import torch
import torch.nn as nn
import torch.nn.functional as F

def spread(scores, labels, smoothing${smoothing}):
    width = scores.size(1)
    q = torch.full_like(scores, smoothing / (width - 1)).scatter_(1, labels.unsqueeze(1), 1 - smoothing)
    return -(q * F.log_softmax(scores, 1)).sum(1).mean()

${rest}`;

const inspected = (text: string, request: { readonly classes?: number; readonly smoothing?: number } = {}): Inspection =>
  inspect({ file: 'train.py', text, only: 'spread', brief: true, ...request }).losses[0]!;
const printed = (loss: Inspection): string =>
  reportText({ file: 'folder/train.py', losses: [loss], smoothingConstants: [], problems: [] }, { width: 200, colour: false });

interface Case {
  readonly what: string;
  readonly text: string;
  readonly request?: { readonly classes?: number; readonly smoothing?: number };
  /** K, where it is assumed. */
  readonly assumed: number | null;
  readonly says: readonly (string | RegExp)[];
  readonly saysNot: readonly RegExp[];
}

const cases: readonly Case[] = [
  {
    what: 'neither ε nor K is known',
    text: code(''),
    assumed: 5,
    says: [
      /mean over the rows\. Measured at K = 5, assumed\.\n/u,
      'smoothing    0.1, assumed',
      'classes      5, assumed',
      'effective ε  fill/scatter 0.1, uniform mixture ε·K/(K−1)\n',
      /Run with\n +ε \(smoothing\) = 0\.1 +assumed: the program was not seen to pass `smoothing`\n +K = 5 +assumed: the program was not seen to say/u,
    ],
    saysNot: [/uniform mixture 0\.125/u],
  },
  {
    what: 'the default says ε',
    text: code('', '=0.3'),
    assumed: 5,
    says: [/smoothing +0\.3\n/u, /K = 5 +assumed[^\n]*\n +ε \(smoothing\) = 0\.3 +0\.3 \(train\.py:5\)\n/u],
    saysNot: [/0\.3, assumed/u],
  },
  {
    what: 'the program says both',
    text: code('head = nn.Linear(6, 11)\nrate = 0.2\nloss = spread(head(torch.randn(4, 6)), torch.tensor([0, 1, 2, 10]), rate)\n'),
    assumed: null,
    says: [
      /classes +11\n/u,
      /uniform mixture 0\.22\n/u,
      /ε \(smoothing\) = 0\.2 +0\.2 \(train\.py:11\) → rate \(train\.py:12\) → smoothing \(train\.py:5\)/u,
    ],
    saysNot: [/uniform mixture ε·K/u, /assumed:/u, /K = 11, assumed/u],
  },
  {
    what: 'the person asks for both',
    text: code(''),
    request: { classes: 6, smoothing: 0.25 },
    assumed: null,
    says: [/uniform mixture 0\.3\n/u, /ε \(smoothing\) = 0\.25 +chosen by you/u, /K = 6 +chosen by you/u],
    saysNot: [/assumed/u],
  },
  {
    what: 'hard labels are the same at any K',
    text: code('').replace('1 - smoothing)', '1.0)').replace('smoothing / (width - 1)', '0.0').replace(', smoothing)', ')'),
    assumed: null,
    says: ['classes      5, assumed'],
    saysNot: [/Measured at/u],
  },
  {
    what: 'another use',
    text: code(
      'h = nn.Linear(2, 6)\nx = torch.randn(3, 2)\nspread(h(x), torch.tensor([0, 1, 2]), 0.2)\nspread(h(x), torch.tensor([0, 1, 2]), 0.05)\n',
    ),
    assumed: null,
    says: [/also used with ε = 0\.05 \(train\.py:13\): 0\.05 \(train\.py:13\)/u],
    saysNot: [],
  },
];

describe('what a loss was run with', function () {
  this.timeout(20_000);
  for (const { what, text, request, assumed, says, saysNot } of cases)
    it(what, () => {
      const loss = inspected(text, request);
      assert.equal(assumedClasses(loss), assumed);
      const out = printed(loss);
      for (const part of says) assert.ok(typeof part === 'string' ? out.includes(part) : part.test(out), `${String(part)}\n${out}`);
      for (const part of saysNot) assert.doesNotMatch(out, part);
    });

  it('has assumptions first and tensors last', () => {
    const source = { kind: 'code', chain: [], certain: true } as const;
    const assumption = { kind: 'assumption', chain: [], reason: 'nobody says it' } as const;
    const inputs: readonly RunInput[] = [
      { name: 'logits', role: 'logits', shape: [4, 5], source: assumption },
      { name: 'eps', role: 'smoothing', value: 0.2, source },
      { name: 'tau', role: 'parameter', value: 2, source: assumption },
      { name: 'K', role: 'classes', value: 5, source: assumption },
      { name: 'targets', role: 'targets', shape: [4], nature: 'indices', source: assumption },
    ];
    assert.deepEqual(
      inOrder(inputs).map(({ name }) => name),
      ['K', 'tau', 'eps', 'logits', 'targets'],
    );
    assert.deepEqual(
      runWith({ inputs }, 'a.py').map(({ what, assumed }) => [what, assumed]),
      [
        ['K = 5', true],
        ['tau = 2', true],
        ['ε (eps) = 0.2', false],
        ['logits [4, 5], targets [4] (indices)', false],
      ],
    );
  });
});
