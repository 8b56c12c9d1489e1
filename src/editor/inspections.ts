/** The inspections of the session: what was asked for, and the last answer for each file. */
import { EventEmitter, type Event } from 'vscode';
import type { FileInspection, Inspection, InspectRequest, Sample } from '../inspection';
import { withCellLines } from './cellLines';
import type { Disposing } from './disposing';
import type { Inspector, Outcome } from './inspector';
import { settings } from './settings';
import type { Source } from './source';

/** What the person changed about a loss's run in the view. */
export interface Changes {
  readonly sample: Sample;
  readonly smoothing: number | null;
}

export interface Inspected {
  /** The text that was inspected: every range below is a range of it. */
  readonly source: Source;
  readonly file: FileInspection;
}

export type RunOutcome = { readonly kind: 'inspected'; readonly inspected: Inspected } | Exclude<Outcome, { kind: 'inspected' }>;

export interface Inspections extends Disposing {
  /** The last inspection of a document, by the text of its uri. */
  of(uri: string): Inspected | null;
  /**
   * Inspects every loss of a source; where that takes longer than the budget, the one of this name alone, now and from then on.
   * When a newer run of the document takes its place, the answer is the newer one's.
   */
  run(source: Source, alone: string | null): Promise<RunOutcome>;
  /** Inspects one loss, on other tensors or with another ε than its file has; the changes stay with it until they are reset. */
  change(source: Source, name: string, changes: Changes): Promise<Outcome>;
  /** One loss as it stands, without making its file an inspected one (a hover asks so). */
  peek(source: Source, name: string): Promise<Outcome>;
  /** What the person changed about a loss's run, and has not reset. */
  changesOf(uri: string, name: string): Changes | null;
  reset(uri: string, name: string): void;
  forget(uri: string): void;
  readonly onDidChange: Event<string>;
}

export function createInspections(inspector: Inspector): Inspections {
  const inspected = new Map<string, Inspected>();
  const changes = new Map<string, Map<string, Changes>>();
  const tooSlow = new Set<string>();
  const newest = new Map<string, Promise<RunOutcome>>();
  const changed = new EventEmitter<string>();

  const requestFor = (source: Source): InspectRequest => {
    const [classes, smoothing] = [settings.classes(), settings.smoothing()];
    return {
      file: source.file,
      text: source.text,
      ...(source.format && { format: source.format }),
      ...(classes !== null && { classes }),
      ...(smoothing !== null && { smoothing }),
    };
  };

  const changedRequest = (source: Source, name: string, { sample, smoothing }: Changes): InspectRequest => ({
    ...requestFor(source),
    only: name,
    sample,
    classes: sample.logits[0]?.length ?? 0,
    ...(smoothing !== null && { smoothing }),
  });

  /** Of the requests with one purpose for one document, only the newest is answered. */
  async function ask(source: Source, purpose: string, request: InspectRequest): Promise<Outcome> {
    const outcome = await inspector.inspect(`${source.uri.toString()} ${purpose}`, request);
    return outcome.kind === 'inspected' ? { kind: 'inspected', inspection: withCellLines(source, outcome.inspection) } : outcome;
  }

  function keep(source: Source, file: FileInspection): Inspected {
    const key = source.uri.toString();
    const kept = { source, file };
    inspected.set(key, kept);
    changed.fire(key);
    return kept;
  }

  function run(source: Source, alone: string | null): Promise<RunOutcome> {
    const key = source.uri.toString();
    const started: Promise<RunOutcome> = runOnce(source, alone).then((outcome) => {
      const newer = newest.get(key);
      return outcome.kind === 'superseded' && newer && newer !== started ? newer : outcome;
    });
    newest.set(key, started);
    return started;
  }

  async function runOnce(source: Source, alone: string | null): Promise<RunOutcome> {
    const key = source.uri.toString();
    const only = tooSlow.has(key) && alone !== null ? { only: alone } : {};
    const outcome = await ask(source, 'file', { ...requestFor(source), ...only });
    if (outcome.kind === 'outOfTime' && alone !== null && !tooSlow.has(key)) {
      tooSlow.add(key);
      return runOnce(source, alone);
    }
    if (outcome.kind !== 'inspected') return outcome;
    let file = outcome.inspection;
    for (const [changedName, change] of changes.get(key) ?? []) {
      const again = await ask(source, `change ${changedName}`, changedRequest(source, changedName, change));
      if (again.kind === 'inspected') file = withLosses(file, again.inspection.losses);
    }
    return { kind: 'inspected', inspected: keep(source, file) };
  }

  return {
    of: (uri) => inspected.get(uri) ?? null,
    run,
    async change(source, name, change) {
      const key = source.uri.toString();
      const outcome = await ask(source, `change ${name}`, changedRequest(source, name, change));
      if (outcome.kind !== 'inspected') return outcome;
      const mine = changes.get(key) ?? new Map<string, Changes>();
      changes.set(key, mine.set(name, change));
      const before = inspected.get(key);
      const same = before?.source.version === source.version;
      keep(source, same ? withLosses(before.file, outcome.inspection.losses) : outcome.inspection);
      return outcome;
    },
    peek: (source, name) => ask(source, 'hover', { ...requestFor(source), only: name }),
    changesOf: (uri, name) => changes.get(uri)?.get(name) ?? null,
    reset: (uri, name) => {
      changes.get(uri)?.delete(name);
    },
    forget: (uri) => {
      tooSlow.delete(uri);
      newest.delete(uri);
      changes.delete(uri);
      if (inspected.delete(uri)) changed.fire(uri);
    },
    onDidChange: changed.event,
    dispose: () => {
      changed.dispose();
    },
  };
}

function withLosses(file: FileInspection, newer: readonly Inspection[]): FileInspection {
  return { ...file, losses: file.losses.map((loss) => newer.find(({ name }) => name === loss.name) ?? loss) };
}
