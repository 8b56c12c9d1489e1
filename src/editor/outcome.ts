import { l10n } from 'vscode';
import type { Outcome } from './inspector';

/** Why there is no inspection, as a sentence; null when nothing is to be said (a newer request took its place). */
export function reasonWithout(outcome: Exclude<Outcome, { kind: 'inspected' }>): string | null {
  switch (outcome.kind) {
    case 'superseded':
      return null;
    case 'outOfTime':
      return l10n.t('The inspection was stopped: it took longer than {0} seconds (setting lossInspector.timeBudget).', outcome.seconds);
    case 'crashed':
      return l10n.t('The inspection ended without a result: {0}', outcome.reason || l10n.t('the process that ran it stopped'));
  }
}
