import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rules } from '../../../src/findings/findings';

/** What a person who comes from a finding wants to know, in this order. */
const sections = ['In numbers', 'How it is decided', 'How to fix it', 'How to silence it'];

describe('the page of', () => {
  for (const { id } of rules) {
    it(`${id} says why, how it is decided, how to fix it and how to silence it`, () => {
      const text = readFileSync(`docs/rules/${id}.md`, 'utf8');
      const [, ...parts] = text.split(/^## /m);
      assert.deepEqual(
        parts.map((part) => part.slice(0, part.indexOf('\n'))),
        sections,
      );
      for (const part of parts) assert.ok(part.split('\n').slice(1).join('').trim().length > 0, `nothing is said under ${part}`);
      assert.match(parts.at(-1)!, new RegExp(`(?:#|//) loss-inspector: ignore\\[${id}\\]`));
    });
  }
});
