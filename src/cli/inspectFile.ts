/** Inspects one document; tensors are loaded only for one that holds a loss. */
import type { FileInspection, InspectRequest } from '../inspection';
import { inspectDocument } from '../inspectDocument';

export async function inspectFile(request: InspectRequest): Promise<FileInspection> {
  const light = inspectLossless(request);
  if (light !== null) return light;
  const { inspect } = await import('../inspect');
  return inspect(request);
}

/** The inspection of a document that holds no loss; null for one that does, or that fails to be read. */
export function inspectLossless(request: InspectRequest): FileInspection | null {
  const found: string[] = [];
  try {
    const light = inspectDocument(request, (_program, chosen) => {
      found.push(...chosen.map(({ site }) => site.name));
      return [];
    });
    return found.length === 0 ? light : null;
  } catch {
    return null;
  }
}
