import type { Cell, Language, Program, Range, SyntaxProblem } from './program';
import { parsePythonCell } from './python';
import { parseTypeScriptCell } from './typescript';

/** A stretch of a document that is code, and what the document says it printed. */
export interface CodeRange {
  readonly language: Language;
  readonly range: Range;
  readonly recordedOutput?: Range;
  readonly jsx?: boolean;
}

interface Parsed {
  readonly cell: Cell;
  readonly problems: readonly SyntaxProblem[];
}

export function parseCell(text: string, { language, range, jsx = false }: CodeRange): Parsed {
  return language === 'python' ? parsePythonCell(text, range, 'snippet') : parseTypeScriptCell(text, range, { jsx });
}

/** The programs of a document's cells, one for each language that occurs. */
export function programsOf(text: string, cells: readonly CodeRange[], locate?: (offset: number) => number): readonly Program[] {
  const programs: Program[] = [];
  for (const language of ['python', 'typescript'] as const) {
    const own = cells.filter((cell) => cell.language === language);
    if (own.length === 0) continue;
    const parsed = own.map((cell) => ({ ...parseCell(text, cell), output: cell.recordedOutput }));
    const program: Program = {
      language,
      text,
      cells: parsed.map(({ cell, output }) =>
        output === undefined ? cell : { ...cell, recordedOutput: { text: text.slice(output.start, output.end), range: output } },
      ),
      problems: limited(parsed.flatMap(({ problems }) => problems)),
    };
    programs.push(locate === undefined ? program : { ...program, locate });
  }
  return programs;
}

const maximumProblems = 100;

/** Noise has a problem on every line: beyond a hundred, only their number is told. */
export function limited(problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  const next = problems[maximumProblems];
  if (next === undefined) return problems;
  const rest = problems.length - maximumProblems;
  return [
    ...problems.slice(0, maximumProblems),
    { ...next, message: `${next.message} (and ${rest - 1} more places that are not valid code)` },
  ];
}

/** The lines of a text with their places, line breaks left out. */
export interface Line extends Range {
  readonly text: string;
}

export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const { index, 0: found } of text.matchAll(/\r\n?|\n/g)) {
    lines.push({ start, end: index, text: text.slice(start, index) });
    start = index + found.length;
  }
  lines.push({ start, end: text.length, text: text.slice(start) });
  return lines;
}

/** The stretch from the start of the first to the end of the second. */
export function extended(range: Range | null, by: Range): Range {
  return { start: range === null ? by.start : range.start, end: by.end };
}
