/** The number of classes that a loss is run with, and where it comes from. */
import type { MeantForOthers } from '../execution/likelyClasses';
import { classesInFile, defaultClasses } from '../execution/siteDefaults';
import type { LossSite } from '../detection/sites';
import type { Session } from '../execution/session';
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
  /** The loss is what it is on no other number of classes: it is not measured on others. */
  readonly isOnly?: true;
}

/** Whether neither a request nor a sample of the person's says how many classes there are. */
export const leavesClassesOpen = ({ request, session, site, classes }: Task): boolean =>
  request.classes === undefined && request.sample === undefined && classes === undefined && classesOfProgram(session, site) === undefined;

/** More classes than this are too many to run: the loss is then run on `classesOfMore` of them. Vocabularies have up to some hundred thousand. */
const mostClasses = 160_000;
const classesOfMore = 1_024;

/** As many classes as the program's tensors have. */
export function classesOfProgram(session: Session, site: LossSite): number | undefined {
  const { classes } = session.useOf(site);
  return classes === null ? undefined : classes.value > mostClasses ? classesOfMore : classes.value;
}

export function withClasses(task: Task, { classes, range }: Pick<MeantForOthers, 'classes' | 'range'>): Task {
  const chosen: ChosenClasses =
    range === null ? { classes, source: 'tried', isOnly: true } : { classes, source: 'code', range: task.found.place(range), isOnly: true };
  return { ...task, classes: chosen };
}

/** The number of classes of a task, as it stands. */
export function classesOf(task: Task): ChosenClasses {
  const { request, fileSample, session, site, classes } = task;
  if (classes !== undefined) return classes;
  const asked = request.sample?.logits[0]?.length ?? request.classes;
  if (asked !== undefined) return { classes: asked, source: 'asked' };
  const ofProgram = classesOfProgram(session, site);
  if (ofProgram !== undefined) return { classes: ofProgram, source: isSaid(session, site, ofProgram) ? 'code' : 'assumed' };
  if (fileSample !== null)
    return { classes: fileSample.sample.logits[0]!.length, source: 'code', range: task.found.place(fileSample.range) };
  const used = defaultClasses(session, site);
  return { classes: used, source: classesInFile(session, site) === used ? 'code' : 'assumed' };
}

/** Whether the program says it, and it is not only taken for that by an argument's name. */
function isSaid(session: Session, site: LossSite, count: number): boolean {
  const { classes } = session.useOf(site);
  return classes?.value === count && !classes.way.some(({ isSupposed }) => isSupposed);
}

/** What is to be said of a number of classes that was settled by running. */
export function noteOnClasses({ classes }: Task): string | null {
  if (!classes?.isOnly) return null;
  const where = classes.range === undefined ? '' : ` (line ${classes.range.line})`;
  return `Run on K = ${classes.classes} classes${where}: it is meant for that number, and is another loss, or none, on others.`;
}
