/** Labels that the program fills up with a number that the loss does not leave out. */
import { ofTarget } from './ignoredTargets';
import type { Found, Rule, Subject } from './rule';

export const filledLabel: Rule = {
  id: 'filled-label',
  severity: 'warning',
  title: 'Labels are filled with a number that the loss does not ignore',
  look(subject) {
    const { filledTargets = [], site } = subject;
    const values = [...new Set(filledTargets.map(({ value }) => value))];
    return values
      .filter((value) => isNoClass(value, subject))
      .flatMap((value): readonly Found[] => {
        const effect = effectOf(value, subject);
        if (effect === null) return [];
        const { where } = filledTargets.find((one) => one.value === value)!;
        const place = where === null ? '' : ` (${where})`;
        const message = `The labels that the program gives it are filled up with ${value}${place}, and this loss does not ignore ${value}: ${effect} Tell it to ignore ${value}${site.framework === 'torch' && site.kind === 'call' ? ` (ignore_index=${value})` : ''}, or fill with what it ignores.`;
        return [{ range: site.nameRange, message }];
      });
  },
};

/** A number that may be a class says nothing: labels are filled with classes too. */
function isNoClass(value: number, { classesOfProgram, takesDistributions }: Subject): boolean {
  if (!Number.isInteger(value) || takesDistributions === true) return false;
  return value < 0 || (classesOfProgram !== null && value >= classesOfProgram);
}

/** Measured: what a row of it does. Null where it is left out, or that is not known. */
function effectOf(value: number, subject: Subject): string | null {
  const { measurement } = subject;
  if (measurement === null || !measurement.measured.affine) return null;
  const row = ofTarget(value, subject);
  if (row === null) return null;
  if (row.failure !== null) return isOfIndex.test(row.failure.message) ? `such a row stops it with “${row.failure.message}”.` : null;
  return row.rows === null || row.rows.zeroed ? null : 'such a row gets a gradient as any other.';
}

const isOfIndex = /index|indices|out of (range|bounds)/i;
