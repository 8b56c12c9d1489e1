/** Follows statements in their order; branches are followed one after the other, loops once. */
import type { Expression, Statement } from '../language/program';
import type { Context } from './followContext';
import { bind, bindEach, evaluate } from './evaluate';
import type { Flow } from './flow';
import { either, nothing, trait } from './flow';

/** What a function's body returns. */
export function followBody(body: Expression | readonly Statement[], context: Context): Flow {
  return isStatements(body) ? (followStatements(body, context) ?? nothing) : evaluate(body, context);
}

export function isStatements(body: Expression | readonly Statement[]): body is readonly Statement[] {
  return Array.isArray(body);
}

export function followStatements(statements: readonly Statement[], context: Context): Flow | null {
  let returned: Flow | null = null;
  const add = (flow: Flow | null) => {
    if (flow) returned = returned ? either(returned, flow) : flow;
  };
  for (const statement of statements) add(followStatement(statement, context));
  return returned;
}

function followStatement(statement: Statement, context: Context): Flow | null {
  switch (statement.kind) {
    case 'expression':
      evaluate(statement.expression, context);
      return null;
    case 'assign': {
      if (statement.value === null) return null;
      const value = evaluate(statement.value, context);
      for (const target of statement.targets) bind(target, value, context, statement.value);
      return null;
    }
    case 'augmentedAssign': {
      // `q[range(n), y] += 1 - e` writes 1 − ε on top of what is there.
      if (statement.target.kind === 'subscript') {
        bind(statement.target, evaluate(statement.value, context), context, statement.value);
        return null;
      }
      const synthetic = {
        kind: 'binary',
        operator: statement.operator,
        left: statement.target,
        right: statement.value,
        operatorRange: statement.range,
        range: statement.range,
      } as const;
      bind(statement.target, evaluate(synthetic, context), context);
      return null;
    }
    case 'return':
      return statement.value ? evaluate(statement.value, context) : null;
    case 'if':
      evaluate(statement.test, context);
      return join(followStatements(statement.then, context), followStatements(statement.otherwise, context));
    case 'for':
      bindEach(statement.target, statement.iterable, context);
      return join(followStatements(statement.body, context), followStatements(statement.otherwise, context));
    case 'while':
      // `for (let j = 0; …; j++)`: j counts.
      if (statement.update?.kind === 'assignment') bind(statement.update.target, { ...nothing, traits: trait.byLabel }, context);
      evaluate(statement.test, context);
      return followStatements(statement.body, context);
    case 'try': {
      const parts = [statement.body, ...statement.handlers.map((h) => h.body), statement.otherwise, statement.finally];
      return parts.map((part) => followStatements(part, context)).reduce(join, null);
    }
    case 'with':
      for (const item of statement.items) evaluate(item.context, context);
      return followStatements(statement.body, context);
    case 'block':
      return followStatements(statement.body, context);
    case 'match':
      evaluate(statement.subject, context);
      return statement.cases.map((c) => followStatements(c.body, context)).reduce(join, null);
    case 'function':
      context.scope.names.set(statement.name, { ...nothing, object: { kind: 'callable', callable: statement, scope: context.scope } });
      return null;
    case 'raise':
    case 'assert':
    case 'delete':
    case 'global':
    case 'nonlocal':
    case 'import':
    case 'class':
    case 'pass':
    case 'break':
    case 'continue':
    case 'unsupported':
      return null;
  }
}

function join(a: Flow | null, b: Flow | null): Flow | null {
  return a && b ? either(a, b) : (a ?? b);
}
