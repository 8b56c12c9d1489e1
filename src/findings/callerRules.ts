/** Rules about what the program makes of a loss that is right by itself. */
import { show } from '../identification/verdict';
import { definedBy } from '../detection/siteNames';
import { walk } from '../detection/walk';
import { statementsOf } from './code';
import type { Rule, Subject } from './rule';

/** The factor that the loss was measured to smooth by; null where it smooths nothing, or which it is cannot be told. */
export function measuredSmoothing({ measurement }: Subject): number | null {
  const law = measurement?.measured.affine === true ? (measurement.law?.law ?? null) : null;
  const smoothing = law?.kind === 'fillScatter' || law?.kind === 'uniformMixture' ? law.smoothing : null;
  return smoothing !== null && smoothing > 0 ? smoothing : null;
}

export const evalSmoothing: Rule = {
  id: 'eval-smoothing',
  severity: 'info',
  title: 'The evaluation is smoothed too',
  look(subject) {
    const { site, evaluation } = subject;
    if (evaluation === null || evaluation === undefined || measuredSmoothing(subject) === null || asksForMode(subject)) return [];
    const { smoothing, where, range } = evaluation;
    const message = `The evaluation is smoothed as the training is: it is called with ε = ${show(smoothing)}${where === null ? '' : ` (${where})`} where no gradient is kept too. A smoothed loss ends at the entropy of its targets, not at 0, however good the model is: to compare validation or test losses with others, evaluate with ε = 0.`;
    return [{ range: range ?? site.nameRange, message }];
  },
};

/** A module that looks at `self.training` may smooth in training only. */
function asksForMode({ site }: Subject): boolean {
  let asks = false;
  walk(statementsOf(definedBy(site).site), (node) => {
    if (node.kind === 'attribute' && node.name === 'training') asks = true;
  });
  return asks;
}

export const classesDiffer: Rule = {
  id: 'classes-differ',
  severity: 'warning',
  title: 'The loss is told another number of classes',
  look({ site, measurement, told }) {
    const law = measurement?.measured.affine === true ? measurement.law : null;
    const mass = Number(measurement?.measured.mass);
    if (!told || !law || law.law.kind !== 'none' || law.massUncertain || !(Math.abs(mass - 1) > 1e-4)) return [];
    const at = (where: string | null): string => (where === null ? '' : ` (${where})`);
    const message = `The program tells it ${told.told} classes${at(told.toldWhere)}, and hands it outputs of ${told.classes}${at(told.classesWhere)}: its targets sum to ${show(mass)}.`;
    return [{ range: site.nameRange, message }];
  },
};

export const callerRules: readonly Rule[] = [evalSmoothing, classesDiffer];
