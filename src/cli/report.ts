/** A file's inspection as readable text. */
import type {
  Comparison,
  FileInspection,
  Finding,
  Inspection,
  Printed,
  Problem,
  Rewrite,
  SourceRange,
  Standing,
  Step,
  Translations,
} from '../inspection';
import { severities } from '../findings/severities';
import { assumedClasses } from '../knownInputs';
import { factsOf, sampleLines, tensorRows } from './facts';
import { percent, shown, signed, tensorText } from './numbers';
import { otherUseText, runWith } from './runWith';
import type { Style, Terminal } from './terminal';
import { columns, cut, hanging, padEnd, padStart, styled, wrap } from './terminal';
import { inert, onOneLine, visibleData } from './visible';

export function reportText(inspected: FileInspection, terminal: Terminal): string {
  // Its texts come from the file: what it prints, raises and is called.
  const inspection = { ...visibleData(inspected), file: onOneLine(inspected.file) };
  const lines: string[] = [];
  for (const loss of inspection.losses) lines.push(...lossLines(loss, inspection.file, terminal), '');
  const { losses, problems, smoothingConstants } = inspection;
  if (losses.length === 0 && problems.length === 0 && smoothingConstants.length === 0) lines.push(`${inspection.file}: no loss found`, '');
  const told = new Set(inspection.losses.flatMap(({ problem }) => (problem ? [sameProblem(problem)] : [])));
  for (const problem of inspection.problems)
    if (!told.has(sameProblem(problem))) lines.push(...problemLines(problem, inspection.file, terminal));
  const named = constantLines(inspection, terminal);
  if (named.length > 0 && lines.length > 0 && lines.at(-1) !== '') lines.push('');
  lines.push(...named);
  while (lines.at(-1) === '') lines.pop();
  return inert(`${lines.join('\n')}\n`);
}

/** Smoothing factors that none of the file's losses has: those of a configuration, of options, of a loss that stands elsewhere. */
function constantLines({ file, smoothingConstants }: FileInspection, terminal: Terminal): readonly string[] {
  const others = smoothingConstants.filter(({ site }) => site === null);
  if (others.length === 0) return [];
  const rows = others.map(({ name, value, expression, range }) => {
    const said = value === null || expression === String(value) ? oneLine(expression) : `${oneLine(expression)} = ${String(value)}`;
    return [String(range.line), name === 'default' ? '' : name, said];
  });
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]!.length));
  return [
    styled(`Smoothing factors that ${file} names`, 'bold', terminal),
    ...rows.map(([line, name, said]) => `  ${padEnd(line!, width(0))}  ${padEnd(name!, width(1))}  ${cut(said!, 80)}`),
  ];
}

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ');

const place = (range: SourceRange | null, file: string): string => (range ? `${range.file ?? file}:${range.line}:${range.column}` : file);

/** `12`, `losses.py:12` where that is another file than the inspected one. */
const lineOf = ({ file, line }: SourceRange): string => (file === undefined ? String(line) : `${file}:${line}`);

/** Problems that say the same of the same place: a broken statement stands with its loss and with its file. */
const sameProblem = ({ message, range }: Problem): string => `${range ? `${lineOf(range)}:${range.column}` : ''} ${message}`;

/** `Unsupported: …` says its type itself. */
const typeOf = ({ type, message }: Problem): string =>
  type === 'notFound' || (type === 'unsupported' && /^(?:Unsupported:|Could not be run)/.test(message)) ? '' : `${type}: `;

function problemLines(problem: Problem, file: string, terminal: Terminal): readonly string[] {
  const head = `${place(problem.range, file)}: ${typeOf(problem)}`;
  const { message, type, calls = [] } = problem;
  const way = calls.map(({ name, range }) => `${name ?? ''} (line ${lineOf(range)})`).join(' → ');
  const by = way === '' ? '' : `, reached by ${way}`;
  const more = type === 'unsupported' ? '. What is supported: docs/supported.md' : '';
  return hanging('', styled(head, 'red', terminal) + message + by + more, terminal.width);
}

