import type { RuleSettings } from '../findings/severities';
import type { DescribedRule } from './sarif';

/** The rules bring tensors with them: loaded only where they are needed. */
export async function allRules(): Promise<readonly DescribedRule[]> {
  return (await import('../findings/findings')).rules;
}

/** What to say of settings for rules that do not exist; null when there are none. */
export async function unknownRules(settings: RuleSettings): Promise<string | null> {
  if (settings.size === 0) return null;
  const ids = new Set((await allRules()).map(({ id }) => id));
  const unknown = [...settings.keys()].filter((id) => !ids.has(id));
  return unknown.length === 0 ? null : `there is no rule ${unknown.map((id) => `"${id}"`).join(', ')}\n`;
}
