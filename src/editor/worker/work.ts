/** What the extension host and its worker say to each other. */
import type { FileInspection, InspectRequest } from '../../inspection';

/** host → worker */
export interface Work {
  readonly id: number;
  readonly request: InspectRequest;
}

/** worker → host. The worker says that it is ready once the interpreter is loaded. */
export type Answer =
  | { readonly type: 'ready' }
  | { readonly type: 'inspected'; readonly id: number; readonly inspection: FileInspection }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string };
