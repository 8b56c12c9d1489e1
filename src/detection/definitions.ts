/** The classes, functions, imports and constants of a program, wherever they stand outside of other bodies. */
import type { ClassDefinition, Program, Statement } from '../language/program';
import { bind, evaluate } from './evaluate';
import { isNumber } from './literals';
import type { Flow, Scope } from './flow';
import { followBody } from './follow';
import type { Callable } from './sites';
import type { Definitions } from './study';
import { startStudy } from './study';

/** Statements of the module's level, those inside `if`, `try`, `with` and blocks included, in order. */
export function* moduleStatements(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    yield statement;
    switch (statement.kind) {
      case 'if':
        yield* moduleStatements(statement.then);
        yield* moduleStatements(statement.otherwise);
        break;
      case 'try':
        yield* moduleStatements(statement.body);
        for (const handler of statement.handlers) yield* moduleStatements(handler.body);
        yield* moduleStatements(statement.otherwise);
        yield* moduleStatements(statement.finally);
        break;
      case 'with':
      case 'block':
        yield* moduleStatements(statement.body);
        break;
      default:
    }
  }
}

export function gatherDefinitions(program: Program): Definitions {
  const classes = new Map<string, ClassDefinition>();
  const functions = new Map<string, Callable>();
  const imports = new Map<string, string>();
  const names = new Map<string, Flow>();
  const moduleScope: Scope = { names, parent: null };
  const statements = program.cells.flatMap((cell) => [...moduleStatements(cell.body)]);
  for (const statement of statements) {
    if (statement.kind === 'class') classes.set(statement.name, statement);
    else if (statement.kind === 'function') functions.set(statement.name, statement);
    else if (statement.kind === 'import') {
      if (statement.names === null) imports.set(statement.alias ?? statement.module.split('.')[0] ?? statement.module, statement.module);
      else {
        for (const { name, alias } of statement.names)
          imports.set(alias ?? name, program.language === 'python' ? `${statement.module}.${name}` : statement.module);
        if (statement.alias !== null) imports.set(statement.alias, statement.module);
      }
    } else if (statement.kind === 'assign' && statement.value?.kind === 'lambda') {
      for (const target of statement.targets) if (target.kind === 'name') functions.set(target.name, statement.value);
    }
  }
  const definitions: Definitions = { program, classes, functions, imports, moduleScope };
  const context = { study: startStudy(definitions, []), scope: moduleScope, depth: 0, follow: followBody };
  for (const statement of statements) {
    if (statement.kind !== 'assign' || statement.value === null || statement.targets.length !== 1) continue;
    const [target] = statement.targets;
    if (target?.kind !== 'name') continue;
    if (isNumber(statement.value)) bind(target, evaluate(statement.value, context), context, statement.value);
    else if (statement.value.kind === 'call') {
      const value = evaluate(statement.value, context);
      if (value.object) names.set(target.name, value);
    }
  }
  return definitions;
}
