/** The texts beside a document, on the disk. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
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
    shown: (name) => shownPath(path.join(root, name), shownFrom),
  };
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
