import type { Answer, Work } from '../worker/work';

/** A worker that was started, whatever it runs on. */
export interface RunningWorker {
  post(work: Work): void;
  /** Ends it at once, even in the middle of an endless loop. */
  end(): void;
}

export interface WorkerEvents {
  answered(answer: Answer): void;
  /** It ended by itself: it crashed, or ran out of memory. */
  ended(reason: string): void;
}
