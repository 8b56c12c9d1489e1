/** How a recognised loss stands to every formulation that takes the same tensors. */
import { run } from './evaluate';
import type { FamilyRun, Settled } from './evaluate';
import type { FamilyFormulation, Layout, Numbers } from './family';
import { fitting, sampled, standingTo } from './recognise';
import type { NamedLoss, Recognition, Seen } from './recognise';
import type { PlainTensors } from './layouts';

export type FamilyRelation =
  | { readonly kind: 'equal' }
  | { readonly kind: 'scaled'; readonly factor: number }
  | { readonly kind: 'scaledOffset'; readonly factor: number; readonly offset: number }
  | { readonly kind: 'sameGradientOffset'; readonly offset: number }
  /** The factor is another one on each sample: what is divided by differs. */
  | { readonly kind: 'scaledByBatch'; readonly factor: number }
  | { readonly kind: 'different' };

export interface FamilyComparison {
  readonly settled: Settled;
  /** On the sample that is shown; null where it cannot be computed there. */
  readonly ran: FamilyRun | null;
  readonly relation: FamilyRelation;
}

/** @param shown the sample that the values are of, by the layout's names */
export function comparisons(loss: NamedLoss, recognition: Recognition, shown: PlainTensors): readonly FamilyComparison[] {
  const { layout, family } = recognition;
  const seen = sampled(loss, recognition);
  return fitting(family, layout).map((formulation): FamilyComparison => {
    const settled = settledLike(formulation, recognition);
    return { settled, ran: runOrNull(settled, layout, shown), relation: relationTo(settled, layout, seen) };
  });
}

/** A formulation with the recognised one's numbers, where it has such, and reduced as that is. */
function settledLike(formulation: FamilyFormulation, recognition: Recognition): Settled {
  if (formulation === recognition.formulation) return recognition;
  const own = recognition.parameters;
  const [only, ...others] = Object.values(own);
  const shares = only !== undefined && others.length === 0 && formulation.parameters.length === 1;
  const parameters: Numbers = Object.fromEntries(
    formulation.parameters.map(({ name, usual, allows }) => {
      const value = own[name] ?? (shares ? only : undefined);
      return [name, value !== undefined && allows(value) ? value : usual[0]!];
    }),
  );
  const reduction =
    recognition.reduction === null
      ? null
      : (formulation.reductions.find(({ id }) => id === recognition.reduction?.id) ?? formulation.reductions[0]!);
  return { formulation, reduction, parameters };
}

function relationTo(settled: Settled, layout: Layout, samples: readonly Seen[]): FamilyRelation {
  const standings = samples.map((seen) => {
    const reference = runOrNull(settled, layout, seen.given);
    return reference && standingTo(reference, layout, seen);
  });
  const [first] = standings;
  if (!first || standings.some((one) => one === null)) return { kind: 'different' };
  const { scale, offset } = first;
  const sameScale = standings.every((one) => Math.abs(one!.scale - scale) <= 1e-4 * Math.abs(scale));
  const sameOffset = standings.every((one) => Math.abs(one!.offset - offset) <= 1e-4 * Math.max(1, Math.abs(offset)));
  if (!sameScale) return sameOffset && offset === 0 ? { kind: 'scaledByBatch', factor: scale } : { kind: 'different' };
  // An offset that changes with the sample is no constant, and still leaves the gradient as it is.
  if (!sameOffset) return scale === 1 ? { kind: 'sameGradientOffset', offset } : { kind: 'different' };
  if (scale === 1) return offset === 0 ? { kind: 'equal' } : { kind: 'sameGradientOffset', offset };
  return offset === 0 ? { kind: 'scaled', factor: scale } : { kind: 'scaledOffset', factor: scale, offset };
}

function runOrNull(settled: Settled, layout: Layout, given: PlainTensors): FamilyRun | null {
  try {
    return run(settled, layout, given);
  } catch {
    return null;
  }
}
