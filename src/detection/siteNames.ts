/** The names of sites: those of one name are numbered, and a call means the definition that stands before it. */
import type { Call, Parameter } from '../language/program';
import type { LossSite } from './sites';

/** The name that the code itself has for the site. */
export const nameInCode = ({ name }: Pick<LossSite, 'name'>): string => name.replace(/ #\d+$/, '');

/** The name that calls have for what makes the site: its class, for one of the methods of a class. */
export const calledNameOf = (site: LossSite): string =>
  site.definition.kind === 'class' ? site.definition.definition.name : nameInCode(site);

/** The site of the definition, where a call means one of another file; and that call. */
export const definedBy = (site: LossSite): { readonly site: LossSite; readonly from: Call | null } =>
  site.definition.kind === 'call' && site.definition.of !== null
    ? { site: site.definition.of, from: site.definition.call }
    : { site, from: null };

/** Whether the site has a name at its module's level, which other code can import. */
export const isReachedByName = (site: LossSite): boolean => {
  const { definition } = site;
  if (definition.kind === 'class') return definition.reach === null && nameInCode(site) === definition.definition.name;
  return definition.kind === 'function' && definition.reach === null;
};

/** The class or function that a call of this name at this place means. */
export function siteCalled(sites: readonly LossSite[], name: string, at: number): LossSite | null {
  const named = sites.filter((site) => (site.kind === 'class' || site.kind === 'function') && calledNameOf(site) === name);
  return named.findLast(({ range }) => range.start <= at) ?? named.at(-1) ?? null;
}

/** The parameters that something can be said of: of a library's call, its tensors and the options that it is written with. */
export function parameterNames(asked: LossSite): readonly string[] {
  const { site } = definedBy(asked);
  const { definition, program } = site;
  const names = (of: readonly Parameter[] | undefined, receivers: number): readonly string[] =>
    (of ?? [])
      .slice(receivers)
      .filter(({ pattern, style }) => pattern === null && style !== 'variadic' && style !== 'keywordVariadic')
      .map(({ name }) => name);
  switch (definition.kind) {
    case 'class': {
      const receivers = program.language === 'python' ? 1 : 0;
      const isStatic = definition.method.decorators.some((one) => one.kind === 'name' && one.name === 'staticmethod');
      return [...names(definition.constructor?.parameters, receivers), ...names(definition.method.parameters, isStatic ? 0 : receivers)];
    }
    case 'function':
      return [...names(definition.factory?.parameters, 0), ...names(definition.callable.parameters, 0)];
    case 'call':
      return ['logits', 'targets', ...definition.call.keywords.flatMap(({ name }) => name ?? [])];
    case 'script':
      return [];
  }
}
