/** Reads what a program imports, and what that imports: so that a host that cannot be waited for learns early which texts are wanted. */
import type { Program, Statement } from '../language/program';
import { parsedModule } from './parsedModule';
import type { ModuleFile } from './moduleFile';
import { placeOfPythonImport, pythonFile } from './pythonModules';
import { typescriptFile } from './typescriptModules';

/** As many modules are followed at most. */
const mostModules = 300;

export function readImports(programs: readonly Program[]): void {
  const seen = new Set<string>();
  const open: Program[] = [...programs];
  for (let program = open.pop(); program !== undefined && seen.size < mostModules; program = open.pop()) {
    for (const file of importedFiles(program)) {
      if (seen.has(file.path) || file.path.endsWith('.json')) continue;
      seen.add(file.path);
      open.push({ ...parsedModule(file), ...(program.workspace && { workspace: program.workspace }) });
    }
  }
}

function importedFiles({ language, file, workspace, cells }: Program): readonly ModuleFile[] {
  if (file === undefined || workspace === undefined) return [];
  const found: ModuleFile[] = [];
  const add = (module: ModuleFile | null): void => {
    if (module !== null) found.push(module);
  };
  const python = (module: string, level: number): void => {
    const place = placeOfPythonImport(workspace, module, level, file);
    if (place === null) return;
    for (let count = place.parts.length; count > 0 || count === place.parts.length; count--)
      add(pythonFile(workspace, { root: place.root, parts: place.parts.slice(0, count) }));
  };
  const visit = (statement: Statement): void => {
    if (statement.kind === 'import') {
      const { module, level, names } = statement;
      if (language === 'typescript') {
        add(typescriptFile(workspace, module, file));
        return;
      }
      python(module, level);
      for (const { name } of names ?? []) if (name !== '*') python(module === '' ? name : `${module}.${name}`, level);
      return;
    }
    for (const value of Object.values(statement) as unknown[])
      if (Array.isArray(value)) for (const inner of value as unknown[]) if (isStatement(inner)) visit(inner);
  };
  for (const { body } of cells) body.forEach(visit);
  return found;
}

/** Also what holds statements: an except handler, a case. */
const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && ('kind' in value || 'body' in value);
