/**
 * The comparison: the person's own loss, then every formulation, and in words why two numbers differ. In a narrow panel a row
 * becomes two lines (view.css); the roles are written out because a changed `display` would take them from the table.
 */
import type { Num, Standing } from '../src/inspection';
import { parameterText, relationSentence } from './describe';
import { element, type Child } from './dom';
import { formatCount, formatDifference, formatDistance, formatLoss, formatPercent } from './format';
import { typeset } from './formula';
import { heatGrid } from './heat';
import type { Row } from './model';
import { section, swatch, type Page } from './page';

export function comparisonTable(page: Page): Child {
  const { rows, words } = page;
  if (rows.length === 1 && rows[0]!.value === null) return null;
  const heading = (text: string, className: string, title?: string): HTMLElement =>
    element('th', { scope: 'col', role: 'columnheader', class: className, title }, text);
  return section(
    'comparison',
    words.sections.comparison,
    baselineChoice(page),
    element(
      'table',
      { class: 'comparison', role: 'table', 'aria-labelledby': 'comparison-title' },
      element(
        'thead',
        { role: 'rowgroup' },
        element(
          'tr',
          { role: 'row' },
          heading(words.formulation, 'title'),
          heading(words.loss, 'number value'),
          heading(words.difference, 'number difference'),
          heading(words.relative, 'number relative'),
          heading(words.ulp, 'number ulp', words.ulpMeaning),
          heading(words.gradientDifference, 'number gradient'),
          heading(page.inspection.baseline === undefined ? words.relation : words.relationToBaseline, 'relation'),
        ),
      ),
      element(
        'tbody',
        { role: 'rowgroup' },
        rows.map((row) => [line(page, row), page.expanded.has(row.id) && hasDetails(page, row) && details(page, row)]),
      ),
    ),
  );
}

/** Chooses what every row is compared with: the person's own loss, or a formulation that has a value on the sample. */
function baselineChoice(page: Page): Child {
  const { rows, words, act } = page;
  const choices = rows.filter((row) => row.own || row.value !== null);
  if (choices.length < 2 || page.draft === null) return null;
  return element(
    'label',
    { class: 'choices', 'data-key': 'baseline' },
    element('span', {}, words.comparedWith),
    element(
      'select',
      {
        'data-key': 'baseline-choice',
        'aria-label': words.comparedWith,
        disabled: page.checked?.valid === false,
        set: { value: page.baseline ?? '' },
        on: {
          change: (event) => {
            const { value } = event.currentTarget as HTMLSelectElement;
            act.compareWith(value === '' ? null : value);
          },
        },
      },
      choices.map((row) => element('option', { value: row.formulation ?? '', 'data-key': row.id }, row.title)),
    ),
  );
}

function line(page: Page, row: Row): HTMLElement {
  const { words, act } = page;
  const open = page.expanded.has(row.id);
  const { standing } = row;
  const cell = (className: string, label: string, text: string): HTMLElement =>
    element('td', { role: 'cell', class: `number ${className}`, 'data-label': label }, text);
  const distance = (className: string, label: string, value: Num | null | undefined, format: (value: Num) => string): HTMLElement =>
    value === null || value === undefined
      ? element('td', { role: 'cell', class: `number ${className} none` })
      : cell(className, label, format(value));
  const numbers = row.parameters.map((parameter) => parameterText(parameter, words)).join(words.correct.comma);
  const name = [
    swatch(row.series),
    element('span', {}, row.title, numbers !== '' && [' ', element('span', { class: 'dim parameters' }, numbers)]),
  ];
  return element(
    'tr',
    {
      role: 'row',
      class: `${row.own ? 'own ' : ''}${row.baseline ? 'baseline' : `relation-${standing?.relation?.kind ?? 'none'}`}`,
      'data-key': row.id,
    },
    element(
      'th',
      { scope: 'row', role: 'rowheader', class: 'title' },
      hasDetails(page, row)
        ? element(
            'button',
            {
              type: 'button',
              class: 'disclosure',
              'aria-expanded': open ? 'true' : 'false',
              'aria-label': words.details(row.title),
              on: {
                click: () => {
                  act.toggle(row.id);
                },
              },
            },
            element('span', { class: 'twistie', 'aria-hidden': 'true' }, open ? '▾' : '▸'),
            name,
          )
        : element('span', { class: 'disclosure' }, element('span', { class: 'twistie' }), name),
    ),
    cell('value', words.loss, formatLoss(row.value)),
    row.baseline
      ? element(
          'td',
          { role: 'cell', class: 'number difference', 'data-label': words.difference },
          row.unreduced ? words.baselineOfMean : words.baseline,
        )
      : cell('difference', words.difference, formatDifference(standing?.difference ?? null)),
    distance('relative', words.relative, standing?.relativeDifference, formatPercent),
    distance('ulp', words.ulp, standing?.ulp, formatCount),
    distance('gradient', words.gradientShort, standing?.gradientDifference, formatDistance),
    element(
      'td',
      { role: 'cell', class: 'relation' },
      standing !== null && relation(relationSentence(standing.relation, standing.detail, words), isPlainlyDifferent(page, standing)),
    ),
  );
}

/** Among many formulations most are another loss altogether: what follows is the same for all of them. */
const isPlainlyDifferent = ({ inspection }: Page, { relation: of }: Standing): boolean =>
  inspection.recognised !== undefined && of?.kind === 'different';

function relation({ lead, rest }: { readonly lead: string; readonly rest: string }, isLeadEnough: boolean): Child {
  if (isLeadEnough) return lead;
  return [element('strong', {}, lead), /^[:;,.]/.test(rest) || rest === '' ? rest : ` ${rest}`];
}

/** Is there anything to open? */
const hasDetails = (page: Page, row: Row): boolean =>
  row.tex !== null || row.perSample !== null || (page.gradients && row.gradient !== null);

function details(page: Page, row: Row): HTMLElement {
  const { words } = page;
  return element(
    'tr',
    { role: 'row', class: 'details', 'data-key': `${row.id}-details` },
    element(
      'td',
      { role: 'cell', colspan: '7' },
      row.tex === null
        ? null
        : element('div', { class: 'formula', tabindex: '0', role: 'group', 'aria-label': words.sections.formula }, typeset(row.tex)),
      row.perSample === null ? null : perSample(page, row),
      row.gradient !== null &&
        page.gradients && [
          element('div', { class: 'dim small' }, words.sections.gradient),
          heatGrid(row.gradient, `${words.sections.gradient}, ${row.title}`, words),
        ],
    ),
  );
}

function perSample(page: Page, row: Row): HTMLElement {
  const { words, rows } = page;
  const own = rows[0]!.perSample;
  const targets = page.inspection.sample?.targets ?? null;
  const compared = !row.own && own !== null && own.length === row.perSample!.length;
  return element(
    'table',
    { class: 'per-sample', 'aria-label': `${words.perSample}, ${row.title}` },
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, words.perSample),
        targets !== null && element('th', { scope: 'col', class: 'number' }, words.target),
        element('th', { scope: 'col', class: 'number' }, words.loss),
        compared && element('th', { scope: 'col', class: 'number' }, words.yourCode),
      ),
    ),
    element(
      'tbody',
      {},
      row.perSample!.map((value, n) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, words.sampleRow(n)),
          targets !== null && element('td', { class: 'number' }, targets[n]?.toString() ?? ''),
          element('td', { class: 'number' }, formatLoss(value)),
          compared && element('td', { class: 'number' }, formatLoss(own[n]!)),
        ),
      ),
    ),
  );
}
