/** What a hover says, as short as it teaches: what the loss is, its targets at the code's own K, what is wrong on the line, where to go from here. */
import { l10n, MarkdownString } from 'vscode';
import type { ChainLink, Finding, Inspection, SmoothingConstant } from '../inspection';
import { assumedClasses, stopsOf, stopText } from '../knownInputs';
import { hoverTable, smoothingInWords } from './hoverTable';
import type { FoundConstant, FoundLoss } from './found';
import type { InspectTarget } from './lossHere';
import { code, escaped } from './markdownText';
import { shortNumber } from './summary';

export interface Explained {
  /** Null where the name of a loss is hovered. */
  readonly constant: FoundConstant | null;
  readonly loss: FoundLoss | null;
  readonly inspection: Inspection | null;
  /** Those of the hovered line. */
  readonly findings: readonly Finding[];
  readonly uri: string;
}

export function explanation({ constant, loss, inspection, findings, uri }: Explained): MarkdownString {
  const text = new MarkdownString('', true);
  text.isTrusted = { enabledCommands: ['lossInspector.inspect', 'lossInspector.copyAs', 'lossInspector.openRule'] };
  const known = constant === null ? null : whatIsKnown(constant, inspection);
  // Of a constant that is not known, the run has another ε, or an assumed one: its targets are not those of the constant.
  const smoothing = known === null ? (inspection?.smoothing ?? null) : known.value;
  const head = [constant && known ? headOf(constant, known) : null, loss ? links({ uri, name: loss.name }, inspection) : null];
  // A hover shows some ten lines before it scrolls: what to know and to do stands first, hints last.
  const parts = [
    head.filter((part) => part !== null).join(' &emsp; '),
    chainLine(known === null ? chainOfRun(inspection) : known.chain),
    whatItIs(inspection),
    formulaLine(smoothing, inspection),
    ...findings.filter(({ severity }) => severity !== 'hint').map(findingLine),
    smoothing === null ? null : (smoothingInWords(smoothing) ?? hoverTable(smoothing, inspection)),
    ...findings.filter(({ severity }) => severity === 'hint').map(findingLine),
  ];
  text.appendMarkdown(parts.filter((part) => part !== null).join('\n\n'));
  return text;
}

type Known = Required<Pick<SmoothingConstant, 'value' | 'chain'>>;

/** The number that the text says, else the one that the program has there. */
function whatIsKnown({ value, range, nameRange }: FoundConstant, inspection: Inspection | null): Known {
  const ran = inspection?.smoothingConstants.find(
    (one) => one.range.file === undefined && one.range.start === range.start && one.nameRange.start === nameRange.start,
  );
  return { value: value ?? ran?.value ?? null, chain: ran?.chain ?? [] };
}

function headOf({ name, expression }: FoundConstant, { value }: Known): string {
  return `**${l10n.t('Label smoothing')}** ${code(name)}: ε = ${value === null ? code(expression) : shortNumber(value)}`;
}

const chainOfRun = (inspection: Inspection | null): readonly ChainLink[] => {
  const source = inspection?.inputs.find(({ role }) => role === 'smoothing')?.source;
  return source?.kind === 'code' ? source.chain : [];
};

/** From where the number is written to where it is used; a number that stands where it is used needs no way. */
function chainLine(chain: readonly ChainLink[]): string | null {
  const stops = stopsOf(chain);
  if (stops.length < 2) return null;
  const shown = stops.map((stop) =>
    stop === null
      ? '…'
      : `${code(stopText(stop))} (${stop.file === undefined ? '' : `${escaped(stop.file)}, `}${l10n.t('line {0}', stop.range.line)})`,
  );
  return `ε: ${shown.join(' → ')}`;
}

function whatItIs(inspection: Inspection | null): string {
  if (!inspection) return l10n.t('Not measured yet.');
  if (inspection.status !== 'measured') return unmeasured(inspection);
  const { measured, value, classes, sample } = inspection;
  if ((inspection.recognised ?? inspection.unrecognised) !== undefined && inspection.verdict !== null) return escaped(inspection.verdict);
  if (measured === null)
    return value === null ? l10n.t('This loss could not be measured.') : l10n.t('This code ran; its loss is {0}.', shortNumber(value));
  // The targets below may be those of other numbers of classes.
  const assumed = assumedClasses(inspection);
  const at =
    assumed !== null
      ? ` ${l10n.t('Measured at K = {0}, assumed.', assumed)}`
      : sample?.origin === 'default' && classes !== null
        ? ` ${l10n.t('Measured at K = {0}.', classes)}`
        : '';
  return `${escaped(measured.verdict)}${at}`;
}

/** The formula has the ε of the run in it, so it explains no other. */
function formulaLine(smoothing: number | null, inspection: Inspection | null): string | null {
  const formula = inspection?.measured?.formula ?? null;
  if (formula === null || (smoothing !== null && inspection?.smoothing !== smoothing)) return null;
  // Code that makes targets has them as its formula, `q_y = …`.
  return code(formula.text.startsWith('q_') ? formula.text : `L = ${formula.text}`);
}

const icons: Readonly<Record<Finding['severity'], string>> = {
  error: '$(error)',
  warning: '$(warning)',
  info: '$(info)',
  hint: '$(lightbulb)',
};

function findingLine({ rule, severity, message }: Finding): string {
  const page = commandLink('lossInspector.openRule', rule);
  return `${icons[severity]}&nbsp;${escaped(message)} [${rule}](${page} "${l10n.t('Open the page of this rule')}")`;
}

function links(target: InspectTarget, inspection: Inspection | null): string {
  const run = l10n.t('Run this loss on sample tensors and compare it');
  const inspect = `$(beaker)&nbsp;[${l10n.t('Inspect loss')}](${commandLink('lossInspector.inspect', target)} "${run}")`;
  if (inspection?.status !== 'measured') return inspect;
  const copy = `$(copy)&nbsp;[${l10n.t('Copy as…')}](${commandLink('lossInspector.copyAs', target)} "${l10n.t('Copy this loss as a test, as TypeScript or as torch’s own')}")`;
  return `${inspect} &emsp; ${copy}`;
}

const commandLink = (command: string, argument: unknown): string => `command:${command}?${encodeURIComponent(JSON.stringify([argument]))}`;

/** Why a loss was not measured; where the gap is ours, with the calls that lead to it and what is supported. */
function unmeasured({ problem }: Inspection): string {
  if (problem === null) return l10n.t('This loss cannot be run.');
  const way = (problem.calls ?? []).map(({ name, range }) => `${name ?? ''} (${l10n.t('line {0}', range.line)})`).join(' → ');
  const said = escaped(way === '' ? problem.message : `${problem.message}: ${way}`);
  return problem.type === 'unsupported'
    ? `${said} [${l10n.t('What is supported')}](${commandLink('lossInspector.openRule', 'supported')})`
    : said;
}
