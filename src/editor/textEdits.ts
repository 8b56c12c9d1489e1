/** Edits of a text, as plain data. */
import type { TextEdit } from '../inspection';

export type Edit = Pick<TextEdit, 'newText'> & { readonly range: { readonly start: number; readonly end: number } };

export function applied(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((edited, { range, newText }) => edited.slice(0, range.start) + newText + edited.slice(range.end), text);
}

/** Two insertions at one place overlap too: which comes first is not said. */
export function overlap(some: readonly Edit[], others: readonly Edit[]): boolean {
  const touches = (a: Edit, b: Edit): boolean =>
    a.range.start === b.range.start || (a.range.start < b.range.end && b.range.start < a.range.end);
  return some.some((a) => others.some((b) => touches(a, b)));
}
