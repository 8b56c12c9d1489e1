/** The loss after its document was edited, open to be run: what is offered as an edit is tried first. */
import { smoothingConstantsOf } from '../detection/constants';
import { studyPrograms } from '../detection/losses';
import type { LossSite } from '../detection/sites';
import { sampleInFile } from '../execution/fileSample';
import { withSession } from '../execution/openSession';
import { siteTold } from '../execution/told';
import type { Edit } from '../findings/rule';
import type { InspectRequest } from '../inspection';
import { readDocument, surroundingsOf } from '../language/document';
import type { Task } from './measureSite';

/** Calls `body` with the loss of the same name and place after the edits; null when it is not there any more, no longer runs, or `body` throws. */
export function withEditedSite<T>({ found, site, request, classes }: Task, edits: readonly Edit[], body: (edited: Task) => T): T | null {
  const text = appliedEdits(request.text, edits);
  const { programs } = readDocument(text, request.file, request.format, surroundingsOf(found.program));
  const ofPrograms = studyPrograms(programs);
  const candidates = programs.map((program, index) => ({ program, studied: ofPrograms[index]! }));
  // Only what stands before the loss may move it.
  const moved = edits
    .filter(({ range }) => range.end <= site.range.start)
    .reduce((sum, { range, newText }) => sum + newText.length - (range.end - range.start), 0);
  const isSame = (other: LossSite) =>
    other.name === site.name && other.kind === site.kind && other.range.start === site.range.start + moved;
  const holder = candidates.find(({ studied }) => studied.some((other) => isSame(other.site)));
  const same = holder?.studied.find((other) => isSame(other.site));
  if (!holder || !same || holder.program.problems.length > found.program.problems.length) return null;
  const { program, studied } = holder;
  const edited = { program, studied, plain: [], constants: smoothingConstantsOf(program, studied), place: found.place };
  const again: InspectRequest = { ...request, text };
  try {
    return withSession(program, (session) => {
      const script = studied.find((other) => other.site.kind === 'script')?.site ?? null;
      const fileSample = sampleInFile(session, script);
      const loss = site.told === undefined ? same.site : siteTold(same.site, site.told);
      const task: Task = { found: edited, session: session.forSite(loss), site: loss, request: again, fileSample };
      // What it was before was measured on so many classes: on others it may be no loss at all.
      return body(classes === undefined ? task : { ...task, classes });
    });
  } catch {
    return null;
  }
}

/** The text after the edits. */
export function appliedEdits(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.range.start - a.range.start)
    .reduce((edited, { range, newText }) => edited.slice(0, range.start) + newText + edited.slice(range.end), text);
}
