/** What both grammars of the command line share. */
import type { RuleSetting } from '../findings/severities';
import { isRuleSetting } from '../findings/severities';

/** Wrong usage, in a sentence for the person. */
export class Wrong extends Error {}

/** `--name=value` in its two halves; without a `=` the second is null. */
export function splitOnce(arg: string): readonly [string, string | null] {
  const at = arg.indexOf('=');
  return at < 0 ? [arg, null] : [arg.slice(0, at), arg.slice(at + 1)];
}

export function oneOf<T extends string>(name: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === given);
  if (found === undefined) throw new Wrong(`${name} must be ${allowed.join(', ')}, not "${given}"`);
  return found;
}

/** The value of `--rule ID=SETTING`. */
export function ruleOption(value: string): readonly [string, RuleSetting] {
  const [id, setting] = splitOnce(value);
  if (!isRuleSetting(setting)) throw new Wrong(`--rule must be ID=off, hint, info, warning or error, not "${value}"`);
  return [id, setting];
}
