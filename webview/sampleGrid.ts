/** The tensors the losses ran on, as a grid to type into. What is invalid stays, marked, and is not run. */
import { element, type Child } from './dom';
import { formatConstant, formatLoss } from './format';
import { lineLink, section, swatch, type Page } from './page';
import {
  cellKey,
  classCount,
  pastedBlock,
  withBlock,
  withClass,
  withoutClass,
  withoutRow,
  withRow,
  withWeights,
  type Cell,
  type Draft,
  type DraftProblem,
} from './sampleDraft';
import type { Strings } from './strings';
import { button, textField } from './toolkit';

/** Beyond this the grid would be slow to draw and of no use to edit by hand. */
export const mostShown = { rows: 64, classes: 64 };

export function sampleGrid(page: Page): Child {
  const { draft, checked, words, act } = page;
  if (draft === null || checked === null) return null;
  const problems = new Map(checked.valid ? [] : checked.problems.map((problem) => [cellKey(problem.cell), problem]));
  const classes = classCount(draft);
  const columns = Array.from({ length: Math.min(classes, mostShown.classes) }, (_, k) => k);
  const shownRows = draft.logits.slice(0, mostShown.rows);
  const input = (cell: Cell, text: string): HTMLElement => gridInput(page, draft, cell, text, problems);
  return section(
    'sample',
    words.sections.sample,
    smoothingField(page, draft, problems),
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        { class: 'grid', 'aria-labelledby': 'sample-title', on: { keydown: moveByArrows } },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('td', {}),
            columns.map((k) =>
              element(
                'th',
                { scope: 'col' },
                words.class(k),
                remover(classes > 1, words.removeClass(k), () => {
                  act.edit(withoutClass(draft, k));
                }),
              ),
            ),
            element('th', { scope: 'col' }, words.target),
          ),
        ),
        element(
          'tbody',
          {},
          shownRows.map((cells, row) =>
            element(
              'tr',
              {},
              element(
                'th',
                { scope: 'row' },
                String(row),
                remover(draft.logits.length > 1, words.removeSample(row), () => {
                  act.edit(withoutRow(draft, row));
                }),
              ),
              columns.map((k) =>
                element(
                  'td',
                  { class: Number(draft.targets[row]) === k ? 'on' : null, vars: { '--letters': letters(cells[k]) } },
                  input({ kind: 'logit', row, k }, cells[k] ?? ''),
                ),
              ),
              element('td', { class: 'target' }, input({ kind: 'target', row }, draft.targets[row] ?? '')),
            ),
          ),
          draft.classWeights !== null &&
            element(
              'tr',
              { class: 'weights' },
              element('th', { scope: 'row' }, words.weights),
              draft.classWeights.slice(0, columns.length).map((text, k) => element('td', {}, input({ kind: 'weight', k }, text))),
              element('td', {}),
            ),
        ),
      ),
    ),
    (shownRows.length < draft.logits.length || columns.length < classes) &&
      element('p', { class: 'dim small' }, words.gridCut(shownRows.length, columns.length)),
    result(page),
    problemList(page, [...problems.values()]),
    element(
      'div',
      { class: 'buttons' },
      button(
        {
          key: 'add-sample',
          onClick: () => {
            act.edit(withRow(draft));
          },
        },
        words.addSample,
      ),
      button(
        {
          key: 'add-class',
          onClick: () => {
            act.edit(withClass(draft));
          },
        },
        words.addClass,
      ),
      button(
        {
          key: 'weights',
          onClick: () => {
            act.edit(withWeights(draft, draft.classWeights === null));
          },
        },
        draft.classWeights === null ? words.addWeights : words.dropWeights,
      ),
      button({ key: 'reset', title: words.resetMeaning, onClick: act.resetSample }, words.reset),
    ),
    element(
      'div',
      { class: 'indices' },
      indexField(page, draft, 'ignoreIndex', problems),
      indexField(page, draft, 'paddingIndex', problems),
    ),
    honestWord(page),
    element('p', { class: 'dim small' }, words.pasteHint),
  );
}

/** What the loss is on this sample, again, for the comparison may be out of sight while typing here. */
export function result({ rows, words }: Page): Child {
  const own = rows[0]!;
  return (
    own.value !== null &&
    element(
      'p',
      { class: 'result' },
      swatch(own.series),
      `${own.title} `,
      element('strong', { class: 'number' }, formatLoss(own.value)),
      own.unreduced && ` (${words.baselineOfMean})`,
    )
  );
}

/** A cell is as wide as its text, within reason. */
export const letters = (text = ''): number => Math.min(10, Math.max(3, text.length));

function gridInput(page: Page, draft: Draft, cell: Cell, text: string, problems: ReadonlyMap<string, DraftProblem>): HTMLElement {
  const key = cellKey(cell);
  const invalid = problems.has(key);
  return element('input', {
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    spellcheck: 'false',
    'data-key': key,
    'data-cell': key,
    'aria-label': cellName(cell, page.words),
    'aria-invalid': invalid ? 'true' : null,
    'aria-describedby': invalid ? `problem-${key}` : null,
    set: { value: text },
    on: {
      input: (event) => {
        page.act.editCell(cell, (event.currentTarget as HTMLInputElement).value);
      },
      focus: (event) => {
        (event.currentTarget as HTMLInputElement).select();
      },
      paste: (event) => {
        const block = pastedBlock((event as ClipboardEvent).clipboardData?.getData('text/plain') ?? '');
        if (block === null) return;
        event.preventDefault();
        page.act.edit(withBlock(draft, cell, block));
      },
    },
  });
}

