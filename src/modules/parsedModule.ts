/** The trees of the modules beside a document. Every range in them says its file, so that a place of a run is never taken for one of the document. */
import type { Program } from '../language/program';
import { parsePython } from '../language/python';
import { parseTypeScript } from '../language/typescript';
import type { ModuleFile } from './moduleFile';

const parsed = new Map<string, Program>();
/** Characters of source whose trees are kept. */
const mostKept = 1_500_000;
let kept = 0;

export function parsedModule({ path, text }: ModuleFile): Program {
  const key = `${path}\0${text}`;
  const known = parsed.get(key);
  // What was used last is given up last.
  parsed.delete(key);
  const program = known ?? parse(path, text);
  parsed.set(key, program);
  if (known === undefined) kept += text.length;
  for (const [oldest, { text: its }] of parsed) {
    if (kept <= mostKept || oldest === key) break;
    parsed.delete(oldest);
    kept -= its.length;
  }
  return program;
}

function parse(path: string, text: string): Program {
  const program = /\.pyi?$/.test(path) ? parsePython(text) : parseTypeScript(text, { jsx: /\.(?:jsx|tsx|js)$/.test(path) });
  markFile(program.cells, path);
  return { ...program, file: path };
}

/** Walks without recursion: a tree may be deep. A range that several nodes share is marked once. */
function markFile(tree: unknown, file: string): void {
  const stack: unknown[] = [tree];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue;
    if (isRange(value)) value.file = file;
    else for (const child of Object.values(value)) if (typeof child === 'object') stack.push(child);
  }
}

const isRange = (value: object): value is { start: number; end: number; file?: string } =>
  'start' in value && typeof value.start === 'number' && 'end' in value && typeof value.end === 'number';
