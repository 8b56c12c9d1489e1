/** Losses that hold a row against the label of the next one, as a language model's does with its tokens. */
import type { BlackBox, Matrix } from './blackBox';
import type { MeasureRequest } from './measure';
import type { Measurement } from './measurement';
import { isZeroRow } from './reduction';
import { targetShape } from './targetShape';

/** Whether every row but the last has the targets of the next row's label, where it has none of its own label's. */
export function followsNextRow({ measured, shape, fit }: Measurement): boolean {
  if (!measured.affine || shape?.kind !== 'general' || fit === null) return false;
  const last = fit.targets.length - 1;
  if (last < 2 || !isZeroRow(fit, last)) return false;
  const without = (matrix: Matrix): Matrix => matrix.slice(0, last);
  const moved = targetShape({ targets: fit.targets.slice(1), q: without(fit.weights), errors: without(fit.errors) }, null);
  return moved.kind === 'plain' && moved.on > moved.off;
}

/** The same loss of rows that stand beside their own labels: a row without a label is put after the last, and a label without a row before the first. */
export function besideItsLabel(loss: BlackBox): BlackBox {
  return (logits, targets) => {
    const { value, gradient } = loss([...logits, logits[0]!.map(() => 0)], [targets[0]!, ...targets]);
    return { value, gradient: gradient.slice(0, -1) };
  };
}

/** The sample's rows beside the labels they are held against: the last row and the first label have no part in the loss. */
export function sampleBesideLabels(request: MeasureRequest): MeasureRequest {
  return { ...request, logits: request.logits.slice(0, -1), targets: request.targets.slice(1) };
}
