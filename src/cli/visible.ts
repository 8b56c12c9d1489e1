/** What comes from files, as text that does nothing to where it is read: a terminal, or a log whose lines may be commands. */

const names: Readonly<Record<string, string>> = { '\r': '\\r', '\u001b': '\\x1b', '\0': '\\0', '\b': '\\b', '\u0007': '\\a' };

/** C0 and C1 controls, what breaks lines, and what turns the direction of writing. */
const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Control characters as they are written in code; line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(controls, (character) => {
    const code = character.charCodeAt(0);
    return names[character] ?? (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`);
  });
}

export const onOneLine = (text: string): string =>
  visible(text)
    .replace(/\s*\n\s*/g, ' ')
    .trim();

/** The same data with every text in it made visible. */
export function visibleData<T>(data: T): T {
  if (typeof data === 'string') return visible(data) as T;
  if (Array.isArray(data)) return (typeof data[0] === 'number' ? data : data.map(visibleData)) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]: [string, unknown]) => [name, visibleData(value)])) as T;
}

/** GitHub's runner takes a line of a log that starts so for a command to it. */
export const inert = (text: string): string => text.replace(/^([^\S\n]*)(?=::|##\[)/gm, '$1\\');

/** JSON says the same with these characters escaped, and a terminal that shows it obeys none of them. */
export function jsonText(data: unknown): string {
  const text = JSON.stringify(data, null, 2);
  return `${text.replace(/[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
