/** Inspects one document; tensors are loaded only for one that holds a loss. */
import type { FileInspection, InspectRequest } from '../inspection';
import { inspectDocument } from '../inspectDocument';
import { diskWorkspace } from '../worker/disk';
import type { DiskFolder } from '../worker/work';
import type { Workspace } from '../workspace';

export async function inspectFile(request: InspectRequest, folder?: DiskFolder): Promise<FileInspection> {
  const workspace = folder && diskWorkspace(folder);
  const light = inspectLossless(request, workspace);
  if (light !== null) return light;
  const { inspect } = await import('../inspect');
  return inspect(request, undefined, workspace);
}

/** The inspection of a document that holds no loss; null for one that does, or that fails to be read. */
export function inspectLossless(request: InspectRequest, workspace?: Workspace): FileInspection | null {
  const found: string[] = [];
  try {
    const light = inspectDocument(
      request,
      (_program, chosen) => {
        found.push(...chosen.map(({ site }) => site.name));
        return { losses: [], smoothingConstants: [] };
      },
      workspace,
    );
    return found.length === 0 ? light : null;
  } catch {
    return null;
  }
}
