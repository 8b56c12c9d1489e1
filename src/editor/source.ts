/** What is inspected: a text document, or the code cells of one notebook, which share their names. */
import { Location, Range, Uri, type NotebookCell, type Position, type TextDocument, window, workspace } from 'vscode';
import type { DocumentFormat, SourceRange } from '../inspection';
import { normalised } from '../workspace';

export interface Source {
  /** The document's, or the notebook's. */
  readonly uri: Uri;
  /** As shown to the person; its ending also decides the format where that is absent. */
  readonly file: string;
  readonly format?: DocumentFormat;
  readonly text: string;
  readonly isNotebook: boolean;
  /** Differs whenever the text does. */
  readonly version: string;
  /** Where a range of the text stands in the editor. */
  location(start: number, end: number): Location;
  /** The offset of a place in one of its documents, or null if the document is none of its. */
  offset(document: TextDocument, position: Position): number | null;
}

const formats: Readonly<Record<string, DocumentFormat>> = {
  python: 'python',
  typescript: 'typescript',
  typescriptreact: 'typescript',
  javascript: 'typescript',
  javascriptreact: 'typescript',
  markdown: 'markdown',
};

const endings = /\.(py|pyi|ts|tsx|mts|cts|js|jsx|mjs|cjs|ipynb|md|markdown|txt)$/i;

/** Where a place of an inspection stands: in the source, or in the file of its workspace that it names. */
export function locationOf(source: Source, { start, end, file, line, column, endLine, endColumn }: SourceRange): Location {
  const path = file === undefined ? null : normalised(file);
  if (path === null) return source.location(start, end);
  const root = workspace.getWorkspaceFolder(source.uri)?.uri ?? Uri.joinPath(source.uri, '..');
  return new Location(Uri.joinPath(root, path), new Range(line - 1, column - 1, endLine - 1, endColumn - 1));
}

export function sourceOf(document: TextDocument): Source {
  const cell = cellOf(document);
  return cell ? notebookSource(cell) : documentSource(document);
}

export interface ActiveSource {
  readonly source: Source;
  readonly document: TextDocument;
  /** The cursor; null in a notebook's cell that is selected and not edited. */
  readonly position: Position | null;
}

/** The source of what has the keyboard: a text editor, or a notebook's selected cell. */
export function activeSource(): ActiveSource | null {
  const editor = window.activeTextEditor;
  if (editor) return { source: sourceOf(editor.document), document: editor.document, position: editor.selection.active };
  const notebook = window.activeNotebookEditor;
  const cell = notebook?.notebook.cellCount ? notebook.notebook.cellAt(notebook.selection.start) : undefined;
  return cell ? { source: sourceOf(cell.document), document: cell.document, position: null } : null;
}

/** The source as it is now, if its document is open or can be opened. */
export async function openSource(uri: Uri): Promise<Source | null> {
  const notebook = workspace.notebookDocuments.find((one) => one.uri.toString() === uri.toString());
  const code = notebook?.getCells().find(isCode);
  if (code) return notebookSource(code);
  try {
    return documentSource(await workspace.openTextDocument(uri));
  } catch {
    return null;
  }
}

function documentSource(document: TextDocument): Source {
  const { uri } = document;
  const format = endings.test(uri.path) ? undefined : formats[document.languageId];
  return {
    uri,
    file: workspace.asRelativePath(uri),
    ...(format && { format }),
    text: document.getText(),
    isNotebook: false,
    version: String(document.version),
    location: (start, end) => new Location(uri, new Range(document.positionAt(start), document.positionAt(end))),
    offset: (other, position) => (other === document ? document.offsetAt(position) : null),
  };
}

const isCode = (cell: NotebookCell): boolean => cell.document.languageId in formats && cell.document.languageId !== 'markdown';

function cellOf(document: TextDocument): NotebookCell | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  for (const notebook of workspace.notebookDocuments) {
    const cell = notebook.getCells().find((one) => one.document === document);
    if (cell) return cell;
  }
  return undefined;
}

/** Between cells of a Python notebook, where a script would have the same mark; each counts as a cell of its own. */
const cellMark = '# %%\n';

/** All cells of the notebook in the language of the given one, as one text. */
function notebookSource(given: NotebookCell): Source {
  const { notebook } = given;
  const code = isCode(given) ? given : notebook.getCells().find(isCode);
  const format = formats[code?.document.languageId ?? 'python'] ?? 'python';
  let text = '';
  const parts: { readonly document: TextDocument; readonly start: number; readonly end: number }[] = [];
  for (const { document } of notebook.getCells().filter((cell) => isCode(cell) && formats[cell.document.languageId] === format)) {
    if (format === 'python') text += cellMark;
    const start = text.length;
    text += document.getText();
    parts.push({ document, start, end: text.length });
    text += '\n';
  }
  const partAt = (offset: number): (typeof parts)[number] | undefined => parts.find(({ end }) => offset <= end) ?? parts.at(-1);
  return {
    uri: notebook.uri,
    file: workspace.asRelativePath(notebook.uri),
    format,
    text,
    isNotebook: true,
    version: parts.map(({ document }) => `${document.uri.fragment}:${document.version}`).join(' '),
    location: (start, end) => {
      const part = partAt(start);
      if (!part) return new Location(notebook.uri, new Range(0, 0, 0, 0));
      const at = (offset: number) => part.document.positionAt(Math.max(0, Math.min(offset, part.end) - part.start));
      return new Location(part.document.uri, new Range(at(start), at(end)));
    },
    offset: (document, position) => {
      const part = parts.find((one) => one.document === document);
      return part ? part.start + part.document.offsetAt(position) : null;
    },
  };
}
