/** A divisor that counts the rows that are left out, in place of those that are kept. */
import { isFiniteRun } from '../identification/blackBox';
import type { BlackBox } from '../identification/blackBox';
import { probeLogits } from '../identification/probes';
import { comparedTargets } from './ignoredTargets';
import type { Rule, Subject } from './rule';

export const dividesByLeftOut: Rule = {
  id: 'divides-by-ignored',
  severity: 'error',
  title: 'Divides by the number of ignored rows',
  look(subject) {
    const { measurement, site } = subject;
    if (measurement === null || !candidates(subject).some(([run, target]) => followsLeftOut(run, target, measurement.classes))) return [];
    const message = `It divides by the number of rows that it leaves out, and not by the number of rows that it keeps: where none is left out the loss is not finite, and with ${rows - 1} kept and 1 left out it and its gradient are ${rows - 1} times those of the mean. Divide by the number of rows that are kept.`;
    return [{ range: site.nameRange, message }];
  },
};

/** Targets that may be left out: what a parameter says is ignored, what the code compares its targets with; the loss told to ignore class 0. */
function candidates(subject: Subject): readonly (readonly [BlackBox, number])[] {
  const { run, sample, parameters, given, numberAt, variant } = subject;
  if (run === null) return [];
  const named = parameters.filter(({ role }) => role === 'ignoreIndex' || role === 'padding');
  const said = named.flatMap(({ name, defaultValue }) => given?.(name) ?? (defaultValue === null ? [] : (numberAt(defaultValue) ?? [])));
  const ofSample = [sample?.ignoreIndex, sample?.paddingIndex].filter((target) => target !== undefined);
  const targets = [...new Set([...ofSample, ...said, ...comparedTargets(subject)])].slice(0, 4);
  const toldZero = named.some(({ role }) => role === 'ignoreIndex') ? (variant?.({ ignoreIndex: 0 }) ?? null) : null;
  return [...targets.map((target) => [run, target] as const), ...(toldZero === null ? [] : [[toldZero, 0] as const])];
}

const rows = 6;

/** With one, two and three rows left out, the gradient of a row that is kept goes as 1, 1/2, 1/3; with none it is not finite. */
function followsLeftOut(run: BlackBox, target: number, classes: number): boolean {
  const kept = [0, 1, 2, 3, 4].map((one) => one % classes).find((one) => one !== target)!;
  const logits = probeLogits(rows, classes, 0);
  const gradientWith = (left: number): readonly number[] | null => {
    const targets = Array.from({ length: rows }, (_, row) => (row < rows - left ? kept : target));
    const ran = run(logits, targets);
    return isFiniteRun(ran) ? ran.gradient[0]! : null;
  };
  try {
    if (gradientWith(0) !== null) return false;
    const [one, two, three] = [1, 2, 3].map(gradientWith);
    if (!one || !two || !three || one.every((value) => value === 0)) return false;
    const follows = (other: readonly number[], share: number): boolean =>
      other.every((value, k) => Math.abs(value * share - one[k]!) <= 1e-5 + 1e-4 * Math.abs(one[k]!));
    return follows(two, 2) && follows(three, 3);
  } catch {
    return false;
  }
}
