/** Hands a run loss to the rules, and lets them try their fixes. */
import { smoothingConstantsOf } from './detection/constants';
import { studyLosses } from './detection/losses';
import type { LossSite } from './detection/sites';
import { withSession } from './execution/openSession';
import type { Box, RunnableSite } from './execution/runSite';
import type { Feed, Matrix } from './execution/bridge';
import { sampleInFile } from './execution/fileSample';
import { findingsFor } from './findings/findings';
import type { Edit, Subject } from './findings/rule';
import type { Measurement } from './identification/measurement';
import type { Finding, Sample } from './inspection';
import { readDocument } from './language/document';
import { measured, prepareLoss } from './measureSite';
import type { Task } from './measureSite';

export interface Measuring {
  readonly measurement: Measurement | null;
  readonly smoothing: number | null;
  readonly sample: Sample | null;
  readonly feed: Feed;
  readonly box: Box | null;
  /** Where the loss can be made with other settings. */
  readonly loss?: RunnableSite;
  readonly targets?: Matrix | null;
}

export function findings(task: Task, { measurement, smoothing, sample, feed, box, loss, targets }: Measuring): readonly Finding[] {
  const { site, found } = task;
  const subject: Subject = {
    site,
    measurement,
    smoothing,
    sample,
    feed,
    constants: found.constants.filter((c) => c.site === site.name),
    run: box,
    ...(loss ? { variant: (settings) => loss.variant(settings, feed) } : {}),
    ...(targets === undefined ? {} : { targets }),
  };
  const { place } = found;
  // A fix is tried on the text; the text of a notebook is not the document's own, so its fixes are not.
  const canEdit = found.program.locate === undefined && site.kind !== 'script';
  const measureAgain = (edits: readonly Edit[]) => measureEdited(task, edits);
  return findingsFor(subject, { place, ...(canEdit ? { measureAgain } : {}) });
}

/** The loss of the same name after the edits, measured as before; null when it no longer runs. */
function measureEdited({ found, site, request }: Task, edits: readonly Edit[]): Measurement | null {
  const text = applied(request.text, edits);
  const candidates = readDocument(text, request.file, request.format).programs.map((program) => ({
    program,
    studied: studyLosses(program),
  }));
  const isSame = (other: LossSite) => other.name === site.name && other.kind === site.kind && other.range.start === site.range.start;
  const holder = candidates.find(({ studied }) => studied.some((other) => isSame(other.site)));
  const same = holder?.studied.find((other) => isSame(other.site));
  if (!holder || !same || holder.program.problems.length > found.program.problems.length) return null;
  const { program, studied } = holder;
  const edited = { program, studied, constants: smoothingConstantsOf(program, studied), place: found.place };
  try {
    return withSession(program, (session) => {
      const script = studied.find((other) => other.site.kind === 'script')?.site ?? null;
      const task: Task = {
        found: edited,
        session: session.forSite(same.site),
        site: same.site,
        request,
        fileSample: sampleInFile(session, script),
      };
      const { smoothing, sample, loss, fed } = prepareLoss(task);
      return measured(task, smoothing, sample, loss.box(fed.feed)).measurement;
    });
  } catch {
    return null;
  }
}

function applied(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.range.start - a.range.start)
    .reduce((edited, { range, newText }) => edited.slice(0, range.start) + newText + edited.slice(range.end), text);
}
