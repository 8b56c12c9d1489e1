import { extended, linesOf, parseCell, type CodeRange, type Line } from './cells';
import { codeShape, looksLikeOutput } from './looks';
import { isSession, readContinuation, readInputPrompt } from './prompts';
import type { Language, Range } from './program';

/** The code of a document of mixed text. Prompts are blanked out of its text, so that every offset stays what it was. */
export interface MixedReading {
  readonly text: string;
  readonly cells: readonly CodeRange[];
}

const fenceForm = /^[ \t]*(?:>[ \t]?)?(`{3,}|~{3,})[ \t]*\{?\.?([\w+#-]*)/;

interface Fence {
  readonly label: string;
  readonly lines: readonly Line[];
}

/** Markdown's fenced code. A fence without a label is code if it looks like it, or the output of the fence before it. */
export function readMarkdown(text: string): MixedReading {
  const blanks: Range[] = [];
  const cells: CodeRange[] = [];
  for (const fence of fencesOf(linesOf(text))) addFence(text, fence, cells, blanks);
  return { text: blankOut(text, blanks), cells };
}

export function fencesOf(lines: readonly Line[]): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { readonly mark: string; readonly label: string; readonly from: number } | null = null;
  for (const [index, line] of lines.entries()) {
    const found = fenceForm.exec(line.text);
    if (open === null) {
      if (found !== null) open = { mark: found[1]!, label: found[2]!.toLowerCase(), from: index + 1 };
    } else if (found?.[1]!.startsWith(open.mark) === true && found[2] === '') {
      fences.push({ label: open.label, lines: lines.slice(open.from, index) });
      open = null;
    }
  }
  if (open !== null) fences.push({ label: open.label, lines: lines.slice(open.from) });
  return fences;
}

const labels: Readonly<Record<string, Language>> = {
  python: 'python',
  py: 'python',
  python3: 'python',
  ipython: 'python',
  ipython3: 'python',
  pycon: 'python',
  torch: 'python',
  pytorch: 'python',
  'code-cell': 'python',
  ts: 'typescript',
  tsx: 'typescript',
  typescript: 'typescript',
  js: 'typescript',
  jsx: 'typescript',
  mjs: 'typescript',
  javascript: 'typescript',
};

function addFence(text: string, { label, lines }: Fence, cells: CodeRange[], blanks: Range[]): void {
  const [first] = lines;
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return;
  const range = { start: first.start, end: last.end };
  const content = text.slice(range.start, range.end);
  const known = labels[label];
  if (known !== 'typescript' && isSession(content)) {
    cells.push(...sessionCells(lines, blanks));
    return;
  }
  const previous = cells.at(-1);
  if (known === undefined && looksLikeOutput(content)) {
    if (previous !== undefined && previous.recordedOutput === undefined && /^(?:|text|output|out|console|plaintext|txt)$/.test(label)) {
      cells[cells.length - 1] = { ...previous, recordedOutput: range };
    }
    return;
  }
  const language = known ?? (label === '' ? languageByLook(text, range) : null);
  if (language === null) return;
  for (const line of lines) blankPrompt(line, blanks);
  cells.push({ language, range, jsx: /x$/.test(label) });
}

function blankPrompt(line: Line, blanks: Range[]): void {
  const prompt = readInputPrompt(line.text) ?? readContinuation(line.text);
  if (prompt !== null) blanks.push({ start: line.start, end: line.start + prompt.width });
}

/** The language of code that nothing labels: it has the shape of code of that language, and is valid. */
export function languageByLook(text: string, range: Range): Language | null {
  const shape = codeShape(text.slice(range.start, range.end));
  const isValid = (language: Language): boolean => parseCell(text, { language, range }).problems.length === 0;
  if (shape.python > 0 && shape.python >= shape.typescript && isValid('python')) return 'python';
  return shape.typescript > 0 && isValid('typescript') ? 'typescript' : null;
}

/** The statements of a `>>>` session, each run of them a cell, with what stands behind them as their output. */
export function sessionCells(lines: readonly Line[], blanks: Range[]): readonly CodeRange[] {
  const cells: CodeRange[] = [];
  let code: Range | null = null;
  let output: Range | null = null;
  const finish = (): void => {
    if (code !== null) cells.push({ language: 'python', range: code, ...(output === null ? {} : { recordedOutput: output }) });
    code = output = null;
  };
  for (const line of lines) {
    const prompt: string | undefined = /^[ \t]*(?:>>>|\.\.\.)(?: |$)/.exec(line.text)?.[0];
    if (prompt !== undefined && (prompt.includes('>>>') || (code !== null && output === null))) {
      if (output !== null) finish();
      blanks.push({ start: line.start, end: line.start + prompt.length });
      code = extended(code, line);
    } else if (code !== null && line.text.trim() !== '') {
      output = extended(output, line);
    }
  }
  finish();
  return cells;
}

/** Replaces stretches of a text by as many spaces. */
export function blankOut(text: string, blanks: readonly Range[]): string {
  if (blanks.length === 0) return text;
  const parts: string[] = [];
  let position = 0;
  for (const { start, end } of [...blanks].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(position, start), ' '.repeat(end - start));
    position = end;
  }
  return [...parts, text.slice(position)].join('');
}
