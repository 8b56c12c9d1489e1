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
