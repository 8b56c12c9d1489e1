/** `# loss-inspector: ignore[rule, …]`, in TypeScript `// …`: on a finding's line or alone on the line above, it silences what it names; without a list, every rule. */
import { walk } from '../detection/walk';
import type { Program, Range } from '../language/program';

export interface NamedRule {
  readonly name: string;
  readonly range: Range;
}

export interface Suppression {
  /** Of the comment, from its mark to the end of what was read. */
  readonly range: Range;
  /** Null: every rule. */
  readonly rules: readonly NamedRule[] | null;
  /** Where the line begins that it speaks of: its own, or the next one if it stands alone. */
  readonly lineStart: number;
}

const known = new WeakMap<Program, readonly Suppression[]>();

export function suppressionsIn(program: Program): readonly Suppression[] {
  const before = known.get(program);
  if (before !== undefined) return before;
  const found = program.text.includes('loss-inspector:') ? read(program) : [];
  known.set(program, found);
  return found;
}

/** Is what this rule finds at this place to be left out? */
export function isSuppressed(rule: string, { start }: Range, program: Program): boolean {
  const suppressions = suppressionsIn(program);
  if (suppressions.length === 0) return false;
  const line = lineStartOf(program.text, start);
  return suppressions.some(({ lineStart, rules }) => lineStart === line && (rules === null || rules.some(({ name }) => name === rule)));
}

/** Where the line that holds this offset begins. Lines end at \n, \r\n or \r. */
export function lineStartOf(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  return start;
}

/** A list that is not closed ends with its line. */
const comment = {
  python: /#\s*loss-inspector:\s*ignore(?![\w-])(?:\[([^\]\r\n]*)\]?)?/gu,
  typescript: /\/\/\s*loss-inspector:\s*ignore(?![\w-])(?:\[([^\]\r\n]*)\]?)?/gu,
};

function read(program: Program): readonly Suppression[] {
  const { text, cells, language } = program;
  const strings = stringsIn(program);
  const isWithin =
    (offset: number) =>
    ({ start, end }: Range): boolean =>
      start <= offset && offset < end;
  return [...text.matchAll(comment[language])].flatMap((match): readonly Suppression[] => {
    const { 0: whole, 1: list, index } = match;
    const isCode = cells.some(({ range }) => isWithin(index)(range)) && !strings.some(isWithin(index));
    if (!isCode) return [];
    const range = { start: index, end: index + whole.length };
    const own = lineStartOf(text, index);
    const isAlone = text.slice(own, index).trim() === '';
    const rules = list === undefined ? null : namesIn(list, index + whole.indexOf('[') + 1);
    return [{ range, rules, lineStart: isAlone ? nextLine(text, index) : own }];
  });
}

function namesIn(list: string, offset: number): readonly NamedRule[] {
  return [...list.matchAll(/[^,\s](?:[^,]*[^,\s])?/gu)].map(({ 0: name, index }) => ({
    name,
    range: { start: offset + index, end: offset + index + name.length },
  }));
}

function nextLine(text: string, offset: number): number {
  const end = /\r\n?|\n/u.exec(text.slice(offset));
  return end === null ? text.length : offset + end.index + end[0].length;
}

/** What looks like a comment inside a string is none. */
function stringsIn({ cells }: Program): readonly Range[] {
  const strings: Range[] = [];
  walk(
    cells.flatMap(({ body }) => body),
    (node) => {
      if (node.kind === 'joinedString' || (node.kind === 'constant' && node.value.type === 'string')) strings.push(node.range);
    },
  );
  return strings;
}
