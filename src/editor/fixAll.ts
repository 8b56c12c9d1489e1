/**
 * “Fix all”, on request or on save: every fix that keeps the numbers, as far as they do not overlap. Each was tried alone when it was found;
 * together they are tried again, and what does not keep every number is not offered.
 */
import { CodeAction, CodeActionKind, languages, l10n, type Disposable, type DocumentSelector } from 'vscode';
import type { FileInspection, Finding, Inspection, TextEdit } from '../inspection';
import { workspaceEdit } from './applyEdits';
import type { Inspected, Inspections } from './inspections';
import { sameNumbers } from './sameNumbers';
import { sourceOf } from './source';
import { applied, overlap } from './textEdits';

const fixAllKind = CodeActionKind.SourceFixAll.append('lossInspector');

export function registerFixAll(selector: DocumentSelector, inspections: Inspections): Disposable {
  return languages.registerCodeActionsProvider(
    selector,
    {
      async provideCodeActions(document, _range, { only }) {
        // Trying costs a run: it is done when fixing is asked for, not whenever the cursor moves.
        if (!only || !(only.contains(fixAllKind) || fixAllKind.contains(only))) return [];
        const source = sourceOf(document);
        const inspected = inspections.of(source.uri.toString());
        if (!inspected || inspected.source.version !== source.version) return [];
        const edits = await keepingNumbers(inspected, inspections);
        if (edits.length === 0) return [];
        const action = new CodeAction(l10n.t('Fix all that keeps the numbers'), fixAllKind);
        action.edit = workspaceEdit(source, edits);
        return [action];
      },
    },
    { providedCodeActionKinds: [fixAllKind] },
  );
}

type Fix = NonNullable<Finding['fix']>;

async function keepingNumbers({ source, file }: Inspected, inspections: Inspections): Promise<readonly TextEdit[]> {
  const chosen = apartFromEachOther(file.losses);
  if (chosen.length === 0) return [];
  const now = await tried(source.text);
  if (!now) return [];
  const all = chosen.flatMap(({ edits }) => edits);
  if (await keeps(all)) return all;
  // They do not go together: one after the other, each that goes with those before it.
  let kept: readonly TextEdit[] = [];
  if (chosen.length > 1) for (const { edits } of chosen) if (await keeps([...kept, ...edits])) kept = [...kept, ...edits];
  return kept;

  async function tried(text: string): Promise<FileInspection | null> {
    const outcome = await inspections.trial(source, text);
    return outcome.kind === 'inspected' ? outcome.inspection : null;
  }
  async function keeps(edits: readonly TextEdit[]): Promise<boolean> {
    const after = await tried(applied(source.text, edits));
    return after !== null && now !== null && sameNumbers(now, after);
  }
}

function apartFromEachOther(losses: readonly Inspection[]): readonly Fix[] {
  const chosen: Fix[] = [];
  for (const { fix } of losses.flatMap(({ findings }) => findings)) {
    if (fix?.keepsNumbers && !chosen.some((other) => overlap(other.edits, fix.edits))) chosen.push(fix);
  }
  return chosen;
}
