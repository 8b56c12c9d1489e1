/** Comparing printed text with the text that a document records, number by number to the digits printed. */

const number = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?\b(?:nan|inf)\b/gi;

/** grad_fn's spelling differs between versions of torch, and white space and line breaks with the width of the page. */
function words(text: string): string {
  return text
    .replace(/,?\s*grad_fn=<[^>]*>/g, '')
    .replace(/,?\s*requires_grad=True/g, '')
    .replace(number, '#')
    .replace(/\s+/g, '');
}

export function agrees(ours: string, recorded: string): boolean {
  if (words(ours) !== words(recorded)) return false;
  const a = numbersIn(ours);
  const b = numbersIn(recorded);
  return a.length === b.length && a.every((text, i) => closeAsPrinted(text, b[i]!));
}

function numbersIn(text: string): readonly string[] {
  return text.replace(/grad_fn=<[^>]*>/g, '').match(number) ?? [];
}

/** Equal within half a unit of the coarser one's last printed digit (and a little for our own rounding to print). */
function closeAsPrinted(a: string, b: string): boolean {
  const x = Number(named(a));
  const y = Number(named(b));
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  if (x === y) return true;
  // `print(loss.item())` shows a float32 with 17 digits, of which it carries 7.
  const unit = Math.max(lastDigit(a), lastDigit(b), float32Precision * Math.abs(x));
  return Math.abs(x - y) <= unit * 1.01;
}

const float32Precision = 2 ** -21;

const named = (text: string): string => text.toLowerCase().replace(/inf$/, 'Infinity');

/** The worth of the last digit printed: 0.01 for 1.25. A number without digits after the point is whole: `2` and torch's `2.` are exact. */
function lastDigit(text: string): number {
  const match = /^[-+]?\d*\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text);
  if (match === null || (match[1] === '' && match[2] === undefined)) return 0;
  return 10 ** (Number(match[2] ?? 0) - match[1]!.length);
}

/** Nested lists of the numbers in a printed tensor. */
export type Nested = number | readonly Nested[];

/** The data of every `tensor(…)` in a printed text, in order; null when there is something else between them, or a tensor was cut short. */
export function printedTensors(text: string): readonly Nested[] | null {
  const found: Nested[] = [];
  let rest = text.trim();
  if (rest.startsWith('(') && rest.endsWith(')')) rest = rest.slice(1, -1).trim();
  while (rest !== '') {
    const head = /^tensor\(\s*/.exec(rest);
    if (head === null) return null;
    const read = nestedNumbers(rest, head[0].length);
    if (read === null) return null;
    found.push(read.value);
    const tail = /^\s*(?:,\s*[a-z_]+=(?:<[^>]*>|'[^']*'|[\w.]+)\s*)*\)\s*,?\s*/.exec(rest.slice(read.end));
    if (tail === null) return null;
    rest = rest.slice(read.end + tail[0].length);
  }
  return found;
}

function nestedNumbers(text: string, start: number): { readonly value: Nested; readonly end: number } | null {
  let at = start;
  const skip = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  function read(): Nested | null {
    skip();
    if (text[at] !== '[') {
      const match = /^[-+]?(?:nan|inf|\d+\.?\d*(?:e[-+]?\d+)?|\.\d+)/i.exec(text.slice(at, at + 40));
      if (match === null) return null;
      at += match[0].length;
      return Number(named(match[0]));
    }
    at++;
    const items: Nested[] = [];
    for (;;) {
      skip();
      if (text[at] === ']') {
        at++;
        return items;
      }
      const item = read();
      if (item === null) return null;
      items.push(item);
      skip();
      if (text[at] === ',') at++;
    }
  }
  const value = read();
  return value === null ? null : { value, end: at };
}

/** Sizes of a nested list, or null when it is ragged. */
export function nestedShape(value: Nested): readonly number[] | null {
  if (typeof value === 'number') return [];
  const shapes = value.map(nestedShape);
  const [first] = shapes;
  if (first === undefined) return [0];
  if (first === null || shapes.some((shape) => shape?.join() !== first.join())) return null;
  return [value.length, ...first];
}
