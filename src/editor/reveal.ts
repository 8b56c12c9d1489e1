import { NotebookRange, Selection, TextEditorRevealType, ViewColumn, window, workspace, type TextEditor } from 'vscode';
import type { SourceRange } from '../inspection';
import { locationOf } from './source';
import type { Source } from './source';

/** Shows a range of a source in its editor and selects it. */
export async function reveal(source: Source, start: number, end: number, elsewhere?: SourceRange): Promise<void> {
  if (elsewhere !== undefined) {
    const place = locationOf(source, elsewhere);
    await window.showTextDocument(place.uri, { selection: place.range, viewColumn: ViewColumn.One });
    return;
  }
  const { uri, range } = source.location(start, end);
  const editor = uri.scheme === 'vscode-notebook-cell' ? await cellEditor(source, uri.toString()) : await documentEditor(uri.toString());
  if (!editor) return;
  editor.selection = new Selection(range.start, range.end);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Where the document is already visible it is shown there, not a second time. */
async function documentEditor(uri: string): Promise<TextEditor | undefined> {
  const visible = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri);
  const document = visible?.document ?? workspace.textDocuments.find((one) => one.uri.toString() === uri);
  if (!document) return undefined;
  return window.showTextDocument(document, { viewColumn: visible?.viewColumn ?? ViewColumn.One });
}

async function cellEditor(source: Source, cellUri: string): Promise<TextEditor | undefined> {
  const notebook = workspace.notebookDocuments.find((one) => one.uri.toString() === source.uri.toString());
  const cell = notebook?.getCells().find((one) => one.document.uri.toString() === cellUri);
  if (!notebook || !cell) return undefined;
  const at = new NotebookRange(cell.index, cell.index + 1);
  const editor = await window.showNotebookDocument(notebook, { selections: [at] });
  editor.revealRange(at);
  return window.visibleTextEditors.find((one) => one.document === cell.document);
}
