/** A divisor that counts the other classes, where there are none. */
import { isFiniteRun } from '../identification/blackBox';
import { coveringTargets, probeLogits } from '../identification/probes';
import type { Binary } from '../language/program';
import { divisionsOf, numberValue, textOf } from './code';
import type { Rule, Subject } from './rule';

export const twoClasses: Rule = {
  id: 'two-classes',
  severity: 'error',
  title: 'Divides by zero at this number of classes',
  look(subject) {
    const { site, classesSaid: K } = subject;
    if (K === null || K < 1 || K > 2 || site.kind === 'call') return [];
    const division = divisionsOf(site).find((one) => takesAway(one) === K);
    if (division === undefined || !fails(subject, K) || !worksWithMore(subject)) return [];
    const [text, classes] = [textOf(site, division.right), K === 1 ? 'one class' : 'two classes'];
    const remedy =
      K === 2
        ? 'Without a class for padding, ε belongs to the other K − 1 classes: divide by K − 1.'
        : 'One class leaves nothing to learn for a softmax: a single logit is a binary loss.';
    const message = `There ${K === 1 ? 'is' : 'are'} ${classes} here, so \`${text}\` is zero and the loss ${whatHappens(subject)}. ${remedy}`;
    return [{ range: division.range, message }];
  },
};

/** The K for which `… / (K - 2)` divides by zero. */
function takesAway({ right }: Binary): number | null {
  return right.kind === 'binary' && right.operator === '-' ? numberValue(right.right) : null;
}

function fails({ failure, measurement }: Subject, classes: number): boolean {
  if (failure !== null) return /^ZeroDivisionError|division by zero/u.test(failure.message);
  const [sample] = measurement?.probes ?? [];
  return sample?.logits[0]?.length === classes && !isFiniteRun(sample.run);
}

/** That it is the number of classes shows where there are more of them; a loss that cannot be run at all has its own message. */
function worksWithMore({ run, failure }: Subject): boolean {
  if (run === null) return failure !== null;
  const targets = coveringTargets(5, []);
  try {
    return isFiniteRun(run(probeLogits(targets.length, 5, 0), targets));
  } catch {
    // One that is made for its number of classes cannot be run with more: then the zero divisor in the code has to do.
    return true;
  }
}

function whatHappens({ failure }: Subject): string {
  return failure === null ? 'is not finite' : 'stops with a ZeroDivisionError';
}
