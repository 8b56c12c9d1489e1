/** Keeps inspected files inspected while the person types, and the view on the loss at the cursor. */
import { window, workspace } from 'vscode';
import type { Comparison } from './comparison';
import type { Disposing } from './disposing';
import type { Finder } from './found';
import type { Inspections } from './inspections';
import { openSource, sourceOf } from './source';

const quietAfterEdit = 400;
const quietAfterMove = 150;

export function registerFollowing(find: Finder, inspections: Inspections, comparison: Comparison): Disposing[] {
  const edits = new Map<string, ReturnType<typeof setTimeout>>();
  let move: ReturnType<typeof setTimeout> | undefined;

  function forget(uri: string): void {
    clearTimeout(edits.get(uri));
    edits.delete(uri);
    find.forget(uri);
    inspections.forget(uri);
  }

  return [
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      const { uri } = sourceOf(document);
      const key = uri.toString();
      if (!inspections.of(key) && comparison.shownUri !== key) return;
      if (!comparison.following) {
        comparison.markEdited(key);
        return;
      }
      clearTimeout(edits.get(key));
      const again = async (): Promise<void> => {
        edits.delete(key);
        const source = await openSource(uri);
        if (source) await comparison.refresh(source);
      };
      edits.set(
        key,
        setTimeout(() => void again(), quietAfterEdit),
      );
    }),
    window.onDidChangeTextEditorSelection(() => {
      clearTimeout(move);
      move = setTimeout(() => {
        if (comparison.following) comparison.followCursor();
      }, quietAfterMove);
    }),
    workspace.onDidCloseTextDocument(({ uri }) => {
      forget(uri.toString());
    }),
    workspace.onDidCloseNotebookDocument(({ uri }) => {
      forget(uri.toString());
    }),
    {
      dispose: () => {
        clearTimeout(move);
        edits.forEach((timer) => {
          clearTimeout(timer);
        });
      },
    },
  ];
}