/** From what the loss is to how it was found; what is long comes last. */
function lossLines(loss: Inspection, file: string, terminal: Terminal): readonly string[] {
  const what = [loss.kind, loss.framework, place(loss.nameRange, file)].join(' · ');
  const lines = [`${styled(loss.name, 'bold', terminal)}  ${styled(what, 'dim', terminal)}`];
  const body = terminal.width - 2;
  const section = (title: string, content: readonly string[]) => {
    if (content.length > 0) lines.push('', `  ${styled(title, 'bold', terminal)}`, ...content.map((line) => `  ${line}`));
  };
  const { measured } = loss;
  if (loss.problem) lines.push(...problemLines(loss.problem, file, terminal).map((line) => `  ${line}`));
  const classes = assumedClasses(loss);
  const atClasses = classes === null ? '' : ` Measured at K = ${classes}, assumed.`;
  if (loss.verdict !== null) lines.push(...wrap(loss.verdict + atClasses, body).map((line) => `  ${styled(line, 'cyan', terminal)}`));
  if (measured?.formula)
    lines.push(...hanging(measured.formula.text.startsWith('q_') ? '' : 'L = ', measured.formula.text, body).map((line) => `  ${line}`));
  lines.push('', ...factLines(loss, terminal).map((line) => `  ${line}`));
  section('Run with', runWithLines(loss, file, body, terminal));
  section(
    'Findings',
    heaviestFirst(loss.findings).flatMap((finding) => findingLines(finding, body, terminal)),
  );
  section(
    'Rewrites',
    loss.rewrites.flatMap((rewrite) => rewriteLines(rewrite, body, terminal)),
  );
  section('Compared with', comparisonLines(loss.comparisons, body, terminal));
  section(
    `Compared with ${loss.baseline?.title ?? ''}, ε = ${shown(loss.baseline?.smoothing ?? null)}`,
    baselineLines(loss, body, terminal),
  );
  section('In other code', translationLines(loss, body, terminal));
  section(
    'Notes',
    loss.notes.flatMap((note) => hanging('- ', note, body)),
  );
  section('Printed', printedLines(loss.printed, body, terminal));
  section('Sample', loss.sample ? sampleLines(loss.sample, body) : []);
  section('Gradient', loss.gradient ? tensorRows(loss.gradient, body) : []);
  section('Steps', stepLines(loss.steps, body, terminal));
  return lines;
}

function factLines(loss: Inspection, terminal: Terminal): readonly string[] {
  const facts = factsOf(loss);
  const width = Math.max(0, ...facts.map(([name]) => columns(name)));
  return facts.flatMap(([name, text]) => hanging(`${padEnd(name, width)}  `, text, terminal.width - 2));
}

/** What the loss was run with and where each comes from; what is assumed stands first, and is marked. */
function runWithLines(loss: Inspection, file: string, width: number, terminal: Terminal): readonly string[] {
  const rows = runWith(loss, file);
  const nameWidth = Math.max(0, ...rows.map(({ what }) => columns(what)));
  return [
    ...rows.flatMap(({ what, assumed, from }) => {
      const head = padEnd(what, nameWidth);
      const lines = hanging(`${head}  `, assumed ? `assumed: ${from}` : from, width);
      return assumed ? lines.map((line) => styled(line, 'yellow', terminal)) : lines;
    }),
    ...loss.otherUses.flatMap((use) => hanging('', otherUseText(use, file), width)),
  ];
}

function rewriteLines(rewrite: Rewrite, width: number, terminal: Terminal): readonly string[] {
  const isOffered = rewrite.kind === 'offered';
  const title = isOffered && !rewrite.keepsNumbers ? `${rewrite.title} (changes the numbers)` : rewrite.title;
  const head = isOffered ? 'offered ' : 'refused ';
  const [first = '', ...rest] = hanging(head, title, width);
  const why = isOffered ? rewrite.note : rewrite.reason;
  return [
    styled(head, isOffered ? 'green' : 'dim', terminal) + first.slice(head.length),
    ...rest,
    ...(why === '' ? [] : hanging(' '.repeat(head.length), why, width).map((line) => styled(line, 'dim', terminal))),
  ];
}

const translationTitles: readonly (readonly [keyof Translations, string])[] = [
  ['builtin', "torch's built-in"],
  ['pytest', 'pytest'],
  ['tfjs', 'TensorFlow.js'],
];

/** What `--copy` would print, and why where it would not. */
function translationLines({ translations }: Inspection, width: number, terminal: Terminal): readonly string[] {
  if (translations === null) return [];
  return translationTitles.flatMap(([format, title]) => {
    const { code, note } = translations[format];
    const head = code === null ? `${title}: no. ` : `${title}: --copy ${format}. `;
    const [first = '', ...rest] = hanging('', head + note, width);
    return [
      code === null ? styled(first, 'dim', terminal) : first,
      ...rest.map((line) => `  ${line}`).flatMap((line) => wrap(line, width)),
    ];
  });
}

const severityStyle: Readonly<Record<Finding['severity'], Style>> = { error: 'red', warning: 'yellow', info: 'cyan', hint: 'dim' };

const heaviestFirst = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));

function findingLines(finding: Finding, width: number, terminal: Terminal): readonly string[] {
  const head = `${finding.severity} `;
  const text = `${finding.message} [${finding.rule}, line ${lineOf(finding.range)}]${finding.fix ? ` Fix: ${finding.fix.title}${finding.fix.keepsNumbers ? '' : ' (changes the numbers)'}.` : ''}`;
  return hanging(head, text, width).map((line, i) =>
    i === 0 ? styled(head, severityStyle[finding.severity], terminal) + line.slice(head.length) : line,
  );
}

interface Row {
  readonly cells: readonly string[];
  readonly detail: string;
  readonly isEqual: boolean;
}

