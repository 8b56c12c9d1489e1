/** Whether anything reads what a parameter of a loss holds. */
import type { LossSite } from '../detection/sites';
import { walk } from '../detection/walk';
import type { Expression } from '../language/program';
import { statementsOf } from './code';

/** What reads names without writing them. */
const reflective = new Set(['getattr', 'vars', 'locals', 'eval', '__dict__', 'hparams', 'save_hyperparameters']);

/**
 * True where no expression of the loss has the parameter's name, but for `self.x = parameter` with an attribute that nothing in the file reads.
 */
export function isNeverRead(site: LossSite, parameter: string): boolean {
  const stored = new Set<Expression>();
  const attributes = new Set<string>();
  const written = new Set<Expression>();
  walk(statementsOf(site), (node) => {
    if (node.kind !== 'assign') return;
    const { targets, value } = node;
    if (value?.kind !== 'name' || value.name !== parameter || !targets.every((target) => target.kind === 'attribute')) return;
    stored.add(value);
    for (const target of targets) attributes.add(target.name);
  });
  let isRead = false;
  walk(statementsOf(site), (node) => {
    if (node.kind === 'name' && ((node.name === parameter && !stored.has(node)) || reflective.has(node.name))) isRead = true;
  });
  for (const { body } of site.program.cells) {
    walk(body, (node) => {
      if (node.kind === 'assign') for (const target of node.targets) written.add(target);
      if (node.kind !== 'attribute') return;
      if (reflective.has(node.name) || (attributes.has(node.name) && !written.has(node))) isRead = true;
    });
  }
  return !isRead;
}
