import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, inspect, open } from './workspace';

describe('Copy loss as…', () => {
  afterEach(closeAll);

  const copy = (target: unknown): Thenable<string | null> => vscode.commands.executeCommand<string | null>('lossInspector.copyAs', target);

  for (const format of ['builtin', 'pytest', 'tfjs', 'json'] as const) {
    it(`${format} puts it on the clipboard`, async () => {
      const uri = (await open('two_losses.py')).document.uri.toString();
      const inspection = await inspect({ uri, name: 'mixed' });
      const expected = format === 'json' ? `${JSON.stringify(inspection, null, 2)}\n` : (inspection?.translations?.[format].code ?? null);
      await vscode.env.clipboard.writeText('nothing');
      assert.equal(await copy({ uri, name: 'mixed', format }), expected);
      assert.equal(await vscode.env.clipboard.readText(), expected ?? 'nothing');
    });
  }

  it('measures a loss that was not inspected yet', async () => {
    const uri = (await open('two_losses.py')).document.uri.toString();
    const code = await copy({ uri, name: 'mixed', format: 'builtin' });
    assert.match(code ?? '', /label_smoothing=0\.2/);
  });

  it('copies nothing of a loss that cannot be run', async () => {
    const uri = (await open('broken.py')).document.uri.toString();
    await vscode.env.clipboard.writeText('nothing');
    assert.equal(await copy({ uri, name: 'Broken', format: 'pytest' }), null);
    assert.equal(await vscode.env.clipboard.readText(), 'nothing');
  });
});

describe('a closed tab', () => {
  afterEach(closeAll);

  it('takes its diagnostics with it; one of two does not', async () => {
    const { document } = await open('fixable.py');
    await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
    await inspect({ uri: document.uri.toString(), name: 'divergence' });
    const has = (): boolean => vscode.languages.getDiagnostics(document.uri).length > 0;
    await eventually('diagnostics', has);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.ok(has());
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await eventually('no diagnostics', () => !has(), 3);
  });
});
