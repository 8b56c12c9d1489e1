/** The names of sites: those of one name are numbered, and a call means the definition that stands before it. */
import type { LossSite } from './sites';

/** The name that the code itself has for the site. */
export const nameInCode = ({ name }: Pick<LossSite, 'name'>): string => name.replace(/ #\d+$/, '');

/** The class or function that a call of this name at this place means. */
export function siteCalled(sites: readonly LossSite[], name: string, at: number): LossSite | null {
  const named = sites.filter((site) => (site.kind === 'class' || site.kind === 'function') && nameInCode(site) === name);
  return named.findLast(({ range }) => range.start <= at) ?? named.at(-1) ?? null;
}
