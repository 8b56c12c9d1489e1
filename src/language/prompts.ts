/** The prompts of interactive sessions: `In [3]:`, its continuation `   ...:`, `Out[3]:`, and Python's own `>>>` and `...`. */

export interface Prompt {
  /** Where the code behind the prompt begins, in the line. */
  readonly width: number;
}

const inputPrompt = /^[ \t]*In\s?\[(?:\s*\d*\s*|\*|None)\]\s?:[ \t]?/;
const continuation = /^[ \t]*\.{3,}:[ \t]?/;
const outputPrompt = /^[ \t]*Out\s?\[(?:\s*\d*\s*|None)\]\s?:[ \t]?/;

function match(form: RegExp, line: string): Prompt | null {
  const found = form.exec(line);
  return found === null ? null : { width: found[0].length };
}

export const readInputPrompt = (line: string): Prompt | null => match(inputPrompt, line);
export const readContinuation = (line: string): Prompt | null => match(continuation, line);
export const readOutputPrompt = (line: string): Prompt | null => match(outputPrompt, line);

/** Is this the text of an interactive Python session? */
export function isSession(text: string): boolean {
  return /^[ \t]*>>> /m.test(text);
}
