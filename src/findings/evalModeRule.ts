/** A module that smooths only while it is trained. */
import { measure } from '../identification/measure';
import type { Measurement } from '../identification/measurement';
import { show } from '../identification/verdict';
import { walk } from '../detection/walk';
import type { Range } from '../language/program';
import { statementsOf } from './code';
import type { Rule, Subject } from './rule';

export const evalMode: Rule = {
  id: 'eval-mode',
  severity: 'info',
  title: 'The smoothing is off in eval mode',
  look(subject) {
    const { measurement, site } = subject;
    const [asked] = placesOfTraining(subject);
    const trained = measurement?.measured.affine === true ? (measurement.law?.law ?? null) : null;
    if (asked === undefined || (trained?.kind !== 'fillScatter' && trained?.kind !== 'uniformMixture')) return [];
    if (inEvalMode(subject)?.law?.law.kind !== 'hard') return [];
    const message = `After \`.eval()\` the loss is plain cross entropy: the smoothing of ε = ${show(trained.smoothing)} is there in training only. So the loss of a validation and that of training differ for the same predictions, and do not compare.`;
    return [{ range: asked.start >= site.range.start ? asked : site.nameRange, message }];
  },
};

function inEvalMode({ variant, sample, smoothing }: Subject): Measurement | null {
  const loss = variant?.({ evaluating: true }) ?? null;
  if (loss === null || sample === null) return null;
  try {
    const { logits, targets, classWeights, paddingIndex } = sample;
    const measurement = measure(loss, {
      logits,
      targets,
      smoothing,
      ...(classWeights === undefined ? {} : { classWeights }),
      ...(paddingIndex === undefined ? {} : { paddingIndex }),
    });
    return measurement.measured.affine ? measurement : null;
  } catch {
    return null;
  }
}

/** Where the code asks whether it is trained; nothing else of it tells the modes apart. */
function placesOfTraining({ site }: Subject): readonly Range[] {
  if (site.kind !== 'class' || site.framework !== 'torch') return [];
  const places: Range[] = [];
  walk(statementsOf(site), (node) => {
    if (node.kind === 'attribute' && node.name === 'training') places.push(node.range);
  });
  return places;
}
