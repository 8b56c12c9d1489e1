/** A project of two files: what one of them computes with rests on the other. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, folder, inspect, placeCursor } from './workspace';

const losses = (rate: string): string => `import torch.nn.functional as F
RATE = ${rate}
def mixed(scores, labels, amount=RATE):
    logp = F.log_softmax(scores, -1)
    picked = logp.gather(1, labels[:, None]).squeeze(1)
    return -((1 - amount) * picked + amount * logp.mean(1)).mean()
`;
const use = `import torch.nn.functional as F
from neighbour_losses import RATE
def own(scores, labels):
    logp = F.log_softmax(scores, -1)
    return -((1 - RATE) * logp.gather(1, labels[:, None]).squeeze(1) + RATE * logp.mean(1)).mean()
`;

describe('a project of several files', () => {
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(folder(), name);
  const write = (name: string, text: string): Thenable<void> => vscode.workspace.fs.writeFile(at(name), new TextEncoder().encode(text));

  afterEach(async () => {
    await closeAll();
    for (const name of ['neighbour_losses.py', 'neighbour_use.py']) await vscode.workspace.fs.delete(at(name));
  });

  it('is inspected with the other file as it stands, unsaved text first, and anew when that changes', async () => {
    await write('neighbour_losses.py', losses('0.12'));
    await write('neighbour_use.py', use);
    const editor = await vscode.window.showTextDocument(at('neighbour_use.py'));
    placeCursor(editor, 'logp.mean');
    const saved = await inspect();
    assert.match(saved?.measured?.verdict ?? '', /^Uniform mixture with ε = 0\.12:/, saved?.problem?.message);

    const other = await vscode.workspace.openTextDocument(at('neighbour_losses.py'));
    const edit = new vscode.WorkspaceEdit();
    const line = other.lineAt(1).range;
    edit.replace(other.uri, line, 'RATE = 0.27');
    await vscode.workspace.applyEdit(edit);
    assert.ok(other.isDirty);
    await vscode.window.showTextDocument(at('neighbour_use.py'));
    await eventually('inspected with the unsaved text', async () =>
      /^Uniform mixture with ε = 0\.27:/.test((await inspect())?.measured?.verdict ?? ''),
    );
    await other.save();
  });
});
