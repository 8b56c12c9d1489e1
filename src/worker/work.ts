/** What a host and its worker say to each other. */
import type { FileInspection, InspectRequest, Running } from '../inspection';

/** host → worker */
export interface Work {
  readonly id: number;
  readonly request: InspectRequest;
  /** Where the texts beside the document are, which a worker with a disk reads by itself. */
  readonly folder?: DiskFolder;
  /** The texts beside the document, where the host hands them over: null is no file; what is not among them is asked for. */
  readonly texts?: Texts;
}

/** By the paths from the workspace's root. */
export type Texts = Readonly<Record<string, string | null>>;

/** Under this name, which no file has, stands the list of the workspace's code: its paths, one a line. */
export const listing = '*';

export interface DiskFolder {
  /** Nothing outside of it is read. */
  readonly root: string;
  /** Files are named as seen from here. */
  readonly shownFrom: string;
}

/** worker → host. The worker says that it is ready once the interpreter is loaded, and of each loss that it now runs it: should it die, that is known. */
export type Answer =
  | { readonly type: 'ready' }
  | { readonly type: 'running'; readonly id: number; readonly running: Running }
  | {
      readonly type: 'inspected';
      readonly id: number;
      readonly inspection: FileInspection;
      /** Texts that were asked for and not there. Nothing was inspected where the program's own imports are among them. */
      readonly wanted?: readonly string[];
      /** Bytes that the worker's process holds by now, where it has one of its own. */
      readonly memory?: number;
    }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string };
