/** The programs that use a file: who imports it, directly or by way of others, up to those that nobody imports. */
import { readDocument } from '../language/document';
import type { Program } from '../language/program';
import type { Workspace } from '../workspace';

/** Files that are looked at for an import, and programs that are run. */
const mostFiles = 400;
const mostPrograms = 6;

const languageOf = (path: string): 'python' | 'typescript' | null =>
  /\.(py|ipynb)$/.test(path) ? 'python' : /\.(ts|tsx|js|mjs)$/.test(path) ? 'typescript' : null;

/** The outermost programs of the workspace that lead to a file; the file itself is none of them. */
export function programsUsing(workspace: Workspace, path: string): readonly Program[] {
  const language = languageOf(path);
  const files = (workspace.files?.() ?? []).filter((file) => languageOf(file) === language && file !== path).slice(0, mostFiles);
  const texts = new Map(files.flatMap((file) => importsOf(workspace.read(file), file)));
  const reached = new Map<string, boolean>([[path, false]]);
  const frontier = [path];
  for (let target = frontier.shift(); target !== undefined; target = frontier.shift()) {
    const mentions = mentionOf(target);
    for (const [file, imports] of texts) {
      if (file === target || !mentions.test(imports)) continue;
      // Somebody imports it: it is no end of the chain.
      reached.set(target, true);
      if (reached.has(file)) continue;
      reached.set(file, false);
      frontier.push(file);
    }
  }
  const isStart = (file: string): boolean => isMain(workspace.read(file) ?? '');
  const outermost = [...reached].flatMap(([file, isImported]) => (file !== path && (!isImported || isStart(file)) ? [file] : []));
  // A configuration may name it, where no text imports it.
  const byName = outermost.some(isStart) ? [] : files.filter((file) => importsByName.test(texts.get(file) ?? '') && isStart(file));
  return [...new Set([...outermost, ...byName])].slice(0, mostPrograms).flatMap((file) => programsOf(workspace, file));
}

/** What is imported to import by name: what else such a program runs its own text does not say. */
const importsByName = /\b(hydra|importlib|pydoc|pkgutil|runpy|jsonargparse|\w*CLI)\b/;

function programsOf(workspace: Workspace, file: string): readonly Program[] {
  const text = workspace.read(file);
  return text === null ? [] : readDocument(text, file, undefined, { file, workspace }).programs;
}

const isMain = (text: string): boolean => /__name__\s*==\s*\\?['"]__main__/.test(text);

/** The lines of a text that may import something, so that a name in a comment or a string elsewhere is no import. */
function importsOf(text: string | null, file: string): readonly (readonly [string, string])[] {
  if (text === null) return [];
  const known = knownImports.get(file);
  if (known?.text === text) return known.imports;
  const lines = text.split('\n').filter((line) => /\b(import|require|from|importlib|run_path|fromfile)\b/.test(line));
  const imports: readonly (readonly [string, string])[] = lines.length === 0 ? [] : [[file, lines.join('\n')]];
  if (knownImports.size >= mostKnown) knownImports.clear();
  knownImports.set(file, { text, imports });
  return imports;
}

/** Of each file of a project the same is asked for: who imports it. */
const knownImports = new Map<string, { readonly text: string; readonly imports: readonly (readonly [string, string])[] }>();
const mostKnown = 1_000;

/** The name under which others import a file: its own, or that of its package. */
function mentionOf(path: string): RegExp {
  const parts = path.replace(/\.\w+$/, '').split('/');
  const last = parts.at(-1) ?? '';
  const name = (last === '__init__' || last === 'index' ? parts.at(-2) : last) ?? last;
  const escaped = name.replace(/[^\w]/g, '\\$&');
  return new RegExp(`(^|[^\\w])${escaped}([^\\w]|$)`);
}
