/** The gradients by the logits, side by side: where two losses have the same gradient they train alike, whatever their values. */
import { element, type Child } from './dom';
import { formatDistance } from './format';
import { heatGrid } from './heat';
import { section, swatch, type Page } from './page';
import { checkbox } from './toolkit';

export function gradient(page: Page): Child {
  const { words, rows, gradients, inspection, act } = page;
  const withGradient = rows.filter((row) => row.gradient !== null);
  if (withGradient.length === 0) return null;
  return section(
    'gradient',
    inspection.recognised === undefined ? words.sections.gradient : words.gradientBy(Object.keys(inspection.gradients)[0] ?? ''),
    checkbox({ key: 'gradients', checked: gradients, onChange: act.showGradients }, words.showGradient),
    gradients &&
      element(
        'div',
        { class: 'gradients' },
        withGradient.map((row) =>
          element(
            'figure',
            { 'data-key': row.id },
            element(
              'figcaption',
              {},
              swatch(row.series),
              row.title,
              row.standing !== null && element('span', { class: 'dim' }, ` Δ ${formatDistance(row.standing.gradientDifference)}`),
            ),
            heatGrid(row.gradient!, `${words.sections.gradient}, ${row.title}`, words),
          ),
        ),
      ),
  );
}
