/** The smoothed target distribution of one sample, a bar per class and formulation; formulations with the same targets share one. */
import { element, svg, type Child } from './dom';
import { formatConstant } from './format';
import { distributionOf, grouped, type Row, type Series } from './model';
import { section, swatch, type Page } from './page';
import { checkbox } from './toolkit';

const height = 168;
const plot = { top: 18, bottom: 24, left: 38, right: 4 };
/** Below this a bar has no room for its number; the table under the chart has them all. */
const labelWidth = 27;
const mostClasses = 10;

export function targetChart(page: Page): Child {
  const { words, sampleRow } = page;
  const target = page.inspection.sample?.targets[sampleRow];
  const series = grouped(
    page.rows,
    (row) => distributionOf(row, sampleRow),
    (values) => values,
  );
  if (series.length === 0 || target === undefined) return null;
  const classes = Math.max(...series.map(({ data }) => data.length));
  const shown = shownClasses(classes, target);
  return section(
    'targets',
    words.sections.targets,
    element(
      'div',
      { class: 'choices' },
      rowChoice(page),
      checkbox({ key: 'magnified', checked: page.magnified, onChange: page.act.magnify }, words.magnify),
    ),
    legend(series),
    element('div', { class: 'chart' }, bars(page, series, shown, target)),
    shown.length < classes && element('p', { class: 'dim' }, words.classesCut(shown.length, classes)),
    numbers(page, series, shown, target),
  );
}

function shownClasses(classes: number, target: number): readonly number[] {
  const all = Array.from({ length: classes }, (_, k) => k);
  if (classes <= mostClasses) return all;
  const first = all.slice(0, mostClasses);
  return target < mostClasses || target >= classes ? first : [...first.slice(0, -1), target];
}

function rowChoice(page: Page): Child {
  const count = page.inspection.sample?.targets.length ?? 0;
  if (count < 2) return null;
  return element(
    'label',
    {},
    `${page.words.chooseRow} `,
    element(
      'select',
      {
        'data-key': 'sample-row',
        set: { value: String(page.sampleRow) },
        on: {
          change: (event) => {
            page.act.chooseRow(Number((event.currentTarget as HTMLSelectElement).value));
          },
        },
      },
      Array.from({ length: count }, (_, row) => element('option', { value: row, 'data-key': String(row) }, page.words.sampleRow(row))),
    ),
  );
}

/** Which colour is whose; rows that share a picture share a line. */
export function legend(series: readonly Series<unknown>[]): HTMLElement {
  return element(
    'ul',
    { class: 'legend' },
    series.map(({ rows, series: colour }) => element('li', {}, swatch(colour), titles(rows))),
  );
}

/** `Fill/scatter · KLDiv (sum, mean)`: titles that differ in their brackets only are one. */
export function titles(rows: readonly Row[]): string {
  const bracketsOf = new Map<string, string[]>();
  for (const { title } of rows) {
    const [, name = title, bracket] = /^(.*) \(([^()]*)\)$/.exec(title) ?? [];
    bracketsOf.set(name, [...(bracketsOf.get(name) ?? []), ...(bracket === undefined ? [] : [bracket])]);
  }
  return [...bracketsOf].map(([name, brackets]) => (brackets.length === 0 ? name : `${name} (${brackets.join(', ')})`)).join(' · ');
}

function bars(page: Page, series: readonly Series<readonly number[]>[], shown: readonly number[], target: number): Element {
  const { words } = page;
  const width = page.chartWidth;
  const values = series.flatMap(({ data }) => shown.map((k) => data[k] ?? 0));
  const others = series.flatMap(({ data }) => shown.filter((k) => k !== target).map((k) => data[k] ?? 0));
  const largestOther = Math.max(0, ...others);
  const low = Math.min(0, ...values);
  const high = page.magnified && largestOther > 0 ? largestOther * 1.2 : Math.max(1, ...values);
  const y = (value: number): number => plot.top + ((high - Math.min(value, high)) / (high - low)) * (height - plot.top - plot.bottom);
  const group = (width - plot.left - plot.right) / shown.length;
  const bar = Math.min(34, (group * 0.86) / series.length);
  const labelled = bar >= labelWidth;
  const rule = (value: number): Child => [
    svg('line', { class: 'rule', x1: plot.left, x2: width - plot.right, y1: y(value), y2: y(value) }),
    svg('text', { class: 'tick end', x: plot.left - 6, y: y(value) + 4 }, formatConstant(value, 2)),
  ];
  return svg(
    'svg',
    { role: 'img', 'aria-label': words.targetsChart(page.sampleRow, target), width, height, viewBox: `0 0 ${width} ${height}` },
    rule(0),
    rule(page.magnified ? largestOther : 1),
    shown.map((k, at) => {
      const middle = plot.left + group * (at + 0.5);
      const start = middle - (bar * series.length) / 2;
      return svg(
        'g',
        {},
        series.map(({ data, series: colour }, i) => {
          const value = data[k] ?? 0;
          const x = start + i * bar;
          return [
            svg('rect', {
              class: `bar series-${colour}${value > high ? ' cut' : ''}`,
              x: x + 1,
              width: Math.max(1, bar - 2),
              y: Math.min(y(value), y(0)),
              height: Math.max(0.5, Math.abs(y(value) - y(0))),
            }),
            labelled && svg('text', { class: 'value', x: x + bar / 2, y: Math.min(y(value), y(0)) - 4 }, short(value)),
          ];
        }),
        svg(
          'text',
          { class: k === target ? 'tick middle target' : 'tick middle', x: middle, y: height - 8 },
          classLabel(page, k, k === target, group),
        ),
      );
    }),
  );
}

/** `.05`, `.9`, `1`: a bar's number has no room for more. */
function short(value: number): string {
  const text = Math.abs(value) < 0.0005 ? '0' : Math.abs(value) < 0.01 ? value.toFixed(3) : value.toFixed(2).replace(/\.?0+$/, '');
  return text.replace(/^(-?)0\./, '$1.').replace('-', '−');
}

function classLabel(page: Page, k: number, isTarget: boolean, room: number): string {
  const { words } = page;
  const full = isTarget ? `${words.class(k)} · ${words.target}` : words.class(k);
  // About 6.2 px a Latin letter at this size, twice that for a Chinese character.
  const size = Array.from(full).reduce((sum, letter) => sum + (letter > '\u2e80' ? 11 : 6.2), 0);
  return size <= room ? full : isTarget ? `${k} *` : String(k);
}

function numbers(page: Page, series: readonly Series<readonly number[]>[], shown: readonly number[], target: number): HTMLElement {
  const { words } = page;
  return element(
    'details',
    { class: 'numbers', 'data-key': 'numbers' },
    element('summary', {}, words.numbers),
    element(
      'div',
      { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': words.numbers },
      element(
        'table',
        { 'aria-label': words.targetsChart(page.sampleRow, target) },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('th', { scope: 'col' }, words.formulation),
            shown.map((k) => element('th', { scope: 'col', class: 'number' }, k === target ? `${k} · ${words.target}` : String(k))),
          ),
        ),
        element(
          'tbody',
          {},
          series.map(({ rows, data }) =>
            element(
              'tr',
              {},
              element('th', { scope: 'row' }, titles(rows)),
              shown.map((k) => element('td', { class: 'number' }, formatConstant(data[k] ?? 0))),
            ),
          ),
        ),
      ),
    ),
  );
}
