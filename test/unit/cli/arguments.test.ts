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
    });
  });

  it('know help and version anywhere', () => {
    assert.equal(parseArguments(['inspect', '--help']).kind, 'help');
    assert.equal(parseArguments(['--version']).kind, 'version');
  });
});
