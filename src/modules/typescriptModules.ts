/** Where TypeScript's imports lead in a workspace: beside the file, by the `paths` and `baseUrl` of its tsconfig, by the `imports` of its package. */
import { entryOf, itemsOf, readJson, stringOf } from '../language/json';
import type { JsonNode } from '../language/json';
import { normalised } from '../workspace';
import type { Workspace } from '../workspace';
import type { ModuleFile } from './moduleFile';
import { folderOf, foldersUpward, inFolder } from './moduleFile';

const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];

/** What a compiled file is written in: an import may name what the compiler makes of it. */
const sourcesOf: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.jsx?$/, ['.ts', '.tsx']],
  [/\.mjs$/, ['.mts']],
  [/\.cjs$/, ['.cts']],
];

/** The file that `module`, as an import of the file `from` says it, names. */
export function typescriptFile(workspace: Workspace, module: string, from: string): ModuleFile | null {
  if (/^\.{1,2}(\/|$)/.test(module)) return fileAt(workspace, inFolder(folderOf(from), module));
  if (module === '' || module.startsWith('/') || module.includes(':')) return null;
  const mapped = module.startsWith('#') ? packageImport(workspace, module, from) : configuredPaths(workspace, module, from);
  for (const path of mapped) {
    const found = fileAt(workspace, path);
    if (found !== null) return found;
  }
  return null;
}

/** `./a`, `./a.js` that is written as `a.ts`, `./folder` with an index. */
function fileAt(workspace: Workspace, written: string): ModuleFile | null {
  const path = normalised(written);
  if (path === null) return null;
  for (const candidate of candidatesFor(path)) {
    const text = workspace.read(candidate);
    if (text !== null) return { path: candidate, text, name: candidate };
  }
  return null;
}

function candidatesFor(path: string): readonly string[] {
  const exact = endings.some((ending) => path.endsWith(ending)) ? [path] : [];
  const sources = sourcesOf.flatMap(([compiled, written]) =>
    compiled.test(path) ? written.map((ending) => path.replace(compiled, ending)) : [],
  );
  const added = path === '' ? [] : endings.map((ending) => `${path}${ending}`);
  const index = endings.filter((ending) => ending !== '.json').map((ending) => inFolder(path, `index${ending}`));
  return [...exact, ...sources, ...added, ...index];
}

// ----------------------------------------------------------------------------------------------------- tsconfig.json

interface PathOptions {
  /** What the targets of `paths` are relative to. */
  readonly folder: string;
  /** Names without a pattern are looked up in here; null where none is set. */
  readonly baseUrl: string | null;
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
}

function configuredPaths(workspace: Workspace, module: string, from: string): readonly string[] {
  for (const folder of foldersUpward(folderOf(from)))
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const options = pathOptions(workspace, inFolder(folder, name), 0);
      if (options !== null) return pathsOf(options, module);
    }
  return [];
}

function pathsOf({ folder, baseUrl, paths }: PathOptions, module: string): readonly string[] {
  const matching = paths
    .flatMap(([pattern, targets]) => {
      const star = matchOf(pattern, module);
      return star === null ? [] : [{ targets, star, length: pattern.indexOf('*') < 0 ? Infinity : pattern.indexOf('*') }];
    })
    .sort((a, b) => b.length - a.length);
  const mapped =
    matching[0]?.targets.map((target) =>
      inFolder(
        folder,
        target.replace('*', () => matching[0]!.star),
      ),
    ) ?? [];
  return [...mapped, ...(baseUrl === null ? [] : [inFolder(baseUrl, module)])];
}

/** What the star of a pattern stands for; null where the name does not match. */
function matchOf(pattern: string, name: string): string | null {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === name ? '' : null;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after)
    ? name.slice(before.length, name.length - after.length)
    : null;
}

/** As many files may extend one another. */
const longestChain = 8;

/** The options that are in force: a file's own before those of what it extends. */
function pathOptions(workspace: Workspace, path: string, depth: number): PathOptions | null {
  const root = jsonAt(workspace, path);
  if (root === null) return null;
  const folder = folderOf(path);
  const options = entryOf(root, 'compilerOptions');
  const base = stringOf(entryOf(options, 'baseUrl'));
  const baseUrl = base === null ? null : normalised(inFolder(folder, base));
  const written = entryOf(options, 'paths');
  const paths =
    written?.type === 'object'
      ? [...written.entries].map(([pattern, targets]) => [pattern, itemsOf(targets).flatMap((item) => stringOf(item) ?? [])] as const)
      : null;
  const inherited = depth < longestChain && (paths === null || baseUrl === null) ? extended(workspace, root, folder, depth) : null;
  return {
    folder: paths === null ? (inherited?.folder ?? folder) : (baseUrl ?? inherited?.baseUrl ?? folder),
    baseUrl: baseUrl ?? inherited?.baseUrl ?? null,
    paths: paths ?? inherited?.paths ?? [],
  };
}

function extended(workspace: Workspace, root: JsonNode, folder: string, depth: number): PathOptions | null {
  const named = entryOf(root, 'extends');
  const files = (named?.type === 'array' ? itemsOf(named) : named === undefined ? [] : [named]).flatMap((item) => stringOf(item) ?? []);
  for (const file of [...files].reverse()) {
    if (!file.startsWith('.')) continue;
    const path = normalised(inFolder(folder, file));
    if (path === null) continue;
    const options = pathOptions(workspace, path.endsWith('.json') ? path : `${path}.json`, depth + 1);
    if (options !== null) return options;
  }
  return null;
}

// ------------------------------------------------------------------------------------------------------ package.json

/** `#name` by the `imports` of the nearest package. */
function packageImport(workspace: Workspace, module: string, from: string): readonly string[] {
  for (const folder of foldersUpward(folderOf(from))) {
    const root = jsonAt(workspace, inFolder(folder, 'package.json'));
    if (root === null) continue;
    const imports = entryOf(root, 'imports');
    if (imports?.type !== 'object') return [];
    return [...imports.entries].flatMap(([pattern, target]) => {
      const star = matchOf(pattern, module);
      return star === null
        ? []
        : targetsOf(target).map((path) =>
            inFolder(
              folder,
              path.replace('*', () => star),
            ),
          );
    });
  }
  return [];
}

/** A path, or one for each condition. */
function targetsOf(node: JsonNode): readonly string[] {
  if (node.type === 'string') return [node.value];
  return node.type === 'object' ? [...node.entries.values()].flatMap(targetsOf) : itemsOf(node).flatMap(targetsOf);
}

function jsonAt(workspace: Workspace, path: string): JsonNode | null {
  const text = workspace.read(path);
  if (text === null) return null;
  const reading = readJson(withoutComments(text));
  return reading.ok ? reading.root : null;
}

/** A tsconfig may hold comments and commas that end a list; they become spaces, strings stay. */
const withoutComments = (text: string): string =>
  text
    .replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\//g, (part) => (part.startsWith('"') ? part : ' '))
    .replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (part) => (part.startsWith('"') ? part : ' '));
