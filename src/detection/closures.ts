/**
 * A function that stands inside others, or a part of one, as a function of its own: what it takes from around it comes along, as far as it
 * needs it, in a factory. `train(model, loader, classes)` with a loss inside becomes a factory of `classes` that returns that loss.
 */
import type { ClassDefinition, Expression, FunctionDefinition, Lambda, Parameter, Range, Statement } from '../language/program';
import { boundIn, freeNames } from './freeNames';
import { keyOf } from './literals';
import { isStaticMethod } from './places';
import type { Callable } from './sites';

type Node = Expression | Statement;

/** A copy of the tree in which `replace` gives some nodes anew; it is not asked about what is inside those. */
export function rewritten<T>(tree: T, replace: (node: Node) => Node | null): T {
  if (typeof tree !== 'object' || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map((item: unknown) => rewritten(item, replace)) as T;
  if ('kind' in tree && typeof tree.kind === 'string') {
    const other = replace(tree as unknown as Node);
    if (other !== null) return other as unknown as T;
  }
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, rewritten(value as unknown, replace)])) as T;
}

/** The statements that run before the one at a place, those around it opened: a loop's body counts, its head does not. */
export function statementsBefore(body: readonly Statement[], { start, end }: Range): readonly Statement[] {
  const before: Statement[] = [];
  for (const statement of body) {
    if (statement.range.start <= start && end <= statement.range.end) {
      const lists = innerLists(statement);
      const inner = lists.find((list) => list.some(({ range }) => range.start <= start && end <= range.end));
      return inner === undefined ? before : [...before, ...statementsBefore(inner, { start, end })];
    }
    if (statement.range.start > start) break;
    before.push(statement);
  }
  return before;
}

export function innerLists(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
      return [statement.then, statement.otherwise];
    case 'for':
    case 'while':
      return [statement.body, statement.otherwise];
    case 'with':
    case 'block':
      return [statement.body];
    case 'try':
      return [statement.body, ...statement.handlers.map(({ body }) => body), statement.otherwise, statement.finally];
    case 'match':
      return statement.cases.map(({ body }) => body);
    default:
      return [];
  }
}

/** Those of the statements that the names depend on; adds to the names what these need. */
export function sliceFor(statements: readonly Statement[], needed: Set<string>): readonly Statement[] {
  const kept: Statement[] = [];
  for (const statement of statements.toReversed()) {
    const changes = [...changedBy(statement)].filter((name) => needed.has(name));
    if (changes.length === 0) continue;
    kept.unshift(statement);
    for (const name of freeNames(statement)) needed.add(name);
  }
  return kept;
}

/** Names that a statement binds, or whose value it changes: `q.scatter_(…)`, `q[i] = …`. */
function changedBy(statement: Statement): ReadonlySet<string> {
  const changed = new Set(boundIn([statement]));
  const visit = (one: Statement) => {
    if (one.kind === 'expression') addRoot(one.expression.kind === 'call' ? one.expression : null, changed);
    if (one.kind === 'assign')
      for (const target of one.targets) if (target.kind === 'subscript' || target.kind === 'attribute') addRoot(target, changed);
    if (one.kind === 'augmentedAssign') addRoot(one.target, changed);
    for (const list of innerLists(one)) list.forEach(visit);
  };
  visit(statement);
  return changed;
}

function addRoot(expression: Expression | null, into: Set<string>): void {
  let at = expression;
  while (at !== null) {
    switch (at.kind) {
      case 'name':
        into.add(at.name);
        return;
      case 'attribute':
      case 'subscript':
        at = at.object;
        break;
      case 'call':
        at = at.callee.kind === 'attribute' ? at.callee : null;
        break;
      default:
        return;
    }
  }
}

/** What surrounds a function: the functions around it, and the class that the outermost of these, or it, is a method of. */
export interface Around {
  readonly around: readonly Callable[];
  readonly owner: ClassDefinition | null;
  /** A class of this file by its name. */
  readonly classNamed: (name: string) => ClassDefinition | undefined;
  readonly language: 'python' | 'typescript';
}

export interface Closure {
  readonly callable: Callable;
  /** Null where it needs nothing from around. */
  readonly factory: Lambda | null;
  readonly reach: Expression;
}

