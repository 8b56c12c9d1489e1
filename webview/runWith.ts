/** What the loss was run with and where each comes from, assumptions first: the stops of its way are links to their places. */
import type { ChainLink, RunInput } from '../src/inspection';
import { inOrder, inputValue, stopsOf, stopText } from '../src/knownInputs';
import { corrections, isCorrectable } from './corrections';
import { element, type Child } from './dom';
import { formatConstant } from './format';
import { lineLink, section, type Page } from './page';
import { button } from './toolkit';

export function runWith(page: Page): Child {
  const { inputs, otherUses } = page.inspection;
  const shown = inOrder(inputs).filter(says);
  const canCorrect = isCorrectable(page.inspection);
  if (shown.length === 0 && otherUses.length === 0 && !canCorrect) return null;
  const { words } = page;
  const { corrected, dropped = [] } = page.inspection;
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
      dropped.map((name) =>
        element(
          'li',
          { 'data-key': `dropped-${name}`, class: 'assumed' },
          element('code', {}, name),
          ' ',
          words.correct.gone,
          ' ',
          element(
            'button',
            {
              type: 'button',
              class: 'link',
              on: {
                click: () => {
                  page.act.resetCorrection({ kind: 'parameter', name });
                },
              },
            },
            words.correct.forget,
          ),
        ),
      ),
    ),
    page.correcting && corrections(page),
    canCorrect &&
      element(
        'div',
        { class: 'correcting', 'data-key': 'correcting' },
        button(
          {
            key: 'correct',
            title: words.correct.meaning,
            onClick: () => {
              page.act.showCorrections(!page.correcting);
            },
          },
          page.correcting ? words.correct.done : words.correct.title,
        ),
        corrected !== undefined &&
          button(
            {
              key: 'resetAll',
              onClick: () => {
                page.act.resetCorrection(null);
              },
            },
            words.correct.resetAll,
          ),
      ),
  );
}

/** That the numbers of the tensors are made is said with the sample. */
const says = ({ shape, nature, meaning, source, isDefault, role }: RunInput): boolean =>
  !isDefault &&
  (shape === undefined || nature !== undefined || meaning !== undefined || source.kind !== 'assumption' || role === 'parameter');

function one(page: Page, input: RunInput): HTMLElement {
  const { words } = page;
  const { name, role, shape, nature, meaning, source } = input;
  const part = partOf(input);
  const label = role === 'smoothing' && name !== 'ε' ? `ε (${name})` : name;
  const value =
    shape !== undefined ? `${label} ${inputValue(input)}` : input.value === undefined ? label : `${label} = ${inputValue(input)}`;
  const isAssumed = source.kind === 'assumption' && (shape === undefined || role === 'parameter');
  const form = input.as !== undefined && (source.kind === 'person' || role === 'parameter') ? input.as : null;
  return element(
    'li',
    { 'data-key': `${role}:${name}`, ...(isAssumed ? { class: 'assumed' } : {}) },
    element('code', {}, value),
    source.kind === 'code' && source.chain.length > 0 ? ': ' : ' ',
    form !== null && form !== 'value' && form !== 'default'
      ? [words.correct.forms[form], ' ']
      : nature !== undefined && [words.natures[nature], ' '],
    meaning !== undefined && [element('span', { lang: 'en' }, meaning), ' '],
    part !== null && [element('span', { class: 'dim' }, words.takenAs(part)), ' '],
    isAssumed && [element('strong', {}, words.assumed), ' '],
    source.kind === 'assumption' && isAssumed && [element('span', { lang: 'en' }, source.reason), ' '],
    source.kind === 'person' && [words.askedFor, ' '],
    way(page, source.chain),
    source.kind === 'code' && !source.certain && [' ', element('span', { class: 'dim' }, words.notCertain)],
  );
}

/** What the tensor is taken for, as a reader would write it; null where its own name says that already. */
function partOf({ name, standsFor = '' }: RunInput): string | null {
  const words = standsFor.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(' ');
  const isSaid = words.every((word) => name.toLowerCase().includes(word));
  // A single letter is a place, not a part.
  return isSaid || standsFor.length < 2 ? null : words.join(' ');
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
