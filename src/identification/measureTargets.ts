/** Measures code that makes smoothed targets rather than a loss: its output is the distribution itself. */
import type { Matrix } from './blackBox';
import type { AffineFit } from './fit';
import { findLaw } from './law';
import type { Measurement } from './measurement';
import { unitRoundoff } from './precision';
import { coveringTargets } from './probes';
import { observationOf, read, type Batch } from './read';
import { targetShape } from './targetShape';
import { coreOfVerdict } from './verdict';

export interface MeasureTargetsRequest {
  readonly targets: readonly number[];
  readonly classes: number;
  readonly smoothing: number | null;
}

/** N targets and K to N×K smoothed targets. May throw. */
export type TargetMaker = (targets: readonly number[], classes: number) => Matrix;

/** Throws only what making the targets asked for throws. */
export function measureTargets(make: TargetMaker, { targets, classes, smoothing }: MeasureTargetsRequest): Measurement {
  const batchOf = (y: readonly number[], count: number): Batch => {
    const made = make(y, count);
    if (made.length !== y.length || made.some((row) => row.length !== count)) {
      throw new Error(`expected ${y.length}×${count} targets, got ${made.length}×${made[0]?.length ?? 0}`);
    }
    return batchFrom(y, count, made);
  };
  const attempt = (y: readonly number[], count: number): Batch | null => {
    try {
      return batchOf(y, count);
    } catch {
      return null;
    }
  };
  const sample = batchOf(targets, classes);
  const main = attempt(coveringTargets(classes, targets.slice(0, 4)), classes) ?? sample;
  const otherClasses = classes > 8 ? 5 : classes + 3;
  const other = attempt(coveringTargets(otherClasses, []), otherClasses);
  const shapeOf = ({ fit }: Batch): ReturnType<typeof targetShape> =>
    targetShape({ targets: fit.targets, q: fit.weights, errors: fit.errors }, null);
  const shape = shapeOf(main);
  const observations = [main, other].flatMap((batch) => (batch === null ? [] : [observationOf(shapeOf(batch), batch.fit.classes)]));
  const known = observations.filter((observation) => observation !== null);
  const measurement = read({
    smoothing,
    classWeights: null,
    probes: sample.probes,
    sample,
    main,
    shape,
    law: observations[0] ? findLaw(known, smoothing) : null,
    divisor: 'one',
    affine: true,
    family: null,
    crossRow: null,
    ignored: null,
    deterministic: true,
    classes,
    measuredAt: other === null ? [classes] : [classes, otherClasses],
  });
  const { measured } = measurement;
  return { ...measurement, measured: { ...measured, verdict: `Makes smoothed targets: ${coreOfVerdict(measured, measurement)}.` } };
}

/** The distribution as a fit that was made without error: rows of float32 numbers. */
function batchFrom(targets: readonly number[], classes: number, q: Matrix): Batch {
  const fit: AffineFit = {
    targets,
    classes,
    weights: q,
    errors: q.map((row) => row.map((value) => 4 * unitRoundoff * Math.max(Math.abs(value), 1e-3))),
    slopes: q.map((row) => row.reduce((left, right) => left + right, 0)),
    offset: 0,
    offsetError: 0,
    rowOffsets: null,
    residual: 0,
    tolerance: 0,
    worst: { row: 0, column: 0 },
    normalised: true,
    gradientFits: true,
    valueFits: true,
    valueResidual: 0,
  };
  const zeros = q.map((row) => row.map(() => 0));
  return { fit, probes: [{ logits: zeros, targets, run: { value: targets.map(() => 0), gradient: zeros } }] };
}
