/** The command line's grammar. */
import type { CheckCommand } from './checkArguments';
import { checkUsage, parseCheck } from './checkArguments';
import { splitOnce, Wrong } from './wrong';

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
}

export type Command =
  | InspectCommand
  | CheckCommand
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly message: string };

export const usage = `Usage: loss-inspector inspect FILE… [options]
       loss-inspector check PATH… [options]

inspect runs the label-smoothing losses of each FILE on sample tensors and says what they compute.
Reads .py, .ts, .tsx, .js, .ipynb, Markdown with fenced code, and text dumps of notebooks; - is the standard input.

Options of inspect:
  --json               print the report as JSON (docs/inspection.schema.json describes it)
  --sample FILE.json   run on these tensors: {"logits": [[…], …], "targets": […], "classWeights"?: […],
                       "ignoreIndex"?: I, "paddingIndex"?: I}
  --smoothing E        the smoothing factor to run with, 0 ≤ E < 1
  --classes K          number of classes of the default sample
  --padding-index I    the class that is padding
  --only NAME          only the loss of this name

Exit status of inspect: 0 inspected; 1 problems found in the input; 2 wrong usage.

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
    if (!['--sample', '--smoothing', '--classes', '--padding-index', '--only'].includes(name)) throw new Wrong(`unknown option ${name}`);
    const value = inline ?? rest[++i];
    if (value === undefined) throw new Wrong(`${name} needs a value`);
    if (options.has(name)) throw new Wrong(`${name} is given twice`);
    options.set(name, value);
  }
  if (files.length === 0) throw new Wrong('no file given');
  if (files.filter((file) => file === '-').length > 1) throw new Wrong('the standard input (-) can be read only once');
  return {
    kind: 'inspect',
    files,
    json,
    sampleFile: options.get('--sample') ?? null,
    smoothing: numberOption(options, '--smoothing', false),
    classes: numberOption(options, '--classes', true),
    paddingIndex: numberOption(options, '--padding-index', true),
    only: options.get('--only') ?? null,
  };
}

function numberOption(options: ReadonlyMap<string, string>, name: string, whole: boolean): number | null {
  const text = options.get(name);
  if (text === undefined) return null;
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new Wrong(`${name} must be a number, not "${text}"`);
  if (whole && !Number.isInteger(value)) throw new Wrong(`${name} must be a whole number, not ${text}`);
  if (name === '--classes' && value < 1) throw new Wrong(`--classes must be at least 1, not ${text}`);
  if (name === '--padding-index' && value < 0) throw new Wrong(`--padding-index must not be negative, not ${text}`);
  return value;
}
