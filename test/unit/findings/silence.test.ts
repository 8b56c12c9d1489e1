/** Every rule is silenced by its comment and by its setting, and by no other's. */
import assert from 'node:assert/strict';
import { readRuleSettings, withSettings } from '../../../src/findings/severities';
import { inspect } from '../../../src/inspect';
import type { Finding } from '../../../src/inspection';
import { positive } from './cases';

const onePerRule = [...new Map(positive.map((row) => [row.rule, row.code])).entries()];

function findings(text: string): readonly Finding[] {
  return inspect({ file: 'loss.py', text, brief: true }).losses.flatMap((loss) => loss.findings);
}

const withComment = (code: string, line: number, comment: string): string =>
  code
    .split('\n')
    .map((text, i) => (i === line - 1 ? `${text}  ${comment}` : text))
    .join('\n');

describe('silencing', function () {
  this.timeout(30_000);

  for (const [rule, code] of onePerRule) {
    it(rule, () => {
      const found = findings(code).filter((finding) => finding.rule === rule);
      assert.ok(found.length > 0, 'nothing is found to be silenced');
      const lines = [...new Set(found.map(({ range }) => range.line))];
      const marked = (comment: string): string => lines.reduce((text, line) => withComment(text, line, comment), code);
      const left = (comment: string): readonly Finding[] => findings(marked(comment)).filter((finding) => finding.rule === rule);
      assert.deepEqual(left(`# loss-inspector: ignore[${rule}]`), []);
      const other = rule === 'target-mass' ? 'kldiv-mean' : 'target-mass';
      assert.equal(left(`# loss-inspector: ignore[${other}]`).length, found.length);

      assert.deepEqual(withSettings(found, readRuleSettings({ [rule]: 'off' })), []);
      const severe = withSettings(found, readRuleSettings({ [rule]: 'error', [other]: 'off' }));
      assert.deepEqual(
        severe.map(({ severity }) => severity),
        found.map(() => 'error'),
      );
    });
  }
});
