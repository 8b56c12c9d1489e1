import { CodeAction, CodeActionKind, languages, l10n, type Disposable, type DocumentSelector } from 'vscode';
import { withSettings } from '../findings/severities';
import { workspaceEdit } from './applyEdits';
import { codeOf, diagnosticSource } from './diagnostics';
import type { Inspections } from './inspections';
import { settings } from './settings';
import { sourceOf } from './source';

/** The fixes of findings, on the text that was inspected and no other. */
export function registerQuickFixes(selector: DocumentSelector, inspections: Inspections): Disposable {
  return languages.registerCodeActionsProvider(
    selector,
    {
      provideCodeActions(document, range, context) {
        const source = sourceOf(document);
        const inspected = inspections.of(source.uri.toString());
        if (!inspected || inspected.source.version !== source.version) return [];
        return inspected.file.losses
          .flatMap(({ findings }) => withSettings(findings, settings.rules()))
          .flatMap((finding) => {
            const { fix, rule, message } = finding;
            const place = source.location(finding.range.start, finding.range.end);
            if (!fix || place.uri.toString() !== document.uri.toString() || !place.range.intersection(range)) return [];
            const title = fix.keepsNumbers ? fix.title : l10n.t('{0} (changes the numbers)', fix.title);
            const action = new CodeAction(title, CodeActionKind.QuickFix);
            action.edit = workspaceEdit(source, fix.edits);
            action.isPreferred = fix.keepsNumbers;
            action.diagnostics = context.diagnostics.filter(
              (one) => one.source === diagnosticSource && codeOf(one) === rule && one.message === message,
            );
            return [action];
          });
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
}
