/** How the code of a loss calls what it was given. */
import type { LossSite } from '../detection/sites';
import { walk } from '../detection/walk';
import type { Expression, Range } from '../language/program';
import { textOf } from './code';
import type { KnownParameter, Subject } from './rule';

/** What computes the loss, where its parameters have their names. */
export function bodyRange({ definition }: LossSite): Range | null {
  if (definition.kind === 'class') return definition.method.range;
  return definition.kind === 'function' ? definition.callable.range : null;
}

/** The spellings of the parameters of a role inside the loss: `y`, `self.weight`. Most direct first. */
export function spellingsOf(subject: Subject, ...roles: readonly KnownParameter['role'][]): readonly string[] {
  const given = subject.parameters.filter(({ role }) => roles.includes(role));
  return [...new Set(given.flatMap((parameter) => spellings(subject.site, parameter)))];
}

function spellings(site: LossSite, { name, where }: KnownParameter): readonly string[] {
  const { definition } = site;
  if (where === 'call' || definition.kind !== 'class' || definition.constructor === null) return [name];
  const own = definition.constructor.parameters[0]?.name ?? 'self';
  const self = definition.method.parameters[0]?.name ?? 'self';
  const kept: { readonly attribute: string; readonly plain: boolean }[] = [];
  for (const statement of definition.constructor.body) {
    walk([statement], (node) => {
      if (node.kind === 'assign' && node.value !== null && mentions(node.value, name))
        for (const target of node.targets)
          if (target.kind === 'attribute' && target.object.kind === 'name' && target.object.name === own)
            kept.push({ attribute: target.name, plain: node.value.kind === 'name' });
      if (node.kind === 'call' && textOf(site, node.callee) === `${own}.register_buffer`) {
        const [first, second] = node.arguments;
        if (first?.kind === 'constant' && first.value.type === 'string' && second !== undefined && mentions(second, name))
          kept.push({ attribute: first.value.value, plain: true });
      }
    });
  }
  return kept.toSorted((a, b) => Number(b.plain) - Number(a.plain)).map(({ attribute }) => `${self}.${attribute}`);
}

export function mentions(expression: Expression, name: string): boolean {
  let found = false;
  walk([{ kind: 'expression', expression, silent: true, range: expression.range }], (node) => {
    if (node.kind === 'name' && node.name === name) found = true;
  });
  return found;
}
