/** The door to the texts beside the inspected one. The host fills it: disk, an editor's open documents, a browser's virtual folder. */

/** Text files of one workspace, by paths from its root with forward slashes ('src/losses.py'). Nothing outside of the root is ever given. */
export interface Workspace {
  /** The text of a file; null where there is none, or it is too large or no text. Synchronous: what is not here yet is null and noted as wanted. */
  readonly read: (path: string) => string | null;
  /** Paths of the workspace's code, for finding who imports a file; absent where the host does not say. */
  readonly files?: () => readonly string[];
  /** How the host names the file at a path in what it shows; the path itself where absent. */
  readonly shown?: (path: string) => string;
}

/** The workspace's root as running code sees it, in `__file__` and in absolute paths. */
export const rootFolder = '/workspace';

/** No files but the inspected one. */
export const emptyWorkspace: Workspace = { read: () => null };

/** What one inspection reads at most: a program of some hundred modules, and no more questions than such a one has. */
const mostFiles = 500;
const mostQuestions = 50_000;
const longestFile = 1_000_000;
const longestInAll = 12_000_000;

/** The same files, each asked for once, within bounds, and never by a path that leads out of the root. */
export function boundedWorkspace(workspace: Workspace): Workspace {
  const known = new Map<string, string | null>();
  let files = 0;
  let length = 0;
  const ask = (path: string): string | null => {
    if (known.size >= mostQuestions || files >= mostFiles || length >= longestInAll) return null;
    const text = workspace.read(path);
    if (text === null || text.length > longestFile || text.includes('\0')) return null;
    files++;
    length += text.length;
    return text;
  };
  return {
    read(path) {
      const inside = normalised(path);
      if (inside === null || inside === '') return null;
      let text = known.get(inside);
      if (text === undefined) {
        text = ask(inside);
        known.set(inside, text);
      }
      return text;
    },
    ...(workspace.shown === undefined ? {} : { shown: workspace.shown }),
    ...(workspace.files === undefined ? {} : { files: workspace.files }),
  };
}

/** A path as a program writes it ('conf/a.yaml', './a.yaml', '../b/a.yaml'), from the root; empty where it leaves the workspace or is absolute. */
export function workspacePath(path: string, from: string | null): string {
  const folder = from === null || !from.includes('/') ? '' : from.slice(0, from.lastIndexOf('/'));
  return normalised(path.startsWith('.') && folder !== '' ? `${folder}/${path}` : path) ?? '';
}

/** Without '.', '..' and doubled slashes; null where it leads out of the root. */
export function normalised(path: string): string | null {
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || path.includes('\0')) return null;
  const parts: string[] = [];
  for (const part of path.split(/[\\/]+/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}
