/** The texts beside a source, in whatever its workspace is kept: those of open documents first, saved or not. */
import { EventEmitter, FileType, RelativePattern, Uri, workspace, type Event } from 'vscode';
import { listing, type Texts } from '../worker/work';
import type { Disposing } from './disposing';
import type { Source } from './source';

export interface Place {
  readonly root: Uri;
  /** The source's path from the root. */
  readonly path: string;
}

export interface Neighbours extends Disposing {
  /** Null for a source that stands nowhere. */
  readonly placeOf: (source: Source) => Place | null;
  /** A file was changed, made or deleted, other than in an open document. */
  readonly onDidChange: Event<Uri>;
  readonly read: (place: Place, paths: readonly string[]) => Promise<Texts>;
}

/** Larger files are data. */
const largestFile = 1_000_000;
/** Files of a workspace that are looked at for an import. */
const mostListed = 40;

export function createNeighbours(): Neighbours {
  const watcher = workspace.createFileSystemWatcher('**/*');
  const changed = new EventEmitter<Uri>();
  const tell = (uri: Uri): void => {
    changed.fire(uri);
  };
  const listeners = [watcher, changed, watcher.onDidCreate(tell), watcher.onDidDelete(tell), watcher.onDidChange(tell)];

  /** Links are not followed: where they lead is not known here. */
  async function isFile(root: Uri, path: string, namesIn: Listings): Promise<boolean> {
    const parts = path.split('/');
    let folder = root;
    for (const [i, part] of parts.entries()) {
      const type = (await namesIn(folder)).get(part);
      if (type !== (i === parts.length - 1 ? FileType.File : FileType.Directory)) return false;
      folder = Uri.joinPath(folder, part);
    }
    return true;
  }

  async function textOf(root: Uri, path: string, namesIn: Listings): Promise<string | null> {
    const uri = Uri.joinPath(root, path);
    const open = workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === uri.toString());
    if (open) return open.getText();
    if (!(await isFile(root, path, namesIn))) return null;
    try {
      const { size } = await workspace.fs.stat(uri);
      return size > largestFile ? null : new TextDecoder().decode(await workspace.fs.readFile(uri));
    } catch {
      return null;
    }
  }

  /** Paths of the code below a root, nearest first: who imports a file is looked for among them. */
  async function codeBelow(root: Uri): Promise<string> {
    const found = await workspace.findFiles(
      new RelativePattern(root, '**/*.{py,ipynb,ts,tsx,js,mjs}'),
      '**/{node_modules,.*,site-packages,dist,build}/**',
      mostListed,
    );
    const from = root.path.endsWith('/') ? root.path : `${root.path}/`;
    return found
      .flatMap(({ path }) => (path.startsWith(from) ? [path.slice(from.length)] : []))
      .sort((a, b) => a.split('/').length - b.split('/').length || a.localeCompare(b))
      .join('\n');
  }

  return {
    onDidChange: changed.event,
    placeOf({ uri }) {
      if (uri.scheme === 'untitled') return null;
      const root = workspace.getWorkspaceFolder(uri)?.uri ?? Uri.joinPath(uri, '..');
      const from = root.path.endsWith('/') ? root.path : `${root.path}/`;
      return uri.path.startsWith(from) ? { root, path: uri.path.slice(from.length) } : null;
    },
    read: async ({ root }, paths) => {
      const namesIn = createListings();
      const text = (path: string): Promise<string | null> => (path === listing ? codeBelow(root) : textOf(root, path, namesIn));
      return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await text(path)] as const)));
    },
    dispose: () => {
      for (const listener of listeners) listener.dispose();
    },
  };
}

type Listings = (folder: Uri) => Promise<ReadonlyMap<string, FileType>>;

/**
 * Most of what is asked for is not there: the names of a folder say so at once. They are kept for the paths of one question only, since the watcher
 * may tell of a new file after the inspection that imports it has begun.
 */
function createListings(): Listings {
  const known = new Map<string, Promise<ReadonlyMap<string, FileType>>>();
  return (folder) => {
    const key = folder.toString();
    const names = known.get(key) ?? readNames(folder);
    known.set(key, names);
    return names;
  };
}

async function readNames(folder: Uri): Promise<ReadonlyMap<string, FileType>> {
  try {
    return new Map(await workspace.fs.readDirectory(folder));
  } catch {
    return new Map();
  }
}
