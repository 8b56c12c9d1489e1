/** The targets that an ε makes, as a small table: at the K of the person's own code, else at a few usual ones. */
import { l10n } from 'vscode';
import type { Inspection, Measured } from '../inspection';
import { conventionOf, isAssumed } from '../knownInputs';
import { entropyFloor, inOtherConvention, onOff, optimalGap, type Convention, type TargetRow } from './conventions';
import { shortNumber, sumsToOne } from './summary';

/** Where the code does not say how many classes there are. */
const exampleClasses = [2, 10, 100, 1000];

interface Row {
  readonly classes: number;
  readonly target: TargetRow;
  /** The ε that gives the same targets in the other convention. */
  readonly other: number | null;
}

/** The values of ε that need no table. */
export function smoothingInWords(smoothing: number): string | null {
  if (smoothing === 0) return l10n.t('ε = 0: nothing is smoothed, these are hard labels.');
  if (!(smoothing > 0 && smoothing < 1)) return l10n.t('ε is outside [0, 1): the targets are no probability distribution.');
  return null;
}

/** Null where a table would not be true of the loss: it was measured to be neither convention, or at another ε. */
export function hoverTable(smoothing: number, inspection: Inspection | null): string | null {
  const measured = inspection?.measured ?? null;
  if (!measured) return inspection?.status === 'measured' ? null : bothConventions(smoothing);
  if (!measured.affine || inspection === null || inspection.classes === null) return null;
  const convention = conventionOf(inspection);
  if (convention !== null) {
    const rows = classesOf(inspection).flatMap((k) => rowOf(convention, smoothing, k) ?? []);
    const other = convention === 'fillScatter' ? l10n.t('ε in torch, timm') : l10n.t('ε in fill/scatter');
    const converted =
      convention === 'fillScatter'
        ? l10n.t('The same targets in torch, timm: ε·K/(K−1).')
        : l10n.t('The same targets in fill/scatter: ε·(K−1)/K.');
    return withCaption(tableOf(rows, other), converted);
  }
  const target = inspection.smoothing === smoothing ? measuredTarget(measured) : null;
  if (target === null) return null;
  const uniformMixture = sumsToOne(measured) ? measured.effectiveSmoothing.uniformMixture : null;
  const other = typeof uniformMixture === 'number' ? uniformMixture : null;
  return withCaption(tableOf([{ classes: inspection.classes, target, other }], other === null ? null : l10n.t('ε in torch, timm')));
}

/** Nothing is known of the loss: what ε would make in each convention. */
function bothConventions(smoothing: number): string {
  const lines = (['fillScatter', 'uniformMixture'] as const).flatMap((convention) =>
    exampleClasses.flatMap((k) => {
      const row = rowOf(convention, smoothing, k);
      return row ? [[conventionNames[convention], String(k), ...numbersOf(row.target), shown(row.other)]] : [];
    }),
  );
  return markdownTable(['', 'K', l10n.t('on'), l10n.t('off'), l10n.t('floor H(q)'), l10n.t('logit gap'), l10n.t('ε in the other')], lines);
}

function rowOf(convention: Convention, smoothing: number, classes: number): Row | null {
  const values = onOff(convention, smoothing, classes);
  if (!values) return null;
  return { classes, target: { ...values, mass: 1 }, other: inOtherConvention(convention, smoothing, classes) };
}

function measuredTarget({ onValue: on, offValue: off, mass }: Measured): TargetRow | null {
  return typeof on === 'number' && typeof off === 'number' && typeof mass === 'number' && mass > 0 ? { on, off, mass } : null;
}

const numbersOf = (target: TargetRow): readonly string[] => [
  shown(target.on),
  shown(target.off),
  shown(entropyFloor(target)),
  shown(optimalGap(target)),
];

function tableOf(rows: readonly Row[], other: string | null): string {
  const head = [
    'K',
    l10n.t('on'),
    l10n.t('off'),
    l10n.t('mass'),
    l10n.t('floor H(q)'),
    l10n.t('logit gap'),
    ...(other === null ? [] : [other]),
  ];
  const lines = rows.map((row) => {
    const [on, off, ...rest] = numbersOf(row.target);
    return [String(row.classes), on!, off!, shown(row.target.mass), ...rest, ...(other === null ? [] : [shown(row.other)])];
  });
  return markdownTable(head, lines);
}

function withCaption(table: string, converted?: string): string {
  const floor = l10n.t('H(q): the smallest cross entropy these targets allow, where the target’s logit leads by the gap log(on/off).');
  return `${table}\n\n${converted === undefined ? '' : `${converted} `}${floor}`;
}

/** Hovers draw tables without room between their columns, and break cells wherever they may. */
const apart = '&nbsp;'.repeat(3);

function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell : `${apart}${cell.replaceAll(' ', '&nbsp;')}`)).join(' | ')} |`;
  return [row(head), `|${head.map((_, i) => (i === 0 ? ':-' : '-:')).join('|')}|`, ...lines.map(row)].join('\n');
}

const shown = (value: number | null): string => (value === null ? '–' : shortNumber(value));

const conventionNames: Readonly<Record<Convention, string>> = {
  fillScatter: 'fill/scatter · ε/(K−1)',
  uniformMixture: 'torch, timm · ε/K',
};

/** The K that the program or the person says; an assumed one says nothing about the code. */
function classesOf(inspection: Inspection): readonly number[] {
  const { classes, measured } = inspection;
  if (classes === null) return exampleClasses;
  // Only a formulation is known to hold at every K.
  return !isAssumed(inspection, 'classes') || measured?.formulation === null ? [classes] : exampleClasses;
}
