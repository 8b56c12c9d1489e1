/** The first line: which loss, where it stands, and what may be done with all of it. */
import { copyButton } from './copyPanel';
import { element } from './dom';
import { lineLink, type Page } from './page';
import { button, checkbox, dropdown } from './toolkit';

export function toolbar(page: Page, inEditorArea: boolean): HTMLElement {
  const { inspection, show, words, act } = page;
  const names = [...new Set([inspection.name, ...show.others])];
  return element(
    'header',
    { 'data-key': 'toolbar', class: 'toolbar' },
    element(
      'div',
      { class: 'subject' },
      names.length > 1
        ? dropdown({
            key: 'loss',
            label: words.otherLosses,
            choices: names.map((name) => ({ value: name, text: name })),
            value: inspection.name,
            onChange: act.select,
          })
        : element('strong', { class: 'name' }, inspection.name),
      lineLink(page, inspection.nameRange, `${baseName(show.file)}:${inspection.nameRange.line}`),
    ),
    element(
      'div',
      { class: 'tools' },
      inEditorArea ? null : checkbox({ key: 'follow', checked: show.following, onChange: act.follow }, words.follows),
      inEditorArea ? null : button({ key: 'open', appearance: 'secondary', onClick: act.openInEditor }, words.openInEditor),
      copyButton(page),
    ),
  );
}

const baseName = (file: string): string => file.split(/[\\/]/).at(-1) ?? file;
