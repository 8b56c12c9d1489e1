/** Changes of the code that are offered for the loss as a whole; each was made on the text and measured before it is offered. */
import { isReachedByName } from '../detection/siteNames';
import { convertSmoothing } from './convertSmoothing';
import type { Feed } from '../execution/bridge';
import type { ChosenSmoothing } from '../execution/chooseSmoothing';
import type { Measurement } from '../identification/measurement';
import type { Rewrite, Translation, UsedSample } from '../inspection';
import type { Task } from '../measuring/measureSite';
import { rewriteByBuiltin } from './rewriteByBuiltin';

export interface Rewritable {
  readonly measurement: Measurement | null;
  readonly sample: UsedSample;
  readonly feed: Feed;
  readonly smoothing: ChosenSmoothing;
  /** One run takes so long that trying a rewrite would keep the reader waiting. */
  readonly isSlow: boolean;
  /** torch's built-in for the same loss, or why there is none; null where that was not looked for. */
  readonly builtin: Translation | null;
}

/** None for a brief inspection, for a loss that could not be measured, and where the program's text is not the document's own. */
export function rewrites(task: Task, { measurement, sample, feed, smoothing, isSlow, builtin }: Rewritable): readonly Rewrite[] {
  if (task.request.brief === true || measurement === null || builtin === null || !isOwnText(task)) return [];
  // What stands inside something else depends on that: it is not made anew by itself.
  if (isSlow || !(task.site.kind === 'call' || isReachedByName(task.site))) return [];
  const of = { measurement, sample, feed, smoothing: smoothing.value, passedSmoothing: smoothing.passed, builtin };
  return [...guarded(task, () => rewriteByBuiltin(task, of)), ...guarded(task, () => convertSmoothing(task, measurement))];
}

/** A notebook's offsets are not its program's; in a dump or Markdown the loss's own lines must stand there as they were read. */
function isOwnText({ found: { program }, site: { range }, request: { text } }: Task): boolean {
  return program.locate === undefined && text.slice(range.start, range.end) === program.text.slice(range.start, range.end);
}

function guarded({ session, site, found }: Task, rewrite: () => readonly Rewrite[]): readonly Rewrite[] {
  try {
    return rewrite();
  } catch (error) {
    const reason = `It could not be tried: ${session.problemOf(error).message}`;
    return [{ kind: 'refused', title: 'Rewrite', range: found.place(site.nameRange), reason }];
  }
}
