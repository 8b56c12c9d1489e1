import { l10n } from 'vscode';
import type { Running } from '../inspection';
import type { Outcome } from '../worker/inspector';

type WithoutResult = Exclude<Outcome, { kind: 'inspected' }>;

/** Why there is no inspection, as a sentence; null when nothing is to be said (a newer request took its place). */
export function reasonWithout(outcome: WithoutResult): string | null {
  if (outcome.kind === 'superseded') return null;
  const { running } = outcome;
  return running === null ? reason(outcome) : l10n.t('{0} (while running {1})', reason(outcome), placeOf(running));
}

function reason(outcome: Exclude<WithoutResult, { kind: 'superseded' }>): string {
  switch (outcome.kind) {
    case 'outOfTime':
      return l10n.t('The inspection was stopped: it took longer than {0} seconds (setting lossInspector.timeBudget).', outcome.seconds);
    case 'outOfMemory':
      return l10n.t('The inspection was stopped: it needed more than {0} MB of memory.', outcome.megabytes);
    case 'crashed':
      return l10n.t('The inspection ended without a result: {0}', outcome.reason || l10n.t('the process that ran it stopped'));
  }
}

const placeOf = ({ name, range }: Running): string =>
  name === null ? l10n.t('the code of the module') : l10n.t('{0}, line {1}', name, range.line);
