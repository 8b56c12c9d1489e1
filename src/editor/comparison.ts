/** What the comparison view shows, and what its pages ask for. Any number of pages show the same loss. */
import { commands, env, l10n, Uri, window, type ExtensionContext, type Webview } from 'vscode';
import type { FileInspection, Inspection } from '../inspection';
import { applyEdits } from './applyEdits';
import type { KeptCorrections } from './corrections';
import type { Disposing } from './disposing';
import { lossAt, tooLarge, tooLargeMessage, type Finder } from './found';
import type { Changes, Inspections } from './inspections';
import { judged } from './judged';
import { parseToEditor, type ToEditor, type ToView } from './messages';
import { reasonWithout } from './outcome';
import { pageHtml, pageOptions, type Place } from './page';
import { reveal } from './reveal';
import { openRulePage } from './rulePage';
import { settings } from './settings';
import { activeSource, openSource, type Source } from './source';

interface Shown {
  readonly source: Source;
  readonly inspection: Inspection;
  readonly others: readonly string[];
  /** Why what is shown is no longer what the code says. */
  readonly outdated: string | null;
}

export interface Comparison extends Disposing {
  /** Inspects a source and shows the loss of this name, whatever comes of it. */
  inspect(source: Source, name: string): Promise<Inspection | null>;
  /** Inspects the source again after an edit; what is shown stays, marked, when the code cannot be inspected. */
  refresh(source: Source): Promise<void>;
  /** Shows the loss at the cursor, if its file is inspected. */
  followCursor(): void;
  /** Says that the shown text has changed, where it is not followed. */
  markEdited(uri: string): void;
  readonly following: boolean;
  readonly shownUri: string | null;
  attach(webview: Webview, place: Place): Disposing;
}

/** What is shown again after the window is reloaded. */
const memoryKey = 'shown';
interface Memory {
  readonly uri: string;
  readonly name: string;
  readonly changes: Changes | null;
}

