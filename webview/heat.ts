/** A tensor as a grid of its numbers, shaded: the numbers stay text, the shade only guides the eye. */
import type { TensorData } from '../src/inspection';
import { element, type Child } from './dom';
import { formatShape, tensorFormatter, toNumber } from './format';
import type { Strings } from './strings';

const most = { columns: 8, rows: 8, blocks: 4 };

/** The tensor's matrices one below the other (a vector is one row), cut where they are long, with a note that says so. */
export function heatGrid(tensor: TensorData, label: string, words: Strings, aroundZero = false): HTMLElement {
  const columns = tensor.shape.at(-1) ?? 1;
  const rows = tensor.shape.at(-2) ?? 1;
  const blocks = tensor.shape.slice(0, -2).reduce((product, size) => product * size, 1);
  const format = tensorFormatter(tensor.values, /int|bool|long/.test(tensor.dtype));
  const shade = shading(tensor.values.map(toNumber), aroundZero);

  const cell = (at: number): Child => {
    const value = tensor.values[at];
    if (value === undefined) return element('td', { class: 'beyond' }, '…');
    const number = toNumber(value);
    return element(
      'td',
      { class: shade.mixed && number < 0 ? 'negative' : null, vars: { '--shade': shade.of(number).toFixed(3) } },
      format(value),
    );
  };
  const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
  const shownColumns = Math.min(columns, most.columns);
  const shownRows = Math.min(rows, most.rows);
  const shownBlocks = Math.min(blocks, most.blocks);
  const cut = shownColumns < columns || shownRows < rows || shownBlocks < blocks || tensor.truncated === true;
  const cutShape = [...tensor.shape.slice(0, -2).map(() => ''), shownRows, shownColumns]
    .filter((size) => size !== '')
    .slice(-Math.min(2, tensor.shape.length));
  if (columns * rows * blocks === 0) return element('span', { class: 'dim' }, formatShape(tensor.shape));
  return element(
    'div',
    { class: 'heat' },
    range(shownBlocks).map((block) =>
      element(
        'table',
        { 'aria-label': blocks > 1 ? `${label} [${block}]` : label },
        blocks > 1 && element('caption', { class: 'dim' }, `[${blockIndex(block, tensor.shape).join(', ')}]`),
        element(
          'tbody',
          {},
          range(shownRows).map((row) =>
            element(
              'tr',
              {},
              range(shownColumns).map((column) => cell((block * rows + row) * columns + column)),
              shownColumns < columns && element('td', { class: 'beyond' }, '…'),
            ),
          ),
        ),
      ),
    ),
    cut &&
      element(
        'span',
        { class: 'dim' },
        words.tensorCut(`${formatShape(cutShape.map(Number))}${blocks > 1 ? ` × ${shownBlocks}` : ''}`, formatShape(tensor.shape)),
      ),
  );
}

/** From 0 to 1: by distance from zero where signs mix, or zero is what counts (gradients), else from the smallest value to the largest. */
function shading(values: readonly number[], aroundZero: boolean): { readonly mixed: boolean; readonly of: (value: number) => number } {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  const mixed = aroundZero || (low < 0 && high > 0);
  const span = mixed ? Math.max(-low, high) : high - low;
  return { mixed, of: (value) => (!Number.isFinite(value) || !(span > 0) ? 0 : mixed ? Math.abs(value) / span : (value - low) / span) };
}

/** Of the leading dimensions, for the n-th matrix of a tensor. */
function blockIndex(block: number, shape: readonly number[]): readonly number[] {
  const index: number[] = [];
  let rest = block;
  for (const size of shape.slice(0, -2).reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}
