/** The classes, functions, imports and constants of a program, wherever they stand outside of other bodies. */
import type { ClassDefinition, Expression, ImportStatement, Program, Statement } from '../language/program';
import { bind, evaluate } from './evaluate';
import { isNumber } from './literals';
import type { Flow, Scope } from './flow';
import { followBody } from './follow';
import { importedNames } from './ownImports';
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

/** The names that an import binds, each with what it means: `F` is 'torch.nn.functional'. */
export function importedBy({ module, names, alias }: Extract<Statement, { kind: 'import' }>): readonly (readonly [string, string])[] {
  if (names === null) return [alias === null ? [module.split('.')[0]!, module.split('.')[0]!] : [alias, module]];
  const members = names.map(({ name, alias: as }): readonly [string, string] => [
    as ?? name,
    name === 'default' ? module : `${module}.${name}`,
  ]);
  return alias === null ? members : [...members, [alias, module]];
}

/** The names of an assignment, each with what it gets: `K, EPS = 5, 0.1`. */
function paired(target: Expression, value: Expression): readonly (readonly [Extract<Expression, { kind: 'name' }>, Expression])[] {
  if (target.kind === 'name') return [[target, value]];
  if (target.kind !== 'sequence' || value.kind !== 'sequence' || target.items.length !== value.items.length) return [];
  return target.items.flatMap((item, i) => paired(item, value.items[i]!));
}

export function gatherDefinitions(program: Program): Definitions {
  const classes = new Map<string, ClassDefinition>();
  const functions = new Map<string, Callable>();
  const imports = new Map<string, string>();
  const names = new Map<string, Flow>();
  const moduleScope: Scope & { definitions?: Definitions } = { names, parent: null };
  const importStatements: ImportStatement[] = [];
  const statements = program.cells.flatMap((cell) => [...moduleStatements(cell.body)]);
  for (const statement of statements) {
    if (statement.kind === 'class') classes.set(statement.name, statement);
    else if (statement.kind === 'function') functions.set(statement.name, statement);
    else if (statement.kind === 'import') {
      importStatements.push(statement);
      for (const [name, module] of importedBy(statement)) imports.set(name, module);
    } else if (statement.kind === 'assign' && statement.value?.kind === 'lambda') {
      for (const target of statement.targets) if (target.kind === 'name') functions.set(target.name, statement.value);
    }
  }
  const imported = importedNames(program, importStatements, gatherDefinitions);
  const definitions: Definitions = { program, classes, functions, imports, imported, moduleScope };
  moduleScope.definitions = definitions;
  const context = { study: startStudy(definitions, []), scope: moduleScope, depth: 0, making: [], follow: followBody };
  for (const statement of statements) {
    if (statement.kind !== 'assign' || statement.value === null || statement.targets.length !== 1) continue;
    const [written] = statement.targets;
    for (const [target, value] of paired(written!, statement.value)) {
      if (isNumber(value)) bind(target, evaluate(value, context), context, value);
      else if (value.kind === 'call') {
        const made = evaluate(value, context);
        if (made.object) names.set(target.name, made);
      }
    }
  }
  return definitions;
}
