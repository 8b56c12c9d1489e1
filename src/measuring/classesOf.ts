/** The number of classes that a loss is run with, and where it comes from. */
import type { MeantForOthers } from '../execution/likelyClasses';
import { classesInFile, defaultClasses } from '../execution/siteDefaults';
import type { SourceRange } from '../inspection';
import type { Task } from './measureSite';

export interface ChosenClasses {
  readonly classes: number;
  /**
   * 'asked' for, by a request or with the tensors of a sample; said by the 'code'; 'tried': the number at which the code runs, or at which its
   * targets are what they are on no other; 'assumed': any would do.
   */
  readonly source: 'asked' | 'code' | 'tried' | 'assumed';
  /** Where the code says it. */
  readonly range?: SourceRange;
}

/** Whether neither a request nor a sample of the person's says how many classes there are. */
export const leavesClassesOpen = ({ request, classes }: Task): boolean =>
  request.classes === undefined && request.sample === undefined && classes === undefined;

export function withClasses(task: Task, { classes, range }: Pick<MeantForOthers, 'classes' | 'range'>): Task {
  const chosen: ChosenClasses = range === null ? { classes, source: 'tried' } : { classes, source: 'code', range: task.found.place(range) };
  return { ...task, classes: chosen };
}

/** The number of classes of a task, as it stands. */
export function classesOf(task: Task): ChosenClasses {
  const { request, fileSample, session, site, classes } = task;
  if (classes !== undefined) return classes;
  const asked = request.sample?.logits[0]?.length ?? request.classes;
  if (asked !== undefined) return { classes: asked, source: 'asked' };
  if (fileSample !== null)
    return { classes: fileSample.sample.logits[0]!.length, source: 'code', range: task.found.place(fileSample.range) };
  const used = defaultClasses(session, site);
  return { classes: used, source: classesInFile(session, site) === used ? 'code' : 'assumed' };
}
