import assert from 'node:assert/strict';
import { isAtLeast, readRuleSettings, withSettings } from '../../../src/findings/severities';
import type { Finding } from '../../../src/inspection';

const range = { start: 0, end: 1, line: 1, column: 1, endLine: 1, endColumn: 2 };
const findings: readonly Finding[] = [
  { rule: 'a', severity: 'warning', message: 'one', range },
  { rule: 'b', severity: 'hint', message: 'two', range },
];

describe('settings of rules', () => {
  for (const [settings, left] of [
    [{}, ['a warning', 'b hint']],
    [{ a: 'off' }, ['b hint']],
    [{ a: 'error', b: 'info' }, ['a error', 'b info']],
    [{ a: 'loud', b: 3, c: 'off' }, ['a warning', 'b hint']],
    [null, ['a warning', 'b hint']],
    ['off', ['a warning', 'b hint']],
    [['off'], ['a warning', 'b hint']],
  ] as const) {
    it(JSON.stringify(settings), () => {
      const shown = withSettings(findings, readRuleSettings(settings)).map(({ rule, severity }) => `${rule} ${severity}`);
      assert.deepEqual(shown, left);
    });
  }

  it('are ordered', () => {
    assert.ok(isAtLeast('error', 'warning') && isAtLeast('info', 'info') && isAtLeast('warning', 'hint'));
    assert.ok(!isAtLeast('hint', 'info') && !isAtLeast('warning', 'error'));
  });
});