/** The function with what it needs from around it; null where that cannot be told. */
export function closureOf(inner: Callable, { around, owner, classNamed, language }: Around): Closure | null {
  const needed = new Set(freeNames(inner));
  let statements: readonly Statement[] = [];
  let parameters: readonly Parameter[] = [];
  let at: Range = inner.range;
  for (const outer of around.toReversed()) {
    const body = 'kind' in outer.body ? [] : outer.body;
    statements = [...sliceFor(statementsBefore(body, at), needed), ...statements];
    const own = outer.parameters.filter(({ name, pattern }) => pattern === null && needed.has(name));
    parameters = [...own.filter(({ name }) => !parameters.some((other) => other.name === name)), ...parameters];
    for (const { name, defaultValue } of own) {
      needed.delete(name);
      for (const free of freeNames(defaultValue)) needed.add(free);
    }
    at = outer.range;
  }
  const method = around[0] ?? inner;
  const self = owner === null ? null : selfOf(method, language);
  const isOfObject = around.length === 0 || needed.has(self ?? '') || parameters.some(({ name }) => name === self);
  if (owner !== null && self !== null && isOfObject) {
    const apart = detached({ inner, statements }, self, owner, classNamed, language);
    if (apart === null) return null;
    const own = parameters.filter(({ name }) => name !== self);
    return made(apart.inner, apart.statements, [...apart.parameters.filter(({ name }) => !own.some((o) => o.name === name)), ...own]);
  }
  return made(inner, statements, parameters);
}

const selfOf = (method: Callable, language: Around['language']): string | null =>
  language === 'typescript' ? 'this' : isStaticMethod(method) ? null : (method.parameters[0]?.name ?? null);

function made(inner: Callable, statements: readonly Statement[], parameters: readonly Parameter[]): Closure {
  const { range } = inner;
  const asLambda = (own: readonly Parameter[], body: Lambda['body']): Lambda => ({
    kind: 'lambda',
    parameters: own,
    body,
    bindsThis: false,
    range,
  });
  // A lambda has no decorators: they stay with the definition, which is then part of the factory.
  const value: Expression = inner.kind === 'lambda' ? inner : { kind: 'name', name: inner.name, range: inner.nameRange };
  const definitions: readonly Statement[] = inner.kind === 'lambda' ? [] : [inner];
  if (statements.length === 0 && parameters.length === 0 && inner.kind === 'lambda')
    return { callable: inner, factory: null, reach: inner };
  const factory = asLambda(ordered(parameters), [...statements, ...definitions, { kind: 'return', value, range }]);
  return { callable: inner, factory, reach: factory };
}

/** Parameters with defaults stand behind those without. */
const ordered = (parameters: readonly Parameter[]): readonly Parameter[] => [
  ...parameters.filter(({ defaultValue, style }) => defaultValue === null && style !== 'keywordOnly'),
  ...parameters.filter(({ defaultValue, style }) => defaultValue !== null && style !== 'keywordOnly'),
  ...parameters.filter(({ style }) => style === 'keywordOnly'),
];

interface Parts {
  readonly inner: Callable;
  readonly statements: readonly Statement[];
}

/**
 * Without its object: `self.x` becomes a name of its own, bound as the constructor binds it. So a method of a model runs without the model.
 */
