/** Asks the worker to inspect: one request at a time, newest first served, none for longer than its budget. */
import type { FileInspection, InspectRequest, Running } from '../inspection';
import type { End, RunningWorker, WorkerEvents } from './running';
import type { Answer, Work } from './work';

/** The texts beside the document: a folder that the worker reads, or what the host hands over. */
export type Beside = Pick<Work, 'folder' | 'texts'>;

export type Outcome =
  /** `wanted`: texts beside the document that it would have read. */
  | { readonly kind: 'inspected'; readonly inspection: FileInspection; readonly wanted?: readonly string[] }
  /** A newer request of the same key took its place. */
  | { readonly kind: 'superseded' }
  /** `running`: what ran then, where it is known. */
  | { readonly kind: 'outOfTime'; readonly seconds: number; readonly running: Running | null }
  | (End & { readonly running: Running | null });

export interface Inspector {
  /** Requests of one key replace each other: of those, only the newest is answered with an inspection. */
  inspect(key: string, request: InspectRequest, beside?: Beside): Promise<Outcome>;
  dispose(): void;
}

interface Job {
  readonly id: number;
  readonly key: string;
  readonly request: InspectRequest;
  readonly beside: Beside | undefined;
  readonly settle: (outcome: Outcome) => void;
}

/** Loading tfjs and the interpreter is not the person's code: it has its own limit. */
const secondsToStart = 60;
/** What a request that nobody waits for any more is still given. */
const secondsToFinish = 1;
/** A worker that holds more than this after its work is not given more: the next request gets a fresh one. */
const mostBytesKept = 320 * 1024 * 1024;

/**
 * @param start starts a worker; called at the first request and after one was killed
 * @param budget seconds that one request may take, read anew for each
 */
export function createInspector(start: (events: WorkerEvents) => Promise<RunningWorker>, budget: () => number): Inspector {
  const waiting: Job[] = [];
  let running: Job | null = null;
  let place: Running | null = null;
  let worker: RunningWorker | null = null;
  let state: 'none' | 'starting' | 'ready' = 'none';
  let clock: ReturnType<typeof setTimeout> | undefined;
  let lastId = 0;
  // Counts the workers started: what a killed one still sends is not listened to.
  let generation = 0;

  function dropWorker(): void {
    clearTimeout(clock);
    generation++;
    worker?.end();
    worker = null;
    state = 'none';
  }

  function settle(outcome: Outcome): void {
    clearTimeout(clock);
    const job = running;
    running = null;
    place = null;
    job?.settle(outcome);
    next();
  }

  function startClock(seconds: number): void {
    clearTimeout(clock);
    clock = setTimeout(() => {
      dropWorker();
      settle({ kind: 'outOfTime', seconds, running: place });
    }, seconds * 1000);
  }

  function ended(end: End): void {
    dropWorker();
    settle({ ...end, running: place });
  }

  function begin(): void {
    state = 'starting';
    const mine = ++generation;
    const current = (): boolean => mine === generation;
    start({
      answered: (answer) => {
        if (current()) answered(answer);
      },
      ended: (end) => {
        if (current()) ended(end);
      },
    }).then(
      (started) => {
        if (current()) worker = started;
        else started.end();
        if (current() && state === 'ready') post();
      },
      (error: unknown) => {
        if (current()) ended({ kind: 'crashed', reason: error instanceof Error ? error.message : String(error) });
      },
    );
  }

  function post(): void {
    if (running && worker) {
      startClock(budget());
      const { id, request, beside } = running;
      worker.post({ id, request, ...beside });
    }
  }

  function answered(answer: Answer): void {
    if (answer.type === 'ready') {
      state = 'ready';
      post();
    } else if (running?.id !== answer.id) {
      return;
    } else if (answer.type === 'running') {
      place = answer.running;
    } else if (answer.type === 'failed') {
      settle({ kind: 'crashed', reason: answer.reason, running: place });
    } else {
      if ((answer.memory ?? 0) > mostBytesKept) dropWorker();
      settle({ kind: 'inspected', inspection: answer.inspection, ...(answer.wanted && { wanted: answer.wanted }) });
    }
  }

  function next(): void {
    if (running) return;
    const job = waiting.shift();
    if (!job) return;
    running = job;
    if (state === 'ready') {
      post();
    } else {
      startClock(secondsToStart);
      if (state === 'none') begin();
    }
  }

  function supersede(key: string): void {
    for (let i = waiting.length - 1; i >= 0; i--) {
      if (waiting[i]!.key === key) waiting.splice(i, 1)[0]!.settle({ kind: 'superseded' });
    }
    if (running?.key !== key) return;
    running.settle({ kind: 'superseded' });
    if (state === 'ready') {
      // It may come to its end, a few milliseconds as a rule: killing the worker at once would cost the loading of tfjs.
      running = { ...running, settle: () => undefined };
      startClock(secondsToFinish);
    } else {
      running = null;
    }
  }

  return {
    inspect: (key, request, beside) =>
      new Promise((resolve) => {
        supersede(key);
        waiting.push({ id: ++lastId, key, request, beside, settle: resolve });
        next();
      }),
    dispose: () => {
      dropWorker();
      for (const job of [...(running ? [running] : []), ...waiting.splice(0)]) job.settle({ kind: 'superseded' });
      running = null;
    },
  };
}
