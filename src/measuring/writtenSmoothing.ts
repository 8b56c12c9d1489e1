/** The smoothing factor of a loss that takes none by name: the number that its code writes down and that its measured targets have. */
import type { LossSite } from '../detection/sites';
import type { ChosenSmoothing } from '../execution/chooseSmoothing';
import { givenSmoothing } from '../execution/chooseSmoothing';
import { fractionsInCode } from '../execution/fractionsInCode';
import type { Session } from '../execution/session';
import type { Measurement } from '../identification/measurement';
import { textOf } from '../language/source';

/**
 * The factor as it was chosen, where there is one; else that of the measured targets, where exactly one of the two conventions has a factor
 * that the code holds, as ε or as 1 − ε.
 */
export function writtenSmoothing(
  session: Session,
  site: LossSite,
  chosen: ChosenSmoothing,
  measurement: Measurement | null,
): ChosenSmoothing {
  const isOpen = chosen.value === null && chosen.passed === null && chosen.note === null;
  if (!isOpen || measurement === null || (site.kind !== 'function' && site.kind !== 'class')) return chosen;
  const { law, shape } = measurement;
  const isNamed = law?.law.kind === 'uniformMixture' || law?.law.kind === 'fillScatter';
  const off = shape?.kind === 'plain' ? shape.off : null;
  const factors = factorsOf(measurement);
  if (factors.length === 0) return chosen;
  const fractions = fractionsInCode(session, site);
  const found = factors.flatMap((factor) => {
    const is = (value: number): boolean => Math.abs(value - factor) <= 1e-6;
    const itself = fractions.find(({ value }) => is(value));
    // Of fixed shares on one number of classes, the one that is left on the target or given to the others says no convention.
    if (!isNamed && off !== null && is(off)) return [];
    if (itself !== undefined || !isNamed) return itself === undefined ? [] : [itself];
    const rest = fractions.find(({ value }) => is(1 - value));
    return rest === undefined ? [] : [{ ...rest, value: Number((1 - rest.value).toPrecision(12)) }];
  });
  const [only] = found;
  if (only === undefined || found.length > 1) return chosen;
  const { value, range } = only;
  const { program } = site;
  return {
    ...givenSmoothing(value),
    way: [{ file: range.file ?? program.file ?? null, range, text: textOf(program, only) }],
  };
}

/** What ε is in the conventions that the measured targets keep to: both, where one number of classes does not tell them apart. */
function factorsOf({ measured, law }: Measurement): readonly number[] {
  const { fillScatter, uniformMixture } = measured.effectiveSmoothing;
  const kept =
    law?.law.kind === 'uniformMixture' ? [uniformMixture] : law?.law.kind === 'fillScatter' ? [fillScatter] : [fillScatter, uniformMixture];
  return measured.affine ? kept.filter((factor) => typeof factor === 'number' && factor > 0 && factor < 1).map(Number) : [];
}
