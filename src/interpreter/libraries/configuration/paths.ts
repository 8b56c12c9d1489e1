/** Paths as programs see them: the workspace's root and the folder a program is started in are made-up absolute folders. */
import { normalised, rootFolder } from '../../../workspace';
import type { Context } from '../../context';

/** Where the program was started is not known: a path below it is looked for in the document's folder and in those above. */
export const currentFolder = '/cwd';

const below = (path: string, folder: string): string | null =>
  path === folder ? '' : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;

/** The file that a path of the program means, by its path from the workspace's root; null where it is not there. */
export function readWorkspaceFile(context: Context, written: string): { readonly path: string; readonly text: string } | null {
  for (const path of candidates(context.documentPath, written.replaceAll('\\', '/'))) {
    const clean = normalised(path);
    const text = clean === null || clean === '' ? null : context.readFile(clean);
    if (clean !== null && text !== null) return { path: clean, text };
  }
  return null;
}

function candidates(document: string | null, written: string): readonly string[] {
  const fromRoot = below(written, rootFolder);
  if (fromRoot !== null) return [fromRoot];
  const relative = below(written, currentFolder) ?? written;
  const folders = (document ?? '').split('/').slice(0, -1);
  return [...folders.map((_, i) => `${folders.slice(0, folders.length - i).join('/')}/${relative}`), relative];
}
