/** The configuration object that a loss is made with, where the file does not hold it: what the code reads from it, each by its own name. */
import type { LossSite } from '../detection/sites';
import { walk } from '../detection/walk';
import type { Expression, Parameter, Statement } from '../language/program';
import { str } from '../interpreter/value';
import type { Value } from '../interpreter/value';
import type { Session } from './session';

/** What is read under one name: settings of its own, or nothing below it. */
type Entries = Map<string, Entries>;

/** `config.loss.eps`, `args['smoothing']`, `cfg.get('eps', 0.1)` as paths; null where the code reads nothing from it. */
export function configurationOf(
  session: Session,
  site: LossSite,
  parameter: Parameter,
  valueOf: (entry: Parameter) => Value | null,
): Value | null {
  const entries = entriesRead(site, parameter.name);
  return entries.size === 0 ? null : made(session, entries, parameter, valueOf);
}

/** The names read from a parameter itself, one step deep. */
export const namesRead = (site: LossSite, name: string): readonly string[] => [...entriesRead(site, name).keys()];

function made(session: Session, entries: Entries, parameter: Parameter, valueOf: (entry: Parameter) => Value | null): Value {
  const { context } = session;
  const values = [...entries].flatMap(([name, below]): (readonly [string, Value])[] => {
    const value = below.size > 0 ? made(session, below, parameter, valueOf) : valueOf({ ...parameter, name, annotation: null });
    return value === null ? [] : [[name, value]];
  });
  if (session.program.language === 'typescript') return { kind: 'object', properties: new Map(values) };
  const object = context.call(context.fromLibrary('easydict.EasyDict'));
  const set = context.getAttribute(object, '__setitem__');
  for (const [name, value] of values) context.call(set, [str(name), value]);
  return object;
}

/** A site's loss is opened many times. */
const known = new WeakMap<LossSite, Map<string, Entries>>();

function entriesRead(site: LossSite, name: string): Entries {
  const ofSite = known.get(site) ?? new Map<string, Entries>();
  known.set(site, ofSite);
  const entries = ofSite.get(name) ?? readIn(site, name);
  ofSite.set(name, entries);
  return entries;
}

function readIn({ definition }: LossSite, name: string): Entries {
  const entries: Entries = new Map();
  // What a factory reads before it makes its function is read too.
  const trees: readonly (Expression | Statement)[] =
    definition.kind === 'class'
      ? [definition.definition]
      : definition.kind === 'function'
        ? [definition.factory ?? definition.callable, definition.callable]
        : [];
  // The configuration itself, and the attribute that it is kept under.
  const roots = new Set([name, `self.${name}`]);
  const expressions: Expression[] = [];
  // What is called is no setting but a method of something else, such as a tensor.
  const called = new Set<Expression>();
  for (const tree of trees)
    walk([tree], (node) => {
      if (node.kind === 'assign' && node.value?.kind === 'name' && node.value.name === name)
        for (const target of node.targets) {
          const kept = pathOf(target);
          if (kept !== null) roots.add(kept.join('.'));
        }
      if (node.kind === 'call') called.add(node.callee);
      if (node.kind === 'attribute' || node.kind === 'subscript' || node.kind === 'call') expressions.push(node);
    });
  for (const expression of expressions) {
    const path = called.has(expression) ? null : pathOf(expression);
    if (path === null) continue;
    const start = path[0] === 'self' ? 2 : 1;
    if (path.length <= start || !roots.has(path.slice(0, start).join('.'))) continue;
    let at = entries;
    for (const step of path.slice(start)) {
      const below = at.get(step) ?? new Map<string, Entries>();
      at.set(step, below);
      at = below;
    }
  }
  return entries;
}

const methods = new Set(['get', 'keys', 'items', 'values', 'pop', 'copy']);

/** Names from the root on; null for anything that is no such path. */
function pathOf(expression: Expression): readonly string[] | null {
  switch (expression.kind) {
    case 'name':
      return [expression.name];
    case 'attribute': {
      const path = pathOf(expression.object);
      return path === null || methods.has(expression.name) ? null : [...path, expression.name];
    }
    case 'subscript': {
      const key = textOf(expression.index);
      const path = key === null ? null : pathOf(expression.object);
      return path === null ? null : [...path, key!];
    }
    case 'call': {
      const { callee } = expression;
      const [first, second] = expression.arguments;
      if (callee.kind === 'attribute' && callee.name === 'get' && first) return joined(pathOf(callee.object), textOf(first));
      if (callee.kind === 'name' && callee.name === 'getattr' && first && second) return joined(pathOf(first), textOf(second));
      return null;
    }
    default:
      return null;
  }
}

const joined = (path: readonly string[] | null, name: string | null): readonly string[] | null =>
  path === null || name === null ? null : [...path, name];

const textOf = (expression: Expression): string | null =>
  expression.kind === 'constant' && expression.value.type === 'string' ? expression.value.value : null;
