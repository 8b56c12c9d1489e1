import type { Answer, Work } from './work';

/** A worker that was started, whatever it runs on. */
export interface RunningWorker {
  post(work: Work): void;
  /** Ends it at once, even in the middle of an endless loop. */
  end(): void;
}

/** Why a worker ended by itself. */
export type End = { readonly kind: 'outOfMemory'; readonly megabytes: number } | { readonly kind: 'crashed'; readonly reason: string };

export interface WorkerEvents {
  answered(answer: Answer): void;
  ended(end: End): void;
}
