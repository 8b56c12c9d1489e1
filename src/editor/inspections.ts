/** The inspections of the session: what was asked for, and the last answer for each file. */
import { EventEmitter, Uri, workspace, type Event } from 'vscode';
import type { Corrections, FileInspection, Inspection, InspectRequest, NestedNumbers, ParameterCorrection, Sample } from '../inspection';
import { withCellLines } from './cellLines';
import type { KeptCorrections } from './corrections';
import type { Disposing } from './disposing';
import type { Inspector, Outcome } from '../worker/inspector';
import type { Finder } from './found';
import { judgedFile } from './judged';
import type { Neighbours, Place } from './neighbours';
import { settings } from './settings';
import { openSource } from './source';
import type { Source } from './source';

/** What the person changed about a loss's run in the view. */
export interface Changes {
  /** Null: that of the file, or the default one. */
  readonly sample: Sample | null;
  /** Of a loss of named tensors; null: natural ones. */
  readonly tensors: Readonly<Record<string, NestedNumbers>> | null;
  readonly smoothing: number | null;
  /** Id of the formulation that the others are compared with; null: the loss itself. */
  readonly baseline: string | null;
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
  /** One loss as it stands, without making its file an inspected one (a hover asks so). Neither rewrites nor translations are looked for. */
  peek(source: Source, name: string): Promise<Outcome>;
  /** Every loss as it would be with another text; without rewrites and translations either. */
  trial(source: Source, text: string): Promise<Outcome>;
  /** What the person changed about a loss's run, and has not reset. */
  changesOf(uri: string, name: string): Changes | null;
  reset(uri: string, name: string): void;
  forget(uri: string): void;
  readonly onDidChange: Event<string>;
  /** The settings of the rules changed: whatever shows findings shows them anew. Every kept inspection has been judged again. */
  readonly onDidJudge: Event<void>;
}

/** How often the worker is handed more of the texts beside the document: imports lead from one to the next. */
const mostRounds = 24;

/** A pause in the typing, before what rests on the file is inspected again. */
const pause = 600;

