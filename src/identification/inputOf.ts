/** What a loss wants to be given, found by running it. */
import { greatest } from './extremes';
import { total, type BlackBox, type LossRun, type Matrix } from './blackBox';
import { chainError } from './precision';
import { coveringTargets, probeLogits } from './probes';
import { softmax } from './softmax';

/**
 * 'logits': adding a constant to a row changes nothing, the loss normalises by itself; 'scores': each class stands for itself, as in a
 * binary loss; 'logProbabilities': linear in its input, as NLLLoss and KLDivLoss are; 'probabilities': it takes their logarithm itself;
 * 'sigmoids': it takes the logarithm of a probability for each class and of what is left of it.
 */
export type LossInput = 'logits' | 'scores' | 'logProbabilities' | 'probabilities' | 'sigmoids' | 'unknown';

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

  const logits = probeLogits(targets.length, classes, 0);
  const shifted = logits.map((row, i) => row.map((z) => z + 1 + i / 2));
  const plain = attempt(logits);
  if (isFinite(plain)) {
    const moved = attempt(shifted);
    if (!isFinite(moved)) return 'unknown';
    if (Math.abs(total(moved) - total(plain)) <= 8 * chainError * (Math.abs(total(plain)) + 1)) return 'logits';
    // A gradient that a shift leaves alone may still be that of a softmax beside something linear: a linear loss has one for every input.
    if (sameGradient(plain, moved))
      return isLinear(attempt(probeLogits(targets.length, classes, 1)), plain) ? 'logProbabilities' : 'unknown';
  }
  // A loss that clips what it takes the logarithm of has a value on anything: what it is on probabilities decides, before what it is on scores.
  const onProbabilities = inputOfProbabilities(attempt, loss, logits, targets, classes);
  if (onProbabilities !== 'unknown') return onProbabilities;
  return isFinite(plain) && independentClasses(loss, logits, targets, plain) ? 'scores' : 'unknown';
}

function inputOfProbabilities(
  attempt: (probabilities: Matrix) => LossRun | null,
  loss: BlackBox,
  logits: Matrix,
  targets: readonly number[],
  classes: number,
): 'probabilities' | 'sigmoids' | 'unknown' {
  const probabilities = logits.map(softmax);
  const others = probeLogits(targets.length, classes, 1).map(softmax);
  const [first, second] = [attempt(probabilities), attempt(others)];
  if (!isFinite(first) || !isFinite(second)) return 'unknown';
  // L = −Σ q log p: the derivative by p_k, times p_k, is −q_k whatever p is.
  const flat = probabilities.flat();
  const size = greatest(first.gradient.flat().map((g, m) => Math.abs(g * flat[m]!)));
  const logarithmic = first.gradient.every((row, i) =>
    row.every((g, k) => Math.abs(g * probabilities[i]![k]! - second.gradient[i]![k]! * others[i]![k]!) <= 8 * chainError * size),
  );
  if (size > 0 && logarithmic) return 'probabilities';
  // L = −Σ (y log p + (1−y) log(1−p)): times p(1−p) it is w(p − y), which moves with p as w does, the same for all classes.
  const moved = first.gradient.flatMap((row, i) =>
    row.map((g, k) => {
      const [p, o] = [probabilities[i]![k]!, others[i]![k]!];
      return { by: p - o, change: g * p * (1 - p) - second.gradient[i]![k]! * o * (1 - o) };
    }),
  );
  const weight = moved.reduce((total, { by, change }) => total + by * change, 0) / moved.reduce((total, { by }) => total + by * by, 0);
  if (weight > 0 && moved.every(({ by, change }) => Math.abs(change - weight * by) <= 16 * chainError * size)) return 'sigmoids';
  return size > 0 && dividesBySum(loss, [probabilities, others], targets, [first, second]) ? 'probabilities' : 'unknown';
}

const isFinite = (run: LossRun | null): run is LossRun => run !== null && Number.isFinite(total(run));

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
  const flat = first.flat();
  const size = greatest(plain.gradient.flat().map((g, m) => Math.abs(g * flat[m]!)));
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
  const size = greatest(left.gradient.flat().map(Math.abs));
  return size > 0 && left.gradient.every((row, i) => row.every((g, k) => Math.abs(g - right.gradient[i]![k]!) <= 2 * chainError * size));
}

/** Moving one class's input leaves the gradients of the others as they were. */
function independentClasses(loss: BlackBox, logits: Matrix, targets: readonly number[], plain: LossRun): boolean {
  try {
    const moved = loss(
      logits.map((row) => row.map((z, k) => (k === 0 ? z + 1 : z))),
      targets,
    );
    const size = greatest(plain.gradient.flat().map(Math.abs));
    return moved.gradient.every((row, i) => row.every((g, k) => k === 0 || Math.abs(g - plain.gradient[i]![k]!) <= 2 * chainError * size));
  } catch {
    return false;
  }
}
