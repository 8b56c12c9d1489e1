/** What an inspection can be copied as: one choice below the other, each with what it is, what was checked of it, or why there is none. */
import { copyFormats, isTextFormat, type CopyFormat } from './copy';
import { element, type Child } from './dom';
import type { Page } from './page';

export const copyPanelId = 'copy-as';

/** Opens and closes the choices. */
export function copyButton(page: Page): HTMLElement {
  const { words, act } = page;
  return element(
    'button',
    {
      type: 'button',
      class: 'link copy-button',
      id: `${copyPanelId}-button`,
      'aria-expanded': page.copyOpen ? 'true' : 'false',
      'aria-controls': page.copyOpen ? copyPanelId : null,
      on: {
        click: () => {
          act.openCopy(!page.copyOpen);
        },
      },
    },
    words.copyAs,
    element('span', { 'aria-hidden': 'true' }, page.copyOpen ? ' ▴' : ' ▾'),
  );
}

export function copyPanel(page: Page): Child {
  if (!page.copyOpen) return null;
  const { words, act } = page;
  return element(
    'ul',
    {
      id: copyPanelId,
      'data-key': copyPanelId,
      class: 'copy-panel',
      'aria-label': words.copyAs,
      on: {
        keydown: (event) => {
          if ((event as KeyboardEvent).key !== 'Escape') return;
          act.openCopy(false);
          document.getElementById(`${copyPanelId}-button`)?.focus();
        },
      },
    },
    copyFormats.map((format) => choice(page, format)),
  );
}

/** A choice that cannot be made keeps its place in the order of focus, so that its reason can be read. */
function choice(page: Page, format: CopyFormat): HTMLElement {
  const { words, act, inspection } = page;
  const translation = isTextFormat(format) ? null : inspection.translations?.[format];
  const possible = isTextFormat(format) || typeof translation?.code === 'string';
  const note = isTextFormat(format)
    ? words.copyNotes[format]
    : (translation?.note ?? (inspection.recognised === undefined ? words.notTranslated : words.notForThisKind));
  const noteId = `${copyPanelId}-${format}-note`;
  return element(
    'li',
    { 'data-key': format },
    element(
      'button',
      {
        type: 'button',
        class: 'link',
        'aria-label': `${words.copyAs} ${words.copyNames[format]}`,
        'aria-disabled': possible ? null : 'true',
        'aria-describedby': noteId,
        on: {
          click: () => {
            if (possible) act.copy(format);
          },
        },
      },
      words.copyNames[format],
    ),
    element('span', { id: noteId, class: 'dim' }, page.copied === format && element('strong', {}, `✓ ${words.copiedShort} `), note),
  );
}
