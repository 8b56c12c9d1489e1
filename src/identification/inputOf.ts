/** What a loss wants to be given, found by running it. */
import { total, type BlackBox, type LossRun, type Matrix } from './blackBox';
import { chainError } from './precision';
import { coveringTargets, probeLogits } from './probes';
import { softmax } from './softmax';

/**
 * 'logits': adding a constant to a row changes nothing, the loss normalises by itself; 'scores': each class stands for itself, as in a
 * binary loss; 'logProbabilities': linear in its input, as NLLLoss and KLDivLoss are; 'probabilities': it takes their logarithm itself.
 */
export type LossInput = 'logits' | 'scores' | 'logProbabilities' | 'probabilities' | 'unknown';

/**
 * Three runs of the loss on its own input, not wrapped in any log-softmax; `loss`'s gradient is then with respect to that input. A loss
 * that cannot be run at all is 'unknown'.
 */
export function inputOf(loss: BlackBox, classes: number, targets: readonly number[] = coveringTargets(classes, []).slice(0, 4)): LossInput {
  if (classes < 2) return 'unknown';
  const attempt = (logits: Matrix): LossRun | null => {
    try {
      return loss(logits, targets);
    } catch {
      return null;
    }
  };
  const finite = (run: LossRun | null): run is LossRun => run !== null && Number.isFinite(total(run));

  const logits = probeLogits(targets.length, classes, 0);
  const shifted = logits.map((row, i) => row.map((z) => z + 1 + i / 2));
  const plain = attempt(logits);
  if (finite(plain)) {
    const moved = attempt(shifted);
    if (!finite(moved)) return 'unknown';
    if (Math.abs(total(moved) - total(plain)) <= 8 * chainError * (Math.abs(total(plain)) + 1)) return 'logits';
    // A gradient that a shift leaves alone may still be that of a softmax beside something linear: a linear loss has one for every input.
    if (sameGradient(plain, moved))
      return isLinear(attempt(probeLogits(targets.length, classes, 1)), plain) ? 'logProbabilities' : 'unknown';
  }
  // A loss that clamps before it takes logarithms is finite on logits too.
  const ofProbabilities = probabilityInput(loss, logits, targets, finite, attempt);
  if (ofProbabilities !== 'probabilities' && finite(plain) && independentClasses(loss, logits, targets, plain)) return 'scores';
  return ofProbabilities;
}

function probabilityInput(
  loss: BlackBox,
  logits: Matrix,
  targets: readonly number[],
  finite: (run: LossRun | null) => run is LossRun,
  attempt: (logits: Matrix) => LossRun | null,
): 'probabilities' | 'unknown' {
  const classes = logits[0]!.length;
  const probabilities = logits.map(softmax);
  const onProbabilities = attempt(probabilities);
  if (!finite(onProbabilities)) return 'unknown';
  const others = probeLogits(targets.length, classes, 1).map(softmax);
  const onOthers = attempt(others);
  if (!finite(onOthers)) return 'unknown';
  // L = −Σ q log p: the derivative by p_k, times p_k, is −q_k whatever p is.
  const size = Math.max(...onProbabilities.gradient.flat().map((g, m) => Math.abs(g * probabilities.flat()[m]!)));
  const logarithmic = onProbabilities.gradient.every((row, i) =>
    row.every((g, k) => Math.abs(g * probabilities[i]![k]! - onOthers.gradient[i]![k]! * others[i]![k]!) <= 8 * chainError * size),
  );
  if (logarithmic && size > 0) return 'probabilities';
  const normalising = size > 0 && dividesBySum(loss, [probabilities, others], targets, [onProbabilities, onOthers]);
  return normalising ? 'probabilities' : 'unknown';
}

/**
 * The loss makes rows sum to one, as Keras' cross entropies do: what they sum to changes nothing, and L = −Σ q log(p / Σp) gives
 * g_k · p_k = Q p_k − q_k, so that the difference of two such rows goes as the difference of their probabilities.
 */
function dividesBySum(
  loss: BlackBox,
  rows: readonly [Matrix, Matrix],
  targets: readonly number[],
  runs: readonly [LossRun, LossRun],
): boolean {
  const [first, second] = rows;
  const [plain, other] = runs;
  const size = Math.max(...plain.gradient.flat().map((g, m) => Math.abs(g * first.flat()[m]!)));
  const follows = plain.gradient.every((gradient, i) => {
    const [p, o] = [first[i]!, second[i]!];
    const change = gradient.map((g, k) => g * p[k]! - other.gradient[i]![k]! * o[k]!);
    const moved = p.map((value, k) => value - o[k]!);
    const mass = change.reduce((sum, c, k) => sum + c * moved[k]!, 0) / moved.reduce((sum, m) => sum + m * m, 0);
    return change.every((c, k) => Math.abs(c - mass * moved[k]!) <= 16 * chainError * size);
  });
  if (!follows) return false;
  try {
    const smaller = loss(
      first.map((row, i) => row.map((p) => p / (2 + i))),
      targets,
    );
    return Math.abs(total(smaller) - total(plain)) <= 8 * chainError * (Math.abs(total(plain)) + 1);
  } catch {
    return false;
  }
}

function isLinear(elsewhere: LossRun | null, plain: LossRun): boolean {
  return elsewhere !== null && Number.isFinite(total(elsewhere)) && sameGradient(plain, elsewhere);
}

function sameGradient(left: LossRun, right: LossRun): boolean {
  const size = Math.max(...left.gradient.flat().map(Math.abs));
  return size > 0 && left.gradient.every((row, i) => row.every((g, k) => Math.abs(g - right.gradient[i]![k]!) <= 2 * chainError * size));
}

/** Moving one class's input leaves the gradients of the others as they were. */
function independentClasses(loss: BlackBox, logits: Matrix, targets: readonly number[], plain: LossRun): boolean {
  try {
    const moved = loss(
      logits.map((row) => row.map((z, k) => (k === 0 ? z + 1 : z))),
      targets,
    );
    const size = Math.max(...plain.gradient.flat().map(Math.abs));
    return moved.gradient.every((row, i) => row.every((g, k) => k === 0 || Math.abs(g - plain.gradient[i]![k]!) <= 2 * chainError * size));
  } catch {
    return false;
  }
}
