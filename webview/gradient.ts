/** The gradients: by the logits, of all losses side by side (where two have the same they train alike, whatever their values), or by each tensor. */
import { element, type Child } from './dom';
import { formatDistance, formatShape } from './format';
import { heatGrid } from './heat';
import { isOfTensors } from './model';
import { section, swatch, type Page } from './page';
import { checkbox } from './toolkit';

export function gradient(page: Page): Child {
  return isOfTensors(page.inspection) ? byTensors(page) : byLogits(page);
}

/** Of each tensor that the loss passes a gradient to, by its own name. */
function byTensors(page: Page): Child {
  const { words, inspection, gradients, act } = page;
  const all = Object.entries(inspection.gradients);
  if (all.length === 0) return null;
  return section(
    'gradient',
    words.gradientsOfTensors,
    checkbox({ key: 'gradients', checked: gradients, onChange: act.showGradients }, words.showGradient),
    gradients &&
      element(
        'div',
        { class: 'gradients' },
        all.map(([name, tensor]) =>
          element(
            'figure',
            { 'data-key': name },
            element('figcaption', {}, element('code', {}, name), element('span', { class: 'dim' }, ` ${formatShape(tensor.shape)}`)),
            heatGrid(tensor, words.gradientBy(name), words, true),
          ),
        ),
      ),
  );
}

function byLogits(page: Page): Child {
  const { words, rows, gradients, act } = page;
  const withGradient = rows.filter((row) => row.gradient !== null);
  if (withGradient.length === 0) return null;
  return section(
    'gradient',
    words.sections.gradient,
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
