/** Changes of the code that are offered for the loss as a whole; each was made on the text and measured before it is offered. */
import type { Feed } from './execution/bridge';
import type { ChosenSmoothing } from './execution/chooseSmoothing';
import type { Measurement } from './identification/measurement';
import type { Rewrite, UsedSample } from './inspection';
import type { Task } from './measureSite';

export interface Rewritable {
  readonly measurement: Measurement | null;
  readonly sample: UsedSample;
  readonly feed: Feed;
  readonly smoothing: ChosenSmoothing;
}

export function rewrites(task: Task, { measurement }: Rewritable): readonly Rewrite[] {
  if (task.request.brief === true || measurement === null) return [];
  return [];
}