function cellName(cell: Cell, words: Strings): string {
  switch (cell.kind) {
    case 'logit':
      return words.logitOf(cell.row, cell.k);
    case 'target':
      return words.targetOf(cell.row);
    case 'weight':
      return words.weightOf(cell.k);
    case 'smoothing':
      return words.smoothing;
    case 'ignoreIndex':
      return words.ignoreIndex;
    case 'paddingIndex':
      return words.paddingIndex;
  }
}

export function remover(possible: boolean, label: string, remove: () => void): Child {
  return possible && element('button', { type: 'button', class: 'remove', 'aria-label': label, title: label, on: { click: remove } }, '×');
}

/** Up, Down and Enter walk the rows; Left and Right leave a cell when the caret stands at its edge. */
export function moveByArrows(event: Event): void {
  const { key, target: input } = event as KeyboardEvent;
  if (!(input instanceof HTMLInputElement)) return;
  const cell = input.closest('td');
  const row = cell?.parentElement;
  if (!cell || !row) return;
  const column = [...row.children].indexOf(cell);
  const caretAt = (at: number): boolean => input.selectionStart === at && input.selectionEnd === at;
  const everything = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const next =
    key === 'ArrowUp'
      ? row.previousElementSibling?.children[column]
      : key === 'ArrowDown' || key === 'Enter'
        ? row.nextElementSibling?.children[column]
        : key === 'ArrowLeft' && (everything || caretAt(0))
          ? cell.previousElementSibling
          : key === 'ArrowRight' && (everything || caretAt(input.value.length))
            ? cell.nextElementSibling
            : null;
  const to = next?.querySelector('input');
  if (!to) return;
  event.preventDefault();
  to.focus();
}

function smoothingField(page: Page, draft: Draft, problems: ReadonlyMap<string, DraftProblem>): HTMLElement {
  const { words, inspection, act } = page;
  const text = draft.smoothing ?? (inspection.smoothing === null ? '' : formatConstant(inspection.smoothing).replace('−', '-'));
  const edit = (value: string): void => {
    act.editCell({ kind: 'smoothing' }, value);
  };
  const number = Number(text);
  return element(
    'div',
    { class: 'smoothing', role: 'group', 'aria-label': words.smoothing },
    element('span', { 'aria-hidden': 'true' }, 'ε'),
    element('input', {
      type: 'range',
      min: '0',
      max: '0.99',
      step: '0.01',
      'data-key': 'smoothing-slider',
      'aria-label': words.smoothingSlider,
      set: { value: String(Number.isFinite(number) ? Math.min(0.99, Math.max(0, number)) : 0) },
      on: {
        input: (event) => {
          edit((event.currentTarget as HTMLInputElement).value);
        },
      },
    }),
    textField({
      key: 'smoothing',
      label: words.smoothing,
      value: text,
      placeholder: '…',
      invalid: problems.has('smoothing'),
      describedBy: problems.has('smoothing') ? 'problem-smoothing' : null,
      onInput: (value) => {
        if (value !== text) edit(value);
      },
    }),
    element(
      'button',
      {
        type: 'button',
        class: 'link',
        disabled: draft.smoothing === null,
        on: {
          click: () => {
            act.edit({ ...draft, smoothing: null });
          },
        },
      },
      words.smoothingOfCode,
    ),
  );
}

function indexField(
  page: Page,
  draft: Draft,
  kind: 'ignoreIndex' | 'paddingIndex',
  problems: ReadonlyMap<string, DraftProblem>,
): HTMLElement {
  const { words } = page;
  return element(
    'label',
    {},
    `${words[kind]} `,
    element('input', {
      type: 'text',
      inputmode: 'numeric',
      'data-key': kind,
      'data-cell': kind,
      placeholder: words.noneGiven,
      'aria-invalid': problems.has(kind) ? 'true' : null,
      'aria-describedby': problems.has(kind) ? `problem-${kind}` : null,
      set: { value: draft[kind] },
      on: {
        input: (event) => {
          page.act.editCell({ kind }, (event.currentTarget as HTMLInputElement).value);
        },
      },
    }),
  );
}

function problemList(page: Page, problems: readonly DraftProblem[]): Child {
  const { words } = page;
  if (problems.length === 0) return null;
  return element(
    'div',
    { class: 'cell-problems', role: 'alert', 'data-key': 'cell-problems' },
    element('p', {}, words.waiting),
    element(
      'ul',
      {},
      problems.map(({ cell, text, problem }) =>
        element('li', { id: `problem-${cellKey(cell)}` }, words.problemAt(cellName(cell, words), text, words.problems[problem])),
      ),
    ),
  );
}

/** Where the sample is from, and whether it can tell the formulations apart. */
function honestWord(page: Page): Child {
  const { words, act } = page;
  const sample = page.inspection.sample;
  if (sample === null) return null;
  const { betterSample } = sample;
  return element(
    'div',
    { class: sample.discriminating ? 'honest' : 'honest warning', 'data-key': 'honest' },
    element(
      'p',
      {},
      words.origins[sample.origin],
      ' ',
      sample.range !== undefined && [lineLink(page, sample.range), ' '],
      !sample.discriminating && element('strong', {}, words.notDiscriminating),
      sample.note !== undefined && ` ${sample.note}`,
    ),
    betterSample !== undefined &&
      button(
        {
          key: 'better',
          onClick: () => {
            act.take(betterSample);
          },
        },
        words.takeBetter,
      ),
  );
}
