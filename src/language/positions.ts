import type { SourceRange } from '../inspection';
import type { Range } from './program';

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

export interface LineIndex {
  /** An offset outside the text counts as its nearest end. */
  readonly at: (offset: number) => Position;
  /** The inverse of `at`; a column behind the end of its line counts as that end. */
  readonly offsetAt: (line: number, column: number) => number;
  readonly range: (range: Range) => SourceRange;
}

/** Offsets to lines and columns and back. Lines end at \n, \r\n or \r. */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (const { index, 0: found } of text.matchAll(/\r\n?|\n/g)) starts.push(index + found.length);
  const clamp = (offset: number): number => Math.min(Math.max(0, offset), text.length);
  const at = (offset: number): Position => {
    const place = clamp(offset);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: place - starts[low]! + 1 };
  };
  const endOfLine = (line: number): number => {
    const next = starts[line];
    if (next === undefined) return text.length;
    return text[next - 1] === '\n' && text[next - 2] === '\r' ? next - 2 : next - 1;
  };
  const offsetAt = (line: number, column: number): number => {
    const row = Math.min(Math.max(1, line), starts.length);
    return Math.min(Math.max(starts[row - 1]!, starts[row - 1]! + column - 1), endOfLine(row));
  };
  const range = ({ start, end }: Range): SourceRange => {
    const from = at(start);
    const to = at(end);
    return { start: clamp(start), end: clamp(end), line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
  return { at, offsetAt, range };
}
