import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, open } from './workspace';

describe('activation', () => {
  afterEach(closeAll);
  const extension = (): vscode.Extension<unknown> => vscode.extensions.getExtension('loss-inspector.loss-inspector')!;

  it('comes with a Python file @smoke', async () => {
    await open('two_losses.py');
    await eventually('the extension is active', () => extension().isActive);
    const commands = await vscode.commands.getCommands(true);
    for (const command of ['lossInspector.inspect', 'lossInspector.openInEditor', 'lossInspector.openExample', 'lossInspector.copyAs'])
      assert.ok(commands.includes(command), command);
  });

  it('shows the command as “Inspect loss”, and asks for no trust', () => {
    const manifest = extension().packageJSON as {
      readonly contributes: {
        readonly commands: readonly { readonly command: string; readonly title: string | { readonly value: string } }[];
      };
      readonly capabilities: Readonly<Record<string, { readonly supported: boolean }>>;
    };
    const title = manifest.contributes.commands.find(({ command }) => command === 'lossInspector.inspect')?.title;
    assert.equal(typeof title === 'object' ? title.value : title, 'Inspect loss');
    assert.equal(manifest.capabilities['untrustedWorkspaces']?.supported, true);
    assert.equal(manifest.capabilities['virtualWorkspaces']?.supported, true);
  });

  it('opens the walkthrough’s example as a document of the person’s own', async () => {
    await vscode.commands.executeCommand('lossInspector.openExample');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.isUntitled, true);
    assert.match(document.getText(), /class ScatteredTargets/);
  });
});