export function createInspections(inspector: Inspector, neighbours: Neighbours, kept: KeptCorrections, find: Finder): Inspections {
  const inspected = new Map<string, Inspected>();
  const changes = new Map<string, Map<string, Changes>>();
  const tooSlow = new Set<string>();
  const newest = new Map<string, Promise<RunOutcome>>();
  const changed = new EventEmitter<string>();
  const judgedAnew = new EventEmitter<void>();
  // What each document's last inspection read beside it.
  const beside = new Map<string, { readonly place: Place; readonly paths: readonly string[] }>();
  const askedLast = new Map<string, symbol>();
  const listener = workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration('lossInspector.rules')) return;
    for (const [key, { source, file }] of inspected) inspected.set(key, { source, file: judgedFile(file) });
    judgedAnew.fire();
    for (const key of inspected.keys()) changed.fire(key);
  });

  const requestFor = (source: Source): InspectRequest => {
    const [classes, smoothing, corrections] = [settings.classes(), settings.smoothing(), kept.of(source)];
    return {
      file: source.file,
      text: source.text,
      ...(source.format && { format: source.format }),
      ...(classes !== null && { classes }),
      ...(smoothing !== null && { smoothing }),
      ...(corrections.length > 0 && { corrections }),
    };
  };

  /** A factor that the view's sample is run with comes before the one that is kept. */
  const withoutSmoothing = (source: Source, name: string): Partial<InspectRequest> => {
    const names = find(source).losses.find((loss) => loss.name === name)?.smoothing ?? [];
    const parameters = ({ parameters: said = [] }: Corrections): readonly ParameterCorrection[] =>
      said.flatMap(({ value, ...one }) => {
        const isSmoothing = one.as === 'smoothing' || (one.as === undefined && names.includes(one.name));
        if (!isSmoothing || value === undefined) return [value === undefined ? one : { ...one, value }];
        return one.as === undefined ? [] : [one];
      });
    const corrections = kept.of(source).map((one) => (one.loss === name ? { ...one, parameters: parameters(one) } : one));
    return corrections.length > 0 ? { corrections } : {};
  };

  const changedRequest = (source: Source, name: string, { sample, tensors, smoothing, baseline }: Changes): InspectRequest => ({
    ...requestFor(source),
    ...(smoothing !== null && withoutSmoothing(source, name)),
    only: name,
    ...(sample !== null && { sample, classes: sample.logits[0]?.length ?? 0 }),
    ...(tensors !== null && { tensors }),
    ...(smoothing !== null && { smoothing }),
    ...(baseline !== null && { baseline }),
  });

  /** Of the requests with one purpose for one document, only the newest is answered. */
  async function ask(source: Source, purpose: string, request: InspectRequest): Promise<Outcome> {
    const outcome = await askWithNeighbours(source, `${source.uri.toString()} ${purpose}`, request);
    if (outcome.kind !== 'inspected') return outcome;
    return { kind: 'inspected', inspection: judgedFile(withCellLines(source, outcome.inspection)) };
  }

  /** Hands over the texts beside the source, as far as they are asked for. */
  async function askWithNeighbours(source: Source, key: string, request: InspectRequest): Promise<Outcome> {
    const place = neighbours.placeOf(source);
    if (place === null) return inspector.inspect(key, request);
    const uri = source.uri.toString();
    const mine = Symbol(key);
    askedLast.set(key, mine);
    let texts = await neighbours.read(place, beside.get(uri)?.paths ?? []);
    for (let round = 0; ; round++) {
      if (askedLast.get(key) !== mine) return { kind: 'superseded' };
      const outcome = await inspector.inspect(key, { ...request, path: place.path }, { texts });
      beside.set(uri, { place, paths: Object.keys(texts) });
      if (outcome.kind !== 'inspected' || outcome.wanted === undefined || round >= mostRounds) return outcome;
      texts = { ...texts, ...(await neighbours.read(place, outcome.wanted)) };
    }
  }

  /** What rests on a file that has changed is inspected again. */
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const fileChanged = (uri: Uri): void => {
    for (const [key, { source }] of inspected) {
      const read = beside.get(key);
      const rests = read?.paths.some((path) => Uri.joinPath(read.place.root, path).toString() === uri.toString());
      if (rests !== true || key === uri.toString()) continue;
      clearTimeout(waiting.get(key));
      waiting.set(
        key,
        setTimeout(() => {
          waiting.delete(key);
          void openSource(source.uri).then((now) => (now && inspected.has(key) ? run(now, null) : null));
        }, pause),
      );
    }
  };
  const listeners = [
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) fileChanged(document.uri);
    }),
    neighbours.onDidChange(fileChanged),
  ];

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
    const isLost = outcome.kind !== 'inspected' && outcome.kind !== 'superseded';
    if (isLost && alone !== null && !tooSlow.has(key)) {
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
    peek: (source, name) => ask(source, 'hover', { ...requestFor(source), only: name, brief: true }),
    trial: (source, text) => askWithNeighbours(source, `${source.uri.toString()} trial`, { ...requestFor(source), text, brief: true }),
    changesOf: (uri, name) => changes.get(uri)?.get(name) ?? null,
    reset: (uri, name) => {
      changes.get(uri)?.delete(name);
    },
    forget: (uri) => {
      tooSlow.delete(uri);
      newest.delete(uri);
      beside.delete(uri);
      changes.delete(uri);
      if (inspected.delete(uri)) changed.fire(uri);
    },
    onDidChange: changed.event,
    onDidJudge: judgedAnew.event,
    dispose: () => {
      for (const one of [listener, ...listeners]) one.dispose();
      for (const clock of waiting.values()) clearTimeout(clock);
      judgedAnew.dispose();
      changed.dispose();
    },
  };
}

function withLosses(file: FileInspection, newer: readonly Inspection[]): FileInspection {
  return { ...file, losses: file.losses.map((loss) => newer.find(({ name }) => name === loss.name) ?? loss) };
}
