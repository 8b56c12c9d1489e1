import assert from 'node:assert/strict';
import { parseArguments } from '../../../src/cli/arguments';

const wrong: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /no command/],
  [['look'], /unknown command "look"/],
  [['inspect'], /no file/],
  [['inspect', 'a.py', '--fast'], /unknown option --fast/],
  [['inspect', 'a.py', '--smoothing'], /--smoothing needs a value/],
  [['inspect', 'a.py', '--smoothing', 'much'], /must be a number, not "much"/],
  [['inspect', 'a.py', '--smoothing='], /must be a number/],
  [['inspect', 'a.py', '--classes', '2.5'], /must be a whole number/],
  [['inspect', 'a.py', '--classes', '0'], /at least 1/],
  [['inspect', 'a.py', '--padding-index', '-1'], /not be negative/],
  [['inspect', 'a.py', '--classes', '3', '--classes', '4'], /given twice/],
  [['inspect', '-', '-'], /only once/],
  [['inspect', 'a.py', '--smoothing', '1'], /less than 1/],
  [['inspect', 'a.py', '--smoothing', '-0.1'], /not be negative/],
  [['inspect', 'a.py', '--classes', '1e9'], /at most 10000/],
  [['inspect', 'a.py', '--classes', '3', '--padding-index', '3'], /the classes 0 to 2/],
  [['inspect', 'a.py', '--rule', 'target-mass'], /ID=off, hint/],
  [['inspect', 'a.py', '--rule', 'target-mass=loud'], /ID=off, hint/],
  [['inspect', 'a.py', '--copy', 'word'], /--copy must be pytest, tfjs, builtin, not "word"/],
  [['inspect', 'a.py', '--copy', 'pytest', '--json'], /one of them/],
  [['inspect', 'a.py', 'b.py', '--copy', 'pytest'], /one file/],
  [['inspect', 'a.py', '--role', 'x'], /--role must be NAME=ROLE/],
  [['inspect', 'a.py', '--role', 'x=truth'], /--role x must be logits, log-probabilities/],
  [['inspect', 'a.py', '--role', 'x=value'], /x is said to be a value, and not which/],
  [['inspect', 'a.py', '--role=x=mask', '--role=x=indices'], /--role is given twice for x/],
  [['inspect', 'a.py', '--role=x=mask', '--with=x=1'], /takes no value/],
  [['inspect', 'a.py', '--with', 'x'], /--with must be NAME=VALUE/],
  [['inspect', 'a.py', '--with', '=3'], /--with must be NAME=VALUE/],
  [['inspect', 'a.py', '--with', 'x=1 +'], /is no value/],
  [['inspect', 'a.py', '--with=x=1', '--with=x=2'], /--with is given twice for x/],
  [['inspect', 'a.py', '--layout', 'columns'], /--layout must be rows, sequences/],
  [['inspect', 'a.py', '--layout=rows', '--layout=single'], /--layout is given twice/],
];

describe('command line arguments', () => {
  for (const [args, message] of wrong) {
    it(`refuse ${JSON.stringify(args)}`, () => {
      const command = parseArguments(args);
      assert.equal(command.kind, 'wrong');
      assert.match(command.message, message);
    });
  }

  it('take every option, in both spellings', () => {
    const command = parseArguments([
      'inspect',
      'a.py',
      '--json',
      '--smoothing=0.2',
      '--classes',
      '7',
      '--padding-index',
      '0',
      '--only',
      'A',
      '--sample',
      's.json',
      '--rule',
      'target-mass=off',
      '--rule=kldiv-mean=error',
      '--role',
      'x=log-probabilities',
      '--role=mix=smoothing',
      '--with=mix=0.3',
      '--with',
      'how=ab',
      '--layout',
      'classes-first',
      '--',
      '--odd.py',
    ]);
    assert.deepEqual(command, {
      kind: 'inspect',
      files: ['a.py', '--odd.py'],
      json: true,
      sampleFile: 's.json',
      smoothing: 0.2,
      classes: 7,
      paddingIndex: 0,
      only: 'A',
      corrections: {
        parameters: [
          { name: 'x', as: 'logProbabilities' },
          { name: 'mix', as: 'smoothing', value: '0.3' },
          { name: 'how', value: 'ab' },
        ],
        layout: 'classesFirst',
      },
      rules: new Map([
        ['target-mass', 'off'],
        ['kldiv-mean', 'error'],
      ]),
      copy: null,
    });
    const copying = parseArguments(['inspect', '-', '--copy=tfjs']);
    assert.ok(copying.kind === 'inspect');
    assert.equal(copying.copy, 'tfjs');
  });

  it('know help and version anywhere', () => {
    assert.equal(parseArguments(['inspect', '--help']).kind, 'help');
    assert.equal(parseArguments(['--version']).kind, 'version');
  });
});
