/** The core's one door: text in, an Inspection out. Synchronous and pure, so that it can run in a worker. */
import { inspectDocument } from './inspectDocument';
import type { FileInspection, InspectRequest } from './inspection';
import { inspectSites } from './inspectSites';

/** Inspects the losses of one document. Never throws: what goes wrong is a problem with its place. */
export function inspect(request: InspectRequest): FileInspection {
  try {
    return inspectDocument(request, inspectSites);
  } catch (error) {
    const message = `Loss Inspector could not inspect this: ${error instanceof Error ? error.message : String(error)}`;
    return { file: request.file, losses: [], problems: [{ type: 'exception', message, range: null }] };
  }
}
