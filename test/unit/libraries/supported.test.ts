import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { libraries } from '../../../src/interpreter/libraries/all';
import { supportedMarkdown } from '../../../src/interpreter/libraries/supported';

describe('docs/supported.md', () => {
  it('is what the records say (node dist/test/supported.js writes it)', () => {
    assert.equal(readFileSync('docs/supported.md', 'utf8'), supportedMarkdown(libraries));
  });

  it('has every operation once for each of its spellings', () => {
    const operations = libraries.flatMap((library) => library.operations);
    const spellings = operations.flatMap((operation) => operation.spellings);
    const twice = spellings.filter((spelling, i) => spellings.indexOf(spelling) !== i);
    assert.deepEqual(twice, []);
  });
});
