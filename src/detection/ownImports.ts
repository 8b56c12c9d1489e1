/** What the names mean that a program imports from beside itself: asked for when they are met, as most of what is imported has no part in a loss. */
import type { Call, ClassDefinition, Expression, ImportStatement, Program } from '../language/program';
import type { ModuleFile } from '../modules/moduleFile';
import { parsedModule } from '../modules/parsedModule';
import { placeOfPythonImport, pythonFile } from '../modules/pythonModules';
import { typescriptFile } from '../modules/typescriptModules';
import type { Workspace } from '../workspace';
import type { Flow, Scope } from './flow';
import { nothing } from './flow';
import type { Callable } from './sites';
import type { Definitions } from './study';

/** The module that an import leads to; null for a library's. */
export function moduleOf(program: Program, module: string, level: number): ModuleFile | null {
  const { file, workspace } = program;
  if (file === undefined || workspace === undefined) return null;
  if (program.language === 'typescript') return typescriptFile(workspace, module, file);
  const place = placeOfPythonImport(workspace, module, level, file);
  return place && pythonFile(workspace, place);
}

/** Answers for the names of one program. */
export function importedNames(
  program: Program,
  imports: readonly ImportStatement[],
  gather: (program: Program) => Definitions,
): (name: string) => Flow | null {
  const known = new Map<string, Flow | null>();
  return (name) => {
    let flow = known.get(name);
    if (flow === undefined) {
      // A circle of imports finds nothing here, and the name where it is bound.
      known.set(name, null);
      flow = importedName(program, imports, gather, name);
      known.set(name, flow);
    }
    return flow;
  };
}

function importedName(
  program: Program,
  imports: readonly ImportStatement[],
  gather: (program: Program) => Definitions,
  name: string,
): Flow | null {
  if (program.workspace === undefined) return null;
  for (const statement of imports.toReversed()) {
    const { module, level, alias, names } = statement;
    if (alias === name || (names === null && alias === null && program.language === 'python' && module.split('.')[0] === name))
      return moduleFlow(program, alias === null ? name : module, level, gather);
    for (const { name: imported, alias: as } of names ?? []) {
      if (imported === '*' && as === null) {
        const flow = name.startsWith('_') ? null : memberOf(program, statement, name, gather);
        if (flow !== null) return flow;
      } else if ((as ?? imported) === name) {
        const own = memberOf(program, statement, imported, gather);
        if (own !== null || program.language !== 'python') return own;
        return moduleFlow(program, module === '' ? imported : `${module}.${imported}`, level, gather);
      }
    }
  }
  // A package has the modules inside of it.
  return /(^|\/)__init__\.pyi?$/.test(program.file ?? '') ? moduleFlow(program, name, 1, gather) : null;
}

function moduleFlow(program: Program, module: string, level: number, gather: (program: Program) => Definitions): Flow | null {
  const file = moduleOf(program, module, level);
  const definitions = file && definitionsIn(program.workspace!, file, gather);
  return definitions && { ...nothing, object: { kind: 'module', definitions } };
}

function memberOf(
  program: Program,
  { module, level }: ImportStatement,
  name: string,
  gather: (program: Program) => Definitions,
): Flow | null {
  const file = moduleOf(program, module, level);
  const definitions = file && definitionsIn(program.workspace!, file, gather);
  return definitions && moduleMember(definitions, name);
}

/** What a module binds under a name, or imports under it itself. */
export function moduleMember(definitions: Definitions, name: string, depth = 0): Flow | null {
  const { classes, functions, moduleScope } = definitions;
  const bound = moduleScope.names.get(name);
  if (bound !== undefined) return bound;
  const definition = classes.get(name);
  if (definition) return { ...nothing, object: { kind: 'class', definition } };
  const callable = functions.get(name);
  if (callable) return { ...nothing, object: { kind: 'callable', callable, scope: moduleScope } };
  const meant = otherName(definitions.program, name);
  return meant === null || depth > 8 ? definitions.imported(name) : moduleMember(definitions, meant, depth + 1);
}

