/** “Copy as …”: the loss said in other code, on the clipboard. What cannot be said so stands in the list with its reason. */
import { env, l10n, ProgressLocation, QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { Inspection, Translation } from '../inspection';
import type { Finder } from './found';
import type { Inspections } from './inspections';
import { chooseLoss, type ChosenLoss } from './lossHere';
import { reasonWithout } from './outcome';

interface Format extends QuickPickItem {
  readonly id: 'pytest' | 'tfjs' | 'builtin' | 'json';
  /** Null where the loss cannot be said so; the detail says why. */
  readonly code: string | null;
}

/**
 * @param target the loss, and where the caller knows it the format: `{ uri, name, format? }`
 * @returns what was copied
 */
export async function copyAs(target: unknown, find: Finder, inspections: Inspections): Promise<string | null> {
  const chosen = await chooseLoss(target, find);
  const inspection = chosen && (await inspectionOf(chosen, find, inspections));
  if (!inspection) return null;
  const formats = formatsOf(inspection);
  const wanted = (target ?? {}) as { readonly format?: unknown };
  const format = formats.find(({ id }) => id === wanted.format) ?? (await pick(inspection.name, formats));
  if (!format) return null;
  if (format.code === null) {
    void window.showInformationMessage(format.detail ?? format.label);
    return null;
  }
  await env.clipboard.writeText(format.code);
  void window.setStatusBarMessage(l10n.t('{0}: copied ({1})', inspection.name, format.label), 3000);
  return format.code;
}

/** The last inspection, if the text is still that one, else a new one: translations need the whole of it. */
async function inspectionOf({ source, loss }: ChosenLoss, find: Finder, inspections: Inspections): Promise<Inspection | null> {
  const ofLoss = (all: readonly Inspection[]): Inspection | undefined => all.find(({ name }) => name === loss.name);
  const before = inspections.of(source.uri.toString());
  const known = before?.source.version === source.version ? ofLoss(before.file.losses) : undefined;
  if (known) return known;
  const alone = find(source).losses.length > 1 ? loss.name : null;
  const title = l10n.t('Measuring {0}', loss.name);
  const outcome = await window.withProgress({ location: ProgressLocation.Window, title }, () => inspections.run(source, alone));
  if (outcome.kind === 'inspected') return ofLoss(outcome.inspected.file.losses) ?? null;
  const reason = reasonWithout(outcome);
  if (reason !== null) void window.showErrorMessage(reason);
  return null;
}

function formatsOf(inspection: Inspection): readonly Format[] {
  const { translations, problem } = inspection;
  const unmeasured: Translation = { code: null, note: problem?.message ?? l10n.t('The loss was not measured.') };
  const format = (id: Format['id'], label: string, { code, note }: Translation): Format => ({
    id,
    label,
    code,
    detail: note,
  });
  return [
    format('pytest', l10n.t('pytest with these numbers'), translations?.pytest ?? unmeasured),
    format('tfjs', l10n.t('TypeScript for TensorFlow.js'), translations?.tfjs ?? unmeasured),
    format('builtin', l10n.t('PyTorch’s built-in loss'), translations?.builtin ?? unmeasured),
    { id: 'json', label: 'JSON', code: `${JSON.stringify(inspection, null, 2)}\n`, detail: l10n.t('All that was measured.') },
  ];
}

/** What can be copied comes first. */
async function pick(name: string, formats: readonly Format[]): Promise<Format | null> {
  const [possible, impossible] = [formats.filter(({ code }) => code !== null), formats.filter(({ code }) => code === null)];
  const separator = { label: l10n.t('not possible'), kind: QuickPickItemKind.Separator };
  const items: readonly (Format | QuickPickItem)[] = [...possible, ...(impossible.length > 0 ? [separator, ...impossible] : [])];
  const picked = await window.showQuickPick(items, { placeHolder: l10n.t('Copy {0} as…', name) });
  return picked && 'id' in picked ? picked : null;
}
