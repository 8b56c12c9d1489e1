/** The folder that a file's program lies in: its imports are looked up there, and nothing outside of it is read. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DiskFolder } from '../worker/work';

/** What stands at the root of a project. */
const marks = ['.git', 'pyproject.toml', 'setup.py', 'setup.cfg', 'package.json', 'tsconfig.json'];

export interface Placed {
  readonly folder: DiskFolder;
  /** The file's path from the folder, with slashes. */
  readonly path: string;
}

/**
 * The nearest folder around the file with the mark of a project; else the folder that was asked for, or the one that the command runs in, where
 * the file lies in it; else the one around the file's own package.
 */
export function placedIn(file: string, asked: string | null = null): Placed {
  const full = path.resolve(file);
  const own = path.dirname(full);
  const here = process.cwd();
  const root =
    upward(own).find((folder) => marks.some((mark) => exists(path.join(folder, mark)))) ??
    [asked === null ? null : path.resolve(asked), here].find((folder) => folder !== null && upward(own).includes(folder)) ??
    upward(own).find((folder) => !exists(path.join(folder, '__init__.py'))) ??
    own;
  return { folder: { root, shownFrom: here }, path: path.relative(root, full).split(path.sep).join('/') };
}

function upward(folder: string): readonly string[] {
  const folders = [folder];
  for (let at = folder; path.dirname(at) !== at;) {
    at = path.dirname(at);
    folders.push(at);
  }
  return folders;
}

/** Files of one folder are asked about one after the other. */
const known = new Map<string, boolean>();

function exists(file: string): boolean {
  let there = known.get(file);
  if (there === undefined) {
    if (known.size > 100_000) known.clear();
    there = existsSync(file);
    known.set(file, there);
  }
  return there;
}
