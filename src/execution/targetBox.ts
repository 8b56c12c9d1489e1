/** A function that makes smoothed targets, seen as the loss that its targets give: −Σ q log softmax(logits). */
import { numberOf } from '../interpreter/value';
import type { LossSite } from '../detection/sites';
import type { Sample } from '../inspection';
import type { Matrix } from './bridge';
import { openLoss } from './openLoss';
import type { OpenLoss } from './openLoss';
import type { PrintedText, RecordedStep, Session } from './session';
import type { Box, BoxRun } from './runSite';
import { rowsOf } from './tensorData';

export class NotTargets extends Error {}

/** What came back has no classes left: one number, or one for each row, as of a loss. */
export class ReducedTargets extends NotTargets {}

export interface TargetBox {
  readonly open: OpenLoss;
  readonly box: Box;
  /** For a function that mixes targets: its λ's name, and the box at any λ. */
  readonly mixed: { readonly name: string; readonly box: (mixing: number) => Box } | null;
  /** The targets of the sample, with what the code did to make them. */
  readonly onSample: () => { readonly q: Matrix; readonly steps: readonly RecordedStep[]; readonly printed: readonly PrintedText[] };
  readonly notes: () => readonly string[];
}

export function targetBox(session: Session, site: LossSite, smoothing: number | null, sample: Sample): TargetBox {
  const open = openLoss(session, site);
  const targetsOf = (logits: Matrix, targets: readonly number[], mixing: number | null): Matrix => {
    const classes = logits[0]?.length ?? 0;
    const { result } = open.run({
      logits,
      targets,
      feed: 'logits',
      classes,
      smoothing,
      classWeights: null,
      ignoreIndex: sample.ignoreIndex ?? null,
      paddingIndex: sample.paddingIndex ?? null,
      mixing,
      reduction: null,
    });
    const read = session.bridge.read(result);
    if (!read && numberOf(result) !== null) throw new ReducedTargets('the function returned no targets but a number');
    if (!read) throw new NotTargets('the function returned no tensor');
    if (read.shape.length === 0 || (read.shape.length === 1 && read.shape[0] === targets.length))
      throw new ReducedTargets('the function returned no targets but a number, or one for each row');
    if (read.shape.length !== 2 || read.shape[0] !== targets.length || read.shape[1] !== classes)
      throw new NotTargets(
        `the function returned a tensor of shape [${read.shape.join(', ')}], where targets for ${targets.length} rows of ${classes} classes were expected`,
      );
    return rowsOf(read);
  };
  return {
    open,
    box: (logits, targets) => crossEntropy(logits, targetsOf(logits, targets, null)),
    mixed:
      open.mixingName === null
        ? null
        : { name: open.mixingName, box: (mixing) => (logits, targets) => crossEntropy(logits, targetsOf(logits, targets, mixing)) },
    onSample: () => {
      const { result, steps, printed } = session.recording(() => targetsOf(sample.logits, sample.targets, null));
      return { q: result, steps, printed };
    },
    notes: () => [...open.notes],
  };
}

/** Value of each row and gradient of their sum: Q·p − q, with Q = Σ q. */
function crossEntropy(logits: Matrix, q: Matrix): BoxRun {
  const rows = logits.map((row, i) => {
    const top = row.reduce((most, x) => Math.max(most, x), -Infinity);
    const logSum = top + Math.log(row.reduce((sum, z) => sum + Math.exp(z - top), 0));
    const mass = q[i]!.reduce((a, b) => a + b, 0);
    return {
      value: row.reduce((sum, z, k) => sum + q[i]![k]! * (logSum - z), 0),
      gradient: row.map((z, k) => mass * Math.exp(z - logSum) - q[i]![k]!),
    };
  });
  return { value: rows.map((row) => row.value), gradient: rows.map((row) => row.gradient) };
}
