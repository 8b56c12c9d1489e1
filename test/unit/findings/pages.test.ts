import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rules } from '../../../src/findings/findings';

const folder = path.join('docs', 'rules');

describe('the pages of the rules', () => {
  for (const { id, title, severity } of rules) {
    it(id, () => {
      const file = path.join(folder, `${id}.md`);
      assert.ok(existsSync(file), `${file} is missing`);
      const text = readFileSync(file, 'utf8');
      assert.ok(text.startsWith(`# ${title}\n`), 'its heading is the rule’s title');
      assert.ok(text.includes(`\`${id}\` · ${severity} · `), 'it says the rule’s severity');
      assert.ok(
        readFileSync(path.join(folder, 'README.md'), 'utf8').includes(`[${id}](${id}.md) | ${severity} | ${title}`),
        'the list has it',
      );
    });
  }

  it('are of rules that exist', () => {
    const known = new Set(rules.map(({ id }) => `${id}.md`));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name !== 'README.md' && !known.has(name)),
      [],
    );
  });
});
