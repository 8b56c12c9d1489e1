/** What is worth telling the person about their code, each with its line and its fix. */
import type { Finding } from '../src/inspection';
import { element, type Child } from './dom';
import { lineLink, section, type Page } from './page';
import { button } from './toolkit';

const order: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2, hint: 3 };

export function findings(page: Page): Child {
  const sorted = [...page.inspection.findings].sort((a, b) => order[a.severity] - order[b.severity] || a.range.start - b.range.start);
  if (sorted.length === 0) return null;
  return section(
    'findings',
    page.words.sections.findings,
    element(
      'ul',
      { class: 'findings' },
      sorted.map((finding) => one(page, finding)),
    ),
  );
}

function one(page: Page, finding: Finding): HTMLElement {
  const { words, act } = page;
  const { fix } = finding;
  return element(
    'li',
    { class: `finding ${finding.severity}`, 'data-key': `${finding.rule}@${finding.range.start}` },
    element(
      'div',
      { class: 'what' },
      element('strong', {}, `${words.severities[finding.severity]} `),
      finding.message,
      ' ',
      element(
        'button',
        {
          type: 'button',
          class: 'link rule',
          'aria-label': words.aboutRule(finding.rule),
          title: words.aboutRule(finding.rule),
          on: {
            click: () => {
              act.openRule(finding.rule);
            },
          },
        },
        finding.rule,
      ),
      ' ',
      lineLink(page, finding.range),
    ),
    fix === undefined
      ? null
      : element(
          'div',
          { class: 'fix' },
          button(
            {
              appearance: fix.keepsNumbers ? 'primary' : 'secondary',
              onClick: () => {
                act.applyFix(fix.edits);
              },
            },
            fix.title,
          ),
          element('span', { class: 'dim' }, fix.keepsNumbers ? words.keepsNumbers : words.changesNumbers),
        ),
  );
}
