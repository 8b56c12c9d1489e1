import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Inspection } from '../../src/inspection';
import {
  assertClose,
  closeAll,
  eventually,
  folder,
  hoverAt,
  inspect,
  lensesOf,
  open,
  openText,
  ours,
  placeCursor,
  positionOf,
  withSetting,
} from './workspace';

const ruleOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

async function actionsAt(
  document: vscode.TextDocument,
  at: vscode.Position | vscode.Range,
  kind?: vscode.CodeActionKind,
): Promise<readonly vscode.CodeAction[]> {
  const range = at instanceof vscode.Range ? at : new vscode.Range(at, at);
  return vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range, kind?.value);
}

async function apply(action: vscode.CodeAction | undefined): Promise<void> {
  assert.ok(action?.edit, action?.title);
  assert.ok(await vscode.workspace.applyEdit(action.edit));
}

async function openInspected(name: string, cursor: string): Promise<{ document: vscode.TextDocument; inspection: Inspection }> {
  const editor = await open(name);
  placeCursor(editor, cursor);
  const inspection = await inspect();
  assert.equal(inspection?.status, 'measured', inspection?.problem?.message);
  await eventually('findings', () => ours(editor.document.uri).length > 0);
  return { document: editor.document, inspection };
}

describe('code actions', () => {
  afterEach(closeAll);

  it('silence a rule on its line: the finding goes, and only there', async () => {
    const { document } = await openInspected('fixable.py', 'def divergence');
    const at = positionOf(document, 'F.kl_div');
    const action = (await actionsAt(document, at)).find(({ title }) => title === 'Silence kldiv-mean on this line');
    await apply(action);
    assert.match(document.lineAt(at.line).text, /smoothed\) {2}# loss-inspector: ignore\[kldiv-mean\]$/);
    await eventually('it is silent', () => ours(document.uri).every((one) => ruleOf(one) !== 'kldiv-mean'));
    assert.ok(ours(document.uri).some((one) => ruleOf(one) === 'log-of-softmax'));
  });

  it('silence with TypeScript’s comment there', async () => {
    const code = `import * as tf from '@tensorflow/tfjs';
export function smoothed(labels: tf.Tensor1D, logits: tf.Tensor2D, smoothing = 0.1): tf.Scalar {
  const classes = logits.shape[1];
  const targets = tf.oneHot(labels, classes, 1 - smoothing, smoothing / (classes - 1));
  return tf.mean(tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1)));
}
`;
    const { document } = await openText(code, 'typescript');
    await inspect({ uri: document.uri.toString(), name: 'smoothed' });
    const finding = await eventually('a finding', () => ours(document.uri).find((one) => ruleOf(one) === 'one-hot-integer'));
    await apply((await actionsAt(document, finding.range)).find(({ title }) => title === 'Silence one-hot-integer on this line'));
    assert.match(document.lineAt(finding.range.start.line).text, /; {2}\/\/ loss-inspector: ignore\[one-hot-integer\]$/);
    await eventually('it is silent', () => ours(document.uri).every((one) => ruleOf(one) !== 'one-hot-integer'));
  });

  it('open the page of a rule', async () => {
    const { document } = await openInspected('fixable.py', 'def divergence');
    const actions = await actionsAt(document, positionOf(document, 'F.kl_div'));
    const explain = actions.find(({ title }) => title === 'Explain kldiv-mean');
    assert.equal(explain?.command?.command, 'lossInspector.openRule');
    await vscode.commands.executeCommand(explain.command.command, ...(explain.command.arguments as unknown[]));
    await eventually('a tab with the page', () =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.includes('kldiv-mean.md'))),
    );
  });

  it('offer what rewrites the whole loss, and the code computes the same after it', async () => {
    const { document, inspection } = await openInspected('fixable.py', 'def rough');
    const offered = inspection.rewrites.find((one) => one.kind === 'offered' && one.keepsNumbers);
    assert.ok(offered, JSON.stringify(inspection.rewrites));
    const at = positionOf(document, 'rough');
    const actions = await actionsAt(document, at, vscode.CodeActionKind.RefactorRewrite);
    await apply(actions.find(({ title }) => title === offered.title));
    assert.match(document.getText(), /def rough[^]*F\.cross_entropy\([^]*def divergence/);
    const after = await inspect({ uri: document.uri.toString(), name: 'rough' });
    assert.equal(after?.status, 'measured');
    assertClose(after.value, Number(inspection.value));
    assert.deepEqual(await actionsAt(document, positionOf(document, 'import'), vscode.CodeActionKind.RefactorRewrite), []);
  });

  it('fix all that keeps the numbers, at once, and nothing that changes them', async () => {
    const { document, inspection } = await openInspected('fixable.py', 'def rough');
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const kind = vscode.CodeActionKind.SourceFixAll.append('lossInspector');
    const [action, ...others] = await actionsAt(document, whole, kind);
    assert.deepEqual(others, []);
    await apply(action);
    const text = document.getText();
    assert.match(text, /F\.log_softmax\(logits\)/);
    assert.match(text, /reduction='sum'/);
    assert.doesNotMatch(text, /batchmean/);
    const after = await inspect({ uri: document.uri.toString(), name: 'rough' });
    assertClose(after?.value, Number(inspection.value));
  });

  it('do not offer to fix all where nobody asked what is wrong', async () => {
    const { document } = await open('fixable.py');
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const actions = await actionsAt(document, whole, vscode.CodeActionKind.SourceFixAll);
    assert.deepEqual(
      actions.map(({ title }) => title),
      [],
    );
  });

  it('edit the cell of a notebook that the finding stands in', async () => {
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.joinPath(folder(), 'smoothing.ipynb'));
    await vscode.window.showNotebookDocument(notebook);
    const cells = (): readonly vscode.TextDocument[] => notebook.getCells().map(({ document }) => document);
    const cell = cells().find((one) => one.getText().includes('class SmoothedLoss'))!;
    const edit = new vscode.WorkspaceEdit();
    const line = cell.lineAt(positionOf(cell, 'log_probs = ').line);
    edit.replace(cell.uri, line.range, '        log_probs = torch.log(F.softmax(logits, dim=-1))');
    assert.ok(await vscode.workspace.applyEdit(edit));
    const others = cells().filter((one) => one !== cell);
    const before = others.map((one) => one.getText());
    await inspect({ uri: notebook.uri.toString(), name: 'SmoothedLoss' });
    const finding = await eventually('a finding in the cell', () => ours(cell.uri).find((one) => ruleOf(one) === 'log-of-softmax'));
    assert.equal(finding.range.start.line, line.lineNumber);
    const actions = await actionsAt(cell, finding.range);
    assert.ok(actions.some(({ title }) => title === 'Silence log-of-softmax on this line'));
    await apply(actions.find(({ title }) => title === 'Use log_softmax'));
    assert.equal(cell.lineAt(line.lineNumber).text, '        log_probs = F.log_softmax(logits, dim=-1)');
    await eventually('the finding is gone', () => ours(cell.uri).every((one) => ruleOf(one) !== 'log-of-softmax'));
    assert.deepEqual(
      others.map((one) => one.getText()),
      before,
    );
  });
});

