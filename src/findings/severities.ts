/** How much a rule's findings weigh, by default and as a person sets it. Light: the editor and the command line load it without the rules. */
import type { Finding } from '../inspection';

export type Severity = Finding['severity'];

/** From the lightest. */
export const severities: readonly Severity[] = ['hint', 'info', 'warning', 'error'];

export type RuleSetting = Severity | 'off';

/** What a person wants of single rules, by the rule's id. */
export type RuleSettings = ReadonlyMap<string, RuleSetting>;

export function isRuleSetting(value: unknown): value is RuleSetting {
  return value === 'off' || severities.some((severity) => severity === value);
}

/** Reads `{"kldiv-mean": "error", …}`; what is no setting is left out, since a settings file may hold anything. */
export function readRuleSettings(value: unknown): RuleSettings {
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(Object.entries(value).filter((entry): entry is [string, RuleSetting] => isRuleSetting(entry[1])));
}

/** The findings as a person wants them: with their own severities, without the rules that are off. */
export function withSettings(findings: readonly Finding[], settings: RuleSettings): readonly Finding[] {
  return findings.flatMap((finding): readonly Finding[] => {
    const setting = settings.get(finding.rule);
    if (setting === 'off') return [];
    return [setting === undefined ? finding : { ...finding, severity: setting }];
  });
}

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least);
}
