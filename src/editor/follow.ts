/** Keeps inspected files inspected while the person types, and the view on the loss at the cursor. */
import { TabInputNotebook, TabInputText, TabInputTextDiff, window, workspace, type Tab } from 'vscode';
import type { Comparison } from './comparison';
import type { Disposing } from './disposing';
import type { Finder } from './found';
import type { Inspections } from './inspections';
import { openSource, sourceOf } from './source';

const quietAfterEdit = 400;
const quietAfterMove = 150;
/** A tab that is moved is closed and opened again. */
const quietAfterClosing = 200;

export function registerFollowing(find: Finder, inspections: Inspections, comparison: Comparison): Disposing[] {
  const edits = new Map<string, ReturnType<typeof setTimeout>>();
  let move: ReturnType<typeof setTimeout> | undefined;
  const closings = new Set<ReturnType<typeof setTimeout>>();

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
    // The editor keeps a document open for minutes after its last tab was closed: what is said of it goes with the tab.
    window.tabGroups.onDidChangeTabs(({ closed }) => {
      const uris = closed.flatMap(uriOf);
      if (uris.length === 0) return;
      const timer = setTimeout(() => {
        closings.delete(timer);
        const open = new Set(window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap(uriOf)));
        for (const uri of uris) if (!open.has(uri)) forget(uri);
      }, quietAfterClosing);
      closings.add(timer);
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
        for (const timer of [...edits.values(), ...closings]) clearTimeout(timer);
      },
    },
  ];
}

function uriOf({ input }: Tab): readonly string[] {
  if (input instanceof TabInputTextDiff) return [input.original.toString(), input.modified.toString()];
  return input instanceof TabInputText || input instanceof TabInputNotebook ? [input.uri.toString()] : [];
}
