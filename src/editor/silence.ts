/** The comment that silences a rule on one line, put where it is read as that comment: tried on the text before it is offered. */
import { isSuppressed, lineStartOf, suppressionsIn } from '../findings/suppression';
import type { DocumentFormat } from '../inspection';
import { readDocument, type Document } from '../language/document';
import type { Program } from '../language/program';
import { applied, type Edit } from './textEdits';

export interface SilencedText {
  readonly text: string;
  readonly file: string;
  readonly format?: DocumentFormat;
}

/** Null where no comment can stand: inside a string, after a line that goes on, in the JSON of a notebook. */
export function silencing(rule: string, at: number, source: SilencedText): Edit | null {
  const { text } = source;
  const document = read(text, source);
  const program = document.programs.find(({ cells }) => cells.some(({ range }) => range.start <= at && at <= range.end));
  if (!program || program.locate !== undefined) return null;
  return (
    [...intoList(rule, at, program), ...newComments(rule, at, program)].find((edit) => works(edit, rule, at, source, document)) ?? null
  );
}

/** A comment that silences other rules of the line takes this one too. */
function intoList(rule: string, at: number, program: Program): readonly Edit[] {
  const line = lineStartOf(program.text, at);
  return suppressionsIn(program).flatMap(({ lineStart, rules, range }): readonly Edit[] => {
    const last = rules?.at(-1);
    if (lineStart !== line || last === undefined || range.end < last.range.end) return [];
    return [{ range: { start: last.range.end, end: last.range.end }, newText: `, ${rule}` }];
  });
}

function newComments(rule: string, at: number, { text, language }: Program): readonly Edit[] {
  const comment = `${language === 'python' ? '#' : '//'} loss-inspector: ignore[${rule}]`;
  const start = lineStartOf(text, at);
  const line = /^[^\r\n]*/u.exec(text.slice(start))![0];
  const code = line.trimEnd();
  const end = start + line.length;
  const newLine = /\r\n?|\n/u.exec(text)?.[0] ?? '\n';
  const indent = /^[ \t]*/u.exec(line)![0];
  return [
    { range: { start: start + code.length, end }, newText: `  ${comment}` },
    { range: { start, end: start }, newText: `${indent}${comment}${newLine}` },
  ];
}

function works(edit: Edit, rule: string, at: number, source: SilencedText, before: Document): boolean {
  const after = read(applied(source.text, [edit]), source);
  const moved = edit.range.end <= at ? edit.newText.length - (edit.range.end - edit.range.start) : 0;
  if (problemsOf(after) > problemsOf(before)) return false;
  return after.programs.some((program) => isSuppressed(rule, { start: at + moved, end: at + moved }, program));
}

const read = (text: string, { file, format }: SilencedText): Document => readDocument(text, file, format);

const problemsOf = ({ problems, programs }: Document): number =>
  problems.length + programs.reduce((sum, program) => sum + program.problems.length, 0);
