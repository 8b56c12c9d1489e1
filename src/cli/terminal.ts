/** How text is laid out for where it is written: width, colour, columns. */

export interface Terminal {
  /** Columns that a line may take. */
  readonly width: number;
  readonly colour: boolean;
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
};

export function styled(text: string, style: Style, terminal: Terminal): string {
  if (!terminal.colour || text === '') return text;
  const [on, off] = codes[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** Columns a text takes: East Asian wide characters take two, combining marks and colour codes none. */
export function columns(text: string): number {
  let count = 0;

  for (const character of text.replace(/\u001b\[\d+m/g, '')) {
    if (/\p{Mn}/u.test(character)) continue;
    count += isWide(character.codePointAt(0)!) ? 2 : 1;
  }
  return count;
}

const isWide = (code: number): boolean =>
  (code >= 0x1100 && code <= 0x115f) ||
  (code >= 0x2e80 && code <= 0xa4cf) ||
  (code >= 0xac00 && code <= 0xd7a3) ||
  (code >= 0xf900 && code <= 0xfaff) ||
  (code >= 0xfe30 && code <= 0xfe6f) ||
  (code >= 0xff00 && code <= 0xff60) ||
  (code >= 0xffe0 && code <= 0xffe6) ||
  (code >= 0x1f300 && code <= 0x1faff) ||
  (code >= 0x20000 && code <= 0x3fffd);

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columns(text)));
export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - columns(text))) + text;

/** Breaks a text into lines of at most `width` columns, between words where it can. */
export function wrap(text: string, width: number): readonly string[] {
  const limit = Math.max(8, width);
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, limit));
}

function wrapParagraph(paragraph: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (columns(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (columns(line) > width) {
      const head = takeColumns(line, width);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  lines.push(line);
  return lines;
}

function takeColumns(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const character of text) {
    const size = columns(character);
    if (used + size > width && taken !== '') break;
    taken += character;
    used += size;
  }
  return taken;
}

/** A text that takes one line at most. */
export function cut(text: string, width: number): string {
  return columns(text) <= width ? text : `${takeColumns(text, Math.max(1, width - 1))}…`;
}

/** Wrapped under a hanging indent: the first line follows `head`, the others stand below its text. */
export function hanging(head: string, text: string, width: number): readonly string[] {
  const indent = columns(head);
  return wrap(text, width - indent).map((line, i) => (i === 0 ? head + line : ' '.repeat(indent) + line));
}
