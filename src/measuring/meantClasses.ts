/** The number of classes at which a loss's targets are what they are on no other: its code holds that number, or shares of it. */
import { numbersInCode } from '../execution/likelyClasses';
import { classesInFile } from '../execution/siteDefaults';
import type { Measurement } from '../identification/measurement';
import { classesOfProgram, leavesClassesOpen, withClasses } from './classesOf';
import type { Task } from './measureSite';

/** More classes than these are not tried: vocabularies have some ten thousand. */
const mostClasses = 65_536;

/**
 * The task with the number of classes that its loss is meant for; null where any will do, or none is found. A fixed share of the other classes
 * (`0.9` and `0.005`, ε/(20 − 1)) makes a distribution on one number of classes only, and code that reads two columns makes one of two.
 */
export function meantFor(task: Task, measurement: Measurement | null, measureAt: (other: Task) => Measurement | null): Task | null {
  if (measurement === null || !leavesClassesOpen(task) || task.fileSample !== null || classesInFile(task.session, task.site) !== null)
    return null;
  const about = wouldSumToOne(measurement);
  if (about === null && !isNoDistribution(measurement)) return null;
  const inCode = numbersInCode(task.session, task.site);
  const near = (classes: number): boolean => about !== null && Math.abs(classes - about) <= 0.01 * about;
  // A small share is measured with an error that a large number of classes shows; the code may say it exactly.
  const said = inCode.flatMap(({ classes }) => [classes, classes + 1]).filter(near);
  const candidates = about === null ? [2] : [...new Set([...said, Math.round(about)])].slice(0, 4);
  for (const classes of candidates) {
    if (classes === measurement.classes || classes > mostClasses) continue;
    const range = inCode.find((one) => one.classes === classes)?.range ?? null;
    const there = withClasses(task, { classes, range });
    const again = measureAt(there);
    if (again !== null && isDistribution(again)) return there;
  }
  return null;
}

/**
 * The task on the program's number of classes alone, where its targets follow a rule there that they do not follow on others: the number then
 * reaches the loss by a way that a run on others does not change (a settings object, a constant).
 */
export function ofProgramAlone(task: Task, measurement: Measurement | null): Task | null {
  const { session, site, classes } = task;
  if (measurement === null || classes !== undefined || classesOfProgram(session, site) !== measurement.classes) return null;
  const { law, measuredAt } = measurement;
  if (law?.law.kind !== 'none' || measuredAt.length < 2 || !isDistribution(measurement)) return null;
  return { ...task, classes: { classes: measurement.classes, source: 'code', isOnly: true } };
}

/** Shares of so many classes that they are not run. */
export function noteOnMeantClasses(task: Task, measurement: Measurement | null): string | null {
  if (measurement === null || !leavesClassesOpen(task) || task.fileSample !== null) return null;
  const about = wouldSumToOne(measurement);
  if (about === null || about <= mostClasses) return null;
  return `Its targets would sum to one on about ${Number(about.toPrecision(3))} classes: it is run on ${measurement.classes}.`;
}

/** On how many classes the measured shares would sum to one. Two is no answer: ε for each of the others is a slip that they hide. */
function wouldSumToOne({ measured, shape, law, classes }: Measurement): number | null {
  if (!measured.affine || shape?.kind !== 'plain' || law?.law.kind !== 'none' || shape.zeroColumn !== null) return null;
  const [on, off] = [Number(measured.onValue), Number(measured.offValue)];
  if (!(off > 0) || Math.abs(on + (classes - 1) * off - 1) < 1e-4) return null;
  const meant = 1 + (1 - on) / off;
  return meant > 2.5 && Math.abs(meant - Math.round(meant)) < 1e-3 * meant ? meant : null;
}

/** What the loss takes for targets has shares below zero, in rows that are no one distribution. */
function isNoDistribution({ measured, shape, fit }: Measurement): boolean {
  if (!measured.affine || shape?.kind !== 'general' || fit === null) return false;
  const largest = Math.max(...fit.weights.flat().map(Math.abs));
  return fit.weights.some((row) => row.some((value) => value < -0.01 * largest));
}

function isDistribution({ measured, shape }: Measurement): boolean {
  // One class more or less would change the sum by a share.
  return measured.affine && shape?.kind === 'plain' && Math.abs(Number(measured.mass) - 1) < Math.min(1e-4, shape.off / 4);
}
