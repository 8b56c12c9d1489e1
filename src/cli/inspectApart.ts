/** Inspects in a process of its own. A file that ends it is said to, at its place, and the next one gets a new process. */
import type { FileInspection, InspectRequest, Problem, Running } from '../inspection';
import { inspectFile } from './inspectFile';
import { createInspector } from '../worker/inspector';
import type { Outcome } from '../worker/inspector';
import type { RunningWorker, WorkerEvents } from '../worker/running';
import type { DiskFolder } from '../worker/work';

export type StartWorker = (events: WorkerEvents) => Promise<RunningWorker>;

export interface Apart {
  inspect(request: InspectRequest, folder?: DiskFolder): Promise<FileInspection>;
  end(): void;
}

/** Inspects in this process. */
export const inHere: Apart = { inspect: inspectFile, end: () => undefined };

/** Of one file: its losses have budgets of their own, which end long before. */
const secondsPerFile = 60;

export function createApart(start: StartWorker): Apart {
  const inspector = createInspector(start, () => secondsPerFile);
  let asked = 0;
  return {
    inspect: async (request, folder) => {
      // A key of its own for each: none takes the place of another.
      const outcome = await inspector.inspect(String(asked++), request, folder && { folder });
      return outcome.kind === 'inspected'
        ? outcome.inspection
        : { file: request.file, losses: [], smoothingConstants: [], problems: outcome.kind === 'superseded' ? [] : [problemOf(outcome)] };
    },
    end: () => {
      inspector.dispose();
    },
  };
}

function problemOf(outcome: Exclude<Outcome, { kind: 'inspected' | 'superseded' }>): Problem {
  const { running } = outcome;
  const place = running === null ? '' : ` while running ${placeOf(running)}`;
  return { type: 'budget', message: `${reasonOf(outcome)}${place}`, range: running?.range ?? null };
}

const placeOf = ({ name, range }: Running): string => (name === null ? 'the code of the module' : `${name}, line ${range.line}`);

function reasonOf(outcome: Exclude<Outcome, { kind: 'inspected' | 'superseded' }>): string {
  switch (outcome.kind) {
    case 'outOfTime':
      return `the inspection was stopped after ${outcome.seconds} seconds`;
    case 'outOfMemory':
      return `the inspection needed more than ${outcome.megabytes} MB of memory and was stopped`;
    case 'crashed':
      return `the process of the inspection ended${outcome.reason === '' ? '' : ` (${outcome.reason})`}`;
  }
}
