/** Classes that a loss treats otherwise than the rest, where there are too many to make each a target of every probe. */
import { greatest } from './extremes';
import { largest, sum, type LossRun, type Matrix } from './blackBox';
import type { AffineFit } from './fit';
import { fewClasses, probeLogits } from './probes';
import { softmax } from './softmax';
import { targetShape } from './targetShape';

/** Numbers in one run: one row for every class up to 256 of them. */
const size = 65536;

/**
 * One run with as many classes as targets as can be afforded, held against the on and off values that were measured on a few. The targets
 * whose rows do not follow; none where the few were not alike themselves.
 */
export function oddClasses(fit: AffineFit, run: (logits: Matrix, targets: readonly number[]) => LossRun | null): readonly number[] {
  const { classes } = fit;
  if (classes <= fewClasses || !fit.gradientFits) return [];
  const shape = targetShape({ targets: fit.targets, q: fit.weights, errors: fit.errors }, null);
  if (shape.kind !== 'plain') return [];
  const count = Math.min(classes, Math.floor(size / classes));
  const targets = Array.from({ length: count }, (_, row) => Math.floor((row * classes) / count));
  const logits = probeLogits(count, classes, 0);
  const gradient = run(logits, targets)?.gradient;
  if (gradient?.length !== count) return [];
  const zeroTargets = new Set(fit.targets.filter((_, row) => shape.zeroRows[row]!));
  const model = targets.map((target, i) => {
    const q = Array.from({ length: classes }, (_, k) => (k === target ? shape.on : k === shape.zeroColumn ? 0 : shape.off));
    const mass = sum(q);
    const isZero = zeroTargets.has(target) || target === shape.zeroColumn;
    return softmax(logits[i]!).map((p, k) => (isZero ? 0 : mass * p - q[k]!));
  });
  const shares = model.map((row, i) => sum(row.map((value, k) => value * gradient[i]![k]!)) / sum(row.map((value) => value * value)));
  const counted = shares.filter(Number.isFinite).toSorted((left, right) => left - right);
  const share = counted[Math.floor(counted.length / 2)] ?? 0;
  const scale = Math.abs(share) * greatest(model.map(largest));
  return targets.filter((_, i) => {
    const deviation = largest(model[i]!.map((value, k) => share * value - gradient[i]![k]!));
    return !(deviation <= 4 * (fit.tolerance / Math.max(largest(fit.weights.flat()), Number.MIN_VALUE)) * scale);
  });
}
