/** What a smoothing constant means, at a glance. */
import { Hover, languages, l10n, MarkdownString, type Disposable, type DocumentSelector } from 'vscode';
import type { Inspection } from '../inspection';
import { inOtherConvention, onOff, type Convention } from './conventions';
import { lossAt, type Finder, type FoundConstant, type FoundLoss } from './found';
import type { InspectTarget } from './inspectCommand';
import type { Inspections } from './inspections';
import { settings } from './settings';
import { sourceOf, type Source } from './source';
import { shortNumber } from './summary';

/** Where the code does not say how many classes there are. */
const exampleClasses = [2, 10, 100, 1000];
/** A hover that comes later than this comes too late. */
const patience = 2500;

export function registerHovers(selector: DocumentSelector, find: Finder, inspections: Inspections): Disposable {
  const measureOnce = createMeasuring(inspections);
  return languages.registerHoverProvider(selector, {
    async provideHover(document, position) {
      if (!settings.hover()) return null;
      const source = sourceOf(document);
      const offset = source.offset(document, position);
      if (offset === null) return null;
      const { constants, losses } = find(source);
      const constant = constants.find(({ range, nameRange }) =>
        [range, nameRange].some(({ start, end }) => start <= offset && offset <= end),
      );
      if (!constant) return null;
      const loss = losses.find(({ name }) => name === constant.loss) ?? lossAt(losses, constant.range.start);
      const inspection = loss && (await measureOnce(source, loss));
      const place = source.location(constant.range.start, constant.range.end);
      return new Hover(explain(constant, loss, inspection, source), place.range);
    },
  });
}

/** The inspection of a loss, from the last run or by running it now; null when it may not be run or takes too long. */
function createMeasuring(inspections: Inspections): (source: Source, loss: FoundLoss) => Promise<Inspection | null> {
  let last: { readonly key: string; readonly answer: Promise<Inspection | null> } | null = null;
  return async (source, { name }) => {
    const uri = source.uri.toString();
    const inspected = inspections.of(uri);
    if (inspected?.source.version === source.version) return inspected.file.losses.find((loss) => loss.name === name) ?? null;
    if (!settings.hoverMeasures()) return null;
    const key = `${uri} ${source.version} ${name}`;
    if (last?.key !== key) {
      const answer = inspections.peek(source, name).then((outcome) => {
        if (outcome.kind === 'inspected') return outcome.inspection.losses.find((loss) => loss.name === name) ?? null;
        // It was given up, so the next hover may try again.
        if (last?.key === key) last = null;
        return null;
      });
      last = { key, answer };
    }
    const tooLate = new Promise<null>((resolve) => setTimeout(resolve, patience, null));
    return Promise.race([last.answer, tooLate]);
  };
}

function explain(constant: FoundConstant, loss: FoundLoss | null, inspection: Inspection | null, source: Source): MarkdownString {
  const text = new MarkdownString('', true);
  text.isTrusted = { enabledCommands: ['lossInspector.inspect'] };
  const smoothing = constant.value ?? inspection?.smoothing ?? null;
  text.appendMarkdown(`**${l10n.t('Label smoothing')}** ε = ${smoothing === null ? code(constant.expression) : shortNumber(smoothing)}`);
  text.appendMarkdown(`\n\n${formulationLine(inspection)}`);
  if (smoothing !== null) text.appendMarkdown(`\n\n${smoothingInWords(smoothing) ?? table(smoothing, inspection)}`);
  if (loss) {
    const target: InspectTarget = { uri: source.uri.toString(), name: loss.name };
    const link = `command:lossInspector.inspect?${encodeURIComponent(JSON.stringify([target]))}`;
    text.appendMarkdown(`\n\n$(beaker) [${l10n.t('Inspect loss')}](${link} "${l10n.t('Run this loss on sample tensors and compare it')}")`);
  }
  return text;
}

const code = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll('\n', ' ')}\``;
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]()#+!|<>$~]/g, '\\$&');

function formulationLine(inspection: Inspection | null): string {
  if (!inspection) return l10n.t('Not measured yet.');
  if (inspection.status !== 'measured') return escaped(inspection.problem?.message ?? l10n.t('This loss cannot be run.'));
  return escaped(inspection.measured?.verdict ?? l10n.t('This loss cannot be run.'));
}

/** The values of ε that need no table. */
function smoothingInWords(smoothing: number): string | null {
  if (smoothing === 0) return l10n.t('ε = 0: nothing is smoothed, these are hard labels.');
  if (!(smoothing > 0 && smoothing < 1)) return l10n.t('ε is outside [0, 1): the targets are no probability distribution.');
  return null;
}

/** On and off values in the measured convention, or in both when it is not known, and the ε that the other one needs. */
function table(smoothing: number, inspection: Inspection | null): string {
  const convention = conventionOf(inspection);
  const rows = classesOf(inspection);
  const number = (value: number | null | undefined): string => apart(value === null || value === undefined ? '–' : shortNumber(value));
  const lines = (['fillScatter', 'uniformMixture'] as const)
    .filter((one) => convention === null || one === convention)
    .flatMap((one) =>
      rows.map((k) => {
        const values = onOff(one, smoothing, k);
        return `| ${conventionNames[one]} | ${apart(String(k))} | ${number(values?.on)} | ${number(values?.off)} | ${number(inOtherConvention(one, smoothing, k))} |`;
      }),
    );
  const other =
    convention === null
      ? l10n.t('ε in the other')
      : convention === 'fillScatter'
        ? l10n.t('ε in torch, timm: ε·K/(K−1)')
        : l10n.t('ε in fill/scatter: ε·(K−1)/K');
  return [`| | K | ${l10n.t('on')} | ${l10n.t('off')} | ${apart(other)} |`, '|:-|-:|-:|-:|-:|', ...lines].join('\n');
}

/** Hovers draw tables without room between their columns. */
const apart = (text: string): string => `&emsp;${text}`;

const conventionNames: Readonly<Record<Convention, string>> = {
  fillScatter: 'fill/scatter · ε/(K−1)',
  uniformMixture: 'torch, timm · ε/K',
};

/** The K of the person's own tensors; a default sample's is one among others. */
function classesOf(inspection: Inspection | null): readonly number[] {
  const classes = inspection?.classes ?? null;
  if (classes === null) return exampleClasses;
  return inspection?.sample?.origin === 'default' ? [...new Set([...exampleClasses, classes])].sort((a, b) => a - b) : [classes];
}

/** Told by the measured ε: the convention in which the loss has the very ε that the code says. */
function conventionOf(inspection: Inspection | null): Convention | null {
  const { smoothing, measured } = inspection ?? {};
  if (!measured || smoothing === null || smoothing === undefined || smoothing === 0) return null;
  const same = (value: unknown): boolean => typeof value === 'number' && Math.abs(value - smoothing) <= 1e-4 * smoothing + 1e-6;
  const { fillScatter, uniformMixture } = measured.effectiveSmoothing;
  if (same(fillScatter) === same(uniformMixture)) return null;
  return same(fillScatter) ? 'fillScatter' : 'uniformMixture';
}
