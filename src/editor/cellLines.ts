/** Lines as a notebook counts them: from the start of each cell. */
import type { FileInspection, SourceRange } from '../inspection';
import type { Source } from './source';

/** The inspection of a notebook with the lines and columns of its cells; offsets stay those of the whole text. Of a document, as it is. */
export function withCellLines(source: Source, file: FileInspection): FileInspection {
  return source.isNotebook ? inCells(source, file) : file;
}

function inCells<T>(source: Source, value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (isRange(value)) return value.file !== undefined ? value : { ...value, ...cellPlace(source, value) };
  if (Array.isArray(value)) return value.map((item: unknown) => inCells(source, item)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, inCells(source, item)])) as T;
}

const isRange = (value: object): value is SourceRange =>
  ['start', 'end', 'line', 'column', 'endLine', 'endColumn'].every((key) => key in value);

function cellPlace(source: Source, { start, end }: SourceRange): Omit<SourceRange, 'start' | 'end'> {
  const { range } = source.location(start, end);
  return {
    line: range.start.line + 1,
    column: range.start.character + 1,
    endLine: range.end.line + 1,
    endColumn: range.end.character + 1,
  };
}
