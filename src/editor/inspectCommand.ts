/** “Inspect loss”: measures the loss and shows its comparison. */
import type { Inspection } from '../inspection';
import type { Comparison } from './comparison';
import type { Finder } from './found';
import { chooseLoss } from './lossHere';
import type { ComparisonPlaces } from './view';

export async function inspectLoss(
  target: unknown,
  find: Finder,
  comparison: Comparison,
  places: ComparisonPlaces,
): Promise<Inspection | null> {
  const chosen = await chooseLoss(target, find);
  if (!chosen) return null;
  await places.reveal();
  return comparison.inspect(chosen.source, chosen.loss.name);
}
