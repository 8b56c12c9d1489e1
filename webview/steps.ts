/** The person's own lines, in the order they ran, each with what it made; and what they printed. */
import type { Printed, Step } from '../src/inspection';
import { element, type Child } from './dom';
import { formatShape, tensorFormatter } from './format';
import { heatGrid } from './heat';
import { lineLink, section, type Page } from './page';
import { button } from './toolkit';

/** A loop may run many: what is between these is shown when asked for. */
const firstSteps = 40;
const lastSteps = 10;

export function steps(page: Page): Child {
  const list = page.inspection.steps;
  if (list.length === 0) return null;
  const hidden = page.allSteps ? 0 : list.length - firstSteps - lastSteps;
  const [first, last] = hidden > 0 ? [list.slice(0, firstSteps), list.slice(-lastSteps)] : [list, []];
  return section(
    'steps',
    page.words.sections.steps,
    element(
      'ol',
      { class: 'steps' },
      first.map((step) => one(page, step)),
      hidden > 0 &&
        element('li', { class: 'more', 'data-key': 'more' }, button({ onClick: page.act.showAllSteps }, page.words.moreSteps(hidden))),
      last.map((step) => one(page, step)),
    ),
  );
}

function one(page: Page, step: Step): HTMLElement {
  const { tensor } = step;
  const scalar = tensor?.shape.length === 0 ? tensor.values[0] : undefined;
  return element(
    'li',
    { vars: { '--depth': Math.min(step.depth, 4) } },
    lineLink(page, step.range, String(step.range.line)),
    element(
      'div',
      { class: 'made' },
      element('code', { class: 'code', title: step.code }, firstLine(step.code)),
      tensor !== undefined &&
        element(
          'span',
          { class: 'dim' },
          ` ${isNamedBy(step) ? '' : `${step.label}: `}${tensor.dtype} ${tensor.shape.length === 0 ? '' : formatShape(tensor.shape)}`,
        ),
      scalar !== undefined && element('span', { class: 'scalar' }, tensorFormatter(tensor!.values, false)(scalar)),
      tensor !== undefined && scalar === undefined && heatGrid(tensor, step.label, page.words),
      tensor === undefined && step.text !== undefined && element('samp', { class: 'text' }, step.text),
    ),
  );
}

/** The code says already what the value is of. */
const isNamedBy = ({ label, code }: Step): boolean => label === code || code.replace(/^(const|let|var) /, '').startsWith(`${label} `);

const firstLine = (code: string): string => {
  const [first = '', ...rest] = code.split(/\r?\n/);
  return rest.length > 0 ? `${first} …` : first;
};

export function printed(page: Page): Child {
  const list = page.inspection.printed;
  if (list.length === 0) return null;
  return section(
    'printed',
    page.words.sections.printed,
    element(
      'ol',
      { class: 'printed' },
      list.map((output) => onePrinted(page, output)),
    ),
  );
}

function onePrinted(page: Page, output: Printed): HTMLElement {
  const { words } = page;
  const { recorded } = output;
  return element(
    'li',
    { class: recorded === undefined ? null : recorded.agrees ? 'agrees' : recorded.unset ? 'unset' : 'disagrees' },
    lineLink(page, output.range, String(output.range.line)),
    element(
      'div',
      { class: 'made' },
      element('pre', { tabindex: '0', 'aria-label': words.sections.printed }, output.text.replace(/\n$/, '')),
      recorded !== undefined &&
        element(
          'span',
          { class: 'mark' },
          element('span', { 'aria-hidden': 'true' }, recorded.agrees ? '✓ ' : recorded.unset ? '∅ ' : '✗ '),
          recorded.agrees ? words.agrees : recorded.unset ? words.unset : words.disagrees,
        ),
      recorded?.agrees === false &&
        element(
          'div',
          { class: 'recorded' },
          element('span', { class: 'dim' }, words.recorded),
          element('pre', {}, recorded.text.replace(/\n$/, '')),
        ),
    ),
  );
}

export function notes(page: Page): Child {
  if (page.inspection.notes.length === 0) return null;
  return section(
    'notes',
    page.words.sections.notes,
    element(
      'ul',
      { class: 'notes' },
      page.inspection.notes.map((note) => element('li', {}, note)),
    ),
  );
}
