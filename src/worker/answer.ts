import { inspect } from '../inspect';
import { boundedWorkspace, emptyWorkspace } from '../workspace';
import type { Workspace } from '../workspace';
import type { FileInspection } from '../inspection';
import { readDocument } from '../language/document';
import { readImports } from '../modules/closure';
import { listing } from './work';
import type { Answer, Texts, Work } from './work';

/** Does one piece of work. `inspect` never throws by its contract; were it to, the person is told instead of left waiting. */
export function answer({ id, request, texts }: Work, post: (message: Answer) => void, workspace: Workspace = emptyWorkspace): Answer {
  try {
    if (texts !== undefined) return withTexts({ id, request }, texts, post);
    return {
      type: 'inspected',
      id,
      inspection: inspect(
        request,
        (running) => {
          post({ type: 'running', id, running });
        },
        workspace,
      ),
    };
  } catch (error) {
    return { type: 'failed', id, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** With what the host has handed over so far. Before anything is run, it is asked for what the imports lead to. */
function withTexts({ id, request }: Work, texts: Texts, post: (message: Answer) => void): Answer {
  const wanted = new Set<string>();
  const workspace: Workspace = {
    read: (path) => {
      const text = texts[path];
      if (text === undefined) wanted.add(path);
      return text ?? null;
    },
  };
  const listed = texts[listing];
  // Who imports the document is looked for among these: asked for before anything is run, as its imports are.
  if (request.path !== undefined && listed === undefined) wanted.add(listing);
  const paths = listed ? listed.split('\n') : [];
  for (const path of paths) if (texts[path] === undefined && path !== request.path) wanted.add(path);
  const files = (): readonly string[] => paths;
  const none: FileInspection = { file: request.file, losses: [], smoothingConstants: [], problems: [] };
  if (request.path !== undefined)
    readImports(
      readDocument(request.text, request.file, request.format, { file: request.path, workspace: boundedWorkspace(workspace) }).programs,
    );
  const inspection =
    wanted.size > 0
      ? none
      : inspect(
          request,
          (running) => {
            post({ type: 'running', id, running });
          },
          { ...workspace, files },
        );
  return { type: 'inspected', id, inspection, ...(wanted.size > 0 ? { wanted: [...wanted] } : {}) };
}
