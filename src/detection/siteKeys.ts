/** Names for sites that outlast edits: by what the code calls them and what they stand in, not by where. */
import type { Program, Range } from '../language/program';
import { nameInCode } from './siteNames';
import type { LossSite } from './sites';
import { walk } from './walk';

/**
 * One key for each site, of what stands around it and its name: `Trainer.step/CrossEntropyLoss`. Those that share both are counted in the order
 * of the text.
 */
export function siteKeys(program: Program, sites: readonly LossSite[]): ReadonlyMap<LossSite, string> {
  const around = definitionsIn(program);
  const counts = new Map<string, number>();
  const keys = new Map<LossSite, string>();
  for (const site of [...sites].sort((a, b) => a.nameRange.start - b.nameRange.start)) {
    const scope = around.filter(({ range }) => holds(range, site.range)).map(({ name }) => name);
    const key = [scope.join('.'), nameInCode(site)].filter((part) => part !== '').join('/');
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    keys.set(site, count === 1 ? key : `${key}#${count}`);
  }
  return keys;
}

interface Named {
  readonly name: string;
  readonly range: Range;
}

/** Its classes and functions, outer ones first. */
function definitionsIn({ cells }: Program): readonly Named[] {
  const found: Named[] = [];
  for (const { body } of cells)
    walk(body, (node) => {
      if (node.kind === 'function' || node.kind === 'class') found.push({ name: node.name, range: node.range });
    });
  return found.sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
}

const holds = (outer: Range, inner: Range): boolean =>
  outer.start <= inner.start && inner.end <= outer.end && outer.end - outer.start > inner.end - inner.start;
