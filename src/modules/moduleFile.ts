/** What an import statement leads to in the person's own workspace. */
export interface ModuleFile {
  /** From the workspace's root. */
  readonly path: string;
  readonly text: string;
  /** As the program names it: `__name__` in Python, the path in TypeScript. */
  readonly name: string;
}

/** The folder a file stands in; '' is the workspace's root. */
export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

export const inFolder = (folder: string, path: string): string => (folder === '' ? path : path === '' ? folder : `${folder}/${path}`);

/** A folder and the folders around it, up to the root. */
export function foldersUpward(folder: string): readonly string[] {
  const folders = [folder];
  for (let at = folder; at !== '';) {
    at = folderOf(at);
    folders.push(at);
  }
  return folders;
}
