/** The findings as the person wants them: their own severities, without the rules that are off. Applied once, where an inspection enters the editor. */
import { withSettings } from '../findings/severities';
import type { FileInspection, Inspection } from '../inspection';
import { settings } from './settings';

/** What each judged inspection was made from: settings change, and what is off must come back. */
const asInspected = new WeakMap<Inspection, Inspection>();

/** The inspection under the settings as they are now; one that was judged before is judged anew. */
export function judged(inspection: Inspection): Inspection {
  const before = asInspected.get(inspection) ?? inspection;
  const after = { ...before, findings: withSettings(before.findings, settings.rules()) };
  asInspected.set(after, before);
  return after;
}

export function judgedFile(file: FileInspection): FileInspection {
  return { ...file, losses: file.losses.map(judged) };
}
