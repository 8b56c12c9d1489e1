/** Where definitions stand that may be losses: classes, their methods, functions inside others, members of objects. */
import type { ClassDefinition, Expression, FunctionDefinition, Program, Range, Statement } from '../language/program';
import { boundIn } from './freeNames';
import { keyOf } from './literals';
import type { Callable } from './sites';

interface PlaceBase {
  /** What its site is called: `Trainer.loss`, `losses.smooth`. */
  readonly name: string;
  readonly range: Range;
  readonly nameRange: Range;
  /** The functions around it, outermost first. */
  readonly around: readonly Callable[];
  /** What gives it at the module's level; null where that is its name, or where it exists only inside a function. */
  readonly reach: Expression | null;
}

export type ClassPlace = PlaceBase & { readonly kind: 'class'; readonly definition: ClassDefinition };
export type FunctionPlace = PlaceBase & {
  readonly kind: 'function';
  readonly callable: Callable;
  /** The class that it is a method of. */
  readonly owner: ClassPlace | null;
  /** The class that it, or the outermost of the functions around it, is a method of. */
  readonly host: ClassPlace | null;
};
export type Place = ClassPlace | FunctionPlace;

/** Every place of a program, in the order of its text. */
export function placesOf(program: Program): readonly Place[] {
  const found: Place[] = [];
  const module: Surroundings = { around: [], prefix: '', reach: null, owner: null, host: null };
  for (const { body } of program.cells) visitStatements(body, module, found);
  return found;
}

interface Surroundings {
  readonly around: readonly Callable[];
  /** Before the name, for members: `Losses.`. */
  readonly prefix: string;
  /** What gives the object that the members are of. */
  readonly reach: Expression | null;
  readonly owner: ClassPlace | null;
  readonly host: ClassPlace | null;
}

function visitStatements(statements: readonly Statement[], within: Surroundings, found: Place[]): void {
  for (const statement of statements) visitStatement(statement, within, found);
}

function visitStatement(statement: Statement, within: Surroundings, found: Place[]): void {
  switch (statement.kind) {
    case 'function':
      addFunction(statement, statement.name, statement, within, found);
      return;
    case 'class': {
      const place: ClassPlace = { kind: 'class', definition: statement, ...named(statement.name, statement, within) };
      found.push(place);
      const reach = place.reach ?? nameOf(statement.name, statement.nameRange);
      visitStatements(statement.body, { ...within, prefix: `${place.name}.`, reach, owner: place }, found);
      return;
    }
    case 'assign':
      for (const target of statement.targets) if (statement.value) addAssigned(target, statement.value, statement.range, within, found);
      return;
    case 'expression':
      visitExpression(statement.expression, within, found);
      return;
    case 'return':
      if (statement.value) visitExpression(statement.value, within, found);
      return;
    case 'if':
      visitStatements(statement.then, within, found);
      visitStatements(statement.otherwise, within, found);
      return;
    case 'for':
    case 'while':
      visitStatements(statement.body, within, found);
      visitStatements(statement.otherwise, within, found);
      return;
    case 'with':
    case 'block':
      visitStatements(statement.body, within, found);
      return;
    case 'try':
      visitStatements(statement.body, within, found);
      for (const handler of statement.handlers) visitStatements(handler.body, within, found);
      visitStatements(statement.otherwise, within, found);
      visitStatements(statement.finally, within, found);
      return;
    case 'match':
      for (const { body } of statement.cases) visitStatements(body, within, found);
      return;
    default:
  }
}

const nameOf = (name: string, range: Range): Expression => ({ kind: 'name', name, range });

const memberOf = (object: Expression, name: string, range: Range): Expression => ({
  kind: 'attribute',
  object,
  name,
  nameRange: range,
  range,
  optional: false,
});

function named(
  name: string,
  { range, nameRange }: { readonly range: Range; readonly nameRange: Range },
  { around, prefix, reach }: Surroundings,
): PlaceBase {
  // What stands inside a function has no place at the module's level.
  const isReachable = reach !== null && around.length === 0;
  return { name: prefix + name, range, nameRange, around, reach: isReachable ? memberOf(reach, name, nameRange) : null };
}

function addFunction(
  callable: Callable,
  name: string,
  at: { readonly range: Range; readonly nameRange: Range },
  within: Surroundings,
  found: Place[],
): void {
  const host = within.around.length === 0 ? within.owner : within.host;
  found.push({ kind: 'function', callable, owner: within.owner, host, ...named(name, at, within) });
  const inside: Surroundings = { around: [...within.around, callable], prefix: '', reach: null, owner: null, host };
  if (callable.kind === 'function' || isStatements(callable.body)) visitStatements(callable.body as readonly Statement[], inside, found);
  else visitExpression(callable.body, inside, found);
}

const isStatements = (body: Expression | readonly Statement[]): body is readonly Statement[] => Array.isArray(body);

