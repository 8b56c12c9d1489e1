/** Whether a loss keeps to the model fitted on ordinary logits where the logits are large: a clipped probability, say, shows only there. */
import { isFiniteRun, sum, total, type BlackBox, type LossRun, type Probe } from './blackBox';
import type { AffineFit } from './fit';
import { chainError } from './precision';
import { farLogits } from './probes';
import { logSoftmax } from './softmax';

export type FarBehaviour =
  | { readonly kind: 'follows'; readonly probe: Probe }
  /** Its value there, and that of the model. */
  | { readonly kind: 'departs'; readonly probe: Probe; readonly value: number; readonly expected: number }
  /** It has no such model; how it behaves there is for comparisons. */
  | { readonly kind: 'unmodelled'; readonly probe: Probe }
  | { readonly kind: 'failed'; readonly message: string };

export function farBehaviour(loss: BlackBox, fit: AffineFit, isModelled: boolean): FarBehaviour {
  const { targets, classes } = fit;
  const logits = farLogits(targets, classes);
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
  if (!isFiniteRun(run)) return { kind: 'departs', probe, value, expected };
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
  return valueFollows && gradientFollows ? { kind: 'follows', probe } : { kind: 'departs', probe, value, expected };
}
