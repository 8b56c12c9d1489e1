/** A comment that means to silence a rule but names none is said: else it looks as if it did its work. */
import { lineStartOf, suppressionsIn } from './suppression';
import type { NamedRule, Suppression } from './suppression';
import { statementsOf } from './code';
import type { Found, Rule, Subject } from './rule';

/** @param others the ids of all other rules */
export function unknownRule(others: readonly string[]): Rule {
  const id = 'unknown-rule';
  const ids = [...others, id];
  return {
    id,
    severity: 'hint',
    title: 'A comment silences a rule that does not exist',
    look({ site }) {
      const named = suppressionsIn(site.program)
        .filter((suppression) => speaksOf(suppression, site))
        .flatMap(({ rules }) => rules ?? []);
      return named.filter(({ name }) => !ids.includes(name)).map((name) => foundIn(name, ids));
    },
  };
}

function foundIn({ name, range }: NamedRule, ids: readonly string[]): Found {
  const meant = nearest(name, ids);
  if (meant === null) return { range, message: `There is no rule "${name}": this comment silences nothing by it.` };
  const fix = {
    title: `Write ${meant}`,
    edits: [{ range, newText: meant }],
    keepsNumbers: true,
    promise: () => true,
  };
  return { range, message: `There is no rule "${name}": this comment silences nothing by it. Is "${meant}" meant?`, fixes: [fix] };
}

function speaksOf({ lineStart }: Suppression, site: Subject['site']): boolean {
  return statementsOf(site).some(({ range }) => lineStartOf(site.program.text, range.start) <= lineStart && lineStart <= range.end);
}

/** The id that a third of the letters at most turn the name into. */
function nearest(name: string, ids: readonly string[]): string | null {
  const plain = name.toLowerCase().replaceAll('_', '-');
  const [best] = ids.map((id) => ({ id, distance: editDistance(plain, id) })).toSorted((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= best.id.length / 3 ? best.id : null;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
