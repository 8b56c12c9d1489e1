import type { DocumentFormat } from '../inspection';
import { limited, linesOf, programsOf, type CodeRange } from './cells';
import { hasInputPrompts, readDump } from './dump';
import { codeShape } from './looks';
import { languageByLook, readMarkdown, sessionCells, blankOut } from './markdown';
import { readNotebook } from './notebook';
import type { Cell, Language, Program, Range, Statement } from './program';
import { isSession } from './prompts';
import { parsePython } from './python';
import { parseTypeScript } from './typescript';

/** A problem of the document as a whole. What is wrong inside its code stands with each program. */
export interface DocumentProblem {
  readonly message: string;
  /** In the document's own text; null where it is about all of it. */
  readonly range: Range | null;
}

/** So that a text that is read again (after an edit, say) stands where it stood. */
export function surroundingsOf({ file, workspace }: Program): Surroundings {
  return file === undefined || workspace === undefined ? {} : { file, workspace };
}

export interface Document {
  readonly format: DocumentFormat;
  /** One for each language that the document holds code of. */
  readonly programs: readonly Program[];
  readonly problems: readonly DocumentProblem[];
}

/** Where the document's programs stand. */
export type Surroundings = Pick<Program, 'file' | 'workspace'>;

/** Reads a document of any kind: finds its code and lowers it. Never throws. The format is told from the file's ending, else from the text. */
export function readDocument(text: string, file: string, format?: DocumentFormat, surroundings: Surroundings = {}): Document {
  const ending = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? '';
  const unreadable = unreadableBecause(text);
  const known = format ?? formats[ending];
  if (unreadable !== null) return { format: known ?? 'dump', programs: [], problems: [{ message: unreadable, range: null }] };
  const read = readAs(known === 'markdown' && format === undefined ? mixedFormat(text) : (known ?? formatByLook(text)), text, ending);
  return { ...read, programs: read.programs.map((program) => ({ ...program, ...surroundings })) };
}

const formats: Readonly<Record<string, DocumentFormat>> = {
  py: 'python',
  pyi: 'python',
  pyw: 'python',
  ts: 'typescript',
  tsx: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  js: 'typescript',
  jsx: 'typescript',
  mjs: 'typescript',
  cjs: 'typescript',
  ipynb: 'notebook',
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  rmd: 'markdown',
  qmd: 'markdown',
};

function unreadableBecause(text: string): string | null {
  if (text.trim() === '' || text === '\ufeff') return 'the document is empty';
  const sample = text.slice(0, 65_536);

  const strange = sample.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0;
  if (sample.includes('\0') || strange > sample.length / 20) return 'the document is binary: there is no text to read';
  return null;
}

function formatByLook(text: string): DocumentFormat {
  if (/^\ufeff?\s*\{/.test(text) && /"cells"\s*:/.test(text)) return 'notebook';
  const mixed = mixedFormat(text);
  if (mixed === 'dump' || /^[ \t]*(?:```|~~~)/m.test(text)) return mixed;
  const language = languageByLook(text, { start: 0, end: text.length }) ?? languageByShape(text);
  return language ?? 'markdown';
}

function mixedFormat(text: string): 'dump' | 'markdown' {
  return hasInputPrompts(text) ? 'dump' : 'markdown';
}

/** Code that is not valid still looks like code, on most of its lines. */
function languageByShape(text: string): Language | null {
  const { python, typescript, lines } = codeShape(text);
  if (Math.max(python, typescript) < lines / 4) return null;
  return python >= typescript ? 'python' : 'typescript';
}

function readAs(format: DocumentFormat, text: string, ending: string): Document {
  switch (format) {
    case 'python':
      return { format, programs: [readScript(text)], problems: [] };
    case 'typescript': {
      const program = parseTypeScript(text, { jsx: /^(?:jsx|tsx|js)$/.test(ending) });
      return { format, programs: [{ ...program, problems: limited(program.problems) }], problems: [] };
    }
    case 'notebook':
      return { format, ...readNotebook(text) };
    case 'markdown': {
      const { text: blanked, cells } = isSession(text) && !/```|~~~/.test(text) ? readSession(text) : readMarkdown(text);
      return mixed(format, blanked, cells, 'no code found: there is no fenced block of Python or TypeScript');
    }
    case 'dump': {
      const { text: blanked, cells } = readDump(text);
      return mixed(format, blanked, cells, 'no code found behind the prompts');
    }
  }
}

function readSession(text: string): { readonly text: string; readonly cells: readonly CodeRange[] } {
  const blanks: Range[] = [];
  const cells = sessionCells(linesOf(text), blanks);
  return { text: blankOut(text, blanks), cells };
}

function mixed(format: DocumentFormat, text: string, cells: readonly CodeRange[], otherwise: string): Document {
  const problems = cells.length === 0 ? [{ message: otherwise, range: null }] : [];
  return { format, programs: programsOf(text, cells), problems };
}

/** A Python script; lines of `# %%` divide it into cells. */
function readScript(text: string): Program {
  const program = parsePython(text);
  const [whole] = program.cells;
  const marks = [...text.matchAll(/^# ?%%.*$/gm)].map(({ index }) => index);
  const problems = limited(program.problems);
  if (whole === undefined || marks.length === 0) return { ...program, problems };
  return { ...program, cells: divided(whole, marks), problems };
}

/** A mark inside a statement (in a string, say) divides nothing. */
function divided(whole: Cell, marks: readonly number[]): readonly Cell[] {
  const isInside = (mark: number): boolean => whole.body.some(({ range }) => range.start < mark && mark < range.end);
  const starts = [...new Set([0, ...marks.filter((mark) => !isInside(mark))])];
  return starts.map((start, index): Cell => {
    const end = starts[index + 1] ?? whole.range.end;
    const body: Statement[] = whole.body.filter(({ range }) => range.start >= start && range.start < end);
    return { range: { start, end }, body };
  });
}
