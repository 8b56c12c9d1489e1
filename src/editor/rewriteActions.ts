/** Rewrites of a loss in the Refactor menu; what cannot be done stands there too, with its reason. */
import { CodeAction, CodeActionKind, languages, l10n, type Disposable, type DocumentSelector } from 'vscode';
import type { Rewrite } from '../inspection';
import { workspaceEdit } from './applyEdits';
import type { Inspections } from './inspections';
import { locationOf, sourceOf, type Source } from './source';

export function registerRewrites(selector: DocumentSelector, inspections: Inspections): Disposable {
  return languages.registerCodeActionsProvider(
    selector,
    {
      provideCodeActions(document, range) {
        const source = sourceOf(document);
        const inspected = inspections.of(source.uri.toString());
        if (!inspected || inspected.source.version !== source.version) return [];
        return inspected.file.losses
          .flatMap(({ rewrites }) => rewrites)
          .filter((rewrite) => {
            const place = locationOf(source, rewrite.range);
            return place.uri.toString() === document.uri.toString() && place.range.intersection(range) !== undefined;
          })
          .map((rewrite) => actionOf(rewrite, source));
      },
    },
    { providedCodeActionKinds: [CodeActionKind.RefactorRewrite] },
  );
}

function actionOf(rewrite: Rewrite, source: Source): CodeAction {
  if (rewrite.kind === 'refused') {
    // The menus of newer editors show no reason of their own: it stands in the title, as much of it as fits.
    const action = new CodeAction(`${rewrite.title}: ${firstSentence(rewrite.reason)}`, CodeActionKind.RefactorRewrite);
    action.disabled = { reason: rewrite.reason };
    return action;
  }
  const title = rewrite.keepsNumbers ? rewrite.title : l10n.t('{0} (changes the numbers)', rewrite.title);
  const action = new CodeAction(title, CodeActionKind.RefactorRewrite);
  action.edit = workspaceEdit(source, rewrite.edits);
  return action;
}

const firstSentence = (text: string): string => /^.*?\.(?=\s|$)/su.exec(text)?.[0] ?? text;
