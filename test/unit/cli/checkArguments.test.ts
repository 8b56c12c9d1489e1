import assert from 'node:assert/strict';
import { parseArguments } from '../../../src/cli/arguments';

const wrong: readonly (readonly [readonly string[], RegExp])[] = [
  [['check'], /no file or folder/],
  [['check', '-'], /not the standard input/],
  [['check', '.', '--json'], /unknown option --json/],
  [['check', '.', '--format'], /--format needs a value/],
  [['check', '.', '--format', 'xml'], /--format must be text, json, sarif, github, not "xml"/],
  [['check', '.', '--format=json', '--format=json'], /given twice/],
  [['check', '.', '--fail-on', 'off'], /--fail-on must be hint, info, warning, error, never, not "off"/],
  [['check', '.', '--rule', 'kldiv-mean'], /--rule must be ID=/],
  [['check', '.', '--rule=kldiv-mean=loud'], /not "kldiv-mean=loud"/],
  [['check', '.', '--rule'], /--rule needs a value/],
];

describe('arguments of check', () => {
  for (const [args, message] of wrong) {
    it(`refuse ${JSON.stringify(args)}`, () => {
      const command = parseArguments(args);
      assert.equal(command.kind, 'wrong');
      assert.match(command.message, message);
    });
  }

  it('have defaults', () => {
    assert.deepEqual(parseArguments(['check', 'src']), {
      kind: 'check',
      paths: ['src'],
      format: 'text',
      failOn: 'warning',
      rules: new Map(),
      hints: false,
    });
  });

  it('are taken in both spellings', () => {
    const args = 'check a --format=sarif --fail-on never --rule=kldiv-mean=off --rule target-mass=error --hints b -- --odd';
    assert.deepEqual(parseArguments(args.split(' ')), {
      kind: 'check',
      paths: ['a', 'b', '--odd'],
      format: 'sarif',
      failOn: 'never',
      rules: new Map([
        ['kldiv-mean', 'off'],
        ['target-mass', 'error'],
      ]),
      hints: true,
    });
  });
});
