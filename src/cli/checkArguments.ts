/** The grammar of `check`. */
import type { RuleSetting, RuleSettings, Severity } from '../findings/severities';
import { severities } from '../findings/severities';
import { oneOf, ruleOption, splitOnce, Wrong } from './wrong';

export const checkFormats = ['text', 'json', 'sarif', 'github'] as const;
export type CheckFormat = (typeof checkFormats)[number];

export interface CheckCommand {
  readonly kind: 'check';
  readonly paths: readonly string[];
  readonly format: CheckFormat;
  /** The lightest finding that fails the check. */
  readonly failOn: Severity | 'never';
  readonly rules: RuleSettings;
  /** Hints as well, in the formats that are lines; json and sarif always have them. */
  readonly hints: boolean;
}

export const checkUsage = `loss-inspector check PATH… looks through files and folders and prints what is wrong with their losses, one finding a line.

Options of check:
  --format F           text (the default), json (docs/check.schema.json), sarif (2.1.0) or github (workflow commands)
  --hints              print hints too, which explain and blame nothing (json and sarif always have them)
  --fail-on S          the lightest finding that fails: error, warning (the default), info, hint or never
  --rule ID=S          this rule's severity: off, hint, info, warning or error; may be given for several rules

Exit status of check: 0 nothing that fails; 1 a finding at or above --fail-on; 2 wrong usage.
A loss that cannot be run is printed too and does not fail. A comment \`loss-inspector: ignore[rule]\` on a line, or on the one above, silences a rule there.
`;

/** @throws Wrong */
export function parseCheck(args: readonly string[]): CheckCommand {
  const paths: string[] = [];
  const rules = new Map<string, RuleSetting>();
  const options = new Map<string, string>();
  let onlyPaths = false;
  let hints = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (onlyPaths || !arg.startsWith('-')) {
      paths.push(arg);
      continue;
    }
    if (arg === '--') {
      onlyPaths = true;
      continue;
    }
    if (arg === '-') throw new Wrong('check reads files and folders, not the standard input (-)');
    if (arg === '--hints') {
      hints = true;
      continue;
    }
    const [name, inline] = splitOnce(arg);
    if (!['--format', '--fail-on', '--rule'].includes(name)) throw new Wrong(`unknown option ${name}`);
    const value = inline ?? args[++i];
    if (value === undefined) throw new Wrong(`${name} needs a value`);
    if (name === '--rule') {
      rules.set(...ruleOption(value));
      continue;
    }
    if (options.has(name)) throw new Wrong(`${name} is given twice`);
    options.set(name, value);
  }
  if (paths.length === 0) throw new Wrong('no file or folder given');
  return {
    kind: 'check',
    paths,
    format: oneOf('--format', options.get('--format') ?? 'text', checkFormats),
    failOn: oneOf('--fail-on', options.get('--fail-on') ?? 'warning', [...severities, 'never'] as const),
    rules,
    hints,
  };
}