export function createComparison(
  context: ExtensionContext,
  find: Finder,
  inspections: Inspections,
  corrections: KeptCorrections,
): Comparison {
  const pages = new Set<Webview>();
  let shown: Shown | null = null;
  let busy: { readonly uri: string; readonly name: string } | null = null;
  let following = settings.followCursor();

  const post = (webview: Webview, message: ToView): void => void webview.postMessage(message);
  const postAll = (message: ToView): void => {
    for (const page of pages) post(page, message);
  };

  const showMessage = ({ source, inspection, others }: Shown, request: number | null): ToView => ({
    type: 'show',
    request,
    uri: source.uri.toString(),
    file: source.file,
    inspection,
    others,
    following,
  });

  function show(source: Source, inspection: Inspection, answer?: { readonly page: Webview; readonly request: number }): void {
    const others = find(source).losses.flatMap(({ name }) => (name === inspection.name ? [] : [name]));
    shown = { source, inspection, others, outdated: null };
    busy = null;
    for (const page of pages) post(page, showMessage(shown, page === answer?.page ? answer.request : null));
    const [uri, { name }] = [source.uri.toString(), inspection];
    void context.workspaceState.update(memoryKey, { uri, name, changes: inspections.changesOf(uri, name) } satisfies Memory);
  }

  function markOutdated(reason: string): void {
    if (!shown) return;
    shown = { ...shown, outdated: reason };
    busy = null;
    postAll({ type: 'outdated', reason });
  }

  /** Nothing can be shown of this source: what is there stays, if it is of the same document. */
  function fail(source: Source, reason: string): void {
    busy = null;
    if (shown?.source.uri.toString() === source.uri.toString()) markOutdated(reason);
    else postAll({ type: 'empty', reason });
  }

  async function inspect(source: Source, name: string): Promise<Inspection | null> {
    busy = { uri: source.uri.toString(), name };
    postAll({ type: 'busy', ...busy });
    const alone = find(source).losses.length > 1 ? name : null;
    const outcome = await window.withProgress({ location: { viewId: viewId } }, () => inspections.run(source, alone));
    if (outcome.kind !== 'inspected') {
      const reason = reasonWithout(outcome);
      if (reason !== null) {
        fail(source, reason);
        void window.showErrorMessage(reason);
      }
      return null;
    }
    const { source: inspected, file } = outcome.inspected;
    const inspection = file.losses.find((loss) => loss.name === name) ?? null;
    if (inspection) show(inspected, inspection);
    else fail(source, file.problems[0]?.message ?? l10n.t('{0} is not a loss that can be inspected.', name));
    return inspection;
  }

  async function refresh(source: Source): Promise<void> {
    const key = source.uri.toString();
    if (tooLarge(source)) {
      if (shown?.source.uri.toString() === key) markOutdated(tooLargeMessage(source));
      return;
    }
    const before = shown?.source.uri.toString() === key ? shown.inspection : inspections.of(key)?.file.losses[0];
    const outcome = await inspections.run(source, find(source).losses.length > 1 ? (before?.name ?? null) : null);
    if (shown?.source.uri.toString() !== key) return;
    if (outcome.kind !== 'inspected') {
      const reason = reasonWithout(outcome);
      if (reason !== null) markOutdated(reason);
      return;
    }
    const { source: inspected, file } = outcome.inspected;
    const { name, status } = shown.inspection;
    const newer = file.losses.find((loss) => loss.name === name) ?? lossAtCursor(inspected, file);
    if (!newer) markOutdated(file.problems[0]?.message ?? l10n.t('{0} is no longer in the file.', name));
    else if (status === 'measured' && newer.status !== 'measured') {
      markOutdated(newer.problem?.message ?? l10n.t('The code cannot be inspected as it stands.'));
    } else show(inspected, newer);
  }

  function lossAtCursor(source: Source, file: FileInspection): Inspection | null {
    const active = activeSource();
    if (!active?.position || active.source.uri.toString() !== source.uri.toString()) return null;
    const offset = source.offset(active.document, active.position);
    const at = offset === null ? null : lossAt(find(source).losses, offset);
    return file.losses.find(({ name }) => name === at?.name) ?? null;
  }

  function followCursor(): void {
    const active = activeSource();
    const inspected = active && inspections.of(active.source.uri.toString());
    if (!inspected || inspected.source.version !== active.source.version) return;
    const inspection = lossAtCursor(active.source, inspected.file);
    const same = shown?.source.uri.toString() === active.source.uri.toString() && shown.inspection.name === inspection?.name;
    if (inspection && !same) show(inspected.source, inspection);
  }

  /** After a reload: what was shown is inspected anew. */
  async function restore(page: Webview): Promise<void> {
    const memory = context.workspaceState.get<Partial<Memory>>(memoryKey);
    if (typeof memory?.uri === 'string' && typeof memory.name === 'string') {
      post(page, { type: 'busy', uri: memory.uri, name: memory.name });
      const source = await openSource(Uri.parse(memory.uri));
      if (source && !tooLarge(source) && (await inspect(source, memory.name))) {
        const again = parseToEditor({ type: 'rerun', request: 0, uri: memory.uri, name: memory.name, ...memory.changes });
        if (again?.type === 'rerun') await rerun(page, again);
        return;
      }
    }
    post(page, { type: 'empty', reason: l10n.t('Nothing was inspected yet. Put the cursor on a loss and run “Inspect loss”.') });
  }

  async function rerun(page: Webview, { request, uri, name, ...asked }: Extract<ToEditor, { type: 'rerun' }>): Promise<void> {
    const { sample, tensors, smoothing, baseline } = asked;
    const source = await openSource(Uri.parse(uri));
    if (!source) {
      post(page, { type: 'failed', request, reason: l10n.t('The document cannot be opened any more.') });
      return;
    }
    const outcome = await inspections.change(source, name, { sample, tensors, smoothing, baseline });
    if (outcome.kind !== 'inspected') {
      const reason = reasonWithout(outcome);
      if (reason !== null) post(page, { type: 'failed', request, reason });
      return;
    }
    const inspection = outcome.inspection.losses.find((loss) => loss.name === name);
    if (inspection) show(source, inspection, { page, request });
    else {
      const reason = outcome.inspection.problems[0]?.message ?? l10n.t('{0} is no longer in the file.', name);
      post(page, { type: 'failed', request, reason });
    }
  }

  /** What is said is kept, and the file is run anew with it. */
  async function correct(message: Extract<ToEditor, { type: 'correct' | 'resetCorrections' }>): Promise<void> {
    const { uri, name } = message;
    const source = await openSource(Uri.parse(uri));
    if (!source) return;
    const ofShown = shown?.inspection.name === name ? shown.inspection : null;
    if (message.type === 'correct') {
      await corrections.correct(source, name, message.corrections, ofShown?.dropped ?? []);
      // Another number of classes than that of the view's own sample.
      if (message.corrections.classes !== undefined) inspections.reset(uri, name);
    } else await corrections.reset(source, name, message.of);
    await inspect(source, name);
  }

  async function select(uri: string, name: string): Promise<void> {
    const inspected = inspections.of(uri);
    const source = await openSource(Uri.parse(uri));
    if (!source) return;
    const inspection = inspected?.source.version === source.version ? inspected.file.losses.find((loss) => loss.name === name) : undefined;
    if (inspection) show(source, inspection);
    else await inspect(source, name);
  }

  async function applyFix({ uri, edits }: Extract<ToEditor, { type: 'applyFix' }>): Promise<void> {
    const source = await openSource(Uri.parse(uri));
    if (!source || !shown || shown.source.uri.toString() !== uri) return;
    if (shown.source.version !== source.version) {
      void window.showWarningMessage(l10n.t('The code has changed since it was inspected. Inspect it again, then apply the fix.'));
    } else if (await applyEdits(source, edits)) {
      const edited = await openSource(source.uri);
      if (edited) await refresh(edited);
    }
  }

  /** Only what is shown may be asked about: a page never names a document of its own choice. */
  function concernsShown(message: ToEditor): boolean {
    return !('uri' in message) || [shown?.source.uri.toString(), busy?.uri].includes(message.uri);
  }

  async function receive(page: Webview, message: ToEditor): Promise<void> {
    if (!concernsShown(message)) return;
    switch (message.type) {
      case 'ready':
        if (shown) {
          post(page, showMessage(shown, null));
          if (shown.outdated !== null) post(page, { type: 'outdated', reason: shown.outdated });
        } else if (busy) post(page, { type: 'busy', ...busy });
        else await restore(page);
        return;
      case 'inspect':
        await commands.executeCommand('lossInspector.inspect');
        return;
      case 'rerun':
        await rerun(page, message);
        return;
      case 'resetSample': {
        inspections.reset(message.uri, message.name);
        const source = await openSource(Uri.parse(message.uri));
        if (source) await inspect(source, message.name);
        return;
      }
      case 'correct':
      case 'resetCorrections':
        await correct(message);
        return;
      case 'select':
        await select(message.uri, message.name);
        return;
      case 'reveal':
        if (shown) await reveal(shown.source, message.start, message.end, message.elsewhere);
        return;
      case 'applyFix':
        await applyFix(message);
        return;
      case 'copy':
        await env.clipboard.writeText(message.text);
        return;
      case 'openRule':
        await openRulePage(message.rule, context.extensionUri);
        return;
      case 'follow':
        following = message.follow;
        if (shown) postAll(showMessage(shown, null));
        if (following) followCursor();
        return;
      case 'openInEditor':
        await commands.executeCommand('lossInspector.openInEditor');
        return;
    }
  }

  const judging = inspections.onDidJudge(() => {
    if (!shown) return;
    shown = { ...shown, inspection: judged(shown.inspection) };
    postAll(showMessage(shown, null));
    if (shown.outdated !== null) postAll({ type: 'outdated', reason: shown.outdated });
  });

  return {
    inspect,
    refresh,
    followCursor,
    markEdited: (uri) => {
      if (shown?.source.uri.toString() === uri && shown.outdated === null)
        markOutdated(l10n.t('The code has changed since it was inspected.'));
    },
    get following() {
      return following;
    },
    get shownUri() {
      return shown?.source.uri.toString() ?? null;
    },
    attach(webview, place) {
      webview.options = pageOptions(context.extensionUri);
      const listener = webview.onDidReceiveMessage((data: unknown) => {
        const message = parseToEditor(data);
        if (message) void receive(webview, message);
      });
      pages.add(webview);
      webview.html = pageHtml(webview, context.extensionUri, place);
      return {
        dispose: () => {
          pages.delete(webview);
          listener.dispose();
        },
      };
    },
    dispose: () => {
      judging.dispose();
      pages.clear();
    },
  };
}

export const viewId = 'lossInspector.comparison';
