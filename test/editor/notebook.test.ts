import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, folder, hoverAt, inspect, lensesOf, ours, positionOf } from './workspace';

describe('notebooks', () => {
  afterEach(closeAll);

  async function openNotebook(): Promise<vscode.NotebookDocument> {
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.joinPath(folder(), 'smoothing.ipynb'));
    await vscode.window.showNotebookDocument(notebook, { selections: [new vscode.NotebookRange(2, 3)] });
    return notebook;
  }
  const cellWith = (notebook: vscode.NotebookDocument, text: string): vscode.TextDocument =>
    notebook.getCells().find(({ document }) => document.getText().includes(text))!.document;

  it('show their losses in the cells they stand in', async () => {
    const notebook = await openNotebook();
    const lenses = await eventually('a lens in the cell', async () => {
      const found = await lensesOf(cellWith(notebook, 'class SmoothedLoss'));
      return found.length > 0 && found;
    });
    assert.equal(lenses[0]!.line, 0);
    assert.deepEqual(await lensesOf(cellWith(notebook, 'import torch')), []);
  });

  it('are inspected as one: cells share their names', async () => {
    const notebook = await openNotebook();
    const inspection = await inspect({ uri: notebook.uri.toString(), name: 'SmoothedLoss' });
    assert.equal(inspection?.status, 'measured', inspection?.problem?.message);
    assert.equal(inspection.name, 'SmoothedLoss');
    // Lines are the cell's own; offsets are those of the cells together.
    assert.equal(inspection.nameRange.line, 1);
    assert.equal(inspection.steps.find(({ label }) => label === 'nll')?.range.line, 9);
  });

  it('are inspected from any cell: the selected one’s loss, else the person is asked', async () => {
    const notebook = await openNotebook();
    await vscode.commands.executeCommand('notebook.cell.quitEdit');
    const ofCell = await inspect();
    assert.equal(ofCell?.name, 'SmoothedLoss');
    await vscode.window.showNotebookDocument(notebook, { selections: [new vscode.NotebookRange(0, 1)] });
    const running = inspect();
    await eventually('a pick that can be accepted', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return Promise.race([running.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, 300, false))]);
    });
    assert.equal((await running)?.status, 'measured');
  });

  it('explain a constant in a cell', async () => {
    const notebook = await openNotebook();
    const cell = cellWith(notebook, 'class SmoothedLoss');
    assert.match(await hoverAt(cell, positionOf(cell, '0.1')), /ε = 0\.1/);
  });

  it('have their diagnostics in the right cell', async () => {
    const notebook = await openNotebook();
    const edit = new vscode.WorkspaceEdit();
    const cell = cellWith(notebook, 'class SmoothedLoss');
    const at = positionOf(cell, 'nll = ');
    edit.insert(cell.uri, at, 'unknown_name\n        ');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await inspect({ uri: notebook.uri.toString(), name: 'SmoothedLoss' });
    const diagnostic = await eventually('a diagnostic in the cell', () => ours(cell.uri)[0]);
    assert.equal(diagnostic.range.start.line, at.line);
    assert.deepEqual(ours(cellWith(notebook, 'import torch').uri), []);
  });
});
