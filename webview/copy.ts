/** An Inspection as text for elsewhere: Markdown for people, JSON and CSV for programs. */
import type { Inspection, Num, TensorData, Translations } from '../src/inspection';
import { factList, parameterText, relationSentence, verdictSentence } from './describe';
import { formatConstant, formatCount, formatDifference, formatDistance, formatLoss, formatPercent, formatShape } from './format';
import type { Row } from './model';
import type { Strings } from './strings';
import { heldTensors } from './tensorDraft';

export type TextFormat = 'markdown' | 'json' | 'csv';
export type CopyFormat = TextFormat | keyof Translations;

export const copyFormats: readonly CopyFormat[] = ['markdown', 'json', 'csv', 'pytest', 'tfjs', 'builtin'];

/** A text that the page writes itself, whatever the loss. */
export function isTextFormat(format: CopyFormat): format is TextFormat {
  return format === 'markdown' || format === 'json' || format === 'csv';
}

/** Null where the loss cannot be said so. */
export function copyText(format: CopyFormat, file: string, inspection: Inspection, rows: readonly Row[], words: Strings): string | null {
  switch (format) {
    case 'markdown':
      return markdown(file, inspection, rows, words);
    case 'json':
      return `${JSON.stringify(inspection, null, 2)}\n`;
    case 'csv':
      return csv(rows, inspection.recognised !== undefined);
    default:
      return inspection.translations?.[format].code ?? null;
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
  const { measured, recognised, sample, problem, findings, notes, rewrites, translations } = inspection;
  const builtin = translations?.builtin.code ?? null;
  const parts = [
    `## ${inspection.name} (${file}:${inspection.nameRange.line})`,
    verdictSentence(inspection, words),
    problem !== null && `> ${problem.message}${problem.range === null ? '' : ` (${words.line(problem.range.line)})`}`,
    measured !== null && measured.formula !== null && `$$${measured.formula.tex.join(', \\quad ')}$$`,
    recognised !== undefined && `$$${recognised.tex}$$`,
    factList(inspection, words)
      .map(([name, value]) => `- ${name}: ${value}`)
      .join('\n'),
    findings.length > 0 &&
      findings
        .map((found) => `- **${words.severities[found.severity]}** ${found.message} (\`${found.rule}\`, ${words.line(found.range.line)})`)
        .join('\n'),
    rewrites.length > 0 &&
      rewrites
        .map((rewrite) =>
          rewrite.kind === 'offered'
            ? `- ${rewrite.title} (${rewrite.keepsNumbers ? words.keepsNumbers : words.changesNumbers}): ${rewrite.note}`
            : `- ${words.notOffered(rewrite.title)}: ${rewrite.reason}`,
        )
        .join('\n'),
    translations !== null &&
      (builtin === null
        ? `${words.inTorch}: ${translations.builtin.note}`
        : `${words.inTorch}:\n\n${fenced(builtin)}\n\n${translations.builtin.note}`),
    (inspection.value !== null || rows.length > 1) &&
      table(
        [
          words.formulation,
          words.loss,
          words.difference,
          words.relative,
          words.ulp,
          words.gradientDifference,
          inspection.baseline === undefined ? words.relation : words.relationToBaseline,
        ],
        rows.map((row) => [
          [row.title, ...(row.own ? [] : row.parameters.map((parameter) => parameterText(parameter, words)))].join(words.correct.comma),
          formatLoss(row.value),
          row.baseline ? (row.unreduced ? words.baselineOfMean : words.baseline) : formatDifference(row.standing?.difference ?? null),
          row.standing === null ? '' : formatPercent(row.standing.relativeDifference),
          row.standing === null ? '' : formatCount(row.standing.ulp),
          row.standing === null ? '' : formatDistance(row.standing.gradientDifference),
          row.standing === null ? '' : joined(relationSentence(row.standing.relation, row.standing.detail, words)),
        ]),
      ),
    sample !== null &&
      table(
        ['', ...(sample.logits[0] ?? []).map((_, k) => words.logit(k)), words.target],
        sample.logits.map((logits, n) => [String(n), ...logits.map((value) => formatConstant(value)), String(sample.targets[n])]),
      ),
    ...heldTensors(inspection).map((held) => tensor(held.name, held.meaning, held.values)),
    recognised !== undefined &&
      Object.entries(inspection.gradients)
        .map(([name, values]) => tensor(words.gradientBy(name), undefined, values))
        .join('\n\n'),
    notes.length > 0 && notes.map((note) => `- ${note}`).join('\n'),
  ];
  return `${parts.filter((part) => part !== false && part !== '').join('\n\n')}\n`;
}

/** A tensor as it would be written down: nested brackets, a row to a line. */
function tensor(name: string, meaning: string | undefined, { shape, values, truncated }: TensorData): string {
  const width = shape.at(-1) ?? 1;
  const rows = Array.from({ length: Math.ceil(values.length / Math.max(1, width)) }, (_, row) =>
    values.slice(row * width, (row + 1) * width).map((value) => formatConstant(value).replace('−', '-')),
  );
  const lines = shape.length === 0 ? rows.map((row) => row.join(', ')) : rows.map((row) => `[${row.join(', ')}]`);
  const body = [...lines, ...(truncated ? ['…'] : [])].join('\n');
  return `${name} ${formatShape(shape)}${meaning === undefined ? '' : `, ${meaning}`}:\n\n\`\`\`\n${body}\n\`\`\``;
}

/** A code block that the code itself cannot end. */
function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}python\n${code.trimEnd()}\n${fence}`;
}

/** Full precision, one line per row and sample: what a spreadsheet or pandas reads. */
function csv(rows: readonly Row[], ofTensors: boolean): string {
  const most = Math.max(0, ...rows.map((row) => row.perSample?.length ?? 0));
  const samples = Array.from({ length: most }, (_, n) => n);
  const number = (value: Num | null | undefined): string => (value === null || value === undefined ? '' : String(value));
  const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const head = [
    'formulation',
    ofTensors ? 'parameters' : 'smoothing',
    'value',
    'difference',
    'relative_difference',
    'ulp',
    'gradient_difference',
    'relation',
    'detail',
  ];
  const lines = rows.map(({ standing, ...row }) => [
    row.own ? 'yours' : row.title,
    ofTensors ? row.parameters.map((one) => `${one.symbol}=${String(one.value)}`).join('; ') : number(row.smoothing),
    number(row.value),
    number(standing?.difference),
    number(standing?.relativeDifference),
    number(standing?.ulp),
    number(standing?.gradientDifference),
    standing?.relation?.kind ?? '',
    standing?.detail ?? '',
    ...samples.map((n) => number(row.perSample?.[n])),
  ]);
  return `${[[...head, ...samples.map((n) => `sample_${n}`)], ...lines].map((cells) => cells.map(quoted).join(',')).join('\n')}\n`;
}
