/** The command line's grammar. */
import type { CheckCommand } from './checkArguments';
import { checkUsage, parseCheck } from './checkArguments';
import { checkCorrections, correctionOptions, withOption } from './correctionOptions';
import { largestClasses, smoothingProblem } from '../execution/sample';
import type { RuleSetting, RuleSettings } from '../findings/severities';
import type { Corrections, Translations } from '../inspection';
import { oneOf, ruleOption, splitOnce, Wrong } from './wrong';

/** What `--copy` takes. */
const copies = ['pytest', 'tfjs', 'builtin'] as const satisfies readonly (keyof Translations)[];

export interface InspectCommand {
  readonly kind: 'inspect';
  /** `-` is the standard input. */
  readonly files: readonly string[];
  readonly json: boolean;
  readonly sampleFile: string | null;
  readonly smoothing: number | null;
  readonly classes: number | null;
  readonly paddingIndex: number | null;
  readonly only: string | null;
  /** What is said of parameters, and of how the rows lie. */
  readonly corrections: Corrections;
  readonly rules: RuleSettings;
  /** The one translation to print, and nothing else. */
  readonly copy: keyof Translations | null;
  /** Id of the formulation that the others are compared with too. */
  readonly baseline?: string;
}

export type Command =
  | InspectCommand
  | CheckCommand
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly message: string };

export const usage = `Usage: loss-inspector inspect FILE… [options]
       loss-inspector check PATH… [options]

inspect runs the losses of each FILE, label smoothing and others, on sample tensors and says what they compute.
Reads .py, .ts, .tsx, .js, .ipynb, Markdown with fenced code, and text dumps of notebooks; - is the standard input.

Options of inspect:
  --json               print the report as JSON (docs/inspection.schema.json describes it)
  --sample FILE.json   run on these tensors: {"logits": [[…], …], "targets": […], "classWeights"?: […],
                       "ignoreIndex"?: I, "paddingIndex"?: I}; or, for any loss, on tensors by the names of its
                       parameters: {"inputs": {"anchor": [[…], …], …}}
  --smoothing E        the smoothing factor to run with, 0 ≤ E < 1
  --classes K          number of classes of the default sample
  --padding-index I    the class that is padding
  --role NAME=ROLE     what a parameter is handed: logits, log-probabilities, probabilities, sigmoids (the predictions);
                       indices, column, one-hot, integer-one-hot (the targets); other-logits, other-targets, mask,
                       sample-weight, weight, smoothing, classes, default (what the code has where nothing is passed)
  --with NAME=VALUE    the value a parameter is handed: 0.2, sum, True, None, [1, 2]
  --layout L           how the rows lie: rows [N, K], sequences [N, 1, K], classes-first [N, K, 1],
                       images [N, K, 1, 1], one-sequence [1, N, K], flat [N·K],
                       single [K]
  --only NAME          only the loss of this name
  --baseline ID        compare the formulations, and the loss, with this formulation too (uniform-mixture, say)
  --rule ID=S          this rule's severity: off, hint, info, warning or error; may be given for several rules
  --copy F             print the loss in other code and nothing else: pytest (a test of its numbers under torch),
                       tfjs (TypeScript for TensorFlow.js) or builtin (torch's own loss); with several losses, --only

Exit status of inspect: 0 inspected; 1 problems found in the input, or nothing to copy; 2 wrong usage.

${checkUsage}
--help and --version print this text and the version.
`;

export function parseArguments(args: readonly string[]): Command {
  try {
    return parse(args);
  } catch (error) {
    if (error instanceof Wrong) return { kind: 'wrong', message: error.message };
    throw error;
  }
}

function parse(args: readonly string[]): Command {
  if (args.some((arg) => arg === '--help' || arg === '-h')) return { kind: 'help' };
  if (args.some((arg) => arg === '--version' || arg === '-V')) return { kind: 'version' };
  const [command, ...rest] = args;
  if (command === undefined) throw new Wrong('no command given');
  if (command === 'check') return parseCheck(rest);
  if (command !== 'inspect') throw new Wrong(`unknown command "${command}"`);
  const files: string[] = [];
  const options = new Map<string, string>();
  const rules = new Map<string, RuleSetting>();
  let corrections: Corrections = {};
  let json = false;
  let onlyFiles = false;
  for (let i = 0; i < rest.length; i++) {
    const arg = rest[i]!;
    if (onlyFiles || arg === '-' || !arg.startsWith('-')) {
      files.push(arg);
      continue;
    }
    if (arg === '--') {
      onlyFiles = true;
      continue;
    }
    if (arg === '--json') {
      json = true;
      continue;
    }
    const [name, inline] = splitOnce(arg);
    if (
      ![
        '--sample',
        '--smoothing',
        '--classes',
        '--padding-index',
        '--only',
        '--baseline',
        '--rule',
        '--copy',
        ...correctionOptions,
      ].includes(name)
    )
      throw new Wrong(`unknown option ${name}`);
    const value = inline ?? rest[++i];
    if (value === undefined) throw new Wrong(`${name} needs a value`);
    if (name === '--rule') {
      rules.set(...ruleOption(value));
      continue;
    }
    const correction = correctionOptions.find((option) => option === name);
    if (correction !== undefined) {
      corrections = withOption(corrections, correction, value);
      continue;
    }
    if (options.has(name)) throw new Wrong(`${name} is given twice`);
    options.set(name, value);
  }
  if (files.length === 0) throw new Wrong('no file given');
  if (files.filter((file) => file === '-').length > 1) throw new Wrong('the standard input (-) can be read only once');
  const copy = options.get('--copy');
  if (copy !== undefined && json) throw new Wrong('--copy prints code and --json a report: give one of them');
  if (copy !== undefined && files.length > 1) throw new Wrong('--copy takes one file');
  checkCorrections(corrections);
  const baseline = options.get('--baseline');
  const classes = numberOption(options, '--classes', true);
  const paddingIndex = numberOption(options, '--padding-index', true);
  if (classes !== null && paddingIndex !== null && paddingIndex >= classes)
    throw new Wrong(`--padding-index is ${paddingIndex}, but --classes ${classes} leaves the classes 0 to ${classes - 1}`);
  return {
    kind: 'inspect',
    files,
    json,
    sampleFile: options.get('--sample') ?? null,
    smoothing: numberOption(options, '--smoothing', false),
    classes,
    paddingIndex,
    only: options.get('--only') ?? null,
    corrections,
    rules,
    copy: copy === undefined ? null : oneOf('--copy', copy, copies),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

function numberOption(options: ReadonlyMap<string, string>, name: string, whole: boolean): number | null {
  const text = options.get(name);
  if (text === undefined) return null;
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new Wrong(`${name} must be a number, not "${text}"`);
  if (whole && !Number.isInteger(value)) throw new Wrong(`${name} must be a whole number, not ${text}`);
  const wrongSmoothing = name === '--smoothing' ? smoothingProblem(value) : null;
  if (wrongSmoothing !== null) throw new Wrong(`--smoothing: ${wrongSmoothing}`);
  if (name === '--classes' && value < 1) throw new Wrong(`--classes must be at least 1, not ${text}`);
  if (name === '--classes' && value > largestClasses) throw new Wrong(`--classes must be at most ${largestClasses}, not ${text}`);
  if (name === '--padding-index' && value < 0) throw new Wrong(`--padding-index must not be negative, not ${text}`);
  return value;
}
