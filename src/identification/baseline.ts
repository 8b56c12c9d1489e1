/** The formulations and the loss itself beside one of the formulations: how any two of them relate. */
import { formulationById } from '../formulations/catalogue';
import { evaluate } from '../formulations/evaluate';
import type { Baseline } from '../inspection';
import { compare, settingsOf, smoothingOf, standingTo, type CompareRequest } from './compare';
import type { BlackBox } from './blackBox';
import { measure } from './measure';

/**
 * The formulation takes the loss's place: it is measured as any loss is, at the same ε and settings, and the others are compared with it. Null
 * where there is no formulation of that id, or it has no value on the sample.
 */
export function baselineOf(id: string, request: CompareRequest): Baseline | null {
  const formulation = formulationById(id);
  const own = formulation === null ? null : standingTo(formulation, request);
  if (formulation === null || own === null) return null;
  const { measurement, sample } = request;
  const smoothing = smoothingOf(request);
  const settings = settingsOf(measurement, sample);
  const box: BlackBox = (logits, targets) => {
    const { classWeights, ...rest } = settings;
    const weights = classWeights !== undefined && classWeights.length === logits[0]?.length ? { classWeights } : {};
    const outcome = evaluate(formulation, { logits, targets, smoothing, ...rest, ...weights });
    if ('problem' in outcome) throw new Error(outcome.problem);
    return { value: outcome.value, gradient: outcome.gradient, perSample: outcome.perSample };
  };
  const { classWeights, ignoreIndex, paddingIndex } = sample;
  const measured = measure(box, {
    logits: sample.logits,
    targets: sample.targets,
    smoothing,
    ...(classWeights === undefined ? {} : { classWeights }),
    ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
    ...(paddingIndex === undefined ? {} : { paddingIndex }),
  });
  const formulations = compare(request).flatMap((comparison) => formulationById(comparison.formulation) ?? []);
  const all = formulations.some((each) => each.id === id) ? formulations : [...formulations, formulation];
  const comparisons = compare({ measurement: measured, sample, smoothing, settings, formulations: all, view: 'withFormulation' });
  return { formulation: id, title: formulation.title, smoothing, own, comparisons };
}
