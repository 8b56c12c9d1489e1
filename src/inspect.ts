/** The core's one door: text in, an Inspection out. Synchronous and pure, so that it can run in a worker. */
import { inspectDocument } from './inspectDocument';
import type { FileInspection, InspectRequest, Running } from './inspection';
import { inspectSites } from './inspectSites';
import { emptyWorkspace } from './workspace';
import type { Workspace } from './workspace';

/**
 * Inspects the losses of one document, with the texts beside it. Never throws: what goes wrong is a problem with its place.
 * @param watch is told what is about to run
 */
export function inspect(
  request: InspectRequest,
  watch: (running: Running) => void = () => undefined,
  workspace: Workspace = emptyWorkspace,
): FileInspection {
  try {
    return inspectDocument(request, (found, chosen) => inspectSites(found, chosen, request, watch), workspace);
  } catch (error) {
    const message = `Loss Inspector could not inspect this: ${error instanceof Error ? error.message : String(error)}`;
    return { file: request.file, losses: [], smoothingConstants: [], problems: [{ type: 'exception', message, range: null }] };
  }
}
