import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { libraries } from '../../../src/interpreter/libraries/all';
import { functions } from '../../../src/interpreter/libraries/tfjs/operations';
import { supported } from '../../conformance/supported';

describe('docs/supported.md', () => {
  const written = readFileSync('docs/supported.md', 'utf8');

  it('is what the records say (npm run docs writes it)', () => {
    assert.equal(written, supported());
  });

  it('has every library, every public module, and every tfjs function', () => {
    for (const { name, modules } of libraries) {
      assert.ok(written.includes(`## ${name}\n`), name);
      for (const [module, { prelude }] of Object.entries(modules))
        if (prelude?.match(/^(def|class) [a-zA-Z]/m) && !module.includes('._')) assert.ok(written.includes(`\`${module}\``), module);
    }
    for (const name of functions.keys()) assert.ok(written.includes(`\`tf.${name}\``), name);
  });

  it('knows no spelling of a library twice', () => {
    for (const { operations } of libraries) {
      const spellings = operations.flatMap((operation) => operation.spellings);
      const twice = spellings.filter((spelling, i) => spellings.indexOf(spelling) !== i);
      assert.deepEqual(twice, []);
    }
  });
});
