/** The files below folders that may hold losses. */
import type { Dirent } from 'node:fs';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

export type Walked =
  /** `below`: the folder that was asked for; null for a file that was. */
  | { readonly kind: 'file'; readonly path: string; readonly below: string | null }
  /** A path that was asked for and cannot be looked into. */
  | { readonly kind: 'failed'; readonly path: string; readonly reason: string };

/** Larger files are data or made by a program. */
export const largestFile = 1024 * 1024;

const endings = /\.(?:py|pyi|ts|tsx|mts|cts|js|jsx|mjs|cjs|ipynb|md|markdown)$/iu;

/** Folders of other people's code, and of what tools leave behind. */
const foreign = new Set(['node_modules', 'bower_components', 'site-packages', '__pycache__', '__pypackages__']);

/**
 * Every file below the paths, in the order of their names, none twice. A file that is asked for by its own path is given whatever its ending and size;
 * below a folder, only those of a known ending up to `largestFile`. Links to folders are not followed.
 */
export function* walk(paths: readonly string[]): Generator<Walked> {
  const seen = new Set<string>();
  const isNew = (file: string): boolean => {
    const full = path.resolve(file);
    return seen.has(full) ? false : Boolean(seen.add(full));
  };
  for (const asked of paths) {
    const stats = statSync(asked, { throwIfNoEntry: false });
    if (stats === undefined) yield { kind: 'failed', path: asked, reason: 'there is no such file or folder' };
    else if (stats.isDirectory()) yield* below(asked, asked, isNew);
    else if (isNew(asked)) yield { kind: 'file', path: asked, below: null };
  }
}

function* below(asked: string, folder: string, isNew: (file: string) => boolean): Generator<Walked> {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (failure) {
    yield { kind: 'failed', path: folder, reason: failure instanceof Error ? failure.message : String(failure) };
    return;
  }
  for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isOwn(entry.name, full)) yield* below(asked, full, isNew);
    } else if (endings.test(entry.name) && isSmallFile(full) && isNew(full)) {
      yield { kind: 'file', path: full, below: asked };
    }
  }
}

/** `.git`, `.venv` and all other hidden folders are left out; a virtual environment of any name shows itself by its configuration. */
function isOwn(name: string, folder: string): boolean {
  return !name.startsWith('.') && !foreign.has(name) && !existsSync(path.join(folder, 'pyvenv.cfg'));
}

function isSmallFile(file: string): boolean {
  try {
    const stats = statSync(file);
    return stats.isFile() && stats.size <= largestFile;
  } catch {
    return false;
  }
}