describe('settings of rules', () => {
  afterEach(closeAll);

  it('reach the diagnostics, the lens, the hover and the fixes, and leave them again', async () => {
    const { document } = await openInspected('fixable.py', 'def divergence');
    const at = positionOf(document, 'F.kl_div');
    const lens = async (): Promise<string> => (await lensesOf(document))[1]!.title;
    const fixes = async (): Promise<boolean> => (await actionsAt(document, at)).some(({ title }) => title.includes('batchmean'));
    assert.match(await lens(), /1 warning/);
    assert.ok(await fixes());
    await withSetting('rules', { 'kldiv-mean': 'off', 'entropy-subtracted': 'error' }, async () => {
      await eventually('the lens follows', async () => /1 error$/.test(await lens()));
      assert.ok(!(await fixes()));
      await eventually('the diagnostics follow', () => ours(document.uri).every((one) => ruleOf(one) !== 'kldiv-mean'));
      const raised = ours(document.uri).find((one) => ruleOf(one) === 'entropy-subtracted');
      assert.equal(raised?.severity, vscode.DiagnosticSeverity.Error);
      const hover = await hoverAt(document, positionOf(document, '0.2'));
      assert.match(hover, /\$\(error\)[^\n]*entropy-subtracted/);
    });
    await eventually('the lens is back', async () => /1 warning/.test(await lens()));
    assert.ok(await fixes());
  });
});
