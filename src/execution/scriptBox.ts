/** A module-level demonstration as a loss to be measured: it is run anew with other logits and targets under the names of its own. */
import type { Statement } from '../language/program';
import type { FileSample } from './fileSample';
import { lossIn, outcomeOf } from './outcome';
import type { Box } from './runSite';
import { NoGradient } from './runSite';
import type { Session } from './session';

export function scriptBox(session: Session, last: Statement, { logitsName, targetsName, oneHot }: FileSample): Box {
  const { bridge, context } = session;
  return (logits, targets) => {
    const classes = logits[0]?.length ?? 0;
    const hot = () => targets.flatMap((target) => Array.from({ length: classes }, (_, k) => (k === target ? 1 : 0)));
    const labels = oneHot ? bridge.floats(context, hot(), [targets.length, classes]) : bridge.integers(context, targets, [targets.length]);
    const { result, gradient, problem } = bridge.differentiate(
      context,
      logits,
      [logits.length, logits[0]?.length ?? 0],
      'logits',
      (input) => {
        const values = new Map([
          [logitsName, input],
          [targetsName, labels],
        ]);
        const made = session.rerun(values, last);
        return lossIn(session, made) ?? made;
      },
    );
    const outcome = outcomeOf(session, result);
    if (gradient === null) throw new NoGradient(problem ?? 'the loss is not differentiable here');
    return { value: outcome.value ?? outcome.values!, gradient };
  };
}
