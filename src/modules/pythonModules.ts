/** Where Python's imports lead in a workspace. Which folders a program runs with in `sys.path` is not written anywhere: those that it can be are tried. */
import type { Workspace } from '../workspace';
import type { ModuleFile } from './moduleFile';
import { folderOf, foldersUpward, inFolder } from './moduleFile';

/** A place for modules: `parts` below a folder that is in `sys.path`. */
export interface PythonPlace {
  readonly root: string;
  readonly parts: readonly string[];
}

/**
 * The place that an import names: `module` as it is written, with the dots of a relative one counted by `level`, in the file `from`. Null where
 * the workspace has no such module; a folder without `__init__.py` is none by itself.
 */
export function placeOfPythonImport(workspace: Workspace, module: string, level: number, from: string): PythonPlace | null {
  const parts = module === '' ? [] : module.split('.');
  if (level > 0) {
    const place = relativePlace(workspace, parts, level, from);
    return place !== null && pythonFile(workspace, place) !== null ? place : null;
  }
  for (const root of rootsOf(workspace, from)) if (pythonFile(workspace, { root, parts }) !== null) return { root, parts };
  return null;
}

/** The place that a relative import names, whether or not a module stands there; null where it leads out of the workspace. */
export function relativePlace(workspace: Workspace, parts: readonly string[], level: number, from: string): PythonPlace | null {
  const folders = foldersUpward(folderOf(from));
  const folder = folders[level - 1];
  if (folder === undefined) return null;
  const root = packageRoot(workspace, folder);
  return { root, parts: [...(folder === root ? [] : folder.slice(root === '' ? 0 : root.length + 1).split('/')), ...parts] };
}

/** The nearest folder, from this one upward, that is not a package itself: packages inside of it are imported by their names. */
function packageRoot(workspace: Workspace, folder: string): string {
  const folders = foldersUpward(folder);
  return folders.find((at) => at === '' || !isPackage(workspace, at)) ?? '';
}

const isPackage = (workspace: Workspace, folder: string): boolean => workspace.read(inFolder(folder, '__init__.py')) !== null;

/**
 * The folders that absolute imports of a file are looked up in: the one its own package stands in and those around it, each also with a `src`
 * layout; last the folders of the package itself, in which only a script finds its neighbours.
 */
function rootsOf(workspace: Workspace, from: string): readonly string[] {
  const own = folderOf(from);
  const root = packageRoot(workspace, own);
  const outer = foldersUpward(root);
  const inner = foldersUpward(own).filter((folder) => !outer.includes(folder));
  return [...outer.flatMap((folder) => (/(^|\/)src$/.test(folder) ? [folder] : [folder, inFolder(folder, 'src')])), ...inner];
}

/** The file of the module at a place: a package's `__init__.py` before a module of the same name, as in Python. */
export function pythonFile(workspace: Workspace, { root, parts }: PythonPlace): ModuleFile | null {
  // Nothing but names: what a program computes (`importlib.import_module`) is no way out of the workspace.
  if (parts.some((part) => part === '' || /[/\\.\0]/.test(part))) return null;
  const at = inFolder(root, parts.join('/'));
  const name = parts.join('.');
  const candidates = parts.length === 0 ? [inFolder(at, '__init__.py')] : [`${at}/__init__.py`, `${at}.py`];
  for (const path of candidates) {
    const text = workspace.read(path);
    if (text !== null) return { path, text, name: name === '' ? '__init__' : name };
  }
  return null;
}
