import { Uri, window, workspace } from 'vscode';

/** Opens a copy of the walkthrough's example, to be played with: the extension's own file stays as it is. */
export async function openExample(extensionUri: Uri): Promise<void> {
  const bytes = await workspace.fs.readFile(Uri.joinPath(extensionUri, 'media/examples/smoothing.py'));
  const document = await workspace.openTextDocument({ language: 'python', content: new TextDecoder().decode(bytes) });
  await window.showTextDocument(document);
}