type Compared = Standing & Pick<Comparison, 'title' | 'value'>;

/** Which columns there is room for: what matters least goes first. */
const columnChoices = [
  [0, 1, 2, 3, 4, 5],
  [0, 1, 2, 3, 5],
  [0, 1, 2, 5],
  [0, 1, 2],
] as const;

/** The loss and the formulations beside the chosen one. */
function baselineLines({ baseline, value }: Inspection, width: number, terminal: Terminal): readonly string[] {
  if (baseline === undefined) return [];
  const others = baseline.comparisons.filter(({ formulation }) => formulation !== baseline.formulation);
  return comparisonLines([{ ...baseline.own, title: 'yours', value }, ...others], width, terminal);
}

/** The relation is the last column where the terminal is wide enough for a sentence, else it stands below its row. */
function comparisonLines(comparisons: readonly Compared[], width: number, terminal: Terminal): readonly string[] {
  if (comparisons.length === 0) return [];
  const header = ['formulation', 'value', 'difference', 'relative', 'ULP', 'gradient'];
  const rows: readonly Row[] = comparisons.map((c) => ({
    cells: [c.title, shown(c.value), signed(c.difference), percent(c.relativeDifference), shown(c.ulp), shown(c.gradientDifference)],
    detail: c.detail,
    isEqual: c.relation?.kind === 'equal',
  }));
  const widths = header.map((title, i) => Math.max(columns(title), ...rows.map((row) => columns(row.cells[i]!))));
  const widthOf = (choice: readonly number[]): number => choice.reduce((total, i) => total + widths[i]! + 2, -2);
  const choice = columnChoices.find((one) => widthOf(one) <= width);
  if (!choice) return rows.flatMap((row) => narrowRow(header, row, width));
  const beside = width - widthOf(choice) - 2 >= 32;
  const fit = (cells: readonly string[]) =>
    choice.map((column, i) => (i === 0 ? padEnd(cells[column]!, widths[column]!) : padStart(cells[column]!, widths[column]!))).join('  ');
  const lines = [styled(cut(fit(header) + (beside ? '  relation' : ''), width), 'dim', terminal)];
  for (const row of rows) {
    const text = fit(row.cells);
    const first = row.isEqual ? styled(text, 'green', terminal) : text;
    if (beside) lines.push(...hanging(`${text}  `, row.detail, width).map((line, i) => (i === 0 ? first + line.slice(text.length) : line)));
    else lines.push(first, ...hanging('    ', row.detail, width).map((line) => styled(line, 'dim', terminal)));
  }
  return lines;
}

function narrowRow(header: readonly string[], row: Row, width: number): readonly string[] {
  const rest = row.cells.slice(1).map((cell, i) => `${header[i + 1]!} ${cell}`);
  return [...wrap(row.cells[0]!, width), ...hanging('  ', rest.join(', '), width), ...hanging('  ', row.detail, width)];
}

function stepLines(steps: readonly Step[], width: number, terminal: Terminal): readonly string[] {
  const lineWidth = Math.max(0, ...steps.map((s) => columns(lineOf(s.range))));
  const labelWidth = Math.min(24, Math.max(0, ...steps.map((s) => columns(s.label) + 2 * s.depth)));
  return steps.map((step) => {
    const label = padEnd(cut('  '.repeat(step.depth) + step.label.replace(/\s+/g, ' '), labelWidth), labelWidth);
    const value = step.tensor
      ? `${step.tensor.dtype} [${step.tensor.shape.join(', ')}]  ${tensorText(step.tensor)}`
      : (step.text ?? '').replace(/\s+/g, ' ');
    const head = `${padStart(lineOf(step.range), lineWidth)}  ${label}  `;
    return styled(head, 'dim', terminal) + cut(value, Math.max(10, width - columns(head)));
  });
}

function printedLines(printed: readonly Printed[], width: number, terminal: Terminal): readonly string[] {
  return printed.flatMap(({ range, text, recorded }) => {
    const mark =
      recorded === undefined
        ? ' '
        : recorded.agrees
          ? styled('✓', 'green', terminal)
          : recorded.unset
            ? styled('∅', 'dim', terminal)
            : styled('✗', 'red', terminal);
    const indent = `${padStart(lineOf(range), 4)} ${mark} `;
    const own = text.replace(/\n$/, '').split('\n');
    const lines = own.map((line, i) => (i === 0 ? indent : ' '.repeat(7)) + cut(line, width - 7));
    if (recorded === undefined || recorded.agrees) return lines;
    const theirs = recorded.text.replace(/\n$/, '').split('\n');
    const unset = recorded.unset ? [`${' '.repeat(7)}memory that nothing was written to yet: it holds something else in every run`] : [];
    return [
      ...lines,
      ...unset,
      ...theirs.map((line, i) => (i === 0 ? `${' '.repeat(7)}recorded: ` : ' '.repeat(17)) + cut(line, width - 17)),
    ];
  });
}
