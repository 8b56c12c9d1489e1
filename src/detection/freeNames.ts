/** The names that a piece of code takes from outside itself. */
import type { Expression, Statement } from '../language/program';

/** Names read in these nodes that they do not bind themselves; a function's parameters and locals are its own. */
export function freeNames(nodes: unknown): ReadonlySet<string> {
  const free = new Set<string>();
  gather(nodes, free);
  return free;
}

type Node = Statement | Expression;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
}

function gather(node: unknown, into: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) gather(item, into);
    return;
  }
  if (isNode(node)) {
    if (node.kind === 'name') {
      into.add(node.name);
      return;
    }
    if (node.kind === 'function' || node.kind === 'lambda') {
      for (const { defaultValue, annotation } of node.parameters) gather([defaultValue, annotation], into);
      if (node.kind === 'function') gather(node.decorators, into);
      const inner = freeNames(node.body);
      const own = new Set([...node.parameters.map(({ name }) => name), ...boundIn(node.body)]);
      for (const name of inner) if (!own.has(name)) into.add(name);
      return;
    }
    if (node.kind === 'comprehension') {
      const inner = new Set<string>();
      gather(Object.values(node), inner);
      const own = new Set(node.clauses.flatMap(({ target }) => [...freeNames(target)]));
      for (const name of inner) if (!own.has(name)) into.add(name);
      return;
    }
  }
  for (const child of Object.values(node)) gather(child, into);
}

/** Names that statements bind in their own scope, those of functions and classes inside left out. */
export function boundIn(body: Expression | readonly Statement[]): ReadonlySet<string> {
  const bound = new Set<string>();
  const global = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    if (isNode(node)) {
      switch (node.kind) {
        case 'function':
        case 'class':
          bound.add(node.name);
          return;
        case 'lambda':
          return;
        case 'global':
          for (const name of node.names) global.add(name);
          return;
        case 'assign':
          for (const target of node.targets) addTargets(target, bound);
          break;
        case 'augmentedAssign':
        case 'for':
        case 'assignment':
          addTargets(node.target, bound);
          break;
        case 'with':
          for (const { target } of node.items) if (target !== null) addTargets(target, bound);
          break;
        case 'try':
          for (const { name } of node.handlers) if (name !== null) bound.add(name);
          break;
        case 'import':
          for (const name of importedNames(node)) bound.add(name);
          return;
        default:
      }
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(body);
  for (const name of global) bound.delete(name);
  return bound;
}

export function importedNames({ names, alias, module }: Extract<Statement, { kind: 'import' }>): readonly string[] {
  return names === null ? [alias ?? module.split('.')[0]!] : names.map(({ name, alias: as }) => as ?? name);
}

function addTargets(target: Expression, into: Set<string>): void {
  if (target.kind === 'name') into.add(target.name);
  else if (target.kind === 'sequence') for (const item of target.items) addTargets(item, into);
  else if (target.kind === 'starred') addTargets(target.value, into);
}
