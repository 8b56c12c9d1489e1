/** Smoothing factors in configurations (YAML, TOML, JSON, gin, INI) and on command lines, as their text says them. */
import { linesOf } from '../language/cells';
import { fencesOf } from '../language/markdown';
import type { Range } from '../language/program';
import { numberInText } from './literals';
import { isLossPath, isShortSmoothingName, isSmoothingName } from './vocabulary';

export interface ConfiguredConstant {
  readonly name: string;
  readonly nameRange: Range;
  readonly range: Range;
  readonly expression: string;
  /** Null where it is no number by itself: a list of values to try, a reference. */
  readonly value: number | null;
}

const configurationEndings = /\.(ya?ml|toml|json5?|jsonc|gin|cfg|ini|conf|sh|bash|slurm|env)$/i;

/** Whether a file of this name is a configuration or a script of commands, by its ending. */
export const isConfiguration = (file: string): boolean => configurationEndings.test(file);

/** `key: value` and `key = value`, the key quoted or not; a value ends with its line, or before what separates it from the next. */
const entry = /(["']?)([A-Za-z_][\w./-]*)\1[ \t]*[:=][ \t]*("[^"\n]*"|'[^'\n]*'|\[[^\]\n]*\]|\$\{[^}\n]*\}|[^\s,;{}[\]#"']+)/gu;

/** `--label-smoothing 0.1`, `--label-smoothing=0.1`. */
const flag = /(--?[A-Za-z][\w.-]*)(?:=|[ \t]+)(["']?)(-?[\d.]+(?:e[+-]?\d+)?)\2(?=\s|\\|$)/gimu;

export function constantsInConfiguration(text: string): readonly ConfiguredConstant[] {
  if (!/smooth|lsm|eps(ilon)?\b/i.test(text)) return [];
  const code = withoutComments(text);
  const found = new Map<number, ConfiguredConstant>();
  for (const match of code.matchAll(entry)) {
    const [whole, quote, key, written] = match as unknown as readonly [string, string, string, string];
    if (!isFactor(key, match.index, code)) continue;
    const inner = /^["']/.test(written) ? written.slice(1, -1) : written;
    const value = numberInText(inner);
    // Words and switches are no factors; a list or a reference may hold one.
    if (value === null && !/^[[$]/.test(inner)) continue;
    const start = match.index + whole.length - written.length;
    const nameStart = match.index + quote.length;
    add({
      name: key,
      nameRange: { start: nameStart, end: nameStart + key.length },
      range: { start, end: start + written.length },
      expression: written,
      value,
    });
  }
  for (const match of code.matchAll(flag)) {
    const [whole, name, quote, written] = match as unknown as readonly [string, string, string, string];
    if (!isSmoothingName(name)) continue;
    const start = match.index + whole.length - written.length - quote.length;
    const nameRange = { start: match.index, end: match.index + name.length };
    add({ name, nameRange, range: { start, end: start + written.length }, expression: written, value: numberInText(written) });
  }
  return [...found.values()].sort((a, b) => a.range.start - b.range.start);

  function add(constant: ConfiguredConstant): void {
    const { value } = constant;
    if (value === null || (value >= 0 && value <= 1)) found.set(constant.range.start, constant);
  }
}

/** A name that says it, or a shorter one below a node of the loss: `label_smooth_ce.eps`, or indented below `cross_entropy:`. */
function isFactor(key: string, at: number, code: string): boolean {
  if (isSmoothingName(key)) return true;
  if (!isShortSmoothingName(key)) return false;
  const path = key.split(/[./]/).slice(0, -1);
  return path.some(isLossPath) || parentsOf(at, code).some(isLossPath);
}

/** The keys of the lines that this one is indented below. */
function parentsOf(at: number, code: string): readonly string[] {
  const lines = code.slice(0, at).split('\n');
  let indent = lines.at(-1)!.search(/\S|$/);
  const parents: string[] = [];
  for (const line of lines.slice(0, -1).reverse()) {
    const key = /^([ \t]*)["']?([\w-]+)["']?[ \t]*:[ \t]*\{?[ \t]*$/.exec(line);
    if (key && key[1]!.length < indent) {
      parents.push(key[2]!);
      indent = key[1]!.length;
      if (indent === 0) break;
    }
  }
  return parents;
}

/** Comments as blanks of the same length. */
const withoutComments = (text: string): string =>
  text.replace(/(^|[ \t])(#|\/\/).*$/gmu, (comment: string, before: string) => before + ' '.repeat(comment.length - before.length));

/** Those of a Markdown text's fenced configurations and commands: its other fences are code, read as that. */
export function constantsInMarkdown(text: string): readonly ConfiguredConstant[] {
  if (!/smooth|lsm/i.test(text)) return [];
  return fencesOf(linesOf(text)).flatMap(({ label, lines }) => {
    const [first, last] = [lines[0], lines.at(-1)];
    if (!first || !last || !configurationLabels.has(label)) return [];
    return constantsInConfiguration(text.slice(first.start, last.end)).map((constant) => ({
      ...constant,
      nameRange: moved(constant.nameRange, first.start),
      range: moved(constant.range, first.start),
    }));
  });
}

const moved = ({ start, end }: Range, by: number): Range => ({ start: start + by, end: end + by });

const configurationLabels = new Set('yaml yml toml json jsonc json5 ini gin bash sh shell console zsh powershell bat cmd'.split(' '));
