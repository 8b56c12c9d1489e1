/** Whether anything reads what a parameter of a loss holds. */
import type { LossSite } from '../detection/sites';
import { walk } from '../detection/walk';
import type { Call, ClassDefinition, Expression } from '../language/program';
import { statementsOf, stringValue } from './code';

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
  const strangers = ownReadsOfOthers(site);
  for (const { body } of site.program.cells) {
    walk(body, (node) => {
      if (node.kind === 'attribute' && strangers.has(node)) return;
      if (node.kind === 'call' && readsByName(node, attributes)) isRead = true;
      if (node.kind === 'assign') for (const target of node.targets) written.add(target);
      if (node.kind !== 'attribute') return;
      if (reflective.has(node.name) || (attributes.has(node.name) && !written.has(node))) isRead = true;
    });
  }
  return !isRead;
}

/** `getattr(loss, 'x')`. */
function readsByName({ callee, arguments: [, name] }: Call, attributes: ReadonlySet<string>): boolean {
  if (callee.kind !== 'name' || callee.name !== 'getattr' || name === undefined) return false;
  const text = stringValue(name);
  return text !== null && attributes.has(text);
}

/** `self.x` in classes that have nothing to do with this one: theirs is another x. */
function ownReadsOfOthers({ definition, program }: LossSite): ReadonlySet<Expression> {
  const reads = new Set<Expression>();
  if (definition.kind !== 'class') return reads;
  const basesOf = new Map<string, readonly string[]>();
  const classes: ClassDefinition[] = [];
  for (const { body } of program.cells) {
    walk(body, (node) => {
      if (node.kind !== 'class') return;
      classes.push(node);
      basesOf.set(
        node.name,
        node.bases.map((base) => (base.kind === 'name' || base.kind === 'attribute' ? base.name : '')),
      );
    });
  }
  const inherits = (name: string, from: string, depth = 0): boolean =>
    name === from || (depth < 16 && (basesOf.get(name) ?? []).some((base) => inherits(base, from, depth + 1)));
  const own = definition.definition.name;
  for (const other of classes) {
    if (inherits(other.name, own) || inherits(own, other.name)) continue;
    walk([other], (node) => {
      if (node.kind === 'attribute' && node.object.kind === 'name' && /^(self|this)$/u.test(node.object.name)) reads.add(node);
    });
  }
  return reads;
}
