/** What the loss is: one sentence, its formula, and the constants that were measured. */
import type { Inspection, Measured } from '../src/inspection';
import { element, type Child } from './dom';
import { formatConstant, formatDistance, formatLoss, toNumber } from './format';
import { measuredFormula, typeset } from './formula';
import { lineLink, type Page } from './page';
import type { Strings } from './strings';

export function verdict(page: Page): HTMLElement {
  const { inspection, words } = page;
  return element(
    'section',
    { 'data-key': 'verdict', class: 'verdict', 'aria-labelledby': 'verdict-title' },
    element('h1', { id: 'verdict-title' }, verdictSentence(inspection, words)),
    inspection.problem === null ? null : problem(page),
  );
}

/** The sentence on top: the measured verdict, or why there is none. */
export function verdictSentence(inspection: Inspection, words: Strings): string {
  if (inspection.problem !== null && inspection.status !== 'measured') return words.problemTypes[inspection.problem.type];
  if (inspection.measured !== null) return inspection.measured.verdict;
  return inspection.value === null ? words.ran(inspection.printed.length) : words.ranLoss(formatLoss(inspection.value));
}

function problem(page: Page): Child {
  const found = page.inspection.problem!;
  return element(
    'p',
    { class: 'problem', role: 'note' },
    element('span', { class: 'message' }, found.message),
    found.range === null ? null : [' ', lineLink(page, found.range)],
  );
}

export function formula(page: Page): Child {
  const { inspection, words } = page;
  if (inspection.measured === null) return null;
  const parts = measuredFormula(inspection.measured, inspection.sample?.targets ?? []);
  return element(
    'div',
    { 'data-key': 'formula', class: 'formula', role: 'group', 'aria-label': words.sections.formula, tabindex: '0' },
    parts === null ? element('span', { class: 'dim' }, words.bestFit) : parts.map((tex) => element('span', { class: 'equation', 'data-key': tex }, typeset(tex))),
  );
}

export function facts(page: Page): Child {
  const { measured } = page.inspection;
  if (measured === null) return null;
  return element(
    'dl',
    { 'data-key': 'facts', class: 'facts', 'aria-label': page.words.sections.measured },
    factList(measured, page.words).map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
  );
}

/** What was measured, name and text, the most telling first. Also what a copy as Markdown lists. */
export function factList(measured: Measured, words: Strings): readonly (readonly [string, string])[] {
  const names = words.measured;
  const [on, off, scale, offset] = [measured.onValue, measured.offValue, measured.scale, measured.offset].map(toNumber) as [number, number, number, number];
  const { fillScatter, uniformMixture } = measured.effectiveSmoothing;
  const list: (readonly [string, string])[] = [
    [names.onValue, formatConstant(measured.onValue)],
    [names.offValue, formatConstant(measured.offValue)],
    [names.mass, formatConstant(measured.mass)],
    [names.fillScatter, fillScatter === null ? names.none : formatConstant(fillScatter)],
    [names.uniformMixture, uniformMixture === null ? names.none : formatConstant(uniformMixture)],
    [names.reduction, words.reductions[measured.reduction]],
  ];
  if (measured.reduction === 'unknown' || !Number.isFinite(scale)) list.push([names.scale, formatConstant(measured.scale)]);
  if (offset !== 0) list.push([names.offset, formatConstant(measured.offset)]);
  list.push([names.floor, formatConstant(measured.entropyFloor)]);
  if (on > 0 && off > 0) list.push([names.gap, formatConstant(Math.log(on / off), 4)]);
  if (measured.paddingIndex !== null) list.push([names.padding, String(measured.paddingIndex)]);
  if (!measured.affine) list.push([names.residual, formatDistance(measured.residual)]);
  return list;
}