/** `export default Loss`, `export { Loss as Smoothed }`, `Smoothed = Loss`: the name that a name of the module stands for. */
function otherName({ cells }: Program, name: string): string | null {
  for (const { body } of cells)
    for (const statement of body) {
      if (statement.kind !== 'assign' || statement.value?.kind !== 'name' || statement.value.name === name) continue;
      if (statement.targets.some((target) => target.kind === 'name' && target.name === name)) return statement.value.name;
    }
  return null;
}

// ------------------------------------------------------------------------------------------------ modules and homes

/** Gathered once for each inspection, which has a workspace of its own. */
const modules = new WeakMap<Workspace, Map<string, Definitions | null>>();

/** Which module the classes and functions of other files are from. */
const homes = new WeakMap<object, Definitions>();

/** Null while they are being gathered: modules that import each other know nothing of one another before. */
function definitionsIn(workspace: Workspace, file: ModuleFile, gather: (program: Program) => Definitions): Definitions | null {
  const known = modules.get(workspace) ?? new Map<string, Definitions | null>();
  modules.set(workspace, known);
  let definitions = known.get(file.path);
  if (definitions === undefined) {
    known.set(file.path, null);
    definitions = gather({ ...parsedModule(file), workspace });
    known.set(file.path, definitions);
    for (const callable of definitions.functions.values()) homes.set(callable, definitions);
    for (const definition of definitions.classes.values()) {
      homes.set(definition, definitions);
      for (const member of definition.body) {
        if (member.kind === 'function') homes.set(member, definitions);
        else if (member.kind === 'assign' && member.value?.kind === 'lambda') homes.set(member.value, definitions);
      }
    }
  }
  return definitions;
}

/** The module that a class, a function or a method stands in. */
export const homeOf = (definition: ClassDefinition | Callable, otherwise: Definitions): Definitions => homes.get(definition) ?? otherwise;

/** The module whose code is followed. */
export function definitionsAt(scope: Scope, otherwise: Definitions): Definitions {
  let outermost = scope;
  while (outermost.parent !== null) outermost = outermost.parent;
  return outermost.definitions ?? otherwise;
}

/** The class that a base names, in this file or another. */
export function classOf(base: Expression, definitions: Definitions): ClassDefinition | null {
  const object = ownObject(base, definitions);
  return object?.kind === 'class' ? object.definition : null;
}

/** As many modules are looked through at most. */
const mostModules = 60;

/** The modules beside a program that it imports from, and those that these do. */
export function modulesReached(definitions: Definitions): readonly Definitions[] {
  const reached = new Set([definitions]);
  for (const module of reached) {
    if (reached.size >= mostModules) break;
    for (const name of module.imports.keys()) {
      const object = module.imported(name)?.object ?? null;
      if (object?.kind === 'module') reached.add(object.definitions);
      else if (object?.kind === 'class') reached.add(homeOf(object.definition, module));
      else if (object?.kind === 'callable') reached.add(homeOf(object.callable, module));
    }
  }
  reached.delete(definitions);
  return [...reached];
}

export interface DefinedElsewhere {
  readonly definition: ClassDefinition | Callable;
  readonly home: Definitions;
}

/** What is called, where it is a class or a function of another file. */
export function calledElsewhere({ callee }: Call, definitions: Definitions): DefinedElsewhere | null {
  const object = ownObject(callee, definitions);
  const definition = object?.kind === 'class' ? object.definition : object?.kind === 'callable' ? object.callable : null;
  const home = definition === null ? undefined : homes.get(definition);
  return definition === null || home === undefined || home.program.file === definitions.program.file ? null : { definition, home };
}

const ownObject = (expression: Expression, definitions: Definitions): Flow['object'] =>
  flowElsewhere(expression, definitions)?.object ?? null;

/** What a name of the module's level stands for, or a path through modules. */
export function flowElsewhere(expression: Expression, definitions: Definitions): Flow | null {
  if (expression.kind === 'name') return moduleMember(definitions, expression.name);
  if (expression.kind !== 'attribute') return null;
  const object = flowElsewhere(expression.object, definitions)?.object;
  return object?.kind === 'module' ? moduleMember(object.definitions, expression.name) : null;
}
