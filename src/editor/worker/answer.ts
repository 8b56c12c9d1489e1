import { inspect } from '../../inspect';
import type { Answer, Work } from './work';

/** Does one piece of work. `inspect` never throws by its contract; were it to, the person is told instead of left waiting. */
export function answer(work: Work): Answer {
  try {
    return { type: 'inspected', id: work.id, inspection: inspect(work.request) };
  } catch (error) {
    return { type: 'failed', id: work.id, reason: error instanceof Error ? error.message : String(error) };
  }
}
