/** An Inspection as text for elsewhere: Markdown for people, JSON and CSV for programs. */
import type { Inspection, Num } from '../src/inspection';
import { factList, relationSentence, verdictSentence } from './describe';
import { formatConstant, formatCount, formatDifference, formatDistance, formatLoss, formatPercent } from './format';
import { measuredFormula } from './measuredTex';
import type { Row } from './model';
import type { Strings } from './strings';

export type CopyFormat = 'Markdown' | 'JSON' | 'CSV';

export function copyText(format: CopyFormat, file: string, inspection: Inspection, rows: readonly Row[], words: Strings): string {
  switch (format) {
    case 'Markdown':
      return markdown(file, inspection, rows, words);
    case 'JSON':
      return `${JSON.stringify(inspection, null, 2)}\n`;
    case 'CSV':
      return csv(rows);
  }
}

const joined = ({ lead, rest }: { readonly lead: string; readonly rest: string }): string =>
  /^[:;,.]/.test(rest) || rest === '' ? lead + rest : `${lead}: ${rest}`;
const escapeCell = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

function markdown(file: string, inspection: Inspection, rows: readonly Row[], words: Strings): string {
  const { measured, sample, problem, findings, notes } = inspection;
  const tex = measured === null ? null : measuredFormula(measured, sample?.targets ?? []);
  const parts = [
    `## ${inspection.name} (${file}:${inspection.nameRange.line})`,
    verdictSentence(inspection, words),
    problem !== null && `> ${problem.message}${problem.range === null ? '' : ` (${words.line(problem.range.line)})`}`,
    tex !== null && `$$${tex.join(', \\quad ')}$$`,
    measured !== null &&
      factList(measured, words)
        .map(([name, value]) => `- ${name}: ${value}`)
        .join('\n'),
    findings.length > 0 &&
      findings
        .map((found) => `- **${words.severities[found.severity]}** ${found.message} (\`${found.rule}\`, ${words.line(found.range.line)})`)
        .join('\n'),
    (inspection.value !== null || rows.length > 1) &&
      table(
        [words.formulation, words.loss, words.difference, words.relative, words.ulp, words.gradientDifference, words.relation],
        rows.map((row) => [
          row.title,
          formatLoss(row.value),
          row.comparison === null ? (row.unreduced ? words.baselineOfMean : words.baseline) : formatDifference(row.comparison.difference),
          row.comparison === null ? '' : formatPercent(row.comparison.relativeDifference),
          row.comparison === null ? '' : formatCount(row.comparison.ulp),
          row.comparison === null ? '' : formatDistance(row.comparison.gradientDifference),
          row.comparison === null ? '' : joined(relationSentence(row.relation, row.comparison.detail, words)),
        ]),
      ),
    sample !== null &&
      table(
        ['', ...(sample.logits[0] ?? []).map((_, k) => words.logit(k)), words.target],
        sample.logits.map((logits, n) => [String(n), ...logits.map((value) => formatConstant(value)), String(sample.targets[n])]),
      ),
    notes.length > 0 && notes.map((note) => `- ${note}`).join('\n'),
  ];
  return `${parts.filter((part) => part !== false && part !== '').join('\n\n')}\n`;
}

/** Full precision, one line per row and sample: what a spreadsheet or pandas reads. */
function csv(rows: readonly Row[]): string {
  const most = Math.max(0, ...rows.map((row) => row.perSample?.length ?? 0));
  const samples = Array.from({ length: most }, (_, n) => n);
  const number = (value: Num | null | undefined): string => (value === null || value === undefined ? '' : String(value));
  const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const head = [
    'formulation',
    'smoothing',
    'value',
    'difference',
    'relative_difference',
    'ulp',
    'gradient_difference',
    'relation',
    'detail',
  ];
  const lines = rows.map(({ comparison, ...row }) => [
    row.own ? 'yours' : row.title,
    number(comparison?.smoothing),
    number(row.value),
    number(comparison?.difference),
    number(comparison?.relativeDifference),
    number(comparison?.ulp),
    number(comparison?.gradientDifference),
    row.relation?.kind ?? '',
    comparison?.detail ?? '',
    ...samples.map((n) => number(row.perSample?.[n])),
  ]);
  return `${[[...head, ...samples.map((n) => `sample_${n}`)], ...lines].map((cells) => cells.map(quoted).join(',')).join('\n')}\n`;
}
