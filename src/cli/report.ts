/** A file's inspection as readable text. */
import type { Comparison, FileInspection, Finding, Inspection, Printed, Problem, SourceRange, Step, UsedSample } from '../inspection';
import { percent, shown, signed, tensorText } from './numbers';
import type { Style, Terminal } from './terminal';
import { columns, cut, hanging, padEnd, padStart, styled, wrap } from './terminal';

export function reportText(inspection: FileInspection, terminal: Terminal): string {
  const lines: string[] = [];
  for (const loss of inspection.losses) lines.push(...lossLines(loss, inspection.file, terminal), '');
  if (inspection.losses.length === 0 && inspection.problems.length === 0) lines.push(`${inspection.file}: no loss found`, '');
  const told = new Set(inspection.losses.flatMap(({ problem }) => (problem ? [sameProblem(problem)] : [])));
  for (const problem of inspection.problems)
    if (!told.has(sameProblem(problem))) lines.push(...problemLines(problem, inspection.file, terminal));
  while (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n`;
}

const place = (range: SourceRange | null, file: string): string => (range ? `${file}:${range.line}:${range.column}` : file);

/** Problems that say the same of the same place: a broken statement stands with its loss and with its file. */
const sameProblem = ({ message, range }: Problem): string => `${range ? `${range.line}:${range.column}` : ''} ${message}`;

/** `Unsupported: …` says its type itself. */
const typeOf = ({ type, message }: Problem): string =>
  type === 'notFound' || (type === 'unsupported' && message.startsWith('Unsupported:')) ? '' : `${type}: `;

function problemLines(problem: Problem, file: string, terminal: Terminal): readonly string[] {
  const head = `${place(problem.range, file)}: ${typeOf(problem)}`;
  return hanging('', styled(head, 'red', terminal) + problem.message, terminal.width);
}

function lossLines(loss: Inspection, file: string, terminal: Terminal): readonly string[] {
  const what = [loss.kind, loss.framework, place(loss.nameRange, file)].join(' · ');
  const lines = [`${styled(loss.name, 'bold', terminal)}  ${styled(what, 'dim', terminal)}`];
  const body = terminal.width - 2;
  const section = (title: string, content: readonly string[]) => {
    if (content.length > 0) lines.push('', `  ${styled(title, 'bold', terminal)}`, ...content.map((line) => `  ${line}`));
  };
  if (loss.problem) lines.push(...problemLines(loss.problem, file, terminal).map((line) => `  ${line}`));
  if (loss.measured) lines.push(...wrap(loss.measured.verdict, body).map((line) => `  ${styled(line, 'cyan', terminal)}`));
  lines.push(...factLines(loss, terminal).map((line) => `  ${line}`));
  section(
    'Findings',
    loss.findings.flatMap((finding) => findingLines(finding, file, body, terminal)),
  );
  section('Compared with', comparisonLines(loss.comparisons, body, terminal));
  section('Steps', stepLines(loss.steps, body, terminal));
  section('Printed', printedLines(loss.printed, body, terminal));
  section(
    'Notes',
    loss.notes.flatMap((note) => hanging('- ', note, body)),
  );
  return lines;
}

function factLines(loss: Inspection, terminal: Terminal): readonly string[] {
  const facts: [string, string][] = [];
  if (loss.value !== null) facts.push(['value', shown(loss.value)]);
  if (loss.perSample !== null) facts.push(['per sample', loss.perSample.map((v) => shown(v)).join('  ')]);
  if (loss.smoothing !== null) facts.push(['smoothing', shown(loss.smoothing)]);
  if (loss.classes !== null) facts.push(['classes', String(loss.classes)]);
  const { measured } = loss;
  if (measured) {
    facts.push(['target', `on ${shown(measured.onValue)}, off ${shown(measured.offValue)}, mass ${shown(measured.mass)}`]);
    const { fillScatter, uniformMixture } = measured.effectiveSmoothing;
    if (fillScatter !== null || uniformMixture !== null)
      facts.push(['effective ε', `fill/scatter ${shown(fillScatter)}, uniform mixture ${shown(uniformMixture)}`]);
    facts.push(['entropy floor', shown(measured.entropyFloor)]);
  }
  if (loss.gradient) facts.push(['gradient', tensorText(loss.gradient)]);
  if (loss.sample) facts.push(['sample', sampleText(loss.sample)]);
  const width = Math.max(0, ...facts.map(([name]) => name.length));
  return facts.flatMap(([name, text]) => hanging(`${padEnd(name, width)}  `, text, terminal.width - 2));
}

function sampleText(sample: UsedSample): string {
  const { logits, targets, origin, range, note } = sample;
  const from = origin === 'default' ? 'default' : origin === 'user' ? 'given' : `the file’s own${range ? ` (line ${range.line})` : ''}`;
  const rows = logits.map((row) => `[${row.map((v) => shown(v, 5)).join(', ')}]`);
  const shownRows = rows.length > 4 ? [...rows.slice(0, 3), '…', rows.at(-1)!] : rows;
  return `${from}: logits [${shownRows.join(', ')}], targets [${targets.join(', ')}]${note === undefined ? '' : `. ${note}`}`;
}

const severityStyle: Readonly<Record<Finding['severity'], Style>> = { error: 'red', warning: 'yellow', info: 'cyan', hint: 'dim' };

function findingLines(finding: Finding, file: string, width: number, terminal: Terminal): readonly string[] {
  const head = `${finding.severity} `;
  const text = `${finding.message} [${finding.rule}, ${place(finding.range, file)}]${finding.fix ? ` Fix: ${finding.fix.title}${finding.fix.keepsNumbers ? '' : ' (changes the numbers)'}.` : ''}`;
  return hanging(head, text, width).map((line, i) =>
    i === 0 ? styled(head, severityStyle[finding.severity], terminal) + line.slice(head.length) : line,
  );
}

interface Row {
  readonly cells: readonly string[];
  readonly detail: string;
  readonly isEqual: boolean;
}

/** The relation is the last column where the terminal is wide enough for a sentence, else it stands below its row. */
function comparisonLines(comparisons: readonly Comparison[], width: number, terminal: Terminal): readonly string[] {
  if (comparisons.length === 0) return [];
  const header = ['formulation', 'value', 'difference', 'relative', 'ULP', 'gradient'];
  const rows: readonly Row[] = comparisons.map((c) => ({
    cells: [c.title, shown(c.value), signed(c.difference), percent(c.relativeDifference), shown(c.ulp), shown(c.gradientDifference)],
    detail: c.detail,
    isEqual: c.relation?.kind === 'equal',
  }));
  const widths = header.map((title, i) => Math.max(columns(title), ...rows.map((row) => columns(row.cells[i]!))));
  const table = widths.reduce((total, w) => total + w + 2, 0);
  const beside = width - table >= 32;
  const fit = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? padEnd(cell, widths[i]!) : padStart(cell, widths[i]!))).join('  ');
  const lines = [styled(cut(fit(header) + (beside ? '  relation' : ''), width), 'dim', terminal)];
  for (const row of rows) {
    const text = fit(row.cells);
    const first = row.isEqual ? styled(text, 'green', terminal) : text;
    if (table - 2 > width) lines.push(...narrowRow(header, row, width));
    else if (beside)
      lines.push(...hanging(`${text}  `, row.detail, width).map((line, i) => (i === 0 ? first + line.slice(text.length) : line)));
    else lines.push(first, ...hanging('    ', row.detail, width).map((line) => styled(line, 'dim', terminal)));
  }
  return lines;
}

function narrowRow(header: readonly string[], row: Row, width: number): readonly string[] {
  const rest = row.cells.slice(1).map((cell, i) => `${header[i + 1]!} ${cell}`);
  return [...wrap(row.cells[0]!, width), ...hanging('  ', rest.join(', '), width), ...hanging('  ', row.detail, width)];
}

function stepLines(steps: readonly Step[], width: number, terminal: Terminal): readonly string[] {
  const lineWidth = Math.max(0, ...steps.map((s) => String(s.range.line).length));
  const labelWidth = Math.min(24, Math.max(0, ...steps.map((s) => columns(s.label) + 2 * s.depth)));
  return steps.map((step) => {
    const label = padEnd(cut('  '.repeat(step.depth) + step.label.replace(/\s+/g, ' '), labelWidth), labelWidth);
    const value = step.tensor
      ? `${step.tensor.dtype} [${step.tensor.shape.join(', ')}]  ${tensorText(step.tensor)}`
      : (step.text ?? '').replace(/\s+/g, ' ');
    const head = `${padStart(String(step.range.line), lineWidth)}  ${label}  `;
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
    const indent = `${padStart(String(range.line), 4)} ${mark} `;
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
