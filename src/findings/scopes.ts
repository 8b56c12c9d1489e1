/** Names of a program and what binds them, as far as it can be told without running it. */
import { walk } from '../detection/walk';
import type { Expression, FunctionDefinition, Program, Range, Statement } from '../language/program';

/** A place that gives a name a value. The value is null where it is not an expression of its own: a loop, an import, a definition. */
export interface Binding {
  readonly name: string;
  readonly statement: Statement;
  readonly value: Expression | null;
  /** The blocks around it, the outermost first: a place inside all of them that comes later sees this binding. */
  readonly blocks: readonly Range[];
  /** Tests of the ifs around it. */
  readonly tests: readonly Expression[];
}

/** A function's own statements, or the module's. */
export interface Scope {
  readonly definition: FunctionDefinition | null;
  readonly bindings: readonly Binding[];
  /** Expressions of the scope's own statements, without those of functions in it. */
  readonly statements: readonly Statement[];
}

export function scopesOf(program: Program): readonly Scope[] {
  const body = program.cells.flatMap((cell) => cell.body);
  const scopes: Scope[] = [scopeOf(null, body)];
  walk(body, (node) => {
    if (node.kind === 'function' && 'nameRange' in node) scopes.push(scopeOf(node, node.body));
  });
  return scopes;
}

interface Around {
  readonly blocks: readonly Range[];
  readonly tests: readonly Expression[];
}

function scopeOf(definition: FunctionDefinition | null, body: readonly Statement[]): Scope {
  const bindings: Binding[] = [];
  const statements: Statement[] = [];
  const follow = (list: readonly Statement[], around: Around): void => {
    const [first] = list;
    const last = list.at(-1);
    if (first === undefined || last === undefined) return;
    const inner = { ...around, blocks: [...around.blocks, { start: first.range.start, end: last.range.end }] };
    for (const statement of list) one(statement, inner);
  };
  const one = (statement: Statement, around: Around): void => {
    const bind = (target: Expression | null, value: Expression | null): void => {
      for (const name of target === null ? [] : namesIn(target)) bindings.push({ name, statement, value, ...around });
    };
    switch (statement.kind) {
      case 'assign':
        statements.push(statement);
        for (const target of statement.targets) bind(target, statement.value);
        return;
      case 'augmentedAssign':
        statements.push(statement);
        bind(statement.target, null);
        return;
      case 'if': {
        const under = { ...around, tests: [...around.tests, statement.test] };
        follow(statement.then, under);
        follow(statement.otherwise, under);
        return;
      }
      case 'for':
        bind(statement.target, null);
        follow(statement.body, around);
        follow(statement.otherwise, around);
        return;
      case 'while':
        follow(statement.body, around);
        follow(statement.otherwise, around);
        return;
      case 'try':
        for (const part of [statement.body, ...statement.handlers.map((handler) => handler.body), statement.otherwise, statement.finally])
          follow(part, around);
        return;
      case 'with':
        for (const { target } of statement.items) bind(target, null);
        follow(statement.body, around);
        return;
      case 'function':
      case 'class':
        bindings.push({ name: statement.name, statement, value: null, ...around });
        return;
      default:
        statements.push(statement);
    }
  };
  follow(body, { blocks: [], tests: [] });
  return { definition, bindings, statements };
}

function namesIn(target: Expression): readonly string[] {
  if (target.kind === 'name') return [target.name];
  if (target.kind === 'starred') return namesIn(target.value);
  return target.kind === 'sequence' ? target.items.flatMap(namesIn) : [];
}

/** The one binding of a name that is seen from a scope; null where it has several, is a parameter, or is bound elsewhere. */
export function onlyBinding(scopes: readonly Scope[], from: Scope, name: string): Binding | null {
  for (const scope of enclosing(scopes, from)) {
    if (scope.definition?.parameters.some((parameter) => parameter.name === name)) return null;
    const own = scope.bindings.filter((binding) => binding.name === name);
    if (own.length > 0) return own.length === 1 ? own[0]! : null;
  }
  return null;
}

/** A scope and those around it, the innermost first. */
function enclosing(scopes: readonly Scope[], { definition }: Scope): readonly Scope[] {
  if (definition === null) return scopes.slice(0, 1);
  const { start, end } = definition.range;
  return scopes.filter(({ definition: outer }) => outer === null || (outer.range.start <= start && end <= outer.range.end)).toReversed();
}

/** The binding of a name that holds at a place of the same scope, whichever way the run came there; null where that depends. */
export function bindingAt({ bindings }: Scope, name: string, at: Range, isSure: (test: Expression) => boolean): Binding | null {
  const before = bindings.filter((binding) => binding.name === name && binding.statement.range.end <= at.start);
  const last = before.at(-1);
  if (last === undefined) return null;
  const holds = last.blocks.every(({ start, end }) => start <= at.start && at.end <= end);
  return holds || (last.tests.length > 0 && last.tests.every(isSure)) ? last : null;
}
