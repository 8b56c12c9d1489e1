/** What the loss was run with and where each comes from, assumptions first: the stops of its way are links to their places. */
import type { ChainLink, RunInput } from '../src/inspection';
import { inOrder, inputValue, stopsOf, stopText } from '../src/knownInputs';
import { element, type Child } from './dom';
import { formatConstant } from './format';
import { lineLink, section, type Page } from './page';

export function runWith(page: Page): Child {
  const { inputs, otherUses } = page.inspection;
  const shown = inOrder(inputs).filter(says);
  if (shown.length === 0 && otherUses.length === 0) return null;
  const { words } = page;
  return section(
    'run-with',
    words.sections.runWith,
    element(
      'ul',
      { class: 'run-with' },
      shown.map((input) => one(page, input)),
      otherUses.map(({ smoothing, range, chain }) =>
        element(
          'li',
          { 'data-key': `use@${range.file ?? ''}:${range.start}` },
          element('span', {}, words.alsoUsed(formatConstant(smoothing))),
          ' ',
          placeLink(page, { text: '', range }),
          chain.length > 0 && [' ', way(page, chain)],
        ),
      ),
    ),
  );
}

/** That the numbers of the tensors are made is said with the sample. */
const says = ({ shape, nature, source }: RunInput): boolean => shape === undefined || nature !== undefined || source.kind !== 'assumption';

function one(page: Page, input: RunInput): HTMLElement {
  const { words } = page;
  const { name, role, shape, nature, source } = input;
  const label = role === 'smoothing' && name !== 'ε' ? `ε (${name})` : name;
  const value = shape === undefined ? `${label} = ${inputValue(input)}` : `${label} ${inputValue(input)}`;
  const isAssumed = source.kind === 'assumption' && shape === undefined;
  return element(
    'li',
    { 'data-key': `${role}:${name}`, ...(isAssumed ? { class: 'assumed' } : {}) },
    element('code', {}, value),
    source.kind === 'code' && source.chain.length > 0 ? ': ' : ' ',
    nature !== undefined && [words.natures[nature], ' '],
    isAssumed && [element('strong', {}, words.assumed), ' '],
    source.kind === 'assumption' && isAssumed && [element('span', { lang: 'en' }, source.reason), ' '],
    source.kind === 'person' && [words.askedFor, ' '],
    way(page, source.chain),
    source.kind === 'code' && !source.certain && [' ', element('span', { class: 'dim' }, words.notCertain)],
  );
}

function way(page: Page, chain: readonly ChainLink[]): Child {
  return stopsOf(chain).map((stop, i) => [
    i > 0 && ' → ',
    stop === null ? '…' : [element('code', {}, stopText(stop)), ' ', placeLink(page, stop)],
  ]);
}

function placeLink(page: Page, { range }: ChainLink): HTMLElement {
  const line = page.words.line(range.line);
  return lineLink(page, range, range.file === undefined ? line : `${range.file}, ${line}`);
}
