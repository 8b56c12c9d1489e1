import type { InputFact } from './rule';

/** Where what the loss is given was made to be what it is, and what that rests on, as words in brackets; nothing where neither is known. */
export function whereMade({ where, supposing = [] }: InputFact): string {
  const names = supposing.map((name) => `\`${name}\``).join(' and ');
  const own = supposing.length === 0 ? [] : [`where ${names} ${supposing.length === 1 ? 'is the one' : 'are those'} that this file makes`];
  const parts = [...(where === null ? [] : [where]), ...own];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
