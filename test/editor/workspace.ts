/** What the tests do with the editor, said shortly. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/inspection';

export const folder = (): vscode.Uri => vscode.workspace.workspaceFolders![0]!.uri;

export async function open(name: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), name));
  return vscode.window.showTextDocument(document);
}

export async function openText(content: string, language = 'python'): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language, content }));
}

/** The position of the nth occurrence of some text. */
export function positionOf(document: vscode.TextDocument, text: string, nth = 1): vscode.Position {
  let offset = -1;
  for (let i = 0; i < nth; i++) offset = document.getText().indexOf(text, offset + 1);
  assert.notEqual(offset, -1, `“${text}” is in the document`);
  return document.positionAt(offset);
}

export function placeCursor(editor: vscode.TextEditor, text: string, nth = 1): void {
  const position = positionOf(editor.document, text, nth);
  editor.selection = new vscode.Selection(position, position);
}

export const inspect = (...args: readonly unknown[]): Thenable<Inspection | null> =>
  vscode.commands.executeCommand<Inspection | null>('lossInspector.inspect', ...args);

export async function hoverAt(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .filter((text) => text.includes('ε'))
    .join('\n')
    .replaceAll('&nbsp;&nbsp;&nbsp;', '')
    .replaceAll('&nbsp;', ' ');
}

export async function lensesOf(
  document: vscode.TextDocument,
): Promise<{ readonly title: string; readonly line: number; readonly command: vscode.Command }[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);
  return lenses
    .filter(({ command }) => command?.command === 'lossInspector.inspect')
    .map(({ command, range }) => ({ title: command!.title, line: range.start.line, command: command! }))
    .sort((a, b) => a.line - b.line);
}

export const ours = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Loss Inspector');

/** Waits until something is so; fails, naming it, when it does not become so. */
export async function eventually<T>(
  what: string,
  find: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  seconds = 10,
): Promise<T> {
  const limit = Date.now() + seconds * 1000;
  for (;;) {
    const found = await find();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > limit) return assert.fail(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function withSetting<T>(name: string, value: unknown, run: () => Promise<T>): Promise<T> {
  const configuration = vscode.workspace.getConfiguration('lossInspector');
  await configuration.update(name, value, vscode.ConfigurationTarget.Global);
  try {
    return await run();
  } finally {
    await configuration.update(name, undefined, vscode.ConfigurationTarget.Global);
  }
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor').then(undefined, () => undefined);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Agrees as two correct computations in float32 do. */
export function assertClose(actual: unknown, expected: number): void {
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - expected) <= 1e-5 + 1.3e-6 * Math.abs(expected),
    `${String(actual)} is not ${expected}`,
  );
}
