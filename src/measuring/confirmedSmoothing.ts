/** Whether a parameter that is taken for the smoothing factor smooths: a name such as `alpha` or `eta` leaves it open. */
import { isPlainlySmoothing } from '../detection/vocabulary';
import type { ChosenSmoothing } from '../execution/chooseSmoothing';
import { givenSmoothing } from '../execution/chooseSmoothing';
import type { LossSite } from '../detection/sites';
import type { Measurement } from '../identification/measurement';

/**
 * The factor as it was chosen, where its name says what it is, somebody asked for it, or the measured targets are those of it: theirs in one
 * convention, or others at another factor, with more on the target the smaller it is. Else the code is run with it all the same, and no
 * formulation is compared at it.
 */
export function confirmedSmoothing(
  { smoothingParameters }: LossSite,
  chosen: ChosenSmoothing,
  measurement: Measurement | null,
  measureAt: (smoothing: number) => Measurement | null,
): ChosenSmoothing {
  const { value, passed, source } = chosen;
  const isOpen = smoothingParameters.length > 0 && !smoothingParameters.some(({ name }) => isPlainlySmoothing(name));
  if (!isOpen || value === null || measurement === null || (source !== 'code' && source !== 'assumption')) return chosen;
  const { fillScatter, uniformMixture } = measurement.measured.effectiveSmoothing;
  const isItself = [fillScatter, uniformMixture].some((found) => typeof found === 'number' && Math.abs(found - value) <= 1e-4);
  if (isItself) return chosen;
  const other = value > 0.5 ? value - 0.3 : value + 0.3;
  const [here, there] = [shareOfTarget(measurement), shareOfTarget(measureAt(other))];
  const follows = here !== null && there !== null && (here - there) * (other - value) > 1e-4;
  if (follows) return chosen;
  const names = smoothingParameters.map(({ name }) => name).join(', ');
  const note = source === 'assumption' ? `${names} is required and the file does not say what it is: taken as ${value}.` : null;
  return { ...givenSmoothing(null), passed, note };
}

function shareOfTarget(measurement: Measurement | null): number | null {
  const shape = measurement?.shape;
  if (!measurement?.measured.affine || (shape?.kind !== 'plain' && shape?.kind !== 'weighted')) return null;
  return shape.on > shape.off && shape.off >= 0 ? shape.on : null;
}