/** `loss = lambda …`, `exports.loss = function …`, `losses = { smooth(…) { … } }`. */
function addAssigned(target: Expression, value: Expression, range: Range, within: Surroundings, found: Place[]): void {
  const called = unwrapped(value);
  if (target.kind === 'name') {
    if (called.kind === 'lambda') addFunction(called, target.name, { range, nameRange: target.range }, within, found);
    else if (called.kind === 'mapping') {
      const reach = within.reach === null ? nameOf(target.name, target.range) : memberOf(within.reach, target.name, target.range);
      addMembers(called, { ...within, prefix: `${within.prefix}${target.name}.`, reach, owner: null }, found);
    } else if (called.kind === 'call' && called.callee.kind === 'lambda' && called.arguments.length === 0)
      addNamespace(called.callee.body, target.name, target.range, within, found);
    else visitExpression(value, within, found);
    return;
  }
  if (target.kind === 'attribute' && called.kind === 'lambda') {
    // The function itself gives it: `exports` may not be there.
    found.push({
      kind: 'function',
      callable: called,
      owner: null,
      host: within.host,
      name: target.name,
      range,
      nameRange: target.nameRange,
      around: within.around,
      reach: called,
    });
    return;
  }
  visitExpression(value, within, found);
}

/** The function in `torch.jit.script(lambda …)`, `useCallback(() => …)`: what is assigned is still that function. */
function unwrapped(value: Expression): Expression {
  const [only] = value.kind === 'call' && value.arguments.length === 1 ? value.arguments : [];
  return only?.kind === 'lambda' && only.parameters.length > 1 ? only : value;
}

function addMembers(mapping: Extract<Expression, { kind: 'mapping' }>, within: Surroundings, found: Place[]): void {
  for (const { key, value, range } of mapping.entries) {
    const name = key && keyOf(key);
    if (key && name !== null && value.kind === 'lambda') addFunction(value, name, { range, nameRange: key.range }, within, found);
    else visitExpression(value, within, found);
  }
}

/** A namespace is a function that is called at once and returns its members. */
function addNamespace(body: Expression | readonly Statement[], name: string, range: Range, within: Surroundings, found: Place[]): void {
  const reach = within.reach === null ? nameOf(name, range) : memberOf(within.reach, name, range);
  if (isStatements(body)) visitStatements(body, { ...within, prefix: `${within.prefix}${name}.`, reach, owner: null }, found);
}

/** Functions handed to calls: `optimizer.minimize(() => …)` is named after what it is handed to. */
function visitExpression(expression: Expression, within: Surroundings, found: Place[]): void {
  switch (expression.kind) {
    case 'call': {
      const { callee } = expression;
      visitExpression(callee, within, found);
      const name = callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.name : null;
      for (const argument of [...expression.arguments, ...expression.keywords.map(({ value }) => value)]) {
        if (argument.kind === 'lambda' && name !== null) addHanded(argument, name, within, found);
        else visitExpression(argument, within, found);
      }
      return;
    }
    case 'attribute':
      visitExpression(expression.object, within, found);
      return;
    case 'lambda':
      addHanded(expression, 'lambda', within, found);
      return;
    case 'mapping':
      for (const { key, value } of expression.entries) {
        if (value.kind === 'lambda') addHanded(value, (key && keyOf(key)) ?? 'lambda', within, found);
        else visitExpression(value, within, found);
      }
      return;
    case 'sequence':
      for (const item of expression.items) visitExpression(item, within, found);
      return;
    case 'await':
    case 'starred':
      visitExpression(expression.value, within, found);
      return;
    case 'conditional':
      visitExpression(expression.then, within, found);
      visitExpression(expression.otherwise, within, found);
      return;
    default:
  }
}

function addHanded(callable: Extract<Callable, { kind: 'lambda' }>, name: string, { around, host }: Surroundings, found: Place[]): void {
  // Nothing of a function that is handed over has a name: at the module's level the function itself gives it.
  const reach = around.length === 0 ? callable : null;
  found.push({ kind: 'function', callable, owner: null, host, name, range: callable.range, nameRange: callable.range, around, reach });
  const inside: Surroundings = { around: [...around, callable], prefix: '', reach: null, owner: null, host };
  if (isStatements(callable.body)) visitStatements(callable.body, inside, found);
  else visitExpression(callable.body, inside, found);
}

/** Methods take the object first, in Python, unless they are static. */
export function isStaticMethod(callable: Callable): boolean {
  return callable.kind !== 'function' || callable.modifier === 'static' || hasDecorator(callable, 'staticmethod');
}

export const isClassMethod = (callable: Callable): boolean => callable.kind === 'function' && hasDecorator(callable, 'classmethod');

const hasDecorator = ({ decorators }: FunctionDefinition, name: string): boolean =>
  decorators.some((decorator) => decorator.kind === 'name' && decorator.name === name);

/** The names that a callable binds: its parameters and what its body assigns. */
export function ownNames(callable: Callable): ReadonlySet<string> {
  return new Set([...callable.parameters.map(({ name }) => name), ...boundIn(callable.body)]);
}
