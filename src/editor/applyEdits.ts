import { workspace, WorkspaceEdit } from 'vscode';
import type { Source } from './source';
import type { Edit } from './textEdits';

/** The edits of an inspection, where they stand in the editor. Only right while the source's text is the inspected one. */
export function workspaceEdit(source: Source, edits: readonly Edit[]): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  for (const { range, newText } of edits) {
    const { uri, range: place } = source.location(range.start, range.end);
    edit.replace(uri, place, newText);
  }
  return edit;
}

export function applyEdits(source: Source, edits: readonly Edit[]): Thenable<boolean> {
  return workspace.applyEdit(workspaceEdit(source, edits));
}
