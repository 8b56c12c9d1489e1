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
const mostListed = 80;

export function createNeighbours(): Neighbours {
  // Most of what is asked for is not there: the names of a folder say so at once.
  const listings = new Map<string, Promise<ReadonlyMap<string, FileType>>>();
  const watcher = workspace.createFileSystemWatcher('**/*');
  const changed = new EventEmitter<Uri>();
  const forget = (uri: Uri): void => {
    listings.delete(Uri.joinPath(uri, '..').toString());
    changed.fire(uri);
  };
  const listeners = [
    watcher,
    changed,
    watcher.onDidCreate(forget),
    watcher.onDidDelete(forget),
    watcher.onDidChange((uri) => {
      changed.fire(uri);
    }),
  ];

  const namesIn = (folder: Uri): Promise<ReadonlyMap<string, FileType>> => {
    const key = folder.toString();
    const known = listings.get(key) ?? readNames(folder);
    listings.set(key, known);
    return known;
  };

  /** Links are not followed: where they lead is not known here. */
  async function isFile(root: Uri, path: string): Promise<boolean> {
    const parts = path.split('/');
    let folder = root;
    for (const [i, part] of parts.entries()) {
      const type = (await namesIn(folder)).get(part);
      if (type !== (i === parts.length - 1 ? FileType.File : FileType.Directory)) return false;
      folder = Uri.joinPath(folder, part);
    }
    return true;
  }

  async function textOf(root: Uri, path: string): Promise<string | null> {
    const uri = Uri.joinPath(root, path);
    const open = workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === uri.toString());
    if (open) return open.getText();
    if (!(await isFile(root, path))) return null;
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
    read: async ({ root }, paths) =>
      Object.fromEntries(
        await Promise.all(paths.map(async (path) => [path, path === listing ? await codeBelow(root) : await textOf(root, path)] as const)),
      ),
    dispose: () => {
      for (const listener of listeners) listener.dispose();
    },
  };
}

async function readNames(folder: Uri): Promise<ReadonlyMap<string, FileType>> {
  try {
    return new Map(await workspace.fs.readDirectory(folder));
  } catch {
    return new Map();
  }
}
