/** The loss as torch's built-in, and what the code could be rewritten as: offered, or the reason why not. */
import type { Rewrite } from '../src/inspection';
import { element, type Child } from './dom';
import { lineLink, section, type Page } from './page';
import { button } from './toolkit';

export function otherCode(page: Page): Child {
  const { translations, rewrites } = page.inspection;
  if (translations === null && rewrites.length === 0) return null;
  return section('torch', page.words.inTorch, translations !== null && builtin(page), rewrites.length > 0 && rewriteList(page));
}

/** Where it cannot be had, a rewrite that is refused for the same reason says it already. */
function builtin(page: Page): Child {
  const { words, act, inspection } = page;
  const { code, note } = inspection.translations!.builtin;
  const isSaidBelow = code === null && inspection.rewrites.some((rewrite) => rewrite.kind === 'refused' && rewrite.reason === note);
  if (isSaidBelow) return null;
  return element(
    'div',
    { class: 'builtin', 'data-key': 'builtin' },
    code !== null && [
      element('pre', { class: 'code', tabindex: '0', 'aria-label': words.copyNames.builtin }, code.trimEnd()),
      element(
        'button',
        {
          type: 'button',
          class: 'link',
          'aria-label': `${words.copy}: ${words.copyNames.builtin}`,
          on: {
            click: () => {
              act.copy('builtin');
            },
          },
        },
        words.copy,
      ),
    ],
    element('p', { class: 'dim' }, note),
  );
}

/** Offers first; what is refused is only told, quietly. */
function rewriteList(page: Page): Child {
  const { rewrites } = page.inspection;
  const sorted = [...rewrites.filter(({ kind }) => kind === 'offered'), ...rewrites.filter(({ kind }) => kind === 'refused')];
  return element(
    'ul',
    { class: 'rewrites', 'data-key': 'rewrites' },
    sorted.map((rewrite) => one(page, rewrite)),
  );
}

function one(page: Page, rewrite: Rewrite): HTMLElement {
  const { words, act } = page;
  const key = `${rewrite.title}@${rewrite.range.start}`;
  if (rewrite.kind === 'refused') {
    return element(
      'li',
      { class: 'rewrite refused', 'data-key': key },
      element('span', {}, `${words.notOffered(rewrite.title)}: `),
      rewrite.reason,
      ' ',
      lineLink(page, rewrite.range),
    );
  }
  return element(
    'li',
    { class: 'rewrite', 'data-key': key },
    element(
      'div',
      { class: 'fix' },
      button(
        {
          appearance: rewrite.keepsNumbers ? 'primary' : 'secondary',
          onClick: () => {
            act.applyFix(rewrite.edits);
          },
        },
        rewrite.title,
      ),
      element('span', {}, rewrite.keepsNumbers ? words.keepsNumbers : words.changesNumbers),
      lineLink(page, rewrite.range),
    ),
    element('p', { class: 'dim' }, rewrite.note),
  );
}
