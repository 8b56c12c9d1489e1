import { extended, linesOf, parseCell, type CodeRange, type Line } from './cells';
import { codeShape, isHeading, looksLikeOutput, looksLikeProse } from './looks';
import { blankOut, fencesOf, type MixedReading } from './markdown';
import type { Range } from './program';
import { readContinuation, readInputPrompt, readOutputPrompt } from './prompts';

/**
 * The text dump of a notebook: `In [3]:` prompts, the code behind each, perhaps what it printed, and prose, with blank lines alone between
 * them. Where the code of a cell ends is decided paragraph by paragraph: by what parses together with the code so far, and by what looks
 * like output or prose.
 */
export function readDump(text: string): MixedReading {
  const lines = linesOf(text);
  const blanks: Range[] = [];
  for (const line of lines) {
    const prompt = readInputPrompt(line.text) ?? readContinuation(line.text) ?? readOutputPrompt(line.text);
    if (prompt !== null) blanks.push({ start: line.start, end: line.start + prompt.width });
  }
  const blanked = blankOut(text, blanks);
  const prompts = lines.flatMap((line, index) => (readInputPrompt(line.text) === null ? [] : [index]));
  const cells: CodeRange[] = [...fencedDefinitions(blanked, lines.slice(0, prompts[0] ?? lines.length))];
  for (const [position, index] of prompts.entries()) {
    const chunk = lines.slice(index, prompts[position + 1] ?? lines.length);
    const { cell, rest } = readChunk(blanked, chunk);
    if (cell !== null) cells.push(cell);
    cells.push(...fencedDefinitions(blanked, rest));
  }
  return { text: blanked, cells };
}

export function hasInputPrompts(text: string): boolean {
  return linesOf(text).some((line) => readInputPrompt(line.text) !== null);
}

interface Paragraph extends Range {
  readonly text: string;
  /** Index of its first line in the chunk. */
  readonly line: number;
  readonly lineCount: number;
  /** It stands behind an `Out[3]:`. */
  readonly isOutput: boolean;
}

interface Chunk {
  readonly cell: CodeRange | null;
  /** The lines behind the cell's code and output. */
  readonly rest: readonly Line[];
}

function readChunk(text: string, lines: readonly Line[]): Chunk {
  const paragraphs = paragraphsOf(text, lines);
  let taken = 0;
  let code: Range | null = null;
  // Parsed again with each paragraph: only from the last statement on that began at the margin.
  let recent: Range | null = null;
  while (taken < paragraphs.length && isCode(text, recent, paragraphs, taken)) {
    const paragraph = paragraphs[taken]!;
    const isOpen: boolean =
      recent !== null && (isIndented(paragraph) || problemsOf(text, recent).some((message) => unfinished.test(message)));
    recent = isOpen ? extended(recent, paragraph) : paragraph;
    code = extended(code, paragraph);
    taken++;
  }
  if (code === null) return { cell: null, rest: lines };
  let output: Range | null = null;
  while (taken < paragraphs.length && isOutput(paragraphs[taken]!, output !== null)) {
    output = extended(output, paragraphs[taken]!);
    taken++;
  }
  const next = paragraphs[taken];
  const cell: CodeRange = { language: 'python', range: code, ...(output === null ? {} : { recordedOutput: output }) };
  return { cell, rest: next === undefined ? [] : lines.slice(next.line) };
}

function paragraphsOf(text: string, lines: readonly Line[]): readonly Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let from: number | null = null;
  const finish = (to: number): void => {
    if (from === null) return;
    const end = lines[to - 1]!.end;
    const isOutput = readOutputPrompt(lines[from]!.text) !== null;
    let { start } = lines[from]!;
    while (isOutput && start < end && /\s/.test(text[start]!)) start++;
    paragraphs.push({ start, end, text: text.slice(start, end), line: from, lineCount: to - from, isOutput });
    from = null;
  };
  for (const [index, { start, end, text: source }] of lines.entries()) {
    const isMarked = readOutputPrompt(source) !== null;
    if (isMarked || text.slice(start, end).trim() === '') finish(index);
    if (isMarked || text.slice(start, end).trim() !== '') from ??= index;
  }
  finish(lines.length);
  return paragraphs;
}

/** Does this paragraph go on with the cell's code, of which this is the most recent part? */
function isCode(text: string, code: Range | null, paragraphs: readonly Paragraph[], index: number): boolean {
  const paragraph = paragraphs[index];
  if (paragraph === undefined || paragraph.isOutput) return false;
  const isRightBehindPrompt = paragraph.line === 0 || (index === 0 && paragraph.line === 1);
  if (isRightBehindPrompt) return true;
  const before = code === null ? [] : problemsOf(text, code);
  if (before.some((message) => openString.test(message)) && /"""|'''/.test(text.slice(paragraph.start, paragraphs.at(-1)!.end)))
    return true;
  const looksOtherwise = looksLikeOutput(paragraph.text) || looksLikeProse(paragraph.text);
  const after = problemsOf(text, { start: code?.start ?? paragraph.start, end: paragraph.end });
  const parses = after.length <= before.length;
  if (isIndented(paragraph)) return parses || (!looksOtherwise && code !== null);
  if (looksOtherwise) return false;
  if (before.some((message) => unfinished.test(message))) return true;
  if (onlyHeadings(paragraph.text)) return isCode(text, code, paragraphs, index + 1);
  return parses || codeShape(paragraph.text).python > 0;
}

const isIndented = (paragraph: Paragraph): boolean => /^[ \t]/.test(paragraph.text);

/** The code cannot end here: a bracket, a string or a block is open. */
const unfinished = /was never closed|unterminated triple|expected an indented block|unterminated f-string/;
const openString = /unterminated (?:triple|f-string)/;

function problemsOf(text: string, range: Range): readonly string[] {
  return parseCell(text, { language: 'python', range }).problems.map(({ message }) => message);
}

function onlyHeadings(paragraph: string): boolean {
  return paragraph.split(/\r\n?|\n/).every((line) => isHeading(line) || line.trim() === '');
}

/** The first paragraph of an output looks like one, or is marked as one; those behind it go on until prose begins. */
function isOutput(paragraph: Paragraph, begun: boolean): boolean {
  if (paragraph.isOutput || looksLikeOutput(paragraph.text)) return true;
  return begun && !looksLikeProse(paragraph.text) && !isHeading(paragraph.text);
}

/** Fences in a dump's prose explain; they are code only where they define something, and (but for that) are valid. */
function fencedDefinitions(text: string, lines: readonly Line[]): readonly CodeRange[] {
  return fencesOf(lines).flatMap(({ label, lines: content }): readonly CodeRange[] => {
    const [first] = content;
    const last = content.at(-1);
    if (first === undefined || last === undefined || !/^(?:|py|python3?|ipython3?)$/.test(label)) return [];
    const range = { start: first.start, end: last.end };
    return /^[ \t]*(?:class|def)\s+\w/m.test(text.slice(range.start, range.end)) ? [{ language: 'python', range }] : [];
  });
}
