import { inspect } from '../inspect';
import { emptyWorkspace } from '../workspace';
import type { Workspace } from '../workspace';
import type { Answer, Work } from './work';

/** Does one piece of work. `inspect` never throws by its contract; were it to, the person is told instead of left waiting. */
export function answer({ id, request }: Work, post: (message: Answer) => void, workspace: Workspace = emptyWorkspace): Answer {
  try {
    return {
      type: 'inspected',
      id,
      inspection: inspect(
        request,
        (running) => {
          post({ type: 'running', id, running });
        },
        workspace,
      ),
    };
  } catch (error) {
    return { type: 'failed', id, reason: error instanceof Error ? error.message : String(error) };
  }
}
