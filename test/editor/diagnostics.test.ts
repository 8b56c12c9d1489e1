import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, inspect, open, ours, placeCursor, positionOf, withSetting } from './workspace';

const ruleOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

describe('diagnostics', () => {
  afterEach(closeAll);

  it('are silent until asked, then stand at the broken line, and go when it is repaired @smoke', async () => {
    const editor = await open('broken.py');
    const { document } = editor;
    assert.deepEqual(ours(document.uri), []);
    placeCursor(editor, 'class Broken');
    await inspect();
    const [diagnostic] = await eventually('a diagnostic', () => ours(document.uri).length > 0 && ours(document.uri));
    assert.equal(diagnostic!.range.start.line, 8);
    assert.equal(diagnostic!.severity, vscode.DiagnosticSeverity.Error);

    const surplus = positionOf(document, '  0.1');
    await editor.edit((edit) => {
      edit.delete(new vscode.Range(surplus, surplus.translate(0, '  0.1'.length)));
    });
    await eventually('no error left', () => ours(document.uri).every(({ severity }) => severity !== vscode.DiagnosticSeverity.Error));
  });

  it('can be switched off', async () => {
    const editor = await open('broken.py');
    placeCursor(editor, 'class Broken');
    await withSetting('diagnostics.enabled', false, async () => {
      await inspect();
      assert.deepEqual(ours(editor.document.uri), []);
    });
    await eventually('they are back', () => ours(editor.document.uri).length > 0);
  });

  it('offers the fix of a finding, and the file inspects better with it', async () => {
    const editor = await open('smoothing.py');
    const { document } = editor;
    placeCursor(editor, 'def divergence');
    await inspect();
    const finding = await eventually('a finding on KLDiv’s mean', () => ours(document.uri).find((one) => ruleOf(one) === 'kldiv-mean'));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      finding.range,
    );
    const action = actions.find(({ title }) => /batchmean/.test(title)) ?? assert.fail(actions.map(({ title }) => title).join('; '));
    assert.match(action.title, /changes the numbers/);
    assert.ok(action.edit);
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    assert.match(document.getText(), /reduction=.batchmean./);
    await eventually('the finding is gone', () => ours(document.uri).every((one) => ruleOf(one) !== 'kldiv-mean'));
  });

  it('have the severity that the settings give their rule, and link to its page', async () => {
    const { document } = await open('smoothing.py');
    placeCursor(vscode.window.activeTextEditor!, 'def divergence');
    await inspect();
    const found = (): vscode.Diagnostic | undefined => ours(document.uri).find((one) => ruleOf(one) === 'kldiv-mean');
    const before = await eventually('a finding on KLDiv’s mean', found);
    assert.equal(before.severity, vscode.DiagnosticSeverity.Warning);
    const target = typeof before.code === 'object' ? before.code.target : assert.fail('its code is no link');
    assert.match(new TextDecoder().decode(await vscode.workspace.fs.readFile(target)), /^# Divides by N·K instead of N\n/);
    await withSetting('rules', { 'kldiv-mean': 'error' }, () =>
      eventually('an error', () => found()?.severity === vscode.DiagnosticSeverity.Error),
    );
    await withSetting('rules', { 'kldiv-mean': 'off' }, () => eventually('nothing of it', () => found() === undefined));
    await eventually('it is a warning again', () => found()?.severity === vscode.DiagnosticSeverity.Warning);
  });
});
