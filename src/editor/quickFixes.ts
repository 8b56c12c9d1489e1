/** What can be done about a finding: its fix, a comment that silences it, and the page that explains it. On the inspected text and no other. */
import { CodeAction, CodeActionKind, languages, l10n, type Disposable, type DocumentSelector, type CodeActionContext } from 'vscode';
import type { Finding } from '../inspection';
import { workspaceEdit } from './applyEdits';
import { codeOf, diagnosticSource } from './diagnostics';
import type { Inspections } from './inspections';
import { silencing } from './silence';
import { locationOf, sourceOf, type Source } from './source';

export function registerQuickFixes(selector: DocumentSelector, inspections: Inspections): Disposable {
  return languages.registerCodeActionsProvider(
    selector,
    {
      provideCodeActions(document, range, context) {
        const source = sourceOf(document);
        const inspected = inspections.of(source.uri.toString());
        if (!inspected || inspected.source.version !== source.version) return [];
        const here = inspected.file.losses
          .flatMap(({ findings }) => findings)
          .filter((finding) => {
            const place = locationOf(source, finding.range);
            return place.uri.toString() === document.uri.toString() && place.range.intersection(range) !== undefined;
          });
        // Losses that share code find the same in it.
        const once = here.filter((one, i) => here.findIndex((other) => one.rule === other.rule && one.message === other.message) === i);
        return [
          ...once.flatMap((finding) => fixOf(finding, source, context)),
          ...once.flatMap((finding) => silenceOf(finding, source, context)),
          ...new Map(once.map((finding) => [finding.rule, explainOf(finding, context)])).values(),
        ];
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
}

function fixOf(finding: Finding, source: Source, context: CodeActionContext): readonly CodeAction[] {
  const { fix } = finding;
  if (!fix) return [];
  const title = fix.keepsNumbers ? fix.title : l10n.t('{0} (changes the numbers)', fix.title);
  const action = actionFor(title, finding, context);
  action.edit = workspaceEdit(source, fix.edits);
  action.isPreferred = fix.keepsNumbers;
  return [action];
}

function silenceOf(finding: Finding, source: Source, context: CodeActionContext): readonly CodeAction[] {
  const edit = silencing(finding.rule, finding.range.start, source);
  if (!edit) return [];
  const action = actionFor(l10n.t('Silence {0} on this line', finding.rule), finding, context);
  action.edit = workspaceEdit(source, [edit]);
  return [action];
}

function explainOf(finding: Finding, context: CodeActionContext): CodeAction {
  const title = l10n.t('Explain {0}', finding.rule);
  const action = actionFor(title, finding, context);
  action.command = { command: 'lossInspector.openRule', title, arguments: [finding.rule] };
  return action;
}

function actionFor(title: string, { rule, message }: Finding, context: CodeActionContext): CodeAction {
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.diagnostics = context.diagnostics.filter(
    (one) => one.source === diagnosticSource && codeOf(one) === rule && one.message === message,
  );
  return action;
}