function detached(
  { inner, statements }: Parts,
  self: string,
  owner: ClassDefinition,
  classNamed: Around['classNamed'],
  language: Around['language'],
): (Parts & { readonly parameters: readonly Parameter[] }) | null {
  const nameFor = (attribute: string) => `self.${attribute}`;
  const apart = <T>(tree: T, own: string): T =>
    rewritten(tree, (node) =>
      node.kind === 'attribute' && node.object.kind === 'name' && node.object.name === own
        ? { kind: 'name', name: nameFor(node.name), range: node.range }
        : null,
    );
  const isMethod = (around: Callable) => around === inner;
  const withoutSelf = (callable: Callable): Callable =>
    callable.kind === 'function' && language === 'python' && !isStaticMethod(callable)
      ? { ...callable, parameters: callable.parameters.slice(1) }
      : callable;
  const own = apart({ inner, statements }, self);
  const newInner = isMethod(inner) && inner.parameters[0]?.name === self ? withoutSelf(own.inner) : own.inner;
  const needed = new Set([...freeNames(newInner), ...freeNames(own.statements)]);
  if (needed.has(self)) return null;

  const classes = linearised(owner, classNamed);
  const helpers: Statement[] = [];
  for (let known = -1; known !== needed.size;) {
    known = needed.size;
    for (const name of [...needed]) {
      if (!name.startsWith('self.')) continue;
      const attribute = name.slice('self.'.length);
      const method = classes.flatMap(({ body }) => body.filter(isFunctionNamed(attribute)))[0];
      if (method === undefined || helpers.some((helper) => helper.kind === 'function' && helper.name === name)) continue;
      const ownSelf = selfOf(method, language);
      const helper = withoutSelf(ownSelf === null ? method : apart<FunctionDefinition>(method, ownSelf)) as FunctionDefinition;
      if (ownSelf !== null && freeNames(helper.body).has(ownSelf)) return null;
      helpers.push({ ...helper, name, decorators: [] });
      for (const free of freeNames(helper)) needed.add(free);
    }
  }
  const constructor = classes.flatMap(({ body }) => body.filter(isFunctionNamed(language === 'python' ? '__init__' : 'constructor')))[0];
  let bound: readonly Statement[] = [];
  let parameters: readonly Parameter[] = [];
  if (constructor !== undefined) {
    const ownSelf = selfOf(constructor, language) ?? self;
    const fields = constructor.parameters.filter(({ isField }) => isField);
    bound = sliceFor([...fields.map(asField), ...apart(constructor.body.map(withoutRegistering(ownSelf)), ownSelf)], needed);
    parameters = (language === 'python' ? constructor.parameters.slice(1) : constructor.parameters).filter(({ name }) => needed.has(name));
  }
  const fields = classes.flatMap(({ body }) =>
    body.flatMap((statement): readonly Statement[] =>
      statement.kind === 'assign' && statement.value !== null
        ? [{ ...statement, targets: statement.targets.map((t) => (t.kind === 'name' ? { ...t, name: nameFor(t.name) } : t)) }]
        : [],
    ),
  );
  const ofClass = sliceFor(fields, needed);
  const made = [...ofClass, ...bound, ...helpers];
  // What no class of this file gives the object, whoever makes it does.
  const given = new Set(boundIn(made));
  const open = [...needed].filter((name) => name.startsWith('self.') && !given.has(name)).map((name) => openParameter(name, inner.range));
  return { inner: newInner, statements: [...made, ...own.statements], parameters: [...parameters, ...open] };
}

const openParameter = (name: string, range: Range): Parameter => ({
  name,
  range,
  pattern: null,
  style: 'normal',
  defaultValue: null,
  annotation: null,
  isField: false,
});

const isFunctionNamed =
  (name: string) =>
  (statement: Statement): statement is FunctionDefinition =>
    statement.kind === 'function' && statement.name === name;

/** `private eps = 0.1` of a constructor is `this.eps = eps`. */
const asField = ({ name, range }: Parameter): Statement => ({
  kind: 'assign',
  targets: [{ kind: 'name', name: `self.${name}`, range }],
  value: { kind: 'name', name, range },
  annotation: null,
  declaration: null,
  range,
});

/** `self.register_buffer('table', value)` is `self.table = value`. */
const withoutRegistering =
  (self: string) =>
  (statement: Statement): Statement => {
    const call = statement.kind === 'expression' && statement.expression.kind === 'call' ? statement.expression : null;
    const { callee } = call ?? {};
    if (call === null || callee?.kind !== 'attribute' || callee.name !== 'register_buffer') return statement;
    const [key, value] = call.arguments;
    const name = key && keyOf(key);
    if (!key || !value || typeof name !== 'string') return statement;
    const { range } = statement;
    const object: Expression = { kind: 'name', name: self, range: callee.range };
    const target: Expression = { kind: 'attribute', object, name, nameRange: key.range, range: key.range, optional: false };
    return { kind: 'assign', targets: [target], value, annotation: null, declaration: null, range };
  };

/** The class and those of this file that it inherits from, nearest first. */
function linearised(definition: ClassDefinition, classNamed: Around['classNamed']): readonly ClassDefinition[] {
  const found: ClassDefinition[] = [];
  const visit = (one: ClassDefinition) => {
    if (found.includes(one) || found.length > 8) return;
    found.push(one);
    for (const base of one.bases) {
      const parent = base.kind === 'name' ? classNamed(base.name) : undefined;
      if (parent) visit(parent);
    }
  };
  visit(definition);
  return found;
}
