/** What the loss is: one sentence, its formula, and the constants that were measured. */
import { coreSentence, factList, isTranslated, verdictSentence } from './describe';
import { element, type Child } from './dom';
import { typeset } from './formula';
import { lineLink, type Page } from './page';

export function verdict(page: Page): HTMLElement {
  const { inspection, words } = page;
  return element(
    'section',
    { 'data-key': 'verdict', class: 'verdict', 'aria-labelledby': 'verdict-title' },
    element('h1', { id: 'verdict-title' }, verdictSentence(inspection, words)),
    isTranslated(inspection, words) && element('p', { class: 'dim', lang: 'en' }, coreSentence(inspection)),
    inspection.problem === null ? null : problem(page),
  );
}

function problem(page: Page): Child {
  const found = page.inspection.problem!;
  return element(
    'p',
    { class: 'problem', role: 'note' },
    element('span', { class: 'message' }, found.message),
    found.range === null ? null : [' ', lineLink(page, found.range)],
    (found.calls ?? []).map(({ name, range }, i) => [i === 0 ? ` ${page.words.reachedBy} ` : ' → ', name, ' ', lineLink(page, range)]),
    found.type === 'unsupported' && [
      ' ',
      element(
        'button',
        {
          type: 'button',
          class: 'link',
          on: {
            click: () => {
              page.act.openRule('supported');
            },
          },
        },
        page.words.whatIsSupported,
      ),
    ],
  );
}

export function formula(page: Page): Child {
  const { inspection, words } = page;
  const { measured, recognised } = inspection;
  if (recognised !== undefined)
    return element(
      'div',
      {
        'data-key': 'formula',
        class: 'formula',
        role: 'group',
        'aria-label': `${words.sections.formula}: ${recognised.title}`,
        tabindex: '0',
      },
      element('span', { class: 'equation' }, typeset(recognised.tex)),
    );
  if (measured === null || (measured.formula === null && !measured.affine)) return null;
  const name = measured.formula === null ? words.sections.formula : `${words.sections.formula}: ${measured.formula.text}`;
  return element(
    'div',
    { 'data-key': 'formula', class: 'formula', role: 'group', 'aria-label': name, tabindex: '0' },
    measured.formula === null
      ? element('span', { class: 'dim' }, words.noFormula)
      : measured.formula.tex.map((tex) => element('span', { class: 'equation', 'data-key': tex }, typeset(tex))),
  );
}

export function facts(page: Page): Child {
  const { measured } = page.inspection;
  const list = factList(page.inspection, page.words);
  if (list.length === 0) return null;
  return [
    measured?.affine === false && element('p', { 'data-key': 'best-fit', class: 'dim small' }, page.words.bestFit),
    element(
      'dl',
      { 'data-key': 'facts', class: 'facts', 'aria-label': page.words.sections.measured },
      list.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
    ),
  ];
}
