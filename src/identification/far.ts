/**
 * Whether a loss keeps to the model fitted on ordinary logits elsewhere: where they are large a clipped probability shows, near its floor a loss
 * that is kept from getting there.
 */
import { greatest } from './extremes';
import { isFiniteRun, sum, total, type BlackBox, type LossRun, type Matrix, type Probe } from './blackBox';
import type { AffineFit } from './fit';
import { chainError } from './precision';
import { farLogits } from './probes';
import { logSoftmax } from './softmax';

export type FarBehaviour =
  | { readonly kind: 'follows'; readonly probe: Probe }
  /** Its value there, and that of the model. */
  | {
      readonly kind: 'departs';
      /** On large logits, or on those at which the loss is nearly as small as it can be. */
      readonly where: 'large' | 'floor';
      readonly probe: Probe;
      readonly value: number;
      readonly expected: number;
    }
  /** It has no such model; how it behaves there is for comparisons. */
  | { readonly kind: 'unmodelled'; readonly probe: Probe }
  | { readonly kind: 'failed'; readonly message: string };

export function farBehaviour(loss: BlackBox, fit: AffineFit, isModelled: boolean): FarBehaviour {
  const { targets, classes } = fit;
  const large = behaviourOn(farLogits(targets, classes), 'large', loss, fit, isModelled);
  if (large.kind !== 'follows') return large;
  const nearFloor = floorLogits(fit);
  if (nearFloor === null) return large;
  const floor = behaviourOn(nearFloor, 'floor', loss, fit, isModelled);
  return floor.kind === 'departs' ? floor : large;
}

/** Logits of a prediction that is nearly the targets themselves; null where no prediction can be. */
function floorLogits({ weights, targets, classes }: AffineFit): Matrix | null {
  const farthestBelow = 12;
  if (weights.some((row, i) => !(targets[i]! >= 0 && targets[i]! < classes && row[targets[i]!]! >= 0))) return null;
  return weights.map((row) => {
    const top = greatest(row);
    return row.map((a) => {
      const log = top > 0 && a > 0 ? Math.log(a / top) : top > 0 ? -Infinity : 0;
      // Multiples of 1/8, so that float32 holds them exactly; the floor itself has no gradient to look at.
      return Math.max(-farthestBelow, Math.round(8 * 0.8 * log) / 8);
    });
  });
}

function behaviourOn(logits: Matrix, where: 'large' | 'floor', loss: BlackBox, fit: AffineFit, isModelled: boolean): FarBehaviour {
  const { targets } = fit;
  let run: LossRun;
  try {
    run = loss(logits, targets);
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : 'it could not be run' };
  }
  const probe: Probe = { logits, targets, run };
  if (!isModelled) return { kind: 'unmodelled', probe };
  const logP = logits.map(logSoftmax);
  const terms = fit.weights.map((row, i) => sum(row.map((a, k) => -a * logP[i]![k]!)));
  const expected = sum(terms) + fit.offset;
  const value = total(run);
  if (!isFiniteRun(run)) return { kind: 'departs', where, probe, value, expected };
  // The model's own error grows with −log p, which multiplies it.
  const modelError = sum(fit.errors.map((row, i) => sum(row.map((error, k) => -error * logP[i]![k]!))));
  const valueError = modelError + fit.offsetError + 8 * chainError * (Math.abs(value) + sum(terms.map(Math.abs)));
  const valueFollows = Math.abs(value - expected) <= valueError;
  const gradientFollows = run.gradient.every((row, i) =>
    row.every((g, k) => {
      const model = fit.slopes[i]! * Math.exp(logP[i]![k]!) - fit.weights[i]![k]!;
      return Math.abs(g - model) <= fit.tolerance + fit.errors[i]![k]!;
    }),
  );
  return valueFollows && gradientFollows ? { kind: 'follows', probe } : { kind: 'departs', where, probe, value, expected };
}
