/**
 * The loss of one sample as its target's logit grows over the others, these being equal: where each formulation stops
 * rewarding confidence. The curves are arithmetic on what was measured, Σ_k q_k (−log p_k) + c, not further runs.
 */
import { element, svg, type Child } from './dom';
import { formatConstant, formatLoss, toNumber } from './format';
import { crossEntropy, distributionOf, entropy, grouped, logSumExp, type Row, type Series } from './model';
import { section, type Page } from './page';
import { legend, titles } from './targetChart';

interface Curve {
  readonly distribution: readonly number[];
  readonly offset: number;
}

const height = 190;
const plot = { top: 10, bottom: 36, left: 34, right: 8 };
const points = 64;

export function marginChart(page: Page): Child {
  const { words, inspection, sampleRow } = page;
  const target = inspection.sample?.targets[sampleRow];
  const classes = inspection.sample?.logits[sampleRow]?.length ?? 0;
  if (target === undefined || target < 0 || target >= classes || classes < 2) return null;
  const series = grouped(
    page.rows,
    (row) => curveOf(page, row),
    ({ distribution, offset }) => [...distribution, offset],
  );
  if (series.length === 0) return null;
  const range = rangeOf(page, series, target);
  return section(
    'margin',
    words.sections.margin,
    legend(series),
    element('div', { class: 'chart' }, curves(page, series, range, target, classes)),
    element('p', { class: 'dim small' }, `▼ ${words.marginHere}. ${words.marginChart}.`),
    numbers(page, series, range, target, classes),
  );
}

/**
 * The row's loss on one sample as a function of the logits. What its per-sample loss has beyond Σ q (−log p) must be a
 * constant of the targets, nothing or −H(q), else the row's curve is not known and is not drawn.
 */
function curveOf(page: Page, row: Row): Curve | null {
  const { inspection, sampleRow } = page;
  const distribution = distributionOf(row, sampleRow);
  const logits = inspection.sample?.logits[sampleRow];
  if (distribution === null || logits?.length !== distribution.length) return null;
  if (row.own) {
    const { measured } = inspection;
    const offset = toNumber(measured?.offset ?? 'nan');
    return measured?.affine === true && Number.isFinite(offset) ? { distribution, offset } : null;
  }
  const value = toNumber(row.perSample?.[sampleRow] ?? 'nan');
  const beyond = value - crossEntropy(distribution, logits);
  const offset = [0, -entropy(distribution)].find((constant) => Math.abs(beyond - constant) <= 1e-4);
  return offset === undefined ? null : { distribution, offset };
}

/** With p = softmax of the logits, log(p_y / mean of the others) is the margin that gives the same p_y. */
function sampleMargins(page: Page): readonly number[] {
  const { sample } = page.inspection;
  return (sample?.logits ?? []).flatMap((logits, n) => {
    const target = sample!.targets[n]!;
    const own = logits[target];
    const others = logits.filter((_, k) => k !== target);
    return own === undefined || others.length === 0 ? [] : [own - logSumExp(others) + Math.log(others.length)];
  });
}

function bestMargin({ distribution }: Curve, target: number): number | null {
  const on = distribution[target] ?? 0;
  const off = distribution.reduce((sum, q, k) => (k === target ? sum : sum + q), 0) / (distribution.length - 1);
  return on > 0 && off > 0 ? Math.log(on / off) : null;
}

function rangeOf(page: Page, series: readonly Series<Curve>[], target: number): readonly [number, number] {
  const marks = [...sampleMargins(page), ...series.map(({ data }) => bestMargin(data, target) ?? 0)].filter(Number.isFinite);
  return [Math.max(-8, Math.min(-3, ...marks) - 0.5), Math.min(12, Math.max(5, ...marks) + 1)];
}

function lossAt({ distribution, offset }: Curve, margin: number, target: number, classes: number): number {
  return (
    crossEntropy(
      distribution,
      Array.from({ length: classes }, (_, k) => (k === target ? margin : 0)),
    ) + offset
  );
}

function curves(
  page: Page,
  series: readonly Series<Curve>[],
  [from, to]: readonly [number, number],
  target: number,
  classes: number,
): Element {
  const { words } = page;
  const width = page.chartWidth;
  const margins = Array.from({ length: points + 1 }, (_, i) => from + ((to - from) * i) / points);
  const lines = series.map(({ data, series: colour }) => ({
    colour,
    values: margins.map((margin) => lossAt(data, margin, target, classes)),
  }));
  const all = lines.flatMap(({ values }) => values);
  const [low, high] = [Math.min(0, ...all), Math.max(...all)];
  const x = (margin: number): number => plot.left + ((margin - from) / (to - from)) * (width - plot.left - plot.right);
  const y = (value: number): number => plot.top + ((high - value) / (high - low || 1)) * (height - plot.top - plot.bottom);
  const best = page.rows[0]!.distribution === null || series[0]!.rows[0]?.own !== true ? null : bestMargin(series[0]!.data, target);
  const bottom = height - plot.bottom;
  return svg(
    'svg',
    { role: 'img', 'aria-label': `${words.sections.margin}. ${words.marginChart}.`, width, height, viewBox: `0 0 ${width} ${height}` },
    ticks(low, high, 4).map((value) => [
      svg('line', { class: 'rule', x1: plot.left, x2: width - plot.right, y1: y(value), y2: y(value) }),
      svg('text', { class: 'tick end', x: plot.left - 6, y: y(value) + 4 }, formatConstant(value, 3)),
    ]),
    ticks(from, to, Math.max(3, Math.floor(width / 60))).map((value) =>
      svg('text', { class: 'tick middle', x: x(value), y: bottom + 14 }, formatConstant(value, 3)),
    ),
    best !== null &&
      best >= from &&
      best <= to && [
        svg('line', { class: 'best', x1: x(best), x2: x(best), y1: plot.top, y2: bottom }),
        svg('text', { class: 'tick end', x: x(best) - 5, y: plot.top + 9 }, words.marginBest(formatConstant(best, 3))),
      ],
    lines.map(({ colour, values }) =>
      svg('path', {
        class: `curve series-${colour}`,
        d: values.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(margins[i]!).toFixed(1)} ${y(value).toFixed(1)}`).join(''),
      }),
    ),
    sampleMargins(page)
      .filter((margin) => margin >= from && margin <= to)
      .map((margin) =>
        svg('path', { class: 'here', d: `M${x(margin).toFixed(1)} ${bottom}l-4 -7h8z` }, svg('title', {}, words.marginHere)),
      ),
    svg('text', { class: 'tick middle', x: plot.left + (width - plot.left - plot.right) / 2, y: height - 4 }, words.marginAxis),
  );
}

/** Round numbers between two bounds. */
function ticks(low: number, high: number, about: number): readonly number[] {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

function numbers(
  page: Page,
  series: readonly Series<Curve>[],
  [from, to]: readonly [number, number],
  target: number,
  classes: number,
): HTMLElement {
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
        { 'aria-label': words.sections.margin },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('th', { scope: 'col', class: 'number' }, words.margin),
            series.map(({ rows }) => element('th', { scope: 'col', class: 'number' }, titles(rows))),
          ),
        ),
        element(
          'tbody',
          {},
          ticks(from, to, 8).map((margin) =>
            element(
              'tr',
              {},
              element('th', { scope: 'row', class: 'number' }, formatConstant(margin)),
              series.map(({ data }) => element('td', { class: 'number' }, formatLoss(lossAt(data, margin, target, classes)))),
            ),
          ),
        ),
      ),
    ),
  );
}
