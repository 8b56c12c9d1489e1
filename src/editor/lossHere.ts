/** Which loss a command is about: the one that was named, else the one at the cursor, else the one the person picks. */
import { l10n, Uri, window, type QuickPickItem } from 'vscode';
import { lossAt, tooLarge, tooLargeMessage, type Finder, type FoundLoss } from './found';
import { activeSource, openSource, type ActiveSource, type Source } from './source';

/** What lenses and hover links pass along. */
export interface InspectTarget {
  readonly uri: string;
  readonly name: string;
}

export interface ChosenLoss {
  readonly source: Source;
  readonly loss: FoundLoss;
}

/** Null where there is none, which the person is told, or where the person picked none. */
export async function chooseLoss(target: unknown, find: Finder): Promise<ChosenLoss | null> {
  const active = activeSource();
  const source = isTarget(target) ? await openSource(Uri.parse(target.uri)) : (active?.source ?? null);
  if (!source) {
    void window.showInformationMessage(
      l10n.t('There is no open file to inspect. Open a Python or TypeScript file, or a notebook, that holds a loss.'),
    );
    return null;
  }
  if (tooLarge(source)) {
    void window.showWarningMessage(tooLargeMessage(source));
    return null;
  }
  const { losses, problems } = find(source);
  if (losses.length === 0) {
    void window.showInformationMessage(nothingFound(source, problems));
    return null;
  }
  const named = isTarget(target) ? losses.find(({ name }) => name === target.name) : undefined;
  const loss = named ?? lossHere(active, losses) ?? (await pick(source, losses));
  return loss && { source, loss };
}

/** The loss around the cursor; in a notebook's cell that is only selected, the one that stands in it. */
function lossHere(active: ActiveSource | null, losses: readonly FoundLoss[]): FoundLoss | null {
  if (!active) return null;
  const { source, document, position } = active;
  if (position) {
    const offset = source.offset(document, position);
    return offset === null ? null : lossAt(losses, offset);
  }
  const here = losses.filter(({ nameRange }) => source.location(nameRange.start, nameRange.end).uri.toString() === document.uri.toString());
  return here.length === 1 ? here[0]! : null;
}

function isTarget(target: unknown): target is InspectTarget {
  const { uri, name } = (target ?? {}) as Partial<InspectTarget>;
  return typeof uri === 'string' && typeof name === 'string';
}

/** The only loss of a file needs no asking. */
async function pick(source: Source, losses: readonly FoundLoss[]): Promise<FoundLoss | null> {
  if (losses.length === 1) return losses[0]!;
  const items = losses.map((loss): QuickPickItem & { readonly loss: FoundLoss } => ({
    label: loss.name,
    description: kindInWords[loss.kind](),
    detail: lineOf(source, loss),
    loss,
  }));
  const placeHolder = l10n.t('Which loss of {0}?', source.file);
  const picked = await window.showQuickPick(items, { placeHolder, matchOnDescription: true, matchOnDetail: true });
  return picked?.loss ?? null;
}

const kindInWords: Readonly<Record<FoundLoss['kind'], () => string>> = {
  class: () => l10n.t('class'),
  function: () => l10n.t('function'),
  call: () => l10n.t('call'),
  script: () => l10n.t('module-level code'),
};

function lineOf(source: Source, { nameRange }: FoundLoss): string {
  const start = source.text.lastIndexOf('\n', nameRange.start - 1) + 1;
  const end = source.text.indexOf('\n', nameRange.start);
  const code = source.text.slice(start, end === -1 ? undefined : end).trim();
  return l10n.t('line {0}: {1}', source.location(nameRange.start, nameRange.end).range.start.line + 1, code);
}

function nothingFound(source: Source, problems: readonly string[]): string {
  const looked = l10n.t(
    'No loss was found in {0}. Looked for a class with forward(), a function or module-level code that takes predictions and targets to a cross entropy with smoothed targets, and for calls with label_smoothing.',
    source.file,
  );
  return problems.length > 0 ? `${looked} ${problems[0]!}` : looked;
}
