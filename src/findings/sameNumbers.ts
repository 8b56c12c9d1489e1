/** Whether two measured losses give the same numbers, to torch's own tolerance for float32. */
import { total, type BlackBox, type Probe } from '../identification/blackBox';
import type { Measurement } from '../identification/measurement';
import { agrees } from '../identification/precision';

const sameRuns = (left: Probe | undefined, right: Probe | undefined): boolean => {
  const numbers = (probe: Probe | undefined): readonly number[] =>
    probe === undefined ? [] : [total(probe.run), ...probe.run.gradient.flat()];
  const [mine, theirs] = [numbers(left), numbers(right)];
  return mine.length === theirs.length && mine.every((value, m) => agrees(value, theirs[m]!));
};

/** Value and gradient on the sample. */
export function sameNumbers(before: Measurement, after: Measurement): boolean {
  return sameRuns(before.probes[0], after.probes[0]);
}

/** The same of a loss that was not measured yet. */
export function sameOnSample({ probes: [sample] }: Measurement, run: BlackBox | null): boolean {
  if (sample === undefined || run === null) return false;
  const { logits, targets } = sample;
  try {
    return sameRuns(sample, { logits, targets, run: run(logits, targets) });
  } catch {
    return false;
  }
}

/** Value and gradient on every batch that the measurement ran, those of large logits too. */
export function sameOnEveryRun(before: Measurement, after: Measurement): boolean {
  const runsOf = ({ probes, far }: Measurement): readonly Probe[] => [
    ...probes,
    ...(far === null || far.kind === 'failed' ? [] : [far.probe]),
  ];
  const [mine, theirs] = [runsOf(before), runsOf(after)];
  return mine.length === theirs.length && mine.every((probe, i) => sameInputs(probe, theirs[i]!) && sameRuns(probe, theirs[i]));
}

function sameInputs(left: Probe, right: Probe): boolean {
  return (
    left.targets.join() === right.targets.join() &&
    left.logits.length === right.logits.length &&
    left.logits.every((row, i) => row.length === right.logits[i]!.length && row.every((z, k) => z === right.logits[i]![k]))
  );
}
