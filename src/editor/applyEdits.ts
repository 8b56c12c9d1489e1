import { workspace, WorkspaceEdit } from 'vscode';
import type { TextEdit } from '../inspection';
import type { Source } from './source';

/** The edits of an inspection, where they stand in the editor. Only right while the source's text is the inspected one. */
export function workspaceEdit(source: Source, edits: readonly TextEdit[]): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  for (const { range, newText } of edits) {
    const { uri, range: place } = source.location(range.start, range.end);
    edit.replace(uri, place, newText);
  }
  return edit;
}

export function applyEdits(source: Source, edits: readonly TextEdit[]): Thenable<boolean> {
  return workspace.applyEdit(workspaceEdit(source, edits));
}
