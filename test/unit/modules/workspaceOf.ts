import type { Workspace } from '../../../src/workspace';

/** A workspace in memory: texts by their paths. */
export const workspaceOf = (files: Readonly<Record<string, string>>): Workspace => ({
  read: (path) => files[path] ?? null,
  files: () => Object.keys(files),
});
