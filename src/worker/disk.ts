/** The texts beside a document, on the disk. */
import { readdirSync, readFileSync, realpathSync, statSync, type Dirent } from 'node:fs';
import path from 'node:path';
import type { Workspace } from '../workspace';
import type { DiskFolder } from './work';

/** Larger files are data. */
const largestFile = 1024 * 1024;

/** A link is followed as long as it leads to a place inside of the root. */
export function diskWorkspace({ root, shownFrom }: DiskFolder): Workspace {
  const real = realPath(root);
  return {
    read(name) {
      const file = path.join(root, name);
      const stats = statSync(file, { throwIfNoEntry: false });
      if (real === null || stats?.isFile() !== true || stats.size > largestFile || !isInside(real, realPath(file))) return null;
      try {
        return new TextDecoder().decode(readFileSync(file));
      } catch {
        return null;
      }
    },
    files: () => codeBelow(root),
    shown: (name) => shownPath(path.join(root, name), shownFrom),
  };
}

const foreign = new Set(['node_modules', 'bower_components', 'site-packages', '__pycache__', '__pypackages__', 'dist', 'build']);
const mostListed = 400;
const listed = new Map<string, readonly string[]>();

/** Paths of the code below a folder, nearest first. Links to folders are not followed. */
function codeBelow(root: string): readonly string[] {
  const known = listed.get(root);
  if (known !== undefined) return known;
  const found: string[] = [];
  const folders = [''];
  for (let folder = folders.shift(); folder !== undefined && found.length < mostListed; folder = folders.shift()) {
    for (const entry of entriesOf(path.join(root, folder))) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !entry.name.startsWith('.') && !foreign.has(entry.name)) folders.push(name);
      else if (entry.isFile() && /\.(py|ipynb|ts|tsx|js|mjs)$/.test(entry.name)) found.push(name);
    }
  }
  const paths = found.slice(0, mostListed);
  listed.set(root, paths);
  return paths;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function realPath(file: string): string | null {
  try {
    return realpathSync(file);
  } catch {
    return null;
  }
}

const isInside = (root: string, file: string | null): boolean =>
  file !== null && (file === root || file.startsWith(root.endsWith(path.sep) ? root : root + path.sep));

/** As the person would name it from a folder: relative below it, else in full; with slashes. */
export function shownPath(file: string, from: string): string {
  const full = path.resolve(from, file);
  const relative = path.relative(from, full);
  const isBelow = !relative.startsWith('..') && !path.isAbsolute(relative);
  return (isBelow ? relative : full).split(path.sep).join('/');
}
