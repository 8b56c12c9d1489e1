/** What a loss makes of targets that its caller hands it as distributions. One-hot ones, which it is measured on, do not show it. */
import { isFiniteRun, sum, total, type LossRun } from './blackBox';
import type { MeasureRequest } from './measure';
import { chainError } from './precision';
import type { Batch } from './read';
import { entropyOf, logSoftmax } from './softmax';

/** −Σ q log p; that minus the entropy of q; something else. */
export type GivenTargets = 'crossEntropy' | 'divergence' | 'other';

/** One run with softened targets, held against what the measured rows say of it: each row's share, and how it was put together. */
export function givenTargets({ softened }: MeasureRequest, { probes, fit }: Batch): GivenTargets | null {
  const loss = softened?.run() ?? null;
  const [first] = probes;
  if (softened === undefined || loss === null || first === undefined) return null;
  let run: LossRun;
  try {
    run = loss(first.logits, first.targets);
  } catch {
    return null;
  }
  if (!isFiniteRun(run)) return null;
  const { share } = softened;
  const rows = first.targets.map((target, i) => {
    const own = fit.weights[i]![target] ?? 0;
    const q = first.logits[i]!.map((_, k) => (k === target ? 1 - share : k === (target + 1) % fit.classes ? share : 0));
    const logP = logSoftmax(first.logits[i]!);
    return { crossEntropy: -own * sum(q.map((value, k) => (value === 0 ? 0 : value * logP[k]!))), entropy: own * entropyOf(q) };
  });
  const crossEntropy = sum(rows.map((row) => row.crossEntropy)) + fit.offset;
  const divergence = crossEntropy - sum(rows.map((row) => row.entropy));
  const value = total(run);
  const slack = fit.offsetError + 16 * chainError * Math.abs(crossEntropy);
  if (Math.abs(value - crossEntropy) <= slack) return 'crossEntropy';
  return Math.abs(value - divergence) <= slack ? 'divergence' : 'other';
}
