/** The tensors that a loss was run on, each by its own name, as grids to type into: a row of a grid is a row of each of its tensors. */
import { element, type Child } from './dom';
import { formatShape } from './format';
import { heatGrid } from './heat';
import { section, type Page } from './page';
import { letters, mostShown, moveByArrows, remover, result } from './sampleGrid';
import { pastedBlock } from './sampleDraft';
import {
  columnsOf,
  gridGroups,
  heldTensors,
  withNumber,
  withPasted,
  withRowAdded,
  withRowRemoved,
  type GridGroup,
  type TensorDraft,
  type TensorProblem,
  type TensorsDraft,
} from './tensorDraft';
import { button } from './toolkit';

export function tensorGrids(page: Page): Child {
  const { tensors: draft, words, act } = page;
  if (draft === null) return readOnly(page);
  const { checkedTensors: checked } = page;
  const problems = checked?.valid === false ? checked.problems : [];
  const rows = draft[0]!.shape[0];
  const isOwn = heldTensors(page.inspection).some(({ source }) => source.kind === 'person');
  return section(
    'sample',
    words.sections.sample,
    gridGroups(draft).map((group) => grid(page, draft, group, problems)),
    page.inspection.value !== null && result(page),
    problemList(page, draft, problems),
    element(
      'div',
      { class: 'buttons' },
      rows !== undefined &&
        button(
          {
            key: 'add-row',
            onClick: () => {
              act.editTensors(withRowAdded(draft, rows));
            },
          },
          words.addRow,
        ),
      button({ key: 'reset', title: words.resetTensorsMeaning, onClick: act.resetSample }, words.reset),
    ),
    element('p', { class: 'honest', 'data-key': 'honest' }, isOwn ? words.origins.user : words.naturalTensors),
    element('p', { class: 'dim small' }, words.pasteHint),
  );
}

/** Of long tensors not all numbers are here, and some numbers cannot be typed: they are only shown. */
function readOnly(page: Page): Child {
  const held = heldTensors(page.inspection);
  if (held.length === 0) return null;
  return section(
    'sample',
    page.words.sections.sample,
    held.map(({ name, values }) =>
      element(
        'figure',
        { 'data-key': name },
        element('figcaption', {}, element('code', {}, `${name} ${formatShape(values.shape)}`)),
        heatGrid(values, name, page.words),
      ),
    ),
  );
}

function grid(page: Page, draft: TensorsDraft, { rows, tensors }: GridGroup, problems: readonly TensorProblem[]): HTMLElement {
  const { words, act } = page;
  const first = tensors[0]!;
  const shownRows = Math.min(rows, mostShown.rows);
  const shown = tensors.map((tensor) => ({ tensor, columns: Math.min(columnsOf(tensor), mostShown.classes) }));
  const hasColumns = shown.some(({ columns }) => columns > 1);
  const isCut = shownRows < rows || shown.some(({ tensor, columns }) => columns < columnsOf(tensor));
  const canRemove = first.shape.length > 0 && first.shape.length < 3 && rows > 1;
  return element(
    'div',
    { 'data-key': first.name, class: 'tensor-group' },
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        { class: 'grid tensors', 'aria-label': tensors.map(({ name }) => name).join(', '), on: { keydown: moveByArrows } },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('td', {}),
            shown.map(({ tensor, columns }) =>
              element(
                'th',
                { scope: 'colgroup', colspan: columns, class: 'tensor', title: tensor.meaning },
                breakable(tensor.name),
                element('span', { class: 'dim' }, ` ${formatShape(tensor.shape)}`),
              ),
            ),
          ),
          hasColumns &&
            element(
              'tr',
              { class: 'indices-of-columns' },
              element('td', {}),
              shown.map(({ columns }) => range(columns).map((k) => element('th', { scope: 'col' }, columns > 1 ? String(k) : ''))),
            ),
        ),
        element(
          'tbody',
          {},
          range(shownRows).map((row) =>
            element(
              'tr',
              {},
              element(
                'th',
                { scope: 'row' },
                indexOf(row, first.shape.slice(0, -1)).join(', '),
                remover(canRemove, words.removeRow(row), () => {
                  act.editTensors(withRowRemoved(draft, rows, row));
                }),
              ),
              shown.map(({ tensor, columns }, t) =>
                range(columns).map((k) => {
                  const at = row * columnsOf(tensor) + k;
                  return element(
                    'td',
                    { class: k === 0 && t > 0 ? 'next' : null, vars: { '--letters': letters(tensor.cells[at]) } },
                    input(page, draft, tensor, at, problems),
                  );
                }),
              ),
            ),
          ),
        ),
      ),
    ),
    isCut && element('p', { class: 'dim small' }, words.tensorGridCut(shownRows, Math.max(...shown.map(({ columns }) => columns)))),
  );
}

function input(page: Page, draft: TensorsDraft, tensor: TensorDraft, at: number, problems: readonly TensorProblem[]): HTMLElement {
  const { act } = page;
  const { name } = tensor;
  const key = `${name}:${at}`;
  const invalid = problems.some((problem) => problem.name === name && problem.at === at);
  return element('input', {
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    spellcheck: 'false',
    'data-key': key,
    'data-cell': key,
    'aria-label': cellName(tensor, at),
    'aria-invalid': invalid ? 'true' : null,
    'aria-describedby': invalid ? `problem-${key}` : null,
    set: { value: tensor.cells[at] ?? '' },
    on: {
      input: (event) => {
        act.editTensors(withNumber(draft, name, at, (event.currentTarget as HTMLInputElement).value));
      },
      focus: (event) => {
        (event.currentTarget as HTMLInputElement).select();
      },
      paste: (event) => {
        const block = pastedBlock((event as ClipboardEvent).clipboardData?.getData('text/plain') ?? '');
        if (block === null) return;
        event.preventDefault();
        act.editTensors(withPasted(draft, name, at, block));
      },
    },
  });
}

/** As code would write it: `scores[0, 2]`. */
const cellName = ({ name, shape }: TensorDraft, at: number): string =>
  shape.length === 0 ? name : `${name}[${indexOf(at, shape).join(', ')}]`;

function indexOf(at: number, shape: readonly number[]): readonly number[] {
  if (shape.length < 2) return [at];
  const index: number[] = [];
  let rest = at;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** Long names break at their underscores. */
const breakable = (name: string): Child => name.split(/(?<=_)/).map((part, i) => [i > 0 && element('wbr'), part]);

function problemList(page: Page, draft: TensorsDraft, problems: readonly TensorProblem[]): Child {
  const { words } = page;
  if (problems.length === 0) return null;
  const tensorOf = (name: string): TensorDraft => draft.find((tensor) => tensor.name === name)!;
  return element(
    'div',
    { class: 'cell-problems', role: 'alert', 'data-key': 'cell-problems' },
    element('p', {}, words.waiting),
    element(
      'ul',
      {},
      problems.map(({ name, at, text, problem }) =>
        element('li', { id: `problem-${name}:${at}` }, words.problemAt(cellName(tensorOf(name), at), text, words.problems[problem])),
      ),
    ),
  );
}
