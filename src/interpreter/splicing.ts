/** Array.prototype.splice for any number of items: spread into a call, more than some hundred thousand end the host's stack. */
export function splice<T>(items: T[], start: number, removed: number, added: readonly T[]): void {
  const rest = items.slice(start + Math.max(0, removed));
  items.length = Math.min(start, items.length);
  append(items, added);
  append(items, rest);
}

export function append<T>(items: T[], added: readonly T[]): void {
  // The length first: a list may be added to itself.
  for (let i = 0, { length } = added; i < length; i++) items.push(added[i]!);
}
